//! One record to several, where each item of a list is a record of the target: the media of a
//! specimen. And back, where the residue says that they were one.

use super::outcome::Ids;
use super::residue::Notes;
use crate::columns::leaf::{Leaf, Leaves};

/// A batch whose rows are the records of the target.
#[derive(Debug)]
pub struct Parts {
    /// The leaves.
    pub leaves: Leaves,
    /// The numbers of their values.
    pub ids: Vec<Ids>,
    /// The row each came from.
    pub rows: Vec<u32>,
    /// Which part of how many each is.
    pub of: Vec<Option<[u32; 2]>>,
}

impl Parts {
    /// Whether a record may be several rows.
    #[must_use]
    pub fn is_split(&self) -> bool {
        self.of.iter().any(Option::is_some)
    }

    /// The private record that each of `rows` records made of these rows is, or 0; `numbers` are those of the rows
    /// read. A record put together of several rows, the first of which are `firsts`, is private if one of them is.
    #[must_use]
    pub fn private(&self, numbers: &[u64], firsts: Option<&[usize]>, rows: usize) -> Vec<u64> {
        let number = |row: usize| {
            let mut parts = match firsts {
                Some(firsts) => firsts[row]..firsts.get(row + 1).copied().unwrap_or(self.rows.len()),
                None => row..row + 1,
            };
            parts.find_map(|part| Some(numbers[self.rows[part] as usize]).filter(|number| *number != 0))
        };
        (0..rows).map(|row| number(row).unwrap_or_default()).collect()
    }

    /// A row for each item of the list `each`; every row alone if there is none.
    #[must_use]
    pub fn of(each: Option<&str>, leaves: &Leaves, ids: Vec<Ids>) -> Self {
        let Some(list) = each else {
            let rows: Vec<u32> = (0..leaves.rows as u32).collect();
            return Self { leaves: leaves.clone(), ids, of: vec![None; rows.len()], rows };
        };
        let mut counts = vec![0_u32; leaves.rows];
        for leaf in leaves.leaves.iter().filter(|leaf| leaf.path.starts_with(list)) {
            for (at, row) in leaf.rows.iter().enumerate() {
                counts[*row as usize] = counts[*row as usize].max(leaf.place(at)[0] + 1);
            }
        }
        let mut first = vec![0_u32; leaves.rows];
        let (mut rows, mut parts) = (Vec::new(), Vec::new());
        for (row, count) in counts.iter().enumerate() {
            first[row] = rows.len() as u32;
            for part in 0..*count {
                rows.push(row as u32);
                parts.push(Some([part, *count]));
            }
        }
        let mut split = Leaves { rows: rows.len(), leaves: Vec::new(), langs: leaves.langs.clone() };
        let mut numbers = Vec::new();
        for (leaf, ids) in leaves.leaves.iter().zip(&ids) {
            let (made, numbered) = split_leaf(leaf, ids, leaf.path.starts_with(list), &first, &counts);
            split.leaves.push(made);
            numbers.push(numbered);
        }
        Self { leaves: split, ids: numbers, rows, of: parts }
    }
}

fn split_leaf(leaf: &Leaf, ids: &Ids, inside: bool, first: &[u32], counts: &[u32]) -> (Leaf, Ids) {
    let mut made = Leaf::new(leaf.path.clone());
    let mut numbers = Vec::new();
    let mut next = 0;
    for row in 0..counts.len() as u32 {
        let range = leaf.of_row(row, next);
        next = range.end;
        if inside {
            for at in range {
                let mut place = leaf.place(at).to_vec();
                let part = std::mem::take(&mut place[0]);
                made.push(first[row as usize] + part, &place, leaf.text(at), leaf.lang(at));
                numbers.push(ids.get(at));
            }
        } else {
            for part in 0..counts[row as usize] {
                for at in range.clone() {
                    made.push(first[row as usize] + part, leaf.place(at), leaf.text(at), leaf.lang(at));
                    numbers.push(ids.get(at));
                }
            }
        }
    }
    (made, Ids::Each(numbers))
}

/// Puts together what the residue says was one record. Gives for each record the first row it
/// is made of.
#[must_use]
pub fn join(
    leaves: Leaves,
    notes: Notes,
    parts: &[Option<[u32; 2]>],
    each: Option<&str>,
) -> (Leaves, Notes, Vec<usize>) {
    let mut first: Vec<usize> = Vec::new();
    let mut part_of: Vec<(u32, u32)> = Vec::new();
    for row in 0..leaves.rows {
        let follows = match (parts.get(row).copied().flatten(), row.checked_sub(1).and_then(|before| parts[before])) {
            (Some([part, count]), Some([before, other])) => part > 0 && part == before + 1 && count == other,
            _ => false,
        };
        if !follows || each.is_none() {
            first.push(row);
        }
        let part = if follows { parts[row].map_or(0, |[part, _]| part) } else { 0 };
        part_of.push((first.len() as u32 - 1, part));
    }
    let (Some(list), true) = (each, first.len() < leaves.rows) else {
        return (leaves, notes, (0..parts.len()).collect());
    };
    let mut joined = Leaves { rows: first.len(), leaves: Vec::new(), langs: leaves.langs };
    for leaf in &leaves.leaves {
        let mut made = Leaf::new(leaf.path.clone());
        for at in 0..leaf.len() {
            let (row, part) = part_of[leaf.rows[at] as usize];
            let mut place = leaf.place(at).to_vec();
            if leaf.path.starts_with(list) {
                place[0] = part;
            } else if part > 0 {
                continue;
            }
            made.push(row, &place, leaf.text(at), leaf.lang(at));
        }
        joined.leaves.push(made);
    }
    let notes = first.iter().map(|row| notes[*row].clone()).collect();
    (joined, notes, first)
}
