//! The internal form: one column a path, in the buffers that tables hand out without a copy.
//!
//! A batch of records is [`Columns`]; readers write it, tables and writers read it. Lists and
//! groups nest, so that a path such as `serviceAccessPoints[].accessUri` is a list of groups.

pub mod build;
pub mod grow;
pub mod leaf;
pub mod private;
pub mod rows;
pub mod shape;

use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use bytestring::ByteString;
use std::borrow::Cow;

/// A batch of rows: columns of one length.
#[derive(Debug, Clone)]
pub struct Columns {
    /// Number of rows.
    pub rows: usize,
    /// The columns, in the order of the format's vocabulary.
    pub columns: Vec<Column>,
    /// For each row the number of the private record it was made of, 0 if that is public; `None` if these columns
    /// were not made of others, or none of those was private. [`Columns::private_rows`] adds what the columns state.
    pub private: Option<ScalarBuffer<u64>>,
}

/// A named column.
#[derive(Debug, Clone)]
pub struct Column {
    /// The path it holds.
    pub name: Cow<'static, str>,
    /// Its values.
    pub data: Data,
}

/// The values of a column.
#[derive(Debug, Clone)]
pub enum Data {
    /// Text, one a row.
    Text(Text),
    /// Yes or no.
    Flag(BooleanBuffer, Option<NullBuffer>),
    /// Whole numbers.
    Integer(ScalarBuffer<i64>, Option<NullBuffer>),
    /// Numbers.
    Number(ScalarBuffer<f64>, Option<NullBuffer>),
    /// Microseconds since 1970-01-01T00:00:00Z.
    Instant(ScalarBuffer<i64>, Option<NullBuffer>),
    /// Any number of values a row.
    List(OffsetBuffer<i32>, Option<NullBuffer>, Box<Data>),
    /// Several named values a row.
    Group(Vec<Column>, usize, Option<NullBuffer>),
}

/// Text values: all end to end, and where each ends.
#[derive(Debug, Clone)]
pub struct Text {
    /// Where value `i` starts and ends: `offsets[i]..offsets[i + 1]`.
    pub offsets: OffsetBuffer<i32>,
    /// All values end to end; columns made of each other share them.
    pub bytes: ByteString,
    /// Which values are there.
    pub validity: Option<NullBuffer>,
}

impl Columns {
    /// Columns that were not made of others.
    #[must_use]
    pub fn new(rows: usize, columns: Vec<Column>) -> Self {
        Self { rows, columns, private: None }
    }

    /// The column called `name`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Data> {
        self.columns.iter().find(|column| column.name == name).map(|column| &column.data)
    }
}

impl Column {
    /// A column of a name and its values.
    pub fn new(name: impl Into<Cow<'static, str>>, data: Data) -> Self {
        Self { name: name.into(), data }
    }
}

impl Text {
    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Value `row`, or `None` where there is none.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&str> {
        if self.validity.as_ref().is_some_and(|validity| validity.is_null(row)) {
            return None;
        }
        Some(self.raw(row))
    }

    /// Value `row`, empty where there is none.
    #[must_use]
    pub fn raw(&self, row: usize) -> &str {
        &self.bytes[range(&self.offsets, row)]
    }
}

impl Data {
    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(text) => text.len(),
            Self::Flag(values, _) => values.len(),
            Self::Integer(values, _) | Self::Instant(values, _) => values.len(),
            Self::Number(values, _) => values.len(),
            Self::List(offsets, ..) => offsets.len() - 1,
            Self::Group(_, rows, _) => *rows,
        }
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Which rows have a value, if some have none.
    #[must_use]
    pub fn validity(&self) -> Option<&NullBuffer> {
        match self {
            Self::Text(text) => text.validity.as_ref(),
            Self::Flag(_, validity)
            | Self::Integer(_, validity)
            | Self::Number(_, validity)
            | Self::Instant(_, validity)
            | Self::List(_, validity, _)
            | Self::Group(_, _, validity) => validity.as_ref(),
        }
    }

    /// Whether row `row` has no value.
    #[must_use]
    pub fn is_null(&self, row: usize) -> bool {
        self.validity().is_some_and(|validity| validity.is_null(row))
    }

    /// The text of a text column.
    #[must_use]
    pub fn text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Offsets and text of a column of lists of text.
    #[must_use]
    pub fn texts(&self) -> Option<(&OffsetBuffer<i32>, &Text)> {
        match self {
            Self::List(offsets, _, items) => Some((offsets, items.text()?)),
            _ => None,
        }
    }

    /// Offsets and fields of a column of lists of groups.
    #[must_use]
    pub fn groups(&self) -> Option<(&OffsetBuffer<i32>, &[Column])> {
        match self {
            Self::List(offsets, _, items) => match &**items {
                Self::Group(fields, ..) => Some((offsets, fields)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The items of row `row` of a list.
#[must_use]
pub fn range(offsets: &OffsetBuffer<i32>, row: usize) -> std::ops::Range<usize> {
    offsets[row] as usize..offsets[row + 1] as usize
}
