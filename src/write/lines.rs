//! JSON: an object a row, members in the order of the columns.

use super::failed;
use crate::columns::{Column, Columns, Data, range};
use crate::error::Result;
use crate::value::date;
use serde::Serialize;

/// What stands around rows, and how much of them is told.
#[derive(Debug, Clone, Copy, Default)]
pub struct Style {
    /// Rows are items of an array, not lines: a comma stands between them.
    pub array: bool,
    /// The first row has every member, so that it tells the columns.
    pub first: bool,
    /// Empty lists are told, so that they and no list stay apart.
    pub empty: bool,
}

/// Rows as JSON objects. What has no value is left out, unless `style` says otherwise.
pub fn rows(columns: &Columns, style: Style, out: &mut Vec<u8>) -> Result<()> {
    for row in 0..columns.rows {
        let first = style.first && row == 0;
        if style.array && !first {
            out.extend_from_slice(b",\n");
        }
        object(&columns.columns, row, first, style.empty, out)?;
        if !style.array {
            out.push(b'\n');
        }
    }
    Ok(())
}

/// A value of a list or a group as JSON in a cell; nothing where there is none.
pub fn cell(data: &Data, row: usize, empty: bool) -> Result<Option<String>> {
    if !filled(data, row, empty) {
        return Ok(None);
    }
    let mut out = Vec::new();
    value(data, row, empty, &mut out)?;
    String::from_utf8(out).map(Some).map_err(|error| failed(&error))
}

fn object(columns: &[Column], row: usize, whole: bool, empty: bool, out: &mut Vec<u8>) -> Result<()> {
    out.push(b'{');
    let start = out.len();
    for column in columns.iter().filter(|column| whole || filled(&column.data, row, empty)) {
        if out.len() > start {
            out.push(b',');
        }
        scalar(&*column.name, out)?;
        out.push(b':');
        value(&column.data, row, empty, out)?;
    }
    out.push(b'}');
    Ok(())
}

/// Whether there is anything in a row of a column; with `empty`, an empty list is something.
pub(super) fn filled(data: &Data, row: usize, empty: bool) -> bool {
    match data {
        data if data.is_null(row) => false,
        Data::List(offsets, ..) => empty || !range(offsets, row).is_empty(),
        _ => true,
    }
}

/// A value as JSON.
pub(super) fn value(data: &Data, row: usize, empty: bool, out: &mut Vec<u8>) -> Result<()> {
    match data {
        data if data.is_null(row) => scalar(&(), out),
        Data::Text(text) => scalar(text.raw(row), out),
        Data::Flag(values, _) => scalar(&values.value(row), out),
        Data::Integer(values, _) => scalar(&values[row], out),
        Data::Number(values, _) if values[row].is_finite() => scalar(&values[row], out),
        // JSON has no word for these.
        Data::Number(values, _) => scalar(&values[row].to_string(), out),
        Data::Instant(values, _) => scalar(&date::written(values[row]), out),
        Data::List(offsets, _, items) => {
            out.push(b'[');
            for (count, item) in range(offsets, row).enumerate() {
                if count > 0 {
                    out.push(b',');
                }
                value(items, item, empty, out)?;
            }
            out.push(b']');
            Ok(())
        }
        Data::Group(fields, ..) => object(fields, row, false, empty, out),
    }
}

fn scalar<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(out, value).map_err(|error| failed(&error))
}
