//! What the words beside a licence leave of it: unclear, a part of the item, or all.

use std::ops::Range;

use crate::license::answer::status::Reason;
use crate::license::data::tables::el;
use crate::license::recognise::claim::{Statement, Warnings};
use crate::license::recognise::roles::SHORT;
use crate::license::recognise::text::{Findings, Reservations};
use crate::license::resolve::conflicts;
use crate::license::{License, Status, What};

/// As many places are kept as words.
const PLACES: usize = 32;

/// Applies what a text reserves to the licence it names.
pub(crate) fn apply(license: &mut License, found: &Findings, text: &str) {
    let r = &found.reservations;
    let binding = binding(r, found);
    let restricted =
        found.statements.iter().any(|s| matches!(s.statement, Statement::AccessClosed | Statement::AccessRestricted));
    match license.what {
        What::Nothing | What::CreativeCommons | What::Impossible(_) => {
            if found.length <= SHORT {
                license.warnings |= binding;
            }
            license.forbidden |= found.restricted;
        }
        What::Statement(statement) => {
            let free = matches!(
                statement,
                Statement::PublicDomain | Statement::NoKnownCopyright | Statement::NoRightsReserved
            );
            let reason = r.reason(false);
            if let (true, Some((reason, places))) = (free, reason.filter(|(reason, _)| *reason != Reason::Negated)) {
                unclear(license, reason, words(text, places));
            }
            if found.length <= SHORT {
                license.warnings |= binding;
            }
            license.forbidden |= found.restricted;
        }
        _ => {
            if restricted {
                license.forbidden |= el::ALL;
            }
            if let Some((reason, places)) = r.reason(true) {
                license.forbidden |= found.restricted;
                if reason == Reason::Unread {
                    license.forbidden |= found
                        .claims
                        .iter()
                        .filter_map(super::super::recognise::claim::Claim::elements)
                        .fold(0, |a, b| a | b)
                        & (el::NC | el::ND);
                }
                unclear(license, reason, words(text, places));
            } else if restricted {
                let part = std::mem::replace(license, conflicts::nothing(""));
                *license = conflicts::conflict("", vec![part], Warnings::RESTRICTED | Warnings::ACCESS);
                license.forbidden = el::ALL;
            } else if !r.parts.is_empty() {
                partial(license, words(text, &r.parts));
            }
        }
    }
}

impl Reservations {
    /// The strongest reason for which a licence is unclear, and its places.
    fn reason(&self, unread: bool) -> Option<(Reason, &[Range<usize>])> {
        [
            (Reason::Negated, &self.negated),
            (Reason::NotNow, &self.not_now),
            (Reason::Doubt, &self.doubt),
            (Reason::Unread, &self.unread),
        ]
        .into_iter()
        .find(|(reason, places)| !places.is_empty() && (unread || *reason != Reason::Unread))
        .map(|(reason, places)| (reason, places.as_slice()))
    }
}

/// What a value without a licence does to the licence in another field of its record.
fn binding(r: &Reservations, found: &Findings) -> Warnings {
    let mut out = Warnings::NONE;
    for (places, warning) in [
        (&r.negated, Warnings::NEGATED),
        (&r.not_now, Warnings::NOT_NOW),
        (&r.doubt, Warnings::DOUBT),
        (&r.parts, Warnings::PART_ONLY),
    ] {
        if !places.is_empty() {
            out |= warning;
        }
    }
    if found.statements.iter().any(|s| s.statement == Statement::AccessEmbargoed) {
        out |= Warnings::NOT_NOW;
    }
    out
}

/// The words at some places, neighbours joined.
fn words(text: &str, places: &[Range<usize>]) -> Vec<String> {
    if let [place] = places {
        return text
            .get(place.clone())
            .map(str::trim)
            .filter(|w| !w.is_empty())
            .map(str::to_owned)
            .into_iter()
            .collect();
    }
    let mut joined: Vec<Range<usize>> = Vec::new();
    let mut sorted: Vec<&Range<usize>> = places.iter().collect();
    sorted.sort_by_key(|p| p.start);
    for place in sorted {
        let blank = |from: usize| text.get(from..place.start).is_some_and(|gap| gap.chars().all(char::is_whitespace));
        match joined.last_mut() {
            Some(last) if place.start < last.end || blank(last.end) => last.end = last.end.max(place.end),
            _ => joined.push(place.clone()),
        }
    }
    joined.truncate(PLACES);
    joined.into_iter().filter_map(|p| text.get(p)).map(|w| w.trim().to_owned()).filter(|w| !w.is_empty()).collect()
}

/// Takes the licence back: it is a suggestion, and nothing is granted.
pub(crate) fn unclear(license: &mut License, reason: Reason, words: Vec<String>) {
    let mut labels: Vec<String> = license.label().into_iter().collect();
    labels.extend(license.parts().iter().filter_map(License::label));
    labels.dedup();
    license.what = What::Unclear;
    license.status = Status::Unclear;
    license.deed = None;
    license.warnings |= reason.warning();
    license.warnings = license.warnings.without(Warnings(Warnings::UNIT_UNCLEAR.0 | Warnings::VERSION_IMPLIED.0));
    let detail = license.detail_mut();
    detail.parts.clear();
    if !labels.is_empty() {
        detail.suggestions = labels;
    }
    detail.reason = Some(reason);
    detail.words = words;
}

/// Limits the licence to a part of the item.
pub(crate) fn partial(license: &mut License, words: Vec<String>) {
    license.warnings |= Warnings::PART_ONLY;
    if matches!(license.status, Status::Exact | Status::Unversioned) {
        license.status = Status::Partial;
    }
    let detail = license.detail_mut();
    detail.reason = Some(Reason::Partial);
    detail.words = words;
}
