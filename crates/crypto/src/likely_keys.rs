//! Which key of a ring opened the last v1 token of a tenant: it is tried first.
//!
//! A rotation goes from tenant to tenant, so that the values of one are under one key nearly always. It
//! is a guess only: the other keys are tried all the same. Only a token that opened makes one. So the
//! time that a read takes says no more than which key opened the last token, which is no secret: a v2
//! token names its key.

use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};

/// Tenants beyond these share a guess with another one.
const TENANT_SLOTS: usize = 1024;
/// The guess for tenants of which nothing was opened yet.
const ANY_TENANT: usize = TENANT_SLOTS;

/// What was opened under a ring.
pub(crate) struct LikelyKeys {
    /// Positions of keys, each plus one; zero where nothing was opened.
    guesses: Vec<AtomicU8>,
    was_asked: AtomicBool,
}

impl LikelyKeys {
    /// For a ring of so many keys; for a single one there is nothing to guess.
    pub(crate) fn new(keys: usize) -> Self {
        let slots = if keys > 1 { TENANT_SLOTS + 1 } else { 0 };
        let guesses = (0..slots).map(|_| AtomicU8::new(0)).collect();
        Self { guesses, was_asked: AtomicBool::new(false) }
    }

    /// Whether nothing is known, nor looked for by another call: for one call alone, because those of a
    /// burst would all look.
    pub(crate) fn is_unknown(&self) -> bool {
        !self.was_asked.swap(true, Ordering::Relaxed)
    }

    /// The position of the key that is tried first; that of the current one if nothing is known.
    pub(crate) fn position(&self, tenant: &str) -> usize {
        let guess = |slot: usize| {
            self.guesses.get(slot).map_or(0, |guess: &AtomicU8| guess.load(Ordering::Relaxed))
        };
        let known = [slot_of(tenant), ANY_TENANT].map(guess).into_iter().find(|guess| *guess > 0);
        known.map_or(0, |guess| usize::from(guess) - 1)
    }

    /// Remembers which key opened a token.
    pub(crate) fn remember(&self, tenant: &str, position: usize) {
        let guess = u8::try_from(position + 1).unwrap_or_default();
        for slot in [slot_of(tenant), ANY_TENANT].iter().filter_map(|slot| self.guesses.get(*slot))
        {
            slot.store(guess, Ordering::Relaxed);
        }
    }
}

/// FNV-1a.
fn slot_of(tenant: &str) -> usize {
    let hash = tenant
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    usize::try_from(hash).unwrap_or_default() % TENANT_SLOTS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_has_a_guess_of_its_own_and_until_then_that_of_the_last_one() {
        let likely = LikelyKeys::new(3);
        assert_eq!(likely.position("acme"), 0);
        assert_eq!([likely.is_unknown(), likely.is_unknown()], [true, false]);
        likely.remember("acme", 2);
        assert_eq!([likely.position("acme"), likely.position("rawdog")], [2, 2]);
        likely.remember("rawdog", 0);
        assert_eq!([likely.position("acme"), likely.position("rawdog")], [2, 0]);
    }

    #[test]
    fn for_a_single_key_nothing_is_kept() {
        let likely = LikelyKeys::new(1);
        likely.remember("acme", 0);
        assert_eq!((likely.position("acme"), likely.guesses.len()), (0, 0));
    }
}
