//! All names and phrases in one trie over folded letters, built on first use.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use crate::license::data::other;
use crate::license::data::tables::{self, rows};
use crate::license::lex::fold::{Folded, Kind, fold, sep};
use crate::license::lex::kinds::{EXTRA_PLACES, kind_of};
use crate::license::recognise::claim::Statement;

/// What a name or phrase means.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Lex {
    /// Creative Commons; `true` for the abbreviation.
    Cc(bool),
    /// Elements; `true` when written as a code.
    Element(u16, bool),
    /// "Zero", which means CC0 behind Creative Commons only.
    Zero,
    /// International, universal; `false` for the words of versions before 4.0: generic, unported.
    Generic(bool),
    /// The name of a jurisdiction.
    Place(u8),
    /// Licence, deed, terms.
    License,
    /// Version, v.
    Version,
    /// And
    And,
    /// Or
    Or,
    /// Or later
    Later,
    /// Not
    Not,
    /// Is, are, does
    Aux,
    /// A sentence that forbids what these elements forbid.
    Restrict(u16),
    /// A broken code that may forbid what these elements forbid.
    Denied(u16),
    /// A use that prose may restrict, as the elements that restrict it.
    Use(u16),
    /// Prohibited, must not.
    Deny,
    /// Permission, contact, fee: what a use depends on.
    Permission,
    /// Only
    Only,
    /// Personal, educational: a purpose that excludes commercial use.
    Purpose,
    /// Formerly, until, from a date on.
    NotNow,
    /// Probably, for example.
    Doubt,
    /// Words that give a licence for a part of the item.
    Part(Part),
    /// A noun for the item.
    Item,
    /// Words that mark an item with its licence.
    Mark,
    /// A sentence that takes nothing away.
    Text,
    /// Words that announce a name: photo by.
    Credit,
    /// Words that announce a bibliographic reference.
    Cite,
    /// Words that announce the address of a work.
    Source,
    /// A licence that is named beside others; `true` when it is an abbreviation in capitals.
    Foreign(u8, bool),
    /// A sentence about rights.
    Statement(Statement),
    /// Some rights reserved: grants nothing, reserves nothing in particular.
    SomeRights,
    /// The word copyright or the sign.
    Copyright,
    /// The label of a statement of `RightsStatements.org`.
    Rights(u8),
    /// A licence of the SPDX table.
    Other(u8),
    /// A family of licences.
    Family(u8),
    /// An address.
    Url,
    /// Digits
    Number,
    /// Anything else
    Word,
}

/// How words give a licence for a part of the item.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// The part by its name.
    Noun,
    /// Everything except what follows.
    Except,
    /// Some of it.
    Some,
    /// What the item was made from.
    Derived,
    /// Where the licence holds.
    Territory,
}

/// Nodes side by side; an edge is its byte and, in the lower bits, its target.
struct Trie {
    first: Vec<u32>,
    edges: Vec<u32>,
    values: Vec<u16>,
    meanings: Vec<Lex>,
    /// The nodes of the first byte, and of the first two.
    root: [u32; 256],
    second: Vec<u32>,
}

const NO_VALUE: u16 = u16::MAX;

impl Trie {
    fn step(&self, node: u32, key: u8) -> Option<u32> {
        let n = node as usize;
        let &[from, to] = self.first.get(n..n + 2)? else {
            return None;
        };
        let edges = self.edges.get(from as usize..to as usize)?;
        let key = u32::from(key) << 24;
        if let [only] = edges {
            let e = only ^ key;
            return (e >> 24 == 0).then_some(e);
        }
        if edges.len() > 8 {
            let at = edges.partition_point(|e| *e < key);
            return edges.get(at).map(|e| e ^ key).filter(|e| e >> 24 == 0);
        }
        edges.iter().map(|e| e ^ key).find(|e| e >> 24 == 0)
    }
}

