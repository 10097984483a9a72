//! Nested columns made flat: a column a path, named `sourceSystem.code`.

use super::{Multi, Table};
use crate::columns::build::{TextLists, Texts};
use crate::columns::shape::Shape;
use crate::columns::{Column, Columns, Data, range};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::format::DOCUMENTS;
use crate::format::notes::{Note, Notes};
use crate::value::date;
use arrow_buffer::OffsetBuffer;

/// Columns of every record, besides those of its own that keep their place.
const KEPT: [&str; 2] = ["extra", "notes"];

impl Table {
    /// The table with groups and lists of groups made flat: columns that are neither stay.
    /// `Multi::First` takes the first item of every list, typed as it is; any other choice gives
    /// lists of text. In a list of groups each item keeps its place, empty where it has no value;
    /// values of lists within lists stand one after the other. Texts with a language are a list
    /// of texts, whose languages are in `notes`.
    pub(super) fn flat(&self, multi: Multi, cancel: &Cancel) -> Result<(Self, u64)> {
        let mut left_out = 0;
        let mut batches = Vec::new();
        for batch in self.batches() {
            go_on(cancel)?;
            let flat = flat(batch, multi);
            if multi == Multi::First {
                left_out += count(&batch.columns).saturating_sub(count(&flat.columns));
            }
            batches.push(flat);
        }
        let empty = flat(&self.empty, multi);
        let mut table = Self::new(&self.format, empty, batches);
        table.report = std::sync::Arc::clone(&self.report);
        table.pages = std::sync::Arc::clone(&self.pages);
        Ok((table, left_out))
    }

    /// Whether some column is nested deeper than a list of texts.
    pub(super) fn is_nested(&self) -> bool {
        self.empty.columns.iter().any(|column| !KEPT.contains(&&*column.name) && nested(&column.data))
    }

    /// One row an identification: the record it belongs to, its place in it, and what it says, a
    /// column a path. Lists in it stay lists.
    ///
    /// # Errors
    /// If the records of the format are not identified.
    pub fn identifications(&self, cancel: &Cancel) -> Result<Self> {
        let (keys, list): (&[&str], Option<&str>) = match self.format.as_str() {
            "nba" | "nba_specimen" => (&["id", "unitID"], Some("identifications")),
            "media" => (&["media_id", "identifier", "unit_id"], Some("taxa")),
            "nhm" => (&["_id", "occurrenceID"], None),
            other => {
                let message = format!("records of {other} hold no identifications");
                return Err(Error::new(Kind::Value, message)
                    .hint("tables of nba, nba_specimen, nhm and media do; crosswalks lead to media"));
            }
        };
        let of = |batch: &Columns| match list {
            Some(list) => items(batch, keys, list),
            None => own(batch, keys),
        };
        let mut batches = Vec::new();
        for batch in self.batches() {
            go_on(cancel)?;
            batches.push(of(batch));
        }
        Ok(Self::new("identifications", of(&self.empty), batches))
    }
}

/// Columns of an NHM record that identify it.
const IDENTIFIED: [&str; 27] = [
    "scientificName",
    "scientificNameAuthorship",
    "currentScientificName",
    "taxonRank",
    "kingdom",
    "phylum",
    "class",
    "subclass",
    "superorder",
    "order",
    "suborder",
    "superfamily",
    "family",
    "subfamily",
    "tribe",
    "genus",
    "subgenus",
    "specificEpithet",
    "infraspecificEpithet",
    "typeStatus",
    "identifiedBy",
    "dateIdentified",
    "identificationQualifier",
    "identificationRemarks",
    "determinationNames",
    "determinationTypes",
    "determinationFiledAs",
];

/// The identification that is the record's own, where it has one.
fn own(batch: &Columns, keys: &[&str]) -> Columns {
    let named = batch.get("scientificName");
    let rows: Vec<usize> = (0..batch.rows).filter(|row| named.is_some_and(|named| !named.is_null(*row))).collect();
    let mut columns = taken(batch, keys, &rows);
    columns.push(places(rows.iter().map(|_| 0)));
    columns.extend(taken(batch, &IDENTIFIED, &rows));
    Columns::new(rows.len(), columns).made_of(batch.private_rows().as_ref(), rows)
}

