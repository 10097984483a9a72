//! Durations: ISO 8601, and hours, minutes and seconds with colons.

use super::function::{Class, Function, Guard, Rejected, Value, Why, placeholder, text, unknown};
use std::fmt::Write;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "duration.iso8601",
        arguments: &["unit?"],
        class: Class::Canonical,
        forward: |text, unit| Ok(Value::one(read(text, unit)?.to_string())),
        backward: Some(|value, unit| Ok(Value::one(known(read(text(value)?, &[])?, unit)?))),
        doc: "A duration as ISO 8601, from `PT61S`, `00:01:52`, or bare numbers of the unit `s` or `ms`. Years and \
              months stay as they are.",
        example: ("00:01:52", &[]),
        source: "ISO 8601-1:2019 §5.5.2",
    },
    Function {
        name: "duration.seconds",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| match text.trim().strip_suffix(" s").map(|count| read(count, &["s"])) {
            Some(duration) => Ok(Value::one(duration?.to_string())),
            None => Err(NOT_ONE),
        },
        backward: Some(|value, _| Ok(Value::one(known(read(text(value)?, &[])?, &["s"])? + " s"))),
        doc: "A length as `33 s`, which is how the NBA describes a sound.",
        example: ("33 s", &[]),
        source: "NBA, description of Xeno-canto sounds",
    },
];

pub(super) const GUARDS: &[Guard] = &[Guard {
    name: "duration.is",
    test: |text| read(text, &[]).is_ok(),
    doc: "A duration in ISO 8601 or with colons.",
}];

/// A duration: counts of each unit, the seconds in milliseconds.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
struct Duration {
    years: u64,
    months: u64,
    weeks: u64,
    days: u64,
    hours: u64,
    minutes: u64,
    milliseconds: u64,
}

const SECOND: u64 = 1000;
const MINUTE: u64 = 60 * SECOND;
const HOUR: u64 = 60 * MINUTE;
const DAY: u64 = 24 * HOUR;

/// Counts above this are no length of anything.
const MOST: u64 = 1_000_000_000_000;

impl Duration {
    /// A length in hours, minutes and seconds.
    fn of(milliseconds: u64) -> Self {
        let (hours, rest) = (milliseconds / HOUR, milliseconds % HOUR);
        Self { hours, minutes: rest / MINUTE, milliseconds: rest % MINUTE, ..Self::default() }
    }

    /// Its length, days being of 24 hours; `None` for years and months.
    fn milliseconds(&self) -> Option<u64> {
        let days = self.weeks * 7 + self.days;
        let length = days * DAY + self.hours * HOUR + self.minutes * MINUTE + self.milliseconds;
        (self.years == 0 && self.months == 0).then_some(length)
    }

    /// The same with less than sixty seconds and minutes; hours do not become days.
    fn carried(self) -> Self {
        let time = Self::of(self.hours * HOUR + self.minutes * MINUTE + self.milliseconds);
        Self { hours: time.hours, minutes: time.minutes, milliseconds: time.milliseconds, ..self }
    }
}

impl std::fmt::Display for Duration {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut date = String::from("P");
        for (count, unit) in [(self.years, 'Y'), (self.months, 'M'), (self.weeks, 'W'), (self.days, 'D')] {
            if count > 0 {
                write!(date, "{count}{unit}")?;
            }
        }
        out.write_str(&date)?;
        let timeless = self.hours == 0 && self.minutes == 0 && self.milliseconds == 0;
        if timeless && date.len() > 1 {
            return Ok(());
        }
        out.write_char('T')?;
        for (count, unit) in [(self.hours, 'H'), (self.minutes, 'M')] {
            if count > 0 {
                write!(out, "{count}{unit}")?;
            }
        }
        let (seconds, fraction) = (self.milliseconds / SECOND, self.milliseconds % SECOND);
        match fraction {
            0 if seconds > 0 || timeless => write!(out, "{seconds}S"),
            0 => Ok(()),
            _ => write!(out, "{seconds}.{}S", format!("{fraction:03}").trim_end_matches('0')),
        }
    }
}

const NOT_ONE: Rejected = Rejected::new(Why::Unknown, "not a duration");

