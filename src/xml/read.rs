//! A cursor over the text of a page: tags, text, whole elements.

mod attributes;
mod content;
mod element;

use super::names::{local, prefix};
use super::reference::Found;
use crate::error::Kind;
use crate::report::Fault;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use std::borrow::Cow;

/// Elements may be nested this deep.
pub const MAX_DEPTH: usize = 200;
/// An element may have this many attributes.
pub const MAX_ATTRIBUTES: usize = 200;

/// Why reading stopped.
#[derive(Debug)]
pub enum Stop {
    /// The text ended inside an element, a tag or the page.
    Cut,
    /// It can't be read.
    Failed(usize, Kind, String),
}

/// A result of reading.
pub type Read<T> = Result<T, Stop>;

/// A repair: what, where in the text, what stood there.
#[derive(Debug)]
pub struct Repaired {
    /// What was wrong.
    pub fault: Fault,
    /// Position in the text.
    pub at: usize,
    /// What stood there and what became of it.
    pub detail: String,
}

/// Names and values of attributes.
pub type Attributes<'a> = Vec<(&'a str, Cow<'a, str>)>;

/// A start tag.
#[derive(Debug, Clone, Copy)]
pub struct Tag<'a> {
    /// Position of `<` in the text.
    pub at: usize,
    /// The name as written.
    pub name: &'a str,
    /// Everything between `<` and `>`, or `/>`.
    content: &'a str,
    /// Whether it ends in `/>`.
    pub empty: bool,
}

/// The next piece of markup or text.
#[derive(Debug)]
pub enum Step<'a> {
    /// A start tag.
    Open(Tag<'a>),
    /// An end tag: its name.
    Close(&'a str),
    /// Character data with its references unread, up to the next `<`.
    Text(&'a str),
    /// The text of a CDATA section.
    Literal(&'a str),
    /// A comment or processing instruction.
    Aside,
}

/// An element whose content was read as text.
#[derive(Debug)]
pub struct Content<'a> {
    /// The content as written, if it holds elements.
    pub markup: Option<&'a str>,
}

/// A cursor over the text of a page.
#[derive(Debug)]
pub struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// Whether the text has carriage returns to turn into line ends.
    carriage: bool,
    /// Whether plain tags and text are scanned directly; off, every one goes through quick-xml.
    plain: bool,
    found: Vec<Found>,
    /// The open elements around what is being read, as far as they are in this text.
    pub open: Vec<&'a str>,
    /// The open elements around those.
    pub outer: Vec<String>,
    /// Repairs made since they were last taken.
    pub repairs: Vec<Repaired>,
}

impl<'a> Tag<'a> {
    /// Prefix and local name.
    #[must_use]
    pub fn parts(&self) -> (&'a str, &'a str) {
        (prefix(self.name), local(self.name))
    }

    /// The attributes as written, without the name.
    #[must_use]
    pub fn attributes_raw(&self) -> &'a str {
        &self.content[self.name.len()..]
    }

    /// Whether there may be attributes.
    #[must_use]
    pub fn has_attributes(&self) -> bool {
        self.content.len() > self.name.len()
    }
}

impl<'a> Cursor<'a> {
    /// A cursor at the start of `text`.
    #[must_use]
    pub fn new(text: &'a str, carriage: bool, plain: bool) -> Self {
        Self {
            text,
            at: 0,
            carriage,
            plain,
            found: Vec::new(),
            open: Vec::new(),
            outer: Vec::new(),
            repairs: Vec::new(),
        }
    }

    /// Position in the text.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }

