//! Records of documents as JSON, exact: columns, `extra` and `notes` put together again. Keys
//! stand in the order of the format, those it does not know after them.

use crate::columns::shape::{Bare, Member, Shape};
use crate::columns::{Column, Columns, Data, range};
use crate::error::{Error, Kind, Result};
use crate::format::Vocabulary;
use crate::format::document::single;
use crate::value::date;
use std::fmt::Write as _;

/// How documents stand in a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// One document a line, as the download service sends them.
    Lines,
    /// One array.
    Array,
    /// One document; there must be exactly one.
    Single,
    /// A reply of the query service, with the scores that were read.
    Reply,
}

/// Writes batches of documents.
#[derive(Debug)]
pub struct Writer {
    shape: &'static Shape,
    layout: Layout,
    rows: usize,
    /// Notes and members of `extra` that have no place any more, because rows were changed.
    pub unplaced: u64,
}

impl Writer {
    /// A writer of records of this format.
    ///
    /// # Errors
    /// If the records of the format are no documents.
    pub fn new(vocabulary: &'static Vocabulary, layout: Layout) -> Result<Self> {
        let Some(shape) = vocabulary.shape() else {
            let message = format!("records of {} are no JSON documents", vocabulary.name);
            return Err(Error::new(Kind::Value, message).hint("write them as XML, or as JSON lines of columns"));
        };
        Ok(Self { shape, layout, rows: 0, unplaced: 0 })
    }

    /// What stands before the first of `total` records; `declared` is the number a reply gives for
    /// the whole of the question.
    ///
    /// # Errors
    /// If the layout takes one record and there are more or fewer.
    pub fn start(&self, total: usize, declared: Option<u64>, out: &mut Vec<u8>) -> Result<()> {
        match self.layout {
            Layout::Lines => {}
            Layout::Array => out.push(b'['),
            Layout::Reply => {
                let declared = declared.unwrap_or(total as u64);
                out.extend(format!("{{\"totalSize\":{declared},\"resultSet\":[").bytes());
            }
            Layout::Single if total == 1 => {}
            Layout::Single => {
                let message = format!("a single document holds one record, not {total}");
                return Err(Error::new(Kind::Value, message).hint("choose the layout \"lines\" or \"array\""));
            }
        }
        Ok(())
    }

    /// The records of a batch.
    pub fn batch(&mut self, columns: &Columns, out: &mut Vec<u8>) {
        for row in 0..columns.rows {
            if self.rows > 0 && matches!(self.layout, Layout::Array | Layout::Reply) {
                out.push(b',');
            }
            let kept = Kept::of(columns, row);
            let reply = self.layout == Layout::Reply;
            if reply {
                out.push(b'{');
                if let Some(score) = kept.as_ref().and_then(|kept| kept.around("reply.score")) {
                    out.extend(b"\"score\":");
                    out.extend(score.bytes());
                    out.push(b',');
                }
                out.extend(b"\"item\":");
            }
            self.record(columns, row, kept, out);
            if reply {
                out.push(b'}');
            }
            if matches!(self.layout, Layout::Lines | Layout::Single) {
                out.push(b'\n');
            }
            self.rows += 1;
        }
    }

    /// What stands after the last record.
    pub fn end(&self, out: &mut Vec<u8>) {
        match self.layout {
            Layout::Lines | Layout::Single => {}
            Layout::Array => out.extend(b"]\n"),
            Layout::Reply => out.extend(b"]}\n"),
        }
    }

    fn record(&mut self, columns: &Columns, row: usize, kept: Option<Kept<'_>>, out: &mut Vec<u8>) {
        let mut document = Document { kept, path: String::new(), out };
        document.object(self.shape.members(), &columns.columns, row);
        if let Some(kept) = document.kept {
            self.unplaced += kept.entries.iter().filter(|entry| !entry.used && !entry.around).count() as u64;
        }
    }
}

/// One entry of `notes` or `extra`.
#[derive(Debug)]
struct Entry<'a> {
    path: &'a str,
    /// The key of a member of `extra`, as JSON, or the spelling of a known one.
    key: Option<String>,
    /// The value as JSON.
    json: Option<&'a str>,
    /// Whether it is a member of `extra`; then `path` is that of the object.
    extra: bool,
    /// Whether it is about the document, in the reply it came in.
    around: bool,
    used: bool,
}

/// What a record has besides its columns.
#[derive(Debug)]
struct Kept<'a> {
    entries: Vec<Entry<'a>>,
}

