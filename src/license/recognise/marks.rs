//! Marks that may stand for letters or for doubt.

use crate::license::lex::fold::{Kind, sep};
use crate::license::lex::letters::{self, wide_class};
use crate::license::lex::lexicon::Lex;
use crate::license::recognise::text::Reader;

impl Reader<'_> {
    /// Marks between and behind the words of a mention that stand where letters may be missing.
    pub fn dangling(&mut self, from: usize, to: usize) {
        let (Some(first), Some(last)) = (self.tokens.get(from), to.checked_sub(1).and_then(|k| self.tokens.get(k)))
        else {
            return;
        };
        for i in first.from..last.to {
            let after = self.f.sep_after(i);
            if after & sep::DASH == 0 || after == sep::DASH {
                continue;
            }
            let Some(word) = self.f.words.get(i) else { return };
            let end = word.src_end as usize;
            let mut rest = self.text.get(end..).unwrap_or_default().chars();
            let dash = |c: char| matches!(c, '-' | '_') || wide_class(c) == sep::DASH;
            if rest.next().is_some_and(dash)
                && !rest.next().is_some_and(|c| c.is_alphanumeric() || letters::sign(c).is_some())
            {
                let inside = i + 1 < last.to
                    && self
                        .f
                        .words
                        .get(i + 1)
                        .is_some_and(|w| w.sep & !(sep::WEAK | sep::LOPSIDED) == 0 || w.sep & sep::LOSSY != 0);
                let element = |i: usize| {
                    self.tokens[from..to]
                        .iter()
                        .any(|t| t.from <= i && i < t.to && matches!(t.lex, Lex::Element(..) | Lex::Cc(_)))
                };
                if !(inside && element(i) && element(i + 1)) {
                    self.out.reservations.unread.push(end..end + 1);
                }
            }
        }
    }

    /// Marks that may stand for letters or for doubt.
    pub fn marks(&mut self) {
        let last = self.f.words.len();
        if self.f.all & (sep::MASK | sep::LOSSY | sep::REPEATED) == 0 {
            self.stray_end(self.f.words.last().map_or(0, |w| w.src_end as usize));
            return;
        }
        let mut end = 0;
        for i in 0..=last {
            let (s, start) = self.f.words.get(i).map_or((self.f.tail, self.text.len()), |w| (w.sep, w.src as usize));
            let odd = s & (sep::MASK | sep::LOSSY) != 0 || (s & sep::REPEATED != 0 && s & sep::DOT != 0);
            if odd && start >= end {
                self.mark_between(end, start, i);
            }
            end = self.f.words.get(i).map_or(end, |w| w.src_end as usize);
        }
        self.stray_end(end);
    }

    /// A mark behind a space at the end may be the rest of a port: `CC BY 3.0 ,`.
    pub fn stray_end(&mut self, end: usize) {
        let rest = self.text.get(end..).unwrap_or_default();
        let mark = rest.trim();
        if mark.is_empty() || !rest.starts_with(char::is_whitespace) {
            return;
        }
        let number = self.f.words.last().is_some_and(|w| w.kind == Kind::Digits);
        let open = self.text.get(..end).is_some_and(|t| t.contains(['(', '[', '{', '<', '"', '“', '«', '「']));
        let closing =
            open && mark.chars().all(|c| matches!(c, ')' | ']' | '}' | '>' | '"' | '”' | '»' | '」' | '.' | '/'));
        if !closing && (mark != "." || number) {
            self.out.reservations.unread.push(end + rest.len() - rest.trim_start().len()..end + rest.trim_end().len());
        }
    }

    pub fn mark_between(&mut self, from: usize, to: usize, i: usize) {
        let gap = self.text.get(from..to).unwrap_or_default();
        let trimmed = gap.trim();
        let place = from + (gap.len() - gap.trim_start().len());
        let place = place..place + trimmed.len();
        if gap.contains(['?', '？', '؟', '¿', '՞']) {
            self.out.reservations.doubt.push(place);
            return;
        }
        let lossy = gap.contains(['\u{fffd}', 'ï']);
        // a lossy space in front of a bracket, a lossy dash inside a name that is read
        let k = self.tokens.partition_point(|t| t.from < i);
        let inside =
            k > 0 && matches!((self.lex(k - 1), self.lex(k)), (Some(Lex::Cc(false)), Some(Lex::Element(_, false))));
        if lossy && (gap.contains('(') || inside) && !gap.contains('-') {
            return;
        }
        self.out.reservations.unread.push(place);
    }
}
