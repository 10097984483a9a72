//! Columns to Arrow arrays. Buffers are shared, not copied.

use super::ffi;
use super::licenses::Coded;
use crate::columns::build::Texts;
use crate::columns::{Columns, Data};
use crate::error::{Error, Kind, Result};
use arrow_array::{
    ArrayRef, BooleanArray, DictionaryArray, Float64Array, Int32Array, Int64Array, ListArray, RecordBatch,
    RecordBatchOptions, StructArray, TimestampMicrosecondArray,
};
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema, SchemaRef, TimeUnit};
use std::collections::HashMap;
use std::sync::Arc;

/// The Arrow schema of columns.
pub(super) fn schema(columns: &Columns) -> SchemaRef {
    let fields = columns.columns.iter().map(|column| Field::new(&*column.name, kind(&column.data), true));
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// The first column that is of another type in `other`, which has columns of the same names.
pub(super) fn unlike<'a>(columns: &'a Columns, other: &Columns) -> Option<&'a str> {
    let mut both = columns.columns.iter().zip(&other.columns);
    both.find(|(own, other)| kind(&own.data) != kind(&other.data)).map(|(own, _)| &*own.name)
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

/// Coded answers as one batch of dictionary arrays, each with its distinct values.
pub(super) fn coded(coded: &Coded) -> Result<RecordBatch> {
    let mut fields = Vec::new();
    let mut arrays: Vec<ArrayRef> = Vec::new();
    for column in &coded.answers.columns {
        let Some(text) = column.data.text() else { continue };
        let mut known: HashMap<&str, i32> = HashMap::new();
        let mut distinct = Texts::default();
        let mut key = |value| {
            let next = known.len() as i32;
            *known.entry(value).or_insert_with(|| {
                distinct.push(value);
                next
            })
        };
        let keys: Vec<Option<i32>> = (0..text.len()).map(|answer| text.get(answer).map(&mut key)).collect();
        let keys: Int32Array = coded.numbers.iter().map(|number| keys[*number]).collect();
        let array = DictionaryArray::try_new(keys, Arc::new(ffi::strings(&distinct.freeze())));
        arrays.push(Arc::new(array.map_err(|error| failed(&error))?));
        let kind = DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8));
        fields.push(Field::new(&*column.name, kind, true));
    }
    let options = RecordBatchOptions::new().with_row_count(Some(coded.numbers.len()));
    let schema = Arc::new(Schema::new(fields));
    RecordBatch::try_new_with_options(schema, arrays, &options).map_err(|error| failed(&error))
}

pub(super) fn failed(error: &ArrowError) -> Error {
    Error::new(Kind::Value, format!("Arrow refused the data: {error}"))
}
