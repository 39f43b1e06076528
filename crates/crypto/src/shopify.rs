//! Shopify OAuth tokens: `iv:authTag:cipherText` in hex, AES-256-GCM with a 12-byte IV under the 32
//! raw bytes of `SHOPIFY_TOKEN_ENCRYPTION_KEY`, without key derivation (contract, section 1).

use std::fmt;

use aes_gcm::Nonce;
use aes_gcm::aead::consts::U12;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::random::make_random;
use crate::sealed_text::{TAG_LENGTH, decode_fields, encode_fields};
use crate::{SecretString, VaultError, cipher};

const IV_LENGTH: usize = 12;

/// The raw AES-256 key of the Shopify format.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct ShopifyKey(Box<[u8; 32]>);

impl ShopifyKey {
    /// Reads 64 hexadecimal characters; [`VaultError::ShopifyKeyInvalid`] otherwise.
    pub fn parse(hex: &SecretString) -> Result<Self, VaultError> {
        let mut key = Self(Box::new([0; 32]));
        match base16ct::mixed::decode(hex.expose(), key.0.as_mut_slice()) {
            Ok(decoded) if decoded.len() == 32 => Ok(key),
            _ => Err(VaultError::ShopifyKeyInvalid),
        }
    }
}

impl fmt::Debug for ShopifyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Encrypts an OAuth token under a fresh IV.
pub fn seal(key: &ShopifyKey, plaintext: &SecretString) -> Result<String, VaultError> {
    let iv: [u8; IV_LENGTH] = make_random()?;
    let (tag, data) = cipher::seal::<U12>(&key.0, &Nonce::from(iv), plaintext.expose())?;
    Ok(encode_fields([&iv, &tag, &data]))
}

/// Decrypts an OAuth token, with the same errors as the v1 format.
pub fn open(key: &ShopifyKey, token: &str) -> Result<SecretString, VaultError> {
    let [iv, tag, data] = decode_fields(token)?;
    let iv: [u8; IV_LENGTH] = iv.try_into().map_err(|_| VaultError::IvLength)?;
    let tag: [u8; TAG_LENGTH] = tag.try_into().map_err(|_| VaultError::TagLength)?;
    cipher::open::<U12>(&key.0, &Nonce::from(iv), tag, data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    fn key(byte: &str) -> ShopifyKey {
        ShopifyKey::parse(&secret(&byte.repeat(32))).unwrap()
    }

    #[test]
    fn tokens_round_trip_under_their_key_only() {
        for text in ["", "shpat_example", "ü🔑"] {
            let token = seal(&key("0f"), &secret(text)).unwrap();
            assert_eq!(
                token.split(':').map(str::len).collect::<Vec<_>>(),
                [24, 32, 2 * text.len()]
            );
            assert_eq!(open(&key("0F"), &token).unwrap().expose(), text);
            assert_eq!(open(&key("1f"), &token).unwrap_err(), VaultError::DecryptionFailed);
        }
    }

    #[test]
    fn only_64_hex_characters_are_a_key() {
        for hex in ["", "00", &"0".repeat(63), &"0".repeat(65), &"0".repeat(66), &"g".repeat(64)] {
            let parsed = ShopifyKey::parse(&secret(hex));
            assert_eq!(parsed.unwrap_err(), VaultError::ShopifyKeyInvalid);
        }
    }

    #[test]
    fn damaged_tokens_are_told_apart() {
        let (iv, tag) = ("00".repeat(12), "00".repeat(16));
        let cases = [
            (String::new(), VaultError::TokenFormat),
            (format!("{iv}:{tag}"), VaultError::TokenFormat),
            (format!("{iv}:{tag}:0g"), VaultError::TokenFormat),
            (format!("{iv}00:{tag}:00"), VaultError::IvLength),
            (format!("{iv}:{tag}00:00"), VaultError::TagLength),
            (format!("{iv}:{tag}:00"), VaultError::DecryptionFailed),
        ];
        for (token, error) in cases {
            assert_eq!(open(&key("00"), &token).unwrap_err(), error);
        }
    }
}
