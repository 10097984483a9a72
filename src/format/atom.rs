//! Atom feeds (RFC 4287) with the media of Open Images: enclosures, each with the `format`
//! element of transmission.cc behind it, thumbnails of Media RSS, and links to the licence.
//!
//! An entry becomes a document: its columns are `atom.tsv`, elements it does not know are kept as
//! XML text under their name in `extra`. Enclosures have a column of their own, all other links
//! are `links`. What the feed says of itself stands in `feed`. Dates are text:
//! `published` may be that of a film of 1912.

use super::Vocabulary;
use crate::columns::shape::Shape;
use crate::xml::names::{Resolved, Scope, local, prefix};
use crate::xml::read::{Cursor, Read, Repaired, Step, Stop, Tag};
use serde_json::{Map, Value};
use std::ops::Range;
use std::sync::LazyLock;

static PATHS: LazyLock<Shape> = LazyLock::new(|| Shape::of_table(include_str!("atom.tsv")));

/// Entries of Atom feeds.
pub static ATOM: Vocabulary = Vocabulary { name: "atom", head: false, fields: &[], tree: Some(&PATHS) };

/// An entry in the making: known members, and those it does not know.
#[derive(Debug, Default)]
struct Entry {
    known: Map<String, Value>,
    unknown: Vec<(String, String)>,
}

/// A feed.
#[derive(Debug, Default)]
pub struct Feed {
    /// Its entries, each with its place and as JSON.
    pub entries: Vec<(Range<usize>, String)>,
    /// How many results it says there are in all.
    pub total: Option<u64>,
    /// The address of the next page (RFC 5005, section 3).
    pub next: Option<String>,
}

/// Reads a feed.
pub fn entries(text: &str, carriage: bool, repairs: &mut Vec<Repaired>) -> Read<Feed> {
    let mut cursor = Cursor::new(text, carriage, true);
    let read = whole(&mut cursor);
    repairs.append(&mut cursor.repairs);
    read
}

fn whole(cursor: &mut Cursor<'_>) -> Read<Feed> {
    let root = loop {
        cursor.skip_blanks();
        if cursor.rest().starts_with("<?xml") {
            let end = cursor.rest().find("?>").ok_or(Stop::Cut)?;
            cursor.skip(end + 2);
            continue;
        }
        let at = cursor.at();
        match cursor.step()? {
            Step::Open(tag) => break tag,
            Step::Aside => {}
            _ => return Cursor::failed(at, "text before the feed"),
        }
    };
    let mut scope = Scope::default();
    cursor.enter(&root, &mut scope)?;
    let home = Home::of(root.name, &scope);
    if local(root.name) == "entry" {
        let entry = entry(cursor, &root, &mut scope, &home)?;
        let entries = vec![(root.at..cursor.at(), entry.json(&Map::new()))];
        return Ok(Feed { entries, ..Feed::default() });
    }
    let mut feed = Entry::default();
    let mut entries = Vec::new();
    let mut total = None;
    if !root.empty {
        cursor.open.push(root.name);
        while let Some(child) = cursor.child(root.name)? {
            match local(child.name) {
                "entry" => {
                    let entry = entry(cursor, &child, &mut scope, &home)?;
                    entries.push((child.at..cursor.at(), entry));
                }
                "totalResults" => total = text(cursor, &child)?.0.trim().parse().ok(),
                _ => member(cursor, &child, &mut scope, &home, &mut feed)?,
            }
        }
        cursor.open.pop();
    }
    let next = feed.next();
    let feed = about(feed);
    let entries = entries.into_iter().map(|(at, entry)| (at, entry.json(&feed))).collect();
    Ok(Feed { entries, total, next })
}

/// What every entry tells of its feed: all of it.
fn about(feed: Entry) -> Map<String, Value> {
    let unknown = feed.unknown.into_iter().map(|(name, xml)| (name, Value::String(xml)));
    feed.known.into_iter().chain(unknown).collect()
}

/// The namespace of the feed: Atom's, under any prefix and however it is spelt.
struct Home {
    prefix: String,
    uri: String,
}

impl Home {
    fn of(root: &str, scope: &Scope) -> Self {
        Self { prefix: prefix(root).to_owned(), uri: namespace(root, scope).to_owned() }
    }

    /// Whether an element is one of the feed's own. A namespace nobody declared is known by its prefix.
    fn holds(&self, name: &str, scope: &Scope) -> bool {
        namespace(name, scope) == self.uri && (!self.uri.is_empty() || prefix(name) == self.prefix)
    }
}

fn namespace<'s>(name: &str, scope: &'s Scope) -> &'s str {
    let (Resolved::Bound(ns) | Resolved::Misspelt(ns) | Resolved::Guessed(ns)) = scope.resolve(prefix(name));
    scope.uri(ns)
}

