//! Reads pages piece by piece: whole records become rows, the rest waits for more bytes.

mod account;
mod envelope;
mod record;

use super::page::Page;
use crate::columns::Columns;
use crate::error::{Kind, Place, Result};
use crate::format::bag::Bag;
use crate::format::{Vocabulary, XML};
use crate::limits::{MAX_CONTENT, megabytes};
use crate::report::{Fault, Report};
use crate::xml::clean::{clean, lines};
use crate::xml::names::{Ns, Resolved, Scope, prefix};
use crate::xml::read::{Cursor, Read, Stop};
use encoding_rs::{Encoding, UTF_8};
use std::ops::Range;

/// How to read.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Refuse what needs a repair.
    pub strict: bool,
    /// Read every record as this format.
    pub format: Option<&'static Vocabulary>,
    /// Scan plain elements directly; off, all markup goes through quick-xml (for comparison).
    pub plain: bool,
    /// Note where in the input each record lies.
    pub spans: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { strict: false, format: None, plain: true, spans: false }
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
    /// What lies before the piece being read.
    base: Base,
    /// Where the root element of the page starts: in the text of the piece, in the input.
    page_at: Option<usize>,
    page_start: u64,
    /// Whether a page has started and not ended.
    in_page: bool,
    /// Bindings of the root and verb elements.
    root_depth: usize,
    /// Whether a record was ended since the last commit.
    ended: bool,
    /// Where its tag stands in the text of the piece.
    record_at: usize,
    /// Where the records lie that were read since they were taken last; only if asked for.
    spans: Vec<Range<u64>>,
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
            base: Base { bytes: start, lines: 1, columns: 0 },
            page_at: None,
            page_start: 0,
            in_page: false,
            root_depth: 0,
            ended: false,
            record_at: 0,
            spans: Vec::new(),
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
            let (depth, pages) = (self.outer.depth(), self.pages.len());
            match self.advance(&mut cursor, last) {
                Ok(more) => {
                    self.commit(&mut cursor, &clean, &mut done)?;
                    if !more {
                        break None;
                    }
                }
                Err(stop) => {
                    // What is not kept goes with what it declares.
                    self.outer.leave(depth);
                    self.pages.truncate(pages);
                    break Some(stop);
                }
            }
        };
        self.bag.undo();
        // What its tag declares was not kept.
        self.inner_tag = None;
        match stop {
            None => self.rest(&clean, &mut done)?,
            Some(Stop::Cut) if !last && bytes.len() < MAX_CONTENT => {}
            Some(Stop::Cut) if !last => {
                let message = format!("a record is larger than {}", megabytes(MAX_CONTENT));
                return Err(self.failed(&clean, &mut done, cursor.at(), Kind::Limit, &message));
            }
            Some(Stop::Cut) => return Err(self.cut(&clean, &mut done)),
            Some(Stop::Failed(at, kind, message)) => return Err(self.failed(&clean, &mut done, at, kind, &message)),
        }
        let used = if last { bytes.len() } else { clean.used(done.at) };
        if !last {
            self.base.bytes += self.encoded(&clean.text[..done.at], used);
            self.base.pass(&clean.text[..done.at]);
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

    /// The bytes of the input that each record in [`Self::take`] was read from, in the same order.
    pub fn take_spans(&mut self) -> Vec<Range<u64>> {
        std::mem::take(&mut self.spans)
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
}

/// What lies before a piece: bytes, the number of its first line, characters of that line.
#[derive(Debug)]
struct Base {
    bytes: u64,
    lines: u64,
    columns: u64,
}

impl Base {
    fn pass(&mut self, text: &str) {
        self.lines += lines(text.as_bytes());
        let line = text.rfind('\n').map(|newline| newline + 1);
        self.columns = line.map_or(self.columns, |_| 0) + text[line.unwrap_or(0)..].chars().count() as u64;
    }
}

/// What of a piece is done.
#[derive(Debug, Default)]
struct Done {
    /// Position in its text.
    at: usize,
    /// Marks already reported.
    marks: usize,
    /// The last position that was reported.
    position: Position,
}

/// A position in a piece. The next one is counted from here, so that many repairs of one line take linear time.
#[derive(Debug, Default)]
struct Position {
    at: usize,
    /// Line ends before it.
    lines: u64,
    /// Characters between the last line end, or the start of the piece, and it.
    characters: u64,
}

fn is_xml(vocabulary: &Vocabulary) -> bool {
    vocabulary.name == XML.name
}

fn bound(scope: &Scope, name: &str) -> Ns {
    match scope.resolve(prefix(name)) {
        Resolved::Bound(ns) | Resolved::Misspelt(ns) | Resolved::Guessed(ns) => ns,
    }
}
