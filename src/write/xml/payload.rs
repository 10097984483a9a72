//! What stands in `metadata`: the container of the format, and its values.

use super::text::{attribute, characters};
use super::{Writer, check};
use crate::error::{Error, Kind, Result};
use crate::format::{Kind as FieldKind, Vocabulary};
use crate::report::Fault;
use crate::table::Value;
use crate::xml::names::{Scope, UNDECLARED, local, prefix, uri_of};
use crate::xml::read::{Cursor, Step, is_name};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The element around the values of a record, and how records of it are listed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Container {
    /// The verb whose reply holds such records.
    pub(super) verb: &'static str,
    /// The usual metadataPrefix.
    pub(super) prefix: &'static str,
    /// The element; empty for payloads that bring their own.
    element: &'static str,
    /// The prefixes it declares.
    declares: &'static [&'static str],
    schema: &'static str,
}

const fn container(
    verb: &'static str,
    prefix: &'static str,
    element: &'static str,
    declares: &'static [&'static str],
    schema: &'static str,
) -> Container {
    Container { verb, prefix, element, declares, schema }
}

/// Qualified Dublin Core has no container of its own standard; this is the one most providers use.
const QDC: (&str, &str) = ("oai_qdc", "http://worldcat.org/xmlschemas/qdc-1.0/");

const CONTAINERS: [(&str, Container); 8] = [
    (
        "oai_dc",
        container(
            "ListRecords",
            "oai_dc",
            "oai_dc:dc",
            &["oai_dc", "dc", "xsi"],
            "http://www.openarchives.org/OAI/2.0/oai_dc/ http://www.openarchives.org/OAI/2.0/oai_dc.xsd",
        ),
    ),
    ("oai_qdc", container("ListRecords", "oai_qdc", "oai_qdc:qualifieddc", &["oai_qdc", "dc", "dcterms", "xsi"], "")),
    (
        "oai_oi",
        container(
            "ListRecords",
            "oai_oi",
            "oai_oi:oi",
            &["oai_oi", "oi", "xsi"],
            "http://www.openbeelden.nl/feeds/oai/ http://www.openbeelden.nl/feeds/oai/oai_oi.xsd",
        ),
    ),
    ("xml", container("ListRecords", "xml", "", &[], "")),
    ("header", container("ListIdentifiers", "oai_dc", "", &[], "")),
    ("identify", container("Identify", "", "", &[], "")),
    ("sets", container("ListSets", "", "set", &[], "")),
    ("formats", container("ListMetadataFormats", "", "metadataFormat", &[], "")),
];

impl Container {
    /// The container of the format called `name`.
    pub(super) fn of(name: &str) -> Option<Self> {
        CONTAINERS.iter().find(|(known, _)| *known == name).map(|(_, container)| *container)
    }

    /// Whether its payload can stand without an envelope.
    pub(super) fn bare(&self) -> bool {
        !self.declares.is_empty()
    }

    fn declared(&self, prefix: &str) -> bool {
        matches!(prefix, "" | "xml") || self.declares.contains(&prefix)
    }

    fn open(&self, out: &mut String) {
        let _ = write!(out, "<{}", self.element);
        for prefix in self.declares {
            let uri = if *prefix == QDC.0 { Some(QDC.1) } else { uri_of(prefix) };
            let _ = write!(out, " xmlns:{prefix}=\"{}\"", uri.unwrap_or_default());
        }
        if !self.schema.is_empty() {
            let _ = write!(out, " xsi:schemaLocation=\"{}\"", self.schema);
        }
        out.push('>');
    }
}

/// Whether a value is a payload kept as XML beside the columns.
pub(super) fn kept(value: &Value) -> bool {
    value.column == "extra" && value.element == "oai:metadata"
}

/// Whether a value stands beside the payload: an about container, a payload kept as XML.
pub(super) fn aside(value: &Value) -> bool {
    value.column == "extra" && matches!(value.element, "oai:about" | "oai:metadata")
}

/// Whether an element of `extra` goes to the header: in a payload it would be read as an element of the format, or
/// there is no payload of elements.
pub(super) fn in_header(element: &str, vocabulary: &Vocabulary, deleted: bool) -> bool {
    let homeless = matches!(prefix(element), "" | "oai" | "oai_dc" | "oai_oi") && !element.starts_with('{');
    let known = vocabulary.fields.iter().any(|field| field.local == local(element));
    !matches!(element, "oai:about" | "oai:metadata") && (deleted || vocabulary.name == "xml" || homeless && known)
}

