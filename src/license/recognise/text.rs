//! Everything a text states about rights: claims, statements, and what its other words do to them.

use std::ops::Range;

use crate::license::data::other;
use crate::license::data::tables::el;
use crate::license::lex::fold::{Case, Folded, Kind, sep};
use crate::license::lex::letters::wide_class;
use crate::license::lex::lexicon::Lex;
use crate::license::lex::number::{self, Number};
use crate::license::lex::tokens::{self, Token};
use crate::license::recognise::address;
use crate::license::recognise::claim::{Claim, Rule, Statement, Subject, Warnings};
use crate::license::recognise::mention::Scanner;

/// What was found in one text.
#[derive(Default)]
pub(crate) struct Findings {
    pub claims: Vec<Claim>,
    pub statements: Vec<Sentence>,
    /// Elements that words outside the claims ask for.
    pub restricted: u16,
    pub some_rights: bool,
    /// "or" between claims, "and" between claims.
    pub or: bool,
    pub and: bool,
    /// Warnings about the text as a whole.
    pub warnings: Warnings,
    pub holder: Option<(usize, usize)>,
    /// The words that leave a claim in doubt, limit it, or have no role.
    pub reservations: Reservations,
    /// Number of tokens.
    pub length: usize,
}

/// The places, in bytes, of words that keep a licence from being exact.
#[derive(Default)]
pub(crate) struct Reservations {
    pub unread: Vec<Range<usize>>,
    pub negated: Vec<Range<usize>>,
    pub not_now: Vec<Range<usize>>,
    pub doubt: Vec<Range<usize>>,
    /// What names or delimits a part of the item.
    pub parts: Vec<Range<usize>>,
    /// Other licences, by their number in the table.
    pub foreign: Vec<(u8, Range<usize>)>,
}

/// A statement and its place.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sentence {
    pub statement: Statement,
    pub start: usize,
    pub end: usize,
}

pub(crate) struct Reader<'a> {
    pub text: &'a str,
    pub f: &'a Folded,
    pub tokens: &'a [Token],
    pub out: Findings,
    /// Which tokens have a role.
    pub read: Vec<bool>,
    /// Which tokens are part of a claim.
    pub claimed: Vec<bool>,
    /// The elements that every claim has.
    pub stated: u16,
    /// The token behind the last claim.
    last_claim: usize,
}

/// Names of the same record that a text may repeat.
pub(crate) type Names<'a> = &'a [Folded];

