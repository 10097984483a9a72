//! JSON: documents one after the other, arrays of them, and envelopes around them.

use super::Records;
use super::cut::{Cut, value};
use super::envelope::{self, Hit, hit, is_envelope};
use crate::error::{Error, Kind, Result};
use crate::format::Vocabulary;
use crate::format::walk::{Walk, unquoted};

/// Where in a reply reading is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Level {
    /// In an array of documents.
    Array,
    /// In an object that holds records somewhere.
    Envelope,
    /// In its list of records.
    Items,
}

/// How far reading is.
#[derive(Debug, Default)]
pub(super) struct State {
    levels: Vec<Level>,
    /// Whether the level has an item already.
    followed: bool,
    /// Whether an envelope had its list of records.
    listed: bool,
}

type Step<T> = std::result::Result<T, Cut>;

impl State {
    pub(super) fn feed(&mut self, records: &mut Records, bytes: &[u8], last: bool) -> Result<usize> {
        let (text, mark) = records.text(bytes, last)?;
        let mut done = 0;
        loop {
            match self.advance(records, text, &mut done, last) {
                Ok(true) => {}
                Err(Cut::More) if last => return Err(records.truncated(text, "JSON")),
                Ok(false) | Err(Cut::More) => break,
                Err(Cut::Failed(at, message)) => return Err(records.damaged(text, at, message)),
                Err(Cut::Refused(error)) => return Err(*error),
            }
        }
        if last && !self.levels.is_empty() {
            return Err(records.truncated(text, "JSON"));
        }
        let asked = records.wanted.is_some() && text.trim_ascii().starts_with('[');
        if last && records.documents.is_none() && records.reply.refused.is_empty() && !self.listed && !asked {
            let blank = text.trim_ascii().is_empty();
            return Err(records.empty(if blank { "the input is empty" } else { "the JSON holds no record" }));
        }
        Ok(if last { bytes.len() } else { records.pass(text, done, mark) })
    }

    /// Reads the next thing; false at the end of the text.
    fn advance(&mut self, records: &mut Records, text: &str, done: &mut usize, last: bool) -> Step<bool> {
        let at = text.len() - text[*done..].trim_ascii_start().len();
        let Some(next) = text.as_bytes().get(at).copied() else {
            *done = at;
            return Ok(false);
        };
        match (self.levels.last().copied(), next) {
            (None, b'[') => self.enter(Level::Array, done, at),
            (None, b'{') => {
                if is_envelope(&text[at..], last)? {
                    self.enter(Level::Envelope, done, at);
                } else {
                    let raw = document(records, text, at, last)?;
                    if self.known(records, text, at, raw)? {
                        add(records, text, at, raw)?;
                        *done = at + raw.len();
                    } else {
                        self.enter(Level::Envelope, done, at);
                    }
                }
            }
            (None, _) => return Err(Cut::Failed(at, "neither a document nor a list of documents".to_owned())),
            (Some(level), b']' | b'}') => {
                let own = if level == Level::Envelope { b'}' } else { b']' };
                if next != own {
                    return Err(Cut::Failed(at, format!("{:?} where {:?} should be", next as char, own as char)));
                }
                self.levels.pop();
                self.followed = true;
                *done = at + 1;
            }
            (Some(level), _) => {
                let at = self.comma(text, at, next)?;
                let depth = self.levels.len();
                if level == Level::Envelope {
                    self.member(records, text, at, done, last)?;
                } else if let Some(hit) = self.hit(records, text, at, last)? {
                    self.known(records, text, at, hit.document)?;
                    let added = records.add(text, at..hit.end, hit.document, &hit.around);
                    added.map_err(|error| Cut::Refused(Box::new(error)))?;
                    *done = hit.end;
                } else {
                    let raw = document(records, text, at, last)?;
                    if !raw.starts_with('{') {
                        return Err(Cut::Failed(at, "a record must be a JSON object".to_owned()));
                    }
                    self.known(records, text, at, raw)?;
                    add(records, text, at, raw)?;
                    *done = at + raw.len();
                }
                if self.levels.len() == depth {
                    self.followed = true;
                }
            }
        }
        Ok(true)
    }

