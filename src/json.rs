//! Replies that are JSON: lines of documents, arrays, single documents, and the envelopes of the
//! NBA and of CKAN. Read piece by piece, as pages of OAI-PMH are.

mod cut;
mod envelope;

use crate::columns::Columns;
use crate::error::{Error, Kind, Place, Refusal, Result};
use crate::format::Vocabulary;
use crate::format::document::Documents;
use crate::format::walk::{Walk, unquoted};
use crate::report::{Fault, Repair, Report};
use cut::{Base, Cut, utf8, value};
use envelope::{is_envelope, record};

/// A document may take this many bytes.
const MAX_DOCUMENT: usize = 256 << 20;

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
    /// Repairs.
    pub repairs: u64,
    /// What the service refused.
    pub refused: Vec<Refusal>,
}

/// Where in a reply reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// In an array of documents.
    Array,
    /// In an object that holds records somewhere.
    Envelope,
    /// In its list of records.
    Items,
}

/// Reads one file or reply.
#[derive(Debug)]
pub struct JsonReader {
    source: String,
    strict: bool,
    wanted: Option<&'static Vocabulary>,
    documents: Option<Documents>,
    reply: Reply,
    report: Report,
    levels: Vec<Level>,
    /// Whether the level has no item yet.
    fresh: bool,
    base: Base,
    /// Whether an envelope had its list of records.
    listed: bool,
}

impl JsonReader {
    /// A reader of the input called `source`, whose records are of the format `wanted`, or of the
    /// one that knows the keys of the first.
    #[must_use]
    pub fn new(source: &str, strict: bool, wanted: Option<&'static Vocabulary>) -> Self {
        Self {
            source: source.to_owned(),
            strict,
            wanted,
            documents: None,
            reply: Reply::default(),
            report: Report::default(),
            levels: Vec::new(),
            fresh: true,
            base: Base::default(),
            listed: false,
        }
    }

    /// Reads what is complete in `bytes` and gives the number of bytes used; the rest must come
    /// again, with more behind it. With `last`, the input ends here.
    pub fn feed(&mut self, bytes: &[u8], last: bool) -> Result<usize> {
        let mut text = utf8(bytes, last).map_err(|at| self.failed_bytes(bytes, at))?;
        let mut start = 0;
        if self.base.bytes == 0
            && let Some(rest) = text.strip_prefix('\u{FEFF}')
        {
            text = rest;
            start = 3;
        }
        let mut done = 0;
        loop {
            match self.advance(text, &mut done, last) {
                Ok(true) => {}
                Err(Cut::More) if last => return Err(self.truncated(text)),
                Err(Cut::More) if text.len() - done >= MAX_DOCUMENT => {
                    let message = format!("a document is larger than {} MB", MAX_DOCUMENT >> 20);
                    return Err(Error::new(Kind::Limit, message).at(self.place(text, done)));
                }
                Ok(false) | Err(Cut::More) => break,
                Err(Cut::Failed(at, message)) => {
                    let hint = "the file is damaged or no JSON: fetch it again, or correct it by hand";
                    return Err(Error::new(Kind::Parse, message).at(self.place(text, at)).hint(hint));
                }
                Err(Cut::Refused(error)) => return Err(*error),
            }
        }
        if last {
            self.reply.bytes = self.base.bytes + bytes.len() as u64;
            if !self.levels.is_empty() {
                return Err(self.truncated(text));
            }
            self.report.pages += 1;
            if self.documents.is_none() && self.reply.refused.is_empty() && !self.listed {
                self.empty(text)?;
            }
            return Ok(bytes.len());
        }
        self.base.pass(&text[..done]);
        self.base.bytes += start as u64;
        Ok(start + done)
    }

    /// Counts bytes at `at` that the encoding of the input does not allow.
    pub fn malformed(&mut self, at: u64, detail: String) -> Result<()> {
        let place = Place { source: Some(self.source.clone()), offset: Some(at), ..Place::default() };
        if self.strict {
            return Err(Error::new(Kind::Parse, detail).at(place));
        }
        self.reply.repairs += 1;
        self.report.repairs.push(Repair { fault: Fault::Encoding, place, detail });
        Ok(())
    }

