//! What was found: counted for every rule, kept as far as there is room.

use super::rules::{self, Rule};
use crate::columns::build::{Texts, integers};
use crate::columns::{Column, Columns, Data};

/// A place in a page: line and column from 1, byte from 0. Line 0 is no place.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spot {
    /// Line.
    pub line: u64,
    /// Column, in characters.
    pub column: u64,
    /// Byte.
    pub offset: u64,
}

/// One fault.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The number of the rule.
    rule: usize,
    source: String,
    spot: Spot,
    row: Option<i64>,
    record: Option<String>,
    element: String,
    value: Option<String>,
    message: String,
}

/// Faults of a source or of several.
#[derive(Debug, Default)]
pub struct Findings {
    source: String,
    most: usize,
    kept: Vec<Finding>,
    /// How often each rule was broken; the kept findings are some of these.
    counts: Vec<u64>,
    /// The row being checked, where rows are.
    pub(super) row: Option<i64>,
    /// The record being checked.
    pub(super) record: Option<String>,
    /// Where the findings of the record being checked start.
    since: usize,
}

/// A value as it is shown in a message: quoted and not too long.
#[must_use]
pub fn shown(value: &str) -> String {
    if value.is_empty() {
        return "an empty value".to_owned();
    }
    let short: String = value.chars().take(80).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let more = if value.chars().nth(80).is_some() { "…" } else { "" };
    format!("\"{short}{more}\"")
}

impl Findings {
    /// No faults of `source` yet.
    #[must_use]
    pub fn new(source: &str, most: usize) -> Self {
        Self { source: source.to_owned(), most, counts: vec![0; rules::all().len()], ..Self::default() }
    }

    /// Tells that `rule` is broken in `element` at `spot`; `parts` fill its message. A part called
    /// `value` is quoted, and kept as it is.
    pub(super) fn tell(&mut self, rule: &str, spot: Spot, element: &str, parts: &[(&str, &str)]) {
        let Some(number) = rules::find(rule) else { return };
        self.counts[number] += 1;
        if self.counts[number] > self.most as u64 {
            return;
        }
        let value = parts.iter().find(|(name, _)| *name == "value").map(|(_, value)| *value);
        let quoted = value.map(shown);
        let mut filled: Vec<(&str, &str)> = quoted.iter().map(|value| ("value", value.as_str())).collect();
        filled.extend(parts.iter().filter(|(name, _)| *name != "value"));
        filled.push(("element", element));
        self.kept.push(Finding {
            rule: number,
            source: self.source.clone(),
            spot,
            row: self.row,
            record: self.record.clone(),
            element: element.to_owned(),
            value: value.map(|value| value.chars().take(1000).collect()),
            message: rules::all()[number].say(&filled),
        });
    }

    /// A record starts, whose identifier is not known yet.
    pub(super) fn start_record(&mut self) {
        self.since = self.kept.len();
        self.record = None;
    }

    /// The record is called `identifier`.
    pub(super) fn name_record(&mut self, identifier: &str) {
        self.record = Some(identifier.to_owned());
        for finding in &mut self.kept[self.since..] {
            finding.record.get_or_insert_with(|| identifier.to_owned());
        }
    }

    /// What follows belongs to no record.
    pub(super) fn end_record(&mut self) {
        self.record = None;
        self.since = self.kept.len();
    }

    /// What is being checked.
    pub(super) fn source(&self) -> &str {
        &self.source
    }

    /// What follows is about `source`.
    pub(super) fn switch(&mut self, source: &str) {
        source.clone_into(&mut self.source);
    }

    /// Whether `rule` was never broken.
    pub(super) fn is_empty_of(&self, rule: &str) -> bool {
        rules::find(rule).is_none_or(|number| self.counts[number] == 0)
    }

    /// Puts the faults in the order of the page.
    pub(super) fn sort(&mut self) {
        self.kept.sort_by_key(|finding| finding.spot.offset);
    }

    /// Adds those of another source.
    pub(super) fn absorb(&mut self, other: Self) {
        let mut room: Vec<u64> = self.counts.iter().map(|count| (self.most as u64).saturating_sub(*count)).collect();
        for finding in other.kept {
            if room[finding.rule] > 0 {
                room[finding.rule] -= 1;
                self.kept.push(finding);
            }
        }
        for (count, more) in self.counts.iter_mut().zip(other.counts) {
            *count += more;
        }
    }

    /// The row that each kept fault is in, if rows were checked.
    pub fn rows(&self) -> impl Iterator<Item = Option<usize>> {
        self.kept.iter().map(|finding| finding.row.and_then(|row| usize::try_from(row).ok()))
    }

    /// The rules that were broken, and how often.
    pub fn counts(&self) -> impl Iterator<Item = (&'static Rule, u64)> {
        rules::all().iter().zip(&self.counts).filter(|(_, count)| **count > 0).map(|(rule, count)| (rule, *count))
    }

    /// The kept faults as columns: `source`, `line`, `column`, `offset`, `row`, `record`, `element`,
    /// `severity`, `rule`, `kind`, `value`, `message`, `advice`, `reference`.
    #[must_use]
    pub fn columns(&self) -> Columns {
        let text = |value: fn(&Finding) -> Option<&str>| {
            let mut texts = Texts::default();
            self.kept.iter().for_each(|finding| texts.push_option(value(finding)));
            Data::Text(texts.freeze())
        };
        let number = |value: fn(&Finding) -> Option<i64>| {
            let (values, validity) = integers(self.kept.iter().map(value));
            Data::Integer(values, validity)
        };
        Columns::new(
            self.kept.len(),
            vec![
                Column::new(
                    "source",
                    text(|finding| Some(&finding.source).filter(|name| !name.is_empty()).map(String::as_str)),
                ),
                Column::new("line", number(|finding| finding.spot.at(finding.spot.line))),
                Column::new("column", number(|finding| finding.spot.at(finding.spot.column))),
                Column::new("offset", number(|finding| finding.spot.at(finding.spot.offset))),
                Column::new("row", number(|finding| finding.row)),
                Column::new("record", text(|finding| finding.record.as_deref())),
                Column::new("element", text(|finding| Some(&*finding.element).filter(|name| !name.is_empty()))),
                Column::new("severity", text(|finding| Some(finding.rule().severity()))),
                Column::new("rule", text(|finding| Some(finding.rule().id))),
                Column::new("kind", text(|finding| Some(finding.rule().kind))),
                Column::new("value", text(|finding| finding.value.as_deref())),
                Column::new("message", text(|finding| Some(&finding.message))),
                Column::new("advice", text(|finding| Some(finding.rule().advice))),
                Column::new("reference", text(|finding| Some(finding.rule().reference))),
            ],
        )
    }
}

impl Finding {
    fn rule(&self) -> &'static Rule {
        &rules::all()[self.rule]
    }
}

impl Spot {
    fn at(self, value: u64) -> Option<i64> {
        (self.line > 0).then_some(value as i64)
    }
}
