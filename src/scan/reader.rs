//! One way to read an input: as pages of OAI-PMH, or as documents, whichever its start says.

use crate::columns::Columns;
use crate::error::Result;
use crate::format::Vocabulary;
use crate::format::bag::Bag;
use crate::oai::page::Page;
use crate::oai::reader::{Options, PageReader};
use crate::replies::{Reply, ReplyReader};
use crate::report::Report;
use encoding_rs::{Encoding, UTF_8};
use std::ops::Range;

/// Rows, batch by batch.
type Batches = Vec<(&'static Vocabulary, Columns)>;

/// A reader of one input.
#[derive(Debug)]
pub(super) enum Reader {
    Xml(Box<PageReader>),
    Documents(Box<Documents>),
}

/// A reader of documents, and what a stream may ask of it after an error.
#[derive(Debug)]
pub(super) struct Documents {
    reader: ReplyReader,
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
        if let Some(reader) = ReplyReader::of(source, options.strict, options.format, start) {
            let reader = reader.with_spans(options.spans);
            let own = Documents { reader, source: source.to_owned(), encoding, back: None, bag };
            return Self::Documents(Box::new(own));
        }
        Self::Xml(Box::new(PageReader::of_encoding(source, options, encoding, mark, bag)))
    }

    /// Whether its records are documents.
    pub(super) fn reads_documents(&self) -> bool {
        matches!(self, Self::Documents(_))
    }

    pub(super) fn feed(&mut self, bytes: &[u8], last: bool) -> Result<usize> {
        match self {
            Self::Xml(reader) => reader.feed(bytes, last),
            Self::Documents(own) => own.reader.feed(bytes, last),
        }
    }

    pub(super) fn malformed(&mut self, at: u64, detail: String) -> Result<()> {
        match self {
            Self::Xml(reader) => reader.malformed(at, detail),
            Self::Documents(own) => own.reader.malformed(at, detail),
        }
    }

    pub(super) fn take(&mut self) -> Batches {
        match self {
            Self::Xml(reader) => reader.take(),
            Self::Documents(own) => match &mut own.back {
                Some((batches, ..)) => std::mem::take(batches),
                None => own.reader.take(),
            },
        }
    }

    pub(super) fn take_report(&mut self) -> Report {
        match self {
            Self::Xml(reader) => reader.take_report(),
            Self::Documents(own) => match &mut own.back {
                Some((.., report)) => std::mem::take(report),
                None => own.reader.take_report(),
            },
        }
    }

    /// Where the records lie.
    pub(super) fn take_spans(&mut self) -> Vec<Range<u64>> {
        match self {
            Self::Xml(reader) => reader.take_spans(),
            Self::Documents(own) => own.reader.take_spans(),
        }
    }

    /// Ends the input: its pages.
    pub(super) fn finish(&mut self) -> Vec<Page> {
        match self {
            Self::Xml(reader) => reader.finish(),
            Self::Documents(own) => match &mut own.back {
                Some((_, pages, _)) => std::mem::take(pages),
                None => vec![page(&own.source, own.encoding, own.reader.finish())],
            },
        }
    }

    pub(super) fn put_back(&mut self, batches: Batches, pages: Vec<Page>, report: Report) {
        match self {
            Self::Xml(reader) => reader.put_back(batches, pages, report),
            Self::Documents(own) => own.back = Some((batches, pages, report)),
        }
    }

    pub(super) fn into_bag(self) -> Bag {
        match self {
            Self::Xml(reader) => reader.into_bag(),
            Self::Documents(own) => own.bag,
        }
    }
}

fn page(source: &str, encoding: &'static Encoding, reply: Reply) -> Page {
    Page {
        source: source.to_owned(),
        format: reply.format,
        records: reply.records,
        errors: reply.refused,
        total: reply.total,
        next: reply.next,
        bytes: reply.bytes,
        encoding: if encoding == UTF_8 { "UTF-8" } else { encoding.name() },
        repairs: reply.repairs,
        ..Page::default()
    }
}
