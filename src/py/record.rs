//! One record, from Python.

use crate::table::{Table, Value};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyTuple};

/// One row, exact.
#[pyclass(frozen, module = "naturalia._core")]
pub struct Record {
    pub(super) table: Table,
    pub(super) row: usize,
}

impl Record {
    fn head(&self, column: &str) -> Option<String> {
        let (batch, row) = self.table.locate(self.row)?;
        batch.get(column)?.text()?.get(row).map(str::to_owned)
    }

    fn texts_of(&self, wanted: &str) -> Vec<String> {
        let texts = |values: Vec<Value>| {
            let wanted = values.into_iter().filter(|value| value.element == wanted);
            wanted.map(|value| value.text.to_owned()).collect()
        };
        self.table.record(self.row, |record| texts(record.values())).unwrap_or_default()
    }
}

#[pymethods]
impl Record {
    /// OAI identifier.
    #[getter]
    fn identifier(&self) -> Option<String> {
        self.head("identifier")
    }

    /// Datestamp as sent.
    #[getter]
    fn datestamp(&self) -> Option<String> {
        self.head("datestamp")
    }

    /// The instant the datestamp names, if it names one.
    #[getter]
    fn datestamp_utc<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.item(py, "datestamp_utc")
    }

    /// Whether the provider says the record is deleted.
    #[getter]
    fn deleted(&self, py: Python<'_>) -> PyResult<bool> {
        self.item(py, "deleted")?.extract::<Option<bool>>().map(|deleted| deleted.unwrap_or(false))
    }

    /// The sets it belongs to.
    #[getter]
    fn sets<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.item(py, "sets")
    }

    /// The name of its format.
    #[getter]
    fn format(&self) -> &str {
        &self.table.format
    }

    /// Element, position, value, language, attributes and markup of each value.
    #[getter]
    fn values<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        let json = py.import("json")?;
        let list = PyList::empty(py);
        let append = |value: &Value| -> PyResult<()> {
            let attributes = match &value.attributes {
                Some(text) => json.call_method1("loads", (text,))?,
                None => PyDict::new(py).into_any(),
            };
            let row = (value.element, value.position, value.text, value.lang, attributes, value.markup);
            let row: Bound<'_, PyTuple> = row.into_pyobject(py)?;
            list.append(row)
        };
        let all = self.table.record(self.row, |record| record.values().iter().try_for_each(append));
        all.transpose()?;
        Ok(list)
    }

    /// Exact texts by column, and by element where it has no column; what has no value is not in it.
    #[getter]
    fn fields<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let fields = self.table.record(self.row, |record| fields(py, record));
        fields.unwrap_or_else(|| Ok(PyDict::new(py)))
    }

    /// The contents of its `about` containers, as XML text.
    #[getter]
    fn about(&self) -> Vec<String> {
        self.texts_of("oai:about")
    }

    /// Its metadata as XML text, where the format is not known or the record is deleted.
    #[getter]
    fn metadata(&self) -> Option<String> {
        self.texts_of("oai:metadata").into_iter().next()
    }
}

/// Whether an entry of `extra` is an element of the metadata.
pub fn is_metadata(element: &str) -> bool {
    !matches!(element, "oai:about" | "oai:metadata")
}

/// The exact texts of a record, by column or element.
pub fn fields<'py>(py: Python<'py>, record: &crate::table::Record<'_>) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    for value in record.values() {
        let extra = value.column == "extra";
        if extra && !is_metadata(value.element) {
            continue;
        }
        let key = if extra { value.element } else { value.column };
        match dict.get_item(key)? {
            Some(list) => list.cast::<PyList>()?.append(value.text)?,
            None => dict.set_item(key, PyList::new(py, [value.text])?)?,
        }
    }
    Ok(dict)
}

impl Record {
    fn item<'py>(&self, py: Python<'py>, column: &str) -> PyResult<Bound<'py, PyAny>> {
        match self.table.locate(self.row).and_then(|(batch, row)| Some((batch.get(column)?, row))) {
            Some((data, row)) => super::table::item(py, data, row),
            None => Ok(py.None().into_bound(py)),
        }
    }
}
