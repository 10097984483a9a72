//! Values that join what others wrote: members of an item of a list, texts appended to a text.

use super::super::outcome::{Claims, DERIVED, Ids, Outcome, Reasons, SILENT};
use super::cells::Cells;
use super::place::order;
use crate::columns::leaf::{Leaf, Pool};
use std::collections::HashSet;

/// Takes out the values that join items of others, where there is no such item.
pub(super) fn join_items(cells: &mut [Cells], claims: &mut Claims, reasons: &mut Reasons) {
    let no_item = reasons.number("the record has no item it belongs to");
    for at in 0..cells.len() {
        let Some(member) = cells[at].joins.clone() else { continue };
        let (before, rest) = cells.split_at_mut(at);
        let Some((own, after)) = rest.split_first_mut() else { continue };
        let makers: Vec<&Leaf> = (before.iter().chain(&*after))
            .filter(|other| other.joins.is_none() && other.leaf.path == member)
            .map(|other| &other.leaf)
            .collect();
        let depth = member.matches("[]").count();
        let there: HashSet<(u32, &[u32])> = makers
            .iter()
            .flat_map(|leaf| (0..leaf.len()).map(|item| (leaf.rows[item], &leaf.place(item)[..depth.min(leaf.depth)])))
            .collect();
        let place = |item: usize| &own.leaf.place(item)[..depth.min(own.leaf.depth)];
        let stays: Vec<bool> =
            (0..own.leaf.len()).map(|item| there.contains(&(own.leaf.rows[item], place(item)))).collect();
        if stays.iter().all(|stays| *stays) {
            continue;
        }
        let mut kept = Leaf::new(own.leaf.path.clone());
        let values = &mut *kept;
        values.pool = own.leaf.pool.clone();
        let (mut keys, mut ids) = (Vec::new(), Ids::default());
        for (item, stays) in stays.into_iter().enumerate() {
            let id = own.ids.get(item);
            if stays {
                values.put(own.leaf.rows[item], own.leaf.place(item), own.leaf.texts[item], own.leaf.lang(item));
                keys.push(own.key(item));
                ids.push(id);
            } else if id < SILENT {
                claims.change(id, Outcome::Passthrough, no_item);
            }
        }
        *own.keys() = keys;
        (own.leaf, own.ids) = (kept, if matches!(own.ids, Ids::None) { Ids::None } else { ids });
    }
}

/// The values of one leaf of which some are appended to those before them.
pub(super) fn append(own: &[Cells], claims: &mut Claims, reasons: &mut Reasons) -> (Leaf, Ids, Vec<(u32, u16)>) {
    let only_one = reasons.number("only one value fits");
    let mut joined = Leaf::new(own[0].leaf.path.clone());
    let leaf = &mut *joined;
    let mut pool = Pool::default();
    let mut derived = Vec::new();
    let told = own.iter().any(|cells| !matches!(cells.ids, Ids::None));
    let mut ids = if told { Ids::Each(Vec::new()) } else { Ids::None };
    let mut texts: Vec<(u32, Vec<u32>, String, u32)> = Vec::new();
    for (from, at) in order(own) {
        let cells = &own[from];
        let (row, place, id) = (cells.leaf.rows[at], cells.leaf.place(at), cells.ids.get(at));
        let text = cells.leaf.text(at);
        match texts.last_mut() {
            Some(last) if last.0 == row && last.1 == place => {
                let repeats = cells.appends.map_or(last.2 == text, |mark| last.2.split(mark).any(|part| part == text));
                match cells.appends {
                    _ if repeats => {}
                    Some(separator) => {
                        last.2.push_str(separator);
                        last.2.push_str(text);
                    }
                    None => {
                        if id < SILENT {
                            claims.change(id, Outcome::Passthrough, only_one);
                        }
                        continue;
                    }
                }
                for id in [id, last.3].into_iter().filter(|id| *id < SILENT) {
                    claims.worsen(id, Outcome::Merged);
                }
            }
            _ => {
                if id == DERIVED || cells.derived {
                    derived.push((texts.len() as u32, cells.made));
                }
                ids.push(id);
                texts.push((row, place.to_vec(), text.to_owned(), id));
            }
        }
    }
    let numbers: Vec<u32> = texts.iter().map(|(_, _, text, _)| pool.push(text)).collect();
    leaf.pool = pool.whole();
    for ((row, place, ..), number) in texts.iter().zip(numbers) {
        leaf.put(*row, place, number, 0);
    }
    (joined, ids, derived)
}
