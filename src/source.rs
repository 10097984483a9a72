//! Services that lists come from: how they are asked, and what of their answers was asked for.

pub mod list;
pub mod provider;

/// What part of a list was asked for. Moments are microseconds since 1970 UTC, both ends included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Datestamps from here on.
    pub since: Option<i64>,
    /// Datestamps up to here.
    pub until: Option<i64>,
    /// Records of this set, where records name their sets.
    pub set: Option<String>,
}

impl Wanted {
    fn holds(&self, moment: Option<i64>) -> bool {
        // A datestamp that can't be read proves nothing.
        moment.is_none_or(|moment| {
            self.since.is_none_or(|since| moment >= since) && self.until.is_none_or(|until| moment <= until)
        })
    }
}
