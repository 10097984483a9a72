//! A harvest that runs on a thread of its own while Python waits, looks at it, or stops it.

use super::error;
use super::provider::Provider;
use super::service::Service;
use crate::error::{Cancel, Error, Kind, Result};
use crate::format::Vocabulary;
use crate::harvest::documents::documents;
use crate::harvest::tally::Tally;
use crate::harvest::{Options, Progress, harvest};
use crate::source::Wanted;
use crate::source::oai::Oai;
use crate::source::service::Question;
use crate::store::Request;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

#[derive(Default)]
struct Shared {
    progress: Mutex<Progress>,
    cancel: Cancel,
}

/// A harvest going on.
#[pyclass(frozen, module = "naturalia._core")]
pub struct HarvestRun {
    shared: Arc<Shared>,
    outcome: Mutex<Receiver<Result<Tally>>>,
}

impl Drop for HarvestRun {
    fn drop(&mut self) {
        self.shared.cancel.store(true, Ordering::Relaxed);
    }
}

impl HarvestRun {
    fn started(work: impl FnOnce(&Shared) -> Result<Tally> + Send + 'static) -> Self {
        let shared = Arc::<Shared>::default();
        let (sender, outcome) = channel();
        let own = Arc::clone(&shared);
        std::thread::spawn(move || {
            // Whoever asked may have gone.
            drop(sender.send(work(&own)));
        });
        Self { shared, outcome: Mutex::new(outcome) }
    }
}

#[pymethods]
impl HarvestRun {
    /// Starts to harvest a list of a service that answers in documents, or goes on with it: `question` is what it
    /// is about, `asked` with it how it is asked this time.
    #[staticmethod]
    #[pyo3(signature = (service, path, *, question, asked, manner))]
    fn documents(
        py: Python<'_>,
        service: PyRef<'_, Service>,
        path: PathBuf,
        question: String,
        asked: &str,
        manner: String,
    ) -> PyResult<Self> {
        let service = service.inner().clone();
        let kind = service.sort().name().to_owned();
        let list = Question::parse(service.sort(), asked).map_err(|failure| error::raised(py, &failure))?;
        let request = Request { kind, question, prefix: Some(list.format().name.to_owned()), manner };
        Ok(Self::started(move |own| documents(&path, &request, (&service, &list), &own.progress, &own.cancel)))
    }

    /// Starts to harvest the question into the file at `path`, or goes on with it.
    #[new]
    #[pyo3(signature = (provider, path, *, question, manner, prefix, set, since, until, windows, verify, reconcile,
        overlap, accept_removals))]
    fn new(
        py: Python<'_>,
        provider: PyRef<'_, Provider>,
        path: PathBuf,
        question: String,
        manner: String,
        prefix: String,
        set: Option<String>,
        since: Option<i64>,
        until: Option<i64>,
        windows: usize,
        verify: bool,
        reconcile: Option<i64>,
        overlap: Option<i64>,
        accept_removals: bool,
    ) -> PyResult<Self> {
        let provider = provider.inner().with_connections(windows).map_err(|failure| error::raised(py, &failure))?;
        let request = Request { kind: "oai-pmh".to_owned(), question, prefix: Some(prefix.clone()), manner };
        let wanted = Wanted { since, until, set: set.clone(), format: Vocabulary::named(&prefix), ..Wanted::default() };
        let list = (Oai { provider, prefix, set }, wanted);
        let options = Options { windows, verify, reconcile, overlap, accept_removals };
        Ok(Self::started(move |own| harvest(&path, &request, list, options, &own.progress, &own.cancel)))
    }

    /// Waits so many seconds for the end; whether it is there. What went wrong is raised.
    fn wait(&self, py: Python<'_>, seconds: f64) -> PyResult<bool> {
        let outcome = py.detach(|| {
            let outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
            outcome.recv_timeout(Duration::from_secs_f64(seconds))
        });
        match outcome {
            Ok(Ok(tally)) => {
                self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner).tally = tally;
                Ok(true)
            }
            Ok(Err(failure)) => Err(error::raised(py, &failure)),
            Err(RecvTimeoutError::Timeout) => Ok(false),
            Err(RecvTimeoutError::Disconnected) => {
                Err(error::raised(py, &Error::new(Kind::Interrupted, "the harvest is over")))
            }
        }
    }

    /// Stops it, and waits until what has come is in the file.
    fn stop(&self, py: Python<'_>) {
        self.shared.cancel.store(true, Ordering::Relaxed);
        py.detach(|| {
            let outcome = self.outcome.lock().unwrap_or_else(PoisonError::into_inner);
            drop(outcome.recv());
        });
    }

    /// What is going on: phase, tally (JSON), listed, the latest datestamp.
    #[getter]
    fn progress<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let progress = self.shared.progress.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let dict = PyDict::new(py);
        dict.set_item("phase", progress.phase)?;
        dict.set_item("tally", progress.tally.text())?;
        dict.set_item("listed", progress.listed)?;
        dict.set_item("at", progress.at)?;
        Ok(dict)
    }
}
