//! The SHA extensions of x86.

use std::arch::x86_64::*;

use crate::hmac::{DIGEST_PADDING, K, State};
use crate::pairs::pair_kernel;

/// Proof that the processor has the SHA extensions, and SSE4.1 with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ShaNi(());

/// A state as the instructions take it: words A, B, E and F, and words C, D, G and H.
type Halves = [__m128i; 2];

impl ShaNi {
    pub(crate) fn detect() -> Option<Self> {
        let has_all = is_x86_feature_detected!("sha") && is_x86_feature_detected!("sse4.1");
        has_all.then_some(Self(()))
    }
}

pair_kernel!(ShaNi, "sha,sse2,ssse3,sse4.1");

/// Hashes digests behind the key blocks that left `initial`.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn compress<const CHAINS: usize>(
    initial: &[Halves; CHAINS],
    digests: &[Halves; CHAINS],
) -> [Halves; CHAINS] {
    let mut states = *initial;
    let mut messages = [[initial[0][0]; 4]; CHAINS];
    for (message, digest) in messages.iter_mut().zip(digests) {
        let [first, second] = in_order(*digest);
        *message = [first, second, four(&DIGEST_PADDING, 0), four(&DIGEST_PADDING, 4)];
    }
    // Four rounds of SHA-256 at a time, by the number of the four.
    macro_rules! rounds {
        ($($step:literal)+) => { $({
            let constants = four(&K, $step * 4);
            for (state, message) in states.iter_mut().zip(&mut messages) {
                if $step >= 4 {
                    schedule::<$step>(message);
                }
                let words = _mm_add_epi32(message[$step % 4], constants);
                state[1] = _mm_sha256rnds2_epu32(state[1], state[0], words);
                let words = _mm_shuffle_epi32::<0b00_00_11_10>(words);
                state[0] = _mm_sha256rnds2_epu32(state[0], state[1], words);
            }
        })+ };
    }
    rounds!(0 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15);
    for (state, initial) in states.iter_mut().zip(initial) {
        *state = [_mm_add_epi32(state[0], initial[0]), _mm_add_epi32(state[1], initial[1])];
    }
    states
}

/// Puts the next four words of the schedule in the place of those that are no longer needed.
#[inline]
#[target_feature(enable = "sha,sse2,ssse3,sse4.1")]
fn schedule<const STEP: usize>(message: &mut [__m128i; 4]) {
    let [oldest, older, old, newest] =
        [STEP % 4, (STEP + 1) % 4, (STEP + 2) % 4, (STEP + 3) % 4].map(|at| message[at]);
    let seven_back = _mm_alignr_epi8::<4>(newest, old);
    let sum = _mm_add_epi32(_mm_sha256msg1_epu32(oldest, older), seven_back);
    message[STEP % 4] = _mm_sha256msg2_epu32(sum, newest);
}

/// The words of a digest as a message has them.
#[inline]
#[target_feature(enable = "sse2")]
fn in_order([abef, cdgh]: Halves) -> [__m128i; 2] {
    let (abef, cdgh) =
        (_mm_shuffle_epi32::<0b00_01_10_11>(abef), _mm_shuffle_epi32::<0b00_01_10_11>(cdgh));
    [_mm_unpacklo_epi64(abef, cdgh), _mm_unpackhi_epi64(abef, cdgh)]
}

#[target_feature(enable = "sse2")]
fn halves(&[a, b, c, d, e, f, g, h]: &State) -> Halves {
    let [a, b, c, d, e, f, g, h] = [a, b, c, d, e, f, g, h].map(u32::cast_signed);
    [_mm_set_epi32(a, b, e, f), _mm_set_epi32(c, d, g, h)]
}

#[target_feature(enable = "sse2,sse4.1")]
fn words(halves: Halves) -> State {
    let [first, second] = in_order(halves);
    [
        _mm_extract_epi32::<0>(first),
        _mm_extract_epi32::<1>(first),
        _mm_extract_epi32::<2>(first),
        _mm_extract_epi32::<3>(first),
        _mm_extract_epi32::<0>(second),
        _mm_extract_epi32::<1>(second),
        _mm_extract_epi32::<2>(second),
        _mm_extract_epi32::<3>(second),
    ]
    .map(i32::cast_unsigned)
}

/// Four words of a table.
#[inline]
#[target_feature(enable = "sse2")]
fn four(table: &[u32], at: usize) -> __m128i {
    let [a, b, c, d] = [at, at + 1, at + 2, at + 3].map(|at| table[at].cast_signed());
    _mm_set_epi32(d, c, b, a)
}

#[inline]
#[target_feature(enable = "sse2")]
fn xor(a: __m128i, b: __m128i) -> __m128i {
    _mm_xor_si128(a, b)
}
