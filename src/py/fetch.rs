//! Media files, from Python.

use super::error;
use super::provider::Settings;
use super::wait::wait;
use crate::error::{Cancel, Error, Kind, Result};
use crate::fetch::plan::{Noticed, WANTED, Wish, plan};
use crate::fetch::{Folder, Options, Progress, check, fetch, inside, name, settle};
use crate::http::Client;
use crate::store::manifest::{Count, Manifest, Medium};
use crate::value::http_date::now;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::path::PathBuf;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// One row of a table: a medium, and what was decided about it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Row {
    source: String,
    media_id: String,
    url: Option<String>,
    name: String,
    status: Option<String>,
    reason: Option<String>,
    detail: Option<String>,
    claim: Option<String>,
    kind: Option<String>,
    license: Option<String>,
    license_uri: Option<String>,
    license_status: Option<String>,
    title: Option<String>,
    creator: Option<String>,
    landing_page: Option<String>,
    attribution: Option<String>,
    facts: Option<String>,
}

impl Row {
    fn wish(self, width: usize) -> Wish {
        let medium = Medium {
            source: self.source,
            media_id: self.media_id,
            url: self.url,
            status: self.status.unwrap_or_else(|| WANTED.to_owned()),
            reason: self.reason,
            detail: self.detail,
            claim: self.claim,
            kind: self.kind,
            license: self.license,
            license_uri: self.license_uri,
            license_status: self.license_status,
            title: self.title,
            creator: self.creator,
            landing_page: self.landing_page,
            attribution: self.attribution,
            facts: self.facts,
            ..Medium::default()
        };
        Wish { medium, name: self.name, width }
    }
}

/// How to fetch, as Python names it.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
struct How {
    connections: usize,
    max_bytes: u64,
    sidecars: bool,
    replace: bool,
    inside: Vec<String>,
    origins: Vec<String>,
}

#[derive(Default)]
struct Shared {
    manifest: Mutex<Option<Manifest>>,
    progress: Mutex<Progress>,
    cancel: Cancel,
}

/// A folder of media being fetched.
#[pyclass(frozen, module = "naturalia._core")]
pub struct FetchRun {
    shared: Arc<Shared>,
    folder: Folder,
    noticed: Mutex<Noticed>,
    outcome: Mutex<Option<Receiver<Result<()>>>>,
}

