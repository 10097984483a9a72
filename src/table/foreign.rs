//! Arrow arrays of another library: borrowed bytes of the size that the C data interface declares,
//! and the checks of what they contain. Nothing here is believed before it is checked.

use crate::error::{Error, Kind, Result};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer};
use arrow_schema::{DataType, Field, TimeUnit};
use std::ops::Range;
use std::sync::Arc;

/// A node of a C schema.
#[derive(Debug)]
pub(super) struct SchemaNode {
    /// The format string, which encodes the type.
    pub format: String,
    pub name: String,
    pub children: Vec<SchemaNode>,
    /// The type of the values, if the array is dictionary-encoded.
    pub dictionary: Option<Box<SchemaNode>>,
}

/// An Arrow array as borrowed bytes. Each buffer has the size that length, offset and type demand.
#[derive(Debug)]
pub(super) struct ForeignArray<'a> {
    pub data_type: &'a DataType,
    pub length: usize,
    pub offset: usize,
    /// The number of nulls, if the producer declared it.
    pub null_count: Option<usize>,
    pub validity: Option<&'a [u8]>,
    /// The buffers without the validity bitmap.
    pub buffers: Vec<&'a [u8]>,
    /// The items of a list, the fields of a struct, or the values of a dictionary.
    pub children: Vec<ForeignArray<'a>>,
}

/// What is wrong with an array, and where.
#[derive(Debug)]
pub(super) struct Damage {
    /// Names of the columns that contain each other, the innermost first; `[]` for the items of a list.
    path: Vec<String>,
    /// The row, or the item of a list until the list adds its own row.
    row: Option<usize>,
    message: String,
    hint: &'static str,
}

const DAMAGED: &str = "the array is damaged: check its source, for example with pyarrow's validate(full=True)";
const TOO_LARGE: &str = "split it into smaller batches, for example with pyarrow's to_batches(max_chunksize=...)";
const OUT_OF_RANGE: &str = "correct the value, or cast the column to text first";

impl Damage {
    /// Damage of an array as a whole.
    pub fn new(message: impl Into<String>) -> Self {
        Self { path: Vec::new(), row: None, message: message.into(), hint: DAMAGED }
    }

    /// Damage of one row.
    pub fn at(row: usize, message: impl Into<String>) -> Self {
        Self { row: Some(row), ..Self::new(message) }
    }

    /// A value that is valid Arrow, but does not fit the type of our column.
    pub fn out_of_range(row: usize, message: impl Into<String>) -> Self {
        Self { hint: OUT_OF_RANGE, ..Self::at(row, message) }
    }

    /// An array with more rows, items or bytes of text than offsets of 32 bits can count.
    pub fn too_large(what: &str) -> Self {
        Self { hint: TOO_LARGE, ..Self::new(format!("more than {} {what} in one batch", i32::MAX)) }
    }

    /// The damage as part of the field or list that contains it.
    pub fn inside(mut self, name: &str) -> Self {
        self.path.push(name.to_owned());
        self
    }

    /// The damage as part of the values of a dictionary, which are not rows.
    pub fn in_dictionary(mut self) -> Self {
        self.message = format!("in the values of the dictionary, {}", self.message);
        self.row = None;
        self
    }

    /// The damage in the row that `locate` finds for its row.
    pub fn in_row(mut self, locate: impl FnOnce(usize) -> Option<usize>) -> Self {
        self.row = self.row.and_then(locate);
        self
    }

    /// The damage as an error. Only a stream has more than one batch.
    pub fn into_error(self, batch: Option<usize>) -> Error {
        let mut path = String::new();
        for name in self.path.iter().rev() {
            if !(path.is_empty() || name == "[]") {
                path.push('.');
            }
            path.push_str(name);
        }
        let mut place = Vec::new();
        if !path.is_empty() {
            place.push(format!("column {path:?}"));
        }
        place.extend(batch.map(|batch| format!("batch {batch}")));
        place.extend(self.row.map(|row| format!("row {row}")));
        let place = if place.is_empty() { "the Arrow array".to_owned() } else { place.join(", ") };
        Error::new(Kind::Value, format!("{place}: {}", self.message)).hint(self.hint)
    }
}

impl SchemaNode {
    /// The fields of the batches, if the node is a struct.
    pub fn fields(&self) -> Result<DataType> {
        if self.format != "+s" {
            let message = "a single Arrow array is not a table";
            return Err(Error::new(Kind::Value, message).hint("pass a table or a record batch"));
        }
        self.data_type("")
    }

