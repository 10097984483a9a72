//! The private runtime of this process.

use crate::error::{Cancel, Error, Kind, Result, go_on};
use std::future::Future;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How often a caller's wish to stop is looked at.
const TICK: Duration = Duration::from_millis(25);

/// The process a runtime was made in. Its threads do not survive `fork`, so a child makes its own
/// and lets the parent's alone; hence it is never dropped.
static RUNTIME: Mutex<Option<(u32, &'static Runtime)>> = Mutex::new(None);

fn runtime() -> Result<&'static Runtime> {
    let mut slot = RUNTIME.lock().unwrap_or_else(PoisonError::into_inner);
    let process = std::process::id();
    if let Some((owner, runtime)) = *slot
        && owner == process
    {
        return Ok(runtime);
    }
    let built = Builder::new_multi_thread().worker_threads(2).thread_name("naturalia-io").enable_all().build();
    let built = built.map_err(|error| {
        let message = format!("no threads for the network: {error}");
        Error::new(Kind::Io(error.kind(), error.raw_os_error()), message)
    })?;
    let runtime: &'static Runtime = Box::leak(Box::new(built));
    *slot = Some((process, runtime));
    Ok(runtime)
}

/// Waits for `work`, unless the caller asks to stop; then it is dropped where it stands.
pub fn run<T>(cancel: &Cancel, work: impl Future<Output = Result<T>>) -> Result<T> {
    go_on(cancel)?;
    runtime()?.block_on(async {
        let mut work = pin!(work);
        loop {
            match tokio::time::timeout(TICK, work.as_mut()).await {
                Ok(done) => return done,
                Err(_) => go_on(cancel)?,
            }
        }
    })
}
