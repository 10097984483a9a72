//! Columns to leaves.

use super::{Clock, Leaves, tagged};
use crate::columns::{Columns, Data, Text, range};
use arrow_buffer::OffsetBuffer;
use std::sync::Arc;

/// Where values stand: row, place, and position in the data.
#[derive(Debug, Clone)]
struct Slots {
    depth: usize,
    rows: Vec<u32>,
    places: Vec<u32>,
    at: Vec<u32>,
}

impl Slots {
    fn place(&self, slot: usize) -> &[u32] {
        &self.places[slot * self.depth..(slot + 1) * self.depth]
    }
}

/// Adds the rows `chosen` of the columns that `wanted` names to leaves. A list or group that is
/// there without a value in it is a leaf of its own: its path and `{}`.
pub fn walk(columns: &Columns, chosen: &[u32], wanted: impl Fn(&str) -> bool, clock: Clock, leaves: &mut Leaves) {
    let after = leaves.rows as u32;
    leaves.rows += chosen.len();
    let mut walk = Walk { leaves, clock, near: 0 };
    let rows: Vec<u32> = (after..).take(chosen.len()).collect();
    let slots = Slots { depth: 0, rows, places: Vec::new(), at: chosen.to_vec() };
    for column in columns.columns.iter().filter(|column| wanted(&column.name)) {
        if let Data::List(offsets, None, items) = &column.data
            && let Data::Text(texts) = &**items
            && texts.validity.is_none()
        {
            walk.texts(offsets, texts, &column.name, &slots);
        } else {
            walk.data(&column.data, column.name.to_string(), &slots);
        }
    }
}

struct Walk<'a> {
    leaves: &'a mut Leaves,
    clock: Clock,
    /// Where the next leaf may be: they come in the order of the columns.
    near: usize,
}

