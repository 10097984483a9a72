//! Harvests of services that can't be asked what has changed: the NBA, the data portal, feeds.
//!
//! An update asks for everything again and compares: pages that bring nothing new are not kept, records that a
//! complete second pass did not bring are gone, and one that only changed its address from http to https is the
//! same record under a new name. One thread asks while this one writes; the cursor of the list is committed with
//! the page it leads on from.

use super::tally::Tally;
use super::{COMMIT, Progress, TICK, now, verify};
use crate::error::{Cancel, Error, Kind, Result};
use crate::http;
use crate::source::documents::asked;
use crate::source::keys;
use crate::source::service::{Odd, Question, Service, Sort, Turn};
use crate::store::{Added, Body, Change, Entry, NewPage, Purged, Request, Run, Span, State, Store, blank, digest};
use serde_json::json;
use std::collections::HashMap;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// So many records that are no longer there are believed, however short the list is.
const MANY: u64 = 100;
/// Identifiers looked at, at a time.
const SOME: usize = 500;
/// Pages that are kept unpacked while records are compared.
const UNPACKED: usize = 8;
/// What a feed is.
const WINDOW: &str = "unverified: a feed is a window on what is newest; what it no longer shows is kept";

/// A page on its way into the file.
struct Arrived {
    turn: Turn,
    entries: Vec<Entry>,
    /// For each of them a digest that http and https don't change; none for a first harvest.
    loose: Vec<i64>,
    /// Its bytes, packed; nothing where no record of the list is in it.
    body: Option<Body>,
    query: String,
    bytes: u64,
    fetched_at: i64,
    requests: u64,
    retries: u32,
    withdrawn: u64,
}

/// A harvest going on.
struct Pass<'a> {
    store: Store,
    service: &'a Service,
    question: &'a Question,
    purged: Purged,
    run: Run,
    span: Span,
    tally: Tally,
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
            let kind = if store.finished_run()?.is_some() { "update" } else { "full" };
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
            Some((Odd::Split, said)) => {
                self.tally.splits += 1;
                self.tally.notice(said);
            }
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
            self.tally.received += page.entries.len() as u64;
            self.tally.repaired += turn.part.as_ref().map_or(0, |part| part.report.repairs.len() as u64);
            let added = self.put(page, body)?;
            self.tally.unique += added.unique;
            self.tally.duplicates += added.duplicates;
            self.tally.new += added.new;
            self.tally.changed += added.changed;
        }
        self.span.pages += 1;
        self.span.received += page.entries.len() as u64;
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

    /// How many of these changes only turned http into https.
    fn moved(&self, changes: &[Change], loose: &[i64]) -> Result<u64> {
        let (mut pages, mut count) = (HashMap::new(), 0);
        for change in changes {
            let Some((page, bytes)) = &change.known else { continue };
            let old = self.record(&mut pages, *page, bytes)?;
            count += u64::from(Some(&alike(&old)) == loose.get(change.entry));
        }
        Ok(count)
    }

    /// The bytes of a record that is here; `pages` are those that were unpacked for the records before.
    fn record(&self, pages: &mut HashMap<i64, Vec<u8>>, page: i64, bytes: &Range<u64>) -> Result<Vec<u8>> {
        if !pages.contains_key(&page) {
            if pages.len() >= UNPACKED {
                pages.clear();
            }
            pages.insert(page, self.store.body(page)?);
        }
        let found = pages.get(&page).and_then(|body| body.get(bytes.start as usize..bytes.end as usize));
        Ok(found.unwrap_or_default().to_vec())
    }

    /// After an update: what is here and did not come is gone, or has another name now.
    fn compare(&mut self, progress: &Mutex<Progress>) -> Result<String> {
        if self.service.sort() == Sort::Atom {
            return Ok(WINDOW.to_owned());
        }
        let counted = verify::COUNTED.to_owned();
        if self.run.kind == "full" {
            return Ok(counted);
        }
        self.show("looking for what is gone", progress);
        self.rename()?;
        let (listed, gone) = (self.store.listed()?, self.store.unlisted_count()?);
        if gone > MANY && gone > listed / 4 {
            // No collection loses so much at once without a word, but services are loaded anew.
            return Ok(format!("unverified: its list lacks {gone} of the records that are here; they are kept"));
        }
        loop {
            let gone = self.store.unlisted(SOME)?;
            if gone.is_empty() {
                break;
            }
            self.bury(&gone)?;
        }
        self.run.reconciled_at = Some(now());
        Ok(counted)
    }

    /// Finds records that only have another name now: the same but for http and https, or the same media.
    fn rename(&mut self) -> Result<()> {
        if self.tally.new == 0 || self.store.unlisted_count()? == 0 {
            return Ok(());
        }
        let mut pages = HashMap::new();
        let mut names: HashMap<String, i64> = HashMap::new();
        for (identifier, page, bytes) in self.store.newcomers(self.run.id)? {
            let record = self.record(&mut pages, page, &bytes)?;
            names.insert(https(&identifier), page);
            names.extend(keys::media(&record).map(|media| (media, page)));
        }
        let mut last = String::new();
        loop {
            let gone = self.store.unlisted_after(&last, SOME)?;
            let Some((end, ..)) = gone.last() else { return Ok(()) };
            last.clone_from(end);
            for (identifier, page, bytes) in gone {
                let named = names.get(&https(&identifier)).copied();
                let page = match named {
                    Some(page) => Some(page),
                    None => keys::media(&self.record(&mut pages, page, &bytes)?)
                        .and_then(|media| names.get(&media).copied()),
                };
                if let Some(page) = page {
                    self.store.replace(&identifier, page)?;
                    self.tally.renamed += 1;
                    self.tally.new = self.tally.new.saturating_sub(1);
                }
            }
        }
    }

    /// Notes that records are gone: a page that says so, written here.
    fn bury(&mut self, gone: &[String]) -> Result<()> {
        let items: Vec<String> = gone.iter().map(|identifier| tombstone(self.question, identifier)).collect();
        let mut page = format!("{{\"totalSize\":{},\"resultSet\":[", items.len());
        let mut entries = Vec::new();
        for (number, item) in items.iter().enumerate() {
            page.push_str(if number > 0 { ",\n" } else { "\n" });
            let start = page.len() as u64;
            page.push_str(item);
            let bytes = start..page.len() as u64;
            let (identifier, digest) = (gone[number].clone(), digest(item.as_bytes()));
            entries.push(Entry { identifier, deleted: true, bytes, digest, ..Entry::default() });
        }
        page.push_str("\n]}\n");
        let body = Body::pack(page.as_bytes())?;
        self.store.put(&NewPage {
            run: self.run.id,
            span: self.span.id,
            fetched_at: now(),
            request: None,
            next: None,
            format: self.question.format().name,
            body: &body,
            entries: &entries,
            dated: false,
        })?;
        self.tally.gone += gone.len() as u64;
        self.note()
    }

    fn note(&mut self) -> Result<()> {
        self.run.tally = self.tally.text();
        self.store.note_run(&self.run)
    }

    fn commit(&mut self) -> Result<()> {
        self.committed = Instant::now();
        self.store.commit()
    }

    fn show(&self, phase: &'static str, progress: &Mutex<Progress>) {
        let shown = Progress { phase, tally: self.tally.clone(), listed: 0, at: None };
        *progress.lock().unwrap_or_else(PoisonError::into_inner) = shown;
    }
}

