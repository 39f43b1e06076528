//! Token format v2: a value is bound to its place, says which key it is under and commits to it.
//!
//! ```text
//! v2.<kid>.<body>   kid: 8 lower-case hex digits; body: base64url without padding
//!
//! body   suite 0x01, context 0x00 or 0x01, salt (32), commitment (32), ciphertext, tag (16)
//!
//! u16(x) = length of x in bytes, big endian, then x
//! L(x)   = "cgk-integrations/v2/" x 0x00
//! ctx    = 0x03 u16(tenant) u16(service) u16(field); without a context the single byte 0x00
//! RK     = HKDF-SHA256(ikm = the key string, salt = L("root"), info = L("root"), 32)
//! kid    = HKDF(ikm = RK, salt = "", info = L("kid"), 4)
//! TK     = HKDF(ikm = RK, salt = "", info = L("tenant") u16(tenant), 32)
//! EK     = HKDF(ikm = TK, salt = "", info = L("events"), 32), the key of the MACs of a tenant's events
//! K N C  = HKDF(ikm = TK, salt = the token's salt, info = L("seal") suite ctx, 32 + 12 + 32)
//! token  = AES-256-GCM(key K, nonce N, AAD = "v2." kid "." body[0..66] ctx); C is the commitment
//! ```
//!
//! A generated key has 256 random bits, so HKDF does and PBKDF2 for every value would buy nothing. The
//! key of a value is fresh, so a derived nonce cannot repeat. GCM itself does not commit to its key,
//! and a service that tries several keys on rows that an attacker can write would tell keys apart.

mod context;
mod event_mac;
mod hkdf;
pub(crate) mod root_key;
pub(crate) mod seal;
mod tenant_key;
pub(crate) mod text;

pub use context::Context;
pub(crate) use event_mac::EventMac;
pub use tenant_key::TenantKey;
pub use text::SealedText;