    /// What is still to be read.
    #[must_use]
    pub fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// Moves on by `bytes`.
    pub fn skip(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// Goes to a position it was at before.
    pub fn skip_to(&mut self, at: usize) {
        self.at = at;
    }

    /// Moves over blanks.
    pub fn skip_blanks(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        self.at += rest.iter().position(|b| !matches!(b, b' ' | b'\t' | b'\n' | b'\r')).unwrap_or(rest.len());
    }

    /// Counts a repair at `at`.
    pub fn repair(&mut self, fault: Fault, at: usize, detail: impl Into<String>) {
        self.repairs.push(Repaired { fault, at, detail: detail.into() });
    }

    /// A parse error at `at`.
    pub fn failed<T>(at: usize, message: impl Into<String>) -> Read<T> {
        Err(Stop::Failed(at, Kind::Parse, message.into()))
    }

    /// The next step, or `Cut` at the end of the text.
    pub fn step(&mut self) -> Read<Step<'a>> {
        let bytes = self.text.as_bytes();
        match bytes.get(self.at) {
            None => Err(Stop::Cut),
            Some(b'<') => match bytes.get(self.at + 1) {
                None => Err(Stop::Cut),
                Some(b'/') => self.close().map(Step::Close),
                Some(b'!' | b'?') => self.aside(),
                Some(byte) if starts_name(*byte) => self.open().map(Step::Open),
                Some(_) => {
                    self.repair(Fault::Markup, self.at, "`<` that starts no tag, kept as it stands");
                    self.at += 1;
                    Ok(Step::Literal("<"))
                }
            },
            Some(_) => {
                let rest = self.rest();
                let end = memchr::memchr(b'<', rest.as_bytes()).ok_or(Stop::Cut)?;
                self.at += end;
                Ok(Step::Text(&rest[..end]))
            }
        }
    }

