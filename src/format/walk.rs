//! A walk over JSON text: it cuts values out as they stand, so that the text of a number or the
//! spelling of a string is never lost.
//!
//! Text that a parser has accepted is trusted. A walk can also judge on its way: what it finds sound
//! is JSON; what it does not may be JSON all the same, and a parser has to say.

use super::accept::{accept, string, word};
use std::borrow::Cow;

/// What is known of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// A parser accepted it.
    Accepted,
    /// It is well-formed as far as the walk is.
    Sound,
    /// It is not.
    Broken,
}

/// JSON text, and how far the walk is.
#[derive(Debug, Clone)]
pub struct Walk<'a> {
    text: &'a str,
    at: usize,
    /// Whether the string cut out last has a backslash.
    escaped: bool,
    state: State,
    /// Whether nothing was read yet of the list or object gone into last.
    first: bool,
    /// What is open, the innermost in the lowest bit: 1 is an object.
    open: u64,
}

impl<'a> Walk<'a> {
    /// A walk from the start of well-formed `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0, escaped: false, state: State::Accepted, first: false, open: 0 }
    }

    /// A walk from the start of text that may be anything.
    #[must_use]
    pub fn judging(text: &'a str) -> Self {
        Self { state: State::Sound, ..Self::new(text) }
    }

    /// Whether all that was walked over is well-formed.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.state != State::Broken
    }

    /// The byte the walk is at.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// Ends the walk, where the text is no JSON.
    #[cold]
    fn fail(&mut self) {
        self.state = State::Broken;
        self.at = self.text.len();
    }

    /// The first byte of what comes next, blanks skipped; 0 at the end.
    #[inline]
    pub fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        loop {
            let next = bytes.get(self.at).copied().unwrap_or_default();
            if next > b' ' || !matches!(next, b' ' | b'\n' | b'\t' | b'\r') {
                return next;
            }
            self.at += 1;
        }
    }

    /// Goes into the list or object that comes next.
    pub fn enter(&mut self) {
        self.open = self.open << 1 | u64::from(self.peek() == b'{');
        self.at += 1;
        self.first = true;
    }

    /// Goes to the next item or member, past blanks; false after leaving the list or object.
    #[inline]
    pub fn more(&mut self) -> bool {
        let first = self.first;
        self.first = false;
        match self.peek() {
            b',' if !first => {
                self.at += 1;
                let next = self.peek();
                if next == b']' || next == b'}' {
                    self.fail();
                    return false;
                }
                true
            }
            end @ (b']' | b'}') => {
                self.at += 1;
                if (end == b'}') != (self.open & 1 == 1) {
                    self.fail();
                }
                self.open >>= 1;
                false
            }
            0 => {
                self.fail();
                false
            }
            _ => {
                if !first {
                    self.fail();
                }
                first
            }
        }
    }

    /// The key that comes next, as it stands, with its quotes; then the walk is at its value.
    pub fn key(&mut self) -> &'a str {
        if self.peek() != b'"' {
            self.fail();
            return "\"\"";
        }
        let key = self.string();
        self.colon();
        key
    }

    #[inline]
    fn colon(&mut self) {
        if self.peek() == b':' {
            self.at += 1;
        } else {
            self.fail();
        }
    }

    /// Goes past the key that comes next to its value, if it is this one, in its plain spelling; the
    /// walk has to be at the key, as it is after [`Self::more`].
    #[inline]
    pub fn takes_key(&mut self, key: &str) -> bool {
        let count = key.len() + 2;
        let Some(found) = self.text.as_bytes()[self.at..].get(..count) else { return false };
        let is = found[0] == b'"' && found[count - 1] == b'"' && found[1..count - 1] == *key.as_bytes();
        if is {
            self.at += count;
            self.colon();
        }
        is
    }

    /// The text of the string that was cut out last; nothing if it is none.
    #[must_use]
    pub fn unquoted<'t>(&self, raw: &'t str) -> Option<Cow<'t, str>> {
        if self.escaped { unquoted(raw) } else { Some(raw[1..raw.len() - 1].into()) }
    }

    /// The value that comes next, as it stands.
    pub fn value(&mut self) -> &'a str {
        match self.peek() {
            b'"' => self.string(),
            b'{' | b'[' => self.nested(),
            _ => {
                let start = self.at;
                let Some(end) = word(self.text.as_bytes(), start) else {
                    self.fail();
                    return "null";
                };
                self.at = end;
                &self.text[start..end]
            }
        }
    }

    /// The text of the string that comes next, if it has no backslash.
    #[inline]
    pub fn plain(&mut self) -> Option<&'a str> {
        let start = self.at;
        let raw = self.string();
        if self.escaped {
            self.at = start;
            return None;
        }
        Some(&raw[1..raw.len() - 1])
    }

    #[inline]
    fn string(&mut self) -> &'a str {
        let start = self.at;
        let Some((end, escaped)) = string(self.text.as_bytes(), start) else {
            self.fail();
            return "\"\"";
        };
        (self.at, self.escaped) = (end, escaped);
        &self.text[start..end]
    }

    fn nested(&mut self) -> &'a str {
        let start = self.at;
        if self.state == State::Sound {
            match accept(self.text, start) {
                Some(end) => self.at = end,
                None => self.fail(),
            }
            return if self.is_sound() { &self.text[start..self.at] } else { "null" };
        }
        let mut depth = 0_usize;
        loop {
            match self.text.as_bytes().get(self.at) {
                None => break,
                Some(b'"') => {
                    self.string();
                    continue;
                }
                Some(b'{' | b'[') => depth += 1,
                Some(b'}' | b']') => depth -= 1,
                Some(_) => {}
            }
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        &self.text[start..self.at]
    }
}

