//! The Arrow C interfaces: the only unsafe code.
#![allow(unsafe_code)]

use super::foreign::{Damage, ForeignArray, SchemaNode, width};
use super::import::Importer;
use super::licenses::Coded;
use super::{Table, arrow};
use crate::columns::{Columns, Text};
use crate::error::{Error, Kind, Result};
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema};
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use arrow_array::{RecordBatch, RecordBatchIterator, RecordBatchReader, StringArray};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use std::ffi::{CStr, c_char, c_int, c_void};
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

/// A table of the batches of an Arrow C stream, which is consumed.
///
/// `stream` is the pointer of a capsule named `arrow_array_stream`: it must point to a stream.
pub fn from_stream(stream: NonNull<c_void>, format: Option<&str>) -> Result<Table> {
    // SAFETY: the name of the capsule declares what it points to; `from_raw` moves the stream out.
    let mut stream = unsafe { FFI_ArrowArrayStream::from_raw(stream.as_ptr().cast()) };
    let (Some(_), Some(get_schema), Some(get_next)) = (stream.release(), stream.get_schema(), stream.get_next()) else {
        return Err(released("stream"));
    };
    let mut schema = FFI_ArrowSchema::empty();
    // SAFETY: the callback belongs to this stream, which is not released.
    let code = unsafe { get_schema(&raw mut stream, &raw mut schema) };
    if code != 0 {
        return Err(producer_error(&mut stream, code));
    }
    let data_type = node(&schema)?.fields()?;
    let mut importer = Importer::new(&data_type, format)?;
    for batch in 0.. {
        let mut array = FFI_ArrowArray::empty();
        // SAFETY: as above.
        let code = unsafe { get_next(&raw mut stream, &raw mut array) };
        if code != 0 {
            return Err(producer_error(&mut stream, code));
        }
        if array.is_released() {
            break;
        }
        importer.push(&foreign(&array, &data_type, Some(batch))?, Some(batch))?;
    }
    importer.finish()
}

/// A table of an Arrow C array of structs, which is consumed.
///
/// The pointers are those of capsules named `arrow_schema` and `arrow_array`: they must point to those.
pub fn from_array(schema: NonNull<c_void>, array: NonNull<c_void>, format: Option<&str>) -> Result<Table> {
    // SAFETY: the names of the capsules declare what they point to; `from_raw` moves the array out,
    // the schema remains with its owner.
    let (array, schema) =
        unsafe { (FFI_ArrowArray::from_raw(array.as_ptr().cast()), schema.cast::<FFI_ArrowSchema>().as_ref()) };
    if array.is_released() || schema.release().is_none() {
        return Err(released("array"));
    }
    let data_type = node(schema)?.fields()?;
    let mut importer = Importer::new(&data_type, format)?;
    importer.push(&foreign(&array, &data_type, None)?, None)?;
    importer.finish()
}

fn released(what: &str) -> Error {
    let message = format!("the Arrow {what} was already consumed");
    Error::new(Kind::Value, message).hint("pass the frame itself, or create a new reader")
}

/// The error that the producer of a stream reports after a call that returned `code`.
fn producer_error(stream: &mut FFI_ArrowArrayStream, code: c_int) -> Error {
    let reported = stream.get_last_error().map(|get_last_error| {
        // SAFETY: the callback belongs to this stream, whose last call failed.
        unsafe { get_last_error(stream) }
    });
    let reported = reported.filter(|text| !text.is_null()).map(|text| {
        // SAFETY: the text ends with a zero byte and lives until the next call.
        unsafe { CStr::from_ptr(text) }.to_string_lossy().into_owned()
    });
    let reported = reported.unwrap_or_else(|| format!("error {code}, without a message"));
    Error::new(Kind::Value, format!("the producer of the Arrow stream failed: {reported}"))
        .hint("the error comes from the library that the data comes from: correct it there")
}

/// How deep types may nest.
const DEPTH: usize = 64;

/// The start of `ArrowSchema` as the C data interface lays it out. arrow's own type panics where a
/// pointer is null or a text is not UTF-8.
#[repr(C)]
struct RawSchema {
    format: *const c_char,
    name: *const c_char,
    metadata: *const c_char,
    flags: i64,
    n_children: i64,
    children: *const *const RawSchema,
    dictionary: *const RawSchema,
}