/// The longest name that begins at word `i` and ends at a word: meaning and next word.
pub(crate) fn longest(f: &Folded, i: usize) -> Option<(Lex, usize)> {
    let trie = &*TRIE;
    let first = f.words.get(i)?;
    let mut node = trie.root[usize::from(*f.bytes.get(first.start as usize)?)];
    if node == 0 {
        return None;
    }
    let mut best = None;
    let mut at = first.start as usize + 1;
    if at < first.end as usize {
        node = trie.second[usize::from(f.bytes[at - 1]) << 8 | usize::from(f.bytes[at])];
        if node == 0 {
            return None;
        }
        at += 1;
    }
    for (n, word) in f.words.iter().enumerate().skip(i) {
        if word.kind == Kind::Url || (n > i && word.sep & (sep::STRONG | sep::MASK | sep::LOSSY | sep::REPEATED) != 0) {
            break;
        }
        // a full stop and a space end a sentence, or an initial
        if n > i && word.sep & sep::DOT != 0 && word.sep & sep::SPACE != 0 {
            break;
        }
        let end = word.end as usize;
        while at < end {
            match trie.step(node, f.bytes[at]) {
                Some(next) => node = next,
                None => return best,
            }
            at += 1;
        }
        let value = trie.values[node as usize];
        if value != NO_VALUE {
            best = Some((trie.meanings[usize::from(value)], n + 1));
        }
    }
    best
}

static TRIE: LazyLock<Trie> = LazyLock::new(build);

/// Collects all names; the first meaning of a name stays.
fn names() -> BTreeMap<Vec<u8>, Lex> {
    let mut map = BTreeMap::new();
    let mut add = |name: &str, lex: Lex| {
        let key = fold(name, false).bytes;
        if !key.is_empty() {
            map.entry(key).or_insert(lex);
        }
    };
    for [kind, phrases] in rows::<2>(include_str!("../data/phrases.tsv")) {
        if let Some(lex) = kind_of(kind) {
            phrases.split(" | ").for_each(|p| add(p, lex));
        }
    }
    add("zero", Lex::Zero);
    for (n, o) in (0u8..).zip(other::others()) {
        add(o.id, Lex::Other(n));
        add(o.name, Lex::Other(n));
    }
    for (n, f) in (0u8..).zip(other::families()) {
        f.names.split(" | ").for_each(|p| add(p, Lex::Family(n)));
    }
    for (n, _, label) in other::rights_labels() {
        add(label, Lex::Rights(n));
    }
    for (n, id) in (0u8..).zip(other::RIGHTS) {
        if id.contains('-') {
            add(id, Lex::Rights(n));
        }
    }
    for [_, unit, names] in rows::<3>(include_str!("../data/names.tsv")) {
        let lex = match unit {
            "pd" | "pdd" => Lex::Statement(Statement::PublicDomain),
            "zero" => continue,
            _ => match tables::Unit::from_code(unit) {
                Some(u) => Lex::Element(u.elements(), false),
                None => continue,
            },
        };
        names.split(" | ").for_each(|p| add(p, lex));
    }
    // the words of version 4.0 first: what they share with earlier ones fits both
    let places = || rows::<3>(include_str!("../data/places.tsv"));
    let current = |row: &[&str; 3]| matches!(row[1], "g4.0" | "gz");
    for [_, code, names] in places().filter(current).chain(places().filter(|row| !current(row))) {
        let generic = code.starts_with('g') && code.len() > 1 && (code == "gz" || code.as_bytes()[1].is_ascii_digit());
        let lex = if generic {
            Lex::Generic(matches!(code, "g4.0" | "gz"))
        } else {
            match tables::port_of(code.as_bytes()) {
                Some(p) => Lex::Place(p),
                None => continue,
            }
        };
        names.split(" | ").for_each(|p| add(p, lex));
    }
    for port in 1..=u8::MAX {
        let name = tables::port_name(port);
        if name.is_empty() {
            break;
        }
        add(name, Lex::Place(port));
    }
    for (name, code) in EXTRA_PLACES {
        if let Some(p) = tables::port_of(code.as_bytes()) {
            add(name, Lex::Place(p));
        }
    }
    for (n, [_, names]) in (0u8..).zip(rows::<2>(other::FOREIGN)) {
        for name in names.split(" | ") {
            let abbreviation = name.len() < 6 && name.bytes().all(|b| b.is_ascii_uppercase());
            add(name, Lex::Foreign(n, abbreviation));
        }
    }
    prose(&mut add);
    map
}

