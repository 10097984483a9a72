//! Pages in, and which record of an identifier counts.

use super::body::Body;
use super::{Store, failed};
use crate::error::Result;
use crate::value::date::instant;
use rusqlite::types::Value;
use rusqlite::{CachedStatement, params};
use std::ops::Range;

/// A record in a page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its identifier; empty if the page gives none.
    pub identifier: String,
    /// As sent.
    pub datestamp: Option<String>,
    /// Whether the source says it is gone.
    pub deleted: bool,
    /// Its bytes in the page.
    pub bytes: Range<u64>,
    /// The digest of those bytes.
    pub digest: i64,
    /// Whether it was not asked for: another set, other dates.
    pub stray: bool,
}

/// A page to keep.
#[derive(Debug)]
pub struct NewPage<'a> {
    /// The run it belongs to.
    pub run: i64,
    /// The span of the list it belongs to.
    pub span: i64,
    /// Our clock when it came.
    pub fetched_at: i64,
    /// The query it answers; none if it was written here.
    pub request: Option<&'a str>,
    /// Where the list goes on.
    pub next: Option<&'a str>,
    /// The format of its records.
    pub format: &'a str,
    /// Its bytes.
    pub body: &'a Body,
    /// Its records, in order.
    pub entries: &'a [Entry],
    /// Whether datestamps tell which of two versions is newer; otherwise the later one is.
    pub dated: bool,
}

/// What the records of a page were to those that are there.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Added {
    /// Seen for the first time in this run.
    pub unique: u64,
    /// Seen in this run before.
    pub duplicates: u64,
    /// Not asked for.
    pub strays: u64,
    /// Of those seen for the first time in this run: deleted.
    pub deleted: u64,
    /// Of those: not there before.
    pub new: u64,
    /// Of those: there before, and different.
    pub changed: u64,
}

impl Added {
    /// Adds the counts of another page.
    pub fn absorb(&mut self, other: Self) {
        self.unique += other.unique;
        self.duplicates += other.duplicates;
        self.strays += other.strays;
        self.deleted += other.deleted;
        self.new += other.new;
        self.changed += other.changed;
    }
}

/// The record of an identifier that counts so far.
struct Known {
    page: i64,
    offset: i64,
    moment: Option<i64>,
    digest: i64,
}

/// A datestamp as it is kept: seconds take a quarter of the room of the text they stand for.
pub(super) fn stamp(text: Option<&str>) -> Value {
    const SECOND: i64 = 1_000_000;
    let Some(text) = text else { return Value::Null };
    match instant(text) {
        // Of this length only what can be written again as it was is an instant.
        Some(moment) if text.len() == 20 && text.ends_with('Z') => Value::Integer(moment / SECOND),
        _ => Value::Text(text.to_owned()),
    }
}

/// The moment of a datestamp as it is kept.
fn moment(stamp: &Value) -> Option<i64> {
    match stamp {
        Value::Integer(seconds) => Some(seconds * 1_000_000),
        Value::Text(text) => instant(text),
        _ => None,
    }
}

impl Known {
    /// Whether `entry`, which came later, counts instead. Within a run, whose first page is `first`, the newer
    /// datestamp decides and, where the datestamps give no order, the arrival; a record of an earlier run gives
    /// way to what is served now, whatever its datestamp. The very same record again changes nothing.
    fn yields_to(&self, entry: &Entry, dated: bool, first: i64) -> bool {
        if self.digest == entry.digest {
            return false;
        }
        match (self.moment, entry.datestamp.as_deref().and_then(instant)) {
            (Some(known), Some(new)) if dated && self.page >= first => new >= known,
            _ => true,
        }
    }
}

impl Store {
    /// Keeps a page and the places of its records in it. It is there after the next [`Store::commit`].
    pub fn put(&self, page: &NewPage<'_>) -> Result<Added> {
        self.begin()?;
        let body = page.body;
        let sql = "INSERT INTO page (run, span, fetched_at, request, next, format, records, codec, size, digest, body)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
        let (records, size) = (page.entries.len() as i64, body.size as i64);
        let values = params![
            page.run,
            page.span,
            page.fetched_at,
            page.request,
            page.next,
            page.format,
            records,
            body.codec,
            size,
            body.digest,
            body.bytes
        ];
        statement.execute(values).map_err(failed)?;
        let id = self.conn.last_insert_rowid();
        let first = self.first_page(page.run, id)?;
        let mut added = Added::default();
        let mut writing = Writing {
            store: self,
            known: self.conn.prepare_cached(KNOWN).map_err(failed)?,
            insert: self.conn.prepare_cached(INSERT).map_err(failed)?,
            page: id,
            first,
            fresh: self.is_fresh(page.entries)?,
            dated: page.dated,
        };
        for entry in page.entries {
            writing.add(entry, &mut added)?;
        }
        Ok(added)
    }

    /// Whether all of these identifiers are different and new. Lists are often in the order of the identifiers:
    /// then one look at their range spares a look at each.
    fn is_fresh(&self, entries: &[Entry]) -> Result<bool> {
        let mut identifiers: Vec<&str> = entries.iter().map(|entry| entry.identifier.as_str()).collect();
        identifiers.sort_unstable();
        let different = identifiers.windows(2).all(|pair| pair[0] != pair[1]);
        let (Some(low), Some(high), true) = (identifiers.first(), identifiers.last(), different) else {
            return Ok(false);
        };
        let sql = "SELECT NOT EXISTS (SELECT 1 FROM record WHERE identifier BETWEEN ?1 AND ?2)";
        let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
        statement.query_row([low, high], |row| row.get(0)).map_err(failed)
    }

