//! What a page of a list holds: records, their places, and where the list goes on.

use super::Wanted;
use super::head::{Head, in_set, other_format};
use crate::error::{Cancel, Error, Kind, Result};
use crate::oai::page::Page;
use crate::oai::reader::Options;
use crate::oai::request;
use crate::scan::{self, Input, Part, Plan};
use crate::store::{Entry, Trend, digest};
use std::cmp::Ordering;
use std::sync::Arc;

/// What a page of a list holds.
#[derive(Debug, Default)]
pub struct Listing {
    /// Its records, in order.
    pub entries: Vec<Entry>,
    /// Where the list goes on; opaque. Nothing at its end.
    pub next: Option<String>,
    /// The size of the list, as the service says.
    pub declared: Option<u64>,
    /// The clock of the service.
    pub clock: Option<String>,
    /// The format of its records.
    pub format: &'static str,
    /// Repairs it took to read the page.
    pub repaired: u64,
    /// Records that are neither deleted nor have metadata.
    pub without_metadata: u64,
    /// Records outside the dates that were asked for.
    pub out_of_range: u64,
    /// Records whose headers name other sets than the one that was asked for.
    pub other_sets: u64,
    /// Records in another format than the one that was asked for.
    pub other_format: u64,
    /// Whether a record names the set that was asked for.
    pub names_set: bool,
    /// The earliest datestamp.
    pub low: Option<i64>,
    /// The latest datestamp.
    pub high: Option<i64>,
    /// The order of the datestamps.
    pub trend: Trend,
    /// Whether the service says that there is nothing (more).
    pub nothing: bool,
}

/// What a reply with records or headers holds. `asked` is what this very list was
/// asked for, `wanted` what the whole harvest is for: records outside that are strays.
pub fn listing(name: &str, body: &Arc<Vec<u8>>, asked: &Wanted, wanted: &Wanted, cancel: &Cancel) -> Result<Listing> {
    let options = Options { spans: true, format: wanted.format, ..Options::default() };
    let plan = Plan { options, threads: Some(1), ..Plan::default() };
    let bytes: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::clone(body) as _;
    let part = scan::read(&[Input::Bytes(name.to_owned(), bytes)], plan, cancel)?;
    let Some(page) = part.pages.first() else {
        return Err(Error::new(Kind::NotOaiPmh, "there is no OAI-PMH reply in it").in_source(name));
    };
    let size = |page: &Page| -> Option<u64> {
        let size = page.token.as_ref()?.attributes.iter().find(|(name, _)| name == "completeListSize")?;
        size.1.trim().parse().ok()
    };
    let mut listing = Listing {
        next: request::next(page).map(str::to_owned),
        declared: size(page),
        clock: page.response_date.clone(),
        format: page.format,
        repaired: part.report.repairs.len() as u64,
        without_metadata: part.report.without_metadata,
        nothing: request::nothing(page),
        other_format: wanted.format.map_or(0, |_| part.batches.iter().map(|(_, own)| other_format(own)).sum()),
        ..Listing::default()
    };
    entries(&part, body, asked, wanted, &mut listing).ok_or_else(|| {
        Error::new(Kind::NotOaiPmh, "the reply lists no records").in_source(name).hint("it answers another question")
    })?;
    Ok(listing)
}

fn entries(part: &Part, body: &[u8], asked: &Wanted, wanted: &Wanted, listing: &mut Listing) -> Option<()> {
    let heads: Vec<Head<'_>> =
        part.batches.iter().map(|(_, columns)| Head::of_record(columns)).collect::<Option<_>>()?;
    let names_it = |set: &str| heads.iter().any(|head| (0..head.rows).any(|row| in_set(&head.sets(row), set)));
    listing.names_set = wanted.set.as_deref().is_some_and(names_it);
    let set = wanted.set.as_deref().filter(|_| wanted.names_set || listing.names_set);
    let mut spans = part.spans.iter();
    let mut last = None;
    for head in &heads {
        for (row, bytes) in (0..head.rows).zip(spans.by_ref()) {
            let moment = head.moment(row);
            let sets = head.sets(row);
            let foreign = set.is_some_and(|set| !sets.is_empty() && !in_set(&sets, set));
            // What a provider returns for a set is in it, whatever the header names; what comes for a token alone may
            // have lost the set.
            let lost = foreign && asked.set.is_none() && !wanted.other_sets;
            listing.out_of_range += u64::from(lost || !asked.holds(moment));
            listing.other_sets += u64::from(foreign && !lost);
            let range = bytes.start as usize..bytes.end as usize;
            listing.entries.push(Entry {
                identifier: head.key(row).unwrap_or_default().to_owned(),
                datestamp: head.datestamp(row).map(str::to_owned),
                deleted: head.deleted(row),
                bytes: bytes.clone(),
                digest: digest(body.get(range)?),
                stray: lost || !wanted.holds(moment),
            });
            if let (Some(last), Some(moment)) = (last, moment) {
                listing.trend = listing.trend.and(match moment.cmp(&last) {
                    Ordering::Less => Trend::Down,
                    Ordering::Equal => Trend::Flat,
                    Ordering::Greater => Trend::Up,
                });
            }
            last = moment.or(last);
            listing.low = [listing.low, moment].into_iter().flatten().min();
            listing.high = listing.high.max(moment);
        }
    }
    Some(())
}
