//! A thread that reads parts of the list and hands their pages over, so that the next page is on its way
//! while the last one is written.

use crate::error::{Cancel, Error, Kind, Result};
use crate::oai::request::Request;
use crate::source::Wanted;
use crate::source::oai::{Answer, DAY, Oai, SECOND};
use crate::source::page::Listing;
use crate::store::{Body, Purged, Span, Task, blank};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

/// Pages in a row that may hold nothing and yet go on.
const EMPTY: u32 = 10;

/// What all threads of a harvest share.
#[derive(Debug)]
pub struct Job {
    /// Who is asked for what.
    pub oai: Oai,
    /// What the whole harvest is for.
    pub wanted: Wanted,
    /// Whether records are known to name the set they are in.
    pub names_set: AtomicBool,
    /// Whether the headers of its set are known to name other sets.
    pub other_sets: AtomicBool,
    /// Whether dates are sent as days.
    pub days: AtomicBool,
    /// What may not come back.
    pub purged: Purged,
    /// Set to stop the threads.
    pub stop: Cancel,
}

/// A page on its way into the file.
#[derive(Debug)]
pub struct Arrived {
    /// The span it belongs to.
    pub span: i64,
    /// The question, as a query.
    pub query: String,
    /// What it holds.
    pub listing: Listing,
    /// Its bytes, packed; nothing for a list that only verifies.
    pub body: Option<Body>,
    /// Bytes of the reply.
    pub bytes: u64,
    /// Our clock when it came.
    pub fetched_at: i64,
    /// How often it was asked for again.
    pub retries: u32,
}

/// What a thread has to say.
#[derive(Debug)]
pub enum Message {
    /// A page came.
    Page(Box<Arrived>),
    /// A span can't go on like this.
    Failed(i64, Error),
}

impl Job {
    /// Reads a span to its end, or to the first failure.
    pub fn read(&self, span: &Span, out: &SyncSender<Message>) {
        if let Err(error) = self.pages(span, out) {
            // Nobody listens any more after a failure elsewhere.
            drop(out.send(Message::Failed(span.id, error)));
        }
    }

    fn pages(&self, span: &Span, out: &SyncSender<Message>) -> Result<()> {
        let mut next = span.next.clone();
        let (mut passed, mut empty, mut refused) = (HashSet::new(), 0, false);
        loop {
            let question = match &next {
                Some(next) => self.oai.resumed(span.task, next),
                None => self.oai.first(span.task, span.since, span.until, self.days())?,
            };
            let page = match self.fetch(&question, span) {
                // Once may be an accident.
                Err(error) if next.is_some() && !refused && matches!(error.kind(), Kind::Protocol { .. }) => {
                    refused = true;
                    continue;
                }
                page => page?,
            };
            refused = false;
            next.clone_from(&page.listing.next);
            empty = if page.listing.entries.is_empty() { empty + 1 } else { 0 };
            if let Some(token) = &next {
                let seen =
                    (hash(token), hash(&page.listing.entries.iter().map(|entry| entry.digest).collect::<Vec<_>>()));
                if !passed.insert(seen) {
                    let message =
                        format!("the list goes in a circle: the same records with the same token {token:?} again");
                    return Err(Error::new(Kind::Cycle, message).hint("the fault is the provider's: tell its people"));
                }
                if empty >= EMPTY {
                    let message = format!("{EMPTY} pages in a row hold no record, and still the list goes on");
                    return Err(Error::new(Kind::Cycle, message).hint("the fault is the provider's: tell its people"));
                }
            }
            if out.send(Message::Page(Box::new(page))).is_err() || next.is_none() {
                return Ok(());
            }
        }
    }

    fn days(&self) -> bool {
        self.days.load(Ordering::Relaxed)
    }

    /// What the whole harvest is for, with what is known of its sets by now.
    pub fn wanted(&self) -> Wanted {
        let (names_set, other_sets) = (self.names_set.load(Ordering::Relaxed), self.other_sets.load(Ordering::Relaxed));
        Wanted { names_set, other_sets, ..self.wanted.clone() }
    }

    fn fetch(&self, question: &Request, span: &Span) -> Result<Arrived> {
        let granule = if self.days() { DAY } else { SECOND };
        let asked = Wanted {
            since: span.since.map(|since| since.div_euclid(granule) * granule),
            until: span.until.map(|until| (until.div_euclid(granule) + 2) * granule - 1),
            set: self.wanted.set.clone().filter(|_| question.token.is_none()),
            ..Wanted::default()
        };
        let answer = self.oai.ask(question, &asked, &self.wanted(), &self.stop)?;
        self.packed(answer, span.id, span.task == Task::Records)
    }

    /// The page of an answer, ready to be kept.
    pub fn packed(&self, answer: Answer, span: i64, keep: bool) -> Result<Arrived> {
        let Answer { reply, query, body, mut listing } = answer;
        if listing.names_set {
            self.names_set.store(true, Ordering::Relaxed);
        }
        if listing.other_sets > 0 {
            self.other_sets.store(true, Ordering::Relaxed);
        }
        let bytes = reply.received;
        let withdrawn = |identifier: &str| self.purged.holds(identifier);
        let body = if listing.entries.iter().any(|entry| withdrawn(&entry.identifier)) {
            let mut body = Arc::unwrap_or_clone(body);
            let records = listing.entries.iter().filter(|entry| withdrawn(&entry.identifier));
            blank(&mut body, records.map(|entry| entry.bytes.clone()))?;
            listing.entries.retain(|entry| !withdrawn(&entry.identifier));
            Arc::new(body)
        } else {
            body
        };
        let body = keep.then(|| Body::pack(&body)).transpose()?;
        let (fetched_at, retries) = (reply.fetched_at, reply.retries);
        Ok(Arrived { span, query, listing, body, bytes, fetched_at, retries })
    }
}

fn hash(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
