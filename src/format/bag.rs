//! Growing records of one format: elements go to their columns, everything else to `extra`, and
//! what a column can't show (language, attributes, order, outer blanks, markup) to `notes`.

use super::notes::{Note, Notes};
use super::{Field, HEADER, Kind, Vocabulary};
use crate::columns::build::{GroupLists, TextLists, Texts, flags, integers};
use crate::columns::{Column, Columns, Data};
use crate::report::Fault;
use crate::value::date;
use crate::xml::names::{Ns, Resolved, Scope, local, prefix};
use crate::xml::read::{Attributes, Cursor, Read, Tag};

/// Where a value goes that belongs to no column.
const EXTRA: [&str; 2] = ["element", "value"];
/// Slots of the name cache.
const SLOTS: usize = 64;

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

/// What a name stands for in the payload being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Target {
    /// The column, or none for `extra`.
    field: Option<u8>,
    /// What is wrong with the name.
    fault: Option<Fault>,
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
        self.notes.paths = vocabulary.fields.len() as u8;
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

    /// Reads the children of the payload `tag` into their columns.
    pub fn payload<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>, scope: &mut Scope) -> Read<()> {
        let Some(vocabulary) = self.vocabulary else { return Ok(()) };
        if tag.empty {
            return Ok(());
        }
        cursor.open.push(tag.name);
        let mut misspelt = false;
        while let Some(child) = cursor.child(tag.name)? {
            let depth = scope.depth();
            let declares = child.has_attributes() && child.attributes_raw().contains("xmlns");
            let target = if declares {
                cursor.enter(&child, scope)?;
                target(vocabulary, scope, child.name)
            } else {
                self.target(vocabulary, scope, child.name)
            };
            // A namespace is misspelt once a record, a prefix forgotten at every use.
            let told = target.fault == Some(Fault::Namespace) && std::mem::replace(&mut misspelt, true);
            if let Some(fault) = target.fault.filter(|_| !told) {
                let detail = format!("`{}` read as {}", child.name, shown(vocabulary, target, scope, child.name));
                cursor.repair(fault, child.at, detail);
            }
            match target.field {
                Some(field) => self.value(cursor, &child, usize::from(field), vocabulary, scope)?,
                None => {
                    let (ns, _) = resolved(scope, child.name);
                    let element = scope.shown(ns, child.name);
                    self.extra(cursor, &child, &element)?;
                }
            }
            scope.leave(depth);
        }
        cursor.open.pop();
        Ok(())
    }

    /// Forgets what names stand for, because another payload element declares other prefixes.
    pub fn forget_names(&mut self) {
        self.names.clear();
    }

    fn target(&mut self, vocabulary: &Vocabulary, scope: &Scope, name: &str) -> Target {
        if self.names.is_empty() {
            self.names.resize_with(SLOTS, || (String::new(), Target { field: None, fault: None }));
        }
        let bytes = name.as_bytes();
        let middle = usize::from(bytes[bytes.len() / 2]);
        let last = usize::from(bytes[bytes.len() - 1]);
        let slot = &mut self.names[(bytes.len() * 7 + middle * 3 + last) % SLOTS];
        if slot.0 != name {
            *slot = (name.to_owned(), target(vocabulary, scope, name));
        }
        slot.1
    }

    fn value<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        tag: &Tag<'a>,
        field: usize,
        vocabulary: &'static Vocabulary,
        scope: &mut Scope,
    ) -> Read<()> {
        let kind = vocabulary.fields[field].kind;
        if matches!(kind, Kind::Xml | Kind::XmlMany) {
            return self.xml(cursor, tag, field, vocabulary, scope);
        }
        let beside = vocabulary.fields.get(field + 1).map(|field| field.kind);
        if kind == Kind::Many && !tag.has_attributes() && !matches!(beside, Some(Kind::Attribute(_) | Kind::Address)) {
            let column = &mut self.fields[field].items;
            let content = cursor.content(tag, &mut column.bytes)?;
            let markup = content.markup;
            let exact = column.trim();
            if markup.is_none() && exact.is_none() && !column.tail().is_empty() {
                column.finish();
                self.notes.plain(field as u8);
                return Ok(());
            }
            let mut note = Note { markup, text: exact.as_deref(), ..Note::default() };
            if column.tail().is_empty() {
                self.empty += 1;
            } else {
                self.trimmed += u64::from(exact.is_some());
                column.finish();
                note.index = Some((self.fields[field].pending() - 1) as i64);
            }
            self.notes.value(field as u8, column_name(vocabulary, field), &note);
            return Ok(());
        }
        if kind == Kind::One && self.fields[field].pending() > 0 {
            let element = element(&vocabulary.fields[field]);
            return self.extra(cursor, tag, &element);
        }
        let mut attributes = if tag.has_attributes() { cursor.attributes(tag)? } else { Attributes::new() };
        let column = &mut self.fields[field].items;
        let start = column.start();
        let content = cursor.content(tag, &mut column.bytes)?;
        let exact = column.trim();
        let empty = column.tail().is_empty();
        let mut note = Note { markup: content.markup, text: exact.as_deref(), ..Note::default() };
        let lang = attributes.iter().position(|(name, _)| *name == "xml:lang").map(|at| attributes.remove(at).1);
        note.lang = lang.as_deref();
        let mut path = field;
        if empty {
            self.empty += 1;
        } else {
            self.trimmed += u64::from(exact.is_some());
            path = place(&mut self.fields, field, start, &mut attributes, note.lang.is_some(), vocabulary);
            note.index = Some((self.fields[path].pending() - 1) as i64);
        }
        undeclared(cursor, tag, &attributes, scope);
        let attributes = json(&attributes);
        note.attributes = attributes.as_deref();
        self.notes.value(path as u8, column_name(vocabulary, path), &note);
        Ok(())
    }

    fn xml<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        tag: &Tag<'a>,
        field: usize,
        vocabulary: &'static Vocabulary,
        scope: &mut Scope,
    ) -> Read<()> {
        let kind = vocabulary.fields[field].kind;
        let mut inner = Texts::default();
        let mut count = 0;
        if !tag.empty {
            while let Some(child) = cursor.child(tag.name)? {
                inner.push(&cursor.element(&child, scope)?);
                count += 1;
            }
        }
        let whole = inner.freeze();
        for i in 0..count {
            if kind == Kind::Xml && self.fields[field].pending() > 0 {
                self.keep(&element(&vocabulary.fields[field]), whole.raw(i));
            } else {
                self.fields[field].items.push(whole.raw(i));
                let index = Some((self.fields[field].pending() - 1) as i64);
                let path = column_name(vocabulary, field);
                self.notes.value(field as u8, path, &Note { index, ..Note::default() });
            }
        }
        Ok(())
    }

    /// Keeps a payload as XML text, in the column for it or, for a record that has another
    /// format or is deleted, in `extra`.
    pub fn keep_xml(&mut self, xml: &str, in_column: bool) {
        if in_column && self.fields.first().is_some_and(|column| column.pending() == 0) {
            self.fields[0].items.push(xml);
            self.notes.value(0, "metadata", &Note { index: Some(0), ..Note::default() });
        } else {
            self.keep("oai:metadata", xml);
        }
    }

    /// Keeps something in `extra`.
    pub fn keep(&mut self, element: &str, value: &str) {
        self.notes.extra(&Note { index: Some(self.extra.pending() as i64), ..Note::default() });
        self.extra.push(&[Some(element), Some(value)]);
    }

    /// Reads an element that has no column to `extra`.
    fn extra<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>, element: &str) -> Read<()> {
        let mut attributes = if tag.has_attributes() { cursor.attributes(tag)? } else { Attributes::new() };
        self.scratch.clear();
        let content = cursor.content(tag, &mut self.scratch)?;
        let lang = attributes.iter().position(|(name, _)| *name == "xml:lang").map(|at| attributes.remove(at).1);
        attributes.retain(|(name, _)| !name.starts_with("xmlns"));
        let json = json(&attributes);
        let note = Note {
            index: Some(self.extra.pending() as i64),
            lang: lang.as_deref(),
            attributes: json.as_deref(),
            text: None,
            markup: content.markup,
        };
        self.notes.extra(&note);
        self.extra.push(&[Some(element), Some(&self.scratch)]);
        Ok(())
    }

    /// Keeps an element that stands where the schema has none.
    pub fn misplaced<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        tag: &Tag<'a>,
        scope: &mut Scope,
        parent: &str,
    ) -> Read<()> {
        cursor.repair(Fault::Misplaced, tag.at, format!("`{}` in {parent}, kept in extra", tag.name));
        let depth = scope.depth();
        cursor.enter(tag, scope)?;
        let (ns, _) = resolved(scope, tag.name);
        let element = scope.shown(ns, tag.name);
        let read = self.extra(cursor, tag, &element);
        scope.leave(depth);
        read
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
            self.deleted.clear();
        }
        for (field, lists) in vocabulary.fields.iter().zip(&mut self.fields) {
            let data = match field.kind {
                Kind::One | Kind::Xml => single(&lists.freeze(rows), rows),
                _ => lists.freeze(rows),
            };
            columns.push(Column::new(field.column, data));
        }
        columns.push(Column::new("extra", self.extra.freeze(rows)));
        columns.push(Column::new("notes", self.notes.freeze(rows)));
        (vocabulary, Columns { rows, columns })
    }
}

