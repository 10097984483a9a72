//! Work side by side on a pool of our own. The only module that names rayon.

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::sync::{Arc, Mutex, PoisonError};

/// A pool, the process it was made in and its number of threads. A pool does not survive `fork`,
/// so a child makes its own; the parent's is left alone there, since its threads are gone.
static POOL: Mutex<Option<(u32, usize, Arc<ThreadPool>)>> = Mutex::new(None);

/// Threads to use: as asked, or one for each processor.
#[must_use]
pub fn threads(asked: Option<usize>) -> usize {
    asked.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, usize::from)).max(1)
}

/// Does `work` on every item, side by side; results in the order of the items. Each thread lends
/// what it works with from one item to the next.
pub fn in_order<T: Sync, L: Default, R: Send>(
    items: &[T],
    asked: Option<usize>,
    work: impl Fn(&mut L, &T) -> R + Sync,
) -> Vec<R> {
    let count = threads(asked).min(items.len());
    if let Some(pool) = (count > 1).then(|| pool(threads(asked))).flatten() {
        return pool.install(|| items.par_iter().map_init(L::default, &work).collect());
    }
    let mut lent = L::default();
    items.iter().map(|item| work(&mut lent, item)).collect()
}

fn pool(count: usize) -> Option<Arc<ThreadPool>> {
    let mut slot = POOL.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some((owner, threads, pool)) = &*slot
        && *owner == process
        && *threads == count
    {
        return Some(Arc::clone(pool));
    }
    let name = |index| format!("naturalia-{index}");
    let pool = Arc::new(ThreadPoolBuilder::new().num_threads(count).thread_name(name).build().ok()?);
    if let Some((owner, _, old)) = slot.replace((process, count, Arc::clone(&pool)))
        && owner != process
    {
        std::mem::forget(old);
    }
    Some(pool)
}
