//! The Arrow C interfaces: the only unsafe code.
#![allow(unsafe_code)]

use super::licenses::Coded;
use super::{Table, arrow, import};
use crate::columns::{Columns, Text};
use crate::error::{Error, Kind, Result};
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader, StringArray, StructArray};
use arrow_schema::{ArrowError, SchemaRef};
use std::ffi::c_void;
use std::ptr::NonNull;
use std::sync::Arc;

/// Batches handed out one by one.
struct Batches<I> {
    schema: SchemaRef,
    batches: I,
}

impl<I: Iterator<Item = Result<Arc<Columns>>>> Iterator for Batches<I> {
    type Item = std::result::Result<RecordBatch, ArrowError>;

    fn next(&mut self) -> Option<Self::Item> {
        let batch = self.batches.next()?.and_then(|batch| arrow::batch(&batch, &self.schema));
        Some(batch.map_err(|error| ArrowError::ExternalError(Box::new(error))))
    }
}

impl<I: Iterator<Item = Result<Arc<Columns>>>> RecordBatchReader for Batches<I> {
    fn schema(&self) -> SchemaRef {
        Arc::clone(&self.schema)
    }
}

/// Text as an Arrow array, not checked again: asking whether all values are UTF-8 took a fifth of
/// the time from page to table.
pub(super) fn strings(text: &Text) -> StringArray {
    let (offsets, bytes, validity) =
        (text.offsets.clone(), text.bytes.clone().into_bytes().into(), text.validity.clone());
    // SAFETY: a `ByteString` is UTF-8, and every offset is the end of a whole value in it
    // (`columns::build::Texts`); slicing and choosing rows keep that.
    unsafe { StringArray::new_unchecked(offsets, bytes, validity) }
}

/// The table as an Arrow C stream; every call starts a new one.
#[must_use]
pub fn stream(table: &Table) -> FFI_ArrowArrayStream {
    streamed(&table.empty, table.batches.clone().into_iter().map(Ok))
}

/// Batches with the columns of `head` as an Arrow C stream, each made when it is asked for.
#[must_use]
pub fn streamed(
    head: &Columns,
    batches: impl Iterator<Item = Result<Arc<Columns>>> + Send + 'static,
) -> FFI_ArrowArrayStream {
    FFI_ArrowArrayStream::new(Box::new(Batches { schema: arrow::schema(head), batches }))
}

/// Coded answers as an Arrow C stream of one batch.
pub fn coded(coded: &Coded) -> Result<FFI_ArrowArrayStream> {
    let batch = arrow::coded(coded)?;
    let schema = batch.schema();
    Ok(FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([Ok(batch)], schema))))
}

/// The schema of the table as an Arrow C schema.
pub fn schema(table: &Table) -> Result<FFI_ArrowSchema> {
    FFI_ArrowSchema::try_from(&*arrow::schema(&table.empty)).map_err(|error| arrow::failed(&error))
}

/// A table of what an Arrow C stream gives. The stream is used up.
/// `stream` is the pointer of a capsule named `arrow_array_stream`, which vouches for what it
/// points to.
pub fn from_stream(stream: NonNull<c_void>, format: Option<&str>) -> Result<Table> {
    // SAFETY: the capsule vouches for the pointer; `from_raw` takes the stream out of it.
    let stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr().cast()) };
    let reader = RecordBatchStreamReader::try_new(stream).map_err(|error| arrow::failed(&error))?;
    let schema = reader.schema();
    let mut batches = Vec::new();
    for batch in reader {
        batches.push(batch.map_err(|error| arrow::failed(&error))?);
    }
    import::table(&schema, &batches, format)
}

/// A table of an Arrow C array of structs. The array is used up.
/// The pointers are those of capsules
/// named `arrow_schema` and `arrow_array`, which vouch for what they point to.
pub fn from_array(schema: NonNull<c_void>, array: NonNull<c_void>, format: Option<&str>) -> Result<Table> {
    // SAFETY: the capsules vouch for the pointers; `from_raw` takes the array out of its place,
    // the schema stays with its owner.
    let (array, schema) =
        unsafe { (FFI_ArrowArray::from_raw(array.as_ptr().cast()), schema.cast::<FFI_ArrowSchema>().as_ref()) };
    // SAFETY: both come from one producer, as the protocol asks.
    let data = unsafe { from_ffi(array, schema) }.map_err(|error| arrow::failed(&error))?;
    if !matches!(data.data_type(), arrow_schema::DataType::Struct(_)) {
        return Err(Error::new(Kind::Value, "a single Arrow array is no table").hint("give a table or a record batch"));
    }
    let batch = RecordBatch::from(StructArray::from(data));
    import::table(&batch.schema(), std::slice::from_ref(&batch), format)
}
