//! Whether everything came: by count where counts can be trusted, else by a second look at the list.

use super::tally::Tally;
use super::{Harvest, Progress, now};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::source::oai::{DAY, SECOND};
use crate::source::page::listing;
use crate::source::{Wanted, cuts};
use crate::store::{Body, INCOMPLETE, NewPage, Span, State, Task};
use crate::value::date::{instant, written};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

/// A list that still brings something after so many looks is changing as fast as it can be read.
const LOOKS: u32 = 3;
/// A look that finds more than this shows that lists are cut.
const MANY: u64 = 100;
/// So many records may be gone at once, however short the list is; beyond it, one in ten.
const REMOVALS: u64 = 20;
/// Listed records asked for to see that the provider gives single records at all.
const WITNESSES: usize = 3;
/// After so many replies in a row that are not OAI-PMH, single records are not asked for.
const BROKEN: u32 = 3;
/// Missing records that are named in a notice each.
const NAMED: usize = 20;
/// Fewer records than this on the only page of a list are seldom a full page.
const FULL: u64 = 10;
/// Identifiers looked up at a time.
const SOME: usize = 500;

/// Nothing is missing, because the counts say so.
pub const COUNTED: &str = "verified: the list has as many records as it says";
/// How the state begins where the list lacks records that are kept.
const UNCONFIRMED: &str = "unconfirmed";
/// Nothing is missing, because nothing can have come.
const OVER: &str = "verified: it asks for nothing later than what has come";
/// Nothing is missing, because the list is empty.
const EMPTY: &str = "verified: the provider returns no record for this question";
/// Nothing is missing, because the list says so.
pub const LOOKED: &str = "verified: a second look at the list found nothing more";

/// What the provider answers about a single record.
enum Single {
    /// The record, and whether it was new or another version.
    Came(bool),
    /// The provider does not have it.
    Absent,
    /// The record, whose header does not name the set that was asked for.
    Left,
    /// A refusal, or a reply without the record: why it is missing.
    Refused(String),
    /// No reply of OAI-PMH: why it is missing.
    Broken(String),
}

