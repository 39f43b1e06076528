//! Sixteen chains in the lanes of AVX-512F.

use std::arch::x86_64::*;

use zeroize::Zeroizing;

use crate::lanes::lane_kernel;

/// Proof that the processor has AVX-512F.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Avx512(());

type Words = __m512i;

impl Avx512 {
    pub(crate) fn detect() -> Option<Self> {
        is_x86_feature_detected!("avx512f").then_some(Self(()))
    }

    /// Computes more rounds of up to sixteen chains.
    pub(crate) fn advance(self, chains: &mut [Chain], rounds: u32) {
        // SAFETY: `self` proves that the processor has the feature.
        unsafe { advance(chains, rounds) }
    }
}

lane_kernel!(16, "avx512f");

#[inline]
#[target_feature(enable = "avx512f")]
fn splat(word: u32) -> Words {
    _mm512_set1_epi32(word.cast_signed())
}

#[target_feature(enable = "avx512f")]
fn load(words: &[u32; 16]) -> Words {
    // SAFETY: the array has the 64 bytes that are read, and need not be aligned.
    unsafe { _mm512_loadu_epi32(words.as_ptr().cast()) }
}

#[target_feature(enable = "avx512f")]
fn store(vector: Words) -> [u32; 16] {
    let mut words = [0_u32; 16];
    // SAFETY: the array has the 64 bytes that are written, and need not be aligned.
    unsafe { _mm512_storeu_epi32(words.as_mut_ptr().cast(), vector) }
    words
}

#[inline]
#[target_feature(enable = "avx512f")]
fn add(a: Words, b: Words) -> Words {
    _mm512_add_epi32(a, b)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn xor(a: Words, b: Words) -> Words {
    _mm512_xor_si512(a, b)
}

// The constants of the functions of three words are their tables of truth.

#[inline]
#[target_feature(enable = "avx512f")]
fn xor3(a: Words, b: Words, c: Words) -> Words {
    _mm512_ternarylogic_epi32::<0x96>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn choose(e: Words, f: Words, g: Words) -> Words {
    _mm512_ternarylogic_epi32::<0xca>(e, f, g)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn majority(a: Words, b: Words, c: Words) -> Words {
    _mm512_ternarylogic_epi32::<0xe8>(a, b, c)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn shift<const BITS: u32>(word: Words) -> Words {
    _mm512_srli_epi32::<BITS>(word)
}

#[inline]
#[target_feature(enable = "avx512f")]
fn rotate<const BITS: i32>(word: Words) -> Words {
    _mm512_ror_epi32::<BITS>(word)
}
