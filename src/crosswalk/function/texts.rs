//! Functions of rules on texts: several as one, those that state something, identifiers and lengths.

use crate::value::{self, Class, Function, Outcome, Rejected, Value, Why};
use std::borrow::Cow;

/// The functions.
pub const FUNCTIONS: &[Function] = &[
    Function {
        name: "text.joined",
        arguments: &["separator"],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::Many(vec![text.into()])),
        backward: Some(|value, arguments| {
            let separator = match arguments {
                ["paragraph"] => "\n\n".to_owned(),
                [mark] => format!("{mark} "),
                _ => return Err(Rejected { why: Why::Unknown, reason: "no separator is given" }),
            };
            let texts = distinct(texts(value).into_iter().map(Cow::Borrowed).collect());
            if texts.is_empty() {
                return Err(Rejected { why: Why::Placeholder, reason: "blank" });
            }
            Ok(Value::one(texts.join(&separator)))
        }),
        doc: "All texts of a list as one, each once: with a mark between them, or as paragraphs.",
        example: ("Leiden", &[";"]),
        source: "",
    },
    Function {
        name: "text.stated",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| stated(text),
        backward: Some(|value, _| match value.text() {
            Some(text) => known_parts(text),
            None => Err(Rejected { why: Why::Unknown, reason: "not one text" }),
        }),
        doc: "The text as it stands, unless it stands for an unknown value: `unknown`, `undetermined`, `mixed`. Of \
              parts between semicolons such ones are left out.",
        example: ("female", &[]),
        source: "NBA, sexes and phasesOrStages",
    },
    Function {
        name: "id.typed",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, arguments| match value::function("id.scheme") {
            Some(scheme) => (scheme.forward)(text, arguments),
            None => Err(Rejected { why: Why::Unknown, reason: "schemes are not read" }),
        },
        backward: Some(|value, _| match (value.field("value"), value.field("scheme")) {
            (Some(text), Some(scheme)) if SCHEMES.contains(&scheme) => Ok(Value::one(text)),
            _ => Err(Rejected { why: Why::Placeholder, reason: "the identifier of a system" }),
        }),
        doc: "The text of an identifier whose `scheme` is one that `id.scheme` gives.",
        example: ("https://doi.org/10.5281/zenodo.1", &[]),
        source: "",
    },
    Function {
        name: "text.without",
        arguments: &["start"],
        class: Class::Iso,
        forward: |text, arguments| match arguments.first().and_then(|start| text.trim().strip_prefix(start)) {
            Some(rest) if !rest.is_empty() => Ok(Value::one(rest)),
            _ => Err(Rejected { why: Why::Unknown, reason: "does not begin with what is taken off" }),
        },
        backward: Some(|value, arguments| match (value.text(), arguments) {
            (Some(text), [start]) => Ok(Value::one(format!("{start}{text}"))),
            _ => Err(Rejected { why: Why::Unknown, reason: "not one text" }),
        }),
        doc: "What follows a start that only states the kind of the text.",
        example: ("info:eu-repo/date/embargoEnd/2018-05-27", &["info:eu-repo/date/embargoEnd/"]),
        source: "OpenAIRE guidelines",
    },
    Function {
        name: "url.unescaped",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| {
            Ok(Value::One(if text.contains("&amp;") { text.replace("&amp;", "&").into() } else { text.into() }))
        },
        backward: Some(|value, _| match value.text() {
            Some(text) => Ok(Value::One(text.replace("&amp;", "&").into())),
            None => Err(Rejected { why: Why::Unknown, reason: "not one text" }),
        }),
        doc: "An address that was escaped twice, with `&` for `&amp;`.",
        example: ("http://newprairiepress.org/cgi/viewcontent.cgi?article=1928&amp;context=aerc", &[]),
        source: "bepress Digital Commons",
    },
    Function {
        name: "text.copied",
        arguments: &[],
        class: Class::OneWay,
        forward: |text, _| Ok(Value::one(text)),
        backward: None,
        doc: "The text as it stands, said besides: another rule keeps the value.",
        example: ("Polygoon-Profilti (producent)", &[]),
        source: "",
    },
    Function {
        name: "duration.decimal",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| match value::function("duration.seconds") {
            Some(seconds) => {
                let text = format!("{} s", text.trim());
                (seconds.forward)(&text, &[]).map(Value::into_owned)
            }
            None => Err(Rejected { why: Why::Unknown, reason: "lengths are not read" }),
        },
        backward: Some(|value, _| {
            let seconds = value::function("duration.seconds").and_then(|seconds| seconds.backward);
            match seconds.map(|backward| backward(value, &[])) {
                Some(Ok(Value::One(text))) => Ok(Value::one(text.trim_end_matches(" s").to_owned())),
                Some(Err(refused)) => Err(refused),
                _ => Err(Rejected { why: Why::Unknown, reason: "not a length" }),
            }
        }),
        doc: "A length as a number of seconds.",
        example: ("33", &[]),
        source: "Audiovisual Core, ac:mediaDuration",
    },
    Function {
        name: "oi.variant",
        arguments: &[],
        class: Class::OneWay,
        forward: |text, _| match text.split_once("://www.openbeelden.nl/") {
            Some((_, path)) if path.starts_with("images/") => Ok(Value::one("thumbnail")),
            _ => Err(Rejected { why: Why::Unknown, reason: "the address does not show the rendition" }),
        },
        backward: None,
        doc: "The rendition of a file of Open Images, as far as its address shows it: `thumbnail`.",
        example: ("https://www.openbeelden.nl/images/901011/Vlucht.png", &[]),
        source: "Open Images, oi:medium@format",
    },
    Function {
        name: "oi.page",
        arguments: &[],
        class: Class::OneWay,
        forward: |text, _| match text.trim().strip_prefix("oai:openimages.eu:") {
            Some(number) if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) => {
                Ok(Value::one(format!("https://www.openbeelden.nl/media/{number}")))
            }
            _ => Err(Rejected { why: Why::Unknown, reason: "not an identifier of Open Images" }),
        },
        backward: None,
        doc: "The page of an item of Open Images, by its identifier in OAI-PMH.",
        example: ("oai:openimages.eu:90101", &[]),
        source: "Open Images, oi:attributionURL",
    },
];

