//! A list of a provider, page by page to its true end: all of it, once, and only what was asked for.

use super::Wanted;
use super::complete::{Look, Shape};
use super::head::{Head, digest, hash, in_set, other_format};
use super::provider::Provider;
use super::tally::Tally;
use crate::error::{Cancel, Error, Kind, Result};
use crate::http::Reply;
use crate::oai::page::Page;
use crate::oai::reader::Options;
use crate::oai::request::{self, Request, Verb};
use crate::scan::Part;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// Pages in a row that may hold nothing and yet go on.
const EMPTY: u32 = 10;
/// How often a list may be started again because its token has expired.
const RESTARTS: u32 = 3;

/// One page: its records, and the rows of them to keep if not all.
#[derive(Debug)]
pub struct Step {
    /// What was read.
    pub part: Part,
    /// Rows over all batches, in order; `None` keeps all.
    pub keep: Option<Vec<usize>>,
}

/// What is being asked.
#[derive(Debug)]
pub(super) enum Phase {
    /// The list itself.
    List,
    /// The list once more, cut in another way, to see whether that was all.
    Look(Box<Look>),
    /// Records the list has left out, one by one.
    Singly(Vec<String>),
    /// Nothing: it is over.
    Over,
}

/// Which sets the headers of a list of a set name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum SetHeaders {
    /// There was no page yet.
    Unread,
    /// None of them names the set.
    Absent,
    /// They name the set.
    Named,
    /// They name the set, and the provider returned records for it that name others.
    Others,
}

/// A list being read.
#[derive(Debug)]
pub struct List {
    pub(super) provider: Provider,
    pub(super) question: Request,
    pub(super) wanted: Wanted,
    pub(super) options: Options,
    next: Option<Request>,
    pub(super) phase: Phase,
    pub(super) tally: Tally,
    /// What it looks like from outside.
    pub(super) shape: Shape,
    /// Whether it is a part of a second look at another one.
    pub(super) part: bool,
    /// Whether the second look at it ended early too.
    pub(super) cut: bool,
    /// Every identifier so far and the version it came in, as hashes: sixteen bytes a record.
    pub(super) seen: HashMap<u64, u64>,
    /// Every token so far with the records it came with.
    passed: HashSet<(u64, u64)>,
    /// Where the next page should start, by the cursor of the latest.
    expected: Option<u64>,
    /// Pages in a row without a record.
    empty: u32,
    /// Whether the latest token was refused once.
    refused: bool,
    /// Records known when the list was last started.
    known: usize,
    /// The last day and the day after as a question of their own, asked where no record of the last
    /// day (from this moment on) has come: some providers take `until` for the start of its day.
    tail: Option<(Request, i64)>,
    /// The moment that day starts, while that question is being asked.
    in_tail: Option<i64>,
    /// Which sets the headers of a list of a set name.
    set_headers: SetHeaders,
}

impl List {
    /// The list that answers `question`.
    #[must_use]
    pub fn new(provider: Provider, question: Request, wanted: Wanted, options: Options) -> Self {
        Self {
            next: Some(question.clone()),
            provider,
            question,
            wanted,
            options,
            phase: Phase::List,
            tally: Tally::default(),
            shape: Shape::default(),
            part: false,
            cut: false,
            seen: HashMap::new(),
            passed: HashSet::new(),
            expected: None,
            empty: 0,
            refused: false,
            known: 0,
            set_headers: SetHeaders::Unread,
            tail: None,
            in_tail: None,
        }
    }

    /// The list with a question about the last day, and the moment that day starts.
    #[must_use]
    pub fn with_tail(self, tail: Option<(Request, i64)>) -> Self {
        Self { tail, ..self }
    }

    /// What became of it so far.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The next page; nothing when the list is complete. After an error it is over.
    pub fn next(&mut self, cancel: &Cancel) -> Result<Option<Step>> {
        let step = self.advance(cancel);
        if step.is_err() {
            self.phase = Phase::Over;
            self.next = None;
        }
        step
    }

