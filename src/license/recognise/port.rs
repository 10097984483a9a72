//! Port codes: two letters that are also words, initials and languages.

use crate::license::data::tables::{self, Port};
use crate::license::lex::fold::{Case, Folded, Kind, Word, sep};
use crate::license::lex::lexicon::Lex;

/// A word read as a port code.
pub(crate) enum Place {
    /// A port.
    Known(Port),
    /// Written like a port code, but there is none of that name.
    Impossible(String),
    /// No port code.
    None,
}

/// Codes that are also common words.
fn common_word(text: &[u8]) -> bool {
    matches!(
        text,
        b"in"
            | b"no"
            | b"at"
            | b"be"
            | b"it"
            | b"my"
            | b"us"
            | b"de"
            | b"es"
            | b"se"
            | b"si"
            | b"il"
            | b"hr"
            | b"ch"
            | b"co"
            | b"am"
            | b"is"
            | b"pe"
            | b"ca"
            | b"ve"
            | b"au"
    )
}

/// Reads word `i`; `beside` a version it may be a port, `behind` one an unknown code is an error.
pub(crate) fn code(f: &Folded, i: usize, beside: bool, behind: bool, follower: Option<Lex>) -> Place {
    let Some(word) = f.words.get(i).filter(|w| w.kind == Kind::Letters && !w.accented) else {
        return Place::None;
    };
    let text = f.text(word);
    let port = tables::port_of(text);
    if port.is_none() && !(2..=3).contains(&text.len()) {
        return Place::None;
    }
    let after = f.sep_after(i);
    let last = i + 1 >= f.words.len();
    let ends = last
        || after & (sep::STRONG | sep::PAREN | sep::COMMA | sep::SLASH | sep::DOT | sep::COLON | sep::OTHER) != 0
        || matches!(follower, Some(Lex::License | Lex::Url | Lex::Copyright | Lex::Generic(_)));
    if word.sep == sep::DASH || word.sep == 0 {
        return compact(word, text, port, behind, beside, ends);
    }
    if word.sep & !(sep::SPACE | sep::DASH | sep::PAREN | sep::COLON) != 0 {
        return Place::None;
    }
    if word.sep & sep::PAREN != 0 {
        return match port {
            Some(p) if beside && after & sep::PAREN != 0 => Place::Known(p),
            _ => Place::None,
        };
    }
    let next = f.words.get(i + 1);
    if word.case == Case::Upper {
        let Some(p) = port else {
            return if behind && ends && text.len() == 2 && text.is_ascii() {
                Place::Impossible(lossy(text))
            } else {
                Place::None
            };
        };
        if !beside && !ends {
            return Place::None;
        }
        if !ends && let Some(next) = next {
            let adjective = matches!(text, b"us" | b"uk") && next.case != Case::Lower && next.kind == Kind::Letters;
            let shouting = common_word(text) && next.case == Case::Upper && next.kind == Kind::Letters;
            if (adjective || shouting) && after == sep::SPACE {
                return Place::None;
            }
        }
        return Place::Known(p);
    }
    match port {
        Some(p) if beside && !behind => Place::Known(p),
        Some(p)
            if beside
                && ends
                && (last || !common_word(text) || text == b"au" || text == b"ca" || word.case == Case::Title) =>
        {
            Place::Known(p)
        }
        _ => Place::None,
    }
}

/// A code glued on: `3.0-nl`, `1.0au`, `by-sa-nl`.
fn compact(word: &Word, text: &[u8], port: Option<Port>, behind: bool, beside: bool, ends: bool) -> Place {
    match port {
        Some(p) if beside || (ends && word.sep == sep::DASH) => Place::Known(p),
        None if behind && word.sep == sep::DASH && text.is_ascii() => Place::Impossible(lossy(text)),
        _ => Place::None,
    }
}

fn lossy(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}
