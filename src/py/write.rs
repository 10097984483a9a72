//! Writing, from Python: bytes of whole rows. Where they go, and that they go there whole, is Python's part.

use super::error;
use super::table::Table;
use super::wait::wait;
use crate::columns::{Columns, Data};
use crate::crosswalk::residue::digest;
use crate::error::{Result, go_on};
use crate::load::types::told;
use crate::table;
use crate::write::{cells, lines, xml};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};
use std::sync::{Mutex, PoisonError};

pub(super) fn json<'py>(py: Python<'py>, table: &table::Table, style: lines::Style) -> PyResult<Bound<'py, PyBytes>> {
    let text = wait(py, |cancel| {
        let mut out = Vec::new();
        let mut first = style.first;
        for batch in table.batches() {
            go_on(cancel)?;
            lines::rows(batch, lines::Style { first, ..style }, &mut out)?;
            first = false;
        }
        Ok(out)
    })?;
    Ok(PyBytes::new(py, &text))
}

pub(super) fn lined<'py>(
    py: Python<'py>,
    table: &table::Table,
    header: bool,
    style: cells::Style,
) -> PyResult<(Bound<'py, PyBytes>, cells::Counts)> {
    let (text, counts) = wait(py, |cancel| {
        let mut out = Vec::new();
        let mut counts = cells::Counts::default();
        cells::rows(table.head(), header, style, &mut counts, &mut out)?;
        for batch in table.batches() {
            go_on(cancel)?;
            cells::rows(batch, false, style, &mut counts, &mut out)?;
        }
        Ok((out, counts))
    })?;
    Ok((PyBytes::new(py, &text), counts))
}

/// A digest of each row, as CSV writes it.
#[pyfunction]
pub fn row_digests(py: Python<'_>, table: PyRef<'_, Table>) -> PyResult<Vec<String>> {
    let style = cells::Style { delimiter: b',', empty: false, guard: false };
    let table = table.inner();
    wait(py, |cancel| {
        let mut digests = Vec::with_capacity(table.len());
        for batch in table.batches() {
            go_on(cancel)?;
            let mut out = Vec::new();
            cells::rows(batch, false, style, &mut cells::Counts::default(), &mut out)?;
            let text = String::from_utf8_lossy(&out);
            let (mut start, mut quoted) = (0, false);
            for (at, byte) in text.bytes().enumerate() {
                quoted ^= byte == b'"';
                if byte == b'\n' && !quoted {
                    digests.push(digest(&text[start..at]));
                    start = at + 1;
                }
            }
        }
        Ok(digests)
    })
}

/// Whether a spreadsheet might run a text as a formula: such a text gets a `'` before it.
#[pyfunction]
pub fn looks_active(text: &str) -> bool {
    crate::load::cells::looks_active(text)
}

/// The rows as CSV, and what cells can't show: guarded, blank, long.
#[pyfunction]
#[pyo3(signature = (table, *, header, delimiter, empty, guard))]
pub fn write_csv<'py>(
    py: Python<'py>,
    table: PyRef<'_, Table>,
    header: bool,
    delimiter: char,
    empty: bool,
    guard: bool,
) -> PyResult<(Bound<'py, PyBytes>, Bound<'py, PyDict>)> {
    let style = cells::Style { delimiter: if delimiter == '\t' { b'\t' } else { b',' }, empty, guard };
    let (text, counts) = lined(py, table.inner(), header, style)?;
    let dict = PyDict::new(py);
    for (name, count) in [("guarded", counts.guarded), ("blank", counts.blank), ("long", counts.long)] {
        dict.set_item(name, count)?;
    }
    Ok((text, dict))
}

/// The rows as JSON objects: lines, or items of an array; with every member in the first row, with empty lists in all.
#[pyfunction]
#[pyo3(signature = (table, *, array, first, empty))]
pub fn write_json<'py>(
    py: Python<'py>,
    table: PyRef<'_, Table>,
    array: bool,
    first: bool,
    empty: bool,
) -> PyResult<Bound<'py, PyBytes>> {
    json(py, table.inner(), lines::Style { array, first, empty })
}

/// The types of the columns, as JSON.
#[pyfunction]
pub fn types(table: PyRef<'_, Table>) -> String {
    told(&table.inner().head().columns).to_string()
}

