//! Harvests: a question to a source, answered into a file that can be left at any moment.
//!
//! Threads read ([`work`]); this one writes. What has come is committed page by page, or every quarter of a
//! second where pages come faster, together with where to go on: whatever ends the process, the next one
//! takes it up from there.

mod asking;
mod compare;
mod cut;
pub mod documents;
mod facts;
mod plan;
pub mod tally;
mod verify;
pub mod view;
mod window;
mod work;

use crate::error::{Cancel, Error, Kind, Result};
use crate::source::Wanted;
use crate::source::oai::{DAY, Facts, Oai, SECOND};
use crate::store::{NewPage, Request, Run, Span, State, Store, Task, Trend};
use std::collections::{HashSet, VecDeque};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tally::Tally;
use work::{Arrived, Job, Message};

/// Pages that come faster than this share a commit.
const COMMIT: Duration = Duration::from_millis(250);
/// How often the caller's wish to stop is looked at.
const TICK: Duration = Duration::from_millis(25);
/// A part of the list that has no datestamps to split it by is begun again so often.
const RESTARTS: u64 = 3;

/// How to harvest.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// Parts of the list that are read side by side.
    pub windows: usize,
    /// Look at the list a second time where counts do not prove that nothing is missing.
    pub verify: bool,
    /// Compare everything with the list if that was done longer ago than this, in microseconds.
    pub reconcile: Option<i64>,
    /// How far an update looks back behind the last one, in microseconds, if that is given.
    pub overlap: Option<i64>,
    /// Note that records are gone however many there are.
    pub accept_removals: bool,
}

/// What is going on, for whoever waits.
#[derive(Debug, Clone, Default)]
pub struct Progress {
    /// What is being done.
    pub phase: &'static str,
    /// The counts so far.
    pub tally: Tally,
    /// Identifiers seen by the second look.
    pub listed: u64,
    /// The latest datestamp of the page that came last.
    pub at: Option<i64>,
}

/// A harvest: what is wanted of whom, into which file.
#[derive(Debug)]
pub struct Harvest {
    store: Store,
    job: Arc<Job>,
    options: Options,
    run: Run,
    facts: Facts,
    tally: Tally,
    spans: Vec<Span>,
    committed: Instant,
    listed: u64,
    at: Option<i64>,
    /// The length at which this provider is known to cut its lists.
    wall: Option<u64>,
    /// Identifiers that it lists as deleted and of which nothing is here.
    tombstones: HashSet<String>,
}

/// Our clock, in microseconds since 1970 UTC.
#[must_use]
pub fn now() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_micros() as i64)
}

/// Starts a harvest into the file at `path`, goes on with one or updates it, whichever is due, until
/// everything is there. Gives its tally.
pub fn harvest(
    path: &Path,
    request: &Request,
    (oai, wanted): (Oai, Wanted),
    options: Options,
    progress: &Mutex<Progress>,
    cancel: &Cancel,
) -> Result<Tally> {
    let store = Store::open(path, request, now(), concat!("naturalia ", env!("CARGO_PKG_VERSION")))?;
    let purged = store.purged()?;
    let job = Job {
        oai,
        wanted,
        names_set: AtomicBool::new(false),
        other_sets: AtomicBool::new(false),
        days: AtomicBool::new(true),
        purged,
        stop: Cancel::new(false),
    };
    let mut harvest = plan::begin(store, job, options, progress, cancel)?;
    let done = harvest.all(progress, cancel);
    // What came before the failure stays.
    let kept = harvest.commit();
    done?;
    kept?;
    Ok(harvest.tally)
}

