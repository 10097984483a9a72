//! Arrow arrays to columns: whatever pandas, polars, `DuckDB` and pyarrow make of a table, back in.

use super::foreign::{Damage, ForeignArray, viewed};
use super::{Table, blank, vocabularies};
use crate::columns::build::{Texts, flags, integers};
use crate::columns::{Column, Columns, Data, Text};
use crate::error::{Error, Kind, Result};
use crate::format::Vocabulary;
use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_schema::{DataType, TimeUnit};
use std::ops::Range;

type Converted<T> = std::result::Result<T, Damage>;

/// Converts the batches of an Arrow stream one after the other. The format is the one named, or the
/// one whose columns these are; otherwise it is `frame`, with the columns as they come.
pub(super) struct Importer<'a> {
    /// The struct of the batches.
    data_type: &'a DataType,
    vocabulary: Option<&'static Vocabulary>,
    shape: Option<Columns>,
    converted: Vec<Columns>,
}

impl<'a> Importer<'a> {
    pub fn new(data_type: &'a DataType, format: Option<&str>) -> Result<Self> {
        let names: Vec<&str> = match data_type {
            DataType::Struct(fields) => fields.iter().map(|field| field.name().as_str()).collect(),
            _ => Vec::new(),
        };
        let vocabulary = match format {
            Some(name) => Some(vocabularies().find(|known| known.name == name).ok_or_else(|| unknown(name))?),
            None => recognised(&names),
        };
        let shape = vocabulary.map(|vocabulary| {
            let mut shape = blank(vocabulary);
            if names.contains(&RESIDUE) && shape.get(RESIDUE).is_none() {
                shape.columns.push(Column::new(RESIDUE, Data::Text(Texts::default().freeze())));
            }
            shape
        });
        Ok(Self { data_type, vocabulary, shape, converted: Vec::new() })
    }

    /// Converts a batch. What is wrong with it is reported for this number of the batch.
    pub fn push(&mut self, array: &ForeignArray<'_>, batch: Option<usize>) -> Result<()> {
        let columns = batch_columns(array).map_err(|damage| damage.into_error(batch))?;
        self.converted.push(match &self.shape {
            Some(shape) => coerce(&columns, shape)?,
            None => columns,
        });
        Ok(())
    }

