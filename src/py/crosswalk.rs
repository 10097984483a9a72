//! Crosswalks, from Python.

use super::error;
use super::table::Table;
use super::wait::wait;
use crate::crosswalk::decisions::{self, Decisions};
use crate::crosswalk::loss::Loss;
use crate::crosswalk::outcome::Outcome;
use crate::crosswalk::profile::PageOrigin;
use crate::crosswalk::{self, Options, Session, profile, rule};
use crate::error::{Error, Kind, go_on};
use crate::table;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};
use std::sync::{Arc, Mutex};

/// Rules from one format to another, compiled.
#[pyclass(frozen, module = "naturalia._core")]
pub struct Crosswalk {
    inner: crosswalk::Crosswalk,
    functions: Vec<Function>,
    session: Mutex<Session>,
}

/// A function of the caller and its inverse.
type Function = (String, Py<PyAny>, Option<Py<PyAny>>);

/// A decision: whether on the licence of the record, the statement, the licence, by, date, reason.
type Decision = (bool, String, String, Option<String>, Option<String>, Option<String>);

/// How often decisions were applied: whether on the licence of the record, the statement, how often.
type Uses = Vec<(bool, String, u64)>;

/// A rule as a row: format, way, then the cells by header.
type Row = (String, &'static str, Vec<(String, String)>);

#[pymethods]
impl Crosswalk {
    #[new]
    #[expect(clippy::too_many_arguments)]
    #[pyo3(signature = (source, target, *, dialects, recognise, sheets, functions, lang, private, defaults, decisions=Vec::new()))]
    fn new(
        py: Python<'_>,
        source: &str,
        target: &str,
        dialects: Vec<String>,
        recognise: bool,
        sheets: Vec<(String, String)>,
        functions: Vec<Function>,
        lang: Vec<String>,
        private: bool,
        defaults: Vec<(String, String)>,
        decisions: Vec<Decision>,
    ) -> PyResult<Self> {
        let custom = names(&functions);
        let decisions = Arc::new(by_statement(decisions));
        let options = Options { dialects, recognise, sheets, custom, lang, private, defaults, decisions };
        let inner = crosswalk::Crosswalk::new(source, target, &options);
        let inner = inner.map_err(|failure| error::raised(py, &failure))?;
        Ok(Self { inner, functions, session: Mutex::default() })
    }

    /// The format that is read.
    #[getter]
    fn source(&self) -> &'static str {
        self.inner.source.vocabulary.name
    }

    /// The format that is made.
    #[getter]
    fn target(&self) -> &'static str {
        self.inner.target.vocabulary.name
    }

    /// The rules, step by step, in order.
    fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        for (rules, way) in self.inner.rules.iter() {
            let sheet = rules.sheet();
            for (_, cells) in &sheet.rows {
                let row = sheet.headers.iter().cloned().zip(cells.iter().cloned()).collect();
                let way = if *way == crosswalk::compile::Way::Forward { "forward" } else { "backward" };
                rows.push((rules.format.clone(), way, row));
            }
        }
        rows
    }

    /// The rule files: format and text.
    fn sheets(&self) -> Vec<(String, String)> {
        self.inner.rules.iter().map(|(rules, _)| (rules.format.clone(), rules.sheet().write())).collect()
    }

    /// The same rules, read the other way.
    fn invert(&self, py: Python<'_>) -> PyResult<Self> {
        let inner = self.inner.invert(&names(&self.functions)).map_err(|failure| error::raised(py, &failure))?;
        Ok(Self { inner, functions: copied(py, &self.functions), session: Mutex::default() })
    }

    /// Maps a table: the table that is made, and the account.
    fn apply<'py>(&self, py: Python<'py>, table: PyRef<'_, Table>) -> PyResult<(Table, Bound<'py, PyDict>)> {
        let source = table.inner();
        let mut made = Vec::new();
        let mut loss = Loss::default();
        if self.functions.is_empty() {
            (made, loss) = wait(py, |cancel| {
                let mut made = Vec::new();
                let mut loss = Loss::default();
                // Two threads may use one crosswalk: the second remembers for itself.
                let (mut own, mut shared) = (Session::default(), self.session.try_lock().ok());
                let session = shared.as_deref_mut().unwrap_or(&mut own);
                session.begin(&self.inner, &origins(source), source.len());
                for batch in source.evenly() {
                    go_on(cancel)?;
                    let mapped = self.inner.apply(&batch, session, &mut |_, _, _| Ok(Vec::new()))?;
                    made.push(mapped.columns);
                    loss.absorb(mapped.loss);
                }
                Ok((made, loss))
            })?;
        } else {
            let mut session = Session::default();
            session.begin(&self.inner, &origins(source), source.len());
            for batch in source.evenly() {
                py.check_signals()?;
                let mut call = |number: usize, backward: bool, texts: &[&str]| self.call(py, number, backward, texts);
                let mapped =
                    self.inner.apply(&batch, &mut session, &mut call).map_err(|failure| error::raised(py, &failure))?;
                made.push(mapped.columns);
                loss.absorb(mapped.loss);
            }
        }
        let table = table::Table::of(self.target(), self.inner.blank(), made);
        Ok((table.into(), account(py, &loss)?))
    }
}

