//! The metadata of a whole table as Python dicts, in one go.

use super::error;
use super::record::{fields, is_metadata};
use crate::columns::{Columns, Data, range};
use crate::error::{Error, Kind};
use crate::format::Kind as FieldKind;
use crate::table::Table;
use arrow_buffer::OffsetBuffer;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

/// A column of lists as text, checked once for all rows.
struct Lists<'a> {
    name: &'a Py<PyString>,
    rows: &'a OffsetBuffer<i32>,
    values: &'a OffsetBuffer<i32>,
    text: &'a str,
}

impl<'a> Lists<'a> {
    fn new(name: &'a Py<PyString>, data: &'a Data) -> Option<Self> {
        let (lists, text) = data.texts()?;
        Some(Self { name, rows: lists, values: &text.offsets, text: &text.bytes })
    }

    fn add(&self, py: Python<'_>, dict: &Bound<'_, PyDict>, row: usize) -> PyResult<()> {
        let items = range(self.rows, row);
        if items.is_empty() {
            return Ok(());
        }
        let values = items.map(|item| &self.text[range(self.values, item)]);
        dict.set_item(self.name, PyList::new(py, values)?)
    }
}

/// One dict a record: exact texts by column, and by element where it has no column.
pub fn dicts<'py>(py: Python<'py>, table: &Table) -> PyResult<Bound<'py, PyList>> {
    let Some(vocabulary) = table.vocabulary() else {
        let message = format!("a table of format {:?} has no records", table.format);
        return Err(error::raised(py, &Error::new(Kind::Value, message)));
    };
    let names: Vec<Py<PyString>> =
        vocabulary.fields.iter().map(|field| PyString::intern(py, field.column).unbind()).collect();
    let _pause = Pause::new(py)?;
    let list = PyList::empty(py);
    let batches: Vec<Vec<Lists<'_>>> = table
        .batches()
        .iter()
        .map(|batch| {
            let fields = vocabulary.fields.iter().zip(&names);
            let lists = fields.filter(|(field, _)| !matches!(field.kind, FieldKind::Attribute(_)));
            lists.filter_map(|(field, name)| Lists::new(name, batch.get(field.column)?)).collect()
        })
        .collect();
    table.texts(
        |number, batch, row| {
            let dict = PyDict::new(py);
            batches[number].iter().try_for_each(|lists| lists.add(py, &dict, row))?;
            extra(py, &dict, batch, row)?;
            list.append(dict)
        },
        |record| list.append(fields(py, record)?),
    )?;
    Ok(list)
}

fn extra(py: Python<'_>, dict: &Bound<'_, PyDict>, batch: &Columns, row: usize) -> PyResult<()> {
    let Some((offsets, fields)) = batch.get("extra").and_then(Data::groups) else { return Ok(()) };
    let items = range(offsets, row);
    if items.is_empty() {
        return Ok(());
    }
    let [Some(elements), Some(values)] = [0, 1].map(|at| fields[at].data.text()) else { return Ok(()) };
    for item in items.filter(|item| is_metadata(elements.raw(*item))) {
        let value = values.raw(item);
        match dict.get_item(elements.raw(item))? {
            Some(list) => list.cast::<PyList>()?.append(value)?,
            None => dict.set_item(elements.raw(item), PyList::new(py, [value])?)?,
        }
    }
    Ok(())
}

/// Holds the collector of cycles off: it would look at every dict again and again while they are
/// made, and none of them is in a cycle.
struct Pause<'py>(Option<Bound<'py, PyModule>>);

impl<'py> Pause<'py> {
    fn new(py: Python<'py>) -> PyResult<Self> {
        let collector = py.import("gc")?;
        if !collector.call_method0("isenabled")?.extract::<bool>()? {
            return Ok(Self(None));
        }
        collector.call_method0("disable")?;
        Ok(Self(Some(collector)))
    }
}

impl Drop for Pause<'_> {
    fn drop(&mut self) {
        if let Some(collector) = &self.0 {
            // A failure to switch it on again has nowhere to go.
            drop(collector.call_method0("enable"));
        }
    }
}
