//! Residue: what the rules can't bring back, one JSON text a record.
//!
//! A batch is mapped, mapped back, and compared with what it was: only what differs is kept, so
//! that a value the rules give back is never in it. Each patch knows the digest of what the way
//! back gave; where that has changed since, somebody edited the record, and the edit wins.

mod patch;
mod undo;

use crate::columns::Text;
use crate::columns::build::Texts;
use crate::columns::leaf::{Langs, Leaf, Leaves};
pub use patch::{digest, number, string};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The notes of each row, as JSON.
pub type Notes = Vec<Vec<Value>>;

/// Rows after which it is known about how much a row keeps.
const SAMPLE: usize = 64;

/// What is kept beside each row of a batch so that it comes back from `back` as it was; `notes` of a
/// row are JSON with commas between. The name is that of the format, and that of the dialects it is read with,
/// which a record needs to come back.
#[must_use]
pub fn residue<'n>(
    (of, dialect): (&str, &str),
    source: &Leaves,
    back: &Leaves,
    notes: impl Fn(usize) -> Option<&'n str>,
    parts: &[Option<[u32; 2]>],
    view: impl Fn(&str) -> bool,
) -> Text {
    let mut paths: Vec<&str> = source.leaves.iter().map(|leaf| leaf.path.as_str()).collect();
    paths.extend(back.leaves.iter().map(|leaf| leaf.path.as_str()).filter(|path| source.get(path).is_none()));
    paths.retain(|path| !view(path));
    paths.sort_unstable();
    let same_langs = source.langs.begins(&back.langs);
    let empty = Leaf::default();
    let mut differing: Vec<Pair> = Vec::new();
    for path in paths {
        let (own, given) = (source.get(path), back.get(path));
        if same_langs && own.zip(given).is_some_and(|(own, given)| own.same(given)) {
            continue;
        }
        differing.push(Pair::new(path, own.unwrap_or(&empty), given.unwrap_or(&empty)));
    }
    let mut head = format!("\"of\":{}", json!(of));
    if !dialect.is_empty() {
        head = format!("\"dialect\":{},{head}", json!(dialect));
    }
    let mut kept = Texts::default();
    let mut room = patch::Room::default();
    for row in 0..source.rows {
        let start = kept.bytes.len();
        if row == SAMPLE {
            // Rows are alike: growing step by step would copy everything twice.
            kept.bytes.reserve(start / SAMPLE * (source.rows - SAMPLE) * 9 / 8);
        }
        let whole = &mut kept.bytes;
        whole.push('{');
        let noted = notes(row);
        if let Some(noted) = noted {
            whole.push_str("\"n\":[");
            whole.push_str(noted);
            whole.push_str("],");
        }
        whole.push_str(&head);
        let part = parts.get(row).copied().flatten();
        if let Some([part, count]) = part {
            whole.push_str(",\"part\":");
            whole.push_str(&json!([part, count]).to_string());
        }
        let bare = whole.len();
        whole.push_str(",\"v\":{");
        let open = whole.len();
        for pair in &mut differing {
            pair.write(row as u32, [&source.langs, &back.langs], &mut room, whole);
        }
        if whole.len() > open {
            // The comma after the last patch.
            whole.pop();
            whole.push_str("}}");
        } else if noted.is_some() || part.is_some() || !dialect.is_empty() {
            whole.truncate(bare);
            whole.push('}');
        } else {
            whole.truncate(start);
            kept.push_option(None);
            continue;
        }
        kept.finish();
    }
    kept.into_text()
}

/// A path whose values differ: what was, what is given back, and how far both are read.
struct Pair<'a> {
    key: String,
    depth: usize,
    own: &'a Leaf,
    given: &'a Leaf,
    next: (usize, usize),
    /// The row of what comes next of either.
    due: u32,
    /// What a patch begins with where nothing comes back.
    whole: Option<String>,
    /// Whether the patch of a row is one text, written as it stands.
    single: bool,
    /// Whether the items of both are numbered without gaps.
    listed: bool,
    /// Whether what was is written as it stands.
    ordinary: bool,
}

impl<'a> Pair<'a> {
    fn new(path: &str, own: &'a Leaf, given: &'a Leaf) -> Self {
        let key = format!("{}:", json!(path));
        let depth = path.matches("[]").count();
        let alone = depth == 1 && given.is_empty() && own.langs.iter().all(|lang| *lang == 0);
        let listed = depth == 1 && [own, given].iter().all(|leaf| leaf.is_single() && leaf.is_dense());
        let ordinary = patch::is_ordinary(own);
        let single = alone && ordinary && own.is_alone();
        let quote = if single { "\"" } else { "" };
        let whole = (alone && listed).then(|| format!("{key}{}{quote}", patch::NOTHING_GIVEN.as_str()));
        let mut pair = Self { key, depth, own, given, next: (0, 0), due: 0, whole, single, listed, ordinary };
        pair.due = pair.upcoming();
        pair
    }

    fn upcoming(&self) -> u32 {
        let row = |leaf: &Leaf, at: usize| leaf.rows.get(at).copied().unwrap_or(u32::MAX);
        row(self.own, self.next.0).min(row(self.given, self.next.1))
    }

