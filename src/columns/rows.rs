//! Choosing and joining rows.

use super::{Column, Columns, Data, Text, range};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use bytestring::ByteString;
use std::ops::Range;

impl Columns {
    /// The rows `offset..offset + length`; shares the buffers.
    #[must_use]
    pub fn slice(&self, offset: usize, length: usize) -> Self {
        Self {
            rows: length,
            columns: each(&self.columns, |data| data.slice(offset, length)),
            private: self.private.as_ref().map(|numbers| numbers.slice(offset, length)),
        }
    }

    /// The rows named, in that order.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        self.gather(&runs(rows).map(|run| (self, run)).collect::<Vec<_>>())
    }

    /// Runs of rows of batches with the columns of this one, one after the other.
    #[must_use]
    pub fn gather(&self, runs: &[(&Self, Range<usize>)]) -> Self {
        let columns = self.columns.iter().enumerate().map(|(at, column)| {
            let own = runs.iter().map(|(batch, rows)| (&batch.columns[at].data, rows.clone()));
            Column { name: column.name.clone(), data: column.data.gather(&own.collect::<Vec<_>>()) }
        });
        let columns = columns.collect();
        let rows = runs.iter().map(|(_, rows)| rows.len()).sum();
        let private = runs.iter().any(|(batch, _)| batch.private.is_some()).then(|| {
            let mut numbers = Vec::with_capacity(rows);
            for (batch, rows) in runs {
                match &batch.private {
                    Some(own) => numbers.extend_from_slice(&own[rows.clone()]),
                    None => numbers.resize(numbers.len() + rows.len(), 0),
                }
            }
            numbers.into()
        });
        Self { rows, columns, private }
    }

    /// Bytes of the texts of a run of rows.
    #[must_use]
    pub fn bytes(&self, rows: &Range<usize>) -> usize {
        self.columns.iter().map(|column| column.data.bytes(rows.clone())).sum()
    }
}

/// Rows as runs of rows that follow each other.
pub fn runs(rows: &[usize]) -> impl Iterator<Item = Range<usize>> {
    rows.chunk_by(|row, next| row + 1 == *next).map(|run| run[0]..run[0] + run.len())
}

fn each(columns: &[Column], change: impl Fn(&Data) -> Data) -> Vec<Column> {
    columns.iter().map(|column| Column { name: column.name.clone(), data: change(&column.data) }).collect()
}

/// Where the values of a run of rows lie.
fn span(offsets: &OffsetBuffer<i32>, rows: &Range<usize>) -> Range<usize> {
    offsets[rows.start] as usize..offsets[rows.end] as usize
}

/// Where each value of runs of lists or texts ends, if all are put together.
fn ends<'a>(runs: impl Iterator<Item = (&'a OffsetBuffer<i32>, Range<usize>)>, count: usize) -> OffsetBuffer<i32> {
    let mut ends = Vec::with_capacity(count + 1);
    let mut end = 0_i32;
    ends.push(end);
    for (offsets, rows) in runs {
        let own = &offsets[rows.start..=rows.end];
        ends.extend(own[1..].iter().map(|own_end| end + (own_end - own[0])));
        end += own[own.len() - 1] - own[0];
    }
    OffsetBuffer::new(ScalarBuffer::from(ends))
}

