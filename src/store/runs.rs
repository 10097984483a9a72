//! Where a harvest stands: runs, and the spans of the list that each of them asks for.

use super::read::{RUN, run_of};
use super::write::stamp;
use super::{Store, failed};
use crate::error::Result;
use rusqlite::{OptionalExtension, Row, ToSql};

/// How the word on a run begins whose list was shorter than the service says.
pub const INCOMPLETE: &str = "incomplete";

/// One pass over the source: the first harvest, or an update.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// Its number, from 1.
    pub id: i64,
    /// `full` or `update`.
    pub kind: String,
    /// The part of the question it asks for, by datestamp.
    pub since: Option<i64>,
    /// The part of the question it asks for, by datestamp.
    pub until: Option<i64>,
    /// Our clock when it started.
    pub started_at: i64,
    /// Our clock when its lists were complete.
    pub finished_at: Option<i64>,
    /// The clock of the service when it started: where the next run begins.
    pub horizon: Option<String>,
    /// When its list was compared with all records that are here.
    pub reconciled_at: Option<i64>,
    /// How it is known that nothing is missing, or why it is not.
    pub verified: Option<String>,
    /// JSON: what the service said of itself.
    pub facts: String,
    /// JSON: counts.
    pub tally: String,
}

/// What a span of the list is read for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Task {
    /// Its records.
    #[default]
    Records,
    /// What is in it, to verify the records.
    Identifiers,
}

/// A part of the list, and how far it has been read. Moments are microseconds since 1970 UTC.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Span {
    /// Its number.
    pub id: i64,
    /// What it is read for.
    pub task: Task,
    /// Datestamps from here on; from the beginning if there is none.
    pub since: Option<i64>,
    /// Datestamps up to here; to the end if there is none.
    pub until: Option<i64>,
    /// Where to go on; nothing if it has not begun.
    pub next: Option<String>,
    /// How far it is.
    pub state: State,
    /// Pages read.
    pub pages: u64,
    /// Records received.
    pub received: u64,
    /// The size of the list, as the service says.
    pub declared: Option<u64>,
    /// Whether it has said more than one size.
    pub wavers: bool,
    /// The earliest datestamp seen.
    pub low: Option<i64>,
    /// The latest datestamp seen.
    pub high: Option<i64>,
    /// The order of the datestamps.
    pub trend: Trend,
    /// How often it was begun again.
    pub restarts: u64,
}

/// How far a span is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum State {
    /// There is more to read.
    #[default]
    Open,
    /// It was read to its end.
    Done,
    /// What is left of it is in other spans.
    Split,
}

/// The order of the datestamps of a list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Trend {
    /// All the same, or none so far.
    #[default]
    Flat,
    /// The oldest first.
    Up,
    /// The newest first.
    Down,
    /// No order.
    Mixed,
}

impl Trend {
    /// The order of two lists, one behind the other.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Flat, trend) | (trend, Self::Flat) => trend,
            (one, two) if one == two => one,
            _ => Self::Mixed,
        }
    }
}

/// A value that is kept as a word.
trait Word: Sized + Copy + PartialEq + Default + 'static {
    const WORDS: &'static [(Self, &'static str)];

    fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(value, _)| *value == self).map_or("", |(_, word)| word)
    }

    fn of(word: &str) -> Self {
        Self::WORDS.iter().find(|(_, own)| *own == word).map(|(value, _)| *value).unwrap_or_default()
    }
}

impl Word for Task {
    const WORDS: &'static [(Self, &'static str)] = &[(Self::Records, "records"), (Self::Identifiers, "identifiers")];
}

impl Word for State {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Open, "open"), (Self::Done, "done"), (Self::Split, "split")];
}

impl Word for Trend {
    const WORDS: &'static [(Self, &'static str)] =
        &[(Self::Flat, "flat"), (Self::Up, "up"), (Self::Down, "down"), (Self::Mixed, "mixed")];
}

const SPAN: &str = "SELECT id, task, since, until, next, state, pages, received, declared, wavers, low, high, trend,
    restarts FROM span";

fn span_of(row: &Row<'_>) -> rusqlite::Result<Span> {
    Ok(Span {
        id: row.get(0)?,
        task: Task::of(&row.get::<_, String>(1)?),
        since: row.get(2)?,
        until: row.get(3)?,
        next: row.get(4)?,
        state: State::of(&row.get::<_, String>(5)?),
        pages: row.get::<_, i64>(6)? as u64,
        received: row.get::<_, i64>(7)? as u64,
        declared: row.get::<_, Option<i64>>(8)?.map(|size| size as u64),
        wavers: row.get(9)?,
        low: row.get(10)?,
        high: row.get(11)?,
        trend: Trend::of(&row.get::<_, Option<String>>(12)?.unwrap_or_default()),
        restarts: row.get::<_, i64>(13)? as u64,
    })
}

