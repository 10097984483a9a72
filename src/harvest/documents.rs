//! Harvests of services that can't be asked what has changed: the NBA, the data portal, feeds.
//!
//! An update asks for everything again and compares: pages that bring nothing new are not kept, records that a
//! complete second pass did not bring are gone, and one that only changed its address from http to https is the
//! same record under a new name. One thread asks while this one writes; the cursor of the list is committed with
//! the page it leads on from.

use super::asking::{Arrived, Asking};
use super::tally::Tally;
use super::{COMMIT, Progress, TICK, now};
use crate::error::{Cancel, Error, Kind, Result};
use crate::source::service::{Odd, Question, Service};
use crate::store::{Added, Body, NewPage, Purged, Request, Run, Span, State, Store};
use serde_json::json;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A harvest going on.
pub(super) struct Pass<'a> {
    pub(super) store: Store,
    pub(super) service: &'a Service,
    pub(super) question: &'a Question,
    purged: Purged,
    pub(super) run: Run,
    pub(super) span: Span,
    pub(super) tally: Tally,
    committed: Instant,
}

/// Starts a harvest into the file at `path`, goes on with one or compares it with the service, whichever is due.
pub fn documents(
    path: &Path,
    request: &Request,
    (service, question): (&Service, &Question),
    progress: &Mutex<Progress>,
    cancel: &Cancel,
) -> Result<Tally> {
    let store = Store::open(path, request, now(), concat!("naturalia ", env!("CARGO_PKG_VERSION")))?;
    let mut pass = Pass::begin(store, service, question)?;
    let done = pass.all(progress, cancel);
    // What came before the failure stays.
    let kept = pass.commit();
    done?;
    kept?;
    Ok(pass.tally)
}

impl<'a> Pass<'a> {
    fn begin(store: Store, service: &'a Service, question: &'a Question) -> Result<Self> {
        let (purged, committed) = (store.purged()?, Instant::now());
        let open = store.run()?.filter(|run| run.finished_at.is_none());
        let (run, span, tally) = if let Some(run) = open {
            let span = store.spans(run.id)?.pop().unwrap_or_default();
            let tally = Tally::of(&run.tally)?;
            (run, span, tally)
        } else {
            let tally = Tally::default();
            let kind = if store.complete_run()?.is_some() { "update" } else { "full" };
            let facts = json!({"deleted": "no"}).to_string();
            let (kind, tally_text) = (kind.to_owned(), tally.text());
            let mut run = Run { kind, facts, tally: tally_text, started_at: now(), ..Run::default() };
            store.unlist()?;
            run.id = store.add_run(&run)?;
            let mut span = Span::default();
            span.id = store.add_span(run.id, &span)?;
            store.commit()?;
            (run, span, tally)
        };
        Ok(Self { store, service, question, purged, run, span, tally, committed })
    }