fn taken(batch: &Columns, names: &[&str], rows: &[usize]) -> Vec<Column> {
    let wanted = |name: &&str| batch.columns.iter().find(|column| column.name == *name);
    let found = names.iter().filter_map(wanted);
    found.map(|column| Column { name: column.name.clone(), data: column.data.take(rows) }).collect()
}

fn places(places: impl Iterator<Item = i64>) -> Column {
    Column::new("place", Data::Integer(places.collect(), None))
}

/// The items of a list of groups, one a row.
fn items(batch: &Columns, keys: &[&str], list: &str) -> Columns {
    let Some((offsets, fields)) = batch.get(list).and_then(Data::groups) else {
        return Columns::new(0, Vec::new());
    };
    let owners: Vec<usize> =
        (0..batch.rows).flat_map(|row| std::iter::repeat_n(row, range(offsets, row).len())).collect();
    let mut columns = taken(batch, keys, &owners);
    columns.push(places((0..batch.rows).flat_map(|row| (0..range(offsets, row).len() as i64).collect::<Vec<_>>())));
    let first = offsets[0] as usize;
    for field in fields {
        spread(&field.name, &field.data.slice(first, owners.len()), &mut columns);
    }
    Columns::new(owners.len(), columns).made_of(batch.private_rows().as_ref(), owners)
}

/// Groups as columns of their own.
fn spread(path: &str, data: &Data, columns: &mut Vec<Column>) {
    match data {
        Data::Group(fields, ..) => {
            for field in fields {
                spread(&format!("{path}.{}", field.name), &field.data, columns);
            }
        }
        data => columns.push(Column::new(path.to_owned(), data.clone())),
    }
}

fn nested(data: &Data) -> bool {
    match data {
        Data::Group(..) => true,
        Data::List(_, _, items) => !matches!(**items, Data::Text(_)),
        _ => false,
    }
}

fn flat(batch: &Columns, multi: Multi) -> Columns {
    let mut columns = Vec::new();
    let mut notes = Notes::default();
    let mut spoken: Vec<(&'static str, &OffsetBuffer<i32>, &Data)> = Vec::new();
    for column in batch.columns.iter().filter(|column| column.name != "notes") {
        let list = multi == Multi::First && matches!(column.data, Data::List(..));
        if column.name == "extra" || !(list || nested(&column.data)) {
            columns.push(column.clone());
        } else if let Some((offsets, value, lang)) = tagged(&column.data) {
            spoken.extend(known(&column.name).map(|name| (name, offsets, lang)));
            columns.push(Column { name: column.name.clone(), data: Data::List(offsets.clone(), None, value.into()) });
        } else if multi == Multi::First {
            first(&column.name, &column.data, &mut columns);
        } else {
            every(&column.name, &column.data, batch.rows, &mut columns);
        }
    }
    for row in 0..batch.rows {
        for (path, offsets, lang) in &spoken {
            let langs = range(offsets, row).map(|item| lang.text().and_then(|lang| lang.get(item)));
            for (index, lang) in langs.enumerate().filter(|(_, lang)| lang.is_some()) {
                notes.value(0, path, &Note { index: Some(index as i64), lang, ..Note::default() });
            }
        }
        notes.end_row(row, None);
    }
    columns.push(Column::new("notes", notes.freeze(batch.rows)));
    Columns::new(batch.rows, columns).made_of(batch.private_rows().as_ref(), 0..batch.rows)
}

/// The name as the formats have it.
fn known(name: &str) -> Option<&'static str> {
    let members = DOCUMENTS.iter().filter_map(|format| format.shape()).flat_map(Shape::members);
    members.map(|member| member.name).find(|known| *known == name)
}

/// A list of texts with a language: where its items are, the texts and the languages.
fn tagged(data: &Data) -> Option<(&OffsetBuffer<i32>, Data, &Data)> {
    let (offsets, fields) = data.groups()?;
    match fields {
        [value, lang] if value.name == "value" && lang.name == "lang" => {
            Some((offsets, value.data.clone(), &lang.data))
        }
        _ => None,
    }
}

