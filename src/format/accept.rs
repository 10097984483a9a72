//! Whether text is well-formed JSON, found sooner than by parsing it.
//!
//! What is accepted here is JSON; what is not may be JSON all the same, and a parser has to say.
//! Strings are looked at eight bytes at a time: most are short.

/// Lists and objects inside each other that are followed.
const DEPTH: u32 = 100;

/// Where the object or list that starts at `at` ends, if it is well-formed.
#[must_use]
pub fn accept(text: &str, at: usize) -> Option<usize> {
    let mut scan = Scan { bytes: text.as_bytes(), at };
    // The kinds of what is open, the innermost in the lowest bit: 1 is an object.
    let (mut open, mut depth) = (0_u128, 0_u32);
    loop {
        // A value, or the end of an empty list.
        match scan.next()? {
            kind @ (b'{' | b'[') => {
                if depth == DEPTH {
                    return None;
                }
                depth += 1;
                open = open << 1 | u128::from(kind == b'{');
                scan.at += 1;
                let closed = scan.next()? == kind + 2;
                if !closed {
                    if kind == b'{' {
                        scan.key()?;
                    }
                    continue;
                }
            }
            _ if depth == 0 => return None,
            b'"' => (scan.at, _) = string(scan.bytes, scan.at)?,
            _ => scan.at = word(scan.bytes, scan.at)?,
        }
        // What follows a value: the next one, or ends.
        loop {
            match (scan.next()?, open & 1) {
                (b',', kind) => {
                    scan.at += 1;
                    if kind == 1 {
                        scan.key()?;
                    }
                    break;
                }
                (b'}', 1) | (b']', 0) => {
                    scan.at += 1;
                    (open, depth) = (open >> 1, depth - 1);
                    if depth == 0 {
                        return Some(scan.at);
                    }
                }
                _ => return None,
            }
        }
    }
}

struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Scan<'_> {
    /// The byte that comes next, blanks skipped.
    #[inline]
    fn next(&mut self) -> Option<u8> {
        loop {
            match self.bytes.get(self.at)? {
                b' ' | b'\n' | b'\t' | b'\r' => self.at += 1,
                byte => return Some(*byte),
            }
        }
    }

    /// Goes past a key and its colon.
    fn key(&mut self) -> Option<()> {
        if self.next()? != b'"' {
            return None;
        }
        (self.at, _) = string(self.bytes, self.at)?;
        if self.next()? != b':' {
            return None;
        }
        self.at += 1;
        Some(())
    }
}

/// Where the string that starts at `at` ends, if it is one, and whether it has a backslash.
#[must_use]
#[inline]
pub fn string(bytes: &[u8], mut at: usize) -> Option<(usize, bool)> {
    let mut escaped = false;
    at += 1;
    loop {
        at = ordinary(bytes, at);
        match bytes.get(at)? {
            b'"' => return Some((at + 1, escaped)),
            b'\\' => at += escape(bytes, at)?,
            _ => return None,
        }
        escaped = true;
    }
}

/// Where the number, true, false or null that starts at `at` ends, if it is one.
#[must_use]
pub fn word(bytes: &[u8], mut at: usize) -> Option<usize> {
    let rest = &bytes[at..];
    if let Some(word) = ["true", "false", "null"].iter().find(|word| rest.starts_with(word.as_bytes())) {
        return Some(at + word.len());
    }
    if rest.first() == Some(&b'-') {
        at += 1;
    }
    match bytes.get(at)? {
        b'0' => at += 1,
        _ => at = digits(bytes, at)?,
    }
    if bytes.get(at) == Some(&b'.') {
        at = digits(bytes, at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at += 1;
        if matches!(bytes.get(at), Some(b'+' | b'-')) {
            at += 1;
        }
        at = digits(bytes, at)?;
    }
    Some(at)
}

/// Where one digit or more end.
fn digits(bytes: &[u8], at: usize) -> Option<usize> {
    let count = bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    (count > 0).then_some(at + count)
}

/// Bytes of the escape that starts at `at` with its backslash, if it is one.
fn escape(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(2),
        b'u' if bytes.get(at + 2..at + 6)?.iter().all(u8::is_ascii_hexdigit) => Some(6),
        _ => None,
    }
}

