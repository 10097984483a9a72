//! Licences of columns: each distinct value is read once.

use super::Table;
use crate::columns::build::Texts;
use crate::columns::{Column, Columns, Data, range};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::license::{Field, License, Options, Policy, Use, parse_with, prefer};
use std::collections::HashMap;
use std::hash::Hash;

/// Rows of a batch of answers: offsets are 32 bits wide, and one answer may stand in many rows.
const ROWS: usize = 1 << 19;

/// What is asked of the values of a column.
#[derive(Debug, Default)]
pub struct Question {
    /// Checks to answer, by the names they were asked with.
    pub checks: Vec<(String, Use)>,
    /// How values are read.
    pub options: Options,
    /// What a person decided, by exact value.
    pub decisions: HashMap<String, String>,
    /// Whether what is stated about the metadata itself is read too.
    pub about: bool,
}

/// One value, and the kind of field it stands in.
type Value<'a> = (Field, &'a str);

impl Question {
    /// The licence of a value, as decided or as read.
    #[must_use]
    pub fn answer(&self, value: &str) -> License {
        let read = parse_with(value, self.options);
        match self.decisions.get(value) {
            Some(decision) => read.decide(parse_with(decision, Options::default())),
            None => read,
        }
    }

    /// The licence of several values; a decision comes before what the others say.
    fn preferred(&self, values: &[Value<'_>]) -> License {
        match values {
            [(_, only)] => self.answer(only),
            _ => match values.iter().find(|(_, value)| self.decisions.contains_key(*value)) {
                Some((_, value)) => self.answer(value),
                None => prefer(values, Policy::Restrictive, self.options),
            },
        }
    }
}

impl Table {
    /// One row a row: the licence that the columns `fields` state, in columns `license_…`; with
    /// `about`, before them the identifier and behind them the licence of the metadata in columns
    /// `record_license_…`.
    pub fn licenses(&self, fields: &[(Field, &str)], question: &Question, cancel: &Cancel) -> Result<Self> {
        for (_, name) in fields {
            self.column(name)?;
        }
        let mut stated = Answers::new("license_", question);
        let mut record = Answers::new("record_license_", question);
        let mut batches = Vec::new();
        for batch in self.batches() {
            go_on(cancel)?;
            batches.push((stated.rows(batch, |row| values(batch, fields, row)), record_rows(&mut record, batch)));
        }
        let (stated, record) = (stated.columns(), record.columns());
        let joined = |head: &Columns, own: &[usize], about: &[usize]| {
            let mut columns = Vec::new();
            if question.about {
                columns.extend(head.columns.iter().filter(|column| column.name == "identifier").cloned());
            }
            columns.extend(stated.take(own).columns);
            if question.about {
                columns.extend(record.take(about).columns);
            }
            Columns { rows: own.len(), columns }
        };
        let mut parts = Vec::new();
        for (batch, (own, about)) in self.batches().iter().zip(&batches) {
            for (number, (own, about)) in own.chunks(ROWS).zip(about.chunks(ROWS)).enumerate() {
                go_on(cancel)?;
                parts.push(joined(&batch.slice(number * ROWS, own.len()), own, about));
            }
        }
        Ok(Self::new("licenses", joined(self.head(), &[], &[]), parts))
    }

    /// The distinct values of a text column in the order they are first met, and how often each stands.
    pub fn tally(&self, column: &str, cancel: &Cancel) -> Result<Vec<(Option<&str>, u64)>> {
        let mut order: Vec<(Option<&str>, u64)> = Vec::new();
        let mut known: HashMap<Option<&str>, usize> = HashMap::new();
        let mut count = |value| {
            let at = *known.entry(value).or_insert_with(|| {
                order.push((value, 0));
                order.len() - 1
            });
            order[at].1 += 1;
        };
        for data in self.column(column)? {
            go_on(cancel)?;
            match (data, data.texts()) {
                (Data::Text(text), _) => (0..text.len()).for_each(|row| count(text.get(row))),
                (_, Some((offsets, text))) => {
                    (0..data.len()).flat_map(|row| range(offsets, row)).for_each(|at| count(text.get(at)));
                }
                _ if (0..data.len()).all(|row| data.is_null(row)) => (0..data.len()).for_each(|_| count(None)),
                _ => return Err(Error::new(Kind::Value, format!("column {column:?} holds no text"))),
            }
        }
        Ok(order)
    }
}

impl Table {
    /// A table of one column of texts.
    #[must_use]
    pub fn of_texts(values: impl IntoIterator<Item = Option<String>>, name: &str) -> Self {
        let mut texts = Texts::default();
        let mut batches = Vec::new();
        let column = |texts: &mut Texts| {
            let text = texts.freeze();
            Columns { rows: text.len(), columns: vec![Column::new(name.to_owned(), Data::Text(text))] }
        };
        for value in values {
            texts.push_option(value.as_deref());
            // Offsets are 32 bits wide: a batch must stay well below.
            if texts.bytes.len() > 1 << 26 {
                batches.push(column(&mut texts));
            }
        }
        batches.push(column(&mut texts));
        Self::new("frame", column(&mut Texts::default()), batches)
    }
}

/// The values of a row in these columns, blank ones left out.
fn values<'a>(batch: &'a Columns, fields: &[(Field, &str)], row: usize) -> Vec<Value<'a>> {
    let mut found = Vec::new();
    for (field, name) in fields {
        match batch.get(name) {
            Some(Data::Text(text)) => found.extend(text.get(row).map(|value| (*field, value))),
            Some(data) => {
                if let Some((offsets, text)) = data.texts().filter(|_| !data.is_null(row)) {
                    found.extend(range(offsets, row).filter_map(|at| text.get(at)).map(|value| (*field, value)));
                }
            }
            None => {}
        }
    }
    found
}

