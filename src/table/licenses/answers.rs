//! The answers to distinct values, and which of them is that of each row.

use super::{Question, Value};
use crate::columns::build::Texts;
use crate::columns::{Column, Columns, Data, range};
use crate::license::{Field, License, Sense};
use ahash::{AHashMap, RandomState};
use std::borrow::Cow;

/// Places for the answers to texts met lately. Columns of few texts find nearly all of theirs here;
/// those of many are read again at no loss, and memory stays flat.
const LATELY: usize = 1 << 12;

/// Answers by what they answer. Many texts have an answer of one sense, which is kept once.
pub(super) struct Answers<'a> {
    prefix: &'static str,
    pub(super) question: &'a Question,
    lately: Vec<Option<(&'a str, usize)>>,
    several: AHashMap<(Vec<Value<'a>>, bool), (&'a str, usize)>,
    senses: AHashMap<Sense, usize>,
    /// Answers that name something of their text, such as a holder.
    own: AHashMap<&'a str, usize>,
    found: Vec<License>,
    hasher: RandomState,
}

/// The text that an answer was read from, and the number of the answer.
type Answer<'a> = (&'a str, usize);

impl<'a> Answers<'a> {
    pub(super) fn new(prefix: &'static str, question: &'a Question) -> Self {
        Self {
            prefix,
            question,
            lately: vec![None; LATELY],
            several: AHashMap::new(),
            senses: AHashMap::new(),
            own: AHashMap::new(),
            found: Vec::new(),
            hasher: RandomState::new(),
        }
    }

    /// The answer of each row: to what these columns state in it.
    pub(super) fn rows(&mut self, batch: &'a Columns, fields: &[(Field, &str)]) -> Vec<Answer<'a>> {
        if let [(Field::Rights, name)] = fields
            && let Some(Data::Text(text)) = batch.get(name)
        {
            return (0..batch.rows).map(|row| self.one(text.get(row).unwrap_or_default())).collect();
        }
        (0..batch.rows).map(|row| self.of(&values(batch, fields, row), false)).collect()
    }

    /// The answer to several values; they may be those of a source instead of an item.
    pub(super) fn of(&mut self, values: &[Value<'a>], constant: bool) -> Answer<'a> {
        match values {
            [] => self.one(""),
            [(_, one)] if !constant => self.one(one),
            more => {
                let key = (more.to_vec(), constant);
                if let Some(answer) = self.several.get(&key) {
                    return *answer;
                }
                let license = self.question.preferred(more);
                let chosen = more.iter().map(|value| value.1).find(|text| *text == license.raw()).unwrap_or_default();
                let answer = (chosen, self.number(if constant { license.constant() } else { license }));
                self.several.insert(key, answer);
                answer
            }
        }
    }

    fn one(&mut self, text: &'a str) -> Answer<'a> {
        let place = self.hasher.hash_one(text) as usize % LATELY;
        match self.lately[place] {
            Some(answer) if answer.0 == text => answer,
            _ => {
                let license = self.question.answer(text);
                let number = match (license.sense(), self.own.get(text)) {
                    (None, Some(number)) => *number,
                    (None, None) => {
                        let number = self.number(license);
                        self.own.insert(text, number);
                        number
                    }
                    (Some(_), _) => self.number(license),
                };
                self.lately[place] = Some((text, number));
                (text, number)
            }
        }
    }

    fn number(&mut self, license: License) -> usize {
        let next = self.found.len();
        let at = license.sense().map_or(next, |sense| *self.senses.entry(sense).or_insert(next));
        if at == next {
            self.found.push(license);
        }
        at
    }

    /// The texts of these answers.
    pub(super) fn texts(&self, answers: &[Answer<'_>]) -> Column {
        let texts = answers.iter().map(|(text, _)| Some(*text).filter(|text| !text.is_empty()));
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
        Columns::new(self.found.len(), columns)
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
