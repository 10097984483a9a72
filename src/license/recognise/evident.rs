//! Names that are evident by their form alone.

use crate::license::data::tables::el;
use crate::license::lex::fold::{Case, sep};
use crate::license::lex::lexicon::Lex;
use crate::license::recognise::claim::Stated;
use crate::license::recognise::names::is_particle;
use crate::license::recognise::text::Reader;

/// As many tokens may be the title of a work.
const TITLE: usize = 32;

impl Reader<'_> {
    /// Names by their form alone: initials and a surname between two marks, a title in quotes,
    /// a name in front of a licence in brackets that has no version.
    pub fn names_by_form(&mut self) {
        if self.out.claims.is_empty() || self.read.iter().all(|r| *r) {
            return;
        }
        self.quoted();
        self.titles();
        let unversioned = self.out.claims.len() == 1
            && self.out.claims[0].version == Stated::Silent
            && self.out.claims[0].elements().is_some_and(|e| e & el::FOUR != 0);
        if unversioned {
            let mut end = 0;
            while end < self.tokens.len()
                && !self.read[end]
                && self.lex(end) == Some(Lex::Word)
                && self.word(end).is_some_and(|w| w.case == Case::Title)
                && (end == 0 || self.sep(end) & !(sep::SPACE | sep::DASH) == 0)
            {
                end += 1;
            }
            if (2..=3).contains(&end) && self.sep(end) & sep::PAREN != 0 && self.claimed(end) {
                self.mark(0, end);
            }
        }
    }

    pub fn initials(&mut self) {
        const EDGE: u16 = sep::BREAK | sep::SLASH | sep::COMMA | sep::PAREN;
        let mut k = 0;
        while k < self.tokens.len() {
            let mut j = k;
            let initial = |r: &Self, j: usize| {
                r.word(j).is_some_and(|w| w.end - w.start == 1 && w.case == Case::Upper)
                    && !r.read[j]
                    && matches!(r.lex(j), Some(Lex::Word | Lex::Version | Lex::And | Lex::Or | Lex::Mark))
                    && r.sep(j + 1) & sep::DOT != 0
            };
            while j < self.tokens.len() && initial(self, j) && (j == k || self.sep(j) & sep::BREAK == 0) {
                j += 1;
            }
            let surname = |r: &Self, j: usize| {
                j < r.tokens.len()
                    && !r.read[j]
                    && matches!(r.lex(j), Some(Lex::Word | Lex::Place(_)))
                    && r.word(j).is_some_and(|w| w.case == Case::Title)
            };
            if j > k && self.sep(k) & EDGE != 0 && surname(self, j) && self.sep(j + 1) & EDGE != 0 {
                self.mark(k, j + 1);
            }
            k = j.max(k + 1);
        }
    }

    /// The title of a work in front of "is licensed under", as the licence chooser writes it.
    pub fn titles(&mut self) {
        const VERBS: [&str; 9] =
            ["licensed", "licenced", "released", "published", "distributed", "made", "shared", "dedicated", "marked"];
        for verb in 1..self.tokens.len() {
            if self.lex(verb + 1) != Some(Lex::Mark) {
                continue;
            }
            let state = self.is(verb, b"is") || self.is(verb, b"are");
            let next = self.word(verb + 1).map_or(&b""[..], |w| self.f.text(w));
            if !state || !VERBS.iter().any(|v| v.as_bytes() == next) {
                continue;
            }
            let mut first = verb;
            while first > 0 && verb - first < TITLE && self.sep(first) & (sep::STRONG | sep::MASK | sep::LOSSY) == 0 {
                let k = first - 1;
                let Some(word) = self.word(k) else { break };
                let capital = word.case != Case::Lower
                    && matches!(
                        self.lex(k),
                        Some(Lex::Word | Lex::Place(_) | Lex::Item | Lex::Mark | Lex::Credit | Lex::Element(..))
                    );
                let glued = self.sep(k) == 0 || self.sep(first) == 0;
                let particle = is_particle(self.f.text(word));
                let number = self.lex(k) == Some(Lex::Number);
                let code = matches!(self.lex(k), Some(Lex::Element(..))) && !glued;
                if !(self.read[k] && !self.claimed(k) || (capital && !code) || particle || number) {
                    break;
                }
                first = k;
            }
            let starts = self.sep(first) & (sep::BREAK | sep::DOT | sep::PAREN) != 0;
            if starts && self.word(first).is_some_and(|w| w.case != Case::Lower) {
                self.mark(first, verb);
            }
        }
    }

    pub fn quoted(&mut self) {
        const OPEN: [char; 5] = ['"', '“', '„', '«', '「'];
        const CLOSE: [char; 6] = ['"', '”', '“', '»', '«', '」'];
        if self.f.all & sep::PAREN == 0 {
            return;
        }
        let mut from = 0;
        while let Some(open) = self.text.get(from..).and_then(|t| t.find(OPEN)).map(|n| from + n) {
            let inside = open + self.text[open..].chars().next().map_or(1, char::len_utf8);
            let Some(close) = self.text[inside..].find(CLOSE).map(|n| inside + n) else { return };
            if close - inside <= 200 {
                let first = self.tokens.partition_point(|t| (self.f.words[t.from].src as usize) < inside);
                for k in first..self.tokens.len() {
                    let place = self.place(k, k + 1);
                    if place.start >= close {
                        break;
                    }
                    let word = matches!(self.lex(k), Some(Lex::Word | Lex::Place(_) | Lex::Number | Lex::Generic(_)));
                    if word && inside <= place.start && place.end <= close {
                        self.read[k] = true;
                    }
                }
            }
            from = close + self.text[close..].chars().next().map_or(1, char::len_utf8);
        }
    }
}
