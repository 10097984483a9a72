//! Reads pages piece by piece: whole records become rows, the rest waits for more bytes.

use super::page::{Page, Token};
use super::{FORMATS, SETS, VERBS};
use crate::columns::Columns;
use crate::error::{Error, Kind, Place, Refusal, Result};
use crate::format::bag::Bag;
use crate::format::{HEADER, Vocabulary, XML};
use crate::report::{Fault, Repair, Report};
use crate::xml::clean::{Clean, clean, lines};
use crate::xml::names::{Ns, Resolved, Scope, local, prefix};
use crate::xml::read::{Cursor, Read, Step, Stop, Tag};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// A record may take this many bytes.
pub const MAX_RECORD: usize = 256 << 20;

/// How to read.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Refuse what needs a repair.
    pub strict: bool,
    /// Read every record as this format.
    pub format: Option<&'static Vocabulary>,
    /// Scan plain elements directly; off, all markup goes through quick-xml (for comparison).
    pub plain: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { strict: false, format: None, plain: true }
    }
}

/// Where in a page reading is. Names are those of the open elements.
#[derive(Debug, Clone, PartialEq, Eq)]
enum At {
    /// Before a root element.
    Start,
    /// In the root element.
    Root,
    /// In the verb element, or in a container of bare records.
    List,
    /// After the root element.
    End,
}

/// Reads one file or reply: one page, several, or bare records.
#[derive(Debug)]
pub struct PageReader {
    source: String,
    options: Options,
    at: At,
    root: String,
    list: String,
    outer: Scope,
    inner: Scope,
    /// The payload tag `inner` was made for.
    inner_tag: Option<String>,
    bag: Bag,
    full: Vec<(&'static Vocabulary, Columns)>,
    pages: Vec<Page>,
    report: Report,
    /// Bytes and lines before the piece being read.
    base: (u64, u64),
    page_start: u64,
    /// Bindings of the root and verb elements.
    root_depth: usize,
    /// Whether a record was ended since the last commit.
    ended: bool,
    /// The encoding of the input, where its bytes were turned into UTF-8 on the way here.
    encoding: &'static Encoding,
}

impl PageReader {
    /// A reader of the input called `source`.
    #[must_use]
    pub fn new(source: &str, options: Options) -> Self {
        Self::of_encoding(source, options, UTF_8, 0, Bag::new(None))
    }

    /// A reader of input whose bytes are turned from `encoding` into UTF-8 on the way here, after
    /// a byte order mark of `start` bytes. Places are told in the bytes as they were. `bag` lends
    /// the memory of an earlier reading.
    #[must_use]
    pub fn of_encoding(source: &str, options: Options, encoding: &'static Encoding, start: u64, mut bag: Bag) -> Self {
        bag.restart(options.format);
        Self {
            source: source.to_owned(),
            options,
            at: At::Start,
            root: String::new(),
            list: String::new(),
            outer: Scope::default(),
            inner: Scope::default(),
            inner_tag: None,
            bag,
            full: Vec::new(),
            pages: Vec::new(),
            report: Report::default(),
            base: (start, 1),
            page_start: 0,
            root_depth: 0,
            ended: false,
            encoding,
        }
    }

    /// Reads what is complete in `bytes` and gives the number of bytes used; the rest must come
    /// again, with more behind it. With `last`, the input ends here.
    pub fn feed(&mut self, bytes: &[u8], last: bool) -> Result<usize> {
        let clean = clean(bytes, last);
        let mut cursor = Cursor::new(&clean.text, clean.carriage, self.options.plain);
        let mut done = Done::default();
        cursor.outer = vec![self.root.clone(), self.list.clone()];
        let stop = loop {
            match self.advance(&mut cursor, last) {
                Ok(more) => {
                    self.commit(&mut cursor, &clean, &mut done)?;
                    if !more {
                        break None;
                    }
                }
                Err(stop) => break Some(stop),
            }
        };
        self.bag.undo();
        // What its tag declares was not kept.
        self.inner_tag = None;
        match stop {
            None => self.rest(&clean, &mut done)?,
            Some(Stop::Cut) if !last && bytes.len() < MAX_RECORD => {}
            Some(Stop::Cut) if !last => {
                let message = format!("a record is larger than {} MB", MAX_RECORD >> 20);
                return Err(self.failed(&clean, &mut done, cursor.at(), Kind::Limit, &message));
            }
            Some(Stop::Cut) => return Err(self.cut(&clean, &mut done)),
            Some(Stop::Failed(at, kind, message)) => return Err(self.failed(&clean, &mut done, at, kind, &message)),
        }
        let used = if last { bytes.len() } else { clean.byte(done.at) };
        if !last {
            self.base.0 += self.encoded(&clean.text[..done.at], used);
            self.base.1 += lines(&bytes[..used]);
        }
        Ok(used)
    }