impl Crosswalk {
    /// Calls a function of the caller with distinct texts.
    fn call(
        &self,
        py: Python<'_>,
        number: usize,
        backward: bool,
        texts: &[&str],
    ) -> crate::error::Result<Vec<Option<String>>> {
        let (name, forward, inverse) = &self.functions[number];
        let function = if backward { inverse.as_ref().unwrap_or(forward) } else { forward };
        let answer = function.call1(py, (texts.to_vec(),)).map_err(|failure| {
            Error::new(Kind::Rules, format!("the function {name} failed: {failure}")).caused_by(failure)
        })?;
        let answers: Vec<Option<String>> = answer.extract(py).map_err(|failure: PyErr| {
            let message = format!("the function {name} has to give a list of texts or None, one for each text");
            Error::new(Kind::Rules, message).caused_by(failure)
        })?;
        if answers.len() != texts.len() {
            let message = format!("the function {name} gave {} values for {}", answers.len(), texts.len());
            return Err(Error::new(Kind::Rules, message));
        }
        Ok(answers)
    }
}

fn by_statement(decisions: Vec<Decision>) -> Decisions {
    let mut all = Decisions::default();
    for (of_record, statement, license, by, date, reason) in decisions {
        let decision = decisions::Decision { license, notes: [by, date, reason] };
        all.by_statement[usize::from(of_record)].insert(decisions::statement_key(&statement), decision);
    }
    all
}

fn uses(uses: &decisions::Uses) -> Uses {
    uses.iter().map(|((subject, statement), count)| (*subject == 1, statement.clone(), *count)).collect()
}

/// Media with decisions about their rights statements applied, and how often each was.
#[pyfunction]
pub fn decide(py: Python<'_>, table: PyRef<'_, Table>, decisions: Vec<Decision>) -> PyResult<(Table, Uses)> {
    let (inner, all) = (table.inner(), by_statement(decisions));
    let (decided, count) = wait(py, |cancel| {
        let mut count = decisions::Uses::new();
        let decide = |columns: &_| decisions::decide_columns(columns, &all, &mut count);
        Ok((inner.map(decide, cancel)?, count))
    })?;
    Ok((decided.into(), uses(&count)))
}

/// A rights statement as decisions are found by it.
#[pyfunction]
pub fn statement_key(statement: &str) -> String {
    decisions::statement_key(statement)
}

fn names(functions: &[Function]) -> Vec<(String, bool)> {
    functions.iter().map(|(name, _, inverse)| (name.clone(), inverse.is_some())).collect()
}

fn copied(py: Python<'_>, functions: &[Function]) -> Vec<Function> {
    let copy = |(name, forward, inverse): &Function| {
        (name.clone(), forward.clone_ref(py), inverse.as_ref().map(|inverse| inverse.clone_ref(py)))
    };
    functions.iter().map(copy).collect()
}

fn account<'py>(py: Python<'py>, loss: &Loss) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let counts = [
        ("records", loss.records),
        ("made", loss.made),
        ("private", loss.private),
        ("deleted", loss.deleted),
        ("values", loss.values),
        ("bytes", loss.bytes),
        ("residue", loss.residue),
        ("edited", loss.edited),
        ("unread", loss.unread),
    ];
    for (name, count) in counts {
        dict.set_item(name, count)?;
    }
    dict.set_item("decisions", uses(&loss.decisions))?;
    let lines = PyList::empty(py);
    for (key, line) in &loss.lines {
        let row = (&key.field, key.outcome.name(), &key.rule, &key.reason, line.count, line.records, &line.examples);
        lines.append(row)?;
    }
    dict.set_item("lines", lines)?;
    let besides = PyList::empty(py);
    for ((field, outcome, rule), count) in &loss.besides {
        besides.append((field, outcome, rule, count))?;
    }
    dict.set_item("besides", besides)?;
    dict.set_item("dialects", &loss.dialects)?;
    Ok(dict)
}

/// The formats with rules and their dialects.
pub fn known(py: Python<'_>) -> PyResult<Bound<'_, PyDict>> {
    let known = PyDict::new(py);
    for format in rule::formats() {
        known.set_item(format, rule::dialects(format))?;
    }
    Ok(known)
}

/// The dialects: format, name, what it is a dialect of, and the signs that it is recognised by.
pub fn profiles() -> Vec<(&'static str, &'static str, &'static str, &'static str)> {
    let row = |profile: &'static profile::Profile| (profile.format, profile.name, &*profile.title, &*profile.text);
    rule::formats().into_iter().flat_map(profile::of).map(row).collect()
}

/// The names of the outcomes, from best to worst.
pub fn outcomes() -> Vec<&'static str> {
    Outcome::ALL.iter().map(|outcome| outcome.name()).collect()
}

/// Where the records of a table come from, page by page.
fn origins(table: &table::Table) -> Vec<PageOrigin<'_>> {
    let pages = table.pages.iter();
    pages.map(|page| PageOrigin { base_url: page.base_url.as_deref(), records: page.records }).collect()
}
