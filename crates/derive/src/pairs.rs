//! SHA-256 by instructions for it. A chain of hashes waits for the result of each instruction; the one of
//! a second chain fits in between.

/// Makes `advance`, which computes more rounds of one chain or of two.
///
/// The module that uses it has, for the features that it names, a state as `Halves`, which `halves` makes
/// and `words` takes apart, `xor` and `compress`. That is not made here of what differs: LLVM then puts
/// the whole schedule before the rounds, which takes 15 % longer.
macro_rules! pair_kernel {
    ($kernel:ident, $features:literal) => {
        use crate::hmac::Chain;

        impl $kernel {
            /// Computes more rounds of any number of chains.
            pub(crate) fn advance(self, chains: &mut [Chain], rounds: u32) {
                let (pairs, rest) = chains.as_chunks_mut::<2>();
                for chains in pairs {
                    // SAFETY: `self` proves that the processor has the features.
                    unsafe { advance(chains, rounds) }
                }
                for chain in rest.as_chunks_mut::<1>().0 {
                    // SAFETY: `self` proves that the processor has the features.
                    unsafe { advance(chain, rounds) }
                }
            }
        }

        #[target_feature(enable = $features)]
        fn advance<const CHAINS: usize>(chains: &mut [Chain; CHAINS], rounds: u32) {
            let mut inner = [halves(&[0; 8]); CHAINS];
            let (mut outer, mut digests, mut sums) = (inner, inner, inner);
            for (at, chain) in chains.iter().enumerate() {
                inner[at] = halves(&chain.hmac.inner);
                outer[at] = halves(&chain.hmac.outer);
                digests[at] = halves(&chain.digest);
                sums[at] = halves(&chain.sum);
            }
            for _ in 0..rounds {
                digests = compress(&outer, &compress(&inner, &digests));
                for (sum, digest) in sums.iter_mut().zip(digests) {
                    *sum = [xor(sum[0], digest[0]), xor(sum[1], digest[1])];
                }
            }
            for (at, chain) in chains.iter_mut().enumerate() {
                (chain.digest, chain.sum) = (words(digests[at]), words(sums[at]));
            }
        }
    };
}

pub(crate) use pair_kernel;
