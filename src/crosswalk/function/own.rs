//! Functions that only rules need: about two fields of a record, or what a format can't say.

use crate::license::{self, License, Status};
use crate::value::{Class, Function, Guard, Outcome, Rejected, Value, Why, date};
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
        name: "date.ymd",
        arguments: &[],
        class: Class::Iso,
        forward: |text, _| {
            let mut parts = text.split('-');
            let plain = |part: &str| part.trim_start_matches('0').to_owned();
            match (parts.next(), parts.next(), parts.next(), parts.next()) {
                (Some(year), month, day, None) if year.len() == 4 && year.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let mut fields = vec![("year", Cow::Borrowed(year))];
                    fields.extend(month.map(|month| ("month", Cow::Owned(plain(month)))));
                    fields.extend(day.map(|day| ("day", Cow::Owned(plain(day)))));
                    Ok(Value::Fields(fields))
                }
                _ => Err(Rejected { why: Why::Unknown, reason: "not a year, month and day" }),
            }
        },
        backward: Some(|value, _| ymd(value.field("year"), value.field("month"), value.field("day"))),
        doc: "A date as its `year`, `month` and `day`, as far as they are there.",
        example: ("1968-09-16", &[]),
        source: "Darwin Core",
    },
    Function {
        name: "date.stamp",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| match date::instant(text) {
            Some(micros) => Ok(Value::one(date::written(micros))),
            None => Err(Rejected { why: Why::Unknown, reason: "not an instant" }),
        },
        backward: Some(|value, _| match value.text().and_then(date::instant) {
            Some(micros) => Ok(Value::one(date::written(micros).replace('Z', "+0000"))),
            None => Err(Rejected { why: Why::Unknown, reason: "not an instant" }),
        }),
        doc: "An instant of the NBA, `2018-07-17T11:24:22+0000`, in UTC.",
        example: ("2018-07-17T11:24:22+0200", &[]),
        source: "NBA, ESDateInput",
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
    ending("name.as", ("Fosberg, FR (collector)", &["collector"]), "A name with its role: `Fosberg, FR (collector)`."),
    ending("id.at", ("47540@OI", &["@OI"]), "An id with the code of its system: `47540@OI`."),
];

/// What `name.as` and `id.at` do: an ending that is put on and taken off.
const fn ending(name: &'static str, example: (&'static str, &'static [&'static str]), doc: &'static str) -> Function {
    Function {
        name,
        arguments: &["text"],
        class: Class::Canonical,
        forward: |text, arguments| {
            let ending = suffix(arguments);
            Ok(Value::one(text.strip_suffix(&*ending).filter(|bare| !bare.is_empty()).unwrap_or(text)))
        },
        backward: Some(|value, arguments| match value.text() {
            Some(text) if text.ends_with(&*suffix(arguments)) => Ok(Value::one(text)),
            Some(text) => Ok(Value::one(format!("{text}{}", suffix(arguments)))),
            None => Err(Rejected { why: Why::Unknown, reason: "not one text" }),
        }),
        doc,
        example,
        source: "",
    }
}

/// The ending of an argument: `@OI` for a code, ` (collector)` for a word.
fn suffix(arguments: &[&str]) -> String {
    match arguments {
        [text] if text.starts_with('@') => (*text).to_owned(),
        [text] => format!(" ({text})"),
        _ => String::new(),
    }
}

/// The question whether a text is a length, and the bytes of the longest one.
pub const SECONDS: (&str, usize) = ("duration.in_seconds", "4294967295 s".len());

/// The questions.
pub const GUARDS: &[Guard] = &[
    Guard {
        name: SECONDS.0,
        test: |text| {
            let count = text.strip_suffix(" s").filter(|_| text.len() <= SECONDS.1);
            count.is_some_and(|count| count.parse::<u32>().is_ok())
        },
        doc: "A length as `33 s`.",
    },
    Guard {
        name: "license.names",
        test: |text| matches!(license::parse(text).status(), Status::Exact | Status::Unversioned | Status::Invalid),
        doc: "Names one licence or tool, also without its version, and one that does not exist.",
    },
];

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

/// A date of its parts, if they make one.
fn ymd<'a>(year: Option<&str>, month: Option<&str>, day: Option<&str>) -> Outcome<'a> {
    let Some(year) = year else {
        return Err(Rejected { why: Why::Unknown, reason: "a day without a year" });
    };
    let padded = |part: &str| format!("{part:0>2}");
    let text = match (month, day) {
        (None, None) => year.to_owned(),
        (Some(month), None) => format!("{year}-{}", padded(month)),
        (Some(month), Some(day)) => format!("{year}-{}-{}", padded(month), padded(day)),
        (None, Some(_)) => return Err(Rejected { why: Why::Unknown, reason: "a day without a month" }),
    };
    let real = text.len() < 10 || date::instant(&text).is_some();
    if real { Ok(Value::one(text)) } else { Err(Rejected { why: Why::Impossible, reason: "no such day" }) }
}
