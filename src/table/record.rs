//! One row, exact: columns and notes put together again.

use super::Table;
use crate::columns::{Columns, Data, range};
use crate::error::{Cancel, Result, go_on};
use crate::format::bag::element;
use crate::format::{Kind, Vocabulary};
use arrow_buffer::OffsetBuffer;

/// A value of a record, as the page has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Value<'a> {
    /// The name of its element: `dc:title`, or `{namespace}name` where the prefix is not known.
    pub element: &'a str,
    /// The column it stands in.
    pub column: &'a str,
    /// Its place among the values of the record, from 0.
    pub position: i64,
    /// Its exact text.
    pub text: &'a str,
    /// Its `xml:lang`.
    pub lang: Option<&'a str>,
    /// Its other attributes, a JSON object.
    pub attributes: Option<String>,
    /// Its content as XML, where it holds elements.
    pub markup: Option<&'a str>,
}

/// The header of a record, as the page has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Header<'a> {
    /// The identifier.
    pub identifier: Option<&'a str>,
    /// The datestamp.
    pub datestamp: Option<&'a str>,
    /// Whether the record is deleted.
    pub deleted: bool,
    /// The setSpecs.
    pub sets: Vec<&'a str>,
}

/// Reads records out of the batches of a format.
#[derive(Debug)]
pub struct Record<'a> {
    columns: &'a Columns,
    vocabulary: &'static Vocabulary,
    /// The element of each field, as shown.
    elements: &'a [String],
    row: usize,
}

/// The notes of a row.
pub(super) struct Notes<'a> {
    fields: Option<(&'a OffsetBuffer<i32>, &'a [crate::columns::Column])>,
}

impl<'a> Notes<'a> {
    pub(super) fn new(columns: &'a Columns) -> Self {
        Self { fields: columns.get("notes").and_then(|notes| notes.groups()) }
    }

    /// Whether the texts of row `row` are all in its columns, exact.
    pub(super) fn plain(&self, row: usize) -> bool {
        let Some((offsets, fields)) = self.fields else { return true };
        let there = |at: usize, item: usize| fields.get(at).is_some_and(|field| !field.data.is_null(item));
        range(offsets, row).all(|item| there(1, item) && !there(5, item))
    }

    /// The notes of row `row`.
    pub(super) fn of(&self, row: usize) -> impl Iterator<Item = Noted<'a>> + use<'a> {
        let fields = self.fields;
        let range = fields.map_or(0..0, |(offsets, _)| range(offsets, row));
        range.filter_map(move |item| {
            let fields = fields?.1;
            let text = |at: usize| fields.get(at).and_then(|field| field.data.text()).and_then(|text| text.get(item));
            let number = |at: usize| match fields.get(at).map(|field| &field.data) {
                Some(Data::Integer(values, validity)) => {
                    validity.as_ref().is_none_or(|validity| validity.is_valid(item)).then(|| values[item])
                }
                _ => None,
            };
            Some(Noted {
                path: text(0)?,
                index: number(1),
                seq: number(2),
                lang: text(3),
                attributes: text(4),
                text: text(5),
                markup: text(6),
            })
        })
    }
}

/// One note.
pub(super) struct Noted<'a> {
    pub(super) path: &'a str,
    pub(super) index: Option<i64>,
    pub(super) seq: Option<i64>,
    pub(super) lang: Option<&'a str>,
    attributes: Option<&'a str>,
    text: Option<&'a str>,
    markup: Option<&'a str>,
}

/// The element of each field of a format, as shown.
#[must_use]
pub(super) fn elements(vocabulary: &Vocabulary) -> Vec<String> {
    vocabulary.fields.iter().map(element).collect()
}

impl<'a> Record<'a> {
    pub(super) fn new(
        columns: &'a Columns,
        vocabulary: &'static Vocabulary,
        elements: &'a [String],
        row: usize,
    ) -> Self {
        Self { columns, vocabulary, elements, row }
    }

