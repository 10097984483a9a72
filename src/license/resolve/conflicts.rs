//! From claims and statements to one answer.

use crate::license::answer::names;
use crate::license::data::other;
use crate::license::data::tables::{Version, el};
use crate::license::lex::fold;
use crate::license::lex::references;
use crate::license::recognise::address;
use crate::license::recognise::claim::{Claim, Jurisdiction, Rule, Stated, Statement, Subject, Warnings};
use crate::license::recognise::text::{self, Findings, Names, Sentence};
use crate::license::resolve::merge::{Group, merge};
use crate::license::resolve::reservations;
use crate::license::resolve::tool::finalize;
use crate::license::{Basis, Detail, Evidence, License, Status, What};

/// Longer texts are read up to here only; no licence needs more.
const LIMIT: usize = 1 << 20;

pub(crate) fn place(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

pub(crate) fn nothing(raw: &str) -> License {
    License {
        raw: raw.into(),
        what: What::Nothing,
        status: Status::None,
        basis: Basis::Stated,
        rule: Rule::Nothing,
        warnings: Warnings::NONE,
        forbidden: 0,
        span: None,
        deed: None,
        detail: None,
    }
}

/// The part of a text that is read, and whether that is all of it.
fn limited(text: &str) -> (&str, bool) {
    if text.len() <= LIMIT {
        return (text, false);
    }
    let mut end = LIMIT;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    (&text[..end], true)
}

/// A text that is one address and nothing else.
fn lone_address(text: &str) -> Option<Claim> {
    let start = text.len() - text.trim_start().len();
    let trimmed = text.trim();
    let bytes = trimmed.as_bytes();
    if bytes.len() < 12
        || !(bytes[..4].eq_ignore_ascii_case(b"http") && matches!(bytes[4], b':' | b's' | b'S'))
        || bytes.iter().any(|b| *b <= b' ' || *b >= 128 || *b == b'&' || *b == b'\\')
    {
        return None;
    }
    let colon = if bytes[4] == b':' { 4 } else { 5 };
    let (from, to) = address::scheme_at(trimmed, colon)?;
    if from != 0 || trimmed[to..].bytes().any(|b| b.is_ascii_alphanumeric()) {
        return None;
    }
    address::read(&trimmed[..to], start)
}

/// One answer for a text.
pub(crate) fn one(raw: &str, names: Names<'_>) -> License {
    if let Some((tool, deed)) = address::canonical(raw.as_bytes()) {
        let mut license = nothing(raw);
        license.what = What::Unit(tool.unit, Some(tool.version), Some(tool.port));
        license.status = Status::Exact;
        license.rule = Rule::Address;
        license.span = Some((0, place(raw.len())));
        license.deed = deed.and_then(|d| std::str::from_utf8(d).ok().map(names::language_tag));
        if tool.unit.withdrawn() {
            license.warnings |= Warnings::RETIRED;
        }
        return license;
    }
    if let Some(claim) = lone_address(raw)
        && !matches!(claim.subject, Subject::Statement(_))
    {
        return License { raw: raw.into(), ..finalize(claim) };
    }
    let (text, cut) = limited(raw);
    let mut license = if let Some(decoded) = references::decode(text) {
        let mut license = answer(&decoded.text, names);
        decoded.map_back(&mut license);
        license
    } else {
        answer(text, names)
    };
    license.raw = raw.into();
    if cut {
        license.warnings |= Warnings::TRUNCATED;
    }
    license
}

/// All answers of a text.
pub(crate) fn all(raw: &str) -> Vec<License> {
    let (text, _) = limited(raw);
    let decoded = references::decode(text);
    let found = match &decoded {
        Some(d) => text::read(&d.text, &fold::fold(&d.text, true), &[]),
        None => text::read(text, &fold::fold(text, true), &[]),
    };
    let (groups, _) = merge(&found.claims);
    let mut out: Vec<License> = groups.into_iter().map(|g| finalize(g.claim)).collect();
    if out.is_empty() {
        out.extend(only_statement(&found));
    }
    for license in &mut out {
        if let Some(d) = &decoded {
            d.map_back(license);
        }
        license.raw = raw.into();
    }
    out.sort_by_key(|l| l.span);
    out
}

/// The statement of a text without a licence.
fn only_statement(found: &Findings) -> Option<License> {
    const ORDER: [Statement; 9] = [
        Statement::AllRightsReserved,
        Statement::NoKnownCopyright,
        Statement::PublicDomain,
        Statement::NoRightsReserved,
        Statement::CopyrightNotice,
        Statement::AccessClosed,
        Statement::AccessEmbargoed,
        Statement::AccessRestricted,
        Statement::AccessOpen,
    ];
    ORDER.iter().find_map(|s| found.statement(*s)).map(sentence_license)
}

fn sentence_license(sentence: Sentence) -> License {
    let mut license = nothing("");
    license.status = Status::Statement;
    license.what = What::Statement(sentence.statement);
    license.rule = if sentence.statement == Statement::CopyrightNotice { Rule::Notice } else { Rule::Sentence };
    license.span = Some((place(sentence.start), place(sentence.end)));
    license
}

fn answer(text: &str, names: Names<'_>) -> License {
    if text.trim().is_empty() {
        return nothing("");
    }
    // the short identifiers are words elsewhere; alone and so spelled they are not
    let alone = text.trim();
    if alone.len() < 10
        && let Some(n) = other::RIGHTS.iter().position(|id| *id == alone)
    {
        let start = text.len() - text.trim_start().len();
        let mut c = Claim::new(Rule::Identifier, start, start + alone.len());
        c.subject = Subject::Rights(u8::try_from(n).unwrap_or(0));
        return finalize(c);
    }
    let folded = fold::fold(text, true);
    let mut found = text::read(text, &folded, names);
    let mut license = decide(&mut found, text);
    license.warnings |= found.warnings;
    reservations::apply(&mut license, &found, text);
    if let Some((a, b)) = found.holder {
        let name = text.get(a..b).unwrap_or_default().trim();
        if !name.is_empty() {
            license = license.with_holder(name);
        }
    }
    if found.warnings.has(Warnings::ATTRIBUTION_ALONE) && license.status == Status::None {
        license.detail_mut().suggestions.push("CC BY".to_owned());
    }
    license
}

fn decide(found: &mut Findings, text: &str) -> License {
    let alone = if found.claims.len() == 1 { found.claims.pop() } else { None };
    let (mut groups, differ) = if let Some(claim) = alone {
        (vec![Group { claim, members: Vec::new() }], false)
    } else {
        merge(&found.claims)
    };
    // the bare name joins whatever else is there
    if groups.len() > 1 {
        groups.retain(|g| g.claim.subject != Subject::CreativeCommons);
    }
    // "Creative Commons public domain" names no tool; the statement is the answer
    if let [only] = groups.as_slice()
        && only.claim.subject == Subject::CreativeCommons
        && found.statement(Statement::PublicDomain).is_some()
    {
        groups.clear();
    }
    let mut against = contradictions(found, &groups);
    if groups.iter().any(|g| g.claim.subject != Subject::CreativeCommons) {
        against.extend(found.reservations.foreign.iter().map(|(n, span)| foreign(*n, span)));
    }
    let shared = |l: &License| matches!(l.what, What::Foreign(_));
    if groups.len() == 1 && !found.reservations.parts.is_empty() && against.iter().all(shared) {
        // "code MIT, text CC BY": each licence has its part
        against.clear();
    }
    match groups.len() {
        0 => only_statement(found).unwrap_or_else(|| nothing("")),
        1 if against.is_empty() && beyond(found, &groups) == 0 => {
            let Some(group) = groups.pop() else {
                return nothing("");
            };
            single(group, found)
        }
        _ => several(groups, against, differ, found, text),
    }
}

/// Elements that the words ask for and the claims don't have.
fn beyond(found: &Findings, groups: &[Group]) -> u16 {
    let bare =
        |g: &Group| matches!(g.claim.subject, Subject::CreativeCommons | Subject::Nothing | Subject::Statement(_));
    if found.restricted == 0 || groups.iter().any(bare) {
        return 0;
    }
    groups.iter().fold(found.restricted, |bits, g| bits & !g.claim.elements().unwrap_or(0))
}

/// A licence that is named beside others and is not read any further.
fn foreign(n: u8, span: &std::ops::Range<usize>) -> License {
    let mut license = nothing("");
    license.what = What::Foreign(n);
    license.status = Status::Statement;
    license.rule = Rule::Name;
    license.span = Some((place(span.start), place(span.end)));
    license
}

fn single(group: Group, found: &Findings) -> License {
    let many = group.members.len() > 1;
    let mut license = finalize(group.claim);
    if found.statements.iter().any(|s| {
        matches!(s.statement, Statement::AccessClosed | Statement::AccessRestricted | Statement::AccessEmbargoed)
    }) {
        license.warnings |= Warnings::ACCESS;
    }
    if many {
        license.detail_mut().evidence = evidence(&group.members);
    }
    license
}

fn evidence(members: &[Claim]) -> Vec<Evidence> {
    let mut list: Vec<Evidence> = members
        .iter()
        .map(|m| {
            let l = finalize(m.clone());
            Evidence {
                span: m.start..m.end,
                rule: m.rule,
                reading: l.id().or_else(|| l.claimed().map(str::to_owned)).unwrap_or_default(),
            }
        })
        .collect();
    list.sort_by_key(|e| e.span.start);
    list
}

/// Statements and words that a licence of these groups can't stand beside.
fn contradictions(found: &Findings, groups: &[Group]) -> Vec<License> {
    let mut out = Vec::new();
    let tools: Vec<u16> = groups.iter().filter_map(|g| g.claim.elements()).collect();
    let other = groups.iter().any(|g| matches!(g.claim.subject, Subject::Other(_) | Subject::Family(_)));
    if tools.is_empty() && !other {
        return out;
    }
    if let Some(sentence) = found.statement(Statement::AllRightsReserved)
        && !found.some_rights
        && !inside(groups, sentence)
    {
        let mut l = sentence_license(sentence);
        l.warnings |= Warnings::RESERVED;
        out.push(l);
    }
    let public = tools.iter().all(|b| b & (el::ZERO | el::MARK | el::CERT) != 0) && !other;
    for s in [Statement::PublicDomain, Statement::NoKnownCopyright, Statement::NoRightsReserved] {
        if let Some(sentence) = found.statement(s)
            && !public
            && !inside(groups, sentence)
        {
            out.push(sentence_license(sentence));
        }
    }
    out
}

fn inside(groups: &[Group], sentence: Sentence) -> bool {
    groups
        .iter()
        .flat_map(|g| g.members.iter().chain(std::iter::once(&g.claim)))
        .any(|m| m.start <= sentence.start && sentence.end <= m.end)
}

fn several(groups: Vec<Group>, against: Vec<License>, differ: bool, found: &Findings, text: &str) -> License {
    let beyond = beyond(found, &groups);
    let members: Vec<Claim> = groups
        .iter()
        .flat_map(|g| if g.members.is_empty() { vec![g.claim.clone()] } else { g.members.clone() })
        .collect();
    let claimed = groups.len();
    let mut parts: Vec<License> = groups.into_iter().map(|g| finalize(g.claim)).collect();
    let named = against.iter().all(|l| matches!(l.what, What::Foreign(_)));
    let choice = found.or && !found.and && !differ && named && beyond == 0 && claimed > 0;
    parts.extend(against);
    let reserved = parts.iter().any(|p| p.warnings.has(Warnings::RESERVED));
    for p in &mut parts {
        p.raw = text.into();
    }
    let mut license = nothing("");
    license.what = What::Several;
    license.rule = Rule::Several;
    license.status = if choice { Status::Choice } else { Status::Conflict };
    license.span = Some((
        parts.iter().filter_map(|p| p.span).map(|s| s.0).min().unwrap_or(0),
        parts.iter().filter_map(|p| p.span).map(|s| s.1).max().unwrap_or(0),
    ));
    if parts.len() > 1 {
        license.warnings |= Warnings::MULTIPLE;
    }
    if differ {
        license.warnings |= Warnings::TEXT_URL;
    }
    if reserved {
        license.warnings |= Warnings::RESERVED;
    }
    if !found.reservations.parts.is_empty() && license.status == Status::Choice {
        license.status = Status::Conflict;
    }
    if beyond != 0 {
        license.forbidden = beyond;
        license.warnings |= Warnings::RESTRICTED;
    }
    license.detail = Some(Box::new(Detail { evidence: evidence(&members), parts, ..Detail::default() }));
    license
}

/// One answer for several that differ.
pub(crate) fn conflict(raw: &str, parts: Vec<License>, warning: Warnings) -> License {
    let mut license = nothing(raw);
    license.what = What::Several;
    license.rule = Rule::Several;
    license.status = Status::Conflict;
    license.warnings = warning;
    license.warnings |= Warnings::MULTIPLE;
    license.detail = Some(Box::new(Detail { parts, ..Detail::default() }));
    license
}

/// No answer.
pub(crate) fn none(raw: &str) -> License {
    nothing(raw)
}

/// The answer for a tool or statement given by its parts.
pub(crate) fn of(raw: &str, subject: Subject, version: Option<Version>, port: Jurisdiction, rule: Rule) -> License {
    let mut c = Claim::new(rule, 0, raw.len());
    c.subject = subject;
    c.version = version.map_or(Stated::Silent, Stated::Known);
    c.jurisdiction = port;
    License { raw: raw.into(), ..finalize(c) }
}
