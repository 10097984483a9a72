//! The answers to distinct values, and which of them is that of each row.

use super::{Question, Value};
use crate::columns::build::Texts;
use crate::columns::{Column, Columns, Data};
use crate::license::{Field, License};
use std::collections::HashMap;
use std::hash::Hash;

/// Answers by what they answer.
pub(super) struct Answers<'a> {
    prefix: &'static str,
    pub(super) question: &'a Question,
    single: HashMap<Value<'a>, usize>,
    several: HashMap<Vec<Value<'a>>, usize>,
    source: HashMap<Vec<Value<'a>>, usize>,
    found: Vec<License>,
}

impl<'a> Answers<'a> {
    pub(super) fn new(prefix: &'static str, question: &'a Question) -> Self {
        Self {
            prefix,
            question,
            single: HashMap::new(),
            several: HashMap::new(),
            source: HashMap::new(),
            found: Vec::new(),
        }
    }

    /// The number of the answer of each row.
    pub(super) fn rows(&mut self, batch: &'a Columns, values: impl Fn(usize) -> Vec<Value<'a>>) -> Vec<usize> {
        (0..batch.rows).map(|row| self.of(&values(row))).collect()
    }

    /// The number of the answer to several values.
    pub(super) fn of(&mut self, values: &[Value<'a>]) -> usize {
        match values {
            [] => self.number(None),
            [one] => numbered(&mut self.single, &mut self.found, *one, || self.question.answer(one.1)),
            more => {
                let answer = || self.question.preferred(more);
                numbered(&mut self.several, &mut self.found, more.to_vec(), answer)
            }
        }
    }

    /// The number of the answer to what a source says of all its metadata.
    pub(super) fn of_source(&mut self, values: &[Value<'a>]) -> usize {
        if values.is_empty() {
            return self.number(None);
        }
        let answer = || self.question.preferred(values).constant();
        numbered(&mut self.source, &mut self.found, values.to_vec(), answer)
    }

    /// The number of the answer to one value.
    pub(super) fn number(&mut self, value: Option<&'a str>) -> usize {
        let value = value.unwrap_or_default();
        numbered(&mut self.single, &mut self.found, (Field::Rights, value), || self.question.answer(value))
    }

    /// One row an answer.
    pub(super) fn columns(&self) -> Columns {
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
