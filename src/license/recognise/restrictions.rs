//! Uses that prose denies, makes depend on permission, or limits to a purpose.

use crate::license::data::tables::el;
use crate::license::lex::fold::sep;
use crate::license::lex::lexicon::Lex;
use crate::license::lex::tokens::Token;
use crate::license::recognise::text::Reader;

/// Longer clauses are cut: a denial and its use stand closer.
const CLAUSE: usize = 256;

impl Reader<'_> {
    /// Uses that a clause denies, makes depend on permission, or limits to a purpose.
    pub fn restrictions(&mut self) {
        let restricts = |token: &Token| matches!(token.lex, Lex::Use(_) | Lex::Deny | Lex::Only | Lex::Purpose);
        if !self.tokens.iter().any(restricts) {
            return;
        }
        let count = self.tokens.len();
        let mut from = 0;
        while from < count {
            let mut to = from + 1;
            while to < count && to - from < CLAUSE && !self.begins_clause(to) {
                to += 1;
            }
            self.restriction(from, to);
            from = to;
        }
    }

    pub fn begins_clause(&self, k: usize) -> bool {
        let s = self.sep(k);
        s & (sep::BREAK | sep::COMMA) != 0 || (s & sep::DOT != 0 && s & sep::SPACE != 0)
    }

    pub fn restriction(&mut self, from: usize, to: usize) {
        let lex = |k: usize| if self.read[k] { None } else { self.lex(k) };
        let (mut uses, mut deny, mut permission, mut only, mut purpose) = (0, false, false, false, false);
        let mut used = Vec::new();
        for k in from..to {
            match lex(k) {
                Some(Lex::Use(bits)) => {
                    uses |= bits;
                    used.push(k);
                }
                Some(Lex::Deny) => deny = true,
                Some(Lex::Permission) => permission = true,
                Some(Lex::Only) => only = true,
                Some(Lex::Purpose) => {
                    purpose = true;
                    used.push(k);
                }
                _ => {}
            }
        }
        if used.is_empty() && !deny && !only {
            return;
        }
        // "no" denies a use if no licence stands between the two
        let claims = |a: usize, b: usize| (a.min(b)..a.max(b)).any(|k| self.read[k] && self.claimed(k));
        // and none follows: "commercial use is not CC BY"
        let nots: Vec<usize> = (from..to)
            .filter(|k| lex(*k) == Some(Lex::Not) && !claims(*k, to))
            .filter(|k| used.iter().any(|u| u.abs_diff(*k) < 7 && !claims(*u, *k)))
            .collect();
        deny |= !nots.is_empty();
        // a purpose limits every use of a licence that allows commercial use: "CC BY 4.0 for private study"
        let mut restricted = match (purpose, self.stated & el::NC) {
            (false, _) => 0,
            (true, 0) => el::NC | el::ALL,
            (true, _) => el::NC,
        };
        if deny || permission {
            restricted |= uses;
        }
        if deny && restricted == 0 {
            restricted = el::ALL;
        }
        let limits: Vec<usize> = (from..to).filter(|k| lex(*k) == Some(Lex::Only)).collect();
        if restricted != 0 {
            for k in from..to {
                let word = matches!(
                    lex(k),
                    Some(Lex::Use(_) | Lex::Deny | Lex::Permission | Lex::Only | Lex::Purpose | Lex::Aux | Lex::Mark)
                );
                if word || nots.contains(&k) {
                    used.push(k);
                }
            }
            self.out.restricted |= restricted;
            for k in used {
                self.read[k] = true;
            }
        } else if only {
            for k in limits {
                let place = self.place(k, k + 1);
                self.out.reservations.parts.push(place);
                self.read[k] = true;
            }
        }
    }
}
