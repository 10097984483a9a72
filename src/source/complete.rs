//! Whether a list was all there is: where its counts or its shape leave doubt, its identifiers are listed once
//! more, in parts by date. What leaves records out by their place in a list, and what ends every list at the
//! same length, shows in one of the parts.

use super::head::{Head, hash};
use super::list::{List, Phase, Step};
use super::{Wanted, cuts};
use crate::error::{Cancel, Error, Kind, Result};
use crate::oai::reader::Options;
use crate::oai::request::{Request, Verb};
use crate::source::oai::{DAY, SECOND};
use crate::value::date::written;

/// Records that are missing from a list are asked for one by one, up to so many.
const SINGLY: usize = 100;

/// Pages of fewer records than this are full by chance as often as not.
const FEWEST: usize = 10;

/// What a list looks like from outside.
#[derive(Debug, Default)]
pub struct Shape {
    pages: u32,
    rows: usize,
    /// Records of the first page, and of the latest, that has any.
    first: usize,
    last: usize,
    /// The earliest and the latest datestamp that was asked for.
    low: Option<i64>,
    high: Option<i64>,
    /// The size that was declared last: lists change while they are read.
    pub declared: Option<u64>,
}

impl Shape {
    /// Counts a page.
    pub fn add(&mut self, rows: usize) {
        if rows == 0 {
            return;
        }
        self.pages += 1;
        self.rows += rows;
        self.last = rows;
        if self.pages == 1 {
            self.first = rows;
        }
    }

    /// Counts the datestamp of a record.
    pub fn reach(&mut self, moment: Option<i64>) {
        self.low = [self.low, moment].into_iter().flatten().min();
        self.high = self.high.max(moment);
    }

    /// Whether it ends as lists do that are cut at a certain length: with a full page, or at a round number.
    fn is_walled(&self) -> bool {
        self.ends_full() || self.last >= self.first && (self.pages > 1 || self.is_round(FEWEST))
    }

    /// The same where nothing but its shape tells: of pages that are not full by chance.
    fn ends_full(&self) -> bool {
        let alone = self.pages == 1 && self.declared.is_none() && self.is_page();
        alone || self.pages > 1 && self.first >= FEWEST && self.last >= self.first || self.is_round(1000)
    }

    /// Whether this is the size of a page that someone would choose.
    fn is_page(&self) -> bool {
        self.is_round(10) || self.is_round(25)
    }

    fn is_round(&self, size: usize) -> bool {
        self.rows >= size && self.rows.is_multiple_of(size)
    }
}

/// A second look at a list.
#[derive(Debug)]
pub struct Look {
    /// What is left to be asked, the next one last, each as a list of its own.
    lists: Vec<List>,
    /// Whether these are parts of the list.
    apart: bool,
    /// What the list had left out, as far as it is asked for one by one.
    missing: Vec<String>,
    /// How many records that makes.
    found: usize,
    /// Of those, in the list at hand.
    here: usize,
    /// Why the look proves nothing, if it does not.
    doubt: Option<String>,
}

impl List {
    /// Whether what came may not be all.
    pub(super) fn is_doubtful(&self) -> bool {
        let tally = &self.tally;
        // A record that came twice may stand where another one should: a list that moves while it is read does
        // both at once.
        let moved = tally.declared.is_none() && tally.duplicates + tally.changed > 0;
        let seen = self.seen.len() as u64;
        let said = tally.declared.filter(|declared| *declared >= seen);
        let ends_so = said.is_none() && self.shape.ends_full();
        let records = matches!(self.question.verb, Verb::ListRecords | Verb::ListIdentifiers);
        records
            && !self.part
            && !tally.checked
            && (tally.gaps > 0 || moved || ends_so || said.is_some_and(|said| said > seen))
    }

    fn missing_by_count(&self) -> u64 {
        let there = self.seen.len() as u64 + self.tally.out_of_range + self.tally.vanished;
        self.shape.declared.map_or(0, |declared| declared.saturating_sub(there))
    }

    /// The list once more: its identifiers, in parts where its datestamps allow.
    pub(super) fn looks(&mut self) -> Look {
        self.tally.checked = true;
        let parts = self.parts();
        let apart = !parts.is_empty();
        let doubt = (!apart).then(|| "its records can't be told apart by date".to_owned());
        let lists = if apart { parts } else { vec![self.again_as(None, None)] };
        Look { apart, lists, missing: Vec::new(), found: 0, here: 0, doubt }
    }

    /// The identifiers of the list in parts; none where its datestamps are too few.
    fn parts(&self) -> Vec<Self> {
        let Some((low, high)) = self.shape.low.zip(self.shape.high) else { return Vec::new() };
        let mut dates = self.question.arguments.iter().filter(|(name, _)| name == "from" || name == "until");
        let granule = if dates.any(|(_, date)| date.contains('T')) { SECOND } else { DAY };
        let cuts = cuts(low, high, granule);
        if cuts.is_empty() {
            return Vec::new();
        }
        let starts = std::iter::once(None).chain(cuts.iter().copied().map(Some));
        let ends = cuts.iter().copied().map(Some).chain(std::iter::once(None));
        let bound = |moment: Option<i64>| {
            moment.map(|moment| {
                let text = written(moment);
                if granule == DAY { text[..10].to_owned() } else { text }
            })
        };
        let part = |(start, end): (Option<i64>, Option<i64>)| {
            let wanted = Wanted { since: start, until: end.map(|end| end + 2 * granule - 1), ..Wanted::default() };
            self.again_as(Some((bound(start), bound(end))), Some(wanted))
        };
        starts.zip(ends).map(part).collect()
    }

