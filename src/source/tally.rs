//! What became of a list.

use std::time::Duration;

/// What became of a list so far.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// Questions answered.
    pub requests: u64,
    /// Questions asked again after a fault.
    pub retries: u64,
    /// Time waited between those.
    pub waited: Duration,
    /// `completeListSize`, the largest that was said.
    pub declared: Option<u64>,
    /// Records that came, all of them.
    pub received: u64,
    /// Records that came before in the same version, and were left out.
    pub duplicates: u64,
    /// Records that came again in another version.
    pub changed: u64,
    /// Records in another format than the one that was asked for.
    pub other_format: u64,
    /// Records of a set whose headers name other sets.
    pub other_sets: u64,
    /// Records outside the dates that were asked for, left out.
    pub out_of_range: u64,
    /// Times the list was started again because its token had expired.
    pub restarts: u32,
    /// Records the list had left out, asked for one by one.
    pub fetched_singly: u64,
    /// Records of the last day that the provider had left out, though `until` includes its day.
    pub found_late: u64,
    /// Records that were listed by their identifier, and were not to be had when asked for.
    pub vanished: u64,
    /// Whether a set was asked for and nothing came.
    pub set_empty: bool,
    /// Pages whose cursor says that records before them never came.
    pub gaps: u64,
    /// Whether a second pass was made to see that nothing is missing.
    pub checked: bool,
    /// Records that only this second pass has found.
    pub found: u64,
    /// Why this second pass proves nothing, if it does not.
    pub doubt: Option<String>,
    /// Whether no record names the set that was asked for.
    pub set_unnamed: bool,
    /// Times the list, or a part of it, was longer than could be paged through, and was asked for in parts.
    pub splits: u64,
    /// What else was odd, in words; each once.
    pub notices: Vec<String>,
    /// Another address that the provider sends us to.
    pub moved: Option<String>,
}
