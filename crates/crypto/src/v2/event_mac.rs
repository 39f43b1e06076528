use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::hkdf;
use super::tenant_key::TenantKey;
use crate::{CryptoError, DerivedKey};

/// The MACs that chain a tenant's events: HMAC-SHA256 under a key of their own.
pub(crate) struct EventMac(DerivedKey);

impl EventMac {
    pub(crate) fn new(tenant: &TenantKey) -> Result<Self, CryptoError> {
        let ikm = tenant.key.bytes();
        DerivedKey::fill_with(|key| hkdf::derive(ikm, b"", &[hkdf::EVENTS], key)).map(Self)
    }

    /// The MAC of a message, as 64 lower-case hex digits.
    pub(crate) fn sign(&self, message: &str) -> Result<String, CryptoError> {
        let mac = self.of(message)?.finalize().into_bytes();
        Ok(base16ct::lower::encode_string(&mac))
    }

    /// Whether a MAC is that of a message. Takes the same time wherever they differ.
    pub(crate) fn verify(&self, message: &str, mac: &str) -> Result<bool, CryptoError> {
        let Ok(mac) = base16ct::lower::decode_vec(mac) else { return Ok(false) };
        Ok(self.of(message)?.verify_slice(&mac).is_ok())
    }

    fn of(&self, message: &str) -> Result<Hmac<Sha256>, CryptoError> {
        let mut mac = <Hmac<Sha256> as hmac::KeyInit>::new_from_slice(self.0.bytes())
            .map_err(|_| CryptoError::DerivationFailed)?;
        mac.update(message.as_bytes());
        Ok(mac)
    }
}
