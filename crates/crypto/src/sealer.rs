use std::future::ready;
use std::num::NonZeroUsize;
use std::sync::Arc;

use aes_gcm::Nonce;
use aes_gcm::aead::consts::U16;

use crate::cache::DerivedKeyCache;
use crate::random::make_random;
use crate::{
    CryptoError, DerivedKey, KeyDerivation, MasterKey, Salt, SealedText, SecretString, cipher,
};

/// Seals and opens v1 tokens, caching derived keys.
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

    /// Encrypts `plaintext` under a fresh salt and a fresh IV.
    pub async fn seal(
        &self,
        master: Arc<MasterKey>,
        plaintext: &SecretString,
    ) -> Result<SealedText, CryptoError> {
        let salt = make_random()?;
        let iv = make_random()?;
        let key = self.derived_key(master, salt).await?;
        let (tag, data) = cipher::seal::<U16>(key.bytes(), &Nonce::from(iv), plaintext.expose())?;
        Ok(SealedText { salt, iv, tag, data })
    }

    /// Decrypts a token, deriving its key unless it is cached.
    ///
    /// Concurrent first reads of one value share one derivation if `D` allows it. Dropping
    /// the future is harmless: another caller takes the derivation over.
    pub async fn open(
        &self,
        master: Arc<MasterKey>,
        token: SealedText,
    ) -> Result<SecretString, CryptoError> {
        let key = self.derived_key(master, token.salt).await?;
        open_with(&key, token)
    }

    /// Decrypts at once if the key is cached (about a microsecond); otherwise hands the token
    /// back for [`Sealer::open`].
    pub fn open_cached(
        &self,
        master: &MasterKey,
        token: SealedText,
    ) -> Result<Result<SecretString, CryptoError>, SealedText> {
        match self.cache.cell(master, &token.salt).get() {
            Some(key) => Ok(open_with(key, token)),
            None => Err(token),
        }
    }

    async fn derived_key(
        &self,
        master: Arc<MasterKey>,
        salt: Salt,
    ) -> Result<DerivedKey, CryptoError> {
        let cell = self.cache.cell(&master, &salt);
        if D::SINGLE_FLIGHT {
            return cell.get_or_try_init(|| self.kdf.derive(master, salt)).await.cloned();
        }
        if let Some(key) = cell.get() {
            return Ok(key.clone());
        }
        let key = self.kdf.derive(master, salt).await?;
        Ok(cell.get_or_init(|| ready(key)).await.clone())
    }
}

