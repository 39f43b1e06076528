//! SHA-256 of many chains side by side: each word of a state is a vector with a lane for each chain.

/// Makes `advance`, which computes more rounds of as many chains as there are lanes, or of fewer.
///
/// The module that uses it has the vector's type as `Words` and, for the features that it names,
/// `splat`, `load` and `store`, `add`, `xor`, `xor3`, `choose`, `majority`, `shift` and `rotate`.
macro_rules! lane_kernel {
    ($lanes:literal, $features:literal) => {
        use crate::hmac::{Chain, DIGEST_PADDING, K, State};

        /// A state of SHA-256 of each chain.
        type States = [Words; 8];

        #[target_feature(enable = $features)]
        fn advance(chains: &mut [Chain], rounds: u32) {
            let inner = load_states(chains.iter().map(|chain| &chain.hmac.inner));
            let outer = load_states(chains.iter().map(|chain| &chain.hmac.outer));
            let mut digests = load_states(chains.iter().map(|chain| &chain.digest));
            let mut sums = load_states(chains.iter().map(|chain| &chain.sum));
            for _ in 0..rounds {
                digests = compress(&outer, &compress(&inner, &digests));
                for (sum, digest) in sums.iter_mut().zip(digests) {
                    *sum = xor(*sum, digest);
                }
            }
            store_states(&digests, chains.iter_mut().map(|chain| &mut chain.digest));
            store_states(&sums, chains.iter_mut().map(|chain| &mut chain.sum));
        }

        #[target_feature(enable = $features)]
        fn load_states<'a>(of_chains: impl Iterator<Item = &'a State>) -> States {
            let mut words = Zeroizing::new([[0; $lanes]; 8]);
            for (lane, state) in of_chains.enumerate() {
                for (words, word) in words.iter_mut().zip(state) {
                    words[lane] = *word;
                }
            }
            let mut states = [splat(0); 8];
            for (vector, words) in states.iter_mut().zip(words.iter()) {
                *vector = load(words);
            }
            states
        }

        #[target_feature(enable = $features)]
        fn store_states<'a>(states: &States, of_chains: impl Iterator<Item = &'a mut State>) {
            let mut words = Zeroizing::new([[0; $lanes]; 8]);
            for (words, vector) in words.iter_mut().zip(states) {
                *words = store(*vector);
            }
            for (lane, state) in of_chains.enumerate() {
                for (word, words) in state.iter_mut().zip(words.iter()) {
                    *word = words[lane];
                }
            }
        }

        /// Hashes digests behind the key blocks that left `initial`.
        #[target_feature(enable = $features)]
        fn compress(initial: &States, digests: &States) -> States {
            let mut message = [digests[0]; 16];
            for (at, word) in message.iter_mut().enumerate() {
                *word = if at < 8 { digests[at] } else { splat(DIGEST_PADDING[at - 8]) };
            }
            let mut state = *initial;
            $crate::lanes::eight_rounds!(state, message: 0 8 16 24 32 40 48 56);
            for (word, initial) in state.iter_mut().zip(initial) {
                *word = add(*word, *initial);
            }
            state
        }
    };
}

/// A round of SHA-256, by its number. The words of the state change their places instead of moving.
macro_rules! round {
    ($state:ident, $message:ident, $at:expr) => {{
        const AT: usize = $at;
        let place = |word: usize| (word + 64 - AT) % 8;
        let [a, b, c, d] = [place(0), place(1), place(2), place(3)].map(|at| $state[at]);
        let [e, f, g, h] = [place(4), place(5), place(6), place(7)].map(|at| $state[at]);
        if AT >= 16 {
            let [two, seven, fifteen] = [AT + 14, AT + 9, AT + 1].map(|at| $message[at % 16]);
            let small0 = xor3(rotate::<7>(fifteen), rotate::<18>(fifteen), shift::<3>(fifteen));
            let small1 = xor3(rotate::<17>(two), rotate::<19>(two), shift::<10>(two));
            $message[AT % 16] = add(add($message[AT % 16], small0), add(seven, small1));
        }
        let big1 = xor3(rotate::<6>(e), rotate::<11>(e), rotate::<25>(e));
        let word = add($message[AT % 16], splat(K[AT]));
        let first = add(add(h, big1), add(choose(e, f, g), word));
        let big0 = xor3(rotate::<2>(a), rotate::<13>(a), rotate::<22>(a));
        $state[place(3)] = add(d, first);
        $state[place(7)] = add(first, add(big0, majority(a, b, c)));
    }};
}

macro_rules! eight_rounds {
    ($state:ident, $message:ident: $($at:literal)+) => { $(
        $crate::lanes::round!($state, $message, $at);
        $crate::lanes::round!($state, $message, $at + 1);
        $crate::lanes::round!($state, $message, $at + 2);
        $crate::lanes::round!($state, $message, $at + 3);
        $crate::lanes::round!($state, $message, $at + 4);
        $crate::lanes::round!($state, $message, $at + 5);
        $crate::lanes::round!($state, $message, $at + 6);
        $crate::lanes::round!($state, $message, $at + 7);
    )+ };
}

pub(crate) use {eight_rounds, lane_kernel, round};
