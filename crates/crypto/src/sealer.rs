use std::num::NonZeroUsize;
use std::sync::Arc;

use aes_gcm::Nonce;
use aes_gcm::aead::consts::U16;
use futures_util::future::select_all;

use crate::random::make_random;
use crate::v1::cache::{DerivedKeyCache, EntryId};
use crate::v2::Context;
use crate::{
    CryptoError, DerivedKey, KeyDerivation, KeyRing, MasterKey, Purpose, SealedText, SecretString,
    Turn, cipher, v1,
};

/// Seals and opens tokens, caching the keys that v1 derives.
#[derive(Debug)]
pub struct Sealer<D> {
    cache: DerivedKeyCache,
    kdf: D,
}

impl<D: KeyDerivation> Sealer<D> {
    /// A sealer that derives keys with `kdf` and caches up to `capacity` of them.
    pub fn new(kdf: D, capacity: NonZeroUsize) -> Result<Self, CryptoError> {
        Ok(Self { cache: DerivedKeyCache::new(capacity)?, kdf })
    }

    /// Decrypts a token with the key of the ring that it is under.
    ///
    /// One of v1 does not say which key that is: the one that opened the tenant's last token is tried
    /// first, which is the current one to begin with, then the others at once. The very first token is
    /// tried under two keys at once where they cost less together. Concurrent first reads of one value
    /// share one derivation if `D` allows it. Dropping the future is harmless: another caller takes the
    /// derivation over.
    pub async fn open(
        &self,
        ring: &KeyRing,
        context: &Context,
        text: &SealedText,
    ) -> Result<SecretString, CryptoError> {
        let text = match text {
            SealedText::V2(text) => return ring.open(context, text),
            SealedText::V1(text) => text,
        };
        if let Some((_, secret)) = self.open_v1_cached(ring, text) {
            return Ok(secret);
        }
        let mut masters: Vec<_> = ring.masters().collect();
        let likely = ring.likely.position(context.tenant());
        if let Some(at) = masters.iter().position(|(position, _)| *position == likely) {
            masters.swap(0, at);
        }
        if masters.is_empty() {
            return Err(CryptoError::MasterKeyNeeded);
        }
        let at_first = if D::CHEAPER_TOGETHER && ring.likely.is_unknown() { 2 } else { 1 };
        let (first, others) = masters.split_at(at_first.min(masters.len()));
        let mut failure = CryptoError::DecryptionFailed;
        for group in [first, others] {
            let attempt = |(position, master): &(usize, Arc<MasterKey>)| {
                let turn = Turn::new(context.tenant(), Purpose::Read);
                let (position, opening) = (*position, self.open_v1(master.clone(), turn, text));
                Box::pin(async move { (position, opening.await) })
            };
            let mut attempts: Vec<_> = group.iter().map(attempt).collect();
            while !attempts.is_empty() {
                let ((position, opened), _, rest) = select_all(attempts).await;
                attempts = rest;
                match opened {
                    Ok(secret) => {
                        ring.likely.remember(context.tenant(), position);
                        return Ok(secret);
                    }
                    Err(CryptoError::DecryptionFailed) => {}
                    Err(error) => failure = error,
                }
            }
        }
        Err(failure)
    }

    /// Decrypts a token in a sweep, and gives the position of its key in the ring. Where no key is
    /// cached, they are tried on one of v1 one after the other, in the order of `positions`: the likeliest
    /// should come first.
    pub async fn open_and_locate(
        &self,
        ring: &KeyRing,
        context: &Context,
        text: &SealedText,
        positions: &[usize],
    ) -> Result<(usize, SecretString), CryptoError> {
        let text = match text {
            SealedText::V2(text) => return ring.open_and_locate(context, text),
            SealedText::V1(text) => text,
        };
        if let Some(found) = self.open_v1_cached(ring, text) {
            return Ok(found);
        }
        let mut failure = CryptoError::MasterKeyNeeded;
        for &position in positions {
            let Some(master) = ring.master(position) else { continue };
            let turn = Turn::new(context.tenant(), Purpose::Sweep);
            match self.open_v1(master, turn, text).await {
                Ok(secret) => return Ok((position, secret)),
                Err(error @ CryptoError::DecryptionFailed) => failure = error,
                Err(error) => return Err(error),
            }
        }
        Err(failure)
    }

