//! Licences of columns, from Python.

use super::error;
use super::license::asked;
use super::recipe::options;
use super::table::Table;
use super::wait::wait;
use crate::license::Field;
use crate::table::{Coded, Question, ffi};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;
use std::collections::HashMap;

/// The licences that columns of a table state, one row a row.
#[pyfunction]
#[expect(clippy::too_many_arguments)]
#[pyo3(signature = (table, columns, *, checks, decisions, assume_version, constant, metadata))]
pub fn licenses(
    py: Python<'_>,
    table: PyRef<'_, Table>,
    columns: Vec<(String, bool)>,
    checks: Vec<String>,
    decisions: HashMap<String, String>,
    assume_version: Option<&str>,
    constant: bool,
    metadata: Option<Vec<(String, Vec<String>)>>,
) -> PyResult<Table> {
    let question = Question { metadata, ..question(py, checks, decisions, assume_version, constant)? };
    let field = |rights| if rights { Field::Rights } else { Field::License };
    let fields: Vec<(Field, &str)> = columns.iter().map(|(name, rights)| (field(*rights), name.as_str())).collect();
    let table = table.inner();
    wait(py, |cancel| table.licenses(&fields, &question, cancel)).map(Table::from)
}

/// Answers to many rows with few distinct values, as an Arrow stream of dictionaries.
#[pyclass(frozen, module = "naturalia._core")]
pub struct Answers {
    inner: Coded,
}

#[pymethods]
impl Answers {
    /// The answers as an Arrow stream; can be called again.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        drop(requested_schema);
        let stream = ffi::coded(&self.inner).map_err(|failure| error::raised(py, &failure))?;
        PyCapsule::new_with_value(py, stream, c"arrow_array_stream")
    }
}

/// The licence that a column states for each row, coded.
#[pyfunction]
#[pyo3(signature = (table, column, *, checks, decisions, assume_version, constant))]
pub fn coded_licenses(
    py: Python<'_>,
    table: PyRef<'_, Table>,
    column: &str,
    checks: Vec<String>,
    decisions: HashMap<String, String>,
    assume_version: Option<&str>,
    constant: bool,
) -> PyResult<Answers> {
    let question = question(py, checks, decisions, assume_version, constant)?;
    let table = table.inner();
    wait(py, |cancel| table.coded_licenses(column, &question, cancel)).map(|inner| Answers { inner })
}

fn question(
    py: Python<'_>,
    checks: Vec<String>,
    decisions: HashMap<String, String>,
    assume_version: Option<&str>,
    constant: bool,
) -> PyResult<Question> {
    let options = options(py, assume_version, constant)?;
    let checks = checks.into_iter().map(|name| Ok((name.clone(), asked(py, &name)?))).collect::<PyResult<_>>()?;
    Ok(Question { checks, options, decisions, metadata: None })
}

/// The distinct values of a text column, and how often each stands in it.
#[pyfunction]
pub fn tally(py: Python<'_>, table: PyRef<'_, Table>, column: &str) -> PyResult<Vec<(Option<String>, u64)>> {
    let table = table.inner();
    let own = |(text, count): (Option<&str>, u64)| (text.map(str::to_owned), count);
    wait(py, |cancel| Ok(table.tally(column, cancel)?.into_iter().map(own).collect()))
}

/// The rights statements about metadata in an about container or a rightsManifest.
#[pyfunction]
pub fn rights_in(xml: &str) -> Vec<&str> {
    crate::table::rights_in(xml)
}
