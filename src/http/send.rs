//! One question until it is answered: redirects, retries, waiting.

use super::address::{host, parsed, same, shown};
use super::connect::{Connections, header};
use super::fault::{Again, Fault, network, status};
use super::pace::{self, Retries};
use super::{Client, Method, Reply, Request, Verdict, inflate};
use crate::error::{Error, Kind, Result};
use crate::value::http_date;
use reqwest::header::{ACCEPT_ENCODING, CONTENT_TYPE, HeaderMap, LOCATION};
use reqwest::{Response, Url};
use std::time::Duration;
use tokio::time::sleep;

/// Bytes allocated for a reply before any of it is received, whatever length it announces.
const FIRST_ALLOCATION: u64 = 1 << 20;
/// More redirects than this lead nowhere.
const REDIRECTS: usize = 10;

type Attempt<T> = std::result::Result<T, Fault>;

/// How far the attempts have come.
#[derive(Default)]
struct Tries {
    retries: Retries,
    plain: bool,
}

impl Client {
    /// The whole answer.
    pub(super) async fn attempts(&self, request: &Request) -> Result<Reply> {
        let limit = self.0.options.timeout.saturating_mul(10);
        let mut tries = Tries::default();
        loop {
            let attempt = tokio::time::timeout(limit, self.whole(request, tries.plain)).await;
            let attempt = attempt.unwrap_or_else(|_| Err(Fault::passing(too_slow(limit, &request.url))));
            match attempt {
                Ok(mut reply) => {
                    reply.retries = tries.retries.count;
                    reply.waited = tries.retries.waited;
                    return Ok(reply);
                }
                Err(fault) => self.wait(fault, &mut tries, &request.url).await?,
            }
        }
    }

    /// The answer as far as its headers, with success.
    pub(super) async fn open(&self, request: &Request) -> Result<(Reply, Response)> {
        let mut tries = Tries::default();
        loop {
            let fault = match self.start(request, tries.plain).await {
                Ok((mut reply, response)) if (200..300).contains(&reply.status) => {
                    reply.retries = tries.retries.count;
                    reply.waited = tries.retries.waited;
                    return Ok((reply, response));
                }
                Ok((reply, response)) => match self.finish(request, reply, response).await {
                    Ok(reply) => Fault::never(status(&reply)),
                    Err(fault) => fault,
                },
                Err(fault) => fault,
            };
            self.wait(fault, &mut tries, &request.url).await?;
        }
    }

    /// An answer as far as its headers, asked for without packing; a fault that may pass is none.
    pub(super) async fn answered(&self, request: &Request) -> Result<(Reply, Response)> {
        let mut tries = Tries { plain: true, ..Tries::default() };
        loop {
            let started = self.start(request, true).await;
            match started.and_then(|(reply, response)| Ok((judged(request, reply)?, response))) {
                Ok((mut reply, response)) => {
                    reply.retries = tries.retries.count;
                    reply.waited = tries.retries.waited;
                    return Ok((reply, response));
                }
                Err(fault) => self.wait(fault, &mut tries, &request.url).await?,
            }
        }
    }

    /// Waits as the fault asks for, or gives it up as an error.
    async fn wait(&self, fault: Fault, tries: &mut Tries, url: &str) -> Result<()> {
        let options = &self.0.options;
        let wait = match fault.again {
            Again::Never => return Err(fault.error),
            Again::Plain if tries.plain => return Err(fault.error),
            Again::Plain => {
                tries.plain = true;
                tries.retries.add(Duration::ZERO);
                Duration::ZERO
            }
            Again::AtMost(limit) => match tries.retries.next(limit.min(options.retries), options.backoff) {
                Some(wait) => wait,
                None => return Err(told(fault.error, tries.retries.count)),
            },
            Again::After(wait) if wait > options.max_wait || tries.retries.count >= options.retries => {
                let retry_at = http_date::now() + wait.as_micros() as i64;
                let message = format!("the service asks to wait {}", spoken(wait));
                let hint = "try again then, and ask less often (rate=); max_wait= is how long we may wait for it";
                let kind = Kind::RateLimited { retry_at: Some(retry_at) };
                return Err(Error::new(kind, message).hint(hint).in_source(&shown(url)));
            }
            Again::After(wait) => {
                let wait = wait.max(pace::backoff(options.backoff, 0));
                if let Ok(url) = parsed(url) {
                    pace::hold(&host(&url), wait);
                }
                tries.retries.add(wait);
                wait
            }
        };
        sleep(wait).await;
        Ok(())
    }

