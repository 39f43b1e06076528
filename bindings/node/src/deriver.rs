use std::num::NonZeroUsize;
use std::sync::{Arc, LazyLock};

use cgk_vault::{DEFAULT_CAPACITY, DerivedKey, KeyDeriver, MasterKey, Salt, Vault, VaultError};
use tokio::sync::Semaphore;

/// The vault of this process. It holds no tenant and no configuration, only derived keys.
pub(crate) static VAULT: LazyLock<Result<Arc<Vault<ThreadDeriver>>, VaultError>> =
    LazyLock::new(|| Vault::new(ThreadDeriver::new(), DEFAULT_CAPACITY).map(Arc::new));

/// Derives keys on worker threads, at most one for each core.
#[derive(Debug)]
pub(crate) struct ThreadDeriver {
    cores: Semaphore,
}

impl ThreadDeriver {
    fn new() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        Self { cores: Semaphore::new(cores) }
    }
}

impl KeyDeriver for ThreadDeriver {
    async fn derive(&self, master: Arc<MasterKey>, salt: Salt) -> Result<DerivedKey, VaultError> {
        let _core = self.cores.acquire().await.map_err(|_| VaultError::DerivationFailed)?;
        tokio::task::spawn_blocking(move || cgk_vault::derive_key(&master, &salt))
            .await
            .map_err(|_| VaultError::DerivationFailed)
    }
}