/// The start of `ArrowArray`, likewise.
#[repr(C)]
struct RawArray {
    length: i64,
    null_count: i64,
    offset: i64,
    n_buffers: i64,
    n_children: i64,
    buffers: *const *const u8,
    children: *const *const RawArray,
    dictionary: *const RawArray,
}

/// A schema in memory of our own.
fn node(schema: &FFI_ArrowSchema) -> Result<SchemaNode> {
    // SAFETY: both types have the layout of `ArrowSchema`.
    let schema = unsafe { &*std::ptr::from_ref(schema).cast::<RawSchema>() };
    // SAFETY: a schema that is not released owns what it points to.
    unsafe { schema_node(schema, DEPTH) }
}

/// # Safety
/// The pointers of the schema, its children and its dictionary must be null or valid.
unsafe fn schema_node(schema: &RawSchema, depth: usize) -> Result<SchemaNode> {
    let damaged = |message: &str| Error::new(Kind::Value, format!("the Arrow schema {message}"));
    if depth == 0 {
        return Err(damaged(&format!("nests deeper than {DEPTH} levels")).hint("flatten the columns first"));
    }
    let text = |what: &str, pointer: *const c_char| {
        // SAFETY: a text of a schema ends with a zero byte.
        let text = if pointer.is_null() { c"" } else { unsafe { CStr::from_ptr(pointer) } };
        text.to_str().map(str::to_owned).map_err(|_| {
            let text = text.to_string_lossy();
            damaged(&format!("has a {what} that is not valid UTF-8: {text:?}")).hint("rename the column")
        })
    };
    // SAFETY: as the caller ensures, here and below.
    let children = unsafe { pointees(schema.children, schema.n_children) };
    let children = children.ok_or_else(|| damaged("has children that are missing").hint("check its producer"))?;
    let children = children.into_iter().map(|child| unsafe { schema_node(child, depth - 1) });
    let dictionary = unsafe { schema.dictionary.as_ref() };
    let dictionary = dictionary.map(|values| unsafe { schema_node(values, depth - 1) });
    Ok(SchemaNode {
        format: text("format", schema.format)?,
        name: text("name", schema.name)?,
        children: children.collect::<Result<_>>()?,
        dictionary: dictionary.transpose()?.map(Box::new),
    })
}

/// What an array of pointers points to, unless one is missing.
///
/// # Safety
/// `pointers` must be null or point to `count` pointers, each null or valid.
unsafe fn pointees<'a, T>(pointers: *const *const T, count: i64) -> Option<Vec<&'a T>> {
    let count = usize::try_from(count).ok()?;
    if count > 0 && pointers.is_null() {
        return None;
    }
    // SAFETY: as the caller ensures.
    (0..count).map(|at| unsafe { pointers.add(at).read_unaligned().as_ref() }).collect()
}

/// The array as borrowed bytes.
fn foreign<'a>(array: &'a FFI_ArrowArray, data_type: &'a DataType, batch: Option<usize>) -> Result<ForeignArray<'a>> {
    // SAFETY: both types have the layout of `ArrowArray`.
    let array = unsafe { &*std::ptr::from_ref(array).cast::<RawArray>() };
    // SAFETY: an array that is not released owns what it points to, and the interface requires its
    // buffers to be as large as length, offset and type demand. The rest is checked.
    unsafe { foreign_array(array, data_type) }.map_err(|damage| damage.into_error(batch))
}

