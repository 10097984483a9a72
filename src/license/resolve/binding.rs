//! What the other rights values of a record take from a licence.

use crate::license::answer::status::Reason;
use crate::license::data::tables::el;
use crate::license::recognise::claim::Warnings;
use crate::license::resolve::{conflicts, reservations};
use crate::license::{License, Status, What};

/// The licence of one value, bound by what others of the same record restrict, deny or limit to a part.
pub(crate) fn bind(mut license: License, others: &[&License]) -> License {
    if !grants(&license) {
        return license;
    }
    let mut reason = None;
    let mut words = Vec::new();
    let mut forbidden = 0;
    for other in others {
        if let Some(found) = reason_of(&license, other) {
            if reason.is_none_or(|r| strength(found) > strength(r)) {
                reason = Some(found);
            }
            words.push(other.raw().trim().to_owned());
        }
        if !grants(other) || other.status == Status::Conflict {
            forbidden |= other.forbidden;
        }
    }
    let elements = license.unit().map_or(0, super::super::data::tables::Unit::elements);
    let beyond = forbidden & !elements;
    match reason {
        Some(Reason::Partial) if beyond == 0 => reservations::partial(&mut license, words),
        None | Some(Reason::Partial) => {}
        Some(reason) => {
            license.forbidden |= beyond;
            reservations::unclear(&mut license, reason, words);
            return license;
        }
    }
    if beyond != 0 {
        let mut parts: Vec<License> = vec![license];
        parts.extend(others.iter().filter(|o| o.forbidden & beyond != 0).map(|o| (*o).clone()));
        license = conflicts::conflict("", parts, Warnings::RESTRICTED | Warnings::FIELDS_DIFFER);
        license.forbidden = beyond;
    }
    license
}

/// Whether an answer may grant something.
fn grants(license: &License) -> bool {
    !matches!(license.what, What::Nothing | What::Statement(_) | What::Impossible(_) | What::Unclear | What::Foreign(_))
}

/// Why another value leaves the licence in doubt, or limits it.
fn reason_of(license: &License, other: &License) -> Option<Reason> {
    if let Some(reason) = other.reason() {
        return match reason {
            Reason::Unread => (other.forbidden
                & (el::NC | el::ND)
                & !license.unit().map_or(0, super::super::data::tables::Unit::elements)
                != 0)
                .then_some(Reason::Unread),
            // the part of another licence does not limit this one
            Reason::Partial => (other.unit() == license.unit()).then_some(reason),
            _ => Some(reason),
        };
    }
    if grants(other) {
        return None;
    }
    [
        (Warnings::NEGATED, Reason::Negated),
        (Warnings::NOT_NOW, Reason::NotNow),
        (Warnings::DOUBT, Reason::Doubt),
        (Warnings::PART_ONLY, Reason::Partial),
    ]
    .into_iter()
    .find(|(warning, _)| other.warnings.has(*warning))
    .map(|(_, reason)| reason)
}

fn strength(reason: Reason) -> u8 {
    match reason {
        Reason::Partial => 0,
        Reason::Unread => 1,
        Reason::Doubt => 2,
        Reason::NotNow => 3,
        Reason::Negated => 4,
    }
}
