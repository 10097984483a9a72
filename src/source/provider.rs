//! A provider of OAI-PMH over the network: a question, and its whole answer.

use crate::error::{Cancel, Error, Kind, Result};
use crate::http::{self, Client, Reply, Request, Verdict, same_place, secrets, shown};
use crate::oai::reader::Options;
use crate::oai::request::{self, Spelling, closed, opened};
use crate::scan::{self, Input, Part, Plan};
use std::sync::{Arc, Mutex, PoisonError};

/// Addresses longer than this are refused by some servers; the question goes by POST then.
const LONGEST: usize = 2000;
/// A page that is no reply is asked for again this often: most of them stay what they are.
const ONCE: u32 = 1;

/// Asks a provider. Clones share connections.
#[derive(Debug, Clone)]
pub struct Provider {
    client: Client,
    base: Arc<Mutex<String>>,
    spelling: Spelling,
    post: bool,
}

impl Provider {
    /// The provider at `base`.
    #[must_use]
    pub fn new(client: Client, base: &str, spelling: Spelling, post: bool) -> Self {
        Self { client, base: Arc::new(Mutex::new(base.to_owned())), spelling, post }
    }

    /// The same provider over so many connections at a time.
    pub fn with_connections(&self, connections: usize) -> Result<Self> {
        let client = Client::new(http::Options { connections, ..self.client.options().clone() })?;
        Ok(Self { client, ..self.clone() })
    }

    /// Where it is asked: the address given, or the one on the same host that it redirects to.
    #[must_use]
    pub fn base(&self) -> String {
        self.base.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The address of a question, as it may be shown.
    #[must_use]
    pub fn address(&self, question: &request::Request) -> String {
        shown(&question.url(&self.base(), &self.spelling))
    }

    /// The reply to a question: a whole one, whatever it says. A reply that was cut, a web page and
    /// an empty body are asked for again first, and are errors then.
    pub fn fetch(&self, question: &request::Request, cancel: &Cancel) -> Result<Reply> {
        let base = self.base();
        let query = question.query(&self.spelling);
        let url = question.url(&base, &self.spelling);
        let mut request = if self.post || url.len() > LONGEST {
            Request::post(&base, "application/x-www-form-urlencoded", query.clone().into_bytes())
        } else {
            Request::get(url)
        };
        request.headers.push(("accept".to_owned(), "text/xml, application/xml;q=0.9, */*;q=0.5".to_owned()));
        request.verdict = verdict;
        let reply = self.client.send(&request, cancel)?;
        let mut reply = if opened(&reply.body) { reply } else { reply.success()? };
        for secret in secrets(&base) {
            veil(&mut reply.body, secret.as_bytes());
        }
        self.follow(&base, &query, &reply);
        Ok(reply)
    }

    /// The reply to a question, read.
    pub fn ask(&self, question: &request::Request, options: Options, cancel: &Cancel) -> Result<(Reply, Part)> {
        let mut reply = self.fetch(question, cancel)?;
        let name = self.address(question);
        let body: Arc<dyn AsRef<[u8]> + Send + Sync> = Arc::new(std::mem::take(&mut reply.body));
        let plan = Plan { options, threads: Some(1), ..Plan::default() };
        let part = scan::read(&[Input::Bytes(name.clone(), body)], plan, cancel)?;
        let page = part.pages.first().ok_or_else(|| no_reply("there is no reply in the answer"));
        let page = page.map_err(|error| error.in_source(&name))?;
        if page.errors.is_empty() && page.verb != question.verb.name() {
            let verb = if page.verb.is_empty() { "no verb" } else { &page.verb };
            let message = format!("the answer is one to {verb}, not to {}", question.verb.name());
            return Err(no_reply(&message)
                .hint(format!("the arguments got lost on the way to {}", reply.url))
                .in_source(&name));
        }
        Ok((reply, part))
    }

    /// Remembers where a redirect led to. Only on the same host: another one is not to be given
    /// credentials, and may be a login page.
    fn follow(&self, base: &str, query: &str, reply: &Reply) {
        let moved = reply.url.strip_suffix(query).map(|url| url.trim_end_matches(['?', '&']));
        let Some(moved) = moved.filter(|moved| *moved != shown(base).trim_end_matches(['?', '&'])) else { return };
        if same_place(base, moved) && !base.contains(['?', '@']) {
            moved.clone_into(&mut self.base.lock().unwrap_or_else(PoisonError::into_inner));
        }
    }
}

/// Takes a secret out of what a reply says of itself: it gives back the address it was asked at. Bytes stay where
/// they are, and records as they are.
fn veil(body: &mut [u8], secret: &[u8]) {
    /// What is so short may stand anywhere by chance.
    const SHORT: usize = 6;
    let place = |text: &[u8]| memchr::memmem::find(body, text);
    let (start, end) = if secret.len() < SHORT {
        (place(b"<request"), place(b"</request>"))
    } else {
        (Some(0), [place(b"<record"), place(b"<header")].into_iter().flatten().min())
    };
    let (Some(start), end) = (start, end.unwrap_or(body.len())) else { return };
    let Some(head) = body.get_mut(start..end) else { return };
    let places: Vec<usize> = memchr::memmem::find_iter(head, secret).collect();
    for at in places {
        head[at..at + secret.len()].fill(b'*');
    }
}

/// What starts as a reply and ends as one is an answer, whatever its status says.
fn verdict(reply: &Reply) -> Verdict {
    if opened(&reply.body) {
        if closed(&reply.body) {
            return Verdict::Answer;
        }
        let message = format!("the answer stops after {} bytes, before its end", reply.body.len());
        let error = Error::new(Kind::Truncated { records: 0 }, message);
        return Verdict::Again(error.hint("the service was cut off while it answered: try later"), u32::MAX);
    }
    if !(200..300).contains(&reply.status) {
        return Verdict::by_status(reply);
    }
    let error = if reply.body.trim_ascii().is_empty() {
        no_reply("the answer is empty")
    } else {
        let start = String::from_utf8_lossy(&reply.body[..reply.body.len().min(200)]);
        let start: String = start.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect();
        let kind = reply.content_type.as_deref().map(|kind| format!(" ({kind})")).unwrap_or_default();
        no_reply(&format!("the answer is no OAI-PMH reply{kind}; it starts with {start:?}"))
    };
    Verdict::Again(error, ONCE)
}

fn no_reply(message: &str) -> Error {
    Error::new(Kind::NotOaiPmh, message)
        .hint("check the base URL in a browser, with ?verb=Identify behind it; it may also want a login")
}
