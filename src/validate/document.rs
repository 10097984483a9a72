//! One input, piece by piece: where checking is, and what stands around the root element.

use super::Outcome;
use super::finding::{Findings, Spot, shown};
use super::model::{Container, Element};
use super::page::{Facts, Page};
use crate::limits::{MAX_CONTENT, megabytes};
use crate::xml::clean::{Clean, clean, lines};
use crate::xml::names::Scope;
use crate::xml::read::{Cursor, MAX_ATTRIBUTES, MAX_DEPTH, Read, Step, Stop};
use crate::xml::strict;
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Checks one input.
#[derive(Debug)]
pub(super) struct Document {
    pub(super) findings: Findings,
    pub(super) page: Page,
    pub(super) facts: Vec<Facts>,
    pub(super) pages: u64,
    pub(super) records: u64,
    /// The open elements.
    pub(super) stack: Vec<Open>,
    pub(super) scope: Scope,
    /// The container being checked.
    pub(super) container: Option<&'static Container>,
    /// The text of the value being read.
    pub(super) text: String,
    /// Whether what was found is so broken that checking can't go on.
    stopped: bool,
    /// Whether anything but a byte order mark was read.
    begun: bool,
    encoding: &'static Encoding,
    pub(super) base: u64,
    here: Here,
}

/// An open element.
#[derive(Debug)]
pub(super) struct Open {
    pub(super) name: String,
    /// Bindings before it.
    pub(super) depth: usize,
    pub(super) spot: Spot,
    pub(super) state: State,
}

