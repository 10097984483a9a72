//! The rows of a table that a frame filtered elsewhere still has.

use super::Table;
use crate::columns::{Columns, Data};
use crate::error::{Error, Kind, Result};
use crate::format::Vocabulary;
use std::collections::HashMap;

/// Columns that tell rows apart, besides the one that identifies the record.
const KEY: [&str; 2] = ["datestamp", "element"];

impl Table {
    /// The rows that `other` has, in its order. Rows are found by `identifier`, or the column that
    /// is it in a format of documents, and by `datestamp` where both have it; rows that share them
    /// are taken in turn.
    ///
    /// # Errors
    /// If `other` has no such column, has a row this table hasn't, or has fewer of
    /// several rows that can't be told apart.
    pub fn keep(&self, other: &Self) -> Result<Self> {
        let own = self.vocabulary().map_or("identifier", Vocabulary::key);
        if !(self.columns().contains(&own) && other.columns().contains(&own)) {
            return Err(Error::new(Kind::Value, format!("the frame has no column {own:?} to find its rows by"))
                .hint(format!("keep the column {own} when filtering")));
        }
        let both = |name: &&str| self.columns().contains(name) && other.columns().contains(name);
        let shared: Vec<&str> = std::iter::once(own).chain(KEY.into_iter().filter(both)).collect();
        let mut rows: HashMap<Vec<Option<&str>>, Vec<usize>> = HashMap::new();
        for (row, key) in keys(self, &shared).into_iter().enumerate() {
            rows.entry(key).or_default().push(row);
        }
        let wanted = keys(other, &shared);
        let mut asked: HashMap<&Vec<Option<&str>>, usize> = HashMap::new();
        let mut kept = Vec::with_capacity(wanted.len());
        for key in &wanted {
            let turn = asked.entry(key).or_default();
            match rows.get(key).and_then(|own| own.get(*turn)) {
                Some(row) => kept.push(*row),
                None => return Err(missing(key, *turn)),
            }
            *turn += 1;
        }
        for (key, turns) in &asked {
            if rows[*key].len() > *turns {
                let message = format!("{} rows share {}, and the frame has {turns}", rows[*key].len(), shown(key));
                return Err(Error::new(Kind::Value, message).hint("choose among them by row: table[[0, 5, 7]]"));
            }
        }
        self.take(&kept)
    }
}

fn missing(key: &[Option<&str>], turn: usize) -> Error {
    let message = if turn == 0 {
        format!("the table has no row {}", shown(key))
    } else {
        format!("the frame repeats the row {}", shown(key))
    };
    Error::new(Kind::Value, message).hint("keep() takes rows of this table only, each once")
}

fn shown(key: &[Option<&str>]) -> String {
    key.iter().map(|part| part.unwrap_or("(none)")).collect::<Vec<_>>().join(", ")
}

fn keys<'a>(table: &'a Table, columns: &[&str]) -> Vec<Vec<Option<&'a str>>> {
    let of = |batch: &'a Columns, row: usize| {
        let part = |name: &&str| batch.get(name).and_then(Data::text).and_then(|text| text.get(row));
        columns.iter().map(part).collect()
    };
    table.batches.iter().flat_map(|batch| (0..batch.rows).map(move |row| of(batch, row))).collect()
}
