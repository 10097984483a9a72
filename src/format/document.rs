//! Growing records of a format that is given as a tree of paths: known values go to their
//! columns, everything else to `extra`, and what a column can't show to `notes`.
//!
//! Columns say: a missing value is absent, a list without items is absent, an item without
//! members is an empty object. A note tells where the document says it differently: null, an
//! empty list or object, a number whose text is not the shortest one, a value of another type, a
//! key in another spelling.

mod rest;

use super::walk::{Walk, compact, units, unquoted};
use super::{Vocabulary, number};
use crate::columns::grow::{Grow, Members};
use crate::columns::rows::Blank;
use crate::columns::shape::{Bare, Shape};
use crate::columns::{Column, Columns, Data};
use crate::value::date;
use rest::{Rest, Step};
use std::fmt::Write;

/// Members of the document that are not in the format: path and value, as JSON.
pub const EXTRA: [&str; 2] = ["element", "value"];
/// Path, the key if it is spelt in another way, the value as JSON.
pub const NOTES: [&str; 3] = ["path", "key", "json"];

/// Records in the making.
#[derive(Debug)]
pub struct Documents {
    vocabulary: &'static Vocabulary,
    shape: &'static Shape,
    /// Rows finished.
    pub rows: usize,
    root: Members,
    rest: Rest,
    /// Where the text lies that was read last and is not pushed yet, and its bytes.
    read: Option<(usize, usize)>,
}

impl Documents {
    /// No records yet; nothing if the format is not given as a tree of paths.
    #[must_use]
    pub fn new(vocabulary: &'static Vocabulary) -> Option<Self> {
        let shape = vocabulary.shape()?;
        let root = Members::new(shape.members());
        Some(Self { vocabulary, shape, rows: 0, root, rest: Rest::new(), read: None })
    }

    /// The format.
    #[must_use]
    pub fn vocabulary(&self) -> &'static Vocabulary {
        self.vocabulary
    }

    /// Reads the JSON object that `text` starts with, if it is plainly well-formed; gives its bytes. It
    /// becomes a row when it is pushed.
    pub fn read(&mut self, text: &str) -> Option<usize> {
        self.forget();
        let mut walk = Walk::judging(text);
        members(self.shape, &mut self.root, self.rows, &mut walk, &mut self.rest);
        // What was told of text that is no JSON means nothing.
        self.read = Some((text.as_ptr().addr(), walk.at()));
        if !walk.is_sound() {
            self.forget();
        }
        self.read.map(|(_, count)| count)
    }

    /// Forgets the document that was read and not pushed.
    pub fn forget(&mut self) {
        if self.read.take().is_some() {
            self.root.columns.iter_mut().for_each(|(_, grow)| grow.truncate(self.rows));
            self.rest.forget();
        }
    }

    /// Adds a document: the well-formed text of a JSON object, read before or not. `around` is what
    /// the reply says about it, as `(element, JSON)`. Gives the paths of values no column could take.
    pub fn push(&mut self, text: &str, around: &[(&str, &str)]) -> Vec<String> {
        if self.read != Some((text.as_ptr().addr(), text.len())) {
            self.forget();
            let mut walk = Walk::new(text);
            members(self.shape, &mut self.root, self.rows, &mut walk, &mut self.rest);
            debug_assert!(walk.is_sound(), "{text}");
        }
        self.read = None;
        for (element, value) in around {
            self.rest.extra.push(&[Some(element), Some(&compact(value))]);
        }
        self.rest.extra.end_row(self.rows);
        self.rest.notes.end_row(self.rows);
        self.rows += 1;
        std::mem::take(&mut self.rest.misfits)
    }

    /// Takes the finished records out.
    #[must_use]
    pub fn freeze(&mut self) -> Columns {
        self.forget();
        let rows = std::mem::take(&mut self.rows);
        let blank = Blank::new(rows);
        let own = self.root.columns.iter_mut().map(|(name, grow)| Column::new(*name, grow.freeze(&blank)));
        let mut columns: Vec<Column> = own.collect();
        columns.push(Column::new("extra", self.rest.extra.freeze(rows)));
        columns.push(Column::new("notes", self.rest.notes.freeze(rows)));
        Columns::new(rows, columns)
    }
}

