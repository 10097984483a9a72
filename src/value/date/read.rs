//! Dates as people and machines write them, as EDTF (ISO 8601-2:2019, levels 0 to 2).

use super::lists::{between, range, several, twice};
use super::point::{Order, Point, point};
use super::read;
use super::time::timestamp;
use super::words::{AND, Mark, OR, PREFIXES, REMARKS, Remark, SUFFIXES, UNKNOWN};
use crate::value::function::{Rejected, Why};
use edtf_core::{Bound, Edtf};

/// What is known of the source of a date.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Hint {
    /// Which of day and month comes first.
    pub order: Order,
    /// The source writes 01 for a day or month it does not know.
    pub padded: bool,
}

/// How far the precision of a date can be trusted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Precision {
    /// As it is written.
    Stated,
    /// A day or month of 01, or a midnight, may stand for one that is not known.
    Uncertain,
    /// The text names a part of the period: `begin 20e eeuw`.
    Part,
}

/// A date that was understood.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Date {
    pub(super) edtf: String,
    pub(super) precision: Precision,
    /// The first and the last day.
    pub(super) bounds: [Option<String>; 2],
}

impl Date {
    /// The date as EDTF, in its canonical spelling.
    #[must_use]
    pub fn edtf(&self) -> &str {
        &self.edtf
    }

    /// How far its precision can be trusted.
    #[must_use]
    pub fn precision(&self) -> Precision {
        self.precision
    }

    /// The first day it can mean; `None` for an open begin.
    #[must_use]
    pub fn earliest(&self) -> Option<&str> {
        self.bounds[0].as_deref()
    }

    /// The last day it can mean; `None` for an open end.
    #[must_use]
    pub fn latest(&self) -> Option<&str> {
        self.bounds[1].as_deref()
    }
}

const NO_SUCH_DAY: Rejected = Rejected::new(Why::Impossible, "no such day in the calendar");
const NOT_A_DATE: Rejected = Rejected::new(Why::Unknown, "not a date");
const NO_YEAR: Rejected = Rejected::new(Why::Placeholder, "the year 0000 or 9999 stands for one that is not known");

/// Reads a date however it is written.
pub fn read_any(text: &str, hint: Hint) -> Result<Date, Rejected> {
    let date = understood(text, hint)?;
    let filled = |end: &str| end.starts_with("0000") || end.starts_with("9999") || end == "0001-01-01";
    let ends: Vec<&str> = date.edtf.split(['/', ',', '[', ']', '{', '}']).collect();
    match ends.iter().filter(|end| end.split("..").any(filled)).count() {
        0 => Ok(date),
        // What stands beside it is a date, but an open end or a slip can't be told apart.
        _ if ends.len() > 1 => Err(Rejected::new(Why::Ambiguous, "an end with the year 0000 or 9999")),
        _ => Err(NO_YEAR),
    }
}

fn understood(text: &str, hint: Hint) -> Result<Date, Rejected> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.trim_end_matches([';', ',', ' ']).trim_start_matches([';', ',', ' ']);
    let lower = text.to_lowercase();
    if UNKNOWN.contains(&lower.as_str()) || UNKNOWN.contains(&lower.trim_matches(['[', ']', '(', ')'])) {
        return Err(Rejected::new(Why::Placeholder, "says that no date is known"));
    }
    if lower.starts_with("info:eu-repo/date/") {
        return Err(Rejected::new(Why::Unknown, "the date of an embargo or an event, not of the item"));
    }
    if text.len() > 120 {
        return Err(Rejected::new(Why::Unknown, "too long for a date"));
    }
    if let Some(found) = timestamp(text) {
        return found;
    }
    if signed(text) {
        return Err(Rejected::new(Why::Ambiguous, "a year before Christ, or an open begin"));
    }
    if let Some(years) = dashed_years(text) {
        return understood(&years, hint);
    }
    if let Some(found) = as_edtf(text, hint) {
        return Ok(found);
    }
    if let Some(found) = remarked(&lower, hint) {
        return found;
    }
    if let Some(found) = period(&lower) {
        return found;
    }
    let part = expression(&lower, hint.order, 0)?;
    let Ok(parsed) = Edtf::parse(&part.edtf) else {
        return Err(NO_SUCH_DAY);
    };
    let precision = if part.part { Precision::Part } else { Precision::Stated };
    Ok(dated(&parsed, precision, hint))
}