/// Reads a folded text; `names` are those of its record.
pub(crate) fn read(text: &str, f: &Folded, names: Names<'_>) -> Findings {
    let tokens = tokens::tokens(f);
    let mut r = Reader {
        text,
        f,
        tokens: &tokens,
        out: Findings::default(),
        read: vec![false; tokens.len()],
        claimed: vec![false; tokens.len()],
        stated: u16::MAX,
        last_claim: 0,
    };
    let scanner = Scanner { f, tokens: &tokens };
    let mut k = 0;
    let mut notice = None;
    while let Some(token) = tokens.get(k) {
        let mut next = k + 1;
        match token.lex {
            Lex::Url => r.address(k),
            Lex::Cc(_) | Lex::Element(..) | Lex::Zero => {
                if let Some(m) = scanner.mention(k) {
                    next = m.next.max(k + 1);
                    r.mention(k, next, m.claim.into_iter().chain(m.more));
                }
            }
            Lex::Rights(n) => r.label(k, n),
            Lex::Other(n) => r.subject(k, k + 1, Subject::Other(n), Rule::Identifier),
            Lex::Family(n) => next = r.family(k, n),
            // what reserves rights needs no guard: to believe it grants nothing
            Lex::Statement(s) if s == Statement::AllRightsReserved || !r.negated(k, k + 1) => {
                r.statement(s, k);
            }
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
    r.out.length = tokens.len();
    r.account(names);
    r.out
}

impl Reader<'_> {
    pub fn bounds(&self, from: usize, to: usize) -> (usize, usize) {
        let word = |i: usize| self.f.words.get(i);
        let start = self.tokens.get(from).and_then(|t| word(t.from)).map_or(0, |w| w.src as usize);
        let end = to
            .checked_sub(1)
            .and_then(|k| self.tokens.get(k))
            .and_then(|t| word(t.to.saturating_sub(1)))
            .map_or(start, |w| w.src_end as usize);
        (start, end.max(start))
    }

    pub fn lex(&self, k: usize) -> Option<Lex> {
        self.tokens.get(k).map(|t| t.lex)
    }

    pub fn sep(&self, k: usize) -> u16 {
        self.tokens.get(k).and_then(|t| self.f.words.get(t.from)).map_or(sep::STRONG, |w| w.sep)
    }

    /// Gives tokens `from..to` a role.
    pub fn mark(&mut self, from: usize, to: usize) {
        if let Some(tokens) = self.read.get_mut(from..to) {
            tokens.fill(true);
        }
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
        self.mark(from, to);
        if let Some(tokens) = self.claimed.get_mut(from..to) {
            tokens.fill(true);
        }
        self.stated &= claim.elements().unwrap_or(0);
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
        let Some(claim) = self.text.get(start..end).and_then(|a| address::read(a, start)) else {
            return;
        };
        if let Subject::Statement(s) = claim.subject {
            self.mark(k, k + 1);
            self.out.statements.push(Sentence { statement: s, start, end });
        } else {
            self.push(claim, k, k + 1);
            // a scheme that is not one of the web is a slip, which the rest may share
            let scheme = self.text.get(start..end).and_then(|a| a.find("://").and_then(|n| a.get(..n)));
            if scheme.is_some_and(|s| !["http", "https"].iter().any(|name| s.eq_ignore_ascii_case(name))) {
                self.out.reservations.unread.push(start..end);
            }
            // letters behind an address may belong to its path
            let glued = |c: char| {
                c >= '\u{80}' && (c.is_alphanumeric() || wide_class(c) & (sep::DASH | sep::MASK | sep::LOSSY) != 0)
            };
            if self.text.get(end..).and_then(|rest| rest.chars().next()).is_some_and(glued) {
                self.out.reservations.unread.push(start..end);
            }
        }
    }

    fn mention(&mut self, from: usize, to: usize, claims: impl Iterator<Item = Claim>) {
        let mut taken = false;
        for mut c in claims {
            taken = true;
            c.end = self.closed(c.start, c.end);
            if c.warnings.has(Warnings::UNIT_UNCLEAR) {
                let (start, end) = self.bounds(to, to + 1);
                self.out.reservations.unread.push(start..end);
            }
            self.push(c, from, to);
        }
        if taken {
            self.dangling(from, to);
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
        let (start, end) = self.bounds(from, to);
        let mut c = Claim::new(rule, start, end);
        c.subject = subject;
        self.push(c, from, to);
    }

    /// `CC BY 4.0 NC`: a code in capitals, or right behind a licence, takes away
    /// although it names nothing. `SA` alone is also a place.
    pub fn restricting_code(&self, k: usize) -> bool {
        let word = self.tokens.get(k).and_then(|t| self.f.words.get(t.from));
        let upper = word.is_some_and(|w| w.case == Case::Upper && self.f.text(w) != b"sa");
        upper || self.beside(k)
    }

    /// Whether token `k` stands right before or behind something of a licence.
    pub fn beside(&self, k: usize) -> bool {
        let near = |lex| matches!(lex, Some(Lex::Cc(_) | Lex::Element(..) | Lex::Url | Lex::Zero));
        let behind = k > 0 && (k == self.last_claim && !self.out.claims.is_empty() || near(self.lex(k - 1)));
        behind || near(self.lex(k + 1))
    }

    /// A broken code takes away in capitals, or beside a licence.
    pub fn denying_code(&self, k: usize, bits: u16) -> bool {
        let word = self.tokens.get(k).and_then(|t| self.f.words.get(t.from));
        let upper = word.is_some_and(|w| w.case == Case::Upper);
        self.beside(k) || (upper && bits != el::SA)
    }

    fn label(&mut self, k: usize, n: u8) {
        let Some(token) = self.tokens.get(k) else {
            return;
        };
        // "in copyright" in a sentence is no label; the statement is written with capitals
        let (start, end) = self.bounds(k, k + 1);
        let bare = n == 0
            && self.text.get(start..end).is_some_and(|t| t.eq_ignore_ascii_case("in copyright") && t != "In Copyright");
        let before = self.sep(k);
        let after = self.f.sep_after(token.to.saturating_sub(1));
        let bounded =
            before & (sep::BREAK | sep::PAREN | sep::COLON) != 0 && after & (sep::BREAK | sep::PAREN | sep::DOT) != 0;
        if bounded && !bare {
            self.subject(k, k + 1, Subject::Rights(n), Rule::Label);
        } else if n < 5 && !self.negated(k, k + 1) {
            self.statement(Statement::AllRightsReserved, k);
        } else if n == 11 && !self.negated(k, k + 1) {
            self.statement(Statement::NoKnownCopyright, k);
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

    fn statement(&mut self, statement: Statement, k: usize) {
        if statement == Statement::PublicDomain && !self.is_public_domain(k) {
            return;
        }
        let (start, end) = self.bounds(k, k + 1);
        self.mark(k, k + 1);
        self.out.statements.push(Sentence { statement, start, end });
    }

    /// `PD` is the public domain only where nothing else stands.
    fn is_public_domain(&self, k: usize) -> bool {
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
            if k == 0 || s & (sep::BREAK | sep::COMMA | sep::SLASH | sep::COLON | sep::PAREN) != 0 || s & sep::DOT != 0
            {
                break;
            }
            k -= 1;
            match self.lex(k) {
                Some(Lex::Not) if !self.short_not(k) => return true,
                Some(Lex::Url | Lex::Statement(_) | Lex::Rights(_) | Lex::Element(..)) => break,
                _ => {}
            }
        }
        // "CC BY does not apply"
        let clause =
            |n: usize| self.sep(n) & (sep::BREAK | sep::COMMA | sep::DOT | sep::PAREN | sep::COLON | sep::SLASH) == 0;
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
    pub fn denied(&self, k: usize) -> bool {
        k > 0 && matches!(self.lex(k - 1), Some(Lex::Not)) && self.sep(k) == sep::SPACE
    }

    pub fn is(&self, k: usize, text: &[u8]) -> bool {
        self.tokens.get(k).and_then(|t| self.f.words.get(t.from)).is_some_and(|w| self.f.text(w) == text)
    }
}

impl Findings {
    /// The first statement of a kind.
    pub fn statement(&self, statement: Statement) -> Option<Sentence> {
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
        assert!(parse("CC BY 4.0 does not apply").warnings().contains(&"negated"));
    }
}
