//! Arrow arrays to columns: whatever pandas, polars, `DuckDB` and pyarrow make of a table, back in.

use super::{Table, blank, vocabularies};
use crate::columns::build::{Texts, flags, integers, validity};
use crate::columns::{Column, Columns, Data};
use crate::error::{Error, Kind, Result};
use crate::format::Vocabulary;
use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowPrimitiveType, Date32Type, Float32Type, Float64Type, Int8Type, Int16Type, Int32Type, Int64Type,
    TimestampMicrosecondType, TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type,
    UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, OffsetSizeTrait, RecordBatch};
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, Schema, TimeUnit};

/// A table of Arrow batches. The format is the one named, or the one whose columns these are;
/// otherwise it is `frame`, with the columns as they come.
pub(super) fn table(schema: &Schema, batches: &[RecordBatch], format: Option<&str>) -> Result<Table> {
    let names: Vec<&str> = schema.fields().iter().map(|field| field.name().as_str()).collect();
    let kept = names.contains(&RESIDUE);
    let vocabulary = match format {
        Some(name) => Some(vocabularies().find(|known| known.name == name).ok_or_else(|| unknown(name))?),
        None => recognised(&names),
    };
    let shape = vocabulary.map(|vocabulary| {
        let mut shape = blank(vocabulary);
        if kept && shape.get(RESIDUE).is_none() {
            shape.columns.push(Column::new(RESIDUE, Data::Text(Texts::default().freeze())));
        }
        shape
    });
    let mut converted = Vec::new();
    for batch in batches {
        let own = batch.schema();
        let columns = own.fields().iter().zip(batch.columns()).map(|(field, array)| {
            let data = data(array).map_err(|kind| {
                let message = format!("column {:?} has the Arrow type {kind}, which is not read", field.name());
                Error::new(Kind::Value, message).hint("cast it to text, numbers, lists or structs first")
            })?;
            Ok(Column::new(field.name().clone(), data))
        });
        let columns = Columns { rows: batch.num_rows(), columns: columns.collect::<Result<_>>()? };
        converted.push(match &shape {
            Some(shape) => coerce(&columns, shape)?,
            None => columns,
        });
    }
    let empty = match shape {
        Some(shape) => shape,
        None => empty(schema, &converted)?,
    };
    Ok(Table::new(vocabulary.map_or("frame", |known| known.name), empty, converted))
}

fn unknown(name: &str) -> Error {
    let known: Vec<&str> = vocabularies().map(|known| known.name).collect();
    Error::new(Kind::Value, format!("no format {name:?}; known are {}", known.join(", ")))
}

/// What a crosswalk keeps beside a record of any format.
const RESIDUE: &str = "residue";

/// The format that has exactly these columns, in any order, and maybe a residue.
fn recognised(names: &[&str]) -> Option<&'static Vocabulary> {
    vocabularies().find(|known| {
        let columns = known.columns();
        let own = names.iter().filter(|name| **name != RESIDUE || columns.contains(name));
        own.count() == columns.len() && columns.iter().all(|column| names.contains(column))
    })
}

fn empty(schema: &Schema, batches: &[Columns]) -> Result<Columns> {
    if let Some(first) = batches.first() {
        return Ok(first.slice(0, 0));
    }
    let none = RecordBatch::new_empty(std::sync::Arc::new(schema.clone()));
    let columns = schema.fields().iter().zip(none.columns()).map(|(field, array)| {
        let data = data(array).map_err(|kind| Error::new(Kind::Value, format!("the Arrow type {kind} is not read")))?;
        Ok(Column::new(field.name().clone(), data))
    });
    Ok(Columns { rows: 0, columns: columns.collect::<Result<_>>()? })
}

