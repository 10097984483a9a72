//! What stands in what: the content of every element of the envelope, `oai_dc` and `oai_oi`.
//!
//! The envelope follows the schema of OAI-PMH 2.0, `oai_dc` the schema of its container and of
//! simple Dublin Core; `oai_oi` has no schema that says anything, so the facts of the feed count.

use super::simple;
use crate::xml::names::Ns;

/// An element and what it may hold.
#[derive(Debug)]
pub struct Element {
    /// Its local name.
    pub name: &'static str,
    /// What it holds.
    pub content: Content,
    /// Its attributes; beside them only those of XML Schema instance.
    pub attributes: &'static [Attribute],
}

/// What an element holds.
#[derive(Debug)]
pub enum Content {
    /// Elements in this order.
    Sequence(&'static [Particle]),
    /// Text of a type.
    Value(Type),
    /// One element of another namespace.
    Payload,
    /// Elements of a container, in any order and number.
    Bag(&'static Container),
}

/// A place in a sequence: one of the options, once or, where it says so, many times.
#[derive(Debug)]
pub struct Particle {
    /// The elements that may stand here, and whether more than once.
    pub options: &'static [(&'static Element, bool)],
    /// Whether one must be here.
    pub required: bool,
}

/// An attribute.
#[derive(Debug)]
pub struct Attribute {
    /// Its name; that of `xml:lang` is `xml:lang`.
    pub name: &'static str,
    /// Its values.
    pub kind: Type,
    /// The rule that asks for it.
    pub required: Option<&'static str>,
}

/// A type of values, and the rule that asks for it.
#[derive(Debug, Clone, Copy)]
pub struct Type {
    /// The rule.
    pub rule: &'static str,
    /// Whether a value is of the type.
    pub holds: fn(&str) -> bool,
}

/// The payload of a format: a container of elements that are all alike.
#[derive(Debug)]
pub struct Container {
    /// The format, with which its rules start.
    pub format: &'static str,
    /// The namespace of the container.
    pub ns: Ns,
    /// The namespace of its elements.
    pub inner: Ns,
    /// Its elements.
    pub elements: &'static [Element],
}

const fn kind(rule: &'static str, holds: fn(&str) -> bool) -> Type {
    Type { rule, holds }
}

const TEXT: Type = kind("", simple::text);

const fn leaf(name: &'static str, kind: Type) -> Element {
    Element { name, content: Content::Value(kind), attributes: &[] }
}

const fn optional(name: &'static str, rule: &'static str, holds: fn(&str) -> bool) -> Attribute {
    Attribute { name, kind: kind(rule, holds), required: None }
}

const fn sequence(name: &'static str, particles: &'static [Particle]) -> Element {
    Element { name, content: Content::Sequence(particles), attributes: &[] }
}

const fn payload(name: &'static str) -> Element {
    Element { name, content: Content::Payload, attributes: &[] }
}

const fn one(options: &'static [(&'static Element, bool)]) -> Particle {
    Particle { options, required: true }
}

const fn perhaps(options: &'static [(&'static Element, bool)]) -> Particle {
    Particle { options, required: false }
}

/// The root of a reply (OAI-PMH §3.2).
pub static ROOT: Element = sequence(
    "OAI-PMH",
    &[
        one(&[(&RESPONSE_DATE, false)]),
        one(&[(&REQUEST, false)]),
        one(&[
            (&ERROR, true),
            (&IDENTIFY, false),
            (&LIST_METADATA_FORMATS, false),
            (&LIST_SETS, false),
            (&GET_RECORD, false),
            (&LIST_IDENTIFIERS, false),
            (&LIST_RECORDS, false),
        ]),
    ],
);

static RESPONSE_DATE: Element = leaf("responseDate", kind("oai.responseDate", simple::date_time));

static REQUEST: Element = Element {
    name: "request",
    content: Content::Value(kind("oai.request.url", simple::uri)),
    attributes: &[
        optional("verb", "oai.request.verb", simple::verb),
        optional("identifier", "oai.request.identifier", simple::uri),
        optional("metadataPrefix", "oai.request.metadataPrefix", simple::prefix),
        optional("from", "oai.request.date", simple::utc),
        optional("until", "oai.request.date", simple::utc),
        optional("set", "oai.request.set", simple::set_spec),
        Attribute { name: "resumptionToken", kind: TEXT, required: None },
    ],
};

static ERROR: Element = Element {
    name: "error",
    content: Content::Value(TEXT),
    attributes: &[Attribute {
        name: "code",
        kind: kind("oai.error.code", simple::error_code),
        required: Some("oai.error.code_missing"),
    }],
};

static IDENTIFY: Element = sequence(
    "Identify",
    &[
        one(&[(&leaf("repositoryName", TEXT), false)]),
        one(&[(&leaf("baseURL", kind("oai.Identify.baseURL", simple::uri)), false)]),
        one(&[(&leaf("protocolVersion", kind("oai.Identify.protocolVersion", simple::version)), false)]),
        one(&[(&leaf("adminEmail", kind("oai.Identify.adminEmail", simple::email)), true)]),
        one(&[(&leaf("earliestDatestamp", kind("oai.Identify.earliestDatestamp", simple::utc)), false)]),
        one(&[(&leaf("deletedRecord", kind("oai.Identify.deletedRecord", simple::deleted_record)), false)]),
        one(&[(&leaf("granularity", kind("oai.Identify.granularity", simple::granularity_literal)), false)]),
        perhaps(&[(&leaf("compression", TEXT), true)]),
        perhaps(&[(&payload("description"), true)]),
    ],
);