/// # Safety
/// The pointers of the array, its children and its dictionary must be null or valid, and its buffers
/// as large as length, offset and type demand.
unsafe fn foreign_array<'a>(
    array: &'a RawArray,
    data_type: &'a DataType,
) -> std::result::Result<ForeignArray<'a>, Damage> {
    let size = |name: &str, size: i64| {
        usize::try_from(size).map_err(|_| Damage::new(format!("the {name} {size} is negative")))
    };
    let (length, offset) = (size("length", array.length)?, size("offset", array.offset)?);
    let end = offset.checked_add(length).ok_or_else(|| Damage::new("length and offset exceed 64 bits"))?;
    let count = size("number of buffers", array.n_buffers)?;
    if count > 0 && array.buffers.is_null() {
        return Err(Damage::new("the buffers are missing"));
    }
    let expected = match data_type {
        // The null type has no buffers, but polars passes one.
        DataType::Null => count..=count,
        DataType::Struct(_) => 1..=1,
        DataType::Utf8 | DataType::LargeUtf8 => 3..=3,
        DataType::Utf8View => 3..=usize::MAX,
        _ => 2..=2,
    };
    if !expected.contains(&count) {
        let expected = expected.start();
        let message = format!("the type {data_type} has {expected} buffers, but the array has {count}");
        return Err(Damage::new(message));
    }
    let bytes = |at: usize, length: Option<usize>| -> std::result::Result<&'a [u8], Damage> {
        let length = length.filter(|length| isize::try_from(*length).is_ok());
        let length = length.ok_or_else(|| Damage::new(format!("buffer {at} exceeds the memory")))?;
        if length == 0 {
            return Ok(&[]);
        }
        // SAFETY: `at` is below the number of buffers.
        let pointer = unsafe { array.buffers.add(at).read_unaligned() };
        if pointer.is_null() {
            return Err(Damage::new(format!("buffer {at} is missing")));
        }
        // SAFETY: as the caller ensures.
        Ok(unsafe { std::slice::from_raw_parts(pointer, length) })
    };
    // SAFETY: `validity` is read only if there is a first buffer.
    let has_validity = count > 0 && length > 0 && !unsafe { array.buffers.read_unaligned() }.is_null();
    let validity = (has_validity && *data_type != DataType::Null).then(|| bytes(0, Some(end.div_ceil(8))));
    let fixed = width(data_type);
    let mut buffers = Vec::new();
    // An empty array may leave its buffers out.
    if length > 0 {
        match data_type {
            DataType::Null | DataType::Struct(_) => {}
            DataType::Boolean => buffers.push(bytes(1, Some(end.div_ceil(8)))?),
            DataType::Utf8 | DataType::LargeUtf8 | DataType::List(_) | DataType::LargeList(_) => {
                let offsets = bytes(1, fixed.and_then(|width| end.checked_add(1)?.checked_mul(width)))?;
                buffers.push(offsets);
                if count == 3 {
                    let narrow = || offsets.last_chunk().map(|end| i32::from_ne_bytes(*end).into());
                    let wide = || offsets.last_chunk().map(|end| i64::from_ne_bytes(*end));
                    let last = if fixed == Some(4) { narrow() } else { wide() }.unwrap_or_default();
                    buffers.push(bytes(2, Some(size("last offset", last)?))?);
                }
            }
            _ => buffers.push(bytes(1, fixed.and_then(|width| end.checked_mul(width)))?),
        }
        if *data_type == DataType::Utf8View {
            let sizes = bytes(count - 1, (count - 3).checked_mul(8))?;
            for (at, bytes_of_size) in sizes.as_chunks().0.iter().enumerate() {
                buffers.push(bytes(at + 2, Some(size("size of a buffer", i64::from_ne_bytes(*bytes_of_size))?))?);
            }
        }
    }
    // SAFETY: as the caller ensures, here and below.
    let children = unsafe { pointees(array.children, array.n_children) };
    let children = children.ok_or_else(|| Damage::new("children are missing"))?;
    let types: Vec<(&str, &DataType)> = match data_type {
        DataType::List(items) | DataType::LargeList(items) => vec![("[]", items.data_type())],
        DataType::Struct(fields) => fields.iter().map(|field| (&**field.name(), field.data_type())).collect(),
        _ => Vec::new(),
    };
    if children.len() != types.len() {
        let message =
            format!("the type {data_type} has {} children, but the array has {}", types.len(), children.len());
        return Err(Damage::new(message));
    }
    let children = children.into_iter().zip(types);
    let children = children
        .map(|(child, (name, kind))| unsafe { foreign_array(child, kind) }.map_err(|damage| damage.inside(name)));
    let mut children = children.collect::<std::result::Result<Vec<_>, Damage>>()?;
    if let DataType::Dictionary(_, values) = data_type {
        let dictionary =
            unsafe { array.dictionary.as_ref() }.ok_or_else(|| Damage::new("the dictionary is missing"))?;
        children.push(unsafe { foreign_array(dictionary, values) }.map_err(Damage::in_dictionary)?);
    }
    Ok(ForeignArray {
        data_type,
        length,
        offset,
        null_count: usize::try_from(array.null_count).ok(),
        validity: validity.transpose()?,
        buffers,
        children,
    })
}
