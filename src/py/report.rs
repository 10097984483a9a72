//! Reports and pages as plain Python values.

use crate::error::{Error, Kind};
use crate::oai::page::Page;
use crate::report::Report;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// A report as a dict.
pub fn report<'py>(py: Python<'py>, report: &Report) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let counts = [
        ("pages", report.pages),
        ("records", report.records),
        ("deleted", report.deleted),
        ("without_metadata", report.without_metadata),
        ("trimmed", report.trimmed),
        ("empty", report.empty),
        ("left_out", report.left_out),
    ];
    for (name, count) in counts {
        dict.set_item(name, count)?;
    }
    let repairs = PyList::empty(py);
    for repair in &report.repairs {
        let row = PyDict::new(py);
        row.set_item("kind", repair.fault.name())?;
        row.set_item("source", repair.place.source.as_deref())?;
        row.set_item("identifier", repair.place.record.as_deref())?;
        row.set_item("offset", repair.place.offset)?;
        row.set_item("line", repair.place.line)?;
        row.set_item("detail", &repair.detail)?;
        repairs.append(row)?;
    }
    dict.set_item("repairs", repairs)?;
    let errors = PyList::empty(py);
    for (source, refusal) in &report.errors {
        let row = PyDict::new(py);
        row.set_item("source", source.as_deref())?;
        row.set_item("code", &refusal.code)?;
        row.set_item("message", &refusal.message)?;
        errors.append(row)?;
    }
    dict.set_item("errors", errors)?;
    let problems = report.problems.iter().map(|error| problem(py, error)).collect::<PyResult<Vec<_>>>()?;
    dict.set_item("problems", problems)?;
    Ok(dict)
}

/// An input that could not be read, as a dict.
pub fn problem<'py>(py: Python<'py>, error: &Error) -> PyResult<Bound<'py, PyDict>> {
    let place = error.place();
    let dict = PyDict::new(py);
    let kind = match error.kind() {
        Kind::Parse => "parse",
        Kind::Truncated { .. } => "truncated",
        Kind::NotOaiPmh => "not OAI-PMH",
        Kind::Limit => "limit",
        Kind::Protocol { .. } => "protocol",
        Kind::Io(..) => "file",
        Kind::Network | Kind::Private | Kind::RateLimited { .. } => "network",
        Kind::Tls => "TLS",
        Kind::Incomplete(..) => "incomplete",
        Kind::Cycle => "token cycle",
        Kind::Interrupted => "interrupted",
        Kind::Rules => "rules",
        Kind::Value => "value",
        Kind::Harvest | Kind::Locked | Kind::Mismatch => "harvest",
    };
    dict.set_item("source", place.source.as_deref())?;
    dict.set_item("kind", kind)?;
    dict.set_item("message", error.message())?;
    dict.set_item("line", place.line)?;
    dict.set_item("column", place.column)?;
    dict.set_item("offset", place.offset)?;
    dict.set_item("hint", error.advice())?;
    Ok(dict)
}

/// A page as a dict.
pub fn page<'py>(py: Python<'py>, page: &Page) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    dict.set_item("source", &page.source)?;
    dict.set_item("verb", Some(&page.verb).filter(|verb| !verb.is_empty()))?;
    dict.set_item("format", Some(page.format).filter(|format| !format.is_empty()))?;
    dict.set_item("records", page.records)?;
    dict.set_item("deleted", page.deleted)?;
    dict.set_item("responseDate", page.response_date.as_deref())?;
    let request = PyDict::new(py);
    request.set_item("url", page.base_url.as_deref())?;
    for (name, value) in &page.request {
        request.set_item(name, value)?;
    }
    dict.set_item("request", request)?;
    let token = match &page.token {
        None => None,
        Some(token) => {
            let row = PyDict::new(py);
            row.set_item("value", &token.value)?;
            for name in ["completeListSize", "cursor"] {
                let value = token.attributes.iter().find(|(own, _)| own == name);
                let number = value.and_then(|(_, value)| value.trim().parse::<i64>().ok());
                row.set_item(name, number)?;
            }
            for (name, value) in &token.attributes {
                if !matches!(name.as_str(), "completeListSize" | "cursor") {
                    row.set_item(name, value)?;
                }
            }
            if !row.contains("expirationDate")? {
                row.set_item("expirationDate", None::<&str>)?;
            }
            Some(row)
        }
    };
    dict.set_item("token", token)?;
    let errors = PyList::empty(py);
    for refusal in &page.errors {
        let row = PyDict::new(py);
        row.set_item("code", &refusal.code)?;
        row.set_item("message", &refusal.message)?;
        errors.append(row)?;
    }
    dict.set_item("errors", errors)?;
    dict.set_item("total", page.total)?;
    dict.set_item("bytes", page.bytes)?;
    dict.set_item("encoding", Some(page.encoding).filter(|encoding| !encoding.is_empty()))?;
    dict.set_item("repairs", page.repairs)?;
    dict.set_item("problem", None::<&str>)?;
    Ok(dict)
}
