//! Tags around a statement, as the licence chooser writes them.

use crate::license::lex::fold::sep;
use crate::license::lex::lexicon::Lex;
use crate::license::recognise::text::Reader;

/// Tags that show a text as it is.
const TAGS: [&str; 17] =
    ["a", "abbr", "b", "br", "cite", "div", "em", "font", "i", "img", "li", "p", "small", "span", "strong", "u", "ul"];

/// A tag is not longer.
const LENGTH: usize = 600;

impl Reader<'_> {
    /// Whether token `k` is the name, or a plain word in an attribute, of a tag that changes nothing.
    pub fn in_markup(&self, k: usize) -> bool {
        let plain = matches!(
            self.lex(k),
            Some(
                Lex::Word
                    | Lex::Number
                    | Lex::Mark
                    | Lex::Credit
                    | Lex::Item
                    | Lex::License
                    | Lex::Place(_)
                    | Lex::Zero
                    | Lex::Or
            )
        );
        if !plain || self.f.all & sep::PAREN == 0 {
            return false;
        }
        let (start, end) = self.bounds(k, k + 1);
        let mut from = start.saturating_sub(LENGTH);
        while !self.text.is_char_boundary(from) {
            from += 1;
        }
        let before = self.text.get(from..start).unwrap_or_default();
        let Some(open) = before.rfind(['<', '>']).filter(|n| before[*n..].starts_with('<')) else {
            return false;
        };
        let mut to = (end + LENGTH).min(self.text.len());
        while !self.text.is_char_boundary(to) {
            to -= 1;
        }
        let after = self.text.get(end..to).unwrap_or_default();
        let closed = after.find(['<', '>']).is_some_and(|n| after[n..].starts_with('>'));
        let inside = self.text.get(from + open + 1..end).unwrap_or_default();
        let name = inside.strip_prefix('/').unwrap_or(inside);
        let length = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        closed && TAGS.iter().any(|tag| tag.eq_ignore_ascii_case(&name[..length]))
    }
}

#[cfg(test)]
mod tests {
    use crate::license::{Status, parse};

    #[test]
    fn tags_of_the_chooser_change_nothing_and_others_may() {
        for text in [
            "<p>CC BY 4.0</p>",
            "<a rel=\"license\" href=\"http://creativecommons.org/licenses/by/4.0/\">CC BY 4.0</a>",
            "<a rel=\"license\" href=\"http://creativecommons.org/licenses/by/4.0/\"><img alt=\"Creative Commons License\" style=\"border-width:0\" src=\"https://i.creativecommons.org/l/by/4.0/88x31.png\" /></a><br />This work is licensed under a <a rel=\"license\" href=\"http://creativecommons.org/licenses/by/4.0/\">Creative Commons Attribution 4.0 International License</a>.",
        ] {
            assert_eq!(parse(text).status(), Status::Exact, "{text}");
        }
        for text in [
            "<del>CC BY 4.0</del>",
            "<s>CC BY 4.0</s>",
            "<!-- CC BY 4.0 -->",
            "CC BY-<b>NC</b> 4.0",
            "CC BY 3.0 <b",
            "CC BY < 4.0",
            "CC BY >= 3.0",
            "!CC BY 4.0",
            "[ ] CC BY 4.0",
        ] {
            assert_eq!((parse(text).status(), parse(text).uri()), (Status::Unclear, None), "{text}");
        }
    }
}
