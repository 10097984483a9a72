//! The account: what became of every value, counted by rule and field, with examples.

use super::decisions::Uses;
use super::outcome::Outcome;
use std::collections::BTreeMap;

/// Examples kept of each line.
pub const EXAMPLES: usize = 3;
/// Characters kept of an example.
const LENGTH: usize = 200;

/// What happened to the values of a source.
#[derive(Debug, Clone, Default)]
pub struct Loss {
    /// Records that were mapped.
    pub records: u64,
    /// Records they became.
    pub made: u64,
    /// Records that are not public and were left out.
    pub private: u64,
    /// Deleted records, and such without values: they become nothing.
    pub deleted: u64,
    /// Values of the mapped records.
    pub values: u64,
    /// Bytes of the values.
    pub bytes: u64,
    /// Bytes of the residue.
    pub residue: u64,
    /// Values restored from residue whose mapped form was changed: the edit won.
    pub edited: u64,
    /// Residues that could not be read.
    pub unread: u64,
    /// How often each decision was applied.
    pub decisions: Uses,
    /// Lines by field, outcome, rule, reason.
    pub lines: BTreeMap<Key, Line>,
    /// Values of the target that no value of the source became, by field, outcome and rule.
    pub besides: BTreeMap<(String, &'static str, String), u64>,
    /// Records that were recognised as those of a family of providers, by dialect.
    pub dialects: BTreeMap<&'static str, u64>,
}

/// What a line is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The path in the source.
    pub field: String,
    /// What became of the values.
    pub outcome: Outcome,
    /// The rule.
    pub rule: String,
    /// Why.
    pub reason: String,
}

/// How many, and a few of them.
#[derive(Debug, Clone, Default)]
pub struct Line {
    /// How many values.
    pub count: u64,
    /// In how many records.
    pub records: u64,
    /// A few different values.
    pub examples: Vec<String>,
}

impl Line {
    /// Adds a value as an example, if there is room and it is new.
    pub fn example(&mut self, text: &str) {
        if self.examples.len() >= EXAMPLES {
            return;
        }
        let short: String = text.chars().take(LENGTH).collect();
        if !self.examples.contains(&short) {
            self.examples.push(short);
        }
    }
}

impl Loss {
    /// Adds another account.
    pub fn absorb(&mut self, other: Self) {
        self.records += other.records;
        self.made += other.made;
        self.private += other.private;
        self.deleted += other.deleted;
        self.values += other.values;
        self.bytes += other.bytes;
        self.residue += other.residue;
        self.edited += other.edited;
        self.unread += other.unread;
        for (key, count) in other.decisions {
            *self.decisions.entry(key).or_default() += count;
        }
        for (key, line) in other.lines {
            let own = self.lines.entry(key).or_default();
            own.count += line.count;
            own.records += line.records;
            line.examples.iter().for_each(|example| own.example(example));
        }
        for (key, count) in other.besides {
            *self.besides.entry(key).or_default() += count;
        }
        for (name, count) in other.dialects {
            *self.dialects.entry(name).or_default() += count;
        }
    }

    /// How many values had an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> u64 {
        self.lines.iter().filter(|(key, _)| key.outcome == outcome).map(|(_, line)| line.count).sum()
    }
}
