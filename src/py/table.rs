//! Tables, from Python.

use super::record::Record;
use super::wait::wait;
use super::{error, report};
use crate::columns::{Data, range};
use crate::error::{Error, Kind, Place, go_on};
use crate::report::{Fault, Repair};
use crate::table::{self, Lang, Multi, TextColumn, View, ffi};
use crate::write::{self, Layout, cells, lines};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyDateTime, PyDelta, PyDict, PyList, PyString, PyTzInfo};
use std::sync::Arc;

/// Rows of one format.
#[pyclass(frozen, module = "naturalia._core")]
pub struct Table {
    inner: table::Table,
}

impl From<table::Table> for Table {
    fn from(inner: table::Table) -> Self {
        Self { inner }
    }
}

impl Table {
    /// The table of the core.
    pub(super) fn inner(&self) -> &table::Table {
        &self.inner
    }
}

#[pymethods]
impl Table {
    /// The name of the format.
    #[getter]
    fn format(&self) -> &str {
        &self.inner.format
    }

    /// The columns, in order.
    #[getter]
    fn columns(&self) -> Vec<&str> {
        self.inner.columns()
    }

    /// What reading did.
    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        report::report(py, &self.inner.report)
    }

    /// The pages it came from.
    #[getter]
    fn pages<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        self.inner.pages.iter().map(|page| report::page(py, page)).collect()
    }

    fn __len__(&self) -> usize {
        self.inner.len()
    }

    /// The table as an Arrow stream; can be called again.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        // The protocol lets a producer ignore the wish for another schema.
        drop(requested_schema);
        PyCapsule::new_with_value(py, ffi::stream(&self.inner), c"arrow_array_stream")
    }

    /// The schema as Arrow.
    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        let schema = ffi::schema(&self.inner).map_err(|failure| error::raised(py, &failure))?;
        PyCapsule::new_with_value(py, schema, c"arrow_schema")
    }

    /// A table of anything with an Arrow stream or array.
    #[staticmethod]
    #[pyo3(signature = (data, format=None))]
    fn from_arrow(py: Python<'_>, data: &Bound<'_, PyAny>, format: Option<&str>) -> PyResult<Self> {
        ffi_import(data, format)?.map(Self::from).map_err(|failure| error::raised(py, &failure))
    }

    /// A table of one column of texts.
    #[staticmethod]
    fn from_texts(texts: &Bound<'_, PyList>, name: &str) -> PyResult<Self> {
        let mut column = TextColumn::default();
        for value in texts {
            match value.cast::<PyString>() {
                Ok(text) => column.push(Some(text.to_str()?)),
                // What stands for nothing in pandas is not equal to itself.
                Err(_) if value.is_none() || value.ne(&value)? => column.push(None),
                Err(_) => column.push(Some(value.str()?.to_str()?)),
            }
        }
        Ok(column.table(name).into())
    }

    /// A table of rows: dicts of texts and whole numbers.
    #[staticmethod]
    fn from_rows(
        rows: Vec<std::collections::HashMap<String, Bound<'_, PyAny>>>,
        columns: Vec<String>,
    ) -> PyResult<Self> {
        let mut made = Vec::new();
        for name in columns {
            let cells: Vec<Option<&Bound<'_, PyAny>>> = rows.iter().map(|row| row.get(&name)).collect();
            // Numbers and blanks are a column of numbers; blanks alone are one of texts.
            let number = |cell: Option<&Bound<'_, PyAny>>| match cell.filter(|cell| !cell.is_none()) {
                Some(cell) => cell.extract::<i64>().ok().map(Some),
                None => Some(None),
            };
            let numbers: Option<Vec<Option<i64>>> = cells.iter().copied().map(number).collect();
            if let Some(numbers) = numbers.filter(|numbers| numbers.iter().any(Option::is_some)) {
                let present = crate::columns::build::validity(Some(numbers.iter().map(Option::is_some).collect()));
                let numbers: Vec<i64> = numbers.into_iter().map(Option::unwrap_or_default).collect();
                made.push(crate::columns::Column::new(name, Data::Integer(numbers.into(), present)));
                continue;
            }
            let mut texts = crate::columns::build::Texts::default();
            for cell in cells {
                let text: Option<String> = cell.map(pyo3::types::PyAnyMethods::extract).transpose()?.flatten();
                texts.push_option(text.as_deref());
            }
            made.push(crate::columns::Column::new(name, Data::Text(texts.freeze())));
        }
        let columns = crate::columns::Columns::new(rows.len(), made);
        let empty = columns.slice(0, 0);
        Ok(table::Table::of("frame", empty, vec![columns]).into())
    }

    /// The table without a column.
    fn without(&self, name: &str) -> Self {
        self.inner.without(name).into()
    }

    /// `length` rows from row `offset` on.
    fn slice(&self, offset: usize, length: usize) -> Self {
        self.inner.slice(offset, length).into()
    }

    /// The rows named, in that order.
    fn take(&self, py: Python<'_>, rows: Vec<usize>) -> PyResult<Self> {
        self.inner.take(&rows).map(Self::from).map_err(|failure| error::raised(py, &failure))
    }

    /// One row a value.
    fn long(&self, py: Python<'_>) -> PyResult<Self> {
        wait(py, |cancel| self.inner.long(cancel)).map(Self::from)
    }

    /// One row a column.
    fn summary(&self, py: Python<'_>) -> PyResult<Self> {
        wait(py, |cancel| self.inner.summary(cancel)).map(Self::from)
    }

    /// One row an identification.
    fn identifications(&self, py: Python<'_>) -> PyResult<Self> {
        wait(py, |cancel| self.inner.identifications(cancel)).map(Self::from)
    }

    /// The table with fewer languages, or with lists made flat.
    #[pyo3(signature = (*, lang, wide, multi, sep, columns))]
    fn view(
        &self,
        py: Python<'_>,
        lang: Option<Vec<String>>,
        wide: bool,
        multi: &str,
        sep: String,
        columns: Option<Vec<String>>,
    ) -> PyResult<Self> {
        let multi = match multi {
            "list" => Multi::List,
            "join" => Multi::Join,
            "first" => Multi::First,
            "explode" => Multi::Explode,
            _ => {
                let message = format!("multi is {multi:?}; it can be \"list\", \"join\", \"first\" or \"explode\"");
                return Err(error::raised(py, &Error::new(Kind::Value, message)));
            }
        };
        let lang = match lang {
            _ if wide => Lang::Wide,
            Some(order) => Lang::First(order),
            None => Lang::All,
        };
        let view = View { lang, multi, sep, columns };
        wait(py, |cancel| self.inner.view(&view, cancel)).map(Self::from)
    }

    /// The rows of public records, and how many records the others belong to.
    fn public_rows(&self, py: Python<'_>) -> PyResult<(Self, u64)> {
        let (table, count) = self.inner.public_rows().map_err(|failure| error::raised(py, &failure))?;
        Ok((table.into(), count))
    }

    /// For each row the number of the private record it belongs to, 0 if the record is public; None if all are.
    fn private_rows(&self) -> Option<Vec<u64>> {
        self.inner.private_rows()
    }

    /// The table with the private rows of another one, from which it was made: each row of the one that `rows`
    /// names, or of that with the same number.
    #[pyo3(signature = (other, rows=None))]
    fn made_of(&self, py: Python<'_>, other: PyRef<'_, Self>, rows: Option<Vec<usize>>) -> PyResult<Self> {
        let rows = rows.unwrap_or_else(|| (0..self.inner.len()).collect());
        self.inner.made_of(&other.inner, &rows).map(Self::from).map_err(|failure| error::raised(py, &failure))
    }

    /// The rows that another table has, in its order.
    fn keep(&self, py: Python<'_>, other: PyRef<'_, Self>) -> PyResult<Self> {
        self.inner.keep(&other.inner).map(Self::from).map_err(|failure| error::raised(py, &failure))
    }

    /// Row `row` as a record.
    fn record(&self, row: usize) -> Record {
        Record { table: self.inner.clone(), row }
    }

    /// The metadata of every record: values by column, exact text.
    fn dicts<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyList>> {
        super::dicts::dicts(py, &self.inner)
    }

    /// The values of a column.
    fn column<'py>(&self, py: Python<'py>, name: &str) -> PyResult<Bound<'py, PyList>> {
        let parts = self.inner.column(name).map_err(|failure| error::raised(py, &failure))?;
        let list = PyList::empty(py);
        for data in parts {
            for row in 0..data.len() {
                list.append(item(py, data, row)?)?;
            }
        }
        Ok(list)
    }

    /// The same table under the name of another format.
    fn named(&self, format: &str) -> Self {
        self.inner.named(format).into()
    }

    /// The same table with the edits of a sheet in its report: kind, row and detail of each.
    fn with_edits(&self, py: Python<'_>, source: &str, edits: Vec<(String, u64, String)>) -> PyResult<Self> {
        let mut repairs = Vec::with_capacity(edits.len());
        for (kind, row, detail) in edits {
            let Some(fault) = Fault::of_sheet(&kind) else {
                let unknown = Error::new(Kind::Value, format!("no edit of a sheet is called {kind:?}"));
                return Err(error::raised(py, &unknown));
            };
            let place = Place { source: Some(source.to_owned()), line: Some(row), ..Place::default() };
            repairs.push(Repair { fault, place, detail });
        }
        Ok(self.inner.with_repairs(repairs).into())
    }

    /// The rows as JSON lines.
    fn jsonl<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        super::write::json(py, &self.inner, lines::Style::default())
    }

    /// The records as the JSON documents they were read from: `lines`, `array`, `single`, or `reply`
    /// for a reply of the NBA.
    fn json<'py>(&self, py: Python<'py>, layout: &str) -> PyResult<Bound<'py, PyBytes>> {
        let layout = match layout {
            "lines" => Layout::Lines,
            "array" => Layout::Array,
            "single" => Layout::Single,
            "reply" => Layout::Reply,
            _ => {
                let message = format!("layout is {layout:?}; it can be \"lines\", \"array\", \"single\" or \"reply\"");
                return Err(error::raised(py, &Error::new(Kind::Value, message)));
            }
        };
        let text = wait(py, |cancel| {
            let mut out = Vec::new();
            let vocabulary = self.inner.vocabulary().ok_or_else(|| {
                let message = format!("a table of {} holds no records", self.inner.format);
                Error::new(Kind::Value, message)
            })?;
            let mut writer = write::Writer::new(vocabulary, layout)?;
            let declared = self.inner.pages.first().and_then(|page| page.total).filter(|_| layout == Layout::Reply);
            writer.start(self.inner.len(), declared, &mut out)?;
            let mut write = |batch: &Arc<_>| go_on(cancel).map(|()| writer.batch(batch, &mut out));
            self.inner.batches().iter().try_for_each(&mut write)?;
            writer.end(&mut out);
            Ok(out)
        })?;
        Ok(PyBytes::new(py, &text))
    }

    /// The rows as CSV.
    #[pyo3(signature = (header=true))]
    fn csv<'py>(&self, py: Python<'py>, header: bool) -> PyResult<Bound<'py, PyBytes>> {
        let style = cells::Style { delimiter: b',', empty: false, guard: false };
        super::write::lined(py, &self.inner, header, style).map(|(text, _)| text)
    }
}

