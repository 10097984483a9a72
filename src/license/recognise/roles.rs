//! A role for every token: what names a licence, a person or a part, what denies, doubts or restricts.
//!
//! A token without a role may change what a licence means, so that the licence is not exact.

use std::ops::Range;

use crate::license::data::tables::el;
use crate::license::lex::fold::{Case, Folded, Kind, Word, sep};
use crate::license::lex::lexicon::{Lex, Part};
use crate::license::lex::tokens::Token;
use crate::license::recognise::claim::Statement;
use crate::license::recognise::text::{Names, Reader};

/// Small words inside names, in lower case.
const PARTICLES: &[&str] = &[
    "of", "the", "and", "for", "de", "la", "le", "les", "du", "des", "del", "della", "di", "da", "do", "dos", "das",
    "van", "von", "der", "den", "dem", "ten", "ter", "te", "t", "zu", "zur", "y", "e", "et", "und", "en", "og", "och",
    "i", "af", "av", "al", "el", "bin", "ibn", "ben", "d", "l", "s", "st", "fur", "voor", "per", "in", "at", "na",
    "za", "o", "to", "ja", "het", "dell", "degli", "dei", "des",
];

/// Longer clauses are cut: a denial and its use stand closer.
const CLAUSE: usize = 256;

/// As many tokens may be a name, or a list of names.
const NAMES: usize = 128;

/// As many tokens may be the title of a work.
const TITLE: usize = 32;

