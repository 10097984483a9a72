//! Elements inside elements as paths: a payload of Naturalis' collection system puts whole
//! specimens into `oai_dc`, whose reader keeps foreign elements with their content as XML.

use crate::columns::leaf::{Leaf, Leaves, Scalar};
use crate::columns::{Columns, Data, range};
use crate::xml::read::{Cursor, Read};
use std::collections::HashMap;

/// The elements with content, of the dialect `crs`: one path a line.
const CRS: &str = include_str!("unfold/crs.txt");

/// The paths that a dialect unfolds.
#[must_use]
pub fn paths(dialect: &str) -> Vec<(String, Scalar)> {
    let text = if dialect == "crs" { CRS } else { "" };
    text.lines().map(|path| (path.to_owned(), Scalar::Text)).collect()
}

/// Values by path, row by row.
#[derive(Default)]
struct Unfolded {
    leaves: HashMap<String, Leaf>,
    known: Vec<String>,
}

/// Adds the values inside the elements of `extra` of the rows that were added last as leaves. Gives
/// which items of `extra` they come from: those are no values besides.
pub fn unfold(columns: &Columns, chosen: &[u32], known: &[(String, Scalar)], leaves: &mut Leaves) -> Vec<(u32, u32)> {
    let mut unfolded = Unfolded { known: known.iter().map(|(path, _)| path.clone()).collect(), ..Unfolded::default() };
    let mut items = Vec::new();
    let Some((offsets, notes)) = columns.get("notes").and_then(Data::groups) else { return items };
    let Some((extra_offsets, extra)) = columns.get("extra").and_then(Data::groups) else { return items };
    let text = |fields: &[crate::columns::Column], at: usize, item: usize| {
        fields.get(at).and_then(|field| field.data.text()).and_then(|text| text.get(item)).map(str::to_owned)
    };
    let after = leaves.rows - chosen.len();
    for (at, row) in chosen.iter().enumerate() {
        let (made, row) = ((after + at) as u32, *row as usize);
        let mut counts: HashMap<String, u32> = HashMap::new();
        for item in range(offsets, row) {
            let (Some(path), Some(markup)) = (text(notes, 0, item), text(notes, 6, item)) else { continue };
            let index = match notes.get(1).map(|field| &field.data) {
                Some(data @ Data::Integer(values, _)) if !data.is_null(item) => values[item],
                _ => continue,
            };
            let at = range(extra_offsets, row).nth(index as usize);
            let Some(element) = at.and_then(|at| text(extra, 0, at)).filter(|_| path == "extra") else { continue };
            let name = element.rsplit(':').next().unwrap_or_default().to_owned();
            let list = format!("{name}[]");
            if !unfolded.known.iter().any(|known| known.starts_with(&list)) {
                continue;
            }
            let place = counts.entry(name).and_modify(|count| *count += 1).or_insert(0);
            // What can't be read stays in `extra`, as it was.
            if unfolded.element(&list, made, &[*place], &markup).is_ok() {
                items.push((made, index as u32));
            }
        }
    }
    for (path, leaf) in unfolded.leaves {
        let own = leaves.leaf(&path);
        (0..leaf.len()).for_each(|at| own.push(leaf.rows[at], leaf.place(at), leaf.text(at), 0));
    }
    leaves.leaves.sort_by(|one, other| {
        let rank = |leaf: &Leaf| known.iter().position(|(path, _)| *path == leaf.path).map_or(0, |at| at + 1);
        rank(one).cmp(&rank(other))
    });
    items
}

impl Unfolded {
    fn element(&mut self, path: &str, row: u32, place: &[u32], markup: &str) -> Read<()> {
        let whole = format!("<x>{markup}</x>");
        let mut cursor = Cursor::new(&whole, true, true);
        if let Some(root) = cursor.child("")?
            && !root.empty
        {
            self.children(&mut cursor, "x", path, row, place)?;
        }
        Ok(())
    }

    fn children(&mut self, cursor: &mut Cursor, parent: &str, path: &str, row: u32, place: &[u32]) -> Read<()> {
        let mut counts: HashMap<String, u32> = HashMap::new();
        while let Some(child) = cursor.child(parent)? {
            let inner = format!("{path}.{}", child.name);
            let list = format!("{inner}[]");
            if self.known.iter().any(|known| known.starts_with(&list)) {
                let count = counts.entry(list.clone()).and_modify(|count| *count += 1).or_insert(0);
                let mut place = place.to_vec();
                place.push(*count);
                if !child.empty {
                    let name = child.name.to_owned();
                    self.children(cursor, &name, &list, row, &place)?;
                }
                continue;
            }
            let mut text = String::new();
            cursor.leaf(&child, &mut text)?;
            let text = text.trim();
            if !text.is_empty() {
                let leaf = self.leaves.entry(inner.clone()).or_insert_with(|| Leaf::new(inner.clone()));
                leaf.push(row, place, text, 0);
            }
        }
        Ok(())
    }
}
