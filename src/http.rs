//! HTTP: one polite client for every service. Nothing here knows what the bytes mean.
//!
//! Requests block the caller and run on a private runtime; a [`Cancel`] is answered while
//! connecting, waiting, reading and backing off alike.

mod address;
mod body;
mod connect;
mod fault;
mod guard;
mod inflate;
mod pace;
mod runtime;
mod send;

pub use address::{check, joined, same_place, secrets, shown, with_query};
pub use body::Body;
pub use fault::title;
pub use guard::{inside, place};
pub use pace::Retries;

use crate::error::{Cancel, Error, Kind, Result};
use connect::Connections;
use guard::Guard;
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How to talk to services. Nothing of it appears in errors.
#[derive(Clone)]
pub struct Options {
    /// Whom to write to about these requests: goes into `User-Agent`, and into `From` if it is an
    /// address.
    pub contact: Option<String>,
    /// How long a connection, or the next bytes of an answer, may take. A whole answer may take
    /// ten times that.
    pub timeout: Duration,
    /// How often a request is sent again after a passing fault.
    pub retries: u32,
    /// How long to wait before the first retry; doubled for each further one, with jitter.
    pub backoff: Duration,
    /// The longest a server may ask to wait. Beyond it the error is [`Kind::RateLimited`].
    pub max_wait: Duration,
    /// Requests a second to one host, over all clients of this process; `None` is no limit.
    pub rate: Option<f64>,
    /// Connections to one host at a time.
    pub connections: usize,
    /// Sent with every request, but not to another host that a reply redirects to.
    pub headers: Vec<(String, String)>,
    /// User and password for basic authentication; to the first host only, as `headers`.
    pub auth: Option<(String, String)>,
    /// Whether certificates are verified.
    pub verify: bool,
    /// Address of a proxy. `None`: what `HTTPS_PROXY` and its kin say; `Some("")`: none at all.
    pub proxy: Option<String>,
    /// The largest body [`Client::send`] takes, unpacked.
    pub max_bytes: u64,
    /// Where addresses of private networks may be asked, as `host:port`; `None`: everywhere.
    pub inside: Option<Vec<String>>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            contact: None,
            timeout: Duration::from_secs(60),
            retries: 5,
            backoff: Duration::from_millis(500),
            max_wait: Duration::from_secs(300),
            rate: Some(2.0),
            connections: 1,
            headers: Vec::new(),
            auth: None,
            verify: true,
            proxy: None,
            max_bytes: crate::limits::MAX_PAGE as u64,
            inside: None,
        }
    }
}

/// The methods that services of this field use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Everything is in the address.
    Get,
    /// The question is in the body.
    Post,
}

/// One question. It may be sent more than once, so it must change nothing.
#[derive(Clone)]
pub struct Request {
    /// GET or POST.
    pub method: Method,
    /// Where to.
    pub url: String,
    /// Sent besides those of the client, and instead of them where the names are the same.
    pub headers: Vec<(String, String)>,
    /// The body of a POST.
    pub body: Option<Vec<u8>>,
    /// What the body is.
    pub content_type: Option<String>,
    /// Whether a reply is an answer, or has to be asked for again.
    pub verdict: fn(&Reply) -> Verdict,
}

impl Request {
    /// A GET of `url`.
    #[must_use]
    pub fn get(url: impl Into<String>) -> Self {
        Self {
            method: Method::Get,
            url: url.into(),
            headers: Vec::new(),
            body: None,
            content_type: None,
            verdict: Verdict::by_status,
        }
    }

    /// A POST of `body` to `url`.
    #[must_use]
    pub fn post(url: impl Into<String>, content_type: &str, body: Vec<u8>) -> Self {
        let content_type = Some(content_type.to_owned());
        Self { method: Method::Post, body: Some(body), content_type, ..Self::get(url) }
    }
}

/// What to do with a reply.
#[derive(Debug)]
pub enum Verdict {
    /// It answers the question, whatever its status is.
    Answer,
    /// It does not; after at most this many retries the error stands.
    Again(Error, u32),
}

impl Verdict {
    /// By the status alone: what may pass (408, 425, 429, 500, 502 to 504, 520 to 529) is asked
    /// again, the rest is an answer.
    #[must_use]
    pub fn by_status(reply: &Reply) -> Self {
        match reply.status {
            408 | 425 | 429 | 500 | 502..=504 | 520..=529 => Self::Again(fault::status(reply), u32::MAX),
            _ => Self::Answer,
        }
    }
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Where it came from in the end, after redirects; without credentials.
    pub url: String,
    /// The status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// All headers, names in small letters.
    pub headers: Vec<(String, String)>,
    /// The body, unpacked.
    pub body: Vec<u8>,
    /// The server's clock, from `Date`, in microseconds since 1970 UTC.
    pub date: Option<i64>,
    /// Our clock when the headers were there.
    pub fetched_at: i64,
    /// How often it was asked for again.
    pub retries: u32,
    /// Time spent waiting between attempts.
    pub waited: Duration,
    /// Bytes that came over the line.
    pub received: u64,
}

impl Reply {
    /// The value of a header, by its name in small letters.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The reply, or an error where its status is not one of success.
    pub fn success(self) -> Result<Self> {
        if (200..300).contains(&self.status) { Ok(self) } else { Err(fault::status(&self)) }
    }
}

/// Sends requests. Cheap to clone; clones share connections.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    options: Options,
    /// The connections of a process; a child made by `fork` makes its own.
    connections: Mutex<Option<(u32, Connections)>>,
    guard: Option<Guard>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

impl Client {
    /// A client; options that can't be are refused here.
    pub fn new(options: Options) -> Result<Self> {
        if options.rate.is_some_and(|rate| !rate.is_finite() || rate <= 0.0) {
            let message = "the rate is a positive number of requests a second, or none for no limit";
            return Err(Error::new(Kind::Value, message));
        }
        if options.timeout.is_zero() || options.connections == 0 {
            return Err(Error::new(Kind::Value, "timeout and connections have to be more than zero"));
        }
        let connections = Mutex::new(Some((std::process::id(), Connections::new(&options)?)));
        let guard = Guard::of(&options);
        Ok(Self(Arc::new(Inner { options, connections, guard })))
    }

    /// Sends a request until it is answered, and gives the whole answer.
    ///
    /// A reply with an error status that no retry can change (such as 404) is an answer too; see
    /// [`Reply::success`].
    pub fn send(&self, request: &Request, cancel: &Cancel) -> Result<Reply> {
        runtime::run(cancel, self.attempts(request))
    }

    /// Sends a request until the server starts to answer it with success, and gives the body to be
    /// read as it comes. Bodies are taken as they are unless their label says gzip or deflate.
    pub fn stream<'a>(&self, request: &Request, cancel: &'a Cancel) -> Result<Body<'a>> {
        let (reply, response) = runtime::run(cancel, self.open(request))?;
        Body::new(reply, response, cancel)
    }

    /// Sends a request until the server starts to answer it, whatever the status, and gives the body as it is sent:
    /// packing is declined.
    pub fn answer<'a>(&self, request: &Request, cancel: &'a Cancel) -> Result<Body<'a>> {
        let (reply, response) = runtime::run(cancel, self.answered(request))?;
        Body::new(reply, response, cancel)
    }

    /// The options it was made with.
    #[must_use]
    pub fn options(&self) -> &Options {
        &self.0.options
    }
}
