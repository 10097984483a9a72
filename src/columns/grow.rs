//! Growing nested columns. What a row does not mention costs nothing: rows are filled up when the
//! next value comes, or at the end.

use super::build::{Ends, Texts, integers, validity};
use super::rows::Blank;
use super::shape::{Member, Shape};
use super::{Column, Data, Text};
use arrow_buffer::{BooleanBuffer, NullBuffer};
use bytestring::ByteString;

/// A nested column, growing.
#[derive(Debug, Clone)]
pub enum Grow {
    /// Text, also JSON.
    Text(Texts),
    /// Yes or no.
    Flag(Vec<Option<bool>>),
    /// Whole numbers.
    Integer(Vec<Option<i64>>),
    /// Numbers.
    Number(Vec<Option<f64>>),
    /// Moments, in microseconds since 1970.
    Instant(Vec<Option<i64>>),
    /// Lists: where each ends, and the items of all.
    List(Ends, Box<Grow>),
    /// Groups: which rows have one, and the members.
    Group(Vec<bool>, Members),
}

/// The members of groups, growing.
#[derive(Debug, Clone)]
pub struct Members {
    /// Their names and columns.
    pub columns: Vec<(&'static str, Grow)>,
    /// Which member came after each one last, and which came first: documents of one source have
    /// them in much the same order.
    pub follow: Vec<usize>,
}

impl Members {
    /// Empty columns of the members of a shape.
    #[must_use]
    pub fn new(members: &[Member]) -> Self {
        let columns: Vec<_> = members.iter().map(|member| (member.name, Grow::new(&member.shape))).collect();
        Self { follow: (0..=columns.len()).collect(), columns }
    }
}

impl Grow {
    /// An empty column of this shape.
    #[must_use]
    pub fn new(shape: &Shape) -> Self {
        match shape {
            Shape::Text | Shape::Json => Self::Text(Texts::default()),
            Shape::Flag => Self::Flag(Vec::new()),
            Shape::Integer => Self::Integer(Vec::new()),
            Shape::Number => Self::Number(Vec::new()),
            Shape::Instant => Self::Instant(Vec::new()),
            Shape::List(items, _) => Self::List(Ends::default(), Box::new(Self::new(items))),
            Shape::Group(members) => Self::Group(Vec::new(), Members::new(members)),
        }
    }

    /// Rows so far. Lists count up to the last row that has an item.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Text(texts) => texts.len(),
            Self::Flag(values) => values.len(),
            Self::Integer(values) | Self::Instant(values) => values.len(),
            Self::Number(values) => values.len(),
            Self::List(ends, _) => ends.rows(),
            Self::Group(present, _) => present.len(),
        }
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Fills up with rows without a value until there are `rows`.
    #[inline]
    pub fn pad(&mut self, rows: usize) {
        match self {
            Self::Text(texts) => texts.pad(rows),
            Self::Flag(values) => fill(values, rows, None),
            Self::Integer(values) | Self::Instant(values) => fill(values, rows, None),
            Self::Number(values) => fill(values, rows, None),
            Self::List(..) => {}
            Self::Group(present, _) => fill(present, rows, false),
        }
    }

    /// Row `row`, which must not be there yet, ends: a list with the items added since.
    pub fn end_list(&mut self, row: usize) {
        if let Self::List(ends, items) = self
            && items.len() > ends.total()
        {
            ends.set(row, items.len());
        }
    }

    /// Keeps the first `rows` rows.
    pub fn truncate(&mut self, rows: usize) {
        match self {
            Self::Text(texts) => texts.truncate(rows),
            Self::Flag(values) => values.truncate(rows),
            Self::Integer(values) | Self::Instant(values) => values.truncate(rows),
            Self::Number(values) => values.truncate(rows),
            Self::List(ends, items) => {
                ends.truncate(rows);
                items.truncate(ends.total());
            }
            Self::Group(present, members) => {
                present.truncate(rows);
                members.columns.iter_mut().for_each(|(_, member)| member.truncate(rows));
            }
        }
    }

    /// Takes as many rows out as `blank` has, and goes on with the memory.
    #[must_use]
    pub fn freeze(&mut self, blank: &Blank) -> Data {
        let rows = blank.rows;
        if rows > 0 && self.is_empty() {
            // Most paths have no value in most batches.
            return self.nothing(blank);
        }
        self.pad(rows);
        match self {
            Self::Text(texts) => Data::Text(texts.freeze()),
            Self::Flag(values) => {
                let present = values.iter().map(Option::is_some).collect();
                let flags: BooleanBuffer = values.drain(..).map(Option::unwrap_or_default).collect();
                Data::Flag(flags, validity(Some(present)))
            }
            Self::Integer(values) => {
                let (values, validity) = integers(values.drain(..));
                Data::Integer(values, validity)
            }
            Self::Instant(values) => {
                let (values, validity) = integers(values.drain(..));
                Data::Instant(values, validity)
            }
            Self::Number(values) => {
                let present = values.iter().map(Option::is_some).collect();
                let numbers = values.drain(..).map(Option::unwrap_or_default).collect();
                Data::Number(numbers, validity(Some(present)))
            }
            Self::List(ends, items) => {
                let total = ends.total();
                let offsets = ends.freeze(rows);
                Data::List(offsets, None, Box::new(items.freeze(&Blank::new(total))))
            }
            Self::Group(present, members) => {
                let validity = present.contains(&false).then(|| NullBuffer::from(present.as_slice()));
                present.clear();
                let fields = members.columns.iter_mut().map(|(name, member)| Column::new(*name, member.freeze(blank)));
                Data::Group(fields.collect(), rows, validity)
            }
        }
    }
}

impl Grow {
    /// The column of rows none of which has a value.
    fn nothing(&self, blank: &Blank) -> Data {
        let Blank { rows, zeros, absent } = blank;
        let absent = Some(absent.clone());
        match self {
            Self::Text(_) => Data::Text(Text { offsets: zeros.clone(), bytes: ByteString::new(), validity: absent }),
            Self::Flag(_) => Data::Flag(BooleanBuffer::new_unset(*rows), absent),
            Self::Integer(_) => Data::Integer(vec![0; *rows].into(), absent),
            Self::Instant(_) => Data::Instant(vec![0; *rows].into(), absent),
            Self::Number(_) => Data::Number(vec![0.0; *rows].into(), absent),
            Self::List(_, items) => Data::List(zeros.clone(), None, Box::new(items.nothing(&Blank::new(0)))),
            Self::Group(_, members) => {
                let fields = members.columns.iter().map(|(name, member)| Column::new(*name, member.nothing(blank)));
                Data::Group(fields.collect(), *rows, absent)
            }
        }
    }
}

fn fill<T: Clone>(values: &mut Vec<T>, rows: usize, absent: T) {
    if values.len() < rows {
        values.resize(rows, absent);
    }
}
