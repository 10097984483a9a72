//! Files, folders' contents, bytes and gzip to batches: in order, in parallel, in constant memory.

mod input;
mod pool;
mod reader;

pub use input::Input;
pub(crate) use pool::in_order;
pub use pool::threads;

use crate::columns::{Columns, Data};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::format::Vocabulary;
use crate::format::bag::Bag;
use crate::oai::page::Page;
use crate::oai::reader::Options;
use crate::report::Report;
use input::{Bytes, Malformed, Opened};
use reader::Reader;
use std::collections::{HashSet, VecDeque};
use std::ops::Range;
use std::sync::PoisonError;

/// Bytes given to the parser at once. A batch is what a piece holds, so this bounds memory: about
/// five pieces are there at a time.
pub const PIECE: usize = 256 << 10;
/// The same of documents, whose batches have hundreds of columns and so should have more rows.
const DOCUMENTS: usize = 1 << 20;
/// Files up to this size are read side by side, larger ones piece by piece.
const SMALL: u64 = 4 << 20;

/// What to do besides reading.
#[derive(Debug, Clone, Copy, Default)]
pub struct Plan {
    /// How pages are read.
    pub options: Options,
    /// Go on after an input that can't be read; it is listed in the report.
    pub keep_going: bool,
    /// Keep the complete records of an input that is cut; the cut is listed in the report.
    pub salvage: bool,
    /// Threads to use; all processors if none is given.
    pub threads: Option<usize>,
    /// Bytes given to the parser at once; [`PIECE`] if none is given.
    pub piece: Option<usize>,
}

impl Plan {
    fn piece(self) -> usize {
        self.piece.unwrap_or(PIECE).max(1)
    }
}

/// Batches and what there is to say about them.
#[derive(Debug, Default)]
pub struct Part {
    /// Rows, batch by batch.
    pub batches: Vec<(&'static Vocabulary, Columns)>,
    /// The pages that ended in this part.
    pub pages: Vec<Page>,
    /// Counts and repairs.
    pub report: Report,
    /// The bytes of its input that each row was read from, where the options ask for them.
    pub spans: Vec<Range<u64>>,
}

impl Part {
    fn absorb(&mut self, other: Self) {
        self.batches.extend(other.batches);
        self.pages.extend(other.pages);
        self.report.absorb(other.report);
        self.spans.extend(other.spans);
    }

