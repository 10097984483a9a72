//! Which values of a leaf a move takes.

use super::super::compile::{End, Move};
use super::super::path::Pick;
use crate::columns::leaf::{Leaf, Leaves, Scalar};

/// Which values of a leaf an end picks; `None` for all.
pub fn chosen(source: &Leaves, values: &Leaf, end: &End, preferred: &[String]) -> Option<Vec<bool>> {
    let mut chosen: Option<Vec<bool>> = None;
    for (level, pick) in end.picks.iter().enumerate() {
        let own = match pick {
            Pick::Whole | Pick::All => continue,
            Pick::At(0) if end.scalar == Some(Scalar::Tagged) && values.depth == 1 => first(source, values, preferred),
            Pick::At(number) => (0..values.len()).map(|at| values.place(at)[level] == *number).collect(),
            Pick::Where(key, wanted) => with(source, values, end, level, key, wanted),
        };
        chosen = Some(match chosen {
            Some(before) => before.iter().zip(&own).map(|(before, own)| *before && *own).collect(),
            None => own,
        });
    }
    chosen
}

/// Of each row the value in the first preferred language it has, else the first without a
/// language, else the first.
fn first(source: &Leaves, values: &Leaf, preferred: &[String]) -> Vec<bool> {
    let mut chosen = vec![false; values.len()];
    let mut start = 0;
    while start < values.len() {
        let end = start + values.rows[start..].iter().take_while(|row| **row == values.rows[start]).count();
        let lang = |at: &usize| source.langs.get(values.lang(*at));
        let mut wanted = preferred.iter().map(|wanted| Some(wanted.as_str())).chain([None]);
        let best = wanted.find_map(|wanted| (start..end).find(|at| lang(at) == wanted));
        chosen[best.unwrap_or(start)] = true;
        start = end;
    }
    chosen
}

/// The values whose group has a member of this value.
fn with(source: &Leaves, values: &Leaf, end: &End, level: usize, key: &str, wanted: &str) -> Vec<bool> {
    let mut chosen = vec![false; values.len()];
    let mut cut = 0;
    for _ in 0..=level {
        cut += end.leaf[cut..].find("[]").map_or(0, |at| at + 2);
    }
    let Some(keys) = source.get(&format!("{}.{key}", &end.leaf[..cut])) else { return chosen };
    let mut next = 0;
    for (at, chosen) in chosen.iter_mut().enumerate() {
        let place = (values.rows[at], &values.place(at)[..=level]);
        while next < keys.len() && (keys.rows[next], keys.place(next)) < place {
            next += 1;
        }
        *chosen = next < keys.len() && (keys.rows[next], keys.place(next)) == place && keys.text(next) == wanted;
    }
    chosen
}

/// Values that are one for the functions of a move.
#[derive(Debug)]
pub struct Group {
    /// Their row.
    pub row: u32,
    /// Their free place, as far as they share it.
    pub place: Vec<u32>,
    /// End of the move, number of the leaf, number of the value.
    pub values: Vec<(usize, usize, usize)>,
}

/// A value by where it belongs: row, shared place, rest of the place, end, leaf, number.
type Value = (u32, Vec<u32>, Vec<u32>, usize, usize, usize);

/// The groups of a move, in order.
pub fn groups(source: &Leaves, made: &Move, preferred: &[String]) -> Vec<Group> {
    let shared = if made.gathers {
        made.to.iter().map(|end| end.free().len()).max().unwrap_or(0).min(made.from.first().map_or(0, |end| {
            // All items of the innermost list are one.
            end.free().len().saturating_sub(1)
        }))
    } else {
        usize::MAX
    };
    let mut found: Vec<Value> = Vec::new();
    for (number, end) in made.from.iter().enumerate() {
        let Some(leaf) = source.leaves.iter().position(|leaf| leaf.path == end.leaf) else { continue };
        let values = &source.leaves[leaf];
        let chosen = chosen(source, values, end, preferred);
        let free = end.free();
        for at in (0..values.len()).filter(|at| chosen.as_ref().is_none_or(|chosen| chosen[*at])) {
            let mut place: Vec<u32> = free.iter().map(|level| values.place(at)[*level]).collect();
            let rest = place.split_off(shared.min(place.len()));
            found.push((values.rows[at], place, rest, number, leaf, at));
        }
    }
    found.sort();
    let mut groups: Vec<Group> = Vec::new();
    for (row, place, _, number, leaf, at) in found {
        match groups.last_mut() {
            Some(last) if last.row == row && last.place == place => last.values.push((number, leaf, at)),
            _ => groups.push(Group { row, place, values: vec![(number, leaf, at)] }),
        }
    }
    groups
}