/// The first item of every list.
fn first(path: &str, data: &Data, columns: &mut Vec<Column>) {
    match data {
        Data::List(offsets, _, items) => {
            if offsets.windows(2).all(|pair| pair[1] == pair[0] + 1) {
                return first(path, &items.slice(offsets[0] as usize, data.len()), columns);
            }
            let rows: Vec<Option<usize>> = (0..data.len()).map(|row| range(offsets, row).next()).collect();
            first(path, &items.take_some(&rows), columns);
        }
        Data::Group(fields, ..) => {
            for field in fields {
                first(&format!("{path}.{}", field.name), &field.data, columns);
            }
        }
        data => columns.push(Column::new(path.to_owned(), data.clone())),
    }
}

/// Every value, as lists of text where a path repeats.
fn every(path: &str, data: &Data, rows: usize, columns: &mut Vec<Column>) {
    match data {
        Data::Group(fields, ..) => {
            for field in fields {
                let path = format!("{path}.{}", field.name);
                if nested(&field.data) {
                    every(&path, &field.data, rows, columns);
                } else {
                    columns.push(Column::new(path, field.data.clone()));
                }
            }
        }
        Data::List(offsets, _, items) => {
            let ranges: Vec<std::ops::Range<usize>> = (0..rows).map(|row| range(offsets, row)).collect();
            listed(path, items, &ranges, true, columns);
        }
        data => columns.push(Column::new(path.to_owned(), data.clone())),
    }
}

/// The values of `items` below a list, whose row `n` has the items of `ranges[n]`.
fn listed(path: &str, items: &Data, ranges: &[std::ops::Range<usize>], outer: bool, columns: &mut Vec<Column>) {
    match items {
        Data::Group(fields, ..) => {
            for field in fields {
                listed(&format!("{path}.{}", field.name), &field.data, ranges, outer, columns);
            }
        }
        Data::List(offsets, _, inner) => {
            let spans: Vec<std::ops::Range<usize>> =
                ranges
                    .iter()
                    .map(|items| {
                        if items.is_empty() { 0..0 } else { offsets[items.start] as usize..offsets[items.end] as usize }
                    })
                    .collect();
            listed(path, inner, &spans, false, columns);
        }
        leaf => {
            let mut lists = TextLists::default();
            for (row, items) in ranges.iter().enumerate() {
                if items.clone().any(|item| !leaf.is_null(item)) {
                    for item in items.clone().filter(|item| outer || !leaf.is_null(*item)) {
                        written(leaf, item, &mut lists.items);
                    }
                }
                lists.end_row(row);
            }
            columns.push(Column::new(path.to_owned(), lists.freeze(ranges.len())));
        }
    }
}

/// A value as text, empty where there is none.
fn written(data: &Data, row: usize, texts: &mut Texts) {
    if data.is_null(row) {
        return texts.push("");
    }
    match data {
        Data::Text(text) => texts.push(text.raw(row)),
        Data::Flag(values, _) => texts.push(if values.value(row) { "true" } else { "false" }),
        Data::Integer(values, _) => texts.push(&values[row].to_string()),
        Data::Number(values, _) => texts.push(&values[row].to_string()),
        Data::Instant(values, _) => texts.push(&date::written(values[row])),
        Data::List(..) | Data::Group(..) => texts.push(""),
    }
}

/// Values of all columns, `extra` and `notes` aside.
fn count(columns: &[Column]) -> u64 {
    fn values(data: &Data, rows: std::ops::Range<usize>) -> u64 {
        match data {
            Data::List(offsets, _, items) if !rows.is_empty() => {
                values(items, offsets[rows.start] as usize..offsets[rows.end] as usize)
            }
            Data::List(..) => 0,
            Data::Group(fields, ..) => fields.iter().map(|field| values(&field.data, rows.clone())).sum(),
            data => rows.filter(|row| !data.is_null(*row)).count() as u64,
        }
    }
    let own = columns.iter().filter(|column| !KEPT.contains(&&*column.name));
    own.map(|column| values(&column.data, 0..column.data.len())).sum()
}