    /// Removes identifier and text of records marked as not public from the repairs: unlike the rows, a report is
    /// shown and printed as it is.
    fn withhold_private_repairs(mut self) -> Self {
        let Self { batches, report, .. } = &mut self;
        if report.repairs.iter().all(|repair| repair.place.record.is_none()) {
            return self;
        }
        let private: HashSet<&str> = batches.iter().flat_map(|(_, columns)| private_identifiers(columns)).collect();
        for repair in &mut report.repairs {
            if repair.place.record.as_deref().is_some_and(|record| private.contains(record)) {
                repair.place.record = None;
                "in a record marked as not public".clone_into(&mut repair.detail);
            }
        }
        self
    }
}

/// Columns that identify a record, of which a format has one.
const IDENTIFIERS: [&str; 4] = ["identifier", "id", "_id", "media_id"];

/// The identifiers of the records marked as not public.
fn private_identifiers(columns: &Columns) -> Vec<&str> {
    let Some(numbers) = columns.private_rows() else { return Vec::new() };
    let texts = IDENTIFIERS.iter().find_map(|name| columns.get(name).and_then(Data::text));
    let Some(texts) = texts else { return Vec::new() };
    (0..columns.rows).filter(|row| numbers[*row] != 0).filter_map(|row| texts.get(row)).collect()
}

/// Reads all inputs.
pub fn read(inputs: &[Input], plan: Plan, cancel: &Cancel) -> Result<Part> {
    let mut whole = Part::default();
    for part in pool::in_order(inputs, plan.threads, |bag, input| read_one(input, plan, bag, cancel)) {
        whole.absorb(part?);
    }
    Ok(whole)
}

/// Reads one input, in the memory of `bag`.
fn read_one(input: &Input, plan: Plan, bag: &mut Bag, cancel: &Cancel) -> Result<Part> {
    let mut stream = Stream::open(input, plan, std::mem::take(bag))?;
    let part = drain(&mut stream, plan, cancel);
    *bag = stream.reader.into_bag();
    part
}

fn drain(stream: &mut Stream, plan: Plan, cancel: &Cancel) -> Result<Part> {
    let mut part = Part::default();
    loop {
        match stream.piece(cancel) {
            Ok(Some(piece)) => part.absorb(piece),
            Ok(None) => return Ok(part),
            Err(error) => {
                return stream.give_up(error, plan).map(|rest| {
                    if !plan.salvage {
                        part = Part::default();
                    }
                    part.absorb(rest);
                    std::mem::take(&mut part)
                });
            }
        }
    }
}

/// What one input says about itself: its pages, and the problem that ended reading, if any.
pub fn inspect(input: &Input, options: Options, cancel: &Cancel) -> (Part, Option<Error>) {
    let plan = Plan { options, salvage: true, keep_going: true, threads: Some(1), piece: None };
    match read_one(input, plan, &mut Bag::default(), cancel) {
        Ok(mut part) => {
            let problem = part.report.problems.pop();
            (part, problem)
        }
        Err(error) => (Part::default(), Some(error)),
    }
}

/// Reads inputs part by part.
#[derive(Debug)]
pub struct Scan {
    inputs: VecDeque<Input>,
    plan: Plan,
    ready: VecDeque<Result<Part>>,
    stream: Option<Stream>,
    /// Read but not given yet: the last batch of a page waits until the page has closed.
    held: Option<Part>,
}

impl Scan {
    /// A scan of `inputs`, in order.
    #[must_use]
    pub fn new(inputs: Vec<Input>, plan: Plan) -> Self {
        Self { inputs: inputs.into(), plan, ready: VecDeque::new(), stream: None, held: None }
    }

    /// The next part, or `None` at the end. After an error the scan is at its end.
    pub fn next(&mut self, cancel: &Cancel) -> Result<Option<Part>> {
        let next = self.advance(cancel);
        if next.is_err() {
            self.inputs.clear();
            self.ready.clear();
            self.stream = None;
        }
        next
    }

    fn advance(&mut self, cancel: &Cancel) -> Result<Option<Part>> {
        loop {
            if let Some(part) = self.ready.pop_front() {
                return part.map(Some);
            }
            if let Some(stream) = &mut self.stream {
                match stream.piece(cancel) {
                    Ok(Some(piece)) => {
                        if let Some(part) = self.held.replace(piece) {
                            return Ok(Some(part));
                        }
                        continue;
                    }
                    Ok(None) => {}
                    Err(error) => {
                        let rest = stream.give_up(error, self.plan)?;
                        let mut part = self.held.take().filter(|_| self.plan.salvage).unwrap_or_default();
                        part.absorb(rest);
                        self.held = Some(part);
                    }
                }
                self.stream = None;
                if let Some(part) = self.held.take() {
                    return Ok(Some(part));
                }
            }
            let Some(first) = self.inputs.front() else { return Ok(None) };
            if first.size() > SMALL {
                let opened = self.inputs.pop_front().map(|input| Stream::open(&input, self.plan, Bag::default()));
                self.stream = opened.transpose()?;
            } else {
                let window = threads(self.plan.threads) * 2;
                let small = self.inputs.iter().take(window).take_while(|input| input.size() <= SMALL).count();
                let batch: Vec<Input> = self.inputs.drain(..small).collect();
                let plan = self.plan;
                self.ready =
                    pool::in_order(&batch, plan.threads, |bag, input| read_one(input, plan, bag, cancel)).into();
            }
        }
    }
}

/// One input, read piece by piece.
#[derive(Debug)]
struct Stream {
    bytes: Bytes,
    malformed: Malformed,
    reader: Reader,
    /// Bytes the next piece should have; grows while a record does not fit.
    want: usize,
    piece: usize,
    done: bool,
    source: String,
}

impl Stream {
    fn open(input: &Input, plan: Plan, bag: Bag) -> Result<Self> {
        let source = input.name();
        let placed = |error: Error| error.in_source(&source);
        let Opened { mut bytes, encoding, start, malformed } = input.open().map_err(placed)?;
        let (first, _) = bytes.window(plan.piece().min(1024)).map_err(placed)?;
        let reader = Reader::new(&source, plan.options, encoding, start, bag, first);
        let piece = plan.piece.unwrap_or(if reader.reads_documents() { DOCUMENTS } else { PIECE }).max(1);
        Ok(Self { bytes, malformed, reader, want: piece, piece, done: false, source })
    }

