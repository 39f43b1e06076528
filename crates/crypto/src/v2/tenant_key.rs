use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use zeroize::Zeroizing;

use crate::key::TENANT_KEY_PREFIX;
use crate::{CryptoError, DerivedKey, KeyId, SecretString};

/// Characters of a key of 32 bytes in base64.
const KEY_CHARACTERS: usize = 43;

/// The key of one tenant's v2 tokens: a worker that has it reads no one else's.
pub struct TenantKey {
    pub(super) id: KeyId,
    pub(super) tenant: String,
    pub(super) key: DerivedKey,
}

impl TenantKey {
    /// Reads `cgkt1.<kid>.<tenant>.<key>`.
    pub fn parse(text: &SecretString) -> Result<Self, CryptoError> {
        Self::decode(text.expose()).ok_or(CryptoError::TenantKeyFormat)
    }

    /// The text that [`TenantKey::parse`] reads: a secret like the key itself.
    pub fn to_text(&self) -> SecretString {
        let mut buffer = Zeroizing::new([0; KEY_CHARACTERS]);
        // What is written has the length of the buffer.
        let key = Base64UrlUnpadded::encode(self.key.bytes(), &mut *buffer).unwrap_or_default();
        let public = format!("{TENANT_KEY_PREFIX}{}.{}.", self.id, self.tenant);
        // Growing would leave a copy behind.
        let mut text = String::with_capacity(public.len() + key.len());
        text.push_str(&public);
        text.push_str(key);
        SecretString::from(text)
    }

    /// The id of the master key that it comes from.
    pub(crate) fn id(&self) -> KeyId {
        self.id
    }

    /// Whose key it is.
    pub(crate) fn tenant(&self) -> &str {
        &self.tenant
    }

    fn decode(text: &str) -> Option<Self> {
        let (id, rest) = text.strip_prefix(TENANT_KEY_PREFIX)?.split_once('.')?;
        let (tenant, key) = rest.split_once('.')?;
        if tenant.is_empty() {
            return None;
        }
        let key = DerivedKey::fill_with(|bytes| {
            match Base64UrlUnpadded::decode(key, bytes).map(<[u8]>::len) {
                Ok(32) => Ok(()),
                _ => Err(()),
            }
        });
        Some(Self { id: KeyId::parse(id)?, tenant: tenant.to_owned(), key: key.ok()? })
    }
}

impl fmt::Debug for TenantKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<TenantKey, CryptoError> {
        TenantKey::parse(&SecretString::from(text.to_owned()))
    }

    #[test]
    fn printing_and_parsing_are_inverse() {
        let text = format!("cgkt1.0123abcd.acme_2.{}A", "Aa0-_".repeat(9).get(..42).unwrap());
        let key = parse(&text).unwrap();
        assert_eq!(key.tenant(), "acme_2");
        assert_eq!(key.to_text().expose(), text);
        assert_eq!(format!("{key:?} {:?}", key.to_text()), "[redacted] [redacted]");
    }

    #[test]
    fn other_texts_are_no_tenant_keys() {
        let key = "A".repeat(43);
        let texts = [
            String::new(),
            "cgkt1.".to_owned(),
            format!("cgkt1.0123abcd.{key}"),
            format!("cgkt1.0123abcd..{key}"),
            format!("cgkt1.0123abcd.acme.{key}A"),
            format!("cgkt1.0123abcd.acme.{}", &key[1..]),
            format!("cgkt1.0123abcd.acme.{}B", &key[1..]),
            format!("cgkt1.0123abcd.acme.{}=", &key[1..]),
            format!("cgkt1.0123abcd.acme.{}+A", &key[2..]),
            format!("cgkt1.0123abcd.ac.me.{key}"),
            format!("cgkt1.0123ABCD.acme.{key}"),
            format!("cgkt2.0123abcd.acme.{key}"),
        ];
        for text in texts {
            assert_eq!(parse(&text).unwrap_err(), CryptoError::TenantKeyFormat);
        }
    }
}