fn entry<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>, scope: &mut Scope, home: &Home) -> Read<Entry> {
    let mut entry = Entry::default();
    if tag.empty {
        return Ok(entry);
    }
    let depth = scope.depth();
    cursor.enter(tag, scope)?;
    cursor.open.push(tag.name);
    while let Some(child) = cursor.child(tag.name)? {
        member(cursor, &child, scope, home, &mut entry)?;
    }
    cursor.open.pop();
    scope.leave(depth);
    Ok(entry)
}

/// A child of an entry or of the feed.
fn member<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>, scope: &mut Scope, home: &Home, entry: &mut Entry) -> Read<()> {
    let name = local(tag.name);
    let attributes = attributes(cursor, tag)?;
    let plain = home.holds(tag.name, scope);
    match name {
        "id" | "updated" | "published" | "rights" if plain && !entry.known.contains_key(name) => {
            let (text, _) = text(cursor, tag)?;
            entry.known.insert(name.to_owned(), Value::String(text));
        }
        "title" | "summary" | "content" if plain && !entry.known.contains_key(name) => {
            let (text, markup) = text(cursor, tag)?;
            for (attribute, value) in attributes {
                entry.known.insert(format!("{name}_{attribute}"), value);
            }
            entry.known.insert(name.to_owned(), Value::String(markup.unwrap_or(text)));
        }
        "author" | "contributor" if plain => {
            let person = children(cursor, tag)?;
            entry.add(if name == "author" { "authors" } else { "contributors" }, Value::Object(person));
        }
        "category" if plain => {
            text(cursor, tag)?;
            entry.add("categories", Value::Object(attributes));
        }
        "link" if plain => {
            text(cursor, tag)?;
            entry.link(attributes);
        }
        "thumbnail" => {
            text(cursor, tag)?;
            entry.add("thumbnails", Value::Object(attributes));
        }
        "format" if entry.known.contains_key("enclosures") => {
            let told = children(cursor, tag)?;
            if let Some(Value::Array(files)) = entry.known.get_mut("enclosures")
                && let Some(Value::Object(last)) = files.last_mut()
            {
                last.extend(told);
            }
        }
        _ => {
            let shown = tag.name.to_owned();
            let xml = cursor.element(tag, scope)?.into_owned();
            entry.unknown.push((shown, xml));
        }
    }
    Ok(())
}

fn attributes<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<Map<String, Value>> {
    let own = cursor.attributes(tag)?.into_iter().filter(|(name, _)| !name.starts_with("xmlns"));
    Ok(own.map(|(name, value)| (local(name).to_owned(), Value::String(value.into_owned()))).collect())
}

/// The text of an element, and its content as written if it holds elements.
fn text<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<(String, Option<String>)> {
    let mut text = String::new();
    let content = cursor.content(tag, &mut text)?;
    Ok((text, content.markup.map(str::to_owned)))
}

/// The texts of the children of an element, by name.
fn children<'a>(cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<Map<String, Value>> {
    let mut found = Map::new();
    if !tag.empty {
        cursor.open.push(tag.name);
        while let Some(child) = cursor.child(tag.name)? {
            let (text, _) = text(cursor, &child)?;
            // What comes again gets another name, and so is kept in extra.
            let mut name = local(child.name).to_owned();
            while found.contains_key(&name) {
                name.push('+');
            }
            found.insert(name, Value::String(text));
        }
        cursor.open.pop();
    }
    Ok(found)
}

impl Entry {
    fn add(&mut self, name: &str, value: Value) {
        if let Value::Array(list) = self.known.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
            list.push(value);
        }
    }

    /// The address of the next page.
    fn next(&self) -> Option<String> {
        let is_next = |link: &&Value| link.get("rel").and_then(Value::as_str) == Some("next");
        let link = self.known.get("links")?.as_array()?.iter().find(is_next)?;
        link.get("href")?.as_str().map(|address| address.trim().to_owned()).filter(|address| !address.is_empty())
    }

    /// A link: enclosures by themselves. Without a relation it is the page itself (RFC 4287, section 4.2.7.2).
    fn link(&mut self, mut link: Map<String, Value>) {
        link.entry("rel").or_insert_with(|| Value::from("alternate"));
        if link.get("rel").and_then(Value::as_str) == Some("enclosure") {
            link.remove("rel");
            return self.add("enclosures", Value::Object(link));
        }
        self.add("links", Value::Object(link));
    }

    fn json(mut self, feed: &Map<String, Value>) -> String {
        if !feed.is_empty() {
            self.known.insert("feed".to_owned(), Value::Object(feed.clone()));
        }
        let mut members: Vec<String> =
            self.known.iter().map(|(name, value)| format!("{}:{value}", Value::from(name.as_str()))).collect();
        members.extend(
            self.unknown
                .iter()
                .map(|(name, xml)| format!("{}:{}", Value::from(name.as_str()), Value::from(xml.as_str()))),
        );
        format!("{{{}}}", members.join(","))
    }
}
