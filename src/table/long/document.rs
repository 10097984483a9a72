//! The values of a document, one by one.

use crate::columns::{Column, Columns, Data, range};
use crate::format::number;
use crate::value::date;
use std::borrow::Cow;
use std::fmt::Write;

/// Calls `each` with path, text and language of every value of a row, in the order of the
/// columns; then with what is in `notes` only and in `extra`, as JSON.
pub(super) fn values(columns: &Columns, row: usize, each: &mut impl FnMut(&str, &str, Option<&str>)) {
    let own = columns.columns.iter().filter(|column| !matches!(&*column.name, "extra" | "notes"));
    let mut notes = entries(columns, "notes", 2, row);
    notes.retain(|(path, _)| !path.is_empty());
    let mut path = String::new();
    for column in own {
        path.clear();
        path.push_str(&column.name);
        value(&mut path, &column.data, row, None, &mut |path, text, lang| {
            // The text of a number is the one it was written with.
            let noted = notes.iter().position(|(noted, _)| *noted == path).map(|at| notes.swap_remove(at).1);
            let exact = noted.filter(|json| number::real(json).is_some() && number::real(text).is_some());
            each(path, exact.unwrap_or(text), lang);
        });
    }
    for (path, json) in notes.into_iter().chain(entries(columns, "extra", 1, row)) {
        each(path, json, None);
    }
}

/// First and `second` field of the items of a list of groups.
fn entries<'a>(columns: &'a Columns, name: &str, second: usize, row: usize) -> Vec<(&'a str, &'a str)> {
    let Some((offsets, fields)) = columns.get(name).and_then(Data::groups) else { return Vec::new() };
    let text = |at: usize, item: usize| fields.get(at)?.data.text()?.get(item);
    range(offsets, row).filter_map(|item| Some((text(0, item)?, text(second, item)?))).collect()
}

fn value(
    path: &mut String,
    data: &Data,
    row: usize,
    lang: Option<&str>,
    each: &mut impl FnMut(&str, &str, Option<&str>),
) {
    if data.is_null(row) {
        return;
    }
    let length = path.len();
    match data {
        Data::List(offsets, _, items) => {
            for (number, item) in range(offsets, row).enumerate() {
                let _ = write!(path, "[{number}]");
                value(path, items, item, None, each);
                path.truncate(length);
            }
        }
        Data::Group(fields, ..) => {
            let spoken = match &fields[..] {
                [value, lang] if value.name == "value" && lang.name == "lang" => lang.data.text(),
                _ => None,
            };
            let own = spoken.and_then(|lang| lang.get(row));
            let shown = |field: &&Column| spoken.is_none() || field.name == "value";
            for field in fields.iter().filter(shown) {
                let _ = write!(path, ".{}", field.name);
                value(path, &field.data, row, own, each);
                path.truncate(length);
            }
        }
        data => each(path, &text(data, row), lang),
    }
}

fn text(data: &Data, row: usize) -> Cow<'_, str> {
    match data {
        Data::Text(text) => text.raw(row).into(),
        Data::Flag(values, _) => if values.value(row) { "true" } else { "false" }.into(),
        Data::Integer(values, _) => values[row].to_string().into(),
        Data::Number(values, _) => number::written(values[row]).into(),
        Data::Instant(values, _) => date::written(values[row]).into(),
        Data::List(..) | Data::Group(..) => "".into(),
    }
}
