//! The cryptographic core of the credential vault.
//!
//! A secret is sealed under a key into a [`SealedText`], of format [`v1`] or [`v2`], and opened again
//! with the keys of a [`KeyRing`]. A [`Sealer`] does so, and caches what v1 derives. The crate does no
//! I/O and knows neither JavaScript nor SQL; how a key is derived off the caller's thread is the
//! business of a [`KeyDerivation`].

#![forbid(unsafe_code)]

mod cipher;
mod derived_key;
mod error;
mod hex_fields;
mod key;
mod key_id;
mod likely_keys;
mod random;
mod ring;
mod sealed_text;
mod sealer;
mod secret;
pub mod shopify;
pub mod v1;
pub mod v2;

pub use derived_key::DerivedKey;
pub use error::CryptoError;
pub use key::{MasterKey, is_valid_encryption_key, make_encryption_key};
pub use key_id::KeyId;
pub use ring::{KeyList, KeyOptionNames, KeyRing, KeyRingError, MAX_RING_KEYS};
pub use sealed_text::SealedText;
pub use sealer::Sealer;
pub use secret::SecretString;
pub use v1::cache::DEFAULT_CACHE_ENTRIES;
pub use v1::kdf::{
    BATCH_KEYS, InlineKdf, KeyDerivation, PBKDF2_ITERATIONS, derive_key, derive_keys,
};
pub use v1::text::Salt;
pub use v1::turn::{Purpose, Turn, TurnQueue, few_first};
