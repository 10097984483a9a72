//! Whether a reply of a service is an answer, and what the service refuses, in its own words.

use super::service::Sort;
use crate::error::{Error, Kind, Refusal};
use crate::http::{Reply, Verdict};
use crate::replies::is_feed;
use serde_json::Value;
use serde_json::value::RawValue;

/// A page that is no reply is asked for again this often: most of them stay what they are.
const ONCE: u32 = 1;
/// Exceptions of the NBA that say that the question was wrong, though the status is 500 (`ExceptionMapperBase`).
const WRONG: [&str; 5] = [
    "InvalidQueryException",
    "NoSuchFieldException",
    "IllegalOperatorException",
    "InvalidConditionException",
    "NotFoundException",
];
/// A cut answer is asked for again as often as a connection that broke.
const ALWAYS: u32 = u32::MAX;

/// A reply of the Netherlands Biodiversity API.
pub fn nba(reply: &Reply) -> Verdict {
    if succeeded(reply) {
        return json(reply, "NBA");
    }
    let refusal = of_nba(reply);
    if refusal.as_ref().is_some_and(|refusal| WRONG.iter().any(|wrong| refusal.code.ends_with(wrong))) {
        return Verdict::Answer;
    }
    by_status(reply, refusal)
}

/// A stream of documents, one a line: whether all came is known only by their number.
pub fn stream(reply: &Reply) -> Verdict {
    if succeeded(reply) && !is_page(reply) { Verdict::Answer } else { nba(reply) }
}

/// A reply of the data portal.
pub fn nhm(reply: &Reply) -> Verdict {
    if succeeded(reply) { json(reply, "CKAN") } else { by_status(reply, of_nhm(reply)) }
}

/// A reply that should be a feed.
pub fn feed(reply: &Reply) -> Verdict {
    if !succeeded(reply) {
        return Verdict::by_status(reply);
    }
    let start = reply.body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&reply.body);
    if is_feed(start.trim_ascii_start()) {
        let end = &reply.body[reply.body.len().saturating_sub(4096)..];
        let end = String::from_utf8_lossy(end);
        // A comment may stand behind the root; what is really cut, reading it tells.
        if ["feed>", "entry>", "-->", "/>"].iter().any(|tail| end.trim_end().ends_with(tail)) {
            return Verdict::Answer;
        }
        return Verdict::Again(cut(reply), ALWAYS);
    }
    let hint = "check the address in a browser: a feed starts with <feed";
    Verdict::Again(Error::new(Kind::NotOaiPmh, strange(reply, "Atom feed")).hint(hint), ONCE)
}

/// What the service says it refuses, as an error; nothing where it does not speak for itself.
pub fn refused(sort: Sort, reply: &Reply) -> Option<Error> {
    let refusal = match sort {
        Sort::Nba => of_nba(reply),
        Sort::Nhm => of_nhm(reply),
        Sort::Atom => None,
    }?;
    let (who, hint) = match sort {
        Sort::Nba => ("the NBA", "the metadata services tell which fields and operators there are"),
        _ => ("the data portal", "compare the action, its parameters and the resource with what the portal offers"),
    };
    let code = refusal.code.split_once(' ').map_or("", |(_, code)| code);
    let message = format!(
        "{who} refuses ({}{}{code}): {}",
        reply.status,
        if code.is_empty() { "" } else { ", " },
        refusal.message
    );
    let kind = Kind::Protocol { errors: vec![refusal], request: Vec::new() };
    Some(Error::new(kind, message).hint(hint).in_source(&reply.url))
}

fn succeeded(reply: &Reply) -> bool {
    (200..300).contains(&reply.status)
}

/// Whether a body is a web page.
fn is_page(reply: &Reply) -> bool {
    reply.body.trim_ascii_start().starts_with(b"<")
}

/// A reply with success: JSON has to be whole; plain text is an answer where the service says so.
fn json(reply: &Reply, service: &str) -> Verdict {
    let body = reply.body.trim_ascii();
    let kind = reply.content_type.as_deref().unwrap_or_default().to_ascii_lowercase();
    if is_page(reply) || body.is_empty() {
        let kind = Kind::Protocol { errors: vec![no_json(reply, service)], request: Vec::new() };
        let error =
            Error::new(kind, strange(reply, "JSON")).hint("check the address; a proxy or a login may stand before it");
        return Verdict::Again(error, ONCE);
    }
    let lines = kind.contains("ndjson") || kind.contains("zip") || kind.starts_with("text/plain");
    if lines || !body.starts_with(b"{") && !body.starts_with(b"[") {
        return Verdict::Answer;
    }
    match serde_json::from_slice::<&RawValue>(body) {
        Err(error) if error.is_eof() => Verdict::Again(cut(reply), ALWAYS),
        // Whoever reads it tells what else is wrong.
        _ => Verdict::Answer,
    }
}

