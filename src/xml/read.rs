//! A cursor over the text of a page: tags, text, whole elements.

use super::names::{Resolved, Scope, local, prefix};
use super::reference::{Found, decode};
use crate::error::{Error, Kind};
use crate::report::Fault;
use quick_xml::events::{BytesStart, Event};
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
        if self.plain && quotes % 2 == 0 && memchr::memchr(b'\'', inner.as_bytes()).is_none() {
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
                let shown: String = rest.chars().take(40).collect();
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

    /// Appends the text of the element that `tag` opened to `out`, up to and over its end tag:
    /// all descendant text, references read, CDATA as it stands, comments left out.
    pub fn content(&mut self, tag: &Tag<'a>, out: &mut String) -> Read<Content<'a>> {
        if tag.empty {
            return Ok(Content { markup: None });
        }
        if self.plain && self.plain_content(tag.name, out) {
            return Ok(Content { markup: None });
        }
        let start = self.at;
        let mut open = vec![tag.name];
        let mut markup = false;
        loop {
            let at = self.at;
            match self.step()? {
                Step::Text(raw) => self.characters(raw, at, out),
                Step::Literal(text) => push_lines(text, out, self.carriage),
                Step::Aside => {}
                Step::Open(child) => {
                    markup = true;
                    if !child.empty {
                        open.push(child.name);
                        Self::check_depth(open.len(), at)?;
                    }
                }
                Step::Close(name) => {
                    if self.end_tag(name, at, &mut open).is_none() && self.closes_ancestor(name) {
                        self.at = at;
                        open.clear();
                    }
                    if open.is_empty() {
                        return Ok(Content { markup: markup.then_some(&self.text[start..at]) });
                    }
                }
            }
        }
    }

    /// Closes what the end tag `name` closes; gives the elements it closes unasked, innermost
    /// first, or `None` if it closes nothing.
    fn end_tag(&mut self, name: &str, at: usize, open: &mut Vec<&'a str>) -> Option<Vec<&'a str>> {
        let Some(due) = open.iter().rposition(|due| *due == name) else {
            let detail = match open.first() {
                Some(own) if self.closes_ancestor(name) => format!("`<{own}>` is not closed before `</{name}>`"),
                _ => format!("`</{name}>` closes nothing, left out"),
            };
            self.repair(Fault::EndTag, at, detail);
            return None;
        };
        let unclosed: Vec<&str> = open.drain(due..).skip(1).rev().collect();
        for child in &unclosed {
            self.repair(Fault::EndTag, at, format!("`<{child}>` is not closed before `</{name}>`"));
        }
        Some(unclosed)
    }

    /// Whether an end tag belongs to an element around the one being read.
    fn closes_ancestor(&self, name: &str) -> bool {
        self.open.contains(&name) || self.outer.iter().any(|outer| outer == name)
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

    /// Appends the text of an element that can't hold elements. Where its end tag is missing, it
    /// ends before the next tag.
    pub fn leaf(&mut self, tag: &Tag<'a>, out: &mut String) -> Read<()> {
        if tag.empty || (self.plain && self.plain_content(tag.name, out)) {
            return Ok(());
        }
        loop {
            let at = self.at;
            match self.step()? {
                Step::Text(raw) => self.characters(raw, at, out),
                Step::Literal(text) => push_lines(text, out, self.carriage),
                Step::Aside => {}
                Step::Close(name) if name == tag.name => return Ok(()),
                Step::Close(name) if !self.closes_ancestor(name) => {
                    self.repair(Fault::EndTag, at, format!("`</{name}>` closes nothing, left out"));
                }
                Step::Open(Tag { name, .. }) | Step::Close(name) => {
                    self.repair(Fault::EndTag, at, format!("`<{}>` is not closed before `{name}`", tag.name));
                    self.at = at;
                    return Ok(());
                }
            }
        }
    }

    /// Text and end tag of an element without markup inside: the common case, in one scan.
    fn plain_content(&mut self, name: &str, out: &mut String) -> bool {
        let (rest, at) = (self.rest(), self.at);
        let bytes = rest.as_bytes();
        let Some(first) = memchr::memchr2(b'<', b'&', bytes) else { return false };
        let end = if bytes[first] == b'<' {
            first
        } else {
            let Some(more) = memchr::memchr(b'<', &bytes[first..]) else { return false };
            first + more
        };
        if !self.plain_close(end, name) {
            return false;
        }
        if end == first && !self.carriage {
            out.push_str(&rest[..end]);
        } else {
            self.characters(&rest[..end], at, out);
        }
        true
    }

    fn characters(&mut self, raw: &str, at: usize, out: &mut String) {
        if !self.carriage && memchr::memchr(b'&', raw.as_bytes()).is_none() {
            out.push_str(raw);
            return;
        }
        decode(raw, out, self.carriage, &mut self.found);
        for (fault, offset, detail) in self.found.drain(..) {
            self.repairs.push(Repaired { fault, at: at + offset, detail });
        }
    }

    /// The element that `tag` opened, as XML text, up to and over its end tag. Well-formed by
    /// itself: prefixes declared further out are declared on it, references are repaired.
    pub fn element(&mut self, tag: &Tag<'a>, scope: &mut Scope) -> Read<Cow<'a, str>> {
        let depth = scope.depth();
        let outer: Vec<(String, String)> =
            scope.declared().map(|(prefix, ns)| (prefix.to_owned(), scope.uri(ns).to_owned())).collect();
        let mut guessed: Vec<String> = Vec::new();
        let mut open: Vec<&str> = Vec::new();
        let mut depths: Vec<usize> = Vec::new();
        let mut fixes: Vec<(usize, usize, String)> = Vec::new();
        let mut next = Some(*tag);
        let end = loop {
            if let Some(inner) = next.take() {
                let before = scope.depth();
                self.enter(&inner, scope)?;
                self.check_prefix(prefix(inner.name), inner.at, scope, &mut guessed);
                if inner.has_attributes() && inner.content.contains(':') {
                    // What needs repair in the values is found below, with its place.
                    let repairs = self.repairs.len();
                    let attributes = self.attributes(&inner)?;
                    self.repairs.truncate(repairs);
                    for (name, _) in attributes {
                        self.check_prefix(prefix(name), inner.at, scope, &mut guessed);
                    }
                }
                self.references(inner.content, inner.at + 1, &mut fixes);
                if inner.empty {
                    scope.leave(before);
                } else {
                    open.push(inner.name);
                    depths.push(before);
                    Self::check_depth(open.len(), inner.at)?;
                }
            }
            if open.is_empty() {
                break self.at;
            }
            let at = self.at;
            match self.step()? {
                Step::Open(tag) => next = Some(tag),
                Step::Text(raw) => {
                    self.references(raw, at, &mut fixes);
                    fixes.extend(
                        raw.match_indices("]]>").map(|(end, _)| (at + end + 2, at + end + 3, "&gt;".to_owned())),
                    );
                }
                Step::Literal(text) if text.len() == self.at - at => fixes.push((at, self.at, "&lt;".to_owned())),
                Step::Literal(_) => {}
                Step::Aside if is_xml(&self.text[at..self.at]) => {}
                Step::Aside => fixes.push((at, self.at, String::new())),
                Step::Close(name) => match self.end_tag(name, at, &mut open) {
                    Some(unclosed) => {
                        let tags: String = unclosed.iter().map(|name| format!("</{name}>")).collect();
                        fixes.extend((!tags.is_empty()).then_some((at, at, tags)));
                        if let Some(before) = depths.drain(open.len()..).next() {
                            scope.leave(before);
                        }
                    }
                    None if self.closes_ancestor(name) => {
                        self.at = at;
                        let tags: String = open.iter().rev().map(|name| format!("</{name}>")).collect();
                        fixes.push((at, at, tags));
                        open.clear();
                    }
                    None => fixes.push((at, self.at, String::new())),
                },
            }
        };
        scope.leave(depth);
        let raw = &self.text[tag.at..end];
        let declarations = missing(tag, raw, &outer, &guessed);
        if declarations.is_empty() && fixes.is_empty() {
            return Ok(Cow::Borrowed(raw));
        }
        fixes.push((tag.at + 1 + tag.name.len(), tag.at + 1 + tag.name.len(), declarations));
        fixes.sort();
        let mut whole = String::with_capacity(raw.len() + 64);
        let mut from = tag.at;
        for (start, stop, text) in fixes {
            whole.push_str(&self.text[from..start]);
            whole.push_str(&text);
            from = stop;
        }
        whole.push_str(&self.text[from..end]);
        Ok(Cow::Owned(whole))
    }

    fn check_prefix(&mut self, prefix: &str, at: usize, scope: &Scope, guessed: &mut Vec<String>) {
        if matches!(scope.resolve(prefix), Resolved::Guessed(_))
            && prefix != "xmlns"
            && !guessed.iter().any(|known| known == prefix)
        {
            guessed.push(prefix.to_owned());
            self.repair(Fault::Prefix, at, format!("prefix `{prefix}` is not declared"));
        }
    }

    /// Notes what must change so that the references in `raw`, which starts at `at`, are XML.
    fn references(&mut self, raw: &str, at: usize, fixes: &mut Vec<(usize, usize, String)>) {
        if memchr::memchr(b'&', raw.as_bytes()).is_none() {
            return;
        }
        let mut text = String::new();
        decode(raw, &mut text, false, &mut self.found);
        for (fault, offset, detail) in self.found.drain(..) {
            let rest = &raw[offset..];
            let length = match fault {
                Fault::Ampersand => 1,
                _ => rest.find(';').map_or(1, |end| end + 1),
            };
            let mut read = String::new();
            decode(&rest[..length], &mut read, false, &mut Vec::new());
            let escaped = read.replace('&', "&amp;").replace('<', "&lt;");
            fixes.push((at + offset, at + offset + length, escaped));
            self.repairs.push(Repaired { fault, at: at + offset, detail });
        }
    }

    /// Adds the namespaces `tag` declares to `scope`.
    pub fn enter(&mut self, tag: &Tag<'a>, scope: &mut Scope) -> Read<()> {
        if !tag.has_attributes() || !tag.content.contains("xmlns") {
            return Ok(());
        }
        for (name, value) in self.attributes(tag)? {
            let prefix = match name.strip_prefix("xmlns") {
                Some("") => "",
                Some(rest) if rest.starts_with(':') => &rest[1..],
                _ => continue,
            };
            scope.bind(prefix, &value);
        }
        Ok(())
    }

    /// The attributes of `tag`, normalised (XML 1.0 §3.3.3).
    pub fn attributes(&mut self, tag: &Tag<'a>) -> Read<Attributes<'a>> {
        let raw = tag.attributes_raw();
        if let Some(single) = self.single_attribute(raw) {
            return Ok(vec![single]);
        }
        let mut attributes = Vec::new();
        let start = BytesStart::from_content(tag.content, tag.name.len());
        for attribute in start.attributes() {
            let Ok(attribute) = attribute else {
                let shown: String = tag.content.chars().take(60).collect();
                return Self::failed(tag.at, format!("the attributes of `<{shown}` can't be read"));
            };
            // Both borrow from the tag, which borrows from the text.
            let place = |part: &str| part.as_ptr() as usize - tag.content.as_ptr() as usize;
            let (key, raw) = (attribute.key.as_ref(), &*attribute.value);
            let (key_at, raw_at) = (place(key), place(raw));
            let mut value = String::with_capacity(raw.len());
            if raw.contains(['\n', '\t', '\r']) {
                let spaced = raw.replace("\r\n", " ").replace(['\n', '\t', '\r'], " ");
                self.characters(&spaced, tag.at + 1 + raw_at, &mut value);
            } else {
                self.characters(raw, tag.at + 1 + raw_at, &mut value);
            }
            attributes.push((&tag.content[key_at..key_at + key.len()], Cow::Owned(value)));
            if attributes.len() > MAX_ATTRIBUTES {
                let message = format!("an element has more than {MAX_ATTRIBUTES} attributes");
                return Err(Stop::Failed(tag.at, Kind::Limit, message));
            }
        }
        Ok(attributes)
    }

    /// One attribute in double quotes without references: by far the most frequent case.
    fn single_attribute(&self, raw: &'a str) -> Option<(&'a str, Cow<'a, str>)> {
        let (name, rest) = raw.strip_prefix(' ')?.split_once("=\"")?;
        let value = rest.strip_suffix('"')?;
        let simple = self.plain && is_name(name) && !value.contains(['"', '&', '\n', '\t', '\r']);
        simple.then_some((name, Cow::Borrowed(value)))
    }

    fn check_depth(depth: usize, at: usize) -> Read<()> {
        if depth > MAX_DEPTH {
            return Err(Stop::Failed(at, Kind::Limit, format!("elements nested deeper than {MAX_DEPTH}")));
        }
        Ok(())
    }
}

impl Stop {
    /// The error of a stop that is none of the reader's own business.
    #[must_use]
    pub fn into_error(self) -> Error {
        match self {
            Self::Cut => Error::new(Kind::Truncated { records: 0 }, "the page ends before its root element closed"),
            Self::Failed(_, kind, message) => Error::new(kind, message),
        }
    }
}

fn starts_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte == b':' || byte >= 0x80
}

fn continues_name(byte: u8) -> bool {
    starts_name(byte) || byte.is_ascii_digit() || byte == b'-' || byte == b'.'
}

/// Whether it may name an element (XML 1.0 §2.3, exact for ASCII).
fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(starts_name) && bytes.all(continues_name)
}

/// Whether `rest` starts a comment, CDATA section, instruction or document type, or what may be
/// the first bytes of one.
fn starts_aside(rest: &str) -> bool {
    ["<!--", "<![CDATA[", "<!DOCTYPE", "<?"].iter().any(|start| rest.starts_with(start) || start.starts_with(rest))
}

/// Whether a comment or instruction may stand in XML as it is.
fn is_xml(aside: &str) -> bool {
    match aside.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
        Some(comment) => !comment.contains("--") && !comment.ends_with('-'),
        None => aside.starts_with("<?") && !aside[2..].to_ascii_lowercase().starts_with("xml ") && aside.len() > 4,
    }
}

/// Appends text in which carriage returns become line ends.
fn push_lines(text: &str, out: &mut String, carriage: bool) {
    if carriage {
        out.push_str(&text.replace("\r\n", "\n").replace('\r', "\n"));
    } else {
        out.push_str(text);
    }
}

/// Declarations that the element lacks for standing by itself: the outer prefixes it uses, and
/// a made-up URI for a prefix that nobody declared.
fn missing(tag: &Tag, raw: &str, outer: &[(String, String)], guessed: &[String]) -> String {
    let own = tag.attributes_raw();
    let mut declarations = String::new();
    let declared = outer.iter().map(|(prefix, uri)| (prefix, uri.clone()));
    let invented = guessed.iter().map(|prefix| (prefix, format!("urn:undeclared:{prefix}")));
    for (prefix, uri) in declared.chain(invented) {
        let (name, used) = match prefix.as_str() {
            "" => ("xmlns".to_owned(), !uri.is_empty()),
            _ => (format!("xmlns:{prefix}"), raw.contains(&format!("{prefix}:"))),
        };
        let present = own.split(['=', ' ', '\n', '\t', '\r']).any(|word| word == name);
        if used && !present {
            let uri = uri.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            declarations.push_str(&format!(" {name}=\"{uri}\""));
        }
    }
    declarations
}
