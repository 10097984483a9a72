//! A list of documents, page by page to its true end: all of it, each document once.

use super::head::hash;
use super::keys;
use super::list::Step;
use super::service::{Odd, Question, Service, Turn};
use super::tally::Tally;
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::http::Reply;
use crate::scan::Part;
use std::collections::HashSet;
use std::sync::Arc;

/// A list of documents being read.
#[derive(Debug)]
pub struct Documents {
    service: Service,
    question: Question,
    /// Where it goes on; nothing before the first page.
    cursor: Option<String>,
    over: bool,
    tally: Tally,
    /// Every identifier so far, as hashes: eight bytes a document.
    seen: HashSet<u64>,
    /// Documents kept.
    kept: u64,
    /// Pages of documents.
    pages: u64,
}

impl Documents {
    /// The list that answers `question`.
    #[must_use]
    pub fn new(service: Service, question: Question) -> Self {
        let (cursor, tally, seen) = (None, Tally::default(), HashSet::new());
        Self { service, question, cursor, over: false, tally, seen, kept: 0, pages: 0 }
    }

    /// What became of it so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The next page; nothing when the list is complete. After an error it is over.
    pub fn next(&mut self, cancel: &Cancel) -> Result<Option<Step>> {
        let step = self.advance(cancel);
        self.over |= step.is_err();
        step
    }

    fn advance(&mut self, cancel: &Cancel) -> Result<Option<Step>> {
        while !self.over {
            go_on(cancel)?;
            let (turn, reply, _) = asked(&self.service, &self.question, self.cursor.as_deref(), cancel)?;
            if let Some(reply) = reply {
                self.tally.requests += 1;
                self.tally.retries += u64::from(reply.retries);
                self.tally.waited += reply.waited;
            }
            match turn.odd {
                Some((Odd::Split, _)) => self.tally.splits += 1,
                Some((odd, said)) => {
                    self.tally.restarts += u32::from(odd == Odd::Restart);
                    if !self.tally.notices.contains(&said) {
                        self.tally.notices.push(said);
                    }
                }
                None => {}
            }
            self.tally.declared = turn.declared.or(self.tally.declared);
            self.over = turn.next.is_none();
            self.cursor = turn.next;
            // An empty list is a page without documents.
            let empty = self.over && self.pages == 0;
            let Some(part) = turn.part.or_else(|| empty.then(Part::default)) else {
                if self.over {
                    self.complete()?;
                }
                continue;
            };
            self.pages += 1;
            let keys = keys::of(&part);
            let keep: Vec<usize> = (0..keys.len()).filter(|row| self.is_new(keys[*row].as_deref())).collect();
            self.tally.received += (keys.len() as u64).saturating_sub(turn.again);
            self.tally.duplicates += ((keys.len() - keep.len()) as u64).saturating_sub(turn.again);
            self.kept += keep.len() as u64;
            if self.over {
                self.complete()?;
            }
            let keep = (keep.len() < keys.len()).then_some(keep);
            return Ok(Some(Step { part, keep }));
        }
        Ok(None)
    }

    fn is_new(&mut self, key: Option<&str>) -> bool {
        key.is_none_or(|key| self.seen.insert(hash(&key)))
    }

    /// At the end: are there as many documents as the service says?
    fn complete(&self) -> Result<()> {
        let Some(declared) = self.tally.declared.filter(|_| self.question.is_distinct()) else { return Ok(()) };
        if self.kept >= declared {
            return Ok(());
        }
        let message = format!("the list ended after {} of {declared} different records", self.kept);
        let error = Error::new(Kind::Incomplete(self.kept, Some(declared)), message);
        Err(error.hint("try again later").in_source(&self.service.address(&self.question)))
    }
}

/// Asks for the page at `cursor`: what it means, the reply without its body, and the body. No reply: what failed
/// can be had in another way.
pub fn asked(
    service: &Service,
    question: &Question,
    cursor: Option<&str>,
    cancel: &Cancel,
) -> Result<(Turn, Option<Reply>, Arc<Vec<u8>>)> {
    let request = question.request(service.base(), cursor)?;
    let place = crate::http::shown(&request.url);
    match service.send(request, cancel) {
        Ok(mut reply) => {
            let body = Arc::new(std::mem::take(&mut reply.body));
            let turn = question.reply(cursor, &reply, &body, cancel).map_err(|error| error.in_source(&place))?;
            Ok((turn, Some(reply), body))
        }
        Err(error) => match question.otherwise(cursor, &error) {
            Some(turn) => Ok((turn, None, Arc::default())),
            None => Err(error.in_source(&place)),
        },
    }
}
