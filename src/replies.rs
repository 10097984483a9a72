//! Replies whose records are documents: JSON (lines, arrays, envelopes), rows under a header, and
//! Atom feeds. Read piece by piece, as pages of OAI-PMH are.

mod cut;
mod envelope;
mod feed;
mod json;
mod rows;

use crate::columns::Columns;
use crate::error::{Error, Kind, Place, Refusal, Result};
use crate::format::Vocabulary;
use crate::format::atom::ATOM;
use crate::format::document::Documents;
use crate::limits::{MAX_CONTENT, megabytes};
use crate::report::{Fault, Repair, Report};
use cut::Base;
pub use envelope::canonical;
pub use feed::is_feed;
use std::ops::Range;

/// What a reply says about itself.
#[derive(Debug, Default)]
pub struct Reply {
    /// The format of its records.
    pub format: &'static str,
    /// Records.
    pub records: u64,
    /// Size in bytes.
    pub bytes: u64,
    /// How many records there are in all, as the service says.
    pub total: Option<u64>,
    /// Where the list goes on, as the service says: a cursor of the NHM as JSON, an address of a feed.
    pub next: Option<String>,
    /// Repairs.
    pub repairs: u64,
    /// What the service refused.
    pub refused: Vec<Refusal>,
}

/// What records are written in.
#[derive(Debug)]
enum Form {
    Json(json::State),
    Rows(rows::State),
    Feed,
}

/// Reads one file or reply.
#[derive(Debug)]
pub struct ReplyReader {
    form: Form,
    records: Records,
}

/// The records of a reply in the making, and what there is to say about them.
#[derive(Debug)]
struct Records {
    source: String,
    strict: bool,
    wanted: Option<&'static Vocabulary>,
    documents: Option<Documents>,
    reply: Reply,
    report: Report,
    base: Base,
    /// Bytes of the mark before the piece.
    mark: usize,
    /// The bytes of each record, with what stands around it, where they are asked for.
    spans: Option<Vec<Range<u64>>>,
}

impl ReplyReader {
    /// A reader of the input called `source` that starts with `start`, if its records are
    /// documents: of the format `wanted`, or of the one that knows the keys of the first.
    #[must_use]
    pub fn of(source: &str, strict: bool, wanted: Option<&'static Vocabulary>, start: &[u8]) -> Option<Self> {
        let documents = wanted.map(|wanted| wanted.shape().is_some());
        let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
        let form = match start.first() {
            _ if documents == Some(false) => return None,
            Some(b'{' | b'[') => Form::Json(json::State::default()),
            Some(b'<') if wanted.is_none_or(|wanted| wanted.name == ATOM.name) && feed::is_feed(start) => Form::Feed,
            // An XML page, or whatever reading XML will say of it.
            Some(b'<') if documents.is_none() => return None,
            _ => match rows::State::of(start, wanted) {
                Some(rows) => Form::Rows(rows),
                None if documents.is_none() => return None,
                None => Form::Json(json::State::default()),
            },
        };
        let records = Records {
            source: source.to_owned(),
            strict,
            wanted,
            documents: None,
            reply: Reply::default(),
            report: Report::default(),
            base: Base::default(),
            mark: 0,
            spans: None,
        };
        Some(Self { form, records })
    }

    /// The same reader, one that notes where records lie.
    #[must_use]
    pub fn with_spans(mut self, wanted: bool) -> Self {
        self.records.spans = wanted.then(Vec::new);
        self
    }

    /// Whether it reads rows under a header.
    #[must_use]
    pub fn is_rows(&self) -> bool {
        matches!(self.form, Form::Rows(_))
    }

    /// Reads what is complete in `bytes` and gives the number of bytes used; the rest must come
    /// again, with more behind it. With `last`, the input ends here.
    pub fn feed(&mut self, bytes: &[u8], last: bool) -> Result<usize> {
        let used = match &mut self.form {
            Form::Json(state) => state.feed(&mut self.records, bytes, last)?,
            Form::Rows(state) => state.feed(&mut self.records, bytes, last)?,
            Form::Feed if last => feed::read(&mut self.records, bytes)?,
            Form::Feed => 0,
        };
        if last {
            self.records.reply.bytes = self.records.base.bytes + bytes.len() as u64;
            self.records.report.pages += 1;
            return Ok(bytes.len());
        }
        if used == 0 && bytes.len() >= MAX_CONTENT {
            let message = format!("a document is larger than {}", megabytes(MAX_CONTENT));
            return Err(Error::new(Kind::Limit, message).at(self.records.place("", 0)));
        }
        Ok(used)
    }

