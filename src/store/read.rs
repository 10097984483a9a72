//! Pages and records out. Readers take no lock for longer than one look, so a harvest may go on meanwhile.

use super::body::Body;
use super::runs::Run;
use super::{PATIENCE, Request, damaged, extent, failed, journal, page_name, schema, whole};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row};
use std::ops::Range;
use std::path::{Path, PathBuf};

pub(super) const RUN: &str = "SELECT id, kind, since, until, started_at, finished_at, horizon, reconciled_at, verified,
    facts, tally FROM run";

pub(super) fn run_of(row: &Row<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        id: row.get(0)?,
        kind: row.get(1)?,
        since: row.get(2)?,
        until: row.get(3)?,
        started_at: row.get(4)?,
        finished_at: row.get(5)?,
        horizon: row.get(6)?,
        reconciled_at: row.get(7)?,
        verified: row.get(8)?,
        facts: row.get(9)?,
        tally: row.get(10)?,
    })
}

pub(super) fn request(conn: &Connection) -> Result<Request> {
    let of = |row: &Row<'_>| {
        Ok(Request { kind: row.get(0)?, question: row.get(1)?, prefix: row.get(2)?, manner: row.get(3)? })
    };
    let found = conn.query_row("SELECT kind, question, prefix, manner FROM request", [], of).optional();
    found.map_err(failed)?.ok_or_else(|| {
        Error::new(Kind::Harvest, "this harvest file is empty").hint("start the harvest again: nothing had come in yet")
    })
}

/// A harvest file open for reading.
#[derive(Debug)]
pub struct Reader {
    conn: Connection,
    path: PathBuf,
}

/// Which records of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chosen {
    /// Those that count now.
    Current,
    /// Those of this run that count now.
    Run(i64),
    /// Those fetched since this moment that count now.
    Since(i64),
}

/// A page out of the file.
#[derive(Debug, Clone)]
pub struct StoredPage {
    /// Its number.
    pub id: i64,
    /// Its name in reports and errors.
    pub name: String,
    /// Our clock when it came.
    pub fetched_at: i64,
    /// The query it answers; none if it was written here.
    pub request: Option<String>,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// How many records it has.
    pub records: usize,
    /// Where in it those records start that do not count, in order.
    pub stale: Vec<u64>,
}

/// A record as it was at some time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// The page it is in.
    pub page: i64,
    /// Where in that page.
    pub bytes: Range<u64>,
    /// Whether it counts now.
    pub current: bool,
}

impl Reader {
    /// Opens the file.
    pub fn open(path: &Path) -> Result<Self> {
        let at = |error: Error| error.in_source(&path.display().to_string());
        // A harvest that was killed left a journal; putting that back takes the right to write.
        let writable = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let readable = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        if let Err(error) = std::fs::File::open(path) {
            let said = error.to_string();
            let said = said.split(" (os error").next().unwrap_or_default().to_owned();
            return Err(at(Error::new(Kind::Io(error.kind(), error.raw_os_error()), said)));
        }
        journal::check(path).map_err(at)?;
        let conn = Connection::open_with_flags(path, writable).or_else(|_| Connection::open_with_flags(path, readable));
        let conn = conn.map_err(failed).map_err(at)?;
        let reader = Self { conn, path: path.to_owned() };
        reader.prepare().map_err(at)?;
        Ok(reader)
    }

    fn prepare(&self) -> Result<()> {
        self.conn.busy_timeout(PATIENCE).map_err(failed)?;
        self.conn.execute_batch("PRAGMA query_only = ON; PRAGMA cache_size = -2000").map_err(failed)?;
        if schema::version(&self.conn)?.is_none() {
            return Err(Error::new(Kind::Harvest, "this harvest file is empty")
                .hint("start the harvest again: nothing had come in yet"));
        }
        whole(&self.conn, &self.path)
    }

