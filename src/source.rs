//! Services that lists come from: how they are asked, and what of their answers was asked for.

mod complete;
pub mod documents;
pub mod feed;
mod head;
pub mod keys;
pub mod list;
pub mod nba;
pub mod nhm;
pub mod oai;
pub mod page;
pub mod provider;
pub mod service;
pub mod tally;
mod verdict;

use crate::format::Vocabulary;

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// Where to cut a range of datestamps for a second look at its list: a quarter from either end, at whole granules
/// (days, seconds), with records of the range both before and behind each cut. A list that was cut goes further in
/// one of the parts, and what its pages leave out lies elsewhere in theirs.
#[must_use]
pub fn cuts(low: i64, high: i64, granule: i64) -> Vec<i64> {
    let floor = |moment: i64| moment.div_euclid(granule) * granule;
    let (first, last) = (floor(low) + granule, floor(high) - granule);
    if first > last {
        return Vec::new();
    }
    let quarter = (high - low) / 4;
    let mut cuts: Vec<i64> = [low + quarter, high - quarter].map(|cut| floor(cut).clamp(first, last)).to_vec();
    cuts.dedup();
    cuts
}

/// What part of a list was asked for. Moments are microseconds since 1970 UTC, both ends included.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Datestamps from here on.
    pub since: Option<i64>,
    /// Datestamps up to here.
    pub until: Option<i64>,
    /// Records of this set, where records name their sets.
    pub set: Option<String>,
    /// Whether records are known to name the set they are in; some providers don't name the set asked for.
    pub names_set: bool,
    /// Whether the headers of that set are known to name other sets too.
    pub other_sets: bool,
    /// The format that was asked for, if it is one that is known: records in another one are kept as XML.
    pub format: Option<&'static Vocabulary>,
}

impl Wanted {
    fn holds(&self, moment: Option<i64>) -> bool {
        // A datestamp that can't be read proves nothing.
        moment.is_none_or(|moment| {
            self.since.is_none_or(|since| moment >= since) && self.until.is_none_or(|until| moment <= until)
        })
    }

    /// The same for a datestamp as sent: a day stands for all of it.
    fn holds_stamp(&self, moment: Option<i64>, datestamp: Option<&str>) -> bool {
        let day = datestamp.is_some_and(|text| text.trim().len() <= "2020-01-01".len());
        self.holds(moment)
            || day && self.holds(moment.map(|moment| moment.max(self.since.unwrap_or(moment)).min(moment + DAY - 1)))
    }
}
