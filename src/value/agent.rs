//! People and organisations as one text: who they are, what they did, how many they are.

mod parts;
mod role;
mod several;
mod words;

use super::function::{Class, Function, Guard, Outcome, Rejected, Value, placeholder, unknown};
use parts::{Kind, kind, parts};
use several::several;
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "name.role",
        arguments: &[],
        class: Class::Iso,
        forward: |text, _| agent(text),
        backward: Some(compose),
        doc: "One person or organisation: `name`, `role` where the words in brackets or before a colon are one, \
              `kind` where that is certain, and `verbatim` where `name (role)` would not give the text again.",
        example: ("Haan, Piet de (camera, regie)", &[]),
        source: "Open Images, oi:contributor",
    },
    Function {
        name: "name.agent",
        arguments: &[],
        class: Class::Iso,
        forward: |text, _| match agent(text)? {
            Value::Fields(fields) => {
                let kind = fields.into_iter().filter(|(name, _)| *name == "kind");
                Ok(Value::Fields(std::iter::once(("name", Cow::Borrowed(text))).chain(kind).collect()))
            }
            other => Ok(other),
        },
        backward: Some(|value, _| match value.field("name") {
            Some(name) if agent(name).is_ok() => Ok(Value::one(name)),
            _ => unknown("there is no name"),
        }),
        doc: "The same with the whole text as the `name`.",
        example: ("Naturalis Biodiversity Center", &[]),
        source: "",
    },
    Function {
        name: "name.several",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| several(text).map(|names| Value::Many(names.into_iter().map(Cow::Borrowed).collect())),
        backward: Some(|value, _| join(value, ";", |text| several(text).ok())),
        doc: "Several in one text, split where it is certain: at `;` and ` / ` outside brackets, and at `&`, `and` or a \
              comma if each part is certainly a person. They go back with `; ` between them.",
        example: ("Smith, J. & Jones, K.", &[]),
        source: "Open Images, oi:attributionName; NBA, gatheringPersons",
    },
    Function {
        name: "name.joined",
        arguments: &["separator"],
        class: Class::Canonical,
        forward: |text, arguments| match split(text, separator(arguments)?).as_slice() {
            [] => placeholder("blank"),
            names => Ok(Value::Many(names.iter().map(|name| Cow::Borrowed(*name)).collect())),
        },
        backward: Some(|value, arguments| {
            let separator = separator(arguments)?;
            join(value, separator, |text| Some(split(text, separator)))
        }),
        doc: "Names between separators, trimmed, without gaps.",
        example: ("Veldkijker (producent);;Stichting Natuurbeelden", &[";"]),
        source: "NBA, creator",
    },
    Function {
        name: "name.parts",
        arguments: &[],
        class: Class::OneWay,
        forward: |text, _| parts(without_role(text).0).map(Value::Fields),
        backward: None,
        doc: "A person's `family` name, `given` names, `particle` and `suffix`; what may be no person is rejected.",
        example: ("Linnaeus, C. von, jr.", &[]),
        source: "",
    },
    Function {
        name: "role.marc",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| role::codes(text),
        backward: Some(|value, _| role::words(value)),
        doc: "Words for what someone did, Dutch or English, as codes of the MARC relators; the English term goes back.",
        example: ("regie", &[]),
        source: "MARC relator terms, Library of Congress",
    },
];

pub(super) const GUARDS: &[Guard] = &[Guard {
    name: "name.is_organization",
    test: |text| kind(without_role(text).0) == Some(Kind::Organization),
    doc: "Certainly an organisation.",
}];