fn open_with(key: &DerivedKey, token: SealedText) -> Result<SecretString, CryptoError> {
    cipher::open::<U16>(key.bytes(), &Nonce::from(token.iv), token.tag, token.data)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_executor::block_on;
    use futures_util::FutureExt;
    use futures_util::future::join_all;

    use super::*;
    use crate::{DEFAULT_CACHE_ENTRIES, InlineKdf, derive_key};

    /// Written by Node's `crypto` under the contract; must open for ever.
    const PINNED_KEY: &str = "pinned-v1-master-key-0123456789abcdef";
    const PINNED_TOKEN: &str = "31cd1c530254c8786fcea5381c27d993:a7b124a410b04a954994ffd4106dad19:8038e54f044595209734b17043727935:f35a11632f099c05fd1d8849dc7f8baf43617a5094952f130cfd5067dc";
    const PINNED_PLAINTEXT: &str = "sk_test_pinned_ünïcode_🔑";

    fn master(key: &str) -> Arc<MasterKey> {
        Arc::new(MasterKey::parse(key.to_owned()).unwrap())
    }

    fn secret(text: &str) -> SecretString {
        SecretString::from(text.to_owned())
    }

    fn sealer() -> Sealer<InlineKdf> {
        Sealer::new(InlineKdf, DEFAULT_CACHE_ENTRIES).unwrap()
    }

    #[test]
    fn the_pinned_v1_token_opens_for_ever() {
        let token = SealedText::parse(PINNED_TOKEN).unwrap();
        let opened = block_on(sealer().open(master(PINNED_KEY), token)).unwrap();
        assert_eq!(opened.expose(), PINNED_PLAINTEXT);
    }

    #[test]
    fn values_round_trip_and_never_repeat_salt_or_iv() {
        let sealer = sealer();
        for text in ["", "x", "\u{feff}bom", "a\0b", "🔑", &"long".repeat(50_000)] {
            let seal = || block_on(sealer.seal(master(PINNED_KEY), &secret(text))).unwrap();
            let (first, second) = (seal(), seal());
            assert_ne!(first.salt, second.salt);
            assert_ne!(first.iv, second.iv);
            let opened = block_on(sealer.open(master(PINNED_KEY), first)).unwrap();
            assert_eq!(opened.expose(), text);
        }
    }

    #[test]
    fn any_changed_byte_and_any_other_key_is_refused() {
        let sealer = sealer();
        let token = block_on(sealer.seal(master(PINNED_KEY), &secret("value"))).unwrap();
        let open = |key: &str, token: SealedText| block_on(sealer.open(master(key), token));

        let other_key = open("another-master-key-0123456789abcdef", token.clone());
        assert_eq!(other_key.unwrap_err(), CryptoError::DecryptionFailed);

        let changes: [fn(&mut SealedText); 4] = [
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
    fn a_cached_key_answers_at_once_and_an_unknown_one_hands_the_token_back() {
        let sealer = sealer();
        let master = master(PINNED_KEY);
        let token = SealedText::parse(PINNED_TOKEN).unwrap();
        let token = sealer.open_cached(&master, token).unwrap_err();
        block_on(sealer.open(master.clone(), token.clone())).unwrap();
        let opened = sealer.open_cached(&master, token).unwrap().unwrap();
        assert_eq!(opened.expose(), PINNED_PLAINTEXT);
    }

    /// Counts derivations and yields once, so that concurrent callers really overlap.
    #[derive(Default)]
    struct CountingKdf {
        calls: AtomicUsize,
        failures: usize,
    }

    impl KeyDerivation for CountingKdf {
        async fn derive(
            &self,
            master: Arc<MasterKey>,
            salt: Salt,
        ) -> Result<DerivedKey, CryptoError> {
            let call = self.calls.fetch_add(1, Ordering::SeqCst);
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
            if call < self.failures {
                return Err(CryptoError::DerivationFailed);
            }
            Ok(derive_key(&master, &salt))
        }
    }

    #[test]
    fn concurrent_first_reads_of_one_value_derive_once() {
        let sealer = Sealer::new(CountingKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let token = SealedText::parse(PINNED_TOKEN).unwrap();
        let reads = (0..50).map(|_| sealer.open(master(PINNED_KEY), token.clone()));
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
        ) -> Result<DerivedKey, CryptoError> {
            if self.calls.fetch_add(1, Ordering::SeqCst) == 0 {
                std::future::pending::<()>().await;
            }
            Ok(derive_key(&master, &salt))
        }
    }

    #[test]
    fn without_single_flight_no_caller_waits_for_another() {
        let sealer = Sealer::new(CutOffKdf::default(), DEFAULT_CACHE_ENTRIES).unwrap();
        let token = SealedText::parse(PINNED_TOKEN).unwrap();
        let mut cut_off = Box::pin(sealer.open(master(PINNED_KEY), token.clone()));
        assert!(cut_off.as_mut().now_or_never().is_none());
        let read = || block_on(sealer.open(master(PINNED_KEY), token.clone()));
        assert_eq!(read().unwrap().expose(), PINNED_PLAINTEXT);
        assert_eq!(read().unwrap().expose(), PINNED_PLAINTEXT);
        assert_eq!(sealer.kdf.calls.load(Ordering::SeqCst), 2);
    }

    #[test]
    fn a_failed_derivation_is_not_cached() {
        let kdf = CountingKdf { failures: 1, ..CountingKdf::default() };
        let sealer = Sealer::new(kdf, DEFAULT_CACHE_ENTRIES).unwrap();
        let token = SealedText::parse(PINNED_TOKEN).unwrap();
        let read = || block_on(sealer.open(master(PINNED_KEY), token.clone()));
        assert_eq!(read().unwrap_err(), CryptoError::DerivationFailed);
        assert_eq!(read().unwrap().expose(), PINNED_PLAINTEXT);
    }
}