fn no_json(reply: &Reply, service: &str) -> Refusal {
    Refusal { code: format!("{service} page"), message: strange(reply, "JSON") }
}

fn strange(reply: &Reply, wanted: &str) -> String {
    if reply.body.trim_ascii().is_empty() {
        return "the answer is empty".to_owned();
    }
    let start = String::from_utf8_lossy(&reply.body[..reply.body.len().min(200)]);
    let start: String = start.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect();
    let kind = reply.content_type.as_deref().map(|kind| format!(" ({kind})")).unwrap_or_default();
    format!("the answer is no {wanted}{kind}; it starts with {start:?}")
}

fn cut(reply: &Reply) -> Error {
    let message = format!("the answer stops after {} bytes, before its end", reply.body.len());
    Error::new(Kind::Truncated { records: 0 }, message).hint("the service was cut off while it answered: try later")
}

/// By the status, with what the service says.
fn by_status(reply: &Reply, refusal: Option<Refusal>) -> Verdict {
    match (Verdict::by_status(reply), refusal) {
        (Verdict::Again(error, limit), Some(refusal)) if *error.kind() == Kind::Network => {
            let message = format!("the answer is {}: {}", reply.status, refusal.message);
            let hint = "the service has a problem: try again later, or ask for less at a time";
            Verdict::Again(Error::new(Kind::Network, message).hint(hint), limit)
        }
        (verdict, _) => verdict,
    }
}

/// An error of the NBA: JSON, or plain text whose first line is the status.
fn of_nba(reply: &Reply) -> Option<Refusal> {
    let plain = |text: &str| {
        let (first, rest) = text.split_once('\n').unwrap_or(("", text));
        let said = if first.contains('(') && first.trim_end().ends_with(')') { rest } else { text };
        said.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    if let Ok(body) = serde_json::from_slice::<Value>(&reply.body)
        && let Some(exception) = body.get("exception").or_else(|| body.get("httpStatus"))
    {
        let kind = exception.get("type").and_then(Value::as_str).and_then(|name| name.rsplit('.').next());
        let message = exception.get("message").and_then(Value::as_str).unwrap_or("no reason given");
        let code = format!("NBA {}", kind.map_or_else(|| reply.status.to_string(), str::to_owned));
        return Some(Refusal { code, message: plain(message) });
    }
    if is_page(reply) || reply.body.trim_ascii().is_empty() {
        return None;
    }
    let text = String::from_utf8_lossy(&reply.body);
    let text: String = text.trim().chars().take(2000).collect();
    // The name of the Java class behind it says whose fault it is.
    let class =
        text.split(|c: char| !c.is_ascii_alphanumeric()).find(|word| word.ends_with("Exception") && word.len() > 9);
    let code = format!("NBA {}", class.map_or_else(|| reply.status.to_string(), str::to_owned));
    Some(Refusal { code, message: plain(&text) })
}

/// An error of CKAN: an envelope with `error`, or a bare string.
fn of_nhm(reply: &Reply) -> Option<Refusal> {
    let body = serde_json::from_slice::<Value>(&reply.body).ok()?;
    if let Some(said) = body.as_str() {
        return Some(Refusal { code: "CKAN Bad request".to_owned(), message: said.to_owned() });
    }
    let error = body.get("error")?;
    let kind = error.get("__type").and_then(Value::as_str).unwrap_or("Error");
    let message = match error {
        Value::String(said) => said.clone(),
        _ => match error.get("message").and_then(Value::as_str) {
            Some(said) => said.to_owned(),
            None => members(error),
        },
    };
    Some(Refusal { code: format!("CKAN {kind}"), message })
}

/// What a validation error says of each parameter: `limit: Invalid integer; q: …`.
fn members(error: &Value) -> String {
    let said = |value: &Value| match value {
        Value::String(text) => text.clone(),
        Value::Array(texts) => texts
            .iter()
            .map(|text| text.as_str().map_or_else(|| text.to_string(), str::to_owned))
            .collect::<Vec<_>>()
            .join(", "),
        other => other.to_string(),
    };
    let own = error.as_object().into_iter().flatten().filter(|(name, _)| !name.starts_with("__type"));
    own.map(|(name, value)| {
        format!("{}{}", if name == "__extras" { String::new() } else { format!("{name}: ") }, said(value))
    })
    .collect::<Vec<_>>()
    .join("; ")
}