    /// The next piece of the input, or `None` after its end.
    fn piece(&mut self, cancel: &Cancel) -> Result<Option<Part>> {
        while !self.done {
            go_on(cancel)?;
            let (bytes, last) = self.bytes.window(self.want).map_err(|error| error.in_source(&self.source))?;
            for (at, detail) in self.malformed.lock().unwrap_or_else(PoisonError::into_inner).drain(..) {
                self.reader.malformed(at, detail)?;
            }
            let used = self.reader.feed(bytes, last)?;
            let whole = bytes.len();
            self.bytes.advance(used);
            if last {
                self.done = true;
                return self.end().map(Some);
            }
            // What is left over is read again, so a piece that ends in a long record is worth a longer one.
            self.want = if used * 2 < whole { self.want * 2 } else { self.piece };
            let batches = self.reader.take();
            if !batches.is_empty() {
                let (report, spans) = (self.reader.take_report(), self.reader.take_spans());
                let part = Part { batches, pages: Vec::new(), report, spans };
                return Ok(Some(part.withhold_private_repairs()));
            }
        }
        Ok(None)
    }

    fn end(&mut self) -> Result<Part> {
        let part = Part {
            batches: self.reader.take(),
            pages: self.reader.finish(),
            report: self.reader.take_report(),
            spans: self.reader.take_spans(),
        }
        .withhold_private_repairs();
        let refused =
            |page: &&Page| page.records == 0 && page.errors.iter().any(|error| error.code != "noRecordsMatch");
        let Some(page) = part.pages.iter().find(refused) else { return Ok(part) };
        let errors = page.errors.clone();
        let mut request = page.request.clone();
        request.extend(page.base_url.clone().map(|url| ("url".to_owned(), url)));
        let said: Vec<String> = errors.iter().map(|error| format!("{}: {}", error.code, error.message)).collect();
        self.reader.put_back(part.batches, part.pages, part.report);
        let error =
            Error::new(Kind::Protocol { errors, request }, format!("the provider answered {}", said.join("; ")));
        Err(error.in_source(&self.source))
    }

    /// What to do after an error: raise it, or list it and keep what may be kept.
    fn give_up(&mut self, error: Error, plan: Plan) -> Result<Part> {
        self.done = true;
        let error = error.in_source(&self.source);
        let salvaged = plan.salvage && matches!(error.kind(), Kind::Truncated { .. });
        if *error.kind() == Kind::Interrupted || !(salvaged || plan.keep_going) {
            return Err(error);
        }
        let mut part = Part { pages: self.reader.finish(), ..Part::default() };
        if salvaged {
            part.batches = self.reader.take();
            part.report = self.reader.take_report();
            part.spans = self.reader.take_spans();
        } else if !matches!(error.kind(), Kind::Protocol { .. }) {
            part.pages.clear();
        }
        part.report.problems.push(error);
        Ok(part.withhold_private_repairs())
    }
}