    /// Decrypts at once (about a microsecond) if no key has to be derived by PBKDF2; otherwise that
    /// is for [`Sealer::open`].
    pub fn open_cached(
        &self,
        ring: &KeyRing,
        context: &Context,
        text: &SealedText,
    ) -> Option<Result<SecretString, CryptoError>> {
        match text {
            SealedText::V2(text) => Some(ring.open(context, text)),
            SealedText::V1(text) => self.open_v1_cached(ring, text).map(|(_, secret)| Ok(secret)),
        }
    }

    fn open_v1_cached(
        &self,
        ring: &KeyRing,
        text: &v1::SealedText,
    ) -> Option<(usize, SecretString)> {
        ring.masters().find_map(|(position, master)| {
            let key = self.cache.find(self.cache.id(&master, &text.salt))?;
            Some((position, open_with(&key, text).ok()?))
        })
    }

    /// Encrypts with the current key of the ring: into a v2 token for a place, otherwise into one of
    /// v1, whose key is derived in its turn.
    pub async fn seal(
        &self,
        ring: &KeyRing,
        place: Option<&Context>,
        turn: Turn,
        plaintext: &SecretString,
    ) -> Result<SealedText, CryptoError> {
        if let Some(place) = place {
            return ring.seal(place, plaintext).map(SealedText::V2);
        }
        self.seal_v1(ring.current_master()?, turn, plaintext).await.map(SealedText::V1)
    }

    /// Encrypts into a v1 token under a fresh salt and a fresh IV.
    async fn seal_v1(
        &self,
        master: Arc<MasterKey>,
        turn: Turn,
        plaintext: &SecretString,
    ) -> Result<v1::SealedText, CryptoError> {
        let salt = make_random()?;
        let iv = make_random()?;
        let id = self.cache.id(&master, &salt);
        let key = self.kdf.derive(master, salt, turn).await?;
        let (tag, data) =
            cipher::seal::<U16>(key.bytes(), &Nonce::from(iv), b"", plaintext.expose())?;
        self.cache.keep(id, &key);
        Ok(v1::SealedText { salt, iv, tag, data })
    }

    /// Decrypts a v1 token under one key, which is cached only if it is the right one.
    async fn open_v1(
        &self,
        master: Arc<MasterKey>,
        turn: Turn,
        text: &v1::SealedText,
    ) -> Result<SecretString, CryptoError> {
        let id = self.cache.id(&master, &text.salt);
        if let Some(key) = self.cache.find(id) {
            return open_with(&key, text);
        }
        let derive = || self.kdf.derive(master, text.salt, turn);
        if !D::SINGLE_FLIGHT {
            return self.open_and_keep(id, &derive().await?, text);
        }
        let flight = self.cache.flight(id);
        self.open_and_keep(id, flight.key.get_or_try_init(derive).await?, text)
    }

    fn open_and_keep(
        &self,
        id: EntryId,
        key: &DerivedKey,
        text: &v1::SealedText,
    ) -> Result<SecretString, CryptoError> {
        let secret = open_with(key, text)?;
        self.cache.keep(id, key);
        Ok(secret)
    }
}

