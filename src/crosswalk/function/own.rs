//! Functions that only rules need: about two fields of a record, or what a format can't say.

use crate::license::{self, License, Status};
use crate::value::{Class, Function, Guard, Outcome, Rejected, Value, Why};
use std::borrow::Cow;

/// The functions.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "date.interval",
        arguments: &[],
        class: Class::Iso,
        forward: |text, _| match text.split_once('/') {
            Some((begin, end)) => Ok(Value::Fields(vec![("begin", begin.into()), ("end", end.into())])),
            None => Ok(Value::Fields(vec![("begin", text.into()), ("end", text.into())])),
        },
        backward: Some(|value, _| match (value.field("begin"), value.field("end")) {
            (Some(begin), Some(end)) if begin != end => Ok(Value::one(format!("{begin}/{end}"))),
            (Some(day), _) | (None, Some(day)) => Ok(Value::One(Cow::Owned(day.to_owned()))),
            (None, None) => Err(Rejected { why: Why::Placeholder, reason: "no date" }),
        }),
        doc: "An interval as its `begin` and `end`; a day is both.",
        example: ("1937-05-10/1937-05-12", &[]),
        source: "EDTF, ISO 8601-2:2019",
    },
    Function {
        name: "license.statement",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::one(stated(text))),
        backward: Some(|value, _| match value.text() {
            Some(text) => beside(text),
            None => Err(Rejected { why: Why::Unknown, reason: "not one text" }),
        }),
        doc: "What the licence values of the NBA can't say of a licence: its label and address.",
        example: ("https://creativecommons.org/licenses/by-sa/3.0/nl/", &[]),
        source: "NBA, copyrightText",
    },
];

/// The questions.
pub const GUARDS: &[Guard] = &[Guard {
    name: "license.names",
    test: |text| matches!(license::parse(text).status(), Status::Exact | Status::Unversioned | Status::Invalid),
    doc: "Names one licence or tool, also without its version, and one that does not exist.",
}];

/// The licence that a statement of ours was made for.
fn stated(text: &str) -> Cow<'_, str> {
    let read = license::parse(text);
    match (read.uri(), text.rsplit_once(", http")) {
        (Some(uri), Some(_)) => uri,
        _ => Cow::Borrowed(text),
    }
}

fn beside(text: &str) -> Outcome<'_> {
    let read = license::parse(text);
    if license::nba_value(&read).is_some_and(|value| !value.narrowed) {
        return Err(Rejected { why: Why::Placeholder, reason: "its licence value says it all" });
    }
    Ok(Value::one(written(&read, text)))
}

/// Label and address, or the text where there is no address.
fn written(read: &License, text: &str) -> String {
    match (read.label(), read.uri()) {
        (Some(label), Some(uri)) => format!("{label}, {uri}"),
        _ => text.to_owned(),
    }
}
