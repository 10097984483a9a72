//! Growing columns: what readers write to. They are frozen into [`Data`] of exact size and go on
//! with the memory they have: growing afresh for every page costs more than one copy.

use super::{Column, Data, Text};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};

/// Text values, growing. The value in the making is the tail of `bytes`.
#[derive(Debug, Clone)]
pub struct Texts {
    /// Finished values, then the one in the making.
    pub bytes: String,
    offsets: Vec<i32>,
    nulls: Option<Vec<bool>>,
}

impl Default for Texts {
    fn default() -> Self {
        Self { bytes: String::new(), offsets: vec![0], nulls: None }
    }
}

impl Texts {
    /// Number of finished values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.offsets.len() - 1
    }

    /// Whether no value is finished.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Where the value in the making starts.
    #[must_use]
    pub fn start(&self) -> usize {
        self.offsets.last().map_or(0, |end| *end as usize)
    }

    /// Finishes the value in the making.
    #[inline]
    pub fn finish(&mut self) {
        self.offsets.push(self.bytes.len() as i32);
        if let Some(nulls) = &mut self.nulls {
            nulls.push(true);
        }
    }

    /// The finished value added last.
    #[must_use]
    pub fn last(&self) -> Option<&str> {
        let [.., start, end] = self.offsets[..] else { return None };
        let present = self.nulls.as_ref().is_none_or(|nulls| nulls.last() == Some(&true));
        present.then(|| &self.bytes[start as usize..end as usize])
    }

    /// The value in the making.
    #[must_use]
    pub fn tail(&self) -> &str {
        &self.bytes[self.start()..]
    }

    /// Trims the value in the making; gives it as it was, if that changed it.
    pub fn trim(&mut self) -> Option<String> {
        let tail = self.tail();
        let inked = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        if inked(tail.as_bytes().first()) && inked(tail.as_bytes().last()) {
            return None;
        }
        let (start, trimmed) = (self.start(), tail.trim());
        if trimmed.len() == tail.len() {
            return None;
        }
        let (whole, trimmed) = (tail.to_owned(), trimmed.to_owned());
        self.bytes.truncate(start);
        self.bytes.push_str(&trimmed);
        Some(whole)
    }

    /// Adds a whole value.
    #[inline]
    pub fn push(&mut self, value: &str) {
        self.bytes.push_str(value);
        self.finish();
    }

    /// Adds a value, or its absence.
    pub fn push_option(&mut self, value: Option<&str>) {
        if let Some(value) = value {
            return self.push(value);
        }
        let count = self.len();
        self.nulls.get_or_insert_with(|| vec![true; count]).push(false);
        self.offsets.push(self.bytes.len() as i32);
    }

    /// Fills up with absent values until there are `count`.
    #[inline]
    pub fn pad(&mut self, count: usize) {
        if self.offsets.len() <= count {
            self.leave_out(count);
        }
    }

    fn leave_out(&mut self, count: usize) {
        let own = self.len();
        self.nulls.get_or_insert_with(|| vec![true; own]).resize(count, false);
        let end = self.bytes.len() as i32;
        self.offsets.resize(count + 1, end);
    }

    /// Keeps the first `count` values.
    pub fn truncate(&mut self, count: usize) {
        if count < self.len() {
            self.offsets.truncate(count + 1);
            if let Some(nulls) = &mut self.nulls {
                nulls.truncate(count);
            }
        }
        let end = self.start();
        self.bytes.truncate(end);
    }

    /// Takes the finished values out.
    #[must_use]
    pub fn freeze(&mut self) -> Text {
        let text = Text {
            offsets: OffsetBuffer::new(ScalarBuffer::from(Buffer::from_slice_ref(&self.offsets))),
            bytes: self.bytes.as_str().into(),
            validity: validity(self.nulls.take()),
        };
        self.offsets.truncate(1);
        self.bytes.clear();
        text
    }

    /// The finished values, where no more will come: nothing is copied.
    #[must_use]
    pub fn into_text(self) -> Text {
        let mut bytes = self.bytes;
        bytes.shrink_to_fit();
        Text {
            offsets: OffsetBuffer::new(ScalarBuffer::from(self.offsets)),
            bytes: bytes.into(),
            validity: validity(self.nulls),
        }
    }
}

/// Where the lists of a column end, row by row. Rows are added only when a list gets an item, so
/// an unused column costs nothing.
#[derive(Debug, Clone)]
pub struct Ends(Vec<i32>);

impl Default for Ends {
    fn default() -> Self {
        Self(vec![0])
    }
}