    /// The values, in document order.
    #[must_use]
    pub fn values(&self) -> Vec<Value<'a>> {
        let mut values = self.wide();
        let head = crate::format::HEAD;
        let mut places: Vec<Option<i64>> = vec![None; values.len()];
        for note in Notes::new(self.columns).of(self.row).filter(|note| !head.contains(&note.path)) {
            let at = if let Some(index) = note.index {
                let of = |value: &Value| value.column == note.path && value.position == index;
                let Some(at) = values.iter().position(of) else { continue };
                at
            } else {
                let own = self.vocabulary.fields.iter().position(|field| field.column == note.path);
                let Some(field) = own else { continue };
                values.push(Value::new(&self.elements[field], self.vocabulary.fields[field].column, i64::MAX, ""));
                places.push(None);
                values.len() - 1
            };
            places[at] = note.seq;
            let value = &mut values[at];
            value.lang = note.lang;
            value.markup = note.markup;
            // A value edited since it was read is what its column says.
            value.text = note.text.filter(|exact| exact.trim() == value.text).unwrap_or(value.text);
            value.attributes = merged(value.attributes.take(), note.attributes);
        }
        place(&mut values, &places);
        values
    }

    /// The values in the order of the columns; `position` is the index in the column.
    fn wide(&self) -> Vec<Value<'a>> {
        let mut values = Vec::new();
        for (at, field) in self.vocabulary.fields.iter().enumerate() {
            let Some(data) = self.columns.get(field.column) else { continue };
            if let Kind::Attribute(name) = field.kind {
                self.attribute(name, at, data, &mut values);
            } else if let Some((offsets, items)) = data.texts() {
                for (index, item) in range(offsets, self.row).enumerate() {
                    values.push(Value::new(&self.elements[at], field.column, index as i64, items.raw(item)));
                }
            } else if let Some(text) = data.text().and_then(|text| text.get(self.row)) {
                values.push(Value::new(&self.elements[at], field.column, 0, text));
            }
        }
        if let Some((offsets, fields)) = self.columns.get("extra").and_then(|extra| extra.groups())
            && let [Some(element), Some(text)] = [0, 1].map(|at| fields[at].data.text())
        {
            for (index, item) in range(offsets, self.row).enumerate() {
                values.push(Value::new(element.raw(item), "extra", index as i64, text.raw(item)));
            }
        }
        values
    }

    /// Gives the values of the field before their attribute `name`, kept in a column of its own.
    fn attribute(&self, name: &str, at: usize, data: &Data, values: &mut [Value]) {
        let Some((offsets, items)) = data.texts() else { return };
        let column = self.vocabulary.fields[at - 1].column;
        let range = range(offsets, self.row);
        for (value, item) in values.iter_mut().filter(|value| value.column == column).zip(range) {
            let text = items.raw(item);
            if !text.is_empty() {
                value.attributes = Some(serde_json::json!({ name: text }).to_string());
            }
        }
    }

    /// The header, exact: with the blanks its columns are trimmed of.
    #[must_use]
    pub fn header(&self) -> Header<'a> {
        let mut header = Header {
            identifier: self.head("identifier"),
            datestamp: self.head("datestamp"),
            deleted: matches!(self.columns.get("deleted"), Some(Data::Flag(values, _)) if values.value(self.row)),
            sets: Vec::new(),
        };
        if let Some((offsets, items)) = self.columns.get("sets").and_then(Data::texts) {
            header.sets = range(offsets, self.row).map(|item| items.raw(item)).collect();
        }
        for note in Notes::new(self.columns).of(self.row) {
            let Some(exact) = note.text else { continue };
            let own = match (note.path, note.index) {
                ("identifier", _) => header.identifier.as_mut(),
                ("datestamp", _) => header.datestamp.as_mut(),
                ("sets", Some(index)) => header.sets.get_mut(index as usize),
                ("sets", None) => {
                    header.sets.push(exact);
                    None
                }
                _ => None,
            };
            if let Some(own) = own.filter(|own| **own == exact.trim()) {
                *own = exact;
            }
        }
        header
    }

    /// Text of a head column.
    #[must_use]
    pub fn head(&self, column: &str) -> Option<&'a str> {
        self.columns.get(column)?.text()?.get(self.row)
    }

    /// The setSpecs of its header.
    #[must_use]
    pub fn sets(&self) -> Vec<&'a str> {
        let sets = self.columns.get("sets").and_then(|sets| sets.texts());
        sets.map_or_else(Vec::new, |(offsets, items)| range(offsets, self.row).map(|item| items.raw(item)).collect())
    }

    /// Whether its header says deleted.
    #[must_use]
    pub fn deleted(&self) -> bool {
        matches!(self.columns.get("deleted"), Some(Data::Flag(flags, _)) if flags.value(self.row))
    }
}