/// Texts that say that nobody is known, in lower case and without brackets.
#[rustfmt::skip]
const UNKNOWN: &[&str] = &[
    "", "?", "-", "--", "unknown", "onbekend", "anoniem", "anonymous", "anonym", "anonyme", "anonimo", "anónimo",
    "anon", "unbekannt", "inconnu", "desconocido", "sconosciuto", "niets", "niet bekend", "not known", "unreadable",
    "onleesbaar", "n/a", "n.v.t", "nvt", "null", "none", "nan", "s.n.", "s.n", "s. n", "maker onbekend",
    "fotograaf onbekend", "producent onbekend", "auteur onbekend", "onbekende maker", "onbekende fotograaf",
    "author unknown", "unknown author", "photographer unknown", "unknown photographer", "unknown artist",
    "creator unknown", "unknown creator", "no author", "geen auteur", "not available", "not applicable",
];

fn is_unknown(text: &str) -> bool {
    let unknown = |text: &str| {
        let bare = text.trim().trim_matches(['[', ']', '(', ')', '.']).trim().to_lowercase();
        UNKNOWN.contains(&bare.as_str())
    };
    // `onbekend (fotograaf)` names nobody either.
    unknown(text) || unknown(without_role(text).0)
}

/// The name and the words for the role, where the text holds both.
fn without_role(text: &str) -> (&str, Option<&str>) {
    let text = text.trim();
    if let Some((name, words)) = text.strip_suffix(')').and_then(|text| text.rsplit_once('(')) {
        let (name, words) = (name.trim(), words.trim());
        if !name.is_empty() && role::known(words) {
            return (name, Some(words));
        }
    }
    match text.split_once(':') {
        Some((words, name)) if role::known(words.trim()) && !name.trim().is_empty() && !name.starts_with("//") => {
            (name.trim(), Some(words.trim()))
        }
        _ => (text, None),
    }
}

fn agent(text: &str) -> Outcome<'_> {
    if is_unknown(text) {
        return placeholder("nobody is named");
    }
    let (name, role) = without_role(text);
    let several = several(text).is_ok_and(|names| names.len() > 1);
    // Of several, no name and role is that of all.
    let (name, role) = if several { (text.trim(), None) } else { (name, role) };
    let kind = if several { Some(Kind::Several) } else { kind(name) };
    let mut fields = vec![("name", Cow::Borrowed(name))];
    fields.extend(role.map(|role| ("role", Cow::Borrowed(role))));
    fields.extend(kind.map(|kind| ("kind", Cow::Borrowed(kind.id()))));
    if composed(name, role) != text {
        fields.push(("verbatim", Cow::Borrowed(text)));
    }
    Ok(Value::Fields(fields))
}

fn composed(name: &str, role: Option<&str>) -> String {
    role.map_or_else(|| name.to_owned(), |role| format!("{name} ({role})"))
}

fn compose<'a>(value: &'a Value<'_>, _: &[&str]) -> Outcome<'a> {
    let Some(name) = value.field("name") else {
        return unknown("there is no name");
    };
    let role = value.field("role");
    let says = |text: &str| match agent(text) {
        Ok(again) => again.field("name") == Some(name) && again.field("role") == role,
        Err(_) => false,
    };
    match value.field("verbatim") {
        // What was edited since wins over how it was written.
        Some(verbatim) if says(verbatim) => Ok(Value::one(verbatim)),
        _ => Ok(Value::one(composed(name, role))),
    }
}

fn separator<'a>(arguments: &[&'a str]) -> Result<&'a str, Rejected> {
    match arguments {
        [separator] if !separator.trim().is_empty() => Ok(separator),
        _ => unknown("no separator is given"),
    }
}

fn split<'a>(text: &'a str, separator: &str) -> Vec<&'a str> {
    text.split(separator).map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// The names in one text, where it splits into them again.
fn join(value: &Value<'_>, separator: &str, again: impl Fn(&str) -> Option<Vec<&str>>) -> Outcome<'static> {
    let Value::Many(names) = value else {
        return unknown("not several names");
    };
    let space = if separator.ends_with(' ') { "" } else { " " };
    let joined = names.join(&format!("{separator}{space}"));
    match again(&joined) {
        Some(split) if split.iter().eq(names.iter()) => Ok(Value::one(joined)),
        _ => unknown("a name that would split"),
    }
}
