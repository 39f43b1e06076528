use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::CryptoError;
use crate::random::make_random;

const MIN_KEY_UTF16_UNITS: usize = 32;

/// What the key of a tenant starts with, as `deriveTenantKey` writes it.
pub(crate) const TENANT_KEY_PREFIX: &str = "cgkt1.";

/// Characters of a key of 32 bytes in base64.
const BASE64_CHARACTERS: usize = 44;
const BASE64_DIGITS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// The password of the v1 token format: the key *string* as it stands in the environment, of at
/// least 32 UTF-16 units. A base64 key is not decoded (compatibility.md, section 1).
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct MasterKey(String);

impl MasterKey {
    /// Takes a key of sufficient length; [`CryptoError::KeyTooShort`] otherwise. The key of a tenant
    /// is none: a token under it as a password would open nowhere else.
    pub fn parse(key: String) -> Result<Self, CryptoError> {
        let key = Self(key);
        if key.0.starts_with(TENANT_KEY_PREFIX) {
            return Err(CryptoError::MasterKeyNeeded);
        }
        if is_valid_encryption_key(&key.0) { Ok(key) } else { Err(CryptoError::KeyTooShort) }
    }

    /// Whether it has the shape of a generated key: base64 of 32 bytes or 64 hex digits.
    pub fn is_generated(&self) -> bool {
        let key = self.0.as_bytes();
        match key {
            // The last digit has two bits that are left over.
            [digits @ .., last, b'='] if key.len() == BASE64_CHARACTERS => {
                digits.iter().all(|digit| BASE64_DIGITS.contains(digit))
                    && BASE64_DIGITS.iter().step_by(4).any(|digit| digit == last)
            }
            _ => key.len() == 64 && key.iter().all(u8::is_ascii_hexdigit),
        }
    }

    /// The PBKDF2 password.
    pub fn password(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// Whether a string is long enough to be a master key, counted in UTF-16 units as JavaScript does.
pub fn is_valid_encryption_key(key: &str) -> bool {
    key.encode_utf16().take(MIN_KEY_UTF16_UNITS).count() == MIN_KEY_UTF16_UNITS
}

/// A new master key: 32 random bytes as 64 lower-case hex characters.
pub fn make_encryption_key() -> Result<String, CryptoError> {
    let bytes = Zeroizing::new(make_random::<32>()?);
    Ok(base16ct::lower::encode_string(bytes.as_slice()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_length_is_counted_in_utf16_units() {
        assert!(!is_valid_encryption_key(&"k".repeat(31)));
        assert!(is_valid_encryption_key(&"k".repeat(32)));
        // Sixteen emoji are 64 bytes, 16 characters, and 32 units to JavaScript.
        assert!(is_valid_encryption_key(&"🔑".repeat(16)));
        assert!(!is_valid_encryption_key(&"🔑".repeat(15)));
        // Thirty-one two-byte letters are 62 bytes but only 31 units.
        assert!(!is_valid_encryption_key(&"ä".repeat(31)));
    }

    #[test]
    fn a_short_key_is_refused_and_never_printed() {
        let error = MasterKey::parse("short-secret".to_owned()).unwrap_err();
        assert_eq!(error, CryptoError::KeyTooShort);
        let key = MasterKey::parse("k".repeat(32)).unwrap();
        assert_eq!(format!("{key:?}"), "[redacted]");
    }

    #[test]
    fn generated_keys_are_64_hex_characters_and_differ() {
        let first = make_encryption_key().unwrap();
        assert_eq!(first.len(), 64);
        assert!(first.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')));
        assert_ne!(first, make_encryption_key().unwrap());
    }

    #[test]
    fn generated_keys_are_known_by_their_shape() {
        let is_generated =
            |key: &str| MasterKey::parse(key.to_owned()).is_ok_and(|key| key.is_generated());
        assert!(is_generated(&make_encryption_key().unwrap()));
        assert!(is_generated(&"AB".repeat(32)));
        assert!(is_generated(&format!("{}8=", "+/".repeat(21))));
        for key in [
            &"g".repeat(64),
            &"0".repeat(62),
            &"0".repeat(66),
            &"A".repeat(44),
            // Bits that are left over, another alphabet, and other lengths.
            &format!("{}9=", "+/".repeat(21)),
            &format!("{}8=", "-_".repeat(21)),
            &format!("{}8", "+/".repeat(21)),
            &format!("{}w==", "+/".repeat(20)),
            &format!(" {}8=", "+/".repeat(21)),
            "correct horse battery staple correct horse",
        ] {
            assert!(!is_generated(key), "{key}");
        }
    }

    #[test]
    fn a_tenant_key_is_no_master_key() {
        let error = MasterKey::parse(format!("cgkt1.0123abcd.acme.{}", "A".repeat(43)));
        assert_eq!(error.unwrap_err(), CryptoError::MasterKeyNeeded);
    }
}