/// How far the content of an element is.
#[derive(Debug, Clone, Copy)]
pub(super) enum State {
    /// In a sequence.
    Sequence { element: &'static Element, taken: Taken },
    /// In a value.
    Value(&'static Element),
    /// Where one foreign element is due: how many there were.
    Payload(&'static Element, usize),
    /// In a container.
    Bag(&'static Container),
    /// In what is only read over.
    Skip,
}

/// How far a sequence is.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Taken {
    /// The particle.
    pub(super) at: usize,
    /// The option taken there, and how often.
    pub(super) option: usize,
    pub(super) count: usize,
    /// The particles that were filled, a bit each.
    pub(super) filled: u16,
}

/// A position in a piece, its line and its column.
#[derive(Debug, Clone, Copy)]
struct Here {
    at: usize,
    line: u64,
    column: u64,
}

impl Here {
    fn moved(self, text: &str, to: usize) -> Self {
        let passed = &text[self.at..to];
        let column = match passed.rfind('\n') {
            Some(newline) => passed[newline + 1..].chars().count() as u64 + 1,
            None => self.column + passed.chars().count() as u64,
        };
        Self { at: to, line: self.line + lines(passed.as_bytes()), column }
    }
}

/// The text being read.
pub(super) struct Piece<'a> {
    pub(super) clean: &'a Clean<'a>,
    start: Here,
    here: Here,
    pub(super) marks: usize,
    pub(super) last: bool,
}

impl Document {
    pub(super) fn new(source: &str, encoding: &'static Encoding, start: u64, most: usize) -> Self {
        Self {
            findings: Findings::new(source, most),
            page: Page::default(),
            facts: Vec::new(),
            pages: 0,
            records: 0,
            stack: Vec::new(),
            scope: Scope::default(),
            container: None,
            text: String::new(),
            stopped: false,
            begun: false,
            encoding,
            base: start,
            here: Here { at: 0, line: 1, column: 1 },
        }
    }

    /// Checks what is complete in `bytes`; gives the number of bytes used, the rest must come again
    /// with more behind it. `None` if there is no point in going on.
    pub(super) fn feed(&mut self, bytes: &[u8], last: bool) -> Option<usize> {
        let clean = clean(bytes, last);
        let mut cursor = Cursor::new(&clean.text, clean.carriage, true);
        let mut piece = Piece { clean: &clean, start: self.here, here: self.here, marks: 0, last };
        loop {
            let at = cursor.at();
            match self.advance(&mut cursor, &mut piece) {
                Ok(more) => {
                    self.tell_repairs(&mut cursor, &mut piece);
                    self.tell_marks(&mut piece, cursor.at() + usize::from(!more && last));
                    if !more {
                        break;
                    }
                }
                Err(Stop::Cut) => {
                    cursor.skip_to(at);
                    cursor.repairs.clear();
                    if last {
                        self.cut(&mut piece);
                    } else if bytes.len() >= MAX_CONTENT {
                        self.limit(&mut piece, at, &format!("a value is larger than {}", megabytes(MAX_CONTENT)));
                    }
                    break;
                }
                Err(Stop::Failed(at, _, what)) => {
                    self.tell_repairs(&mut cursor, &mut piece);
                    let spot = self.spot(&mut piece, at);
                    let what = format!("{what}; what follows was not checked");
                    self.findings.tell("xml.markup", spot, "", &[("what", &what)]);
                    self.stopped = true;
                }
            }
            if self.stopped {
                return None;
            }
        }
        let at = cursor.at();
        self.base += self.encoded(&clean, at);
        self.here = Here { at: 0, ..piece.here_at(&clean.text, at) };
        (!self.stopped).then(|| clean.used(at))
    }

    fn advance(&mut self, cursor: &mut Cursor<'_>, piece: &mut Piece<'_>) -> Read<bool> {
        if self.stack.is_empty() {
            return self.outside(cursor, piece);
        }
        let (at, rest) = (cursor.at(), cursor.rest());
        match cursor.step()? {
            Step::Open(tag) => self.open(cursor, &tag, piece)?,
            Step::Close(name) => self.close(name, at, piece),
            Step::Text(raw) => self.characters(raw, at, piece),
            Step::Literal(text) => self.literal(text, at, piece),
            Step::Aside => self.aside(cursor, &rest[..cursor.at() - at], at, piece),
        }
        Ok(true)
    }

    /// Before and after the root element; false at the end of the piece.
    fn outside(&mut self, cursor: &mut Cursor<'_>, piece: &mut Piece<'_>) -> Read<bool> {
        let first = !self.begun;
        if first && cursor.rest().starts_with('\u{feff}') {
            cursor.skip('\u{feff}'.len_utf8());
        }
        let start = cursor.at();
        cursor.skip_blanks();
        let (at, rest) = (cursor.at(), cursor.rest());
        if rest.is_empty() {
            self.begun |= piece.last && at > start;
            if first && piece.last {
                let spot = self.spot(piece, start);
                self.findings.tell("xml.empty", spot, "", &[("what", "the file is empty")]);
            }
            return if first && !piece.last { Err(Stop::Cut) } else { Ok(false) };
        }
        if rest.starts_with("<?xml") && rest[5..].starts_with(strict::BLANK) {
            let end = rest.find("?>").ok_or(Stop::Cut)? + 2;
            cursor.skip(end);
            self.declaration(&rest[..end], at, first && at == start, piece);
            self.begun = true;
            return Ok(true);
        }
        if !rest.starts_with('<') {
            self.begun = true;
            let end = rest.find('<').or(piece.last.then_some(rest.len())).ok_or(Stop::Cut)?;
            let nothing = first && end == rest.len();
            cursor.skip(end);
            let what =
                if nothing { format!("it starts with {}", shown(&rest[..end])) } else { shown(rest[..end].trim_end()) };
            self.astray(if nothing { "xml.empty" } else { self.side() }, &what, at, piece);
            return Ok(true);
        }
        match cursor.step()? {
            Step::Open(tag) => {
                if first {
                    let spot = self.spot(piece, at);
                    self.findings.tell("oai.declaration", spot, "", &[("what", "there is no XML declaration")]);
                }
                self.begun = true;
                self.root(cursor, &tag, piece)?;
            }
            Step::Aside => {
                self.begun = true;
                self.aside(cursor, &rest[..cursor.at() - at], at, piece);
            }
            Step::Close(name) => self.astray("xml.end_tag", &format!("`</{name}>` closes nothing"), at, piece),
            Step::Text(text) | Step::Literal(text) => self.astray(self.side(), &shown(text), at, piece),
        }
        Ok(true)
    }

    fn declaration(&mut self, markup: &str, at: usize, first: bool, piece: &mut Piece<'_>) {
        let spot = self.spot(piece, at);
        if !first {
            let what = if self.pages > 0 {
                "another XML declaration after the page"
            } else {
                "blanks or text before the XML declaration"
            };
            self.findings.tell("xml.declaration", spot, "", &[("what", what)]);
        }
        match strict::declaration(markup) {
            Err(what) => self.findings.tell("xml.declaration", spot, "", &[("what", &what)]),
            Ok(Some(named)) if !fits(named, self.encoding) => {
                let what = format!("the declaration says {}, but the bytes are not", shown(named));
                self.findings.tell("xml.encoding", spot, "", &[("what", &what)]);
            }
            Ok(named) if self.encoding != UTF_8 || named.is_some_and(|name| !name.eq_ignore_ascii_case("utf-8")) => {
                let what = format!("the encoding is {}, not UTF-8", named.unwrap_or(self.encoding.name()));
                self.findings.tell("oai.declaration", spot, "", &[("what", &what)]);
            }
            Ok(_) => {}
        }
    }

    /// The rule for what stands outside the root element.
    pub(super) fn side(&self) -> &'static str {
        if self.pages == 0 { "xml.leading" } else { "xml.trailing" }
    }

    pub(super) fn astray(&mut self, rule: &str, what: &str, at: usize, piece: &mut Piece<'_>) {
        let spot = self.spot(piece, at);
        self.findings.tell(rule, spot, "", &[("what", what)]);
    }

    /// Tells bytes that the encoding of the input does not allow.
    pub(super) fn malformed(&mut self, at: u64, detail: &str) {
        let spot = Spot { offset: at, ..Spot { line: self.here.line, column: self.here.column, offset: 0 } };
        let what = detail.split(',').next().unwrap_or_default();
        self.findings.tell("xml.encoding", spot, "", &[("what", what)]);
    }

    /// The input can't be read any further.
    pub(super) fn broken(&mut self, why: &str) {
        let spot = Spot { line: self.here.line, column: self.here.column, offset: self.base };
        let element = self.stack.first().map_or_else(|| why.to_owned(), |root| root.name.clone());
        self.findings.tell("xml.cut", spot, &element, &[]);
        self.stopped = true;
    }

    fn cut(&mut self, piece: &mut Piece<'_>) {
        let end = piece.clean.text.len();
        self.tell_marks(piece, end + 1);
        let spot = self.spot(piece, end);
        match self.stack.first() {
            Some(root) => {
                let root = root.name.clone();
                self.findings.tell("xml.cut", spot, &root, &[]);
            }
            None => self.findings.tell("xml.empty", spot, "", &[("what", "a tag is begun and does not end")]),
        }
        self.stopped = true;
    }

    pub(super) fn limit(&mut self, piece: &mut Piece<'_>, at: usize, what: &str) {
        self.astray("xml.limit", what, at, piece);
        self.stopped = true;
    }

    /// Checks the size of what is open.
    pub(super) fn within_limits(&mut self, attributes: usize, at: usize, piece: &mut Piece<'_>) {
        if self.stack.len() > MAX_DEPTH {
            self.limit(piece, at, &format!("elements are nested deeper than {MAX_DEPTH}"));
        } else if attributes > MAX_ATTRIBUTES {
            self.limit(piece, at, &format!("an element has more than {MAX_ATTRIBUTES} attributes"));
        }
    }

    /// There is nothing more to say about this input.
    pub(super) fn stop(&mut self) {
        self.stopped = true;
    }

    pub(super) fn finish(mut self) -> Outcome {
        if self.pages == 0 && self.findings.is_empty_of("xml.empty") && !self.stopped {
            let spot = Spot { line: self.here.line, column: self.here.column, offset: self.base };
            self.findings.tell("xml.empty", spot, "", &[("what", "there is no root element")]);
        }
        self.findings.sort();
        Outcome { findings: self.findings, pages: self.pages, records: self.records, facts: self.facts }
    }

    /// The place of position `at` of the piece.
    pub(super) fn spot(&self, piece: &mut Piece<'_>, at: usize) -> Spot {
        let here = piece.here_at(&piece.clean.text, at);
        let offset = if self.encoding == UTF_8 { piece.clean.byte(at) as u64 } else { self.encoded(piece.clean, at) };
        Spot { line: here.line, column: here.column, offset: self.base + offset }
    }

    /// Bytes that the text up to `at` takes in the encoding of the input.
    fn encoded(&self, clean: &Clean<'_>, at: usize) -> u64 {
        let text = &clean.text[..at];
        let bytes = if self.encoding == UTF_8 {
            clean.used(at)
        } else if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            text.encode_utf16().count() * 2
        } else {
            self.encoding.encode(text).0.len()
        };
        bytes as u64
    }
}

impl Piece<'_> {
    /// Line and column of `at`; cheap as long as places are asked for in their order.
    fn here_at(&mut self, text: &str, at: usize) -> Here {
        let at = at.min(text.len());
        let from = if self.here.at <= at { self.here } else { self.start };
        self.here = from.moved(text, at);
        self.here
    }
}

/// Whether bytes that are read in `encoding` may be declared as `name`: as the same, or as a part of it.
fn fits(name: &str, encoding: &'static Encoding) -> bool {
    let known = Encoding::for_label(name.as_bytes());
    let wide = |encoding: &'static Encoding| encoding == UTF_16LE || encoding == UTF_16BE;
    known.is_some_and(|known| known == encoding || (wide(known) && wide(encoding)))
}