    /// Counts bytes at `at` that the encoding of the input does not allow.
    pub fn malformed(&mut self, at: u64, detail: String) -> Result<()> {
        let place = Place { source: Some(self.source.clone()), offset: Some(at), ..Place::default() };
        self.repair(Fault::Encoding, place, None, detail)
    }

    /// The rows finished so far, batch by batch of one format.
    pub fn take(&mut self) -> Vec<(&'static Vocabulary, Columns)> {
        if self.bag.rows > 0 {
            self.full.push(self.bag.freeze());
        }
        std::mem::take(&mut self.full)
    }

    /// Takes what was reported so far.
    pub fn take_report(&mut self) -> Report {
        std::mem::take(&mut self.report)
    }

    /// Ends the input: the pages, each whole.
    pub fn finish(&mut self) -> Vec<Page> {
        std::mem::take(&mut self.pages)
    }

    /// Puts the rows taken last back, so that they can be taken again.
    pub fn put_back(&mut self, batches: Vec<(&'static Vocabulary, Columns)>, pages: Vec<Page>, report: Report) {
        self.full = batches;
        self.pages = pages;
        self.report = report;
    }

    /// The memory to lend to the next reading.
    #[must_use]
    pub fn into_bag(self) -> Bag {
        self.bag
    }

    /// Records complete so far, in all pages.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.pages.iter().map(|page| page.records).sum()
    }

    /// Starts a batch of another format.
    fn switch(&mut self, vocabulary: Option<&'static Vocabulary>) {
        if self.bag.rows > 0 {
            self.full.push(self.bag.freeze());
        }
        self.bag.restart(vocabulary);
    }

    fn page(&mut self) -> &mut Page {
        if self.pages.is_empty() {
            self.pages.push(Page::default());
        }
        let last = self.pages.len() - 1;
        &mut self.pages[last]
    }

    /// Reads the next thing; false at the end of the input.
    fn advance(&mut self, cursor: &mut Cursor<'_>, last: bool) -> Read<bool> {
        match self.at {
            At::Start => self.start(cursor, last),
            At::Root => self.root_child(cursor),
            At::List => self.list_child(cursor),
            At::End => self.after(cursor, last),
        }
    }

