//! Token format v1 (compatibility.md, section 1): PBKDF2 for every value, AES-256-GCM without associated data.

pub(crate) mod cache;
pub(crate) mod kdf;
pub(crate) mod text;
pub(crate) mod turn;

pub use text::SealedText;
