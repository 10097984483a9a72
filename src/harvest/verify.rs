//! Whether everything came: by count where counts can be trusted, else by a second look at the list.

use super::tally::Tally;
use super::{Harvest, Progress, now};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::source::oai::{DAY, SECOND};
use crate::source::page::listing;
use crate::source::{Wanted, cuts};
use crate::store::{Body, INCOMPLETE, NewPage, Span, State, Task};
use crate::value::date::written;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};

/// A list that still brings something after so many looks is changing as fast as it can be read.
const LOOKS: u32 = 3;
/// So many records that are no longer listed are looked up one by one, however short the list is.
const MANY: u64 = 100;
/// Identifiers looked up at a time.
const SOME: usize = 500;

/// Nothing is missing, because the counts say so.
pub const COUNTED: &str = "verified: the list has as many records as it says";
/// Nothing is missing, because nothing can have come.
const OVER: &str = "verified: it asks for nothing later than what has come";
/// Nothing is missing, because the list says so.
pub const LOOKED: &str = "verified: a second look at the list found nothing more";

impl Harvest {
    /// How it is known that nothing is missing, or why it is not.
    pub(super) fn verify(&mut self, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<String> {
        let full = self.run.kind == "full";
        let announced = self.facts.deleted.as_deref() == Some("persistent");
        let counted = self.is_exact() && (announced || !full);
        let due = !full && !announced && self.is_reconciliation_due()?;
        let looking = self.spans.iter().any(|span| span.task == Task::Identifiers);
        if !looking && !due {
            if counted {
                return Ok(if self.spans.is_empty() { OVER } else { COUNTED }.to_owned());
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
                let (listed, gone) = (self.store.listed()?, self.store.unlisted_count()?);
                if gone > MANY && gone > listed / 4 {
                    // No collection loses so much at once without a word, but lists break.
                    let why = format!("its list of identifiers lacks {gone} of the records that are here");
                    return Ok(self.unverified(&why));
                }
                found += self.find_gone(progress, cancel)?;
                self.run.reconciled_at = Some(now());
            }
            if found == 0 {
                return Ok(self.seen_all());
            }
        }
        Ok(self.unverified("the list changes while it is read"))
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
        let missing = self.store.missing(SOME)?.len() as u64;
        if missing == 0 {
            return Ok(false);
        }
        let ended = |span: &&Span| span.state == State::Done && span.pages > 1;
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
        let long = records().any(|span| span.pages > 1);
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

    /// Fetches what is listed and not here. Gives how many records that brought.
    fn fetch_missing(&mut self, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<u64> {
        let mut found = 0;
        loop {
            let missing = self.store.missing(SOME)?;
            if missing.is_empty() {
                return Ok(found);
            }
            for identifier in missing {
                self.show("fetching what the list left out", progress);
                if self.job.purged.holds(&identifier) || self.single(&identifier, cancel)?.is_none() {
                    self.store.strike(&identifier)?;
                    continue;
                }
                // Whatever came, it is what there is now.
                self.store.strike(&identifier)?;
                found += 1;
                self.tally.fetched_after += 1;
                self.note()?;
                self.commit()?;
            }
        }
    }

    /// Finds records here that are no longer listed; each is asked for, since lists err. Gives how many of them
    /// are there after all.
    fn find_gone(&mut self, progress: &Mutex<Progress>, cancel: &Cancel) -> Result<u64> {
        let mut found = 0;
        loop {
            let unlisted = self.store.unlisted(SOME)?;
            if unlisted.is_empty() {
                return Ok(found);
            }
            let mut gone = Vec::new();
            for identifier in unlisted {
                self.show("asking for what is no longer listed", progress);
                match self.single(&identifier, cancel)? {
                    None => gone.push(identifier),
                    Some(changed) => {
                        self.store.list(&identifier, None)?;
                        found += u64::from(changed);
                    }
                }
            }
            self.bury(&gone)?;
            self.note()?;
            self.commit()?;
        }
    }

    /// Asks for one record; `None` if there is none in the list asked for, else whether that was news.
    fn single(&mut self, identifier: &str, cancel: &Cancel) -> Result<Option<bool>> {
        go_on(cancel)?;
        let question = self.job.oai.record(identifier)?;
        self.tally.requests += 1;
        let answer = match self.job.oai.ask(&question, &Wanted::default(), &self.job.wanted(), cancel) {
            Ok(answer) => answer,
            Err(error) if matches!(error.kind(), Kind::Protocol { .. }) => return Ok(None),
            Err(error) => return Err(error),
        };
        let wanted = answer.listing.entries.iter().any(|entry| entry.identifier == identifier && !entry.stray);
        if !wanted {
            return Ok(None);
        }
        let span = self.spans.last().map_or(0, |span| span.id);
        let page = self.job.packed(answer, span, true)?;
        self.tally.retries += u64::from(page.retries);
        self.tally.bytes += page.bytes;
        let Some(body) = &page.body else { return Ok(None) };
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
        Ok(Some(added.new + added.changed > 0))
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
