//! Validation, from Python.

use super::read::Source;
use super::table::Table;
use super::wait::wait;
use crate::scan::Input;
use crate::table;
use crate::validate as standards;
use crate::validate::rules::{Rule, all};
use crate::validate::{Findings, Plan};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

/// Checks sources: what was found and how often, pages, records.
#[pyfunction]
#[pyo3(signature = (sources, *, limit, threads, piece=None))]
pub fn validate(
    py: Python<'_>,
    sources: Vec<Source>,
    limit: usize,
    threads: Option<usize>,
    piece: Option<usize>,
) -> PyResult<Bound<'_, PyDict>> {
    let plan = Plan { most: limit, threads, piece };
    let inputs: Vec<Input> = sources.into_iter().map(Input::from).collect();
    let outcome = wait(py, |cancel| standards::check(&inputs, plan, cancel))?;
    let dict = found(py, &outcome.findings, None)?;
    dict.set_item("sources", inputs.len())?;
    dict.set_item("pages", outcome.pages)?;
    dict.set_item("records", outcome.records)?;
    Ok(dict)
}

/// Checks the rows of a table.
#[pyfunction]
#[pyo3(signature = (table, *, limit))]
pub fn validate_rows<'py>(py: Python<'py>, table: &Table, limit: usize) -> PyResult<Bound<'py, PyDict>> {
    let findings = wait(py, |cancel| standards::check_rows(table.inner(), limit, cancel))?;
    let dict = found(py, &findings, table.inner().private_rows().as_deref())?;
    dict.set_item("rows", table.inner().len())?;
    Ok(dict)
}

/// All rules: id, severity, kind, reference, title, advice.
#[pyfunction]
pub fn rules(py: Python<'_>) -> PyResult<Bound<'_, PyList>> {
    let list = PyList::empty(py);
    for rule in all() {
        list.append(row(py, rule)?)?;
    }
    Ok(list)
}

fn row<'py>(py: Python<'py>, rule: &Rule) -> PyResult<Bound<'py, PyDict>> {
    let row = PyDict::new(py);
    let cells = [
        ("rule", rule.id),
        ("severity", rule.severity()),
        ("kind", rule.kind),
        ("title", rule.title),
        ("advice", rule.advice),
        ("reference", rule.reference),
    ];
    for (name, text) in cells {
        row.set_item(name, text)?;
    }
    Ok(row)
}

fn found<'py>(py: Python<'py>, findings: &Findings, private: Option<&[u64]>) -> PyResult<Bound<'py, PyDict>> {
    let dict = PyDict::new(py);
    let mut columns = findings.columns();
    let record = |row: Option<usize>, numbers: &[u64]| row.map_or(0, |row| numbers[row]);
    columns.private = private.map(|numbers| findings.rows().map(|row| record(row, numbers)).collect::<Vec<_>>().into());
    let table = table::Table::of("findings", columns.slice(0, 0), vec![columns]);
    dict.set_item("findings", Table::from(table))?;
    let counts = PyList::empty(py);
    for (rule, count) in findings.counts() {
        let row = row(py, rule)?;
        row.set_item("count", count)?;
        counts.append(row)?;
    }
    dict.set_item("counts", counts)?;
    Ok(dict)
}