    fn close(&mut self) -> Read<&'a str> {
        let rest = self.rest();
        let end = memchr::memchr(b'>', rest.as_bytes()).ok_or(Stop::Cut)?;
        self.at += end + 1;
        Ok(rest[2..end].trim_end_matches([' ', '\t', '\n', '\r']))
    }

    fn open(&mut self) -> Read<Tag<'a>> {
        let rest = self.rest();
        let end = memchr::memchr(b'>', rest.as_bytes()).ok_or(Stop::Cut)?;
        let inner = &rest[1..end];
        // An even number of double quotes and no single ones: the `>` found is not in a value.
        let quotes = memchr::memchr_iter(b'"', inner.as_bytes()).count();
        if self.plain && quotes.is_multiple_of(2) && memchr::memchr(b'\'', inner.as_bytes()).is_none() {
            let empty = inner.ends_with('/');
            let content = if empty { &inner[..inner.len() - 1] } else { inner };
            return self.tag(content, empty, end + 1);
        }
        let mut reader = Reader::from_str(rest);
        match reader.read_event() {
            Ok(Event::Start(_)) => {
                let used = reader.buffer_position() as usize;
                self.tag(&rest[1..used - 1], false, used)
            }
            Ok(Event::Empty(_)) => {
                let used = reader.buffer_position() as usize;
                self.tag(&rest[1..used - 2], true, used)
            }
            // A quote that never closes can only be told from a cut at the end of the page.
            _ => Err(Stop::Cut),
        }
    }

    fn tag(&mut self, content: &'a str, empty: bool, used: usize) -> Read<Tag<'a>> {
        let bytes = content.as_bytes();
        let length = bytes.iter().position(|b| matches!(b, b' ' | b'\t' | b'\n' | b'\r')).unwrap_or(bytes.len());
        let name = &content[..length];
        if !is_name(name) || memchr::memchr(b'<', bytes).is_some() {
            let shown: String = content.chars().take(40).collect();
            return Self::failed(self.at, format!("`<{shown}` is no tag"));
        }
        let tag = Tag { at: self.at, name, content, empty };
        self.at += used;
        Ok(tag)
    }

    fn aside(&mut self) -> Read<Step<'a>> {
        let rest = self.rest();
        let mut reader = Reader::from_str(rest);
        let event = reader.read_event();
        let used = reader.buffer_position() as usize;
        let step = match event {
            Ok(Event::CData(_)) => Step::Literal(&rest["<![CDATA[".len()..used - "]]>".len()]),
            Ok(Event::Comment(_) | Event::PI(_)) => Step::Aside,
            Ok(Event::Decl(_)) => {
                self.repair(Fault::Declaration, self.at, "an XML declaration inside the page, left out");
                Step::Aside
            }
            Ok(Event::DocType(_)) => {
                self.repair(Fault::Markup, self.at, "a document type inside the page, left out");
                Step::Aside
            }
            _ if starts_aside(rest) => return Err(Stop::Cut),
            _ => {
                let end = memchr::memchr(b'>', rest.as_bytes()).ok_or(Stop::Cut)?;
                let shown: String = rest[..=end].chars().take(40).collect();
                self.repair(Fault::Markup, self.at, format!("{shown:?} is no markup, left out"));
                self.at += end + 1;
                return Ok(Step::Aside);
            }
        };
        self.at += used;
        Ok(step)
    }

    /// The next child of the element called `parent`, or `None` at its end tag. Text in between
    /// that is not blank is told as stray.
    pub fn child(&mut self, parent: &str) -> Read<Option<Tag<'a>>> {
        loop {
            self.skip_blanks();
            if self.plain {
                if let Some(tag) = self.plain_open() {
                    return Ok(Some(tag));
                }
                if self.plain_close(0, parent) {
                    return Ok(None);
                }
            }
            let at = self.at;
            match self.step()? {
                Step::Open(tag) => return Ok(Some(tag)),
                Step::Close(name) if name == parent => return Ok(None),
                Step::Close(name) => return Self::failed(at, format!("`</{name}>` where `</{parent}>` was due")),
                Step::Text(text) | Step::Literal(text) if !text.trim().is_empty() => {
                    let shown: String = text.trim().chars().take(200).collect();
                    self.repair(Fault::StrayText, at, format!("{shown:?} between elements, left out"));
                }
                Step::Text(_) | Step::Literal(_) | Step::Aside => {}
            }
        }
    }

    /// A start tag without attributes.
    fn plain_open(&mut self) -> Option<Tag<'a>> {
        let bytes = &self.text.as_bytes()[self.at..];
        if bytes.first() != Some(&b'<') || !bytes.get(1).is_some_and(|byte| starts_name(*byte)) {
            return None;
        }
        let end = bytes.iter().skip(2).position(|byte| !continues_name(*byte))? + 2;
        if bytes[end] != b'>' {
            return None;
        }
        let name = &self.text[self.at + 1..self.at + end];
        let tag = Tag { at: self.at, name, content: name, empty: false };
        self.at += end + 1;
        Some(tag)
    }

    /// Moves over the end tag `name` if it stands, without blanks, `ahead` bytes on.
    fn plain_close(&mut self, ahead: usize, name: &str) -> bool {
        let rest = &self.text.as_bytes()[self.at + ahead..];
        let closes = rest.starts_with(b"</")
            && rest.get(2..name.len() + 2) == Some(name.as_bytes())
            && rest.get(name.len() + 2) == Some(&b'>');
        if closes {
            self.at += ahead + name.len() + 3;
        }
        closes
    }

    fn check_depth(depth: usize, at: usize) -> Read<()> {
        if depth > MAX_DEPTH {
            return Err(Stop::Failed(at, Kind::Limit, format!("elements nested deeper than {MAX_DEPTH}")));
        }
        Ok(())
    }
}

fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || byte >= 0x80
}

fn continues_name(byte: u8) -> bool {
    starts_name(byte) || byte.is_ascii_digit() || byte == b'-' || byte == b'.'
}

/// Whether it may name an element (XML 1.0 §2.3, exact for ASCII).
pub(crate) fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(starts_name) && bytes.all(continues_name)
}

/// Whether `rest` starts a comment, CDATA section, instruction or document type, or what may be
/// the first bytes of one.
fn starts_aside(rest: &str) -> bool {
    ["<!--", "<![CDATA[", "<!DOCTYPE", "<?"].iter().any(|start| rest.starts_with(start) || start.starts_with(rest))
}
