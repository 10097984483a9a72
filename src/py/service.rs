//! Services that answer in documents, from Python.

use super::error;
use super::pages::Pages;
use super::provider::Settings;
use super::wait::wait;
use crate::error::{Error, Kind};
use crate::http::{Method, check, shown};
use crate::source::documents::Documents;
use crate::source::service::{self, Question, Sort};
use pyo3::prelude::*;
use pyo3::types::PyDict;

/// A service that answers in JSON or in feeds.
#[pyclass(frozen, module = "naturalia._core")]
pub struct Service {
    inner: service::Service,
}

impl Service {
    /// The service of the core.
    pub(super) fn inner(&self) -> &service::Service {
        &self.inner
    }

    fn question(&self, py: Python<'_>, text: &str) -> PyResult<Question> {
        Question::parse(self.inner.sort(), text).map_err(|failure| error::raised(py, &failure))
    }
}

#[pymethods]
impl Service {
    #[new]
    fn new(py: Python<'_>, kind: &str, base: &str, settings: Settings) -> PyResult<Self> {
        let made = Sort::named(kind).and_then(|sort| {
            check(base)?;
            Ok(service::Service::new(sort, settings.client()?, base))
        });
        made.map(|inner| Self { inner }).map_err(|failure| error::raised(py, &failure))
    }

    /// Where it is asked, as it may be shown.
    #[getter]
    fn base(&self) -> String {
        shown(self.inner.base())
    }

    /// The kind of service: `nba`, `nhm` or `atom`.
    #[getter]
    fn kind(&self) -> &'static str {
        self.inner.sort().name()
    }

    /// The address of a question, as it may be shown.
    fn address(&self, py: Python<'_>, question: &str) -> PyResult<String> {
        Ok(self.inner.address(&self.question(py, question)?))
    }

    /// One reply as text, and when and where it came from.
    fn ask<'py>(
        &self,
        py: Python<'py>,
        method: &str,
        path: &str,
        query: Vec<(String, String)>,
        body: Option<String>,
    ) -> PyResult<(String, Bound<'py, PyDict>)> {
        let method = match method {
            "GET" => Method::Get,
            "POST" => Method::Post,
            other => {
                let failure =
                    Error::new(Kind::Value, format!("no method {other:?}: services are asked by GET or POST"));
                return Err(error::raised(py, &failure));
            }
        };
        let (text, reply) = wait(py, |cancel| {
            let mut reply = self.inner.ask(method, path, &query, body, cancel)?;
            let text = String::from_utf8(std::mem::take(&mut reply.body))
                .map_err(|_| Error::new(Kind::Parse, "the answer is no text in UTF-8").in_source(&reply.url))?;
            Ok((text, reply))
        })?;
        let facts = PyDict::new(py);
        facts.set_item("url", &reply.url)?;
        facts.set_item("status", reply.status)?;
        facts.set_item("content_type", &reply.content_type)?;
        facts.set_item("date", reply.date.map(|at| super::table::instant(py, at)).transpose()?)?;
        facts.set_item("fetched_at", super::table::instant(py, reply.fetched_at)?)?;
        facts.set_item("retries", reply.retries)?;
        facts.set_item("received", reply.received)?;
        Ok((text, facts))
    }

    /// The pages of a list, one after the other; `ahead` fetches the next while one is looked at.
    #[pyo3(signature = (question, *, ahead))]
    fn pages(&self, py: Python<'_>, question: &str, ahead: bool) -> PyResult<Pages> {
        let question = self.question(py, question)?;
        let format = question.format();
        Ok(Pages::new(Documents::new(self.inner.clone(), question), Some(format), ahead))
    }
}