    /// The first page of a run, of which `page` is the latest.
    pub(super) fn first_page(&self, run: i64, page: i64) -> Result<i64> {
        let sql = "SELECT ifnull(min(id), ?2) FROM page WHERE run = ?1";
        let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
        statement.query_row([run, page], |row| row.get(0)).map_err(failed)
    }
}

const KNOWN: &str = "SELECT page, offset, datestamp, digest, replaced FROM record WHERE identifier = ?1";
const INSERT: &str = "INSERT INTO record VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";

/// The records of a page on their way into the file.
struct Writing<'a> {
    store: &'a Store,
    known: CachedStatement<'a>,
    insert: CachedStatement<'a>,
    page: i64,
    first: i64,
    fresh: bool,
    dated: bool,
}

impl Writing<'_> {
    fn add(&mut self, entry: &Entry, added: &mut Added) -> Result<()> {
        let (page, conn) = (self.page, &self.store.conn);
        let replaced = if entry.stray {
            added.strays += 1;
            Some(0)
        } else if entry.identifier.is_empty() {
            // Only their bytes tell such records apart.
            let sql = "SELECT min(page) FROM record WHERE identifier = '' AND digest = ?1";
            let mut statement = conn.prepare_cached(sql).map_err(failed)?;
            let same: Option<i64> = statement.query_row([entry.digest], |row| row.get(0)).map_err(failed)?;
            let count = if same.is_some() { &mut added.duplicates } else { &mut added.unique };
            *count += 1;
            same
        } else {
            let (known, seen) = if self.fresh { (None, false) } else { self.known(&entry.identifier)? };
            if seen {
                added.duplicates += 1;
            } else {
                added.unique += 1;
                added.deleted += u64::from(entry.deleted);
            }
            match known {
                Some(known) if known.yields_to(entry, self.dated, self.first) => {
                    added.changed += u64::from(!seen);
                    let sql = "UPDATE record SET replaced = ?1 WHERE identifier = ?2 AND page = ?3 AND offset = ?4";
                    let mut statement = conn.prepare_cached(sql).map_err(failed)?;
                    statement.execute(params![page, entry.identifier, known.page, known.offset]).map_err(failed)?;
                    None
                }
                Some(known) => Some(known.page),
                None => {
                    added.new += u64::from(!seen);
                    None
                }
            }
        };
        let (offset, length) = (entry.bytes.start as i64, (entry.bytes.end - entry.bytes.start) as i64);
        let datestamp = stamp(entry.datestamp.as_deref());
        let values = params![entry.identifier, page, offset, length, datestamp, entry.deleted, entry.digest, replaced];
        self.insert.execute(values).map_err(failed)?;
        Ok(())
    }

    /// The record of an identifier that counts so far, and whether one came in this run.
    fn known(&mut self, identifier: &str) -> Result<(Option<Known>, bool)> {
        let mut rows = self.known.query([identifier]).map_err(failed)?;
        let (mut known, mut seen) = (None, false);
        while let Some(row) = rows.next().map_err(failed)? {
            let replaced: Option<i64> = row.get(4).map_err(failed)?;
            let page: i64 = row.get(0).map_err(failed)?;
            seen |= page >= self.first && replaced != Some(0);
            if replaced.is_none() {
                known = Some(Known {
                    page,
                    offset: row.get(1).map_err(failed)?,
                    moment: moment(&row.get::<_, Value>(2).map_err(failed)?),
                    digest: row.get(3).map_err(failed)?,
                });
            }
        }
        Ok((known, seen))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Request, Run, Span};
    use super::*;
    use crate::error::Kind;

    #[test]
    fn a_datestamp_of_twenty_characters_is_kept_as_seconds_only_if_they_say_it_again() {
        for text in ["2020-01-02T03:04:05Z", "1969-12-31T23:59:59Z", "0001-01-01T00:00:00Z"] {
            let Value::Integer(seconds) = stamp(Some(text)) else { panic!("{text}") };
            assert_eq!(crate::value::date::written(seconds * 1_000_000), text);
        }
        for text in ["2020-01-02", "2020-01-02T03:04:5ZZ", "2020-01-02 03:04:05Z", "2020-13-02T03:04:05Z", "yesterday"]
        {
            assert_eq!(stamp(Some(text)), Value::Text(text.to_owned()));
        }
    }

    #[test]
    fn a_full_disk_is_said_to_be_one_and_what_was_committed_stays() {
        let folder = std::env::temp_dir().join(format!("naturalia-full-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join("a.sqlite");
        let text = || "{}".to_owned();
        let request = Request { kind: text(), question: text(), prefix: None, manner: text() };
        let store = Store::open(&path, &request, 1, "test").unwrap();
        let run = store.add_run(&Run { kind: text(), facts: text(), tally: text(), ..Run::default() }).unwrap();
        let span = store.add_span(run, &Span::default()).unwrap();
        store.commit().unwrap();
        store.conn.execute_batch("PRAGMA max_page_count = 40").unwrap();
        let noise: Vec<u8> = (0..30_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let body = Body::pack(&noise).unwrap();
        let mut kept = 0;
        let error = loop {
            let entries = [Entry { identifier: format!("id-{kept}"), bytes: 0..10, ..Entry::default() }];
            let (request, next, format) = (None, None, "");
            let page = NewPage {
                run,
                span,
                fetched_at: 1,
                request,
                next,
                format,
                body: &body,
                entries: &entries,
                dated: true,
            };
            match store.put(&page).and_then(|_| store.commit()) {
                Ok(()) => kept += 1,
                Err(error) => break error,
            }
        };
        assert!(matches!(error.kind(), Kind::Io(std::io::ErrorKind::StorageFull, _)), "{error}");
        assert!(error.advice().unwrap().contains("make room"));
        drop(store);
        assert_eq!(super::super::Reader::open(&path).unwrap().counts().unwrap(), (kept, 0));
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
