//! Notes of a batch on their way into residue: languages go to the values of leaves, the rest is
//! written as JSON.

use crate::columns::build::Texts;
use crate::columns::leaf::Leaves;
use crate::columns::{Column, Columns, Data, range};
use crate::crosswalk::residue::{number, string};

/// Adds a text for each of the rows `chosen`, the last ones of `leaves`: its notes as JSON with
/// commas between, absent where it has none. Notes of elements name values and their languages;
/// those of `documents` are rows of three texts.
pub fn noted(columns: &Columns, chosen: &[u32], documents: bool, leaves: &mut Leaves, noted: &mut Texts) {
    let Some((offsets, fields)) = columns.get("notes").and_then(Data::groups) else {
        return chosen.iter().for_each(|_| noted.push_option(None));
    };
    let after = leaves.rows - chosen.len();
    for (at, row) in chosen.iter().enumerate() {
        let row = *row as usize;
        for item in range(offsets, row) {
            if documents {
                cells(fields, item, &mut noted.bytes);
            } else {
                element(columns, fields, (row, item, after + at), leaves, &mut noted.bytes);
            }
        }
        if noted.tail().is_empty() {
            noted.push_option(None);
        } else {
            // The comma after the last note.
            noted.bytes.pop();
            noted.finish();
        }
    }
}

/// The cells of a note as a list, and a comma.
fn cells(fields: &[Column], item: usize, out: &mut String) {
    out.push('[');
    for (at, field) in fields.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        match field.data.text().and_then(|text| text.get(item)) {
            Some(text) => string(text, out),
            None => out.push_str("null"),
        }
    }
    out.push_str("],");
}

/// A note of an element, by its row, its number and the row of the leaves: its language goes to
/// the leaf, the rest is written with a comma, if there is any.
fn element(
    columns: &Columns,
    fields: &[Column],
    (row, item, made): (usize, usize, usize),
    leaves: &mut Leaves,
    out: &mut String,
) {
    let text = |at: usize| fields.get(at).and_then(|field| field.data.text()).and_then(|text| text.get(item));
    let whole = |at: usize| match fields.get(at).map(|field| &field.data) {
        Some(data @ Data::Integer(values, _)) if !data.is_null(item) => Some(values[item]),
        _ => None,
    };
    let (Some(path), index, lang) = (text(0), whole(1), text(3)) else { return };
    let (seq, attributes, exact, markup) = (whole(2), text(4), text(5), text(6));
    let mut placed = false;
    if let (Some(index), Some(lang)) = (index, lang) {
        let tag = leaves.langs.number(lang);
        if let Some(leaf) = leaves.leaves.iter_mut().find(|leaf| leaf.path.strip_suffix("[]") == Some(path)) {
            placed = leaf.tag(made as u32, index as u32, tag);
        }
    }
    let lang = lang.filter(|_| !placed);
    let says = [lang, attributes, exact, markup].iter().any(Option::is_some) || seq.is_some();
    if index.is_some() && !says {
        return;
    }
    let pads = exact.and_then(|exact| exact.split_once(value(columns, path, row, index)?));
    out.push('{');
    member("a", attributes, out);
    count("i", index, out);
    member("l", lang, out);
    member("m", markup, out);
    member("p", Some(path), out);
    count("s", seq, out);
    if let Some((before, after)) = pads {
        out.push_str("\"w\":[");
        string(before, out);
        out.push(',');
        string(after, out);
        out.push_str("],");
    } else {
        member("t", exact, out);
    }
    // The comma after the last member.
    out.pop();
    out.push_str("},");
}

/// The value that a note is of, if it says anything.
fn value<'a>(columns: &'a Columns, path: &str, row: usize, index: Option<i64>) -> Option<&'a str> {
    let data = columns.get(path)?;
    let value = match index {
        Some(index) => {
            let (offsets, items) = data.texts()?;
            range(offsets, row).nth(index as usize).map(|item| items.raw(item))
        }
        None => data.text()?.get(row),
    };
    value.filter(|value| !value.is_empty())
}

fn member(key: &str, text: Option<&str>, out: &mut String) {
    if let Some(text) = text {
        string(key, out);
        out.push(':');
        string(text, out);
        out.push(',');
    }
}

fn count(key: &str, count: Option<i64>, out: &mut String) {
    if let Some(count) = count {
        string(key, out);
        out.push(':');
        number(count, out);
        out.push(',');
    }
}