    fn data_type(&self, path: &str) -> Result<DataType> {
        let damaged = |message: &str| Error::new(Kind::Value, format!("column {path:?}: {message}")).hint(DAMAGED);
        let keys = self.simple();
        if let Some(values) = &self.dictionary {
            let keys = keys.filter(DataType::is_dictionary_key_type);
            let keys = keys.ok_or_else(|| damaged("the indices of a dictionary must be integers"))?;
            return Ok(DataType::Dictionary(Box::new(keys), Box::new(values.data_type(path)?)));
        }
        if let Some(simple) = keys {
            return Ok(simple);
        }
        let field = |child: &Self, path: &str| -> Result<Arc<Field>> {
            Ok(Arc::new(Field::new(&child.name, child.data_type(path)?, true)))
        };
        match (&*self.format, &*self.children) {
            ("+l", [items]) => Ok(DataType::List(field(items, &format!("{path}[]"))?)),
            ("+L", [items]) => Ok(DataType::LargeList(field(items, &format!("{path}[]"))?)),
            ("+l" | "+L", _) => Err(damaged("a list must have one child")),
            ("+s", fields) => {
                let dot = if path.is_empty() { "" } else { "." };
                let fields = fields.iter().map(|child| field(child, &format!("{path}{dot}{}", child.name)));
                Ok(DataType::Struct(fields.collect::<Result<_>>()?))
            }
            (format, _) => {
                let (name, hint) = unsupported(format);
                let message = format!("column {path:?} has the Arrow type {name}, which is not supported");
                Err(Error::new(Kind::Value, message).hint(hint))
            }
        }
    }

    /// The type, unless it has children or is not supported.
    fn simple(&self) -> Option<DataType> {
        Some(match &*self.format {
            "n" => DataType::Null,
            "b" => DataType::Boolean,
            "c" => DataType::Int8,
            "C" => DataType::UInt8,
            "s" => DataType::Int16,
            "S" => DataType::UInt16,
            "i" => DataType::Int32,
            "I" => DataType::UInt32,
            "l" => DataType::Int64,
            "L" => DataType::UInt64,
            "f" => DataType::Float32,
            "g" => DataType::Float64,
            "u" => DataType::Utf8,
            "U" => DataType::LargeUtf8,
            "vu" => DataType::Utf8View,
            "tdD" => DataType::Date32,
            other => {
                let (unit, zone) = other.split_once(':')?;
                let unit = match unit {
                    "tss" => TimeUnit::Second,
                    "tsm" => TimeUnit::Millisecond,
                    "tsu" => TimeUnit::Microsecond,
                    "tsn" => TimeUnit::Nanosecond,
                    _ => return None,
                };
                DataType::Timestamp(unit, Some(zone).filter(|zone| !zone.is_empty()).map(Into::into))
            }
        })
    }
}

/// The name of a type that is not supported, and how to convert it.
fn unsupported(format: &str) -> (String, &'static str) {
    let (name, hint) = match format.split(':').next().unwrap_or_default() {
        "+r" => ("run-end encoded", "decode it first, for example with pyarrow.compute.run_end_decode"),
        "+m" => ("map", "convert it to a list of structs first"),
        "+ud" | "+us" => ("union", "split it into one column per type first"),
        "+w" => ("fixed-size list", "cast it to a list first"),
        "+vl" | "+vL" => ("list view", "cast it to a list first"),
        "z" | "Z" | "vz" | "w" => ("binary", "decode it to text, or leave the column out"),
        "d" => ("decimal", "cast it to a floating-point number or to text first"),
        "e" => ("half-precision float", "cast it to float32 first"),
        "tdm" => ("64-bit date", "cast it to date32 or a timestamp first"),
        "tts" | "ttm" | "ttu" | "ttn" => ("time of day", "cast it to text first"),
        "tDs" | "tDm" | "tDu" | "tDn" => ("duration", "cast it to an integer first"),
        "tiM" | "tiD" | "tin" => ("interval", "cast it to text first"),
        _ => {
            let hint = "cast it to text, numbers, lists or structs first";
            return (format!("with the format string {format:?}"), hint);
        }
    };
    (name.to_owned(), hint)
}

/// The bytes of one value of a type of fixed width; 4 or 8 for offsets, 16 for views.
pub(super) fn width(data_type: &DataType) -> Option<usize> {
    match data_type {
        DataType::Dictionary(keys, _) => keys.primitive_width(),
        DataType::Utf8 | DataType::List(_) => Some(4),
        DataType::LargeUtf8 | DataType::LargeList(_) => Some(8),
        DataType::Utf8View => Some(16),
        other => other.primitive_width(),
    }
}

impl<'a> ForeignArray<'a> {
    /// An array of a type without values.
    pub fn empty(data_type: &'a DataType) -> Self {
        let children = match data_type {
            DataType::List(items) | DataType::LargeList(items) => vec![Self::empty(items.data_type())],
            DataType::Struct(fields) => fields.iter().map(|field| Self::empty(field.data_type())).collect(),
            DataType::Dictionary(_, values) => vec![Self::empty(values)],
            _ => Vec::new(),
        };
        Self { data_type, length: 0, offset: 0, null_count: None, validity: None, buffers: vec![&[], &[]], children }
    }