/// How many notes there are: values with a language, attributes, a place, blanks or markup that columns don't show.
#[pyfunction]
pub fn noted(table: PyRef<'_, Table>) -> u64 {
    let count = |batch: &Columns| match batch.get("notes").and_then(Data::groups) {
        Some((offsets, _)) => (offsets[offsets.len() - 1] - offsets[0]) as u64,
        None => 0,
    };
    table.inner().batches().iter().map(|batch| count(batch)).sum()
}

/// For each column the length of its longest cell, in UTF-16 units, as Excel counts.
#[pyfunction]
pub fn longest(py: Python<'_>, table: PyRef<'_, Table>) -> PyResult<Vec<usize>> {
    let table = table.inner();
    wait(py, |cancel| {
        let mut longest = vec![0; table.columns().len()];
        for batch in table.batches() {
            go_on(cancel)?;
            for (known, column) in longest.iter_mut().zip(&batch.columns) {
                let mut measure = |text: &str| {
                    // Text is at least as long in bytes.
                    if text.len() > *known {
                        *known = text.encode_utf16().count().max(*known);
                    }
                };
                match &column.data {
                    Data::Text(text) => (0..text.len()).for_each(|row| measure(text.raw(row))),
                    data @ (Data::List(..) | Data::Group(..)) => {
                        for row in 0..data.len() {
                            measure(&lines::cell(data, row, true)?.unwrap_or_default());
                        }
                    }
                    _ => {}
                }
            }
        }
        Ok(longest)
    })
}

/// The values of a column of lists or groups as JSON, for cells; nothing of any other column.
#[pyfunction]
#[pyo3(signature = (table, name, *, empty))]
pub fn json_cells(
    py: Python<'_>,
    table: PyRef<'_, Table>,
    name: &str,
    empty: bool,
) -> PyResult<Option<Vec<Option<String>>>> {
    let parts = table.inner().column(name).map_err(|failure| error::raised(py, &failure))?;
    if !matches!(table.inner().head().get(name), Some(Data::List(..) | Data::Group(..))) {
        return Ok(None);
    }
    let rows = parts.into_iter().flat_map(|data| (0..data.len()).map(move |row| lines::cell(data, row, empty)));
    rows.collect::<Result<_>>().map(Some).map_err(|failure| error::raised(py, &failure))
}

/// Writes records as XML, table by table.
#[pyclass(frozen, module = "naturalia._core")]
pub struct XmlWriter {
    inner: Mutex<xml::Writer>,
}

#[pymethods]
impl XmlWriter {
    #[new]
    #[pyo3(signature = (format, *, bare, valid, base_url, prefix, now))]
    fn new(
        py: Python<'_>,
        format: &str,
        bare: bool,
        valid: bool,
        base_url: String,
        prefix: Option<String>,
        now: i64,
    ) -> PyResult<Self> {
        let options = xml::Options { bare, valid, base_url, prefix, now };
        let writer = xml::Writer::new(format, options).map_err(|failure| error::raised(py, &failure))?;
        Ok(Self { inner: Mutex::new(writer) })
    }

    /// The records of a table, as they follow those before.
    fn table<'py>(&self, py: Python<'py>, table: PyRef<'_, Table>) -> PyResult<Bound<'py, PyBytes>> {
        let table = table.inner();
        let text = wait(py, |cancel| {
            let mut out = String::new();
            self.inner.lock().unwrap_or_else(PoisonError::into_inner).table(table, cancel, &mut out)?;
            Ok(out)
        })?;
        Ok(PyBytes::new(py, text.as_bytes()))
    }

    /// The end of the document.
    #[pyo3(signature = (about=None))]
    fn end<'py>(&self, py: Python<'py>, about: Option<&str>) -> PyResult<Bound<'py, PyBytes>> {
        let mut out = String::new();
        let ended = self.inner.lock().unwrap_or_else(PoisonError::into_inner).end(about, &mut out);
        ended.map_err(|failure| error::raised(py, &failure))?;
        Ok(PyBytes::new(py, out.as_bytes()))
    }

    /// What writing did besides writing.
    #[getter]
    fn counts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let counts = self.inner.lock().unwrap_or_else(PoisonError::into_inner).counts;
        let dict = PyDict::new(py);
        let named = [
            ("outside", counts.outside),
            ("dated", counts.dated),
            ("replaced", counts.replaced),
            ("mended", counts.mended),
            ("headers", counts.headers),
            ("payloadless", counts.payloadless),
        ];
        for (name, count) in named {
            dict.set_item(name, count)?;
        }
        Ok(dict)
    }
}
