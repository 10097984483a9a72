//! Around the records: what stands before a page, its root, its lists, what follows.

use super::{At, PageReader, bound, is_xml};
use crate::error::{Kind, Refusal};
use crate::format::Vocabulary;
use crate::oai::page::{Page, Token};
use crate::oai::{FORMATS, SETS, VERBS};
use crate::report::Fault;
use crate::xml::names::{Ns, Resolved, Scope, local, prefix};
use crate::xml::read::{Cursor, Read, Step, Stop, Tag};

impl PageReader {
    pub(super) fn start(&mut self, cursor: &mut Cursor<'_>, last: bool) -> Read<bool> {
        let first = cursor.at() == 0 && self.pages.is_empty();
        if first {
            lead(cursor, last)?;
        }
        loop {
            let at = cursor.at();
            cursor.skip_blanks();
            if declares(cursor.rest()) {
                let end = cursor.rest().find("?>").ok_or(Stop::Cut)?;
                if first && at > 0 && cursor.at() > at {
                    cursor.repair(Fault::Leading, at, "blanks before the XML declaration, skipped");
                }
                cursor.skip(end + 2);
                continue;
            }
            let repairs = cursor.repairs.len();
            let doctype = cursor.rest().starts_with("<!DOCTYPE");
            match cursor.step()? {
                Step::Open(tag) => return self.open_root(cursor, &tag),
                // Allowed here; nothing in it is ever used.
                Step::Aside if doctype => cursor.repairs.truncate(repairs),
                Step::Aside => {}
                Step::Text(_) | Step::Literal(_) | Step::Close(_) => {
                    return Err(not_oai(at, &cursor.rest()[..0], "it is no XML"));
                }
            }
        }
    }

    fn open_root<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<bool> {
        let name = local(tag.name);
        if name.eq_ignore_ascii_case("html") {
            let title = cursor.rest().split_once("<title>").and_then(|(_, rest)| rest.split_once('<'));
            let title = title.map(|(title, _)| title.trim()).filter(|title| !title.is_empty());
            let what = title.map_or("it is an HTML page".to_owned(), |title| format!("it is an HTML page, {title:?}"));
            return Err(not_oai(tag.at, "", &what));
        }
        self.outer = Scope::default();
        self.inner_tag = None;
        let mut page = Page { source: self.source.clone(), encoding: self.encoding.name(), ..Page::default() };
        cursor.enter(tag, &mut self.outer)?;
        self.root_depth = self.outer.depth();
        self.page_at = Some(tag.at);
        self.record_at = tag.at;
        self.in_page = true;
        self.switch(self.options.format);
        let ns = bound(&self.outer, tag.name);
        match name {
            "OAI-PMH" => {
                if self.outer.resolve(prefix(tag.name)) != Resolved::Bound(Ns::Oai) {
                    cursor.repair(Fault::Namespace, tag.at, "the root element is not in the namespace of OAI-PMH");
                }
                self.pages.push(page);
                tag.name.clone_into(&mut self.root);
                self.list.clear();
                cursor.outer = vec![self.root.clone()];
                self.at = if tag.empty { At::End } else { At::Root };
            }
            "record" => {
                self.pages.push(page);
                self.record(cursor, tag)?;
                self.at = At::End;
            }
            _ if !is_xml(Vocabulary::of_payload(ns, name).0) => {
                self.pages.push(page);
                self.payload(cursor, tag)?;
                self.end_record();
                self.at = At::End;
            }
            _ => {
                let listed = VERBS.iter().any(|(verb, _)| *verb == name);
                // Looked at and read again later.
                let (back, repairs) = (cursor.at(), cursor.repairs.len());
                let child = if tag.empty { None } else { cursor.child(tag.name)? };
                cursor.skip_to(back);
                cursor.repairs.truncate(repairs);
                let holds = child.is_some_and(|child| {
                    matches!(local(child.name), "record" | "header") || is_payload(local(child.name))
                });
                if !listed && !holds {
                    let what = format!("its root element is <{}>", tag.name);
                    return Err(not_oai(tag.at, "", &what));
                }
                page.verb = if listed { name.to_owned() } else { String::new() };
                self.pages.push(page);
                self.root.clear();
                tag.name.clone_into(&mut self.list);
                cursor.outer = vec![self.list.clone()];
                self.at = At::List;
            }
        }
        Ok(true)
    }

