//! The simple types of XML Schema that the formats use: what a value may look like.

use crate::xml::strict::BLANK;

/// A value with its blanks collapsed, as all types but strings take it (XML Schema 2 §4.3.6).
fn collapsed(value: &str) -> String {
    value.split(BLANK).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Any text.
pub fn text(_: &str) -> bool {
    true
}

/// `dateTime` (XML Schema 2 §3.2.7).
pub fn date_time(value: &str) -> bool {
    is_date_time(&collapsed(value))
}

/// `date` (§3.2.9).
pub fn date(value: &str) -> bool {
    is_date(&collapsed(value))
}

/// A date, or a date and time with a Z: `UTCdatetimeType`.
pub fn utc(value: &str) -> bool {
    let value = collapsed(value);
    is_date(&value) || (value.ends_with('Z') && is_date_time(&value))
}

fn is_date(value: &str) -> bool {
    day(value).is_some_and(zone)
}

fn is_date_time(value: &str) -> bool {
    let Some(rest) = day(value).and_then(|rest| rest.strip_prefix('T')) else { return false };
    let Some((time, rest)) = rest.split_at_checked(8) else { return false };
    let Some([hour, minute, second]) = numbers(time, ':') else { return false };
    let fraction = rest.strip_prefix('.').map(|rest| rest.bytes().take_while(u8::is_ascii_digit).count());
    if fraction == Some(0) {
        return false;
    }
    let (digits, rest) = rest.split_at(fraction.map_or(0, |digits| digits + 1));
    let midnight = hour == 24 && minute == 0 && second == 0 && digits.bytes().all(|byte| matches!(byte, b'.' | b'0'));
    (hour < 24 || midnight) && minute < 60 && second < 60 && zone(rest)
}

/// What follows the day that `value` starts with, if it exists in the calendar.
fn day(value: &str) -> Option<&str> {
    let unsigned = value.strip_prefix('-').unwrap_or(value);
    let digits = unsigned.bytes().take_while(u8::is_ascii_digit).count();
    let (year, rest) = unsigned.split_at(digits);
    let long = digits > 4 && year.starts_with('0');
    let (month_day, rest) = rest.strip_prefix('-')?.split_at_checked(5)?;
    let [month, day] = numbers(month_day, '-')?;
    if digits < 4 || long || year.bytes().all(|byte| byte == b'0') || day == 0 {
        return None;
    }
    // The calendar repeats every 400 years; a year before ours is one more than it says.
    let year: u32 = year[digits.saturating_sub(8)..].parse().ok()?;
    let year = if value.starts_with('-') { year - 1 } else { year };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return None,
    };
    (day <= days).then_some(rest)
}

/// Two-digit numbers with a sign between them.
fn numbers<const N: usize>(text: &str, sign: char) -> Option<[u32; N]> {
    let mut found = [0; N];
    let mut parts = text.split(sign);
    for number in &mut found {
        let part = parts.next().filter(|part| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit()))?;
        *number = part.parse().ok()?;
    }
    parts.next().is_none().then_some(found)
}

/// Whether it is nothing or a time zone.
fn zone(value: &str) -> bool {
    if value.is_empty() || value == "Z" {
        return true;
    }
    let offset = value.strip_prefix(['+', '-']).and_then(|offset| numbers(offset, ':'));
    offset.is_some_and(|[hour, minute]| (hour < 14 && minute < 60) || (hour == 14 && minute == 0))
}

/// `YYYY-MM-DD` or `YYYY-MM-DDThh:mm:ssZ`, and nothing else (OAI-PMH §3.3).
#[must_use]
pub fn granularity(value: &str) -> Option<Granularity> {
    let years = value.bytes().take_while(u8::is_ascii_digit).count() == 4;
    match value.len() {
        10 if years && is_date(value) => Some(Granularity::Day),
        20 if years && value.ends_with('Z') && is_date_time(value) => Some(Granularity::Second),
        _ => None,
    }
}

/// How exact a datestamp is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granularity {
    /// `YYYY-MM-DD`
    Day,
    /// `YYYY-MM-DDThh:mm:ssZ`
    Second,
}

impl Granularity {
    /// As `Identify` gives it.
    #[must_use]
    pub fn literal(self) -> &'static str {
        match self {
            Self::Day => "YYYY-MM-DD",
            Self::Second => "YYYY-MM-DDThh:mm:ssZ",
        }
    }

    /// In a word.
    #[must_use]
    pub fn unit(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Second => "second",
        }
    }
}

/// `duration` (§3.2.6).
pub fn duration(value: &str) -> bool {
    let value = collapsed(value);
    let Some(rest) = value.strip_prefix('-').unwrap_or(&value).strip_prefix('P') else { return false };
    let (days, time) = match rest.split_once('T') {
        Some((days, time)) => (days, Some(time)),
        None => (rest, None),
    };
    let parts = units(days, "YMD", false).zip(time.map_or(Some(0), |time| units(time, "HMS", true)));
    parts.is_some_and(|(days, times)| days + times > 0 && (time.is_none() || times > 0))
}

/// How many numbers with a unit there are, the units in their order.
fn units(text: &str, order: &str, fraction: bool) -> Option<usize> {
    let (mut rest, mut order, mut count) = (text, order, 0);
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let unit = rest[end..].chars().next()?;
        let number = &rest[..end];
        let place = order.find(unit)?;
        let whole = !number.contains('.');
        let parts: Vec<&str> = number.split('.').collect();
        let decimal = fraction && unit == 'S' && parts.len() == 2;
        if number.is_empty() || !(whole || decimal) || parts.iter().any(|part| part.is_empty()) {
            return None;
        }
        order = &order[place + 1..];
        rest = &rest[end + 1..];
        count += 1;
    }
    Some(count)
}

