//! Character data: references, line ends, and what to do with `&` that starts no reference.

use super::clean::allowed;
use crate::report::Fault;

/// A repair: fault, position in the raw text, what stood there.
pub type Found = (Fault, usize, String);

/// Appends the characters that `raw` stands for. Carriage returns become line ends as XML 1.0
/// §2.11 asks; repairs are told to `found`.
pub fn decode(raw: &str, out: &mut String, carriage: bool, found: &mut Vec<Found>) {
    let mut rest = raw;
    while let Some(at) = memchr::memchr(b'&', rest.as_bytes()) {
        push(&rest[..at], out, carriage);
        let position = raw.len() - rest.len() + at;
        rest = &rest[at..];
        let used = reference(rest, out, position, found);
        rest = &rest[used..];
    }
    push(rest, out, carriage);
}

fn push(text: &str, out: &mut String, carriage: bool) {
    if !carriage || !text.contains('\r') {
        out.push_str(text);
        return;
    }
    let mut lines = text.split('\r');
    out.push_str(lines.next().unwrap_or_default());
    for line in lines {
        if !line.starts_with('\n') {
            out.push('\n');
        }
        out.push_str(line);
    }
}

/// Reads the reference at the start of `rest`; gives the number of bytes used.
fn reference(rest: &str, out: &mut String, at: usize, found: &mut Vec<Found>) -> usize {
    let Some(name) = name(rest) else {
        out.push('&');
        let shown: String = rest.chars().take(12).collect();
        found.push((Fault::Ampersand, at, format!("{shown:?}: `&` kept as it stands")));
        return 1;
    };
    let used = name.len() + 2;
    match name {
        "amp" => out.push('&'),
        "lt" => out.push('<'),
        "gt" => out.push('>'),
        "quot" => out.push('"'),
        "apos" => out.push('\''),
        _ if name.starts_with('#') => return character(name, rest, out, at, found),
        _ => {
            let text = html_escape::decode_html_entities(&rest[..used]);
            if *text == rest[..used] {
                out.push_str(&rest[..used]);
                found.push((Fault::Entity, at, format!("&{name}; is unknown, kept as it stands")));
            } else {
                out.push_str(&text);
                found.push((Fault::Entity, at, format!("&{name}; is no entity of XML, read as {text:?}")));
            }
        }
    }
    used
}

/// The name between the `&` that `rest` starts with and `;`.
fn name(rest: &str) -> Option<&str> {
    let rest = rest.strip_prefix('&')?;
    let end = rest.bytes().take(64).position(|b| !(b.is_ascii_alphanumeric() || b"#._:-".contains(&b)))?;
    let name = &rest[..end];
    let digits = name.strip_prefix('#').map(|number| number.strip_prefix(['x', 'X']).unwrap_or(number));
    let right = match digits {
        Some(digits) if name.starts_with("#x") || name.starts_with("#X") => {
            !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_hexdigit())
        }
        Some(digits) => !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()),
        None => !name.is_empty() && !name.contains('#'),
    };
    (right && rest.as_bytes()[end] == b';').then_some(name)
}

fn number(name: &str) -> u32 {
    let digits = name.trim_start_matches('#');
    match digits.strip_prefix(['x', 'X']) {
        Some(hex) => u32::from_str_radix(hex, 16),
        None => digits.parse(),
    }
    .unwrap_or(u32::MAX)
}

fn character(name_: &str, rest: &str, out: &mut String, at: usize, found: &mut Vec<Found>) -> usize {
    let used = name_.len() + 2;
    let code = number(name_);
    if let Some(c) = char::from_u32(code).filter(|c| allowed(*c)) {
        out.push(c);
        return used;
    }
    if (0xD800..0xDC00).contains(&code) {
        let low = name(&rest[used..]).filter(|name| name.starts_with('#'));
        if let Some(low) = low.filter(|low| (0xDC00..0xE000).contains(&number(low))) {
            let joined = 0x10000 + ((code - 0xD800) << 10) + (number(low) - 0xDC00);
            if let Some(c) = char::from_u32(joined) {
                out.push(c);
                let detail = format!("&{name_};&{low}; are two halves, read as {c:?}");
                found.push((Fault::CharacterReference, at, detail));
                return used + low.len() + 2;
            }
        }
    }
    found.push((Fault::CharacterReference, at, format!("&{name_}; is no character of XML, left out")));
    used
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> (String, Vec<Fault>) {
        let (mut out, mut found) = (String::new(), Vec::new());
        decode(raw, &mut out, raw.contains('\r'), &mut found);
        (out, found.into_iter().map(|(fault, ..)| fault).collect())
    }

    #[test]
    fn the_references_of_xml_are_read_without_repair() {
        assert_eq!(read("&lt;a&gt; &amp;amp; &quot;&apos;&#233;&#x1F41F;"), ("<a> &amp; \"'é🐟".into(), vec![]));
    }

    #[test]
    fn no_character_is_dropped_around_a_bare_ampersand() {
        assert_eq!(read("A & B &"), ("A & B &".into(), vec![Fault::Ampersand; 2]));
        assert_eq!(read("?a=1&b=2;&"), ("?a=1&b=2;&".into(), vec![Fault::Ampersand; 2]));
        assert_eq!(read("&;&#;&#x;"), ("&;&#;&#x;".into(), vec![Fault::Ampersand; 3]));
    }

    #[test]
    fn html_entities_are_read_and_unknown_ones_kept() {
        assert_eq!(read("A&nbsp;B&bogus;"), ("A\u{a0}B&bogus;".into(), vec![Fault::Entity; 2]));
    }

    #[test]
    fn lone_surrogates_are_left_out_and_pairs_joined() {
        assert_eq!(read("a&#55349;b&#x0;"), ("ab".into(), vec![Fault::CharacterReference; 2]));
        assert_eq!(read("&#55349;é&#55349;"), ("é".into(), vec![Fault::CharacterReference; 2]));
        assert_eq!(read("&#55357;&#56351;"), ("🐟".into(), vec![Fault::CharacterReference]));
    }

    #[test]
    fn carriage_returns_become_line_ends_but_referenced_ones_stay() {
        assert_eq!(read("a\r\nb\rc&#13;d").0, "a\nb\nc\rd");
    }
}