/// The value that JSON text is at a path of this shape, as a column of one row.
#[must_use]
pub fn single(shape: &Shape, json: &str) -> Data {
    let mut grow = Grow::new(shape);
    let mut rest = Rest::new();
    value(shape, &mut grow, 0, &mut Walk::new(json), &mut rest);
    grow.freeze(&Blank::new(1))
}

/// Reads the members of an object into row `row` of `columns`; gives their number.
fn members(shape: &Shape, own: &mut Members, row: usize, walk: &mut Walk, rest: &mut Rest) -> usize {
    let known = shape.members();
    let mut count = 0;
    let mut seen = [0_u64; 8];
    // One more than the member before.
    let mut before = 0;
    walk.enter();
    while walk.more() {
        count += 1;
        let is_fresh = |at: usize| seen.get(at / 64).is_some_and(|word| word & (1 << (at % 64)) == 0);
        let usual = own.follow[before];
        let expected = known.get(usual).filter(|_| is_fresh(usual));
        let (at, spelling) = if expected.is_some_and(|member| walk.takes_key(member.key)) {
            (usual, None)
        } else {
            let raw = walk.key();
            let key = walk.unquoted(raw);
            let found = key.as_deref().and_then(|key| shape.member(key));
            let Some(at) = found.filter(|at| is_fresh(*at)) else {
                rest.extra(raw, walk.value());
                continue;
            };
            (at, key.filter(|key| *key != known[at].key))
        };
        seen[at / 64] |= 1 << (at % 64);
        own.follow[before] = at;
        before = at + 1;
        let member = &known[at];
        let grow = &mut own.columns[at].1;
        if spelling.is_none() && plain(&member.shape, grow, row, walk) {
            continue;
        }
        rest.path.push(Step::Name(member.name));
        if let Some(spelling) = spelling {
            let path = rest.written();
            rest.notes.push(&[Some(&path), Some(&spelling), None]);
        }
        value(&member.shape, grow, row, walk, rest);
        rest.path.pop();
    }
    count
}

/// Reads the value that comes next into row `row` of `grow`.
fn value(shape: &Shape, grow: &mut Grow, row: usize, walk: &mut Walk, rest: &mut Rest) {
    match (shape, walk.peek()) {
        (Shape::List(items, bare), b'[') => {
            let mut start = walk.clone();
            let count = list(items, grow, row, walk, rest);
            if count == 0 || count == 1 && *bare == Bare::Item {
                rest.note(start.value());
            }
        }
        (Shape::List(items, Bare::Keyed(name)), b'{') => keyed(items, name, grow, row, walk, rest),
        (Shape::Group(_), b'{') => {
            let Grow::Group(present, own) = grow else { return };
            present.resize(row, false);
            let count = members(shape, own, row, walk, rest);
            let item = matches!(rest.path.last(), Some(Step::Item(_)));
            present.push(item || count > 0);
            if !item && count == 0 {
                rest.note("{}");
            }
        }
        (Shape::List(items, bare), _) => {
            let raw = walk.value();
            let scalar = !raw.starts_with(['{', '[']) && raw != "null";
            if scalar && **items == Shape::Text {
                if let Grow::List(_, texts) = grow {
                    rest.path.push(Step::Item(0));
                    let at = texts.len();
                    value(items, texts, at, &mut Walk::new(raw), rest);
                    rest.path.pop();
                }
                grow.end_list(row);
                if *bare == Bare::No {
                    rest.note(raw);
                }
            } else {
                rest.misfit(raw);
            }
        }
        (Shape::Group(_), _) => rest.misfit(walk.value()),
        _ => {
            if plain(shape, grow, row, walk) {
                return;
            }
            let raw = walk.value();
            leaf(grow, row, raw, walk, matches!(shape, Shape::Json), rest);
        }
    }
}

/// Reads the value that comes next, if it is text as it stands, as most values are; gives whether it was.
#[inline]
fn plain(shape: &Shape, grow: &mut Grow, row: usize, walk: &mut Walk) -> bool {
    let (Shape::Text, Grow::Text(texts), b'"') = (shape, grow, walk.peek()) else { return false };
    let text = walk.plain();
    if let Some(text) = text {
        texts.pad(row);
        texts.push(text);
    }
    text.is_some()
}

