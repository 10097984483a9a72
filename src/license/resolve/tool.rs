//! One claim held against the tables.

use crate::license::data::other;
use crate::license::data::tables::{Tool, Unit, Version, el, port_of};
use crate::license::recognise::claim::{Claim, Jurisdiction, Stated, Subject, Warnings};
use crate::license::resolve::conflicts::{nothing, place};
use crate::license::resolve::suggestions;
use crate::license::{License, Status, What};

/// The answer of one claim.
pub(crate) fn finalize(c: Claim) -> License {
    let mut license = nothing("");
    license.rule = c.rule;
    license.span = Some((place(c.start), place(c.end)));
    license.warnings = c.warnings;
    license.deed = c.deed;
    license.status = Status::Exact;
    license.what = match c.subject {
        Subject::Nothing => What::Nothing,
        Subject::CreativeCommons => {
            license.status = Status::Unversioned;
            license.warnings |= Warnings::VERSION_UNSTATED;
            What::CreativeCommons
        }
        Subject::Rights(n) => match c.version {
            Stated::Impossible(v) => {
                let id = other::RIGHTS.get(usize::from(n)).copied().unwrap_or_default();
                license.detail_mut().claimed = Some(format!("{id}/{v}"));
                license.detail_mut().suggestions.push(format!("{id} 1.0"));
                license.status = Status::Invalid;
                license.warnings |= Warnings::VERSION_NONEXISTENT;
                What::Impossible(None)
            }
            _ => What::Rights(n),
        },
        Subject::Europeana(n) => What::Europeana(n),
        Subject::Other(n) => What::Other(n),
        Subject::Family(n) => {
            license.status = Status::Unversioned;
            license.warnings |= Warnings::VERSION_UNSTATED;
            What::Family(n)
        }
        Subject::Statement(s) => {
            license.status = Status::Statement;
            What::Statement(s)
        }
        Subject::Tool(bits) => return tool(license, bits, &c.version, &c.jurisdiction),
    };
    license
}

fn tool(mut license: License, bits: u16, version: &Stated, jurisdiction: &Jurisdiction) -> License {
    let unit = Unit::from_elements(bits, version.known());
    let only = match bits {
        el::ZERO | el::MARK | el::CERT => Some(Version::V1_0),
        el::DEV => Some(Version::V2_0),
        _ => None,
    };
    let number = match version {
        Stated::Known(v) => Some(*v),
        Stated::Silent => only,
        Stated::Impossible(_) => None,
    };
    let port = match jurisdiction {
        Jurisdiction::NotStated if bits == el::CERT => port_of(b"us"),
        Jurisdiction::NotStated | Jurisdiction::Impossible(_) => None,
        Jurisdiction::Generic => Some(0),
        Jurisdiction::Port(p) => Some(*p),
    };
    let invalid = |license: License, warning| suggestions::invalid(license, bits, version, jurisdiction, warning);
    let Some(unit) = unit else {
        return invalid(license, Warnings::UNIT_NONEXISTENT);
    };
    if matches!(version, Stated::Impossible(_)) {
        return invalid(license, Warnings::VERSION_NONEXISTENT);
    }
    if matches!(jurisdiction, Jurisdiction::Impossible(_)) {
        return invalid(license, Warnings::PORT_NONEXISTENT);
    }
    if unit.withdrawn() {
        license.warnings |= Warnings::RETIRED;
    }
    let Some(v) = number else {
        license.status = Status::Unversioned;
        license.warnings |= Warnings::VERSION_UNSTATED;
        license.what = What::Unit(unit, None, port);
        return license;
    };
    let tool = Tool { unit, version: v, port: port.unwrap_or(0) };
    if !tool.exists() {
        let generic = Tool { port: 0, ..tool }.exists();
        return invalid(license, if generic { Warnings::PORT_NONEXISTENT } else { Warnings::VERSION_NONEXISTENT });
    }
    if *version == Stated::Silent {
        license.warnings |= Warnings::VERSION_IMPLIED;
    }
    license.what = What::Unit(unit, Some(v), port);
    license
}
