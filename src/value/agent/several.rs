//! Several names in one text, split where it is certain.

use super::parts::{Kind, capital, capitals, dotted, inverted, kind};
use super::words::is_place;
use super::{is_unknown, without_role};
use crate::value::function::{Rejected, placeholder};

fn is_person(name: &str) -> bool {
    kind(without_role(name).0) == Some(Kind::Person)
}

/// Where a text may be split: outside brackets, and not at the semicolon that ends a character
/// reference.
fn splits<'a>(text: &'a str, separators: &[&str]) -> Vec<&'a str> {
    let (mut parts, mut depth, mut start, mut at) = (Vec::new(), 0_i32, 0, 0);
    while at < text.len() {
        let rest = &text[at..];
        let found = separators.iter().find(|separator| depth == 0 && rest.starts_with(**separator));
        if let Some(separator) = found.filter(|separator| **separator != ";" || !ends_reference(&text[..at])) {
            parts.push(&text[start..at]);
            at += separator.len();
            start = at;
            continue;
        }
        let Some(letter) = rest.chars().next() else { break };
        depth += i32::from(matches!(letter, '(' | '[')) - i32::from(matches!(letter, ')' | ']') && depth > 0);
        at += letter.len_utf8();
    }
    parts.push(&text[start..]);
    // A bracket that never closes encloses nothing.
    if depth > 0 && parts.len() == 1 {
        return separators.iter().find(|word| text.contains(**word)).map_or(parts, |word| text.split(*word).collect());
    }
    parts
}

/// Whether a semicolon behind a text would end a character reference: `Smith &amp`.
fn ends_reference(text: &str) -> bool {
    let text = text.trim_end();
    let near = text.bytes().rev().take(12).position(|byte| byte == b'&');
    near.is_some_and(|back| {
        let name = &text[text.len() - back - 1..];
        let whole = name[1..].bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'#');
        let reference = format!("{name};");
        whole && html_escape::decode_html_entities(&reference) != reference
    })
}

fn names_in<'a>(text: &'a str, separators: &[&str]) -> Vec<&'a str> {
    splits(text, separators).into_iter().map(str::trim).filter(|name| !name.is_empty()).collect()
}

/// Words and signs between the last two names of several.
const AND: &[&str] = &[" & ", " and ", " en ", " und ", " et ", " y "];

/// The names in a text that may hold several.
pub(super) fn several(text: &str) -> Result<Vec<&str>, Rejected> {
    if is_unknown(text) {
        return placeholder("nobody is named");
    }
    for separator in [";", " / "] {
        let names = names_in(text, &[separator]);
        if let [only] = names[..]
            && is_unknown(only)
        {
            return placeholder("nobody is named");
        }
        if names.len() > 1 || names.len() == 1 && names[0] != text.trim() {
            return Ok(names);
        }
    }
    // A slash without blanks is also in names: `NOF/NIAM`.
    let around = names_in(text, &["/"]);
    if around.len() == 2 && !text.contains("//") && around.iter().any(|name| is_person(name)) {
        return Ok(around);
    }
    Ok(people(text).unwrap_or_else(|| vec![text.trim()]))
}

/// Several persons, if each is certainly one: `A. Smith, B. Jones and C. Brown`.
fn people(text: &str) -> Option<Vec<&str>> {
    let groups = names_in(text, AND);
    let mut names = Vec::new();
    for group in &groups {
        let group = group.trim_end_matches(',').trim_end();
        match listed(group).or_else(|| pairs(group)) {
            Some(list) => names.extend(list),
            None if groups.len() > 1 && is_person(group) => names.push(group),
            None => return None,
        }
    }
    (names.len() > 1).then_some(names)
}

/// `A. Smith, B. Jones`, `Smith J, Jones K`: each part is a person without a comma.
fn listed(text: &str) -> Option<Vec<&str>> {
    let names = names_in(text, &[","]);
    let bibliographic = |name: &&str| {
        let words: Vec<&str> = name.split_whitespace().collect();
        matches!(*words, [family, short] if capital(family) && !dotted(family) && !is_place(&[family]) && capitals(short))
    };
    let all = names.iter().all(|name| is_person(name)) || names.iter().all(bibliographic);
    (names.len() > 1 && all).then_some(names)
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
    let short = |name: &&str| {
        let words = inverted(without_role(name).0);
        words.is_some_and(|words| words.given.iter().all(|word| dotted(word) || capitals(word)))
    };
    names.iter().all(|name| is_person(name) && short(name)).then_some(names)
}
