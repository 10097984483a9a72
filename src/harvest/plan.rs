//! Whether a harvest starts, goes on or updates, and from which datestamp on.

use super::tally::Tally;
use super::work::Job;
use super::{Harvest, Options, Progress, facts, now};
use crate::error::{Cancel, Error, Kind, Result};
use crate::source::oai::{DAY, Facts, SECOND};
use crate::store::{Run, Span, Store};
use crate::value::date::{instant, written};
use std::collections::HashSet;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// How far an update looks back behind the last one, where datestamps have seconds: clocks differ, and what
/// was being written then may have come to light later.
const OVERLAP: i64 = 3600 * SECOND;
/// How far an update looks back at most, however late records have come to light.
const WIDEST: i64 = 7 * DAY;
/// A clock that differs by more than this from two others, which agree, is wrong: no time zone explains it.
const WRONG: i64 = 26 * 3600 * SECOND;
/// Clocks that differ by less than this agree.
const TOLERANCE: i64 = 60 * SECOND;
/// Runs whose newest datestamps are compared with their clocks.
const RUNS: usize = 5;
/// So many of them show a constant lag.
const FEWEST: usize = 3;

/// The harvest as it stands, or a new run of it.
pub fn begin(store: Store, job: Job, options: Options, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<Harvest> {
    let open = store.run()?.filter(|run| run.finished_at.is_none());
    let mut harvest = Harvest {
        run: Run::default(),
        facts: Facts::default(),
        tally: Tally::default(),
        spans: Vec::new(),
        committed: Instant::now(),
        listed: 0,
        at: None,
        wall: None,
        tombstones: HashSet::new(),
        store,
        job: Arc::new(job),
        options,
    };
    harvest.show("asking", progress);
    if let Some(run) = open {
        harvest.resume(run)?;
    } else {
        harvest.start(cancel)?;
    }
    harvest.job.days.store(harvest.facts.days, Ordering::Relaxed);
    harvest.commit()?;
    Ok(harvest)
}

impl Harvest {
    fn resume(&mut self, run: Run) -> Result<()> {
        let (facts, names_set) = facts::of(&run.facts);
        self.facts = facts;
        self.job.names_set.store(names_set, Ordering::Relaxed);
        self.job.other_sets.store(self.facts.other_sets, Ordering::Relaxed);
        self.tally = Tally::of(&run.tally)?;
        self.spans = self.store.spans(run.id)?;
        self.run = run;
        Ok(())
    }

    fn start(&mut self, cancel: &Cancel) -> Result<()> {
        self.ask_facts(cancel)?;
        let previous = self.store.complete_run()?;
        let wanted = self.job.wanted();
        "full".clone_into(&mut self.run.kind);
        self.run.since = wanted.since;
        self.run.until = wanted.until;
        if let Some(previous) = previous {
            let (known, names_set) = facts::of(&previous.facts);
            self.job.names_set.store(names_set, Ordering::Relaxed);
            let overlap = self.overlap(&known);
            if let (Some(old), Some(new)) = (&known.name, &self.facts.name)
                && old != new
            {
                let message = format!("the provider is {new:?} now, and was {old:?}: check that it is the same one");
                self.tally.notice(message);
            }
            self.job.other_sets.store(known.other_sets, Ordering::Relaxed);
            self.facts = Facts {
                other_sets: known.other_sets,
                lateness: known.lateness,
                lags: known.lags,
                ..std::mem::take(&mut self.facts)
            };
            let horizon = previous.horizon.as_deref().and_then(instant).unwrap_or(previous.started_at - DAY);
            let clock = self.run.horizon.as_deref().and_then(instant).unwrap_or_default();
            if clock + overlap < horizon {
                // What changed meanwhile may have any datestamp.
                self.tally.notice("the clock of the provider has gone back: asked for everything again");
            } else {
                "update".clone_into(&mut self.run.kind);
                self.run.since = wanted.since.max(Some(horizon - overlap));
            }
        }
        self.run.started_at = now();
        self.run.facts = facts::text(&self.facts, self.job.names_set.load(Ordering::Relaxed));
        self.run.tally = self.tally.text();
        let over = self.run.since.zip(self.run.until).is_some_and(|(since, until)| since > until);
        let parts = if over {
            Vec::new() // whatever changes now has a later datestamp
        } else if self.options.windows > 1 && self.run.kind == "full" {
            let high = self.run.horizon.as_deref().and_then(instant).unwrap_or_else(now);
            self.windows(self.run.until.map_or(high, |until| until.min(high)), cancel)?
        } else {
            vec![Span { since: self.run.since, until: self.run.until, ..Span::default() }]
        };
        self.run.tally = self.tally.text();
        self.run.id = self.store.add_run(&self.run)?;
        for part in parts {
            self.add(part)?;
        }
        Ok(())
    }

    /// What the provider says of itself. Its clock at this moment is where the next run begins: what changes
    /// from now on has a later datestamp.
    fn ask_facts(&mut self, cancel: &Cancel) -> Result<()> {
        self.tally.requests += 1;
        let (facts, date) = match self.job.oai.facts(cancel) {
            Ok((facts, reply)) => {
                self.tally.retries += u64::from(reply.retries);
                self.tally.bytes += reply.received;
                (facts, reply.date)
            }
            Err(error) => self.without_facts(&error, cancel)?,
        };
        let clock = facts.clock.as_deref().and_then(instant);
        if clock.is_none() {
            self.tally.notice("the provider does not tell the time in its replies: taken from elsewhere");
        }
        let machine = now().div_euclid(SECOND) * SECOND;
        // Our clock knows nothing of theirs: a day is left for the difference.
        let machine = if clock.or(date).is_none() { machine - DAY } else { machine };
        let clocks = [("responseDate", clock), ("HTTP Date", date), ("this machine", Some(machine))];
        let clocks: Vec<(&str, i64)> =
            clocks.into_iter().filter_map(|(name, moment)| moment.map(|moment| (name, moment))).collect();
        let (horizon, notice) = earliest(&clocks);
        if let Some(notice) = notice {
            self.tally.notice(notice);
        }
        self.run.horizon = Some(written(horizon));
        self.facts = facts;
        Ok(())
    }

    /// How far this update looks back behind the last run, of which `previous` are the facts.
    fn overlap(&mut self, previous: &Facts) -> i64 {
        if let Some(overlap) = self.options.overlap {
            return overlap;
        }
        let usual = if self.facts.days || previous.days { DAY } else { OVERLAP };
        let overlap = usual.max(previous.lateness).max(constant_lag(&previous.lags)).min(WIDEST);
        if overlap > usual {
            let hours = overlap / (3600 * SECOND);
            self.tally.notice(format!(
                "records of this provider come to light after their datestamp: the update looks back {hours} hours"
            ));
        }
        overlap
    }

    /// Notes how late after its datestamp a record came to light, for the updates to come.
    pub(super) fn note_lateness(&mut self, moment: Option<i64>) {
        let Some((moment, since)) = moment.zip(self.run.since).filter(|(moment, since)| moment < since) else { return };
        // Behind the range of this run, and that reaches back behind the start of the last one.
        let usual = if self.facts.days { DAY } else { OVERLAP };
        let lateness = (since - moment).saturating_add(2 * usual).min(WIDEST);
        self.facts.lateness = self.facts.lateness.max(lateness);
    }

    /// Notes how old the newest datestamp was when this run started.
    pub(super) fn note_lag(&mut self) {
        let newest = self.spans.iter().filter(|span| span.received > 0).filter_map(|span| span.high).max();
        let horizon = self.run.horizon.as_deref().and_then(instant);
        if let Some((newest, horizon)) = newest.zip(horizon).filter(|_| self.tally.new + self.tally.changed > 0) {
            self.facts.lags.push((horizon - newest).max(0));
            let first = self.facts.lags.len().saturating_sub(RUNS);
            self.facts.lags.drain(..first);
        }
    }

    /// The facts of a provider that does not say what it is, though its list can be read: what is careful.
    fn without_facts(&mut self, error: &Error, cancel: &Cancel) -> Result<(Facts, Option<i64>)> {
        let careful = Facts { days: true, ..Facts::default() };
        let (facts, date) = match error.kind() {
            Kind::Protocol { .. } | Kind::Parse | Kind::Truncated { .. } => (careful, None),
            Kind::Network | Kind::NotOaiPmh => match self.job.oai.begins(cancel) {
                Ok(answer) => {
                    self.tally.requests += 1;
                    (Facts { clock: answer.listing.clock, ..careful }, answer.reply.date)
                }
                // It answers, and says what is wrong with the question.
                Err(refusal) if matches!(refusal.kind(), Kind::Protocol { .. }) => return Err(refusal),
                Err(_) => return Err(error.clone()),
            },
            _ => return Err(error.clone()),
        };
        self.tally.notice(format!("the provider does not say what it is (Identify): {}", error.message()));
        Ok((facts, date))
    }
}

/// The lag that the newest datestamps of several runs have in common, with as much again as it varied; 0 where
/// there is none.
fn constant_lag(lags: &[i64]) -> i64 {
    let (Some(low), Some(high)) = (lags.iter().min(), lags.iter().max()) else { return 0 };
    let constant = lags.len() >= FEWEST && *low > TOLERANCE && high - low <= *low;
    if constant { high + (high - low) + OVERLAP } else { 0 }
}

/// The moment from which the next run asks: the earliest of the clocks at the start of this one, without one that
/// is wrong; and what there is to note about them.
fn earliest(clocks: &[(&str, i64)]) -> (i64, Option<String>) {
    let far = |one: i64, two: i64| (one - two).abs() > WRONG;
    let wrong = (0..clocks.len()).find(|at| {
        let others: Vec<i64> = (0..clocks.len()).filter(|other| other != at).map(|other| clocks[other].1).collect();
        matches!(others[..], [one, two] if !far(one, two) && far(clocks[*at].1, one) && far(clocks[*at].1, two))
    });
    let moments = clocks.iter().enumerate().filter(|(at, _)| Some(*at) != wrong).map(|(_, (_, moment))| *moment);
    let low = moments.clone().min().unwrap_or_default();
    let high = moments.max().unwrap_or_default();
    let each: Vec<String> = clocks.iter().map(|(name, moment)| format!("{name} {}", written(*moment))).collect();
    let each = each.join(", ");
    let notice = match wrong.map(|at| clocks[at].0) {
        Some(name) => Some(format!("the clocks differ ({each}): {name} is ignored")),
        None if high - low > TOLERANCE => {
            Some(format!("the clocks differ ({each}): the next update starts from the earliest"))
        }
        None => None,
    };
    (low, notice)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3600 * SECOND;
    const NOW: i64 = 1_800_000_000 * SECOND;

    #[test]
    fn the_earliest_clock_counts_and_a_difference_is_noted() {
        let clocks = [("responseDate", NOW + 2 * HOUR), ("HTTP Date", NOW), ("this machine", NOW + SECOND)];
        let (moment, notice) = earliest(&clocks);
        assert_eq!(moment, NOW);
        assert!(notice.unwrap().contains("the clocks differ"));
        let agreeing = [("responseDate", NOW + SECOND), ("HTTP Date", NOW), ("this machine", NOW + SECOND)];
        assert_eq!(earliest(&agreeing), (NOW, None));
    }

    #[test]
    fn a_clock_that_is_far_from_the_two_others_is_ignored() {
        for wrong in [NOW - 27 * HOUR, NOW + 27 * HOUR] {
            let (moment, notice) = earliest(&[("responseDate", wrong), ("HTTP Date", NOW), ("this machine", NOW)]);
            assert_eq!(moment, NOW);
            assert!(notice.unwrap().contains("responseDate is ignored"));
        }
        let (moment, _) = earliest(&[("responseDate", NOW - 27 * HOUR), ("this machine", NOW)]);
        assert_eq!(moment, NOW - 27 * HOUR);
    }

    #[test]
    fn a_constant_lag_is_seen_after_several_runs() {
        assert_eq!(constant_lag(&[3 * HOUR, 3 * HOUR]), 0);
        assert_eq!(constant_lag(&[3 * HOUR, 3 * HOUR, 3 * HOUR]), 4 * HOUR);
        assert_eq!(constant_lag(&[0, 3 * HOUR, 3 * HOUR]), 0);
        assert_eq!(constant_lag(&[HOUR, 90 * HOUR, 3 * HOUR]), 0);
    }
}