impl<'a> Value<'a> {
    fn new(element: &'a str, column: &'a str, position: i64, text: &'a str) -> Self {
        Self { element, column, position, text, lang: None, attributes: None, markup: None }
    }

    /// The names of its other attributes.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let attributes = self.attributes.as_deref().and_then(|attributes| serde_json::from_str(attributes).ok());
        attributes
            .map_or_else(Vec::new, |known: serde_json::Map<_, _>| known.into_iter().map(|(name, _)| name).collect())
    }
}

/// Two JSON objects as one.
fn merged(own: Option<String>, noted: Option<&str>) -> Option<String> {
    match (own, noted) {
        (Some(own), Some(noted)) => {
            let mut whole: serde_json::Map<_, _> = serde_json::from_str(noted).unwrap_or_default();
            let own: serde_json::Map<_, _> = serde_json::from_str(&own).unwrap_or_default();
            whole.extend(own);
            Some(serde_json::Value::Object(whole).to_string())
        }
        (own, noted) => own.or_else(|| noted.map(str::to_owned)),
    }
}

/// Gives every value its place: noted ones theirs, the others the free places in the order of
/// the columns; then sorts by place.
fn place(values: &mut [Value], places: &[Option<i64>]) {
    if places.iter().all(Option::is_none) {
        for (position, value) in values.iter_mut().enumerate() {
            value.position = position as i64;
        }
        return;
    }
    let mut taken: Vec<i64> = places.iter().flatten().copied().collect();
    taken.sort_unstable();
    let mut free = (0_i64..).filter(|place| taken.binary_search(place).is_err());
    for (value, place) in values.iter_mut().zip(places) {
        value.position = place.or_else(|| free.next()).unwrap_or_default();
    }
    values.sort_by_key(|value| value.position);
}

impl Table {
    /// Calls `each` with every record in turn.
    pub fn records(&self, cancel: &Cancel, mut each: impl FnMut(&Record<'_>)) -> Result<()> {
        let Some(vocabulary) = self.vocabulary() else { return Ok(()) };
        let elements = elements(vocabulary);
        for batch in self.batches() {
            go_on(cancel)?;
            for row in 0..batch.rows {
                each(&Record::new(batch, vocabulary, &elements, row));
            }
        }
        Ok(())
    }

    /// Calls `plain` with number, batch and row of every row whose exact texts are all in its columns, and `noted`
    /// with the records of the others; in order.
    pub fn texts<E>(
        &self,
        mut plain: impl FnMut(usize, &Columns, usize) -> std::result::Result<(), E>,
        mut noted: impl FnMut(&Record<'_>) -> std::result::Result<(), E>,
    ) -> std::result::Result<(), E> {
        let Some(vocabulary) = self.vocabulary() else { return Ok(()) };
        let elements = elements(vocabulary);
        for (number, batch) in self.batches().iter().enumerate() {
            let notes = Notes::new(batch);
            for row in 0..batch.rows {
                if notes.plain(row) {
                    plain(number, batch, row)?;
                } else {
                    noted(&Record::new(batch, vocabulary, &elements, row))?;
                }
            }
        }
        Ok(())
    }

    /// Calls `with` with the record of row `row`, if the table has it and a format.
    pub fn record<R>(&self, row: usize, with: impl FnOnce(&Record<'_>) -> R) -> Option<R> {
        let vocabulary = self.vocabulary()?;
        let (batch, row) = self.locate(row)?;
        Some(with(&Record::new(batch, vocabulary, &elements(vocabulary), row)))
    }
}