    async fn whole(&self, request: &Request, plain: bool) -> Attempt<Reply> {
        // A permit of the host asked; where a redirect leads is followed with the same one.
        let url = parsed(&request.url).map_err(Fault::never)?;
        let permits = self.connections().map_err(Fault::never)?.permits(&host(&url));
        let _permit = permits.acquire().await;
        let (reply, response) = self.start(request, plain).await?;
        self.finish(request, reply, response).await
    }

    /// Sends it, follows redirects, reads the headers.
    async fn start(&self, request: &Request, plain: bool) -> Attempt<(Reply, Response)> {
        let connections = self.connections().map_err(Fault::never)?;
        let first = parsed(&request.url).map_err(Fault::never)?;
        let mut url = first.clone();
        let mut method = request.method;
        for _ in 0..=REDIRECTS {
            if let Some(guard) = &self.0.guard {
                guard.check(&url).map_err(Fault::never)?;
            }
            sleep(pace::next(&host(&url), self.0.options.rate)).await;
            let built = self.built(&connections, request, method, &url, same(&first, &url), plain)?;
            let sent = built.send().await;
            let response = sent.map_err(|error| network(&error, url.as_str(), &self.0.options))?;
            let reply = reply(&response);
            let Some(to) = redirect(&response) else { return Ok((reply, response)) };
            let next = url.join(&to).ok().filter(|next| matches!(next.scheme(), "http" | "https"));
            let place = shown(url.as_str());
            let refused = |message: String, hint: &str| {
                Fault::never(Error::new(Kind::Network, message).hint(hint).in_source(&place))
            };
            let Some(next) = next else {
                return Err(refused(
                    format!("the reply leads to {to:?}, which is no address of the web"),
                    "check the address",
                ));
            };
            if url.scheme() == "https" && next.scheme() == "http" {
                let message = format!("the reply leads away from https, to {}", shown(next.as_str()));
                return Err(refused(message, "if that is right, ask there"));
            }
            // 303 asks for the answer to be fetched; the others for the question to be sent elsewhere. Browsers turn
            // 301 and 302 of a POST into a GET too, but that would lose the question.
            if reply.status == 303 {
                method = Method::Get;
            }
            url = next;
        }
        let message = format!("more than {REDIRECTS} redirects, the last one to {}", shown(url.as_str()));
        let error = Error::new(Kind::Network, message).hint("check the address in a browser: it may want a login");
        Err(Fault::never(error.in_source(&shown(first.as_str()))))
    }

    fn built(
        &self,
        connections: &Connections,
        request: &Request,
        method: Method,
        url: &Url,
        same_place: bool,
        plain: bool,
    ) -> Attempt<reqwest::RequestBuilder> {
        let mut headers = HeaderMap::new();
        let packing = if plain { "identity" } else { "gzip, deflate" };
        headers.insert(ACCEPT_ENCODING, reqwest::header::HeaderValue::from_static(packing));
        let options = &self.0.options;
        let clients = options.headers.iter().filter(|_| same_place);
        for (name, value) in clients.chain(&request.headers) {
            let (name, value) = header(name, value).map_err(Fault::never)?;
            headers.insert(name, value);
        }
        let mut built = match method {
            Method::Get => connections.client.get(url.clone()),
            Method::Post => connections.client.post(url.clone()).body(request.body.clone().unwrap_or_default()),
        };
        if method == Method::Post
            && let Some(content_type) = &request.content_type
        {
            built = built.header(CONTENT_TYPE, content_type.as_str());
        }
        if same_place && let Some((user, password)) = &options.auth {
            built = built.basic_auth(user, Some(password));
        }
        Ok(built.headers(headers))
    }

