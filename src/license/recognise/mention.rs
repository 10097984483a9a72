//! The grammar: which meanings beside each other are one mention of a licence.

use crate::license::data::tables::{self, el};
use crate::license::lex::fold::{Case, Folded, sep};
use crate::license::lex::lexicon::Lex;
use crate::license::lex::number::{self, Number};
use crate::license::lex::tokens::Token;
use crate::license::recognise::claim::{Claim, Jurisdiction, Rule, Stated, Subject, Warnings};

/// Reads mentions of Creative Commons tools out of the meanings of a text.
pub(crate) struct Scanner<'a> {
    pub f: &'a Folded,
    pub tokens: &'a [Token],
}

/// A mention: one claim, more when versions are listed; and the next token.
pub(crate) struct Mention {
    pub claim: Option<Claim>,
    pub more: Vec<Claim>,
    pub next: usize,
}

/// The name Creative Commons in front of a mention.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Head {
    None,
    Abbreviated,
    Full,
}

pub(crate) struct Draft {
    pub head: Head,
    pub bits: u16,
    pub code_bits: u16,
    pub first: usize,
    pub end: usize,
    pub version: Stated,
    pub port: Jurisdiction,
    pub versions: Vec<Stated>,
    pub warnings: Warnings,
    pub written: bool,
    /// The marks between the codes.
    pub marks: u16,
}

fn code_only(lex: Option<Lex>) -> bool {
    matches!(lex, Some(Lex::Element(_, true)))
}

