//! The difference between what a row has at a path and what the way back gives.
//!
//! Outside lists: the text, with the digest of what it replaces. In one list: where each item
//! comes from, as the number of an item given back or as a text. In lists of lists: by place.

use crate::columns::leaf::{Langs, Leaf};
use crate::format::accept::ordinary;
use serde_json::{Map, Value, json};
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

/// Room that rows use one after the other.
#[derive(Default)]
pub struct Room<'a> {
    own: Vec<&'a str>,
    given: Vec<&'a str>,
    /// For each of `own` the item given that it is, or [`LOST`].
    from: Vec<usize>,
    /// Which of those given one is.
    used: Vec<bool>,
}

/// No item given is it.
const LOST: usize = usize::MAX;

/// The values of a row at a path.
pub struct Row<'a> {
    pub leaf: &'a Leaf,
    pub langs: &'a Langs,
    pub range: Range<usize>,
    /// Whether its texts are known to need no escapes.
    pub ordinary: bool,
}

impl Row<'_> {
    fn first(&self) -> Option<&str> {
        self.range.clone().next().map(|at| self.leaf.text(at))
    }

    fn lang(&self, item: usize) -> Option<&str> {
        self.langs.get(self.leaf.lang(self.range.start + item))
    }

    fn place(&self, item: usize) -> &[u32] {
        self.leaf.place(self.range.start + item)
    }
}

/// Writes what to remember so that `b` becomes `a`, after `key`; nothing if it is.
/// Both are `listed` where their items are known to be numbered without gaps.
pub fn write<'a>(
    a: &Row<'a>,
    b: &Row<'a>,
    (depth, listed): (usize, bool),
    key: &str,
    room: &mut Room<'a>,
    out: &mut String,
) {
    match depth {
        0 => {
            if !same(a, b) {
                out.push_str(key);
                match (a.first(), b.first()) {
                    (Some(own), None) => string(own, out),
                    (own, given) => out.push_str(&replaced(own, given).to_string()),
                }
            }
        }
        1 if listed || in_order(a) && in_order(b) => list(a, b, key, room, out),
        _ => {
            if let Some(patch) = keyed(a, b) {
                out.push_str(key);
                out.push_str(&patch.to_string());
            }
        }
    }
}

/// A text as JSON.
pub fn string(text: &str, out: &mut String) {
    if ordinary(text.as_bytes(), 0) == text.len() {
        quoted(text, out);
    } else {
        // No text fails to be JSON.
        out.push_str(&serde_json::to_string(text).unwrap_or_default());
    }
}

/// The same of a text that needs no escapes.
fn quoted(text: &str, out: &mut String) {
    out.push('"');
    out.push_str(text);
    out.push('"');
}

/// A number as JSON: most have a digit or two.
pub fn number(number: i64, out: &mut String) {
    let digit = |number: i64| char::from(b'0' + number as u8);
    match number {
        0..=9 => out.push(digit(number)),
        10..=99 => out.extend([digit(number / 10), digit(number % 10)]),
        _ => out.push_str(&number.to_string()),
    }
}

/// Whether no text of a leaf needs escapes, where most of its pool are its texts.
pub fn is_ordinary(leaf: &Leaf) -> bool {
    let texts = leaf.pool.all();
    leaf.pool.len() <= 2 * leaf.len() && ordinary(texts.as_bytes(), 0) == texts.len()
}

/// Whether the texts are the same, in the same order.
fn same(a: &Row, b: &Row) -> bool {
    let shared = Arc::ptr_eq(&a.leaf.pool, &b.leaf.pool);
    let equal = |(own, given): (usize, usize)| {
        let (own, given) = (a.leaf.texts[own], b.leaf.texts[given]);
        shared && own == given || a.leaf.pool.raw(own) == b.leaf.pool.raw(given)
    };
    a.range.len() == b.range.len() && a.range.clone().zip(b.range.clone()).all(equal)
}

/// Whether the items are numbered without gaps.
fn in_order(row: &Row) -> bool {
    (0..row.range.len()).all(|item| row.place(item)[0] as usize == item)
}

fn replaced(a: Option<&str>, b: Option<&str>) -> Value {
    match b {
        None => json!(a),
        Some(b) => json!([a, digest(b)]),
    }
}

/// What the patch of a list begins with of which nothing comes back: all its items follow.
pub static NOTHING_GIVEN: LazyLock<String> = LazyLock::new(|| format!("{{\"h\":{},\"o\":[", json!(digests(&[]))));