/// The thread that asks.
struct Asking<'a> {
    service: &'a Service,
    question: &'a Question,
    purged: Purged,
    updating: bool,
    stop: &'a Cancel,
}

impl Asking<'_> {
    fn pages(&self, mut cursor: Option<String>, out: &SyncSender<Result<Arrived>>) {
        loop {
            let page = self.page(cursor.as_deref());
            cursor = page.as_ref().ok().and_then(|page| page.turn.next.clone());
            // Nobody listens any more after a failure elsewhere.
            if out.send(page).is_err() || cursor.is_none() {
                return;
            }
        }
    }

    fn page(&self, cursor: Option<&str>) -> Result<Arrived> {
        let (turn, reply, mut body) = asked(self.service, self.question, cursor, self.stop)?;
        let query = self.question.request(self.service.base(), cursor)?;
        let query =
            query.body.map_or_else(|| http::shown(&query.url), |body| String::from_utf8_lossy(&body).into_owned());
        let mut page = Arrived {
            entries: entries(&turn, &body)?,
            turn,
            loose: Vec::new(),
            body: None,
            query,
            bytes: reply.as_ref().map_or(0, |reply| reply.received),
            fetched_at: reply.as_ref().map_or_else(now, |reply| reply.fetched_at),
            requests: u64::from(reply.is_some()),
            retries: reply.map_or(0, |reply| reply.retries),
            withdrawn: 0,
        };
        if page.turn.part.is_none() {
            return Ok(page);
        }
        let withdrawn: Vec<Range<u64>> = page
            .entries
            .extract_if(.., |entry| self.purged.holds(&entry.identifier))
            .map(|entry| entry.bytes)
            .collect();
        page.withdrawn = withdrawn.len() as u64;
        if !withdrawn.is_empty() {
            let mut without = Arc::unwrap_or_clone(body);
            blank(&mut without, withdrawn.into_iter())?;
            body = Arc::new(without);
        }
        if self.updating {
            let of = |entry: &Entry| body.get(entry.bytes.start as usize..entry.bytes.end as usize).map_or(0, alike);
            page.loose = page.entries.iter().map(of).collect();
        }
        page.body = Some(Body::pack(&body)?);
        Ok(page)
    }
}

/// The records of a reply, with their places in it.
fn entries(turn: &Turn, body: &[u8]) -> Result<Vec<Entry>> {
    let Some(part) = &turn.part else { return Ok(Vec::new()) };
    let (names, moments) = (keys::of(part), keys::modified(part));
    let plain = part.pages.iter().all(|page| page.encoding == "UTF-8");
    if part.spans.len() != names.len() || !plain {
        let message = "the places of the records in the reply can't be told";
        return Err(Error::new(Kind::Harvest, message).hint("read it without a file: query.collect()"));
    }
    let entry = |((name, datestamp), bytes): ((Option<String>, Option<String>), &Range<u64>)| {
        let own = body.get(bytes.start as usize..bytes.end as usize).unwrap_or_default();
        let (identifier, digest) = (name.unwrap_or_default(), digest(own));
        Entry { identifier, datestamp, bytes: bytes.clone(), digest, ..Entry::default() }
    };
    Ok(names.into_iter().zip(moments).zip(&part.spans).map(entry).collect())
}

/// A document that says no more than that it is gone.
fn tombstone(question: &Question, identifier: &str) -> String {
    let key = question.format().key();
    // Records of several resources have the resource before their number.
    match identifier.split_once('/').filter(|_| key == "_id") {
        Some((resource, id)) => json!({"item": {key: id}, "resource": resource, "deleted": true}).to_string(),
        None => json!({"item": {key: identifier}, "deleted": true}).to_string(),
    }
}

/// An address as if http were https.
fn https(text: &str) -> String {
    text.replace("http://", "https://")
}

/// A digest of a record that http and https don't change.
fn alike(record: &[u8]) -> i64 {
    digest(https(&String::from_utf8_lossy(record)).as_bytes())
}