impl Ends {
    /// The list of row `row` ends at `count` items; rows not mentioned before are empty.
    pub fn set(&mut self, row: usize, count: usize) {
        let last = self.0.last().copied().unwrap_or(0);
        self.0.resize(row + 1, last);
        self.0.push(count as i32);
    }

    /// Rows up to the last that has an item.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.0.len() - 1
    }

    /// Items in all rows so far.
    #[must_use]
    pub fn total(&self) -> usize {
        self.0.last().map_or(0, |end| *end as usize)
    }

    /// Keeps the first `rows` rows.
    pub fn truncate(&mut self, rows: usize) {
        self.0.truncate(rows + 1);
    }

    /// Takes the offsets of `rows` rows out.
    #[must_use]
    pub fn freeze(&mut self, rows: usize) -> OffsetBuffer<i32> {
        let last = self.0.last().copied().unwrap_or(0);
        self.0.resize(rows + 1, last);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(Buffer::from_slice_ref(&self.0)));
        self.0.truncate(1);
        offsets
    }
}

/// A column of lists of text, growing.
#[derive(Debug, Clone, Default)]
pub struct TextLists {
    /// The items of all rows.
    pub items: Texts,
    ends: Ends,
}

impl TextLists {
    /// Items of the row in the making.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.items.len() - self.ends.total()
    }

    /// Ends row `row` with what was added since the last row.
    pub fn end_row(&mut self, row: usize) {
        if self.pending() > 0 {
            self.ends.set(row, self.items.len());
        }
    }

    /// Forgets what was added since the last row.
    pub fn undo(&mut self) {
        self.items.truncate(self.ends.total());
    }

    /// Takes the column of `rows` rows out.
    #[must_use]
    pub fn freeze(&mut self, rows: usize) -> Data {
        Data::List(self.ends.freeze(rows), None, Box::new(Data::Text(self.items.freeze())))
    }
}

/// A column of lists of groups of text, growing.
#[derive(Debug, Clone)]
pub struct GroupLists {
    names: &'static [&'static str],
    fields: Vec<Texts>,
    ends: Ends,
}

impl GroupLists {
    /// An empty column of groups with these fields.
    #[must_use]
    pub fn new(names: &'static [&'static str]) -> Self {
        Self { names, fields: vec![Texts::default(); names.len()], ends: Ends::default() }
    }

    /// Items of the row in the making.
    #[must_use]
    pub fn pending(&self) -> usize {
        self.fields[0].len() - self.ends.total()
    }

    /// Keeps the first `count` items of the row in the making.
    pub fn keep_pending(&mut self, count: usize) {
        let count = self.ends.total() + count;
        for field in &mut self.fields {
            field.truncate(count);
        }
    }

    /// Adds a group.
    pub fn push(&mut self, values: &[Option<&str>]) {
        for (field, value) in self.fields.iter_mut().zip(values) {
            field.push_option(*value);
        }
    }

    /// Ends row `row` with what was added since the last row.
    pub fn end_row(&mut self, row: usize) {
        if self.pending() > 0 {
            self.ends.set(row, self.fields[0].len());
        }
    }

    /// Forgets what was added since the last row.
    pub fn undo(&mut self) {
        self.keep_pending(0);
    }

    /// Takes the column of `rows` rows out.
    #[must_use]
    pub fn freeze(&mut self, rows: usize) -> Data {
        let count = self.fields[0].len();
        let fields = self
            .names
            .iter()
            .zip(&mut self.fields)
            .map(|(name, field)| Column::new(*name, Data::Text(field.freeze())))
            .collect();
        Data::List(self.ends.freeze(rows), None, Box::new(Data::Group(fields, count, None)))
    }
}

/// A column of whole numbers or instants.
#[must_use]
pub fn integers(values: impl IntoIterator<Item = Option<i64>>) -> (ScalarBuffer<i64>, Option<NullBuffer>) {
    let mut numbers = Vec::new();
    let mut present = Vec::new();
    for value in values {
        numbers.push(value.unwrap_or_default());
        present.push(value.is_some());
    }
    (ScalarBuffer::from(numbers), validity(Some(present)))
}

/// A column of yes and no.
#[must_use]
pub fn flags(values: &[bool]) -> Data {
    Data::Flag(BooleanBuffer::from(values), None)
}

/// Which rows have a value; nothing to say when all have.
#[must_use]
pub fn validity(present: Option<Vec<bool>>) -> Option<NullBuffer> {
    present.filter(|present| present.contains(&false)).map(NullBuffer::from)
}