    /// Counts bytes at `at` that the encoding of the input does not allow.
    pub fn malformed(&mut self, at: u64, detail: String) -> Result<()> {
        let place = Place { source: Some(self.records.source.clone()), offset: Some(at), ..Place::default() };
        self.records.repair(Fault::Encoding, place, detail)
    }

    /// The rows finished so far.
    pub fn take(&mut self) -> Vec<(&'static Vocabulary, Columns)> {
        let full = self.records.documents.as_mut().filter(|documents| documents.rows > 0);
        full.map(|documents| (documents.vocabulary(), documents.freeze())).into_iter().collect()
    }

    /// Takes what was reported so far.
    pub fn take_report(&mut self) -> Report {
        std::mem::take(&mut self.records.report)
    }

    /// Takes the places of the rows finished so far, where they are asked for.
    pub fn take_spans(&mut self) -> Vec<Range<u64>> {
        self.records.spans.as_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Ends the input.
    pub fn finish(&mut self) -> Reply {
        std::mem::take(&mut self.records.reply)
    }
}

impl Records {
    /// Starts records of a format.
    fn start(&mut self, vocabulary: &'static Vocabulary) -> bool {
        self.documents = Documents::new(vocabulary);
        self.reply.format = vocabulary.name;
        self.documents.is_some()
    }

    /// Adds a document, the well-formed text of a JSON object, that stands in these bytes of the piece.
    fn add(&mut self, text: &str, bytes: Range<usize>, json: &str, around: &[(&str, &str)]) -> Result<()> {
        let Some(documents) = &mut self.documents else { return Ok(()) };
        let (at, base) = (bytes.start, self.base.bytes + self.mark as u64);
        self.spans.iter_mut().for_each(|spans| spans.push(base + bytes.start as u64..base + bytes.end as u64));
        let misfits = documents.push(json, around);
        self.reply.records += 1;
        self.report.records += 1;
        for path in misfits {
            let place = self.place(text, at);
            let detail = format!("{path} has another type than the format gives it; kept as JSON in notes");
            self.repair(Fault::Misfit, place, detail)?;
        }
        Ok(())
    }

    fn repair(&mut self, fault: Fault, place: Place, detail: String) -> Result<()> {
        if self.strict {
            return Err(Error::new(Kind::Parse, detail).at(place).hint("read it without strict=True to keep it"));
        }
        self.reply.repairs += 1;
        self.report.repairs.push(Repair { fault, place, detail });
        Ok(())
    }

    fn place(&self, text: &str, at: usize) -> Place {
        let (line, column) = self.base.line(&text[..at]);
        Place {
            source: Some(self.source.clone()),
            record: None,
            line: Some(line),
            column: Some(column),
            offset: Some(self.base.bytes + at as u64),
        }
    }

    fn damaged(&self, text: &str, at: usize, message: impl Into<String>) -> Error {
        let hint = "the file is damaged or something else: fetch it again, or correct it by hand";
        Error::new(Kind::Parse, message).at(self.place(text, at)).hint(hint)
    }

    fn truncated(&self, text: &str, what: &str) -> Error {
        let records = self.reply.records;
        let message = format!("the {what} stops before its end, after {records} complete records");
        Error::new(Kind::Truncated { records }, message)
            .at(self.place(text, text.trim_ascii_end().len()))
            .hint("fetch it again; salvage=True takes the complete records")
    }

    /// The piece as text, without the mark at the start of the input; and the bytes of that mark.
    fn text<'a>(&mut self, bytes: &'a [u8], last: bool) -> Result<(&'a str, usize)> {
        let text = cut::utf8(bytes, last).map_err(|at| {
            let before = String::from_utf8_lossy(&bytes[..at]);
            Error::new(Kind::Parse, format!("byte 0x{:02X} is not UTF-8", bytes[at]))
                .at(self.place(&before, before.len()))
                .hint("it should be UTF-8: convert the file first")
        })?;
        let marked = (self.base.bytes == 0).then(|| text.strip_prefix('\u{FEFF}')).flatten();
        self.mark = if marked.is_some() { 3 } else { 0 };
        Ok((marked.unwrap_or(text), self.mark))
    }

    /// Goes on behind `done` bytes of the piece, which had a mark of `mark` bytes before it.
    fn pass(&mut self, text: &str, done: usize, mark: usize) -> usize {
        self.base.pass(&text[..done]);
        self.base.bytes += mark as u64;
        mark + done
    }

    fn empty(&self, message: &str) -> Error {
        Error::new(Kind::NotOaiPmh, message).in_source(&self.source).hint("check how it was fetched")
    }
}
