use std::fmt;

/// What can go wrong with a key, a token or a decryption.
///
/// The messages are those that callers of the legacy package match on (compatibility.md, section 1);
/// none of them carries any part of the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CryptoError {
    /// The master key has fewer than 32 UTF-16 units.
    KeyTooShort,
    /// The Shopify key is not 64 hexadecimal characters.
    ShopifyKeyInvalid,
    /// The token does not have the right number of fields, or one of them is not exact hex.
    TokenFormat,
    /// The salt is not 16 bytes.
    SaltLength,
    /// The IV does not have the length its format asks for.
    IvLength,
    /// The authentication tag is not 16 bytes.
    TagLength,
    /// The key is not the one the value was sealed under, or the value was changed.
    DecryptionFailed,
    /// The operating system or runtime gave no random bytes.
    RandomUnavailable,
    /// The runtime failed to derive a key.
    DerivationFailed,
}

impl CryptoError {
    /// The stable code that JavaScript callers read from `error.code`.
    pub fn code(self) -> &'static str {
        match self {
            Self::KeyTooShort | Self::ShopifyKeyInvalid => "KEY_INVALID",
            Self::TokenFormat | Self::SaltLength | Self::IvLength | Self::TagLength => {
                "TOKEN_FORMAT"
            }
            Self::DecryptionFailed => "DECRYPTION_FAILED",
            Self::RandomUnavailable => "RANDOM_UNAVAILABLE",
            Self::DerivationFailed => "INTERNAL",
        }
    }
}

impl fmt::Display for CryptoError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::KeyTooShort => "Encryption key must be at least 32 characters",
            Self::ShopifyKeyInvalid => {
                "SHOPIFY_TOKEN_ENCRYPTION_KEY must be 64 hexadecimal characters"
            }
            Self::TokenFormat => "Invalid encrypted token format",
            Self::SaltLength => "Invalid salt length",
            Self::IvLength => "Invalid IV length",
            Self::TagLength => "Invalid auth tag length",
            Self::DecryptionFailed => "Decryption failed - invalid key or corrupted data",
            Self::RandomUnavailable => "The runtime provides no secure random numbers",
            Self::DerivationFailed => "The runtime failed to derive an encryption key",
        })
    }
}

impl std::error::Error for CryptoError {}