/// Tables one after the other.
#[pyfunction]
pub fn concat(py: Python<'_>, tables: Vec<PyRef<'_, Table>>) -> PyResult<Table> {
    let tables: Vec<table::Table> = tables.iter().map(|table| table.inner.clone()).collect();
    table::Table::concat(&tables).map(Table::from).map_err(|failure| error::raised(py, &failure))
}

/// Texts as one, from which `split` gives them back.
#[pyfunction]
pub fn join(values: Vec<String>, sep: &str) -> String {
    table::join(&values, sep)
}

/// The values of a joined text.
#[pyfunction]
pub fn split(text: &str, sep: &str) -> Vec<String> {
    table::split(text, sep)
}

fn ffi_import(data: &Bound<'_, PyAny>, format: Option<&str>) -> PyResult<crate::error::Result<table::Table>> {
    if data.hasattr("__arrow_c_stream__")? {
        let capsule = data.call_method0("__arrow_c_stream__")?;
        let pointer = capsule.cast::<PyCapsule>()?.pointer_checked(Some(c"arrow_array_stream"))?;
        return Ok(ffi::from_stream(pointer, format));
    }
    let pair = data.call_method0("__arrow_c_array__")?;
    let (schema, array): (Bound<'_, PyCapsule>, Bound<'_, PyCapsule>) = pair.extract()?;
    let schema = schema.pointer_checked(Some(c"arrow_schema"))?;
    let array = array.pointer_checked(Some(c"arrow_array"))?;
    Ok(ffi::from_array(schema, array, format))
}

