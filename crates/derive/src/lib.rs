//! PBKDF2-HMAC-SHA256 (RFC 8018, section 5.2) with the iterations of token format v1, for many salts
//! and passwords at once.
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
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
mod pairs;
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
pub use key::{Job, Key, Salt};
pub use plan::{BATCH_KEYS, kernel_for};

/// PBKDF2 rounds of token format v1.
pub const ITERATIONS: u32 = 100_000;

/// The key of each job, in their order, on the calling thread.
///
/// Most is gained by handing over [`BATCH_KEYS`] jobs at a time. `pause` is called every few
/// milliseconds: for what cannot wait for all.
pub fn derive_many(jobs: &[Job<'_>], pause: &mut dyn FnMut()) -> Vec<Key> {
    plan::derive(&Kernel::here(), jobs, ITERATIONS, pause)
}

/// The same by one kernel alone: for tests and measurements.
pub fn derive_many_by(kernel: Kernel, jobs: &[Job<'_>]) -> Vec<Key> {
    plan::derive(&[kernel], jobs, ITERATIONS, &mut || {})
}
