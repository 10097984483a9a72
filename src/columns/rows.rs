//! Choosing and joining rows.

use super::{Column, Columns, Data, Text, range};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};

impl Columns {
    /// The rows `offset..offset + length`; shares the buffers.
    #[must_use]
    pub fn slice(&self, offset: usize, length: usize) -> Self {
        Self { rows: length, columns: each(&self.columns, |data| data.slice(offset, length)) }
    }

    /// The rows named, in that order.
    #[must_use]
    pub fn take(&self, rows: &[usize]) -> Self {
        Self { rows: rows.len(), columns: each(&self.columns, |data| data.take(rows)) }
    }
}

fn each(columns: &[Column], change: impl Fn(&Data) -> Data) -> Vec<Column> {
    columns.iter().map(|column| Column { name: column.name.clone(), data: change(&column.data) }).collect()
}

fn picked(validity: Option<&NullBuffer>, rows: &[usize]) -> Option<NullBuffer> {
    validity.map(|validity| NullBuffer::from(rows.iter().map(|row| validity.is_valid(*row)).collect::<Vec<_>>()))
}

fn numbers<T: Copy + arrow_buffer::ArrowNativeType>(values: &ScalarBuffer<T>, rows: &[usize]) -> ScalarBuffer<T> {
    rows.iter().map(|row| values[*row]).collect()
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
        if self.is_absent() {
            return self.blank(rows.len());
        }
        let validity = picked(self.validity(), rows);
        match self {
            Self::Text(text) => {
                let length = |row: &usize| (text.offsets[row + 1] - text.offsets[*row]) as usize;
                let mut bytes = Vec::with_capacity(rows.iter().map(length).sum());
                let mut ends = Vec::with_capacity(rows.len() + 1);
                ends.push(0_i32);
                for row in rows {
                    bytes.extend_from_slice(&text.bytes[range(&text.offsets, *row)]);
                    ends.push(bytes.len() as i32);
                }
                let offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
                Self::Text(Text { offsets, bytes: bytes.into(), validity })
            }
            Self::Flag(values, _) => {
                let flags: Vec<bool> = rows.iter().map(|row| values.value(*row)).collect();
                Self::Flag(BooleanBuffer::from(flags), validity)
            }
            Self::Integer(values, _) => Self::Integer(numbers(values, rows), validity),
            Self::Instant(values, _) => Self::Instant(numbers(values, rows), validity),
            Self::Number(values, _) => Self::Number(numbers(values, rows), validity),
            Self::List(offsets, _, items) => {
                let mut chosen = Vec::new();
                let mut ends = vec![0_i32];
                for row in rows {
                    chosen.extend(range(offsets, *row));
                    ends.push(chosen.len() as i32);
                }
                let offsets = OffsetBuffer::new(ScalarBuffer::from(ends));
                Self::List(offsets, validity, Box::new(items.take(&chosen)))
            }
            Self::Group(fields, ..) => Self::Group(each(fields, |data| data.take(rows)), rows.len(), validity),
        }
    }

    /// Whether no row has a value, as far as that can be told at once.
    fn is_absent(&self) -> bool {
        let empty = match self {
            Self::List(offsets, ..) => offsets[0] == offsets[offsets.len() - 1],
            _ => self.is_empty(),
        };
        empty || self.validity().is_some_and(|validity| validity.null_count() == validity.len())
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
            // A list without a value is an empty list.
            Self::List(offsets, _, items) => {
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
            Self::Text(_) => {
                Self::Text(Text { offsets: zeros.clone(), bytes: Vec::<u8>::new().into(), validity: absent })
            }
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
