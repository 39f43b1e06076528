//! Which kernel derives how many of the keys.

use crate::kernel::{Kernel, Kind};
use crate::key::{Job, Key};

/// How many keys are worth deriving together: the most lanes that a kernel has.
pub const BATCH_KEYS: usize = 16;

/// The kernel that derives a number of keys at once, on this processor.
pub fn kernel_for(keys: usize) -> Kernel {
    pick(&Kernel::here(), keys)
}

/// The keys of all jobs, by the kernels that are given.
pub(crate) fn derive(
    kernels: &[Kernel],
    mut jobs: &[Job<'_>],
    rounds: u32,
    pause: &mut dyn FnMut(),
) -> Vec<Key> {
    let mut keys = Vec::with_capacity(jobs.len());
    while !jobs.is_empty() {
        let kernel = pick(kernels, jobs.len());
        let (now, later) = jobs.split_at(jobs.len().min(kernel.lanes()));
        keys.extend(kernel.derive(now, rounds, pause));
        jobs = later;
    }
    keys
}

/// The kernel that is done with most keys soonest. Lanes cost the same whether they are used.
fn pick(kernels: &[Kernel], keys: usize) -> Kernel {
    let is_worth_it =
        |kernel: &&Kernel| kernel.least_keys(kernels).is_some_and(|least| keys >= least);
    kernels.iter().find(is_worth_it).or(kernels.last()).copied().unwrap_or(Kernel(Kind::Portable))
}
