//! Columns to leaves.

use super::{Clock, Leaves, tagged};
use crate::columns::{Columns, Data, range};
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

/// Adds the rows of columns that `wanted` names to leaves. A list or group that is there without a
/// value in it is a leaf of its own: its path and `{}`.
pub fn walk(columns: &Columns, wanted: impl Fn(&str) -> bool, clock: Clock, leaves: &mut Leaves) {
    let after = leaves.rows as u32;
    leaves.rows += columns.rows;
    let mut walk = Walk { leaves, clock };
    let all: Vec<u32> = (0..columns.rows as u32).collect();
    let rows: Vec<u32> = all.iter().map(|row| row + after).collect();
    for column in columns.columns.iter().filter(|column| wanted(&column.name)) {
        let slots = Slots { depth: 0, rows: rows.clone(), places: Vec::new(), at: all.clone() };
        walk.data(&column.data, column.name.to_string(), &slots);
    }
}

struct Walk<'a> {
    leaves: &'a mut Leaves,
    clock: Clock,
}

impl Walk<'_> {
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
        let at = self.leaves.position(path);
        let Leaves { leaves, langs: tags, .. } = &mut *self.leaves;
        let leaf = &mut leaves[at];
        let start = match (data, langs) {
            (Data::Text(text), None) => Some(Arc::make_mut(&mut leaf.pool).extend(text)),
            _ => None,
        };
        if let (Some(start), None) = (start, data.validity()) {
            leaf.rows.extend_from_slice(&slots.rows);
            leaf.places.extend_from_slice(&slots.places);
            leaf.texts.extend(slots.at.iter().map(|at| at + start));
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
            match (data, start) {
                (_, Some(start)) => leaf.put(slots.rows[slot], slots.place(slot), at as u32 + start, tag),
                (Data::Text(text), None) => leaf.push(slots.rows[slot], slots.place(slot), text.raw(at), tag),
                _ => leaf.push(slots.rows[slot], slots.place(slot), &spell(data, at, self.clock), tag),
            }
        }
        present
    }
}

/// A value as text.
fn spell(data: &Data, at: usize, clock: Clock) -> String {
    match data {
        Data::Text(text) => text.raw(at).to_owned(),
        Data::Flag(values, _) => values.value(at).to_string(),
        Data::Integer(values, _) => values[at].to_string(),
        Data::Number(values, _) => values[at].to_string(),
        Data::Instant(values, _) => (clock.write)(values[at]),
        Data::List(..) | Data::Group(..) => String::new(),
    }
}
