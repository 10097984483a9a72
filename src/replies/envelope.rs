//! The envelopes around records: `resultSet` of the NBA, `result.records` of CKAN and the NHM.

use super::cut::{Cut, value};
use crate::error::Refusal;
use crate::format::walk::unquoted;

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

/// A document in a list of records, what stands around it, and where the item ends.
pub(super) struct Hit<'a> {
    pub(super) document: &'a str,
    pub(super) around: Vec<(&'static str, &'a str)>,
    pub(super) end: usize,
}

/// The item at `at` of a list of records, if it is a document with something around it: the score
/// of an NBA hit, the resource of an NHM record. Each part is cut out only once; `cut` cuts documents out.
pub(super) fn hit<'a>(
    text: &'a str,
    at: usize,
    last: bool,
    mut cut: impl FnMut(usize) -> Result<&'a str, Cut>,
) -> Result<Option<Hit<'a>>, Cut> {
    let (mut document, mut around) = (None, Vec::new());
    let mut at = after(text, at + 1)?;
    loop {
        if text.as_bytes()[at] != b'"' {
            return Ok(None);
        }
        let key = value(text, at, last)?;
        let about = match key {
            "\"score\"" => Some("reply.score"),
            "\"resource\"" => Some("reply.resource"),
            "\"iiif\"" => Some("reply.iiif"),
            "\"deleted\"" => Some("reply.deleted"),
            "\"item\"" | "\"data\"" => None,
            // A record of its own that happens to have such a member.
            _ => return Ok(None),
        };
        at = after(text, at + key.len())?;
        if text.as_bytes()[at] != b':' {
            return Ok(None);
        }
        at = after(text, at + 1)?;
        let whole = about.is_none() && document.is_none();
        let inner = if whole { cut(at)? } else { value(text, at, last)? };
        match about {
            Some(name) => around.push((name, inner)),
            None if inner.starts_with('{') && document.is_none() => document = Some(inner),
            None => return Ok(None),
        }
        at = after(text, at + inner.len())?;
        match text.as_bytes()[at] {
            b',' => at = after(text, at + 1)?,
            b'}' => return Ok(document.map(|document| Hit { document, around, end: at + 1 })),
            _ => return Ok(None),
        }
    }
}

/// What a record says, as JSON whose keys are in order: the document of an NBA hit without its score, that of the
/// NHM with its resource. Nothing if it is no JSON object.
#[must_use]
pub fn canonical(record: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(record).ok().filter(|text| text.starts_with('{'))?;
    let ordered = |text: &str| serde_json::from_str(text).ok().map(|value: serde_json::Value| value.to_string());
    let Ok(Some(hit)) = hit(text, 0, true, |at| value(text, at, true)) else { return ordered(text) };
    let kept = hit.around.iter().filter(|(name, _)| matches!(*name, "reply.resource" | "reply.deleted"));
    let rest: String = kept.map(|(_, value)| *value).collect();
    Some(ordered(hit.document)? + &rest)
}

/// The next place from `at` on that is not blank.
fn after(text: &str, at: usize) -> Result<usize, Cut> {
    let rest = text[at..].trim_ascii_start();
    if rest.is_empty() { Err(Cut::More) } else { Ok(text.len() - rest.len()) }
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
