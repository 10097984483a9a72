//! Names that words or the record announce: behind ©, "photo by" and the like, or repeated from the record.

use crate::license::data::tables::el;
use crate::license::lex::fold::{Case, Folded, Kind, Word, sep};
use crate::license::lex::lexicon::{Lex, Part};
use crate::license::recognise::claim::Warnings;
use crate::license::recognise::text::{Names, Reader};
use std::ops::Range;

/// Whether a word in lower case is one of the small words inside names.
pub(in crate::license) fn is_particle(word: &[u8]) -> bool {
    matches!(
        word,
        b"of"
            | b"the"
            | b"and"
            | b"for"
            | b"de"
            | b"la"
            | b"le"
            | b"les"
            | b"du"
            | b"des"
            | b"del"
            | b"della"
            | b"di"
            | b"da"
            | b"do"
            | b"dos"
            | b"das"
            | b"van"
            | b"von"
            | b"der"
            | b"den"
            | b"dem"
            | b"ten"
            | b"ter"
            | b"te"
            | b"t"
            | b"zu"
            | b"zur"
            | b"y"
            | b"e"
            | b"et"
            | b"und"
            | b"en"
            | b"og"
            | b"och"
            | b"i"
            | b"af"
            | b"av"
            | b"al"
            | b"el"
            | b"bin"
            | b"ibn"
            | b"ben"
            | b"d"
            | b"l"
            | b"s"
            | b"st"
            | b"fur"
            | b"voor"
            | b"per"
            | b"in"
            | b"at"
            | b"na"
            | b"za"
            | b"o"
            | b"to"
            | b"ja"
            | b"het"
            | b"dell"
            | b"degli"
            | b"dei"
    )
}

/// As many tokens may be a name, or a list of names.
const NAMES: usize = 128;

/// As many words in a script without capitals may be a name.
const UNCASED: usize = 12;

impl Reader<'_> {
    /// Names of the same record that the text repeats.
    pub fn repeated_names(&mut self, names: Names<'_>) {
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
    pub fn announced_names(&mut self) {
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

    /// "CC by Name", where the code is read as a preposition too.
    pub fn ambiguous_by(&self, k: usize) -> bool {
        let start = self.place(k, k + 1).start;
        let at = self.out.claims.partition_point(|c| c.end <= start);
        self.claimed(k) && self.out.claims.get(at).is_some_and(|c| c.warnings.has(Warnings::AMBIGUOUS_BY))
    }

    /// Whether a word announces a name: `by`, or a noun with a colon behind it.
    pub fn introduces(&self, k: usize) -> bool {
        const PREPOSITIONS: [&[u8]; 9] = [b"by", b"courtesy", b"door", b"von", b"par", b"por", b"di", b"av", b"af"];
        let token = self.tokens[k];
        token.to > token.from + 1 || self.sep(k + 1) & sep::COLON != 0 || PREPOSITIONS.iter().any(|p| self.is(k, p))
    }

    /// The end of a bibliographic reference behind "please cite": names, titles, numbers and small words.
    pub fn reference(&self, first: usize) -> usize {
        let mut end = first;
        let mut j = first;
        while let (Some(token), Some(word)) = (self.tokens.get(j), self.word(j)) {
            let number = |k: usize| self.lex(k) == Some(Lex::Number);
            let month = self.is(j, b"may") && (number(j + 1) || (j > 0 && number(j - 1)));
            let particle = is_particle(self.f.text(word));
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

    /// The end of a name that begins at token `first`, and whether there is more than a year.
    pub fn name(&self, first: usize) -> (usize, bool) {
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
            let particle = is_particle(self.f.text(word));
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
    pub fn is_source(&self, k: usize) -> bool {
        const TERMS: [&str; 7] = ["term", "licen", "right", "permission", "condition", "polic", "use"];
        let place = self.place(k, k + 1);
        let address = self.text.get(place).unwrap_or_default().to_ascii_lowercase();
        !TERMS.iter().any(|word| address.contains(word))
    }

    /// Whether a semicolon and nothing stronger stands before token `k`: a list of names.
    pub fn semicolon(&self, k: usize) -> bool {
        let before = k.checked_sub(1).map_or(0, |p| self.place(p, k).end);
        let gap = self.text.get(before..self.place(k, k + 1).start).unwrap_or_default();
        gap.contains(';') && gap.chars().all(|c| c == ';' || c == ' ')
    }
}
