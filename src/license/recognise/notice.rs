//! Copyright notices: the word or sign, and the holder behind it.

use crate::license::data::tables::el;
use crate::license::lex::fold::{Case, Kind, sep};
use crate::license::lex::lexicon::Lex;
use crate::license::recognise::claim::Statement;
use crate::license::recognise::text::{Reader, Sentence};

impl Reader<'_> {
    /// A copyright notice: the word or sign, and who stands behind it.
    pub fn notice(&mut self, k: usize) {
        let (mut start, _) = self.bounds(k, k + 1);
        if self.is(k, b"c") && self.text.as_bytes().get(start.wrapping_sub(1)) == Some(&b'(') {
            start -= 1;
        }
        let mut j = k;
        while matches!(self.lex(j), Some(Lex::Copyright)) {
            j += 1;
        }
        while matches!(self.lex(j), Some(Lex::Number)) || (matches!(self.lex(j), Some(Lex::Word)) && self.is(j, b"by"))
        {
            j += 1;
        }
        if matches!(self.lex(j), Some(Lex::Element(el::BY, true))) {
            j += 1;
        }
        let first = j;
        while let Some(lex) = self.lex(j) {
            let s = self.sep(j);
            if matches!(
                lex,
                Lex::Statement(_) | Lex::SomeRights | Lex::Url | Lex::Cc(_) | Lex::Copyright | Lex::Aux | Lex::License
            ) || (j > first && s & (sep::BREAK | sep::COMMA | sep::PAREN | sep::COLON) != 0)
                || (j > first && s & sep::SPACE != 0 && s & (sep::SLASH | sep::DASH) != 0)
                || (j > first && s & sep::DOT != 0 && self.long_before(j))
            {
                break;
            }
            j += 1;
        }
        let (hs, he) = self.bounds(first, j);
        let named = j > first
            && self
                .tokens
                .get(first)
                .and_then(|t| self.f.words.get(t.from))
                .is_some_and(|w| w.case != Case::Lower || w.kind != Kind::Letters);
        if named {
            self.out.holder = Some((hs, he));
        }
        let end = if j > first { he } else { self.bounds(k, first.max(k + 1)).1 };
        self.out.statements.push(Sentence { statement: Statement::CopyrightNotice, start, end: end.max(start) });
    }

    /// A full stop behind a long word ends the name; behind an initial it does not.
    pub fn long_before(&self, k: usize) -> bool {
        k.checked_sub(1)
            .and_then(|p| self.tokens.get(p))
            .and_then(|t| self.f.words.get(t.to.saturating_sub(1)))
            .is_some_and(|w| w.end - w.start > 3)
    }
}
