use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock};

use cgk_crypto::{
    CryptoError, DEFAULT_CACHE_ENTRIES, DerivedKey, KeyDerivation, MasterKey, Salt, Sealer,
};
use tokio::sync::Semaphore;

/// The sealer of this process. It holds no tenant and no configuration, only derived keys.
pub(crate) static SEALER: LazyLock<Result<Arc<Sealer<ThreadKdf>>, CryptoError>> =
    LazyLock::new(|| Sealer::new(ThreadKdf::new(), DEFAULT_CACHE_ENTRIES).map(Arc::new));

/// Derives keys on worker threads. One core is left to the event loop, which would have to wait for
/// its turn otherwise.
#[derive(Debug)]
pub(crate) struct ThreadKdf {
    free_cores: Semaphore,
}

impl ThreadKdf {
    fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { free_cores: Semaphore::new(cores.saturating_sub(1).max(1)) }
    }
}

impl KeyDerivation for ThreadKdf {
    async fn derive(&self, master: Arc<MasterKey>, salt: Salt) -> Result<DerivedKey, CryptoError> {
        let _core = self.free_cores.acquire().await.map_err(|_| CryptoError::DerivationFailed)?;
        tokio::task::spawn_blocking(move || cgk_crypto::derive_key(&master, &salt))
            .await
            .map_err(|_| CryptoError::DerivationFailed)
    }
}
