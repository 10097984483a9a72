//! Bytes to text that XML allows: bad UTF-8 and forbidden characters are repaired and counted.

use crate::report::Fault;
use std::borrow::Cow;

/// A repair made before parsing: where in the clean text and in the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// What was wrong.
    pub fault: Fault,
    /// Where in the clean text the repaired part starts.
    pub text: usize,
    /// Where in the bytes it starts.
    pub byte: usize,
    /// Whether the repaired part is in the text, not left out.
    kept: bool,
    /// Bytes less (or, negative, more) in the text than in the input from here on.
    shift: isize,
    /// What stood there.
    pub detail: String,
}

/// Text and the repairs it took.
#[derive(Debug)]
pub struct Clean<'a> {
    /// The text, borrowed where nothing had to be repaired.
    pub text: Cow<'a, str>,
    /// The repairs, in order.
    pub marks: Vec<Mark>,
    /// Whether there is a carriage return anywhere.
    pub carriage: bool,
}

impl Clean<'_> {
    /// The byte of the input that position `text` of the clean text came from.
    #[must_use]
    pub fn byte(&self, text: usize) -> usize {
        self.shifted(text, self.marks.partition_point(|mark| mark.text < text || (mark.text == text && !mark.kept)))
    }

    /// Bytes of the input that the text up to position `text` was made of; what was left out right
    /// there is not among them.
    #[must_use]
    pub fn used(&self, text: usize) -> usize {
        self.shifted(text, self.marks.partition_point(|mark| mark.text < text))
    }

    fn shifted(&self, text: usize, marks: usize) -> usize {
        text.saturating_add_signed(marks.checked_sub(1).map_or(0, |last| self.marks[last].shift))
    }
}

/// Bytes to clean text. In a piece that is not the last, a sequence cut at its end is left out.
#[must_use]
pub fn clean(bytes: &[u8], last: bool) -> Clean<'_> {
    let (text, broken) = match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => (text, false),
        Err(error) => {
            let (valid, _) = bytes.split_at(error.valid_up_to());
            let cut_at_end = error.error_len().is_none() && !last;
            (std::str::from_utf8(valid).unwrap_or_default(), !cut_at_end)
        }
    };
    let Seen { control, carriage, high } = look(bytes);
    if broken || control || (high && nonchars(bytes)) {
        repaired(bytes, last, carriage)
    } else {
        Clean { text: Cow::Borrowed(text), marks: Vec::new(), carriage }
    }
}

/// What one pass over the bytes found.
struct Seen {
    /// Control characters that XML forbids.
    control: bool,
    /// Carriage returns.
    carriage: bool,
    /// 0xEF, which starts the noncharacters among others.
    high: bool,
}

fn look(bytes: &[u8]) -> Seen {
    let (mut control, mut carriage, mut high) = (0_u8, 0_u8, 0_u8);
    for chunk in bytes.chunks(64) {
        for byte in chunk {
            let allowed = u8::from(*byte == b'\t') | u8::from(*byte == b'\n') | u8::from(*byte == b'\r');
            control |= u8::from(*byte < 0x20) & (allowed ^ 1);
            carriage |= u8::from(*byte == b'\r');
            high |= u8::from(*byte == 0xEF);
        }
    }
    Seen { control: control != 0, carriage: carriage != 0, high: high != 0 }
}

/// Number of line ends.
#[must_use]
pub fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// Whether U+FFFE or U+FFFF may be there.
fn nonchars(bytes: &[u8]) -> bool {
    memchr::memchr_iter(0xEF, bytes).any(|at| matches!(bytes.get(at + 1..at + 3), Some([0xBF, 0xBE | 0xBF])))
}

/// Whether XML 1.0 allows the character (production 2, `Char`).
#[must_use]
pub fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

fn repaired(bytes: &[u8], last: bool, carriage: bool) -> Clean<'_> {
    let mut text = String::with_capacity(bytes.len());
    let mut marks: Vec<Mark> = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (valid, bad) = match std::str::from_utf8(rest) {
            Ok(valid) => (valid, 0),
            Err(error) => {
                let (valid, _) = rest.split_at(error.valid_up_to());
                let cut = rest.len() - error.valid_up_to();
                let length = match error.error_len() {
                    Some(length) => length,
                    None if last => cut,
                    None => 0,
                };
                (std::str::from_utf8(valid).unwrap_or_default(), length)
            }
        };
        let base = bytes.len() - rest.len();
        let mut kept = 0;
        for (at, c) in valid.char_indices().filter(|(_, c)| !allowed(*c)) {
            text.push_str(&valid[kept..at]);
            kept = at + c.len_utf8();
            let detail = format!("U+{:04X} left out", u32::from(c));
            mark(&mut marks, Fault::Control, text.len(), base + at, c.len_utf8(), 0, detail);
        }
        text.push_str(&valid[kept..]);
        let at = base + valid.len();
        if bad == 0 {
            break;
        }
        for (i, byte) in bytes[at..at + bad].iter().enumerate() {
            let read = windows_1252(*byte);
            let detail = format!("byte 0x{byte:02X} is not UTF-8, read as {read:?}");
            mark(&mut marks, Fault::Encoding, text.len(), at + i, 1, read.len_utf8(), detail);
            text.push(read);
        }
        rest = &bytes[at + bad..];
    }
    Clean { text: Cow::Owned(text), marks, carriage }
}

fn mark(marks: &mut Vec<Mark>, fault: Fault, text: usize, byte: usize, old: usize, new: usize, detail: String) {
    let before = marks.last().map_or(0, |mark| mark.shift);
    marks.push(Mark { fault, text, byte, kept: new > 0, shift: before + old as isize - new as isize, detail });
}

/// The character of a byte in Windows-1252; U+FFFD where it has none.
fn windows_1252(byte: u8) -> char {
    match byte {
        0x81 | 0x8D | 0x8F | 0x90 | 0x9D => '\u{FFFD}',
        _ => {
            let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(std::slice::from_ref(&byte));
            text.chars().next().unwrap_or('\u{FFFD}')
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clean_bytes_are_borrowed() {
        let clean = clean("é\tplain".as_bytes(), true);
        assert!(matches!(clean.text, Cow::Borrowed("é\tplain")));
        assert!(clean.marks.is_empty());
    }

    #[test]
    fn a_control_character_is_left_out_and_later_positions_still_point_at_the_input() {
        let clean = clean(b"ab\x0bcd\x01e", true);
        assert_eq!(clean.text, "abcde");
        assert_eq!(clean.marks.iter().map(|mark| mark.byte).collect::<Vec<_>>(), [2, 5]);
        assert_eq!([clean.byte(1), clean.byte(3), clean.byte(5)], [1, 4, 7]);
    }

    #[test]
    fn bytes_that_are_not_utf8_are_read_as_windows_1252() {
        let clean = clean(b"caf\xe9 \x93x\x94 \x81", true);
        assert_eq!(clean.text, "café \u{201c}x\u{201d} \u{fffd}");
        assert_eq!(clean.marks.len(), 4);
        assert_eq!(clean.byte(6), 5);
    }

    #[test]
    fn a_sequence_cut_at_the_end_of_a_piece_waits_for_the_next() {
        assert_eq!(clean(b"caf\xc3", false).text, "caf");
        assert_eq!(clean(b"caf\xc3", true).text, "cafÃ");
    }

    #[test]
    fn noncharacters_are_left_out() {
        assert_eq!(clean("a\u{ffff}b\u{fffd}".as_bytes(), true).text, "ab\u{fffd}");
    }
}
