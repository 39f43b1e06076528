use std::fmt;

use crate::key_id::KeyId;

/// What can go wrong with a key, a token or a decryption.
///
/// The messages are those that callers of the legacy package match on (compatibility.md, section 1);
/// none of them carries any part of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CryptoError {
    /// The master key has fewer than 32 UTF-16 units.
    KeyTooShort,
    /// Token format v2 takes generated keys only.
    KeyNotGenerated,
    /// A text that begins like a tenant key and is none.
    TenantKeyFormat,
    /// A tenant key where only the master key does.
    MasterKeyNeeded,
    /// A tenant key for a value of another tenant.
    OtherTenant,
    /// No key of the ring has the id that a token names.
    KeyUnknown(KeyId),
    /// The Shopify key is not 64 hexadecimal characters.
    ShopifyKeyInvalid,
    /// The token does not have the right number of fields, or one of them is not exact hex.
    TokenFormat,
    /// A v1 token where only v2 is accepted.
    FormatRefused,
    /// The salt is not 16 bytes.
    SaltLength,
    /// The IV does not have the length its format asks for.
    IvLength,
    /// The authentication tag is not 16 bytes.
    TagLength,
    /// The key is not the one the value was sealed under, or the value was changed.
    DecryptionFailed,
    /// A part of a value's place is empty or longer than 65 535 bytes.
    ContextInvalid,
    /// The operating system or runtime gave no random bytes.
    RandomUnavailable,
    /// The runtime failed to derive a key.
    DerivationFailed,
    /// Too many keys wait to be derived.
    Busy,
}

impl CryptoError {
    /// The stable code that JavaScript callers read from `error.code`.
    pub fn code(self) -> &'static str {
        match self {
            Self::KeyTooShort
            | Self::KeyNotGenerated
            | Self::TenantKeyFormat
            | Self::MasterKeyNeeded
            | Self::OtherTenant
            | Self::ShopifyKeyInvalid => "KEY_INVALID",
            Self::KeyUnknown(_) => "KEY_UNKNOWN",
            Self::ContextInvalid => "INPUT_INVALID",
            Self::TokenFormat
            | Self::FormatRefused
            | Self::SaltLength
            | Self::IvLength
            | Self::TagLength => "TOKEN_FORMAT",
            Self::DecryptionFailed => "DECRYPTION_FAILED",
            Self::RandomUnavailable => "RANDOM_UNAVAILABLE",
            Self::DerivationFailed => "INTERNAL",
            Self::Busy => "BUSY",
        }
    }
}

impl fmt::Display for CryptoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyUnknown(id) => return write!(f, "No configured encryption key has the id {id}"),
            Self::KeyTooShort => "Encryption key must be at least 32 characters",
            Self::KeyNotGenerated => {
                "Token format v2 needs a generated encryption key, 32 random bytes as base64 or hex: make one with generateEncryptionKey or scripts/generate-encryption-keys.sh"
            }
            Self::TenantKeyFormat => "Invalid tenant key: give it as deriveTenantKey wrote it",
            Self::MasterKeyNeeded => {
                "This needs the encryption key itself, because a tenant key opens v2 tokens only"
            }
            Self::OtherTenant => "A tenant key opens tokens of its own tenant only",
            Self::ShopifyKeyInvalid => {
                "SHOPIFY_TOKEN_ENCRYPTION_KEY must be 64 hexadecimal characters"
            }
            Self::TokenFormat => "Invalid encrypted token format",
            Self::FormatRefused => {
                "The token is of format v1, which tokenFormat v2-only refuses: rewrite it with `cgk-integrations keys rotate --format v2`"
            }
            Self::SaltLength => "Invalid salt length",
            Self::IvLength => "Invalid IV length",
            Self::TagLength => "Invalid auth tag length",
            Self::DecryptionFailed => "Decryption failed - invalid key or corrupted data",
            Self::ContextInvalid => {
                "tenantId, service and field must each have 1 to 65535 bytes"
            }
            Self::RandomUnavailable => "The runtime provides no secure random numbers",
            Self::DerivationFailed => "The runtime failed to derive an encryption key",
            Self::Busy => {
                "Too many calls wait for their key to be derived: nothing was changed, call again later"
            }
        })
    }
}

impl std::error::Error for CryptoError {}
