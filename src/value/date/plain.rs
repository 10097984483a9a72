//! Dates as most are written, which need no grammar: `1900`, `1900-05`, `1900-05-31`.

use super::read::{Date, Precision};

/// Whether a text is a year, a month or a day as most are written.
pub(super) fn is_plain(text: &str) -> bool {
    days(text).is_some()
}

/// A year, a month or a day, with its bounds. If the source is `padded`, a first of the month may
/// stand for the month.
pub(super) fn plain(text: &str, padded: bool) -> Option<Date> {
    let days = days(text)?;
    let bounds = match text.len() {
        4 => [[text, "-01-01"].concat(), [text, "-12-31"].concat()],
        7 => [[text, "-01"].concat(), [text, ["-28", "-29", "-30", "-31"][days as usize - 28]].concat()],
        _ => [text.to_owned(), text.to_owned()],
    };
    let uncertain = padded && text.len() == 10 && text.ends_with("-01");
    let precision = if uncertain { Precision::Uncertain } else { Precision::Stated };
    Some(Date { edtf: text.to_owned(), precision, bounds: bounds.map(Some) })
}

/// How many days the last month has of a year, a month or a day, if the text is one.
fn days(text: &str) -> Option<u32> {
    let bytes = text.as_bytes();
    let number = |from: usize, to: usize| {
        let digits = bytes.get(from..to)?;
        digits.iter().try_fold(0, |sum, byte| byte.is_ascii_digit().then(|| sum * 10 + u32::from(byte - b'0')))
    };
    if !matches!(bytes.len(), 4 | 7 | 10) || bytes.iter().skip(4).step_by(3).any(|byte| *byte != b'-') {
        return None;
    }
    // 9999 and the first day there is stand for a date that is not known.
    let year = number(0, 4).filter(|year| *year > 0 && *year < 9999 && text != "0001-01-01")?;
    let month = if bytes.len() == 4 { 12 } else { number(5, 7).filter(|month| (1..=12).contains(month))? };
    let days = days_of(year, month);
    if bytes.len() == 10 {
        number(8, 10).filter(|day| (1..=days).contains(day))?;
    }
    Some(days)
}

/// How many days a month has.
fn days_of(year: u32, month: u32) -> u32 {
    match month {
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_plain, plain};
    use crate::value::date::read::{Hint, read_any};

    #[test]
    fn plain_dates_are_what_the_grammar_makes_of_them() {
        let padded = Hint { padded: true, ..Hint::default() };
        let mut read = 0;
        for year in ["0000", "0001", "0999", "1582", "1700", "1899", "1900", "1999", "2000", "2024", "9999", "20x4"] {
            for end in 0..=13 * 33 {
                let (month, day) = (end / 33, end % 33);
                let texts = [year.to_owned(), format!("{year}-{month:02}"), format!("{year}-{month:02}-{day:02}")];
                for (text, hint) in texts.iter().flat_map(|text| [(text, Hint::default()), (text, padded)]) {
                    if let Some(date) = plain(text, hint.padded) {
                        assert!(is_plain(text), "{text}");
                        assert_eq!(Ok(date), read_any(text, hint), "{text}");
                        read += 1;
                    }
                }
            }
        }
        assert!(read > 10_000, "{read}");
        for text in ["", "19", "1900-5", "1900/05", "1900-05-1", "19000501", "+190-05", "1900-05/31", "１９００"] {
            assert_eq!(plain(text, true), None, "{text}");
        }
    }
}
