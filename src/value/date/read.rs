//! Dates as people and machines write them, as EDTF (ISO 8601-2:2019, levels 0 to 2).

use super::point::{Order, Point, point};
use super::read;
use super::words::{AND, BETWEEN, Mark, OR, PREFIXES, REMARKS, Remark, SUFFIXES, UNKNOWN};
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
const NO_SUCH_TIME: Rejected = Rejected::new(Why::Impossible, "no such day or no such time");
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

fn dated(parsed: &Edtf, precision: Precision, hint: Hint) -> Date {
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

/// A day and a time in the basic form of ISO 8601 in the extended one: `20140820T101112+0200`.
fn extended(text: &str) -> Option<String> {
    let (day, rest) = text.split_once('T')?;
    let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
    let (time, offset) = rest.split_at(end);
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let day = (day.len() == 8 && digits(day)).then(|| format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]))?;
    match time.len() {
        4 => Some(format!("{day}T{}:{}{offset}", &time[..2], &time[2..])),
        6 => Some(format!("{day}T{}:{}:{}{offset}", &time[..2], &time[2..4], &time[4..])),
        _ => None,
    }
}

/// The day of a time to the minute (W3CDTF), which EDTF has no form for: `2014-08-20T10:11Z`.
fn to_the_minute(text: &str) -> Option<Result<Date, Rejected>> {
    let (day, time) = text.split_once(['T', ' '])?;
    let (time, offset) = time.split_at_checked(5)?;
    if day.len() != 10 || offset.starts_with(':') {
        return None;
    }
    // With seconds it can be asked whether there is such a time.
    let whole = timestamp(&format!("{day}T{time}:00{offset}"))?;
    let parsed = Edtf::parse(day).map_err(|_| NO_SUCH_TIME);
    Some(whole.and(parsed).map(|parsed| dated(&parsed, Precision::Stated, Hint::default())))
}

/// Whether EDTF loses something that a text has: a fraction of a second, or a time to the minute.
pub(super) fn loses(text: &str) -> bool {
    let text = text.trim();
    let extended = extended(text);
    let text = extended.as_deref().unwrap_or(text);
    let fraction = |at: usize| text.as_bytes().get(at).is_some_and(|byte| matches!(byte, b'.' | b','));
    to_the_minute(text).is_some() || timestamp_parts(text).is_some() && fraction(19)
}

/// The hour and so on of a local time, where the text has the shape of one: the date, the time to
/// the second, the offset.
pub(super) fn timestamp_parts(text: &str) -> Option<(&str, &str, &str)> {
    let (date, rest) = text.split_once(['T', ' '])?;
    let shape = |text: &str, form: &str| {
        text.len() == form.len()
            && text.bytes().zip(form.bytes()).all(|(a, b)| if b == b'9' { a.is_ascii_digit() } else { a == b })
    };
    if !shape(date, "9999-99-99") || !rest.is_char_boundary(8) || !shape(rest.get(..8)?, "99:99:99") {
        return None;
    }
    let (time, rest) = rest.split_at(8);
    // EDTF has no fractions of a second.
    let digits =
        rest.strip_prefix(['.', ',']).map_or(rest, |rest| rest.trim_start_matches(|l: char| l.is_ascii_digit()));
    let known = matches!(digits, "" | "Z" | "z")
        || shape(&digits.replace('-', "+"), "+9999")
        || shape(&digits.replace('-', "+"), "+99:99");
    known.then_some((date, time, digits))
}

