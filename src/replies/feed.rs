//! Atom feeds: each entry a document.

use super::Records;
use crate::error::Result;
use crate::format::atom::{self, ATOM};
use crate::xml::clean::clean;
use crate::xml::read::Stop;

/// Whether the start of an XML page is that of an Atom feed or entry.
#[must_use]
pub fn is_feed(start: &[u8]) -> bool {
    let mut text = String::from_utf8_lossy(start).into_owned();
    while let Some(rest) = text.trim_start().strip_prefix('<') {
        if !rest.starts_with(['?', '!']) {
            let name = rest.split([' ', '\t', '\r', '\n', '>', '/']).next().unwrap_or_default();
            return matches!(crate::xml::names::local(name), "feed" | "entry");
        }
        let end = if rest.starts_with("!--") { "-->" } else { ">" };
        let Some((_, after)) = rest.split_once(end) else { return false };
        text = after.to_owned();
    }
    false
}

/// Reads a whole feed.
pub(super) fn read(records: &mut Records, bytes: &[u8]) -> Result<usize> {
    let clean = clean(bytes, true);
    records.start(&ATOM);
    for mark in &clean.marks {
        let place = records.place(&clean.text, mark.text);
        records.repair(mark.fault, place, mark.detail.clone())?;
    }
    let mut repairs = Vec::new();
    let entries = atom::entries(&clean.text, clean.carriage, &mut repairs);
    for repair in repairs {
        let place = records.place(&clean.text, repair.at);
        records.repair(repair.fault, place, repair.detail)?;
    }
    match entries {
        Ok(feed) => {
            for (at, json) in feed.entries {
                records.add(&clean.text, clean.byte(at.start)..clean.byte(at.end), &json, &[])?;
            }
            records.reply.total = feed.total;
            records.reply.next = feed.next;
            Ok(bytes.len())
        }
        Err(Stop::Cut) => Err(records.truncated(&clean.text, "feed")),
        Err(Stop::Failed(at, _, message)) => Err(records.damaged(&clean.text, at, message)),
    }
}
