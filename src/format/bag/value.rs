//! The values of a payload: each to its column, to `extra`, or to both a column and `notes`.

use super::names::{resolved, shown, target};
use super::{Bag, element};
use crate::columns::build::{TextLists, Texts};
use crate::format::notes::Note;
use crate::format::{Kind, Vocabulary};
use crate::report::Fault;
use crate::xml::names::{Resolved, Scope, prefix};
use crate::xml::read::{Attributes, Cursor, Read, Tag};
use std::borrow::Cow;

impl Bag {
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
            if let Some(field) = target.field {
                self.value(cursor, &child, usize::from(field), vocabulary, scope)?;
            } else {
                let (ns, _) = resolved(scope, child.name);
                let element = scope.shown(ns, child.name);
                self.extra(cursor, &child, &element)?;
            }
            scope.leave(depth);
        }
        cursor.open.pop();
        Ok(())
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
        if kind == Kind::One && self.fields[field].pending() > 0 {
            let element = element(&vocabulary.fields[field]);
            return self.extra(cursor, tag, &element);
        }
        let column = &mut self.fields[field].items;
        let start = column.start();
        let content = cursor.content(tag, &mut column.bytes)?;
        let exact = column.trim();
        let empty = column.tail().is_empty();
        let beside = vocabulary.fields.get(field + 1).map(|field| field.kind);
        let alone = !matches!(beside, Some(Kind::Attribute(_) | Kind::Address));
        if alone && !tag.has_attributes() && !empty && exact.is_none() && content.markup.is_none() {
            column.finish();
            self.notes.plain(field as u8);
            return Ok(());
        }
        let (lang, mut attributes) = described(cursor, tag)?;
        let mut note = Note { markup: content.markup, text: exact.as_deref(), ..Note::default() };
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

    /// Reads an element that has no column to `extra`.
    fn extra<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>, element: &str) -> Read<()> {
        let (lang, mut attributes) = described(cursor, tag)?;
        self.scratch.clear();
        let content = cursor.content(tag, &mut self.scratch)?;
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

    /// Keeps something in `extra`.
    pub fn keep(&mut self, element: &str, value: &str) {
        self.notes.extra(&Note { index: Some(self.extra.pending() as i64), ..Note::default() });
        self.extra.push(&[Some(element), Some(value)]);
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

fn column_name(vocabulary: &Vocabulary, path: usize) -> &'static str {
    vocabulary.fields.get(path).map_or("extra", |field| field.column)
}

/// The language of a value and its other attributes.
fn described<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<(Option<Cow<'a, str>>, Attributes<'a>)> {
    if !tag.has_attributes() {
        return Ok((None, Attributes::new()));
    }
    let mut attributes = cursor.attributes(tag)?;
    let lang = attributes.iter().position(|(name, _)| *name == "xml:lang").map(|at| attributes.remove(at).1);
    Ok((lang, attributes))
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
