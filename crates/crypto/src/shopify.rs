//! Shopify OAuth tokens: `iv:authTag:cipherText` in hex, AES-256-GCM with a 12-byte IV under the 32
//! raw bytes of `SHOPIFY_TOKEN_ENCRYPTION_KEY`, without key derivation (compatibility.md,
//! section 1).

use std::fmt;

use aes_gcm::Nonce;
use aes_gcm::aead::consts::U12;
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::cipher::{self, TAG_BYTES};
use crate::hex_fields::{decode_fields, encode_fields};
use crate::random::make_random;
use crate::{CryptoError, SecretString};

const IV_BYTES: usize = 12;

/// The raw AES-256 key of the Shopify format.
#[derive(Zeroize, ZeroizeOnDrop)]
pub struct ShopifyKey(Box<[u8; 32]>);

impl ShopifyKey {
    /// Reads 64 hexadecimal characters; [`CryptoError::ShopifyKeyInvalid`] otherwise.
    pub fn parse(hex: &SecretString) -> Result<Self, CryptoError> {
        let mut key = Self(Box::new([0; 32]));
        match base16ct::mixed::decode(hex.expose(), key.0.as_mut_slice()) {
            Ok(decoded) if decoded.len() == 32 => Ok(key),
            _ => Err(CryptoError::ShopifyKeyInvalid),
        }
    }
}

impl fmt::Debug for ShopifyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Encrypts an OAuth token under a fresh IV.
pub fn seal(key: &ShopifyKey, plaintext: &SecretString) -> Result<String, CryptoError> {
    let iv: [u8; IV_BYTES] = make_random()?;
    let (tag, data) = cipher::seal::<U12>(&key.0, &Nonce::from(iv), b"", plaintext.expose())?;
    Ok(encode_fields([&iv, &tag, &data]))
}

/// Decrypts an OAuth token, with the same errors as the v1 format.
pub fn open(key: &ShopifyKey, token: &str) -> Result<SecretString, CryptoError> {
    let [iv, tag, data] = decode_fields(token)?;
    let iv: [u8; IV_BYTES] = iv.try_into().map_err(|_| CryptoError::IvLength)?;
    let tag: [u8; TAG_BYTES] = tag.try_into().map_err(|_| CryptoError::TagLength)?;
    cipher::open::<U12>(&key.0, &Nonce::from(iv), b"", tag, data)
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
            assert_eq!(open(&key("1f"), &token).unwrap_err(), CryptoError::DecryptionFailed);
        }
    }

    #[test]
    fn only_64_hex_characters_are_a_key() {
        for hex in ["", "00", &"0".repeat(63), &"0".repeat(65), &"0".repeat(66), &"g".repeat(64)] {
            let parsed = ShopifyKey::parse(&secret(hex));
            assert_eq!(parsed.unwrap_err(), CryptoError::ShopifyKeyInvalid);
        }
    }

    #[test]
    fn each_kind_of_damage_has_its_own_error() {
        let (iv, tag) = ("00".repeat(12), "00".repeat(16));
        let cases = [
            (String::new(), CryptoError::TokenFormat),
            (format!("{iv}:{tag}"), CryptoError::TokenFormat),
            (format!("{iv}:{tag}:0g"), CryptoError::TokenFormat),
            (format!("{iv}00:{tag}:00"), CryptoError::IvLength),
            (format!("{iv}:{tag}00:00"), CryptoError::TagLength),
            (format!("{iv}:{tag}:00"), CryptoError::DecryptionFailed),
        ];
        for (token, error) in cases {
            assert_eq!(open(&key("00"), &token).unwrap_err(), error);
        }
    }
}
