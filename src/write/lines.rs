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
    /// Every row has every member, so that no value and an empty list stay apart.
    pub whole: bool,
}

/// Rows as JSON objects. What has no value is left out, unless `style` says otherwise.
pub fn rows(columns: &Columns, style: Style, out: &mut Vec<u8>) -> Result<()> {
    for row in 0..columns.rows {
        let first = style.first && row == 0;
        if style.array && !first {
            out.extend_from_slice(b",\n");
        }
        object(&columns.columns, row, first || style.whole, out)?;
        if !style.array {
            out.push(b'\n');
        }
    }
    Ok(())
}

fn object(columns: &[Column], row: usize, whole: bool, out: &mut Vec<u8>) -> Result<()> {
    out.push(b'{');
    let start = out.len();
    for column in columns.iter().filter(|column| whole || filled(&column.data, row)) {
        if out.len() > start {
            out.push(b',');
        }
        scalar(&*column.name, out)?;
        out.push(b':');
        value(&column.data, row, out)?;
    }
    out.push(b'}');
    Ok(())
}

/// Whether there is anything in a row of a column.
pub(super) fn filled(data: &Data, row: usize) -> bool {
    match data {
        data if data.is_null(row) => false,
        Data::List(offsets, ..) => !range(offsets, row).is_empty(),
        _ => true,
    }
}

/// A value as JSON.
pub(super) fn value(data: &Data, row: usize, out: &mut Vec<u8>) -> Result<()> {
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
                value(items, item, out)?;
            }
            out.push(b']');
            Ok(())
        }
        Data::Group(fields, ..) => object(fields, row, false, out),
    }
}

fn scalar<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(out, value).map_err(|error| failed(&error))
}