/// `anyURI` as validators understand it: escapes are whole, there is one fragment at most, a
/// scheme or host is not empty, a port is a number (RFC 2396). Blanks inside are let pass.
pub fn uri(value: &str) -> bool {
    let value = collapsed(value);
    let escaped = value
        .match_indices('%')
        .all(|(at, _)| value.as_bytes().get(at + 1..at + 3).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit)));
    if !escaped || value.matches('#').count() > 1 || value.starts_with(':') {
        return false;
    }
    let scheme = value.find(':').filter(|colon| is_scheme(&value[..*colon]));
    let rest = scheme.map_or(&*value, |colon| &value[colon + 1..]);
    let Some(rest) = rest.strip_prefix("//") else { return true };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let port = match host.rsplit_once(']') {
        Some((address, port)) if address.starts_with('[') => port.strip_prefix(':').or(Some(port)),
        Some(_) => return false,
        None if host.contains('[') => return false,
        None => host.split_once(':').map(|(_, port)| port),
    };
    port.is_none_or(|port| port.is_empty() || port.parse::<u16>().is_ok())
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

/// Whether a URI says what kind it is: a scheme, then something, without blanks (RFC 3986 §3).
#[must_use]
pub fn has_scheme(value: &str) -> bool {
    let scheme = value.split_once(':').filter(|(scheme, rest)| is_scheme(scheme) && !rest.is_empty());
    scheme.is_some() && !value.contains(char::is_whitespace)
}

/// `positiveInteger` (§3.3.25).
pub fn positive(value: &str) -> bool {
    let value = collapsed(value);
    let digits = value.strip_prefix('+').unwrap_or(&value);
    is_digits(digits) && digits.bytes().any(|byte| byte != b'0')
}

/// `nonNegativeInteger` (§3.3.20).
pub fn natural(value: &str) -> bool {
    let value = collapsed(value);
    let zero =
        value.strip_prefix('-').is_some_and(|digits| is_digits(digits) && digits.bytes().all(|byte| byte == b'0'));
    zero || is_digits(value.strip_prefix('+').unwrap_or(&value))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `language` (§3.3.3), or nothing at all, which XML 1.0 §2.12 allows in `xml:lang`.
pub fn language(value: &str) -> bool {
    if value.is_empty() {
        return true;
    }
    let value = collapsed(value);
    let mut parts = value.split('-');
    let first =
        parts.next().is_some_and(|part| (1..=8).contains(&part.len()) && is_ascii(part, u8::is_ascii_alphabetic));
    let others = parts.all(|part| (1..=8).contains(&part.len()) && is_ascii(part, u8::is_ascii_alphanumeric));
    first && others
}

fn is_ascii(text: &str, kind: fn(&u8) -> bool) -> bool {
    text.bytes().all(|byte| kind(&byte))
}

/// A name of letters, digits and `-_.!~*'()`: `metadataPrefixType`.
pub fn prefix(value: &str) -> bool {
    !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte))
}

/// Such names with colons between them: `setSpecType`.
pub fn set_spec(value: &str) -> bool {
    value.split(':').all(prefix)
}

/// `emailType`: something, `@`, and a dot with something on both sides, all without blanks.
pub fn email(value: &str) -> bool {
    let Some(at) = value.char_indices().skip(1).find(|(_, c)| *c == '@').map(|(at, _)| at) else { return false };
    let host: Vec<char> = value[at + 1..].chars().collect();
    let dotted = host.iter().enumerate().any(|(i, c)| *c == '.' && i > 0 && i + 1 < host.len());
    dotted && !value.contains(BLANK)
}

/// Latitude and longitude, perhaps a height, each with its sign (ISO 6709 annex H).
pub fn location(value: &str) -> bool {
    let value = collapsed(value);
    let value = value.strip_suffix('/').unwrap_or(&value);
    let starts: Vec<usize> = value.match_indices(['+', '-']).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([value.len()]);
    let numbers = starts.iter().zip(ends).all(|(start, end)| {
        let parts: Vec<&str> = value[start + 1..end].split('.').collect();
        parts.len() <= 2 && parts.iter().all(|part| is_digits(part))
    });
    starts.first() == Some(&0) && (2..=3).contains(&starts.len()) && numbers
}

/// One of the six verbs.
pub fn verb(value: &str) -> bool {
    ["Identify", "ListMetadataFormats", "ListSets", "GetRecord", "ListIdentifiers", "ListRecords"].contains(&value)
}

/// One of the eight error codes (OAI-PMH §3.6).
pub fn error_code(value: &str) -> bool {
    [
        "cannotDisseminateFormat",
        "idDoesNotExist",
        "badArgument",
        "badVerb",
        "noMetadataFormats",
        "noRecordsMatch",
        "badResumptionToken",
        "noSetHierarchy",
    ]
    .contains(&value)
}

/// How deletions are kept (OAI-PMH §2.5.1).
pub fn deleted_record(value: &str) -> bool {
    ["no", "persistent", "transient"].contains(&value)
}

/// One of the two granularities, as `Identify` spells them.
pub fn granularity_literal(value: &str) -> bool {
    [Granularity::Day.literal(), Granularity::Second.literal()].contains(&value)
}

/// The version of the protocol.
pub fn version(value: &str) -> bool {
    value == "2.0"
}

/// The only status of a record.
pub fn status(value: &str) -> bool {
    value == "deleted"
}
