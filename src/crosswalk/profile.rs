//! Profiles: the dialects of a format that families of providers write, and the signs by which a record of
//! one is recognised.
//!
//! A profile is one rule file, `rules/FORMAT.NAME.sssom.tsv`. Its block lists the signs: `nx_signs` with
//! `column pattern`, separated by `;`. A column is one of the format with a text or a list of texts; `base_url`
//! is the address of the provider that the page names, `extra` the name of an element outside the format.

use super::pattern::{PATH_START, Pattern};
use super::rule::{FILES, dialects};
use super::sssom::Sheet;
use crate::columns::{Columns, Data, Text, range};
use arrow_buffer::OffsetBuffer;
use serde_json::Value;
use std::sync::LazyLock;

/// A dialect and its signs.
#[derive(Debug)]
pub struct Profile {
    /// The format.
    pub format: &'static str,
    /// The name of the dialect.
    pub name: &'static str,
    /// What it is a dialect of, in words.
    pub title: String,
    /// Whether it is laid over that of a platform: guidelines that many platforms follow.
    pub beside: bool,
    /// Column and pattern; a record with one of them is of this dialect.
    pub signs: Vec<(String, Pattern)>,
    /// The signs as the file has them.
    pub text: String,
}

/// The profiles of all formats, those of platforms in the order in which they are looked for.
static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| FILES.iter().filter_map(profile).collect());

/// A set of dialects, a bit for each profile of the format.
pub type Set = u32;

/// The signs that are looked at before all others, of all profiles: those that only one platform writes.
const FIRST: [&str; 3] = ["identifier", "sets", "extra"];

fn profile((name, text): &(&'static str, &'static str)) -> Option<Profile> {
    let (format, name) = name.split_once('.')?;
    let sheet = Sheet::read(name, text).ok()?;
    let slot = |slot: &str| sheet.slot(slot).unwrap_or_default().to_owned();
    let text = slot("nx_signs");
    let sign = |part: &str| part.trim().split_once(' ').map(|(column, form)| (column.to_owned(), Pattern::new(form)));
    let signs = text.split(';').filter_map(sign).collect();
    let title = slot("mapping_set_title");
    let beside = slot("nx_beside") == "true";
    Some(Profile { format, name, title, beside, signs, text })
}

/// The profiles of a format.
pub fn of(format: &str) -> impl Iterator<Item = &'static Profile> {
    PROFILES.iter().filter(move |profile| profile.format == format)
}

/// The names of the dialects of a set.
#[must_use]
pub fn names(format: &str, set: Set) -> Vec<&'static str> {
    of(format).enumerate().filter(|(at, _)| set & (1 << at) != 0).map(|(_, profile)| profile.name).collect()
}

/// Where a page comes from, and how many records it has.
#[derive(Debug, Clone, Copy)]
pub struct PageOrigin<'a> {
    /// The base URL of the provider, as the page states it.
    pub base_url: Option<&'a str>,
    /// Records, deleted ones included.
    pub records: u64,
}

/// The addresses of the providers of rows, as dialects of runs of rows.
#[derive(Debug, Default)]
pub struct Origin {
    runs: Vec<(usize, Set)>,
}