/// The rows of what the about containers say of the rights in the metadata.
fn record_rows<'a>(answers: &mut Answers<'a>, batch: &'a Columns) -> Vec<usize> {
    let entries = batch.get("extra").filter(|_| answers.question.about).and_then(Data::groups);
    answers.rows(batch, |row| {
        let Some((offsets, fields)) = entries else { return Vec::new() };
        let text = |name: &str, at: usize| fields.iter().find(|field| field.name == name)?.data.text()?.get(at);
        range(offsets, row)
            .filter(|at| text("element", *at) == Some("oai:about"))
            .filter_map(|at| about_rights(text("markup", at).or(text("value", at))?))
            .map(|value| (Field::License, value))
            .collect()
    })
}

/// The reference, or else the words, of a rights statement of OAI-PMH.
fn about_rights(xml: &str) -> Option<&str> {
    if !xml.contains("http://www.openarchives.org/OAI/2.0/rights/") {
        return None;
    }
    let tag = |name: &str| {
        let start = xml.find(name)? + name.len();
        let (head, body) = xml[start..].split_once('>')?;
        Some((head, body))
    };
    if let Some((head, _)) = tag("rightsReference")
        && let Some((_, value)) = head.split_once("ref=")
        && let Some(quote) = value.chars().next()
        && let Some(end) = value[1..].find(quote)
    {
        return Some(&value[1..=end]);
    }
    let (_, body) = tag("rightsDefinition")?;
    let end = body.find("rightsDefinition")?;
    body[..end].rfind("</").map(|end| &body[..end])
}

/// Answers by what they answer.
struct Answers<'a> {
    prefix: &'static str,
    question: &'a Question,
    single: HashMap<Value<'a>, usize>,
    several: HashMap<Vec<Value<'a>>, usize>,
    found: Vec<License>,
}

impl<'a> Answers<'a> {
    fn new(prefix: &'static str, question: &'a Question) -> Self {
        Self { prefix, question, single: HashMap::new(), several: HashMap::new(), found: Vec::new() }
    }

    /// The number of the answer of each row.
    fn rows(&mut self, batch: &'a Columns, values: impl Fn(usize) -> Vec<Value<'a>>) -> Vec<usize> {
        (0..batch.rows)
            .map(|row| match values(row).as_slice() {
                [] => numbered(&mut self.single, &mut self.found, (Field::Rights, ""), || self.question.answer("")),
                [one] => numbered(&mut self.single, &mut self.found, *one, || self.question.answer(one.1)),
                more => {
                    let answer = || self.question.preferred(more);
                    numbered(&mut self.several, &mut self.found, more.to_vec(), answer)
                }
            })
            .collect()
    }

    /// One row an answer.
    fn columns(&self) -> Columns {
        type Part = fn(&License) -> Option<String>;
        const PARTS: [(&str, Part); 13] = [
            ("raw", |l| Some(l.raw().to_owned()).filter(|raw| !raw.is_empty())),
            ("id", License::id),
            ("uri", |l| l.uri().map(Into::into)),
            ("label", License::label),
            ("spdx", |l| l.spdx().map(str::to_owned)),
            ("version", |l| l.version().map(|v| v.text().to_owned())),
            ("jurisdiction", |l| l.jurisdiction().map(str::to_owned)),
            ("status", |l| Some(l.status().id().to_owned())),
            ("basis", |l| Some(l.basis().id().to_owned())),
            ("holder", |l| l.holder().map(str::to_owned)),
            ("rule", |l| Some(l.rule().id().to_owned())),
            ("warnings", |l| Some(l.warnings().join(" ")).filter(|text| !text.is_empty())),
            ("suggestions", |l| Some(l.suggestions().join(" | ")).filter(|text| !text.is_empty())),
        ];
        let mut columns: Vec<Column> =
            PARTS.iter().map(|(name, part)| self.column(name, self.found.iter().map(part))).collect();
        for (name, asked) in &self.question.checks {
            let answers: Vec<_> = self.found.iter().map(|license| license.check(*asked)).collect();
            columns.push(self.column(name, answers.iter().map(|a| Some(a.verdict.id().to_owned()))));
            columns.push(self.column(&format!("{name}_reason"), answers.iter().map(|a| Some(a.reason.to_owned()))));
        }
        Columns { rows: self.found.len(), columns }
    }

    fn column(&self, name: &str, values: impl Iterator<Item = Option<String>>) -> Column {
        let mut texts = Texts::default();
        values.for_each(|value| texts.push_option(value.as_deref()));
        Column::new(format!("{}{name}", self.prefix), Data::Text(texts.freeze()))
    }
}

fn numbered<K: Hash + Eq>(
    known: &mut HashMap<K, usize>,
    found: &mut Vec<License>,
    key: K,
    answer: impl FnOnce() -> License,
) -> usize {
    *known.entry(key).or_insert_with(|| {
        found.push(answer());
        found.len() - 1
    })
}