    /// The table of all batches.
    pub fn finish(self) -> Result<Table> {
        let empty = match (self.shape, self.converted.first()) {
            (Some(shape), _) => shape,
            (None, Some(first)) => first.slice(0, 0),
            (None, None) => {
                batch_columns(&ForeignArray::empty(self.data_type)).map_err(|damage| damage.into_error(None))?
            }
        };
        Ok(Table::new(self.vocabulary.map_or("frame", |known| known.name), empty, self.converted))
    }
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

/// The columns of a batch.
fn batch_columns(array: &ForeignArray<'_>) -> Converted<Columns> {
    let (rows, all) = (array.length, 0..array.length);
    let mut columns = fields(array, &all)?;
    if let Some(nulls) = array.nulls(&all)? {
        columns = columns
            .into_iter()
            .map(|Column { name, data }| Column { name, data: nulled(data, Some(&nulls)) })
            .collect();
    }
    Ok(Columns::new(rows, columns))
}

/// The fields of rows of a struct.
fn fields(array: &ForeignArray<'_>, rows: &Range<usize>) -> Converted<Vec<Column>> {
    let DataType::Struct(fields) = array.data_type else { return Ok(Vec::new()) };
    checked_count(rows.len())?;
    let (start, end) = (array.offset + rows.start, array.offset + rows.end);
    let fields = fields.iter().zip(&array.children).map(|(field, child)| {
        if child.length < end {
            let message = format!("the column has {} values for {end} rows", child.length);
            return Err(Damage::new(message).inside(field.name()));
        }
        let data = data(child, &(start..end))
            .map_err(|damage| damage.in_row(|row| row.checked_sub(array.offset)).inside(field.name()))?;
        Ok(Column::new(field.name().clone(), data))
    });
    fields.collect()
}

/// Refuses what offsets of 32 bits can't count.
fn checked_count(count: usize) -> Converted<()> {
    i32::try_from(count).map(|_| ()).map_err(|_| Damage::too_large("values"))
}

/// Rows of an Arrow array as a column.
fn data(array: &ForeignArray<'_>, rows: &Range<usize>) -> Converted<Data> {
    checked_count(rows.len())?;
    let second = 1_000_000;
    match array.data_type {
        DataType::Null => Ok(Data::Text(Texts::default().freeze()).blank(rows.len())),
        DataType::Boolean => {
            let bytes = array.buffers.first().copied().unwrap_or_default();
            Ok(Data::Flag(array.bits(bytes, rows), array.nulls(rows)?))
        }
        DataType::Utf8 => texts(array, rows, |bytes| i32::from_ne_bytes(bytes).into()),
        DataType::LargeUtf8 => texts(array, rows, i64::from_ne_bytes),
        DataType::Utf8View => views(array, rows),
        DataType::Dictionary(keys, _) => dictionary(array, keys, rows),
        DataType::Int8 => integer(array, rows, |bytes| i8::from_ne_bytes(bytes).into()),
        DataType::Int16 => integer(array, rows, |bytes| i16::from_ne_bytes(bytes).into()),
        DataType::Int32 => integer(array, rows, |bytes| i32::from_ne_bytes(bytes).into()),
        DataType::Int64 => integer(array, rows, i64::from_ne_bytes),
        DataType::UInt8 => integer(array, rows, |bytes| u8::from_ne_bytes(bytes).into()),
        DataType::UInt16 => integer(array, rows, |bytes| u16::from_ne_bytes(bytes).into()),
        DataType::UInt32 => integer(array, rows, |bytes| u32::from_ne_bytes(bytes).into()),
        DataType::UInt64 => unsigned(array, rows),
        DataType::Float32 => number(array, rows, |bytes| f32::from_ne_bytes(bytes).into()),
        DataType::Float64 => number(array, rows, f64::from_ne_bytes),
        DataType::Date32 => instant(array, rows, |bytes| (i32::from_ne_bytes(bytes).into(), 86_400 * second, 1)),
        DataType::Timestamp(TimeUnit::Second, _) => {
            instant(array, rows, |bytes| (i64::from_ne_bytes(bytes), second, 1))
        }
        DataType::Timestamp(TimeUnit::Millisecond, _) => {
            instant(array, rows, |bytes| (i64::from_ne_bytes(bytes), 1_000, 1))
        }
        DataType::Timestamp(TimeUnit::Microsecond, _) => {
            instant(array, rows, |bytes| (i64::from_ne_bytes(bytes), 1, 1))
        }
        DataType::Timestamp(TimeUnit::Nanosecond, _) => {
            instant(array, rows, |bytes| (i64::from_ne_bytes(bytes), 1, 1_000))
        }
        DataType::List(_) => list(array, rows, |bytes| i32::from_ne_bytes(bytes).into()),
        DataType::LargeList(_) => list(array, rows, i64::from_ne_bytes),
        DataType::Struct(_) => {
            let group = Data::Group(fields(array, rows)?, rows.len(), None);
            let nulls = array.nulls(rows)?;
            // Under a null the members can have any content, such as empty texts.
            Ok(if nulls.is_some() { nulled(group, nulls.as_ref()) } else { group })
        }
        other => Err(Damage::new(format!("the Arrow type {other} is not supported"))),
    }
}

/// Rows of text.
fn texts<const WIDTH: usize>(
    array: &ForeignArray<'_>,
    rows: &Range<usize>,
    number: impl Fn([u8; WIDTH]) -> i64,
) -> Converted<Data> {
    let nulls = array.nulls(rows)?;
    let (start, ends) = array.offsets(rows, "bytes of text", number)?;
    let end = start + ends[rows.len()] as usize;
    let bytes = array.buffers.get(1).copied().unwrap_or_default().get(start..end);
    let bytes = bytes.ok_or_else(|| Damage::new("the offsets exceed the text"))?;
    let hides = |nulls: &NullBuffer| nulls.iter().zip(ends.windows(2)).any(|(valid, end)| !valid && end[0] < end[1]);
    // Most arrays are copied in one piece. Only under a null there may be bytes that are not text.
    if !nulls.as_ref().is_some_and(hides)
        && let Some(text) = checked_text(bytes, &ends)
    {
        return Ok(text_column(text, ends, nulls));
    }
    let is_null = |at: usize| nulls.as_ref().is_some_and(|nulls| nulls.is_null(at));
    let values = ends.windows(2).map(|value| &bytes[value[0] as usize..value[1] as usize]).enumerate();
    let values = values.map(|(at, value)| if is_null(at) { &[] } else { value });
    joined(&values.collect::<Vec<_>>(), rows, nulls)
}

/// Values one after the other as text, if each is UTF-8.
fn checked_text<'a>(bytes: &'a [u8], ends: &[i32]) -> Option<&'a str> {
    let text = simdutf8::basic::from_utf8(bytes).ok()?;
    ends.iter().all(|end| text.is_char_boundary(*end as usize)).then_some(text)
}

fn text_column(text: &str, ends: Vec<i32>, validity: Option<NullBuffer>) -> Data {
    Data::Text(Text { offsets: OffsetBuffer::new(ends.into()), bytes: text.to_owned().into(), validity })
}

