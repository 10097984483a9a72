//! A batch of columns to leaves, without the rows that are not mapped.

use super::Crosswalk;
use super::loss::Loss;
use crate::columns::build::Texts;
use crate::columns::leaf::Leaves;
use crate::columns::{Columns, Data};

/// Columns that say that a record is not public.
const PRIVATE: [&str; 3] = ["multiMediaPublic", "objectPublic", "public"];

/// The residue of each chosen row, where the columns have one.
fn residues(columns: &Columns, chosen: &[u32]) -> impl Iterator<Item = Option<String>> {
    let texts = columns.get("residue").and_then(Data::text);
    chosen.iter().map(move |row| texts.and_then(|texts| texts.get(*row as usize)).map(str::to_owned))
}

/// A batch as leaves.
#[derive(Default)]
pub struct Read {
    pub leaves: Leaves,
    /// The notes of each row, as JSON.
    pub notes: Texts,
    /// Items of `extra` whose content is read.
    pub inside: Vec<(u32, u32)>,
    pub residues: Vec<Option<String>>,
}

impl Crosswalk {
    /// The leaves of a batch, without the rows that are not mapped.
    pub(super) fn read(&self, columns: &Columns, loss: &mut Loss) -> Read {
        let mut read = Read::default();
        let chosen = self.chosen(columns, loss);
        self.source.leaves(columns, &chosen, &mut read.leaves, &mut read.notes);
        read.inside = self.source.unfold(columns, &chosen, &mut read.leaves);
        read.residues = residues(columns, &chosen).collect();
        for leaf in &mut read.leaves.leaves {
            leaf.whole();
        }
        self.source.settle(&mut read.leaves);
        read
    }

    /// The rows that are mapped: not deleted, and public unless private ones are asked for.
    fn chosen(&self, columns: &Columns, loss: &mut Loss) -> Vec<u32> {
        let flags = |name: &str| columns.get(name).filter(|data| matches!(data, Data::Flag(..)));
        let is = |flag: &Data, row: usize, wanted: bool| match flag {
            Data::Flag(values, _) => !flag.is_null(row) && values.value(row) == wanted,
            _ => false,
        };
        let deleted = flags("deleted");
        let public: Vec<&Data> = PRIVATE.iter().filter(|_| !self.private).filter_map(|name| flags(name)).collect();
        let mut chosen = Vec::with_capacity(columns.rows);
        for row in 0..columns.rows {
            if deleted.is_some_and(|flag| is(flag, row, true)) {
                loss.deleted += 1;
            } else if public.iter().any(|flag| is(flag, row, false)) {
                loss.private += 1;
            } else {
                chosen.push(row as u32);
            }
        }
        chosen
    }
}
