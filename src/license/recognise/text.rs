//! Everything a text says about rights: claims, statements, restrictions.

use crate::license::data::other;
use crate::license::data::tables::el;
use crate::license::lex::fold::{Case, Folded, Kind, sep};
use crate::license::lex::lexicon::Lex;
use crate::license::lex::number::{self, Number};
use crate::license::lex::tokens::{self, Token};
use crate::license::recognise::address as url;
use crate::license::recognise::claim::{Claim, Rule, Statement, Subject, Warnings};
use crate::license::recognise::mention::Scanner;

/// What was found in one text.
#[derive(Default)]
pub(crate) struct Found {
    pub claims: Vec<Claim>,
    pub statements: Vec<Said>,
    /// Elements that words outside the claims ask for.
    pub restricted: u16,
    pub some_rights: bool,
    /// "or" between claims, "and" between claims.
    pub or: bool,
    pub and: bool,
    /// Warnings about the text as a whole.
    pub warnings: Warnings,
    pub holder: Option<(usize, usize)>,
}

/// A statement and its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Said {
    pub statement: Statement,
    pub start: usize,
    pub end: usize,
}

struct Reader<'a> {
    text: &'a str,
    f: &'a Folded,
    tokens: &'a [Token],
    out: Found,
    /// The token behind the last claim.
    last_claim: usize,
}

/// Reads a folded text.
pub(crate) fn read(text: &str, f: &Folded) -> Found {
    let tokens = tokens::tokens(f);
    let mut r = Reader { text, f, tokens: &tokens, out: Found::default(), last_claim: 0 };
    let scanner = Scanner { f, tokens: &tokens };
    let mut k = 0;
    let mut notice = None;
    while let Some(token) = tokens.get(k) {
        let mut next = k + 1;
        match token.lex {
            Lex::Url => r.address(k),
            Lex::Cc(_) | Lex::Element(..) | Lex::Zero => match scanner.mention(k) {
                Some(m) => {
                    next = m.next.max(k + 1);
                    r.mention(k, next, m.claim.into_iter().chain(m.more));
                }
                None => r.loose(k, token.lex),
            },
            Lex::Rights(n) => r.label(k, n),
            Lex::Other(n) => r.subject(k, k + 1, Subject::Other(n), Rule::Identifier),
            Lex::Family(n) => next = r.family(k, n),
            // what reserves rights needs no guard: to believe it grants nothing
            Lex::Says(s) if s == Statement::AllRightsReserved || !r.negated(k, k + 1) => {
                r.say(s, k);
            }
            Lex::Denied(bits) => r.denied_by_code(k, bits),
            Lex::Restrict(bits) => r.out.restricted |= bits,
            Lex::SomeRights => r.out.some_rights = true,
            Lex::Copyright if notice.is_none() && !r.is(k + 1, b"free") && !r.denied(k) => {
                notice = Some(k);
            }
            _ => {}
        }
        k = next;
    }
    if let Some(k) = notice {
        r.notice(k);
    }
    r.out
}

