//! Long work off the interpreter: the lock is released, Ctrl-C is answered.
// The method itself is not general enough over the lifetime of the interpreter's token.
#![allow(clippy::redundant_closure_for_method_calls)]

use crate::error::{Cancel, Error, Kind, Result};
use pyo3::prelude::*;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

/// How often signals are looked at. Ctrl-C must be answered within 0.2 s.
const TICK: Duration = Duration::from_millis(50);

/// Does `work` on another thread while this one waits for signals; on Ctrl-C the work is told to
/// stop and waited for.
pub fn wait<R: Send>(py: Python<'_>, work: impl FnOnce(&Cancel) -> Result<R> + Send) -> PyResult<R> {
    let cancel = Cancel::new(false);
    let outcome = py.detach(|| {
        std::thread::scope(|scope| {
            let (done, finished) = channel();
            let cancel = &cancel;
            scope.spawn(move || {
                // A receiver that is gone has been told to stop.
                drop(done.send(work(cancel)));
            });
            loop {
                match finished.recv_timeout(TICK) {
                    Ok(result) => return Ok(result),
                    Err(RecvTimeoutError::Disconnected) => {
                        return Ok(Err(Error::new(Kind::Interrupted, "the worker thread is gone")));
                    }
                    Err(RecvTimeoutError::Timeout) => {
                        if let Err(signal) = Python::attach(|py| py.check_signals()) {
                            cancel.store(true, Ordering::Relaxed);
                            return Err(signal);
                        }
                    }
                }
            }
        })
    });
    outcome?.map_err(|error| super::error::raised(py, &error))
}
