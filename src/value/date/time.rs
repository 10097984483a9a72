//! Days with a time, as machines write them.

use super::read::{Date, Hint, Precision, dated};
use crate::value::function::{Rejected, Why};
use edtf_core::Edtf;

const NO_SUCH_TIME: Rejected = Rejected::new(Why::Impossible, "no such day or no such time");

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

pub(super) fn timestamp(text: &str) -> Option<Result<Date, Rejected>> {
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