static LIST_METADATA_FORMATS: Element = sequence("ListMetadataFormats", &[one(&[(&METADATA_FORMAT, true)])]);

static METADATA_FORMAT: Element = sequence(
    "metadataFormat",
    &[
        one(&[(&leaf("metadataPrefix", kind("oai.format.metadataPrefix", simple::prefix)), false)]),
        one(&[(&leaf("schema", kind("oai.format.schema", simple::uri)), false)]),
        one(&[(&leaf("metadataNamespace", kind("oai.format.metadataNamespace", simple::uri)), false)]),
    ],
);

static LIST_SETS: Element = sequence("ListSets", &[one(&[(&SET, true)]), perhaps(&[(&TOKEN, false)])]);

static SET: Element = sequence(
    "set",
    &[
        one(&[(&SET_SPEC, false)]),
        one(&[(&leaf("setName", TEXT), false)]),
        perhaps(&[(&payload("setDescription"), true)]),
    ],
);

static SET_SPEC: Element = leaf("setSpec", kind("oai.setSpec", simple::set_spec));

static GET_RECORD: Element = sequence("GetRecord", &[one(&[(&RECORD, false)])]);

static LIST_RECORDS: Element = sequence("ListRecords", &[one(&[(&RECORD, true)]), perhaps(&[(&TOKEN, false)])]);

static LIST_IDENTIFIERS: Element = sequence("ListIdentifiers", &[one(&[(&HEADER, true)]), perhaps(&[(&TOKEN, false)])]);

static RECORD: Element = sequence(
    "record",
    &[one(&[(&HEADER, false)]), perhaps(&[(&payload("metadata"), false)]), perhaps(&[(&payload("about"), true)])],
);

static HEADER: Element = Element {
    name: "header",
    content: Content::Sequence(&[
        one(&[(&leaf("identifier", kind("oai.header.identifier", simple::uri)), false)]),
        one(&[(&leaf("datestamp", kind("oai.header.datestamp", simple::utc)), false)]),
        perhaps(&[(&SET_SPEC, true)]),
    ]),
    attributes: &[optional("status", "oai.header.status", simple::status)],
};

static TOKEN: Element = Element {
    name: "resumptionToken",
    content: Content::Value(TEXT),
    attributes: &[
        optional("expirationDate", "oai.token.expirationDate", simple::date_time),
        optional("completeListSize", "oai.token.completeListSize", simple::positive),
        optional("cursor", "oai.token.cursor", simple::natural),
    ],
};

/// The containers that are checked; the payload of any other format is only read over.
pub static CONTAINERS: [(&str, &Element); 2] = [
    ("dc", &Element { name: "dc", content: Content::Bag(&OAI_DC), attributes: &[] }),
    ("oi", &Element { name: "oi", content: Content::Bag(&OAI_OI), attributes: &[] }),
];

/// Simple Dublin Core.
pub static OAI_DC: Container = Container {
    format: "oai_dc",
    ns: Ns::OaiDc,
    inner: Ns::Dc,
    elements: &[
        dc("title"),
        dc("creator"),
        dc("subject"),
        dc("description"),
        dc("publisher"),
        dc("contributor"),
        dc("date"),
        dc("type"),
        dc("format"),
        dc("identifier"),
        dc("source"),
        dc("language"),
        dc("relation"),
        dc("coverage"),
        dc("rights"),
    ],
};

const DC_LANG: Attribute = optional("xml:lang", "oai_dc.lang", simple::language);

const fn dc(name: &'static str) -> Element {
    Element { name, content: Content::Value(TEXT), attributes: &[DC_LANG] }
}

/// Open Images.
pub static OAI_OI: Container = Container {
    format: "oai_oi",
    ns: Ns::OaiOi,
    inner: Ns::Oi,
    elements: &[
        oi("title", TEXT),
        oi("alternative", TEXT),
        oi("creator", TEXT),
        oi("subject", TEXT),
        oi("description", TEXT),
        oi("abstract", TEXT),
        oi("publisher", TEXT),
        oi("contributor", TEXT),
        oi("date", kind("oai_oi.date", simple::date)),
        oi("type", TEXT),
        oi("extent", kind("oai_oi.extent", simple::duration)),
        Element {
            name: "medium",
            content: Content::Value(ADDRESS),
            attributes: &[LANG, Attribute { name: "format", kind: TEXT, required: None }],
        },
        oi("identifier", TEXT),
        oi("source", TEXT),
        oi("language", kind("oai_oi.lang", simple::language)),
        oi("references", TEXT),
        oi("mediator", TEXT),
        oi("spatial", TEXT),
        oi("attributionName", TEXT),
        oi("attributionURL", ADDRESS),
        oi("license", ADDRESS),
        oi("location", kind("oai_oi.location", simple::location)),
        oi("hasformat", TEXT),
    ],
};

const ADDRESS: Type = kind("oai_oi.url", simple::uri);
const LANG: Attribute = optional("xml:lang", "oai_oi.lang", simple::language);

const fn oi(name: &'static str, kind: Type) -> Element {
    Element { name, content: Content::Value(kind), attributes: &[LANG] }
}

/// What stands in each thing that a verb lists, by the name of its table.
#[must_use]
pub fn listing(format: &str) -> &'static [Particle] {
    let element = match format {
        "identify" => &IDENTIFY,
        "sets" => &SET,
        "formats" => &METADATA_FORMAT,
        _ => return &[],
    };
    match element.content {
        Content::Sequence(particles) => particles,
        _ => &[],
    }
}
