//! The harvest file: pages as they came, where each record lies in them, and where to go on. The only
//! module that names rusqlite.
//!
//! A file holds the answer to one question to one source, whatever the source is. What is in it is either
//! committed whole or not there; docs/harvest-file.md has the tables.

mod body;
mod compare;
mod journal;
mod lock;
pub mod manifest;
mod purge;
mod read;
mod runs;
mod schema;
mod write;

pub use body::{Body, digest};
pub use compare::Change;
pub use purge::{Purged, blank};
pub use read::{Chosen, Reader, StoredPage, Version};
pub use runs::{INCOMPLETE, Run, Span, State, Task, Trend};
pub use write::{Added, Entry, NewPage};

use crate::error::{Error, Kind, Result};
use lock::Lock;
use rusqlite::{Connection, ErrorCode, OpenFlags, Row};
use serde_json::{Map, Value};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long to wait for another connection that is reading or writing for a moment.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked of a source. Two requests are the same if kind and question are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The kind of service.
    pub kind: String,
    /// The question, as JSON; without credentials.
    pub question: String,
    /// The metadataPrefix of every record, where the protocol has one.
    pub prefix: Option<String>,
    /// How it is asked, as JSON; without credentials.
    pub manner: String,
}

/// A harvest file open for writing; there is one writer at a time.
#[derive(Debug)]
pub struct Store {
    conn: Connection,
    path: PathBuf,
    // Let go after the connection.
    _lock: Lock,
}

impl Store {
    /// Opens the file for writing, or makes it; `request` must be the one it was made for.
    pub fn open(path: &Path, request: &Request, now: i64, tool: &str) -> Result<Self> {
        let at = |error: Error| error.in_source(&path.display().to_string());
        let lock = Lock::take(path, true).map_err(at)?;
        let mut store = Self::locked(path, lock).map_err(at)?;
        store.claim(request, now, tool).map_err(at)?;
        Ok(store)
    }

    /// Opens a file that is there for writing.
    pub fn reopen(path: &Path) -> Result<Self> {
        let at = |error: Error| error.in_source(&path.display().to_string());
        let lock = Lock::take(path, false).map_err(at)?;
        let store = Self::locked(path, lock).map_err(at)?;
        store.request().map_err(at)?;
        Ok(store)
    }

    fn locked(path: &Path, lock: Lock) -> Result<Self> {
        journal::check(path)?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut conn = Connection::open_with_flags(path, flags).map_err(failed)?;
        conn.busy_timeout(PATIENCE).map_err(failed)?;
        // A withdrawn record must not linger in a free page. Freed pages are given back by `Store::shrink`.
        let settings = "PRAGMA page_size = 2048; PRAGMA secure_delete = ON; PRAGMA auto_vacuum = INCREMENTAL; 
            PRAGMA cache_size = -8000;
            PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = OFF;";
        conn.execute_batch(settings).map_err(failed)?;
        let version = schema::version(&conn)?.unwrap_or(0);
        whole(&conn, path)?;
        if version < schema::VERSION {
            schema::migrate(&mut conn, version)?;
        }
        Ok(Self { conn, path: path.to_owned(), _lock: lock })
    }

    /// Notes what the file is for, or makes sure that it is for that.
    fn claim(&mut self, request: &Request, now: i64, tool: &str) -> Result<()> {
        let sql = "INSERT OR IGNORE INTO request (id, kind, question, prefix, manner, created_at, tool)
            VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6)";
        let Request { kind, question, prefix, manner } = request;
        self.conn.execute(sql, (kind, question, prefix, manner, now, tool)).map_err(failed)?;
        let own = self.request()?;
        if own.kind != *kind || own.question != *question {
            let message = format!("this file answers another question: {}, not {question}", own.question);
            let moved = own.kind == *kind && without_url(&own.question) == without_url(question);
            return Err(Error::new(Kind::Mismatch, message).hint(if moved {
                "if the provider has moved: Harvest(file).update(source=…, moved=True) goes on with this file; \
                 otherwise give each question a file of its own"
            } else {
                "give each question a file of its own"
            }));
        }
        // How it is asked may change: a later run asks as told last.
        self.conn.execute("UPDATE request SET manner = ?1", [manner]).map_err(failed)?;
        Ok(())
    }

    /// Notes that the service is at another address now; what else is asked stays.
    pub fn relocate(&mut self, question: &str) -> Result<()> {
        let recorded = self.request()?.question;
        if without_url(&recorded) != without_url(question) {
            let message = format!("this file answers another question: {recorded}, not {question}");
            return Err(Error::new(Kind::Mismatch, message).hint("only the address of the provider may be another"));
        }
        self.conn.execute("UPDATE request SET question = ?1", [question]).map_err(failed)?;
        Ok(())
    }

    /// What the file is for.
    pub fn request(&self) -> Result<Request> {
        read::request(&self.conn)
    }

    /// The path of the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives pages that are no longer used back to the file system.
    pub fn shrink(&self) -> Result<()> {
        let mut statement = self.conn.prepare("PRAGMA incremental_vacuum").map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while rows.next().map_err(failed)?.is_some() {}
        Ok(())
    }
}

