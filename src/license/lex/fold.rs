//! A text as words: lower case, without accents, each word with its place in
//! the source and the separators that stand before it.
//!
//! Names are compared on the letters of consecutive words without their
//! separators, so `Naamsvermelding-GelijkDelen`, `Naamsvermelding Gelijk delen`
//! and `naamsvermelding – gelijkdelen` are one name; separators only decide
//! what belongs together.

use crate::license::lex::letters::{changes_meaning, class, digit, ideograph, letter, plain, sign, wide_class};
pub(crate) use crate::license::lex::words::{Case, Folded, Kind, Word, sep};
use crate::license::recognise::address;

fn position(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// Folds a text. With `urls` addresses become words of their own.
pub(crate) fn fold(text: &str, urls: bool) -> Folded {
    let mut f = Folder {
        text,
        out: Folded {
            bytes: Vec::with_capacity(text.len()),
            words: Vec::with_capacity(text.len() / 4 + 4),
            urls: Vec::new(),
            tail: 0,
            all: 0,
        },
        sep: sep::STRONG,
        lines: 0,
        open: false,
        last: Last::None,
    };
    f.run(urls);
    f.out.tail = f.sep | f.lopsided(text.len());
    f.out.all |= f.out.tail;
    f.out
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Last {
    None,
    Lower,
    Upper,
    Digit,
    Ideograph,
}

struct Folder<'a> {
    text: &'a str,
    out: Folded,
    sep: u16,
    /// Line breaks since the last word.
    lines: u8,
    open: bool,
    last: Last,
}

impl Folder<'_> {
    fn run(&mut self, urls: bool) {
        let bytes = self.text.as_bytes();
        let mut i = 0;
        while let Some(&b) = bytes.get(i) {
            if b == b' ' {
                self.open = false;
                self.last = Last::None;
                self.sep |= sep::SPACE;
                i += 1;
            } else if b < 128 {
                if b.is_ascii_alphanumeric() {
                    if urls
                        && !self.open
                        && b.is_ascii_alphabetic()
                        && let Some(end) = address::bare_host_at(self.text, i)
                    {
                        self.url(i, end);
                        i = end;
                        continue;
                    }
                    i = self.ascii_run(bytes, i);
                } else if urls
                    && (b == b':' || b == b'%')
                    && self.open
                    && let Some((start, end)) = address::scheme_at(self.text, i)
                {
                    self.retract(start);
                    self.url(start, end);
                    i = end;
                } else if b == b'\r' && bytes.get(i + 1) == Some(&b'\n') {
                    i += 1;
                } else if b == b'&' {
                    self.sign(b"&", i, i + 1);
                    i += 1;
                } else if b == b'*'
                    && let Some(end) = self.rule_or_bullet(i)
                {
                    self.separator(sep::STRONG);
                    i = end;
                } else {
                    self.separator(if changes_meaning(bytes, i) { sep::MASK } else { class(b) });
                    i += 1;
                }
            } else {
                i += self.other(i);
            }
        }
    }

    fn other(&mut self, i: usize) -> usize {
        let Some(c) = self.text.get(i..).and_then(|t| t.chars().next()) else {
            return 1;
        };
        let len = c.len_utf8();
        let rest = self.text.get(i + len..).unwrap_or_default();
        match c {
            'ï' if rest.starts_with("¿½") => {
                self.separator(sep::LOSSY);
                return len + 4;
            }
            'Â' if rest.starts_with(['©', '\u{a0}', '®', '«', '»']) => return len,
            '©' => {
                self.open = false;
                self.push(Kind::Copyright, Case::Lower, i, i + len);
                self.out.bytes.extend_from_slice("©".as_bytes());
                self.close_at(i + len);
                self.open = false;
            }
            // overlays strike letters out; embeddings and isolates change the order in which they are read
            '\u{334}'..='\u{338}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => self.separator(sep::MASK),
            '\u{ad}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'..='\u{2065}'
            | '\u{feff}'
            | '\u{300}'..='\u{333}'
            | '\u{339}'..='\u{36f}'
            | '\u{591}'..='\u{5c7}'
            | '\u{640}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{fe00}'..='\u{fe0f}' => {}
            '\u{ff01}'..='\u{ff5e}' => {
                let b = u8::try_from(c as u32 - 0xff01 + 0x21).unwrap_or(b' ');
                if b.is_ascii_alphanumeric() {
                    self.ascii_at(b, i, len);
                } else {
                    self.separator(class(b));
                }
            }
            // no case, no accents
            _ if ideograph(c) && (c >= '\u{3400}' || letter(c)) => {
                self.begin(Last::Ideograph, i);
                self.out.bytes.extend_from_slice(&self.text.as_bytes()[i..i + len]);
                self.close_at(i + len);
            }
            'а'..='и' | 'к'..='я' => {
                self.begin(Last::Lower, i);
                self.out.bytes.extend_from_slice(&self.text.as_bytes()[i..i + len]);
                self.close_at(i + len);
            }
            _ => {
                if let Some(d) = digit(c) {
                    self.ascii_at(d, i, len);
                } else if let Some(letters) = sign(c) {
                    self.sign(letters.as_bytes(), i, i + len);
                } else if letter(c) {
                    self.letter(c, i, len);
                } else {
                    self.separator(wide_class(c));
                }
            }
        }
        len
    }

    /// Takes a run of letters or of digits; gives its end.
    fn ascii_run(&mut self, bytes: &[u8], i: usize) -> usize {
        let mut j = i;
        if bytes[i].is_ascii_digit() {
            self.begin(Last::Digit, i);
            j += bytes[i..].iter().take_while(|b| b.is_ascii_digit()).count();
            self.out.bytes.extend_from_slice(&bytes[i..j]);
            self.close_at(j);
            return j;
        }
        let upper = bytes[i].is_ascii_uppercase();
        self.begin(if upper { Last::Upper } else { Last::Lower }, i);
        let mut lower = !upper;
        j += 1;
        while let Some(&b) = bytes.get(j).filter(|b| b.is_ascii_alphabetic()) {
            let small = b.is_ascii_lowercase();
            if !small && self.last == Last::Lower {
                break;
            }
            lower |= small;
            self.last = if small { Last::Lower } else { Last::Upper };
            j += 1;
        }
        let from = self.out.bytes.len();
        self.out.bytes.extend_from_slice(&bytes[i..j]);
        self.out.bytes[from..].make_ascii_lowercase();
        self.close_at(j);
        if lower
            && let Some(w) = self.out.words.last_mut()
            && w.case == Case::Upper
        {
            w.case = Case::Title;
        }
        j
    }

    fn ascii_at(&mut self, b: u8, i: usize, len: usize) {
        let last = match b {
            b'0'..=b'9' => Last::Digit,
            b'A'..=b'Z' => Last::Upper,
            _ => Last::Lower,
        };
        self.begin(last, i);
        self.out.bytes.push(b.to_ascii_lowercase());
        self.close_at(i + len);
    }

    fn letter(&mut self, c: char, i: usize, len: usize) {
        let last = if c.is_uppercase() { Last::Upper } else { Last::Lower };
        self.begin(last, i);
        let mut buf = [0; 4];
        for l in c.to_lowercase() {
            let plain = plain(l);
            if plain.is_empty() {
                self.out.bytes.extend_from_slice(l.encode_utf8(&mut buf).as_bytes());
            } else if plain != "\u{0}" {
                self.out.bytes.extend_from_slice(plain.as_bytes());
                if let Some(w) = self.out.words.last_mut() {
                    w.accented = true;
                }
            }
        }
        self.close_at(i + len);
    }

    /// Starts a word unless the character goes on with the open one.
    fn begin(&mut self, now: Last, i: usize) {
        let join = self.open
            && match (self.last, now) {
                (Last::Digit, n) => n == Last::Digit,
                (Last::Ideograph | Last::None, _) | (_, Last::Digit | Last::Ideograph) | (Last::Lower, Last::Upper) => {
                    false
                }
                _ => true,
            };
        if join {
            if now == Last::Lower
                && let Some(w) = self.out.words.last_mut()
                && w.case == Case::Upper
            {
                w.case = Case::Title;
            }
        } else {
            let case = match now {
                Last::Upper => Case::Upper,
                _ => Case::Lower,
            };
            let kind = if now == Last::Digit { Kind::Digits } else { Kind::Letters };
            self.push(kind, case, i, i);
        }
        self.last = now;
        self.open = true;
    }

    fn push(&mut self, kind: Kind, case: Case, src: usize, src_end: usize) {
        let start = position(self.out.bytes.len());
        let lopsided = self.lopsided(src);
        let sep = std::mem::take(&mut self.sep) | lopsided;
        self.lines = 0;
        self.out.all |= sep;
        self.out.words.push(Word {
            start,
            end: start,
            src: position(src),
            src_end: position(src_end),
            sep,
            kind,
            case,
            accented: false,
        });
    }

    fn close_at(&mut self, src_end: usize) {
        let end = position(self.out.bytes.len());
        if let Some(w) = self.out.words.last_mut() {
            w.end = end;
            w.src_end = position(src_end);
        }
    }

    /// A character that is a word of its own.
    fn sign(&mut self, letters: &[u8], start: usize, end: usize) {
        self.push(Kind::Letters, Case::Upper, start, end);
        self.out.bytes.extend_from_slice(letters);
        self.close_at(end);
        self.open = false;
        self.last = Last::None;
    }

    /// The end of a bullet, or of a line of asterisks, that begins at byte `i` and stands by itself.
    fn rule_or_bullet(&self, i: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let length = bytes[i..].iter().take_while(|b| **b == b'*').count();
        let blank = |b: Option<&u8>| b.is_none_or(u8::is_ascii_whitespace);
        let alone = blank(i.checked_sub(1).and_then(|p| bytes.get(p))) && blank(bytes.get(i + length));
        (alone && (length == 1 || length > 3) && i + length < bytes.len()).then_some(i + length)
    }

    fn separator(&mut self, class: u16) {
        const COUNTED: u16 = sep::DASH | sep::DOT | sep::COMMA | sep::SLASH | sep::PLUS;
        self.open = false;
        self.last = Last::None;
        if self.sep & class & COUNTED != 0 {
            self.sep |= sep::REPEATED;
        }
        if class == sep::LINE {
            self.lines = self.lines.saturating_add(1);
            if self.lines > 1 {
                self.sep |= sep::STRONG;
            }
        }
        self.sep |= class;
    }

    /// A dash beside a space on one side only, in what stands before byte `src`.
    fn lopsided(&self, src: usize) -> u16 {
        if self.sep & sep::DASH == 0 || self.sep == sep::DASH {
            return 0;
        }
        let from = self.out.words.last().map_or(src, |w| w.src_end as usize);
        let gap = self.text.get(from..src).unwrap_or_default();
        let dash = |c: char| if c.is_ascii() { matches!(c, '-' | '_') } else { wide_class(c) == sep::DASH };
        let first = gap.chars().next().is_some_and(dash);
        let last = gap.chars().next_back().is_some_and(dash);
        if first == last { 0 } else { sep::LOPSIDED }
    }

    fn url(&mut self, start: usize, end: usize) {
        self.open = false;
        self.last = Last::None;
        let number = position(self.out.urls.len());
        self.out.urls.push((position(start), position(end)));
        self.push(Kind::Url, Case::Lower, start, end);
        if let Some(w) = self.out.words.last_mut() {
            w.start = number;
            w.end = number;
        }
    }

    /// Takes back the part of the open words that belongs to an address.
    fn retract(&mut self, start: usize) {
        while let Some(w) = self.out.words.last_mut() {
            let (src, src_end) = (w.src as usize, w.src_end as usize);
            if src_end <= start {
                break;
            }
            if src < start {
                // only ASCII letters stand before "://", one byte each
                let cut = src_end - start;
                w.src_end = position(start);
                w.end -= position(cut);
                self.out.bytes.truncate(self.out.bytes.len().saturating_sub(cut));
                break;
            }
            let w = *w;
            self.sep |= w.sep;
            self.out.bytes.truncate(w.start as usize);
            self.out.words.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        let f = fold(text, true);
        f.words.iter().map(|w| String::from_utf8_lossy(f.text(w)).into_owned()).collect()
    }

    #[test]
    fn words_and_places() {
        assert_eq!(words("Naamsvermelding-GelijkDelen 3.0"), ["naamsvermelding", "gelijk", "delen", "3", "0"]);
        assert_eq!(words("CCBY4.0"), ["ccby", "4", "0"]);
        assert_eq!(words("署名 4.0"), ["署", "名", "4", "0"]);
        let f = fold("é ＣＣ x", true);
        assert_eq!(f.text(&f.words[0]), b"e");
        assert_eq!((f.words[0].src, f.words[0].src_end), (0, 2));
        assert_eq!(f.text(&f.words[1]), b"cc");
    }

    #[test]
    fn addresses_are_words() {
        let f = fold("Creative Commons By-Sahttp://creativecommons.org/licenses/by-sa/2.0/ x", true);
        assert_eq!(f.urls.len(), 1);
        assert_eq!(f.text(&f.words[3]), b"sa");
        assert_eq!(f.words[4].kind, Kind::Url);
    }
}
