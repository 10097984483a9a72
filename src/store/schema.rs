//! The tables of a harvest file. docs/harvest-file.md explains them to those who read it with another program.

use super::{damaged, failed};
use crate::error::{Error, Kind, Result};
use rusqlite::Connection;

/// Says in the header of the file whose it is: `natu`.
const APPLICATION: i64 = 0x6e61_7475;
/// The version of the tables, in the header of the file.
pub const VERSION: i64 = 1;

/// What turns a file of version `n` into one of version `n + 1`; the first makes version 1.
const STEPS: [&str; VERSION as usize] = [V1];

const V1: &str = "
CREATE TABLE request (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  kind TEXT NOT NULL,             -- of the service: oai-pmh
  question TEXT NOT NULL,         -- JSON: what is asked of it; no credentials
  prefix TEXT,                    -- the metadataPrefix of every record, where the protocol has one
  manner TEXT NOT NULL,           -- JSON: how it is asked; no credentials
  created_at INTEGER NOT NULL,    -- microseconds since 1970, as every moment here
  tool TEXT NOT NULL
) STRICT;
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,             -- full or update
  since INTEGER, until INTEGER,   -- what part of the question it asks for
  started_at INTEGER NOT NULL,
  finished_at INTEGER,            -- NULL until its lists are complete
  horizon TEXT,                   -- the clock of the service at its start: where the next one begins
  reconciled_at INTEGER,          -- when its list was compared with everything that is here
  verified TEXT,                  -- how it is known that nothing is missing
  facts TEXT NOT NULL,            -- JSON: what the service said of itself
  tally TEXT NOT NULL             -- JSON: counts
) STRICT;
CREATE TABLE span (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run,
  task TEXT NOT NULL,             -- records, or identifiers for the list that verifies
  since INTEGER, until INTEGER,   -- the part of the list, by datestamp, both ends included
  next TEXT,                      -- where to go on; opaque
  state TEXT NOT NULL,            -- open, done, split
  pages INTEGER NOT NULL DEFAULT 0,
  received INTEGER NOT NULL DEFAULT 0,
  declared INTEGER,               -- the size of the list, as the service says
  wavers INTEGER NOT NULL DEFAULT 0,  -- whether it has said more than one size
  low INTEGER, high INTEGER,      -- datestamps seen so far
  trend TEXT,                     -- the order of the datestamps so far: up, down, flat or mixed
  restarts INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE page (
  id INTEGER PRIMARY KEY,
  run INTEGER NOT NULL REFERENCES run,
  span INTEGER NOT NULL REFERENCES span,
  fetched_at INTEGER NOT NULL,
  request TEXT,                   -- the query; NULL for a page that was written here
  next TEXT,
  format TEXT NOT NULL,
  records INTEGER NOT NULL,
  codec TEXT NOT NULL,            -- plain or zstd
  size INTEGER NOT NULL,          -- bytes of the reply
  digest BLOB NOT NULL,           -- XXH3, 128 bits, of the reply
  body BLOB NOT NULL
) STRICT;
CREATE INDEX page_run ON page (run);
CREATE TABLE record (
  identifier TEXT NOT NULL,
  page INTEGER NOT NULL REFERENCES page,
  offset INTEGER NOT NULL,        -- where in the reply
  length INTEGER NOT NULL,
  datestamp ANY,                  -- as sent; one of the form 2010-12-31T23:59:59Z as seconds since 1970
  deleted INTEGER NOT NULL,
  digest INTEGER NOT NULL,        -- XXH3, 64 bits, of its bytes
  replaced INTEGER,               -- the page of the record that counts instead; 0: not asked for
  PRIMARY KEY (identifier, page, offset)
) STRICT, WITHOUT ROWID;
CREATE INDEX record_replaced ON record (page, offset) WHERE replaced IS NOT NULL;
CREATE INDEX record_deleted ON record (page) WHERE deleted AND replaced IS NULL;
CREATE TABLE listed (
  identifier TEXT PRIMARY KEY,
  datestamp ANY
) STRICT, WITHOUT ROWID;
CREATE TABLE purged (
  digest BLOB PRIMARY KEY         -- XXH3, 128 bits, of an identifier that may not come back
) STRICT, WITHOUT ROWID;
CREATE VIEW current AS
  SELECT identifier, (SELECT prefix FROM request) AS prefix, iif(typeof(datestamp) = 'integer',
    strftime('%Y-%m-%dT%H:%M:%SZ', datestamp, 'unixepoch'), datestamp) AS datestamp, deleted, page, offset, length
  FROM record WHERE replaced IS NULL;
CREATE VIEW history AS
  SELECT identifier, iif(typeof(datestamp) = 'integer',
    strftime('%Y-%m-%dT%H:%M:%SZ', datestamp, 'unixepoch'), datestamp) AS datestamp, deleted, replaced IS NULL AS is_current, run,
    strftime('%Y-%m-%dT%H:%M:%SZ', fetched_at / 1000000, 'unixepoch') AS fetched, page, offset, length
  FROM record JOIN page ON page.id = record.page WHERE replaced IS NOT 0;
CREATE VIEW progress AS
  SELECT run.id AS run, run.kind, span.task, span.state, span.pages, span.received, span.declared, span.next,
    strftime('%Y-%m-%dT%H:%M:%SZ', span.since / 1000000, 'unixepoch') AS since,
    strftime('%Y-%m-%dT%H:%M:%SZ', span.until / 1000000, 'unixepoch') AS until
  FROM span JOIN run ON run.id = span.run;
";

/// Whether these are the tables of a harvest, of which version.
pub fn version(conn: &Connection) -> Result<Option<i64>> {
    let number = |name: &str| conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0)).map_err(failed);
    let (application, version) = (number("application_id")?, number("user_version")?);
    if application == 0 && version == 0 {
        let tables = conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0));
        if tables.map_err(failed)? == 0 {
            return Ok(None);
        }
    }
    if application != APPLICATION {
        return Err(Error::new(Kind::Harvest, "this is an SQLite database, but no harvest file")
            .hint("give the path of a file that naturalia harvested into, or of a new one"));
    }
    if version > VERSION {
        let message = format!("this harvest file is of version {version}; this naturalia knows {VERSION}");
        return Err(Error::new(Kind::Harvest, message).hint("update naturalia: pip install -U naturalia"));
    }
    if version < 0 {
        return Err(damaged(&format!("its version is {version}")));
    }
    check_programs(conn)?;
    Ok(Some(version))
}