pub(super) fn dated(parsed: &Edtf, precision: Precision, hint: Hint) -> Date {
    let day = |bound: Bound| if let Bound::Date(day) = bound { Some(day.to_string()) } else { None };
    let bounds = parsed.bounds();
    let edtf = parsed.to_string();
    let padded = hint.padded && edtf.len() == 10 && edtf.ends_with("-01");
    let precision = if padded && precision == Precision::Stated { Precision::Uncertain } else { precision };
    Date { precision, bounds: [day(bounds.earliest), day(bounds.latest)], edtf }
}

/// Whether a text is a year of our era behind a hyphen: `-1900`.
fn signed(text: &str) -> bool {
    let year = text.strip_prefix('-').filter(|year| year.len() == 4);
    year.is_some_and(|year| year.bytes().all(|byte| byte.is_ascii_digit()) && year >= "1000")
}

/// `1939–45` with a hyphen for its dash.
fn dashed_years(text: &str) -> Option<String> {
    let (start, end) = text.split_once(['–', '—', '‐', '‑'])?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    (start.len() == 4 && end.len() == 2 && digits(start) && digits(end)).then(|| format!("{start}-{end}"))
}

/// The text as EDTF itself, save where people mean something else by it.
fn as_edtf(text: &str, hint: Hint) -> Option<Date> {
    let bytes = text.as_bytes();
    let month_like = bytes.len() == 7 && bytes[4] == b'-' && bytes[..4].iter().all(u8::is_ascii_digit);
    let supplied = text.starts_with('[') && !text.contains([',', '.']);
    // An `X` in lower case is common, and `u` is what library catalogues write for it (MARC 21, 008).
    let open = bytes.len() == 4 && text.trim_end_matches('u').bytes().all(|byte| byte.is_ascii_digit());
    let upper = text.replace('x', "X");
    let upper = if open && bytes[1] != b'u' { upper.replace('u', "X") } else { upper };
    if month_like && upper.as_bytes()[5..].iter().all(u8::is_ascii_digit) || supplied {
        return None;
    }
    Edtf::parse(&upper).ok().map(|parsed| dated(&parsed, Precision::Stated, hint))
}

/// A padded date with a remark: `01-01-1976 ; exacte datum onbekend`.
fn remarked(text: &str, hint: Hint) -> Option<Result<Date, Rejected>> {
    let (words, remark) = REMARKS.iter().find(|(words, _)| text.contains(words))?;
    let rest = text.replacen(words, "", 1);
    let rest = rest.trim_matches([' ', ';', ',', '(', ')', '.', ':']);
    // The remark tells the language of the source.
    let dutch = words.ends_with("onbekend") && hint.order == Order::Unknown;
    let order = if dutch { Order::DayFirst } else { hint.order };
    Some(read(rest, Hint { order, padded: false }).and_then(|date| {
        let edtf = match (remark, date.edtf.strip_suffix("-01")) {
            (Remark::Day | Remark::Date, Some(month)) if month.len() == 7 => match month.strip_suffix("-01") {
                Some(year) if *remark == Remark::Date => year.to_owned(),
                _ => month.to_owned(),
            },
            (Remark::Month, Some(_)) => date.edtf[..4].to_owned(),
            (Remark::Date, None) if date.edtf.len() <= 10 => format!("{}?", date.edtf),
            _ => return Err(Rejected::new(Why::Ambiguous, "a remark that does not fit the date")),
        };
        let parsed = Edtf::parse(&edtf).map_err(|_| NO_SUCH_DAY)?;
        Ok(dated(&parsed, Precision::Stated, Hint::default()))
    }))
}

/// The DCMI Period Encoding Scheme: `start=2011; end=2013`.
fn period(text: &str) -> Option<Result<Date, Rejected>> {
    if !text.contains("start=") && !text.contains("end=") {
        return None;
    }
    let mut ends = ["", ""];
    for field in text.split(';').map(str::trim).filter(|field| !field.is_empty()) {
        match field.split_once('=') {
            Some(("start", value)) => ends[0] = value.trim(),
            Some(("end", value)) => ends[1] = value.trim(),
            Some(("scheme" | "name", _)) => {}
            _ => return Some(Err(NOT_A_DATE)),
        }
    }
    let open = |end: &str| if end.is_empty() { "..".to_owned() } else { end.to_uppercase() };
    let written = if ends[0] == ends[1] { open(ends[0]) } else { format!("{}/{}", open(ends[0]), open(ends[1])) };
    Some(Edtf::parse(&written).map(|parsed| dated(&parsed, Precision::Stated, Hint::default())).map_err(|_| NOT_A_DATE))
}

