//! Tags, text and comments as XML wants them.

use super::document::{Document, Open, Piece, State};
use super::finding::shown;
use crate::report::Fault;
use crate::xml::names::{Ns, Resolved, Scope, local, prefix};
use crate::xml::read::{Cursor, Read, Tag};
use crate::xml::reference::decode;
use crate::xml::strict;

/// An attribute, read: its name as written, its namespace, its value.
#[derive(Debug)]
pub(super) struct Attribute {
    pub(super) name: String,
    pub(super) ns: Resolved,
    pub(super) value: String,
}

impl Attribute {
    /// Its name in no namespace, or `xml:…`, or `xsi:…`; `None` in any other.
    pub(super) fn known(&self) -> Option<String> {
        match self.ns {
            Resolved::Bound(Ns::None) => Some(self.name.clone()),
            Resolved::Bound(Ns::Xml) => Some(format!("xml:{}", local(&self.name))),
            Resolved::Bound(Ns::Xsi) => Some(format!("xsi:{}", local(&self.name))),
            _ => None,
        }
    }
}

impl Document {
    /// A start tag inside the root element.
    pub(super) fn open<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>, piece: &mut Piece<'_>) -> Read<()> {
        let depth = self.scope.depth();
        let attributes = self.start_tag(cursor, tag, piece)?;
        let spot = self.spot(piece, tag.at);
        let ns = self.scope.resolve(prefix(tag.name));
        let state = self.place(ns, tag.name, &attributes, spot);
        self.push(Open { name: tag.name.to_owned(), depth, spot, state }, tag.empty);
        Ok(())
    }

    pub(super) fn push(&mut self, open: Open, empty: bool) {
        if matches!(open.state, State::Value(_)) {
            self.text.clear();
        }
        self.stack.push(open);
        if empty {
            self.end();
        }
    }

    /// Checks a start tag as XML; gives its attributes, namespace declarations left out.
    pub(super) fn start_tag<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        tag: &Tag<'a>,
        piece: &mut Piece<'_>,
    ) -> Read<Vec<Attribute>> {
        let raw = tag.attributes_raw();
        let found = match strict::attributes(raw) {
            Ok(found) => found,
            Err(what) => {
                self.astray("xml.attribute", &format!("in `<{}`: {what}", tag.name), tag.at, piece);
                // What they declare still counts.
                cursor.enter(tag, &mut self.scope)?;
                cursor.repairs.clear();
                Vec::new()
            }
        };
        self.within_limits(found.len(), tag.at, piece);
        let start = tag.at + 1 + tag.name.len();
        let mut attributes = Vec::new();
        for attribute in &found {
            let mut value = String::with_capacity(attribute.value.len());
            let spaced = attribute.value.replace("\r\n", " ").replace(['\n', '\t', '\r'], " ");
            self.decode(&spaced, start + attribute.at, piece, &mut value);
            match attribute.name.strip_prefix("xmlns") {
                Some("") => self.bind("", &value, tag, piece),
                Some(rest) if rest.starts_with(':') => self.bind(&rest[1..], &value, tag, piece),
                _ => attributes.push((attribute.name, value)),
            }
        }
        self.check_name(tag.name, tag, piece);
        let read: Vec<Attribute> = attributes
            .into_iter()
            .map(|(name, value)| {
                self.check_name(name, tag, piece);
                let ns =
                    if prefix(name).is_empty() { Resolved::Bound(Ns::None) } else { self.scope.resolve(prefix(name)) };
                Attribute { name: name.to_owned(), ns, value }
            })
            .collect();
        let expanded = |attribute: &Attribute| (self.uri_of(attribute.ns), local(&attribute.name).to_owned());
        let twice = read.iter().enumerate().find(|(i, attribute)| {
            attribute.name.contains(':') && read[..*i].iter().any(|other| expanded(other) == expanded(attribute))
        });
        if let Some((_, attribute)) = twice {
            let what = format!("in `<{}`: {:?} stands twice, under two prefixes", tag.name, attribute.name);
            self.astray("xml.attribute", &what, tag.at, piece);
        }
        Ok(read)
    }

    pub(super) fn uri_of(&self, ns: Resolved) -> String {
        let (Resolved::Bound(ns) | Resolved::Misspelt(ns) | Resolved::Guessed(ns)) = ns;
        self.scope.uri(ns).to_owned()
    }

    fn bind(&mut self, prefix: &str, uri: &str, tag: &Tag<'_>, piece: &mut Piece<'_>) {
        let xml = Scope::default().uri(Ns::Xml) == uri;
        let what = match prefix {
            "xml" if xml => None,
            "xml" => Some("prefix `xml` is bound to another namespace".to_owned()),
            "xmlns" => Some("prefix `xmlns` can't be declared".to_owned()),
            _ if xml || uri == "http://www.w3.org/2000/xmlns/" => Some(format!("{uri} can't be bound to `{prefix}`")),
            _ if uri.is_empty() => (!prefix.is_empty()).then(|| format!("prefix `{prefix}` is bound to nothing")),
            _ if !prefix.is_empty() && !strict::is_name(prefix) => Some(format!("`{prefix}` is no prefix")),
            _ if !strict::is_uri(uri) => Some(format!("the namespace {uri:?} is no URI")),
            _ => None,
        };
        if let Some(what) = what {
            self.astray("xml.namespace", &what, tag.at, piece);
        }
        self.scope.bind(prefix, uri);
    }

    fn check_name(&mut self, name: &str, tag: &Tag<'_>, piece: &mut Piece<'_>) {
        if !strict::is_qualified(name) {
            let spot = self.spot(piece, tag.at);
            self.findings.tell("xml.name", spot, tag.name, &[("value", name)]);
        } else if matches!(self.scope.resolve(prefix(name)), Resolved::Guessed(_)) {
            let spot = self.spot(piece, tag.at);
            self.findings.tell("xml.prefix", spot, tag.name, &[("value", prefix(name))]);
        }
    }

    /// An end tag.
    pub(super) fn close(&mut self, name: &str, at: usize, piece: &mut Piece<'_>) {
        let Some(due) = self.stack.iter().rposition(|open| open.name == name) else {
            self.astray("xml.end_tag", &format!("`</{name}>` closes nothing"), at, piece);
            return;
        };
        while self.stack.len() > due + 1 {
            let inner = self.stack.last().map(|open| open.name.clone()).unwrap_or_default();
            self.astray("xml.end_tag", &format!("`<{inner}>` is not closed before `</{name}>`"), at, piece);
            self.end();
        }
        self.end();
    }

    /// Character data.
    pub(super) fn characters(&mut self, raw: &str, at: usize, piece: &mut Piece<'_>) {
        let mut text = std::mem::take(&mut self.text);
        let before = text.len();
        self.decode(raw, at, piece, &mut text);
        if let Some(end) = raw.find("]]>") {
            self.astray("xml.markup", "`]]>` in text; write `]]&gt;`", at + end, piece);
        }
        self.text = text;
        self.belongs(before, at, piece);
    }

    /// The text of a CDATA section, or a `<` that starts no tag.
    pub(super) fn literal(&mut self, text: &str, at: usize, piece: &mut Piece<'_>) {
        let before = self.text.len();
        self.text.push_str(&text.replace("\r\n", "\n").replace('\r', "\n"));
        self.belongs(before, at, piece);
    }

    /// Text is kept in values, told between elements, and read over elsewhere.
    fn belongs(&mut self, before: usize, at: usize, piece: &mut Piece<'_>) {
        let Some(open) = self.stack.last() else { return };
        if matches!(open.state, State::Value(_)) {
            return;
        }
        let stray = self.text.split_off(before);
        if !matches!(open.state, State::Skip) && !stray.trim_matches(strict::BLANK).is_empty() {
            let parent = open.name.clone();
            let spot = self.spot(
                piece,
                at + (stray.len() - stray.trim_start_matches(strict::BLANK).len()).min(piece.clean.text.len() - at),
            );
            self.tell_in(
                ".text",
                spot,
                &parent,
                &[("what", &shown(stray.trim_matches(strict::BLANK))), ("parent", &parent)],
            );
        }
    }

    fn decode(&mut self, raw: &str, at: usize, piece: &mut Piece<'_>, out: &mut String) {
        let mut found = Vec::new();
        decode(raw, out, piece.clean.carriage, &mut found);
        // XML knows the lower-case x only.
        found.extend(raw.match_indices("&#X").map(|(place, _)| {
            (
                Fault::CharacterReference,
                place,
                format!("{} is no reference", shown(&raw[place..raw.len().min(place + 8)])),
            )
        }));
        for (fault, offset, detail) in found {
            self.tell_fault(fault, at + offset, &detail, piece);
        }
    }

    /// A comment, an instruction, a document type or something that only looks like one.
    pub(super) fn aside(&mut self, cursor: &mut Cursor<'_>, markup: &str, at: usize, piece: &mut Piece<'_>) {
        if markup.starts_with("<!DOCTYPE") {
            cursor.repairs.clear();
            if self.pages == 0 && self.stack.is_empty() {
                let spot = self.spot(piece, at);
                self.findings.tell("oai.doctype", spot, "", &[]);
            } else {
                self.astray("xml.markup", "a document type inside the page", at, piece);
            }
        } else if let Some(what) = strict::aside(markup).filter(|_| cursor.repairs.is_empty()) {
            self.astray("xml.markup", &what, at, piece);
        }
    }
}
