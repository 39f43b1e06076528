use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasherDefault, Hash, Hasher};
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_lock::OnceCell;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::text::Salt;
use crate::random::make_random;
use crate::{CryptoError, DerivedKey, MasterKey};

/// Derived keys that are cached at most, at about 200 bytes each: 13 MB.
pub const DEFAULT_CACHE_ENTRIES: NonZeroUsize = NonZeroUsize::new(65_536).unwrap();

/// Derived keys that opened or sealed a value, by (master key, salt).
///
/// A salt never changes before its value does, so an entry never goes stale. Where there is no room, a
/// random one is dropped and wiped: one of those that were used longest ago would be the next to be
/// read where all values are read in rotation, and no read would find its key.
#[derive(Debug)]
pub(crate) struct DerivedKeyCache {
    capacity: NonZeroUsize,
    keys: Mutex<Keys>,
    /// What is being derived, for callers who wait for one derivation.
    flights: Mutex<HashMap<EntryId, Arc<OnceCell<DerivedKey>>, IdHashing>>,
    hash_key: Zeroizing<[u8; 32]>,
}

#[derive(Debug, Default)]
struct Keys {
    places: HashMap<EntryId, usize, IdHashing>,
    entries: Vec<(EntryId, DerivedKey)>,
    random: u64,
}

type IdHashing = BuildHasherDefault<IdHasher>;

/// SHA-256 over a per-process random value, the master key and the salt: the cache holds no copy of
/// the master key, and nothing a password could be guessed against from outside the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct EntryId([u8; 32]);

impl Hash for EntryId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&self.0);
    }
}

/// Takes the start of an id, which is a hash already.
#[derive(Default)]
pub(crate) struct IdHasher(u64);

impl Hasher for IdHasher {
    fn write(&mut self, id: &[u8]) {
        self.0 = id.first_chunk().map_or(0, |start| u64::from_ne_bytes(*start));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A derivation that callers share. Forgotten when the last of them is done with it.
pub(crate) struct Flight<'cache> {
    cache: &'cache DerivedKeyCache,
    id: EntryId,
    pub(crate) key: Arc<OnceCell<DerivedKey>>,
}

impl DerivedKeyCache {
    pub(crate) fn new(capacity: NonZeroUsize) -> Result<Self, CryptoError> {
        Ok(Self {
            capacity,
            keys: Mutex::default(),
            flights: Mutex::default(),
            hash_key: Zeroizing::new(make_random()?),
        })
    }

    pub(crate) fn id(&self, master: &MasterKey, salt: &Salt) -> EntryId {
        let mut hash = Sha256::new();
        hash.update(*self.hash_key);
        hash.update(salt);
        hash.update(master.password());
        EntryId(hash.finalize().into())
    }

    /// The key of a value, if it was the right one before.
    pub(crate) fn find(&self, id: EntryId) -> Option<DerivedKey> {
        let keys = lock(&self.keys);
        let (_, key) = keys.entries.get(*keys.places.get(&id)?)?;
        Some(key.clone())
    }

    /// Keeps a key, which has to be the right one.
    pub(crate) fn keep(&self, id: EntryId, key: &DerivedKey) {
        let mut keys = lock(&self.keys);
        let Keys { places, entries, random } = &mut *keys;
        let Entry::Vacant(place) = places.entry(id) else { return };
        if entries.len() < self.capacity.get() {
            place.insert(entries.len());
            entries.push((id, key.clone()));
            return;
        }
        let dropped = next_random(random) % self.capacity;
        if let Some(entry) = entries.get_mut(dropped) {
            place.insert(dropped);
            let (former, _) = std::mem::replace(entry, (id, key.clone()));
            places.remove(&former);
        }
    }

    /// The derivation of a value's key, begun by whoever asks first.
    pub(crate) fn flight(&self, id: EntryId) -> Flight<'_> {
        let key = lock(&self.flights).entry(id).or_default().clone();
        Flight { cache: self, id, key }
    }
}

impl Drop for Flight<'_> {
    fn drop(&mut self) {
        let mut flights = lock(&self.cache.flights);
        // Of this one and of the map.
        if Arc::strong_count(&self.key) <= 2 {
            flights.remove(&self.id);
        }
    }
}

/// Of a linear congruential generator (Knuth's MMIX): which key is dropped is no secret.
fn next_random(state: &mut u64) -> usize {
    *state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
    usize::try_from(*state >> 33).unwrap_or_default()
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
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

    fn key(byte: u8) -> DerivedKey {
        DerivedKey::fill(|key| *key = [byte; 32])
    }

    fn salt(number: usize) -> Salt {
        (number as u128).to_be_bytes()
    }

    #[test]
    fn entries_differ_by_master_key_and_by_salt() {
        let cache = cache(8);
        let id = cache.id(&master("a"), &[1; 16]);
        cache.keep(id, &key(1));
        assert_eq!(cache.find(cache.id(&master("a"), &[1; 16])), Some(key(1)));
        assert_eq!(cache.find(cache.id(&master("a"), &[2; 16])), None);
        assert_eq!(cache.find(cache.id(&master("b"), &[1; 16])), None);
    }

    #[test]
    fn the_cache_is_bounded_and_finds_what_it_kept_last() {
        let cache = cache(4);
        for number in 0..100 {
            let id = cache.id(&master("a"), &salt(number));
            cache.keep(id, &key(1));
            cache.keep(id, &key(2));
            assert_eq!(cache.find(id), Some(key(1)));
            let keys = lock(&cache.keys);
            assert_eq!(
                (keys.entries.len(), keys.places.len()),
                (4.min(number + 1), 4.min(number + 1))
            );
        }
    }

    #[test]
    fn reading_a_few_more_values_in_rotation_than_there_is_room_for_finds_most_of_them() {
        let (places, values, rounds) = (1000, 1050, 20);
        let cache = cache(places);
        let mut found = 0;
        for number in (0..values).cycle().take(values * rounds) {
            let id = cache.id(&master("a"), &salt(number));
            match cache.find(id) {
                Some(_) => found += 1,
                None => cache.keep(id, &key(1)),
            }
        }
        // The least recently used ones dropped first, it would be none.
        assert!(found > values * rounds * 7 / 10, "{found}");
    }

    #[test]
    fn a_flight_is_shared_while_somebody_waits_for_it_and_forgotten_after() {
        let cache = cache(4);
        let id = cache.id(&master("a"), &[1; 16]);
        let (first, second) = (cache.flight(id), cache.flight(id));
        assert!(Arc::ptr_eq(&first.key, &second.key));
        drop(first);
        assert_eq!(lock(&cache.flights).len(), 1);
        drop(second);
        assert!(lock(&cache.flights).is_empty());
    }
}
