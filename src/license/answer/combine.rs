//! Works under several licences in one: remixing, adapting, combining.

use crate::license::answer::check::Verdict;
use crate::license::data::tables::{Unit, Version, el, rows};
use crate::license::recognise::claim::Warnings;
use crate::license::{License, Status};

/// What several licences leave together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Combined {
    /// Whether they can be combined.
    pub verdict: Verdict,
    /// The reason as a stable code.
    pub reason: &'static str,
    /// The first two (by number) that can't be combined, or are not known to.
    pub pair: Option<(usize, usize)>,
    /// The unit with the effective terms, where all are known.
    pub unit: Option<Unit>,
    /// The row of the table used.
    pub row: Option<String>,
}

/// The key of a licence in the charts; only units that stand in them.
fn key(license: &License) -> Option<&'static str> {
    if !matches!(license.status(), Status::Exact | Status::Unversioned) || license.warnings.has(Warnings::UNCLEAR) {
        return None;
    }
    Some(match license.unit()? {
        Unit::Mark => "pdm",
        Unit::Zero => "cc0",
        Unit::ByNdNc | Unit::ByNcNd => "by-nc-nd",
        u @ (Unit::By | Unit::BySa | Unit::ByNd | Unit::ByNc | Unit::ByNcSa) => u.code(),
        _ => return None,
    })
}

/// May works under these two licences be remixed into one?
#[must_use]
pub fn remix(a: &License, b: &License) -> Combined {
    let mut out = Combined { verdict: Verdict::Unknown, reason: "not-in-table", pair: None, unit: None, row: None };
    let (Some(x), Some(y)) = (key(a), key(b)) else {
        return out;
    };
    out.row = Some(format!("remix: {x} + {y}"));
    let found = rows::<3>(include_str!("../data/remix.tsv")).find(|r| r[0] == x && r[1] == y).map(|r| r[2]);
    match found {
        Some("yes") => {
            let bits = [a, b].iter().filter_map(|l| l.unit()).fold(0, |e, u| e | u.elements());
            (out.verdict, out.reason) = versions(a, b);
            out.unit = Unit::from_elements(if bits & el::FOUR == 0 { bits } else { bits & el::FOUR }, None);
        }
        Some(_) => (out.verdict, out.reason) = (Verdict::No, "incompatible"),
        None => {}
    }
    out
}

/// Share-alike asks for the same unit in the same or a later version; 1.0 for itself.
fn versions(a: &License, b: &License) -> (Verdict, &'static str) {
    let shared = |l: &License| l.unit().is_some_and(|u| u.elements() & el::SA != 0);
    if !(shared(a) && shared(b)) {
        return (Verdict::Yes, "compatible");
    }
    match (a.version(), b.version()) {
        (Some(x), Some(y)) if x == y => (Verdict::Yes, "compatible"),
        (Some(x), Some(y)) if x == Version::V1_0 || y == Version::V1_0 => (Verdict::No, "version-1.0-share-alike"),
        (Some(_), Some(_)) => (Verdict::Yes, "later-version"),
        _ => (Verdict::Conditional, "version-unstated"),
    }
}

/// The licences that may be put on an adaptation: unit and standing
/// (`recommended`, `technically-permitted-not-recommended`, `not-permitted`).
#[must_use]
pub fn adapter(license: &License) -> Vec<(&'static str, &'static str)> {
    let Some(k) = key(license) else {
        return Vec::new();
    };
    let k = if matches!(k, "pdm" | "cc0") { "pd" } else { k };
    rows::<3>(include_str!("../data/adapter.tsv")).filter(|r| r[0] == k).map(|r| (r[1], r[2])).collect()
}

/// The terms of a work made of all these, or the pair that can't be combined.
#[must_use]
pub fn combine(licenses: &[License]) -> Combined {
    let mut out = Combined { verdict: Verdict::Yes, reason: "compatible", pair: None, unit: None, row: None };
    if licenses.is_empty() {
        return Combined { verdict: Verdict::Unknown, reason: "nothing-stated", ..out };
    }
    for (i, a) in licenses.iter().enumerate() {
        for (j, b) in licenses.iter().enumerate().skip(i + 1) {
            let r = remix(a, b);
            if worse(r.verdict) > worse(out.verdict) {
                out = Combined { pair: Some((i, j)), unit: None, ..r };
            }
        }
    }
    if licenses.iter().any(|l| key(l).is_none()) && out.verdict != Verdict::No {
        return Combined { verdict: Verdict::Unknown, reason: "not-in-table", unit: None, ..out };
    }
    if matches!(out.verdict, Verdict::Yes | Verdict::Conditional) {
        let bits = licenses.iter().filter_map(License::unit).fold(0, |e, u| e | u.elements());
        let bits = if bits & el::FOUR != 0 {
            bits & el::FOUR
        } else if bits & el::MARK != 0 && bits & el::ZERO != 0 {
            el::ZERO
        } else {
            bits
        };
        out.unit = Unit::from_elements(bits, None);
    }
    out
}

fn worse(v: Verdict) -> u8 {
    match v {
        Verdict::Yes => 0,
        Verdict::Conditional => 1,
        Verdict::Unknown => 2,
        Verdict::No => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::license::parse;

    #[test]
    fn charts() {
        let r = |a: &str, b: &str| remix(&parse(a), &parse(b)).verdict;
        assert_eq!(r("CC BY 4.0", "CC BY-SA 3.0"), Verdict::Yes);
        assert_eq!(r("CC BY-SA 4.0", "CC BY-NC-SA 4.0"), Verdict::No);
        assert_eq!(r("CC BY 4.0", "CC BY-ND 4.0"), Verdict::No);
        assert_eq!(r("CC BY-SA 1.0", "CC BY-SA 4.0"), Verdict::No);
        assert_eq!(r("CC BY", "public domain"), Verdict::Unknown);
        let list: Vec<_> = ["CC0", "CC BY 4.0", "CC BY-NC 3.0"].iter().map(|t| parse(t)).collect();
        assert_eq!(combine(&list).unit, Some(Unit::ByNc));
        let list: Vec<_> = ["CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC-SA 4.0"].iter().map(|t| parse(t)).collect();
        assert_eq!(combine(&list).pair, Some((1, 2)));
        assert!(adapter(&parse("CC BY-SA 4.0")).contains(&("by-sa", "recommended")));
    }
}