/// The name of a page in reports and errors.
fn page_name(path: &Path, page: i64) -> String {
    format!("{}#{page}", path.display())
}

/// Refuses a file that is shorter than it says: a copy or a download that stopped early.
fn whole(conn: &Connection, path: &Path) -> Result<()> {
    // In one transaction, so that nobody changes the file between the two looks.
    conn.execute_batch("BEGIN").map_err(failed)?;
    let number = |name: &str| conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get::<_, i64>(0));
    let said = number("page_count").and_then(|pages| Ok(pages * number("page_size")?));
    let there = std::fs::metadata(path).map_or(0, |metadata| metadata.len());
    conn.execute_batch("COMMIT").map_err(failed)?;
    let said = said.map_err(failed)? as u64;
    if there < said {
        return Err(damaged(&format!("it was cut: {there} of its {said} bytes are there")));
    }
    Ok(())
}

/// The bytes `offset..offset + length` of a page, from the columns `first` and `first + 1`.
fn extent(row: &Row<'_>, first: usize) -> rusqlite::Result<Range<u64>> {
    let number = |column: usize| {
        let number: i64 = row.get(column)?;
        u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
    };
    let (offset, length) = (number(first)?, number(first + 1)?);
    // Neither has its highest bit set, so their sum fits.
    Ok(offset..offset + length)
}

/// What `SQLite` says, in words that help.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` hands over")]
fn failed(error: rusqlite::Error) -> Error {
    let rusqlite::Error::SqliteFailure(cause, said) = &error else {
        return damaged(&format!("it does not hold what it should: {error}"));
    };
    let said = said.clone().unwrap_or_else(|| cause.to_string());
    match cause.code {
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => {
            Error::new(Kind::Locked, "another program keeps the harvest file locked")
                .hint("close the program that reads or writes it, and run this again: it goes on where it was")
        }
        ErrorCode::DiskFull => Error::new(Kind::Io(std::io::ErrorKind::StorageFull, Some(28)), "the disk is full")
            .hint("make room and run this again: it goes on where it was"),
        ErrorCode::ReadOnly | ErrorCode::PermissionDenied | ErrorCode::CannotOpen => {
            let message = format!("the harvest file or its folder can't be written: {said}");
            Error::new(Kind::Io(std::io::ErrorKind::PermissionDenied, Some(13)), message)
                .hint("SQLite writes a journal beside the file, so the folder has to be writable too")
        }
        ErrorCode::SystemIoFailure => {
            let message = format!("the disk can't be written or read: {said}");
            Error::new(Kind::Io(std::io::ErrorKind::Other, Some(5)), message)
                .hint("once it can, or has room again, run this again: it goes on where it was")
        }
        ErrorCode::NotADatabase => Error::new(Kind::Harvest, "this is no harvest file")
            .hint("give the path of a file that naturalia harvested into, or of a new one"),
        _ => damaged(&said),
    }
}

/// The error for a file that is not as it was written.
fn damaged(what: &str) -> Error {
    Error::new(Kind::Harvest, format!("the harvest file is damaged: {what}"))
        .hint("take it from the last backup, or harvest anew into another file")
}

/// A question without the address of the service; nothing if it is not a JSON object.
fn without_url(question: &str) -> Option<Map<String, Value>> {
    let mut found: Map<String, Value> = serde_json::from_str(question).ok()?;
    found.remove("url");
    Some(found)
}