/// Refuses triggers and views other than those above: they run when the file is read or written, and a harvest
/// file can come from anyone.
fn check_programs(conn: &Connection) -> Result<()> {
    let sql = "SELECT type, name, sql FROM sqlite_schema WHERE type IN ('trigger', 'view')";
    let mut statement = conn.prepare(sql).map_err(failed)?;
    let mut rows = statement.query([]).map_err(failed)?;
    while let Some(row) = rows.next().map_err(failed)? {
        let (kind, name): (String, String) = (row.get(0).map_err(failed)?, row.get(1).map_err(failed)?);
        let definition: String = row.get::<_, Option<String>>(2).map_err(failed)?.unwrap_or_default() + ";";
        if !STEPS.iter().any(|step| step.contains(&definition)) {
            return Err(Error::new(
                Kind::Harvest,
                format!("the harvest file contains the {kind} {name:?}, which is not ours"),
            )
            .hint("drop it with an SQLite program if you added it; otherwise take the file from the last backup"));
        }
    }
    Ok(())
}

/// Brings the tables to this version, all or nothing.
pub fn migrate(conn: &mut Connection, from: i64) -> Result<()> {
    let change = conn.transaction().map_err(failed)?;
    for step in &STEPS[from as usize..] {
        change.execute_batch(step).map_err(failed)?;
    }
    change.pragma_update(None, "application_id", APPLICATION).map_err(failed)?;
    change.pragma_update(None, "user_version", VERSION).map_err(failed)?;
    change.commit().map_err(failed)
}