/// The column of values that lie apart; those of nulls are empty.
fn joined(values: &[&[u8]], rows: &Range<usize>, nulls: Option<NullBuffer>) -> Converted<Data> {
    let size = values.iter().map(|value| value.len()).sum::<usize>();
    if i32::try_from(size).is_err() {
        return Err(Damage::too_large("bytes of text"));
    }
    let mut bytes = Vec::with_capacity(size);
    let mut ends = Vec::with_capacity(values.len() + 1);
    ends.push(0);
    for value in values {
        bytes.extend_from_slice(value);
        ends.push(bytes.len() as i32);
    }
    let Some(text) = checked_text(&bytes, &ends) else {
        let row = values.iter().position(|value| std::str::from_utf8(value).is_err()).unwrap_or_default();
        return Err(Damage::at(rows.start + row, "the text is not valid UTF-8"));
    };
    Ok(text_column(text, ends, nulls))
}

/// Rows of string views.
fn views(array: &ForeignArray<'_>, rows: &Range<usize>) -> Converted<Data> {
    let nulls = array.nulls(rows)?;
    let buffers = array.buffers.get(1..).unwrap_or_default();
    let mut values = Vec::with_capacity(rows.len());
    for (row, view) in array.values(rows).iter().enumerate() {
        if nulls.as_ref().is_some_and(|nulls| nulls.is_null(row)) {
            values.push(Default::default());
        } else {
            values.push(viewed(view, buffers).map_err(|message| Damage::at(rows.start + row, message))?);
        }
    }
    joined(&values, rows, nulls)
}

/// Rows of an array that is dictionary-encoded.
fn dictionary(array: &ForeignArray<'_>, keys: &DataType, rows: &Range<usize>) -> Converted<Data> {
    let values = &array.children[0];
    let count = values.length;
    let keys = match keys {
        DataType::Int8 => indices(array, rows, count, |bytes| i8::from_ne_bytes(bytes).into()),
        DataType::Int16 => indices(array, rows, count, |bytes| i16::from_ne_bytes(bytes).into()),
        DataType::Int32 => indices(array, rows, count, |bytes| i32::from_ne_bytes(bytes).into()),
        DataType::Int64 => indices(array, rows, count, |bytes| i64::from_ne_bytes(bytes).into()),
        DataType::UInt8 => indices(array, rows, count, |bytes| u8::from_ne_bytes(bytes).into()),
        DataType::UInt16 => indices(array, rows, count, |bytes| u16::from_ne_bytes(bytes).into()),
        DataType::UInt32 => indices(array, rows, count, |bytes| u32::from_ne_bytes(bytes).into()),
        _ => indices(array, rows, count, |bytes| u64::from_ne_bytes(bytes).into()),
    }?;
    let values = data(values, &(0..count)).map_err(Damage::in_dictionary)?;
    if let Data::Text(values) = &values {
        let chosen = || keys.iter().map(|key| key.and_then(|key| values.get(key)));
        let size = chosen().flatten().map(str::len).sum::<usize>();
        if i32::try_from(size).is_err() {
            return Err(Damage::too_large("bytes of text"));
        }
        let mut texts = Texts::default();
        texts.bytes.reserve(size);
        chosen().for_each(|value| texts.push_option(value));
        return Ok(Data::Text(texts.into_text()));
    }
    if values.is_empty() {
        return Ok(values.blank(rows.len()));
    }
    let taken: Vec<usize> = keys.iter().map(|key| key.unwrap_or_default()).collect();
    checked_count(taken.iter().map(|key| extent(&values, &(*key..*key + 1))).sum())?;
    let nulls = keys.contains(&None).then(|| keys.iter().map(Option::is_some).collect::<Vec<_>>().into());
    Ok(nulled(values.take(&taken), nulls.as_ref()))
}

/// The number of bytes and items in a run of rows, at least that of any text or list inside.
fn extent(data: &Data, rows: &Range<usize>) -> usize {
    let span = |offsets: &OffsetBuffer<i32>| offsets[rows.start] as usize..offsets[rows.end] as usize;
    match data {
        Data::Text(text) => span(&text.offsets).len(),
        Data::List(offsets, _, items) => span(offsets).len() + extent(items, &span(offsets)),
        Data::Group(fields, ..) => fields.iter().map(|field| extent(&field.data, rows)).sum(),
        Data::Flag(..) | Data::Integer(..) | Data::Number(..) | Data::Instant(..) => rows.len(),
    }
}

/// The indices of rows into a dictionary of `count` values; `None` for a null.
fn indices<const WIDTH: usize>(
    array: &ForeignArray<'_>,
    rows: &Range<usize>,
    count: usize,
    number: impl Fn([u8; WIDTH]) -> i128,
) -> Converted<Vec<Option<usize>>> {
    let (indices, _) = numbers(array, rows, |row, bytes| {
        let index = number(bytes);
        let found = usize::try_from(index).ok().filter(|index| *index < count);
        found
            .map(Some)
            .ok_or_else(|| Damage::at(row, format!("the dictionary index {index} is outside of the {count} values")))
    })?;
    Ok(indices)
}