    /// The rows finished so far.
    pub fn take(&mut self) -> Vec<(&'static Vocabulary, Columns)> {
        let full = self.documents.as_mut().filter(|documents| documents.rows > 0);
        full.map(|documents| (documents.vocabulary(), documents.freeze())).into_iter().collect()
    }

    /// Takes what was reported so far.
    pub fn take_report(&mut self) -> Report {
        std::mem::take(&mut self.report)
    }

    /// Ends the input.
    pub fn finish(&mut self) -> Reply {
        std::mem::take(&mut self.reply)
    }

    /// Reads the next thing; false at the end of the text.
    fn advance(&mut self, text: &str, done: &mut usize, last: bool) -> std::result::Result<bool, Cut> {
        let blanks = text[*done..].len() - text[*done..].trim_ascii_start().len();
        let at = *done + blanks;
        let Some(next) = text.as_bytes().get(at).copied() else {
            *done = at;
            return Ok(false);
        };
        match (self.levels.last().copied(), next) {
            (None, b'[') => self.enter(Level::Array, done, at),
            (None, b'{') => {
                if is_envelope(&text[at..], last)? {
                    self.enter(Level::Envelope, done, at);
                } else {
                    let raw = value(text, at, last)?;
                    self.document(text, at, raw, &[])?;
                    if self.documents.is_some() {
                        *done = at + raw.len();
                    } else {
                        self.enter(Level::Envelope, done, at);
                    }
                }
            }
            (None, _) => return Err(Cut::Failed(at, "neither a document nor a list of documents".to_owned())),
            (Some(_), b']' | b'}') => {
                let own = if self.levels.last() == Some(&Level::Envelope) { b'}' } else { b']' };
                if next != own {
                    return Err(Cut::Failed(at, format!("{:?} where {:?} should be", next as char, own as char)));
                }
                self.levels.pop();
                self.fresh = false;
                *done = at + 1;
            }
            (Some(level), _) => {
                let at = self.comma(text, at, next)?;
                match level {
                    Level::Envelope => self.member(text, at, done, last)?,
                    Level::Array | Level::Items => {
                        let raw = value(text, at, last)?;
                        if !raw.starts_with('{') {
                            return Err(Cut::Failed(at, "a record must be a JSON object".to_owned()));
                        }
                        let (document, around) = record(raw, level == Level::Items);
                        self.document(text, at, document, &around)?;
                        *done = at + raw.len();
                    }
                }
                if self.levels.last() == Some(&level) {
                    self.fresh = false;
                }
            }
        }
        Ok(true)
    }

    fn enter(&mut self, level: Level, done: &mut usize, at: usize) {
        self.levels.push(level);
        self.fresh = true;
        *done = at + 1;
    }

    /// Where the next item starts, after its comma.
    fn comma(&self, text: &str, at: usize, next: u8) -> std::result::Result<usize, Cut> {
        if self.fresh {
            return Ok(at);
        }
        if next != b',' {
            return Err(Cut::Failed(at, "a comma is missing".to_owned()));
        }
        let rest = text[at + 1..].trim_ascii_start();
        if rest.is_empty() { Err(Cut::More) } else { Ok(text.len() - rest.len()) }
    }

    /// A member of an envelope.
    fn member(&mut self, text: &str, at: usize, done: &mut usize, last: bool) -> std::result::Result<(), Cut> {
        let raw_key = value(text, at, last)?;
        let key = raw_key.starts_with('"').then(|| unquoted(raw_key)).flatten();
        let Some(key) = key else { return Err(Cut::Failed(at, "a key must be text".to_owned())) };
        let rest = text[at + raw_key.len()..].trim_ascii_start();
        let Some(rest) = rest.strip_prefix(':') else {
            let at = text.len() - rest.len();
            return Err(if rest.is_empty() { Cut::More } else { Cut::Failed(at, "a colon is missing".to_owned()) });
        };
        let rest = rest.trim_ascii_start();
        let at = text.len() - rest.len();
        match (&*key, rest.as_bytes().first()) {
            (_, None) => return Err(Cut::More),
            (key @ ("resultSet" | "records"), Some(b'[')) => {
                // A list without records still has a format.
                self.reply.format = match self.wanted {
                    Some(wanted) => wanted.name,
                    None if key == "resultSet" => "nba",
                    None => "nhm",
                };
                self.listed = true;
                self.enter(Level::Items, done, at);
            }
            ("result", Some(b'{')) => self.enter(Level::Envelope, done, at),
            (key, Some(_)) => {
                let raw = value(text, at, last)?;
                match key {
                    "totalSize" | "total" => self.reply.total = raw.parse().ok(),
                    "error" | "exception" | "httpStatus" if raw != "null" => self.refused(key, raw),
                    _ => {}
                }
                *done = at + raw.len();
            }
        }
        Ok(())
    }

