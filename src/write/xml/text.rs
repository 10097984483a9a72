//! Text as XML writes it.

use std::fmt::Write as _;

/// Appends text as character data. What XML 1.0 can't hold (§2.2) becomes U+FFFD and is counted.
pub(super) fn characters(text: &str, replaced: &mut u64, out: &mut String) {
    escaped(text, |c| matches!(c, '&' | '<' | '>' | '\r'), replaced, out);
}

/// Appends text as the value of an attribute between double quotes.
pub(super) fn attribute(text: &str, replaced: &mut u64, out: &mut String) {
    escaped(text, |c| matches!(c, '&' | '<' | '>' | '"' | '\r' | '\n' | '\t'), replaced, out);
}

fn escaped(text: &str, special: impl Fn(char) -> bool, replaced: &mut u64, out: &mut String) {
    let stops = |c: char| special(c) || !allowed(c);
    let mut rest = text;
    while let Some(at) = rest.find(stops) {
        out.push_str(&rest[..at]);
        let Some(c) = rest[at..].chars().next() else { break };
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if allowed(c) => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            _ => {
                *replaced += 1;
                out.push('\u{fffd}');
            }
        }
        rest = &rest[at + c.len_utf8()..];
    }
    out.push_str(rest);
}

fn allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r') || c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}')
}
