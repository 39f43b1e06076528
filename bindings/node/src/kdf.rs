use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};
use std::thread::{available_parallelism, sleep, yield_now};
use std::time::Duration;

use cgk_crypto::{
    BATCH_KEYS, CryptoError, DEFAULT_CACHE_ENTRIES, DerivedKey, KeyDerivation, MasterKey, Purpose,
    Salt, Sealer, Turn, TurnQueue, derive_keys, few_first,
};
use tokio::sync::oneshot;

/// Keys that may wait to be derived, at about three to six milliseconds each.
const MAX_WAITING: usize = 16_384;
/// Those of one tenant.
const MAX_WAITING_OF_TENANT: usize = 4_096;
/// Keys that are derived in a pause of a batch.
const KEYS_IN_PAUSE: usize = 2;
/// How long a batch waits for calls that may need a key, too, and how often it looks.
const GATHERING: Duration = Duration::from_millis(1);
const GATHERING_STEP: Duration = Duration::from_micros(100);

/// The sealer of the functions that take their key as an argument. It caches derived keys, and knows
/// no tenant and no configuration.
pub(crate) static SEALER: LazyLock<Result<Arc<Sealer<ThreadKdf>>, CryptoError>> =
    LazyLock::new(|| make_sealer(None));

/// What is to be derived, by all stores of the process.
static WORK: LazyLock<Mutex<Work>> = LazyLock::new(|| {
    let queue = TurnQueue::new(MAX_WAITING, MAX_WAITING_OF_TENANT);
    Mutex::new(Work { queue, working: 0 })
});

/// One core is left to the event loop, which would have to wait for its turn otherwise.
static MOST_WORKERS: LazyLock<usize> = LazyLock::new(|| {
    let cores = available_parallelism().map_or(1, NonZeroUsize::get);
    cores.saturating_sub(1).max(1)
});

/// Calls that are under way.
static CALLS: AtomicUsize = AtomicUsize::new(0);

struct Work {
    queue: TurnQueue<Request>,
    /// Threads that derive keys.
    working: usize,
}

struct Request {
    master: Arc<MasterKey>,
    salt: Salt,
    is_of_sweep: bool,
    answer: oneshot::Sender<DerivedKey>,
}

type Batch = Vec<(String, Request)>;

/// A sealer with a cache of its own.
pub(crate) fn make_sealer(
    capacity: Option<NonZeroUsize>,
) -> Result<Arc<Sealer<ThreadKdf>>, CryptoError> {
    Sealer::new(ThreadKdf, capacity.unwrap_or(DEFAULT_CACHE_ENTRIES)).map(Arc::new)
}

/// Counts a call for as long as it is under way.
pub(crate) struct CallUnderWay(());

impl CallUnderWay {
    pub(crate) fn begin() -> Self {
        CALLS.fetch_add(1, Ordering::Relaxed);
        Self(())
    }
}

impl Drop for CallUnderWay {
    fn drop(&mut self) {
        CALLS.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Derives keys on worker threads: all that wait at a time together, on all cores but one, which is
/// left to the event loop.
#[derive(Debug)]
pub(crate) struct ThreadKdf;

impl KeyDerivation for ThreadKdf {
    const CHEAPER_TOGETHER: bool = true;

    async fn derive(
        &self,
        master: Arc<MasterKey>,
        salt: Salt,
        turn: Turn,
    ) -> Result<DerivedKey, CryptoError> {
        let (answer, derived) = oneshot::channel();
        {
            let mut work = lock();
            let is_of_sweep = turn.purpose == Purpose::Sweep;
            let request = Request { master, salt, is_of_sweep, answer };
            work.queue.push(turn, request).map_err(|_| CryptoError::Busy)?;
            if work.working < *MOST_WORKERS {
                work.working += 1;
                tokio::task::spawn_blocking(|| Worker { is_done: false }.run());
            }
        }
        derived.await.map_err(|_| CryptoError::DerivationFailed)
    }
}

fn lock() -> MutexGuard<'static, Work> {
    WORK.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A thread that derives keys until none waits.
struct Worker {
    /// Whether it has stopped counting as one that works.
    is_done: bool,
}

impl Worker {
    fn run(mut self) {
        gather();
        while let Some(batch) = self.next_batch() {
            // How soon those of sweeps are done does not count.
            let is_parted = !batch.iter().any(|(_, request)| request.is_of_sweep);
            for part in few_first(batch, if is_parted { KEYS_IN_PAUSE } else { 0 }) {
                derive(part, true);
            }
        }
    }

    /// An equal part of what waits, but full batches of sweeps; the worker is done where nothing waits.
    fn next_batch(&mut self) -> Option<Batch> {
        let mut work = lock();
        if work.queue.is_empty() {
            work.working -= 1;
            self.is_done = true;
            return None;
        }
        let sharing = MOST_WORKERS.saturating_sub(work.working) + 1;
        let keys = work.queue.len().div_ceil(sharing).min(BATCH_KEYS);
        Some(work.queue.take(keys, BATCH_KEYS))
    }
}

/// What waits is not left alone by a worker that panicked.
impl Drop for Worker {
    fn drop(&mut self) {
        if !self.is_done {
            tokio::task::spawn_blocking(|| Worker { is_done: false }.run());
        }
    }
}

/// Waits for calls of the same burst to ask for their keys, which cost less together: not where no
/// other call is under way.
fn gather() {
    let mut waited = Duration::ZERO;
    while waited < GATHERING {
        let waiting = lock().queue.len();
        if waiting >= BATCH_KEYS || waiting >= CALLS.load(Ordering::Relaxed) {
            return;
        }
        sleep(GATHERING_STEP);
        waited += GATHERING_STEP;
    }
}

/// Derives a batch. In its pauses, keys of tenants that wait for no other one of it. What waits for this
/// core, be it the event loop or a database on the same machine, may run then, because it would have to
/// wait for the end of the scheduler's time slice otherwise.
fn derive(mut batch: Batch, has_pauses: bool) {
    batch.retain(|(_, request)| !request.answer.is_closed());
    let mut pause = || {
        if has_pauses && batch.len() > KEYS_IN_PAUSE {
            let is_other = |tenant: &str| {
                !batch.iter().any(|(name, request)| name == tenant && !request.is_of_sweep)
            };
            let others = lock().queue.take_in_pause(KEYS_IN_PAUSE, BATCH_KEYS, is_other);
            derive(others, false);
            yield_now();
        }
    };
    let of: Vec<_> = batch.iter().map(|(_, request)| (&*request.master, request.salt)).collect();
    let keys = derive_keys(&of, &mut pause);
    for ((_, request), key) in batch.into_iter().zip(keys) {
        // Nobody waits for it any more, if that fails.
        let _ = request.answer.send(key);
    }
}
