//! Open Images: the elements of `oai_oi`, in the order the service writes them.

use super::{Field, Kind, Vocabulary, many};
use crate::xml::names::Ns;

/// The format `oai_oi` of openbeelden.nl.
pub static OAI_OI: Vocabulary = Vocabulary { name: "oai_oi", head: true, fields: &ELEMENTS, tree: None };

const ELEMENTS: [Field; 25] = [
    oi("title"),
    oi("alternative"),
    oi("creator"),
    oi("subject"),
    oi("description"),
    oi("abstract"),
    oi("publisher"),
    // A publisher is a pair: its name, then the address of its page, both in `oi:publisher`.
    Field { column: "publisher_url", ns: Ns::Oi, local: "publisher", kind: Kind::Address },
    oi("contributor"),
    oi("date"),
    oi("type"),
    oi("extent"),
    oi("medium"),
    Field { column: "medium_format", ns: Ns::Oi, local: "medium", kind: Kind::Attribute("format") },
    many("oi_identifier", Ns::Oi, "identifier"),
    oi("source"),
    oi("language"),
    oi("references"),
    oi("mediator"),
    oi("spatial"),
    oi("attributionName"),
    oi("attributionURL"),
    oi("license"),
    oi("location"),
    oi("hasformat"),
];

const fn oi(name: &'static str) -> Field {
    many(name, Ns::Oi, name)
}
