use std::fmt;

use crate::CryptoError;
use crate::cipher::TAG_BYTES;
use crate::hex_fields::{decode_fields, encode_fields};

/// Bytes in the PBKDF2 salt of a v1 token.
pub(crate) const SALT_BYTES: usize = 16;
/// Bytes in the AES-GCM nonce of a v1 token.
pub(crate) const IV_BYTES: usize = 16;

/// The PBKDF2 salt of one value. Public by design: the token shows it.
pub type Salt = [u8; SALT_BYTES];

/// A parsed v1 token, `<salt>:<iv>:<authTag>:<data>` in hex (compatibility.md, section 1).
#[derive(Clone, PartialEq, Eq)]
pub struct SealedText {
    pub(crate) salt: Salt,
    pub(crate) iv: [u8; IV_BYTES],
    pub(crate) tag: [u8; TAG_BYTES],
    pub(crate) data: Vec<u8>,
}

impl SealedText {
    /// Reads a token. Hex of either case is accepted, but only exact hex: the TypeScript package
    /// ignored whatever followed the valid part of a field.
    pub fn parse(text: &str) -> Result<Self, CryptoError> {
        let [salt, iv, tag, data] = decode_fields(text)?;
        Ok(Self {
            salt: salt.try_into().map_err(|_| CryptoError::SaltLength)?,
            iv: iv.try_into().map_err(|_| CryptoError::IvLength)?,
            tag: tag.try_into().map_err(|_| CryptoError::TagLength)?,
            data,
        })
    }

    /// The salt that the value's key is derived with.
    pub fn salt(&self) -> Salt {
        self.salt
    }
}

impl fmt::Display for SealedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&encode_fields([&self.salt, &self.iv, &self.tag, &self.data]))
    }
}

/// Ciphertext stays out of logs, too.
impl fmt::Debug for SealedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[encrypted]")
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn token_text(salt: &str, iv: &str, tag: &str, data: &str) -> String {
        [salt, iv, tag, data].join(":")
    }

    const FIELD: &str = "000102030405060708090a0b0c0d0e0f";

    #[test]
    fn either_case_is_read_and_lower_case_is_written() {
        let upper = token_text(&FIELD.to_uppercase(), FIELD, FIELD, "AB");
        let token = SealedText::parse(&upper).unwrap();
        assert_eq!(token.to_string(), upper.to_lowercase());
    }

    #[test]
    fn empty_data_is_a_valid_field() {
        let token = SealedText::parse(&token_text(FIELD, FIELD, FIELD, "")).unwrap();
        assert!(token.data.is_empty());
    }

    #[test]
    fn every_field_of_the_wrong_length_has_its_own_message() {
        for short in ["", "00", &FIELD[2..], &format!("{FIELD}00")] {
            let parse = |salt, iv, tag| SealedText::parse(&token_text(salt, iv, tag, "00"));
            assert_eq!(parse(short, FIELD, FIELD), Err(CryptoError::SaltLength));
            assert_eq!(parse(FIELD, short, FIELD), Err(CryptoError::IvLength));
            assert_eq!(parse(FIELD, FIELD, short), Err(CryptoError::TagLength));
        }
    }

    #[test]
    fn hex_is_not_decoded_leniently() {
        let junk = [
            format!("{FIELD}zz"),
            format!("{FIELD}0"),
            format!("{FIELD} "),
            format!("0x{}", &FIELD[2..]),
            FIELD.replace('a', "ａ"),
        ];
        for field in &junk {
            for text in [
                token_text(field, FIELD, FIELD, "00"),
                token_text(FIELD, field, FIELD, "00"),
                token_text(FIELD, FIELD, field, "00"),
                token_text(FIELD, FIELD, FIELD, field),
            ] {
                assert_eq!(SealedText::parse(&text), Err(CryptoError::TokenFormat));
            }
        }
    }

    #[test]
    fn other_numbers_of_fields_are_refused() {
        for text in ["", ":", "::", "00:00:00", &format!("v1:{FIELD}:{FIELD}:{FIELD}:00")] {
            assert_eq!(SealedText::parse(text), Err(CryptoError::TokenFormat));
        }
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(
            salt: Salt, iv: [u8; IV_BYTES], tag: [u8; TAG_BYTES], data: Vec<u8>,
        ) {
            let token = SealedText { salt, iv, tag, data };
            prop_assert_eq!(SealedText::parse(&token.to_string()), Ok(token));
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "\\PC*") {
            let _ = SealedText::parse(&text);
        }

        #[test]
        fn whatever_parses_prints_as_it_was_read(text in "([0-9a-fA-F:g]{0,40}:?){0,5}") {
            if let Ok(token) = SealedText::parse(&text) {
                prop_assert_eq!(token.to_string(), text.to_lowercase());
            }
        }

        #[test]
        fn one_changed_character_never_yields_the_same_token(
            data in prop::collection::vec(any::<u8>(), 1..40), at: prop::sample::Index, with: char,
        ) {
            let token = SealedText { salt: [1; 16], iv: [2; 16], tag: [3; 16], data };
            let text = token.to_string();
            let at = at.index(text.len());
            let mut changed = text.clone();
            changed.replace_range(at..=at, &with.to_string());
            prop_assume!(changed.to_lowercase() != text);
            prop_assert_ne!(SealedText::parse(&changed), Ok(token));
        }
    }
}
