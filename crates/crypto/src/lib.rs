//! The cryptographic core of the credential vault.
//!
//! A secret is sealed under a [`MasterKey`] into a [`SealedText`] (format v1) and opened again by a
//! [`Sealer`], which caches derived keys. The crate does no I/O and knows neither JavaScript nor
//! SQL; how a key is derived off the caller's thread is the business of a [`KeyDerivation`].

#![forbid(unsafe_code)]

mod cache;
mod cipher;
mod error;
mod kdf;
mod key;
mod pbkdf2_sha256;
mod random;
mod sealed_text;
mod sealer;
mod secret;
pub mod shopify;

pub use cache::DEFAULT_CACHE_ENTRIES;
pub use error::CryptoError;
pub use kdf::{DerivedKey, InlineKdf, KeyDerivation, PBKDF2_ITERATIONS, derive_key};
pub use key::{MasterKey, is_valid_encryption_key, make_encryption_key};
pub use sealed_text::{IV_BYTES, SALT_BYTES, Salt, SealedText, TAG_BYTES};
pub use sealer::Sealer;
pub use secret::SecretString;
