//! The records of a harvest file as tables, page by page: memory does not grow with the file.

use crate::columns::{Columns, Data};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::format::Vocabulary;
use crate::oai::reader::Options;
use crate::scan::{self, Input, Part, Plan};
use crate::store::{Chosen, Reader, StoredPage};
use crate::table::Table;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Records of a harvest file, not yet read.
#[derive(Debug, Clone)]
pub struct View {
    path: PathBuf,
    chosen: Chosen,
    deleted: bool,
    format: Option<&'static Vocabulary>,
    last: i64,
}

impl View {
    /// The records chosen that are in the file now; with `deleted`, those that are gone too.
    pub fn open(path: &Path, chosen: Chosen, deleted: bool) -> Result<Self> {
        let reader = Reader::open(path)?;
        // The format that was asked for, whatever the first record is.
        let format = match reader.request()?.prefix.as_deref().and_then(Vocabulary::named) {
            None => reader.format()?.as_deref().and_then(Vocabulary::named),
            asked => asked,
        };
        Ok(Self { path: path.to_owned(), chosen, deleted, format, last: reader.last_page()? })
    }

    /// A table without rows.
    pub fn head(&self) -> Result<Table> {
        Table::from_part(Part::default(), self.format)
    }

    /// Reads it from the beginning.
    pub fn parts(&self) -> Result<Parts> {
        Ok(Parts { reader: Reader::open(&self.path)?, view: self.clone(), page: 0 })
    }
}

/// Tables, a page each.
#[derive(Debug)]
pub struct Parts {
    reader: Reader,
    view: View,
    page: i64,
}

impl Parts {
    /// The next table, or `None` at the end.
    pub fn next(&mut self, cancel: &Cancel) -> Result<Option<Table>> {
        loop {
            go_on(cancel)?;
            let Some(page) = self.reader.page_after(self.page, self.view.last, self.view.chosen)? else {
                return Ok(None);
            };
            self.page = page.id;
            if page.request.is_none() && !self.view.deleted {
                // Written here: it says what is gone.
                continue;
            }
            let stale = page.stale.clone();
            let mut table = records(page, self.view.format, cancel, |start| stale.binary_search(&start).is_err())?;
            if !self.view.deleted && table.vocabulary().is_some_and(|vocabulary| vocabulary.head) {
                table = without_deleted(&table)?;
            }
            if !table.is_empty() {
                return Ok(Some(table));
            }
        }
    }
}

impl Iterator for Parts {
    type Item = Result<Table>;

    fn next(&mut self) -> Option<Self::Item> {
        Self::next(self, &Cancel::new(false)).transpose()
    }
}

/// Every version of a record, the oldest first.
pub fn history(path: &Path, identifier: &str, cancel: &Cancel) -> Result<Table> {
    let reader = Reader::open(path)?;
    let versions = reader.versions(identifier)?;
    if versions.is_empty() {
        return Err(unknown(&reader, identifier)?);
    }
    let format = View::open(path, Chosen::Current, true)?.format;
    let parts = versions.into_iter().map(|version| {
        let page = reader.page(version.page)?;
        let name = page.name.clone();
        let is_inside = version.bytes.end <= page.bytes.len() as u64;
        let table = records(page, format, cancel, |start| start == version.bytes.start)?;
        if is_inside && !table.is_empty() { Ok(table) } else { Err(differs(&name)) }
    });
    Table::concat(&parts.collect::<Result<Vec<_>>>()?)
}

/// The bytes of a record as they came last; with `whole`, of the page it came in.
pub fn raw(path: &Path, identifier: &str, whole: bool) -> Result<Vec<u8>> {
    let reader = Reader::open(path)?;
    let versions = reader.versions(identifier)?;
    let Some(version) = versions.iter().find(|version| version.current).or(versions.last()) else {
        return Err(unknown(&reader, identifier)?);
    };
    let page = reader.page(version.page)?;
    if whole {
        return Ok(page.bytes);
    }
    let bytes = page.bytes.get(version.bytes.start as usize..version.bytes.end as usize);
    bytes.map(<[u8]>::to_vec).ok_or_else(|| differs(&page.name))
}

fn unknown(reader: &Reader, identifier: &str) -> Result<Error> {
    let near = reader.near(identifier)?;
    let message = format!("no record {identifier:?} in this harvest");
    let error = Error::new(Kind::Value, message).in_source(&reader.path().display().to_string());
    Ok(if near.is_empty() { error } else { error.hint(format!("the next ones are {}", near.join(", "))) })
}

fn differs(page: &str) -> Error {
    Error::new(Kind::Harvest, "a page does not hold the records that the index says")
        .in_source(page)
        .hint("h.verify() lists what is wrong with the file")
}

/// The records of a page of which `keep` holds; it is asked with the place where each one starts.
fn records(
    page: StoredPage,
    format: Option<&'static Vocabulary>,
    cancel: &Cancel,
    keep: impl Fn(u64) -> bool,
) -> Result<Table> {
    let options = Options { format, spans: true, ..Options::default() };
    let plan = Plan { options, threads: Some(1), ..Plan::default() };
    let count = page.records;
    let name = page.name.clone();
    let mut part = scan::read(&[Input::Bytes(page.name, Arc::new(page.bytes))], plan, cancel)?;
    let spans = std::mem::take(&mut part.spans);
    if spans.len() != count || part.batches.iter().map(|(_, columns)| columns.rows).sum::<usize>() != count {
        return Err(differs(&name));
    }
    let mut starts = spans.iter().map(|span| span.start);
    for (_, columns) in &mut part.batches {
        let kept: Vec<bool> = starts.by_ref().take(columns.rows).map(&keep).collect();
        *columns = filtered(columns, &kept);
    }
    part.report.records = part.batches.iter().map(|(_, columns)| columns.rows as u64).sum();
    Table::from_part(part, format)
}

fn filtered(columns: &Columns, kept: &[bool]) -> Columns {
    if !kept.contains(&false) {
        return columns.clone();
    }
    let rows: Vec<usize> = (0..columns.rows).filter(|row| kept[*row]).collect();
    columns.take(&rows)
}

fn without_deleted(table: &Table) -> Result<Table> {
    let mut rows = Vec::new();
    let mut number = 0;
    for data in table.column("deleted")? {
        let Data::Flag(flags, _) = data else { continue };
        for row in 0..flags.len() {
            if !flags.value(row) {
                rows.push(number);
            }
            number += 1;
        }
    }
    if rows.len() == number { Ok(table.clone()) } else { table.take(&rows) }
}