    fn advance(&mut self, cancel: &Cancel) -> Result<Option<Step>> {
        loop {
            match &mut self.phase {
                Phase::List => {}
                Phase::Look(_) => match self.look(cancel)? {
                    Some(step) => return Ok(Some(step)),
                    None => continue,
                },
                Phase::Singly(missing) => {
                    let Some(identifier) = missing.pop() else {
                        self.phase = Phase::Over;
                        self.judge()?;
                        continue;
                    };
                    match self.single(&identifier, cancel) {
                        Err(error) if is(&error, "idDoesNotExist") => self.tally.vanished += 1,
                        step => return step.map(Some),
                    }
                    continue;
                }
                Phase::Over => return Ok(None),
            }
            let Some(question) = self.next.take() else {
                self.ended();
                continue;
            };
            match self.ask(&question, cancel) {
                Ok((reply, part)) => {
                    self.refused = false;
                    return self.page(&question, &reply, part).map(Some);
                }
                // It was only to make sure.
                Err(error) if self.in_tail.is_some() && matches!(error.kind(), Kind::Protocol { .. }) => {}
                Err(error) if question.token.is_some() && is(&error, "badResumptionToken") => {
                    self.again(question, error)?;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn ask(&mut self, question: &Request, cancel: &Cancel) -> Result<(Reply, Part)> {
        let (reply, part) = self.provider.ask(question, self.options, cancel)?;
        self.tally.requests += 1;
        self.tally.retries += u64::from(reply.retries);
        self.tally.waited += reply.waited;
        let (asked, got) = (self.provider.address(question), reply.url.split('?').next().unwrap_or_default());
        if asked.split('?').next() != Some(got) {
            self.tally.moved = Some(got.to_owned());
        }
        Ok((reply, part))
    }

    /// After a token was refused: once more, then the list from its start.
    fn again(&mut self, question: Request, error: Error) -> Result<()> {
        if !self.refused {
            self.refused = true;
            self.next = Some(question);
            return Ok(());
        }
        if self.tally.restarts >= RESTARTS || self.seen.len() == self.known {
            return Err(error.hint(
                "its tokens expire before the list ends: nat.harvest() takes such a list in parts, by date (windows)",
            ));
        }
        self.restart();
        Ok(())
    }

    fn restart(&mut self) {
        self.tally.restarts += 1;
        self.known = self.seen.len();
        self.refused = false;
        self.passed.clear();
        self.expected = None;
        self.shape = Shape::default();
        self.next = Some(self.question.clone());
    }

    fn page(&mut self, question: &Request, reply: &Reply, part: Part) -> Result<Step> {
        let empty = Page::default();
        let page = part.pages.first().unwrap_or(&empty);
        let rows: usize = part.batches.iter().map(|(_, columns)| columns.rows).sum();
        if let Some(cursor) = number(page, "cursor").filter(|_| self.counts()) {
            self.tally.gaps += u64::from(question.token.is_some() && self.expected.is_some_and(|due| cursor > due));
            self.expected = Some(cursor + rows as u64);
        }
        if let Some(declared) = number(page, "completeListSize").filter(|_| self.counts()) {
            self.tally.declared = self.tally.declared.max(Some(declared));
            self.shape.declared = Some(declared);
        }
        let next = request::next(page).filter(|_| question.verb.lists()).map(str::to_owned);
        self.empty = if rows == 0 && next.is_some() { self.empty + 1 } else { 0 };
        if let Some(token) = next {
            let source = &reply.url;
            if !self.passed.insert((hash(&token), digest(&part))) {
                let message =
                    format!("the list goes in a circle: the same records with the same token {token:?} again");
                let hint = "the fault is the provider's; nat.harvest() may get round it by date (windows)";
                return Err(Error::new(Kind::Cycle, message).hint(hint).in_source(source));
            }
            if self.empty >= EMPTY {
                let message = format!("{EMPTY} pages in a row hold no record, and still the list goes on");
                let kind = Kind::Incomplete(self.seen.len() as u64, self.tally.declared);
                return Err(Error::new(kind, message)
                    .hint("try again later, or ask for less: since=, until=, set=")
                    .in_source(source));
            }
            self.next = Some(Request::resumed(question.verb, &token));
        }
        let names_set = question.token.is_none() && question.verb.lists();
        let keep = self.keep(&part, rows, names_set);
        Ok(Step { part, keep })
    }

    /// The rows that are new and were asked for; `None` for all of them. `names_set` is whether the question of
    /// the page names the set, as one with a token alone does not.
    pub(super) fn keep(&mut self, part: &Part, rows: usize, names_set: bool) -> Option<Vec<usize>> {
        self.tally.received += if self.counts() { rows as u64 } else { 0 };
        let heads: Vec<Head<'_>> = part.batches.iter().filter_map(|(_, columns)| Head::of(columns)).collect();
        if let Some(set) = &self.wanted.set
            && self.set_headers == SetHeaders::Unread
            && rows > 0
        {
            let named = heads.iter().any(|head| (0..head.rows).any(|row| in_set(&head.sets(row), set)));
            self.set_headers = if named { SetHeaders::Named } else { SetHeaders::Absent };
            self.tally.set_unnamed = !named;
        }
        if self.wanted.format.is_some() && self.counts() {
            self.tally.other_format += part.batches.iter().map(|(_, columns)| other_format(columns)).sum::<u64>();
        }
        if self.counts() && matches!(self.phase, Phase::List) {
            self.shape.add(rows);
        }
        let mut keep = Vec::with_capacity(rows);
        let mut first = 0;
        for head in &heads {
            for row in 0..head.rows {
                if self.is_wanted(head, row, names_set) && self.is_new(head, row) {
                    keep.push(first + row);
                }
            }
            first += head.rows;
        }
        (keep.len() < first).then_some(keep)
    }

    /// Whether this is the list itself, and no look at whether it was all.
    fn counts(&self) -> bool {
        self.in_tail.is_none() && !self.tally.checked
    }

    fn is_wanted(&mut self, head: &Head<'_>, row: usize, names_set: bool) -> bool {
        let sets = head.sets(row);
        let foreign = |set: &String| !sets.is_empty() && !in_set(&sets, set);
        let named = matches!(self.set_headers, SetHeaders::Named | SetHeaders::Others);
        let foreign = named && self.wanted.set.as_ref().is_some_and(foreign);
        let moment = head.moment(row);
        // What a provider returns for a set is in it, whatever the header names; what comes for a token alone may
        // have lost the set.
        if foreign && names_set {
            self.set_headers = SetHeaders::Others;
        }
        let others = self.set_headers == SetHeaders::Others;
        self.tally.other_sets += u64::from(foreign && others && self.counts());
        let stray = foreign && !others;
        let wanted = !stray && self.wanted.holds_stamp(moment, head.datestamp(row));
        if self.in_tail.is_some_and(|day| moment.is_some_and(|moment| moment < day)) {
            // It does not look at dates: everything has come already.
            self.next = None;
        }
        self.tally.out_of_range += u64::from(!wanted && self.counts());
        if wanted {
            self.shape.reach(moment);
        }
        if self.tail.as_ref().is_some_and(|(_, day)| wanted && moment.is_some_and(|moment| moment >= *day)) {
            self.tail = None;
        }
        wanted
    }

    fn is_new(&mut self, head: &Head<'_>, row: usize) -> bool {
        let Some(key) = head.key(row) else { return true };
        let version = hash(&(head.datestamp(row), head.deleted(row)));
        match self.seen.entry(hash(&key)) {
            Entry::Vacant(place) => {
                place.insert(version);
                self.tally.found_late += u64::from(self.in_tail.is_some());
                self.tally.received += u64::from(self.tally.checked);
                true
            }
            Entry::Occupied(place) if *place.get() == version => {
                // After a restart everything comes again, and that says nothing about the provider.
                self.tally.duplicates += u64::from(self.counts() && self.tally.restarts == 0);
                false
            }
            Entry::Occupied(mut place) => {
                place.insert(version);
                self.tally.changed += 1;
                true
            }
        }
    }

    /// At the end of the list: the last day is asked for, and whether it is complete.
    fn ended(&mut self) {
        self.in_tail = None;
        if let Some((question, day)) = self.tail.take() {
            self.in_tail = Some(day);
            self.passed.clear();
            self.next = Some(question);
            return;
        }
        self.tally.set_empty = self.wanted.set.is_some() && self.tally.received == 0;
        self.phase = if self.is_doubtful() { Phase::Look(Box::new(self.looks())) } else { Phase::Over };
    }

    fn single(&mut self, identifier: &str, cancel: &Cancel) -> Result<Step> {
        let prefix = self.question.arguments.iter().find(|(name, _)| name == "metadataPrefix");
        let prefix = prefix.map_or("oai_dc", |(_, prefix)| prefix.as_str());
        let arguments = [("identifier", identifier), ("metadataPrefix", prefix)];
        let question = Request::new(Verb::GetRecord, &arguments)?;
        let (_, part) = self.ask(&question, cancel)?;
        self.tally.fetched_singly += 1;
        let rows = part.batches.iter().map(|(_, columns)| columns.rows).sum();
        let keep = self.keep(&part, rows, false);
        Ok(Step { part, keep })
    }
}

/// Whether the provider refused with this code.
pub(super) fn is(error: &Error, code: &str) -> bool {
    matches!(error.kind(), Kind::Protocol { errors, .. } if errors.iter().any(|error| error.code.trim() == code))
}

/// A number among the attributes of the token.
fn number(page: &Page, attribute: &str) -> Option<u64> {
    let token = page.token.as_ref()?;
    let found = token.attributes.iter().find(|(name, _)| name == attribute);
    found.and_then(|(_, number)| number.trim().parse().ok())
}