    pub(super) fn root_child(&mut self, cursor: &mut Cursor<'_>) -> Read<bool> {
        let root = self.root.clone();
        let Some(tag) = cursor.child(&root)? else {
            self.at = At::End;
            return Ok(true);
        };
        let name = local(tag.name);
        if let Some((_, vocabulary)) = VERBS.iter().find(|(verb, _)| *verb == name) {
            cursor.enter(&tag, &mut self.outer)?;
            self.inner_tag = None;
            self.root_depth = self.outer.depth();
            name.clone_into(&mut self.page().verb);
            self.switch(vocabulary.or(self.options.format));
            tag.name.clone_into(&mut self.list);
            cursor.outer = vec![self.root.clone(), self.list.clone()];
            if name == "Identify" {
                self.bag.payload(cursor, &tag, &mut self.outer)?;
                self.end_record();
            } else if !tag.empty {
                self.at = At::List;
            }
            return Ok(true);
        }
        let mut text = String::new();
        match name {
            "responseDate" => {
                cursor.leaf(&tag, &mut text)?;
                self.page().response_date = Some(text.trim().to_owned());
            }
            "request" => {
                let attributes = owned(cursor.attributes(&tag)?);
                cursor.leaf(&tag, &mut text)?;
                let page = self.page();
                page.request = attributes;
                page.base_url = Some(text.trim().to_owned()).filter(|url| !url.is_empty());
            }
            "error" => {
                let code = owned(cursor.attributes(&tag)?).into_iter().find(|(name, _)| name == "code");
                cursor.leaf(&tag, &mut text)?;
                let code = code.map(|(_, code)| code.trim().to_owned()).unwrap_or_default();
                let refusal = Refusal { code, message: text.trim().to_owned() };
                self.report.errors.push((Some(self.source.clone()), refusal.clone()));
                self.page().errors.push(refusal);
            }
            "resumptionToken" => {
                let detail = "a `resumptionToken` outside the list, read as that of the list";
                cursor.repair(Fault::Misplaced, tag.at, detail);
                self.token(cursor, &tag)?;
            }
            name if name.eq_ignore_ascii_case("resumptionToken") => self.token_in_other_letters(cursor, &tag)?,
            _ => {
                cursor.content(&tag, &mut text)?;
                let detail = format!("`{}` in the root element, left out: {:?}", tag.name, text.trim());
                cursor.repair(Fault::Misplaced, tag.at, detail);
            }
        }
        Ok(true)
    }

    pub(super) fn list_child(&mut self, cursor: &mut Cursor<'_>) -> Read<bool> {
        cursor.skip_blanks();
        // Some providers forget to close the list.
        let missing = cursor.rest().strip_prefix("</").and_then(|rest| rest.strip_prefix(self.root.as_str()));
        if !self.root.is_empty()
            && self.root != self.list
            && missing.is_some_and(|rest| rest.trim_start().starts_with('>'))
        {
            let detail = format!("`<{}>` is not closed before `</{}>`", self.list, self.root);
            cursor.repair(Fault::EndTag, cursor.at(), detail);
            self.at = At::Root;
            return Ok(true);
        }
        let list = std::mem::take(&mut self.list);
        let child = cursor.child(&list);
        self.list = list;
        let Some(tag) = child? else {
            self.at = if self.root.is_empty() { At::End } else { At::Root };
            return Ok(true);
        };
        self.record_at = tag.at;
        match local(tag.name) {
            "record" => self.record(cursor, &tag)?,
            "header" => {
                self.bag.header(cursor, &tag, &mut self.outer)?;
                self.end_record();
            }
            "set" => self.listed(cursor, &tag, &SETS)?,
            "metadataFormat" => self.listed(cursor, &tag, &FORMATS)?,
            "resumptionToken" => self.token(cursor, &tag)?,
            name if name.eq_ignore_ascii_case("resumptionToken") => self.token_in_other_letters(cursor, &tag)?,
            // Bare payloads, one after the other.
            name if self.root.is_empty() && is_payload(name) => {
                self.payload(cursor, &tag)?;
                self.end_record();
            }
            _ => {
                let mut text = String::new();
                cursor.content(&tag, &mut text)?;
                let detail = format!("`{}` in `{}`, left out: {:?}", tag.name, self.list, text.trim());
                cursor.repair(Fault::Misplaced, tag.at, detail);
            }
        }
        Ok(true)
    }

