//! The manifest of a folder of media: one row a medium, with the name it was given, and what came of it.
//!
//! It is a table of its own in a file of its own, `manifest.sqlite`. What it says of a file is committed before the
//! file takes its name, so whatever ends the process, the next one knows what is there.

use super::lock::Lock;
use super::{PATIENCE, damaged, failed, journal, whole};
use crate::error::{Error, Kind, Result};
use rusqlite::types::Value;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params, params_from_iter};
use std::path::Path;

/// Says in the header of the file whose it is: `natm`.
const APPLICATION: i64 = 0x6e61_746d;
const VERSION: i64 = 1;

const TABLES: &str = "
CREATE TABLE medium (
  id INTEGER PRIMARY KEY,         -- in the order in which they were first seen
  source TEXT NOT NULL,
  media_id TEXT NOT NULL,
  url TEXT, host TEXT,            -- the address of the file, and who is asked
  name TEXT,                      -- in the folder, without its ending; given once
  folded TEXT UNIQUE,             -- the name as a file system sees it that minds no case
  family TEXT, n INTEGER,         -- the name without {n}, folded, and the n that was given
  due INTEGER NOT NULL,           -- whether it is to be asked for
  status TEXT NOT NULL,           -- docs/fetching.md has the list
  reason TEXT, detail TEXT,
  path TEXT, sha256 TEXT, size INTEGER, type TEXT,
  claim TEXT, kind TEXT,          -- the MIME type and the DCMI type that the table has
  license TEXT, license_uri TEXT, license_status TEXT,
  title TEXT, creator TEXT, landing_page TEXT, attribution TEXT,
  facts TEXT,                     -- the row of the table as JSON, for the sidecar
  etag TEXT, modified TEXT,       -- what the server said of the version that is here, or begun
  fetched_at INTEGER,             -- microseconds since 1970
  run INTEGER NOT NULL,           -- the last run whose table had it
  UNIQUE (source, media_id)
) STRICT;
CREATE INDEX medium_due ON medium (host, id) WHERE due;
CREATE INDEX medium_family ON medium (family, n);
CREATE TABLE run (id INTEGER PRIMARY KEY, started_at INTEGER NOT NULL, finished_at INTEGER, question TEXT) STRICT;
";

/// What is known of a medium, and what is to be done with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Medium {
    /// Its number in the manifest; 0 for a new one.
    pub id: i64,
    /// The system it comes from.
    pub source: String,
    /// Its id there.
    pub media_id: String,
    /// Where the file is.
    pub url: Option<String>,
    /// Whose place in the queue it takes.
    pub host: Option<String>,
    /// Its name in the folder, without ending.
    pub name: Option<String>,
    /// The name as it may exist only once.
    pub folded: Option<String>,
    /// The name without `{n}`.
    pub family: Option<String>,
    /// The number it has in its family.
    pub n: Option<i64>,
    /// Whether it is to be asked for.
    pub due: bool,
    /// What came of it.
    pub status: String,
    /// Why, as a code.
    pub reason: Option<String>,
    /// Why, in words.
    pub detail: Option<String>,
    /// The file, relative to the folder.
    pub path: Option<String>,
    /// Its digest, in hexadecimal.
    pub sha256: Option<String>,
    /// Its bytes.
    pub size: Option<i64>,
    /// Its MIME type, by its first bytes where they tell.
    pub r#type: Option<String>,
    /// The MIME type that the table has.
    pub claim: Option<String>,
    /// The DCMI type that the table has.
    pub kind: Option<String>,
    /// The licence of the medium, in words.
    pub license: Option<String>,
    /// Its address.
    pub license_uri: Option<String>,
    /// Its status.
    pub license_status: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// Who made it.
    pub creator: Option<String>,
    /// A page about it.
    pub landing_page: Option<String>,
    /// The credit line.
    pub attribution: Option<String>,
    /// The row of the table, as JSON.
    pub facts: Option<String>,
    /// The validator of the version that is here, or begun.
    pub etag: Option<String>,
    /// When the server says that version was made.
    pub modified: Option<String>,
    /// When it was fetched.
    pub fetched_at: Option<i64>,
    /// The last run whose table had it.
    pub run: i64,
}

