//! Eight chains in the lanes of AVX2, for processors that have it without the SHA extensions.

use std::arch::x86_64::*;

use zeroize::Zeroizing;

use crate::lanes::lane_kernel;

/// Proof that the processor has AVX2.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Avx2(());

type Words = __m256i;

impl Avx2 {
    pub(crate) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx2").then_some(Self(()))
    }

    /// Computes more rounds of up to eight chains.
    pub(crate) fn advance(self, chains: &mut [Chain], rounds: u32) {
        // SAFETY: `self` proves that the processor has the feature.
        unsafe { advance(chains, rounds) }
    }
}

lane_kernel!(8, "avx2");

#[inline]
#[target_feature(enable = "avx2")]
fn splat(word: u32) -> Words {
    _mm256_set1_epi32(word.cast_signed())
}

#[target_feature(enable = "avx2")]
fn load(words: &[u32; 8]) -> Words {
    // SAFETY: the array has the 32 bytes that are read, and need not be aligned.
    unsafe { _mm256_loadu_si256(words.as_ptr().cast()) }
}

#[target_feature(enable = "avx2")]
fn store(vector: Words) -> [u32; 8] {
    let mut words = [0_u32; 8];
    // SAFETY: the array has the 32 bytes that are written, and need not be aligned.
    unsafe { _mm256_storeu_si256(words.as_mut_ptr().cast(), vector) }
    words
}

#[inline]
#[target_feature(enable = "avx2")]
fn add(a: Words, b: Words) -> Words {
    _mm256_add_epi32(a, b)
}

#[inline]
#[target_feature(enable = "avx2")]
fn xor(a: Words, b: Words) -> Words {
    _mm256_xor_si256(a, b)
}

#[inline]
#[target_feature(enable = "avx2")]
fn xor3(a: Words, b: Words, c: Words) -> Words {
    xor(xor(a, b), c)
}

#[inline]
#[target_feature(enable = "avx2")]
fn choose(e: Words, f: Words, g: Words) -> Words {
    xor(g, _mm256_and_si256(e, xor(f, g)))
}

#[inline]
#[target_feature(enable = "avx2")]
fn majority(a: Words, b: Words, c: Words) -> Words {
    _mm256_or_si256(_mm256_and_si256(a, b), _mm256_and_si256(c, _mm256_or_si256(a, b)))
}

#[inline]
#[target_feature(enable = "avx2")]
fn shift<const BITS: i32>(word: Words) -> Words {
    _mm256_srli_epi32::<BITS>(word)
}

#[inline]
#[target_feature(enable = "avx2")]
fn rotate<const BITS: i32>(word: Words) -> Words {
    // The count of the other half cannot be computed from `BITS` in a type, but in a register.
    let left = _mm_cvtsi32_si128(32 - BITS);
    xor(_mm256_srli_epi32::<BITS>(word), _mm256_sll_epi32(word, left))
}