    pub(super) fn listed<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        tag: &Tag<'a>,
        vocabulary: &'static Vocabulary,
    ) -> Read<()> {
        if self.bag.vocabulary().is_none() {
            self.bag.adopt(vocabulary);
        }
        self.bag.payload(cursor, tag, &mut self.outer)?;
        self.end_record();
        Ok(())
    }

    pub(super) fn token<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<()> {
        let attributes = owned(cursor.attributes(tag)?);
        let mut value = String::new();
        cursor.leaf(tag, &mut value)?;
        let token = Token { value: value.trim().to_owned(), attributes };
        let Some(first) = &self.page().token else {
            self.page().token = Some(token);
            return Ok(());
        };
        // The list ends only where every token is empty.
        let second = first.value.is_empty() && !token.value.is_empty();
        let detail = "a second `resumptionToken`: the first one with text counts";
        cursor.repair(Fault::Misplaced, tag.at, detail);
        if second {
            self.page().token = Some(token);
        }
        Ok(())
    }

    fn token_in_other_letters<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<()> {
        let detail = format!("`{}`, read as `resumptionToken`", tag.name);
        cursor.repair(Fault::Misplaced, tag.at, detail);
        self.token(cursor, tag)
    }

    /// What follows the root: nothing, another page, or bytes that belong to none.
    pub(super) fn after(&mut self, cursor: &mut Cursor<'_>, last: bool) -> Read<bool> {
        cursor.skip_blanks();
        if let Some(rest) = cursor.rest().strip_prefix('\u{feff}') {
            cursor.repair(Fault::ByteOrderMark, cursor.at(), "a byte order mark between pages, skipped");
            cursor.skip(cursor.rest().len() - rest.len());
            return Ok(true);
        }
        let rest = cursor.rest();
        if rest.is_empty() {
            return if last { Ok(false) } else { Err(Stop::Cut) };
        }
        // The first bytes of another page and no more.
        let begun = |start: &&str| start.starts_with(rest) || (rest.starts_with(*start) && !rest.contains('>'));
        if ["<?xml ", "<OAI-PMH"].iter().any(begun) {
            return Err(Stop::Cut);
        }
        for aside in ["<!--", "<?"] {
            if rest.starts_with(aside) {
                let end = if aside == "<!--" { "-->" } else { "?>" };
                let end = rest.find(end).map(|at| at + end.len());
                cursor.skip(end.ok_or(Stop::Cut)?);
                return Ok(true);
            }
        }
        let name = rest.strip_prefix('<').and_then(|rest| rest.split(['>', ' ', '/', '\n', '\t', '\r']).next());
        let name = name.unwrap_or_default();
        if matches!(local(name), "OAI-PMH" | "record") || is_payload(local(name)) {
            self.at = At::Start;
            return Ok(true);
        }
        if !last && rest.len() < 1 << 16 {
            return Err(Stop::Cut);
        }
        let shown: String = rest.trim().chars().take(200).collect();
        // What stands here is no page: the next one starts later.
        let first = rest.chars().next().map_or(0, char::len_utf8);
        let next = next_page(&rest[first..]).map(|at| first + at);
        cursor.repair(Fault::Trailing, cursor.at(), format!("{shown:?} after the page, skipped"));
        cursor.skip(next.unwrap_or(rest.len()));
        Ok(true)
    }
}

/// Skips what stands before the page.
fn lead(cursor: &mut Cursor<'_>, last: bool) -> Read<()> {
    if cursor.rest().starts_with('\u{feff}') {
        cursor.skip('\u{feff}'.len_utf8());
        cursor.repair(Fault::ByteOrderMark, 0, "a byte order mark, skipped");
    }
    let rest = cursor.rest();
    let text = rest.trim_start();
    if text.is_empty() {
        return if last { Err(not_oai(0, "", "it is empty")) } else { Err(Stop::Cut) };
    }
    let blanks = rest.len() - text.len();
    if !text.starts_with('<') || is_notice(text) {
        // A notice of the server before the page; the page itself starts at its declaration or root.
        match next_page(rest) {
            Some(page) => {
                let shown: String = rest[..page].trim().chars().take(200).collect();
                cursor.repair(Fault::Leading, cursor.at(), format!("{shown:?} before the page, skipped"));
                cursor.skip(page);
            }
            None if last || rest.len() > 1 << 16 => return Err(not_oai(0, text, "it is no XML")),
            None => return Err(Stop::Cut),
        }
    } else if blanks > 0 && text.starts_with("<?xml") {
        cursor.repair(Fault::Leading, cursor.at(), "blanks before the XML declaration, skipped");
        cursor.skip(blanks);
    }
    Ok(())
}

fn owned(attributes: crate::xml::read::Attributes<'_>) -> Vec<(String, String)> {
    let named = attributes.into_iter().filter(|(name, _)| !name.starts_with("xmlns"));
    named.map(|(name, value)| (name.to_owned(), value.into_owned())).collect()
}

/// Whether an XML declaration stands here.
fn declares(rest: &str) -> bool {
    rest.strip_prefix("<?xml").is_some_and(|rest| rest.starts_with([' ', '\t', '\r', '\n']))
}

/// Where in `rest` a page starts, if one does.
fn next_page(rest: &str) -> Option<usize> {
    ["<?xml", "<OAI-PMH", "<oai:OAI-PMH"].iter().filter_map(|start| rest.find(start)).min()
}

/// Whether a server wrote a message in HTML before its page.
fn is_notice(text: &str) -> bool {
    let name = text[1..].split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let html = ["b", "br", "center", "div", "font", "hr", "p", "pre", "script", "span", "table"];
    html.iter().any(|html| name.eq_ignore_ascii_case(html))
}

fn not_oai(at: usize, start: &str, what: &str) -> Stop {
    let shown: String = start.chars().take(80).collect();
    let message = if shown.is_empty() {
        format!("this is no OAI-PMH reply: {what}")
    } else {
        format!("this is no OAI-PMH reply: {what}; it starts with {shown:?}")
    };
    Stop::Failed(at, Kind::NotOaiPmh, message)
}

/// Whether an element of this name is the payload of a format with columns of its own.
fn is_payload(local: &str) -> bool {
    !is_xml(Vocabulary::of_payload(Ns::None, local).0)
}
