//! Dublin Core: the fifteen elements, and the terms that refine them.

use super::{Field, Vocabulary, many};
use crate::xml::names::Ns;

/// The element that shares its name with the identifier of the record.
pub const IDENTIFIER: &str = "dc_identifier";

/// Simple Dublin Core: the fifteen elements in the order of the standard (ISO 15836-1).
pub static OAI_DC: Vocabulary = Vocabulary { name: "oai_dc", head: true, fields: &ELEMENTS, tree: None };

const ELEMENTS: [Field; 15] = [
    dc("title"),
    dc("creator"),
    dc("subject"),
    dc("description"),
    dc("publisher"),
    dc("contributor"),
    dc("date"),
    dc("type"),
    dc("format"),
    many(IDENTIFIER, Ns::Dc, "identifier"),
    dc("source"),
    dc("language"),
    dc("relation"),
    dc("coverage"),
    dc("rights"),
];

/// Qualified Dublin Core: the fifteen elements, then the DCMI metadata terms that are not among
/// them, in alphabetical order.
pub static OAI_QDC: Vocabulary = Vocabulary { name: "oai_qdc", head: true, fields: &QUALIFIED, tree: None };

const QUALIFIED: [Field; 55] = [
    dc("title"),
    dc("creator"),
    dc("subject"),
    dc("description"),
    dc("publisher"),
    dc("contributor"),
    dc("date"),
    dc("type"),
    dc("format"),
    many(IDENTIFIER, Ns::Dc, "identifier"),
    dc("source"),
    dc("language"),
    dc("relation"),
    dc("coverage"),
    dc("rights"),
    term("abstract"),
    term("accessRights"),
    term("accrualMethod"),
    term("accrualPeriodicity"),
    term("accrualPolicy"),
    term("alternative"),
    term("audience"),
    term("available"),
    term("bibliographicCitation"),
    term("conformsTo"),
    term("created"),
    term("dateAccepted"),
    term("dateCopyrighted"),
    term("dateSubmitted"),
    term("educationLevel"),
    term("extent"),
    term("hasFormat"),
    term("hasPart"),
    term("hasVersion"),
    term("instructionalMethod"),
    term("isFormatOf"),
    term("isPartOf"),
    term("isReferencedBy"),
    term("isReplacedBy"),
    term("isRequiredBy"),
    term("isVersionOf"),
    term("issued"),
    term("license"),
    term("mediator"),
    term("medium"),
    term("modified"),
    term("provenance"),
    term("references"),
    term("replaces"),
    term("requires"),
    term("rightsHolder"),
    term("spatial"),
    term("tableOfContents"),
    term("temporal"),
    term("valid"),
];

const fn dc(name: &'static str) -> Field {
    many(name, Ns::Dc, name)
}

const fn term(name: &'static str) -> Field {
    many(name, Ns::DcTerms, name)
}
