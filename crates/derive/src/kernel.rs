use pbkdf2::pbkdf2_hmac;
use sha2::Sha256;

#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
use crate::hmac::Chain;
use crate::key::{Job, Key};

#[cfg(target_arch = "aarch64")]
use crate::armv8::Armv8;
#[cfg(target_arch = "x86_64")]
use crate::{avx2::Avx2, avx512::Avx512, sha_ni::ShaNi};

/// A fiftieth of a key: about a millisecond at the most, where sixteen chains share a core.
#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
const ROUNDS_BETWEEN_PAUSES: u32 = 2_000;

/// A way to compute chains of HMACs. One that the processor does not have cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kernel(pub(crate) Kind);

/// All that there are; what each holds proves that the processor has its instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Sixteen chains in the lanes of AVX-512F.
    #[cfg(target_arch = "x86_64")]
    Avx512(Avx512),
    /// Eight chains in the lanes of AVX2.
    #[cfg(target_arch = "x86_64")]
    Avx2(Avx2),
    /// Two chains in turns by the SHA extensions of x86: one alone waits for itself.
    #[cfg(target_arch = "x86_64")]
    ShaNiPair(ShaNi),
    /// One chain by the SHA extensions of x86.
    #[cfg(target_arch = "x86_64")]
    ShaNi(ShaNi),
    /// Two chains in turns by the SHA-2 instructions of `ARMv8`.
    #[cfg(target_arch = "aarch64")]
    Armv8Pair(Armv8),
    /// One chain by the SHA-2 instructions of `ARMv8`.
    #[cfg(target_arch = "aarch64")]
    Armv8(Armv8),
    /// One chain by the `pbkdf2` crate.
    Portable,
}

impl Kernel {
    /// Those of this processor, the ones with the most lanes first; the portable one is always there.
    pub fn here() -> Vec<Self> {
        instructions().into_iter().chain([Kind::Portable]).map(Self).collect()
    }

    /// Its name, as benchmarks print it.
    pub fn name(self) -> &'static str {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => "AVX-512 x16",
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => "AVX2 x8",
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNiPair(_) => "SHA-NI x2",
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNi(_) => "SHA-NI x1",
            #[cfg(target_arch = "aarch64")]
            Kind::Armv8Pair(_) => "ARMv8 SHA-2 x2",
            #[cfg(target_arch = "aarch64")]
            Kind::Armv8(_) => "ARMv8 SHA-2 x1",
            Kind::Portable => "portable x1",
        }
    }

    /// How many chains it computes at once.
    pub fn lanes(self) -> usize {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) => 16,
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) => 8,
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNiPair(_) => 2,
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNi(_) => 1,
            #[cfg(target_arch = "aarch64")]
            Kind::Armv8Pair(_) => 2,
            #[cfg(target_arch = "aarch64")]
            Kind::Armv8(_) => 1,
            Kind::Portable => 1,
        }
    }

    /// Whether it hashes by instructions for that.
    #[cfg(any(test, target_arch = "x86_64"))]
    pub(crate) fn is_sha(self) -> bool {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNiPair(_) | Kind::ShaNi(_) => true,
            #[cfg(target_arch = "aarch64")]
            Kind::Armv8Pair(_) | Kind::Armv8(_) => true,
            _ => false,
        }
    }

    /// From how many keys on it is faster than those with fewer lanes among the given ones, by
    /// measurement (`cargo run --release -p cgk-derive --example kernels`); `None` where it never is.
    #[cfg_attr(
        not(target_arch = "x86_64"),
        expect(unused_variables, clippy::unnecessary_wraps, reason = "only x86 has a choice")
    )]
    pub(crate) fn least_keys(self, among: &[Self]) -> Option<usize> {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(_) if among.iter().any(|kernel| kernel.is_sha()) => Some(8),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(_) if among.iter().any(|kernel| kernel.is_sha()) => None,
            _ => Some(self.lanes().min(2)),
        }
    }

    /// The keys of any number of jobs, which take its lanes in turns; `pause` is called between
    /// parts of the work, each of which takes some milliseconds.
    pub(crate) fn derive(self, jobs: &[Job<'_>], rounds: u32, pause: &mut dyn FnMut()) -> Vec<Key> {
        #[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
        if self.0 != Kind::Portable {
            return self.derive_chains(jobs, rounds, pause);
        }
        let derive = |job| {
            pause();
            portable(job, rounds)
        };
        jobs.iter().map(derive).collect()
    }
}

#[cfg(any(target_arch = "aarch64", target_arch = "x86_64"))]
impl Kernel {
    fn derive_chains(self, jobs: &[Job<'_>], rounds: u32, pause: &mut dyn FnMut()) -> Vec<Key> {
        let mut keys = Vec::with_capacity(jobs.len());
        for jobs in jobs.chunks(self.lanes()) {
            let mut chains: Vec<_> = jobs.iter().map(|job| Chain::begin(*job)).collect();
            let mut left = rounds.saturating_sub(1);
            while left > 0 {
                pause();
                let now = left.min(ROUNDS_BETWEEN_PAUSES);
                self.advance(&mut chains, now);
                left -= now;
            }
            keys.extend(chains.iter().map(Chain::key));
        }
        keys
    }

    fn advance(self, chains: &mut [Chain], rounds: u32) {
        match self.0 {
            #[cfg(target_arch = "x86_64")]
            Kind::Avx512(avx512) => avx512.advance(chains, rounds),
            #[cfg(target_arch = "x86_64")]
            Kind::Avx2(avx2) => avx2.advance(chains, rounds),
            #[cfg(target_arch = "x86_64")]
            Kind::ShaNiPair(sha_ni) | Kind::ShaNi(sha_ni) => sha_ni.advance(chains, rounds),
            #[cfg(target_arch = "aarch64")]
            Kind::Armv8Pair(armv8) | Kind::Armv8(armv8) => armv8.advance(chains, rounds),
            // Its rounds are those of the crate.
            Kind::Portable => {}
        }
    }
}

/// Those that need instructions of this processor.
#[cfg(target_arch = "x86_64")]
fn instructions() -> Vec<Kind> {
    let mut kinds: Vec<_> = Avx512::detect().map(Kind::Avx512).into_iter().collect();
    kinds.extend(Avx2::detect().map(Kind::Avx2));
    if let Some(sha_ni) = ShaNi::detect() {
        kinds.extend([Kind::ShaNiPair(sha_ni), Kind::ShaNi(sha_ni)]);
    }
    kinds
}

#[cfg(target_arch = "aarch64")]
fn instructions() -> Vec<Kind> {
    let kinds = Armv8::detect().map(|armv8| [Kind::Armv8Pair(armv8), Kind::Armv8(armv8)]);
    kinds.into_iter().flatten().collect()
}

#[cfg(not(any(target_arch = "aarch64", target_arch = "x86_64")))]
fn instructions() -> [Kind; 0] {
    []
}

fn portable(job: &Job<'_>, rounds: u32) -> Key {
    let mut key = Key::default();
    pbkdf2_hmac::<Sha256>(job.password, &job.salt, rounds, &mut *key);
    key
}
