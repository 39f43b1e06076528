//! The SHA-2 instructions of `ARMv8`.

use std::arch::aarch64::*;
use std::arch::is_aarch64_feature_detected;

use crate::hmac::{DIGEST_PADDING, K, State};
use crate::pairs::pair_kernel;

/// Proof that the processor has the SHA-2 instructions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Armv8(());

/// A state: words A to D, and words E to H.
type Halves = [uint32x4_t; 2];

impl Armv8 {
    pub(crate) fn detect() -> Option<Self> {
        let has_all = is_aarch64_feature_detected!("neon") && is_aarch64_feature_detected!("sha2");
        has_all.then_some(Self(()))
    }
}

pair_kernel!(Armv8, "neon,sha2");

/// Hashes digests behind the key blocks that left `initial`.
#[inline]
#[target_feature(enable = "neon,sha2")]
fn compress<const CHAINS: usize>(
    initial: &[Halves; CHAINS],
    digests: &[Halves; CHAINS],
) -> [Halves; CHAINS] {
    let mut states = *initial;
    let mut messages = [[initial[0][0]; 4]; CHAINS];
    for (message, [first, second]) in messages.iter_mut().zip(digests) {
        *message = [*first, *second, four(&DIGEST_PADDING, 0), four(&DIGEST_PADDING, 1)];
    }
    // Four rounds of SHA-256 at a time, by the number of the four.
    macro_rules! rounds {
        ($($step:literal)+) => { $({
            let constants = four(&K, $step);
            for ([first, second], message) in states.iter_mut().zip(&mut messages) {
                if $step >= 4 {
                    schedule::<$step>(message);
                }
                let words = vaddq_u32(message[$step % 4], constants);
                let former = *first;
                *first = vsha256hq_u32(former, *second, words);
                *second = vsha256h2q_u32(*second, former, words);
            }
        })+ };
    }
    rounds!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    for (state, initial) in states.iter_mut().zip(initial) {
        *state = [vaddq_u32(state[0], initial[0]), vaddq_u32(state[1], initial[1])];
    }
    states
}

/// Puts the next four words of the schedule in the place of those that are no longer needed.
#[inline]
#[target_feature(enable = "neon,sha2")]
fn schedule<const STEP: usize>(message: &mut [uint32x4_t; 4]) {
    let [oldest, older, old, newest] =
        [STEP % 4, (STEP + 1) % 4, (STEP + 2) % 4, (STEP + 3) % 4].map(|at| message[at]);
    message[STEP % 4] = vsha256su1q_u32(vsha256su0q_u32(oldest, older), old, newest);
}

#[inline]
#[target_feature(enable = "neon")]
fn halves(state: &State) -> Halves {
    [four(state, 0), four(state, 1)]
}

#[inline]
#[target_feature(enable = "neon")]
fn words([first, second]: Halves) -> State {
    let mut words = [[0; 4]; 2];
    for (words, half) in words.iter_mut().zip([first, second]) {
        // SAFETY: the array has the four words that are written.
        unsafe { vst1q_u32(words.as_mut_ptr(), half) }
    }
    let [[a, b, c, d], [e, f, g, h]] = words;
    [a, b, c, d, e, f, g, h]
}

/// Four words of a table, by the number of the four.
#[inline]
#[target_feature(enable = "neon")]
fn four<const WORDS: usize>(table: &[u32; WORDS], at: usize) -> uint32x4_t {
    let words: &[u32; 4] = &table.as_chunks().0[at];
    // SAFETY: the array has the four words that are read.
    unsafe { vld1q_u32(words.as_ptr()) }
}

#[inline]
#[target_feature(enable = "neon")]
fn xor(a: uint32x4_t, b: uint32x4_t) -> uint32x4_t {
    veorq_u32(a, b)
}
