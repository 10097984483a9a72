//! The columns that tell the rows of a list apart, whatever else they hold.

use crate::columns::{Columns, Data, range};
use crate::scan::Part;
use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};

/// The columns that tell records, and sets, apart.
pub struct Head<'a> {
    pub rows: usize,
    key: &'a Data,
    datestamp: Option<&'a Data>,
    moment: Option<&'a Data>,
    deleted: Option<&'a Data>,
    sets: Option<&'a Data>,
}

impl<'a> Head<'a> {
    pub fn of(columns: &'a Columns) -> Option<Self> {
        let key = columns.get("identifier").or_else(|| columns.get("setSpec"))?;
        Some(Self {
            rows: columns.rows,
            key,
            datestamp: columns.get("datestamp"),
            moment: columns.get("datestamp_utc"),
            deleted: columns.get("deleted"),
            sets: columns.get("sets"),
        })
    }

    /// The same of records alone.
    pub fn of_record(columns: &'a Columns) -> Option<Self> {
        columns.get("identifier").and_then(|_| Self::of(columns))
    }

    pub fn key(&self, row: usize) -> Option<&'a str> {
        self.key.text()?.get(row).filter(|key| !key.is_empty())
    }

    pub fn datestamp(&self, row: usize) -> Option<&'a str> {
        self.datestamp?.text()?.get(row).filter(|text| !text.is_empty())
    }

    pub fn moment(&self, row: usize) -> Option<i64> {
        match self.moment? {
            Data::Instant(values, _) if !self.moment?.is_null(row) => Some(values[row]),
            _ => None,
        }
    }

    pub fn deleted(&self, row: usize) -> bool {
        matches!(self.deleted, Some(Data::Flag(flags, _)) if flags.value(row))
    }

    pub fn sets(&self, row: usize) -> Vec<&'a str> {
        let Some((offsets, texts)) = self.sets.and_then(Data::texts) else { return Vec::new() };
        range(offsets, row).map(|at| texts.raw(at)).collect()
    }
}

/// Whether one of `sets` is `set`, or lies in it.
pub fn in_set(sets: &[&str], set: &str) -> bool {
    sets.iter().any(|own| own.strip_prefix(set).is_some_and(|rest| rest.is_empty() || rest.starts_with(':')))
}

/// Records of which the metadata is in another format than the one they were read as.
pub fn other_format(columns: &Columns) -> u64 {
    let Some((offsets, members)) = columns.get("extra").and_then(Data::groups) else { return 0 };
    let Some(names) = members.iter().find(|member| member.name == "element").and_then(|member| member.data.text())
    else {
        return 0;
    };
    let is_other = |row: &usize| range(offsets, *row).any(|at| names.get(at) == Some("oai:metadata"));
    (0..columns.rows).filter(is_other).count() as u64
}

/// A number for a value: the same for the same one, and for no other but by an unlikely chance.
pub fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// What a page lists, whatever the clock says.
pub fn digest(part: &Part) -> u64 {
    let mut hasher = DefaultHasher::new();
    for head in part.batches.iter().filter_map(|(_, columns)| Head::of(columns)) {
        for row in 0..head.rows {
            (head.key(row), head.datestamp(row)).hash(&mut hasher);
        }
    }
    hasher.finish()
}