/// The schemes of identifiers that a text itself shows.
const SCHEMES: [&str; 10] = ["doi", "ark", "handle", "uuid", "oai", "issn", "isbn", "urn", "url", "local"];

/// Texts that stand for an unknown value, in lower case and without brackets.
const NOTHING: &[&str] = &[
    "",
    "?",
    "? ?",
    "-",
    "--",
    "unknown",
    "undetermined",
    "unreadable",
    "unknowable",
    "illegible",
    "mixed",
    "not determined",
    "not known",
    "not stated",
    "not applicable",
    "indet",
    "n/a",
    "none",
    "null",
    "onbekend",
    "niet bekend",
    "onbepaald",
    "onleesbaar",
    "gemengd",
    "unbekannt",
    "unbestimmt",
    "inconnu",
    "indéterminé",
    "desconocido",
];

/// The texts of a value.
pub(super) fn texts<'v>(value: &'v Value<'_>) -> Vec<&'v str> {
    match value {
        Value::One(text) => vec![text],
        Value::Many(texts) => texts.iter().map(AsRef::as_ref).collect(),
        Value::Fields(_) => Vec::new(),
    }
}

/// Each text once, in order.
pub(super) fn distinct(texts: Vec<Cow<'_, str>>) -> Vec<Cow<'_, str>> {
    let mut distinct = Vec::with_capacity(texts.len());
    for text in texts {
        if !distinct.contains(&text) {
            distinct.push(text);
        }
    }
    distinct
}

fn is_unknown(text: &str) -> bool {
    let bare = text.trim().trim_matches(['[', ']', '(', ')', '.']).trim().to_lowercase();
    NOTHING.contains(&bare.as_str())
}

/// A text without the parts that stand for an unknown value.
fn known_parts<'a>(text: &str) -> Outcome<'a> {
    let unknown = text.split(';').filter(|part| is_unknown(part)).count();
    if unknown == 0 || is_unknown(text) {
        return stated(text).map(Value::into_owned);
    }
    let known: Vec<&str> = text.split(';').filter(|part| !is_unknown(part)).map(str::trim).collect();
    if known.is_empty() { stated("").map(Value::into_owned) } else { Ok(Value::one(known.join("; "))) }
}

fn stated(text: &str) -> Outcome<'_> {
    if is_unknown(text) {
        Err(Rejected { why: Why::Placeholder, reason: "stands for an unknown value" })
    } else {
        Ok(Value::one(text))
    }
}
