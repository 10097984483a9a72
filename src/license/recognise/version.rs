//! What stands behind the elements of a mention: version, jurisdiction, the same unit again.

use crate::license::data::tables::{self, el};
use crate::license::lex::fold::sep;
use crate::license::lex::lexicon::Lex;
use crate::license::lex::number::{self, Number};
use crate::license::recognise::claim::{Jurisdiction, Stated, Warnings};
use crate::license::recognise::mention::{Draft, Head, Scanner};
use crate::license::recognise::port::{self, Place};

impl Scanner<'_> {
    /// Version, port and small words behind the elements.
    pub fn tail(&self, d: &mut Draft, from: usize) {
        let mut j = from;
        let mut marked = false;
        for _ in 0..14 {
            let Some(lex) = self.lex(j) else { break };
            if !self.close(j, sep::WEAK | sep::COMMA | sep::PLUS) && !self.version_mark(j, lex) {
                break;
            }
            let s = self.sep(j);
            let boxed = s & sep::DASH != 0 && s & sep::PAREN != 0;
            if boxed && !matches!(lex, Lex::Cc(_) | Lex::Element(..) | Lex::License) {
                break;
            }
            match lex {
                Lex::License => j += 1,
                Lex::Version if d.version != Stated::Silent || (s == sep::DASH && !self.glued_version(j)) => break,
                Lex::Version => {
                    marked = true;
                    j += 1;
                }
                // "4.0 Unported" is no title of version 4.0
                Lex::Generic(false) if d.version == Stated::Known(tables::Version::V4_0) => break,
                Lex::Generic(_) => {
                    if d.port == Jurisdiction::NotStated {
                        d.port = Jurisdiction::Generic;
                    }
                    j += 1;
                    d.end = j;
                }
                Lex::Number => match self.version(d, j, marked) {
                    Some(next) => j = next,
                    None => break,
                },
                Lex::And if d.version.known().is_some() => {
                    match number::read(self.f, self.tokens, j + 1) {
                        // "2.5, 2.0 and 1.0"
                        Some((Number::Version(v), next))
                            if self.sep(j + 1) == sep::SPACE && d.version != Stated::Known(v) =>
                        {
                            d.versions.push(Stated::Known(v));
                            d.end = next;
                            j = next;
                        }
                        _ => break,
                    }
                }
                Lex::Cc(_) => match self.repeated(d, j) {
                    Some(next) => j = next,
                    None => break,
                },
                Lex::Place(p) if d.port == Jurisdiction::Port(p) && self.place_here(d, j) => {
                    j += 1;
                    d.end = j;
                }
                Lex::Place(p) if d.port == Jurisdiction::NotStated && self.place_here(d, j) => {
                    d.port = Jurisdiction::Port(p);
                    j += 1;
                    d.end = j;
                }
                _ if self.same_port(d, j) => {
                    j += 1;
                    d.end = j;
                }
                _ if d.port == Jurisdiction::NotStated => match self.port(d, j) {
                    Some(next) => j = next,
                    None => break,
                },
                _ => break,
            }
        }
    }

    /// `BY-SA/3.0`, `BY.3.0`, `v. 3.0`: other marks before a whole version.
    fn version_mark(&self, j: usize, lex: Lex) -> bool {
        let s = self.sep(j);
        let abbreviated = j > 0 && matches!(self.lex(j - 1), Some(Lex::Version)) && s & !(sep::DOT | sep::SPACE) == 0;
        let number = (lex == Lex::Number).then(|| number::read(self.f, self.tokens, j)).flatten();
        match number {
            Some((Number::Version(_), _)) => abbreviated || s == sep::SLASH || s == sep::DOT,
            Some((Number::Major(_), _)) => abbreviated,
            _ => false,
        }
    }

    /// The separators before token `k`, or those at the end of the text.
    fn after(&self, k: usize) -> u16 {
        if k < self.tokens.len() { self.sep(k) } else { self.f.tail }
    }

    /// The code of a port that is stated already: `3.0 Austria (CC-BY-3.0-AT)`.
    fn same_port(&self, d: &Draft, j: usize) -> bool {
        let Jurisdiction::Port(port) = d.port else { return false };
        let word = self.tokens.get(j).and_then(|t| self.f.words.get(t.from));
        word.is_some_and(|w| tables::port_of(self.f.text(w)) == Some(port))
            && self.close(j, sep::SPACE | sep::DASH)
            && self.close(j + 1, sep::BREAK | sep::PAREN | sep::SPACE | sep::DOT | sep::COMMA)
    }

    /// A name of a place counts beside a version.
    fn place_here(&self, d: &Draft, j: usize) -> bool {
        let before = self.close(j, sep::SPACE | sep::DASH | sep::PAREN);
        before
            && (d.version != Stated::Silent
                || (by_name(d) && matches!(number::read(self.f, self.tokens, j + 1), Some((Number::Version(_), _)))))
    }

    /// The same unit again as a code in brackets: `Attribution (CC-BY) 4.0`.
    fn repeated(&self, d: &mut Draft, j: usize) -> Option<usize> {
        let mut k = j;
        while matches!(self.lex(k), Some(Lex::Cc(_))) {
            k += 1;
        }
        let mut bits = 0;
        while let Some(Lex::Element(b, _)) = self.lex(k) {
            if bits & b != 0 || (bits != 0 && !self.close(k, sep::SPACE | sep::DASH)) {
                break;
            }
            bits |= b;
            k += 1;
        }
        if bits != d.bits {
            return None;
        }
        d.end = k;
        d.head = Head::Full;
        Some(k)
    }

    fn version(&self, d: &mut Draft, j: usize, marked: bool) -> Option<usize> {
        let comma = self.sep(j) & sep::COMMA != 0;
        let (number, next) = number::read(self.f, self.tokens, j)?;
        if d.version != Stated::Silent {
            // a list of versions of one unit: 2.5-2.0-1.0
            let Number::Version(v) = number else {
                return None;
            };
            // the same again behind a repeated code: "Attribution 4.0 (CC BY 4.0)"
            if d.version == Stated::Known(v) {
                d.end = next;
                return Some(next);
            }
            if self.sep(j) & !(sep::DASH | sep::COMMA | sep::SPACE | sep::SLASH) != 0
                || self.sep(j) == sep::SPACE
                || self.sep(j) == 0
            {
                return None;
            }
            d.versions.push(Stated::Known(v));
            d.end = next;
            return Some(next);
        }
        match number {
            Number::Version(v) => {
                d.version = Stated::Known(v);
                d.written = true;
            }
            Number::Impossible(text) if !comma || marked => {
                d.version = Stated::Impossible(text.into());
                d.written = true;
            }
            Number::Major(text) if !comma && (marked || self.stands_alone(next) || self.sep(j) & !sep::DASH == 0) => {
                // "BY-3-2.0", "BY 4.": a number that may be the rest of another
                let cut =
                    matches!(self.lex(next), Some(Lex::Number | Lex::Version)) && self.sep(next) & sep::BREAK == 0;
                if cut || self.after(next) & sep::DOT != 0 {
                    return None;
                }
                match tables::Version::from_major(&text) {
                    Some(v) => d.version = Stated::Known(v),
                    None if text == "2" => d.warnings |= Warnings::AMBIGUOUS_VERSION,
                    None if marked || self.sep(j) & !sep::DASH == 0 => {
                        d.version = Stated::Impossible(text.into());
                    }
                    None => return None,
                }
            }
            _ => return None,
        }
        d.end = next;
        Some(next)
    }

    /// Whether nothing but the end, a bracket or a word of licences follows.
    fn stands_alone(&self, k: usize) -> bool {
        self.sep(k) & (sep::STRONG | sep::PAREN | sep::COMMA | sep::SLASH) != 0
            || matches!(self.lex(k), None | Some(Lex::License | Lex::Generic(_) | Lex::Place(_) | Lex::Url))
    }

    fn port(&self, d: &mut Draft, j: usize) -> Option<usize> {
        let token = self.tokens.get(j)?;
        if token.to != token.from + 1 {
            return None;
        }
        let after_version = d.version != Stated::Silent;
        let before_version = !after_version
            && by_name(d)
            && matches!(number::read(self.f, self.tokens, j + 1), Some((Number::Version(_), _)));
        let follower = self.lex(j + 1);
        // a port that is glued on where other parts stand apart is a slip
        let word = self.f.words.get(token.from)?;
        let apart = (d.first + 1..j).any(|k| self.sep(k) & (sep::SPACE | sep::DASH) != 0);
        let between = !after_version && !by_name(d) && self.lex(j + 1) == Some(Lex::Number);
        if between || (word.sep == 0 && apart) {
            return None;
        }
        let read = port::code(self.f, token.from, after_version || before_version, after_version, follower);
        match read {
            Place::Known(p) => d.port = Jurisdiction::Port(p),
            Place::Impossible(text) if after_version && token.lex == Lex::Word => {
                d.port = Jurisdiction::Impossible(text.into());
            }
            _ => return None,
        }
        d.end = j + 1;
        Some(j + 1)
    }
}

/// Whether the unit is named in words. Between the codes of one, `NL` is a slip of the pen for `NC`.
fn by_name(d: &Draft) -> bool {
    d.bits & !d.code_bits & el::BY != 0
}
