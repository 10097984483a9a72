//! What an update of documents brought, compared with what is here: what is gone, and what only has another name.

use super::documents::Pass;
use super::{Progress, now, verify};
use crate::error::Result;
use crate::source::keys;
use crate::source::service::{Question, Sort};
use crate::store::{Body, Change, Entry, NewPage, digest};
use serde_json::json;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Mutex;

/// So many records that are no longer there are believed, however short the list is.
const MANY: u64 = 100;
/// Identifiers looked at, at a time.
const SOME: usize = 500;
/// Pages that are kept unpacked while records are compared.
const UNPACKED: usize = 8;
/// What a feed is.
const WINDOW: &str = "unverified: a feed is a window on what is newest; what it no longer shows is kept";

impl Pass<'_> {
    /// How many of these changes only turned http into https.
    pub(super) fn moved(&self, changes: &[Change], loose: &[i64]) -> Result<u64> {
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
    pub(super) fn compare(&mut self, progress: &Mutex<Progress>) -> Result<String> {
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
            let gone = self.store.unlisted(self.run.id, SOME)?;
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
pub fn alike(record: &[u8]) -> i64 {
    digest(https(&String::from_utf8_lossy(record)).as_bytes())
}
