use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A plaintext secret: wiped when dropped, printed as `[redacted]`, never serialized.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct SecretString(String);

impl SecretString {
    /// The secret itself. Every caller is a place where plaintext leaves the crate.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Takes over a decrypted buffer without copying it; `None`, with the buffer wiped, if it is
    /// not UTF-8.
    pub(crate) fn from_utf8(bytes: Vec<u8>) -> Option<Self> {
        match String::from_utf8(bytes) {
            Ok(text) => Some(Self(text)),
            Err(error) => {
                error.into_bytes().zeroize();
                None
            }
        }
    }
}

impl From<String> for SecretString {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Debug for SecretString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_shows_nothing_of_the_secret() {
        let secret = SecretString::from("sk_test_visible".to_owned());
        assert_eq!(format!("{secret:?}"), "[redacted]");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused() {
        assert!(SecretString::from_utf8(vec![0xff, 0xfe]).is_none());
    }
}
