//! Whether words that read like a licence are one.

use crate::license::data::tables::el;
use crate::license::lex::fold::{Case, Kind, sep};
use crate::license::lex::lexicon::Lex;
use crate::license::recognise::claim::{Claim, Rule, Stated, Subject, Warnings};
use crate::license::recognise::mention::{Draft, Head, Mention, Scanner};

impl Scanner<'_> {
    /// Whether what was read is a mention, and not words that look like one.
    pub fn accept(&self, mut d: Draft) -> Option<Mention> {
        let named = d.head != Head::None;
        let count = (d.bits & el::FOUR).count_ones();
        let codes_only = d.code_bits == d.bits;
        let written = d.written && d.version.known().is_some();
        let special = d.bits & !el::FOUR;
        let ok = (named && !(special == el::CERT && codes_only))
            || match special {
                0 if codes_only => self.code_alone(&d, count),
                0 => (count >= 2 && d.bits & el::BY != 0) || written,
                // three letters may be anybody's initials
                el::MARK => written || self.whole(&d) || self.words(d.first, d.end) > 1,
                // the code covers a dedication and a certification
                el::CERT => !codes_only || written,
                el::ZERO => true,
                _ => written || (d.bits & el::DEV != 0 && self.whole(&d)),
            };
        if !ok {
            return None;
        }
        if !named
            && !codes_only
            && d.version.known().is_none()
            && matches!(d.version, Stated::Impossible(_))
            && count < 2
            && special == 0
        {
            return None;
        }
        if d.bits == el::BY && codes_only && self.preposition(&d) {
            d.warnings |= Warnings::AMBIGUOUS_BY;
        }
        let rule = if codes_only || d.bits == el::ZERO { Rule::Code } else { Rule::Name };
        let mut c = self.claim(rule, d.first, d.end);
        c.subject = Subject::Tool(d.bits);
        c.weak = !named && !codes_only && !d.written;
        c.version = d.version;
        c.jurisdiction = d.port;
        c.warnings = d.warnings;
        let more = d.versions.into_iter().map(|version| Claim { version, ..c.clone() }).collect();
        Some(Mention { claim: Some(c), more, next: d.end })
    }

    /// A code without CC: `BY-NC`, not the words "by" and "SA" of a sentence.
    fn code_alone(&self, d: &Draft, count: u32) -> bool {
        if d.bits & el::BY == 0 || count < 2 {
            return false;
        }
        let joined = (d.first + 1..d.end)
            .all(|k| !matches!(self.lex(k), Some(Lex::Element(..))) || matches!(self.sep(k), 0 | sep::DASH));
        let upper = (d.first..d.end).all(|k| {
            self.tokens
                .get(k)
                .and_then(|t| self.f.words.get(t.from))
                .is_some_and(|w| w.kind != Kind::Letters || w.case == Case::Upper)
        });
        joined || (self.whole(d) && (count >= 3 || upper))
    }

    fn words(&self, first: usize, end: usize) -> usize {
        let to = end.checked_sub(1).and_then(|k| self.tokens.get(k)).map_or(0, |t| t.to);
        to.saturating_sub(self.tokens.get(first).map_or(0, |t| t.from))
    }

    /// Whether the mention is all there is in the text.
    fn whole(&self, d: &Draft) -> bool {
        d.first == 0 && (d.end..self.tokens.len()).all(|k| matches!(self.lex(k), Some(Lex::License | Lex::Generic(_))))
    }

    /// `CC by Name`: "by" may be the preposition.
    fn preposition(&self, d: &Draft) -> bool {
        if d.version != Stated::Silent || d.end < d.first + 2 {
            return false;
        }
        let word = |k: usize| self.tokens.get(k).and_then(|t| self.f.words.get(t.from));
        let (Some(cc), Some(by), Some(next)) = (word(d.first), word(d.end - 1), word(d.end)) else {
            return false;
        };
        cc.case == Case::Upper
            && by.case == Case::Lower
            && by.sep == sep::SPACE
            && next.sep == sep::SPACE
            && next.case != Case::Lower
            && matches!(self.lex(d.end), Some(Lex::Word | Lex::Place(_)))
    }
}