    /// Which of these rows have a value, copied; `None` if all have one.
    pub fn nulls(&self, rows: &Range<usize>) -> std::result::Result<Option<NullBuffer>, Damage> {
        let all = rows.len() == self.length;
        let Some(validity) = self.validity else {
            return match self.null_count {
                Some(count) if count > 0 => Err(Damage::new(format!("{count} nulls without a validity bitmap"))),
                _ => Ok(None),
            };
        };
        if self.null_count == Some(0) {
            return Ok(None);
        }
        let nulls = NullBuffer::new(self.bits(validity, rows));
        let count = nulls.null_count();
        match self.null_count {
            Some(declared) if all && declared != count => {
                Err(Damage::new(format!("{declared} nulls are declared, but the validity bitmap has {count}")))
            }
            _ => Ok(Some(nulls).filter(|_| count > 0)),
        }
    }

    /// The bits of these rows, copied.
    pub fn bits(&self, bytes: &[u8], rows: &Range<usize>) -> BooleanBuffer {
        if rows.is_empty() {
            return BooleanBuffer::new_unset(0);
        }
        let (start, end) = (self.offset + rows.start, self.offset + rows.end);
        let bytes = &bytes[start / 8..end.div_ceil(8)];
        BooleanBuffer::new(Buffer::from(bytes), start % 8, rows.len())
    }

    /// The values of these rows in the first buffer.
    pub fn values<const WIDTH: usize>(&self, rows: &Range<usize>) -> &'a [[u8; WIDTH]] {
        // An empty array may leave its buffers out.
        if rows.is_empty() {
            return &[];
        }
        &self.buffers[0].as_chunks().0[self.offset + rows.start..self.offset + rows.end]
    }

    /// Where the text or the items of these rows start, and the offsets from there on, one more than
    /// there are rows. They never decrease; `unit` is what they count.
    pub fn offsets<const WIDTH: usize>(
        &self,
        rows: &Range<usize>,
        unit: &str,
        number: impl Fn([u8; WIDTH]) -> i64,
    ) -> std::result::Result<(usize, Vec<i32>), Damage> {
        if rows.is_empty() {
            return Ok((0, vec![0]));
        }
        let raw: &[[u8; WIDTH]] = &self.buffers[0].as_chunks().0[self.offset + rows.start..=self.offset + rows.end];
        let first = number(raw[0]);
        let start = usize::try_from(first);
        let start = start.map_err(|_| Damage::at(rows.start, format!("the offset {first} is negative")))?;
        let (mut offsets, mut ascending, mut last) = (Vec::with_capacity(raw.len()), true, first);
        for bytes in raw {
            let offset = number(*bytes);
            ascending &= last <= offset;
            offsets.push(offset.wrapping_sub(first) as i32);
            last = offset;
        }
        if !ascending {
            let row = raw.windows(2).position(|pair| number(pair[0]) > number(pair[1])).unwrap_or_default();
            let (start, end) = (number(raw[row]), number(raw[row + 1]));
            return Err(Damage::at(rows.start + row, format!("offsets decrease from {start} to {end}")));
        }
        if i32::try_from(last - first).is_err() {
            return Err(Damage::too_large(unit));
        }
        Ok((start, offsets))
    }
}

/// The text of a string view, not checked for UTF-8. The first four bytes are its length; up to
/// twelve bytes of text follow, or a prefix, the number of a buffer and where the text starts in it.
pub(super) fn viewed<'a>(view: &'a [u8; 16], buffers: &[&'a [u8]]) -> std::result::Result<&'a [u8], String> {
    let number = |at: usize| i32::from_ne_bytes([view[at], view[at + 1], view[at + 2], view[at + 3]]);
    let size = number(0);
    let length = usize::try_from(size).map_err(|_| format!("the string view has the negative size {size}"))?;
    if length <= 12 {
        if view[4 + length..].iter().any(|byte| *byte != 0) {
            return Err("the string view has bytes other than zero after its text".to_owned());
        }
        return Ok(&view[4..4 + length]);
    }
    let (buffer, start) = (number(8), number(12));
    let found = usize::try_from(buffer).ok().and_then(|at| buffers.get(at));
    let found = found.ok_or_else(|| {
        format!("the string view refers to buffer {buffer}, but the array has {} buffers", buffers.len())
    })?;
    let range = usize::try_from(start).ok().and_then(|start| found.get(start..start.checked_add(length)?));
    let bytes = range.ok_or_else(|| {
        let size = found.len();
        format!("the string view refers to {length} bytes from {start} on, but its buffer has {size} bytes")
    })?;
    if bytes[..4] != view[4..8] {
        return Err("the prefix in the string view differs from its text".to_owned());
    }
    Ok(bytes)
}