/// A value as a Python object.
pub fn item<'py>(py: Python<'py>, data: &Data, row: usize) -> PyResult<Bound<'py, PyAny>> {
    if data.is_null(row) {
        return Ok(py.None().into_bound(py));
    }
    Ok(match data {
        Data::Text(text) => PyString::new(py, text.raw(row)).into_any(),
        Data::Flag(values, _) => values.value(row).into_pyobject(py)?.to_owned().into_any(),
        Data::Integer(values, _) => values[row].into_pyobject(py)?.into_any(),
        Data::Number(values, _) => values[row].into_pyobject(py)?.into_any(),
        Data::Instant(values, _) => instant(py, values[row])?,
        Data::List(offsets, _, items) => {
            let items = range(offsets, row).map(|at| item(py, items, at)).collect::<PyResult<Vec<_>>>()?;
            PyList::new(py, items)?.into_any()
        }
        Data::Group(fields, ..) => {
            let dict = PyDict::new(py);
            for field in fields {
                dict.set_item(&*field.name, item(py, &field.data, row)?)?;
            }
            dict.into_any()
        }
    })
}

/// Microseconds since 1970 as a datetime in UTC.
pub fn instant(py: Python<'_>, micros: i64) -> PyResult<Bound<'_, PyAny>> {
    let utc = PyTzInfo::utc(py)?.to_owned();
    let epoch = PyDateTime::new(py, 1970, 1, 1, 0, 0, 0, 0, Some(&utc))?;
    let day = 86_400_000_000;
    let (days, rest) = (micros.div_euclid(day), micros.rem_euclid(day));
    let delta = PyDelta::new(py, days as i32, (rest / 1_000_000) as i32, (rest % 1_000_000) as i32, true)?;
    epoch.add(delta)
}
