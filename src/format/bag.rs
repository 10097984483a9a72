//! Growing records of one format: elements go to their columns, everything else to `extra`, and
//! what a column can't show (language, attributes, order, outer blanks, markup) to `notes`.

mod names;
mod value;

use super::notes::Notes;
use super::{Field, HEADER, Kind, Vocabulary};
use crate::columns::build::{GroupLists, TextLists, Texts, flags, integers};
use crate::columns::{Column, Columns, Data};
use crate::value::date;
use crate::xml::names::{Ns, Scope, local};
use crate::xml::read::{Cursor, Read, Tag};
use names::Target;

/// Where a value goes that belongs to no column.
const EXTRA: [&str; 2] = ["element", "value"];

/// Records of one format in the making. What was added since the last [`Bag::end_record`] can be
/// undone.
#[derive(Debug)]
pub struct Bag {
    vocabulary: Option<&'static Vocabulary>,
    /// Rows finished.
    pub rows: usize,
    identifier: Texts,
    datestamp: Texts,
    instants: Vec<Option<i64>>,
    deleted: Vec<bool>,
    sets: TextLists,
    fields: Vec<TextLists>,
    extra: GroupLists,
    notes: Notes,
    /// What the header of the record in the making has said.
    head: Head,
    scratch: String,
    names: Vec<(String, Target)>,
    /// Values trimmed and left empty in the record in the making.
    pub trimmed: u64,
    /// Values left out because they are empty, in the record in the making.
    pub empty: u64,
}

impl Default for Bag {
    fn default() -> Self {
        Self::new(None)
    }
}

/// The header of the record in the making.
#[derive(Debug, Default, Clone, Copy)]
struct Head {
    identifier: bool,
    datestamp: bool,
    deleted: bool,
}

impl Bag {
    /// No records yet; the format may be decided later, by the first payload.
    #[must_use]
    pub fn new(vocabulary: Option<&'static Vocabulary>) -> Self {
        let mut bag = Self {
            vocabulary: None,
            rows: 0,
            identifier: Texts::default(),
            datestamp: Texts::default(),
            instants: Vec::new(),
            deleted: Vec::new(),
            sets: TextLists::default(),
            fields: Vec::new(),
            extra: GroupLists::new(&EXTRA),
            notes: Notes::default(),
            head: Head::default(),
            scratch: String::new(),
            names: Vec::new(),
            trimmed: 0,
            empty: 0,
        };
        if let Some(vocabulary) = vocabulary {
            bag.adopt(vocabulary);
        }
        bag
    }