/// How deep marks and brackets may nest.
const DEPTH: u8 = 4;

/// Whole expressions: one date, or a range, alternatives, a list, with what is said of all of it.
fn expression(text: &str, order: Order, depth: u8) -> Result<Point, Rejected> {
    let text = text.trim();
    let reason = match single(text, order, depth) {
        Err(rejected @ Rejected { why: Why::Unknown, .. }) if depth < DEPTH => rejected,
        found => return found,
    };
    if let Some((inner, supplied)) = bracketed(text) {
        return expression(inner, order, depth + 1).map(|inner| if supplied { uncertain(inner) } else { inner });
    }
    if let Some(found) = between(text, order) {
        return found;
    }
    if let Some(found) = twice(text, order) {
        return found;
    }
    if let Some(found) = about_an_end(text, order) {
        return found;
    }
    if let Some((rest, mark)) = prefixed(text) {
        return expression(rest, order, depth + 1).and_then(|inner| with(inner, mark));
    }
    let found = range(text, order).or_else(|| several(text, OR, order, ['[', ']']));
    found.or_else(|| several(text, AND, order, ['{', '}'])).unwrap_or(Err(reason))
}

/// One date with what is said about it.
pub(super) fn single(text: &str, order: Order, depth: u8) -> Result<Point, Rejected> {
    let text = text.trim();
    if depth > DEPTH || text.is_empty() {
        return Err(NOT_A_DATE);
    }
    if let Some((inner, supplied)) = bracketed(text) {
        return single(inner, order, depth + 1).map(|inner| if supplied { uncertain(inner) } else { inner });
    }
    if text.len() == 5 && text.starts_with('c') && text.bytes().skip(1).all(|byte| byte.is_ascii_digit()) {
        return Err(Rejected::new(Why::Ambiguous, "circa, or the year of a copyright"));
    }
    if text.len() == 4 && text.ends_with('?') && text.bytes().take(3).all(|byte| byte.is_ascii_digit()) {
        return Err(Rejected::new(Why::Ambiguous, "a decade, or a year that is in doubt"));
    }
    if let Some(century) = dashed(text) {
        return Ok(century);
    }
    let reason = match point(text, order) {
        Err(rejected @ Rejected { why: Why::Unknown, .. }) => rejected,
        found => return found,
    };
    if let Some(found) = about_an_end(text, order) {
        return found;
    }
    if let Some((rest, mark)) = prefixed(text) {
        return single(rest, order, depth + 1).and_then(|inner| with(inner, mark));
    }
    for (words, mark) in SUFFIXES {
        if let Some(rest) = text.strip_suffix(words) {
            return single(rest, order, depth + 1).and_then(|inner| with(inner, *mark));
        }
    }
    Err(reason)
}

/// What stands in brackets around the whole text; square ones are a cataloguer's.
pub(super) fn bracketed(text: &str) -> Option<(&str, bool)> {
    [('[', ']', true), ('(', ')', false)].into_iter().find_map(|(open, close, supplied)| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        (!inner.contains([open, close])).then_some((inner, supplied))
    })
}

/// What a cataloguer supplied is uncertain, unless the text says how.
fn uncertain(inner: Point) -> Point {
    if inner.edtf.contains(['~', '?', '%', '[', '{', '.']) { inner } else { marked(inner, "?") }
}

fn prefixed(text: &str) -> Option<(&str, Mark)> {
    PREFIXES.iter().find_map(|(words, mark)| {
        let rest = text.strip_prefix(words)?;
        let glued = words.ends_with(char::is_alphabetic) && rest.starts_with(char::is_alphabetic);
        (!glued).then_some((rest, *mark))
    })
}