    /// Reads the body and judges the reply.
    async fn finish(&self, request: &Request, mut reply: Reply, mut response: Response) -> Attempt<Reply> {
        let limit = self.0.options.max_bytes;
        let too_large = || {
            let message = format!("the answer is larger than {limit} bytes");
            let hint = "ask for less at a time, or raise max_bytes=";
            Fault::never(Error::new(Kind::Limit, message).hint(hint).in_source(&reply.url))
        };
        if response.content_length().is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        // The announced length is a hint: memory for more is allocated when the bytes are here.
        let announced = response.content_length().unwrap_or(0).min(FIRST_ALLOCATION);
        let mut body = Vec::with_capacity(announced as usize);
        loop {
            let chunk = response.chunk().await;
            let chunk = chunk.map_err(|error| network(&error, response.url().as_str(), &self.0.options))?;
            let Some(chunk) = chunk else { break };
            if (body.len() + chunk.len()) as u64 > limit {
                return Err(too_large());
            }
            body.extend_from_slice(&chunk);
        }
        let received = body.len() as u64;
        let packing = reply.header("content-encoding").unwrap_or_default().to_owned();
        let body = inflate::unpacked(body, &packing, limit).map_err(|fault| match fault {
            inflate::Fault::TooLarge => too_large(),
            inflate::Fault::Broken(message) => {
                let error = Error::new(Kind::Network, format!("the answer is damaged: {message}"));
                let error = error.hint("try again later; if it stays, tell the people who run the service");
                Fault { error: error.in_source(&reply.url), again: Again::Plain }
            }
        })?;
        reply.received = received;
        reply.body = body;
        judged(request, reply)
    }
}

fn judged(request: &Request, reply: Reply) -> Attempt<Reply> {
    if matches!(reply.status, 429 | 503)
        && let Some(text) = reply.header("retry-after")
        && let Some(wait) = pace::retry_after(text, reply.date, http_date::now())
    {
        return Err(Fault { error: status(&reply), again: Again::After(wait) });
    }
    match (request.verdict)(&reply) {
        Verdict::Answer => Ok(reply),
        Verdict::Again(error, limit) => Err(Fault { error: error.in_source(&reply.url), again: Again::AtMost(limit) }),
    }
}

fn redirect(response: &Response) -> Option<String> {
    let status = response.status().as_u16();
    let location = response.headers().get(LOCATION).filter(|_| matches!(status, 301 | 302 | 303 | 307 | 308))?;
    Some(String::from_utf8_lossy(location.as_bytes()).trim().to_owned())
}

/// What is known of a reply before its body.
fn reply(response: &Response) -> Reply {
    let text = |value: &reqwest::header::HeaderValue| String::from_utf8_lossy(value.as_bytes()).into_owned();
    let header = |name: &str| response.headers().get(name).map(text);
    Reply {
        url: shown(response.url().as_str()),
        status: response.status().as_u16(),
        content_type: header("content-type"),
        headers: response.headers().iter().map(|(name, value)| (name.as_str().to_owned(), text(value))).collect(),
        body: Vec::new(),
        date: header("date").and_then(|date| http_date::instant(&date)),
        fetched_at: http_date::now(),
        retries: 0,
        waited: Duration::ZERO,
        received: 0,
    }
}

fn too_slow(limit: Duration, url: &str) -> Error {
    let message = format!("the answer was not complete after {}", spoken(limit));
    Error::new(Kind::Network, message)
        .hint("try again, with a longer timeout, or ask for less at a time")
        .in_source(&shown(url))
}

/// The error, saying how often it was met.
fn told(error: Error, retries: u32) -> Error {
    if retries == 0 { error } else { error.after(retries) }
}

/// A time as people say it.
fn spoken(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    match seconds {
        ..120.0 => format!("{seconds:.0} s"),
        ..7200.0 => format!("{:.0} minutes", seconds / 60.0),
        _ => format!("{:.1} hours", seconds / 3600.0),
    }
}
