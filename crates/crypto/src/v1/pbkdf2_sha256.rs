//! PBKDF2-HMAC-SHA256 (RFC 8018, section 5.2) for one block of output.
//!
//! The two key blocks of HMAC (RFC 2104) are hashed once, and a round is two compressions of one
//! block each. The `pbkdf2` crate, which the tests compare with, goes through buffers of any length
//! and takes a quarter longer in the addon.

use sha2::block_api::compress256;
use sha2::{Digest, Sha256};
use zeroize::Zeroize;

use super::text::Salt;

type State = [u32; 8];
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

/// Writes the first 32 bytes that PBKDF2 derives from a password.
pub(crate) fn derive(password: &[u8], salt: &Salt, rounds: u32, output: &mut [u8; 32]) {
    let mut hmac = Hmac::new(password);
    let mut message = padding(20);
    for (to, from) in message.iter_mut().zip(salt.iter().chain(&1_u32.to_be_bytes())) {
        *to = *from;
    }
    let mut digest = hmac.digest(&message);
    let mut sum = digest;
    for _ in 1..rounds {
        digest = hmac.digest(&digest_block(&digest));
        for (sum, word) in sum.iter_mut().zip(digest) {
            *sum ^= word;
        }
    }
    for (bytes, word) in output.chunks_exact_mut(4).zip(sum) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    hmac.wipe();
    message.zeroize();
    digest.zeroize();
    sum.zeroize();
}

/// The states of SHA-256 after the inner and the outer key block.
struct Hmac {
    inner: State,
    outer: State,
}

impl Hmac {
    /// A key longer than a block is hashed, a shorter one padded with zeros.
    fn new(key: &[u8]) -> Self {
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

    /// The HMAC of a message that is padded to a block already.
    fn digest(&self, message: &Block) -> State {
        compressed(self.outer, &digest_block(&compressed(self.inner, message)))
    }

    fn wipe(&mut self) {
        self.inner.zeroize();
        self.outer.zeroize();
    }
}

fn compressed(mut state: State, block: &Block) -> State {
    compress256(&mut state, &[*block]);
    state
}

/// A digest as the second block of a message.
fn digest_block(digest: &State) -> Block {
    const EMPTY: Block = padding(32);
    let mut block = EMPTY;
    for (bytes, word) in block.chunks_exact_mut(4).zip(digest) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    block
}

/// The padding of SHA-256 (FIPS 180-4, section 5.1.1) behind a message of `length` bytes, 55 at the
/// most, that follows a key block.
#[expect(clippy::indexing_slicing, reason = "only called with 20 and 32")]
const fn padding(length: u8) -> Block {
    let mut block = [0; 64];
    let [high, low] = ((64 + length as u16) * 8).to_be_bytes();
    block[length as usize] = 0x80;
    block[62] = high;
    block[63] = low;
    block
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_agrees_with_the_reference_implementation(
            password in prop::collection::vec(any::<u8>(), 0..200), salt: Salt, rounds in 1_u32..50,
        ) {
            let (mut expected, mut output) = ([0; 32], [0; 32]);
            pbkdf2::pbkdf2_hmac::<Sha256>(&password, &salt, rounds, &mut expected);
            derive(&password, &salt, rounds, &mut output);
            prop_assert_eq!(output, expected);
        }
    }
}
