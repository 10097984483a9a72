//! Metadata formats: one flat table a vocabulary, one row a term.

pub mod bag;
pub mod dc;
pub mod notes;
pub mod oi;

use crate::xml::names::Ns;

/// A format: its name and its columns.
#[derive(Debug)]
pub struct Vocabulary {
    /// The name of the format.
    pub name: &'static str,
    /// Whether its records have the head of OAI-PMH: identifier, datestamps, deleted, sets.
    pub head: bool,
    /// Its columns after the head, in order.
    pub fields: &'static [Field],
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
pub static HEADER: Vocabulary = Vocabulary { name: "header", head: true, fields: &[] };

/// Any other metadata format: the payload as XML text.
pub static XML: Vocabulary = Vocabulary {
    name: "xml",
    head: true,
    fields: &[Field { column: "metadata", ns: Ns::Undeclared, local: "", kind: Kind::Xml }],
};

impl Vocabulary {
    /// The columns, in order.
    #[must_use]
    pub fn columns(&self) -> Vec<&'static str> {
        let head: &[&str] = if self.head { &HEAD } else { &[] };
        let tail = ["extra", "notes"];
        head.iter().copied().chain(self.fields.iter().map(|field| field.column)).chain(tail).collect()
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
        RECORDS.iter().find(|vocabulary| vocabulary.name == name).copied()
    }
}

/// The formats of records.
pub static RECORDS: [&Vocabulary; 5] = [&dc::OAI_DC, &dc::OAI_QDC, &oi::OAI_OI, &XML, &HEADER];