/// Whether an object has no members.
fn blank(raw: &str) -> bool {
    raw[1..raw.len() - 1].bytes().all(|byte| byte.is_ascii_whitespace())
}

/// Reads a list; gives the number of its items.
fn list(shape: &Shape, grow: &mut Grow, row: usize, walk: &mut Walk, rest: &mut Rest) -> usize {
    let Grow::List(ends, items) = grow else { return 0 };
    let first = ends.total();
    walk.enter();
    while walk.more() {
        let at = items.len();
        rest.path.push(Step::Item(at - first));
        if walk.peek() == b'n' {
            walk.value();
            items.pad(at + 1);
            if matches!(shape, Shape::Group(_)) {
                rest.note("null");
            }
        } else {
            value(shape, items, at, walk, rest);
            // Where no column takes the value, its place is kept.
            items.pad(at + 1);
        }
        rest.path.pop();
    }
    let count = items.len() - first;
    grow.end_list(row);
    count
}

/// An object that stands for a list: each member an item, its key the member `name` of the item.
fn keyed(shape: &Shape, name: &str, grow: &mut Grow, row: usize, walk: &mut Walk, rest: &mut Rest) {
    let raw = walk.value();
    let mut inner = Walk::new(raw);
    inner.enter();
    let mut items = String::from("[");
    while inner.more() {
        let (key, item) = (inner.key(), inner.value());
        if !item.starts_with('{') {
            return rest.misfit(raw);
        }
        let mut members = Walk::new(item);
        members.enter();
        while members.more() {
            if unquoted(members.key()).as_deref() == Some(name) {
                return rest.misfit(raw);
            }
            members.value();
        }
        if items.len() > 1 {
            items.push(',');
        }
        let comma = if blank(item) { "" } else { "," };
        let _ = write!(items, "{{\"{name}\":{key}{comma}{}", &item[1..]);
    }
    items.push(']');
    // What the items say beyond their columns is all in the one note of the whole.
    let (notes, extra) = (rest.notes.pending(), rest.extra.pending());
    list(shape, grow, row, &mut Walk::new(&items), rest);
    rest.notes.keep_pending(notes);
    rest.extra.keep_pending(extra);
    rest.note(raw);
}

/// A value that is neither list nor group; the walk has just cut it out.
fn leaf(grow: &mut Grow, row: usize, raw: &str, walk: &Walk, json: bool, rest: &mut Rest) {
    grow.pad(row);
    if raw.as_bytes().first() == Some(&b'n') {
        grow.pad(row + 1);
        if !matches!(rest.path.last(), Some(Step::Item(_))) {
            rest.note(raw);
        }
        return;
    }
    let text = raw.starts_with('"').then(|| walk.unquoted(raw));
    let nested = raw.starts_with(['{', '[']);
    match grow {
        Grow::Text(texts) if json => texts.push(&compact(raw)),
        Grow::Text(texts) => match text {
            Some(Some(text)) => texts.push(&text),
            Some(None) => {
                texts.push(&String::from_utf16_lossy(&units(raw)));
                rest.note(raw);
            }
            None if nested => rest.misfit(raw),
            None => {
                texts.push(raw);
                rest.note(raw);
            }
        },
        Grow::Flag(flags) => {
            let flag = match text.flatten().as_deref().unwrap_or(raw) {
                "true" => Some(true),
                "false" => Some(false),
                _ => None,
            };
            flags.push(flag);
            rest.told(raw, flag.map(|flag| if flag { "true" } else { "false" }.to_owned()));
        }
        Grow::Instant(moments) => {
            let moment = text.flatten().and_then(|text| date::instant(&text));
            moments.push(moment);
            rest.told(raw, moment.map(|moment| format!("\"{}\"", date::written(moment))));
        }
        Grow::Integer(numbers) => {
            let whole = number::whole(text.flatten().as_deref().unwrap_or(raw));
            numbers.push(whole);
            rest.told(raw, whole.map(|whole| whole.to_string()));
        }
        Grow::Number(numbers) => {
            let real = number::real(text.flatten().as_deref().unwrap_or(raw));
            numbers.push(real);
            rest.told(raw, real.map(number::written));
        }
        Grow::List(..) | Grow::Group(..) => {}
    }
}