impl Harvest {
    /// How it is known that nothing is missing, or why it is not.
    pub(super) fn verify(&mut self, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<String> {
        let state = self.state(progress, cancel)?;
        let count = self.tally.missing.len();
        if count == 0 {
            return Ok(state);
        }
        let named: Vec<_> = self.tally.missing.iter().take(NAMED).cloned().collect();
        for (identifier, reason) in named {
            self.tally.notice(format!("{identifier} is listed and missing: {reason}"));
        }
        if count > NAMED {
            self.tally.notice(format!("{} more are listed and missing: tally.missing has all of them", count - NAMED));
        }
        Ok(format!("{INCOMPLETE}: {count} records that the provider lists are missing"))
    }

    fn state(&mut self, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<String> {
        let full = self.run.kind == "full";
        let announced = self.facts.deleted.as_deref() == Some("persistent");
        let counted = self.is_exact() && (announced || !full);
        // One that is asked for now compares whatever the provider announces.
        let now_due = self.options.reconcile == Some(0);
        let due = !full && (!announced || now_due) && self.is_reconciliation_due()?;
        let looking = self.spans.iter().any(|span| span.task == Task::Identifiers);
        if !looking && !due {
            if counted && !(full && self.lists_more(cancel)?) {
                let sized = self.spans.iter().any(|span| span.declared.is_some());
                let state = if self.spans.is_empty() {
                    OVER
                } else if sized {
                    COUNTED
                } else {
                    EMPTY
                };
                return Ok(state.to_owned());
            }
            if !self.options.verify {
                return Ok(self.unverified("a second look at the list was not asked for"));
            }
        }
        let (mut look, mut looks) = (0, LOOKS);
        while look < looks {
            // A look that was interrupted goes on where it was.
            if look > 0 || !self.spans.iter().any(|span| span.task == Task::Identifiers) {
                self.store.unlist()?;
                self.tally.missing.clear();
                for part in self.second(due) {
                    self.add(part)?;
                }
            }
            match self.read(Task::Identifiers, progress, cancel) {
                Err(error) if matches!(error.kind(), Kind::Protocol { .. } | Kind::Cycle) => {
                    return Ok(self.unverified(&format!("its list of identifiers can't be read: {}", error.message())));
                }
                read => read?,
            }
            look += 1;
            if self.is_cut()? {
                // There is a wall that nobody has said: what lies behind it is read as a list too.
                looks = look + LOOKS;
                self.read(Task::Records, progress, cancel)?;
                continue;
            }
            // Only a look at everything tells what is gone.
            let all = full || due;
            let mut found = self.fetch_missing(progress, cancel)?;
            if all {
                if let Some(state) = self.unconfirmed()? {
                    return Ok(state);
                }
                found += self.find_gone(progress, cancel)?;
                found += self.confirm(cancel)?;
                if self.tally.unconfirmed == 0 {
                    self.run.reconciled_at = Some(now());
                }
            }
            if found == 0 {
                let (_, unlisted) = if all { self.store.unlisted_counts(self.run.id)? } else { (0, 0) };
                return Ok(match (self.tally.unconfirmed, unlisted) {
                    (0, 0) => self.seen_all(),
                    (0, _) if self.is_exact() => COUNTED.to_owned(),
                    (0, count) => self.unverified(&format!(
                        "its list of identifiers lacks {count} of the records that its list of records has"
                    )),
                    (count, _) => format!(
                        "{UNCONFIRMED}: the list lacks {count} records, and nothing shows that they were \
                         removed; they are kept"
                    ),
                });
            }
        }
        Ok(self.unverified("the list changes while it is read"))
    }

    /// Whether the list of identifiers is longer than the list of records, as its first page states. A list of
    /// records may leave some out and count the others.
    fn lists_more(&mut self, cancel: &Cancel) -> Result<bool> {
        if !self.options.verify || self.tally.received == 0 {
            return Ok(false);
        }
        let question = self.job.oai.first(Task::Identifiers, self.run.since, self.run.until, self.facts.days)?;
        self.tally.requests += 1;
        match self.job.oai.ask(&question, &Wanted::default(), &self.job.wanted(), cancel) {
            Ok(answer) => {
                let listed = answer.listing.declared.unwrap_or(answer.listing.entries.len() as u64);
                Ok(listed > self.tally.received)
            }
            // A provider without such a list proves nothing.
            Err(error) if *error.kind() != Kind::Interrupted => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The state where the list lacks so many records that it is in doubt: they stay.
    fn unconfirmed(&mut self) -> Result<Option<String>> {
        let (gone, here) = (self.store.unlisted_counts(self.run.id)?.0, self.store.live()?);
        self.tally.unconfirmed = 0;
        let many = gone > REMOVALS && gone * 10 > here || gone > 0 && gone == here;
        if !many || self.options.accept_removals {
            return Ok(None);
        }
        self.tally.unconfirmed = gone;
        Ok(Some(format!(
            "{UNCONFIRMED}: the list lacks {gone} of the {here} records here; they are kept. If they were \
             removed, accept_removals=True (--accept-removals) applies it"
        )))
    }

    /// Whether the provider gives a record that it lists.
    fn gives_records(&mut self, cancel: &Cancel) -> Result<bool> {
        let witnesses = self.store.witnesses(WITNESSES)?;
        if witnesses.is_empty() {
            // An empty list has none; it is applied only on request.
            return Ok(self.options.accept_removals);
        }
        for identifier in witnesses {
            if matches!(self.single(&identifier, true, cancel)?, Single::Came(_)) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn unverified(&self, why: &str) -> String {
        match self.missing_by_count() {
            0 => format!("unverified: {why}"),
            short => format!("{INCOMPLETE}: {short} records less than the list says; {why}"),
        }
    }

    /// What a look that found nothing more says: all, unless lists end where no look gets any further.
    fn seen_all(&self) -> String {
        let further = self.tally.splits == 0 && !self.cuts(None, None).is_empty();
        let ended = self.spans.iter().filter(|span| span.task == Task::Records && span.state == State::Done);
        let wall = ended.filter(|span| span.is_walled(None, None)).map(|span| span.received).max();
        let alone = |span: &Span| {
            let page = span.received >= FULL && (span.received.is_multiple_of(10) || span.received.is_multiple_of(25));
            page && span.pages == 1 && span.declared.is_none()
        };
        if !further && self.tally.splits == 0 && self.spans.iter().any(|span| span.task == Task::Records && alone(span))
        {
            return self.unverified("it is one full page without a size, and its records can't be told apart by date");
        }
        match (wall.filter(|_| !further), self.missing_by_count()) {
            (None, 0) => LOOKED.to_owned(),
            (None, short) => format!("{LOOKED}, although it says that there are {short} more"),
            (Some(wall), 0) => format!(
                "{INCOMPLETE}, it seems: a list ends after {wall} records, with a full page, and can't be split by date"
            ),
            (Some(wall), _) => {
                self.unverified(&format!("lists end after {wall} records, and these can't be split by date"))
            }
        }
    }

    /// Whether the look shows that lists are cut: it found much, or its lists are as long as those before and hold
    /// something else. What was cut is put into parts then.
    fn is_cut(&mut self) -> Result<bool> {
        let missing = self.store.missing(self.run.id, SOME)?.len() as u64;
        if missing == 0 {
            return Ok(false);
        }
        // A single page without a size may be cut as well.
        let ended = |span: &&Span| {
            span.state == State::Done && (span.pages > 1 || span.declared.is_none() && span.received >= FULL)
        };
        let length = |task: Task| self.spans.iter().filter(ended).filter(move |span| span.task == task);
        let same = length(Task::Records).find(|one| length(Task::Identifiers).any(|two| one.received == two.received));
        let longest = length(Task::Records).filter(|_| missing > MANY).max_by_key(|span| span.received);
        let Some(wall) = same.or(longest).map(|span| span.received) else { return Ok(false) };
        self.wall = Some(self.wall.map_or(wall, |known| known.min(wall)));
        let cut: Vec<Span> = length(Task::Records).filter(|span| span.is_walled(None, self.wall)).cloned().collect();
        let mut any = false;
        for span in cut {
            any |= self.pass(&span)?;
        }
        Ok(any)
    }

    /// Whether every part of the list came whole and stood still meanwhile. A record that came twice may have
    /// pushed another one out of sight, and so may a size that changed.
    fn is_exact(&self) -> bool {
        let exact = |span: &Span| match span.declared {
            Some(declared) => span.received == declared && !span.wavers && span.restarts == 0,
            // Of a page on its own nobody knows whether it is all, but an empty one says so.
            None => span.pages <= 1 && span.received == 0,
        };
        let records = self.spans.iter().filter(|span| span.task == Task::Records);
        self.tally.duplicates == 0 && self.tally.splits == 0 && records.into_iter().all(exact)
    }

    fn is_reconciliation_due(&self) -> Result<bool> {
        let Some(age) = self.options.reconcile else { return Ok(false) };
        Ok(self.store.reconciled_at()?.is_none_or(|last| now() - last >= age))
    }

    /// The parts of the list for a second look: those of the first, or all of it.
    fn second(&self, all: bool) -> Vec<Span> {
        let part = |since, until| Span { task: Task::Identifiers, since, until, ..Span::default() };
        let wanted = self.job.wanted();
        let (since, until) = if all { (wanted.since, wanted.until) } else { (self.run.since, self.run.until) };
        let records = || self.spans.iter().filter(|span| span.task == Task::Records);
        // Windows that lie side by side cover the run; parts of broken lists cover only what was left.
        if !all && self.tally.splits == 0 && records().count() > 1 {
            return records().map(|span| part(span.since, span.until)).collect();
        }
        // What is left out of a list often depends on its place in it: cut elsewhere, other records are.
        let mut parts = vec![part(since, until)];
        let long = records().any(|span| span.pages > 1 || span.declared.is_none() && span.received >= FULL);
        for cut in self.cuts(since, until).into_iter().filter(|_| long) {
            let Some(last) = parts.last_mut() else { break };
            last.until = Some(cut - 1);
            parts.push(part(Some(cut), until));
        }
        parts
    }

    /// Where to cut what is known of the list for a second look.
    fn cuts(&self, since: Option<i64>, until: Option<i64>) -> Vec<i64> {
        let low = self.spans.iter().filter_map(|span| span.low).min();
        let high = self.spans.iter().filter_map(|span| span.high).max();
        let Some((low, high)) = low.zip(high) else { return Vec::new() };
        let inside = |cut: &i64| since.is_none_or(|since| since < *cut) && until.is_none_or(|until| *cut < until);
        cuts(low, high, if self.facts.days { DAY } else { SECOND }).into_iter().filter(inside).collect()
    }

    /// By how many records the list is shorter than the provider says.
    fn missing_by_count(&self) -> u64 {
        let Tally { declared, unique, duplicates, out_of_range, splits, restarts, .. } = self.tally;
        // Parts that overlap bring records twice, and that says nothing about the list.
        let again = if splits + restarts == 0 { duplicates } else { 0 };
        declared.map_or(0, |declared| declared.saturating_sub(unique + again + out_of_range))
    }

    /// Fetches what is listed and not here. Gives how many records that brought; what can't be had is noted.
    fn fetch_missing(&mut self, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<u64> {
        let (mut found, mut broken) = (0, 0);
        loop {
            let missing = self.store.missing(self.run.id, SOME)?;
            if missing.is_empty() {
                return Ok(found);
            }
            for identifier in missing {
                self.show("fetching what the list left out", progress);
                let answer = if self.job.purged.holds(&identifier) {
                    None
                } else if broken >= BROKEN {
                    Some(Single::Broken("not asked for, since the provider failed at others".to_owned()))
                } else {
                    Some(self.single(&identifier, true, cancel)?)
                };
                // Whatever came, it is what there is now.
                self.store.strike(&identifier)?;
                broken = if matches!(answer, Some(Single::Broken(_))) { broken + 1 } else { 0 };
                let reason = match answer {
                    Some(Single::Came(_)) => {
                        found += 1;
                        self.tally.fetched_after += 1;
                        self.note()?;
                        self.commit()?;
                        continue;
                    }
                    Some(Single::Absent) if !self.tombstones.contains(&identifier) => {
                        "the provider does not know it when it is asked for (idDoesNotExist)".to_owned()
                    }
                    Some(Single::Refused(reason) | Single::Broken(reason)) => reason,
                    _ => continue,
                };
                self.tally.missing.push((identifier, reason));
                self.note()?;
            }
        }
    }

    /// Finds records here that are no longer listed; each is asked for, since lists err. Gives how many of them
    /// are there after all.
    fn find_gone(&mut self, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<u64> {
        let (mut found, mut broken, mut evident) = (0, 0, None);
        loop {
            let unlisted = self.store.unlisted(self.run.id, SOME)?;
            if unlisted.is_empty() {
                return Ok(found);
            }
            // A provider that gives no single record at all proves nothing.
            let evidence = match evident {
                Some(evidence) => evidence,
                None => *evident.insert(self.gives_records(cancel)?),
            };
            let mut gone = Vec::new();
            for identifier in unlisted {
                self.show("asking for what is no longer listed", progress);
                let answer = if broken < BROKEN {
                    self.single(&identifier, false, cancel)?
                } else {
                    Single::Broken(String::new())
                };
                broken = if matches!(answer, Single::Broken(_)) { broken + 1 } else { 0 };
                match answer {
                    Single::Absent | Single::Left if evidence => gone.push(identifier),
                    Single::Came(changed) => {
                        self.store.list(&identifier, None)?;
                        found += u64::from(changed);
                    }
                    _ => {
                        self.store.list(&identifier, None)?;
                        self.tally.unconfirmed += 1;
                    }
                }
            }
            self.bury(&gone)?;
            self.note()?;
            self.commit()?;
        }
    }

    /// Asks for records of this run that are not listed, where they are few: those that are given are not in doubt.
    /// Gives how many have changed.
    fn confirm(&mut self, cancel: &Cancel) -> Result<u64> {
        let (_, count) = self.store.unlisted_counts(self.run.id)?;
        if count > MANY || self.is_exact() {
            return Ok(0);
        }
        let mut changes = 0;
        for identifier in self.store.unlisted_in(self.run.id, SOME)? {
            match self.single(&identifier, false, cancel)? {
                Single::Came(changed) => {
                    self.store.list(&identifier, None)?;
                    changes += u64::from(changed);
                }
                Single::Broken(_) => return Ok(changes),
                Single::Absent | Single::Left | Single::Refused(_) => {}
            }
        }
        Ok(changes)
    }

    /// Asks for one record of the list. Of one that is `listed` the header may name other sets.
    fn single(&mut self, identifier: &str, listed: bool, cancel: &Cancel) -> Result<Single> {
        go_on(cancel)?;
        let question = self.job.oai.record(identifier)?;
        self.tally.requests += 1;
        let wanted = self.job.wanted();
        let part = Wanted { set: wanted.set.clone().filter(|_| listed), ..Wanted::default() };
        let answer = match self.job.oai.ask(&question, &part, &wanted, cancel) {
            Ok(answer) => answer,
            Err(error) => match error.kind() {
                Kind::Protocol { errors, .. } if errors.iter().all(|one| one.code.trim() == "idDoesNotExist") => {
                    return Ok(Single::Absent);
                }
                Kind::Protocol { .. } => return Ok(Single::Refused(error.message().to_owned())),
                Kind::Network | Kind::Truncated { .. } | Kind::NotOaiPmh | Kind::Parse
                    if self.job.oai.facts(cancel).is_ok() =>
                {
                    return Ok(Single::Broken(error.message().to_owned()));
                }
                _ => return Err(error),
            },
        };
        let entry = answer.listing.entries.iter().find(|entry| entry.identifier == identifier);
        let Some(entry) = entry else {
            return Ok(Single::Refused("the reply to GetRecord does not have it".to_owned()));
        };
        let moment = entry.datestamp.as_deref().and_then(instant);
        if entry.stray {
            return Ok(Single::Left);
        }
        let span = self.spans.last().map_or(0, |span| span.id);
        let page = self.job.packed(answer, span, true)?;
        self.tally.retries += u64::from(page.retries);
        self.tally.bytes += page.bytes;
        let Some(body) = &page.body else { return Ok(Single::Refused("its reply was not kept".to_owned())) };
        let added = self.store.put(&NewPage {
            run: self.run.id,
            span,
            fetched_at: page.fetched_at,
            request: Some(&page.query),
            next: None,
            format: page.listing.format,
            body,
            entries: &page.listing.entries,
            dated: true,
        })?;
        self.tally.page(&page.listing, added);
        // It came again because it was asked for again.
        self.tally.duplicates -= added.duplicates;
        let news = added.new + added.changed > 0;
        if news && self.run.kind == "update" {
            self.note_lateness(moment);
        }
        Ok(Single::Came(news))
    }

    /// Notes that records are gone without a word: a page that says so, written here.
    fn bury(&mut self, gone: &[String]) -> Result<()> {
        if gone.is_empty() {
            return Ok(());
        }
        let page = tombstones(gone, self.job.oai.prefix.as_str()).into_bytes();
        let page = Arc::new(page);
        let stop = Cancel::new(self.job.stop.load(Ordering::Relaxed));
        let listing = listing("tombstones", &page, &Wanted::default(), &Wanted::default(), &stop)?;
        if listing.entries.len() != gone.len() {
            return Err(Error::new(Kind::Harvest, "what is gone can't be noted"));
        }
        let body = Body::pack(&page)?;
        self.store.put(&NewPage {
            run: self.run.id,
            span: self.spans.last().map_or(0, |span| span.id),
            fetched_at: now(),
            request: None,
            next: None,
            format: "header",
            body: &body,
            entries: &listing.entries,
            dated: true,
        })?;
        self.tally.gone += gone.len() as u64;
        Ok(())
    }
}

/// A reply as the provider would have given it if it announced deletions. The records have no datestamp, since
/// nobody knows when it was.
fn tombstones(gone: &[String], prefix: &str) -> String {
    let escaped =
        |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
    let mut page = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- Written by naturalia: these records are no longer listed. -->\n\
         <OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><responseDate>{}</responseDate>\
         <request verb=\"ListRecords\" metadataPrefix=\"{}\"/>\n<ListRecords>\n",
        written(now() / 1_000_000 * 1_000_000),
        escaped(prefix)
    );
    for identifier in gone {
        page.push_str("<record><header status=\"deleted\"><identifier>");
        page.push_str(&escaped(identifier));
        page.push_str("</identifier></header></record>\n");
    }
    page + "</ListRecords>\n</OAI-PMH>\n"
}
