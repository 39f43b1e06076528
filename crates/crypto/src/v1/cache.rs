use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_lock::OnceCell;
use lru::LruCache;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::text::Salt;
use crate::random::make_random;
use crate::{CryptoError, DerivedKey, MasterKey};

/// Derived keys that are cached before the least recently used one is dropped and wiped.
pub const DEFAULT_CACHE_ENTRIES: NonZeroUsize = NonZeroUsize::new(4096).unwrap();

/// A cell that is filled once; other callers wait meanwhile for that one derivation.
pub(crate) type KeyCell = Arc<OnceCell<DerivedKey>>;

/// Derived keys by (master key, salt), the least recently used dropped first.
///
/// A salt never changes before its value does, so an entry never goes stale.
#[derive(Debug)]
pub(crate) struct DerivedKeyCache {
    cells: Mutex<Cells>,
    hash_key: Zeroizing<[u8; 32]>,
}

type Cells = LruCache<EntryId, KeyCell, BuildHasherDefault<IdHasher>>;

/// SHA-256 over a per-process random value, the master key and the salt: the cache holds no copy of
/// the master key, and nothing a password could be guessed against from outside the process.
#[derive(Debug, PartialEq, Eq)]
struct EntryId([u8; 32]);

impl Hash for EntryId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&self.0);
    }
}

/// Takes the start of an id, which is a hash already.
#[derive(Default)]
struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, id: &[u8]) {
        self.0 = id.first_chunk().map_or(0, |start| u64::from_ne_bytes(*start));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

impl DerivedKeyCache {
    pub(crate) fn new(capacity: NonZeroUsize) -> Result<Self, CryptoError> {
        Ok(Self {
            cells: Mutex::new(LruCache::with_hasher(capacity, BuildHasherDefault::default())),
            hash_key: Zeroizing::new(make_random()?),
        })
    }

    /// The cell of a value, empty if its key has not been derived yet.
    pub(crate) fn cell(&self, master: &MasterKey, salt: &Salt) -> KeyCell {
        let id = self.entry_id(master, salt);
        self.lock().get_or_insert(id, KeyCell::default).clone()
    }

    /// The key of a value, if it has been derived: not in all cases the right one, because a cell is
    /// filled before its value is opened.
    pub(crate) fn find(&self, master: &MasterKey, salt: &Salt) -> Option<DerivedKey> {
        let id = self.entry_id(master, salt);
        self.lock().get(&id)?.get().cloned()
    }

    /// Drops a cell whose key did not open its value.
    pub(crate) fn forget(&self, master: &MasterKey, salt: &Salt, cell: &KeyCell) {
        let id = self.entry_id(master, salt);
        let mut cells = self.lock();
        if cells.peek(&id).is_some_and(|cached| Arc::ptr_eq(cached, cell)) {
            cells.pop(&id);
        }
    }

    fn entry_id(&self, master: &MasterKey, salt: &Salt) -> EntryId {
        let mut hash = Sha256::new();
        hash.update(*self.hash_key);
        hash.update(salt);
        hash.update(master.password());
        EntryId(hash.finalize().into())
    }

    fn lock(&self) -> MutexGuard<'_, Cells> {
        self.cells.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn master(letter: &str) -> MasterKey {
        MasterKey::parse(letter.repeat(32)).unwrap()
    }

    fn cache(capacity: usize) -> DerivedKeyCache {
        DerivedKeyCache::new(NonZeroUsize::new(capacity).unwrap()).unwrap()
    }

    #[test]
    fn entries_differ_by_master_key_and_by_salt() {
        let cache = cache(8);
        let cell = cache.cell(&master("a"), &[1; 16]);
        assert!(Arc::ptr_eq(&cell, &cache.cell(&master("a"), &[1; 16])));
        assert!(!Arc::ptr_eq(&cell, &cache.cell(&master("a"), &[2; 16])));
        assert!(!Arc::ptr_eq(&cell, &cache.cell(&master("b"), &[1; 16])));
    }

    #[test]
    fn the_cache_is_bounded_and_lets_go_of_evicted_keys() {
        let cache = cache(2);
        let oldest = Arc::downgrade(&cache.cell(&master("a"), &[0; 16]));
        for salt in 1..=2 {
            cache.cell(&master("a"), &[salt; 16]);
        }
        assert_eq!(cache.lock().len(), 2);
        // Nothing holds the evicted key any more, and dropping one wipes it.
        assert!(oldest.upgrade().is_none());
    }
}