    fn start(&mut self, cursor: &mut Cursor<'_>, last: bool) -> Read<bool> {
        let first = cursor.at() == 0 && self.pages.is_empty();
        if first {
            self.lead(cursor, last)?;
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

    /// Skips what stands before the page.
    fn lead(&mut self, cursor: &mut Cursor<'_>, last: bool) -> Read<()> {
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
        let mut page = Page { source: self.source.clone(), ..Page::default() };
        cursor.enter(tag, &mut self.outer)?;
        self.root_depth = self.outer.depth();
        self.page_start = self.base.0 + tag.at as u64;
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
                let mut ahead = Cursor::new(cursor.rest(), false, true);
                let child = if tag.empty { None } else { ahead.child(tag.name)? };
                let holds = child.is_some_and(|child| matches!(local(child.name), "record" | "header"));
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

    fn root_child(&mut self, cursor: &mut Cursor<'_>) -> Read<bool> {
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
            "resumptionToken" => self.token(cursor, &tag)?,
            _ => {
                cursor.content(&tag, &mut text)?;
                let detail = format!("`{}` in the root element, left out: {:?}", tag.name, text.trim());
                cursor.repair(Fault::Misplaced, tag.at, detail);
            }
        }
        Ok(true)
    }

    fn list_child(&mut self, cursor: &mut Cursor<'_>) -> Read<bool> {
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
        match local(tag.name) {
            "record" => self.record(cursor, &tag)?,
            "header" => {
                self.bag.header(cursor, &tag, &mut self.outer)?;
                self.end_record();
            }
            "set" => self.listed(cursor, &tag, &SETS)?,
            "metadataFormat" => self.listed(cursor, &tag, &FORMATS)?,
            "resumptionToken" => self.token(cursor, &tag)?,
            _ => {
                let mut text = String::new();
                cursor.content(&tag, &mut text)?;
                let detail = format!("`{}` in `{}`, left out: {:?}", tag.name, self.list, text.trim());
                cursor.repair(Fault::Misplaced, tag.at, detail);
            }
        }
        Ok(true)
    }

    fn listed<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>, vocabulary: &'static Vocabulary) -> Read<()> {
        if self.bag.vocabulary().is_none() {
            self.bag.adopt(vocabulary);
        }
        self.bag.payload(cursor, tag, &mut self.outer)?;
        self.end_record();
        Ok(())
    }

    fn token<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<()> {
        let attributes = owned(cursor.attributes(tag)?);
        let mut value = String::new();
        cursor.leaf(tag, &mut value)?;
        self.page().token = Some(Token { value: value.trim().to_owned(), attributes });
        Ok(())
    }

    fn record<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<()> {
        let depth = self.outer.depth();
        cursor.enter(tag, &mut self.outer)?;
        let mut metadata = false;
        if !tag.empty {
            cursor.open.push(tag.name);
            while let Some(child) = cursor.child(tag.name)? {
                let before = self.outer.depth();
                cursor.enter(&child, &mut self.outer)?;
                cursor.open.push(child.name);
                match local(child.name) {
                    "header" => self.bag.header(cursor, &child, &mut self.outer)?,
                    "metadata" => metadata |= self.metadata(cursor, &child)?,
                    "about" => {
                        while !child.empty
                            && let Some(inner) = cursor.child(child.name)?
                        {
                            let about = cursor.element(&inner, &mut self.outer)?;
                            self.bag.keep("oai:about", &about);
                        }
                    }
                    name => {
                        let ns = bound(&self.outer, child.name);
                        if is_xml(Vocabulary::of_payload(ns, name).0) {
                            self.bag.misplaced(cursor, &child, &mut self.outer, "the record")?;
                        } else {
                            let detail = format!("`{}` outside `metadata`, read as if inside", child.name);
                            cursor.repair(Fault::Misplaced, child.at, detail);
                            self.payload(cursor, &child)?;
                            metadata = true;
                        }
                    }
                }
                self.outer.leave(before);
                cursor.open.truncate(1);
            }
        }
        self.outer.leave(depth);
        if !metadata && !self.bag.is_deleted() {
            self.report.without_metadata += 1;
        }
        self.end_record();
        Ok(())
    }

    /// Reads `metadata`; whether it held anything.
    fn metadata<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<bool> {
        let mut found = false;
        while !tag.empty
            && let Some(child) = cursor.child(tag.name)?
        {
            if found {
                let xml = cursor.element(&child, &mut self.outer)?;
                cursor.repair(Fault::Misplaced, child.at, "a second payload, kept in extra");
                self.bag.keep("oai:metadata", &xml);
            } else {
                self.payload(cursor, &child)?;
            }
            found = true;
        }
        Ok(found)
    }

    fn payload<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<()> {
        // The names of one payload hold for the next one if its tag is the same to the byte.
        let shared = self.outer.depth() == self.root_depth;
        if !shared || self.inner_tag.as_deref() != Some(tag.attributes_raw()) {
            self.inner = self.outer.clone();
            cursor.enter(tag, &mut self.inner)?;
            self.bag.forget_names();
            self.inner_tag = shared.then(|| tag.attributes_raw().to_owned());
        }
        let ns = bound(&self.inner, tag.name);
        let resolved = self.inner.resolve(prefix(tag.name));
        let (vocabulary, right) = Vocabulary::of_payload(ns, local(tag.name));
        let decided = match self.bag.vocabulary() {
            None => {
                self.bag.adopt(vocabulary);
                vocabulary
            }
            Some(decided) => decided,
        };
        let xml = is_xml(decided);
        if self.bag.is_deleted() || xml || decided.name != vocabulary.name {
            let element = cursor.element(tag, &mut self.outer)?;
            self.bag.keep_xml(&element, xml && !self.bag.is_deleted());
            return Ok(());
        }
        if let Resolved::Guessed(_) = resolved {
            cursor.repair(Fault::Prefix, tag.at, format!("the prefix of `{}` is not declared", tag.name));
        } else if !right || matches!(resolved, Resolved::Misspelt(_)) {
            let detail = format!("`{}` is not in the namespace of {}", tag.name, vocabulary.name);
            cursor.repair(Fault::Namespace, tag.at, detail);
        }
        self.bag.payload(cursor, tag, &mut self.inner)
    }

    fn end_record(&mut self) {
        let deleted = u64::from(self.bag.is_deleted());
        self.report.records += 1;
        self.report.deleted += deleted;
        self.report.trimmed += self.bag.trimmed;
        self.report.empty += self.bag.empty;
        self.bag.end_record();
        self.ended = true;
        let page = self.page();
        page.records += 1;
        page.deleted += deleted;
    }

    /// What follows the root: nothing, another page, or bytes that belong to none.
    fn after(&mut self, cursor: &mut Cursor<'_>, last: bool) -> Read<bool> {
        self.end_page(cursor);
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
        if ["<?xml ", "<OAI-PMH"].iter().any(|start| begun(&start)) {
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
        let payload = !is_xml(Vocabulary::of_payload(Ns::None, local(name)).0);
        if matches!(local(name), "OAI-PMH" | "record") || payload {
            self.at = At::Start;
            return Ok(true);
        }
        if !last && rest.len() < 1 << 16 {
            return Err(Stop::Cut);
        }
        let shown: String = rest.trim().chars().take(200).collect();
        let next = next_page(rest);
        cursor.repair(Fault::Trailing, cursor.at(), format!("{shown:?} after the page, skipped"));
        cursor.skip(next.unwrap_or(rest.len()));
        Ok(true)
    }

    fn end_page(&mut self, cursor: &Cursor<'_>) {
        let end = self.base.0 + cursor.at() as u64;
        let start = self.page_start;
        let Some(page) = self.pages.last_mut().filter(|page| page.bytes == 0) else { return };
        page.bytes = end - start.min(end);
        self.report.pages += 1;
        if self.bag.vocabulary().is_none() {
            let prefix = page.request.iter().find(|(name, _)| name == "metadataPrefix");
            let asked = prefix.and_then(|(_, prefix)| Vocabulary::named(prefix));
            self.bag.adopt(asked.unwrap_or(&HEADER));
        }
        page.format = self.bag.vocabulary().map_or("", |vocabulary| vocabulary.name);
    }
}

/// What of a piece is done.
#[derive(Debug, Default)]
struct Done {
    /// Position in its text.
    at: usize,
    /// Marks already reported.
    marks: usize,
    /// Lines counted so far, and up to where.
    lines: (usize, u64),
}

impl PageReader {
    /// Keeps what was read since the last commit: a whole record, or a part of the envelope.
    fn commit(&mut self, cursor: &mut Cursor<'_>, clean: &Clean<'_>, done: &mut Done) -> Result<()> {
        cursor.open.clear();
        done.at = cursor.at();
        let ended = std::mem::take(&mut self.ended);
        let fresh = clean.marks[done.marks..].partition_point(|mark| mark.text < done.at);
        if cursor.repairs.is_empty() && fresh == 0 {
            return Ok(());
        }
        // After the page they belong to what is skipped whole.
        let trailing = cursor.repairs.iter().any(|repaired| repaired.fault == Fault::Trailing);
        let identifier = ended.then(|| self.bag.last_identifier().map(str::to_owned)).flatten();
        let marks = &clean.marks[done.marks..done.marks + if trailing { 0 } else { fresh }];
        done.marks += fresh;
        let mut repairs: Vec<(usize, Option<usize>, Fault, String)> =
            marks.iter().map(|mark| (mark.text, Some(mark.byte), mark.fault, mark.detail.clone())).collect();
        let found = cursor.repairs.drain(..);
        repairs.extend(found.map(|repaired| (repaired.at, None, repaired.fault, repaired.detail)));
        repairs.sort_by_key(|(at, ..)| *at);
        // A tag that is read twice finds its faults twice.
        repairs.dedup();
        for (at, byte, fault, detail) in repairs {
            let place = self.place(clean, done, at, byte);
            self.repair(fault, place, identifier.clone(), detail)?;
        }
        Ok(())
    }

    /// Counts bytes after the page of which no text is left.
    fn rest(&mut self, clean: &Clean<'_>, done: &mut Done) -> Result<()> {
        let Some(mark) = clean.marks.get(done.marks).cloned() else { return Ok(()) };
        let place = self.place(clean, done, mark.text, Some(mark.byte));
        self.repair(Fault::Trailing, place, None, "bytes that are no text after the page, skipped".to_owned())
    }

    fn repair(&mut self, fault: Fault, mut place: Place, record: Option<String>, detail: String) -> Result<()> {
        place.record = record;
        if self.options.strict && fault != Fault::ByteOrderMark {
            let message = format!("{}: {detail}", fault.name());
            return Err(Error::new(Kind::Parse, message)
                .at(place)
                .hint("read without strict=True to have it repaired and counted"));
        }
        if let Some(page) = self.pages.last_mut() {
            page.repairs += 1;
        }
        self.report.repairs.push(Repair { fault, place, detail });
        Ok(())
    }

    fn place(&self, clean: &Clean<'_>, done: &mut Done, at: usize, byte: Option<usize>) -> Place {
        let text = &*clean.text;
        let at = at.min(text.len());
        if at < done.lines.0 {
            done.lines = (0, 0);
        }
        done.lines.1 += lines(&text.as_bytes()[done.lines.0..at]);
        done.lines.0 = at;
        let line_start = text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        Place {
            source: Some(self.source.clone()),
            record: None,
            line: Some(self.base.1 + done.lines.1),
            column: Some(text[line_start..at].chars().count() as u64 + 1),
            offset: Some(self.base.0 + self.encoded(&text[..at], byte.unwrap_or_else(|| clean.byte(at)))),
        }
    }

    /// Bytes that `text` takes in the encoding of the input; `utf8` if that is UTF-8.
    fn encoded(&self, text: &str, utf8: usize) -> u64 {
        let bytes = if self.encoding == UTF_8 {
            utf8
        } else if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            text.encode_utf16().count() * 2
        } else {
            self.encoding.encode(text).0.len()
        };
        bytes as u64
    }

    fn failed(&self, clean: &Clean<'_>, done: &mut Done, at: usize, kind: Kind, message: &str) -> Error {
        let mut place = self.place(clean, done, at, None);
        place.record = self.bag.identifier().map(str::to_owned);
        Error::new(kind, message).at(place)
    }

    fn cut(&self, clean: &Clean<'_>, done: &mut Done) -> Error {
        let records = self.records();
        let place = self.place(clean, done, clean.text.len(), None);
        let message = format!("the page ends before its root element closed, after {records} complete records");
        Error::new(Kind::Truncated { records }, message)
            .at(place)
            .hint("fetch the page again, or read it with salvage=True to get the complete records")
    }
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

fn is_xml(vocabulary: &Vocabulary) -> bool {
    vocabulary.name == XML.name
}

fn bound(scope: &Scope, name: &str) -> Ns {
    match scope.resolve(prefix(name)) {
        Resolved::Bound(ns) | Resolved::Misspelt(ns) | Resolved::Guessed(ns) => ns,
    }
}

fn owned(attributes: crate::xml::read::Attributes<'_>) -> Vec<(String, String)> {
    let named = attributes.into_iter().filter(|(name, _)| !name.starts_with("xmlns"));
    named.map(|(name, value)| (name.to_owned(), value.into_owned())).collect()
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
