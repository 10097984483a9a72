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
            Pick::At(0) if values.is_alone() => continue,
            Pick::At(0) if end.scalar == Some(Scalar::Tagged) && values.depth == 1 => first(source, values, preferred),
            Pick::At(number) => (0..values.len()).map(|at| values.place(at)[level] == *number).collect(),
            Pick::Where(key, wanted) => with(source, values, end, level, key, Some(wanted)),
            Pick::With(key) => with(source, values, end, level, key, None),
            Pick::Preferred => in_language(source, values, end, level, preferred),
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

/// The values whose group has a member of this value, or any if none is wanted.
fn with(source: &Leaves, values: &Leaf, end: &End, level: usize, key: &str, wanted: Option<&str>) -> Vec<bool> {
    members(source, values, end, level, key)
        .map(|member| member.is_some_and(|text| wanted.is_none_or(|wanted| text == wanted)))
        .collect()
}

/// For each value the text of a member of its group.
fn members<'s>(
    source: &'s Leaves,
    values: &'s Leaf,
    end: &End,
    level: usize,
    key: &str,
) -> impl Iterator<Item = Option<&'s str>> {
    let mut cut = 0;
    for _ in 0..=level {
        cut += end.leaf[cut..].find("[]").map_or(0, |at| at + 2);
    }
    let keys = source.get(&format!("{}.{key}", &end.leaf[..cut]));
    let mut next = 0;
    (0..values.len()).map(move |at| {
        let keys = keys?;
        let place = (values.rows[at], &values.place(at)[..=level]);
        while next < keys.len() && (keys.rows[next], keys.place(next)) < place {
            next += 1;
        }
        (next < keys.len() && (keys.rows[next], keys.place(next)) == place).then(|| keys.text(next))
    })
}

/// Of each row the values in the first preferred language it has, else those without a language, else
/// those in the language of the first. The language of an item of a group is its member `lang`.
fn in_language(source: &Leaves, values: &Leaf, end: &End, level: usize, preferred: &[String]) -> Vec<bool> {
    let langs: Vec<Option<&str>> = match end.scalar {
        Some(Scalar::Tagged) => (0..values.len()).map(|at| source.langs.get(values.lang(at))).collect(),
        _ => members(source, values, end, level, "lang").collect(),
    };
    let mut chosen = vec![false; values.len()];
    let mut start = 0;
    for row in values.rows.chunk_by(|row, next| row == next) {
        let own = start..start + row.len();
        start = own.end;
        let mut wanted = preferred.iter().map(|lang| Some(lang.as_str())).chain([None]);
        let best = wanted.find(|wanted| langs[own.clone()].contains(wanted));
        let best = best.unwrap_or(langs[own.start]);
        own.for_each(|at| chosen[at] = langs[at] == best);
    }
    chosen
}

/// The values of a leaf that no end of these picks, each for the number of its item or its language.
pub fn left_out<'e>(
    source: &Leaves,
    values: &Leaf,
    ends: impl Iterator<Item = &'e End>,
    preferred: &[String],
) -> Option<Vec<bool>> {
    let mut left: Option<Vec<bool>> = None;
    for end in ends {
        let own = chosen(source, values, end, preferred)?;
        left = Some(match left {
            Some(before) => before.iter().zip(&own).map(|(before, own)| *before && !own).collect(),
            None => own.iter().map(|own| !own).collect(),
        });
    }
    left
}

/// A value of a group: the end of the move it is for, its leaf, its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value {
    pub end: u32,
    pub leaf: u32,
    pub at: u32,
}

/// Values that are one for the functions of a move, group by group.
#[derive(Debug, Default)]
pub struct Groups {
    values: Vec<Value>,
    /// Of each group its row, and where its place and its values end.
    bounds: Vec<(u32, u32, u32)>,
    places: Vec<u32>,
}

