//! A walk over JSON text that a parser has accepted: it cuts values out as they stand, so that
//! the text of a number or the spelling of a string is never lost.

/// JSON text, and how far the walk is. The text must be well-formed.
#[derive(Debug, Clone)]
pub struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    /// A walk from the start of `text`.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The first byte of what comes next, blanks skipped; 0 at the end.
    pub fn peek(&mut self) -> u8 {
        let bytes = self.text.as_bytes();
        while bytes.get(self.at).is_some_and(u8::is_ascii_whitespace) {
            self.at += 1;
        }
        bytes.get(self.at).copied().unwrap_or_default()
    }

    /// Goes into the list or object that comes next.
    pub fn enter(&mut self) {
        self.peek();
        self.at += 1;
    }

    /// Goes to the next item or member; false after leaving the list or object.
    pub fn more(&mut self) -> bool {
        match self.peek() {
            b',' => {
                self.at += 1;
                true
            }
            b']' | b'}' | 0 => {
                self.at += 1;
                false
            }
            _ => true,
        }
    }

    /// The key that comes next, as it stands, with its quotes; then the walk is at its value.
    pub fn key(&mut self) -> &'a str {
        self.peek();
        let key = self.string();
        self.peek();
        self.at += 1;
        key
    }

    /// The value that comes next, as it stands.
    pub fn value(&mut self) -> &'a str {
        match self.peek() {
            b'"' => self.string(),
            b'{' | b'[' => self.nested(),
            _ => {
                let rest = &self.text[self.at..];
                let end = rest.find([',', ']', '}', ' ', '\t', '\n', '\r']).unwrap_or(rest.len());
                self.at += end;
                &rest[..end]
            }
        }
    }

    fn string(&mut self) -> &'a str {
        let start = self.at;
        let bytes = self.text.as_bytes();
        let mut at = (start + 1).min(bytes.len());
        while let Some(found) = memchr::memchr2(b'"', b'\\', &bytes[at..]) {
            at += found;
            if bytes[at] == b'"' {
                break;
            }
            at = (at + 2).min(bytes.len());
        }
        self.at = (at + 1).min(self.text.len());
        &self.text[start..self.at]
    }

    fn nested(&mut self) -> &'a str {
        let start = self.at;
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
pub fn unquoted(raw: &str) -> Option<std::borrow::Cow<'_, str>> {
    let inner = &raw[1..raw.len() - 1];
    if !inner.contains('\\') {
        return Some(inner.into());
    }
    serde_json::from_str::<String>(raw).ok().map(Into::into)
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
    fn compact_text_keeps_numbers_and_strings() {
        assert_eq!(compact("{ \"a b\" : [ 1.50 , -0 ,\n true ] }"), r#"{"a b":[1.50,-0,true]}"#);
    }

    #[test]
    fn half_a_surrogate_pair_is_no_text() {
        assert_eq!(unquoted(r#""\ud83d\ude00""#).as_deref(), Some("😀"));
        assert_eq!(unquoted(r#""\ud83d""#), None);
    }
}
