//! Whether a harvest starts, goes on or updates, and from which datestamp on.

use super::tally::Tally;
use super::work::Job;
use super::{Harvest, Options, Progress, facts, now};
use crate::error::{Cancel, Error, Kind, Result};
use crate::source::oai::{DAY, Facts, SECOND};
use crate::store::{Run, Span, Store};
use crate::value::date::{instant, written};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Instant;

/// How far an update looks back behind the last one, where datestamps have seconds: clocks differ, and what
/// was being written then may have come to light later.
const OVERLAP: i64 = 3600 * SECOND;

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
            self.job.names_set.store(facts::of(&previous.facts).1, Ordering::Relaxed);
            let overlap = if self.facts.days { DAY } else { OVERLAP };
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
        // Our clock knows nothing of theirs: a day is left for the difference.
        self.run.horizon = Some(written(clock.or(date).unwrap_or_else(|| now() - DAY)));
        self.facts = facts;
        Ok(())
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
