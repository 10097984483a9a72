//! Dates of HTTP (RFC 9110 §5.6.7), and the clock of this machine.

use chrono::{DateTime, NaiveDateTime};
use std::time::{SystemTime, UNIX_EPOCH};

/// The instant a date of HTTP names, in microseconds since 1970-01-01T00:00:00Z; the two obsolete
/// forms are read too.
#[must_use]
pub fn instant(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(found) = DateTime::parse_from_rfc2822(text) {
        return Some(found.timestamp_micros());
    }
    let forms = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];
    let found = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())?;
    Some(found.and_utc().timestamp_micros())
}

/// Microseconds since 1970-01-01T00:00:00Z by our clock.
#[must_use]
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn all_three_forms_are_read() {
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(instant(text), Some(784_111_777_000_000), "{text}");
        }
        assert_eq!(instant("tomorrow"), None);
    }
}
