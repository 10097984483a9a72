//! The difference between what a row has at a path and what the way back gives.
//!
//! Outside lists: the text, with the digest of what it replaces. In one list: where each item
//! comes from, as the number of an item given back or as a text. In lists of lists: by place.

use crate::columns::leaf::{Langs, Leaf};
use serde_json::{Map, Value, json};
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::Arc;

/// The values of a row at a path.
pub struct Row<'a> {
    pub leaf: &'a Leaf,
    pub langs: &'a Langs,
    pub range: Range<usize>,
}

impl Row<'_> {
    fn first(&self) -> Option<&str> {
        self.range.clone().next().map(|at| self.leaf.text(at))
    }

    /// The texts, in a room that most rows fit in.
    fn texts<'r>(&'r self, room: &'r mut [&'r str; SHORT], more: &'r mut Vec<&'r str>) -> &'r [&'r str] {
        let texts = self.range.clone().map(|at| self.leaf.text(at));
        if self.range.len() > SHORT {
            more.extend(texts);
            return more;
        }
        for (room, text) in room.iter_mut().zip(texts) {
            *room = text;
        }
        &room[..self.range.len()]
    }

    fn lang(&self, item: usize) -> Option<&str> {
        self.langs.get(self.leaf.lang(self.range.start + item))
    }

    fn place(&self, item: usize) -> &[u32] {
        self.leaf.place(self.range.start + item)
    }
}

/// Writes what to remember so that `b` becomes `a`, after `key`; nothing if it is.
pub fn write(a: &Row, b: &Row, depth: usize, key: &str, out: &mut String) {
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
        1 if in_order(a) && in_order(b) => list(a, b, key, out),
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
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    if text.bytes().fold(true, |all, byte| all & plain(byte)) {
        out.push('"');
        out.push_str(text);
        out.push('"');
    } else {
        out.push_str(&json!(text).to_string());
    }
}

