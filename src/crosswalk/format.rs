//! Formats as leaves: which columns hold values, where languages and notes stand.

mod noted;

use super::path::Paths;
use super::residue::Notes;
use super::unfold;
use crate::columns::build::{GroupLists, Texts, flags, integers};
use crate::columns::leaf::{Clock, Leaf, Leaves, Scalar, build, paths, walk};
use crate::columns::{Column, Columns, Data, range};
use crate::format::document::Documents;
use crate::format::{Kind, Vocabulary, bag::Bag};
use crate::value::date;
use serde_json::Value;

/// How moments are written.
pub const CLOCK: Clock = Clock { write: date::written, read: date::instant };

/// Columns of the head that follow from others.
const FOLLOWS: [&str; 2] = ["datestamp_utc", "deleted"];

/// A format, as the engine sees it.
#[derive(Debug, Clone)]
pub struct Format {
    /// Its columns.
    pub vocabulary: &'static Vocabulary,
    /// Its columns, without rows.
    pub blank: Columns,
    /// The paths a rule can name.
    pub paths: Paths,
    /// Paths inside foreign elements.
    inside: Vec<(String, Scalar)>,
}

impl Format {
    /// The format of this vocabulary.
    #[must_use]
    pub fn new(vocabulary: &'static Vocabulary) -> Self {
        let blank = match Documents::new(vocabulary) {
            Some(mut documents) => documents.freeze(),
            None => Bag::new(Some(vocabulary)).freeze().1,
        };
        let mut format = Self { vocabulary, paths: Paths::new(Vec::new()), blank, inside: Vec::new() };
        let mut leaves = Vec::new();
        for (path, scalar) in paths(&format.blank) {
            let column = path.split(['.', '[']).next().unwrap_or_default();
            if !format.holds_values(column) {
                continue;
            }
            // The values of elements have languages, noted beside the columns.
            let tagged = vocabulary.head && path.ends_with("[]") && column != "sets" && !format.attribute(column);
            leaves.push((path, if tagged { Scalar::Tagged } else { scalar }));
        }
        format.paths = Paths::new(leaves);
        format
    }

    /// The format with the paths that a dialect finds inside foreign elements.
    #[must_use]
    pub fn with_dialects(mut self, dialects: &[String]) -> Self {
        self.inside = dialects.iter().flat_map(|dialect| unfold::paths(dialect)).collect();
        self.paths.extend(self.inside.clone());
        self
    }

    /// Whether a leaf is a view of another: what stands inside a foreign element.
    #[must_use]
    pub fn is_inside(&self, path: &str) -> bool {
        self.inside.iter().any(|(own, _)| own == path)
    }

    /// Adds what stands inside foreign elements; gives the items of `extra` it comes from.
    pub fn unfold(&self, columns: &Columns, chosen: &[u32], leaves: &mut Leaves) -> Vec<(u32, u32)> {
        if self.inside.is_empty() { Vec::new() } else { unfold::unfold(columns, chosen, &self.inside, leaves) }
    }

    /// Whether a column holds values of the record; others follow from them.
    fn holds_values(&self, column: &str) -> bool {
        column != "notes"
            && column != "residue"
            && !(self.vocabulary.head && FOLLOWS.contains(&column))
            && !(self.vocabulary.name == "media" && super::flat::FLAT.contains(&column))
    }

    /// Whether a column is an attribute of the one before.
    fn attribute(&self, column: &str) -> bool {
        self.field(column).is_some_and(|kind| matches!(kind, Kind::Attribute(_)))
    }

    fn field(&self, column: &str) -> Option<Kind> {
        self.vocabulary.fields.iter().find(|field| field.column == column).map(|field| field.kind)
    }

    /// Adds the rows `chosen` of a batch to leaves, and their notes, without what leaves hold, to `noted`.
    pub fn leaves(&self, columns: &Columns, chosen: &[u32], leaves: &mut Leaves, noted: &mut Texts) {
        walk(columns, chosen, |column| self.holds_values(column), CLOCK, leaves);
        noted::noted(columns, chosen, !self.vocabulary.head, leaves, noted);
    }

    /// Takes out of leaves what is no value.
    pub fn settle(&self, leaves: &mut Leaves) {
        for leaf in leaves.leaves.iter_mut().filter(|leaf| self.attribute(leaf.path.trim_end_matches("[]"))) {
            without_blanks(leaf);
        }
        leaves.leaves.retain(|leaf| !leaf.is_empty());
    }

    /// Columns of leaves and notes.
    #[must_use]
    pub fn columns(&self, leaves: &Leaves, notes: &Notes) -> Columns {
        let mut columns = build(leaves, &self.blank, CLOCK);
        let rows = columns.rows;
        let replace = |columns: &mut Columns, name: &str, data: Data| {
            if let Some(column) = columns.columns.iter_mut().find(|column| column.name == name) {
                column.data = data;
            }
        };
        if self.vocabulary.head {
            let stamps = columns.get("datestamp").and_then(Data::text).cloned();
            let moments = (0..rows).map(|row| stamps.as_ref().and_then(|stamps| date::instant(stamps.get(row)?)));
            let (moments, absent) = integers(moments);
            replace(&mut columns, "datestamp_utc", Data::Instant(moments, absent));
            replace(&mut columns, "deleted", flags(&vec![false; rows]));
            for (at, field) in self.vocabulary.fields.iter().enumerate() {
                if matches!(field.kind, Kind::Attribute(_))
                    && let Some(aligned) = aligned(&columns, self.vocabulary.fields[at - 1].column, field.column)
                {
                    replace(&mut columns, field.column, aligned);
                }
            }
            let noted = element_notes(&columns, leaves, notes);
            replace(&mut columns, "notes", noted);
        } else {
            let mut lists = GroupLists::new(&crate::format::document::NOTES);
            for (row, notes) in notes.iter().enumerate() {
                for note in notes {
                    let cell = |at: usize| note.get(at).and_then(Value::as_str);
                    lists.push(&[cell(0), cell(1), cell(2)]);
                }
                lists.end_row(row);
            }
            replace(&mut columns, "notes", lists.freeze(rows));
        }
        columns
    }
}

