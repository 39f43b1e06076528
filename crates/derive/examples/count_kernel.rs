//! As many keys as a kernel has lanes, a number of times, for a profiler that counts instructions:
//! `cargo run --release -p cgk-derive --example count_kernel -- 1 "AVX2 x8"`. `npm run counts` does it.

use cgk_derive::{BATCH_KEYS, Job, Kernel, derive_many_by};

const PASSWORD: [u8; 44] = [b'k'; 44];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let [times, name] = [1, 2].map(|at| std::env::args().nth(at).unwrap_or_default());
    let kernel = Kernel::here().into_iter().find(|kernel| kernel.name() == name);
    let kernel = kernel.ok_or("the processor has no such kernel")?;
    let jobs = [Job { password: &PASSWORD, salt: [7; 16] }; BATCH_KEYS];
    for _ in 0..times.parse::<usize>()? {
        drop(derive_many_by(kernel, &jobs[..kernel.lanes()]));
    }
    Ok(())
}