impl Drop for FetchRun {
    fn drop(&mut self) {
        self.shared.cancel.store(true, Ordering::Relaxed);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn closed() -> Error {
    Error::new(Kind::Value, "this run is over: fetch again to go on")
}

impl FetchRun {
    /// Does something with the manifest, off the interpreter.
    fn with<R: Send>(&self, py: Python<'_>, work: impl FnOnce(&Manifest) -> Result<R> + Send) -> PyResult<R> {
        wait(py, |_| work(lock(&self.shared.manifest).as_ref().ok_or_else(closed)?))
    }
}

#[pymethods]
impl FetchRun {
    /// Opens the manifest of `folder`, or a copy of it that is only in memory.
    #[new]
    #[pyo3(signature = (folder, *, question, rehearse))]
    fn new(py: Python<'_>, folder: PathBuf, question: &str, rehearse: bool) -> PyResult<Self> {
        let path = folder.join("manifest.sqlite");
        let manifest = wait(py, |_| {
            let manifest = if rehearse { Manifest::rehearse(&path) } else { Manifest::open(&path, now(), question) }?;
            check(&manifest, &path)?;
            Ok(manifest)
        })?;
        let shared = Shared { manifest: Mutex::new(Some(manifest)), ..Shared::default() };
        Ok(Self {
            shared: Arc::new(shared),
            folder: Folder::new(&folder),
            noticed: Mutex::default(),
            outcome: Mutex::new(None),
        })
    }

    /// Takes up rows of a table.
    #[pyo3(signature = (rows, *, width, again))]
    fn plan(&self, py: Python<'_>, rows: Vec<Row>, width: usize, again: bool) -> PyResult<()> {
        let wishes: Vec<Wish> = rows.into_iter().map(|row| row.wish(width)).collect();
        let noticed = self.with(py, |manifest| plan(manifest, wishes, again))?;
        lock(&self.noticed).add(noticed);
        Ok(())
    }

    /// Compares the folder with its manifest; gives how many files were placed, are missing, were altered.
    #[pyo3(signature = (*, sidecars))]
    fn settle(&self, py: Python<'_>, sidecars: bool) -> PyResult<(u64, u64, u64)> {
        let settled = self.with(py, |manifest| settle(manifest, &self.folder, sidecars))?;
        Ok((settled.placed, settled.missing, settled.altered))
    }

    /// Leaves all but the first `most` for another time; gives how many.
    fn limit(&self, py: Python<'_>, most: i64) -> PyResult<usize> {
        self.with(py, |manifest| manifest.limit(most))
    }

    /// The hosts that are to be asked, with how many files of each.
    fn hosts(&self, py: Python<'_>) -> PyResult<Vec<(String, i64)>> {
        self.with(py, Manifest::hosts)
    }

    /// Starts to fetch what is due.
    fn start(&self, py: Python<'_>, settings: Settings, how: How) -> PyResult<()> {
        let options = settings.options().map_err(|failure| error::raised(py, &failure))?;
        let (sender, outcome) = channel();
        let (shared, folder) = (Arc::clone(&self.shared), self.folder.clone());
        let allowed = self.with(py, |manifest| inside(manifest, &how.inside, &how.origins))?;
        let wants = crate::http::Options { connections: how.connections, inside: Some(allowed), ..options };
        let client = Client::new(wants).map_err(|failure| error::raised(py, &failure))?;
        let fetching = Options {
            connections: how.connections,
            max_bytes: how.max_bytes,
            sidecars: how.sidecars,
            replace: how.replace,
        };
        std::thread::spawn(move || {
            let manifest = lock(&shared.manifest);
            let done = manifest.as_ref().ok_or_else(closed).and_then(|manifest| {
                fetch(manifest, &folder, &client, fetching, &shared.progress, &shared.cancel)?;
                manifest.finish(now())
            });
            drop(manifest);
            // Whoever asked may have gone.
            drop(sender.send(done));
        });
        *lock(&self.outcome) = Some(outcome);
        Ok(())
    }

    /// Waits so many seconds for the end; whether it is there. What went wrong is raised.
    fn wait(&self, py: Python<'_>, seconds: f64) -> PyResult<bool> {
        let outcome = py.detach(|| {
            let outcome = lock(&self.outcome);
            outcome.as_ref().map(|outcome| outcome.recv_timeout(Duration::from_secs_f64(seconds)))
        });
        match outcome {
            None | Some(Ok(Ok(()))) => Ok(true),
            Some(Ok(Err(failure))) => Err(error::raised(py, &failure)),
            Some(Err(RecvTimeoutError::Timeout)) => Ok(false),
            Some(Err(RecvTimeoutError::Disconnected)) => {
                Err(error::raised(py, &Error::new(Kind::Interrupted, "fetching is over")))
            }
        }
    }

    /// Stops it, and waits until what has come is in the folder.
    fn stop(&self, py: Python<'_>) {
        self.shared.cancel.store(true, Ordering::Relaxed);
        py.detach(|| {
            if let Some(outcome) = lock(&self.outcome).as_ref() {
                drop(outcome.recv());
            }
        });
    }

    /// Lets go of the manifest.
    fn close(&self) {
        lock(&self.shared.manifest).take();
    }

    /// How far it is: total, done, failed, bytes, unlinked, latest.
    #[getter]
    fn progress<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let progress = lock(&self.shared.progress).clone();
        let dict = PyDict::new(py);
        dict.set_item("total", progress.total)?;
        dict.set_item("done", progress.done)?;
        dict.set_item("failed", progress.failed)?;
        dict.set_item("bytes", progress.bytes)?;
        dict.set_item("unlinked", progress.unlinked)?;
        dict.set_item("latest", progress.latest)?;
        Ok(dict)
    }

    /// Rows that came again with the same address, with another, and media whose address has changed.
    #[getter]
    fn noticed(&self) -> (u64, u64, u64) {
        let noticed = *lock(&self.noticed);
        (noticed.repeated, noticed.elsewhere, noticed.moved)
    }

    /// The number of the run.
    #[getter]
    fn number(&self, py: Python<'_>) -> PyResult<i64> {
        self.with(py, |manifest| Ok(manifest.run))
    }

    /// How many media there are of each status and reason, whether the table had them, and their bytes.
    fn counts(&self, py: Python<'_>) -> PyResult<Vec<Count>> {
        self.with(py, Manifest::counts)
    }

    /// The media after this one, in the order in which they were first seen: (number, row).
    fn rows<'py>(&self, py: Python<'py>, after: i64, most: usize) -> PyResult<Vec<(i64, Bound<'py, PyDict>)>> {
        let media = self.with(py, |manifest| manifest.rows(after, most))?;
        media.into_iter().map(|medium| Ok((medium.id, as_dict(py, medium)?))).collect()
    }
}

fn as_dict(py: Python<'_>, medium: Medium) -> PyResult<Bound<'_, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("media_id", medium.media_id)?;
    dict.set_item("source", Some(medium.source).filter(|source| !source.is_empty()))?;
    dict.set_item("path", medium.path)?;
    dict.set_item("name", medium.name)?;
    dict.set_item("status", medium.status)?;
    dict.set_item("reason", medium.reason)?;
    dict.set_item("detail", medium.detail)?;
    dict.set_item("url", medium.url.as_deref().map(crate::http::shown))?;
    dict.set_item("sha256", medium.sha256)?;
    dict.set_item("size", medium.size)?;
    dict.set_item("type", medium.r#type)?;
    dict.set_item("license", medium.license)?;
    dict.set_item("license_uri", medium.license_uri)?;
    dict.set_item("license_status", medium.license_status)?;
    dict.set_item("title", medium.title)?;
    dict.set_item("creator", medium.creator)?;
    dict.set_item("landing_page", medium.landing_page)?;
    dict.set_item("attribution", medium.attribution)?;
    dict.set_item("n", medium.n)?;
    dict.set_item("fetched_at", medium.fetched_at.map(crate::value::date::written))?;
    dict.set_item("run", medium.run)?;
    Ok(dict)
}

/// The files that the manifest of `folder` has: (`media_id`, path in the folder).
#[pyfunction]
pub fn fetched_files(py: Python<'_>, folder: PathBuf) -> PyResult<Vec<(String, String)>> {
    wait(py, |_| Manifest::files(&folder.join("manifest.sqlite")))
}

/// The path of a file in `folder`, if `name` is that of a regular file there and leads over no link.
#[pyfunction]
pub fn find_file(folder: PathBuf, name: &str) -> Option<PathBuf> {
    let folder = Folder::new(&folder);
    folder.open(name).ok()?;
    folder.path(name).ok()
}

/// A path made portable: each part of it a name that every file system takes.
#[pyfunction]
pub fn portable(path: &str) -> String {
    name::portable(path)
}
