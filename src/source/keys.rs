//! What tells the documents of a reply apart.

use crate::columns::{Columns, Data, range};
use crate::format::Vocabulary;
use crate::scan::Part;
use serde_json::Value;
use std::collections::BTreeSet;

/// The identifier of each document: the `id` of the NBA, the `_id` of the NHM with its resource where several were
/// asked, the `id` of an Atom entry.
#[must_use]
pub fn of(part: &Part) -> Vec<Option<String>> {
    part.batches.iter().flat_map(|(vocabulary, columns)| of_batch(vocabulary, columns)).collect()
}

fn of_batch(vocabulary: &Vocabulary, columns: &Columns) -> Vec<Option<String>> {
    let own = columns.get(vocabulary.key()).and_then(Data::text);
    let key = |row: usize| {
        let id = own?.get(row).filter(|id| !id.is_empty())?;
        Some(
            around(columns, row, "reply.resource").map_or_else(|| id.to_owned(), |resource| format!("{resource}/{id}")),
        )
    };
    (0..columns.rows).map(key).collect()
}

/// When each document was changed, as the service says.
#[must_use]
pub fn modified(part: &Part) -> Vec<Option<String>> {
    let moments = part.batches.iter().flat_map(|(vocabulary, columns)| {
        let name = if vocabulary.name == "atom" { "updated" } else { "modified" };
        let own = columns.get(name).and_then(Data::text);
        (0..columns.rows).map(move |row| Some(own?.get(row)?.trim().to_owned()).filter(|text| !text.is_empty()))
    });
    moments.collect()
}

/// The values of columns of text, one list a column.
#[must_use]
pub fn texts(part: &Part, names: &[&str]) -> Vec<Vec<Option<String>>> {
    let of = |name: &&str| {
        let batches = part.batches.iter().flat_map(|(_, columns)| {
            let own = columns.get(name).and_then(Data::text);
            (0..columns.rows).map(move |row| Some(own?.get(row)?.to_owned()))
        });
        batches.collect()
    };
    names.iter().map(of).collect()
}

/// What the reply says about a document: the text behind `element` in its `extra`.
fn around<'a>(columns: &'a Columns, row: usize, element: &str) -> Option<&'a str> {
    let (offsets, members) = columns.get("extra")?.groups()?;
    let text = |name: &str| members.iter().find(|member| member.name == name)?.data.text();
    let (names, values) = (text("element")?, text("value")?);
    let at = range(offsets, row).find(|at| names.get(*at) == Some(element))?;
    values.get(at).map(|value| value.trim_matches('"'))
}

/// Where the medialib of Naturalis keeps a file, whatever stands before it.
const MEDIALIB: &str = "medialib.naturalis.nl/file/id/";

/// The media of a record, as one name: the ids of the medialib with the unit they show, or the assets of the museum
/// in London. Nothing for a record without.
#[must_use]
pub fn media(record: &[u8]) -> Option<String> {
    let value: Value = serde_json::from_slice(record).ok()?;
    let (mut found, mut unit) = (BTreeSet::new(), String::new());
    collect(&value, "", &mut found, &mut unit);
    let names: Vec<&str> = found.iter().map(String::as_str).collect();
    (!names.is_empty()).then(|| format!("{unit} {}", names.join(" ")))
}

fn collect(value: &Value, key: &str, found: &mut BTreeSet<String>, unit: &mut String) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, key, found, unit)),
        Value::Object(members) => members.iter().for_each(|(key, value)| collect(value, key, found, unit)),
        Value::String(text) if key == "assetID" => drop(found.insert(text.clone())),
        Value::String(text) if key == "unitID" => unit.clone_from(text),
        Value::String(text) => {
            let id = text.split_once(MEDIALIB).and_then(|(_, rest)| rest.split(['/', '?', '#']).next());
            found.extend(id.map(str::to_owned));
        }
        _ => {}
    }
}
