//! PBKDF2-HMAC-SHA256 (RFC 8018, section 5.2) with the iterations of token format v1, for many salts
//! of one password at once.
//!
//! [`derive_many`] is all that callers need. It picks among the [`Kernel`]s that the processor has:
//! chains of hashes that do not depend on each other share its units, so many keys cost less than as
//! many calls. This is the only crate that has `unsafe`, because instructions of processors need it.

#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod hmac;
mod kernel;
mod key;
#[cfg(target_arch = "x86_64")]
mod lanes;
mod plan;
#[cfg(test)]
mod tests;

#[cfg(target_arch = "aarch64")]
mod armv8;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod sha_ni;

pub use kernel::Kernel;
pub use key::{Key, Salt};
pub use plan::{BATCH_KEYS, kernel_for};

/// PBKDF2 rounds of token format v1.
pub const ITERATIONS: u32 = 100_000;

/// The key of each salt, in their order, on the calling thread.
///
/// Most is gained by handing over [`BATCH_KEYS`] salts at a time.
pub fn derive_many(password: &[u8], salts: &[Salt]) -> Vec<Key> {
    derive_many_pausing(password, salts, &mut || {})
}

/// The same, with a function that is called every few milliseconds: for what cannot wait for all.
pub fn derive_many_pausing(password: &[u8], salts: &[Salt], pause: &mut dyn FnMut()) -> Vec<Key> {
    plan::derive(&Kernel::here(), password, salts, ITERATIONS, pause)
}

/// The same by one kernel alone: for tests and measurements.
pub fn derive_many_by(kernel: Kernel, password: &[u8], salts: &[Salt]) -> Vec<Key> {
    plan::derive(&[kernel], password, salts, ITERATIONS, &mut || {})
}
