//! What was read is kept, what was repaired is counted, and both know their place.

use super::{At, Done, PageReader, Position};
use crate::error::{Error, Kind, Place, Result};
use crate::format::{HEADER, Vocabulary};
use crate::report::{Fault, Repair};
use crate::xml::clean::{Clean, lines};
use crate::xml::read::Cursor;
use encoding_rs::{UTF_8, UTF_16BE, UTF_16LE};

impl PageReader {
    /// Keeps what was read since the last commit: a whole record, or a part of the envelope.
    pub(super) fn commit(&mut self, cursor: &mut Cursor<'_>, clean: &Clean<'_>, done: &mut Done) -> Result<()> {
        cursor.open.clear();
        done.at = cursor.at();
        let ended = std::mem::take(&mut self.ended);
        if ended && self.options.spans {
            let end = self.base.bytes + self.encoded(&clean.text[..done.at], clean.used(done.at));
            self.spans.push(self.byte(clean, self.record_at)..end);
        }
        if let Some(at) = self.page_at.take() {
            self.page_start = self.byte(clean, at);
        }
        if self.at == At::End && self.in_page {
            self.end_page(self.base.bytes + self.encoded(&clean.text[..done.at], clean.used(done.at)));
        }
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
    pub(super) fn rest(&mut self, clean: &Clean<'_>, done: &mut Done) -> Result<()> {
        let Some(mark) = clean.marks.get(done.marks).cloned() else { return Ok(()) };
        let place = self.place(clean, done, mark.text, Some(mark.byte));
        self.repair(Fault::Trailing, place, None, "bytes that are no text after the page, skipped".to_owned())
    }

    pub(super) fn repair(
        &mut self,
        fault: Fault,
        mut place: Place,
        record: Option<String>,
        detail: String,
    ) -> Result<()> {
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

    pub(super) fn place(&self, clean: &Clean<'_>, done: &mut Done, at: usize, byte: Option<usize>) -> Place {
        let text = &*clean.text;
        let at = at.min(text.len());
        if at < done.position.at {
            done.position = Position::default();
        }
        let part = &text[done.position.at..at];
        done.position.at = at;
        done.position.lines += lines(part.as_bytes());
        match part.rfind('\n') {
            Some(newline) => done.position.characters = part[newline + 1..].chars().count() as u64,
            None => done.position.characters += part.chars().count() as u64,
        }
        let before = if done.position.lines == 0 { self.base.columns } else { 0 };
        Place {
            source: Some(self.source.clone()),
            record: None,
            line: Some(self.base.lines + done.position.lines),
            column: Some(before + done.position.characters + 1),
            offset: Some(self.base.bytes + self.encoded(&text[..at], byte.unwrap_or_else(|| clean.byte(at)))),
        }
    }

    /// Ends the page, which ends at byte `end`.
    fn end_page(&mut self, end: u64) {
        self.in_page = false;
        self.report.pages += 1;
        let start = self.page_start;
        let Some(page) = self.pages.last_mut() else { return };
        page.bytes = end - start;
        if self.bag.vocabulary().is_none() {
            let prefix = page.request.iter().find(|(name, _)| name == "metadataPrefix");
            let asked = prefix.and_then(|(_, prefix)| Vocabulary::named(prefix));
            self.bag.adopt(asked.unwrap_or(&HEADER));
        }
        page.format = self.bag.vocabulary().map_or("", |vocabulary| vocabulary.name);
    }

    /// The byte of the input at position `at` of the piece.
    fn byte(&self, clean: &Clean<'_>, at: usize) -> u64 {
        self.base.bytes + self.encoded(&clean.text[..at], clean.byte(at))
    }

    /// Bytes that `text` takes in the encoding of the input; `utf8` if that is UTF-8.
    pub(super) fn encoded(&self, text: &str, utf8: usize) -> u64 {
        let bytes = if self.encoding == UTF_8 {
            utf8
        } else if self.encoding == UTF_16LE || self.encoding == UTF_16BE {
            text.encode_utf16().count() * 2
        } else {
            self.encoding.encode(text).0.len()
        };
        bytes as u64
    }

    pub(super) fn failed(&self, clean: &Clean<'_>, done: &mut Done, at: usize, kind: Kind, message: &str) -> Error {
        let mut place = self.place(clean, done, at, None);
        place.record = self.bag.identifier().map(str::to_owned);
        Error::new(kind, message).at(place)
    }

    pub(super) fn cut(&self, clean: &Clean<'_>, done: &mut Done) -> Error {
        let records = self.records();
        let place = self.place(clean, done, clean.text.len(), None);
        let plural = if records == 1 { "" } else { "s" };
        let message = format!("the page ends before its root element closed, after {records} complete record{plural}");
        Error::new(Kind::Truncated { records }, message)
            .at(place)
            .hint("fetch the page again, or read it with salvage=True to get the complete records")
    }
}