    /// The list of identifiers, from and until other dates; `wanted` is what should come then.
    fn again_as(&self, dates: Option<(Option<String>, Option<String>)>, wanted: Option<Wanted>) -> Self {
        let mut question = Request { verb: Verb::ListIdentifiers, ..self.question.clone() };
        let (from, until) = dates.unwrap_or_default();
        for (name, date) in [("from", from), ("until", until)] {
            let Some(date) = date else { continue };
            question.arguments.retain(|(own, _)| own != name);
            question.arguments.push((name.to_owned(), date));
        }
        let mut list = Self::new(self.provider.clone(), question, wanted.unwrap_or_default(), Options::default());
        list.part = true;
        list
    }

    /// The next page of the look that has something new to give; nothing when the phase is another one.
    pub(super) fn look(&mut self, cancel: &Cancel) -> Result<Option<Step>> {
        let Phase::Look(mut look) = std::mem::replace(&mut self.phase, Phase::Over) else { return Ok(None) };
        let Some(list) = look.lists.last_mut() else { return self.looked(*look).map(|()| None) };
        let step = list.next(cancel);
        match step {
            Ok(Some(step)) => {
                let given = self.found(&mut look, step);
                self.phase = Phase::Look(look);
                return Ok(given);
            }
            Ok(None) => self.ended_look(&mut look),
            Err(error) if matches!(error.kind(), Kind::Protocol { .. } | Kind::Cycle | Kind::Incomplete(..)) => {
                self.ended_look(&mut look);
                look.doubt = Some(format!("its identifiers can't be listed: {}", error.message()));
                if look.apart {
                    look.apart = false;
                    look.lists = vec![self.again_as(None, None)];
                }
            }
            Err(error) => return Err(error),
        }
        self.phase = Phase::Look(look);
        Ok(None)
    }

    /// What a page of the look has that had not come: the page itself where headers are wanted, else names.
    fn found(&mut self, look: &mut Look, step: Step) -> Option<Step> {
        if self.question.verb == Verb::ListIdentifiers {
            let rows = step.part.batches.iter().map(|(_, columns)| columns.rows).sum();
            let before = self.seen.len();
            let keep = self.keep(&step.part, rows, false);
            look.found += self.seen.len() - before;
            look.here += self.seen.len() - before;
            return Some(Step { part: step.part, keep });
        }
        for head in step.part.batches.iter().filter_map(|(_, columns)| Head::of(columns)) {
            for row in 0..head.rows {
                let Some(key) = head.key(row).filter(|key| !self.seen.contains_key(&hash(key))) else { continue };
                let wanted = self.wanted.holds_stamp(head.moment(row), head.datestamp(row));
                if !wanted || look.missing.iter().any(|missing| missing == key) {
                    continue;
                }
                look.found += 1;
                look.here += 1;
                if look.missing.len() <= SINGLY {
                    look.missing.push(key.to_owned());
                }
            }
        }
        None
    }

    /// Takes leave of the list at hand.
    fn ended_look(&mut self, look: &mut Look) {
        let Some(list) = look.lists.pop() else { return };
        self.tally.requests += list.tally.requests;
        self.tally.retries += list.tally.retries;
        if list.tally.out_of_range > 0 {
            look.doubt = Some("it does not heed dates".to_owned());
        }
        // Where filters get lost, the size that is declared is that of another list, and the end that of everything.
        let lost = list.tally.out_of_range + self.tally.out_of_range > 0;
        let came = list.seen.len() as u64 + list.tally.duplicates;
        let short = list.shape.declared.map_or(list.shape.ends_full(), |declared| came < declared);
        if look.here > 0 && short && !lost {
            self.cut = true;
            look.doubt = Some("its parts end early too".to_owned());
        }
        look.here = 0;
    }

    /// What came of the look.
    fn looked(&mut self, look: Look) -> Result<()> {
        self.tally.doubt = look.doubt.or(self.tally.doubt.take());
        self.tally.found += look.found as u64;
        if look.missing.len() > SINGLY {
            let message = format!("the list ended early: {} of its records never came", look.found);
            return Err(self.incomplete(message, (self.seen.len() + look.found) as u64));
        }
        self.phase = Phase::Singly(look.missing);
        Ok(())
    }

    /// In the end: whether it is known by now that this was all.
    pub(super) fn judge(&self) -> Result<()> {
        let (short, tally) = (self.missing_by_count(), &self.tally);
        let said = tally.out_of_range == 0 && tally.declared.is_some_and(|size| size >= self.seen.len() as u64);
        let Some(doubt) = &tally.doubt else { return Ok(()) };
        let walled = if said { short > 0 && self.shape.is_walled() } else { tally.found > 0 && self.shape.ends_full() };
        if !self.cut && !walled {
            return Ok(());
        }
        let count = if short > 0 { format!("{short} of its records") } else { "some of its records".to_owned() };
        let message = format!("the list ended early: {count} never came ({doubt})");
        Err(self.incomplete(message, self.seen.len() as u64 + short))
    }

    fn incomplete(&self, message: String, expected: u64) -> Error {
        let got = self.seen.len() as u64;
        Error::new(Kind::Incomplete(got, Some(expected).filter(|expected| *expected > got)), message)
            .hint("nat.harvest() takes such a list in parts, by date (windows), and fetches what is missing")
            .in_source(&self.provider.address(&self.question))
    }
}
