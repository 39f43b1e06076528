use std::sync::Arc;

use cgk_derive::Job;

use super::text::Salt;
use super::turn::Turn;
use crate::{CryptoError, DerivedKey, MasterKey};

/// How many keys are worth deriving together.
pub const BATCH_KEYS: usize = cgk_derive::BATCH_KEYS;

/// PBKDF2 rounds of the v1 format (compatibility.md, section 1).
pub const PBKDF2_ITERATIONS: u32 = cgk_derive::ITERATIONS;

/// PBKDF2-HMAC-SHA256 (RFC 8018) on the calling thread: about seven milliseconds of work.
pub fn derive_key(master: &MasterKey, salt: &Salt) -> Result<DerivedKey, CryptoError> {
    derive_keys(&[(master, *salt)], &mut || {}).pop().ok_or(CryptoError::DerivationFailed)
}

/// The same for each of many, which costs less than as many calls; `pause` is called every few
/// milliseconds.
pub fn derive_keys(of: &[(&MasterKey, Salt)], pause: &mut dyn FnMut()) -> Vec<DerivedKey> {
    let jobs: Vec<_> =
        of.iter().map(|(master, salt)| Job { password: master.password(), salt: *salt }).collect();
    let keys = cgk_derive::derive_many(&jobs, pause);
    keys.iter().map(|derived| DerivedKey::fill(|key| *key = **derived)).collect()
}

/// Where key derivation runs: a worker thread on Node, WebCrypto in WebAssembly.
pub trait KeyDerivation {
    /// Whether concurrent callers may wait for one derivation. Not so where a host can cut a request
    /// off without dropping its future: those who wait for it would wait for ever.
    const SINGLE_FLIGHT: bool = true;

    /// Whether two keys that are asked for at a time cost much less than twice as much as one.
    const CHEAPER_TOGETHER: bool = false;

    /// The result of [`derive_key`], computed without holding the caller's thread.
    fn derive(
        &self,
        master: Arc<MasterKey>,
        salt: Salt,
        turn: Turn,
    ) -> impl Future<Output = Result<DerivedKey, CryptoError>>;
}

/// Derives on the calling thread: for tests and command-line tools.
#[derive(Debug, Default, Clone, Copy)]
pub struct InlineKdf;

impl KeyDerivation for InlineKdf {
    async fn derive(
        &self,
        master: Arc<MasterKey>,
        salt: Salt,
        _: Turn,
    ) -> Result<DerivedKey, CryptoError> {
        derive_key(&master, &salt)
    }
}
