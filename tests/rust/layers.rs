//! Modules import from lower layers only, and a third-party crate that shapes code has one home.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// The layer of each module at the top of the crate, as `src/lib.rs` lists them.
const LAYERS: &[(&str, u8)] = &[
    ("error", 0),
    ("report", 0),
    ("license", 0),
    ("terminal", 0),
    ("limits", 0),
    ("columns", 1),
    ("value", 1),
    ("xml", 1),
    ("format", 2),
    ("crosswalk", 3),
    ("oai", 3),
    ("replies", 3),
    ("http", 4),
    ("scan", 4),
    ("store", 4),
    ("source", 5),
    ("table", 5),
    ("fetch", 6),
    ("harvest", 6),
    ("load", 6),
    ("validate", 6),
    ("write", 7),
    ("py", 8),
];

/// The modules that may name a crate; every other crate is named in one module at most.
const HOMES: &[(&str, &[&str])] = &[
    ("arrow_array", &["table"]),
    ("arrow_schema", &["table"]),
    ("arrow_buffer", &["columns", "crosswalk", "load", "table", "py"]),
    ("bytestring", &["columns"]),
    ("chrono", &["value"]),
    ("csv", &["crosswalk", "load", "replies", "write"]),
    ("edtf_core", &["value"]),
    ("ahash", &["columns", "table"]),
    ("encoding_rs", &["xml", "oai", "scan", "validate"]),
    ("flate2", &["scan", "http"]),
    ("hashbrown", &["columns"]),
    ("html_escape", &["value", "xml"]),
    ("infer", &["fetch"]),
    ("isolang", &["value"]),
    ("memchr", &["columns", "oai", "source", "xml"]),
    ("oxilangtag", &["value"]),
    ("pyo3", &["py"]),
    ("quick_xml", &["xml"]),
    ("rayon", &["scan"]),
    ("reqwest", &["http"]),
    ("rustls", &["http"]),
    ("ring", &["fetch", "http"]),
    ("rusqlite", &["store"]),
    ("serde", &["load", "write"]),
    (
        "serde_json",
        &["crosswalk", "fetch", "format", "harvest", "load", "replies", "source", "store", "table", "write"],
    ),
    ("simdutf8", &["replies", "table", "xml"]),
    ("tokio", &["http"]),
    ("unicode_normalization", &["fetch", "value"]),
    ("xxhash_rust", &["store"]),
    ("zstd", &["store"]),
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
}

/// Every source file: its module at the top of the crate, and its code without comments and tests.
fn modules() -> Vec<(String, PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let module = |path: &PathBuf| {
        let first = path.strip_prefix(&root).unwrap().components().next().unwrap();
        first.as_os_str().to_str().unwrap().trim_end_matches(".rs").to_owned()
    };
    let code = |path: &PathBuf| {
        let text = fs::read_to_string(path).unwrap();
        let text = text.split("#[cfg(test)]").next().unwrap_or_default().to_owned();
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
    };
    files.iter().map(|path| (module(path), path.clone(), code(path))).filter(|(name, ..)| name != "lib").collect()
}

/// Whether `code` names the crate or module path that starts with `word`.
fn names(code: &str, word: &str) -> bool {
    code.match_indices(word).any(|(at, _)| {
        let before = code[..at].chars().next_back().unwrap_or(' ');
        let after = &code[at + word.len()..];
        !(before.is_alphanumeric() || before == '_' || before == ':') && after.starts_with("::")
            || code[..at].ends_with("use ") && after.starts_with(';')
    })
}

#[test]
fn every_module_has_a_layer() {
    for (module, path, _) in modules() {
        assert!(LAYERS.iter().any(|(name, _)| *name == module), "{} has no layer", path.display());
    }
}

#[test]
fn no_module_imports_from_its_own_layer_or_a_higher_one() {
    let layer = |module: &str| LAYERS.iter().find(|(name, _)| *name == module).unwrap().1;
    for (module, path, code) in modules() {
        for (other, height) in LAYERS.iter().filter(|(other, _)| *other != module) {
            let climbs = *height >= layer(&module) && *height > 0;
            let named = code.contains(&format!("crate::{other}::")) || code.contains(&format!("crate::{other} as"));
            assert!(!(climbs && named), "{} climbs to {other}", path.display());
        }
    }
}

#[test]
fn every_crate_that_shapes_code_is_named_at_home_only() {
    let manifest = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml")).unwrap();
    let dependencies = manifest.split("[dependencies]").nth(1).unwrap().split("\n[").next().unwrap();
    let crates = dependencies.lines().filter_map(|line| line.split([' ', '=']).next()).filter(|name| !name.is_empty());
    let mut users: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for name in crates.map(|name| name.replace('-', "_")) {
        for (module, _, code) in modules() {
            if names(&code, &name) {
                users.entry(name.clone()).or_default().push(module);
            }
        }
        assert!(HOMES.iter().any(|(known, _)| *known == name), "{name} has no home in this list");
    }
    for (name, modules) in users {
        let homes = HOMES.iter().find(|(known, _)| *known == name).unwrap().1;
        for module in modules {
            assert!(homes.contains(&module.as_str()), "{name} is named in {module}");
        }
    }
}

#[test]
fn unsafe_code_is_in_one_file() {
    for (_, path, code) in modules() {
        assert!(!code.contains("unsafe {") || path.ends_with("table/ffi.rs"), "{}", path.display());
    }
}