/// Whether the texts are the same, in the same order.
fn same(a: &Row, b: &Row) -> bool {
    let shared = Arc::ptr_eq(&a.leaf.pool, &b.leaf.pool);
    let equal = |(own, given): (usize, usize)| {
        shared && a.leaf.texts[own] == b.leaf.texts[given] || a.leaf.text(own) == b.leaf.text(given)
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

fn list(a: &Row, b: &Row, key: &str, out: &mut String) {
    let tagged = |row: &Row| !row.leaf.langs.is_empty() && (0..row.range.len()).any(|item| row.lang(item).is_some());
    let tagged = tagged(a) || tagged(b);
    if b.range.is_empty() && !tagged {
        // Nothing comes back: all items, as they are.
        out.push_str(key);
        out.push_str("{\"h\":");
        digested(std::iter::empty(), out);
        out.push_str(",\"o\":[");
        for (item, at) in a.range.clone().enumerate() {
            if item > 0 {
                out.push(',');
            }
            string(a.leaf.text(at), out);
        }
        out.push_str("]}");
        return;
    }
    let same = same(a, b);
    if same && !tagged {
        return;
    }
    let (mut rooms, mut more) = ([[""; SHORT]; 2], [Vec::new(), Vec::new()]);
    let ([own_room, given_room], [own_more, given_more]) = (&mut rooms, &mut more);
    let (own, given) = (a.texts(own_room, own_more), b.texts(given_room, given_more));
    let from = if same { (0..own.len()).map(Some).collect() } else { matched(own, given) };
    let langs = if tagged { langs(a, b, &from) } else { None };
    if same && langs.is_none() {
        return;
    }
    out.push_str(key);
    out.push_str("{\"h\":");
    digested(given.iter().copied(), out);
    if let Some(langs) = langs {
        out.push_str(",\"l\":");
        out.push_str(&langs.to_string());
    }
    if !same {
        steps(own, given, &from, out);
    }
    out.push('}');
}

/// Writes where each item comes from, and which of those given are too many.
fn steps(own: &[&str], given: &[&str], from: &[Option<usize>], out: &mut String) {
    let lost = from.iter().filter(|from| from.is_none()).count();
    let mut spare: Vec<usize> = (0..given.len()).filter(|item| !from.contains(&Some(*item))).collect();
    // As many lost as spare: each took the place of one.
    let mut pairs = if lost == spare.len() { std::mem::take(&mut spare) } else { Vec::new() }.into_iter();
    out.push_str(",\"o\":[");
    let mut item = 0;
    while item < own.len() {
        if item > 0 {
            out.push(',');
        }
        if let Some(first) = from[item] {
            let run = (item..own.len()).take_while(|at| from[*at] == Some(first + at - item)).count();
            match (run, first) {
                (1, 0..=9) => out.push(char::from(b'0' + first as u8)),
                (1, _) => out.push_str(&first.to_string()),
                _ => out.push_str(&json!([first, run]).to_string()),
            }
            item += run;
            continue;
        }
        if let Some(other) = pairs.next() {
            out.push_str("{\"d\":");
            digested([given[other]].into_iter(), out);
            out.push_str(",\"t\":");
            string(own[item], out);
            out.push('}');
        } else {
            string(own[item], out);
        }
        item += 1;
    }
    out.push(']');
    if !spare.is_empty() {
        let digests: Vec<String> = spare.iter().map(|item| digest(given[*item])).collect();
        out.push_str(",\"x\":");
        out.push_str(&json!(digests).to_string());
    }
}

/// The languages that differ from those of the items given: one for all, or by item.
fn langs(a: &Row, b: &Row, from: &[Option<usize>]) -> Option<Value> {
    let mut langs = Map::new();
    for (item, from) in from.iter().enumerate() {
        let (wanted, given) = (a.lang(item), from.and_then(|from| b.lang(from)));
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

/// For each text the item given that it is, each used once; the same number first.
fn matched(own: &[&str], given: &[&str]) -> Vec<Option<usize>> {
    let mut from: Vec<Option<usize>> = (0..own.len()).map(|at| (given.get(at) == own.get(at)).then_some(at)).collect();
    if given.len() <= SHORT {
        let mut used = [false; SHORT];
        for at in from.iter().flatten() {
            used[*at] = true;
        }
        for (text, from) in own.iter().zip(&mut from).filter(|(_, from)| from.is_none()) {
            *from = (0..given.len()).find(|at| !used[*at] && given[*at] == *text);
            if let Some(at) = *from {
                used[at] = true;
            }
        }
        return from;
    }
    let mut spare: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (at, text) in given.iter().enumerate() {
        if from.get(at).copied().flatten().is_none() {
            spare.entry(text).or_default().push_back(at);
        }
    }
    for (at, text) in own.iter().enumerate() {
        if from[at].is_none() {
            from[at] = spare.get_mut(text).and_then(VecDeque::pop_front);
        }
    }
    from
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

fn written(place: &[u32]) -> String {
    place.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

/// Adds the row to `made`, patched; gives how many values stay as they were edited.
pub fn apply(made: &mut Leaf, row: u32, given: &Leaf, range: Range<usize>, patch: &Value, langs: &mut Langs) -> u64 {
    match (given.depth, patch) {
        (0, _) => {
            let text = range.clone().next().map(|at| given.text(at));
            let (wanted, edited) = chosen(patch, text);
            if let Some(wanted) = wanted {
                made.push(row, &[], wanted, 0);
            }
            u64::from(edited)
        }
        (1, Value::Object(patch)) if patch.contains_key("h") => {
            let items: Vec<(&str, u32)> = range.map(|at| (given.text(at), given.lang(at))).collect();
            let (items, edited) = patched(&items, patch, langs);
            for (number, (text, lang)) in items.iter().enumerate() {
                made.push(row, &[number as u32], text, *lang);
            }
            edited
        }
        (_, Value::Object(patch)) => by_place(made, row, given, range, patch, langs),
        _ => {
            range.for_each(|at| made.push(row, given.place(at), given.text(at), given.lang(at)));
            1
        }
    }
}

/// The text that a patch gives for one, and whether an edit won.
fn chosen<'a>(patch: &'a Value, text: Option<&'a str>) -> (Option<&'a str>, bool) {
    match patch {
        Value::Array(pair) => {
            let same = text.is_some_and(|text| pair.get(1).and_then(Value::as_str) == Some(&digest(text)));
            if same { (pair.first().and_then(Value::as_str), false) } else { (text, true) }
        }
        // Nothing was given back: whatever is there now is an edit.
        patch => text.map_or((patch.as_str(), false), |text| (Some(text), true)),
    }
}

fn patched(items: &[(&str, u32)], patch: &Map<String, Value>, langs: &mut Langs) -> (Vec<(String, u32)>, u64) {
    let texts: Vec<&str> = items.iter().map(|(text, _)| *text).collect();
    let own = |at: usize| items.get(at).map(|(text, lang)| ((*text).to_owned(), *lang));
    let steps = patch.get("o").and_then(Value::as_array);
    if patch.get("h").and_then(Value::as_str) == Some(&digests(&texts)) {
        let mut made: Vec<(String, u32)> = Vec::new();
        match steps {
            None => made.extend((0..items.len()).filter_map(own)),
            Some(steps) => {
                for step in steps {
                    match step {
                        Value::Number(at) => made.extend(at.as_u64().and_then(|at| own(at as usize))),
                        Value::Array(run) => {
                            let part = |at: usize| run.get(at).and_then(Value::as_u64).unwrap_or_default() as usize;
                            made.extend((part(0)..(part(0) + part(1)).min(items.len())).filter_map(own));
                        }
                        Value::String(text) => made.push((text.clone(), 0)),
                        step => made.extend(step["t"].as_str().map(|text| (text.to_owned(), 0))),
                    }
                }
            }
        }
        let mut number = |lang: &Value| lang.as_str().map_or(0, |lang| langs.number(lang));
        match patch.get("l") {
            Some(Value::Object(each)) => {
                for (at, lang) in each {
                    if let Some(item) = at.parse::<usize>().ok().and_then(|at| made.get_mut(at)) {
                        item.1 = number(lang);
                    }
                }
            }
            Some(lang) => {
                let lang = number(lang);
                for item in &mut made {
                    item.1 = lang;
                }
            }
            None => {}
        }
        return (made, 0);
    }
    // Somebody changed the list: what was changed stays, what was not is put back.
    let mut made: Vec<(String, u32)> = (0..items.len()).filter_map(own).collect();
    let mut edited = 1;
    for removed in patch.get("x").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str) {
        if let Some(at) = made.iter().position(|(text, _)| digest(text) == removed) {
            made.remove(at);
        }
    }
    let mut position = 0;
    for step in steps.into_iter().flatten() {
        match step {
            Value::String(text) => {
                made.insert(position.min(made.len()), (text.clone(), 0));
                position += 1;
            }
            Value::Object(step) => {
                let (text, before) = (step.get("t").and_then(Value::as_str), step.get("d").and_then(Value::as_str));
                match (text, made.iter().position(|(text, _)| Some(&*digest(text)) == before)) {
                    (Some(text), Some(at)) => text.clone_into(&mut made[at].0),
                    _ => edited += 1,
                }
                position += 1;
            }
            Value::Array(run) => position += run.get(1).and_then(Value::as_u64).unwrap_or(1) as usize,
            _ => position += 1,
        }
    }
    (made, edited)
}

fn by_place(
    made: &mut Leaf,
    row: u32,
    given: &Leaf,
    range: Range<usize>,
    patch: &Map<String, Value>,
    langs: &mut Langs,
) -> u64 {
    let parse = |key: &str| key.split('.').map(|number| number.parse().ok()).collect::<Option<Vec<u32>>>();
    let mut places: Vec<Vec<u32>> = range.clone().map(|at| given.place(at).to_vec()).collect();
    places.extend(patch.keys().filter_map(|key| parse(key)).filter(|place| place.len() == given.depth));
    places.sort();
    places.dedup();
    let mut edited = 0;
    for place in places {
        let at = range.clone().find(|at| given.place(*at) == place);
        let key = written(&place);
        let text = at.map(|at| given.text(at));
        let wanted = match patch.get(&key) {
            None => text,
            Some(patch) => {
                let (wanted, kept) = chosen(patch, text);
                edited += u64::from(kept);
                wanted
            }
        };
        let lang = match patch.get(&format!("{key}@")) {
            None => at.map_or(0, |at| given.lang(at)),
            Some(lang) => lang.as_str().map_or(0, |lang| langs.number(lang)),
        };
        if let Some(wanted) = wanted {
            made.push(row, &place, wanted, lang);
        }
    }
    edited
}

/// A short digest: FNV-1a, its 40 lower bits in base 32.
fn digest(text: &str) -> String {
    digests(&[text])
}

fn digests(texts: &[&str]) -> String {
    signs(texts.iter().copied()).iter().map(|sign| char::from(*sign)).collect()
}

/// Writes the digest of texts as JSON.
fn digested<'t>(texts: impl Iterator<Item = &'t str>, out: &mut String) {
    out.push('"');
    for sign in signs(texts) {
        out.push(char::from(sign));
    }
    out.push('"');
}

fn signs<'t>(texts: impl Iterator<Item = &'t str>) -> [u8; 8] {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for text in texts {
        for byte in text.bytes().chain([0]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash ^= hash >> 32;
    std::array::from_fn(|at| b"0123456789abcdefghijklmnopqrstuv"[(hash >> (5 * at)) as usize & 31])
}
