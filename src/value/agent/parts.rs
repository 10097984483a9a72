//! Person or organisation, and the parts of a person's name. Where nothing proves which, neither is claimed.

use super::{is_unknown, without_role};
use crate::value::function::{Rejected, placeholder, unknown};
use std::borrow::Cow;

/// Who a name is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Kind {
    Person,
    Organization,
    Several,
}

impl Kind {
    pub(super) fn id(self) -> &'static str {
        match self {
            Kind::Person => "person",
            Kind::Organization => "organization",
            Kind::Several => "multi",
        }
    }
}

/// Words that only names of organisations hold, in lower case.
#[rustfmt::skip]
const ORGANIZATIONS: &[&str] = &[
    "academy", "academie", "agency", "archief", "archive", "archives", "archieven", "association", "bibliotheek",
    "biodiversity", "bond", "bureau", "b.v.", "bv", "center", "centre", "centro", "centrum", "club", "co.",
    "collectie", "collection", "collections", "college", "committee", "commissie", "company", "corporation",
    "council", "department", "departement", "dienst", "division", "entertainment", "faculdade", "faculteit",
    "faculty", "federation", "federatie", "film", "films", "foundation", "garden", "gardens", "gemeente", "gmbh",
    "group", "groep", "herbarium", "inc", "inc.", "institut", "institute", "instituut", "institution", "journaal",
    "laboratory", "library", "libraries", "llc", "ltd", "ltd.", "maatschappij", "media", "ministerie",
    "ministry", "musea", "museo", "museum", "museums", "muséum", "n.v.", "naturalis", "natuurmonumenten", "network",
    "netwerk", "nieuws", "nv", "omroep", "organisatie", "organization", "polygoon", "polygoon-profilti", "press",
    "productions", "producties", "profilti", "program", "programme", "project", "publishers", "research", "royal",
    "school", "service", "services", "société", "society", "staatsbosbeheer", "stichting", "studio", "studio's",
    "studios", "team", "televisie", "television", "trust", "trustees", "unie", "union", "universidade",
    "universiteit", "university", "vereniging", "xeno-canto", "zoo",
];

/// Endings that do the same: `Natuurmuseum`, `Rijksarchief`.
const ENDINGS: &[&str] =
    &["museum", "archief", "bibliotheek", "centrum", "instituut", "stichting", "vereniging", "universiteit", "dienst"];

/// Words before a family name, in lower case.
const PARTICLES: &[&str] = &[
    "'s", "'t", "aan", "af", "al", "bij", "d'", "da", "de", "del", "della", "den", "der", "des", "di", "do", "dos",
    "du", "el", "het", "in", "la", "le", "les", "los", "onder", "op", "over", "te", "ten", "ter", "tot", "uit", "van",
    "vom", "von", "voor", "zu", "zum", "zur",
];

const SUFFIXES: &[&str] = &["jr", "jr.", "sr", "sr.", "junior", "senior", "ii", "iii", "fils", "filho"];

fn particle(word: &str) -> bool {
    PARTICLES.contains(&word)
}

fn suffix(word: &str) -> bool {
    SUFFIXES.contains(&word.to_lowercase().as_str())
}

fn organization(name: &str) -> bool {
    name.split([' ', ',', '(', ')', '/']).map(str::to_lowercase).any(|word| {
        ORGANIZATIONS.contains(&word.as_str())
            || ENDINGS.iter().any(|end| word.len() > end.len() && word.ends_with(end))
    })
}

/// `J.`, `A.B.`, `Ph.`, and `JCH` where `bare` ones are looked for.
fn initials(word: &str, bare: bool) -> bool {
    let letters = word.trim_end_matches('.');
    let dotted = word.ends_with('.')
        && letters.split(['.', '-']).all(|part| {
            let mut chars = part.chars();
            chars.next().is_some_and(char::is_uppercase) && chars.all(char::is_lowercase) && part.chars().count() <= 3
        });
    let capitals = bare && (1..=5).contains(&letters.chars().count()) && letters.chars().all(char::is_uppercase);
    dotted || capitals
}

fn capital(word: &str) -> bool {
    let first = word.trim_start_matches(['\'', '’']).chars().next();
    first.is_some_and(char::is_uppercase)
        && word.chars().all(|l| l.is_alphabetic() || matches!(l, '-' | '\'' | '’' | '.'))
}

type Parts<'a> = Vec<(&'static str, Cow<'a, str>)>;

/// The parts of one person's name.
pub(super) fn parts(name: &str) -> Result<Parts<'_>, Rejected> {
    if is_unknown(name) {
        return placeholder("says that nobody is known");
    }
    match person(name.trim()) {
        // `Smith J, Jones K` would also be a family name and a given one.
        Some(parts) if kind(name) == Some(Kind::Person) && several(name).is_ok_and(|names| names.len() == 1) => {
            Ok(parts)
        }
        _ => unknown("not certainly one person"),
    }
}

fn person(name: &str) -> Option<Parts<'_>> {
    let (family, given, particles, suffix) = if name.contains(',') { inverted(name)? } else { straight(name)? };
    let named = [("family", family), ("given", given), ("particle", particles), ("suffix", suffix)];
    Some(
        named
            .into_iter()
            .filter(|(_, words)| !words.is_empty())
            .map(|(k, words)| (k, words.join(" ").into()))
            .collect(),
    )
}

