//! Records that are each read with the dialect of their provider: a batch is mapped dialect by dialect, and its
//! records are put back in order.

use super::apply::Custom;
use super::profile::{self, Origin, PageOrigin, Set};
use super::{Crosswalk, Mapped, Options, Session};
use crate::columns::Columns;
use crate::columns::rows::runs;
use crate::error::Result;
use std::ops::Range;

/// How to compile a crosswalk for a dialect.
#[derive(Debug, Clone)]
pub struct Recipe {
    source: String,
    target: String,
    options: Options,
    inverted: bool,
}

impl Recipe {
    pub fn new(source: &str, target: &str, options: &Options) -> Self {
        Self { source: source.to_owned(), target: target.to_owned(), options: options.clone(), inverted: false }
    }

    /// That of the inverse.
    pub fn inverted(&self) -> Self {
        Self { inverted: !self.inverted, ..self.clone() }
    }

    fn crosswalk(&self, dialects: &[&str]) -> Result<Crosswalk> {
        let dialects = dialects.iter().map(|name| (*name).to_owned()).collect();
        let options = Options { dialects, recognise: false, ..self.options.clone() };
        let crosswalk = Crosswalk::new(&self.source, &self.target, &options)?;
        if self.inverted { crosswalk.invert(&options.custom) } else { Ok(crosswalk) }
    }
}

/// What a session remembers of dialects: their crosswalks, and where the next rows come from.
#[derive(Debug, Default)]
pub struct Profiles {
    origin: Origin,
    crosswalks: Vec<(Set, Crosswalk, Session)>,
}

impl Session {
    /// Begins with a table of `rows` records that these pages contain.
    pub fn begin(&mut self, crosswalk: &Crosswalk, pages: &[PageOrigin<'_>], rows: usize) {
        if crosswalk.recognises.is_some() {
            self.profiles.origin = Origin::new(crosswalk.source.vocabulary.name, pages, rows);
        }
    }
}

impl Profiles {
    fn find(&mut self, set: Set, names: &[&str], recipe: &Recipe) -> Result<&mut (Set, Crosswalk, Session)> {
        let found = self.crosswalks.iter().position(|(own, ..)| *own == set);
        if found.is_none() {
            self.crosswalks.push((set, recipe.crosswalk(names)?, Session::default()));
        }
        let at = found.unwrap_or(self.crosswalks.len() - 1);
        Ok(&mut self.crosswalks[at])
    }
}

impl Crosswalk {
    pub(super) fn apply_recognised(
        &self,
        recipe: &Recipe,
        columns: &Columns,
        session: &mut Session,
        custom: &mut Custom,
    ) -> Result<Mapped> {
        let source = self.source.vocabulary.name;
        let (format, sets) = if profile::has(source) {
            (source, profile::recognise(source, columns, &mut session.profiles.origin))
        } else {
            let target = self.target.vocabulary.name;
            (target, profile::remembered(target, columns, |of| of == target))
        };
        let mut different: Vec<Set> = Vec::new();
        for set in sets.chunk_by(|one, next| one == next).map(|run| run[0]) {
            if !different.contains(&set) {
                different.push(set);
            }
        }
        let whole = different.len() == 1;
        let mut parts: Vec<(Mapped, Vec<usize>)> = Vec::new();
        for set in different {
            let rows: Vec<usize> = (0..sets.len()).filter(|row| !whole && sets[*row] == set).collect();
            let taken;
            let part = if whole {
                columns
            } else {
                taken = columns.take(&rows);
                &taken
            };
            let names = profile::names(format, set);
            let mut mapped = if names.is_empty() {
                self.map(part, session, custom)?
            } else {
                let (_, crosswalk, own) = session.profiles.find(set, &names, recipe)?;
                crosswalk.map(part, own, custom)?
            };
            for name in names.into_iter().filter(|_| mapped.loss.records > 0) {
                *mapped.loss.dialects.entry(name).or_default() += mapped.loss.records;
            }
            parts.push((mapped, rows));
        }
        match parts.len() {
            0 => self.map(columns, session, custom),
            1 => Ok(parts.remove(0).0),
            _ => Ok(self.joined(parts)),
        }
    }

    /// The parts of a batch as one, in the order of its rows.
    fn joined(&self, parts: Vec<(Mapped, Vec<usize>)>) -> Mapped {
        let mut order: Vec<(usize, usize, usize)> = Vec::new();
        for (part, (mapped, rows)) in parts.iter().enumerate() {
            order.extend(mapped.rows.iter().enumerate().map(|(at, row)| (rows[*row as usize], part, at)));
        }
        order.sort_unstable();
        let mut pieces: Vec<(&Columns, Range<usize>)> = Vec::new();
        for same in order.chunk_by(|one, next| one.1 == next.1) {
            let taken: Vec<usize> = same.iter().map(|(_, _, at)| *at).collect();
            pieces.extend(runs(&taken).map(|run| (&parts[same[0].1].0.columns, run)));
        }
        let columns = self.blank().gather(&pieces);
        let rows = order.iter().map(|(row, ..)| *row as u32).collect();
        let mut loss = super::Loss::default();
        for (mapped, _) in parts {
            loss.absorb(mapped.loss);
        }
        Mapped { columns, rows, loss }
    }
}
