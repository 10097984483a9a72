//! The envelopes around records: `resultSet` of the NBA, `result.records` of CKAN and the NHM.

use super::cut::{Cut, value};
use crate::error::Refusal;
use crate::format::walk::{Walk, unquoted};

/// Keys of an envelope that no document has.
const KEYS: [&str; 8] =
    ["totalSize", "resultSet", "help", "success", "result", "httpStatus", "requestUri", "exception"];

/// Whether an envelope has this key.
pub(super) fn known(key: &str) -> bool {
    KEYS.contains(&key)
}

/// Whether the object that starts `text` is an envelope, by its first key.
pub(super) fn is_envelope(text: &str, last: bool) -> Result<bool, Cut> {
    let rest = text[1..].trim_ascii_start();
    match rest.as_bytes().first() {
        None => Err(Cut::More),
        Some(b'"') => {
            let key = value(rest, 0, last)?;
            Ok(unquoted(key).is_some_and(|key| known(&key)))
        }
        Some(_) => Ok(false),
    }
}

/// The document in an item of a list of records, and what stands around it: the score of an NBA
/// hit, the resource of an NHM record.
pub(super) fn record(raw: &str, wrapped: bool) -> (&str, Vec<(&'static str, &str)>) {
    if !wrapped {
        return (raw, Vec::new());
    }
    let mut walk = Walk::new(raw);
    let (mut document, mut around) = (None, Vec::new());
    walk.enter();
    while walk.more() {
        let (key, inner) = (walk.key(), walk.value());
        match key {
            "\"item\"" | "\"data\"" if inner.starts_with('{') && document.is_none() => document = Some(inner),
            "\"score\"" => around.push(("reply.score", inner)),
            "\"resource\"" => around.push(("reply.resource", inner)),
            "\"iiif\"" => around.push(("reply.iiif", inner)),
            // A record of its own that happens to have such a member.
            _ => return (raw, Vec::new()),
        }
    }
    document.map_or((raw, Vec::new()), |document| (document, around))
}

/// The refusal in an error reply: of the NBA its exception or status, of CKAN its error.
pub(super) fn refusal(key: &str, raw: &str) -> Refusal {
    let of: serde_json::Value = serde_json::from_str(raw).unwrap_or_default();
    let text = |name: &str| of.get(name).and_then(serde_json::Value::as_str).map(str::to_owned);
    let number = |name: &str| of.get(name).map(ToString::to_string);
    let code = match key {
        "exception" => text("type").and_then(|name| name.rsplit('.').next().map(str::to_owned)),
        "httpStatus" => number("code"),
        _ => text("__type"),
    };
    let service = if key == "error" { "CKAN" } else { "NBA" };
    let code = code.map_or_else(|| format!("{service} {key}"), |code| format!("{service} {code}"));
    Refusal { code, message: text("message").unwrap_or_else(|| raw.to_owned()) }
}
