//! Functions of rules on names: who made a thing and who keeps it, and several names as one text.

use super::texts::distinct;
use crate::value::{self, Class, Function, Outcome, Rejected, Value, Why};
use std::borrow::Cow;

/// The functions.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "name.list",
        arguments: &["separator"],
        class: Class::Canonical,
        forward: |text, arguments| match value::function("name.joined") {
            Some(joined) => match (joined.forward)(text, arguments)? {
                Value::Many(names) => Ok(Value::Many(distinct(names))),
                other => Ok(other),
            },
            None => Err(Rejected { why: Why::Unknown, reason: "names are not read" }),
        },
        backward: Some(|value, arguments| {
            let Value::Many(names) = value else {
                return Err(Rejected { why: Why::Unknown, reason: "not several names" });
            };
            let names = Value::Many(distinct(names.iter().map(|name| Cow::Borrowed(&**name)).collect()));
            match value::function("name.joined").and_then(|joined| joined.backward) {
                Some(backward) => backward(&names, arguments).map(Value::into_owned),
                None => Err(Rejected { why: Why::Unknown, reason: "names are not written" }),
            }
        }),
        doc: "As `name.joined`, each name once.",
        example: ("Veldkijker; Boris Berents", &[";"]),
        source: "NBA, creator",
    },
    Function {
        name: "name.maker",
        arguments: &[],
        class: Class::Iso,
        forward: |text, _| agent(text, false),
        backward: Some(compose),
        doc: "As `name.role`, of who made it: one whose only role is to keep it is left out.",
        example: ("Haan, Piet de (camera, regie)", &[]),
        source: "Open Images, oi:creator",
    },
    Function {
        name: "name.keeper",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| agent(text, true),
        backward: Some(compose),
        doc: "As `name.role`, of who keeps it; a maker is left out.",
        example: ("Nederlands Instituut voor Beeld en Geluid (beheerder)", &[]),
        source: "Open Images, oi:creator",
    },
];

/// Words for the role of one who keeps a thing and did not make it.
const KEEPERS: &[&str] = &[
    "beheerder",
    "collectiebeheerder",
    "curator",
    "custodian",
    "keeper",
    "conservator",
    "archief",
    "archive",
    "eigenaar",
    "owner",
    "rechthebbende",
    "copyright holder",
    "schenker",
    "donor",
];

fn agent(text: &str, keeper: bool) -> Outcome<'_> {
    let Some(read) = value::function("name.role") else {
        return Err(Rejected { why: Why::Unknown, reason: "roles are not read" });
    };
    let agent = (read.forward)(text, &[])?;
    let keeps = agent.field("role").is_some_and(|role| {
        role.split([',', ';', '/']).all(|role| KEEPERS.contains(&role.trim().to_lowercase().as_str()))
    });
    match (keeps, keeper) {
        (true, false) => Err(Rejected { why: Why::Placeholder, reason: "a keeper, not a maker" }),
        (false, true) => Err(Rejected { why: Why::Placeholder, reason: "a maker, not a keeper" }),
        _ => Ok(agent),
    }
}

fn compose<'a>(value: &'a Value<'_>, arguments: &[&str]) -> Outcome<'a> {
    match value::function("name.role").and_then(|role| role.backward) {
        Some(backward) => backward(value, arguments),
        None => Err(Rejected { why: Why::Unknown, reason: "roles are not written" }),
    }
}