/// The numbers of rows, the default for a null, and which rows are null.
fn numbers<const WIDTH: usize, T: Default>(
    array: &ForeignArray<'_>,
    rows: &Range<usize>,
    read: impl Fn(usize, [u8; WIDTH]) -> Converted<T>,
) -> Converted<(Vec<T>, Option<NullBuffer>)> {
    let nulls = array.nulls(rows)?;
    let values = array.values(rows).iter().enumerate();
    let numbers = match &nulls {
        None => values.map(|(at, bytes)| read(rows.start + at, *bytes)).collect::<Converted<_>>()?,
        Some(nulls) => {
            let read = |((at, bytes), valid): ((usize, &[u8; WIDTH]), bool)| {
                if valid { read(rows.start + at, *bytes) } else { Ok(T::default()) }
            };
            values.zip(nulls.iter()).map(read).collect::<Converted<_>>()?
        }
    };
    Ok((numbers, nulls))
}

fn integer<const WIDTH: usize>(
    array: &ForeignArray<'_>,
    rows: &Range<usize>,
    read: impl Fn([u8; WIDTH]) -> i64,
) -> Converted<Data> {
    let (values, nulls) = numbers(array, rows, |_, bytes| Ok(read(bytes)))?;
    Ok(Data::Integer(values.into(), nulls))
}

fn unsigned(array: &ForeignArray<'_>, rows: &Range<usize>) -> Converted<Data> {
    let (values, nulls) = numbers(array, rows, |row, bytes| {
        let value = u64::from_ne_bytes(bytes);
        i64::try_from(value).map_err(|_| {
            Damage::out_of_range(row, format!("{value} is greater than the largest integer, {}", i64::MAX))
        })
    })?;
    Ok(Data::Integer(values.into(), nulls))
}

fn number<const WIDTH: usize>(
    array: &ForeignArray<'_>,
    rows: &Range<usize>,
    read: impl Fn([u8; WIDTH]) -> f64,
) -> Converted<Data> {
    let (values, nulls) = numbers(array, rows, |_, bytes| Ok(read(bytes)))?;
    Ok(Data::Number(values.into(), nulls))
}

/// Moments: a number, the microseconds of a unit, and how many units are one microsecond.
fn instant<const WIDTH: usize>(
    array: &ForeignArray<'_>,
    rows: &Range<usize>,
    read: impl Fn([u8; WIDTH]) -> (i64, i64, i64),
) -> Converted<Data> {
    let (values, nulls) = numbers(array, rows, |row, bytes| {
        let (value, by, over) = read(bytes);
        let micros = value.checked_mul(by).map(|micros| micros.div_euclid(over));
        micros.ok_or_else(|| {
            let message = format!("the time {value} does not fit a timestamp in microseconds");
            Damage::out_of_range(row, message)
        })
    })?;
    Ok(Data::Instant(values.into(), nulls))
}

/// Rows of lists.
fn list<const WIDTH: usize>(
    array: &ForeignArray<'_>,
    rows: &Range<usize>,
    number: impl Fn([u8; WIDTH]) -> i64,
) -> Converted<Data> {
    let nulls = array.nulls(rows)?;
    let (start, ends) = array.offsets(rows, "values", number)?;
    let end = start + ends[rows.len()] as usize;
    let row_of = |item: usize| {
        let row = ends.partition_point(|end| start + *end as usize <= item).checked_sub(1)?;
        Some(rows.start + row)
    };
    let items = &array.children[0];
    if end > items.length {
        let message = format!("the offset {end} is beyond the {} items of the list", items.length);
        return Err(Damage::at(items.length, message).in_row(row_of));
    }
    let items = data(items, &(start..end)).map_err(|damage| damage.in_row(row_of).inside("[]"))?;
    Ok(Data::List(OffsetBuffer::new(ends.into()), nulls, Box::new(items)))
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
        Data::Group(fields, rows, own) => {
            let member = |field: Column| Column { name: field.name, data: nulled(field.data, nulls) };
            Data::Group(fields.into_iter().map(member).collect(), rows, union(own))
        }
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
    Ok(Columns::new(columns.rows, coerced.collect::<Result<_>>()?))
}

/// The integers up to which floating point is exact.
const EXACT: f64 = 9_007_199_254_740_992.0;

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
        (Data::Number(values, own), Data::Integer(..))
            if values.iter().all(|n| n.is_nan() || n.fract() == 0.0 && n.abs() <= EXACT) =>
        {
            let number = |row: usize| {
                Some(values[row]).filter(|n| !n.is_nan() && own.as_ref().is_none_or(|own| own.is_valid(row)))
            };
            let (values, validity) = integers((0..rows).map(|row| number(row).map(|n| n as i64)));
            Data::Integer(values, validity)
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