/// The notes of elements: what was noted, and the languages.
fn element_notes(columns: &Columns, leaves: &Leaves, notes: &Notes) -> Data {
    let tagged: Vec<(&str, &Leaf)> = leaves
        .leaves
        .iter()
        .filter(|leaf| leaf.langs.iter().any(|lang| *lang != 0))
        .map(|leaf| (leaf.path.split('[').next().unwrap_or_default(), leaf))
        .collect();
    let mut texts: [Texts; 5] = std::array::from_fn(|_| Texts::default());
    let (mut index, mut seq, mut ends) = (Vec::new(), Vec::new(), vec![0_i32]);
    let mut next = vec![0; tagged.len()];
    for (row, notes) in notes.iter().enumerate() {
        let mut push = |path: &str, at: Option<i64>, place: Option<i64>, rest: [Option<&str>; 4]| {
            texts[0].push(path);
            index.push(at);
            seq.push(place);
            texts[1..].iter_mut().zip(rest).for_each(|(texts, text)| texts.push_option(text));
        };
        let mut langs: Vec<(&str, i64, &str)> = Vec::new();
        for ((column, leaf), next) in tagged.iter().zip(&mut next) {
            let own = leaf.of_row(row as u32, *next);
            *next = own.end;
            let item = |at: usize| leaf.place(at).first().map_or(0, |item| i64::from(*item));
            langs.extend(own.filter_map(|at| Some((*column, item(at), leaves.langs.get(leaf.lang(at))?))));
        }
        let mut used = vec![false; langs.len()];
        for note in notes {
            let text = |key: &str| note.get(key).and_then(Value::as_str);
            let (Some(path), at) = (text("p"), note.get("i").and_then(Value::as_i64)) else { continue };
            let value = at.and_then(|at| columns.get(path)?.texts().map(|texts| (texts, at)));
            let value = value
                .and_then(|((offsets, items), at)| range(offsets, row).nth(at as usize).map(|item| items.raw(item)));
            let padded = note.get("w").and_then(Value::as_array).map(|pads| {
                let pad = |at: usize| pads.get(at).and_then(Value::as_str).unwrap_or_default();
                format!("{}{}{}", pad(0), value.or_else(|| head_text(columns, path, row)).unwrap_or_default(), pad(1))
            });
            let own = langs.iter().position(|(column, item, _)| *column == path && Some(*item) == at);
            if let Some(own) = own {
                used[own] = true;
            }
            let lang = own.map(|own| langs[own].2).or(text("l"));
            let exact = padded.as_deref().or(text("t"));
            push(path, at, note.get("s").and_then(Value::as_i64), [lang, text("a"), exact, text("m")]);
        }
        for ((column, item, lang), _) in langs.iter().zip(used).filter(|(_, used)| !used) {
            push(column, Some(*item), None, [Some(lang), None, None, None]);
        }
        ends.push(index.len() as i32);
    }
    let count = index.len();
    let (index, index_absent) = integers(index);
    let (seq, seq_absent) = integers(seq);
    let [path, lang, attributes, text, markup] = texts.each_mut().map(|texts| Data::Text(texts.freeze()));
    let fields = vec![
        Column::new("path", path),
        Column::new("index", Data::Integer(index, index_absent)),
        Column::new("seq", Data::Integer(seq, seq_absent)),
        Column::new("lang", lang),
        Column::new("attributes", attributes),
        Column::new("text", text),
        Column::new("markup", markup),
    ];
    let offsets = arrow_buffer::OffsetBuffer::new(arrow_buffer::ScalarBuffer::from(ends));
    Data::List(offsets, None, Box::new(Data::Group(fields, count, None)))
}

fn head_text<'a>(columns: &'a Columns, path: &str, row: usize) -> Option<&'a str> {
    columns.get(path)?.text()?.get(row)
}

/// Takes the empty texts out of an attribute: they stand for elements without it.
fn without_blanks(leaf: &mut Leaf) {
    let mut kept = Leaf::new(leaf.path.clone());
    for at in (0..leaf.len()).filter(|at| !leaf.text(*at).is_empty()) {
        kept.push(leaf.rows[at], leaf.place(at), leaf.text(at), leaf.lang(at));
    }
    *leaf = kept;
}

/// An attribute with one text, maybe empty, for every value of its element.
fn aligned(columns: &Columns, element: &str, attribute: &str) -> Option<Data> {
    let (offsets, _) = columns.get(element)?.texts()?;
    let (own_offsets, own) = columns.get(attribute)?.texts()?;
    let mut texts = Texts::default();
    for row in 0..columns.rows {
        let mut items = range(own_offsets, row);
        for _ in range(offsets, row) {
            texts.push(items.next().and_then(|item| own.get(item)).unwrap_or_default());
        }
    }
    Some(Data::List(offsets.clone(), None, Box::new(Data::Text(texts.freeze()))))
}