    /// What a service says when it refuses.
    fn refused(&mut self, key: &str, raw: &str) {
        let refusal = envelope::refusal(key, raw);
        // The NBA tells a status and an exception; the exception says more.
        if key == "exception" || self.reply.refused.is_empty() {
            self.reply.refused = vec![refusal];
        }
    }

    /// Adds a document that stands at `at`.
    fn document(&mut self, text: &str, at: usize, raw: &str, around: &[(&str, &str)]) -> std::result::Result<(), Cut> {
        if self.documents.is_none() {
            let keys = keys(raw);
            let names: Vec<&str> = keys.iter().map(String::as_str).collect();
            let vocabulary = self.wanted.or_else(|| Vocabulary::of_document(&names));
            if vocabulary.is_none() && self.levels.is_empty() && names.iter().any(|key| envelope::known(key)) {
                return Ok(());
            }
            let known = vocabulary.and_then(Documents::new);
            let Some(documents) = known else { return Err(Cut::Refused(Box::new(self.unknown(text, at, &names)))) };
            self.reply.format = documents.vocabulary().name;
            self.documents = Some(documents);
        }
        let Some(documents) = &mut self.documents else { return Ok(()) };
        let misfits = documents.push(raw, around);
        self.reply.records += 1;
        self.report.records += 1;
        for path in misfits {
            let place = self.place(text, at);
            let detail = format!("{path} has another type than the format gives it; kept as JSON in notes");
            if self.strict {
                let error = Error::new(Kind::Parse, detail).at(place).hint("read it without strict=True to keep it");
                return Err(Cut::Refused(Box::new(error)));
            }
            self.reply.repairs += 1;
            self.report.repairs.push(Repair { fault: Fault::Misfit, place, detail });
        }
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

    fn truncated(&self, text: &str) -> Error {
        let records = self.reply.records;
        let message = format!("the JSON stops before its end, after {records} complete records");
        Error::new(Kind::Truncated { records }, message)
            .at(self.place(text, text.trim_ascii_end().len()))
            .hint("fetch it again; salvage=True takes the complete records")
    }

    fn failed_bytes(&self, bytes: &[u8], at: usize) -> Error {
        let text = String::from_utf8_lossy(&bytes[..at]);
        Error::new(Kind::Parse, format!("byte 0x{:02X} is not UTF-8", bytes[at]))
            .at(self.place(&text, text.len()))
            .hint("JSON is UTF-8: convert the file first")
    }

    fn empty(&self, text: &str) -> Result<()> {
        let asked = self.wanted.is_some() && text.trim_ascii().starts_with('[');
        if asked {
            return Ok(());
        }
        let message = if text.trim_ascii().is_empty() { "the input is empty" } else { "the JSON holds no record" };
        Err(Error::new(Kind::NotOaiPmh, message).in_source(&self.source).hint("check how it was fetched"))
    }

    fn unknown(&self, text: &str, at: usize, keys: &[&str]) -> Error {
        let shown: Vec<&str> = keys.iter().take(6).copied().collect();
        let more = if keys.len() > 6 { ", …" } else { "" };
        let message = format!("JSON, but no record of a known format: its keys are {}{more}", shown.join(", "));
        Error::new(Kind::NotOaiPmh, message)
            .at(self.place(text, at))
            .hint("name the format if it is one of these: format=\"nba\", \"nhm\", …")
    }
}

/// The keys of an object.
fn keys(raw: &str) -> Vec<String> {
    let mut walk = Walk::new(raw);
    let mut keys = Vec::new();
    walk.enter();
    while walk.more() {
        keys.extend(unquoted(walk.key()).map(std::borrow::Cow::into_owned));
        walk.value();
    }
    keys
}