/// Writes values of a leaf as JSON, with commas between.
pub fn items(leaf: &Leaf, range: Range<usize>, ordinary: bool, out: &mut String) {
    let write = |text: &str, out: &mut String| if ordinary { quoted(text, out) } else { string(text, out) };
    for (item, at) in range.enumerate() {
        if item > 0 {
            out.push(',');
        }
        write(leaf.text(at), out);
    }
}

fn list<'a>(a: &Row<'a>, b: &Row<'a>, key: &str, room: &mut Room<'a>, out: &mut String) {
    let tagged = |row: &Row| !row.leaf.langs.is_empty() && (0..row.range.len()).any(|item| row.lang(item).is_some());
    let tagged = tagged(a) || tagged(b);
    if b.range.is_empty() && !tagged {
        out.push_str(key);
        out.push_str(&NOTHING_GIVEN);
        items(a.leaf, a.range.clone(), a.ordinary, out);
        out.push_str("]}");
        return;
    }
    let same = same(a, b);
    if same && !tagged {
        return;
    }
    room.fill(a, b, same);
    let langs = if tagged { langs(a, b, &room.from) } else { None };
    if same && langs.is_none() {
        return;
    }
    out.push_str(key);
    out.push_str("{\"h\":");
    digested(room.given.iter().copied(), out);
    if let Some(langs) = langs {
        out.push_str(",\"l\":");
        out.push_str(&langs.to_string());
    }
    if !same {
        steps(room, a.ordinary, out);
    }
    out.push('}');
}

/// Writes where each item comes from, and which of those given are too many.
fn steps(room: &Room, ordinary: bool, out: &mut String) {
    let write = |text: &str, out: &mut String| if ordinary { quoted(text, out) } else { string(text, out) };
    let Room { own, given, from, used } = room;
    let lost = from.iter().filter(|from| **from == LOST).count();
    let spare = || (0..given.len()).filter(|item| !used[*item]);
    // As many lost as spare: each took the place of one.
    let paired = lost == spare().count();
    let mut pairs = spare().filter(|_| paired);
    out.push_str(",\"o\":[");
    let mut item = 0;
    while item < own.len() {
        if item > 0 {
            out.push(',');
        }
        let first = from[item];
        if first != LOST {
            let run = (item..own.len()).take_while(|at| from[*at] == first + at - item).count();
            if run == 1 {
                number(first as i64, out);
            } else {
                out.push_str(&json!([first, run]).to_string());
            }
            item += run;
            continue;
        }
        if let Some(other) = pairs.next() {
            out.push_str("{\"d\":");
            digested([given[other]].into_iter(), out);
            out.push_str(",\"t\":");
            write(own[item], out);
            out.push('}');
        } else {
            write(own[item], out);
        }
        item += 1;
    }
    out.push(']');
    if !paired && spare().next().is_some() {
        out.push_str(",\"x\":[");
        for (number, item) in spare().enumerate() {
            if number > 0 {
                out.push(',');
            }
            digested([given[item]].into_iter(), out);
        }
        out.push(']');
    }
}

/// The languages that differ from those of the items given: one for all, or by item.
fn langs(a: &Row, b: &Row, from: &[usize]) -> Option<Value> {
    let mut langs = Map::new();
    for (item, from) in from.iter().enumerate() {
        let (wanted, given) = (a.lang(item), if *from == LOST { None } else { b.lang(*from) });
        if wanted != given {
            langs.insert(item.to_string(), json!(wanted));
        }
    }
    let first = langs.values().next().cloned()?;
    if langs.len() == from.len() && langs.values().all(|lang| *lang == first) {
        return Some(first);
    }
    Some(Value::Object(langs))
}

/// Lists up to this length are compared item by item.
const SHORT: usize = 16;

impl<'a> Room<'a> {
    /// Takes the texts of both in, and finds for each of `a` the item of `b` that it is, each used
    /// once; the same number first.
    fn fill(&mut self, a: &Row<'a>, b: &Row<'a>, same: bool) {
        let Self { own, given, from, used } = self;
        own.clear();
        own.extend(a.range.clone().map(|at| a.leaf.text(at)));
        given.clear();
        given.extend(b.range.clone().map(|at| b.leaf.text(at)));
        from.clear();
        used.clear();
        used.resize(given.len(), same);
        if same {
            return from.extend(0..own.len());
        }
        for (at, text) in own.iter().enumerate() {
            let there = given.get(at) == Some(text);
            if there {
                used[at] = true;
            }
            from.push(if there { at } else { LOST });
        }
        if given.len() > SHORT {
            return self.match_many();
        }
        for (text, from) in own.iter().zip(from).filter(|(_, from)| **from == LOST) {
            if let Some(at) = (0..given.len()).find(|at| !used[*at] && given[*at] == *text) {
                used[at] = true;
                *from = at;
            }
        }
    }

