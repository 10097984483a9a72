//! Functions of rules on statements of rights: what the licences of a record state together, and who may see it.

use super::texts::texts;
use crate::license::{self, Field, License, Options, Policy, prefer};
use crate::value::{Class, Function, Guard, Rejected, Value, Why};

/// The functions.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "license.resolved",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::Many(vec![text.into()])),
        backward: Some(|value, _| match license::nba_value(&resolved(value)) {
            Some(known) if !known.narrowed => Ok(Value::one(known.value)),
            Some(_) => Err(Rejected { why: Why::Placeholder, reason: "its version or port is not in the list" }),
            None => Err(Rejected { why: Why::Unknown, reason: "not among the 39 licence values of the NBA" }),
        }),
        doc: "All licences of a record as the one value of the NBA that names exactly what they state together.",
        example: ("CC0 1.0", &[]),
        source: "NBA, enum License",
    },
    Function {
        name: "license.narrowed",
        arguments: &[],
        class: Class::Lens,
        forward: |text, _| Ok(Value::Many(vec![text.into()])),
        backward: Some(|value, _| match license::nba_value(&resolved(value)) {
            Some(known) if known.narrowed => Ok(Value::one(known.value)),
            _ => Err(Rejected { why: Why::Placeholder, reason: "its version or port is in the list" }),
        }),
        doc: "The same where the list lacks the version or the port: the value of its unit without a version.",
        example: ("CC BY-SA 3.0 NL", &[]),
        source: "NBA, enum License",
    },
    Function {
        name: "license.statements",
        arguments: &[],
        class: Class::Lens,
        forward: |text, _| Ok(Value::Many(vec![text.into()])),
        backward: Some(|value, _| {
            if license::nba_value(&resolved(value)).is_some_and(|value| !value.narrowed) {
                return Err(Rejected { why: Why::Placeholder, reason: "its licence value states it in full" });
            }
            let mut stated: Vec<String> = Vec::new();
            for text in texts(value) {
                let written = written(&license::parse(text), text);
                if !stated.contains(&written) {
                    stated.push(written);
                }
            }
            Ok(Value::one(stated.join("; ")))
        }),
        doc: "What the licence value of the NBA can't say of the licences of a record: their labels and addresses.",
        example: ("https://creativecommons.org/licenses/by-sa/3.0/nl/", &[]),
        source: "NBA, copyrightText",
    },
];

/// The questions.
pub const GUARDS: &[Guard] = &[
    Guard {
        name: "rights.is_access",
        test: |text| {
            let text = text.trim();
            let coar = text.split_once("://purl.org/coar/access_right/").is_some();
            coar || ACCESS.contains(&text) || text.starts_with("info:eu-repo/")
        },
        doc: "Who may see a resource and from when, rather than what may be done with it: \
              `info:eu-repo/semantics/openAccess`.",
    },
    Guard {
        name: "rights.names_holder",
        test: |text| text.strip_suffix(" (rights holder)").is_some_and(|name| !name.trim().is_empty()),
        doc: "A name with its role: `Naturalis Biodiversity Center (rights holder)`.",
    },
    Guard {
        name: "rights.names_credit",
        test: |text| text.strip_suffix(" (credit line)").is_some_and(|name| !name.trim().is_empty()),
        doc: "A credit line that is marked as one.",
    },
];

/// Access levels of `OpenAIRE`.
const ACCESS: &[&str] = &["openAccess", "closedAccess", "restrictedAccess", "embargoedAccess"];

/// What the licences of a record state together.
fn resolved(value: &Value<'_>) -> License {
    let stated: Vec<(Field, &str)> = texts(value).into_iter().map(|text| (Field::License, text)).collect();
    prefer(&stated, Policy::default(), Options::default())
}

/// Label and address, or the text where there is no address.
pub(super) fn written(read: &License, text: &str) -> String {
    match (read.label(), read.uri()) {
        (Some(label), Some(uri)) => format!("{label}, {uri}"),
        _ => text.to_owned(),
    }
}
