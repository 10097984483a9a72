//! Dates: instants of services, and dates as people write them. The only module that names chrono.

mod function;
mod lists;
mod plain;
mod point;
mod read;
mod time;
mod words;

pub(super) use function::{FUNCTIONS, GUARDS, NARROWS, TAKES};
pub use point::Order;
pub use read::{Date, Hint, Precision};

use super::function::Rejected;
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime};

/// Reads a date.
pub fn read(text: &str, hint: Hint) -> Result<Date, Rejected> {
    match plain::plain(text, hint.padded) {
        Some(date) => Ok(date),
        None => read::read_any(text, hint),
    }
}

/// The instant a datestamp names, in microseconds since 1970-01-01T00:00:00Z; `None` where it
/// can't be said, as for a year alone. OAI-PMH allows days and seconds (§3.3); fractions, offsets,
/// a missing zone (read as UTC) and `20200101` occur and are read too.
#[must_use]
pub fn instant(text: &str) -> Option<i64> {
    let text = text.trim();
    let bytes = text.as_bytes();
    match bytes.len() {
        8 if bytes.iter().all(u8::is_ascii_digit) => midnight(&text[..4], &text[4..6], &text[6..]),
        10 if bytes[4] == b'-' && bytes[7] == b'-' => midnight(text.get(..4)?, text.get(5..7)?, text.get(8..)?),
        20 if bytes[19] == b'Z' && bytes.is_ascii() => second(&text[..19]),
        19.. => {
            // As the NBA writes it: an offset without its colon.
            let utc = text.strip_suffix("+0000").filter(|local| local.len() == 19 && local.is_ascii());
            if let Some(found) = utc.and_then(second) {
                return Some(found);
            }
            if let Ok(zoned) = DateTime::parse_from_rfc3339(text) {
                return Some(zoned.timestamp_micros());
            }
            let local = NaiveDateTime::parse_from_str(text.trim_end_matches(['Z', 'z']), "%Y-%m-%dT%H:%M:%S%.f")
                .or_else(|_| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S%.f"));
            if local.is_err() {
                return Some(DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z").ok()?.timestamp_micros());
            }
            Some(local.ok()?.and_utc().timestamp_micros())
        }
        _ => None,
    }
}

/// A second in UTC, written `2018-07-17T11:24:22` in ASCII.
fn second(text: &str) -> Option<i64> {
    let bytes = text.as_bytes();
    let part = |from: usize, to: usize| text[from..to].parse::<u32>().ok();
    let punctuation = [bytes[4], bytes[7], bytes[10], bytes[13], bytes[16]];
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    if punctuation != *b"--T::" || digits != 14 {
        return None;
    }
    let date = NaiveDate::from_ymd_opt(text[..4].parse().ok()?, part(5, 7)?, part(8, 10)?)?;
    let time = date.and_hms_opt(part(11, 13)?, part(14, 16)?, part(17, 19)?)?;
    Some(time.and_utc().timestamp_micros())
}

fn midnight(year: &str, month: &str, day: &str) -> Option<i64> {
    let date = NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    Some(date.and_time(NaiveTime::MIN).and_utc().timestamp_micros())
}

/// The day before or after one.
fn day_beside(day: &str, later: bool) -> Option<String> {
    let day = NaiveDate::parse_from_str(day, "%Y-%m-%d").ok()?;
    let beside = if later { day.succ_opt() } else { day.pred_opt() };
    beside.map(|day| day.format("%Y-%m-%d").to_string())
}

/// An instant as ISO 8601 in UTC, with a fraction only where there is one.
#[must_use]
pub fn written(micros: i64) -> String {
    let instant = DateTime::from_timestamp_micros(micros).unwrap_or_default();
    let (seconds, rest) = (micros.rem_euclid(86_400_000_000) / 1_000_000, micros.rem_euclid(1_000_000));
    if rest != 0 || !(0..=9999).contains(&instant.year()) {
        return instant.format("%Y-%m-%dT%H:%M:%S%.fZ").to_string();
    }
    let (year, month, day) = (instant.year() as u32, instant.month(), instant.day());
    let (hour, minute, second) = (seconds as u32 / 3600, seconds as u32 / 60 % 60, seconds as u32 % 60);
    let mut text = String::from("0000-00-00T00:00:00Z").into_bytes();
    let pairs = [(0, year / 100), (2, year % 100), (5, month), (8, day), (11, hour), (14, minute), (17, second)];
    for (at, number) in pairs {
        text[at] += (number / 10) as u8;
        text[at + 1] += (number % 10) as u8;
    }
    String::from_utf8(text).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn days_and_seconds_are_read_as_the_protocol_writes_them() {
        assert_eq!(instant("1970-01-02"), Some(86_400_000_000));
        assert_eq!(instant("1970-01-01T00:00:01Z"), Some(1_000_000));
    }

    #[test]
    fn common_departures_are_read() {
        assert_eq!(instant("1970-01-01T00:00:00.25Z"), Some(250_000));
        assert_eq!(instant("1970-01-01T00:00:01"), Some(1_000_000));
        assert_eq!(instant("1970-01-01T02:00:00+02:00"), Some(0));
        assert_eq!(instant("1970-01-01 00:00:01"), Some(1_000_000));
        assert_eq!(instant("1970-01-01T02:00:01+0200"), Some(1_000_000));
        assert_eq!(instant("19700102"), Some(86_400_000_000));
        assert_eq!(instant("1970-01-01T00:00:01+0000"), Some(1_000_000));
        assert_eq!(instant("1970-01-01T02:00:01+0200"), instant("1970-01-01T00:00:01+0000"));
    }

    #[test]
    fn what_is_no_instant_is_none() {
        for text in ["2020", "2020-01", "2015-030-11T16:48:53Z", "2020-13-01", "", "yesterday", "2020-é1-01"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