/// Where from `at` on the first quote, backslash or control character stands, or the end.
#[must_use]
#[inline]
pub fn ordinary(bytes: &[u8], mut at: usize) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    // The highest bit of each byte below `limit`: the lowest of these is one for certain.
    let below = |word: u64, limit: u64| word.wrapping_sub(ONES * limit) & !word & (ONES * 0x80);
    // With its second bit turned a quote comes to stand behind the control characters, and no other byte.
    let odd = |word: &[u8; 8]| {
        let word = u64::from_le_bytes(*word);
        below(word ^ (ONES * 0x02), 0x21) | below(word ^ (ONES * 0x5C), 1)
    };
    let start = at;
    while let Some(word) = bytes.get(at..).and_then(<[u8]>::first_chunk) {
        let found = odd(word);
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
        // Of a text that is not short, four words at a time.
        while at >= start + 24
            && let Some(words) = bytes.get(at..).and_then(<[u8]>::first_chunk::<32>)
            && words.as_chunks().0.iter().fold(0, |found, word| found | odd(word)) == 0
        {
            at += 32;
        }
    }
    let odd = |byte: &u8| *byte < b' ' || *byte == b'"' || *byte == b'\\';
    let rest = bytes.get(at..).unwrap_or_default();
    at + rest.iter().position(odd).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::{accept, ordinary};
    use proptest::prelude::*;
    use serde_json::Deserializer;
    use serde_json::value::RawValue;

    /// Where the parser says that the value ends.
    fn parsed(text: &str) -> Option<usize> {
        let mut values = Deserializer::from_str(text).into_iter::<&RawValue>();
        let raw = values.next()?.ok()?.get();
        Some(raw.len() + text.find(raw).unwrap_or_default())
    }

    #[test]
    fn what_is_common_is_accepted() {
        let common = [
            "{}",
            "[ ]",
            r#"{"a" : [1, -0.5e+3, true , null,"x\u00e9\n"], "b": {"c":[[],{}]}}"#,
            "[\"a longer text that takes more than one word, with an é in it\"]",
        ];
        for text in common {
            assert_eq!(accept(text, 0), Some(text.len()), "{text}");
            assert_eq!(accept(&format!("..{text} , 5"), 2), Some(text.len() + 2), "{text}");
        }
        let deep = format!("{}1{}", "[".repeat(100), "]".repeat(100));
        assert_eq!(accept(&deep, 0), Some(deep.len()));
    }

    #[test]
    fn what_is_no_json_is_not() {
        let odd = [
            "",
            "5",
            "\"a\"",
            "{",
            "[1",
            "[1,]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "[01]",
            "[1.]",
            "[.5]",
            "[+1]",
            "[1e]",
            "[\"\t\"]",
            "[\"\\x\"]",
            "[\"\\u12g4\"]",
            "[tru]",
            "[nul]",
            "[1}",
            "{\"a\":1]",
            "[\"a]",
            "[1 2]",
            "[-]",
            "[truefalse]",
        ];
        for text in odd {
            assert_eq!(accept(text, 0), None, "{text}");
        }
    }

    #[test]
    fn ordinary_bytes_end_where_one_by_one_they_would() {
        for byte in 0..=255_u8 {
            for at in 0..20 {
                let mut bytes = vec![b'a'; 24];
                bytes[at] = byte;
                let odd = byte < b' ' || byte == b'"' || byte == b'\\';
                for from in 0..=at {
                    assert_eq!(ordinary(&bytes, from), if odd { at } else { 24 }, "{byte} at {at}");
                }
            }
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_a_parser_accepts(parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "{", "}", "[", "]", ",", ":", "\"", "\\", "\"a\"", "\"a\":", " ", "\n", "1", "-", "0", ".", "5e", "+", "true", "null",
                "\\u00e9", "\u{1}", "é", "\"some longer text\"",
            ]), 0..24)) {
            let text = format!("[{}", parts.concat());
            if let Some(end) = accept(&text, 0) {
                prop_assert_eq!(parsed(&text), Some(end), "{}", text);
            }
        }

        #[test]
        fn any_json_without_oddities_is_accepted(value in any::<Vec<(String, f64, Option<bool>)>>()) {
            let text = serde_json::to_string(&value).unwrap();
            prop_assert_eq!(accept(&text, 0), Some(text.len()));
        }
    }
}