impl Store {
    /// Starts a transaction, unless one is open. What follows is there after [`Store::commit`], or not at all.
    pub(super) fn begin(&self) -> Result<()> {
        if self.conn.is_autocommit() {
            self.conn.execute_batch("BEGIN IMMEDIATE").map_err(failed)?;
        }
        Ok(())
    }

    /// Makes everything since the last commit last.
    pub fn commit(&self) -> Result<()> {
        if self.conn.is_autocommit() {
            return Ok(());
        }
        self.conn.execute_batch("COMMIT").map_err(failed)
    }

    fn change(&self, sql: &str, values: &[&dyn ToSql]) -> Result<()> {
        self.begin()?;
        let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
        statement.execute(values).map_err(failed)?;
        Ok(())
    }

    /// The latest run.
    pub fn run(&self) -> Result<Option<Run>> {
        let sql = format!("{RUN} ORDER BY id DESC LIMIT 1");
        self.conn.query_row(&sql, [], run_of).optional().map_err(failed)
    }

    /// The latest run that lacks nothing, as far as is known.
    pub fn complete_run(&self) -> Result<Option<Run>> {
        let sql =
            format!("{RUN} WHERE finished_at IS NOT NULL AND verified NOT LIKE ?1 || '%' ORDER BY id DESC LIMIT 1");
        self.conn.query_row(&sql, [INCOMPLETE], run_of).optional().map_err(failed)
    }

    /// When everything here was last compared with the list of the service.
    pub fn reconciled_at(&self) -> Result<Option<i64>> {
        self.conn.query_row("SELECT max(reconciled_at) FROM run", [], |row| row.get(0)).map_err(failed)
    }