/// Finishes the value in the making of column `field`, or moves it to the column of addresses
/// beside it, and fills the column of the attribute beside it. Gives the column it went to.
fn place(
    fields: &mut [TextLists],
    field: usize,
    start: usize,
    attributes: &mut Attributes,
    has_lang: bool,
    vocabulary: &Vocabulary,
) -> usize {
    match vocabulary.fields.get(field + 1).map(|field| field.kind) {
        Some(Kind::Address) if !has_lang && fields[field].items.bytes[start..].starts_with("http") => {
            let address = fields[field].items.bytes.split_off(start);
            fields[field + 1].items.push(&address);
            return field + 1;
        }
        Some(Kind::Attribute(wanted)) => {
            let at = attributes.iter().position(|(name, value)| *name == wanted && !value.is_empty());
            let value = at.map(|at| attributes.remove(at).1).unwrap_or_default();
            fields[field + 1].items.push(&value);
        }
        _ => {}
    }
    fields[field].items.finish();
    field
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

fn column_name(vocabulary: &Vocabulary, path: usize) -> &'static str {
    vocabulary.fields.get(path).map_or("extra", |field| field.column)
}

fn resolved(scope: &Scope, name: &str) -> (Ns, Option<Fault>) {
    match scope.resolve(prefix(name)) {
        Resolved::Bound(ns) => (ns, None),
        Resolved::Misspelt(ns) => (ns, Some(Fault::Namespace)),
        Resolved::Guessed(ns) => (ns, Some(Fault::Prefix)),
    }
}