impl Groups {
    /// Row, shared free place and values of each group.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &[u32], &[Value])> {
        let mut start = (0, 0);
        self.bounds.iter().map(move |(row, place, value)| {
            let (place, value) = (*place as usize, *value as usize);
            let group = (*row, &self.places[start.0..place], &self.values[start.1..value]);
            start = (place, value);
            group
        })
    }

    /// Adds a value to the group of this row and place; values of a group come one after the other.
    fn add(&mut self, row: u32, place: &[u32], value: Value) {
        let start = self.bounds.len().checked_sub(2).map_or(0, |before| self.bounds[before].1 as usize);
        self.values.push(value);
        match self.bounds.last_mut() {
            Some(last) if last.0 == row && self.places[start..] == *place => last.2 += 1,
            _ => {
                self.places.extend_from_slice(place);
                self.bounds.push((row, self.places.len() as u32, self.values.len() as u32));
            }
        }
    }
}

/// Groups of one list at most: row and number are one key.
fn flat_groups(source: &Leaves, made: &Move, preferred: &[String], levels: usize, groups: &mut Groups) {
    let mut found: Vec<(u64, Value)> = Vec::new();
    for (number, end) in made.from.iter().enumerate() {
        let Some(leaf) = source.leaves.iter().position(|leaf| leaf.path == end.leaf) else { continue };
        let values = &source.leaves[leaf];
        let chosen = chosen(source, values, end, preferred);
        let level = end.free().first().copied();
        for at in (0..values.len()).filter(|at| chosen.as_ref().is_none_or(|chosen| chosen[*at])) {
            let place = level.map_or(0, |level| values.place(at)[level]);
            let value = Value { end: number as u32, leaf: leaf as u32, at: at as u32 };
            found.push((u64::from(values.rows[at]) << 32 | u64::from(place), value));
        }
    }
    if !found.is_sorted() {
        found.sort_unstable();
    }
    for (key, value) in found {
        groups.add((key >> 32) as u32, &[key as u32][..levels], value);
    }
}

/// The groups of a move, in order.
pub fn groups(source: &Leaves, made: &Move, preferred: &[String]) -> Groups {
    let shared = if made.gathers {
        made.to.iter().map(|end| end.free().len()).max().unwrap_or(0).min(made.from.first().map_or(0, |end| {
            // All items of the innermost list are one.
            end.free().len().saturating_sub(1)
        }))
    } else {
        usize::MAX
    };
    let mut groups = Groups::default();
    let levels = made.from.first().map_or(0, |end| end.free().len());
    if !made.gathers && levels <= 1 && made.from.iter().all(|end| end.free().len() == levels) {
        flat_groups(source, made, preferred, levels, &mut groups);
        return groups;
    }
    let there = |end: &&End| source.leaves.iter().any(|leaf| leaf.path == end.leaf);
    let alone = made.from.iter().filter(there).count() == 1;
    // By row, shared place, rest of the place, end.
    let mut found: Vec<(u32, Vec<u32>, Vec<u32>, Value)> = Vec::new();
    for (number, end) in made.from.iter().enumerate() {
        let Some(leaf) = source.leaves.iter().position(|leaf| leaf.path == end.leaf) else { continue };
        let values = &source.leaves[leaf];
        let chosen = chosen(source, values, end, preferred);
        let free = end.free();
        let mut scratch = Vec::new();
        for at in (0..values.len()).filter(|at| chosen.as_ref().is_none_or(|chosen| chosen[*at])) {
            let value = Value { end: number as u32, leaf: leaf as u32, at: at as u32 };
            if alone {
                // Values come by row and place; levels that are not free have one number.
                scratch.clear();
                scratch.extend(free.iter().take(shared).map(|level| values.place(at)[*level]));
                groups.add(values.rows[at], &scratch, value);
                continue;
            }
            let mut place: Vec<u32> = free.iter().map(|level| values.place(at)[*level]).collect();
            let rest = place.split_off(shared.min(place.len()));
            found.push((values.rows[at], place, rest, value));
        }
    }
    found.sort();
    for (row, place, _, value) in found {
        groups.add(row, &place, value);
    }
    groups
}