    fn hit<'a>(&self, records: &mut Records, text: &'a str, at: usize, last: bool) -> Step<Option<Hit<'a>>> {
        let wrapped = self.levels.last() == Some(&Level::Items) && text[at..].starts_with('{');
        if wrapped { hit(text, at, last, |at| document(records, text, at, last)) } else { Ok(None) }
    }

    fn enter(&mut self, level: Level, done: &mut usize, at: usize) {
        self.levels.push(level);
        self.followed = false;
        *done = at + 1;
    }

    /// Where the next item starts, after its comma.
    fn comma(&self, text: &str, at: usize, next: u8) -> Step<usize> {
        if !self.followed {
            return Ok(at);
        }
        if next != b',' {
            return Err(Cut::Failed(at, "a comma is missing".to_owned()));
        }
        let rest = text[at + 1..].trim_ascii_start();
        if rest.is_empty() { Err(Cut::More) } else { Ok(text.len() - rest.len()) }
    }

    /// A member of an envelope.
    fn member(&mut self, records: &mut Records, text: &str, at: usize, done: &mut usize, last: bool) -> Step<()> {
        let raw_key = value(text, at, last)?;
        let key = raw_key.starts_with('"').then(|| unquoted(raw_key)).flatten();
        let Some(key) = key else { return Err(Cut::Failed(at, "a key must be text".to_owned())) };
        let rest = text[at + raw_key.len()..].trim_ascii_start();
        let Some(rest) = rest.strip_prefix(':') else {
            let at = text.len() - rest.len();
            return Err(if rest.is_empty() { Cut::More } else { Cut::Failed(at, "a colon is missing".to_owned()) });
        };
        let rest = rest.trim_ascii_start();
        let at = text.len() - rest.len();
        match (&*key, rest.as_bytes().first()) {
            (_, None) => return Err(Cut::More),
            (key @ ("resultSet" | "records"), Some(b'[')) => {
                // A list without records still has a format.
                let usual = if key == "resultSet" { "nba" } else { "nhm" };
                records.reply.format = records.wanted.map_or(usual, |wanted| wanted.name);
                self.listed = true;
                self.enter(Level::Items, done, at);
            }
            ("result", Some(b'{')) => self.enter(Level::Envelope, done, at),
            (key, Some(_)) => {
                let raw = value(text, at, last)?;
                match key {
                    "totalSize" | "total" => records.reply.total = raw.parse().ok(),
                    "after" if raw != "null" => records.reply.next = Some(raw.to_owned()),
                    // The NBA tells a status and an exception; the exception says more.
                    "exception" => records.reply.refused = vec![envelope::refusal(key, raw)],
                    "error" | "httpStatus" if raw != "null" && records.reply.refused.is_empty() => {
                        records.reply.refused.push(envelope::refusal(key, raw));
                    }
                    _ => {}
                }
                *done = at + raw.len();
            }
        }
        Ok(())
    }

    /// Finds the format by the first document; false if that is an envelope, late to tell.
    fn known(&self, records: &mut Records, text: &str, at: usize, raw: &str) -> Step<bool> {
        if records.documents.is_some() {
            return Ok(true);
        }
        let keys = keys(raw);
        let names: Vec<&str> = keys.iter().map(String::as_str).collect();
        let vocabulary = records.wanted.or_else(|| Vocabulary::of_document(&names));
        if vocabulary.is_none() && self.levels.is_empty() && names.iter().any(|key| envelope::known(key)) {
            return Ok(false);
        }
        if vocabulary.is_some_and(|vocabulary| records.start(vocabulary)) {
            return Ok(true);
        }
        Err(Cut::Refused(Box::new(unknown(records, text, at, &names))))
    }
}

/// The document at `at`, as it stands; read on the way where its format is known.
fn document<'a>(records: &mut Records, text: &'a str, at: usize, last: bool) -> Step<&'a str> {
    let known = records.documents.as_mut().filter(|_| text[at..].starts_with('{'));
    match known.and_then(|documents| documents.read(&text[at..])) {
        Some(count) => Ok(&text[at..at + count]),
        None => value(text, at, last),
    }
}

fn add(records: &mut Records, text: &str, at: usize, raw: &str) -> Step<()> {
    records.add(text, at..at + raw.len(), raw, &[]).map_err(|error| Cut::Refused(Box::new(error)))
}

fn unknown(records: &Records, text: &str, at: usize, keys: &[&str]) -> Error {
    let shown: Vec<&str> = keys.iter().take(6).copied().collect();
    let more = if keys.len() > 6 { ", …" } else { "" };
    let message = format!("JSON, but no record of a known format: its keys are {}{more}", shown.join(", "));
    Error::new(Kind::NotOaiPmh, message)
        .at(records.place(text, at))
        .hint("name the format if it is one of these: format=\"nba\", \"nhm\", …")
}

/// The keys of an object.
fn keys(raw: &str) -> Vec<String> {
    let mut walk = Walk::new(raw);
    let mut keys = Vec::new();
    walk.enter();
    while walk.more() {
        keys.extend(unquoted(walk.key()).map(std::borrow::Cow::into_owned));
        walk.value();
    }
    keys
}
