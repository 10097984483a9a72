//! Providers of OAI-PMH, from Python.

use super::table::Table;
use super::wait::wait;
use super::{error, read};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::format::{HEADER, Vocabulary};
use crate::http::{Client, Options};
use crate::oai::reader;
use crate::oai::request::{Request, Spelling, Verb};
use crate::report::Report;
use crate::scan::Part;
use crate::source::Wanted;
use crate::source::list::{List, Step};
use crate::source::provider;
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

/// How to talk to a service: the options of the HTTP client, as Python names them.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub struct Settings {
    contact: Option<String>,
    timeout: f64,
    retries: u32,
    backoff: f64,
    max_wait: f64,
    rate: Option<f64>,
    headers: Vec<(String, String)>,
    auth: Option<(String, String)>,
    verify: bool,
    proxy: Option<String>,
    max_bytes: u64,
}

impl Settings {
    /// A client with these settings.
    pub fn client(self) -> Result<Client> {
        let time = |name: &str, seconds: f64| {
            let wrong = |_| Error::new(Kind::Value, format!("{name} is a number of seconds, not {seconds}"));
            Duration::try_from_secs_f64(seconds).map_err(wrong)
        };
        Client::new(Options {
            contact: self.contact,
            timeout: time("timeout", self.timeout)?,
            retries: self.retries,
            backoff: time("backoff", self.backoff)?,
            max_wait: time("max_wait", self.max_wait)?,
            rate: self.rate,
            connections: 1,
            headers: self.headers,
            auth: self.auth,
            verify: self.verify,
            proxy: self.proxy,
            max_bytes: self.max_bytes,
        })
    }
}

/// A provider of OAI-PMH.
#[pyclass(frozen, module = "naturalia._core")]
pub struct Provider {
    inner: provider::Provider,
}

impl Provider {
    /// The provider of the core.
    pub(super) fn inner(&self) -> &provider::Provider {
        &self.inner
    }
}

#[pymethods]
impl Provider {
    #[new]
    fn new(
        py: Python<'_>,
        base: &str,
        settings: Settings,
        spelling: Vec<(String, String)>,
        verbatim_token: bool,
        post: bool,
    ) -> PyResult<Self> {
        let client =
            crate::http::check(base).and_then(|()| settings.client()).map_err(|failure| error::raised(py, &failure))?;
        let spelling = Spelling { names: spelling, verbatim_token };
        Ok(Self { inner: provider::Provider::new(client, base, spelling, post) })
    }

    /// Where it is asked.
    #[getter]
    fn base(&self) -> String {
        self.inner.base()
    }

    /// The address of a question.
    fn address(&self, py: Python<'_>, verb: &str, arguments: Vec<(String, String)>) -> PyResult<String> {
        Ok(self.inner.address(&question(py, verb, &arguments)?))
    }

    /// The answer to a question that is one page, and when and where it came from.
    #[pyo3(signature = (verb, arguments, *, strict=false, format=None))]
    fn ask<'py>(
        &self,
        py: Python<'py>,
        verb: &str,
        arguments: Vec<(String, String)>,
        strict: bool,
        format: Option<&str>,
    ) -> PyResult<(Table, Bound<'py, PyDict>)> {
        let question = question(py, verb, &arguments)?;
        let options = options(py, strict, format)?;
        let (table, reply) = wait(py, |cancel| {
            let (reply, part) = self.inner.ask(&question, options, cancel)?;
            Ok((table::Table::from_part(part, options.format)?, reply))
        })?;
        let facts = PyDict::new(py);
        facts.set_item("url", &reply.url)?;
        facts.set_item("date", reply.date.map(|at| super::table::instant(py, at)).transpose()?)?;
        facts.set_item("fetched_at", super::table::instant(py, reply.fetched_at)?)?;
        facts.set_item("retries", reply.retries)?;
        facts.set_item("received", reply.received)?;
        Ok((table.into(), facts))
    }

    /// The pages of a list, one after the other; `ahead` fetches the next while one is looked at.
    #[pyo3(signature = (verb, arguments, *, since, until, strict, format, empty, tail, ahead))]
    fn pages(
        &self,
        py: Python<'_>,
        verb: &str,
        arguments: Vec<(String, String)>,
        since: Option<i64>,
        until: Option<i64>,
        strict: bool,
        format: Option<&str>,
        empty: Option<&str>,
        tail: Option<(String, String, i64)>,
        ahead: bool,
    ) -> PyResult<Pages> {
        let question = question(py, verb, &arguments)?;
        let tail = tail.map(|(from, until, day)| (question.within(&from, &until), day));
        let options = options(py, strict, format)?;
        let set = arguments.iter().find(|(name, _)| name == "set").map(|(_, set)| set.clone());
        let list = List::new(self.inner.clone(), question, Wanted { since, until, set, names_set: false }, options)
            .with_tail(tail);
        // A page without records has no format of its own.
        let format = options.format.or_else(|| Vocabulary::named(empty?));
        Ok(Pages::new(list, format, ahead))
    }
}

fn question(py: Python<'_>, verb: &str, arguments: &[(String, String)]) -> PyResult<Request> {
    let arguments: Vec<(&str, &str)> = arguments.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let verb = Verb::named(verb).ok_or_else(|| Error::new(Kind::Value, format!("no verb {verb:?}")));
    verb.and_then(|verb| Request::new(verb, &arguments)).map_err(|failure| error::raised(py, &failure))
}

fn options(py: Python<'_>, strict: bool, format: Option<&str>) -> PyResult<reader::Options> {
    let format = read::vocabulary(py, format)?;
    Ok(reader::Options { strict, format, ..reader::Options::default() })
}

/// Where pages come from.
enum Feed {
    /// Fetched when they are asked for.
    Direct(Box<List>),
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
    fn new(list: List, format: Option<&'static Vocabulary>, ahead: bool) -> Self {
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

fn fetched_ahead(mut list: List, stop: Arc<Cancel>) -> Feed {
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
            ("restarts", u64::from(tally.restarts)),
            ("fetched_singly", tally.fetched_singly),
            ("found_late", tally.found_late),
            ("vanished", tally.vanished),
        ] {
            facts.set_item(name, count)?;
        }
        facts.set_item("declared", tally.declared)?;
        facts.set_item("waited", tally.waited.as_secs_f64())?;
        facts.set_item("checked", tally.checked)?;
        facts.set_item("set_unnamed", tally.set_unnamed)?;
        facts.set_item("set_empty", tally.set_empty)?;
        facts.set_item("moved", tally.moved.as_deref())?;
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

/// The address as it may be shown: without credentials.
#[pyfunction]
pub fn shown(url: &str) -> String {
    crate::http::shown(url)
}

/// A table without rows, of a format or of what a verb lists.
#[pyfunction]
pub fn blank(py: Python<'_>, name: &str) -> PyResult<Table> {
    let known = table::vocabularies().find(|vocabulary| vocabulary.name == name);
    let table = table::Table::from_part(Part::default(), known);
    table.map(Table::from).map_err(|failure| error::raised(py, &failure))
}
