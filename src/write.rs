//! Tables as text: JSON lines and CSV.

use crate::columns::{Column, Columns, Data, range};
use crate::error::{Error, Kind, Result};
use crate::value::date;
use serde_json::{Map, Value};

/// Rows as JSON objects, one a line. What has no value is left out.
pub fn jsonl(columns: &Columns, out: &mut Vec<u8>) -> Result<()> {
    for row in 0..columns.rows {
        let object = object(&columns.columns, row);
        serde_json::to_writer(&mut *out, &Value::Object(object)).map_err(|error| failed(&error))?;
        out.push(b'\n');
    }
    Ok(())
}

fn object(columns: &[Column], row: usize) -> Map<String, Value> {
    let filled = columns.iter().map(|column| (column, value(&column.data, row)));
    filled.filter(|(_, value)| !blank(value)).map(|(column, value)| (column.name.to_string(), value)).collect()
}

fn blank(value: &Value) -> bool {
    value.is_null() || value.as_array().is_some_and(Vec::is_empty)
}

fn value(data: &Data, row: usize) -> Value {
    if data.is_null(row) {
        return Value::Null;
    }
    match data {
        Data::Text(text) => Value::from(text.raw(row)),
        Data::Flag(values, _) => Value::from(values.value(row)),
        Data::Integer(values, _) => Value::from(values[row]),
        Data::Number(values, _) => Value::from(values[row]),
        Data::Instant(values, _) => Value::from(date::written(values[row])),
        Data::List(offsets, _, items) => range(offsets, row).map(|item| value(items, item)).collect(),
        Data::Group(fields, ..) => Value::Object(object(fields, row)),
    }
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
            let cell = match value(&column.data, row) {
                Value::Null => String::new(),
                Value::String(text) => text,
                Value::Array(_) | Value::Object(_) => {
                    return Err(Error::new(
                        Kind::Value,
                        format!("column {:?} holds lists, which CSV has not", column.name),
                    )
                    .hint("choose multi=\"join\", \"first\" or \"explode\""));
                }
                other => other.to_string(),
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
