//! One way to read an input: as XML or as JSON, whichever its first byte says.

use crate::columns::Columns;
use crate::error::Result;
use crate::format::Vocabulary;
use crate::format::bag::Bag;
use crate::json::{JsonReader, Reply};
use crate::oai::page::Page;
use crate::oai::reader::{Options, PageReader};
use crate::report::Report;
use encoding_rs::{Encoding, UTF_8};
use std::ops::Range;

/// Rows, batch by batch.
type Batches = Vec<(&'static Vocabulary, Columns)>;

/// A reader of one input.
#[derive(Debug)]
pub(super) enum Reader {
    Xml(Box<PageReader>),
    Json(Box<Json>),
}

/// A reader of JSON, and what a stream may ask of it after an error.
#[derive(Debug)]
pub(super) struct Json {
    reader: JsonReader,
    source: String,
    encoding: &'static Encoding,
    back: Option<(Batches, Vec<Page>, Report)>,
    bag: Bag,
}

impl Reader {
    /// A reader of an input that starts with `start`.
    pub(super) fn new(
        source: &str,
        options: Options,
        encoding: &'static Encoding,
        mark: u64,
        bag: Bag,
        start: &[u8],
    ) -> Self {
        let documents = options.format.map(|format| format.shape().is_some());
        if documents.unwrap_or_else(|| is_json(start)) {
            let reader = JsonReader::new(source, options.strict, options.format);
            let json = Json { reader, source: source.to_owned(), encoding, back: None, bag };
            return Self::Json(Box::new(json));
        }
        Self::Xml(Box::new(PageReader::of_encoding(source, options, encoding, mark, bag)))
    }

    pub(super) fn feed(&mut self, bytes: &[u8], last: bool) -> Result<usize> {
        match self {
            Self::Xml(reader) => reader.feed(bytes, last),
            Self::Json(json) => json.reader.feed(bytes, last),
        }
    }

    pub(super) fn malformed(&mut self, at: u64, detail: String) -> Result<()> {
        match self {
            Self::Xml(reader) => reader.malformed(at, detail),
            Self::Json(json) => json.reader.malformed(at, detail),
        }
    }

    pub(super) fn take(&mut self) -> Batches {
        match self {
            Self::Xml(reader) => reader.take(),
            Self::Json(json) => match &mut json.back {
                Some((batches, ..)) => std::mem::take(batches),
                None => json.reader.take(),
            },
        }
    }

    pub(super) fn take_report(&mut self) -> Report {
        match self {
            Self::Xml(reader) => reader.take_report(),
            Self::Json(json) => match &mut json.back {
                Some((.., report)) => std::mem::take(report),
                None => json.reader.take_report(),
            },
        }
    }

    /// Where the records lie; not known of documents.
    pub(super) fn take_spans(&mut self) -> Vec<Range<u64>> {
        match self {
            Self::Xml(reader) => reader.take_spans(),
            Self::Json(_) => Vec::new(),
        }
    }

    /// Ends the input: its pages.
    pub(super) fn finish(&mut self) -> Vec<Page> {
        match self {
            Self::Xml(reader) => reader.finish(),
            Self::Json(json) => match &mut json.back {
                Some((_, pages, _)) => std::mem::take(pages),
                None => vec![page(&json.source, json.encoding, json.reader.finish())],
            },
        }
    }

    pub(super) fn put_back(&mut self, batches: Batches, pages: Vec<Page>, report: Report) {
        match self {
            Self::Xml(reader) => reader.put_back(batches, pages, report),
            Self::Json(json) => json.back = Some((batches, pages, report)),
        }
    }

    pub(super) fn into_bag(self) -> Bag {
        match self {
            Self::Xml(reader) => reader.into_bag(),
            Self::Json(json) => json.bag,
        }
    }
}

/// Whether bytes start as JSON does.
fn is_json(start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(start).trim_ascii_start();
    matches!(start.first(), Some(b'{' | b'['))
}

fn page(source: &str, encoding: &'static Encoding, reply: Reply) -> Page {
    Page {
        source: source.to_owned(),
        format: reply.format,
        records: reply.records,
        errors: reply.refused,
        total: reply.total,
        bytes: reply.bytes,
        encoding: if encoding == UTF_8 { "UTF-8" } else { encoding.name() },
        repairs: reply.repairs,
        ..Page::default()
    }
}
