//! Tools that exist, for a text that names one that does not.

use crate::license::answer::names::label_of;
use crate::license::data::tables::{Tool, Unit, Version, el, port_code};
use crate::license::recognise::claim::{Jurisdiction, Stated, Warnings};
use crate::license::{License, Status, What};

/// An answer for an impossible tool: what was claimed, and what is near.
pub(crate) fn invalid(
    mut license: License,
    bits: u16,
    version: &Stated,
    jurisdiction: &Jurisdiction,
    warning: Warnings,
) -> License {
    let unit = Unit::from_elements(bits, version.known());
    let mut claimed = unit.map_or_else(|| codes(bits), |u| u.code().to_owned());
    match version {
        Stated::Silent => {}
        Stated::Known(v) => claimed = format!("{claimed}/{}", v.text()),
        Stated::Impossible(v) => claimed = format!("{claimed}/{v}"),
    }
    match jurisdiction {
        Jurisdiction::Port(p) => claimed = format!("{claimed}/{}", port_code(*p)),
        Jurisdiction::Impossible(p) => claimed = format!("{claimed}/{p}"),
        Jurisdiction::Generic | Jurisdiction::NotStated => {}
    }
    license.status = Status::Invalid;
    license.what = What::Impossible(unit);
    license.warnings |= warning;
    license.deed = None;
    let detail = license.detail_mut();
    detail.suggestions = near(bits, version, jurisdiction);
    detail.claimed = Some(claimed);
    license
}

fn codes(bits: u16) -> String {
    let mut parts = Vec::new();
    for (bit, code) in [
        (el::BY, "by"),
        (el::NC, "nc"),
        (el::ND, "nd"),
        (el::SA, "sa"),
        (el::SAMPLING, "sampling"),
        (el::PLUS, "plus"),
        (el::DEV, "devnations"),
        (el::ZERO, "zero"),
        (el::MARK, "mark"),
        (el::CERT, "certification"),
    ] {
        if bits & bit != 0 {
            parts.push(code);
        }
    }
    parts.join("-")
}

/// At most four labels: never less restrictive in its elements than the claim.
fn near(bits: u16, version: &Stated, jurisdiction: &Jurisdiction) -> Vec<String> {
    let major = match version {
        Stated::Known(v) => v.text().as_bytes().first().copied(),
        Stated::Impossible(t) => t.as_bytes().first().copied(),
        Stated::Silent => None,
    };
    let port = match jurisdiction {
        Jurisdiction::Port(p) => Some(*p),
        _ => None,
    };
    let bits = if bits & el::FOUR == bits && bits & el::BY == 0 { bits | el::BY } else { bits };
    let mut list: Vec<(u8, Tool)> = Vec::new();
    for v in [Version::V4_0, Version::V3_0, Version::V2_5, Version::V2_1, Version::V2_0, Version::V1_0] {
        let Some(unit) = Unit::from_elements(bits, Some(v)) else {
            continue;
        };
        let same = v.text().as_bytes().first().copied() == major;
        let generic = Tool { unit, version: v, port: 0 };
        if generic.exists() {
            let rank = if version.known() == Some(v) {
                0
            } else if same {
                1
            } else if v == Version::V4_0 {
                3
            } else {
                4
            };
            list.push((rank, generic));
        }
        if let Some(p) = port {
            let ported = Tool { unit, version: v, port: p };
            if ported.exists() {
                list.push((2, ported));
            }
        }
    }
    list.sort_by_key(|(rank, _)| *rank);
    list.into_iter().take(4).map(|(_, t)| label_of(t)).collect()
}

#[cfg(test)]
mod tests {
    use crate::license::parse;

    #[test]
    fn suggestions_exist_and_restrict_no_less() {
        assert_eq!(parse("CC0 4.0").suggestions(), ["CC0 1.0"]);
        let l = parse("CC BY-SA 4.0 NL");
        assert_eq!(l.suggestions()[0], "CC BY-SA 4.0");
        assert!(l.suggestions().contains(&"CC BY-SA 3.0 NL".to_owned()));
        assert!(parse("CC BY-NC 3.52").suggestions().iter().all(|s| s.starts_with("CC BY-NC ")));
    }
}
