//! Leaves to columns.

use super::{Clock, Langs, Leaf, Leaves, tagged};
use crate::columns::build::{Texts, integers, validity};
use crate::columns::rows::Blank;
use crate::columns::{Column, Columns, Data, Text};
use arrow_buffer::{BooleanBuffer, NullBuffer, OffsetBuffer, ScalarBuffer};

/// Columns of the leaves, in the shape of `shape`; paths it doesn't have are left out.
#[must_use]
pub fn build(leaves: &Leaves, shape: &Columns, clock: Clock) -> Columns {
    let building = Building { langs: &leaves.langs, clock, blank: Blank::new(leaves.rows) };
    let columns = shape.columns.iter().map(|column| {
        let slots = filled(leaves, &column.name);
        let data = building.data(&column.data, &column.name, slots, leaves.rows);
        Column { name: column.name.clone(), data }
    });
    Columns::new(leaves.rows, columns.collect())
}

/// A leaf on its way into a column: the slot of each value at the level reached.
struct Filled<'a> {
    leaf: &'a Leaf,
    slots: Vec<u32>,
    level: usize,
}

fn filled<'a>(leaves: &'a Leaves, name: &str) -> Vec<Filled<'a>> {
    let own = |leaf: &&Leaf| below(&leaf.path, name);
    let fill = |leaf: &'a Leaf| Filled { leaf, slots: leaf.rows.clone(), level: 0 };
    leaves.leaves.iter().filter(own).map(fill).collect()
}

struct Building<'a> {
    langs: &'a Langs,
    clock: Clock,
    /// All rows without a value: most paths of a format have none.
    blank: Blank,
}