/// An Arrow array as a column, or the name of its type if that is not read.
fn data(array: &dyn Array) -> std::result::Result<Data, String> {
    let rows = array.len();
    Ok(match array.data_type() {
        DataType::Null => Data::Text(Texts::default().freeze()).blank(rows),
        DataType::Boolean => {
            let values = array.as_boolean();
            Data::Flag(values.values().clone(), values.nulls().cloned())
        }
        DataType::Utf8 => texts(array.as_string::<i32>().iter()),
        DataType::LargeUtf8 => texts(array.as_string::<i64>().iter()),
        DataType::Utf8View => texts(array.as_string_view().iter()),
        DataType::Dictionary(..) => {
            let dictionary = array.as_any_dictionary();
            let values = data(dictionary.values())?;
            if values.is_empty() {
                // All of them are null, and have no place among no values.
                return Ok(values.blank(rows));
            }
            let keys = dictionary.normalized_keys();
            let rows: Vec<usize> = keys.iter().map(|key| (*key).min(values.len() - 1)).collect();
            nulled(values.take(&rows), dictionary.nulls())
        }
        DataType::Int8 => whole::<Int8Type>(array),
        DataType::Int16 => whole::<Int16Type>(array),
        DataType::Int32 => whole::<Int32Type>(array),
        DataType::Int64 => whole::<Int64Type>(array),
        DataType::UInt8 => whole::<UInt8Type>(array),
        DataType::UInt16 => whole::<UInt16Type>(array),
        DataType::UInt32 => whole::<UInt32Type>(array),
        DataType::UInt64 if array.as_primitive::<UInt64Type>().values().iter().all(|n| i64::try_from(*n).is_ok()) => {
            let values = array.as_primitive::<UInt64Type>();
            whole_from(values.iter().map(|value| value.map(|n| n as i64)))
        }
        DataType::Float32 => real(array.as_primitive::<Float32Type>().iter().map(|n| n.map(f64::from))),
        DataType::Float64 => real(array.as_primitive::<Float64Type>().iter()),
        DataType::Date32 => {
            instants(array.as_primitive::<Date32Type>().iter().map(|n| n.map(|n| i64::from(n) * 86_400_000_000)))
        }
        DataType::Timestamp(unit, _) => match unit {
            TimeUnit::Second => instants(scaled::<TimestampSecondType>(array, 1_000_000, 1)),
            TimeUnit::Millisecond => instants(scaled::<TimestampMillisecondType>(array, 1_000, 1)),
            TimeUnit::Microsecond => instants(scaled::<TimestampMicrosecondType>(array, 1, 1)),
            TimeUnit::Nanosecond => instants(scaled::<TimestampNanosecondType>(array, 1, 1_000)),
        },
        DataType::List(_) => list::<i32>(array)?,
        DataType::LargeList(_) => list::<i64>(array)?,
        DataType::Struct(_) => {
            let group = array.as_struct();
            let fields = group.fields().iter().zip(group.columns());
            let fields = fields.map(|(field, column)| Ok(Column::new(field.name().clone(), data(column)?)));
            Data::Group(fields.collect::<std::result::Result<_, String>>()?, rows, group.nulls().cloned())
        }
        other => return Err(other.to_string()),
    })
}

fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> Data {
    let mut texts = Texts::default();
    values.for_each(|value| texts.push_option(value));
    Data::Text(texts.freeze())
}

fn whole<T: ArrowPrimitiveType>(array: &dyn Array) -> Data
where
    i64: From<T::Native>,
{
    whole_from(array.as_primitive::<T>().iter().map(|value| value.map(i64::from)))
}

fn whole_from(values: impl Iterator<Item = Option<i64>>) -> Data {
    let (values, validity) = integers(values);
    Data::Integer(values, validity)
}

fn real(values: impl Iterator<Item = Option<f64>>) -> Data {
    let values: Vec<Option<f64>> = values.collect();
    let present = values.iter().map(Option::is_some).collect();
    Data::Number(values.iter().map(|value| value.unwrap_or_default()).collect(), validity(Some(present)))
}

fn scaled<T: ArrowPrimitiveType<Native = i64>>(array: &dyn Array, by: i64, over: i64) -> Vec<Option<i64>> {
    array.as_primitive::<T>().iter().map(|value| value.map(|n| n.saturating_mul(by).div_euclid(over))).collect()
}

fn instants(values: impl IntoIterator<Item = Option<i64>>) -> Data {
    let (values, validity) = integers(values);
    Data::Instant(values, validity)
}

fn list<O: OffsetSizeTrait>(array: &dyn Array) -> std::result::Result<Data, String> {
    let list = array.as_list::<O>();
    let offsets = list.value_offsets();
    let (first, last) = (offsets[0].as_usize(), offsets[list.len()].as_usize());
    let items = data(&list.values().slice(first, last - first))?;
    let ends: Vec<i32> = offsets.iter().map(|end| (end.as_usize() - first) as i32).collect();
    let offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
    Ok(Data::List(offsets, list.nulls().cloned(), Box::new(items)))
}