    /// The same for long lists.
    fn match_many(&mut self) {
        let Self { own, given, from, used } = self;
        let mut spare: HashMap<&str, VecDeque<usize>> = HashMap::new();
        for (at, text) in given.iter().enumerate().filter(|(at, _)| !used[*at]) {
            spare.entry(text).or_default().push_back(at);
        }
        for (text, from) in own.iter().zip(from).filter(|(_, from)| **from == LOST) {
            if let Some(at) = spare.get_mut(text).and_then(VecDeque::pop_front) {
                used[at] = true;
                *from = at;
            }
        }
    }
}

fn keyed(a: &Row, b: &Row) -> Option<Value> {
    let mut patch = Map::new();
    let (mut i, mut j) = (0, 0);
    while i < a.range.len() || j < b.range.len() {
        let own = (i < a.range.len()).then(|| a.place(i));
        let given = (j < b.range.len()).then(|| b.place(j));
        let (take_own, take_given) = match (own, given) {
            (Some(own), Some(given)) => (own <= given, given <= own),
            (own, given) => (own.is_some(), given.is_some()),
        };
        let text = |row: &Row, item: usize| row.leaf.text(row.range.start + item).to_owned();
        let (mine, theirs) = (take_own.then(|| text(a, i)), take_given.then(|| text(b, j)));
        let place = written(own.filter(|_| take_own).or(given).unwrap_or_default());
        if mine != theirs {
            patch.insert(place.clone(), replaced(mine.as_deref(), theirs.as_deref()));
        }
        if take_own && a.lang(i) != (if take_given { b.lang(j) } else { None }) {
            patch.insert(place + "@", json!(a.lang(i)));
        }
        i += usize::from(take_own);
        j += usize::from(take_given);
    }
    (!patch.is_empty()).then_some(Value::Object(patch))
}

pub fn written(place: &[u32]) -> String {
    place.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

/// A short digest: 40 bits in base 32.
#[must_use]
pub fn digest(text: &str) -> String {
    digests(&[text])
}

pub fn digests(texts: &[&str]) -> String {
    signs(texts.iter().copied()).iter().map(|sign| char::from(*sign)).collect()
}

/// Writes the digest of texts as JSON.
fn digested<'t>(texts: impl Iterator<Item = &'t str>, out: &mut String) {
    out.push('"');
    out.push_str(std::str::from_utf8(&signs(texts)).unwrap_or_default());
    out.push('"');
}

/// A digest that files keep: multiplied and folded, eight bytes at a time, each text with its length.
fn signs<'t>(texts: impl Iterator<Item = &'t str>) -> [u8; 8] {
    let mixed = |hash: u64, word: u64| {
        let product = (hash ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        product ^ (product >> 32)
    };
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for text in texts {
        let (words, rest) = text.as_bytes().as_chunks::<8>();
        hash = words.iter().fold(hash, |hash, word| mixed(hash, u64::from_le_bytes(*word)));
        let mut last = [0; 8];
        last[..rest.len()].copy_from_slice(rest);
        hash = mixed(mixed(hash, u64::from_le_bytes(last)), text.len() as u64 + 1);
    }
    std::array::from_fn(|at| b"0123456789abcdefghijklmnopqrstuv"[(hash >> (5 * at)) as usize & 31])
}

#[cfg(test)]
mod tests {
    use super::string;
    use serde_json::json;

    #[test]
    fn texts_are_written_as_json_writes_them() {
        let mut texts: Vec<String> =
            (0..=0x17f).filter_map(char::from_u32).map(|letter| format!("vogels{letter}")).collect();
        texts.extend(
            (0..20)
                .flat_map(|at| ['\u{1f}', '"', '\\', '\u{7f}', 'é'].map(|odd| format!("{}{odd}zee", "a".repeat(at)))),
        );
        for text in texts {
            let mut written = String::new();
            string(&text, &mut written);
            assert_eq!(written, json!(text).to_string());
        }
    }
}
