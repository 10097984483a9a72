//! Text for terminals: characters that a terminal takes as commands, or that change the order of what is shown, are
//! replaced by visible escapes.

use std::borrow::Cow;
use std::fmt::Write as _;

/// How an escape is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notation {
    /// `\x1b`, `\u202e`.
    Plain,
    /// `\u001b`, `\u202e`: JSON stays JSON.
    Json,
}

/// Whether a character is escaped: C0 but for tab and line feed, DEL, C1 (ECMA-48), the line and paragraph separator,
/// and the embeddings, overrides and isolates of the bidirectional algorithm (UAX #9).
#[must_use]
pub fn is_escaped(character: char) -> bool {
    matches!(character, '\0'..='\x08' | '\x0b'..='\x1f' | '\x7f'..='\u{9f}' | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}')
}

/// The text with an escape in the place of each character that a terminal must not get.
#[must_use]
pub fn escaped(text: &str, notation: Notation) -> Cow<'_, str> {
    if !text.contains(is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        let code = u32::from(character);
        // Writing to a text can't fail.
        let _ = match notation {
            _ if !is_escaped(character) => write!(out, "{character}"),
            Notation::Plain if code < 0x100 => write!(out, "\\x{code:02x}"),
            _ => write!(out, "\\u{code:04x}"),
        };
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_of_terminals_become_visible_and_everything_else_stays() {
        for (given, shown) in [
            ("\x1b]52;c;aGk=\x07", "\\x1b]52;c;aGk=\\x07"),
            ("a\u{9b}31mb\u{7f}", "a\\x9b31mb\\x7f"),
            ("gpj\u{202e}exe\u{2066}", "gpj\\u202eexe\\u2066"),
            ("one\u{2028}two\u{85}three\rfour", "one\\u2028two\\x85three\\x0dfour"),
            (
                "a line\n\tand a tab, Zoölogie, 鳥 👩‍🔬 עברית\u{200f}",
                "a line\n\tand a tab, Zoölogie, 鳥 👩‍🔬 עברית\u{200f}",
            ),
        ] {
            assert_eq!(escaped(given, Notation::Plain), shown, "{given:?}");
        }
    }

    #[test]
    fn json_stays_json() {
        assert_eq!(escaped("{\"a\": \"\u{9b}\u{202e}\"}", Notation::Json), "{\"a\": \"\\u009b\\u202e\"}");
    }
}
