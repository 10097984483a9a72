//! What a page brings, compared with what is here.

use super::body::Body;
use super::write::Entry;
use super::{Store, damaged, extent, failed, page_name};
use crate::error::Result;
use rusqlite::{OptionalExtension, Row, params};
use std::ops::Range;

/// A record that is new or differs from the one that is here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number in its page.
    pub entry: usize,
    /// The page and the place of the one that is here.
    pub known: Option<(i64, Range<u64>)>,
}

/// A record by its identifier, its page and its place in that.
pub type Found = (String, i64, Range<u64>);

fn place(row: &Row<'_>, first: usize) -> rusqlite::Result<(i64, Range<u64>)> {
    Ok((row.get(first)?, extent(row, first + 1)?))
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    let (page, bytes) = place(row, 1)?;
    Ok((row.get(0)?, page, bytes))
}

impl Store {
    /// Notes that the service lists these. Gives how many of them it had not listed before.
    pub fn list_all(&self, entries: &[Entry]) -> Result<u64> {
        self.begin()?;
        let sql = "INSERT OR IGNORE INTO listed VALUES (?1, NULL)";
        let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
        let mut fresh = 0;
        for entry in entries {
            if entry.identifier.is_empty() {
                fresh += 1;
                continue;
            }
            fresh += statement.execute([&entry.identifier]).map_err(failed)?;
        }
        Ok(fresh as u64)
    }

    /// Which of these are new or differ from what is here.
    pub fn changes(&self, entries: &[Entry]) -> Result<Vec<Change>> {
        let sql = "SELECT page, offset, length, digest, deleted FROM record WHERE identifier = ?1 AND replaced IS NULL";
        let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
        let mut changes = Vec::new();
        for (number, entry) in entries.iter().enumerate() {
            if entry.identifier.is_empty() {
                // Only what they say tells such records apart.
                let sql = "SELECT EXISTS (SELECT 1 FROM record WHERE identifier = '' AND digest = ?1)";
                let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
                if !statement.query_row([entry.digest], |row| row.get::<_, bool>(0)).map_err(failed)? {
                    changes.push(Change { entry: number, known: None });
                }
                continue;
            }
            let known = |row: &Row<'_>| Ok((place(row, 0)?, row.get::<_, i64>(3)?, row.get::<_, bool>(4)?));
            let known = statement.query_row([&entry.identifier], known).optional().map_err(failed)?;
            match known {
                Some((_, digest, _)) if digest == entry.digest => {}
                Some((_, _, true)) | None => changes.push(Change { entry: number, known: None }),
                Some((place, ..)) => changes.push(Change { entry: number, known: Some(place) }),
            }
        }
        Ok(changes)
    }

    /// Records that this run brought and no run before.
    pub fn newcomers(&self, run: i64) -> Result<Vec<Found>> {
        let sql = "SELECT identifier, page, offset, length FROM record JOIN page ON page.id = record.page
            WHERE page.run = ?1 AND replaced IS NULL AND NOT deleted AND NOT EXISTS (SELECT 1 FROM record AS other
            JOIN page AS before ON before.id = other.page WHERE other.identifier = record.identifier AND before.run < ?1)
            ORDER BY page, offset";
        let mut statement = self.conn.prepare(sql).map_err(failed)?;
        let rows = statement.query_map([run], found).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// Records here behind `last` that are not deleted and that the service does not list.
    pub fn unlisted_after(&self, last: &str, limit: usize) -> Result<Vec<Found>> {
        let sql = "SELECT identifier, page, offset, length FROM record WHERE identifier > ?1 AND replaced IS NULL
            AND NOT deleted AND NOT EXISTS (SELECT 1 FROM listed WHERE listed.identifier = record.identifier)
            ORDER BY identifier LIMIT ?2";
        let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
        let rows = statement.query_map(params![last, limit as i64], found).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// Notes that the record of an identifier is now one of another name, in this page.
    pub fn replace(&self, identifier: &str, page: i64) -> Result<()> {
        self.begin()?;
        let sql = "UPDATE record SET replaced = ?1 WHERE identifier = ?2 AND replaced IS NULL";
        self.conn.execute(sql, params![page, identifier]).map_err(failed)?;
        Ok(())
    }

    /// The bytes of a page.
    pub fn body(&self, page: i64) -> Result<Vec<u8>> {
        let sql = "SELECT codec, size, digest, body FROM page WHERE id = ?1";
        let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
        let found = statement.query_row([page], |row| Body::of(row, 0)).optional().map_err(failed)?;
        let body = found.ok_or_else(|| damaged(&format!("page {page} is not there")))?;
        body.unpack().map_err(|error| error.in_source(&page_name(&self.path, page)))
    }
}