/// `ca. after 1700`: where the end is not exact, whether it is left out makes no difference.
fn about_an_end(text: &str, order: Order) -> Option<Result<Point, Rejected>> {
    let (rest, Mark::Approximate) = prefixed(text)? else { return None };
    let (end, mark) = prefixed(rest.trim_start())?;
    let open = match mark {
        Mark::Earlier | Mark::Before => Mark::Before,
        Mark::Later | Mark::After => Mark::After,
        _ => return None,
    };
    Some(single(end, order, DEPTH).and_then(|end| with(end, open)).and_then(|end| with(end, Mark::Approximate)))
}

/// The dates before or after one of a year, a month, a day, a decade or a century, as one of a set.
fn beyond(edtf: &str, mark: Mark) -> Option<String> {
    let later = mark == Mark::Later;
    let year = |year: i64| (1..=9998).contains(&year).then(|| format!("{year:04}"));
    let shift = |number: i64| if later { number + 1 } else { number - 1 };
    let parts: Vec<&str> = edtf.split('-').collect();
    let next = match *parts.as_slice() {
        [open] if open.len() == 4 && open.ends_with('X') => {
            let first = open.replace('X', "0").parse::<i64>().ok()?;
            let size = if open.ends_with("XX") { 100 } else { 10 };
            year(if later { first + size } else { first - 1 })?
        }
        [single] if single.len() == 4 => year(shift(single.parse().ok()?))?,
        [of, month] if of.len() == 4 => {
            let month = month.parse::<i64>().ok().filter(|month| (1..=12).contains(month))?;
            let months = of.parse::<i64>().ok()? * 12 + shift(month) - 1;
            format!("{}-{:02}", year(months / 12)?, months % 12 + 1)
        }
        [_, _, _] if edtf.len() == 10 => super::day_beside(edtf, later)?,
        _ => return None,
    };
    Some(if later { format!("[{next}..]") } else { format!("[..{next}]") })
}

/// `19--`, `195-`: decades and centuries as catalogues write them.
fn dashed(text: &str) -> Option<Point> {
    let digits = text.trim_end_matches(['-', '?']);
    let dashes = &text[digits.len()..];
    let open = match (digits.len(), dashes) {
        (2, "--" | "--?" | "??") => "XX",
        (3, "-" | "-?") => "X",
        _ => return None,
    };
    let known = digits.bytes().all(|digit| digit.is_ascii_digit());
    let sign = if dashes.ends_with("-?") { "?" } else { "" };
    known.then(|| Point { edtf: format!("{digits}{open}{sign}"), part: false })
}

fn marked(mut point: Point, sign: &str) -> Point {
    point.edtf = match point.edtf.split_once('/') {
        None => format!("{}{sign}", point.edtf),
        Some(("..", end)) => format!("../{end}{sign}"),
        // "ca. 1900-1910": the word stands before the first year and is said of it.
        Some((start, end)) if sign == "~" || end == ".." => format!("{start}{sign}/{end}"),
        Some((start, end)) => format!("{start}{sign}/{end}{sign}"),
    };
    point
}

fn with(inner: Point, mark: Mark) -> Result<Point, Rejected> {
    let signed = inner.edtf.ends_with(['~', '?', '%']);
    let single = !inner.edtf.contains(['/', '[', '{']);
    Ok(match mark {
        Mark::Label => inner,
        Mark::Earlier | Mark::Later if single && !signed => match beyond(&inner.edtf, mark) {
            Some(edtf) => Point { edtf, part: inner.part },
            None => return Err(Rejected::new(Why::Unknown, "more than EDTF can say")),
        },
        Mark::Earlier | Mark::Before if single => Point { edtf: format!("../{}", inner.edtf), part: inner.part },
        Mark::Later | Mark::After if single => Point { edtf: format!("{}/..", inner.edtf), part: inner.part },
        Mark::Approximate if single && signed && !inner.edtf.ends_with('?') => inner,
        Mark::Uncertain if single && signed && !inner.edtf.ends_with('~') => inner,
        Mark::Approximate | Mark::Uncertain if single && signed => {
            Point { edtf: format!("{}%", inner.edtf.trim_end_matches(['~', '?'])), part: inner.part }
        }
        Mark::Approximate | Mark::Uncertain if inner.edtf.contains(['[', '{', '~', '?', '%']) => {
            return Err(NOT_A_DATE);
        }
        Mark::Approximate => marked(inner, "~"),
        Mark::Uncertain => marked(inner, "?"),
        Mark::Before | Mark::After | Mark::Earlier | Mark::Later => return Err(NOT_A_DATE),
    })
}