impl Harvest {
    fn all(&mut self, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<()> {
        self.read(Task::Records, progress, cancel)?;
        self.check_set(cancel)?;
        self.check_format();
        let verified = self.verify(progress, cancel)?;
        self.note_lag();
        self.run.finished_at = Some(now());
        self.run.verified = Some(verified);
        self.note()?;
        self.store.unlist()?;
        self.commit()?;
        self.store.shrink()
    }

    /// Notes records in another format than the one that was asked for.
    fn check_format(&mut self) {
        let (count, prefix) = (self.tally.other_format, &self.job.oai.prefix);
        if count > 0 {
            let message = format!("{count} records are not {prefix}: their XML is in the column `extra`");
            self.tally.notice(message);
        }
    }

    /// What there is to note of the set that is asked for: its headers name others, or the provider does not list it.
    fn check_set(&mut self, cancel: &Cancel) -> Result<()> {
        let Some(set) = self.job.wanted.set.clone() else { return Ok(()) };
        let count = self.tally.other_sets;
        if count > 0 {
            let message = format!("the headers of {count} records of the set {set:?} name other sets: they are kept");
            self.tally.notice(message);
        }
        if self.store.live()? == 0 {
            let sets = self.job.oai.sets(cancel);
            self.tally.requests += 1;
            self.tally.notice(match sets {
                Ok(sets) if sets.contains(&set) => format!("the set {set:?} is empty"),
                Ok(_) => format!("the provider lists no set {set:?}, and returns no record for it"),
                Err(error) => format!(
                    "the set {set:?} has no records, and whether there is such a set is not known: {}",
                    error.message()
                ),
            });
        }
        Ok(())
    }

    /// Reads all spans of a task to their ends.
    fn read(&mut self, task: Task, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<()> {
        loop {
            let open = self.spans.iter().filter(|span| span.task == task && span.state == State::Open);
            let open: Vec<Span> = open.cloned().collect();
            if open.is_empty() {
                return Ok(());
            }
            self.show(if task == Task::Records { "records" } else { "checking" }, progress);
            self.pump(open, progress, cancel)?;
        }
    }

    /// Lets threads read spans and keeps what they bring.
    fn pump(&mut self, open: Vec<Span>, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<()> {
        let threads = self.options.windows.clamp(1, open.len());
        let queue = Mutex::new(VecDeque::from(open));
        let job = Arc::clone(&self.job);
        std::thread::scope(|scope| {
            let (sender, messages) = sync_channel(2 * threads);
            for _ in 0..threads {
                let (sender, queue, job) = (sender.clone(), &queue, &*job);
                scope.spawn(move || {
                    while let Some(span) = next(queue) {
                        job.read(&span, &sender);
                    }
                });
            }
            drop(sender);
            let outcome = self.receive(&messages, &job, progress, cancel);
            if outcome.is_err() {
                job.stop.store(true, Ordering::Relaxed);
                queue.lock().unwrap_or_else(PoisonError::into_inner).clear();
            }
            outcome
        })
    }

    fn receive(
        &mut self,
        messages: &Receiver<Message>,
        job: &Job,
        progress: &Mutex<Progress>,
        cancel: &Cancel,
    ) -> Result<()> {
        loop {
            if cancel.load(Ordering::Relaxed) {
                // What has come already need not come again.
                while let Ok(Message::Page(page)) = messages.try_recv() {
                    self.keep(&page)?;
                }
                return Err(Error::new(Kind::Interrupted, "stopped"));
            }
            let due = COMMIT.saturating_sub(self.committed.elapsed());
            match messages.recv_timeout(due.clamp(Duration::from_millis(1), TICK)) {
                Ok(Message::Page(page)) => {
                    self.keep(&page)?;
                    self.show(if page.body.is_some() { "records" } else { "checking" }, progress);
                }
                Ok(Message::Failed(span, error)) => self.recover(span, error, job, cancel)?,
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return self.commit(),
            }
            if self.committed.elapsed() >= COMMIT {
                self.commit()?;
            }
        }
    }

    /// Keeps a page and where its span goes on.
    fn keep(&mut self, page: &Arrived) -> Result<()> {
        let listing = &page.listing;
        self.tally.requests += 1;
        self.tally.retries += u64::from(page.retries);
        self.tally.bytes += page.bytes;
        if let Some(body) = &page.body {
            let new = NewPage {
                run: self.run.id,
                span: page.span,
                fetched_at: page.fetched_at,
                request: Some(&page.query),
                next: listing.next.as_deref(),
                format: listing.format,
                body,
                entries: &listing.entries,
                dated: true,
            };
            let added = self.store.put(&new)?;
            self.tally.page(listing, added);
            self.at = listing.high.or(self.at);
        } else {
            for entry in listing.entries.iter().filter(|entry| !entry.stray && !entry.identifier.is_empty()) {
                self.store.list(&entry.identifier, entry.datestamp.as_deref())?;
                if entry.deleted && !self.store.holds(&entry.identifier)? {
                    self.tombstones.insert(entry.identifier.clone());
                }
            }
            self.listed += listing.entries.len() as u64;
        }
        let Some(span) = self.spans.iter_mut().find(|span| span.id == page.span) else { return self.note() };
        let between = match (span.high.filter(|_| span.pages > 0), listing.low, listing.high, span.low) {
            (Some(high), Some(low), ..) if low >= high => Trend::Up,
            (Some(_), _, Some(high), Some(low)) if high <= low => Trend::Down,
            (Some(_), Some(_), ..) => Trend::Mixed,
            _ => Trend::Flat,
        };
        span.trend = span.trend.and(listing.trend).and(between);
        let known = |moment: Option<i64>| moment.filter(|_| span.pages > 0);
        let (low, high) = (known(span.low), known(span.high));
        if listing.low.is_some() {
            span.low = [low, listing.low].into_iter().flatten().min();
            span.high = high.max(listing.high);
        }
        span.pages += 1;
        span.received += listing.entries.len() as u64;
        span.wavers |= span.declared.is_some() && listing.declared.is_some() && span.declared != listing.declared;
        span.declared = listing.declared.or(span.declared);
        span.next.clone_from(&listing.next);
        let ended = span.next.is_none();
        if ended {
            span.state = State::Done;
        }
        let span = span.clone();
        if span.pages == 1 && self.spans.len() == 1 {
            self.tally.declared = span.declared;
        }
        self.store.note_span(&span)?;
        if ended && span.is_walled(Some(listing.entries.len() as u64), self.wall) {
            self.pass(&span)?;
        }
        self.note()
    }

    /// Goes on behind the place where a list ended before its time, or may have; whether that can be done.
    fn pass(&mut self, span: &Span) -> Result<bool> {
        // Where no size is declared it may be all, and only lists in order are cheap to go on with.
        let sure = span.is_short() || self.wall.is_some();
        let split = (sure || matches!(span.trend, Trend::Up | Trend::Down)) && self.split(span)?;
        if split && sure {
            let said = format!("a list ended after {} records", span.received);
            self.tally.notice(format!("{said}, although it has more: read in parts, by datestamp"));
        }
        Ok(split)
    }

    /// What to do with a span that failed.
    fn recover(&mut self, id: i64, error: Error, job: &Job, cancel: &Cancel) -> Result<()> {
        let Some(span) = self.spans.iter().find(|span| span.id == id).cloned() else { return Err(error) };
        let refused = matches!(error.kind(), Kind::Protocol { .. });
        if refused && span.next.is_none() {
            let dated = span.since.is_some() || span.until.is_some();
            let bad = matches!(error.kind(), Kind::Protocol { errors, .. }
                if errors.iter().any(|error| error.code.trim() == "badArgument"));
            if bad && dated && !job.days.swap(true, Ordering::Relaxed) {
                // Some providers refuse the seconds they say they want.
                self.facts.days = true;
                self.tally.notice("the provider refuses times of day: asked for days instead");
                return self.note();
            }
            return Err(error);
        }
        let broken = matches!(error.kind(), Kind::Network | Kind::Truncated { .. } | Kind::NotOaiPmh | Kind::Parse);
        if span.next.is_none() || !(refused || broken || *error.kind() == Kind::Cycle) {
            return Err(error);
        }
        // Where nothing else is answered either, the list is not to blame: it goes on later.
        if broken && job.oai.facts(cancel).is_err() && job.oai.begins(cancel).is_err() {
            return Err(error);
        }
        if self.split(&span)? {
            self.tally.notice(format!("a list broke off ({}): read in parts, by datestamp", error.message()));
            return Ok(());
        }
        if broken || span.restarts >= RESTARTS {
            return Err(error);
        }
        self.tally.restarts += 1;
        self.tally.notice(format!("a list broke off ({}): begun again", error.message()));
        self.change(id, |span| {
            span.next = None;
            span.restarts += 1;
            span.pages = 0;
            span.received = 0;
        })
    }

    /// Puts what is left of a span into other spans; whether that can be done.
    fn split(&mut self, span: &Span) -> Result<bool> {
        let granule = if self.facts.days { DAY } else { SECOND };
        let Some(parts) = window::split(span, granule) else { return Ok(false) };
        // A part that is the span again would be split without end.
        if parts.iter().any(|part| span.pages > 0 && (part.since, part.until) == (span.since, span.until)) {
            return Ok(false);
        }
        self.tally.splits += 1;
        self.change(span.id, |span| span.state = State::Split)?;
        for part in parts {
            self.add(part)?;
        }
        self.note()?;
        Ok(true)
    }

    fn add(&mut self, mut span: Span) -> Result<()> {
        span.id = self.store.add_span(self.run.id, &span)?;
        self.spans.push(span);
        Ok(())
    }

    fn change(&mut self, id: i64, change: impl FnOnce(&mut Span)) -> Result<()> {
        let Some(span) = self.spans.iter_mut().find(|span| span.id == id) else { return Ok(()) };
        change(span);
        self.store.note_span(span)
    }

    fn note(&mut self) -> Result<()> {
        self.facts.other_sets |= self.job.other_sets.load(Ordering::Relaxed);
        self.run.facts = facts::text(&self.facts, self.job.names_set.load(Ordering::Relaxed));
        self.run.tally = self.tally.text();
        self.store.note_run(&self.run)
    }

    fn commit(&mut self) -> Result<()> {
        self.committed = Instant::now();
        self.store.commit()
    }

    fn show(&self, phase: &'static str, progress: &Mutex<Progress>) {
        let shown = Progress { phase, tally: self.tally.clone(), listed: self.listed, at: self.at };
        *progress.lock().unwrap_or_else(PoisonError::into_inner) = shown;
    }
}

impl Span {
    /// Whether the service says that there is more than came.
    pub(crate) fn is_short(&self) -> bool {
        self.declared.is_some_and(|declared| self.received < declared)
    }

    /// Whether the list ended where some services end every list, and before all of it had come, as far as is known:
    /// with a full page, as a list that is over seldom does. `last` is the length of its last page.
    pub(crate) fn is_walled(&self, last: Option<u64>, wall: Option<u64>) -> bool {
        // A size smaller than what came is no size.
        let short = self.declared.is_none_or(|declared| self.received != declared);
        // A last page without a record only said that there are no more.
        let pages = self.pages - u64::from(last == Some(0) && self.pages > 0);
        let even = match last {
            Some(last @ 1..) => self.received == last * pages,
            _ => pages > 0 && self.received.is_multiple_of(pages),
        };
        let round = |size: u64| self.received >= size && self.received.is_multiple_of(size);
        let full = even && (pages > 1 || self.is_short() && round(10));
        // A page that only said "no more", although the list is longer.
        let stopped = last == Some(0) && self.received > 0 && self.is_short();
        short && (full || stopped || round(1000) || wall.is_some_and(|wall| self.received >= wall))
    }
}

fn next(queue: &Mutex<VecDeque<Span>>) -> Option<Span> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}
