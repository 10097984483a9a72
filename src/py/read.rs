//! Reading, from Python.

use super::table::Table;
use super::wait::wait;
use super::{error, report};
use crate::error::{Error, Kind};
use crate::format::Vocabulary;
use crate::oai::reader::Options;
use crate::report::Report;
use crate::scan as files;
use crate::scan::{Input, Plan};
use crate::table;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use pyo3::types::{PyDict, PyList};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// A path, or a name and bytes.
#[derive(FromPyObject)]
pub enum Source {
    /// A file.
    Path(PathBuf),
    /// Bytes under a name.
    Bytes(String, PyBackedBytes),
}

impl From<Source> for Input {
    fn from(source: Source) -> Self {
        match source {
            Source::Path(path) => Self::Path(path),
            Source::Bytes(name, bytes) => Self::Bytes(name, Arc::new(bytes)),
        }
    }
}

fn plan(
    py: Python<'_>,
    strict: bool,
    format: Option<&str>,
    keep_going: bool,
    salvage: bool,
    threads: Option<usize>,
    piece: Option<usize>,
) -> PyResult<Plan> {
    let format = vocabulary(py, format)?;
    Ok(Plan { options: Options { strict, format, ..Options::default() }, keep_going, salvage, threads, piece })
}

/// The record format of a name.
pub fn vocabulary(py: Python<'_>, name: Option<&str>) -> PyResult<Option<&'static Vocabulary>> {
    name.map(|name| Vocabulary::named(name).ok_or_else(|| unknown(py, name))).transpose()
}

fn unknown(py: Python<'_>, name: &str) -> PyErr {
    let all = crate::format::RECORDS.iter().chain(&crate::format::DOCUMENTS);
    let known: Vec<&str> = all.map(|known| known.name).collect();
    let message = format!("no record format {name:?}; known are {}", known.join(", "));
    error::raised(py, &Error::new(Kind::Value, message))
}

/// Reads all sources into one table.
#[pyfunction]
#[pyo3(signature = (sources, *, strict, format, keep_going, salvage, threads, piece=None))]
pub fn read(
    py: Python<'_>,
    sources: Vec<Source>,
    strict: bool,
    format: Option<&str>,
    keep_going: bool,
    salvage: bool,
    threads: Option<usize>,
    piece: Option<usize>,
) -> PyResult<Table> {
    let plan = plan(py, strict, format, keep_going, salvage, threads, piece)?;
    let inputs: Vec<Input> = sources.into_iter().map(Input::from).collect();
    wait(py, |cancel| table::Table::from_part(files::read(&inputs, plan, cancel)?, plan.options.format))
        .map(Table::from)
}

/// Reads sources part by part.
#[pyfunction]
#[pyo3(signature = (sources, *, strict, format, keep_going, salvage, threads, piece=None))]
pub fn scan(
    py: Python<'_>,
    sources: Vec<Source>,
    strict: bool,
    format: Option<&str>,
    keep_going: bool,
    salvage: bool,
    threads: Option<usize>,
    piece: Option<usize>,
) -> PyResult<Scan> {
    let plan = plan(py, strict, format, keep_going, salvage, threads, piece)?;
    let inputs = sources.into_iter().map(Input::from).collect();
    let state = State { scan: files::Scan::new(inputs, plan), report: Report::default(), plan };
    Ok(Scan { state: Mutex::new(state) })
}

/// Whether the start of a file is a header of terms, of the format named or of any.
#[pyfunction]
#[pyo3(signature = (start, format=None))]
pub fn is_terms(start: &[u8], format: Option<&str>) -> bool {
    let wanted = format.and_then(Vocabulary::named);
    let known = format.is_none() || wanted.is_some_and(|wanted| wanted.shape().is_some());
    known && crate::replies::ReplyReader::of("", false, wanted, start).is_some_and(|reader| reader.is_rows())
}

/// What a source says about itself: one dict a page.
#[pyfunction]
pub fn inspect(py: Python<'_>, source: Source) -> PyResult<Bound<'_, PyList>> {
    let input = Input::from(source);
    let (part, problem) = wait(py, |cancel| Ok(files::inspect(&input, Options::default(), cancel)))?;
    let pages = PyList::empty(py);
    for page in &part.pages {
        pages.append(report::page(py, page)?)?;
    }
    if let Some(problem) = problem.filter(|problem| !matches!(problem.kind(), Kind::Protocol { .. })) {
        if let Kind::Io(..) = problem.kind() {
            return Err(error::raised(py, &problem));
        }
        if pages.is_empty() {
            let page = crate::oai::page::Page { source: input.name(), ..Default::default() };
            pages.append(report::page(py, &page)?)?;
        }
        let last = pages.get_item(pages.len() - 1)?;
        last.cast::<PyDict>()?.set_item("problem", report::problem(py, &problem)?)?;
    }
    Ok(pages)
}

struct State {
    scan: files::Scan,
    report: Report,
    plan: Plan,
}

/// Tables, one after the other, in constant memory.
#[pyclass(frozen, module = "naturalia._core")]
pub struct Scan {
    state: Mutex<State>,
}

#[pymethods]
impl Scan {
    /// What reading did so far.
    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        report::report(py, &state.report)
    }

    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Table>> {
        wait(py, |cancel| {
            let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            loop {
                let Some(part) = state.scan.next(cancel)? else { return Ok(None) };
                state.report.absorb(part.report.clone());
                if part.batches.is_empty() && part.pages.is_empty() {
                    continue;
                }
                return table::Table::from_part(part, state.plan.options.format).map(Some);
            }
        })
        .map(|table| table.map(Table::from))
    }
}
