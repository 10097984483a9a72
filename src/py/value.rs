//! Functions on values, from Python: for the explanations of a crosswalk and for tests.

use crate::value::{self, Rejected, Value};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList, PyString};

/// A value as Python sees it: a text, a list of texts, or a dict of named parts.
fn object<'py>(py: Python<'py>, value: &Value<'_>) -> PyResult<Bound<'py, PyAny>> {
    Ok(match value {
        Value::One(text) => PyString::new(py, text).into_any(),
        Value::Many(texts) => PyList::new(py, texts.iter().map(AsRef::as_ref))?.into_any(),
        Value::Fields(fields) => {
            let parts = PyDict::new(py);
            for (name, text) in fields {
                parts.set_item(name, text.as_ref())?;
            }
            parts.into_any()
        }
    })
}

type Answer<'py> = (Option<Bound<'py, PyAny>>, Option<&'static str>, Option<&'static str>);

/// What a function makes of a text: the value, or the kind of reason and the reason why there is none.
/// `back` takes it back to a text afterwards.
#[pyfunction(name = "value")]
#[pyo3(signature = (function, text, arguments=Vec::new(), back=false))]
pub fn apply<'py>(
    py: Python<'py>,
    function: &str,
    text: &str,
    arguments: Vec<String>,
    back: bool,
) -> PyResult<Answer<'py>> {
    let known = value::function(function).ok_or_else(|| PyValueError::new_err(format!("no function {function}")))?;
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if !known.takes(arguments.len()) {
        let takes = known.arguments.join(", ");
        return Err(PyValueError::new_err(format!("{function} takes ({takes}), not {} arguments", arguments.len())));
    }
    let forth = (known.forward)(text, &arguments);
    let answer = match (&forth, known.backward) {
        (Ok(value), Some(backward)) if back => backward(value, &arguments),
        (Ok(_), None) if back => return Err(PyValueError::new_err(format!("{function} has no way back"))),
        _ => forth.clone(),
    };
    match answer {
        Ok(value) => Ok((Some(object(py, &value)?), None, None)),
        Err(Rejected { why, reason }) => Ok((None, Some(why.id()), Some(reason))),
    }
}