impl Walk<'_> {
    fn position(&mut self, path: &str) -> usize {
        let at = self.leaves.position(path, self.near);
        self.near = at + 1;
        at
    }

    /// Adds a column of lists of text, as most are: what [`Self::data`] would add.
    fn texts(&mut self, offsets: &OffsetBuffer<i32>, texts: &Text, name: &str, slots: &Slots) {
        let items = |at: &u32| range(offsets, *at as usize);
        // Rows are chosen in order, so that as many as there are are all of them.
        let all = slots.at.len() == offsets.len() - 1;
        let alone = |ends: &[i32]| {
            let mut alone = true;
            ends.iter().zip(&ends[1..]).for_each(|(from, to)| alone &= to - from == 1);
            alone
        };
        let count = slots.at.iter().map(|at| items(at).len()).sum();
        if count == 0 {
            return;
        }
        let at = self.position(&format!("{name}[]"));
        let leaf = &mut self.leaves.leaves[at];
        let in_order = leaf.is_empty() || leaf.is_single() && leaf.is_dense();
        let leaf = &mut **leaf;
        let (from, to) = (offsets[0] as usize, offsets[offsets.len() - 1] as usize);
        let first = Arc::make_mut(&mut leaf.pool).extend(texts, from..to);
        if all && alone(offsets) {
            leaf.rows.extend_from_slice(&slots.rows);
            leaf.places.resize(leaf.rows.len(), 0);
            leaf.texts.extend((first..).take(count));
        } else {
            leaf.make_room(count);
            for (row, at) in slots.rows.iter().zip(&slots.at) {
                for (place, text) in items(at).enumerate() {
                    leaf.rows.push(*row);
                    leaf.places.push(place as u32);
                    leaf.texts.push(first + (text - from) as u32);
                }
            }
        }
        if in_order {
            leaf.in_order();
        }
    }

    /// Adds the leaves of `data`; gives which slots have a value.
    fn data(&mut self, data: &Data, path: String, slots: &Slots) -> Vec<bool> {
        if slots.rows.is_empty() {
            return Vec::new();
        }
        match data {
            Data::List(offsets, nulls, items) => {
                let mut inner = Slots { depth: slots.depth + 1, rows: Vec::new(), places: Vec::new(), at: Vec::new() };
                let mut present = vec![false; slots.rows.len()];
                let mut bare = Vec::new();
                for (slot, present) in present.iter_mut().enumerate() {
                    let at = slots.at[slot] as usize;
                    if data.is_null(at) {
                        continue;
                    }
                    let range = range(offsets, at);
                    *present = !range.is_empty() || nulls.is_some();
                    if range.is_empty() && nulls.is_some() {
                        bare.push(slot);
                    }
                    for (place, at) in range.enumerate() {
                        inner.rows.push(slots.rows[slot]);
                        inner.places.extend_from_slice(slots.place(slot));
                        inner.places.push(place as u32);
                        inner.at.push(at as u32);
                    }
                }
                self.bare(&path, slots, bare);
                let path = path + "[]";
                let found = if let Some((value, lang)) = tagged(items) {
                    self.scalar(value, Some(lang), &path, &inner)
                } else {
                    self.data(items, path.clone(), &inner)
                };
                let bare = (0..found.len()).filter(|slot| !found[*slot]).collect();
                self.bare(&path, &inner, bare);
                present
            }
            Data::Group(fields, ..) => {
                let mut present = vec![false; slots.rows.len()];
                for field in fields {
                    let found = self.data(&field.data, format!("{path}.{}", field.name), slots);
                    for (present, found) in present.iter_mut().zip(found) {
                        *present |= found;
                    }
                }
                if !path.ends_with("[]") && data.validity().is_some() {
                    let bare = |slot: &usize| !present[*slot] && !data.is_null(slots.at[*slot] as usize);
                    let bare: Vec<usize> = (0..present.len()).filter(bare).collect();
                    for slot in &bare {
                        present[*slot] = true;
                    }
                    self.bare(&path, slots, bare);
                }
                present
            }
            _ => self.scalar(data, None, &path, slots),
        }
    }

    /// Notes what is there without a value.
    fn bare(&mut self, path: &str, slots: &Slots, bare: Vec<usize>) {
        if bare.is_empty() {
            return;
        }
        let leaf = self.leaves.leaf(&format!("{path}{{}}"));
        for slot in bare {
            leaf.push(slots.rows[slot], slots.place(slot), "", 0);
        }
    }

    fn scalar(&mut self, data: &Data, lang: Option<&Data>, path: &str, slots: &Slots) -> Vec<bool> {
        let langs = lang.and_then(Data::text);
        let mut present = vec![false; slots.rows.len()];
        if (0..present.len()).all(|slot| data.is_null(slots.at[slot] as usize)) {
            return present;
        }
        let at = self.position(path);
        let Leaves { leaves, langs: tags, .. } = &mut *self.leaves;
        let leaf = &mut *leaves[at];
        // Slots come in the order of the data.
        let (from, to) = (slots.at[0], slots.at[slots.at.len() - 1]);
        let first = match data {
            Data::Text(text) => Arc::make_mut(&mut leaf.pool).extend(text, from as usize..to as usize + 1),
            _ => 0,
        };
        if matches!(data, Data::Text(_)) && data.validity().is_none() && langs.is_none() {
            leaf.rows.extend_from_slice(&slots.rows);
            leaf.places.extend_from_slice(&slots.places);
            leaf.texts.extend(slots.at.iter().map(|at| first + (at - from)));
            present.fill(true);
            return present;
        }
        for (slot, present) in present.iter_mut().enumerate() {
            let at = slots.at[slot] as usize;
            if data.is_null(at) {
                continue;
            }
            *present = true;
            let tag = langs.and_then(|langs| langs.get(at)).map_or(0, |lang| tags.number(lang));
            match data {
                Data::Text(_) => leaf.put(slots.rows[slot], slots.place(slot), first + (at as u32 - from), tag),
                _ => leaf.push(slots.rows[slot], slots.place(slot), &spell(data, at, self.clock), tag),
            }
        }
        present
    }
}

/// A value as text.
fn spell(data: &Data, at: usize, clock: Clock) -> String {
    match data {
        Data::Flag(values, _) => values.value(at).to_string(),
        Data::Integer(values, _) => values[at].to_string(),
        Data::Number(values, _) => values[at].to_string(),
        Data::Instant(values, _) => (clock.write)(values[at]),
        Data::Text(_) | Data::List(..) | Data::Group(..) => String::new(),
    }
}
