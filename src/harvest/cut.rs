//! Windows: parts of a list with about as many records each, to be read side by side. Where they lie is found
//! by asking for the size of the list up to a date, a page a question.

use super::Harvest;
use super::work::Job;
use crate::error::{Cancel, Error, Kind, Result};
use crate::source::Wanted;
use crate::source::oai::{DAY, SECOND};
use crate::store::{Span, Task};
use std::sync::atomic::{AtomicU64, Ordering};

/// Questions for the place of one cut; then it is good enough.
const ASKED: u32 = 12;
/// Parts for each window where sizes are not known: some will be longer than others.
const PARTS: i64 = 4;

/// Asks how long lists are.
struct Gauge<'a> {
    job: &'a Job,
    since: Option<i64>,
    cancel: &'a Cancel,
    requests: AtomicU64,
    retries: AtomicU64,
}

/// How many records there are up to a moment.
#[derive(Clone, Copy)]
enum Size {
    Exactly(u64),
    /// More than a page.
    Some,
}

impl Gauge<'_> {
    fn size(&self, until: Option<i64>) -> Result<Size> {
        let job = self.job;
        let question = job.oai.first(Task::Identifiers, self.since, until, job.days.load(Ordering::Relaxed))?;
        let answer = job.oai.ask(&question, &Wanted::default(), &Wanted::default(), self.cancel)?;
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.retries.fetch_add(u64::from(answer.reply.retries), Ordering::Relaxed);
        let listing = answer.listing;
        Ok(match (listing.declared, &listing.next) {
            (Some(size), _) => Size::Exactly(size),
            (None, None) => Size::Exactly(listing.entries.len() as u64),
            (None, Some(_)) => Size::Some,
        })
    }

    /// The moment up to which there are about `target` of `total` records.
    fn cut(&self, mut from: (i64, u64), mut to: (i64, u64), target: u64, slack: u64) -> Result<i64> {
        for asked in 0..ASKED {
            if to.0 - from.0 <= SECOND {
                break;
            }
            // As if records lay evenly; every third time by half, in case they don't.
            let per_mille = target.saturating_sub(from.1) * 1000 / to.1.saturating_sub(from.1).max(1);
            let per_mille = if asked % 3 == 2 { 500 } else { per_mille.clamp(20, 980) as i64 };
            let moment = from.0 + (to.0 - from.0) / 1000 * per_mille;
            let Size::Exactly(count) = self.size(Some(moment))? else { break };
            if count.abs_diff(target) <= slack {
                return Ok(moment);
            }
            if count < target {
                from = (moment, count);
            } else {
                to = (moment, count);
            }
        }
        Ok(to.0)
    }

    /// A moment not long before the first record.
    fn first(&self, mut low: i64, mut high: i64) -> Result<i64> {
        let enough = (high - low) / 512;
        while high - low > enough.max(DAY) {
            let middle = low + (high - low) / 2;
            if matches!(self.size(Some(middle))?, Size::Exactly(0)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
}

impl Harvest {
    /// The windows of the list, which ends at `high`.
    pub(super) fn cuts(&mut self, high: i64, cancel: &Cancel) -> Result<Vec<Span>> {
        let job = std::sync::Arc::clone(&self.job);
        job.days.store(self.facts.days, Ordering::Relaxed);
        let (requests, retries) = (AtomicU64::new(0), AtomicU64::new(0));
        let gauge = Gauge { job: &job, since: self.run.since, cancel, requests, retries };
        let low = self.run.since.or(self.facts.earliest).unwrap_or(0).min(high);
        let windows = self.options.windows as u64;
        let whole = || vec![Span { since: self.run.since, until: self.run.until, ..Span::default() }];
        let (moments, declared) = match gauge.size(self.run.until) {
            Ok(Size::Exactly(total)) if total < 2 * windows => (Vec::new(), Some(total)),
            Ok(Size::Exactly(total)) => (beside(&gauge, (low, high), total, windows)?, Some(total)),
            Ok(Size::Some) => {
                let first = gauge.first(low, high)?;
                let parts = PARTS * windows as i64;
                ((1..parts).map(|part| first + (high - first) / parts * part).collect(), None)
            }
            Err(error) if matches!(error.kind(), Kind::Protocol { .. }) => (Vec::new(), None),
            Err(error) => return Err(error),
        };
        let granule = if self.facts.days { DAY } else { SECOND };
        let mut ends: Vec<i64> = moments.iter().map(|moment| (moment.div_euclid(granule) + 1) * granule).collect();
        ends.retain(|end| self.run.since.is_none_or(|since| since < *end) && *end <= high);
        ends.sort_unstable();
        ends.dedup();
        self.tally.requests += gauge.requests.into_inner();
        self.tally.retries += gauge.retries.into_inner();
        self.tally.declared = declared;
        let mut spans = whole();
        for end in ends {
            let Some(last) = spans.last_mut() else { break };
            let until = last.until.replace(end - 1);
            spans.push(Span { since: Some(end), until, ..Span::default() });
        }
        Ok(spans)
    }
}

/// The moments between windows, looked for side by side.
fn beside(gauge: &Gauge<'_>, (low, high): (i64, i64), total: u64, windows: u64) -> Result<Vec<i64>> {
    let slack = total / windows / 12;
    std::thread::scope(|scope| {
        let cuts: Vec<_> = (1..windows)
            .map(|number| scope.spawn(move || gauge.cut((low, 0), (high, total), total * number / windows, slack)))
            .collect();
        let gone = |_| Err(Error::new(Kind::Interrupted, "a thread that looked for windows is gone"));
        cuts.into_iter().map(|cut| cut.join().unwrap_or_else(gone)).collect()
    })
}