/// As many words in a script without capitals may be a name.
const UNCASED: usize = 12;

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
        for k in 0..count {
            if !self.read[k] {
                let place = self.place(k, k + 1);
                self.out.reservations.unread.push(place);
            }
        }
        self.marks();
    }

    fn account_for(&mut self, k: usize) {
        let place = self.place(k, k + 1);
        let lex = self.tokens[k].lex;
        if self.struck(k) {
            self.out.reservations.negated.push(place);
            self.read[k] = true;
            return;
        }
        let role = match lex {
            Lex::Copyright => self.is_copyright(k),
            Lex::Text | Lex::License | Lex::SomeRights | Lex::Cc(false) | Lex::Item => true,
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
    fn is_copyright(&self, k: usize) -> bool {
        let place = self.place(k, k + 1);
        let round = self.text.get(..place.start).is_some_and(|t| t.ends_with('('))
            && self.text.get(place.end..).is_some_and(|t| t.starts_with(')'));
        !self.is(k, b"c") || round
    }

    /// A tag of HTML that strikes text out.
    fn struck(&self, k: usize) -> bool {
        let tag = [&b"del"[..], b"s", b"strike"].iter().any(|tag| self.is(k, tag));
        let start = self.place(k, k + 1).start;
        tag && self.text.get(..start).is_some_and(|before| before.ends_with('<') || before.ends_with("</"))
    }

    /// The place of tokens in bytes.
    fn place(&self, from: usize, to: usize) -> Range<usize> {
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
        !glued && !prefixed && (letters > 3 || (k + 1 < self.tokens.len() && self.sep(k + 1) & sep::STRONG == 0))
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

    fn is_preposition(&self, k: usize) -> bool {
        matches!(self.lex(k), Some(Lex::Element(el::BY, true)))
            && self.word(k).is_some_and(|w| w.case == Case::Lower && self.f.text(w) == b"by")
    }

    /// Whether token `k` is one of a claim.
    fn claimed(&self, k: usize) -> bool {
        self.claimed.get(k).is_some_and(|claimed| *claimed)
    }

    /// Names of the same record that the text repeats.
    fn repeated_names(&mut self, names: Names<'_>) {
        let same = |a: &Word, x: &Folded, b: &Word| self.f.text(a) == x.text(b);
        let mut found: Vec<Range<usize>> = Vec::new();
        for name in names {
            let length = name.words.len();
            if length == 0 || (length == 1 && name.bytes.len() < 3) {
                continue;
            }
            for from in 0..(self.f.words.len() + 1).saturating_sub(length) {
                let window = &self.f.words[from..from + length];
                if window.iter().zip(&name.words).all(|(a, b)| same(a, name, b)) {
                    found.push(from..from + length);
                }
            }
        }
        for words in found {
            for k in 0..self.tokens.len() {
                let token = self.tokens[k];
                let inside = words.start <= token.from && token.to <= words.end;
                // a title can't take back what a word denies
                let plain = matches!(
                    token.lex,
                    Lex::Word
                        | Lex::Number
                        | Lex::Place(_)
                        | Lex::And
                        | Lex::Or
                        | Lex::Mark
                        | Lex::License
                        | Lex::Credit
                        | Lex::Item
                        | Lex::Generic(_)
                        | Lex::Part(Part::Noun)
                        | Lex::Foreign(..)
                );
                if inside && plain {
                    self.read[k] = true;
                }
            }
        }
    }

    /// Names behind ©, "photo by" and the like.
    fn announced_names(&mut self) {
        for k in 0..self.tokens.len() {
            if !matches!(self.tokens[k].lex, Lex::Cite | Lex::Copyright | Lex::Credit | Lex::Element(el::BY, _)) {
                continue;
            }
            if self.tokens[k].lex == Lex::Cite {
                let end = self.reference(k + 1);
                self.mark(k, end);
            }
            let announces = match self.tokens[k].lex {
                Lex::Copyright => self.is_copyright(k),
                Lex::Credit => !self.read[k] && self.introduces(k),
                Lex::Element(el::BY, true) => self.is_preposition(k) && (!self.read[k] || self.ambiguous_by(k)),
                Lex::Element(el::BY, false) => !self.read[k] && self.sep(k + 1) == sep::COLON | sep::SPACE,
                _ => false,
            };
            if !announces {
                continue;
            }
            if self.tokens[k].lex != Lex::Copyright && self.sep(k + 1) & (sep::SPACE | sep::COLON | sep::LINE) == 0 {
                continue;
            }
            let (end, named) = self.name(k + 1);
            if named || (self.tokens[k].lex == Lex::Copyright && end > k + 1) {
                self.mark(k, end);
            }
        }
    }

    /// The end of a bibliographic reference behind "please cite": names, titles, numbers and small words.
    fn reference(&self, first: usize) -> usize {
        let mut end = first;
        let mut j = first;
        while let (Some(token), Some(word)) = (self.tokens.get(j), self.word(j)) {
            let number = |k: usize| self.lex(k) == Some(Lex::Number);
            let month = self.is(j, b"may") && (number(j + 1) || (j > 0 && number(j - 1)));
            let particle = PARTICLES.contains(&std::str::from_utf8(self.f.text(word)).unwrap_or(""));
            let capital = word.case != Case::Lower
                && matches!(token.lex, Lex::Word | Lex::Place(_) | Lex::Item | Lex::Mark | Lex::Credit | Lex::Version);
            let glued = j > first && self.sep(j) == 0 && token.lex == Lex::Word;
            if self.read[j] || !(number(j) || month || particle || capital || glued || token.lex == Lex::Url) {
                break;
            }
            if !particle {
                end = j + 1;
            }
            j += 1;
        }
        end
    }

    /// Whether a word announces a name: `by`, or a noun with a colon behind it.
    fn introduces(&self, k: usize) -> bool {
        const PREPOSITIONS: [&[u8]; 9] = [b"by", b"courtesy", b"door", b"von", b"par", b"por", b"di", b"av", b"af"];
        let token = self.tokens[k];
        token.to > token.from + 1 || self.sep(k + 1) & sep::COLON != 0 || PREPOSITIONS.iter().any(|p| self.is(k, p))
    }

    /// "CC by Name", where the code is read as a preposition too.
    fn ambiguous_by(&self, k: usize) -> bool {
        use crate::license::recognise::claim::Warnings;
        let start = self.place(k, k + 1).start;
        let at = self.out.claims.partition_point(|c| c.end <= start);
        self.claimed(k) && self.out.claims.get(at).is_some_and(|c| c.warnings.has(Warnings::AMBIGUOUS_BY))
    }

    /// The end of a name that begins at token `first`, and whether there is more than a year.
    fn name(&self, first: usize) -> (usize, bool) {
        let mut end = first;
        let mut named = false;
        let mut uncased = 0;
        let mut j = first;
        while let (Some(token), Some(word)) = (self.tokens.get(j), self.word(j)) {
            let s = self.sep(j);
            if self.read[j]
                || j - first >= NAMES
                || s & (sep::SLASH | sep::MASK | sep::LOSSY) != 0
                || (s & sep::STRONG != 0 && !(j > first && self.semicolon(j)))
                || (s & sep::LINE != 0 && j > first)
                || (j > first && s & sep::DOT != 0 && s & sep::SPACE != 0 && self.long_before(j))
            {
                break;
            }
            let raw = self.text.get(word.src as usize..word.src_end as usize).unwrap_or_default();
            let letter = raw.chars().next().unwrap_or(' ');
            let caseless = letter.is_alphabetic() && !letter.is_lowercase() && !letter.is_uppercase();
            let capital = word.kind == Kind::Letters && word.case != Case::Lower;
            let particle = PARTICLES.contains(&std::str::from_utf8(self.f.text(word)).unwrap_or(""));
            match token.lex {
                Lex::Number => {
                    let digits = word.end - word.start;
                    let year = digits == 4 && matches!(self.f.bytes[word.start as usize], b'1' | b'2');
                    if !(year || (s == 0 && j > first) || (digits < 3 && s & sep::DASH != 0 && j > first)) {
                        break;
                    }
                    end = j + 1;
                }
                Lex::Url if j == first || (named && s & sep::PAREN != 0 && self.is_source(j)) => {
                    return (j + 1, true);
                }
                Lex::Copyright | Lex::Credit | Lex::Item if !named => {}
                Lex::Element(el::BY, true) if word.case == Case::Lower && !named => {}
                Lex::And | Lex::Or => {}
                _ if particle && word.case == Case::Lower && !caseless => {}
                Lex::Word | Lex::Place(_) | Lex::Item | Lex::Foreign(..) if capital => {
                    named = true;
                    end = j + 1;
                }
                Lex::Generic(_) | Lex::Version | Lex::Mark | Lex::Credit | Lex::License
                    if capital && (named || token.lex != Lex::License) =>
                {
                    named |= token.lex != Lex::License;
                    end = j + 1;
                }
                Lex::Word if caseless && uncased < UNCASED => {
                    uncased += 1;
                    named = true;
                    end = j + 1;
                }
                // a surname in a list of names
                Lex::Word if named && s == sep::SPACE && self.semicolon(j + 1) => end = j + 1,
                // "Ken-ichi", "AlgaeBase"
                Lex::Word if matches!(s, 0 | sep::DASH) && j > first && named => end = j + 1,
                _ => break,
            }
            j += 1;
        }
        (end, named)
    }

    /// Whether an address names the place of a work, and no terms of its own.
    fn is_source(&self, k: usize) -> bool {
        const TERMS: [&str; 7] = ["term", "licen", "right", "permission", "condition", "polic", "use"];
        let place = self.place(k, k + 1);
        let address = self.text.get(place).unwrap_or_default().to_ascii_lowercase();
        !TERMS.iter().any(|word| address.contains(word))
    }

    /// Whether a semicolon and nothing stronger stands before token `k`: a list of names.
    fn semicolon(&self, k: usize) -> bool {
        let before = k.checked_sub(1).map_or(0, |p| self.place(p, k).end);
        let gap = self.text.get(before..self.place(k, k + 1).start).unwrap_or_default();
        gap.contains(';') && gap.chars().all(|c| c == ';' || c == ' ')
    }

    /// Names by their form alone: initials and a surname between two marks, a title in quotes,
    /// a name in front of a licence in brackets that has no version.
    fn names_by_form(&mut self) {
        if self.out.claims.is_empty() || self.read.iter().all(|r| *r) {
            return;
        }
        self.quoted();
        self.titles();
        let unversioned = self.out.claims.len() == 1
            && self.out.claims[0].version == crate::license::recognise::claim::Stated::Silent
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

    fn initials(&mut self) {
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
    fn titles(&mut self) {
        const VERBS: [&str; 9] =
            ["licensed", "licenced", "released", "published", "distributed", "made", "shared", "dedicated", "marked"];
        for verb in 1..self.tokens.len() {
            let state = self.is(verb, b"is") || self.is(verb, b"are");
            let next = self.word(verb + 1).map_or(&b""[..], |w| self.f.text(w));
            if !state || !VERBS.iter().any(|v| v.as_bytes() == next) || self.lex(verb + 1) != Some(Lex::Mark) {
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
                let particle = PARTICLES.contains(&std::str::from_utf8(self.f.text(word)).unwrap_or(""));
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

    fn quoted(&mut self) {
        const OPEN: [char; 5] = ['"', '“', '„', '«', '「'];
        const CLOSE: [char; 6] = ['"', '”', '“', '»', '«', '」'];
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

    /// Uses that a clause denies, makes depend on permission, or limits to a purpose.
    fn restrictions(&mut self) {
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

    fn begins_clause(&self, k: usize) -> bool {
        let s = self.sep(k);
        s & (sep::BREAK | sep::COMMA) != 0 || (s & sep::DOT != 0 && s & sep::SPACE != 0)
    }

    fn restriction(&mut self, from: usize, to: usize) {
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
        let mut restricted = if purpose { el::NC } else { 0 };
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

    /// Marks that may stand for letters or for doubt.
    fn marks(&mut self) {
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
    fn stray_end(&mut self, end: usize) {
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

    fn mark_between(&mut self, from: usize, to: usize, i: usize) {
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
