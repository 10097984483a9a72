//! The Python extension `naturalia._core`. The only module that names pyo3.
// Arguments come from Python as values of their own.
#![allow(clippy::needless_pass_by_value, clippy::too_many_arguments)]

mod crosswalk;
mod dicts;
mod error;
mod fetch;
mod harvest;
mod license;
mod licenses;
mod load;
mod pages;
mod provider;
mod read;
mod recipe;
mod record;
mod report;
mod running;
mod service;
mod table;
mod terminal;
mod validate;
mod value;
mod wait;
mod write;

use pyo3::prelude::*;

/// The Rust core of naturalia.
#[pymodule(gil_used = false)]
mod _core {
    use pyo3::prelude::*;
    use pyo3::types::PyDict;

    #[pymodule_export]
    use super::crosswalk::{Crosswalk, decide, statement_key};
    #[pymodule_export]
    use super::fetch::{FetchRun, fetched_files, find_file, portable};
    #[pymodule_export]
    use super::harvest::{
        HarvestParts, HarvestView, harvest_facts, harvest_history, harvest_purge, harvest_raw, harvest_relocate,
        harvest_verify,
    };
    #[pymodule_export]
    use super::license::{License, combine, licenses_in};
    #[pymodule_export]
    use super::licenses::{Answers, coded_licenses, licenses, rights_in, tally};
    #[pymodule_export]
    use super::load::{Cells, load_csv, load_json, members};
    #[pymodule_export]
    use super::pages::Pages;
    #[pymodule_export]
    use super::provider::{Provider, blank, shown};
    #[pymodule_export]
    use super::read::{Scan, inspect, is_terms, read, scan};
    #[pymodule_export]
    use super::record::Record;
    #[pymodule_export]
    use super::running::HarvestRun;
    #[pymodule_export]
    use super::service::Service;
    #[pymodule_export]
    use super::table::{Table, concat, join, split};
    #[pymodule_export]
    use super::terminal::escaped;
    #[pymodule_export]
    use super::validate::{rules, validate, validate_rows};
    #[pymodule_export]
    use super::value::apply;
    #[pymodule_export]
    use super::write::{
        XmlWriter, json_cells, longest, looks_active, noted, row_digests, types, write_csv, write_json,
    };

    #[pymodule_init]
    fn init(m: &Bound<'_, PyModule>) -> PyResult<()> {
        m.add("__version__", env!("CARGO_PKG_VERSION"))?;
        m.add("debug_build", cfg!(debug_assertions))?;
        let formats = PyDict::new(m.py());
        for vocabulary in crate::table::vocabularies() {
            formats.set_item(vocabulary.name, vocabulary.columns())?;
        }
        m.add("USES", super::license::uses(m.py())?)?;
        m.add("CROSSWALKS", super::crosswalk::known(m.py())?)?;
        m.add("DIALECTS", super::crosswalk::profiles())?;
        m.add("CLIENT_DEFAULTS", super::provider::client_defaults(m.py())?)?;
        m.add("NBA_LICENSES", crate::license::nba_values())?;
        m.add("DCMI_TYPES", crate::value::DCMI_TYPES)?;
        m.add("OUTCOMES", super::crosswalk::outcomes())?;
        let documents: Vec<&str> = crate::format::DOCUMENTS.iter().map(|document| document.name).collect();
        m.add("DOCUMENTS", documents)?;
        m.add("MAX_CONTENT", crate::limits::MAX_CONTENT)?;
        m.add("MAX_EMPTY", crate::limits::MAX_EMPTY)?;
        m.add("EMPTY_PER_BYTE", crate::limits::EMPTY_PER_BYTE)?;
        m.add("FORMATS", formats)
    }
}