/// The numbers of runs of rows, one after the other.
fn numbers<'a, T: Copy + arrow_buffer::ArrowNativeType>(
    runs: &[(&'a Data, Range<usize>)],
    own: impl Fn(&'a Data) -> Option<&'a ScalarBuffer<T>>,
) -> ScalarBuffer<T> {
    let parts = runs.iter().filter_map(|(data, rows)| Some(&own(data)?[rows.clone()]));
    parts.collect::<Vec<_>>().concat().into()
}

fn part(validity: Option<&NullBuffer>, offset: usize, length: usize) -> Option<NullBuffer> {
    validity.map(|validity| validity.slice(offset, length))
}

impl Data {
    /// The rows `offset..offset + length`; shares the buffers.
    #[must_use]
    pub fn slice(&self, offset: usize, length: usize) -> Self {
        let validity = part(self.validity(), offset, length);
        match self {
            Self::Text(text) => {
                Self::Text(Text { offsets: text.offsets.slice(offset, length), bytes: text.bytes.clone(), validity })
            }
            Self::Flag(values, _) => Self::Flag(values.slice(offset, length), validity),
            Self::Integer(values, _) => Self::Integer(values.slice(offset, length), validity),
            Self::Instant(values, _) => Self::Instant(values.slice(offset, length), validity),
            Self::Number(values, _) => Self::Number(values.slice(offset, length), validity),
            Self::List(offsets, _, items) => Self::List(offsets.slice(offset, length), validity, items.clone()),
            Self::Group(fields, ..) => Self::Group(each(fields, |data| data.slice(offset, length)), length, validity),
        }
    }

    /// The rows named, in that order.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        self.gather(&runs(rows).map(|run| (self, run)).collect::<Vec<_>>())
    }

    /// Runs of rows of columns of this shape, one after the other.
    #[must_use]
    pub fn gather<'a>(&self, runs: &[(&'a Self, Range<usize>)]) -> Self {
        let count = runs.iter().map(|(_, rows)| rows.len()).sum();
        if runs.iter().all(|(data, _)| data.is_absent()) {
            return self.blank(count);
        }
        let validity = runs.iter().any(|(data, _)| data.validity().is_some()).then(|| {
            let mut valid = Vec::with_capacity(count);
            for (data, rows) in runs {
                valid.extend(rows.clone().map(|row| !data.is_null(row)));
            }
            NullBuffer::from(valid)
        });
        // All columns have one shape: none is left out here.
        match self {
            Self::Text(_) => {
                let texts = || runs.iter().filter_map(|(data, rows)| Some((data.text()?, rows.clone())));
                let offsets = ends(texts().map(|(text, rows)| (&text.offsets, rows)), count);
                let mut bytes = String::with_capacity(offsets[count] as usize);
                for (text, rows) in texts() {
                    bytes.push_str(&text.bytes[span(&text.offsets, &rows)]);
                }
                Self::Text(Text { offsets, bytes: bytes.into(), validity })
            }
            Self::Flag(..) => {
                let flags = |(data, rows): &(&Self, Range<usize>)| match data {
                    Self::Flag(values, _) => values.slice(rows.start, rows.len()).iter().collect(),
                    _ => Vec::new(),
                };
                Self::Flag(BooleanBuffer::from(runs.iter().flat_map(flags).collect::<Vec<bool>>()), validity)
            }
            Self::Integer(..) => Self::Integer(numbers(runs, Self::integers), validity),
            Self::Instant(..) => Self::Instant(numbers(runs, Self::integers), validity),
            Self::Number(..) => {
                let own = |data: &'a Self| if let Self::Number(values, _) = data { Some(values) } else { None };
                Self::Number(numbers(runs, own), validity)
            }
            Self::List(_, _, items) => {
                let lists = || {
                    runs.iter().filter_map(|(data, rows)| match data {
                        Self::List(offsets, _, items) => Some((offsets, &**items, rows.clone())),
                        _ => None,
                    })
                };
                let offsets = ends(lists().map(|(offsets, _, rows)| (offsets, rows)), count);
                let inner = lists().map(|(offsets, items, rows)| (items, span(offsets, &rows)));
                let items = items.gather(&inner.filter(|(_, items)| !items.is_empty()).collect::<Vec<_>>());
                Self::List(offsets, validity, Box::new(items))
            }
            Self::Group(fields, ..) => {
                let field = |(at, field): (usize, &Column)| {
                    let own = runs.iter().filter_map(|(data, rows)| match data {
                        Self::Group(fields, ..) => Some((&fields[at].data, rows.clone())),
                        _ => None,
                    });
                    Column { name: field.name.clone(), data: field.data.gather(&own.collect::<Vec<_>>()) }
                };
                Self::Group(fields.iter().enumerate().map(field).collect(), count, validity)
            }
        }
    }

    fn integers(&self) -> Option<&ScalarBuffer<i64>> {
        if let Self::Integer(values, _) | Self::Instant(values, _) = self { Some(values) } else { None }
    }

    /// Bytes of the texts of a run of rows.
    fn bytes(&self, rows: Range<usize>) -> usize {
        match self {
            Self::Text(text) => span(&text.offsets, &rows).len(),
            Self::List(offsets, _, items) => items.bytes(span(offsets, &rows)),
            Self::Group(fields, ..) => fields.iter().map(|field| field.data.bytes(rows.clone())).sum(),
            Self::Flag(..) | Self::Integer(..) | Self::Number(..) | Self::Instant(..) => 0,
        }
    }

    /// Whether no row has a value, as far as that can be told at once.
    fn is_absent(&self) -> bool {
        self.is_empty()
            || match self {
                // Where a list can be left out, an empty one is there.
                Self::List(offsets, validity, _) => validity.is_none() && offsets[0] == offsets[offsets.len() - 1],
                _ => self.validity().is_some_and(|own| own.null_count() == own.len()),
            }
    }

    /// The rows named, in that order; where none is named, one without a value.
    #[must_use]
    pub fn take_some(&self, rows: &[Option<usize>]) -> Self {
        if self.is_absent() {
            return self.blank(rows.len());
        }
        let known: Vec<usize> = rows.iter().map(|row| row.unwrap_or_default()).collect();
        let mut taken = self.take(&known);
        if rows.contains(&None) {
            let there = NullBuffer::from(rows.iter().map(Option::is_some).collect::<Vec<_>>());
            taken.mask(&there);
        }
        taken
    }

    /// Takes the values away from the rows where `there` is false.
    fn mask(&mut self, there: &NullBuffer) {
        match self {
            Self::Text(text) => text.validity = NullBuffer::union(text.validity.as_ref(), Some(there)),
            Self::Flag(_, own) | Self::Integer(_, own) | Self::Number(_, own) | Self::Instant(_, own) => {
                *own = NullBuffer::union(own.as_ref(), Some(there));
            }
            // A list without a value is an empty list, unless it can be left out.
            Self::List(offsets, own, items) => {
                *own = own.as_ref().and_then(|own| NullBuffer::union(Some(own), Some(there)));
                let kept: Vec<usize> =
                    (0..there.len()).filter(|row| there.is_valid(*row)).flat_map(|row| range(offsets, row)).collect();
                let mut ends = vec![0_i32];
                for row in 0..there.len() {
                    let length = if there.is_valid(row) { offsets[row + 1] - offsets[row] } else { 0 };
                    ends.push(ends[row] + length);
                }
                **items = items.take(&kept);
                *offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
            }
            Self::Group(fields, _, own) => {
                *own = NullBuffer::union(own.as_ref(), Some(there));
                for field in fields {
                    field.data.mask(there);
                }
            }
        }
    }

    /// A column of `rows` rows without a value, shaped as this one.
    #[must_use]
    pub fn blank(&self, rows: usize) -> Self {
        self.blank_of(&Blank::new(rows))
    }

    /// The same, sharing what all columns without a value have in common.
    #[must_use]
    pub fn blank_of(&self, blank: &Blank) -> Self {
        let Blank { rows, zeros, absent } = blank;
        let absent = Some(absent.clone());
        match self {
            Self::Text(_) => Self::Text(Text { offsets: zeros.clone(), bytes: ByteString::new(), validity: absent }),
            Self::Flag(..) => Self::Flag(BooleanBuffer::new_unset(*rows), absent),
            Self::Integer(..) => Self::Integer(vec![0; *rows].into(), absent),
            Self::Instant(..) => Self::Instant(vec![0; *rows].into(), absent),
            Self::Number(..) => Self::Number(vec![0.0; *rows].into(), absent),
            // A list without a value is an empty list.
            Self::List(_, _, items) => Self::List(zeros.clone(), None, Box::new(items.slice(0, 0))),
            Self::Group(fields, ..) => Self::Group(each(fields, |data| data.blank_of(blank)), *rows, absent),
        }
    }
}

/// So many rows without a value.
#[derive(Debug)]
pub struct Blank {
    /// How many.
    pub rows: usize,
    /// The ends of empty texts or lists.
    pub zeros: OffsetBuffer<i32>,
    /// That no row has a value.
    pub absent: NullBuffer,
}

impl Blank {
    /// This many rows.
    #[must_use]
    pub fn new(rows: usize) -> Self {
        let zeros = OffsetBuffer::new(ScalarBuffer::from(vec![0_i32; rows + 1]));
        Self { rows, zeros, absent: NullBuffer::new_null(rows) }
    }
}
