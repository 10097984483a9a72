//! What a run did, counted: what came, what it was, and how it is known that it is all.

use crate::error::{Error, Kind, Result};
use crate::source::page::Listing;
use crate::store::Added;
use serde_json::{Map, Value};

/// The counts of a run. They are kept in the harvest file with the pages they count.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Requests answered, retries not among them.
    pub requests: u64,
    /// Requests sent again after a passing fault.
    pub retries: u64,
    /// Pages with records, or with the word that there are none.
    pub pages: u64,
    /// Bytes of all replies.
    pub bytes: u64,
    /// Records in the list, as the service says.
    pub declared: Option<u64>,
    /// Records in the pages.
    pub received: u64,
    /// Different records among them that were asked for.
    pub unique: u64,
    /// Records that came again.
    pub duplicates: u64,
    /// Unique records that are deleted.
    pub deleted: u64,
    /// Unique records that were not here before.
    pub new: u64,
    /// Unique records that were here and have changed.
    pub changed: u64,
    /// Repairs it took to read the pages.
    pub repaired: u64,
    /// Records outside the dates or the set that were asked for.
    pub out_of_range: u64,
    /// Records that are not deleted and have no metadata.
    pub without_metadata: u64,
    /// Times that a part of the list had to be begun again.
    pub restarts: u64,
    /// Times that a part of the list was split.
    pub splits: u64,
    /// Records that only the second look at the list has found.
    pub fetched_after: u64,
    /// Records here that the service lists no more.
    pub gone: u64,
    /// Records whose name or addresses only changed from http to https, or that have another name now.
    pub renamed: u64,
    /// Records that came and had been purged.
    pub withdrawn: u64,
    /// Records in another format than the one that was asked for.
    pub other_format: u64,
    /// Records of a set whose headers name other sets.
    pub other_sets: u64,
    /// Records here that the service no longer lists, and whose removal is not certain.
    pub unconfirmed: u64,
    /// Records that the service lists and does not return: the identifier and why it is missing.
    pub missing: Vec<(String, String)>,
    /// What was odd, in words; each once.
    pub notices: Vec<String>,
}

/// Names and places of the counts: the one list that reading and writing go by.
type Count = (&'static str, fn(&mut Tally) -> &mut u64);

const COUNTS: [Count; 22] = [
    ("requests", |tally| &mut tally.requests),
    ("retries", |tally| &mut tally.retries),
    ("pages", |tally| &mut tally.pages),
    ("bytes", |tally| &mut tally.bytes),
    ("received", |tally| &mut tally.received),
    ("unique", |tally| &mut tally.unique),
    ("duplicates", |tally| &mut tally.duplicates),
    ("deleted", |tally| &mut tally.deleted),
    ("new", |tally| &mut tally.new),
    ("changed", |tally| &mut tally.changed),
    ("repaired", |tally| &mut tally.repaired),
    ("out_of_range", |tally| &mut tally.out_of_range),
    ("without_metadata", |tally| &mut tally.without_metadata),
    ("restarts", |tally| &mut tally.restarts),
    ("splits", |tally| &mut tally.splits),
    ("fetched_after", |tally| &mut tally.fetched_after),
    ("gone", |tally| &mut tally.gone),
    ("renamed", |tally| &mut tally.renamed),
    ("withdrawn", |tally| &mut tally.withdrawn),
    ("other_format", |tally| &mut tally.other_format),
    ("other_sets", |tally| &mut tally.other_sets),
    ("unconfirmed", |tally| &mut tally.unconfirmed),
];

impl Tally {
    /// Reads what [`Tally::text`] wrote.
    pub fn of(text: &str) -> Result<Self> {
        let found: Map<String, Value> = serde_json::from_str(text).map_err(|error| {
            Error::new(Kind::Harvest, format!("the tally in the harvest file can't be read: {error}"))
        })?;
        let mut tally = Self::default();
        for (name, place) in &COUNTS {
            *place(&mut tally) = found.get(*name).and_then(Value::as_u64).unwrap_or_default();
        }
        tally.declared = found.get("declared").and_then(Value::as_u64);
        let notices = found.get("notices").and_then(Value::as_array).into_iter().flatten();
        tally.notices = notices.filter_map(Value::as_str).map(str::to_owned).collect();
        let missing = found.get("missing").and_then(Value::as_array).into_iter().flatten();
        let text = |pair: &Value, at: usize| pair.get(at).and_then(Value::as_str).map(str::to_owned);
        tally.missing = missing.filter_map(|pair| text(pair, 0).zip(text(pair, 1))).collect();
        Ok(tally)
    }

    /// The counts as JSON.
    #[must_use]
    pub fn text(&self) -> String {
        let mut copy = self.clone();
        let mut found: Map<String, Value> =
            COUNTS.iter().map(|(name, place)| ((*name).to_owned(), Value::from(*place(&mut copy)))).collect();
        found.insert("declared".to_owned(), self.declared.map_or(Value::Null, Value::from));
        found.insert("notices".to_owned(), self.notices.iter().map(String::as_str).collect());
        let missing = self.missing.iter().map(|(identifier, reason)| vec![identifier.as_str(), reason.as_str()]);
        found.insert("missing".to_owned(), missing.map(Value::from).collect());
        Value::Object(found).to_string()
    }

    /// Counts a page and what its records were.
    pub fn page(&mut self, listing: &Listing, added: Added) {
        self.pages += 1;
        self.received += listing.entries.len() as u64;
        self.repaired += listing.repaired;
        self.out_of_range += listing.out_of_range;
        self.other_sets += listing.other_sets;
        self.other_format += listing.other_format;
        self.without_metadata += listing.without_metadata;
        self.unique += added.unique;
        self.duplicates += added.duplicates;
        self.deleted += added.deleted;
        self.new += added.new;
        self.changed += added.changed;
    }

    /// Notes something odd, once.
    pub fn notice(&mut self, said: impl Into<String>) {
        let said = said.into();
        if !self.notices.contains(&said) {
            self.notices.push(said);
        }
    }
}
