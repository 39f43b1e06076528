//! The threads that statements and their answers are handled on.

use std::num::NonZeroUsize;
use std::sync::Once;
use std::thread::available_parallelism;

use napi::bindgen_prelude::{Object, create_custom_tokio_runtime};
use napi_derive::napi;
use tokio::runtime::Builder;

/// As many threads wait for the database at most: keys have threads of their own, and one for each of a large
/// machine's cores would all start while the addon is loaded.
const MAX_THREADS: usize = 4;

static STARTED: Once = Once::new();

/// Called when the addon is loaded, by each thread of JavaScript that does, before anything that needs them.
#[napi(module_exports)]
pub fn start_threads(_exports: Object) {
    STARTED.call_once(|| {
        let cores = available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = cores.min(MAX_THREADS);
        // Without them, the default ones start.
        if let Ok(runtime) =
            Builder::new_multi_thread().worker_threads(threads).enable_all().build()
        {
            create_custom_tokio_runtime(runtime);
        }
    });
}
