//! Services whose replies are documents: what is asked of them, and what a reply means for the list it belongs to.
//!
//! Each source says for itself what to send ([`Question::request`]) and what came of it ([`Question::reply`]); both
//! look at nothing but their arguments. Where a list goes on is a cursor, text that only its source reads: with it a
//! list can be taken up again at any time.

use super::{feed, nba, nhm, verdict};
use crate::error::{Cancel, Error, Kind, Result};
use crate::format::Vocabulary;
use crate::http::{self, Client, Method, Reply, Request, shown};
use crate::oai::reader::Options;
use crate::scan::{self, Input, Part, Plan};
use std::sync::Arc;

/// The kinds of service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// The Netherlands Biodiversity API.
    Nba,
    /// The data portal of the Natural History Museum, London.
    Nhm,
    /// Atom feeds.
    Atom,
}

impl Sort {
    /// The kind called `name`.
    pub fn named(name: &str) -> Result<Self> {
        match name {
            "nba" => Ok(Self::Nba),
            "nhm" => Ok(Self::Nhm),
            "atom" => Ok(Self::Atom),
            _ => {
                Err(Error::new(Kind::Value, format!("no kind of service {name:?}")).hint("there are nba, nhm and atom"))
            }
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Nba => "nba",
            Self::Nhm => "nhm",
            Self::Atom => "atom",
        }
    }
}

/// A list to ask for.
#[derive(Debug, Clone)]
pub enum Question {
    /// Of the Netherlands Biodiversity API.
    Nba(nba::Question),
    /// Of the data portal.
    Nhm(nhm::Question),
    /// A feed.
    Atom(feed::Question),
}

/// What a reply brought, and what it means for its list.
#[derive(Debug, Default)]
pub struct Turn {
    /// The records of the list in it; nothing where it only told how to ask.
    pub part: Option<Part>,
    /// Records at its start that came with the page before already: they show that the list stands still.
    pub again: u64,
    /// Where the list goes on; nothing at its end.
    pub next: Option<String>,
    /// Records in the list as far as that is known.
    pub declared: Option<u64>,
    /// What was odd.
    pub odd: Option<(Odd, String)>,
}

/// What was odd about a reply, by what was done about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Odd {
    /// The list is longer than can be paged through: it is asked for in parts. That is usual.
    Split,
    /// The same was asked again.
    Again,
    /// A part of the list was begun again.
    Restart,
    /// It was only noticed.
    Notice,
}

impl Question {
    /// The question that `text` puts, as JSON.
    pub fn parse(sort: Sort, text: &str) -> Result<Self> {
        match sort {
            Sort::Nba => nba::Question::parse(text).map(Self::Nba),
            Sort::Nhm => nhm::Question::parse(text).map(Self::Nhm),
            Sort::Atom => feed::Question::parse(text).map(Self::Atom),
        }
    }

    /// The format of its records.
    #[must_use]
    pub fn format(&self) -> &'static Vocabulary {
        match self {
            Self::Nba(question) => question.format(),
            Self::Nhm(_) => &crate::format::nhm::RECORDS,
            Self::Atom(_) => &crate::format::atom::ATOM,
        }
    }

    /// Whether no record belongs to more than one part of the list, so that the records that came can be counted
    /// against the size of it.
    #[must_use]
    pub fn is_distinct(&self) -> bool {
        match self {
            Self::Nba(question) => question.specs() == 1,
            Self::Nhm(_) => true,
            Self::Atom(_) => false,
        }
    }

    /// What to send to a service at `base` for the page at `cursor`, or for the first one.
    pub fn request(&self, base: &str, cursor: Option<&str>) -> Result<Request> {
        match self {
            Self::Nba(question) => question.request(base, cursor),
            Self::Nhm(question) => question.request(base, cursor),
            Self::Atom(question) => question.request(cursor),
        }
    }

    /// What the reply to that means: `body` are its bytes.
    pub fn reply(&self, cursor: Option<&str>, reply: &Reply, body: &Arc<Vec<u8>>, cancel: &Cancel) -> Result<Turn> {
        let read = |format| read(&reply.url, body, Some(format), cancel);
        match self {
            Self::Nba(question) => question.reply(cursor, body, read),
            Self::Nhm(question) => question.reply(cursor, read),
            Self::Atom(question) => question.reply(cursor, read),
        }
    }

    /// Where to go on after an error that stays, if there is another way to the same records.
    #[must_use]
    pub fn otherwise(&self, cursor: Option<&str>, error: &Error) -> Option<Turn> {
        match self {
            Self::Nba(question) => question.otherwise(cursor, error),
            Self::Nhm(question) => question.otherwise(cursor, error),
            Self::Atom(_) => None,
        }
    }

    /// Where to begin again, at some later time, after a list that would not be read to its end.
    #[must_use]
    pub fn renewed(&self, cursor: &str) -> Option<String> {
        match self {
            Self::Nba(question) => question.renewed(cursor),
            Self::Nhm(_) | Self::Atom(_) => None,
        }
    }

    /// The address asked first, with the question in it.
    #[must_use]
    pub fn address(&self, base: &str) -> String {
        match self {
            Self::Nba(question) => question.address(base),
            Self::Nhm(question) => question.address(base),
            Self::Atom(question) => question.url().to_owned(),
        }
    }
}

