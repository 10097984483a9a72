//! What went wrong on the way, in words: what, where, what to do next.

use super::address::shown;
use super::guard::{self, Inside};
use super::{Options, Reply};
use crate::error::{Error, Kind};
use std::error::Error as Source;
use std::io;
use std::time::Duration;

/// A failed attempt, and whether another one may help.
pub struct Fault {
    pub error: Error,
    pub again: Again,
}

/// What may help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Again {
    /// Nothing.
    Never,
    /// Another attempt, but no more than this many.
    AtMost(u32),
    /// Another attempt after the time the server named.
    After(Duration),
    /// Another attempt without packing.
    Plain,
}

impl Fault {
    pub fn never(error: Error) -> Self {
        Self { error, again: Again::Never }
    }

    pub fn passing(error: Error) -> Self {
        Self { error, again: Again::AtMost(u32::MAX) }
    }
}

/// The fault behind an error of the library.
pub fn network(error: &reqwest::Error, url: &str, options: &Options) -> Fault {
    let host = url.split("://").nth(1).unwrap_or(url).split(['/', '?']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let seconds = options.timeout.as_secs_f64();
    if let Some(problem) = chain(error).find_map(|cause| cause.downcast_ref::<rustls::Error>()) {
        return Fault::never(tls(problem, host).in_source(&shown(url)));
    }
    if let Some(inside) = chain(error).find_map(|cause| cause.downcast_ref::<Inside>()) {
        return Fault::never(guard::refused(inside, url));
    }
    let io = chain(error).filter_map(|cause| cause.downcast_ref::<io::Error>()).last().map(io::Error::kind);
    let last = chain(error).last().map(ToString::to_string).unwrap_or_default();
    let proxied = proxy(url, options);
    let (message, hint, again) = if error.is_builder() {
        (format!("this can't be sent: {last}"), "compare the address and the headers with what is wanted", 0)
    } else if error.is_connect() && error.is_dns() {
        (format!("there is no host {host}, or its name can't be looked up"), "check the address and the connection", 1)
    } else if error.is_connect() && error.is_timeout() {
        (format!("no connection to {host} within {seconds} s"), "try again later, or with a longer timeout", 2)
    } else if io == Some(io::ErrorKind::ConnectionRefused) {
        (format!("{host} refuses connections"), "check the address; if it is right the service is down: try later", 2)
    } else if error.is_timeout() {
        let hint = "try again, with a longer timeout, or ask for less at a time";
        (format!("{host} has sent nothing for {seconds} s"), hint, u32::MAX)
    } else if error.is_connect() {
        (format!("no connection to {host}: {last}"), "check the address and the connection", 2)
    } else if error.is_body() || error.is_decode() || matches!(io, Some(io::ErrorKind::UnexpectedEof)) {
        (format!("the connection to {host} ended before the answer did"), "try again later", u32::MAX)
    } else {
        (format!("the connection to {host} failed: {last}"), "try again later", u32::MAX)
    };
    let hint = match proxied {
        Some(name) => format!("{hint}; requests go through the proxy that {name} names"),
        None => hint.to_owned(),
    };
    Fault {
        error: Error::new(Kind::Network, message).hint(hint).in_source(&shown(url)),
        again: if again == 0 { Again::Never } else { Again::AtMost(again) },
    }
}

fn tls(problem: &rustls::Error, host: &str) -> Error {
    use rustls::CertificateError as C;
    let (message, hint) = match problem {
        rustls::Error::InvalidCertificate(C::UnknownIssuer) => (
            format!("nobody this machine trusts has signed the certificate of {host}"),
            "if a proxy or the service has an authority of its own, SSL_CERT_FILE names the file with its certificate; \
             on a bare system install ca-certificates; naturalia doctor shows what is trusted",
        ),
        rustls::Error::InvalidCertificate(C::Expired | C::ExpiredContext { .. }) => (
            format!("the certificate of {host} has expired"),
            "check the clock of this machine; if it is right, the people who run the service have to renew it \
             (SSL_CERT_FILE does not help; naturalia doctor shows the clock)",
        ),
        rustls::Error::InvalidCertificate(C::NotValidForName | C::NotValidForNameContext { .. }) => (
            format!("the certificate is for another host than {host}"),
            "check the address: the service may have moved (SSL_CERT_FILE does not help; naturalia doctor tells more)",
        ),
        rustls::Error::InvalidCertificate(_) => (
            format!("the certificate of {host} can't be verified: {problem}"),
            "SSL_CERT_FILE names a file with certificates to trust; naturalia doctor shows what is trusted",
        ),
        _ => (
            format!("{host} and we can't agree on how to encrypt: {problem}"),
            "the address may be one of http, not https; otherwise naturalia doctor and SSL_CERT_FILE are where to look",
        ),
    };
    let missing = std::env::var("SSL_CERT_FILE").ok().filter(|path| !std::path::Path::new(path).is_file());
    match missing {
        Some(path) => {
            Error::new(Kind::Tls, message).hint(format!("SSL_CERT_FILE names {path}, which is no file; {hint}"))
        }
        None => Error::new(Kind::Tls, message).hint(hint),
    }
}

/// An error status as an error.
pub fn status(reply: &Reply) -> Error {
    let hint = match reply.status {
        401 | 403 => "the service wants to know who asks (auth=, headers=), or does not let us in: ask its people",
        407 => "the proxy wants user and password: http://user:password@host:port",
        404 | 410 => "check the address: nothing is there",
        405 => "the service may want POST, or not want it: post=",
        413 | 414 => "the question is too long: ask for less at a time, or by POST",
        429 => "ask less often: rate=",
        300..=399 => "the reply leads nowhere: check the address",
        500..=599 => "the service has a problem: try again later, or ask for less at a time",
        _ => "check the address and what was asked",
    };
    let kind = if reply.status == 429 { Kind::RateLimited { retry_at: None } } else { Kind::Network };
    let said = title(&reply.body).map(|title| format!(": {title}")).unwrap_or_default();
    let message = format!("the answer is {}{said}", named(reply.status));
    Error::new(kind, message).hint(hint).in_source(&reply.url)
}

/// The status with its usual name.
fn named(status: u16) -> String {
    let reason = reqwest::StatusCode::from_u16(status).ok().and_then(|code| code.canonical_reason());
    reason.map_or_else(|| status.to_string(), |reason| format!("{status} {reason}"))
}

/// The title of an HTML page, or a short plain text.
#[must_use]
pub fn title(body: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(&body[..body.len().min(4096)]);
    let lower = text.to_ascii_lowercase();
    let said = match lower.find("<title") {
        Some(at) => {
            let from = at + lower[at..].find('>')? + 1;
            text[from..].split('<').next().unwrap_or_default()
        }
        None if !text.contains('<') && body.len() < 200 => &*text,
        None => return None,
    };
    let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
    Some(said.chars().take(120).collect()).filter(|said: &String| !said.is_empty())
}

/// The setting that sends requests through a proxy, if there is one.
fn proxy(url: &str, options: &Options) -> Option<&'static str> {
    match options.proxy.as_deref() {
        Some("") => None,
        Some(_) => Some("proxy="),
        None => {
            let own =
                if url.starts_with("https") { ["HTTPS_PROXY", "https_proxy"] } else { ["http_proxy", "HTTP_PROXY"] };
            own.into_iter().chain(["ALL_PROXY", "all_proxy"]).find(|name| std::env::var_os(name).is_some())
        }
    }
}

/// An error and what caused it, step by step; also through `io::Error`, which hides what it wraps.
fn chain<'a>(error: &'a (dyn Source + 'static)) -> impl Iterator<Item = &'a (dyn Source + 'static)> {
    std::iter::successors(Some(error), |cause: &&'a (dyn Source + 'static)| {
        let cause: &'a (dyn Source + 'static) = *cause;
        let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        wrapped.map(|inner| inner as &(dyn Source + 'static)).or_else(|| cause.source())
    })
}