/// The text of a JSON string, given with its quotes; nothing if it holds half a surrogate pair,
/// which is no text.
#[must_use]
pub fn unquoted(raw: &str) -> Option<Cow<'_, str>> {
    let inner = &raw[1..raw.len() - 1];
    if !inner.contains('\\') {
        return Some(inner.into());
    }
    serde_json::from_str::<String>(raw).ok().map(Into::into)
}

/// The UTF-16 units of a string with half a surrogate pair.
#[must_use]
pub fn units(raw: &str) -> Vec<u16> {
    let mut units = Vec::new();
    let mut rest = &raw[1..raw.len() - 1];
    while let Some(c) = rest.chars().next() {
        let escape = rest.strip_prefix("\\u").and_then(|hex| hex.get(..4));
        let unit = escape.and_then(|hex| u16::from_str_radix(hex, 16).ok());
        let taken = match (c, unit) {
            (_, Some(unit)) => {
                units.push(unit);
                6
            }
            ('\\', None) => {
                let simple: String = serde_json::from_str(&format!("\"{}\"", &rest[..2])).unwrap_or_default();
                units.extend(simple.encode_utf16());
                2
            }
            _ => {
                units.extend(c.encode_utf16(&mut [0; 2]).iter());
                c.len_utf8()
            }
        };
        rest = &rest[taken..];
    }
    units
}

/// JSON text without the blanks between its parts.
#[must_use]
pub fn compact(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    let mut walk = Walk::new(raw);
    while walk.peek() != 0 {
        if walk.peek() == b'"' {
            out.push_str(walk.string());
            continue;
        }
        let start = walk.at;
        walk.at += 1;
        while !matches!(walk.text.as_bytes().get(walk.at), None | Some(b'"' | b' ' | b'\t' | b'\n' | b'\r')) {
            walk.at += 1;
        }
        out.push_str(&walk.text[start..walk.at]);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Walk, compact, unquoted};

    #[test]
    fn values_are_cut_out_as_they_stand() {
        let mut walk = Walk::new(r#" { "a\"" : [1.50, {"b": "]"} ] , "c":null}"#);
        walk.enter();
        assert!(walk.more());
        assert_eq!(walk.key(), r#""a\"""#);
        assert_eq!(walk.value(), r#"[1.50, {"b": "]"} ]"#);
        assert!(walk.more());
        assert_eq!((walk.key(), walk.value()), ("\"c\"", "null"));
        assert!(!walk.more());
    }

    #[test]
    fn strings_end_at_their_quote_whatever_their_length() {
        for length in 0..80 {
            let inner = "é".repeat(length % 3) + &"a".repeat(length);
            for (odd, escaped) in [("", false), ("\\\\", true), ("\\\"", true), ("\\u0041", true)] {
                let raw = format!("\"{inner}{odd}{inner}\"");
                let text = format!("[{raw}, \"z\"]");
                let mut walk = Walk::new(&text);
                walk.enter();
                assert!(walk.more());
                assert_eq!(walk.value(), raw);
                assert_eq!(walk.unquoted(&raw), unquoted(&raw));
                assert_eq!(walk.escaped, escaped);
                assert!(walk.more());
                assert_eq!(walk.value(), "\"z\"");
            }
        }
    }

    #[test]
    fn a_key_is_taken_only_if_it_is_that_one() {
        let mut walk = Walk::new(r#"{ "ab" : 1, "a\u0062": 2, "": 3 }"#);
        walk.enter();
        assert!(walk.more() && walk.peek() == b'"');
        for wanted in ["a", "abc", "b", "ax"] {
            assert!(!walk.takes_key(wanted), "{wanted}");
        }
        assert!(walk.takes_key("ab"));
        assert_eq!(walk.value(), "1");
        assert!(walk.more() && walk.peek() == b'"' && !walk.takes_key("ab"));
        assert_eq!(walk.key(), r#""a\u0062""#);
        assert_eq!(walk.value(), "2");
        assert!(walk.more() && walk.peek() == b'"' && !walk.takes_key("ab"));
    }

    #[test]
    fn compact_text_keeps_numbers_and_strings() {
        assert_eq!(compact("{ \"a b\" : [ 1.50 , -0 ,\n true ] }"), r#"{"a b":[1.50,-0,true]}"#);
    }

    #[test]
    fn half_a_surrogate_pair_is_no_text() {
        assert_eq!(unquoted(r#""\ud83d\ude00""#).as_deref(), Some("😀"));
        assert_eq!(unquoted(r#""\ud83d""#), None);
    }
}