fn read(text: &str, unit: &[&str]) -> Result<Duration, Rejected> {
    let text = text.trim();
    if text.is_empty() {
        return placeholder("blank");
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let count = text.parse().ok().filter(|count| *count <= MOST).ok_or(NOT_ONE)?;
        return match unit {
            ["s"] => Ok(Duration::of(count * SECOND)),
            ["ms"] => Ok(Duration::of(count)),
            [] => Err(Rejected::new(Why::Ambiguous, "a number without its unit")),
            _ => unknown("no such unit: s, ms"),
        };
    }
    if text.contains(':') { clock(text) } else { iso(text) }
}

/// A number, and thousandths of it; no more than three decimals are kept apart.
fn decimal(text: &str) -> Option<u64> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(fraction) || fraction.len() > 3 || text.ends_with(['.', ',']) {
        return None;
    }
    let whole: u64 = whole.parse().ok().filter(|count| *count <= MOST / SECOND)?;
    Some(whole * SECOND + format!("{fraction:0<3}").parse::<u64>().ok()?)
}

fn iso(text: &str) -> Result<Duration, Rejected> {
    let (date, time) = match text.strip_prefix('P').ok_or(NOT_ONE)?.split_once('T') {
        Some((_, "")) => return Err(Rejected::new(Why::Impossible, "nothing behind the T")),
        Some(parts) => parts,
        None => (text.get(1..).unwrap_or_default(), ""),
    };
    if date.is_empty() && time.is_empty() {
        return Err(Rejected::new(Why::Impossible, "a duration of nothing"));
    }
    let mut read = Duration::default();
    for (section, units) in [(date, "YMWD"), (time, "HMS")] {
        let mut rest = section;
        let mut left = units;
        while let Some(at) = rest.find(|letter: char| letter.is_ascii_uppercase()) {
            let (count, unit) = (decimal(&rest[..at]).ok_or(NOT_ONE)?, &rest[at..=at]);
            // Each unit once, in the order of the standard.
            let Some(place) = left.find(unit) else {
                return Err(NOT_ONE);
            };
            let seconds = unit == "S";
            if !seconds && count % SECOND != 0 {
                return unknown("a fraction of more than a second");
            }
            let whole = count / SECOND;
            match (units.len(), unit) {
                (4, "Y") => read.years = whole,
                (4, "M") => read.months = whole,
                (4, "W") => read.weeks = whole,
                (4, _) => read.days = whole,
                (_, "H") => read.hours = whole,
                (_, "M") => read.minutes = whole,
                (..) => read.milliseconds = count,
            }
            left = &left[place + 1..];
            rest = &rest[at + 1..];
        }
        if !rest.is_empty() {
            return Err(NOT_ONE);
        }
    }
    Ok(read.carried())
}

fn clock(text: &str) -> Result<Duration, Rejected> {
    let parts: Vec<&str> = text.split(':').collect();
    let [hours, minutes, seconds] = match *parts.as_slice() {
        [hours, minutes, seconds] => [hours, minutes, seconds],
        [_, _] => return Err(Rejected::new(Why::Ambiguous, "hours and minutes, or minutes and seconds")),
        [_, _, _, _] => return Err(Rejected::new(Why::Ambiguous, "a time code that counts frames")),
        _ => return Err(NOT_ONE),
    };
    let whole = |text: &str| decimal(text).filter(|_| !text.contains(['.', ','])).map(|count| count / SECOND);
    let (hours, minutes) = (whole(hours).ok_or(NOT_ONE)?, whole(minutes).ok_or(NOT_ONE)?);
    let milliseconds = decimal(seconds).ok_or(NOT_ONE)?;
    if minutes > 59 || milliseconds >= MINUTE {
        return Err(Rejected::new(Why::Impossible, "more than 59 minutes or seconds"));
    }
    Ok(Duration { hours, minutes, milliseconds, ..Duration::default() })
}

/// The way back: the duration, or the bare number of a source that counts.
fn known(duration: Duration, unit: &[&str]) -> Result<String, Rejected> {
    match (unit, duration.milliseconds()) {
        (["ms"], Some(length)) => Ok(length.to_string()),
        (["s"], Some(length)) if length % SECOND == 0 => Ok((length / SECOND).to_string()),
        ([], _) => Ok(duration.to_string()),
        _ => unknown("not a whole number of the unit"),
    }
}