/// The tables of words around licences, the strictest reading first: what names a part or restricts
/// a use is never taken for a marking word.
fn prose(add: &mut impl FnMut(&str, Lex)) {
    for [kind, _, text] in rows::<3>(include_str!("../data/texts.tsv")) {
        if let Some(lex) = kind_of(kind) {
            add(text, lex);
        }
    }
    for table in
        [include_str!("../data/restrictions.tsv"), include_str!("../data/parts.tsv"), include_str!("../data/time.tsv")]
    {
        for [kind, _, phrases] in rows::<3>(table) {
            if let Some(lex) = kind_of(kind) {
                phrases.split(" | ").for_each(|p| add(p, lex));
            }
        }
    }
    for (table, lex) in
        [(include_str!("../data/doubt.tsv"), Lex::Doubt), (include_str!("../data/negation.tsv"), Lex::Not)]
    {
        for [_, phrases] in rows::<2>(table) {
            phrases.split(" | ").for_each(|p| add(p, lex));
        }
    }
    for [kind, _, phrases] in rows::<3>(include_str!("../data/marking.tsv")) {
        if let Some(lex) = kind_of(kind) {
            phrases.split(" | ").for_each(|p| add(p, lex));
        }
    }
}

/// Lays the sorted names out as one trie, node after node.
fn build() -> Trie {
    let mut children: Vec<Vec<(u8, u32)>> = vec![Vec::new()];
    let mut values = vec![NO_VALUE];
    let mut meanings: Vec<Lex> = Vec::new();
    for (name, lex) in names() {
        let mut node = 0usize;
        for key in name {
            let next = match children[node].last() {
                Some((k, to)) if *k == key => *to as usize,
                _ => {
                    let to = children.len();
                    children.push(Vec::new());
                    values.push(NO_VALUE);
                    children[node].push((key, u32::try_from(to).unwrap_or(0)));
                    to
                }
            };
            node = next;
        }
        let value = meanings.iter().position(|m| *m == lex).unwrap_or_else(|| {
            meanings.push(lex);
            meanings.len() - 1
        });
        values[node] = u16::try_from(value).unwrap_or(NO_VALUE);
    }
    let mut trie = Trie {
        first: Vec::with_capacity(children.len() + 1),
        edges: Vec::new(),
        values,
        meanings,
        root: [0; 256],
        second: vec![0; 1 << 16],
    };
    for list in &children {
        trie.first.push(u32::try_from(trie.edges.len()).unwrap_or(0));
        trie.edges.extend(list.iter().map(|(key, to)| u32::from(*key) << 24 | to & 0xff_ffff));
    }
    trie.first.push(u32::try_from(trie.edges.len()).unwrap_or(0));
    for (key, to) in &children[0] {
        trie.root[usize::from(*key)] = *to;
        for (next, node) in &children[*to as usize] {
            trie.second[usize::from(*key) << 8 | usize::from(*next)] = *node;
        }
    }
    trie
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::license::data::tables::el;

    fn lex(text: &str) -> Option<(Lex, usize)> {
        longest(&fold(text, true), 0)
    }

    #[test]
    fn names_ignore_separators_and_case() {
        let by_sa = Lex::Element(el::BY | el::SA, false);
        assert_eq!(lex("Naamsvermelding-GelijkDelen 3.0").map(|x| x.0), Some(by_sa));
        assert_eq!(lex("naamsvermelding gelijk delen").map(|x| x.0), Some(by_sa));
        assert_eq!(lex("Naamsvermeldingen"), None);
        assert_eq!(lex("表示-継承").map(|x| x.0), Some(by_sa));
    }
}
