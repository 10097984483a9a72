//! Errors as exceptions: one table from kind to class.

use crate::error::{Error, Kind};
use crate::terminal::{Notation, escaped};
use pyo3::exceptions::{PyException, PyKeyboardInterrupt, PyOSError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use std::error::Error as _;

/// The class of `naturalia.errors` for a code of the protocol (§3.6).
fn refusal(code: &str) -> &'static str {
    match code {
        "badArgument" => "BadArgument",
        "badResumptionToken" => "BadResumptionToken",
        "badVerb" => "BadVerb",
        "cannotDisseminateFormat" => "CannotDisseminateFormat",
        "idDoesNotExist" => "IdDoesNotExist",
        "noMetadataFormats" => "NoMetadataFormats",
        "noRecordsMatch" => "NoRecordsMatch",
        "noSetHierarchy" => "NoSetHierarchy",
        // What services refuse in JSON says which service it was.
        code if code.starts_with("NBA ") => "NbaError",
        code if code.starts_with("CKAN ") => "NhmError",
        _ => "UnknownOaiError",
    }
}

/// The exception for an error. If an exception of the caller's code led to it, that is its `__cause__`; one that is not
/// an `Exception`, such as `KeyboardInterrupt` and `SystemExit`, is raised itself.
pub fn raised(py: Python<'_>, error: &Error) -> PyErr {
    let cause = error.source().and_then(|cause| cause.downcast_ref::<PyErr>());
    if let Some(cause) = cause.filter(|cause| !cause.is_instance_of::<PyException>(py)) {
        return cause.clone_ref(py);
    }
    let exception = exception(py, error).unwrap_or_else(|failure| failure);
    if let Some(cause) = cause {
        exception.set_cause(py, Some(cause.clone_ref(py)));
    }
    exception
}

fn exception(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    let place = error.place();
    let details = PyDict::new(py);
    details.set_item("source", place.source.as_deref())?;
    details.set_item("hint", error.advice())?;
    // The classes of `naturalia.errors` escape what they show; those of Python don't.
    let hint = error.advice().map(|hint| format!("\n  {hint}")).unwrap_or_default();
    let message = escaped(&format!("{}{hint}", error.message()), Notation::Plain).into_owned();
    let class = match error.kind() {
        Kind::Interrupted => return Ok(PyKeyboardInterrupt::new_err(error.message().to_owned())),
        Kind::Value => return Ok(PyValueError::new_err(message)),
        Kind::Io(_, number) => {
            // With an error number Python picks the subclass: FileNotFoundError, PermissionError, …
            let source = place.source.clone();
            return Ok(match (number, &source) {
                (None, Some(source)) => {
                    PyOSError::new_err(escaped(&format!("{message}\n  in {source}"), Notation::Plain).into_owned())
                }
                (None, None) => PyOSError::new_err(message),
                _ => PyOSError::new_err((*number, message, source)),
            });
        }
        Kind::NotOaiPmh => "NotOaiPmh",
        Kind::Cycle => "TokenCycle",
        Kind::Harvest => "HarvestError",
        Kind::Locked => "HarvestLocked",
        Kind::Mismatch => "StateMismatch",
        Kind::Incomplete(got, expected) => {
            details.set_item("got", got)?;
            details.set_item("expected", expected)?;
            "HarvestIncomplete"
        }
        Kind::Network | Kind::Private => "NetworkError",
        Kind::Tls => "TLSError",
        Kind::RateLimited { retry_at } => {
            details.set_item("retry_at", retry_at.map(|at| super::table::instant(py, at)).transpose()?)?;
            "RateLimited"
        }
        Kind::Rules => "CrosswalkError",
        Kind::Protocol { errors, request } => {
            let code =
                errors.iter().map(|error| error.code.as_str()).find(|code| *code != "noRecordsMatch").unwrap_or("");
            let all: Vec<(&str, &str)> =
                errors.iter().map(|error| (error.code.as_str(), error.message.as_str())).collect();
            let class = refusal(code);
            if !matches!(class, "NbaError" | "NhmError") {
                details.set_item("code", code)?;
                details.set_item("errors", all)?;
                details.set_item("request", request.iter().cloned().collect::<std::collections::BTreeMap<_, _>>())?;
            }
            class
        }
        kind @ (Kind::Parse | Kind::Truncated { .. } | Kind::Limit) => {
            details.set_item("line", place.line)?;
            details.set_item("column", place.column)?;
            details.set_item("offset", place.offset)?;
            details.set_item("record", place.record.as_deref())?;
            match kind {
                Kind::Truncated { records } => {
                    details.set_item("records", records)?;
                    "Truncated"
                }
                Kind::Limit => "LimitExceeded",
                _ => "ParseError",
            }
        }
    };
    let class = py.import("naturalia.errors")?.getattr(class)?;
    Ok(PyErr::from_value(class.call((error.message(),), Some(&details))?))
}
