//! Harvest files, from Python.

use super::error;
use super::table::Table;
use super::wait::wait;
use crate::error::{Error, Kind};
use crate::harvest::view::{self, Parts, View};
use crate::store::{Chosen, Reader, Run, Store};
use crate::table::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDict};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// Records of a harvest file, read from it when they are asked for.
#[pyclass(frozen, module = "naturalia._core")]
pub struct HarvestView {
    view: View,
    head: Table,
}

#[pymethods]
impl HarvestView {
    /// Opens a view: `chosen` is `current`, `run` or `since`, with the number of the run or the moment.
    #[new]
    #[pyo3(signature = (path, *, chosen, value, deleted))]
    fn new(py: Python<'_>, path: PathBuf, chosen: &str, value: i64, deleted: bool) -> PyResult<Self> {
        let chosen = match chosen {
            "run" => Chosen::Run(value),
            "since" => Chosen::Since(value),
            _ => Chosen::Current,
        };
        let (view, head) = wait(py, |_| {
            let view = View::open(&path, chosen, deleted)?;
            let head = view.head()?;
            Ok((view, head))
        })?;
        Ok(Self { view, head: head.into() })
    }

    /// The columns, without rows.
    #[getter]
    fn head(&self) -> Table {
        self.head.inner().clone().into()
    }

    /// The records as an Arrow stream; each call reads the file anew.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let parts = self.view.parts().map_err(|failure| error::raised(py, &failure))?;
        let batches = parts.flat_map(|table| match table {
            Ok(table) => table.batches().iter().cloned().map(Ok).collect(),
            Err(failure) => vec![Err(failure)],
        });
        PyCapsule::new_with_value(py, ffi::streamed(self.head.inner().head(), batches), c"arrow_array_stream")
    }

    /// The schema as Arrow.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = ffi::schema(self.head.inner()).map_err(|failure| error::raised(py, &failure))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    fn __iter__(&self, py: Python<'_>) -> PyResult<HarvestParts> {
        let parts = self.view.parts().map_err(|failure| error::raised(py, &failure))?;
        Ok(HarvestParts { parts: Mutex::new(parts) })
    }
}

/// Tables, a page each.
#[pyclass(frozen, module = "naturalia._core")]
pub struct HarvestParts {
    parts: Mutex<Parts>,
}

#[pymethods]
impl HarvestParts {
    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Table>> {
        let next = wait(py, |cancel| self.parts.lock().unwrap_or_else(PoisonError::into_inner).next(cancel));
        next.map(|table| table.map(Table::from))
    }
}

/// What a harvest file says about itself.
#[pyfunction]
pub fn harvest_facts(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyDict>> {
    let (request, runs, counts, deletions, format) = wait(py, |_| {
        let reader = Reader::open(&path)?;
        Ok((reader.request()?, reader.runs()?, reader.counts()?, reader.deletions()?, reader.format()?))
    })?;
    let facts = PyDict::new(py);
    facts.set_item("kind", request.kind)?;
    facts.set_item("question", request.question)?;
    facts.set_item("manner", request.manner)?;
    facts.set_item("prefix", request.prefix)?;
    facts.set_item("format", format)?;
    facts.set_item("current", counts.0)?;
    facts.set_item("deleted", counts.1)?;
    facts.set_item("announced", deletions.0)?;
    facts.set_item("found_gone", deletions.1)?;
    let runs = runs.iter().map(|run| as_dict(py, run)).collect::<PyResult<Vec<_>>>()?;
    facts.set_item("runs", runs)?;
    Ok(facts)
}

fn as_dict<'py>(py: Python<'py>, run: &Run) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("id", run.id)?;
    dict.set_item("kind", &run.kind)?;
    dict.set_item("since", run.since)?;
    dict.set_item("until", run.until)?;
    dict.set_item("started_at", run.started_at)?;
    dict.set_item("finished_at", run.finished_at)?;
    dict.set_item("horizon", &run.horizon)?;
    dict.set_item("reconciled_at", run.reconciled_at)?;
    dict.set_item("verified", &run.verified)?;
    dict.set_item("facts", &run.facts)?;
    dict.set_item("tally", &run.tally)?;
    Ok(dict)
}

/// The bytes of a record as they came last; with `whole`, of the page it came in.
#[pyfunction]
#[pyo3(signature = (path, identifier, *, whole))]
pub fn harvest_raw(py: Python<'_>, path: PathBuf, identifier: &str, whole: bool) -> PyResult<Py<PyBytes>> {
    let bytes = wait(py, |_| view::raw(&path, identifier, whole))?;
    Ok(PyBytes::new(py, &bytes).unbind())
}

/// Every version of a record, the oldest first.
#[pyfunction]
pub fn harvest_history(py: Python<'_>, path: PathBuf, identifier: &str) -> PyResult<Table> {
    wait(py, |cancel| view::history(&path, identifier, cancel)).map(Table::from)
}

/// What is wrong with the file, a line each.
#[pyfunction]
pub fn harvest_verify(py: Python<'_>, path: PathBuf) -> PyResult<Vec<String>> {
    wait(py, |cancel| match Reader::open(&path).and_then(|reader| reader.verify(cancel)) {
        Err(error) if *error.kind() == Kind::Harvest => Ok(vec![error.message().to_owned()]),
        found => found,
    })
}

/// Removes every trace of these records; gives how many were there.
#[pyfunction]
pub fn harvest_purge(py: Python<'_>, path: PathBuf, identifiers: Vec<String>) -> PyResult<usize> {
    wait(py, |_| {
        if identifiers.iter().any(String::is_empty) {
            return Err(Error::new(Kind::Value, "an identifier to purge is empty"));
        }
        Store::reopen(&path)?.purge(&identifiers)
    })
}

/// Notes that the provider of a harvest is at another address now.
#[pyfunction]
pub fn harvest_relocate(py: Python<'_>, path: PathBuf, question: &str) -> PyResult<()> {
    wait(py, |_| Store::reopen(&path)?.relocate(question))
}
