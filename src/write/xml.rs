//! Records as XML: a reply of OAI-PMH (version 2.0, §3.2 and §4), or the bare payloads.
//!
//! Values are written as they were read: exact text, order, language, attributes, markup. What was valid stays
//! valid; what the schemas don't allow is written all the same and counted, or left out if asked.

mod check;
mod payload;
mod text;

use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::format::Vocabulary;
use crate::table::{Header, Record, Table, Value};
use crate::value::date;
use payload::Container;
use std::fmt::Write as _;
use text::{attribute, characters};

/// How to write.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Payloads alone, without header and envelope.
    pub bare: bool,
    /// Leave out what the schemas of the envelope and of `oai_dc` don't allow.
    pub valid: bool,
    /// The address for the `request` element.
    pub base_url: String,
    /// The `metadataPrefix` for it; that of the format, if none is known.
    pub prefix: Option<String>,
    /// Now, in microseconds since 1970: the date of the reply, and of records that have none.
    pub now: i64,
}

/// What writing did besides writing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Values, attributes and setSpecs that the schema doesn't allow: written all the same, or left out.
    pub outside: u64,
    /// Records without a datestamp, or without one the protocol allows, that were given one.
    pub dated: u64,
    /// Characters that XML can't hold, written as U+FFFD.
    pub replaced: u64,
    /// Markup that was not well-formed and was mended.
    pub mended: u64,
    /// Headers that a bare payload has no place for.
    pub headers: u64,
    /// Records without a payload, which bare XML can't show.
    pub payloadless: u64,
}

/// Writes tables of one format into one document.
#[derive(Debug)]
pub struct Writer {
    vocabulary: &'static Vocabulary,
    container: Container,
    options: Options,
    /// What was counted so far.
    pub counts: Counts,
    rows: u64,
    /// The first payload of a bare document: alone it is the root.
    first: Option<String>,
}

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

impl Writer {
    /// A writer of records of the format called `format`.
    pub fn new(format: &str, options: Options) -> Result<Self> {
        let known = crate::table::vocabularies().find(|known| known.name == format);
        let Some((vocabulary, container)) = known.and_then(|known| Some((known, Container::of(known.name)?))) else {
            let message = format!("a table of format {format:?} is not written as XML");
            return Err(Error::new(Kind::Value, message).hint(
                "XML holds records as they were read; a view or another table goes to csv, xlsx, parquet, jsonl",
            ));
        };
        if options.bare && !container.bare() {
            return Err(Error::new(Kind::Value, format!("{format} has no payload to stand bare"))
                .hint("write it in its envelope: envelope=True"));
        }
        Ok(Self { vocabulary, container, options, counts: Counts::default(), rows: 0, first: None })
    }

    /// Writes the records of a table.
    pub fn table(&mut self, table: &Table, cancel: &Cancel, out: &mut String) -> Result<()> {
        if table.format != self.vocabulary.name {
            let message = format!("a table of {} does not fit a document of {}", table.format, self.vocabulary.name);
            return Err(Error::new(Kind::Value, message).hint("write each format to a file of its own"));
        }
        let mut result = Ok(());
        table.records(cancel, |record| {
            if result.is_ok() {
                result = go_on(cancel).and_then(|()| self.record(record, out));
            }
        })?;
        result
    }

    fn record(&mut self, record: &Record, out: &mut String) -> Result<()> {
        let values = record.values();
        if self.options.bare {
            return self.bare(record, &values, out);
        }
        if self.rows == 0 {
            self.open(out);
        }
        self.rows += 1;
        if !self.vocabulary.head {
            return self.listed(&values, out);
        }
        let header = record.header();
        let placed = |value: &&Value| {
            value.column == "extra" && payload::in_header(value.element, self.vocabulary, header.deleted)
        };
        if self.vocabulary.name == "header" {
            let misplaced: Vec<&Value> = values.iter().filter(|value| value.column == "extra").collect();
            return self.header(&header, &misplaced, out);
        }
        let misplaced: Vec<&Value> = values.iter().filter(placed).collect();
        out.push_str("<record>");
        self.header(&header, &misplaced, out)?;
        self.metadata(&header, &values, out)?;
        for about in values.iter().filter(|value| value.element == "oai:about") {
            out.push_str("<about>");
            self.markup(about, out)?;
            out.push_str("</about>");
        }
        out.push_str("</record>\n");
        Ok(())
    }

    fn open(&mut self, out: &mut String) {
        out.push_str(DECLARATION);
        out.push_str(
            "<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\" \
             xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
             xsi:schemaLocation=\"http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd\">\n",
        );
        let seconds = self.options.now - self.options.now.rem_euclid(1_000_000);
        let _ = writeln!(out, "<responseDate>{}</responseDate>", date::written(seconds));
        let verb = self.container.verb;
        let _ = write!(out, "<request verb=\"{verb}\"");
        if self.vocabulary.head {
            let prefix = self.options.prefix.as_deref().unwrap_or(self.container.prefix).to_owned();
            out.push_str(" metadataPrefix=\"");
            attribute(&prefix, &mut self.counts.replaced, out);
            out.push('"');
        }
        out.push('>');
        characters(&self.options.base_url, &mut self.counts.replaced, out);
        let _ = writeln!(out, "</request>\n<{verb}>");
    }

