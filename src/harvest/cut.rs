//! Windows: parts of a list with about as many records each, to be read side by side. Where they lie is found
//! by asking for the size of the list up to a date, a page a question.

use super::Harvest;
use super::work::Job;
use crate::error::{Cancel, Error, Kind, Result};
use crate::source::Wanted;
use crate::source::oai::{DAY, SECOND};
use crate::source::page::Listing;
use crate::store::{Span, Task, Trend};
use std::mem::take;
use std::sync::atomic::{AtomicU64, Ordering};

/// Rounds of questions for the places of the cuts, as many side by side as there are windows.
const ROUNDS: u32 = 6;
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

impl Size {
    fn of(listing: &Listing) -> Self {
        match (listing.declared, &listing.next) {
            (Some(size), _) => Self::Exactly(size),
            (None, None) => Self::Exactly(listing.entries.len() as u64),
            (None, Some(_)) => Self::Some,
        }
    }
}

impl Gauge<'_> {
    /// The first page of the list up to a moment.
    fn ask(&self, until: Option<i64>) -> Result<Listing> {
        let job = self.job;
        let question = job.oai.first(Task::Identifiers, self.since, until, job.days.load(Ordering::Relaxed))?;
        let answer = job.oai.ask(&question, &Wanted::default(), &Wanted::default(), self.cancel)?;
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.retries.fetch_add(u64::from(answer.reply.retries), Ordering::Relaxed);
        Ok(answer.listing)
    }

    fn size(&self, until: Option<i64>) -> Result<Size> {
        self.ask(until).map(|listing| Size::of(&listing))
    }

    /// How long the list is up to each of these moments, asked side by side; those that tell.
    fn sizes(&self, moments: &[i64]) -> Result<Vec<(i64, u64)>> {
        let gone = |_| Err(Error::new(Kind::Interrupted, "a thread that looked for windows is gone"));
        let sizes: Vec<_> = std::thread::scope(|scope| {
            let asked: Vec<_> = moments.iter().map(|moment| scope.spawn(|| self.size(Some(*moment)))).collect();
            asked.into_iter().map(|asked| asked.join().unwrap_or_else(gone)).collect()
        });
        let mut found = Vec::new();
        for (moment, size) in moments.iter().zip(sizes) {
            if let Size::Exactly(count) = size? {
                found.push((*moment, count));
            }
        }
        Ok(found)
    }

    /// The moments that cut a list of `total` records into so many windows of about the same size.
    fn cuts(&self, page: &Listing, ends: (i64, i64), total: u64, windows: u64) -> Result<Vec<i64>> {
        let (mut known, mut guessed) = guesses(page, ends, total, windows);
        for _ in 0..ROUNDS {
            let moments = if guessed.is_empty() { questions(&known, total, windows) } else { take(&mut guessed) };
            if moments.is_empty() {
                break;
            }
            let found = self.sizes(&moments)?;
            if found.is_empty() {
                break;
            }
            known.extend(found);
            known.sort_unstable();
        }
        let near =
            |target: u64| known.iter().min_by_key(|(_, count)| count.abs_diff(target)).map(|(moment, _)| *moment);
        Ok((1..windows).filter_map(|number| near(total * number / windows)).collect())
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
    pub(super) fn windows(&mut self, high: i64, cancel: &Cancel) -> Result<Vec<Span>> {
        let job = std::sync::Arc::clone(&self.job);
        job.days.store(self.facts.days, Ordering::Relaxed);
        let (requests, retries) = (AtomicU64::new(0), AtomicU64::new(0));
        let gauge = Gauge { job: &job, since: self.run.since, cancel, requests, retries };
        let low = self.run.since.or(self.facts.earliest).unwrap_or(0).min(high);
        let windows = self.options.windows as u64;
        let whole = || vec![Span { since: self.run.since, until: self.run.until, ..Span::default() }];
        let page = gauge.ask(self.run.until);
        let (moments, declared) = match page.map(|page| (Size::of(&page), page)) {
            Ok((Size::Exactly(total), _)) if total < 2 * windows => (Vec::new(), Some(total)),
            Ok((Size::Exactly(total), page)) => (gauge.cuts(&page, (low, high), total, windows)?, Some(total)),
            Ok((Size::Some, _)) => {
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

/// What is known of a list by its first page, and where its cuts lie if all of it is like that page.
fn guesses(page: &Listing, (low, high): (i64, i64), total: u64, windows: u64) -> (Vec<(i64, u64)>, Vec<i64>) {
    let ends = || vec![(low, 0), (high, total)];
    let (Some(first), Some(last), gaps) = (page.low, page.high, page.entries.len() as i64 - 1) else {
        return (ends(), Vec::new());
    };
    let between = |moment: i64| low < moment && moment < high;
    if gaps < 1 || last <= first || !between(first) && first != low || !between(last) && last != high {
        return (ends(), Vec::new());
    }
    let (origin, known) = match page.trend {
        Trend::Up => (first, vec![((first - SECOND).max(low), 0), (high, total)]),
        Trend::Down => (last - (last - first) / gaps * total as i64, vec![(low, 0), (last, total)]),
        Trend::Flat | Trend::Mixed => return (ends(), Vec::new()),
    };
    let place = |number: u64| {
        let records = i128::from(total) * i128::from(number) / i128::from(windows);
        origin + (i128::from(last - first) * records / i128::from(gaps)) as i64
    };
    let guessed: Vec<i64> = (1..windows).map(place).filter(|moment| between(*moment)).collect();
    (known, guessed)
}

/// Where to ask next, from the sizes known up to some moments: for every cut that is not known well enough the
/// moment it would lie at if records lay evenly, and the middle of the widest gap, in case they don't.
fn questions(known: &[(i64, u64)], total: u64, windows: u64) -> Vec<i64> {
    let slack = total / windows / 12;
    let mut moments = Vec::new();
    let mut widest: Option<(i64, i64)> = None;
    for target in (1..windows).map(|number| total * number / windows) {
        let at = known.partition_point(|(_, count)| *count < target).clamp(1, known.len() - 1);
        let ((from, before), (to, after)) = (known[at - 1], known[at]);
        let good = |count: u64| count.abs_diff(target) <= slack;
        if good(before) || good(after) || to - from <= SECOND {
            continue;
        }
        let share = i128::from(target.saturating_sub(before)) * 1000 / i128::from(after.saturating_sub(before).max(1));
        moments.push(from + (i128::from(to - from) * share.clamp(5, 995) / 1000) as i64);
        if widest.is_none_or(|(low, high)| high - low < to - from) {
            widest = Some((from, to));
        }
    }
    moments.extend(widest.map(|(from, to)| from + (to - from) / 2));
    moments.sort_unstable();
    moments.dedup();
    moments
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Entry;
    use proptest::prelude::*;

    /// How many rounds it takes, and the sizes of the windows.
    fn rounds(stamps: &[i64], low: i64, high: i64, windows: u64) -> (u32, Vec<u64>) {
        let total = stamps.len() as u64;
        let size = |moment: i64| stamps.partition_point(|stamp| *stamp <= moment) as u64;
        let mut known = vec![(low, 0), (high, total)];
        for round in 0..ROUNDS {
            let moments = questions(&known, total, windows);
            assert!(moments.len() as u64 <= windows);
            if moments.is_empty() {
                let cut = |number: u64| known.iter().min_by_key(|(_, count)| count.abs_diff(total * number / windows));
                let mut ends: Vec<u64> = (1..windows).map(|number| cut(number).unwrap().1).collect();
                ends.insert(0, 0);
                ends.push(total);
                return (round, ends.windows(2).map(|pair| pair[1].saturating_sub(pair[0])).collect());
            }
            known.extend(moments.into_iter().map(|moment| (moment, size(moment))));
            known.sort_unstable();
        }
        (ROUNDS, Vec::new())
    }

    #[test]
    fn records_that_lie_evenly_in_a_part_of_the_time_take_a_few_rounds() {
        let stamps: Vec<i64> = (0..10_000).map(|number| number * 3600 * SECOND).collect();
        let (rounds, sizes) = rounds(&stamps, 0, 6 * 365 * DAY, 4);
        assert!(rounds <= 3, "{rounds}");
        assert!(sizes.iter().all(|size| (2200..2800).contains(size)), "{sizes:?}");
    }

    #[test]
    fn the_first_page_tells_where_the_cuts_lie_if_the_list_goes_on_like_that() {
        let page = |trend, low: i64| {
            let (low, high) = (Some(low * SECOND), Some((low + 99) * SECOND));
            Listing { entries: vec![Entry::default(); 100], low, high, trend, ..Listing::default() }
        };
        let ends = (0, 100_000 * SECOND);
        let (known, guessed) = guesses(&page(Trend::Up, 5000), ends, 1000, 4);
        assert_eq!(known, [(4999 * SECOND, 0), (100_000 * SECOND, 1000)]);
        assert_eq!(guessed, [5250 * SECOND, 5500 * SECOND, 5750 * SECOND]);
        let (known, guessed) = guesses(&page(Trend::Down, 5900), ends, 1000, 4);
        assert_eq!(known, [(0, 0), (5999 * SECOND, 1000)]);
        assert_eq!(guessed, [5249 * SECOND, 5499 * SECOND, 5749 * SECOND]);
        assert!(guesses(&page(Trend::Mixed, 5000), ends, 1000, 4).1.is_empty());
    }

    proptest! {
        #[test]
        fn questions_come_to_an_end_and_lie_inside(
            gaps in proptest::collection::vec(0_i64..1_000_000, 8..300), years in 0_i64..200, windows in 2_u64..9,
        ) {
            let mut at = years * 365 * DAY;
            let stamps: Vec<i64> = gaps.iter().map(|gap| { at += gap * SECOND; at }).collect();
            let high = stamps[stamps.len() - 1];
            let (count, sizes) = rounds(&stamps, 0, high, windows);
            prop_assert!(count <= ROUNDS);
            prop_assert!(sizes.is_empty() || sizes.iter().sum::<u64>() == stamps.len() as u64);
        }
    }
}
