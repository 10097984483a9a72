//! From words to meanings: names by the trie, codes by their letters.

use crate::license::data::tables::el;
use crate::license::lex::broken_codes;
use crate::license::lex::fold::{Case, Folded, Kind, Word, sep};
use crate::license::lex::lexicon::{self, Lex};

/// A meaning and the words it stands on (`from` to, not including, `to`).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token {
    pub lex: Lex,
    pub from: usize,
    pub to: usize,
}

/// The meanings of a text, in order.
pub(crate) fn tokens(f: &Folded) -> Vec<Token> {
    let mut out = Vec::with_capacity(f.words.len() + 4);
    let mut i = 0;
    while let Some(word) = f.words.get(i) {
        match word.kind {
            Kind::Url => out.push(Token { lex: Lex::Url, from: i, to: i + 1 }),
            Kind::Digits => out.push(Token { lex: Lex::Number, from: i, to: i + 1 }),
            Kind::Copyright => out.push(Token { lex: Lex::Copyright, from: i, to: i + 1 }),
            Kind::Letters if is_copyright_letter(f, i) => {
                out.push(Token { lex: Lex::Copyright, from: i, to: i + 1 });
            }
            Kind::Letters => {
                // an abbreviation of a licence is one in capitals only
                let named = lexicon::longest(f, i)
                    .filter(|n| !matches!(n.0, Lex::Foreign(_, true)) || word.case == Case::Upper);
                let next = named.map_or(0, |n| n.1);
                match code(f, i, word) {
                    Some(c) if c.to >= next => c.push(&mut out, i),
                    _ => out.push(match (named, broken_codes::split(f, i)) {
                        (Some((lex, to)), broken) if broken.is_none_or(|b| to >= b.1) => Token { lex, from: i, to },
                        (_, Some((bits, to))) => Token { lex: Lex::Denied(bits), from: i, to },
                        _ => match broken_codes::misspelt(f.text(word)) {
                            0 => Token { lex: Lex::Word, from: i, to: i + 1 },
                            bits => Token { lex: Lex::Restrict(bits), from: i, to: i + 1 },
                        },
                    }),
                }
            }
        }
        i = out.last().map_or(i + 1, |t| t.to);
    }
    out
}

/// A code read from the letters of one word.
struct Code {
    cc: bool,
    elements: u16,
    to: usize,
    version_mark: bool,
}

impl Code {
    fn push(&self, out: &mut Vec<Token>, from: usize) {
        if self.cc {
            out.push(Token { lex: Lex::Cc(true), from, to: self.to });
        }
        if self.elements != 0 {
            out.push(Token { lex: Lex::Element(self.elements, true), from, to: self.to });
        }
        if self.version_mark {
            out.push(Token { lex: Lex::Version, from, to: self.to });
        }
    }
}

/// Reads words such as `cc`, `ccby`, `ccbyncsa`, `creativecommonsbync`, `ncnd`, `cc0`.
fn code(f: &Folded, i: usize, word: &Word) -> Option<Code> {
    let text = f.text(word);
    if word.accented || text.len() > 32 || text.len() < 2 {
        return None;
    }
    if !matches!(text[0], b'c' | b'b' | b'n' | b's') {
        return None;
    }
    let mut rest = text;
    let mut cc = false;
    for name in [&b"creativecommons"[..], b"cc"] {
        if let Some(r) = rest.strip_prefix(name) {
            rest = r;
            cc = true;
            break;
        }
    }
    let next_is_number = |at: usize| f.words.get(at).is_some_and(|w| w.kind == Kind::Digits && w.sep == 0);
    let mut version_mark = false;
    let mut elements = 0;
    while !rest.is_empty() {
        let bit = match rest {
            [b'b', b'y', ..] => el::BY,
            [b'n', b'c', ..] => el::NC,
            [b'n', b'd', ..] => el::ND,
            [b's', b'a', ..] => el::SA,
            b"v" if elements != 0 && next_is_number(i + 1) => {
                version_mark = true;
                break;
            }
            b"zero" if cc && elements == 0 => {
                return Some(Code { cc, elements: el::ZERO, to: i + 1, version_mark });
            }
            _ => return None,
        };
        if elements & bit != 0 {
            return None;
        }
        elements |= bit;
        rest = &rest[2..];
    }
    let mut to = i + 1;
    if cc
        && elements == 0
        && let Some(zero) = f.words.get(i + 1)
        && f.text(zero) == b"0"
        && (zero.sep == 0
            || (zero.sep & !(sep::DASH | sep::SPACE) == 0
                && !(f.sep_after(i + 1) == sep::DOT && f.words.get(i + 2).is_some_and(|w| w.kind == Kind::Digits))))
    {
        elements = el::ZERO;
        to = i + 2;
    }
    // "CCSA", "CCNC" are names of organisations; without BY only the written forms of the retired tools count
    let glued =
        cc && text.len() > 2 && elements & el::FOUR != 0 && elements & el::BY == 0 && !text.starts_with(b"creative");
    (!glued && (cc || elements != 0)).then_some(Code { cc, elements, to, version_mark })
}

/// Whether word `i` is the letter of `(c)`.
pub(crate) fn is_copyright_letter(f: &Folded, i: usize) -> bool {
    f.words.get(i).is_some_and(|w| f.text(w) == b"c" && w.sep & sep::PAREN != 0 && f.sep_after(i) & sep::PAREN != 0)
}
