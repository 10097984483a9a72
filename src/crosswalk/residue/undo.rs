//! The values of a row, from what the way back gives and how that differs.

use super::patch::{digest, digests, written};
use crate::columns::leaf::{Langs, Leaf};
use serde_json::{Map, Value};
use std::ops::Range;

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
