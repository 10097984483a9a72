//! The attributes of a tag.

use super::{Attributes, Cursor, MAX_ATTRIBUTES, Read, Stop, Tag, is_name};
use crate::error::Kind;
use crate::report::Fault;
use crate::xml::names::Scope;
use quick_xml::events::BytesStart;
use std::borrow::Cow;

impl<'a> Cursor<'a> {
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
                let detail = format!("the attributes of `<{}` can't be read to the end", tag.content);
                self.repair(Fault::Markup, tag.at, detail);
                break;
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
}