/// What the element `name` stands for: its column if the vocabulary has it, also without its
/// namespace; otherwise `extra`.
fn target(vocabulary: &Vocabulary, scope: &Scope, name: &str) -> Target {
    let (ns, fault) = resolved(scope, name);
    let local = local(name);
    let find =
        |wanted: &dyn Fn(&Field) -> bool| vocabulary.fields.iter().position(|field| wanted(field)).map(|at| at as u8);
    if let Some(field) = find(&|field| field.ns == ns && field.local == local) {
        return Target { field: Some(field), fault };
    }
    let homeless = matches!(ns, Ns::None | Ns::Oai | Ns::OaiDc | Ns::OaiOi) || !vocabulary.head;
    match find(&|field| homeless && field.local == local) {
        Some(field) if vocabulary.head => Target { field: Some(field), fault: Some(Fault::Namespace) },
        Some(field) => Target { field: Some(field), fault: None },
        None => Target { field: None, fault },
    }
}

fn shown(vocabulary: &Vocabulary, target: Target, scope: &Scope, name: &str) -> String {
    match target.field {
        Some(field) => element(&vocabulary.fields[usize::from(field)]),
        None => scope.shown(resolved(scope, name).0, name),
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

/// Counts prefixes of attributes that nobody declared.
fn undeclared(cursor: &mut Cursor, tag: &Tag, attributes: &Attributes, scope: &Scope) {
    for (name, _) in attributes {
        let prefix = prefix(name);
        if prefix != "xmlns" && matches!(scope.resolve(prefix), Resolved::Guessed(_)) {
            cursor.repair(Fault::Prefix, tag.at, format!("prefix `{prefix}` of an attribute is not declared"));
        }
    }
}

fn json(attributes: &Attributes) -> Option<String> {
    if attributes.is_empty() {
        return None;
    }
    let object: serde_json::Map<String, serde_json::Value> = attributes
        .iter()
        .filter(|(name, _)| !name.starts_with("xmlns"))
        .map(|(name, value)| ((*name).to_owned(), serde_json::Value::from(&**value)))
        .collect();
    (!object.is_empty()).then(|| serde_json::Value::Object(object).to_string())
}
