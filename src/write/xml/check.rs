//! What the schema of the envelope allows, as far as values decide it.

use crate::value::date;

/// A datestamp in one of the two forms of the protocol (`UTCdatetimeType`).
pub(super) fn datestamp(text: &str) -> bool {
    let shape = |text: &str| -> String { text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect() };
    let fits = match shape(text).split_once('.') {
        None => matches!(shape(text).as_str(), "0000-00-00" | "0000-00-00T00:00:00Z"),
        Some((seconds, rest)) => {
            seconds == "0000-00-00T00:00:00"
                && rest.len() > 1
                && rest.strip_suffix('Z').is_some_and(|digits| digits.bytes().all(|byte| byte == b'0'))
        }
    };
    fits && date::instant(text).is_some()
}

/// A path of a set (`setSpecType`).
pub(super) fn set_spec(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.!~*'()".contains(c);
    text.split(':').all(|part| !part.is_empty() && part.chars().all(plain))
}

/// A language tag (`xs:language`), or the empty one that says none.
pub(super) fn language(text: &str) -> bool {
    let short = |part: &str| (1..=8).contains(&part.len());
    let mut parts = text.split('-');
    let first = parts.next().unwrap_or_default();
    text.is_empty()
        || short(first)
            && first.bytes().all(|byte| byte.is_ascii_alphabetic())
            && parts.all(|part| short(part) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::{datestamp, language, set_spec};

    #[test]
    fn datestamps_are_days_or_seconds_of_utc() {
        for right in ["2020-02-29", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.25Z"] {
            assert!(datestamp(right), "{right}");
        }
        for wrong in ["2020", "2020-02-30", "2020-01-01 00:00:00", "2020-01-01T00:00:00+02:00", "", "20200101"] {
            assert!(!datestamp(wrong), "{wrong}");
        }
    }

    #[test]
    fn sets_and_languages_follow_their_patterns() {
        assert!(set_spec("a:b-c") && !set_spec("a:") && !set_spec("a b") && !set_spec(""));
        assert!(language("nl") && language("zh-Hant-TW") && language("") && !language("nl_NL"));
    }
}
