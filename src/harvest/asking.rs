//! The thread that asks a service for documents, so that the next page is on its way while the last one is written.

use super::compare::alike;
use super::now;
use crate::error::{Cancel, Error, Kind, Result};
use crate::http;
use crate::source::documents::asked;
use crate::source::keys;
use crate::source::service::{Question, Service, Turn};
use crate::store::{Body, Entry, Purged, blank, digest};
use std::ops::Range;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;

/// A page on its way into the file.
pub struct Arrived {
    pub turn: Turn,
    pub entries: Vec<Entry>,
    /// For each of them a digest that http and https don't change; none for a first harvest.
    pub loose: Vec<i64>,
    /// Its bytes, packed; nothing where no record of the list is in it.
    pub body: Option<Body>,
    pub query: String,
    pub bytes: u64,
    pub fetched_at: i64,
    pub requests: u64,
    pub retries: u32,
    pub withdrawn: u64,
}

/// The thread that asks.
pub struct Asking<'a> {
    pub service: &'a Service,
    pub question: &'a Question,
    pub purged: Purged,
    pub updating: bool,
    pub stop: &'a Cancel,
}

impl Asking<'_> {
    /// Asks for page after page, from `cursor` on, until nobody listens or the list ends.
    pub fn pages(&self, mut cursor: Option<String>, out: &SyncSender<Result<Arrived>>) {
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
        // Those that came with the page before are counted there.
        let again = page.entries.iter().take(page.turn.again as usize);
        let counted = again.filter(|entry| self.purged.holds(&entry.identifier)).count() as u64;
        page.turn.again -= counted;
        let withdrawn: Vec<Range<u64>> = page
            .entries
            .extract_if(.., |entry| self.purged.holds(&entry.identifier))
            .map(|entry| entry.bytes)
            .collect();
        page.withdrawn = withdrawn.len() as u64 - counted;
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
