use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};

use crate::cipher::TAG_BYTES;
use crate::{CryptoError, KeyId};

/// What every v2 token starts with. It has no colon, so it never parses as v1, nor v1 as v2.
pub(crate) const PREFIX: &str = "v2.";

/// AES-256-GCM under a key that HKDF-SHA256 derives. `0x11`, a tenant's key that a KMS wraps, and
/// `0x21`, HPKE, are kept free.
pub(super) const SUITE: u8 = 0x01;

const KEY_ID_DIGITS: usize = 8;
pub(super) const SALT_BYTES: usize = 32;
pub(super) const COMMITMENT_BYTES: usize = 32;
const HEADER_BYTES: usize = 2 + SALT_BYTES + COMMITMENT_BYTES;

/// A parsed v2 token, `v2.<kid>.<body>`.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedText {
    pub(super) key_id: KeyId,
    /// Whether it is bound to a place.
    pub(super) has_context: bool,
    pub(super) salt: [u8; SALT_BYTES],
    pub(super) commitment: [u8; COMMITMENT_BYTES],
    pub(super) data: Vec<u8>,
    pub(super) tag: [u8; TAG_BYTES],
}

impl SealedText {
    /// Reads a token. Only what encodes back to the same text is one.
    pub fn parse(text: &str) -> Result<Self, CryptoError> {
        Self::decode(text).ok_or(CryptoError::TokenFormat)
    }

    /// The id of the master key that the value is under.
    pub fn key_id(&self) -> KeyId {
        self.key_id
    }

    fn decode(text: &str) -> Option<Self> {
        let (id, body) = text.strip_prefix(PREFIX)?.split_at_checked(KEY_ID_DIGITS)?;
        // Refuses padding and bits that are left over.
        let body = Base64UrlUnpadded::decode_vec(body.strip_prefix('.')?).ok()?;
        let (&[suite, context], body) = body.split_first_chunk()?;
        let (&salt, body) = body.split_first_chunk()?;
        let (&commitment, body) = body.split_first_chunk()?;
        let (data, &tag) = body.split_last_chunk()?;
        let has_context = match (suite, context) {
            (SUITE, 0x00) => false,
            (SUITE, 0x01) => true,
            _ => return None,
        };
        let key_id = KeyId::parse(id)?;
        Some(Self { key_id, has_context, salt, commitment, data: data.to_vec(), tag })
    }

    /// What stands before the ciphertext, all of it authenticated.
    pub(super) fn header(&self) -> Vec<u8> {
        let mut header = Vec::with_capacity(HEADER_BYTES + self.data.len() + TAG_BYTES);
        header.extend_from_slice(&[SUITE, u8::from(self.has_context)]);
        header.extend_from_slice(&self.salt);
        header.extend_from_slice(&self.commitment);
        header
    }
}

impl fmt::Display for SealedText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut body = self.header();
        body.extend_from_slice(&self.data);
        body.extend_from_slice(&self.tag);
        write!(f, "{PREFIX}{}.{}", self.key_id, Base64UrlUnpadded::encode_string(&body))
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

    fn text(body: &[u8]) -> String {
        format!("v2.0123abcd.{}", Base64UrlUnpadded::encode_string(body))
    }

    fn body(suite: u8, context: u8, rest: usize) -> Vec<u8> {
        [vec![suite, context], vec![7; rest]].concat()
    }

    #[test]
    fn suites_and_contexts_of_later_versions_are_refused() {
        for context in [0x00, 0x01] {
            let token = text(&body(SUITE, context, 90));
            assert_eq!(SealedText::parse(&token).unwrap().to_string(), token);
        }
        for (suite, context) in
            [(0x00, 0x01), (0x02, 0x01), (0x11, 0x01), (0x21, 0x01), (0x01, 0x02), (0x01, 0xff)]
        {
            let parsed = SealedText::parse(&text(&body(suite, context, 90)));
            assert_eq!(parsed, Err(CryptoError::TokenFormat));
        }
    }

    #[test]
    fn a_body_without_room_for_its_parts_is_refused() {
        let least = HEADER_BYTES + TAG_BYTES;
        assert!(SealedText::parse(&text(&body(SUITE, 0x01, least - 2))).unwrap().data.is_empty());
        for length in 0..least {
            let cut = &body(SUITE, 0x01, least)[..length];
            assert_eq!(SealedText::parse(&text(cut)), Err(CryptoError::TokenFormat));
        }
    }

    #[test]
    fn only_canonical_base64url_is_read() {
        // 83 bytes leave two bits over, 82 bytes four.
        for (length, least) in [(83, 4), (82, 16)] {
            let token = text(&body(SUITE, 0x01, length - 2));
            assert!(SealedText::parse(&token).is_ok());
            let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let (rest, last) = token.split_at(token.len() - 1);
            let accepted = alphabet
                .chars()
                .filter(|letter| SealedText::parse(&format!("{rest}{letter}")).is_ok())
                .count();
            assert_eq!(accepted, 64 / least, "{last}");
            for other in [
                format!("{token}="),
                format!("{token}=="),
                format!("{token}\n"),
                format!(" {token}"),
                token.replacen("Bwc", "B+c", 1),
                token.replacen("Bwc", "B/c", 1),
                token.replacen("Bwc", "B.c", 1),
                token.replacen("Bwc", "B:c", 1),
                token.replacen("v2", "V2", 1),
                token.replacen("v2", "v3", 1),
                token.replacen("0123abcd", "0123ABCD", 1),
                token.replacen("0123abcd", "0123abc", 1),
                token.replacen("0123abcd.", "", 1),
            ] {
                assert_ne!(other, token);
                assert_eq!(SealedText::parse(&other), Err(CryptoError::TokenFormat), "{other}");
            }
        }
    }

    proptest! {
        #[test]
        fn printing_and_parsing_are_inverse(
            key_id: [u8; 4], has_context: bool, salt: [u8; 32], commitment: [u8; 32],
            data: Vec<u8>, tag: [u8; 16],
        ) {
            let key_id = KeyId(key_id);
            let token = SealedText { key_id, has_context, salt, commitment, data, tag };
            let text = token.to_string();
            prop_assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)));
            prop_assert!(crate::v1::SealedText::parse(&text).is_err());
            prop_assert_eq!(SealedText::parse(&text), Ok(token));
        }

        #[test]
        fn what_parses_prints_as_it_was_read(text in "v2\\.[0-9a-f]{8}\\.AQ[AE][A-Za-z0-9_-]{105,130}") {
            if let Ok(token) = SealedText::parse(&text) {
                prop_assert_eq!(token.to_string(), text);
            }
        }

        #[test]
        fn no_text_makes_the_parser_panic(text in "(v2\\.)?\\PC*") {
            let _ = SealedText::parse(&text);
        }
    }
}