fn nulled(data: Data, nulls: Option<&NullBuffer>) -> Data {
    let union = |own: Option<NullBuffer>| NullBuffer::union(own.as_ref(), nulls);
    match data {
        Data::Text(mut text) => {
            text.validity = union(text.validity);
            Data::Text(text)
        }
        Data::Flag(values, own) => Data::Flag(values, union(own)),
        Data::Integer(values, own) => Data::Integer(values, union(own)),
        Data::Number(values, own) => Data::Number(values, union(own)),
        Data::Instant(values, own) => Data::Instant(values, union(own)),
        Data::List(offsets, own, items) => Data::List(offsets, union(own), items),
        Data::Group(fields, rows, own) => Data::Group(fields, rows, union(own)),
    }
}

/// Columns in the shape of a format: its order, its types; what is missing is empty.
fn coerce(columns: &Columns, shape: &Columns) -> Result<Columns> {
    let foreign: Vec<&str> =
        columns.columns.iter().map(|column| &*column.name).filter(|name| shape.get(name).is_none()).collect();
    if !foreign.is_empty() {
        let message = format!("the format has no column {}", foreign.join(", "));
        return Err(Error::new(Kind::Value, message).hint("drop the columns, or read the frame without format="));
    }
    let coerced = shape.columns.iter().map(|wanted| {
        let data = match columns.get(&wanted.name) {
            None => wanted.data.blank(columns.rows),
            // A record of which nobody says that it is deleted is not.
            Some(Data::Flag(values, own)) if wanted.name == "deleted" => {
                let there = |row: &usize| own.as_ref().is_none_or(|own| own.is_valid(*row));
                flags(&(0..columns.rows).map(|row| values.value(row) && there(&row)).collect::<Vec<_>>())
            }
            Some(own) => fit(own, &wanted.data).ok_or_else(|| {
                Error::new(Kind::Value, format!("column {:?} has another type than the format gives it", wanted.name))
            })?,
        };
        Ok(Column { name: wanted.name.clone(), data })
    });
    Ok(Columns { rows: columns.rows, columns: coerced.collect::<Result<_>>()? })
}

/// Data in the shape of `wanted`, if that loses nothing.
fn fit(data: &Data, wanted: &Data) -> Option<Data> {
    let rows = data.len();
    let absent = (0..rows).all(|row| data.is_null(row));
    Some(match (data, wanted) {
        (Data::Text(_), Data::Text(_))
        | (Data::Integer(..), Data::Integer(..))
        | (Data::Number(..), Data::Number(..))
        | (Data::Instant(..), Data::Instant(..))
        | (Data::Flag(..), Data::Flag(..)) => data.clone(),
        (Data::Integer(values, own), Data::Number(..)) if values.iter().all(|n| i32::try_from(*n).is_ok()) => {
            Data::Number(values.iter().map(|n| f64::from(*n as i32)).collect(), own.clone())
        }
        // pandas keeps whole numbers with gaps as floating point.
        (Data::Number(values, own), Data::Integer(..)) if values.iter().all(|n| n.is_nan() || n.fract() == 0.0) => {
            let number = |row: usize| {
                Some(values[row]).filter(|n| !n.is_nan() && own.as_ref().is_none_or(|own| own.is_valid(row)))
            };
            whole_from((0..rows).map(|row| number(row).map(|n| n as i64)))
        }
        (Data::List(offsets, own, items), Data::List(_, _, inner)) => {
            let items = fit(items, inner)?;
            if own.as_ref().is_some_and(|own| own.null_count() > 0) {
                // A list without a value may still cover items; they are not part of it.
                let kept: Vec<usize> = (0..rows)
                    .filter(|row| !data.is_null(*row))
                    .flat_map(|row| crate::columns::range(offsets, row))
                    .collect();
                let mut ends = vec![0_i32];
                for row in 0..rows {
                    let length = if data.is_null(row) { 0 } else { offsets[row + 1] - offsets[row] };
                    ends.push(ends[row] + length);
                }
                Data::List(OffsetBuffer::new(ScalarBuffer::from(ends)), None, Box::new(items.take(&kept)))
            } else {
                Data::List(offsets.clone(), None, Box::new(items))
            }
        }
        (Data::Group(fields, _, own), Data::Group(inner, ..)) => {
            let find = |name: &str| fields.iter().find(|field| field.name == name);
            let fitted = inner.iter().map(|wanted| {
                let data = find(&wanted.name)
                    .map_or_else(|| Some(wanted.data.blank(rows)), |own| fit(&own.data, &wanted.data));
                Some(Column { name: wanted.name.clone(), data: data? })
            });
            let known = fields.iter().all(|field| inner.iter().any(|wanted| wanted.name == field.name));
            Data::Group(fitted.collect::<Option<_>>().filter(|_| known)?, rows, own.clone())
        }
        _ if absent => wanted.blank(rows),
        _ => return None,
    })
}