    /// The format, once decided.
    #[must_use]
    pub fn vocabulary(&self) -> Option<&'static Vocabulary> {
        self.vocabulary
    }

    /// Leaves the format open, or decides it, for the records to come. All records must have been
    /// taken out.
    pub fn restart(&mut self, vocabulary: Option<&'static Vocabulary>) {
        self.undo();
        self.vocabulary = None;
        self.names.clear();
        if let Some(vocabulary) = vocabulary {
            self.adopt(vocabulary);
        }
    }

    /// Decides the format.
    pub fn adopt(&mut self, vocabulary: &'static Vocabulary) {
        self.vocabulary = Some(vocabulary);
        self.fields.resize_with(vocabulary.fields.len(), TextLists::default);
    }

    /// The identifier of the record in the making.
    #[must_use]
    pub fn identifier(&self) -> Option<&str> {
        self.head.identifier.then(|| self.identifier.tail())
    }

    /// The identifier of the record finished last.
    #[must_use]
    pub fn last_identifier(&self) -> Option<&str> {
        self.identifier.last()
    }

    /// Whether the record in the making is deleted.
    #[must_use]
    pub fn is_deleted(&self) -> bool {
        self.head.deleted
    }

    /// Reads a header.
    pub fn header<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>, scope: &mut Scope) -> Read<()> {
        for (name, value) in cursor.attributes(tag)? {
            if local(name) == "status" {
                self.head.deleted = value.trim().eq_ignore_ascii_case("deleted");
            }
        }
        if tag.empty {
            return Ok(());
        }
        cursor.open.push(tag.name);
        while let Some(child) = cursor.child(tag.name)? {
            match local(child.name) {
                "identifier" if !self.head.identifier => {
                    cursor.leaf(&child, &mut self.identifier.bytes)?;
                    self.head.identifier = true;
                    if let Some(exact) = self.identifier.trim() {
                        self.notes.header("identifier", None, &exact);
                    }
                }
                "datestamp" if !self.head.datestamp => {
                    cursor.leaf(&child, &mut self.datestamp.bytes)?;
                    self.head.datestamp = true;
                    if let Some(exact) = self.datestamp.trim() {
                        self.notes.header("datestamp", None, &exact);
                    }
                }
                "setSpec" => {
                    let sets = &mut self.sets.items;
                    cursor.leaf(&child, &mut sets.bytes)?;
                    let exact = sets.trim();
                    let empty = sets.tail().is_empty();
                    if exact.is_some() || empty {
                        let index = (!empty).then_some(self.sets.pending() as i64);
                        self.notes.header("sets", index, &exact.unwrap_or_default());
                    }
                    if !empty {
                        self.sets.items.finish();
                    }
                }
                _ => self.misplaced(cursor, &child, scope, "the header")?,
            }
        }
        cursor.open.pop();
        Ok(())
    }

    /// Finishes the record in the making.
    pub fn end_record(&mut self) {
        let row = self.rows;
        self.instants.push(date::instant(self.datestamp.tail()));
        finish(&mut self.identifier, self.head.identifier);
        finish(&mut self.datestamp, self.head.datestamp);
        self.deleted.push(self.head.deleted);
        self.sets.end_row(row);
        for field in &mut self.fields {
            field.end_row(row);
        }
        self.extra.end_row(row);
        self.notes.end_row(row, self.vocabulary);
        self.rows += 1;
        self.clear();
    }

    /// Forgets the record in the making.
    pub fn undo(&mut self) {
        self.identifier.truncate(self.rows);
        self.datestamp.truncate(self.rows);
        self.sets.undo();
        for field in &mut self.fields {
            field.undo();
        }
        self.extra.undo();
        self.notes.undo();
        self.clear();
    }

    fn clear(&mut self) {
        self.head = Head::default();
        self.trimmed = 0;
        self.empty = 0;
    }

    /// Takes the finished records out; the format stays decided.
    #[must_use]
    pub fn freeze(&mut self) -> (&'static Vocabulary, Columns) {
        let vocabulary = self.vocabulary.unwrap_or(&HEADER);
        let rows = std::mem::take(&mut self.rows);
        let mut columns = Vec::with_capacity(vocabulary.fields.len() + 7);
        if vocabulary.head {
            let (instants, validity) = integers(self.instants.drain(..));
            columns.push(Column::new("identifier", Data::Text(self.identifier.freeze())));
            columns.push(Column::new("datestamp", Data::Text(self.datestamp.freeze())));
            columns.push(Column::new("datestamp_utc", Data::Instant(instants, validity)));
            columns.push(Column::new("deleted", flags(&self.deleted)));
            columns.push(Column::new("sets", self.sets.freeze(rows)));
        }
        self.identifier.truncate(0);
        self.datestamp.truncate(0);
        self.instants.clear();
        self.deleted.clear();
        for (field, lists) in vocabulary.fields.iter().zip(&mut self.fields) {
            let data = match field.kind {
                Kind::One | Kind::Xml => single(&lists.freeze(rows), rows),
                _ => lists.freeze(rows),
            };
            columns.push(Column::new(field.column, data));
        }
        columns.push(Column::new("extra", self.extra.freeze(rows)));
        columns.push(Column::new("notes", self.notes.freeze(rows)));
        (vocabulary, Columns::new(rows, columns))
    }
}

/// The first item of each list, or none.
fn single(lists: &Data, rows: usize) -> Data {
    let mut texts = Texts::default();
    if let Some((offsets, items)) = lists.texts() {
        for row in 0..rows {
            let range = crate::columns::range(offsets, row);
            texts.push_option(range.clone().next().map(|item| items.raw(item)));
        }
    }
    Data::Text(texts.freeze())
}

/// The name shown to users of the element a field is read from.
#[must_use]
pub fn element(field: &Field) -> String {
    match field.ns {
        Ns::Undeclared if field.local.is_empty() => format!("oai:{}", field.column),
        _ => Scope::default().shown(field.ns, field.local),
    }
}

/// Finishes a text in the making, or its absence.
fn finish(texts: &mut Texts, present: bool) {
    if present {
        texts.finish();
    } else {
        texts.push_option(None);
    }
}
