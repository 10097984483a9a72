//! Patterns of texts, as rules and profiles name them: `*/id/eprint/#*`.

/// A pattern: `*` is any text, `#` is a number, everything else is itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: String,
    /// Bytes that a text has to begin with.
    start: usize,
    /// The longest part between marks, for a quick look.
    longest: String,
}

impl Pattern {
    /// Reads a pattern.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let text = text.trim().to_owned();
        let parts = || text.split(['*', '#']);
        let start = parts().next().map_or(0, str::len);
        let longest = parts().max_by_key(|part| part.len()).unwrap_or_default().to_owned();
        Self { text, start, longest }
    }

    /// Whether the whole text, without the blanks around it, is of this form.
    #[must_use]
    pub fn fits(&self, text: &str) -> bool {
        let inked = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
        let bytes = text.as_bytes();
        let text = if inked(bytes.first()) && inked(bytes.last()) { bytes } else { text.trim().as_bytes() };
        let (start, rest) = self.text.as_bytes().split_at(self.start);
        text.strip_prefix(start).is_some_and(|after| contains(text, self.longest.as_bytes()) && rest_fits(rest, after))
    }

    /// The first bytes of its longest part, if that is a part of a path: a text without them is not of this form.
    #[must_use]
    pub fn path_start(&self) -> Option<[u8; PATH_START]> {
        let start = self.longest.as_bytes().first_chunk();
        start.filter(|start: &&[u8; PATH_START]| start[0] == b'/').copied()
    }
}

/// Bytes of a part of a path that are looked for first.
pub const PATH_START: usize = 4;

/// Whether a text contains a part; both are short, so that preparing a search costs more than it saves.
fn contains(text: &[u8], part: &[u8]) -> bool {
    match part.first() {
        Some(first) => text.windows(part.len()).any(|window| window[0] == *first && window == part),
        None => true,
    }
}

/// Matches with one place to go back to, the last `*`; a number takes all digits that follow.
fn rest_fits(pattern: &[u8], text: &[u8]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    loop {
        let step = match pattern.get(at) {
            None if read == text.len() => return true,
            Some(b'*') => {
                star = Some((at + 1, read));
                at += 1;
                continue;
            }
            Some(b'#') => {
                let digits = text[read..].iter().take_while(|byte| byte.is_ascii_digit()).count();
                (digits > 0).then_some(digits)
            }
            Some(byte) => (text.get(read) == Some(byte)).then_some(1),
            None => None,
        };
        match (step, star) {
            (Some(count), _) => {
                at += 1;
                read += count;
            }
            (None, Some((after, from))) if from < text.len() => {
                star = Some((after, from + 1));
                (at, read) = (after, from + 1);
            }
            _ => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn a_pattern_is_of_the_whole_text() {
        let cases = [
            ("oai:openimages.eu:*", "oai:openimages.eu:74462", true),
            ("oai:openimages.eu:*", "oai:openimages.europe:1", false),
            ("com_#_#", "com_10968_988", true),
            ("com_#_#", "com_10968", false),
            ("com_#_#", "com_10968_x", false),
            ("oai:*:article/#", "oai:ojs.spmfrjournal.org:article/88", true),
            ("oai:*:article/#", "oai:ojs.spmfrjournal.org:article/88a", false),
            ("http*://*/id/eprint/#*", "https://eprints.example.org/id/eprint/12/", true),
            ("http*://*/id/eprint/#*", "https://eprints.example.org/id/eprint/", false),
            ("*/a/#/b/#", "x/a/1/a/2/b/3", true),
            ("*", "", true),
            ("#", "", false),
            ("", "x", false),
        ];
        for (pattern, text, fits) in cases {
            assert_eq!(Pattern::new(pattern).fits(text), fits, "{pattern} {text}");
        }
    }
}
