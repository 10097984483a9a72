//! The answers to distinct values, and which of them is that of each row.

use super::{Question, Value};
use crate::columns::build::Texts;
use crate::columns::{Column, Columns, Data, range};
use crate::license::{Field, License, Sense};
use std::borrow::Cow;
use std::collections::HashMap;

/// Answers by what they answer. Many texts have an answer of one sense, which is kept once.
pub(super) struct Answers<'a> {
    prefix: &'static str,
    pub(super) question: &'a Question,
    single: HashMap<Value<'a>, usize>,
    several: HashMap<Vec<Value<'a>>, usize>,
    source: HashMap<Vec<Value<'a>>, usize>,
    senses: HashMap<Sense, usize>,
    /// The text of each answer, and which of the `found` it is.
    given: Vec<(Box<str>, usize)>,
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
            senses: HashMap::new(),
            given: Vec::new(),
            found: Vec::new(),
        }
    }

    /// The number of the answer of each row: to what these columns state in it.
    pub(super) fn rows(&mut self, batch: &'a Columns, fields: &[(Field, &str)]) -> Vec<usize> {
        if let [(Field::Rights, name)] = fields
            && let Some(Data::Text(text)) = batch.get(name)
        {
            return (0..batch.rows).map(|row| self.number(text.get(row))).collect();
        }
        (0..batch.rows).map(|row| self.of(&values(batch, fields, row))).collect()
    }

    /// The number of the answer to several values.
    pub(super) fn of(&mut self, values: &[Value<'a>]) -> usize {
        match values {
            [] => self.number(None),
            [one] => self.single(*one),
            more => match self.several.get(more) {
                Some(number) => *number,
                None => {
                    let number = self.enter(self.question.preferred(more));
                    self.several.insert(more.to_vec(), number);
                    number
                }
            },
        }
    }

    /// The number of the answer to what a source says of all its metadata.
    pub(super) fn of_source(&mut self, values: &[Value<'a>]) -> usize {
        if values.is_empty() {
            return self.number(None);
        }
        if let Some(number) = self.source.get(values) {
            return *number;
        }
        let number = self.enter(self.question.preferred(values).constant());
        self.source.insert(values.to_vec(), number);
        number
    }

    /// The number of the answer to one value.
    pub(super) fn number(&mut self, value: Option<&'a str>) -> usize {
        self.single((Field::Rights, value.unwrap_or_default()))
    }

    fn single(&mut self, value: Value<'a>) -> usize {
        if let Some(number) = self.single.get(&value) {
            return *number;
        }
        let number = self.enter(self.question.answer(value.1));
        self.single.insert(value, number);
        number
    }

    fn enter(&mut self, license: License) -> usize {
        let next = self.found.len();
        let at = license.sense().map_or(next, |sense| *self.senses.entry(sense).or_insert(next));
        self.given.push((license.raw().into(), at));
        if at == next {
            self.found.push(license);
        }
        self.given.len() - 1
    }

    /// Which of the different answers each number stands for.
    pub(super) fn kinds(&self, numbers: &[usize]) -> Vec<usize> {
        numbers.iter().map(|number| self.given[*number].1).collect()
    }

    /// The texts of these answers.
    pub(super) fn texts(&self, numbers: &[usize]) -> Column {
        let texts = numbers.iter().map(|number| Some(&*self.given[*number].0).filter(|text| !text.is_empty()));
        self.column("raw", texts.map(|text| text.map(Cow::Borrowed)))
    }

    /// One row a different answer, without its text.
    pub(super) fn columns(&self) -> Columns {
        type Part = for<'l> fn(&'l License) -> Option<Cow<'l, str>>;
        const PARTS: [(&str, Part); 12] = [
            ("id", |l| l.id().map(Into::into)),
            ("uri", License::uri),
            ("label", |l| l.label().map(Into::into)),
            ("spdx", |l| l.spdx().map(Into::into)),
            ("version", |l| l.version().map(|v| v.text().into())),
            ("jurisdiction", |l| l.jurisdiction().map(Into::into)),
            ("status", |l| Some(l.status().id().into())),
            ("basis", |l| Some(l.basis().id().into())),
            ("holder", |l| l.holder().map(Into::into)),
            ("rule", |l| Some(l.rule().id().into())),
            ("warnings", |l| joined(l.warnings(), " ")),
            ("suggestions", |l| joined(l.suggestions().iter().map(String::as_str), " | ")),
        ];
        let mut columns: Vec<Column> =
            PARTS.iter().map(|(name, part)| self.column(name, self.found.iter().map(part))).collect();
        for (name, asked) in &self.question.checks {
            let answers: Vec<_> = self.found.iter().map(|license| license.check(*asked)).collect();
            columns.push(self.column(name, answers.iter().map(|a| Some(a.verdict.id().into()))));
            columns.push(self.column(&format!("{name}_reason"), answers.iter().map(|a| Some(a.reason.into()))));
        }
        Columns { rows: self.found.len(), columns }
    }

    fn column<'l>(&self, name: &str, values: impl Iterator<Item = Option<Cow<'l, str>>>) -> Column {
        let mut texts = Texts::default();
        values.for_each(|value| texts.push_option(value.as_deref()));
        Column::new(format!("{}{name}", self.prefix), Data::Text(texts.freeze()))
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

fn joined<'l>(texts: impl IntoIterator<Item = &'l str>, sep: &str) -> Option<Cow<'l, str>> {
    let mut texts = texts.into_iter();
    let first = texts.next()?;
    Some(texts.fold(Cow::Borrowed(first), |all, text| format!("{all}{sep}{text}").into()))
}