impl Origin {
    /// The dialects of `rows` records of a format by the pages that they come from. Pages that do not account for
    /// the rows, as those of a part of a table, count if all are of one dialect.
    #[must_use]
    pub fn new(format: &str, pages: &[PageOrigin<'_>], rows: usize) -> Self {
        let signs = signs(format, |column| column == "base_url");
        let set = |address: &str| signs.iter().find(|(.., pattern)| pattern.fits(address)).map_or(0, |(set, ..)| *set);
        let mut sets: Vec<Set> = Vec::with_capacity(pages.len());
        for run in pages.chunk_by(|one, next| one.base_url == next.base_url) {
            sets.resize(sets.len() + run.len(), set(run[0].base_url.unwrap_or_default()));
        }
        let counted: u64 = pages.iter().map(|page| page.records).sum();
        if counted as usize == rows {
            return Self { runs: pages.iter().zip(sets).map(|(page, set)| (page.records as usize, set)).collect() };
        }
        match sets.first() {
            Some(first) if sets.iter().all(|set| set == first) => Self { runs: vec![(rows, *first)] },
            _ => Self::default(),
        }
    }

    /// Takes what is known of the next rows.
    fn take(&mut self, rows: usize) -> Vec<Set> {
        let mut sets = Vec::with_capacity(rows);
        for (left, set) in &mut self.runs {
            let count = (*left).min(rows - sets.len());
            sets.resize(sets.len() + count, *set);
            *left -= count;
        }
        self.runs.retain(|(left, _)| *left > 0);
        sets.resize(rows, 0);
        sets
    }
}

/// A sign: the set of its dialect, whether that stands beside others, the column, the pattern.
type Sign = (Set, bool, &'static str, &'static Pattern);

/// The signs of the profiles of a format in some columns, column by column.
fn signs(format: &str, column: impl Fn(&str) -> bool) -> Vec<Sign> {
    let signs = of(format).enumerate().flat_map(|(at, profile)| {
        profile.signs.iter().map(move |(name, pattern)| (1 << at, profile.beside, name.as_str(), pattern))
    });
    let mut signs: Vec<Sign> = signs.filter(|(_, _, name, _)| column(name)).collect();
    signs.sort_by_key(|(_, _, name, _)| *name);
    signs
}

/// The dialects of each row of a batch: by what only one platform writes, else by the address of the provider,
/// else by the addresses of the record; and those that stand beside any. Records that a crosswalk made have a
/// residue, and are read as they were written.
#[must_use]
pub fn recognise(format: &str, columns: &Columns, origin: &mut Origin) -> Vec<Set> {
    if columns.get("residue").is_some() {
        return remembered(format, columns, |_| true);
    }
    let mut sets = vec![0; columns.rows];
    let mut others = vec![0; columns.rows];
    look(&mut sets, columns, &signs(format, |name| FIRST.contains(&name)), &mut others);
    for (set, base) in sets.iter_mut().zip(origin.take(columns.rows)) {
        if *set == 0 {
            *set = base;
        }
    }
    look(&mut sets, columns, &signs(format, |name| !FIRST.contains(&name) && name != "base_url"), &mut others);
    for (set, other) in sets.iter_mut().zip(others) {
        *set |= other;
    }
    sets
}

/// Looks for signs in the rows that have no platform yet, and for those of dialects beside them.
fn look(sets: &mut [Set], columns: &Columns, signs: &[Sign], others: &mut [Set]) {
    for signs in signs.chunk_by(|one, next| one.2 == next.2) {
        let Some((offsets, texts)) = columns.get(signs[0].2).and_then(texts) else { continue };
        let (platforms, beside): (Vec<&Sign>, Vec<&Sign>) = signs.iter().partition(|(_, beside, ..)| !beside);
        for (signs, known) in [(platforms, &mut *sets), (beside, &mut *others)] {
            let starts: Option<Vec<_>> = signs.iter().map(|(.., pattern)| pattern.path_start()).collect();
            let may_be = |text: &str| match &starts {
                Some(starts) => {
                    let mut parts = text.as_bytes().windows(PATH_START);
                    parts.any(|part| part[0] == b'/' && starts.iter().any(|start| start == part))
                }
                None => true,
            };
            let found = |text: &str| {
                let fitting = signs.iter().find(|(.., pattern)| pattern.fits(text));
                fitting.map_or(0, |(set, ..)| *set)
            };
            for row in (0..known.len()).filter(|_| !signs.is_empty()) {
                let items = offsets.map_or(row..row + 1, |offsets| range(offsets, row));
                for text in items.map(|at| texts.raw(at)) {
                    if known[row] == 0 && may_be(text) {
                        known[row] = found(text);
                    }
                }
            }
        }
    }
}

/// The texts of a column, with the offsets of its lists; of groups, those of the first member.
fn texts(data: &Data) -> Option<(Option<&OffsetBuffer<i32>>, &Text)> {
    if let Some(text) = data.text() {
        return Some((None, text));
    }
    if let Some((offsets, texts)) = data.texts() {
        return Some((Some(offsets), texts));
    }
    let (offsets, fields) = data.groups()?;
    Some((Some(offsets), fields.first()?.data.text()?))
}

/// The dialects of a format that the residue of each row names, for the format that `is_of` accepts.
#[must_use]
pub fn remembered(format: &str, columns: &Columns, is_of: impl Fn(&str) -> bool) -> Vec<Set> {
    let texts = columns.get("residue").and_then(Data::text);
    let set = |row: usize| {
        let text = texts.and_then(|texts| texts.get(row)).filter(|text| text.contains("\"dialect\":"));
        let mut whole = text.and_then(|text| serde_json::from_str::<Value>(text).ok()).unwrap_or_default();
        while whole.is_object() && !whole["of"].as_str().is_some_and(&is_of) {
            whole = whole["with"].take();
        }
        let named = whole["dialect"].as_str().unwrap_or_default();
        let is_named = |profile: &Profile| named.split('+').any(|name| name == profile.name);
        of(format).enumerate().filter(|(_, profile)| is_named(profile)).fold(0, |set, (at, _)| set | (1 << at))
    };
    (0..columns.rows).map(set).collect()
}

/// Whether a format has dialects.
#[must_use]
pub fn has(format: &str) -> bool {
    !dialects(format).is_empty()
}