/// Reads the documents of a reply, with their places.
fn read(name: &str, body: &Arc<Vec<u8>>, format: Option<&'static Vocabulary>, cancel: &Cancel) -> Result<Part> {
    if body.trim_ascii().is_empty() {
        return Ok(Part::default());
    }
    let options = Options { format, spans: true, ..Options::default() };
    let plan = Plan { options, threads: Some(1), ..Plan::default() };
    let bytes: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::clone(body) as _;
    scan::read(&[Input::Bytes(name.to_owned(), bytes)], plan, cancel)
}

/// A service, and how it is talked to. Clones share connections.
#[derive(Debug, Clone)]
pub struct Service {
    client: Client,
    base: String,
    sort: Sort,
}

impl Service {
    /// The service at `base`.
    #[must_use]
    pub fn new(sort: Sort, client: Client, base: &str) -> Self {
        Self { client, base: base.trim_end_matches('/').to_owned(), sort }
    }

    /// Its kind.
    #[must_use]
    pub fn sort(&self) -> Sort {
        self.sort
    }

    /// Where it is asked.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// The address of a question, as it may be shown.
    #[must_use]
    pub fn address(&self, question: &Question) -> String {
        shown(&question.address(&self.base))
    }

    /// Sends a request and gives the reply; what the service refuses is an error.
    pub fn send(&self, mut request: Request, cancel: &Cancel) -> Result<Reply> {
        let accept = if self.sort == Sort::Atom {
            "application/atom+xml, application/xml;q=0.9, */*;q=0.5"
        } else {
            "application/json, application/x-ndjson;q=0.9, */*;q=0.5"
        };
        request.headers.push(("accept".to_owned(), accept.to_owned()));
        let reply = self.client.send(&request, cancel)?;
        if (200..300).contains(&reply.status) {
            return Ok(reply);
        }
        Err(verdict::refused(self.sort, &reply)
            .map_or_else(|| reply.success().err(), Some)
            .unwrap_or_else(|| Error::new(Kind::Network, "the answer is no success").in_source(&shown(&request.url))))
    }

    /// One reply, whatever it holds: `path` below the base.
    pub fn ask(
        &self,
        method: Method,
        path: &str,
        query: &[(String, String)],
        body: Option<String>,
        cancel: &Cancel,
    ) -> Result<Reply> {
        let path = path.trim_start_matches('/');
        let place = if path.is_empty() { self.base.clone() } else { format!("{}/{path}", self.base) };
        let url = if query.is_empty() { place } else { http::with_query(&place, query) };
        let mut request = match method {
            Method::Get => Request::get(url),
            Method::Post => Request::post(url, "application/json", body.unwrap_or_default().into_bytes()),
        };
        request.verdict = match self.sort {
            Sort::Nba => verdict::nba,
            Sort::Nhm => verdict::nhm,
            Sort::Atom => verdict::feed,
        };
        self.send(request, cancel)
    }
}