    /// The path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn placed<T>(&self, found: rusqlite::Result<T>) -> Result<T> {
        found.map_err(failed).map_err(|error| error.in_source(&self.path.display().to_string()))
    }

    /// What the file is for.
    pub fn request(&self) -> Result<Request> {
        request(&self.conn)
    }

    /// All runs, in order.
    pub fn runs(&self) -> Result<Vec<Run>> {
        let mut statement = self.placed(self.conn.prepare(&format!("{RUN} ORDER BY id")))?;
        let rows = self.placed(statement.query_map([], run_of))?;
        self.placed(rows.collect())
    }

    /// Whether a run is not complete.
    pub fn is_open(&self) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM run WHERE finished_at IS NULL)";
        self.placed(self.conn.query_row(sql, [], |row| row.get(0)))
    }

    /// The number of the last page; what comes later is not seen by a view that ends here.
    pub fn last_page(&self) -> Result<i64> {
        self.placed(self.conn.query_row("SELECT ifnull(max(id), 0) FROM page", [], |row| row.get(0)))
    }

    /// Records that count: those that are there, and those that are deleted.
    pub fn counts(&self) -> Result<(u64, u64)> {
        let sql = "SELECT count(*), total(deleted) FROM record WHERE replaced IS NULL";
        let (all, deleted): (i64, f64) =
            self.placed(self.conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))))?;
        Ok((all as u64 - deleted as u64, deleted as u64))
    }

    /// Records that count and are deleted: announced by the service, and found to be gone.
    pub fn deletions(&self) -> Result<(u64, u64)> {
        let sql = "SELECT count(page.request), count(*) - count(page.request)
            FROM record JOIN page ON page.id = record.page WHERE deleted AND replaced IS NULL";
        let (announced, found): (i64, i64) =
            self.placed(self.conn.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?))))?;
        Ok((announced as u64, found as u64))
    }

    /// The format of the first records that have one.
    pub fn format(&self) -> Result<Option<String>> {
        let sql = "SELECT format FROM page WHERE format NOT IN ('', 'header') ORDER BY id LIMIT 1";
        self.placed(self.conn.query_row(sql, [], |row| row.get(0)).optional())
    }

    /// The first page after page `after`, up to page `last`, with a record of those chosen.
    pub fn page_after(&self, after: i64, last: i64, chosen: Chosen) -> Result<Option<StoredPage>> {
        let (condition, value) = match chosen {
            Chosen::Current => ("?4 = ?4", 0),
            Chosen::Run(run) => ("run = ?4", run),
            Chosen::Since(moment) => ("fetched_at >= ?4", moment),
        };
        let sql = format!(
            "SELECT id, fetched_at, request, records, codec, size, digest, body FROM page
            WHERE id > ?1 AND id <= ?2 AND {condition} AND records > (SELECT count(*) FROM record
            WHERE record.page = page.id AND replaced <= ?3) ORDER BY id LIMIT 1"
        );
        let mut statement = self.placed(self.conn.prepare_cached(&sql))?;
        let found = statement.query_row([after, last, last, value], stored).optional();
        let Some((mut page, body)) = self.placed(found)? else { return Ok(None) };
        let sql = "SELECT offset FROM record WHERE page = ?1 AND replaced <= ?2 ORDER BY offset";
        let mut statement = self.placed(self.conn.prepare_cached(sql))?;
        let rows = self.placed(statement.query_map([page.id, last], |row| row.get::<_, i64>(0)))?;
        for row in rows {
            page.stale.push(self.placed(row)? as u64);
        }
        self.unpacked(page, body).map(Some)
    }

    fn unpacked(&self, mut page: StoredPage, body: Body) -> Result<StoredPage> {
        page.name = page_name(&self.path, page.id);
        page.bytes = body.unpack().map_err(|error| error.in_source(&page.name))?;
        Ok(page)
    }

    /// Page `id`.
    pub fn page(&self, id: i64) -> Result<StoredPage> {
        let sql = "SELECT id, fetched_at, request, records, codec, size, digest, body FROM page WHERE id = ?1";
        let found = self.placed(self.conn.query_row(sql, [id], stored).optional())?;
        let (page, body) = found.ok_or_else(|| damaged(&format!("page {id} is not there")))?;
        self.unpacked(page, body)
    }

    /// All versions of a record, in the order they came.
    pub fn versions(&self, identifier: &str) -> Result<Vec<Version>> {
        let sql = "SELECT page, offset, length, replaced IS NULL, digest FROM record
            WHERE identifier = ?1 AND replaced IS NOT 0 ORDER BY page, offset";
        let mut statement = self.placed(self.conn.prepare_cached(sql))?;
        let version = |row: &Row<'_>| {
            let version = Version { page: row.get(0)?, bytes: extent(row, 1)?, current: row.get(3)? };
            Ok((version, row.get::<_, i64>(4)?))
        };
        let rows = self.placed(statement.query_map([identifier], version))?;
        let mut versions: Vec<(Version, i64)> = self.placed(rows.collect())?;
        // What came again as it was is no version of its own.
        versions.dedup_by(|later, earlier| {
            let same = later.1 == earlier.1;
            if same && later.0.current {
                std::mem::swap(&mut later.0, &mut earlier.0);
            }
            same
        });
        Ok(versions.into_iter().map(|(version, _)| version).collect())
    }

    /// Identifiers that are near `identifier` in their order, for an error that helps.
    pub fn near(&self, identifier: &str) -> Result<Vec<String>> {
        let sql = "SELECT DISTINCT identifier FROM record WHERE identifier >= ?1 LIMIT 3";
        let mut statement = self.placed(self.conn.prepare(sql))?;
        let rows = self.placed(statement.query_map([identifier], |row| row.get(0)))?;
        self.placed(rows.collect())
    }

    /// What is wrong with the file: nothing, if it is as it was written. Looks at every page and record.
    pub fn verify(&self, cancel: &Cancel) -> Result<Vec<String>> {
        let mut wrong = Vec::new();
        let mut check = self.placed(self.conn.prepare("PRAGMA integrity_check(20)"))?;
        let rows = self.placed(check.query_map([], |row| row.get::<_, String>(0)))?;
        for row in rows {
            match row {
                Ok(said) if said == "ok" => {}
                Ok(said) => wrong.push(said),
                Err(error) => return Ok(vec![failed(error).message().to_owned()]),
            }
        }
        // One look at all places, in the order of the pages; SQLite sorts them outside memory.
        let sql = "SELECT page, offset, length, digest, identifier FROM record ORDER BY page, offset";
        let mut statement = self.placed(self.conn.prepare(sql))?;
        let mut rows = self.placed(statement.query_map([], Place::of))?;
        let mut place = self.placed(rows.next().transpose())?;
        for id in 1..=self.last_page()? {
            go_on(cancel)?;
            let page = self.page(id).map_err(|error| wrong.push(format!("page {id}: {}", error.message()))).ok();
            let mut count = 0;
            while let Some(found) = place.take_if(|place| place.page <= id) {
                count += 1;
                if let Some(page) = &page
                    && page.bytes.get(found.bytes.clone()).map(super::digest) != Some(found.digest)
                {
                    let identifier = &found.identifier;
                    wrong.push(format!("page {id}: the record {identifier} is not where the index says"));
                }
                place = self.placed(rows.next().transpose())?;
            }
            if let Some(page) = page.filter(|page| page.records != count) {
                wrong.push(format!("page {id}: {count} of its {} records are in the index", page.records));
            }
        }
        Ok(wrong)
    }
}

/// Where a record lies.
struct Place {
    page: i64,
    bytes: Range<usize>,
    digest: i64,
    identifier: String,
}

impl Place {
    fn of(row: &Row<'_>) -> rusqlite::Result<Self> {
        let extent = extent(row, 1)?;
        let bytes = extent.start as usize..extent.end as usize;
        Ok(Self { page: row.get(0)?, bytes, digest: row.get(3)?, identifier: row.get(4)? })
    }
}

fn stored(row: &Row<'_>) -> rusqlite::Result<(StoredPage, Body)> {
    let page = StoredPage {
        id: row.get(0)?,
        name: String::new(),
        fetched_at: row.get(1)?,
        request: row.get(2)?,
        bytes: Vec::new(),
        records: row.get::<_, i64>(3)? as usize,
        stale: Vec::new(),
    };
    Ok((page, Body::of(row, 4)?))
}
