//! Columns to Arrow arrays. Buffers are shared, not copied.

use super::ffi;
use crate::columns::{Columns, Data};
use crate::error::{Error, Kind, Result};
use arrow_array::{
    ArrayRef, BooleanArray, Float64Array, Int64Array, ListArray, RecordBatch, RecordBatchOptions, StructArray,
    TimestampMicrosecondArray,
};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use std::sync::Arc;

/// The Arrow schema of columns.
pub(super) fn schema(columns: &Columns) -> SchemaRef {
    let fields = columns.columns.iter().map(|column| Field::new(&*column.name, kind(&column.data), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

fn kind(data: &Data) -> DataType {
    match data {
        Data::Text(_) => DataType::Utf8,
        Data::Flag(..) => DataType::Boolean,
        Data::Integer(..) => DataType::Int64,
        Data::Number(..) => DataType::Float64,
        Data::Instant(..) => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Data::List(_, _, items) => DataType::List(Arc::new(Field::new("item", kind(items), true))),
        Data::Group(fields, ..) => {
            let fields = fields.iter().map(|field| Field::new(&*field.name, kind(&field.data), true));
            DataType::Struct(Fields::from(fields.collect::<Vec<_>>()))
        }
    }
}

/// A batch as Arrow.
pub(super) fn batch(columns: &Columns, schema: &SchemaRef) -> Result<RecordBatch> {
    let arrays = columns.columns.iter().map(|column| array(&column.data)).collect::<Result<Vec<_>>>()?;
    let options = RecordBatchOptions::new().with_row_count(Some(columns.rows));
    RecordBatch::try_new_with_options(Arc::clone(schema), arrays, &options).map_err(|error| failed(&error))
}

fn array(data: &Data) -> Result<ArrayRef> {
    Ok(match data {
        Data::Text(text) => Arc::new(ffi::strings(text)),
        Data::Flag(values, validity) => Arc::new(BooleanArray::new(values.clone(), validity.clone())),
        Data::Integer(values, validity) => Arc::new(Int64Array::new(values.clone(), validity.clone())),
        Data::Number(values, validity) => Arc::new(Float64Array::new(values.clone(), validity.clone())),
        Data::Instant(values, validity) => {
            Arc::new(TimestampMicrosecondArray::new(values.clone(), validity.clone()).with_timezone("UTC"))
        }
        Data::List(offsets, validity, items) => {
            let field = Arc::new(Field::new("item", kind(items), true));
            let list = ListArray::try_new(field, offsets.clone(), array(items)?, validity.clone());
            Arc::new(list.map_err(|error| failed(&error))?)
        }
        Data::Group(fields, rows, validity) => {
            let DataType::Struct(kinds) = kind(data) else { return Err(Error::new(Kind::Value, "no group")) };
            let arrays = fields.iter().map(|field| array(&field.data)).collect::<Result<Vec<_>>>()?;
            let group = StructArray::try_new_with_length(kinds, arrays, validity.clone(), *rows);
            Arc::new(group.map_err(|error| failed(&error))?)
        }
    })
}

pub(super) fn failed(error: &ArrowError) -> Error {
    Error::new(Kind::Value, format!("Arrow refused the data: {error}"))
}
