use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock};

use cgk_crypto::{DEFAULT_CAPACITY, DerivedKey, KeyDeriver, MasterKey, Salt, Vault, VaultError};
use tokio::sync::Semaphore;

/// The vault of this process. It holds no tenant and no configuration, only derived keys.
pub(crate) static VAULT: LazyLock<Result<Arc<Vault<ThreadDeriver>>, VaultError>> =
    LazyLock::new(|| Vault::new(ThreadDeriver::new(), DEFAULT_CAPACITY).map(Arc::new));

/// Derives keys on worker threads. One core is left to the event loop, which would have to wait for
/// its turn otherwise.
#[derive(Debug)]
pub(crate) struct ThreadDeriver {
    free_cores: Semaphore,
}

impl ThreadDeriver {
    fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { free_cores: Semaphore::new(cores.saturating_sub(1).max(1)) }
    }
}

impl KeyDeriver for ThreadDeriver {
    async fn derive(&self, master: Arc<MasterKey>, salt: Salt) -> Result<DerivedKey, VaultError> {
        let _core = self.free_cores.acquire().await.map_err(|_| VaultError::DerivationFailed)?;
        tokio::task::spawn_blocking(move || cgk_crypto::derive_key(&master, &salt))
            .await
            .map_err(|_| VaultError::DerivationFailed)
    }
}
