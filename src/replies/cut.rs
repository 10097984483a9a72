//! Values cut out of a piece of JSON text, checked by `serde_json` unless they are plainly well-formed;
//! and places in it.

use crate::error::Error;
use crate::format::accept::accept;
use crate::xml::clean::lines;
use serde_json::Deserializer;
use serde_json::value::RawValue;

/// Why a value can't be cut out.
#[derive(Debug)]
pub(super) enum Cut {
    /// It does not end in this piece.
    More,
    /// It is no JSON, at this byte of the piece.
    Failed(usize, String),
    /// It may not be read.
    Refused(Box<Error>),
}

/// The value at `at`, as it stands. Without `last`, more text may follow.
pub(super) fn value(text: &str, at: usize, last: bool) -> Result<&str, Cut> {
    // The end of a list or object is its end, whatever follows.
    if let Some(end) = accept(text, at) {
        return Ok(&text[at..end]);
    }
    let rest = &text[at..];
    let mut values = Deserializer::from_str(rest).into_iter::<&RawValue>();
    match values.next() {
        Some(Ok(raw)) => {
            let raw = raw.get();
            let closed = raw.ends_with(['"', ']', '}']);
            if !last && !closed && raw.len() == rest.len() { Err(Cut::More) } else { Ok(raw) }
        }
        None => Err(Cut::More),
        Some(Err(error)) if error.is_eof() => Err(Cut::More),
        // `1.` and `-` may go on.
        Some(Err(error))
            if rest.ends_with(unfinished) && byte(rest, error.line(), error.column()) + 1 >= rest.len() =>
        {
            Err(Cut::More)
        }
        Some(Err(error)) => {
            let said = error.to_string();
            let said = match said.split(" at line ").next().unwrap_or(&said) {
                "expected ident" => "a word that is not true, false or null",
                said => said,
            };
            let said = format!("this is no JSON: {said}");
            Err(Cut::Failed(at + byte(rest, error.line(), error.column()), said))
        }
    }
}

/// What a number cut short may end in.
fn unfinished(c: char) -> bool {
    matches!(c, '.' | '-' | '+' | 'e' | 'E')
}

/// The byte of the character that `serde_json` names; its columns count bytes.
fn byte(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    let mut at = (before + column.saturating_sub(1)).min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The bytes as text, without a character cut at the end unless it is the last; or the byte that
/// is no UTF-8.
pub(super) fn utf8(bytes: &[u8], last: bool) -> Result<&str, usize> {
    match simdutf8::compat::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) => {
            let whole = error.valid_up_to();
            if error.error_len().is_none() && !last {
                return std::str::from_utf8(&bytes[..whole]).map_err(|_| whole);
            }
            Err(whole)
        }
    }
}

/// Number of characters: each has one byte that does not go on another. A byte holds the count of
/// each 255, so that many are counted at once.
fn characters(bytes: &[u8]) -> u64 {
    let count = |part: &[u8]| part.iter().fold(0_u8, |count, byte| count + u8::from(byte & 0xC0 != 0x80));
    bytes.chunks(255).map(|part| u64::from(count(part))).sum()
}

/// What lies before a piece.
#[derive(Debug, Default)]
pub(super) struct Base {
    /// Bytes.
    pub(super) bytes: u64,
    lines: u64,
    columns: u64,
}

impl Base {
    /// Line and column, both from 1, after `text`.
    pub(super) fn line(&self, text: &str) -> (u64, u64) {
        let lines = lines(text.as_bytes());
        let line = if lines == 0 { text } else { text.rsplit('\n').next().unwrap_or_default() };
        let before = if lines == 0 { self.columns } else { 0 };
        let characters = characters(line.as_bytes());
        (self.lines + lines + 1, before + characters + 1)
    }

    /// Goes on after `text`.
    pub(super) fn pass(&mut self, text: &str) {
        let (line, column) = self.line(text);
        self.bytes += text.len() as u64;
        self.lines = line - 1;
        self.columns = column - 1;
    }
}
