//! Providers of OAI-PMH, from Python.

use super::pages::Pages;
use super::table::Table;
use super::wait::wait;
use super::{error, read};
use crate::error::{Error, Kind, Result};
use crate::format::Vocabulary;
use crate::http::{Client, Options};
use crate::oai::reader;
use crate::oai::request::{Request, Spelling, Verb};
use crate::scan::Part;
use crate::source::Wanted;
use crate::source::list::List;
use crate::source::provider;
use crate::table;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::time::Duration;

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

/// The defaults of the client, by the names of its settings.
pub(super) fn client_defaults(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let options = Options::default();
    let defaults = PyDict::new(py);
    defaults.set_item("timeout", options.timeout.as_secs_f64())?;
    defaults.set_item("retries", options.retries)?;
    defaults.set_item("backoff", options.backoff.as_secs_f64())?;
    defaults.set_item("max_wait", options.max_wait.as_secs_f64())?;
    defaults.set_item("rate", options.rate)?;
    defaults.set_item("max_bytes", options.max_bytes)?;
    Ok(defaults)
}

impl Settings {
    /// A client with these settings.
    pub fn client(self) -> Result<Client> {
        Client::new(self.options()?)
    }

    /// The options of the client.
    pub fn options(self) -> Result<Options> {
        let time = |name: &str, seconds: f64| {
            let wrong = |_| Error::new(Kind::Value, format!("{name} is a number of seconds, not {seconds}"));
            Duration::try_from_secs_f64(seconds).map_err(wrong)
        };
        Ok(Options {
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
            inside: None,
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
        let mut options = options(py, strict, format)?;
        // The format that is asked for rules, whatever the first record is.
        let prefix = empty.and_then(Vocabulary::named).filter(|_| question.verb == Verb::ListRecords);
        options.format = options.format.or(prefix);
        let set = arguments.iter().find(|(name, _)| name == "set").map(|(_, set)| set.clone());
        let list = List::new(
            self.inner.clone(),
            question,
            Wanted { since, until, set, format: prefix, ..Wanted::default() },
            options,
        )
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
