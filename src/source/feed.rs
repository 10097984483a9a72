//! Atom feeds: the window that the address gives, and the pages behind it where the feed names them (RFC 5005).

use super::service::Turn;
use super::verdict;
use crate::error::{Error, Kind, Result};
use crate::format::Vocabulary;
use crate::format::atom::ATOM;
use crate::http::{self, Request};
use crate::scan::Part;
use serde_json::{Map, Value, json};

/// A feed.
#[derive(Debug, Clone)]
pub struct Question {
    url: String,
}

/// Where reading stands: the page, and all pages before it.
struct Place {
    url: String,
    passed: Vec<String>,
}

impl Question {
    /// The question that JSON puts: `url`.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |what: &str| Error::new(Kind::Value, format!("no question for a feed: {what}"));
        let found: Map<String, Value> = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
        let url = found.get("url").and_then(Value::as_str).ok_or_else(|| wrong("it has no url"))?;
        http::check(url)?;
        Ok(Self { url: url.to_owned() })
    }

    /// The address of the feed.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    fn place(&self, cursor: Option<&str>) -> Result<Place> {
        let Some(cursor) = cursor else { return Ok(Place { url: self.url.clone(), passed: Vec::new() }) };
        let wrong = || Error::new(Kind::Value, "the cursor can't be read: it is not one of a feed");
        let found: Value = serde_json::from_str(cursor).map_err(|_| wrong())?;
        let url = found.get("url").and_then(Value::as_str).ok_or_else(wrong)?.to_owned();
        let passed = found.get("passed").and_then(Value::as_array).into_iter().flatten();
        Ok(Place { url, passed: passed.filter_map(Value::as_str).map(str::to_owned).collect() })
    }

    /// What to send for the page at `cursor`.
    pub fn request(&self, cursor: Option<&str>) -> Result<Request> {
        let mut request = Request::get(self.place(cursor)?.url);
        request.verdict = verdict::feed;
        Ok(request)
    }

    /// What a reply means.
    pub fn reply(&self, cursor: Option<&str>, read: impl Fn(&'static Vocabulary) -> Result<Part>) -> Result<Turn> {
        let mut place = self.place(cursor)?;
        let part = read(&ATOM)?;
        let page = part.pages.first();
        let declared = page.and_then(|page| page.total);
        let Some(next) = page.and_then(|page| page.next.clone()) else {
            return Ok(Turn { part: Some(part), declared, ..Turn::default() });
        };
        let wrong = |kind: Kind, message: String| {
            Error::new(kind, message)
                .hint("the fault is the feed's: tell its people")
                .in_source(&http::shown(&place.url))
        };
        let Some(next) = http::joined(&place.url, &next).filter(|next| http::same_place(&place.url, next)) else {
            // Credentials stay with their host, and so do questions.
            let pages = place.passed.len() as u64 + 1;
            let message = format!("after {pages} pages the feed goes on elsewhere, at {}", http::shown(&next));
            return Err(wrong(Kind::Incomplete(pages, None), message));
        };
        place.passed.push(place.url.clone());
        if place.passed.contains(&next) {
            return Err(wrong(Kind::Cycle, format!("the feed goes in a circle: back to {}", http::shown(&next))));
        }
        let cursor = json!({"url": next, "passed": place.passed}).to_string();
        Ok(Turn { part: Some(part), next: Some(cursor), declared, ..Turn::default() })
    }
}
