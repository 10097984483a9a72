//! Tables as text: JSON lines and CSV.

mod json;

pub use json::{Layout, Writer};

use crate::columns::{Column, Columns, Data, range};
use crate::error::{Error, Kind, Result};
use crate::value::date;
use serde::Serialize;

/// Rows as JSON objects, one a line, members in the order of the columns. What has no value is
/// left out.
pub fn jsonl(columns: &Columns, out: &mut Vec<u8>) -> Result<()> {
    for row in 0..columns.rows {
        object(&columns.columns, row, out)?;
        out.push(b'\n');
    }
    Ok(())
}

fn object(columns: &[Column], row: usize, out: &mut Vec<u8>) -> Result<()> {
    out.push(b'{');
    let start = out.len();
    for column in columns.iter().filter(|column| filled(&column.data, row)) {
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

fn filled(data: &Data, row: usize) -> bool {
    match data {
        Data::List(offsets, ..) => !range(offsets, row).is_empty(),
        data => !data.is_null(row),
    }
}

fn value(data: &Data, row: usize, out: &mut Vec<u8>) -> Result<()> {
    match data {
        data if data.is_null(row) => scalar(&(), out),
        Data::Text(text) => scalar(text.raw(row), out),
        Data::Flag(values, _) => scalar(&values.value(row), out),
        Data::Integer(values, _) => scalar(&values[row], out),
        Data::Number(values, _) => scalar(&values[row], out),
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
        Data::Group(fields, ..) => object(fields, row, out),
    }
}

fn scalar<T: Serialize + ?Sized>(value: &T, out: &mut Vec<u8>) -> Result<()> {
    serde_json::to_writer(out, value).map_err(|error| failed(&error))
}

/// Rows as CSV (RFC 4180), with a header if asked.
///
/// # Errors
/// If a column holds lists: a view with `multi` makes them flat.
pub fn csv(columns: &Columns, header: bool, out: &mut Vec<u8>) -> Result<()> {
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);
    if header {
        writer.write_record(columns.columns.iter().map(|column| &*column.name)).map_err(|error| failed(&error))?;
    }
    for row in 0..columns.rows {
        for column in &columns.columns {
            let cell = match &column.data {
                data if data.is_null(row) => String::new(),
                Data::Text(text) => text.raw(row).to_owned(),
                Data::Flag(values, _) => values.value(row).to_string(),
                Data::Integer(values, _) => values[row].to_string(),
                Data::Number(values, _) => values[row].to_string(),
                Data::Instant(values, _) => date::written(values[row]),
                Data::List(..) | Data::Group(..) => {
                    return Err(Error::new(
                        Kind::Value,
                        format!("column {:?} holds lists, which CSV has not", column.name),
                    )
                    .hint("choose multi=\"join\", \"first\" or \"explode\""));
                }
            };
            writer.write_field(cell).map_err(|error| failed(&error))?;
        }
        writer.write_record(None::<&[u8]>).map_err(|error| failed(&error))?;
    }
    writer.flush().map_err(|error| failed(&error))
}

fn failed(error: &dyn std::error::Error) -> Error {
    Error::new(Kind::Value, format!("writing failed: {error}"))
}
