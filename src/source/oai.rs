//! OAI-PMH as a source of lists: one question to one provider.

use super::Wanted;
use super::list::List;
use super::page::{Listing, listing};
use super::provider::Provider;
use crate::columns::Data;
use crate::error::{Cancel, Result};
use crate::http::Reply;
use crate::oai::reader::Options;
use crate::oai::request::{Request, Spelling, Verb};
use crate::store::Task;
use crate::value::date::{instant, written};
use std::sync::Arc;

/// A day in microseconds.
pub const DAY: i64 = 86_400_000_000;
/// A second in microseconds.
pub const SECOND: i64 = 1_000_000;

/// A list to harvest.
#[derive(Debug, Clone)]
pub struct Oai {
    /// Who is asked.
    pub provider: Provider,
    /// The metadataPrefix.
    pub prefix: String,
    /// The setSpec.
    pub set: Option<String>,
}

/// What a provider says of itself, as far as a harvest needs it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The name it gives itself.
    pub name: Option<String>,
    /// Whether it announces deletions: `no`, `transient` or `persistent`.
    pub deleted: Option<String>,
    /// Whether it wants dates as days.
    pub days: bool,
    /// The earliest datestamp it claims to have.
    pub earliest: Option<i64>,
    /// Its clock.
    pub clock: Option<String>,
    /// Whether the headers of a set are known to name other sets.
    pub other_sets: bool,
    /// How long after its datestamp a record may come to light, as far as that was seen, in microseconds.
    pub lateness: i64,
    /// How long before the start of each of the latest runs its newest datestamp was, in microseconds.
    pub lags: Vec<i64>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The reply, without its body.
    pub reply: Reply,
    /// The question, as a query.
    pub query: String,
    /// The body.
    pub body: Arc<Vec<u8>>,
    /// What it holds.
    pub listing: Listing,
}

impl Oai {
    /// The question for the first page of a part of the list. Dates are sent as days or seconds; `until` is sent
    /// one of those later than wanted, because some providers leave out the last one.
    pub fn first(&self, task: Task, since: Option<i64>, until: Option<i64>, days: bool) -> Result<Request> {
        let granule = if days { DAY } else { SECOND };
        let text = |moment: i64| {
            let whole = written(moment.div_euclid(granule) * granule);
            if days { whole[..10].to_owned() } else { whole }
        };
        let since = since.map(text).unwrap_or_default();
        let until = until.map(|until| text(until + granule)).unwrap_or_default();
        let set = self.set.as_deref().unwrap_or_default();
        Request::new(verb(task), &[("metadataPrefix", &self.prefix), ("set", set), ("from", &since), ("until", &until)])
    }

    /// The question for the page that `next` leads to.
    #[must_use]
    pub fn resumed(&self, task: Task, next: &str) -> Request {
        Request::resumed(verb(task), next)
    }

    /// The question for one record.
    pub fn record(&self, identifier: &str) -> Result<Request> {
        Request::new(Verb::GetRecord, &[("identifier", identifier), ("metadataPrefix", &self.prefix)])
    }

    /// Asks, and reads what came back.
    pub fn ask(&self, question: &Request, asked: &Wanted, wanted: &Wanted, cancel: &Cancel) -> Result<Answer> {
        let mut reply = self.provider.fetch(question, cancel)?;
        let body = Arc::new(std::mem::take(&mut reply.body));
        let name = self.provider.address(question);
        let listing = listing(&name, &body, asked, wanted, cancel)?;
        Ok(Answer { reply, query: question.query(&Spelling::default()), body, listing })
    }

    /// The setSpecs that it lists.
    pub fn sets(&self, cancel: &Cancel) -> Result<Vec<String>> {
        let mut list =
            List::new(self.provider.clone(), Request::new(Verb::ListSets, &[])?, Wanted::default(), Options::default());
        let mut sets = Vec::new();
        while let Some(step) = list.next(cancel)? {
            for columns in step.part.batches.iter().map(|(_, columns)| columns) {
                let Some(Data::Text(specs)) = columns.get("setSpec") else { continue };
                sets.extend((0..columns.rows).filter_map(|row| specs.get(row)).map(str::to_owned));
            }
        }
        Ok(sets)
    }

    /// The beginning of its list, to see whether there is one.
    pub fn begins(&self, cancel: &Cancel) -> Result<Answer> {
        let all = Wanted::default();
        self.ask(&self.first(Task::Identifiers, None, None, true)?, &all, &all, cancel)
    }

    /// What the provider says of itself.
    pub fn facts(&self, cancel: &Cancel) -> Result<(Facts, Reply)> {
        let (reply, part) = self.provider.ask(&Request::new(Verb::Identify, &[])?, Options::default(), cancel)?;
        let text = |name: &str| {
            let data = part.batches.first().and_then(|(_, columns)| columns.get(name));
            match data {
                Some(Data::Text(text)) if !text.is_empty() => text.get(0).map(str::trim).map(str::to_owned),
                _ => None,
            }
        };
        // Whoever does not say seconds can be asked for days: every provider has to take them (§2.7.1).
        let days = !text("granularity").is_some_and(|granularity| granularity.to_ascii_lowercase().contains("ss"));
        let facts = Facts {
            name: text("repositoryName"),
            deleted: text("deletedRecord").map(|policy| policy.to_ascii_lowercase()),
            days,
            earliest: text("earliestDatestamp").as_deref().and_then(instant),
            clock: part.pages.first().and_then(|page| page.response_date.clone()),
            ..Facts::default()
        };
        Ok((facts, reply))
    }
}

fn verb(task: Task) -> Verb {
    match task {
        Task::Records => Verb::ListRecords,
        Task::Identifiers => Verb::ListIdentifiers,
    }
}
