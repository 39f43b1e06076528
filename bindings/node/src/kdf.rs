use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock};

use cgk_crypto::{
    CryptoError, DEFAULT_CACHE_ENTRIES, DerivedKey, KeyDerivation, MasterKey, Salt, Sealer,
};
use tokio::sync::Semaphore;

/// The sealer of the functions that take their key as an argument. It caches derived keys, and knows
/// no tenant and no configuration.
pub(crate) static SEALER: LazyLock<Result<Arc<Sealer<ThreadKdf>>, CryptoError>> =
    LazyLock::new(make_sealer);

/// A sealer with a cache of its own.
pub(crate) fn make_sealer() -> Result<Arc<Sealer<ThreadKdf>>, CryptoError> {
    Sealer::new(ThreadKdf, DEFAULT_CACHE_ENTRIES).map(Arc::new)
}

/// One core is left to the event loop, which would have to wait for its turn otherwise.
static FREE_CORES: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    Semaphore::new(cores.saturating_sub(1).max(1))
});

/// Derives keys on worker threads, at most as many at a time as the process has cores for it.
#[derive(Debug)]
pub(crate) struct ThreadKdf;

impl KeyDerivation for ThreadKdf {
    async fn derive(&self, master: Arc<MasterKey>, salt: Salt) -> Result<DerivedKey, CryptoError> {
        let _core = FREE_CORES.acquire().await.map_err(|_| CryptoError::DerivationFailed)?;
        tokio::task::spawn_blocking(move || cgk_crypto::derive_key(&master, &salt))
            .await
            .map_err(|_| CryptoError::DerivationFailed)?
    }
}
