//! Numbers that may be versions.

use crate::license::data::tables::Version;
use crate::license::lex::fold::{Folded, sep};
use crate::license::lex::lexicon::Lex;
use crate::license::lex::tokens::Token;

/// A number as a version.
pub(crate) enum Number {
    /// A version there is.
    Version(Version),
    /// Written like a version, but there is none of that name.
    Impossible(String),
    /// One digit.
    Major(String),
}

fn digits<'a>(f: &'a Folded, tokens: &[Token], k: usize) -> Option<&'a str> {
    let t = tokens.get(k).filter(|t| t.lex == Lex::Number)?;
    std::str::from_utf8(f.text(f.words.get(t.from)?)).ok()
}

/// Reads a version that begins at token `k`; gives the next token too.
pub(crate) fn read(f: &Folded, tokens: &[Token], k: usize) -> Option<(Number, usize)> {
    let first = digits(f, tokens, k)?;
    let glued = tokens.get(k).and_then(|t| f.words.get(t.from)).is_some_and(|w| w.sep == 0);
    if let (true, Some((major, minor))) = (glued && first.len() == 2, first.split_at_checked(1)) {
        // "CCBY40": a version whose stop was stripped
        return Version::from_text(&[major, ".", minor].concat()).map(|v| (Number::Version(v), k + 1));
    }
    if first.len() > 1 {
        return None;
    }
    let sep_of = |n: usize| tokens.get(n).and_then(|t| f.words.get(t.from)).map_or(sep::STRONG, |w| w.sep);
    let Some(second) = digits(f, tokens, k + 1) else {
        return Some((Number::Major(first.to_owned()), k + 1));
    };
    let between = sep_of(k + 1);
    if between == sep::DOT {
        if second.len() > 2 {
            return None;
        }
        if sep_of(k + 2) == sep::DOT
            && let Some(third) = digits(f, tokens, k + 2)
        {
            return Some((Number::Impossible([first, ".", second, ".", third].concat()), k + 3));
        }
        let text = [first, ".", second].concat();
        return Some(match Version::from_text(&text) {
            Some(v) => (Number::Version(v), k + 2),
            None => (Number::Impossible(text), k + 2),
        });
    }
    if between & !(sep::SPACE | sep::DASH | sep::COMMA) == 0 && between.is_power_of_two() && second.len() == 1 {
        let listed = sep_of(k + 2) == sep::DOT && digits(f, tokens, k + 2).is_some();
        if !listed && let Some(v) = Version::from_text(&[first, ".", second].concat()) {
            return Some((Number::Version(v), k + 2));
        }
    }
    Some((Number::Major(first.to_owned()), k + 1))
}