impl<'a> Kept<'a> {
    /// The entries of a row, if there are any.
    fn of(columns: &'a Columns, row: usize) -> Option<Self> {
        let mut entries = Vec::new();
        if let Some((offsets, fields)) = columns.get("notes").and_then(Data::groups)
            && let [path, key, json] = [0, 1, 2].map(|at| fields.get(at).and_then(|field| field.data.text()))
        {
            for item in range(offsets, row) {
                let Some(path) = path.and_then(|path| path.get(item)) else { continue };
                let key = key.and_then(|key| key.get(item)).map(str::to_owned);
                let json = json.and_then(|json| json.get(item));
                entries.push(Entry { path, key, json, extra: false, around: false, used: false });
            }
        }
        if let Some((offsets, fields)) = columns.get("extra").and_then(Data::groups)
            && let [Some(element), Some(value)] = [0, 1].map(|at| fields.get(at).and_then(|field| field.data.text()))
        {
            for item in range(offsets, row) {
                let around = element.raw(item).starts_with("reply.");
                let (path, key) = if around { (element.raw(item), String::new()) } else { parted(element.raw(item)) };
                let json = value.get(item);
                entries.push(Entry { path, key: Some(key), json, extra: true, around, used: false });
            }
        }
        (!entries.is_empty()).then_some(Self { entries })
    }

