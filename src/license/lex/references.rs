//! Character references and escaped slashes, undone with a map back.

use crate::license::License;

/// A decoded text and where its bytes come from.
pub(crate) struct Decoded {
    pub text: String,
    from: Vec<u32>,
}

/// Decodes a text, up to three times over; `None` when there is nothing to do.
pub(crate) fn decode(text: &str) -> Option<Decoded> {
    if !text.contains('&') && !text.contains('\\') {
        return None;
    }
    let identity = (0..=text.len()).map(|n| u32::try_from(n).unwrap_or(u32::MAX)).collect();
    let mut current = Decoded { text: text.to_owned(), from: identity };
    let mut changed = false;
    for _ in 0..3 {
        match once(&current) {
            Some(next) => {
                current = next;
                changed = true;
            }
            None => break,
        }
    }
    changed.then_some(current)
}

fn once(d: &Decoded) -> Option<Decoded> {
    let mut out = Decoded { text: String::with_capacity(d.text.len()), from: Vec::with_capacity(d.from.len()) };
    let mut changed = false;
    let mut i = 0;
    while let Some(c) = d.text.get(i..).and_then(|t| t.chars().next()) {
        let start = d.from.get(i).copied().unwrap_or(0);
        let (decoded, len) = match c {
            '&' => reference(&d.text[i..]).map_or((c, 1), |(c, n)| {
                changed = true;
                (c, n)
            }),
            '\\' if d.text[i..].starts_with("\\/") => {
                changed = true;
                ('/', 2)
            }
            _ => (c, c.len_utf8()),
        };
        out.text.push(decoded);
        out.from.resize(out.text.len(), start);
        i += len;
    }
    out.from.push(d.from.last().copied().unwrap_or(0));
    changed.then_some(out)
}

/// A character reference at the beginning of a text: character and length.
fn reference(text: &str) -> Option<(char, usize)> {
    let end = text.as_bytes().iter().take(12).position(|b| *b == b';')?;
    let name = text.get(1..end)?;
    let c = if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        char::from_u32(code)?
    } else {
        match name {
            "amp" | "AMP" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => '\u{a0}',
            "copy" | "COPY" => '©',
            "reg" => '®',
            "ndash" => '–',
            "mdash" => '—',
            "hyphen" => '‐',
            "shy" => '\u{ad}',
            "lsquo" => '‘',
            "rsquo" => '’',
            "ldquo" => '“',
            "rdquo" => '”',
            "laquo" => '«',
            "raquo" => '»',
            "eacute" => 'é',
            "egrave" => 'è',
            "agrave" => 'à',
            "aacute" => 'á',
            "iacute" => 'í',
            "oacute" => 'ó',
            "uacute" => 'ú',
            "ntilde" => 'ñ',
            "ccedil" => 'ç',
            "atilde" => 'ã',
            "otilde" => 'õ',
            "auml" => 'ä',
            "ouml" => 'ö',
            "uuml" => 'ü',
            "szlig" => 'ß',
            _ => return None,
        }
    };
    Some((c, end + 1))
}

impl Decoded {
    fn back(&self, at: usize) -> usize {
        self.from.get(at).or(self.from.last()).map_or(0, |n| *n as usize)
    }

    /// Moves the places of an answer back to the text that was given.
    pub fn map_back(&self, license: &mut License) {
        if let Some((a, b)) = license.span {
            license.span = Some((
                u32::try_from(self.back(a as usize)).unwrap_or(u32::MAX),
                u32::try_from(self.back(b as usize)).unwrap_or(u32::MAX),
            ));
        }
        if let Some(detail) = license.detail.as_mut() {
            for e in &mut detail.evidence {
                e.span = self.back(e.span.start)..self.back(e.span.end);
            }
            for part in &mut detail.parts {
                self.map_back(part);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_with_places() {
        let d = decode("a &amp;copy; b").expect("something to decode");
        assert_eq!(d.text, "a © b");
        assert_eq!(d.back(5), 13);
        assert_eq!(d.back(2), 2);
        assert!(decode("A & B").is_none());
    }
}
