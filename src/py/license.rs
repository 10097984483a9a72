//! Licences, from Python.

use super::error;
use super::recipe::Recipe;
use crate::error::{Error, Kind};
use crate::license::{self, Attribution, Style, Use, Version, Work};
use crate::terminal::{Notation, escaped};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyTuple};
use std::collections::HashMap;

/// A rights statement as it was understood.
#[pyclass(frozen, eq, hash, module = "naturalia._core")]
#[derive(Clone)]
pub struct License {
    inner: license::License,
    recipe: Recipe,
}

impl PartialEq for License {
    fn eq(&self, other: &Self) -> bool {
        self.inner == other.inner
    }
}

impl Eq for License {}

impl std::hash::Hash for License {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.inner.raw().hash(state);
    }
}

#[pymethods]
impl License {
    #[new]
    #[pyo3(signature = (text, assume_version=None, constant=false, decision=None, path=Vec::new(), all=false))]
    fn new(
        py: Python<'_>,
        text: String,
        assume_version: Option<String>,
        constant: bool,
        decision: Option<String>,
        path: Vec<usize>,
        all: bool,
    ) -> PyResult<Self> {
        let recipe = Recipe { text, assume_version, constant, decision, path, all };
        Ok(Self { inner: recipe.read(py)?, recipe })
    }

    /// The text that was read.
    #[getter]
    fn raw(&self) -> &str {
        self.inner.raw()
    }

    /// Stable key: `cc-by-sa-3.0-nl`, `cc-by`, `public-domain`.
    #[getter]
    fn id(&self) -> Option<String> {
        self.inner.id()
    }

