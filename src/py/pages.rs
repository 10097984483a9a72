//! The pages of a list, whatever source it comes from, as tables; fetched ahead where that is wanted.

use super::table::Table;
use super::wait::wait;
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::format::{HEADER, Vocabulary};
use crate::report::Report;
use crate::scan::Part;
use crate::source::documents::Documents;
use crate::source::list::{List, Step};
use crate::source::tally::Tally;
use crate::table;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How often a caller's wish to stop is looked at while a page is on its way.
const TICK: Duration = Duration::from_millis(25);

/// What gives pages, one after the other.
pub trait Steps: Send {
    /// The next page; nothing at the end.
    fn next(&mut self, cancel: &Cancel) -> Result<Option<Step>>;
    /// What became of the list so far.
    fn tally(&self) -> &Tally;
}

impl Steps for List {
    fn next(&mut self, cancel: &Cancel) -> Result<Option<Step>> {
        Self::next(self, cancel)
    }

    fn tally(&self) -> &Tally {
        Self::tally(self)
    }
}

impl Steps for Documents {
    fn next(&mut self, cancel: &Cancel) -> Result<Option<Step>> {
        Self::next(self, cancel)
    }

    fn tally(&self) -> &Tally {
        Self::tally(self)
    }
}

/// Where pages come from.
enum Feed {
    /// Fetched when they are asked for.
    Direct(Box<dyn Steps>),
    /// Fetched by a thread of this process, one page ahead.
    Ahead(Receiver<(Result<Option<Step>>, Tally)>, u32),
    /// It is over.
    Over,
}

#[derive(Default)]
struct State {
    tally: Tally,
    report: Report,
    /// The format of the latest page that has one.
    shape: Option<&'static Vocabulary>,
}

/// The pages of a list as tables.
#[pyclass(frozen, module = "naturalia._core")]
pub struct Pages {
    feed: Mutex<Feed>,
    /// Apart from the feed, which is busy while a page is on its way.
    state: Mutex<State>,
    format: Option<&'static Vocabulary>,
    stop: Arc<Cancel>,
}

impl Drop for Pages {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
    }
}

impl Pages {
    pub fn new(list: impl Steps + 'static, format: Option<&'static Vocabulary>, ahead: bool) -> Self {
        let stop = Arc::new(Cancel::new(false));
        let feed = if ahead { fetched_ahead(list, Arc::clone(&stop)) } else { Feed::Direct(Box::new(list)) };
        Self { feed: Mutex::new(feed), state: Mutex::default(), format, stop }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The table with the columns of those before it: a page of deleted records has no format.
    fn shaped(&self, table: table::Table) -> Result<table::Table> {
        let mut state = self.state();
        if table.format != HEADER.name {
            state.shape = table.vocabulary();
            return Ok(table);
        }
        let Some(shape) = state.shape.or(self.format) else { return Ok(table) };
        let empty = table::Table::from_part(Part::default(), Some(shape))?;
        table::Table::concat(&[empty, table])
    }

    fn step(&self, cancel: &Cancel) -> Result<Option<Step>> {
        let mut feed = self.feed.lock().unwrap_or_else(PoisonError::into_inner);
        let step = match &mut *feed {
            Feed::Over => Ok(None),
            Feed::Direct(list) => {
                let step = list.next(cancel);
                self.state().tally = list.tally().clone();
                step
            }
            Feed::Ahead(_, process) if *process != std::process::id() => {
                let message = "this reading was started by the process that this one was forked from";
                Err(Error::new(Kind::Value, message).hint("iterate over the query again: that starts anew"))
            }
            Feed::Ahead(pages, _) => loop {
                match pages.recv_timeout(TICK) {
                    Ok((step, tally)) => {
                        self.state().tally = tally;
                        break step;
                    }
                    Err(RecvTimeoutError::Timeout) => go_on(cancel)?,
                    Err(RecvTimeoutError::Disconnected) => {
                        break Err(Error::new(Kind::Network, "the thread that fetches pages is gone"));
                    }
                }
            },
        };
        if !matches!(step, Ok(Some(_))) {
            *feed = Feed::Over;
        }
        step
    }
}

fn fetched_ahead(mut list: impl Steps + 'static, stop: Arc<Cancel>) -> Feed {
    let (sender, pages) = sync_channel(1);
    std::thread::spawn(move || {
        loop {
            let step = list.next(&stop);
            let goes_on = matches!(step, Ok(Some(_)));
            if sender.send((step, list.tally().clone())).is_err() || !goes_on {
                break;
            }
        }
    });
    Feed::Ahead(pages, std::process::id())
}

#[pymethods]
impl Pages {
    /// What reading did so far.
    #[getter]
    fn report<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyDict>> {
        let state = self.state();
        let facts = super::report::report(py, &state.report)?;
        let tally = &state.tally;
        for (name, count) in [
            ("requests", tally.requests),
            ("retries", tally.retries),
            ("received", tally.received),
            ("duplicates", tally.duplicates),
            ("changed", tally.changed),
            ("out_of_range", tally.out_of_range),
            ("other_format", tally.other_format),
            ("other_sets", tally.other_sets),
            ("restarts", u64::from(tally.restarts)),
            ("fetched_singly", tally.fetched_singly),
            ("found_late", tally.found_late),
            ("vanished", tally.vanished),
            ("splits", tally.splits),
        ] {
            facts.set_item(name, count)?;
        }
        facts.set_item("declared", tally.declared)?;
        facts.set_item("waited", tally.waited.as_secs_f64())?;
        facts.set_item("checked", tally.checked)?;
        facts.set_item("doubt", tally.doubt.as_deref())?;
        facts.set_item("set_unnamed", tally.set_unnamed)?;
        facts.set_item("set_empty", tally.set_empty)?;
        facts.set_item("moved", tally.moved.as_deref())?;
        facts.set_item("notices", &tally.notices)?;
        Ok(facts)
    }

    fn __iter__(this: PyRef<'_, Self>) -> PyRef<'_, Self> {
        this
    }

    fn __next__(&self, py: Python<'_>) -> PyResult<Option<Table>> {
        let table = wait(py, |cancel| {
            let Some(step) = self.step(cancel)? else { return Ok(None) };
            self.state().report.absorb(step.part.report.clone());
            let table = table::Table::from_part(step.part, self.format)?;
            let table = match step.keep {
                Some(rows) => table.take(&rows)?,
                None => table,
            };
            self.shaped(table).map(Some)
        })?;
        Ok(table.map(Table::from))
    }
}