    /// The header; with `misplaced` elements that came from there.
    fn header(&mut self, header: &Header, misplaced: &[&Value], out: &mut String) -> Result<()> {
        out.push_str(if header.deleted { "<header status=\"deleted\">" } else { "<header>" });
        match header.identifier {
            Some(identifier) => element("identifier", identifier, &mut self.counts, out),
            None if self.options.valid => {
                return Err(Error::new(
                    Kind::Value,
                    format!("record {} has no identifier, which a valid header needs", self.rows),
                )
                .hint("write the payloads alone with envelope=False, or give the column identifier values"));
            }
            None => self.counts.outside += 1,
        }
        let datestamp = self.datestamp(header);
        element("datestamp", &datestamp, &mut self.counts, out);
        for set in &header.sets {
            if !check::set_spec(set.trim()) {
                self.counts.outside += 1;
                if self.options.valid {
                    continue;
                }
            }
            element("setSpec", set, &mut self.counts, out);
        }
        for value in misplaced {
            self.counts.outside += 1;
            if !self.options.valid {
                self.value(value, out)?;
            }
        }
        out.push_str("</header>");
        Ok(())
    }

    /// The datestamp as it is, as far as it may be; now, where there is none: it is the day the record was made.
    fn datestamp(&mut self, header: &Header) -> String {
        let given = header.datestamp.unwrap_or_default();
        if check::datestamp(given.trim()) {
            return given.to_owned();
        }
        if header.datestamp.is_some() && !self.options.valid {
            self.counts.outside += 1;
            return given.to_owned();
        }
        self.counts.dated += 1;
        let moment = date::instant(given).unwrap_or(self.options.now);
        date::written(moment - moment.rem_euclid(1_000_000))
    }

    fn metadata(&mut self, header: &Header, values: &[Value], out: &mut String) -> Result<()> {
        let kept: Vec<&Value> = values.iter().filter(|value| payload::kept(value)).collect();
        let own = values.iter().any(|value| self.in_payload(value, header.deleted));
        // A record that is not deleted has metadata; a payload of another format stands for it.
        let payload = own || !header.deleted && kept.is_empty() && self.vocabulary.name != "xml";
        if !payload && kept.is_empty() {
            return Ok(());
        }
        out.push_str("<metadata>");
        if payload {
            self.payload(values, header.deleted, out)?;
        }
        self.counts.outside += kept.len().saturating_sub(usize::from(!payload)) as u64;
        let room = if self.options.valid { usize::from(!payload) } else { kept.len() };
        for value in kept.iter().take(room) {
            self.markup(value, out)?;
        }
        out.push_str("</metadata>");
        Ok(())
    }

    fn bare(&mut self, record: &Record, values: &[Value], out: &mut String) -> Result<()> {
        let header = record.header();
        self.counts.headers += u64::from(header != Header::default());
        let kept = values.iter().filter(|value| payload::aside(value)).count();
        self.counts.outside += kept as u64;
        if header.deleted || self.vocabulary.name == "xml" && kept == values.len() {
            self.counts.payloadless += 1;
            return Ok(());
        }
        self.rows += 1;
        let mut payload = String::new();
        self.payload(values, false, &mut payload)?;
        if self.rows == 1 {
            self.first = Some(payload);
            return Ok(());
        }
        if let Some(first) = self.first.take() {
            out.push_str(DECLARATION);
            out.push_str("<records>\n");
            out.push_str(&first);
            out.push('\n');
        }
        out.push_str(&payload);
        out.push('\n');
        Ok(())
    }

    /// Ends the document; `about`, a text in JSON, stands in a processing instruction after the root.
    pub fn end(&mut self, about: Option<&str>, out: &mut String) -> Result<()> {
        if self.options.bare {
            match (self.first.take(), self.rows) {
                (Some(only), _) => {
                    out.push_str(DECLARATION);
                    out.push_str(&only);
                    out.push('\n');
                }
                (None, 0) => {
                    return Err(Error::new(Kind::Value, "there is no payload to write")
                        .hint("an empty table is written in an envelope: envelope=True"));
                }
                _ => out.push_str("</records>\n"),
            }
        } else if self.rows == 0 {
            self.open(out);
            out.truncate(out.len() - self.container.verb.len() - "<>\n".len());
            out.push_str("<error code=\"noRecordsMatch\">the table is empty</error>\n</OAI-PMH>\n");
        } else {
            let _ = writeln!(out, "</{}>\n</OAI-PMH>", self.container.verb);
        }
        if let Some(about) = about {
            let _ = writeln!(out, "<?naturalia {}?>", about.replace("?>", "?\\u003e"));
        }
        Ok(())
    }
}

fn element(name: &str, content: &str, counts: &mut Counts, out: &mut String) {
    let _ = write!(out, "<{name}>");
    characters(content, &mut counts.replaced, out);
    let _ = write!(out, "</{name}>");
}
