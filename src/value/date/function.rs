//! The functions on dates.

use super::plain::is_plain;
use super::read::{Date, Hint, Precision};
use super::time::{loses, timestamp_parts};
use super::{Order, instant, read, written};
use crate::value::function::{
    Class, Function, Guard, Narrows, Outcome, Rejected, Stays, Value, placeholder, text, unknown,
};
use edtf_core::Edtf;
use std::borrow::Cow;

const HINTS: &[&str] = &["hint?", "hint?"];

pub(in crate::value) const FUNCTIONS: &[Function] = &[
    Function {
        name: "date.edtf",
        arguments: HINTS,
        class: Class::Canonical,
        forward: |text, hints| Ok(Value::one(date(text, hints)?.edtf().to_owned())),
        backward: Some(|value, hints| to_text(text(value)?, hints)),
        doc: "A date in numbers or in words of six languages, as EDTF; a time to the minute is its day. Hints: `nl` or `day-first`, `month-first`.",
        example: ("omstreeks 1900", &[]),
        source: "EDTF, ISO 8601-2:2019",
    },
    Function {
        name: "date.span",
        arguments: HINTS,
        class: Class::Lens,
        forward: |text, hints| date(text, hints).map(|date| span(text, &date)),
        backward: Some(from_span),
        doc: "The same with its `earliest` and `latest` day, its `precision` where that is in doubt, and the `verbatim` \
              text, which goes back unless `edtf` was changed. The hint `padded`: the source writes 01 for unknown.",
        example: ("19e eeuw", &[]),
        source: "EDTF, ISO 8601-2:2019",
    },
    Function {
        name: "date.nba",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| from_nba(text),
        backward: Some(|value, _| to_nba(text(value)?)),
        doc: "A date of a gathering event: a midnight is a day, any other time stays local, for its offset is not \
              proven. Only days and times go back.",
        example: ("2002-07-19T09:45:00+0000", &[]),
        source: "NBA, ESDateInput",
    },
    Function {
        name: "date.timestamp",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| utc(text),
        backward: Some(|value, _| utc(text(value)?)),
        doc: "An instant, in UTC; a missing zone is read as UTC.",
        example: ("2018-07-17T11:24:22+0200", &[]),
        source: "RFC 3339",
    },
];

pub(in crate::value) const GUARDS: &[Guard] = &[Guard {
    name: "date.is",
    test: |text| may_be(text) && read(text, Hint::default()).is_ok(),
    doc: "A date that is understood without a hint.",
}];

pub(in crate::value) const TAKES: &[(&str, Stays)] = &[("date.span", Stays::If(is_plain))];

/// What EDTF has no form for, which `date.span` keeps in its `verbatim`.
pub(in crate::value) const NARROWS: &[Narrows] = &[("date.edtf", loses)];

/// Whether a text can be a date at all: what has no number has a century in words.
fn may_be(text: &str) -> bool {
    let number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'x' | b'X' | b'.' | b'/' | b'=');
    let bytes = text.as_bytes();
    bytes.iter().any(|byte| number(*byte)) || {
        // At the begin of a word: a gull is a `meeuw`.
        let begins = |word: &str, at: usize| {
            let within = at > 0 && (bytes[at - 1].is_ascii_alphabetic() || !bytes[at - 1].is_ascii());
            let part = bytes.get(at..at + word.len());
            !within && part.is_some_and(|part| part.eq_ignore_ascii_case(word.as_bytes()))
        };
        bytes.iter().enumerate().any(|(at, byte)| match byte | 0x20 {
            b'e' => begins("eeuw", at),
            b'c' => begins("cent", at),
            b'j' => begins("jahrhundert", at),
            b's' => begins("siglo", at) || begins("secolo", at) || begins("siècle", at) || begins("siÈcle", at),
            _ => false,
        })
    }
}

