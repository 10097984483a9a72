//! Metadata formats: one flat table a vocabulary, one row a term.

pub mod ac;
pub mod accept;
pub mod atom;
pub mod bag;
pub mod dc;
pub mod document;
pub mod media;
pub mod nba;
pub mod nhm;
pub mod notes;
pub mod number;
pub mod oi;
pub mod simple_multimedia;
pub mod walk;

use crate::columns::shape::Shape;
use crate::xml::names::Ns;
use std::sync::LazyLock;

/// A format: its name and its columns.
#[derive(Debug)]
pub struct Vocabulary {
    /// The name of the format.
    pub name: &'static str,
    /// Whether its records have the head of OAI-PMH: identifier, datestamps, deleted, sets.
    pub head: bool,
    /// Its columns after the head, in order.
    pub fields: &'static [Field],
    /// Its columns, where it is a format of documents: lists and groups, as a tree of paths.
    pub tree: Option<&'static LazyLock<Shape>>,
}

/// A column of a format and the element it is read from.
#[derive(Debug)]
pub struct Field {
    /// The name of the column.
    pub column: &'static str,
    /// The namespace of the element.
    pub ns: Ns,
    /// The local name of the element.
    pub local: &'static str,
    /// How often and how it is read.
    pub kind: Kind,
}

/// How a field is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Text, once; further ones go to `extra`.
    One,
    /// Text, any number of times.
    Many,
    /// The content as XML text, once.
    Xml,
    /// The content as XML text, any number of times.
    XmlMany,
    /// The attribute of this name of the field before, aligned with it.
    Attribute(&'static str),
    /// Values of the field before that are web addresses without a language.
    Address,
}

/// A field read any number of times.
pub(crate) const fn many(column: &'static str, ns: Ns, local: &'static str) -> Field {
    Field { column, ns, local, kind: Kind::Many }
}

/// The head of every record of OAI-PMH.
pub const HEAD: [&str; 5] = ["identifier", "datestamp", "datestamp_utc", "deleted", "sets"];

/// Headers alone, as `ListIdentifiers` gives them.
pub static HEADER: Vocabulary = Vocabulary { name: "header", head: true, fields: &[], tree: None };

/// Any other metadata format: the payload as XML text.
pub static XML: Vocabulary = Vocabulary {
    name: "xml",
    head: true,
    fields: &[Field { column: "metadata", ns: Ns::Undeclared, local: "", kind: Kind::Xml }],
    tree: None,
};

impl Vocabulary {
    /// The columns, in order.
    #[must_use]
    pub fn columns(&self) -> Vec<&'static str> {
        let head: &[&str] = if self.head { &HEAD } else { &[] };
        let tail = ["extra", "notes"];
        let tree = self.shape().map(Shape::members).unwrap_or_default();
        let fields = self.fields.iter().map(|field| field.column).chain(tree.iter().map(|member| member.name));
        head.iter().copied().chain(fields).chain(tail).collect()
    }

    /// The column that identifies a record.
    #[must_use]
    pub fn key(&self) -> &'static str {
        let keys = ["media_id", "id", "_id", "dcterms:identifier"];
        let members = self.shape().map(Shape::members).unwrap_or_default();
        let found = keys.into_iter().find(|key| members.iter().any(|member| member.name == *key));
        found.unwrap_or("identifier")
    }

    /// The tree of its columns, where it is a format of documents.
    #[must_use]
    pub fn shape(&self) -> Option<&'static Shape> {
        self.tree.map(|tree| &**tree)
    }

    /// The format of documents with these keys: the one that knows most of them, at least half;
    /// the first in order where several know as many.
    #[must_use]
    pub fn of_document(keys: &[&str]) -> Option<&'static Self> {
        let known = |shape: &Shape| keys.iter().filter(|key| shape.member(key).is_some()).count();
        let counted = DOCUMENTS.iter().filter_map(|vocabulary| Some((*vocabulary, known(vocabulary.shape()?))));
        let mut best: Option<(&'static Self, usize)> = None;
        for (vocabulary, count) in counted.filter(|(_, count)| *count > 0 && count * 2 >= keys.len()) {
            // Terms of Darwin Core alone can be of any institution: records of the portal have its number.
            let is_evident = vocabulary.name != nhm::RECORDS.name || keys.contains(&"_id");
            if is_evident && best.is_none_or(|(_, most)| count > most) {
                best = Some((vocabulary, count));
            }
        }
        best.map(|(vocabulary, _)| vocabulary)
    }

    /// The format of a payload with this root, and whether its namespace is as it should be.
    #[must_use]
    pub fn of_payload(ns: Ns, local: &str) -> (&'static Self, bool) {
        match local {
            "dc" => (&dc::OAI_DC, ns == Ns::OaiDc),
            "qualifieddc" | "qualifiedDC" | "qdc" | "dcterms" => (&dc::OAI_QDC, true),
            "oi" => (&oi::OAI_OI, matches!(ns, Ns::OaiOi | Ns::OaiDc)),
            _ => (&XML, true),
        }
    }

    /// The record format called `name`.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        RECORDS.iter().chain(&DOCUMENTS).find(|vocabulary| vocabulary.name == name).copied()
    }
}

/// The formats of records.
pub static RECORDS: [&Vocabulary; 5] = [&dc::OAI_DC, &dc::OAI_QDC, &oi::OAI_OI, &XML, &HEADER];

/// The formats whose records are JSON documents.
pub static DOCUMENTS: [&Vocabulary; 8] = [
    &nba::MULTIMEDIA,
    &nba::SPECIMEN,
    &nba::TAXON,
    &nhm::RECORDS,
    &media::MEDIA,
    &simple_multimedia::SIMPLE_MULTIMEDIA,
    &ac::AC,
    &atom::ATOM,
];