    /// `cc`, `cc-pd`, `rightsstatements`, `europeana`, `odc`, `gnu`, `other`, `statement`.
    #[getter]
    fn family(&self) -> Option<&'static str> {
        self.inner.family()
    }

    /// Creative Commons unit: `by-sa`.
    #[getter]
    fn unit(&self) -> Option<&'static str> {
        self.inner.unit().map(license::Unit::code)
    }

    /// The version, where one is stated and exists.
    #[getter]
    fn version(&self) -> Option<&'static str> {
        self.inner.version().map(Version::text)
    }

    /// Code of the port; "" for a licence known to be generic, None where it is not stated.
    #[getter]
    fn jurisdiction(&self) -> Option<&'static str> {
        self.inner.jurisdiction()
    }

    /// Canonical address; only an exact answer has one, and one for a part of the item.
    #[getter]
    fn uri(&self) -> Option<String> {
        self.inner.uri().map(Into::into)
    }

    /// The address as RDF and Europeana write it, with http.
    #[getter]
    fn rdf_uri(&self) -> Option<String> {
        self.inner.rdf_uri().map(Into::into)
    }

    /// SPDX identifier, where the list has one.
    #[getter]
    fn spdx(&self) -> Option<&'static str> {
        self.inner.spdx()
    }

    /// SPDX expression, with a `LicenseRef` where the list has no identifier.
    #[getter]
    fn spdx_expression(&self) -> Option<String> {
        self.inner.spdx_expression()
    }

    /// Short label: `CC BY-SA 3.0 NL`.
    #[getter]
    fn label(&self) -> Option<String> {
        self.inner.label()
    }

    /// `exact`, `unversioned`, `invalid`, `statement`, `choice`, `conflict`, `unclear`, `partial` or `none`.
    #[getter]
    fn status(&self) -> &'static str {
        self.inner.status().id()
    }

    /// `stated`, `constant`, `assumed` or `decided`.
    #[getter]
    fn basis(&self) -> &'static str {
        self.inner.basis().id()
    }

    /// Name of the rule that read the text.
    #[getter]
    fn rule(&self) -> &'static str {
        self.inner.rule().id()
    }

    /// Machine-readable warnings.
    #[getter]
    fn warnings(&self) -> Vec<&'static str> {
        self.inner.warnings()
    }

    /// Why words beside a licence keep it from being exact: `unread-words`, `negated`, `not-now`, `doubt` or `partial`.
    #[getter]
    fn reason(&self) -> Option<&'static str> {
        self.inner.reason().map(license::Reason::id)
    }

    /// The words for which a licence is unclear.
    #[getter]
    fn unread(&self) -> Vec<String> {
        self.inner.unread().to_vec()
    }

    /// The part of the item that a licence is limited to or excepts, in the words of the text.
    #[getter]
    fn scope(&self) -> Option<String> {
        self.inner.scope()
    }

    /// Labels of licences that exist, near to one that does not; the candidates of an unclear one.
    #[getter]
    fn suggestions(&self) -> Vec<String> {
        self.inner.suggestions().to_vec()
    }

    /// What an invalid text claims: `zero/4.0`.
    #[getter]
    fn claimed(&self) -> Option<&str> {
        self.inner.claimed()
    }

    /// Whom a copyright notice names.
    #[getter]
    fn holder(&self) -> Option<&str> {
        self.inner.holder()
    }

    /// Where in the text it stands, in characters: `raw[start:end]`.
    #[getter]
    fn span(&self) -> Option<(usize, usize)> {
        self.inner.char_span().map(|span| (span.start, span.end))
    }

    /// Where in the text it stands, in bytes of UTF-8.
    #[getter]
    fn byte_span(&self) -> Option<(usize, usize)> {
        self.inner.span().map(|span| (span.start, span.end))
    }

    /// Every reading that took part: rule, what it read, bytes from and to.
    #[getter]
    fn evidence(&self) -> Vec<(&'static str, String, usize, usize)> {
        let row = |e: license::Evidence| (e.rule.id(), e.reading, e.span.start, e.span.end);
        self.inner.evidence().into_iter().map(row).collect()
    }

    /// Language of the deed that an address names.
    #[getter]
    fn deed_language(&self) -> Option<&str> {
        self.inner.deed_language()
    }

    /// Date the licence was retired.
    #[getter]
    fn retired(&self) -> Option<&'static str> {
        self.inner.retired()
    }

    /// Address of the statement that replaces a withdrawn one.
    #[getter]
    fn replaced_by(&self) -> Option<&'static str> {
        self.inner.replaced_by()
    }

    /// Item on Wikidata.
    #[getter]
    fn wikidata(&self) -> Option<&'static str> {
        self.inner.wikidata()
    }

    /// Template on Wikimedia Commons.
    #[getter]
    fn commons_template(&self) -> Option<String> {
        self.inner.commons_template()
    }

    /// `commercial`, `derivatives`, `redistribution`, and the duties `attribution`, `share_alike`,
    /// `notice`: each `yes`, `no`, `restricted` or `unknown`.
    #[getter]
    fn permissions(&self) -> HashMap<&'static str, &'static str> {
        let p = self.inner.permissions();
        HashMap::from([
            ("commercial", p.commercial.id()),
            ("derivatives", p.derivatives.id()),
            ("redistribution", p.redistribution.id()),
            ("attribution", p.attribution.id()),
            ("share_alike", p.share_alike.id()),
            ("notice", p.notice.id()),
        ])
    }

    /// The licences of a choice or conflict.
    #[getter]
    fn parts(&self) -> Vec<Self> {
        let part = |(number, inner): (usize, &license::License)| Self {
            inner: inner.clone(),
            recipe: self.recipe.part(number),
        };
        self.inner.parts().iter().enumerate().map(part).collect()
    }

    /// The title in a language, or the nearest one that has it, or English.
    #[pyo3(signature = (lang="en"))]
    fn title(&self, lang: &str) -> Option<String> {
        self.inner.title(lang)
    }

    /// The address in the spelling a target wants: `iiif`, `edm`, `rdf`, `spdx`, `html`.
    fn uri_for(&self, target: &str) -> Option<String> {
        self.inner.uri_for(target)
    }

    /// May it be used for this? Verdict, reason, row of the table, hints.
    fn check(&self, py: Python<'_>, use_: &str) -> PyResult<(&'static str, &'static str, Option<String>, Vec<String>)> {
        let answer = self.inner.check(asked(py, use_)?);
        Ok((answer.verdict.id(), answer.reason, answer.row, answer.hint))
    }

    /// May works under both be remixed into one? Verdict, reason, pair, unit, row of the table.
    fn remix(&self, other: &Self) -> Combined {
        combined(&license::remix(&self.inner, &other.inner))
    }

    /// A credit line and what it lacks.
    #[pyo3(signature = (*, title, author, source, modified, style))]
    fn attribution(
        &self,
        py: Python<'_>,
        title: Option<&str>,
        author: Option<&str>,
        source: Option<&str>,
        modified: bool,
        style: &str,
    ) -> PyResult<(String, Vec<&'static str>)> {
        let Some(style) = Style::from_name(style) else {
            let message = format!("style is {style:?}; it can be text, html, markdown, wikitext or csl");
            return Err(error::raised(py, &Error::new(Kind::Value, message)));
        };
        let Attribution { text, warnings } = self.inner.attribution(Work { title, author, source, modified }, style);
        Ok((text, warnings))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let Recipe { text, assume_version, constant, decision, path, all } = self.recipe.clone();
        let class = py.get_type::<Self>().into_any();
        Ok((class, (text, assume_version, constant, decision, path, all).into_pyobject(py)?))
    }

    fn __repr__(&self) -> String {
        let status = self.status();
        let shown = match (self.inner.id(), self.inner.claimed()) {
            (Some(id), _) => format!("<License {id}: {status}>"),
            (_, Some(claimed)) => format!("<License {claimed}: {status}>"),
            _ => format!("<License: {status}>"),
        };
        escaped(&shown, Notation::Plain).into_owned()
    }

    fn __str__(&self) -> String {
        let label = self.inner.label().unwrap_or_else(|| self.status().to_owned());
        escaped(&label, Notation::Plain).into_owned()
    }
}

type Combined = (&'static str, &'static str, Option<(usize, usize)>, Option<&'static str>, Option<String>);

fn combined(found: &license::Combined) -> Combined {
    let unit = found.unit.map(license::Unit::code);
    (found.verdict.id(), found.reason, found.pair, unit, found.row.clone())
}

/// What all these licences leave together.
#[pyfunction]
pub fn combine(licenses: Vec<PyRef<'_, License>>) -> Combined {
    let licenses: Vec<license::License> = licenses.iter().map(|license| license.inner.clone()).collect();
    combined(&license::combine(&licenses))
}

/// Every licence and statement of a text.
#[pyfunction]
pub fn licenses_in(text: &str) -> Vec<License> {
    let found = license::parse_all(text).into_iter().enumerate();
    let recipe = |number| Recipe { text: text.to_owned(), path: vec![number], all: true, ..Recipe::default() };
    found.map(|(number, inner)| License { inner, recipe: recipe(number) }).collect()
}

/// What can be checked for.
pub fn uses(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let known = PyDict::new(py);
    for (name, meaning) in Use::NAMES {
        known.set_item(name, meaning)?;
    }
    Ok(known)
}

pub(super) fn asked(py: Python<'_>, name: &str) -> PyResult<Use> {
    Use::from_name(name).ok_or_else(|| {
        let known: Vec<&str> = Use::NAMES.iter().map(|(name, _)| *name).collect();
        let message = format!("no check {name:?}; known are {}", known.join(", "));
        error::raised(py, &Error::new(Kind::Value, message))
    })
}