impl Scanner<'_> {
    pub fn lex(&self, k: usize) -> Option<Lex> {
        self.tokens.get(k).map(|t| t.lex)
    }

    /// The separators before token `k`.
    pub fn sep(&self, k: usize) -> u16 {
        self.tokens.get(k).map_or(sep::STRONG, |t| {
            // tokens cut from the same word have nothing between them
            match k.checked_sub(1).and_then(|p| self.tokens.get(p)) {
                Some(p) if p.from == t.from => 0,
                _ => self.f.words.get(t.from).map_or(sep::STRONG, |w| w.sep),
            }
        })
    }

    pub fn close(&self, k: usize, allowed: u16) -> bool {
        self.sep(k) & !allowed == 0
    }

    /// A mention that begins at token `k`.
    pub fn mention(&self, k: usize) -> Option<Mention> {
        let mut d = Draft {
            head: Head::None,
            bits: 0,
            code_bits: 0,
            first: k,
            end: k,
            version: Stated::Silent,
            port: Jurisdiction::NotStated,
            versions: Vec::new(),
            warnings: Warnings::NONE,
            written: false,
            marks: 0,
        };
        let mut j = self.head(&mut d, k);
        if d.head == Head::None || self.joined(j, d.head) {
            j = self.elements(&mut d, j);
        }
        if d.bits == 0 {
            if d.head == Head::None {
                return None;
            }
            return Some(self.bare(&d));
        }
        if self.more_elements(j) {
            d.warnings |= Warnings::UNIT_UNCLEAR;
        }
        self.tail(&mut d, j);
        self.accept(d)
    }

    /// Creative Commons, CC, licence and version before the elements.
    fn head(&self, d: &mut Draft, k: usize) -> usize {
        let mut j = k;
        while let Some(Lex::Cc(short)) = self.lex(j) {
            if j > k && (!self.close(j, sep::WEAK | sep::COMMA) || (short && d.head == Head::Abbreviated)) {
                break;
            }
            d.head = if short && d.head != Head::Full { Head::Abbreviated } else { Head::Full };
            j += 1;
            d.end = j;
        }
        if d.head == Head::None {
            return k;
        }
        let after_head = j;
        let mut version = None;
        let mut place = None;
        for _ in 0..5 {
            if !self.joined(j, d.head) {
                break;
            }
            match self.lex(j) {
                Some(Lex::Cc(true)) if self.sep(j) == sep::DASH => break,
                Some(Lex::License | Lex::Version | Lex::Cc(_) | Lex::Generic(_)) => j += 1,
                Some(Lex::Place(p)) if matches!(self.lex(j + 1), Some(Lex::Element(..))) => {
                    place = Some(p);
                    j += 1;
                }
                Some(Lex::Number) => match number::read(self.f, self.tokens, j) {
                    Some((n @ Number::Version(_), next)) => {
                        version = Some(n);
                        j = next;
                    }
                    _ => break,
                },
                Some(Lex::Word) if self.filler(j) => j += 1,
                _ => break,
            }
        }
        if !matches!(self.lex(j), Some(Lex::Element(..) | Lex::Zero)) || !self.joined(j, d.head) {
            // nothing follows but the name; a version behind it is no unit's
            return after_head;
        }
        if let Some(Number::Version(v)) = version {
            d.version = Stated::Known(v);
            d.written = true;
        }
        if let Some(p) = place {
            d.port = Jurisdiction::Port(p);
        }
        j
    }

    /// Whether token `j` goes on with the name before it: `CC.BY`,
    /// `Creative Commons, Attribution`.
    fn joined(&self, j: usize, head: Head) -> bool {
        // a dash that an earlier program could not read
        let lossy = sep::LOSSY | sep::LOPSIDED | sep::REPEATED;
        self.close(j, sep::WEAK)
            || matches!(self.sep(j), sep::DOT | sep::SLASH)
            || (head == Head::Full
                && matches!(self.lex(j), Some(Lex::Element(_, false)))
                && self.close(j, sep::WEAK | lossy))
            || (head == Head::Full
                && matches!(self.lex(j), Some(Lex::Element(_, false)))
                && self.close(j, sep::WEAK | sep::COMMA))
    }

    /// "the", "a": small words between name and elements.
    fn filler(&self, k: usize) -> bool {
        self.tokens.get(k).and_then(|t| self.f.words.get(t.from)).is_some_and(|w| {
            matches!(
                self.f.text(w),
                b"the" | b"a" | b"an" | b"de" | b"la" | b"le" | b"der" | b"die" | b"type" | b"public"
            )
        })
    }

    /// Elements, joined in any order.
    fn elements(&self, d: &mut Draft, from: usize) -> usize {
        let mut j = from;
        loop {
            let glue = usize::from(
                d.bits != 0
                    && matches!(self.lex(j), Some(Lex::And))
                    && self.close(j, sep::SPACE | sep::COMMA | sep::LINE)
                    && self.close(j + 1, sep::SPACE | sep::LINE),
            );
            let at = j + glue;
            let joining = sep::WEAK | sep::COMMA | sep::PLUS | sep::SLASH | sep::LOPSIDED;
            // "BY-=NC", "BY-(NC": marks that may stand for letters
            let crowded = self.sep(at) & sep::DASH != 0 && self.sep(at) & (sep::COLON | sep::PAREN) != 0;
            if d.bits != 0 && crowded && code_only(self.lex(at)) {
                break;
            }
            let allowed = if d.bits == 0 { sep::WEAK } else { joining };
            let bits = match self.lex(at) {
                Some(Lex::Element(bits, code)) if at == from || self.close(at, allowed) => {
                    if code {
                        d.code_bits |= bits;
                    }
                    bits
                }
                Some(Lex::Zero) if d.bits == 0 && d.head != Head::None && self.close(at, sep::WEAK) => el::ZERO,
                _ => break,
            };
            // "attribution noncommercial by share alike": the code of a unit that is named in words
            if bits == el::BY
                && d.bits & el::BY != 0
                && d.code_bits == el::BY
                && self.sep(at) == sep::SPACE
                && matches!(self.lex(at + 1), Some(Lex::Element(b, false)) if b & d.bits == 0)
                && matches!(self.lex(from), Some(Lex::Element(_, false)))
            {
                j = at + 1;
                continue;
            }
            // the same element again begins an explanation, not a longer list;
            // "Attribution/Reconocimiento" names one element twice
            if d.bits & bits != 0
                && !(self.sep(at) == sep::SLASH
                    || (self.sep(at) & (sep::PAREN | sep::SPACE) == sep::PAREN | sep::SPACE && bits == d.bits))
            {
                break;
            }
            // the codes of a unit stand between marks of one kind: "BY-NC", "BY+NC"
            if code_only(self.lex(at)) {
                let marks = self.sep(at) & (sep::DASH | sep::PLUS | sep::SLASH | sep::COMMA);
                if d.marks != 0 && marks != 0 && marks != d.marks {
                    d.warnings |= Warnings::UNIT_UNCLEAR;
                }
                d.marks |= marks;
            }
            d.bits |= bits;
            j = at + 1;
            d.end = j;
            if d.bits & el::SAMPLING != 0 && self.sep(j) & sep::PLUS != 0 {
                d.bits |= el::PLUS;
            }
        }
        j
    }

    /// Whether something that is not understood goes on with the elements:
    /// `CC BY-NonCmm`, `CC BY no remix`. It may take permissions away.
    fn more_elements(&self, j: usize) -> bool {
        let dash = self.sep(j) == sep::DASH;
        match self.lex(j) {
            None | Some(Lex::Number | Lex::Generic(_) | Lex::License | Lex::Url | Lex::Place(_)) => false,
            Some(Lex::Cc(short)) => short && dash,
            Some(Lex::Denied(_)) => true,
            Some(Lex::Not) if self.close(j, sep::SPACE | sep::DASH) => !self.country(j),
            Some(Lex::Version) => dash && !self.glued_version(j),
            Some(Lex::Element(_, true)) => dash,
            Some(_) => {
                let port = self.tokens.get(j).and_then(|t| self.f.words.get(t.from));
                dash && port.is_none_or(|w| tables::port_of(self.f.text(w)).is_none())
            }
        }
    }

    /// `v4.0`, `v.4.0`: a version mark that belongs to the number behind it.
    pub fn glued_version(&self, j: usize) -> bool {
        self.lex(j + 1) == Some(Lex::Number) && matches!(self.sep(j + 1), 0 | sep::DOT)
    }

    /// `NO` may be Norway.
    fn country(&self, j: usize) -> bool {
        self.tokens
            .get(j)
            .and_then(|t| self.f.words.get(t.from))
            .is_some_and(|w| w.case == Case::Upper && self.f.text(w) == b"no")
    }

    /// Creative Commons and nothing more.
    fn bare(&self, d: &Draft) -> Mention {
        let next = d.end.max(d.first + 1);
        let short = d.head == Head::Abbreviated;
        let before = (d.first.saturating_sub(4)..d.first)
            .any(|k| matches!(self.lex(k), Some(Lex::License)) && self.sep(k + 1) & sep::STRONG == 0);
        let words = self.tokens.len();
        let after_license = matches!(self.lex(next), Some(Lex::License)) && self.close(next, sep::WEAK);
        let taken = if short { words == 1 || (words == 2 && (after_license || before)) } else { words <= 6 || before };
        let mut claim = None;
        if taken {
            let last = if after_license { next + 1 } else { next };
            let mut c = self.claim(Rule::Name, d.first, last);
            c.subject = Subject::CreativeCommons;
            c.weak = true;
            claim = Some(c);
        }
        Mention { claim, more: Vec::new(), next }
    }

    pub fn claim(&self, rule: Rule, first: usize, end: usize) -> Claim {
        let word = |k: usize| self.tokens.get(k).and_then(|t| self.f.words.get(t.from));
        let start = word(first).map_or(0, |w| w.src as usize);
        let last =
            end.checked_sub(1).and_then(|k| self.tokens.get(k)).and_then(|t| self.f.words.get(t.to.saturating_sub(1)));
        Claim::new(rule, start, last.map_or(start, |w| w.src_end as usize))
    }
}

#[cfg(test)]
mod tests {
    use crate::license::parse;

    #[test]
    fn elements_versions_and_ports_in_any_order() {
        for (text, id) in [
            ("Creative Commons 3.0 BY-SA", "cc-by-sa-3.0"),
            ("attribution share-alike au 3.0", "cc-by-sa-3.0-au"),
            ("Creative Commons Attribution Non Commercial (CC-BY-NC) 4.0 License", "cc-by-nc-4.0"),
            ("CC-BY-3.0-NZ", "cc-by-3.0-nz"),
            ("CC BY 3.0 (NZ)", "cc-by-3.0-nz"),
        ] {
            assert_eq!(parse(text).id().as_deref(), Some(id), "{text}");
        }
    }

    #[test]
    fn words_that_only_look_like_a_licence() {
        for text in ["by", "by SA Museum", "Attribution: A. Person", "Share alike", "nc nd"] {
            assert_eq!(parse(text).id(), None, "{text}");
        }
    }
}
