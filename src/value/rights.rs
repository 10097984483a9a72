//! Licences as values: an address, or a name that a service knows.

use super::function::{Class, Function, Outcome, Value, placeholder, text, unknown};
use crate::license::{self, License, Status};

pub(super) const FUNCTIONS: &[Function] = &[Function {
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
