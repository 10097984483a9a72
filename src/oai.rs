//! OAI-PMH 2.0: replies of the six verbs. Bytes in, columns out; no network.

pub mod page;
pub mod reader;
pub mod request;

use crate::format::{Field, Kind, Vocabulary};
use crate::xml::names::Ns;

const fn field(name: &'static str, kind: Kind) -> Field {
    Field { column: name, ns: Ns::Oai, local: name, kind }
}

/// The reply to `Identify` (§4.2).
pub static IDENTIFY: Vocabulary = Vocabulary {
    name: "identify",
    head: false,
    tree: None,
    fields: &[
        field("repositoryName", Kind::One),
        field("baseURL", Kind::One),
        field("protocolVersion", Kind::One),
        field("adminEmail", Kind::Many),
        field("earliestDatestamp", Kind::One),
        field("deletedRecord", Kind::One),
        field("granularity", Kind::One),
        field("compression", Kind::Many),
        field("description", Kind::XmlMany),
    ],
};

/// The sets of `ListSets` (§4.6).
pub static SETS: Vocabulary = Vocabulary {
    name: "sets",
    head: false,
    tree: None,
    fields: &[field("setSpec", Kind::One), field("setName", Kind::One), field("setDescription", Kind::XmlMany)],
};

/// The formats of `ListMetadataFormats` (§4.4).
pub static FORMATS: Vocabulary = Vocabulary {
    name: "formats",
    head: false,
    tree: None,
    fields: &[field("metadataPrefix", Kind::One), field("schema", Kind::One), field("metadataNamespace", Kind::One)],
};

/// The six verbs, and the format of what each one lists; records decide their own.
pub static VERBS: [(&str, Option<&Vocabulary>); 6] = [
    ("GetRecord", None),
    ("Identify", Some(&IDENTIFY)),
    ("ListIdentifiers", Some(&crate::format::HEADER)),
    ("ListMetadataFormats", Some(&FORMATS)),
    ("ListRecords", None),
    ("ListSets", Some(&SETS)),
];
