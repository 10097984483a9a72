//! Text for terminals, from Python.

use crate::terminal::{self, Notation};
use pyo3::prelude::*;
use pyo3::types::PyString;
use std::borrow::Cow;

/// The text with visible escapes in the place of what a terminal takes as a command; with `json`, in the notation of
/// JSON. Surrogates without a partner are escaped too: nothing can print them.
#[pyfunction]
#[pyo3(signature = (text, *, json = false))]
pub fn escaped<'py>(text: &Bound<'py, PyString>, json: bool) -> PyResult<Bound<'py, PyString>> {
    let notation = if json { Notation::Json } else { Notation::Plain };
    let py = text.py();
    let Ok(exact) = text.to_str() else {
        let bytes = text.call_method1("encode", ("utf-8", "backslashreplace"))?;
        let bytes: &[u8] = bytes.extract()?;
        return Ok(PyString::new(py, &terminal::escaped(&String::from_utf8_lossy(bytes), notation)));
    };
    Ok(match terminal::escaped(exact, notation) {
        Cow::Borrowed(_) => text.clone(),
        Cow::Owned(shown) => PyString::new(py, &shown),
    })
}
