//! A role for every token: what names a licence, a person or a part, what denies, doubts or restricts.
//!
//! A token without a role may change what a licence means, so that the licence is not exact.

use std::ops::Range;

use crate::license::data::tables::el;
use crate::license::lex::fold::{Case, Word, sep};
use crate::license::lex::lexicon::{Lex, Part};
use crate::license::recognise::claim::Statement;
use crate::license::recognise::text::{Names, Reader, Sentence};

/// Values with more tokens than this are prose: their denials need not be about a licence in another field.
pub(crate) const SHORT: usize = 24;

impl Reader<'_> {
    /// Gives every token that is left a role, or takes note of it.
    pub fn account(&mut self, names: Names<'_>) {
        // most statements are a licence and words such as "license"
        let plain = |lex| matches!(lex, Lex::License | Lex::Text | Lex::SomeRights);
        if self.tokens.iter().zip(&self.read).all(|(token, read)| *read || plain(token.lex)) {
            self.marks();
            return;
        }
        if self.is_prose() {
            self.restrictions();
            for (token, read) in self.tokens.iter().zip(&self.read) {
                if let (Lex::Restrict(bits), false) = (token.lex, *read) {
                    self.out.restricted |= bits;
                }
            }
            return;
        }
        self.repeated_names(names);
        self.announced_names();
        if !self.out.claims.is_empty() {
            self.initials();
        }
        self.restrictions();
        let count = self.tokens.len();
        let mut k = 0;
        while k < count {
            if !self.read[k] {
                self.account_for(k);
            }
            k += 1;
        }
        self.names_by_form();
        let claims = !self.out.claims.is_empty();
        for k in 0..count {
            if claims && !self.read[k] {
                let place = self.place(k, k + 1);
                self.out.reservations.unread.push(place);
            }
        }
        self.marks();
    }

    /// Whether a text is long and names neither a licence nor the public domain: only what it restricts matters.
    fn is_prose(&self) -> bool {
        let free = |s: &Sentence| {
            matches!(s.statement, Statement::PublicDomain | Statement::NoKnownCopyright | Statement::NoRightsReserved)
        };
        self.tokens.len() > SHORT && self.out.claims.is_empty() && !self.out.statements.iter().any(free)
    }

    /// Whether "all" stands before the token in its sentence, as in "All images some rights reserved".
    fn follows_all(&self, k: usize) -> bool {
        (0..k)
            .rev()
            .take_while(|before| self.sep(before + 1) & (sep::DOT | sep::STRONG) == 0)
            .any(|before| self.is(before, b"all"))
    }

    fn account_for(&mut self, k: usize) {
        let place = self.place(k, k + 1);
        let lex = self.tokens[k].lex;
        if self.struck(k) {
            self.out.reservations.negated.push(place);
            self.read[k] = true;
            return;
        }
        let role = self.in_markup(k)
            || match lex {
                Lex::Copyright => self.is_copyright(k),
                Lex::SomeRights => !self.follows_all(k),
                Lex::Text | Lex::License | Lex::Cc(false) | Lex::Item => true,
                Lex::Mark | Lex::Aux => self.leads_on(k),
                Lex::And | Lex::Or | Lex::Later => k > 0 && self.read[k - 1] && self.leads_on(k),
                Lex::Not => {
                    self.out.reservations.negated.push(place);
                    true
                }
                Lex::NotNow | Lex::Statement(Statement::AccessEmbargoed) => {
                    self.out.reservations.not_now.push(place);
                    true
                }
                Lex::Doubt => {
                    self.out.reservations.doubt.push(place);
                    true
                }
                Lex::Part(part) => {
                    self.part(k, part);
                    true
                }
                Lex::Restrict(bits) => {
                    self.out.restricted |= bits;
                    true
                }
                Lex::Denied(bits) => {
                    let denying = !matches!(self.sep(k), 0 | sep::DASH) && self.denying_code(k, bits);
                    if denying {
                        self.out.restricted |= bits;
                    }
                    denying
                }
                Lex::Element(bits, code) => self.loose_element(k, bits, code),
                Lex::Foreign(n, _) => {
                    self.foreign(k, n);
                    true
                }
                Lex::Url => k > 0 && matches!(self.lex(k - 1), Some(Lex::Credit | Lex::Source | Lex::Text)),
                Lex::Source => self.lex(k + 1) == Some(Lex::Url),
                Lex::Credit => self.is_item_noun(k),
                Lex::Deny
                | Lex::Only
                | Lex::Use(_)
                | Lex::Permission
                | Lex::Purpose
                | Lex::Cc(true)
                | Lex::Zero
                | Lex::Cite
                | Lex::Generic(_)
                | Lex::Place(_)
                | Lex::Version
                | Lex::Number
                | Lex::Word
                | Lex::Statement(_)
                | Lex::Rights(_)
                | Lex::Other(_)
                | Lex::Family(_) => false,
            };
        self.read[k] |= role;
    }

    /// `(c)` in round brackets; other brackets may stand for letters.
    pub fn is_copyright(&self, k: usize) -> bool {
        let place = self.place(k, k + 1);
        let round = self.text.get(..place.start).is_some_and(|t| t.ends_with('('))
            && self.text.get(place.end..).is_some_and(|t| t.starts_with(')'));
        !self.is(k, b"c") || round
    }

    /// A tag of HTML that strikes text out.
    fn struck(&self, k: usize) -> bool {
        if self.f.all & sep::PAREN == 0 {
            return false;
        }
        let tag = [&b"del"[..], b"s", b"strike"].iter().any(|tag| self.is(k, tag));
        let start = self.place(k, k + 1).start;
        tag && self.text.get(..start).is_some_and(|before| before.ends_with('<') || before.ends_with("</"))
    }

    /// The place of tokens in bytes.
    pub fn place(&self, from: usize, to: usize) -> Range<usize> {
        let (start, end) = self.bounds(from, to);
        start..end
    }

    pub fn word(&self, k: usize) -> Option<&Word> {
        self.tokens.get(k).and_then(|t| self.f.words.get(t.from))
    }

    /// A short marking word introduces what follows; at the end it may be the rest of a code.
    fn leads_on(&self, k: usize) -> bool {
        let token = self.tokens[k];
        let letters: u32 =
            self.f.words.get(token.from..token.to).unwrap_or_default().iter().map(|w| w.end - w.start).sum();
        let glued = k > 0 && self.sep(k) == sep::DASH && self.claimed(k - 1);
        let prefixed = letters < 4 && self.sep(k + 1) == sep::DASH && self.claimed(k + 1);
        // a particle at the beginning of a text, glued to a code
        let orphan = k == 0 && letters < 4 && self.sep(1) == 0 && self.claimed(1);
        !glued
            && !prefixed
            && !orphan
            && (letters > 3 || (k + 1 < self.tokens.len() && self.sep(k + 1) & sep::STRONG == 0))
    }

    /// "Photo: CC BY 4.0": without a name behind it, the word is the item.
    fn is_item_noun(&self, k: usize) -> bool {
        let text = self.word(k).map_or(&b""[..], |w| self.f.text(w));
        [&b"photo"[..], b"foto", b"kuva", b"zdjecie", "фото".as_bytes()].contains(&text)
    }

    /// Elements outside a mention: they repeat what a claim states, or take away.
    fn loose_element(&mut self, k: usize, bits: u16, code: bool) -> bool {
        // "3.0-sa": a slip of the pen for a port
        if code && self.sep(k) & !sep::LOPSIDED == sep::DASH && self.sep(k) != sep::SPACE {
            return false;
        }
        if !self.out.claims.is_empty() && bits & !self.stated == 0 {
            return true;
        }
        let denied = bits & (el::NC | el::ND | el::SA);
        if denied == 0 || (code && !self.restricting_code(k)) {
            return false;
        }
        self.out.restricted |= denied;
        true
    }

    fn foreign(&mut self, k: usize, n: u8) {
        let mut end = k + 1;
        while matches!(self.lex(end), Some(Lex::Number | Lex::Version)) && self.sep(end) & sep::BREAK == 0 {
            end += 1;
        }
        for beside in [k.checked_sub(1), Some(end)].into_iter().flatten() {
            match self.lex(beside) {
                Some(Lex::Or) if self.lex(beside + 1) != Some(Lex::Later) => self.out.or = true,
                Some(Lex::And) => self.out.and = true,
                _ => {}
            }
        }
        let place = self.place(k, end);
        self.out.reservations.foreign.push((n, place));
        self.mark(k, end);
    }

    /// Words for a part of the item, and the words behind them that tell which.
    fn part(&mut self, k: usize, part: Part) {
        let clause = sep::BREAK | sep::PAREN;
        let mut end = k + 1;
        let describes = matches!(part, Part::Except | Part::Derived | Part::Territory);
        while end < self.tokens.len() && !self.read[end] && self.sep(end) & clause == 0 {
            let word = matches!(
                self.lex(end),
                Some(
                    Lex::Word | Lex::Place(_) | Lex::Mark | Lex::Item | Lex::Part(_) | Lex::And | Lex::Or | Lex::Credit
                )
            ) || self.is_preposition(end);
            let number = self.lex(end) == Some(Lex::Number);
            if !(number || (describes && word)) {
                break;
            }
            end += 1;
        }
        let place = self.place(k, end);
        let claim = self.read.get(end).is_some_and(|r| *r) && self.claimed(end);
        self.mark(k, end);
        if part == Part::Except && end == k + 1 && claim && self.sep(end) & (sep::BREAK | sep::COMMA | sep::DOT) == 0 {
            // "other than CC BY": the licence is what is left out
            self.out.reservations.negated.push(place);
        } else {
            self.out.reservations.parts.push(place);
        }
    }

    pub fn is_preposition(&self, k: usize) -> bool {
        matches!(self.lex(k), Some(Lex::Element(el::BY, true)))
            && self.word(k).is_some_and(|w| {
                // a sentence may begin with it
                let case = w.case == Case::Lower || (k == 0 && w.case == Case::Title);
                case && self.f.text(w) == b"by"
            })
    }

    /// Whether token `k` is one of a claim.
    pub fn claimed(&self, k: usize) -> bool {
        self.claimed.get(k).is_some_and(|claimed| *claimed)
    }
}