type Words<'a> = (Vec<&'a str>, Vec<&'a str>, Vec<&'a str>, Vec<&'a str>);

/// `Surname, Given particle, suffix`.
fn inverted(name: &str) -> Option<Words<'_>> {
    let sections: Vec<Vec<&str>> = name.split(',').map(|section| section.split_whitespace().collect()).collect();
    let (family, rest) = sections.split_first()?;
    let before = family.iter().take_while(|word| particle(word)).count();
    let (mut particles, family) = (family[..before].to_vec(), family[before..].to_vec());
    if family.is_empty() || family.len() > 3 || !family.iter().all(|word| capital(word) || particle(word)) {
        return None;
    }
    let (mut given, mut suffixes) = (Vec::new(), Vec::new());
    for (at, section) in rest.iter().enumerate() {
        match section.as_slice() {
            [one] if suffix(one) && at > 0 => suffixes.push(*one),
            words if at > 0 && words.iter().all(|word| particle(word)) => particles.extend(words),
            words if at == 0 => {
                let names = words.iter().take_while(|word| capital(word)).count();
                if names == 0 || names > 4 || !words[names..].iter().all(|word| particle(word)) {
                    return None;
                }
                given.extend(&words[..names]);
                particles.extend(&words[names..]);
            }
            _ => return None,
        }
    }
    Some((family, given, particles, suffixes))
}

/// `J. de Vries`, `Jan de Vries`, `Meijere JCH de`; two plain words prove nothing.
fn straight(name: &str) -> Option<Words<'_>> {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let suffixes =
        if words.len() > 2 && suffix(words[words.len() - 1]) { words.split_off(words.len() - 1) } else { vec![] };
    if words.len() < 2 || words.len() > 7 {
        return None;
    }
    if capital(words[0]) && !initials(words[0], false) && initials(words[1], true) && !words[1].contains('.') {
        let particles = words.split_off(2);
        return particles
            .iter()
            .all(|word| particle(word))
            .then(|| (vec![words[0]], vec![words[1]], particles, suffixes));
    }
    let last = words.len() - 1;
    if let Some(at) = words.iter().position(|word| particle(word)) {
        let end = words[at..].iter().take_while(|word| particle(word)).count() + at;
        let (given, family) = (&words[..at], &words[end..]);
        let named = !family.is_empty() && family.len() <= 2 && given.len() <= 4;
        let proper = given.iter().chain(family).all(|word| capital(word));
        return (named && proper && !given.is_empty())
            .then(|| (family.to_vec(), given.to_vec(), words[at..end].to_vec(), suffixes));
    }
    let proven = words[..last].iter().any(|word| initials(word, false)) && words.iter().all(|word| capital(word));
    (proven && !initials(words[last], false)).then(|| (vec![words[last]], words[..last].to_vec(), vec![], suffixes))
}

/// Who a name is, where that is certain.
pub(super) fn kind(name: &str) -> Option<Kind> {
    match (organization(name), name.trim().split_once(", ")) {
        (false, _) => person(name.trim()).map(|_| Kind::Person),
        // `Bond, J.` is a family name, `Naturalis, Leiden` a place, `Bond, James` could be either.
        (true, Some((family, given))) if !family.contains(' ') => {
            given.split_whitespace().all(|word| initials(word, true)).then_some(Kind::Person)
        }
        (true, _) => Some(Kind::Organization),
    }
}

fn is_person(name: &str) -> bool {
    kind(without_role(name).0) == Some(Kind::Person)
}

/// The names in a text that may hold several.
pub(super) fn several(text: &str) -> Result<Vec<&str>, Rejected> {
    if is_unknown(text) {
        return placeholder("says that nobody is known");
    }
    let split = |separator: &str| -> Vec<&str> {
        text.split(separator).map(str::trim).filter(|name| !name.is_empty()).collect()
    };
    for separator in [";", " / "] {
        let names = split(separator);
        if let [only] = names[..]
            && is_unknown(only)
        {
            return placeholder("says that nobody is known");
        }
        if names.len() > 1 || text.contains(separator) && names.len() == 1 {
            return Ok(names);
        }
    }
    // A slash without blanks is also in names: `NOF/NIAM`.
    let around = split("/");
    if around.len() == 2 && !text.contains("//") && around.iter().any(|name| is_person(name)) {
        return Ok(around);
    }
    for separator in [" & ", " and ", " en ", ", "] {
        let names = split(separator);
        if names.len() > 1 && names.iter().all(|name| is_person(name)) {
            return Ok(names);
        }
    }
    Ok(pairs(text).unwrap_or_else(|| vec![text.trim()]))
}

/// `Berg, A.B. van den, Bosman, C.A.W.`: family names and initials in turn.
fn pairs(text: &str) -> Option<Vec<&str>> {
    let commas: Vec<usize> = text.match_indices(',').map(|(at, _)| at).collect();
    if commas.len() < 3 || commas.len().is_multiple_of(2) {
        return None;
    }
    let ends = commas.iter().copied().skip(1).step_by(2).chain([text.len()]);
    let starts = std::iter::once(0).chain(commas.iter().skip(1).step_by(2).map(|at| at + 1));
    let names: Vec<&str> = starts.zip(ends).map(|(start, end)| text[start..end].trim()).collect();
    names.iter().all(|name| is_person(name)).then_some(names)
}
