//! Licences of columns: each distinct value is read once.

mod answers;

use super::Table;
use crate::columns::{Columns, Data, range};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::license::{Field, License, Options, Policy, Use, parse_with, prefer};
use answers::Answers;
use std::collections::HashMap;

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
    /// Whether what is stated about the metadata itself is read too, and what the source says of
    /// the metadata of a set, or with an empty name of all metadata.
    pub metadata: Option<Vec<(String, Vec<String>)>>,
}

/// Answers to many rows with few distinct values: each answer once, and its number for each row.
#[derive(Debug)]
pub struct Coded {
    /// One row an answer.
    pub(super) answers: Columns,
    /// Which of the answers is that of each row.
    pub(super) numbers: Vec<usize>,
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
    /// `metadata`, before them the identifier and behind them the licence of the metadata in columns
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
            batches.push((stated.rows(batch, fields), record_rows(&mut record, batch)));
        }
        let (stated_columns, record_columns) = (stated.columns(), record.columns());
        let numbers = |answers: &[(&str, usize)]| answers.iter().map(|answer| answer.1).collect::<Vec<_>>();
        let joined = |head: &Columns, own: &[(&str, usize)], about: &[(&str, usize)]| {
            let mut columns = Vec::new();
            if question.metadata.is_some() {
                columns.extend(head.columns.iter().filter(|column| column.name == "identifier").cloned());
            }
            columns.push(stated.texts(own));
            columns.extend(stated_columns.take(&numbers(own)).columns);
            if question.metadata.is_some() {
                columns.push(record.texts(about));
                columns.extend(record_columns.take(&numbers(about)).columns);
            }
            Columns::new(own.len(), columns).made_of(head.private_rows().as_ref(), 0..own.len())
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

    /// The licence that the column `name` states: each answer once, and which of them is that of each row.
    pub fn coded_licenses(&self, name: &str, question: &Question, cancel: &Cancel) -> Result<Coded> {
        let mut answers = Answers::new("license_", question);
        let mut numbers = Vec::new();
        self.column(name)?;
        for batch in self.batches() {
            go_on(cancel)?;
            numbers.extend(answers.rows(batch, &[(Field::Rights, name)]).into_iter().map(|answer| answer.1));
        }
        Ok(Coded { answers: answers.columns(), numbers })
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

/// The rows of what the about containers say of the rights in the metadata; failing that, of what
/// the rightsManifest of the source says.
fn record_rows<'a>(answers: &mut Answers<'a>, batch: &'a Columns) -> Vec<(&'a str, usize)> {
    let question = answers.question;
    let Some(manifest) = &question.metadata else { return vec![("", 0); batch.rows] };
    let entries = batch.get("extra").and_then(Data::groups);
    let sets = batch.get("sets").and_then(Data::texts);
    let stated = |row: usize| -> Vec<Value<'a>> {
        let Some((offsets, fields)) = entries else { return Vec::new() };
        let text = |name: &str, at: usize| fields.iter().find(|field| field.name == name)?.data.text()?.get(at);
        range(offsets, row)
            .filter(|at| text("element", *at) == Some("oai:about"))
            .flat_map(|at| rights_in(text("markup", at).or(text("value", at)).unwrap_or_default()))
            .map(|value| (Field::License, value))
            .collect()
    };
    let of_source = |row: usize| -> Vec<Value<'a>> {
        let mut own = sets.iter().flat_map(|(offsets, texts)| range(offsets, row).filter_map(|at| texts.get(at)));
        let of = |set: &str| manifest.iter().find(|(name, _)| name == set).map(|(_, statements)| statements);
        let found = own.find_map(of).or_else(|| of("")).map(Vec::as_slice).unwrap_or_default();
        found.iter().map(|statement| (Field::License, statement.as_str())).collect()
    };
    (0..batch.rows)
        .map(|row| match stated(row).as_slice() {
            [] => answers.of(&of_source(row), true),
            stated => answers.of(stated, false),
        })
        .collect()
}

/// The references, or else the words, of the rights statements about metadata in an XML text
/// (Conveying rights expressions about metadata in the OAI-PMH framework, sections 2 and 3).
#[must_use]
pub fn rights_in(xml: &str) -> Vec<&str> {
    if !xml.contains("http://www.openarchives.org/OAI/2.0/rights/") {
        return Vec::new();
    }
    // A manifest may be for something else than the metadata.
    if xml.contains("appliesTo=") && !xml.contains("entity#metadata") {
        return Vec::new();
    }
    let tags = |name: &'static str| {
        xml.match_indices(name).filter_map(move |(start, _)| {
            let opening = xml[..start].rfind('<').is_some_and(|bracket| !xml[bracket..start].contains('/'));
            xml[start + name.len()..].split_once('>').filter(|_| opening)
        })
    };
    let mut found: Vec<&str> = tags("rightsReference").filter_map(|(head, _)| quoted(head, "ref=")).collect();
    found.extend(tags("rightsDefinition").filter_map(|(_, body)| {
        let end = body.find("rightsDefinition")?;
        body[..end].rfind("</").map(|end| &body[..end])
    }));
    found
}

/// The value of an attribute.
fn quoted<'a>(head: &'a str, attribute: &str) -> Option<&'a str> {
    let (_, value) = head.split_once(attribute)?;
    let quote = value.chars().next()?;
    value[1..].split_once(quote).map(|(value, _)| value)
}