fn timestamp(text: &str) -> Option<Result<Date, Rejected>> {
    let extended = extended(text);
    let text = extended.as_deref().unwrap_or(text);
    if let Some(found) = to_the_minute(text) {
        return Some(found);
    }
    let (date, time, offset) = timestamp_parts(text)?;
    // The NBA writes whole days so, and often a first of January for a year.
    let midnight = time == "00:00:00" && matches!(offset, "+0000" | "-0000");
    let written = if midnight {
        date.to_owned()
    } else {
        let offset = match offset {
            "z" | "+0000" | "-0000" | "+00:00" | "-00:00" => "Z".to_owned(),
            _ if offset.len() == 5 => format!("{}:{}", &offset[..3], &offset[3..]),
            _ => offset.to_owned(),
        };
        format!("{date}T{time}{offset}")
    };
    let precision = if midnight { Precision::Uncertain } else { Precision::Stated };
    Some(Edtf::parse(&written).map(|parsed| dated(&parsed, precision, Hint::default())).map_err(|_| NO_SUCH_TIME))
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
fn single(text: &str, order: Order, depth: u8) -> Result<Point, Rejected> {
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
fn bracketed(text: &str) -> Option<(&str, bool)> {
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
        Mark::Earlier if single => Point { edtf: format!("../{}", inner.edtf), part: inner.part },
        Mark::Later if single => Point { edtf: format!("{}/..", inner.edtf), part: inner.part },
        Mark::Before if single => Point { edtf: format!("../{}", inner.edtf), part: inner.part },
        Mark::After if single => Point { edtf: format!("{}/..", inner.edtf), part: inner.part },
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

/// `tussen 1900 en 1910`: one date within a range.
fn between(text: &str, order: Order) -> Option<Result<Point, Rejected>> {
    let dutch = text.strip_prefix("tussen ").and_then(|rest| rest.split_once(" en "));
    let (start, end) = dutch.or_else(|| text.strip_prefix("between ")?.split_once(" and "))?;
    let ends = single(start, order, 0).and_then(|start| Ok((start, single(end, order, 0)?)));
    Some(ends.and_then(|(start, end)| {
        let edtf = format!("[{}..{}]", start.edtf, end.edtf);
        let said = edtf.chars().all(|sign| sign.is_ascii_digit() || "-.[]".contains(sign));
        if said { Ok(Point { edtf, part: false }) } else { Err(Rejected::new(Why::Unknown, "more than EDTF can say")) }
    }))
}

/// Two ends; what the first lacks is taken from the second: `4-6 mei 1940`.
fn range(text: &str, order: Order) -> Option<Result<Point, Rejected>> {
    let text = text.strip_prefix("van ").or_else(|| text.strip_prefix("from ")).unwrap_or(text);
    let mut doubt = None;
    for word in BETWEEN {
        for (at, _) in text.match_indices(word) {
            let (left, right) = (&text[..at], &text[at + word.len()..]);
            let Some(end) = end_of(right, order) else {
                // Two dates, of which the second has the form but not the meaning of one.
                doubt = doubt
                    .or(single(right, order, 0).err().filter(|no| no.why != Why::Unknown && word.starts_with(' ')));
                continue;
            };
            let tails = right.match_indices([' ', '.', '-']).map(|(at, _)| &right[at..]);
            let mut starts = std::iter::once("").chain(tails).map(|tail| format!("{left}{tail}"));
            let Some(start) = starts.find_map(|start| end_of(&start, order)) else {
                continue;
            };
            let edtf = if start.edtf == end.edtf { start.edtf } else { format!("{}/{}", start.edtf, end.edtf) };
            if Edtf::parse(&edtf).is_err() {
                return Some(Err(Rejected::new(Why::Impossible, "a range that ends before it begins")));
            }
            return Some(Ok(Point { edtf, part: start.part || end.part }));
        }
    }
    doubt.map(Err)
}

/// One date that is not itself open or a range.
fn end_of(text: &str, order: Order) -> Option<Point> {
    single(text, order, 0).ok().filter(|point| !point.edtf.contains(['/', '[', '{']))
}

/// The same twice, as two fields of a source in one: `ca. 1973 ca. 1973`.
fn twice(text: &str, order: Order) -> Option<Result<Point, Rejected>> {
    let (first, second) = text.split_at_checked(text.len() / 2)?;
    (second.strip_prefix(' ')? == first).then(|| single(first, order, 0))
}

/// Dates in a row: all of them, or one of them.
fn several(text: &str, words: &[&str], order: Order, [open, close]: [char; 2]) -> Option<Result<Point, Rejected>> {
    words.iter().find_map(|word| {
        let mut dates: Vec<String> = Vec::new();
        let parts: Vec<_> = text.split(word).map(str::trim).filter(|part| !part.is_empty()).collect();
        // `1974 (1889)`, `1850 [1851]`: a reprint and its original, or a year and its correction.
        let bracketed = parts.iter().filter(|part| bracketed(part).is_some()).count();
        if bracketed > 0 && bracketed < parts.len() && parts.iter().all(|part| end_of(part, order).is_some()) {
            return Some(Err(Rejected::new(Why::Ambiguous, "a date and another in brackets")));
        }
        for part in &parts {
            let date = end_of(part, order)?.edtf;
            if !dates.contains(&date) {
                dates.push(date);
            }
        }
        let edtf = match dates.as_slice() {
            _ if parts.len() < 2 => return None,
            [date] => date.clone(),
            dates => format!("{open}{}{close}", dates.join(",")),
        };
        Some(Ok(Point { edtf, part: false }))
    })
}