    /// Writes the patch of a row and a comma, if there is anything to say.
    #[inline]
    fn write(&mut self, row: u32, langs: [&'a Langs; 2], room: &mut patch::Room<'a>, out: &mut String) {
        if row < self.due {
            return;
        }
        match &self.whole {
            Some(whole) => {
                out.push_str(whole);
                if self.single {
                    out.push_str(self.own.text(self.next.0));
                    out.push_str("\"]},");
                    self.next.0 += 1;
                } else {
                    let own = self.own.of_row(row, self.next.0);
                    self.next.0 = own.end;
                    patch::items(self.own, own, self.ordinary, out);
                    out.push_str("]},");
                }
            }
            None => self.compare(row, langs, room, out),
        }
        self.due = self.upcoming();
    }

    fn compare(&mut self, row: u32, langs: [&'a Langs; 2], room: &mut patch::Room<'a>, out: &mut String) {
        let own = self.own.of_row(row, self.next.0);
        let given = self.given.of_row(row, self.next.1);
        self.next = (own.end, given.end);
        let own = patch::Row { leaf: self.own, langs: langs[0], range: own, ordinary: self.ordinary };
        let given = patch::Row { leaf: self.given, langs: langs[1], range: given, ordinary: false };
        let length = out.len();
        patch::write(&own, &given, (self.depth, self.listed), &self.key, room, out);
        if out.len() > length {
            out.push(',');
        }
    }
}

/// A batch that came back with its residue.
#[derive(Debug)]
pub struct Restored {
    /// The leaves as they were, except for what was edited.
    pub leaves: Leaves,
    /// The notes.
    pub notes: Notes,
    /// Which part of how many each row is.
    pub parts: Vec<Option<[u32; 2]>>,
    /// Values whose mapped form was changed since: the edit won.
    pub edited: u64,
    /// Residues that could not be read.
    pub unread: u64,
}

/// Puts back what the rules could not bring.
#[must_use]
pub fn restore(of: &str, mut back: Leaves, residues: &[Option<&str>]) -> Restored {
    let rows = back.rows;
    let (mut notes, mut parts, mut unread) = (vec![Vec::new(); rows], vec![None; rows], 0);
    let mut patches: BTreeMap<String, Vec<(u32, Value)>> = BTreeMap::new();
    for (row, residue) in residues.iter().enumerate() {
        let Some(text) = residue else { continue };
        let Ok(Value::Object(mut whole)) = serde_json::from_str::<Value>(text) else {
            unread += 1;
            continue;
        };
        while whole.get("of").and_then(Value::as_str) != Some(of) {
            match whole.remove("with") {
                Some(Value::Object(inner)) => whole = inner,
                _ => break,
            }
        }
        if whole.get("of").and_then(Value::as_str) != Some(of) {
            continue;
        }
        if let Some(Value::Object(values)) = whole.remove("v") {
            for (path, patch) in values {
                patches.entry(path).or_default().push((row as u32, patch));
            }
        }
        if let Some(Value::Array(own)) = whole.remove("n") {
            notes[row] = own;
        }
        parts[row] = whole.remove("part").and_then(|part| serde_json::from_value(part).ok());
    }
    let mut edited = 0;
    for (path, rows_patches) in patches {
        let given = back.leaves.iter().position(|leaf| leaf.path == path).map(|at| back.leaves.remove(at));
        let given = given.unwrap_or_else(|| Leaf::new(path.clone()));
        let mut made = Leaf::new(path);
        let mut patches = rows_patches.into_iter().peekable();
        let mut next = 0;
        for row in 0..rows as u32 {
            let range = given.of_row(row, next);
            next = range.end;
            if patches.peek().is_some_and(|(own, _)| *own == row)
                && let Some((_, patch)) = patches.next()
            {
                edited += undo::apply(&mut made, row, &given, range, &patch, &mut back.langs);
            } else {
                for at in range {
                    made.push(row, given.place(at), given.text(at), given.lang(at));
                }
            }
        }
        if !made.is_empty() {
            back.leaves.push(made);
        }
    }
    Restored { leaves: back, notes, parts, edited, unread }
}

/// The residue of a record that came with one: its own, with the others inside, except that of
/// the format that is made.
#[must_use]
pub fn nested(own: Option<String>, other: Option<&str>, target: &str, origin: &str) -> Option<String> {
    let other: Value = serde_json::from_str(other.unwrap_or("null")).unwrap_or(Value::Null);
    let other = without(other, target);
    if other.is_null() {
        return own;
    }
    let mut whole = own.and_then(|own| serde_json::from_str(&own).ok()).unwrap_or_else(|| json!({ "of": origin }));
    whole["with"] = other;
    Some(whole.to_string())
}

/// A chain of residues without the one of a format.
fn without(mut residue: Value, format: &str) -> Value {
    let inner = residue.get_mut("with").map(Value::take).unwrap_or_default();
    let inner = if inner.is_null() { inner } else { without(inner, format) };
    if residue.get("of").and_then(Value::as_str) == Some(format) {
        return inner;
    }
    if !inner.is_null() {
        residue["with"] = inner;
    } else if let Some(whole) = residue.as_object_mut() {
        whole.remove("with");
    }
    residue
}
