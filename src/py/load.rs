//! Reading what was written, from Python.

use super::error;
use super::table::Table;
use super::wait::wait;
use crate::columns::Columns;
use crate::error::{Error, Kind};
use crate::load::cells::{Loader, Plan};
use crate::load::{cells, lines, types};
use crate::table;
use pyo3::prelude::*;
use pyo3::pybacked::PyBackedBytes;
use std::sync::{Mutex, PoisonError};

/// The shape of a file: that of its format, or that of the types it tells.
fn shape(format: Option<&str>, told: Option<&str>, names: &[String]) -> Columns {
    let known = format.and_then(table::Table::shape);
    if let Some(known) = known.filter(|known| names.iter().all(|name| known.get(name).is_some())) {
        return known;
    }
    types::shape(names, told)
}

fn table(format: Option<&str>, shape: Columns, batches: Vec<Columns>) -> Table {
    table::Table::of(format.unwrap_or("frame"), shape, batches).into()
}

/// The members of the first JSON object, if there is one.
#[pyfunction]
pub fn members(data: PyBackedBytes) -> Option<Vec<String>> {
    lines::first_members(&data)
}

/// The table of JSON lines or of an array of objects.
#[pyfunction]
#[pyo3(signature = (data, *, format, types, nullable, size))]
pub fn load_json(
    py: Python<'_>,
    data: PyBackedBytes,
    format: Option<&str>,
    types: Option<&str>,
    nullable: bool,
    size: usize,
) -> PyResult<Table> {
    let names = lines::first_members(&data).unwrap_or_default();
    let shape = shape(format, types, &names);
    let batches = wait(py, |cancel| lines::rows(&data, &shape, nullable, size, cancel))?;
    Ok(table(format, shape, batches))
}

/// The table of a CSV.
#[pyfunction]
#[pyo3(signature = (data, *, delimiter, json, sep, guarded, format, types, nullable, size))]
pub fn load_csv(
    py: Python<'_>,
    data: PyBackedBytes,
    delimiter: char,
    json: bool,
    sep: String,
    guarded: bool,
    format: Option<&str>,
    types: Option<&str>,
    nullable: bool,
    size: usize,
) -> PyResult<Table> {
    let plan = Plan { json, sep, guarded, nullable, size };
    let delimiter = u8::try_from(delimiter).unwrap_or(b',');
    let of = |names: &[String]| shape(format, types, names);
    let (shape, batches) = wait(py, |cancel| cells::csv(&data, delimiter, plan, of, cancel))?;
    Ok(table(format, shape, batches))
}

/// Takes rows of cells, and gives the table of them.
#[pyclass(frozen, module = "naturalia._core")]
pub struct Cells {
    inner: Mutex<Option<Loader>>,
    shape: Columns,
    format: Option<String>,
}

#[pymethods]
impl Cells {
    #[new]
    #[pyo3(signature = (header, *, json, sep, format, types, nullable, size))]
    fn new(
        py: Python<'_>,
        header: Vec<String>,
        json: bool,
        sep: String,
        format: Option<String>,
        types: Option<&str>,
        nullable: bool,
        size: usize,
    ) -> PyResult<Self> {
        let shape = shape(format.as_deref(), types, &header);
        let plan = Plan { json, sep, guarded: false, nullable, size };
        let loader = Loader::new(&header, &shape, plan).map_err(|failure| error::raised(py, &failure))?;
        Ok(Self { inner: Mutex::new(Some(loader)), shape, format })
    }

    /// Adds a row.
    fn row(&self, py: Python<'_>, cells: Vec<String>) -> PyResult<()> {
        let mut loader = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(loader) = loader.as_mut() else { return Err(error::raised(py, &taken())) };
        loader.row(cells.iter().map(String::as_str)).map_err(|failure| error::raised(py, &failure))
    }

    /// The table of all rows.
    fn table(&self, py: Python<'_>) -> PyResult<Table> {
        let loader = self.inner.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(loader) = loader else { return Err(error::raised(py, &taken())) };
        Ok(table(self.format.as_deref(), self.shape.clone(), loader.finish()))
    }
}

fn taken() -> Error {
    Error::new(Kind::Value, "the rows were taken already")
}
