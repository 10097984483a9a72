//! An element as XML text that stands by itself.

use super::{Cursor, Read, Repaired, Step, Tag};
use crate::report::Fault;
use crate::xml::names::{Resolved, Scope, UNDECLARED, prefix};
use crate::xml::reference::decode;
use std::borrow::Cow;

impl<'a> Cursor<'a> {
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
        // Whether an element has its namespace from outside; none has below one that declares a default itself.
        let mut inherits = false;
        let mut sheltered: Option<usize> = None;
        let end = loop {
            sheltered = sheltered.filter(|at| open.len() > *at);
            if let Some(inner) = next.take() {
                let before = scope.depth();
                self.enter(&inner, scope)?;
                let shelters = inner.has_attributes() && inner.content.contains("xmlns=");
                inherits |= prefix(inner.name).is_empty() && !shelters && sheltered.is_none();
                if shelters && !inner.empty {
                    sheltered.get_or_insert(open.len());
                }
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
                        let tags = end_tags(&unclosed);
                        fixes.extend((!tags.is_empty()).then_some((at, at, tags)));
                        if let Some(before) = depths.drain(open.len()..).next() {
                            scope.leave(before);
                        }
                    }
                    None if self.closes_ancestor(name) => {
                        self.at = at;
                        open.reverse();
                        let tags = end_tags(&open);
                        fixes.push((at, at, tags));
                        open.clear();
                    }
                    None => fixes.push((at, self.at, String::new())),
                },
            }
        };
        scope.leave(depth);
        let raw = &self.text[tag.at..end];
        let declarations = missing(tag, raw, inherits, &outer, &guessed);
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
}

/// The end tags of these elements.
fn end_tags(names: &[&str]) -> String {
    names.iter().flat_map(|name| ["</", name, ">"]).collect()
}

/// Declarations that the element lacks for standing by itself: the outer prefixes it uses, and
/// a made-up URI for a prefix that nobody declared.
fn missing(tag: &Tag, raw: &str, inherits: bool, outer: &[(String, String)], guessed: &[String]) -> String {
    let own = tag.attributes_raw();
    let mut declarations = String::new();
    let declared = outer.iter().map(|(prefix, uri)| (prefix, uri.clone()));
    let invented = guessed.iter().map(|prefix| (prefix, format!("{UNDECLARED}{prefix}")));
    for (prefix, uri) in declared.chain(invented) {
        let (name, used) = match prefix.as_str() {
            "" => ("xmlns".to_owned(), inherits && !uri.is_empty()),
            _ => (format!("xmlns:{prefix}"), raw.contains(&format!("{prefix}:"))),
        };
        let present = own.split(['=', ' ', '\n', '\t', '\r']).any(|word| word == name);
        if used && !present {
            let uri = uri.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
            declarations.extend([" ", &name, "=\"", &uri, "\""]);
        }
    }
    declarations
}

/// Whether a comment or instruction may stand in XML as it is.
fn is_xml(aside: &str) -> bool {
    match aside.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")) {
        Some(comment) => !comment.contains("--") && !comment.ends_with('-'),
        None => aside.starts_with("<?") && !aside[2..].to_ascii_lowercase().starts_with("xml ") && aside.len() > 4,
    }
}