impl Reader<'_> {
    fn bounds(&self, from: usize, to: usize) -> (usize, usize) {
        let word = |i: usize| self.f.words.get(i);
        let start = self.tokens.get(from).and_then(|t| word(t.from)).map_or(0, |w| w.src as usize);
        let end = to
            .checked_sub(1)
            .and_then(|k| self.tokens.get(k))
            .and_then(|t| word(t.to.saturating_sub(1)))
            .map_or(start, |w| w.src_end as usize);
        (start, end.max(start))
    }

    fn lex(&self, k: usize) -> Option<Lex> {
        self.tokens.get(k).map(|t| t.lex)
    }

    fn sep(&self, k: usize) -> u16 {
        self.tokens.get(k).and_then(|t| self.f.words.get(t.from)).map_or(sep::STRONG, |w| w.sep)
    }

    /// Records a claim over tokens `from..to`.
    fn push(&mut self, claim: Claim, from: usize, to: usize) {
        if !self.out.claims.is_empty() {
            for k in self.last_claim..from {
                match self.lex(k) {
                    Some(Lex::Or) if !matches!(self.lex(k + 1), Some(Lex::Later)) => {
                        self.out.or = true;
                    }
                    Some(Lex::And) => self.out.and = true,
                    _ => {}
                }
            }
        }
        self.last_claim = to;
        self.out.claims.push(claim);
    }

    fn address(&mut self, k: usize) {
        let Some(word) = self.tokens.get(k).and_then(|t| self.f.words.get(t.from)) else {
            return;
        };
        let Some(&(start, end)) = self.f.urls.get(word.start as usize) else {
            return;
        };
        let (start, end) = (start as usize, end as usize);
        let Some(claim) = self.text.get(start..end).and_then(|a| url::read(a, start)) else {
            return;
        };
        if let Subject::Statement(s) = claim.subject {
            self.out.statements.push(Said { statement: s, start, end });
        } else if self.negated(k, k + 1) {
            self.out.warnings |= Warnings::NEGATED;
        } else {
            self.push(claim, k, k + 1);
        }
    }

    fn mention(&mut self, from: usize, to: usize, claims: impl Iterator<Item = Claim>) {
        let negated = self.negated(from, to);
        for mut c in claims {
            if negated {
                self.out.warnings |= Warnings::NEGATED;
                return;
            }
            c.end = self.closed(c.start, c.end);
            self.push(c, from, to);
        }
    }

    /// Takes in the bracket that closes one inside the span.
    fn closed(&self, start: usize, end: usize) -> usize {
        if self.text.as_bytes().get(end) != Some(&b')') {
            return end;
        }
        let inside = self.text.get(start..end).unwrap_or_default();
        end + usize::from(inside.matches('(').count() > inside.matches(')').count())
    }

    fn subject(&mut self, from: usize, to: usize, subject: Subject, rule: Rule) {
        if self.negated(from, to) {
            self.out.warnings |= Warnings::NEGATED;
            return;
        }
        let (start, end) = self.bounds(from, to);
        let mut c = Claim::new(rule, start, end);
        c.subject = subject;
        self.push(c, from, to);
    }

    /// Elements outside a mention: they may only take away.
    fn loose(&mut self, k: usize, lex: Lex) {
        let Lex::Element(bits, code) = lex else {
            return;
        };
        if bits == el::BY && self.tokens.len() == 1 && !code {
            self.out.warnings |= Warnings::ATTRIBUTION_ALONE;
        }
        if self.beside_commercial(k) || self.negated(k, k + 1) {
            return;
        }
        if code && !self.restricting_code(k) {
            return;
        }
        self.out.restricted |= bits & (el::NC | el::ND | el::SA);
    }

    /// `CC BY 4.0 NC`: a code in capitals, or right behind a licence, takes away
    /// although it names nothing. `SA` alone is also a place.
    fn restricting_code(&self, k: usize) -> bool {
        let word = self.tokens.get(k).and_then(|t| self.f.words.get(t.from));
        let upper = word.is_some_and(|w| w.case == Case::Upper && self.f.text(w) != b"sa");
        upper || self.beside(k)
    }

    /// Whether token `k` stands right before or behind something of a licence.
    fn beside(&self, k: usize) -> bool {
        let near = |lex| matches!(lex, Some(Lex::Cc(_) | Lex::Element(..) | Lex::Url | Lex::Zero));
        let behind = k > 0 && (k == self.last_claim && !self.out.claims.is_empty() || near(self.lex(k - 1)));
        behind || near(self.lex(k + 1))
    }

    /// A broken code takes away in capitals, or beside a licence.
    fn denied_by_code(&mut self, k: usize, bits: u16) {
        let word = self.tokens.get(k).and_then(|t| self.f.words.get(t.from));
        let upper = word.is_some_and(|w| w.case == Case::Upper);
        if self.beside(k) || (upper && bits != el::SA) {
            self.out.restricted |= bits;
        }
    }

    /// "commercial and non-commercial" allows both.
    fn beside_commercial(&self, k: usize) -> bool {
        let near = |n: usize| matches!(self.lex(n), Some(Lex::Commercial));
        let joint =
            |n: usize| matches!(self.lex(n), Some(Lex::And | Lex::Or)) || self.sep(n) & (sep::SLASH | sep::COMMA) != 0;
        (k >= 2 && joint(k - 1) && near(k - 2))
            || (k >= 1 && near(k - 1))
            || (joint(k + 1) && (near(k + 1) || near(k + 2)))
    }

    fn label(&mut self, k: usize, n: u8) {
        let Some(token) = self.tokens.get(k) else {
            return;
        };
        let before = self.sep(k);
        let after = self.f.sep_after(token.to.saturating_sub(1));
        let bounded =
            before & (sep::STRONG | sep::PAREN | sep::COLON) != 0 && after & (sep::STRONG | sep::PAREN | sep::DOT) != 0;
        if bounded {
            self.subject(k, k + 1, Subject::Rights(n), Rule::Label);
        } else if n < 5 {
            self.say(Statement::AllRightsReserved, k);
        } else if n == 11 && !self.negated(k, k + 1) {
            self.say(Statement::NoKnownCopyright, k);
        }
    }

    fn family(&mut self, k: usize, n: u8) -> usize {
        let mut j = k + 1;
        while matches!(self.lex(j), Some(Lex::License | Lex::Version)) && self.sep(j) & sep::STRONG == 0 {
            j += 1;
        }
        let text = match number::read(self.f, self.tokens, j) {
            Some((Number::Version(v), next)) => Some((v.text().to_owned(), next)),
            Some((Number::Impossible(t), next)) => Some((t, next)),
            _ => None,
        };
        let weak = self.sep(j) & !(sep::WEAK | sep::COMMA) == 0;
        if let Some((version, next)) = text.filter(|_| weak)
            && let Some(subject) = other::family(n, Some(&version))
        {
            self.subject(k, next, subject, Rule::Name);
            return next;
        }
        let subject = other::family(n, None).unwrap_or(Subject::Family(n));
        self.subject(k, k + 1, subject, Rule::Name);
        k + 1
    }

    fn say(&mut self, statement: Statement, k: usize) {
        if statement == Statement::PublicDomain && !self.says_public_domain(k) {
            return;
        }
        let (start, end) = self.bounds(k, k + 1);
        self.out.statements.push(Said { statement, start, end });
    }

    /// `PD` is the public domain only where nothing else stands.
    fn says_public_domain(&self, k: usize) -> bool {
        let Some(word) = self.tokens.get(k).and_then(|t| self.f.words.get(t.from)) else {
            return false;
        };
        self.f.text(word) != b"pd" || self.tokens.len() == 1 || (k > 0 && matches!(self.lex(k - 1), Some(Lex::Cc(_))))
    }

    /// Whether the clause around tokens `from..to` denies them.
    fn negated(&self, from: usize, to: usize) -> bool {
        let mut k = from;
        for _ in 0..6 {
            let s = self.sep(k);
            if k == 0 || s & (sep::STRONG | sep::COMMA | sep::SLASH | sep::COLON | sep::PAREN) != 0 || s & sep::DOT != 0
            {
                break;
            }
            k -= 1;
            match self.lex(k) {
                Some(Lex::Not) if !self.short_not(k) => return true,
                Some(Lex::Url | Lex::Says(_) | Lex::Rights(_) | Lex::Element(..)) => break,
                _ => {}
            }
        }
        // "CC BY does not apply"
        let clause =
            |n: usize| self.sep(n) & (sep::STRONG | sep::COMMA | sep::DOT | sep::PAREN | sep::COLON | sep::SLASH) == 0;
        let mut n = to;
        for _ in 0..2 {
            if matches!(self.lex(n), Some(Lex::License)) && clause(n) {
                n += 1;
            }
        }
        matches!(self.lex(n), Some(Lex::Aux)) && clause(n) && matches!(self.lex(n + 1), Some(Lex::Not)) && clause(n + 1)
    }

    /// `NO` in capitals of two letters beside other words is a country or a number sign.
    fn short_not(&self, k: usize) -> bool {
        self.tokens.get(k).and_then(|t| self.f.words.get(t.from)).is_some_and(|w| {
            self.f.text(w) == b"no" && self.f.words.get(self.tokens[k].to).is_some_and(|n| n.kind == Kind::Digits)
        })
    }

    /// "no copyright"
    fn denied(&self, k: usize) -> bool {
        k > 0 && matches!(self.lex(k - 1), Some(Lex::Not)) && self.sep(k) == sep::SPACE
    }

    /// A copyright notice: the word or sign, and who stands behind it.
    fn notice(&mut self, k: usize) {
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
                Lex::Says(_) | Lex::SomeRights | Lex::Url | Lex::Cc(_) | Lex::Copyright | Lex::Aux | Lex::License
            ) || (j > first && s & (sep::STRONG | sep::COMMA | sep::PAREN | sep::COLON) != 0)
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
        self.out.statements.push(Said { statement: Statement::CopyrightNotice, start, end: end.max(start) });
    }

    fn is(&self, k: usize, text: &[u8]) -> bool {
        self.tokens.get(k).and_then(|t| self.f.words.get(t.from)).is_some_and(|w| self.f.text(w) == text)
    }

    /// A full stop behind a long word ends the name; behind an initial it does not.
    fn long_before(&self, k: usize) -> bool {
        k.checked_sub(1)
            .and_then(|p| self.tokens.get(p))
            .and_then(|t| self.f.words.get(t.to.saturating_sub(1)))
            .is_some_and(|w| w.end - w.start > 3)
    }
}

impl Found {
    /// Whether the text says this.
    pub fn says(&self, statement: Statement) -> Option<Said> {
        self.statements.iter().copied().find(|s| s.statement == statement)
    }
}

#[cfg(test)]
mod tests {
    use crate::license::{Statement, parse};

    #[test]
    fn statements_and_negation() {
        assert_eq!(parse("Domaine public").statement(), Some(Statement::PublicDomain));
        assert_eq!(parse("This is not public domain").statement(), None);
        assert_eq!(parse("Copyright 2010, A. Person").holder(), Some("A. Person"));
        assert_eq!(parse("© 2013 Some Garden - Long Street").holder(), Some("Some Garden"));
        assert_eq!(parse("CC BY 4.0 does not apply").warnings(), ["negated"]);
    }
}
