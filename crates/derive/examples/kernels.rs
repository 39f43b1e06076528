//! What a key costs with each kernel of this processor, all its lanes in use, and how long each
//! number of keys takes: `cargo run --release -p cgk-derive --example kernels`.

use std::time::{Duration, Instant};

use cgk_derive::{BATCH_KEYS, Job, Kernel, derive_many, derive_many_by, kernel_for};

const ROUNDS: u32 = 7;
const PASSWORD: [u8; 44] = [b'k'; 44];

fn main() {
    let jobs = [Job { password: &PASSWORD, salt: [7; 16] }; BATCH_KEYS];
    for kernel in Kernel::here() {
        let jobs = &jobs[..kernel.lanes()];
        let time = shortest(|| drop(derive_many_by(kernel, jobs)));
        let each = milliseconds(time) / f64::from(u32::try_from(jobs.len()).unwrap_or(1));
        println!("{:15}{:8.2} ms,{:7.2} ms a key", kernel.name(), milliseconds(time), each);
    }
    for count in 1..=jobs.len() {
        let time = shortest(|| drop(derive_many(&jobs[..count], &mut || {})));
        println!(
            "{count:2} keys{:8.2} ms, first by {}",
            milliseconds(time),
            kernel_for(count).name()
        );
    }
}

/// Of several runs, because what else runs on the machine only makes it longer.
fn shortest(work: impl Fn()) -> Duration {
    let time = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..ROUNDS).map(time).min().unwrap_or_default()
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}