/// The columns, in the order of [`values`] and [`medium`].
const COLUMNS: &str = "source, media_id, url, host, name, folded, family, n, due, status, reason, detail, path, sha256, \
    size, type, claim, kind, license, license_uri, license_status, title, creator, landing_page, attribution, facts, \
    etag, modified, fetched_at, run";

fn values(medium: &Medium) -> Vec<Value> {
    let text = |text: &Option<String>| text.clone().map_or(Value::Null, Value::Text);
    let number = |number: Option<i64>| number.map_or(Value::Null, Value::Integer);
    let m = medium;
    vec![
        m.source.clone().into(),
        m.media_id.clone().into(),
        text(&m.url),
        text(&m.host),
        text(&m.name),
        text(&m.folded),
        text(&m.family),
        number(m.n),
        i64::from(m.due).into(),
        m.status.clone().into(),
        text(&m.reason),
        text(&m.detail),
        text(&m.path),
        text(&m.sha256),
        number(m.size),
        text(&m.r#type),
        text(&m.claim),
        text(&m.kind),
        text(&m.license),
        text(&m.license_uri),
        text(&m.license_status),
        text(&m.title),
        text(&m.creator),
        text(&m.landing_page),
        text(&m.attribution),
        text(&m.facts),
        text(&m.etag),
        text(&m.modified),
        number(m.fetched_at),
        m.run.into(),
    ]
}

fn medium(row: &Row) -> rusqlite::Result<Medium> {
    Ok(Medium {
        id: row.get(0)?,
        source: row.get(1)?,
        media_id: row.get(2)?,
        url: row.get(3)?,
        host: row.get(4)?,
        name: row.get(5)?,
        folded: row.get(6)?,
        family: row.get(7)?,
        n: row.get(8)?,
        due: row.get(9)?,
        status: row.get(10)?,
        reason: row.get(11)?,
        detail: row.get(12)?,
        path: row.get(13)?,
        sha256: row.get(14)?,
        size: row.get(15)?,
        r#type: row.get(16)?,
        claim: row.get(17)?,
        kind: row.get(18)?,
        license: row.get(19)?,
        license_uri: row.get(20)?,
        license_status: row.get(21)?,
        title: row.get(22)?,
        creator: row.get(23)?,
        landing_page: row.get(24)?,
        attribution: row.get(25)?,
        facts: row.get(26)?,
        etag: row.get(27)?,
        modified: row.get(28)?,
        fetched_at: row.get(29)?,
        run: row.get(30)?,
    })
}

/// A status, a reason, whether this run's table had the media, how many they are, and their bytes.
pub type Count = (String, Option<String>, bool, i64, i64);

/// The manifest, open for writing; there is one writer at a time.
#[derive(Debug)]
pub struct Manifest {
    conn: Connection,
    /// The run that is going on.
    pub run: i64,
    // Let go after the connection.
    _lock: Option<Lock>,
}

impl Manifest {
    /// Opens the manifest at `path`, or makes it, and begins a run.
    pub fn open(path: &Path, now: i64, question: &str) -> Result<Self> {
        let at = |error: Error| error.in_source(&path.display().to_string());
        journal::refuse_links(path).map_err(at)?;
        let lock = Lock::take(path, true).map_err(busy).map_err(at)?;
        let conn = Connection::open(path).map_err(failed).map_err(at)?;
        let mut manifest = Self { conn, run: 0, _lock: Some(lock) };
        manifest.ready(Some(path)).map_err(at)?;
        let sql = "INSERT INTO run (started_at, question) VALUES (?1, ?2)";
        manifest.conn.execute(sql, params![now, question]).map_err(failed).map_err(at)?;
        manifest.run = manifest.conn.last_insert_rowid();
        Ok(manifest)
    }

    /// A copy in memory of the manifest at `path`, if there is one: what is done with it changes nothing.
    pub fn rehearse(path: &Path) -> Result<Self> {
        let at = |error: Error| error.in_source(&path.display().to_string());
        let conn = Connection::open_in_memory().map_err(failed)?;
        let mut manifest = Self { conn, run: 0, _lock: None };
        manifest.ready(None)?;
        journal::refuse_links(path).map_err(at)?;
        if path.is_file() {
            Self::check(&Connection::open(path).map_err(failed).map_err(at)?).map_err(at)?;
            let copied = manifest.conn.execute("ATTACH DATABASE ?1 AS old", [path.to_string_lossy()]).and_then(|_| {
                manifest.conn.execute_batch(
                    "INSERT INTO medium SELECT * FROM old.medium; INSERT INTO run SELECT * FROM old.run; DETACH old",
                )
            });
            copied.map_err(failed).map_err(at)?;
        }
        let last: Option<i64> =
            manifest.conn.query_row("SELECT max(id) FROM run", [], |row| row.get(0)).map_err(failed)?;
        manifest.run = last.unwrap_or(0) + 1;
        Ok(manifest)
    }

    fn check(conn: &Connection) -> Result<i64> {
        let number =
            |name: &str| conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).map_err(failed);
        let (application, version) = (number("application_id")?, number("user_version")?);
        if application == 0 && version == 0 {
            return Ok(0);
        }
        if application != APPLICATION {
            let message = "this is no manifest of fetched media";
            return Err(Error::new(Kind::Value, message).hint("fetch into another folder, or move this file away"));
        }
        if version > VERSION {
            let message = format!("this manifest is of version {version}; this naturalia knows {VERSION}");
            return Err(Error::new(Kind::Value, message).hint("update naturalia: pip install -U naturalia"));
        }
        Ok(version)
    }

    fn ready(&mut self, path: Option<&Path>) -> Result<()> {
        self.conn.busy_timeout(PATIENCE).map_err(failed)?;
        let settings = "PRAGMA cache_size = -8000; PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL;";
        self.conn.execute_batch(settings).map_err(failed)?;
        let version = Self::check(&self.conn)?;
        if let Some(path) = path {
            whole(&self.conn, path)?;
        }
        if version == 0 {
            let change = self.conn.transaction().map_err(failed)?;
            change.execute_batch(TABLES).map_err(failed)?;
            change.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
            change.pragma_update(None, "user_version", VERSION).map_err(failed)?;
            change.commit().map_err(failed)?;
        }
        Ok(())
    }

    /// Begins to change several rows at once.
    pub fn begin(&self) -> Result<()> {
        self.conn.execute_batch("BEGIN IMMEDIATE").map_err(failed)
    }

    /// Makes the changes since [`Manifest::begin`] last.
    pub fn commit(&self) -> Result<()> {
        self.conn.execute_batch("COMMIT").map_err(failed)
    }

    /// What is known of a medium.
    pub fn find(&self, source: &str, media_id: &str) -> Result<Option<Medium>> {
        self.one("source = ?1 AND media_id = ?2", params![source, media_id])
    }

    /// A medium by its number.
    pub fn get(&self, id: i64) -> Result<Medium> {
        let found = self.one("id = ?1", params![id])?;
        found.ok_or_else(|| damaged(&format!("medium {id} is gone from the manifest")))
    }

    fn one(&self, sql: &str, params: impl rusqlite::Params) -> Result<Option<Medium>> {
        let sql = format!("SELECT id, {COLUMNS} FROM medium WHERE {sql}");
        let mut statement = self.conn.prepare_cached(&sql).map_err(failed)?;
        statement.query_row(params, medium).optional().map_err(failed)
    }

    /// Whether a name is given already.
    pub fn is_given(&self, folded: &str) -> Result<bool> {
        let mut statement = self.conn.prepare_cached("SELECT 1 FROM medium WHERE folded = ?1").map_err(failed)?;
        statement.exists([folded]).map_err(failed)
    }

    /// The next number in a family of names.
    pub fn next_n(&self, family: &str) -> Result<i64> {
        let mut statement = self.conn.prepare_cached("SELECT max(n) FROM medium WHERE family = ?1").map_err(failed)?;
        let last: Option<i64> = statement.query_row([family], |row| row.get(0)).map_err(failed)?;
        Ok(last.unwrap_or(0) + 1)
    }

    /// The first name or path that `matches`, which is given it and whether it is a path.
    pub fn find_name(&self, matches: impl Fn(&str, bool) -> bool) -> Result<Option<String>> {
        let sql = "SELECT name, 0 FROM medium WHERE name IS NOT NULL
            UNION ALL SELECT path, 1 FROM medium WHERE path IS NOT NULL";
        let mut statement = self.conn.prepare(sql).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let name: String = row.get(0).map_err(failed)?;
            if matches(&name, row.get(1).map_err(failed)?) {
                return Ok(Some(name));
            }
        }
        Ok(None)
    }

    /// The files in the folder of the manifest at `path`: `media_id` and path of each.
    pub fn files(path: &Path) -> Result<Vec<(String, String)>> {
        let at = |error: Error| error.in_source(&path.display().to_string());
        journal::refuse_links(path).map_err(at)?;
        let read = || {
            let conn = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(failed)?;
            Self::check(&conn)?;
            let sql = "SELECT media_id, path FROM medium WHERE path IS NOT NULL ORDER BY id";
            let mut statement = conn.prepare(sql).map_err(failed)?;
            let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)?;
            rows.collect::<rusqlite::Result<_>>().map_err(failed)
        };
        read().map_err(at)
    }

    /// Keeps what is now known of a medium.
    pub fn put(&self, medium: &Medium) -> Result<()> {
        let mut cells = values(medium);
        let columns = COLUMNS.split(", ").count();
        if medium.id == 0 {
            let marks = vec!["?"; columns].join(", ");
            let sql = format!("INSERT INTO medium ({COLUMNS}) VALUES ({marks})");
            self.conn.prepare_cached(&sql).and_then(|mut own| own.execute(params_from_iter(cells))).map_err(failed)?;
        } else {
            let sets = COLUMNS.split(", ").map(|name| format!("{name} = ?")).collect::<Vec<_>>().join(", ");
            let sql = format!("UPDATE medium SET {sets} WHERE id = ?");
            cells.push(medium.id.into());
            self.conn.prepare_cached(&sql).and_then(|mut own| own.execute(params_from_iter(cells))).map_err(failed)?;
        }
        Ok(())
    }

    /// The media to ask a host for, after this one.
    pub fn due(&self, host: &str, after: i64, most: usize) -> Result<Vec<Medium>> {
        self.list("due AND host = ?1 AND id > ?2 ORDER BY id LIMIT ?3", params![host, after, most as i64])
    }

    /// The media after this one, in order.
    pub fn rows(&self, after: i64, most: usize) -> Result<Vec<Medium>> {
        self.list("id > ?1 ORDER BY id LIMIT ?2", params![after, most as i64])
    }

    fn list(&self, sql: &str, params: impl rusqlite::Params) -> Result<Vec<Medium>> {
        let sql = format!("SELECT id, {COLUMNS} FROM medium WHERE {sql}");
        let mut statement = self.conn.prepare_cached(&sql).map_err(failed)?;
        let rows = statement.query_map(params, medium).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// The hosts that are to be asked, with how many files of each, the busiest first.
    pub fn hosts(&self) -> Result<Vec<(String, i64)>> {
        let sql = "SELECT host, count(*) AS files FROM medium WHERE due AND host IS NOT NULL GROUP BY host
            ORDER BY files DESC, host";
        let mut statement = self.conn.prepare(sql).map_err(failed)?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// Leaves all but the first `most` of those that are due for another time.
    pub fn limit(&self, most: i64) -> Result<usize> {
        let sql = "UPDATE medium SET due = 0, reason = 'limit' WHERE due
            AND id NOT IN (SELECT id FROM medium WHERE due ORDER BY id LIMIT ?1)";
        self.conn.execute(sql, [most]).map_err(failed)
    }

    /// How many media have each status and reason: those of this run's table, and the others.
    pub fn counts(&self) -> Result<Vec<Count>> {
        let sql = "SELECT status, reason, run = ?1, count(*), coalesce(sum(size), 0) FROM medium GROUP BY 1, 2, 3";
        let mut statement = self.conn.prepare(sql).map_err(failed)?;
        let row = |row: &Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?));
        let rows = statement.query_map([self.run], row).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// Notes that the run came to its end.
    pub fn finish(&self, now: i64) -> Result<()> {
        let sql = "UPDATE run SET finished_at = ?1 WHERE id = ?2";
        self.conn.execute(sql, params![now, self.run]).map_err(failed).map(|_| ())
    }
}

fn busy(error: Error) -> Error {
    if *error.kind() == Kind::Locked {
        return Error::new(Kind::Locked, "another process is fetching into this folder").hint("wait until it is done");
    }
    error
}
