//! A batch of columns to leaves, without the rows that are not mapped.

use super::Crosswalk;
use super::loss::Loss;
use super::outcome::Ids;
use crate::columns::build::Texts;
use crate::columns::leaf::Leaves;
use crate::columns::{Columns, Data};
use arrow_buffer::ScalarBuffer;
use std::collections::HashSet;

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
    /// The number of the private record that each row is, or 0; `None` if all are public.
    pub private: Option<ScalarBuffer<u64>>,
    /// The rows of the batch that are mapped.
    pub chosen: Vec<u32>,
}

impl Crosswalk {
    /// The leaves of a batch, without the rows that are not mapped.
    pub(super) fn read(&self, columns: &Columns, loss: &mut Loss) -> Read {
        let mut read = Read::default();
        let private = columns.private_rows();
        let chosen = self.chosen(columns, private.as_ref(), loss);
        read.private = private.filter(|_| self.private);
        read.private =
            read.private.map(|numbers| chosen.iter().map(|row| numbers[*row as usize]).collect::<Vec<_>>().into());
        self.source.leaves(columns, &chosen, &mut read.leaves, &mut read.notes);
        read.inside = self.source.unfold(columns, &chosen, &mut read.leaves);
        read.residues = residues(columns, &chosen).collect();
        for leaf in &mut read.leaves.leaves {
            leaf.whole();
        }
        self.source.settle(&mut read.leaves);
        read.chosen = chosen;
        read
    }

    /// The rows that are mapped: not deleted, and public unless private ones are asked for.
    fn chosen(&self, columns: &Columns, private: Option<&ScalarBuffer<u64>>, loss: &mut Loss) -> Vec<u32> {
        let deleted = columns.get("deleted");
        let is_deleted = |row: usize| match deleted {
            Some(flag @ Data::Flag(values, _)) => !flag.is_null(row) && values.value(row),
            _ => false,
        };
        let mut records = HashSet::new();
        let mut chosen = Vec::with_capacity(columns.rows);
        for row in 0..columns.rows {
            let private = private.filter(|_| !self.private).map_or(0, |numbers| numbers[row]);
            if is_deleted(row) {
                loss.deleted += 1;
            } else if private != 0 {
                records.insert(private);
            } else {
                chosen.push(row as u32);
            }
        }
        loss.private += records.len() as u64;
        chosen
    }
}

/// Numbers for the values of a step between.
pub(super) fn sequence(leaves: &Leaves) -> Vec<Ids> {
    let mut next = 0;
    let mut ids = Vec::new();
    for leaf in &leaves.leaves {
        ids.push(Ids::From(next));
        next += leaf.len() as u32;
    }
    ids
}
