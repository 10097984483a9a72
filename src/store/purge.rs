//! Withdrawn records: their bytes leave the file, and they do not come back.

use super::body::{Body, trace};
use super::{Store, damaged, extent, failed, page_name};
use crate::error::Result;
use rusqlite::params;
use std::collections::HashSet;
use std::ops::Range;

/// What stands where a record was: blanks, so that everything else stays where the index says.
const BLANK: u8 = b' ';

/// Takes the bytes of records out of a page.
pub fn blank(page: &mut [u8], records: impl Iterator<Item = Range<u64>>) -> Result<()> {
    for bytes in records {
        let range = bytes.start as usize..bytes.end as usize;
        let record = page.get_mut(range.clone()).ok_or_else(|| damaged("a record lies outside its page"))?;
        let is_json = record.first() == Some(&b'{');
        record.fill(BLANK);
        if is_json {
            join(page, &range);
        }
    }
    Ok(())
}

/// Takes away the comma behind an item that is gone from a list, or the one before it if it was the last.
fn join(page: &mut [u8], gone: &Range<usize>) {
    let is_blank = |byte: &u8| byte.is_ascii_whitespace();
    let behind = page[gone.end..].iter().position(|byte| !is_blank(byte)).map(|at| gone.end + at);
    let before = page[..gone.start].iter().rposition(|byte| !is_blank(byte));
    let comma = [behind, before].into_iter().flatten().find(|at| page[*at] == b',');
    if let Some(at) = comma {
        page[at] = BLANK;
    }
}

/// Identifiers that were purged and must not come back.
#[derive(Debug, Clone, Default)]
pub struct Purged(HashSet<[u8; 16]>);

impl Purged {
    /// Whether this one was purged.
    #[must_use]
    pub fn holds(&self, identifier: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&trace(identifier))
    }
}

impl Store {
    /// What was purged.
    pub fn purged(&self) -> Result<Purged> {
        let mut statement = self.conn.prepare("SELECT digest FROM purged").map_err(failed)?;
        let rows = statement.query_map([], |row| row.get(0)).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map(Purged).map_err(failed)
    }

    /// Removes every version of these records, and keeps them from coming back. Gives how many
    /// identifiers were there.
    pub fn purge(&self, identifiers: &[String]) -> Result<usize> {
        self.begin()?;
        let mut found = 0;
        for identifier in identifiers {
            let sql = "INSERT OR IGNORE INTO purged VALUES (?1)";
            self.conn.execute(sql, [trace(identifier)]).map_err(failed)?;
            let sql = "SELECT page, offset, length FROM record WHERE identifier = ?1";
            let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
            let places = statement.query_map([identifier], |row| Ok((row.get(0)?, extent(row, 1)?)));
            let places = places.and_then(std::iter::Iterator::collect).map_err(failed);
            let places: Vec<(i64, Range<u64>)> =
                places.map_err(|error| error.in_source(&self.path.display().to_string()))?;
            found += usize::from(!places.is_empty());
            for (page, bytes) in places {
                self.cut(page, bytes).map_err(|error| error.in_source(&page_name(&self.path, page)))?;
            }
            self.conn.execute("DELETE FROM record WHERE identifier = ?1", [identifier]).map_err(failed)?;
            self.conn.execute("DELETE FROM listed WHERE identifier = ?1", [identifier]).map_err(failed)?;
        }
        self.commit()?;
        self.shrink()?;
        Ok(found)
    }

    fn cut(&self, page: i64, bytes: Range<u64>) -> Result<()> {
        let sql = "SELECT records, codec, size, digest, body FROM page WHERE id = ?1";
        let found = self.conn.query_row(sql, [page], |row| Ok((row.get::<_, i64>(0)?, Body::of(row, 1)?)));
        let (records, body) = found.map_err(failed)?;
        let mut content = body.unpack()?;
        // A page with no other record may name this one anywhere: the question it answers does.
        let alone = records <= 1;
        let bytes = if alone { 0..content.len() as u64 } else { bytes };
        blank(&mut content, std::iter::once(bytes))?;
        let body = Body::pack(&content)?;
        let sql = "UPDATE page SET records = records - 1, codec = ?2, size = ?3, digest = ?4, body = ?5,
            request = iif(?6, '', request) WHERE id = ?1";
        let values = params![page, body.codec, body.size as i64, body.digest, body.bytes, alone];
        self.conn.execute(sql, values).map_err(failed)?;
        Ok(())
    }
}