fn date(text: &str, hints: &[&str]) -> Result<Date, Rejected> {
    let mut hint = Hint::default();
    for word in hints {
        match *word {
            "nl" | "de" | "fr" | "day-first" => hint.order = Order::DayFirst,
            "month-first" => hint.order = Order::MonthFirst,
            "padded" => hint.padded = true,
            "en" => {}
            _ => return unknown("no such hint: nl, de, fr, en, day-first, month-first, padded"),
        }
    }
    read(text, hint)
}

/// An EDTF date as text that reads back to it: itself, or a season in words where its code would be
/// taken for the end of a range.
fn to_text(edtf: &str, hints: &[&str]) -> Outcome<'static> {
    let Ok(parsed) = Edtf::parse(edtf) else {
        return unknown("not EDTF");
    };
    let written = parsed.to_string();
    let reads = |text: &str| date(text, hints).is_ok_and(|date| date.edtf() == written);
    if reads(&written) {
        return Ok(Value::one(written));
    }
    let words = written.split_once('-').and_then(|(year, season)| {
        let name = ["spring", "summer", "autumn", "winter"].get(season.parse::<usize>().ok()?.checked_sub(21)?)?;
        Some(format!("{name} {year}"))
    });
    match words {
        Some(words) if reads(&words) => Ok(Value::one(words)),
        _ => unknown("EDTF that reads as something else"),
    }
}

fn span<'a>(text: &'a str, date: &Date) -> Value<'a> {
    let precision = match date.precision() {
        Precision::Stated => None,
        Precision::Uncertain => Some("uncertain"),
        Precision::Part => Some("part"),
    };
    let mut fields = vec![("edtf", Cow::Owned(date.edtf().to_owned()))];
    let days = [("earliest", date.earliest()), ("latest", date.latest()), ("precision", precision)];
    fields.extend(days.into_iter().filter_map(|(name, text)| Some((name, Cow::Owned(text?.to_owned())))));
    fields.push(("verbatim", text.into()));
    Value::Fields(fields)
}

fn from_span<'a>(value: &'a Value<'_>, hints: &[&str]) -> Outcome<'a> {
    match (value.field("edtf"), value.field("verbatim")) {
        (Some(edtf), Some(verbatim)) if date(verbatim, hints).is_ok_and(|date| date.edtf() == edtf) => {
            Ok(Value::one(verbatim))
        }
        (Some(edtf), _) => to_text(edtf, hints),
        (None, _) => unknown("there is no edtf"),
    }
}

fn from_nba(text: &str) -> Outcome<'static> {
    let text = text.trim();
    let Some((day, time, offset)) = timestamp_parts(text).filter(|_| text.contains('T')) else {
        return unknown("not a date as the NBA writes it");
    };
    let local = matches!(offset, "" | "Z" | "z" | "+0000" | "+00:00" | "-0000" | "-00:00");
    let written = match (time, local) {
        ("00:00:00", true) => day.to_owned(),
        (_, true) => format!("{day}T{time}"),
        (_, false) => read(text, Hint::default())?.edtf().to_owned(),
    };
    Ok(Value::one(read(&written, Hint::default())?.edtf().to_owned()))
}

fn to_nba(edtf: &str) -> Outcome<'static> {
    let date = read(edtf, Hint::default())?;
    let written = match (date.edtf().len(), date.edtf().split_once('T')) {
        (10, None) if date.earliest() == date.latest() => format!("{}T00:00:00+0000", date.edtf()),
        (_, Some((day, time))) => {
            let (time, offset) = time.split_at_checked(8).unwrap_or((time, ""));
            let offset = if matches!(offset, "" | "Z") { "+0000".to_owned() } else { offset.replace(':', "") };
            format!("{day}T{time}{offset}")
        }
        _ => return unknown("the NBA holds days and times only"),
    };
    Ok(Value::one(written))
}

fn utc(text: &str) -> Outcome<'static> {
    match instant(text) {
        Some(_) if ["0000", "9999", "0001-01-01"].iter().any(|year| text.trim().starts_with(year)) => {
            placeholder("the year 0000 or 9999 stands for one that is not known")
        }
        Some(micros) => Ok(Value::one(written(micros))),
        None => unknown("not an instant"),
    }
}