impl Writer {
    /// Whether a value stands in the payload.
    pub(super) fn in_payload(&self, value: &Value, deleted: bool) -> bool {
        value.column != "extra" || !aside(value) && !in_header(value.element, self.vocabulary, deleted)
    }

    pub(super) fn payload(&mut self, values: &[Value], deleted: bool, out: &mut String) -> Result<()> {
        if !self.container.element.is_empty() {
            self.container.open(out);
        }
        for value in values.iter().filter(|value| self.in_payload(value, deleted)).collect::<Vec<_>>() {
            if value.column == "metadata" && self.vocabulary.name == "xml" {
                self.markup(value, out)?;
            } else if self.allowed(value) {
                self.value(value, out)?;
            }
        }
        if !self.container.element.is_empty() {
            let _ = write!(out, "</{}>", self.container.element);
        }
        Ok(())
    }

    /// The entry of a list, or of `Identify`.
    pub(super) fn listed(&mut self, values: &[Value], out: &mut String) -> Result<()> {
        if !self.container.element.is_empty() {
            self.container.open(out);
        }
        for value in values {
            let field = self.vocabulary.fields.iter().find(|field| field.column == value.column);
            if field.is_some_and(|field| matches!(field.kind, FieldKind::Xml | FieldKind::XmlMany)) {
                let _ = write!(out, "<{}>", value.column);
                self.markup(value, out)?;
                let _ = write!(out, "</{}>", value.column);
            } else {
                self.value(value, out)?;
            }
        }
        if !self.container.element.is_empty() {
            let _ = write!(out, "</{}>", self.container.element);
        }
        out.push('\n');
        Ok(())
    }

    /// Whether the value goes out; what the schema of `oai_dc` does not allow is counted.
    fn allowed(&mut self, value: &Value) -> bool {
        if self.vocabulary.name != "oai_dc" || value.column != "extra" {
            return true;
        }
        self.counts.outside += 1;
        !self.options.valid
    }

    /// A value as an element: its name, language, attributes, text or markup.
    pub(super) fn value(&mut self, value: &Value, out: &mut String) -> Result<()> {
        let mut attributes: BTreeMap<String, String> = BTreeMap::new();
        let simple = self.vocabulary.name == "oai_dc";
        if let Some(lang) = value.lang {
            let right = !simple || check::language(lang.trim());
            self.counts.outside += u64::from(!right);
            if right || !self.options.valid {
                attributes.insert("xml:lang".to_owned(), lang.to_owned());
            }
        }
        for (name, text) in others(value)? {
            if prefix(&name) == "xmlns" || name == "xmlns" || !is_name(&name) {
                return Err(unnamed("attribute", &name));
            }
            self.counts.outside += u64::from(simple);
            if !(simple && self.options.valid) {
                let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
                attributes.insert(name, text);
            }
        }
        let markup = value.markup.filter(|_| !(simple && self.options.valid));
        self.counts.outside += u64::from(simple && value.markup.is_some());
        let markup = markup.and_then(|markup| self.sound(markup, value.text));
        let (name, mut declared) = self.name(value.element)?;
        for prefix in attributes.keys().map(|name| prefix(name)) {
            if !self.container.declared(prefix) && !declared.contains(&format!(" xmlns:{prefix}=")) {
                let _ = write!(declared, " xmlns:{prefix}=\"{}\"", uri(prefix));
            }
        }
        let _ = write!(out, "<{name}{declared}");
        if let Some((declarations, _)) = &markup {
            out.extend(declarations.split_inclusive('"').collect::<Vec<_>>().chunks(2).filter_map(|pair| {
                let pair = pair.concat();
                let key = pair.split('=').next().unwrap_or_default().to_owned();
                (!declared.contains(&format!("{key}=")) && !self.container.declared(local(&key))).then_some(pair)
            }));
        }
        for (name, text) in &attributes {
            let _ = write!(out, " {name}=\"");
            attribute(text, &mut self.counts.replaced, out);
            out.push('"');
        }
        out.push('>');
        match markup {
            Some((_, markup)) => out.push_str(&markup),
            None => characters(value.text, &mut self.counts.replaced, out),
        }
        let _ = write!(out, "</{name}>");
        Ok(())
    }