/// Whether `path` is `above` or stands below it.
fn below(path: &str, above: &str) -> bool {
    path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[', '{']))
}

impl Building<'_> {
    fn data(&self, shape: &Data, path: &str, filled: Vec<Filled>, count: usize) -> Data {
        if filled.is_empty() {
            return self.absent(shape, count);
        }
        match shape {
            Data::List(_, nulls, items) => self.list(items, nulls.is_some(), path, filled, count),
            Data::Group(fields, ..) => {
                let mut present = vec![false; count];
                for own in &filled {
                    own.slots.iter().for_each(|slot| present[*slot as usize] = true);
                }
                let built = fields.iter().map(|field| {
                    let inner = format!("{path}.{}", field.name);
                    let own = filled.iter().filter(|own| below(&own.leaf.path, &inner));
                    let own = own.map(|own| Filled { leaf: own.leaf, slots: own.slots.clone(), level: own.level });
                    Column { name: field.name.clone(), data: self.data(&field.data, &inner, own.collect(), count) }
                });
                let built = built.collect();
                let absent = if path.ends_with("[]") { None } else { validity(Some(present)) };
                Data::Group(built, count, absent)
            }
            scalar => self.scalar(scalar, filled.iter().find(|own| own.leaf.path == path), count),
        }
    }

    /// A column without a value, shaped as this one.
    fn absent(&self, shape: &Data, count: usize) -> Data {
        let own;
        let blank = if count == self.blank.rows {
            &self.blank
        } else {
            own = Blank::new(count);
            &own
        };
        match shape.blank_of(blank) {
            // Where a list can be left out, an absent one is no empty one.
            Data::List(zeros, None, items) if shape.validity().is_some() => {
                Data::List(zeros, Some(blank.absent.clone()), items)
            }
            data => data,
        }
    }

    fn list(&self, items: &Data, nullable: bool, path: &str, mut filled: Vec<Filled>, count: usize) -> Data {
        let mut lengths = vec![0_u32; count];
        let mut present = vec![false; count];
        for own in &filled {
            for (at, slot) in own.slots.iter().enumerate() {
                present[*slot as usize] = true;
                if let Some(place) = own.leaf.place(at).get(own.level) {
                    lengths[*slot as usize] = lengths[*slot as usize].max(place + 1);
                }
            }
        }
        let mut ends = vec![0_i32];
        let mut total = 0;
        for length in &lengths {
            total += *length as i32;
            ends.push(total);
        }
        filled.retain(|own| own.leaf.depth > own.level);
        for own in &mut filled {
            for (at, slot) in own.slots.iter_mut().enumerate() {
                *slot = ends[*slot as usize] as u32 + own.leaf.place(at)[own.level];
            }
            own.level += 1;
        }
        let inner = format!("{path}[]");
        let items = if tagged(items).is_some() {
            self.tagged(&inner, &filled, total as usize)
        } else {
            self.data(items, &inner, filled, total as usize)
        };
        let absent = nullable.then_some(present);
        Data::List(OffsetBuffer::new(ScalarBuffer::from(ends)), validity(absent), Box::new(items))
    }

    fn tagged(&self, path: &str, filled: &[Filled], count: usize) -> Data {
        let own = filled.iter().find(|own| own.leaf.path == path);
        let mut tags = vec![0; count];
        if let Some(own) = own {
            own.slots.iter().enumerate().for_each(|(at, slot)| tags[*slot as usize] = own.leaf.lang(at));
        }
        let mut langs = Texts::default();
        for tag in tags {
            langs.push_option(self.langs.get(tag));
        }
        let value = self.scalar(&Data::Text(Texts::default().freeze()), own, count);
        let fields = vec![Column::new("value", value), Column::new("lang", Data::Text(langs.freeze()))];
        Data::Group(fields, count, None)
    }

    fn scalar(&self, shape: &Data, own: Option<&Filled>, count: usize) -> Data {
        let Some(own) = own else { return self.absent(shape, count) };
        let values = own.slots.iter().enumerate().map(|(at, slot)| (*slot as usize, own.leaf.text(at)));
        match shape {
            Data::Flag(..) => {
                let (mut flags, mut present) = (vec![false; count], vec![false; count]);
                for (slot, text) in values {
                    flags[slot] = text == "true";
                    present[slot] = true;
                }
                Data::Flag(BooleanBuffer::from(flags), validity(Some(present)))
            }
            Data::Number(..) => {
                let (mut numbers, mut present) = (vec![0.0; count], vec![false; count]);
                for (slot, text) in values {
                    numbers[slot] = text.parse().unwrap_or_default();
                    present[slot] = true;
                }
                Data::Number(ScalarBuffer::from(numbers), validity(Some(present)))
            }
            Data::Integer(..) | Data::Instant(..) => {
                let instant = matches!(shape, Data::Instant(..));
                let read = |text: &str| if instant { (self.clock.read)(text) } else { text.parse().ok() };
                let mut numbers = vec![None; count];
                if own.leaf.pool.is_distinct() {
                    let mut known = vec![None; own.leaf.pool.len()];
                    for (slot, text) in own.slots.iter().zip(&own.leaf.texts) {
                        let number = known[*text as usize].get_or_insert_with(|| read(own.leaf.pool.get(*text)));
                        numbers[*slot as usize] = *number;
                    }
                } else {
                    values.for_each(|(slot, text)| numbers[slot] = read(text));
                }
                let (numbers, absent) = integers(numbers);
                if instant { Data::Instant(numbers, absent) } else { Data::Integer(numbers, absent) }
            }
            _ => Data::Text(texts(own, count)),
        }
    }
}

/// The texts of a leaf; absent where it has no value.
fn texts(own: &Filled, count: usize) -> Text {
    let leaf = own.leaf;
    let shared = leaf.pool.shared(&leaf.texts);
    let mut bytes = String::with_capacity(if shared.is_some() { 0 } else { leaf.bytes() });
    let mut end = shared.as_ref().map_or(0, |_| leaf.pool.range(leaf.texts[0]).start as i32);
    let mut offsets: Vec<i32> = Vec::with_capacity(count + 1);
    offsets.push(end);
    let mut absent = None;
    let full = own.slots.len() == count && own.slots.iter().zip(0..).all(|(slot, row)| *slot == row);
    if shared.is_some() && full {
        offsets.extend(leaf.pool.ends(leaf.texts[0], count).iter().map(|end| *end as i32));
    } else {
        for (text, slot) in leaf.texts.iter().zip(&own.slots) {
            if offsets.len() <= *slot as usize {
                absent.get_or_insert_with(|| vec![true; count])[offsets.len() - 1..*slot as usize].fill(false);
                offsets.resize(*slot as usize + 1, end);
            }
            end += leaf.pool.length(*text) as i32;
            if shared.is_none() {
                bytes.push_str(leaf.pool.get(*text));
            }
            offsets.push(end);
        }
    }
    if offsets.len() <= count {
        absent.get_or_insert_with(|| vec![true; count])[offsets.len() - 1..].fill(false);
        offsets.resize(count + 1, end);
    }
    let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
    let bytes = shared.unwrap_or_else(|| bytes.into());
    Text { offsets, bytes, validity: absent.map(NullBuffer::from) }
}
