//! Licences as values: an address, or a name that a service knows.

use super::function::{Class, Function, Guard, Outcome, Value, placeholder, text, unknown};
use crate::license::{self, License, Status};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "license.uri",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| address(&license::parse(text)),
        backward: Some(|value, _| address(&license::parse(text(value)?))),
        doc: "The address of the one licence or statement a text states in full; never an assumed version.",
        example: ("CC BY-SA 3.0 NL", &[]),
        source: "Creative Commons, RightsStatements.org, SPDX",
    },
    Function {
        name: "license.nba",
        arguments: &[],
        class: Class::Lens,
        forward: |text, _| match license::parse(text) {
            license if license.status() == Status::Unversioned => named(&license),
            license => address(&license),
        },
        backward: Some(|value, _| match license::nba_value(&license::parse(text(value)?)) {
            Some(known) => Ok(Value::one(known.value)),
            None => unknown("not among the 39 licence values of the NBA"),
        }),
        doc: "A licence value of the NBA; a port goes back as its unit without version, what the list lacks is rejected.",
        example: ("CC0 1.0", &[]),
        source: "NBA, enum License",
    },
    Function {
        name: "license.commons",
        arguments: &[],
        class: Class::Lens,
        forward: |text, _| {
            let name = text.trim().trim_start_matches("{{").trim_end_matches("}}");
            // On Commons the template of CC0 is called so.
            let name = if name.eq_ignore_ascii_case("cc-zero") { "cc0-1.0" } else { name };
            address(&license::parse(name))
        },
        backward: Some(|value, _| match license::parse(text(value)?).commons_template() {
            Some(template) => Ok(Value::one(template)),
            None => unknown("Wikimedia Commons has no template for it"),
        }),
        doc: "A licence template of Wikimedia Commons; what Commons does not accept has none.",
        example: ("{{cc-by-sa-3.0-nl}}", &[]),
        source: "Wikimedia Commons",
    },
];

pub(super) const GUARDS: &[Guard] = &[Guard {
    name: "license.is",
    test: |text| {
        let license = license::parse(text);
        license.status() == Status::Exact && license.uri().is_some()
    },
    doc: "One licence or statement, stated in full.",
}];

fn address(license: &License) -> Outcome<'static> {
    match (license.uri(), license.status()) {
        (_, Status::Partial) => unknown("a licence for a part of the item"),
        (None, Status::Unclear) => unknown("words beside the licence leave it unclear"),
        (Some(uri), _) => Ok(Value::one(uri)),
        (None, Status::None) => placeholder("no statement of rights"),
        (None, Status::Unversioned) => unknown("a licence without its version has no address"),
        (None, Status::Invalid) => unknown("no such licence"),
        (None, Status::Choice | Status::Conflict) => unknown("several licences"),
        (None, _) => unknown("a statement without an address"),
    }
}

fn named(license: &License) -> Outcome<'static> {
    match license.label() {
        Some(label) => Ok(Value::one(label)),
        None => unknown("no name"),
    }
}