    fn all(&mut self, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<()> {
        self.show("records", progress);
        if self.span.state == State::Open
            && let Err(error) = self.read(progress, cancel)
        {
            if matches!(error.kind(), Kind::Incomplete(..) | Kind::Cycle) {
                // The next attempt begins the part again, not where this one was stuck.
                self.span.next = self.span.next.take().and_then(|cursor| self.question.renewed(&cursor));
                self.store.note_span(&self.span)?;
            }
            return Err(error);
        }
        self.complete()?;
        let verified = self.compare(progress)?;
        self.run.verified = Some(verified);
        self.run.finished_at = Some(now());
        self.note()?;
        self.store.unlist()?;
        self.commit()?;
        self.store.shrink()
    }

    /// Lets a thread ask, and keeps what it brings.
    fn read(&mut self, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<()> {
        let stop = Cancel::new(false);
        let (purged, updating) = (self.purged.clone(), self.run.kind == "update");
        let asking = Asking { service: self.service, question: self.question, purged, updating, stop: &stop };
        let cursor = self.span.next.clone();
        std::thread::scope(|scope| {
            let (sender, pages) = sync_channel(1);
            scope.spawn(move || asking.pages(cursor, &sender));
            let outcome = loop {
                if cancel.load(Ordering::Relaxed) {
                    // What has come already need not come again.
                    let kept = pages.try_iter().filter_map(Result::ok).try_for_each(|page| self.keep(&page));
                    break kept.and(Err(Error::new(Kind::Interrupted, "stopped")));
                }
                let due = COMMIT.saturating_sub(self.committed.elapsed());
                let step = match pages.recv_timeout(due.clamp(Duration::from_millis(1), TICK)) {
                    Ok(Ok(page)) => self.keep(&page).map(|()| self.show("records", progress)),
                    Ok(Err(error)) => Err(error),
                    Err(RecvTimeoutError::Timeout) => Ok(()),
                    Err(RecvTimeoutError::Disconnected) => break self.commit(),
                };
                let step = step.and_then(|()| if self.committed.elapsed() >= COMMIT { self.commit() } else { Ok(()) });
                if step.is_err() {
                    break step;
                }
            };
            stop.store(true, Ordering::Relaxed);
            drop(pages);
            outcome
        })
    }

    fn keep(&mut self, page: &Arrived) -> Result<()> {
        let turn = &page.turn;
        self.tally.requests += page.requests;
        self.tally.retries += u64::from(page.retries);
        self.tally.bytes += page.bytes;
        self.tally.withdrawn += page.withdrawn;
        match &turn.odd {
            Some((Odd::Split, _)) => self.tally.splits += 1,
            Some((Odd::Restart, said)) => {
                self.tally.restarts += 1;
                self.tally.notice(said);
            }
            Some((Odd::Again | Odd::Notice, said)) => self.tally.notice(said),
            None => {}
        }
        self.tally.declared = turn.declared.or(self.tally.declared);
        if let Some(body) = &page.body {
            self.tally.pages += 1;
            self.tally.received += (page.entries.len() as u64).saturating_sub(turn.again);
            self.tally.repaired += turn.part.as_ref().map_or(0, |part| part.report.repairs.len() as u64);
            let added = self.put(page, body)?;
            self.tally.unique += added.unique;
            self.tally.duplicates += added.duplicates.saturating_sub(turn.again);
            self.tally.new += added.new;
            self.tally.changed += added.changed;
        }
        self.span.pages += 1;
        self.span.received += (page.entries.len() as u64).saturating_sub(turn.again);
        self.span.declared = self.tally.declared;
        self.span.next.clone_from(&turn.next);
        if self.span.next.is_none() {
            self.span.state = State::Done;
        }
        self.store.note_span(&self.span)?;
        self.note()
    }

    /// Puts a page into the file; one of an update only if it brings something.
    fn put(&mut self, page: &Arrived, body: &Body) -> Result<Added> {
        let new = NewPage {
            run: self.run.id,
            span: self.span.id,
            fetched_at: page.fetched_at,
            request: Some(&page.query),
            next: None,
            format: self.question.format().name,
            body,
            entries: &page.entries,
            dated: false,
        };
        if self.run.kind == "full" {
            return self.store.put(&new);
        }
        let fresh = self.store.list_all(&page.entries)?;
        let changes = self.store.changes(&page.entries)?;
        let mut added = Added::default();
        if !changes.is_empty() {
            let moved = self.moved(&changes, &page.loose)?;
            added = self.store.put(&new)?;
            added.changed = added.changed.saturating_sub(moved);
            self.tally.renamed += moved;
        }
        added.unique = fresh;
        added.duplicates = page.entries.len() as u64 - fresh;
        Ok(added)
    }

    /// Whether as many came as the service says; the next attempt begins again if not.
    fn complete(&mut self) -> Result<()> {
        let Tally { unique, withdrawn, declared, .. } = self.tally;
        let Some(declared) = declared.filter(|_| self.question.is_distinct()) else { return Ok(()) };
        if unique + withdrawn >= declared {
            return Ok(());
        }
        self.span.state = State::Open;
        self.span.next = None;
        self.span.restarts += 1;
        self.store.note_span(&self.span)?;
        let message = format!("the list ended after {unique} of {declared} different records");
        let error = Error::new(Kind::Incomplete(unique, Some(declared)), message);
        Err(error.hint("try again later: the harvest asks for all of it again then, and keeps what is here"))
    }

    pub(super) fn note(&mut self) -> Result<()> {
        self.run.tally = self.tally.text();
        self.store.note_run(&self.run)
    }

    fn commit(&mut self) -> Result<()> {
        self.committed = Instant::now();
        self.store.commit()
    }

    pub(super) fn show(&self, phase: &'static str, progress: &Mutex<Progress>) {
        let shown = Progress { phase, tally: self.tally.clone(), listed: 0, at: None };
        *progress.lock().unwrap_or_else(PoisonError::into_inner) = shown;
    }
}