    fn around(&self, element: &str) -> Option<&'a str> {
        self.entries.iter().find(|entry| entry.around && entry.path == element)?.json
    }

    /// The spelling of the key at `path`.
    fn spelling(&mut self, path: &str) -> Option<String> {
        let own = |entry: &&mut Entry| !entry.extra && entry.path == path && entry.key.is_some();
        let entry = self.entries.iter_mut().find(own)?;
        entry.used = true;
        entry.key.clone()
    }

    /// The note at `path`.
    fn json(&mut self, path: &str) -> Option<&mut Entry<'a>> {
        self.entries.iter_mut().find(|entry| !entry.extra && entry.path == path && entry.json.is_some())
    }

    /// Whether there is something at `path` or below it.
    fn below(&self, path: &str) -> bool {
        self.entries.iter().any(|entry| {
            let rest = entry.path.strip_prefix(path);
            let spelling = !entry.extra && entry.json.is_none();
            !entry.around && !spelling && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    }
}

/// The path of the object that has a member of `extra`, and the key as JSON.
fn parted(element: &str) -> (&str, String) {
    if element.ends_with("\"]") {
        // A quoted key is the last step; its own quotes are escaped.
        let starts = element.match_indices("[\"").map(|(at, _)| at);
        let whole = |at: &usize| serde_json::from_str::<String>(&element[at + 1..element.len() - 1]).is_ok();
        if let Some(at) = starts.clone().find(whole).or_else(|| starts.clone().next()) {
            return (&element[..at], element[at + 1..element.len() - 1].to_owned());
        }
    }
    let (path, key) = element.rsplit_once('.').unwrap_or(("", element));
    (path, quoted(key))
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

/// A document in the making.
struct Document<'a, 'o> {
    kept: Option<Kept<'a>>,
    path: String,
    out: &'o mut Vec<u8>,
}

impl Document<'_, '_> {
    fn object(&mut self, members: &[Member], columns: &[Column], row: usize) {
        self.out.push(b'{');
        let start = self.out.len();
        for (at, member) in members.iter().enumerate() {
            // A table of the format has its columns in the order of the format.
            let named = |column: &&Column| column.name == member.name;
            let column = columns.get(at).filter(named).or_else(|| columns.iter().find(named));
            let Some(data) = column.map(|column| &column.data) else { continue };
            let length = self.path.len();
            if self.kept.is_some() {
                if length > 0 {
                    self.path.push('.');
                }
                self.path.push_str(member.name);
            }
            let before = self.out.len();
            if before > start {
                self.out.push(b',');
            }
            self.key(member);
            if !self.value(&member.shape, data, row, false) {
                self.out.truncate(before);
            }
            self.path.truncate(length);
        }
        if let Some(kept) = &mut self.kept {
            for entry in kept.entries.iter_mut().filter(|entry| entry.extra && !entry.around && entry.path == self.path)
            {
                if self.out.len() > start {
                    self.out.push(b',');
                }
                entry.used = true;
                self.out.extend(entry.key.as_deref().unwrap_or("\"\"").bytes());
                self.out.push(b':');
                self.out.extend(entry.json.unwrap_or("null").bytes());
            }
        }
        self.out.push(b'}');
    }

    fn key(&mut self, member: &Member) {
        let spelling = self.kept.as_mut().and_then(|kept| kept.spelling(&self.path));
        let key = spelling.as_deref().unwrap_or(member.key);
        text(key, self.out);
        self.out.push(b':');
    }

    /// Writes a value; false if there is none. An item of a list is always there.
    fn value(&mut self, shape: &Shape, data: &Data, row: usize, item: bool) -> bool {
        if let Some(entry) = self.kept.as_mut().and_then(|kept| kept.json(&self.path)) {
            let json = entry.json.unwrap_or_default();
            // A note holds as long as the column still says what the note says.
            if same(&single(shape, json), 0, data, row) {
                entry.used = true;
                self.out.extend(json.bytes());
                return true;
            }
        }
        match (shape, data) {
            (Shape::List(items, bare), Data::List(offsets, _, inner)) => {
                let range = range(offsets, row);
                if range.is_empty() || data.is_null(row) {
                    return false;
                }
                let alone = *bare == Bare::Item && range.len() == 1 && !inner.is_null(range.start);
                if !alone {
                    self.out.push(b'[');
                }
                for (number, at) in range.enumerate() {
                    if number > 0 {
                        self.out.push(b',');
                    }
                    let length = self.path.len();
                    if self.kept.is_some() {
                        let _ = write!(self.path, "[{number}]");
                    }
                    self.value(items, inner, at, true);
                    self.path.truncate(length);
                }
                if !alone {
                    self.out.push(b']');
                }
                true
            }
            (Shape::Group(members), Data::Group(columns, ..)) => {
                let kept = self.kept.as_ref().is_some_and(|kept| kept.below(&self.path));
                if !item && !kept && (data.is_null(row) || !columns.iter().any(|column| filled(&column.data, row))) {
                    return false;
                }
                self.object(members, columns, row);
                true
            }
            _ if data.is_null(row) => {
                if item {
                    self.out.extend(b"null");
                }
                item
            }
            (Shape::Json, Data::Text(json)) => {
                self.out.extend(json.raw(row).bytes());
                true
            }
            _ => {
                scalar(data, row, self.out);
                true
            }
        }
    }
}

/// Whether a column has a value in a row, or any below it.
fn filled(data: &Data, row: usize) -> bool {
    match data {
        _ if data.is_null(row) => false,
        Data::List(offsets, ..) => !range(offsets, row).is_empty(),
        Data::Group(columns, ..) => columns.iter().any(|column| filled(&column.data, row)),
        _ => true,
    }
}

/// Whether two values are the same; a list or group without values is like none.
fn same(one: &Data, at: usize, other: &Data, row: usize) -> bool {
    if !filled(one, at) && !filled(other, row) {
        return true;
    }
    match (one, other) {
        _ if one.is_null(at) != other.is_null(row) => false,
        (Data::Text(one), Data::Text(other)) => one.raw(at) == other.raw(row),
        (Data::Flag(one, _), Data::Flag(other, _)) => one.value(at) == other.value(row),
        (Data::Integer(one, _), Data::Integer(other, _)) | (Data::Instant(one, _), Data::Instant(other, _)) => {
            one[at] == other[row]
        }
        (Data::Number(one, _), Data::Number(other, _)) => one[at].to_bits() == other[row].to_bits(),
        (Data::List(one, _, items), Data::List(other, _, others)) => {
            let (one, other) = (range(one, at), range(other, row));
            one.len() == other.len() && one.zip(other).all(|(at, row)| same(items, at, others, row))
        }
        (Data::Group(one, ..), Data::Group(other, ..)) => {
            one.iter().zip(other).all(|(one, other)| same(&one.data, at, &other.data, row))
        }
        _ => false,
    }
}

fn scalar(data: &Data, row: usize, out: &mut Vec<u8>) {
    match data {
        Data::Text(texts) => text(texts.raw(row), out),
        Data::Flag(flags, _) => out.extend(if flags.value(row) { "true" } else { "false" }.bytes()),
        Data::Integer(numbers, _) => out.extend(numbers[row].to_string().bytes()),
        Data::Number(numbers, _) => out.extend(crate::format::number::written(numbers[row]).bytes()),
        Data::Instant(moments, _) => text(&date::written(moments[row]), out),
        Data::List(..) | Data::Group(..) => out.extend(b"null"),
    }
}

fn text(text: &str, out: &mut Vec<u8>) {
    // Writing text into memory can't fail.
    let _ = serde_json::to_writer(out, text);
}