    /// The name of an element as written, and what it declares.
    fn name(&self, element: &str) -> Result<(String, String)> {
        let mut declared = String::new();
        if let Some((uri, local)) = element.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
            if !is_name(local) || uri.is_empty() {
                return Err(unnamed("element", element));
            }
            declared.push_str(" xmlns:ns=\"");
            attribute(uri, &mut 0, &mut declared);
            declared.push('"');
            return Ok((format!("ns:{local}"), declared));
        }
        if !is_name(element) || local(element).is_empty() || element.starts_with(':') {
            return Err(unnamed("element", element));
        }
        let own = prefix(element);
        if own == "oai" && !self.options.bare {
            return Ok((local(element).to_owned(), declared));
        }
        if own.is_empty() && !self.options.bare {
            declared.push_str(" xmlns=\"\"");
        } else if !self.container.declared(own) {
            let _ = write!(declared, " xmlns:{own}=\"{}\"", uri(own));
        }
        Ok((element.to_owned(), declared))
    }

    /// XML kept as text: one element.
    pub(super) fn markup(&mut self, value: &Value, out: &mut String) -> Result<()> {
        let Some((mended, whole)) = alone(value.text) else {
            let shown: String = value.text.chars().take(60).collect();
            return Err(Error::new(Kind::Value, format!("{shown:?} in {} is no XML element", value.element))
                .hint("it is kept as XML text and written as such: mend it, or write another format"));
        };
        self.counts.mended += u64::from(mended);
        let name = whole[1..].split(['>', '/', ' ', '\t', '\r', '\n']).next().unwrap_or_default();
        let tag = &whole[..whole.find('>').unwrap_or(0)];
        if self.options.bare || !prefix(name).is_empty() || tag.contains("xmlns=") {
            out.push_str(&whole);
        } else {
            // In no namespace, so not in that of the envelope.
            let _ = write!(out, "<{name} xmlns=\"\"{}", &whole[1 + name.len()..]);
        }
        Ok(())
    }

    /// The prefixes that markup needs and the markup, well-formed; nothing if its text is not that of the value.
    fn sound(&mut self, markup: &str, text: &str) -> Option<(String, String)> {
        let (changed, whole) = mended(markup)?;
        let mut cursor = Cursor::new(&whole, true, true);
        let Ok(Step::Open(tag)) = cursor.step() else { return None };
        let mut own = String::new();
        cursor.content(&tag, &mut own).ok()?;
        if own != text {
            return None;
        }
        self.counts.mended += u64::from(changed);
        let declarations = tag.attributes_raw();
        let inner = &whole[declarations.len() + "<x>".len()..whole.len() - "</x>".len()];
        Some((declarations.to_owned(), inner.to_owned()))
    }
}

/// `<x>` around `markup`, well-formed and with the prefixes it uses declared, and whether that took a repair.
fn mended(markup: &str) -> Option<(bool, String)> {
    alone(&format!("<x>{markup}</x>"))
}

/// The one element that `text` is, well-formed and with the prefixes it uses, and whether that took a repair.
fn alone(text: &str) -> Option<(bool, String)> {
    let whole = element(text, Scope::default())?;
    if !whole.2 {
        return Some((whole.0, whole.1));
    }
    // It uses prefixes that it does not declare: those we know stand for what they usually do.
    let mut scope = Scope::default();
    for known in ["xsi", "oai_dc", "dc", "dcterms", "oi", "oai_oi"] {
        scope.bind(known, uri_of(known).unwrap_or_default());
    }
    element(text, scope).map(|(repaired, whole, _)| (repaired, whole))
}

/// The one element that `text` is; whether that took a repair, and whether it uses prefixes not in `scope`.
fn element(text: &str, mut scope: Scope) -> Option<(bool, String, bool)> {
    let mut cursor = Cursor::new(text, false, true);
    cursor.skip_blanks();
    let Ok(Step::Open(tag)) = cursor.step() else { return None };
    let whole = cursor.element(&tag, &mut scope).ok()?.into_owned();
    let prefix = |fault: Fault| fault == Fault::Prefix;
    let repaired = cursor.repairs.iter().any(|repair| !prefix(repair.fault));
    let guessed = cursor.repairs.iter().any(|repair| prefix(repair.fault));
    cursor.rest().trim().is_empty().then_some((repaired, whole, guessed))
}

/// The attributes of a value besides its language.
fn others(value: &Value) -> Result<serde_json::Map<String, serde_json::Value>> {
    let Some(attributes) = value.attributes.as_deref() else { return Ok(serde_json::Map::new()) };
    serde_json::from_str(attributes).map_err(|error| {
        Error::new(Kind::Value, format!("the attributes of {} are no JSON object: {error}", value.element))
    })
}

/// The namespace of a prefix: the one it usually has, or one made up for it.
fn uri(prefix: &str) -> String {
    uri_of(prefix).map_or_else(|| format!("{UNDECLARED}{prefix}"), str::to_owned)
}

fn unnamed(what: &str, name: &str) -> Error {
    Error::new(Kind::Value, format!("{name:?} can't name an {what} in XML"))
}