    /// Starts a run.
    pub fn add_run(&self, run: &Run) -> Result<i64> {
        let sql = "INSERT INTO run (kind, since, until, started_at, horizon, facts, tally)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        self.change(sql, &[&run.kind, &run.since, &run.until, &run.started_at, &run.horizon, &run.facts, &run.tally])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// Keeps what is known of a run: everything but its range and its start.
    pub fn note_run(&self, run: &Run) -> Result<()> {
        let sql = "UPDATE run SET finished_at = ?2, horizon = ?3, reconciled_at = ?4, verified = ?5, facts = ?6,
            tally = ?7 WHERE id = ?1";
        self.change(
            sql,
            &[&run.id, &run.finished_at, &run.horizon, &run.reconciled_at, &run.verified, &run.facts, &run.tally],
        )
    }

    /// Adds a span to a run: its task, its ends and what is known of its datestamps.
    pub fn add_span(&self, run: i64, span: &Span) -> Result<i64> {
        let sql =
            "INSERT INTO span (run, task, since, until, low, high, state) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'open')";
        self.change(sql, &[&run, &span.task.word(), &span.since, &span.until, &span.low, &span.high])?;
        Ok(self.conn.last_insert_rowid())
    }

    /// The spans of a run, in order.
    pub fn spans(&self, run: i64) -> Result<Vec<Span>> {
        let sql = format!("{SPAN} WHERE run = ?1 ORDER BY id");
        let mut statement = self.conn.prepare_cached(&sql).map_err(failed)?;
        let rows = statement.query_map([run], span_of).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// Keeps how far a span has been read.
    pub fn note_span(&self, span: &Span) -> Result<()> {
        let sql =
            "UPDATE span SET next = ?2, state = ?3, pages = ?4, received = ?5, declared = ?6, wavers = ?7, low = ?8,
            high = ?9, trend = ?10, restarts = ?11 WHERE id = ?1";
        let Span { id, next, wavers, low, high, .. } = span;
        let declared = span.declared.map(|size| size as i64);
        let (pages, received, restarts) = (span.pages as i64, span.received as i64, span.restarts as i64);
        let (state, trend) = (span.state.word(), span.trend.word());
        self.change(sql, &[id, next, &state, &pages, &received, &declared, wavers, low, high, &trend, &restarts])
    }

    /// Notes an identifier that the service lists.
    pub fn list(&self, identifier: &str, datestamp: Option<&str>) -> Result<()> {
        self.change("INSERT OR REPLACE INTO listed VALUES (?1, ?2)", &[&identifier, &stamp(datestamp)])
    }

    /// How many identifiers the service lists.
    pub fn listed(&self) -> Result<u64> {
        self.count("SELECT count(*) FROM listed")
    }

    /// How many records here are not deleted and not listed by the service.
    pub fn unlisted_count(&self) -> Result<u64> {
        self.count(
            "SELECT count(*) FROM record WHERE replaced IS NULL AND NOT deleted AND identifier <> ''
            AND NOT EXISTS (SELECT 1 FROM listed WHERE listed.identifier = record.identifier)",
        )
    }

    fn count(&self, sql: &str) -> Result<u64> {
        self.conn.query_row(sql, [], |row| row.get::<_, i64>(0)).map(|count| count as u64).map_err(failed)
    }

    /// Forgets what the service listed.
    pub fn unlist(&self) -> Result<()> {
        self.change("DELETE FROM listed", &[])
    }

    /// Takes an identifier off the list.
    pub fn strike(&self, identifier: &str) -> Result<()> {
        self.change("DELETE FROM listed WHERE identifier = ?1", &[&identifier])
    }

    /// Identifiers that the service lists and of which no record is here, or not the version that `run` should
    /// have: an older one or, of an earlier run, one with another datestamp. A deletion that was found here, and
    /// not announced, does not count for an identifier that is listed again.
    pub fn missing(&self, run: i64, limit: usize) -> Result<Vec<String>> {
        // Datestamps of another form (days, seconds) give no order.
        let sql = "SELECT identifier FROM listed WHERE NOT EXISTS (SELECT 1 FROM record
            WHERE record.identifier = listed.identifier AND replaced IS NULL
            AND NOT (record.deleted AND record.datestamp IS NULL AND record.page < ?2) AND NOT ifnull(
            typeof(listed.datestamp) = typeof(record.datestamp) AND length(listed.datestamp) = length(record.datestamp)
            AND (listed.datestamp > record.datestamp
            OR record.page < ?2 AND listed.datestamp <> record.datestamp), 0)) LIMIT ?1";
        self.identifiers(sql, limit, self.first_page(run, i64::MAX)?)
    }

    /// Identifiers of records of earlier runs that are not deleted and that the service does not list.
    pub fn unlisted(&self, run: i64, limit: usize) -> Result<Vec<String>> {
        let sql = "SELECT identifier FROM record WHERE replaced IS NULL AND NOT deleted AND identifier <> ''
            AND page < ?2 AND NOT EXISTS (SELECT 1 FROM listed WHERE listed.identifier = record.identifier) LIMIT ?1";
        self.identifiers(sql, limit, self.first_page(run, i64::MAX)?)
    }

    /// Identifiers of records of this run that are not deleted and that the service does not list.
    pub fn unlisted_in(&self, run: i64, limit: usize) -> Result<Vec<String>> {
        let sql = "SELECT identifier FROM record WHERE replaced IS NULL AND NOT deleted AND identifier <> ''
            AND page >= ?2 AND NOT EXISTS (SELECT 1 FROM listed WHERE listed.identifier = record.identifier) LIMIT ?1";
        self.identifiers(sql, limit, self.first_page(run, i64::MAX)?)
    }

    /// How many records are not deleted and not listed by the service: those of earlier runs, those of this one.
    pub fn unlisted_counts(&self, run: i64) -> Result<(u64, u64)> {
        let sql = "SELECT ifnull(sum(page < ?1), 0), ifnull(sum(page >= ?1), 0) FROM record
            WHERE replaced IS NULL AND NOT deleted AND identifier <> ''
            AND NOT EXISTS (SELECT 1 FROM listed WHERE listed.identifier = record.identifier)";
        let counts = |row: &Row<'_>| Ok((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64));
        self.conn.query_row(sql, [self.first_page(run, i64::MAX)?], counts).map_err(failed)
    }

    /// How many records are here and not deleted.
    pub fn live(&self) -> Result<u64> {
        self.count("SELECT count(*) FROM record WHERE replaced IS NULL AND NOT deleted AND identifier <> ''")
    }

    /// Identifiers that the service lists and that are here, not deleted.
    pub fn witnesses(&self, limit: usize) -> Result<Vec<String>> {
        let sql = "SELECT identifier FROM listed WHERE EXISTS (SELECT 1 FROM record
            WHERE record.identifier = listed.identifier AND replaced IS NULL AND NOT deleted AND page < ?2) LIMIT ?1";
        self.identifiers(sql, limit, i64::MAX)
    }

    /// Whether there is a record of this identifier.
    pub fn holds(&self, identifier: &str) -> Result<bool> {
        let sql = "SELECT EXISTS (SELECT 1 FROM record WHERE identifier = ?1 AND replaced IS NULL)";
        let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
        statement.query_row([identifier], |row| row.get(0)).map_err(failed)
    }

    fn identifiers(&self, sql: &str, limit: usize, page: i64) -> Result<Vec<String>> {
        let mut statement = self.conn.prepare_cached(sql).map_err(failed)?;
        let rows = statement.query_map([limit as i64, page], |row| row.get(0)).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed)
    }
}
