//! What is the same for every kernel: HMAC (RFC 2104) up to the first round of a chain.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use zeroize::{Zeroize, ZeroizeOnDrop};

use crate::key::{Job, Key, Salt};

/// A state of SHA-256, or a digest, as words.
pub(crate) type State = [u32; 8];

type Block = [u8; 64];

/// Initial hash value of SHA-256 (FIPS 180-4, section 5.3.3).
const INITIAL: State = [
    0x6a09_e667,
    0xbb67_ae85,
    0x3c6e_f372,
    0xa54f_f53a,
    0x510e_527f,
    0x9b05_688c,
    0x1f83_d9ab,
    0x5be0_cd19,
];

/// Constants of the rounds of SHA-256 (FIPS 180-4, section 4.2.2).
#[rustfmt::skip]
#[expect(clippy::unreadable_literal, reason = "as the standard prints them")]
pub(crate) const K: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

/// What follows the eight words of a digest in the block that hashes it behind a key block: the end
/// mark, and the length of both in bits (FIPS 180-4, section 5.1.1).
pub(crate) const DIGEST_PADDING: [u32; 8] = [0x8000_0000, 0, 0, 0, 0, 0, 0, (64 + 32) * 8];

/// The rounds of one salt so far.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Chain {
    /// Of its password.
    pub(crate) hmac: Hmac,
    /// Of the last round, which the next one hashes.
    pub(crate) digest: State,
    /// Of all rounds: in the end, the key.
    pub(crate) sum: State,
}

/// The states of SHA-256 after the inner and the outer key block, which every round starts from.
#[derive(Zeroize, ZeroizeOnDrop)]
pub(crate) struct Hmac {
    pub(crate) inner: State,
    pub(crate) outer: State,
}

impl Hmac {
    /// A key longer than a block is hashed, a shorter one padded with zeros.
    pub(crate) fn new(key: &[u8]) -> Self {
        let mut hashed: [u8; 32] = Sha256::digest(key).into();
        let key = if key.len() > size_of::<Block>() { &hashed } else { key };
        let mut block: Block = [0; 64];
        for (to, from) in block.iter_mut().zip(key) {
            *to = *from;
        }
        let hmac = Self {
            inner: compressed(INITIAL, &block.map(|byte| byte ^ 0x36)),
            outer: compressed(INITIAL, &block.map(|byte| byte ^ 0x5c)),
        };
        block.zeroize();
        hashed.zeroize();
        hmac
    }

    /// The first round of a chain: of the salt and the number of the only block.
    fn first_round(&self, salt: &Salt) -> State {
        let mut message: Block = [0; 64];
        let text = salt.iter().chain(&[0, 0, 0, 1, 0x80]);
        for (to, from) in message.iter_mut().zip(text) {
            *to = *from;
        }
        let [.., high, low] = &mut message;
        [*high, *low] = [2, 0xa0]; // (64 + 16 + 4) * 8
        self.outer_digest(compressed(self.inner, &message))
    }

    fn outer_digest(&self, inner: State) -> State {
        let mut block: Block = [0; 64];
        for (bytes, word) in block.chunks_exact_mut(4).zip(inner.iter().chain(&DIGEST_PADDING)) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
        let digest = compressed(self.outer, &block);
        block.zeroize();
        digest
    }
}

impl Chain {
    /// With its first round done.
    pub(crate) fn begin(job: Job<'_>) -> Self {
        let hmac = Hmac::new(job.password);
        let digest = hmac.first_round(&job.salt);
        Self { hmac, digest, sum: digest }
    }

    pub(crate) fn key(&self) -> Key {
        let mut key = Key::default();
        for (bytes, word) in key.chunks_exact_mut(4).zip(self.sum) {
            bytes.copy_from_slice(&word.to_be_bytes());
        }
        key
    }
}

fn compressed(mut state: State, block: &Block) -> State {
    compress256(&mut state, &[*block]);
    state
}
