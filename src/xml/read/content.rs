//! The text of an element.

use super::Repaired;
use super::{Content, Cursor, Read, Step, Tag};
use crate::report::Fault;
use crate::xml::reference::decode;

impl<'a> Cursor<'a> {
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
    pub(super) fn end_tag(&mut self, name: &str, at: usize, open: &mut Vec<&'a str>) -> Option<Vec<&'a str>> {
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
    pub(super) fn closes_ancestor(&self, name: &str) -> bool {
        !name.is_empty() && (self.open.contains(&name) || self.outer.iter().any(|outer| outer == name))
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

    pub(super) fn characters(&mut self, raw: &str, at: usize, out: &mut String) {
        if !self.carriage && memchr::memchr(b'&', raw.as_bytes()).is_none() {
            out.push_str(raw);
            return;
        }
        decode(raw, out, self.carriage, &mut self.found);
        for (fault, offset, detail) in self.found.drain(..) {
            self.repairs.push(Repaired { fault, at: at + offset, detail });
        }
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