fn open_with(key: &DerivedKey, text: &v1::SealedText) -> Result<SecretString, CryptoError> {
    let nonce = Nonce::from(text.iv);
    cipher::open::<U16>(key.bytes(), &nonce, b"", text.tag, text.data.clone())
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_executor::block_on;
    use futures_util::FutureExt;
    use futures_util::future::join_all;

    use super::*;
    use crate::{DEFAULT_CACHE_ENTRIES, InlineKdf, Salt, derive_key};

    /// Written by Node's `crypto` under the contract; must open for ever.
    const PINNED_KEY: &str = "pinned-v1-master-key-0123456789abcdef";
    const PINNED_TOKEN: &str = "31cd1c530254c8786fcea5381c27d993:a7b124a410b04a954994ffd4106dad19:8038e54f044595209734b17043727935:f35a11632f099c05fd1d8849dc7f8baf43617a5094952f130cfd5067dc";
    const PINNED_PLAINTEXT: &str = "sk_test_pinned_ünïcode_🔑";

    fn master(key: &str) -> Arc<MasterKey> {
        Arc::new(MasterKey::parse(key.to_owned()).unwrap())
    }

    fn read() -> Turn {
        Turn::new("acme", Purpose::Read)
    }

    fn save() -> Turn {
        Turn::new("acme", Purpose::Save)
    }

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    fn ring(keys: &[&str]) -> KeyRing {
        let keys: Vec<_> = keys.iter().map(|&key| key.to_owned()).collect();
        KeyRing::parse(keys[0].clone(), Vec::new(), keys[1..].to_vec()).unwrap()
    }

    fn sealer() -> Sealer<InlineKdf> {
        Sealer::new(InlineKdf, DEFAULT_CACHE_ENTRIES).unwrap()
    }

    #[test]
    fn the_pinned_v1_token_opens_for_ever() {
        let token = v1::SealedText::parse(PINNED_TOKEN).unwrap();
        let opened = block_on(sealer().open_v1(master(PINNED_KEY), read(), &token)).unwrap();
        assert_eq!(opened.expose(), PINNED_PLAINTEXT);
    }

    #[test]
    fn values_round_trip_and_never_repeat_salt_or_iv() {
        let sealer = sealer();
        for text in ["", "x", "\u{feff}bom", "a\0b", "🔑", &"long".repeat(50_000)] {
            let seal =
                || block_on(sealer.seal_v1(master(PINNED_KEY), save(), &secret(text))).unwrap();
            let (first, second) = (seal(), seal());
            assert_ne!(first.salt, second.salt);
            assert_ne!(first.iv, second.iv);
            let opened = block_on(sealer.open_v1(master(PINNED_KEY), read(), &first)).unwrap();
            assert_eq!(opened.expose(), text);
        }
    }

    #[test]
    fn any_changed_byte_and_any_other_key_is_refused() {
        let sealer = sealer();
        let token = block_on(sealer.seal_v1(master(PINNED_KEY), save(), &secret("value"))).unwrap();
        let open = |key: &str, token| block_on(sealer.open_v1(master(key), read(), &token));

        let other_key = open("another-master-key-0123456789abcdef", token.clone());
        assert_eq!(other_key.unwrap_err(), CryptoError::DecryptionFailed);

        let changes: [fn(&mut v1::SealedText); 4] = [
            |token| token.salt[0] ^= 1,
            |token| token.iv[15] ^= 1,
            |token| token.tag[0] ^= 0x80,
            |token| token.data[4] ^= 1,
        ];
        for change in changes {
            let mut damaged = token.clone();
            change(&mut damaged);
            assert_eq!(open(PINNED_KEY, damaged).unwrap_err(), CryptoError::DecryptionFailed);
        }
    }

    #[test]
    fn a_cached_key_answers_at_once_and_an_unknown_one_does_not() {
        let sealer = sealer();
        let ring = ring(&[PINNED_KEY]);
        let token = SealedText::parse(PINNED_TOKEN).unwrap();
        let place = Context::none();
        assert!(sealer.open_cached(&ring, &place, &token).is_none());
        block_on(sealer.open(&ring, &place, &token)).unwrap();
        let opened = sealer.open_cached(&ring, &place, &token).unwrap().unwrap();
        assert_eq!(opened.expose(), PINNED_PLAINTEXT);
    }

    /// Counts derivations and yields once, so that concurrent callers really overlap.
    #[derive(Default)]
    struct CountingKdf {
        calls: AtomicUsize,
        now: AtomicUsize,
        most_at_once: AtomicUsize,
        failures: usize,
    }

    impl KeyDerivation for CountingKdf {
        async fn derive(
            &self,
            master: Arc<MasterKey>,
            salt: Salt,
            _: Turn,
        ) -> Result<DerivedKey, CryptoError> {
            let call = self.calls.fetch_add(1, Ordering::SeqCst);
            let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
            self.most_at_once.fetch_max(now, Ordering::SeqCst);
            let mut yielded = false;
            std::future::poll_fn(|context| {
                if yielded {
                    return std::task::Poll::Ready(());
                }
                yielded = true;
                context.waker().wake_by_ref();
                std::task::Poll::Pending
            })
            .await;
            self.now.fetch_sub(1, Ordering::SeqCst);
            if call < self.failures {
                return Err(CryptoError::DerivationFailed);
            }
            derive_key(&master, &salt)
        }
    }

    #[test]
    fn concurrent_first_reads_of_one_value_derive_once() {
        let sealer = Sealer::new(CountingKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let token = v1::SealedText::parse(PINNED_TOKEN).unwrap();
        let reads = (0..50).map(|_| sealer.open_v1(master(PINNED_KEY), read(), &token));
        let opened = block_on(join_all(reads));
        assert!(opened.iter().all(|result| result.as_ref().unwrap().expose() == PINNED_PLAINTEXT));
        assert_eq!(sealer.kdf.calls.load(Ordering::SeqCst), 1);
    }

    /// Never ends its first derivation, like a request that a host has cut off.
    #[derive(Default)]
    struct CutOffKdf {
        calls: AtomicUsize,
    }

    impl KeyDerivation for CutOffKdf {
        const SINGLE_FLIGHT: bool = false;

        async fn derive(
            &self,
            master: Arc<MasterKey>,
            salt: Salt,
            _: Turn,
        ) -> Result<DerivedKey, CryptoError> {
            if self.calls.fetch_add(1, Ordering::SeqCst) == 0 {
                std::future::pending::<()>().await;
            }
            derive_key(&master, &salt)
        }
    }

    #[test]
    fn without_single_flight_no_caller_waits_for_another() {
        let sealer = Sealer::new(CutOffKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let token = v1::SealedText::parse(PINNED_TOKEN).unwrap();
        let mut cut_off = Box::pin(sealer.open_v1(master(PINNED_KEY), read(), &token));
        assert!(cut_off.as_mut().now_or_never().is_none());
        let read = || block_on(sealer.open_v1(master(PINNED_KEY), read(), &token));
        assert_eq!(read().unwrap().expose(), PINNED_PLAINTEXT);
        assert_eq!(read().unwrap().expose(), PINNED_PLAINTEXT);
        assert_eq!(sealer.kdf.calls.load(Ordering::SeqCst), 2);
    }

    /// One for which two keys cost less together.
    #[derive(Default)]
    struct BatchingKdf(CountingKdf);

    impl KeyDerivation for BatchingKdf {
        const CHEAPER_TOGETHER: bool = true;

        async fn derive(
            &self,
            master: Arc<MasterKey>,
            salt: Salt,
            turn: Turn,
        ) -> Result<DerivedKey, CryptoError> {
            self.0.derive(master, salt, turn).await
        }
    }

    #[test]
    fn two_keys_are_tried_at_once_by_the_very_first_read_alone() {
        let elsewhere = sealer();
        let sealer = Sealer::new(BatchingKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let ring = ring(&[OTHER_KEYS[0], PINNED_KEY, OTHER_KEYS[1]]);
        let context = Context::new("acme", "stripe", "secretKey").unwrap();
        for (key, expected) in [(PINNED_KEY, 2), (PINNED_KEY, 3), (OTHER_KEYS[0], 6)] {
            let text = block_on(elsewhere.seal_v1(master(key), save(), &secret("value"))).unwrap();
            block_on(sealer.open(&ring, &context, &SealedText::V1(text))).unwrap();
            assert_eq!(sealer.kdf.0.calls.load(Ordering::SeqCst), expected);
        }
        assert_eq!(sealer.kdf.0.most_at_once.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_failed_derivation_is_not_cached() {
        let kdf = CountingKdf { failures: 1, ..CountingKdf::default() };
        let sealer = Sealer::new(kdf, DEFAULT_CACHE_ENTRIES).unwrap();
        let token = v1::SealedText::parse(PINNED_TOKEN).unwrap();
        let read = || block_on(sealer.open_v1(master(PINNED_KEY), read(), &token));
        assert_eq!(read().unwrap_err(), CryptoError::DerivationFailed);
        assert_eq!(read().unwrap().expose(), PINNED_PLAINTEXT);
    }

    const OTHER_KEYS: [&str; 3] = [
        "another-master-key-0123456789abcdef",
        "a-third-master-key-0123456789abcdef",
        "one-more-master-key-0123456789abcde",
    ];

    fn open_pinned(
        sealer: &Sealer<CountingKdf>,
        keys: &[&str],
    ) -> impl Future<Output = Result<SecretString, CryptoError>> {
        let ring = ring(keys);
        let token = SealedText::parse(PINNED_TOKEN).unwrap();
        async move { sealer.open(&ring, &Context::none(), &token).await }
    }

    #[test]
    fn the_current_key_is_tried_before_the_others() {
        let sealer = Sealer::new(CountingKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let opened = block_on(open_pinned(&sealer, &[PINNED_KEY, OTHER_KEYS[0]])).unwrap();
        assert_eq!(opened.expose(), PINNED_PLAINTEXT);
        assert_eq!(sealer.kdf.calls.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_key_that_opened_is_tried_first_the_next_time_and_one_that_did_not_is_not() {
        // Has a cache of its own: a cached key would answer at once.
        let elsewhere = sealer();
        let sealer = Sealer::new(CountingKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let ring = ring(&[OTHER_KEYS[0], PINNED_KEY, OTHER_KEYS[1]]);
        let place = |tenant| Context::new(tenant, "stripe", "secretKey").unwrap();
        let seal =
            |key: &str| block_on(elsewhere.seal_v1(master(key), save(), &secret("value"))).unwrap();
        let derived = |tenant, text: v1::SealedText| {
            let before = sealer.kdf.calls.load(Ordering::SeqCst);
            let opened = block_on(sealer.open(&ring, &place(tenant), &SealedText::V1(text)));
            (opened.is_ok(), sealer.kdf.calls.load(Ordering::SeqCst) - before)
        };
        let token = seal(PINNED_KEY);
        assert_eq!(derived("acme", token), (true, 3));
        let token = seal(PINNED_KEY);
        assert_eq!(derived("acme", token), (true, 1));
        let token = seal(PINNED_KEY);
        assert_eq!(derived("rawdog", token), (true, 1));
        let foreign = seal(OTHER_KEYS[2]);
        assert_eq!(derived("acme", foreign), (false, 3));
        let token = seal(PINNED_KEY);
        assert_eq!(derived("acme", token), (true, 1));
    }

    #[test]
    fn other_keys_are_derived_at_once_and_only_the_one_that_opened_is_cached() {
        let [one, two, three] = OTHER_KEYS;
        let sealer = Sealer::new(CountingKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let keys = [one, two, PINNED_KEY, three];
        let opened = block_on(open_pinned(&sealer, &keys)).unwrap();
        assert_eq!(opened.expose(), PINNED_PLAINTEXT);
        let derived = sealer.kdf.calls.load(Ordering::SeqCst);
        assert_eq!(derived, 4);
        assert_eq!(sealer.kdf.most_at_once.load(Ordering::SeqCst), 3);

        block_on(open_pinned(&sealer, &keys)).unwrap();
        assert_eq!(sealer.kdf.calls.load(Ordering::SeqCst), derived);
        let salt = v1::SealedText::parse(PINNED_TOKEN).unwrap().salt;
        for key in OTHER_KEYS {
            assert!(sealer.cache.find(sealer.cache.id(&master(key), &salt)).is_none());
        }
    }

    #[test]
    fn a_value_under_no_key_of_the_ring_is_refused_and_caches_nothing() {
        let sealer = Sealer::new(CountingKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let failed = block_on(open_pinned(&sealer, &OTHER_KEYS));
        assert_eq!(failed.unwrap_err(), CryptoError::DecryptionFailed);
        let salt = v1::SealedText::parse(PINNED_TOKEN).unwrap().salt;
        for key in OTHER_KEYS {
            assert!(sealer.cache.find(sealer.cache.id(&master(key), &salt)).is_none());
        }
        let opened = block_on(open_pinned(&sealer, &[OTHER_KEYS[0], PINNED_KEY])).unwrap();
        assert_eq!(opened.expose(), PINNED_PLAINTEXT);
    }

    #[test]
    fn fifty_first_reads_under_a_previous_key_derive_each_key_once() {
        let sealer = Sealer::new(CountingKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let reads = (0..50).map(|_| open_pinned(&sealer, &[OTHER_KEYS[0], PINNED_KEY]));
        let opened = block_on(join_all(reads));
        assert!(opened.iter().all(|result| result.as_ref().unwrap().expose() == PINNED_PLAINTEXT));
        assert_eq!(sealer.kdf.calls.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_failed_derivation_is_not_taken_for_a_wrong_key() {
        let kdf = CountingKdf { failures: 1, ..CountingKdf::default() };
        let sealer = Sealer::new(kdf, DEFAULT_CACHE_ENTRIES).unwrap();
        let failed = block_on(open_pinned(&sealer, &OTHER_KEYS));
        assert_eq!(failed.unwrap_err(), CryptoError::DerivationFailed);
    }

    #[test]
    fn damage_does_not_push_the_right_key_out_of_the_cache() {
        let sealer = Sealer::new(CountingKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let token = v1::SealedText::parse(PINNED_TOKEN).unwrap();
        block_on(sealer.open_v1(master(PINNED_KEY), read(), &token)).unwrap();
        let mut damaged = token.clone();
        damaged.data[0] ^= 1;
        let failed = block_on(sealer.open_v1(master(PINNED_KEY), read(), &damaged));
        assert_eq!(failed.unwrap_err(), CryptoError::DecryptionFailed);
        block_on(sealer.open_v1(master(PINNED_KEY), read(), &token)).unwrap();
        assert_eq!(sealer.kdf.calls.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn a_tenant_key_opens_no_v1_token() {
        let tenant_key = ring(&[&"ab".repeat(32)]).derive_tenant_key("acme").unwrap();
        let sealer = Sealer::new(CountingKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let refused = block_on(open_pinned(&sealer, &[tenant_key.expose()]));
        assert_eq!(refused.unwrap_err(), CryptoError::MasterKeyNeeded);
        assert_eq!(sealer.kdf.calls.load(Ordering::SeqCst), 0);
    }
}
