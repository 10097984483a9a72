//! One answer from several values and fields.

use crate::license::answer::permissions::Grant;
use crate::license::recognise::claim::{Statement, Warnings};
use crate::license::resolve::decisions;
use crate::license::resolve::{binding, conflicts};
use crate::license::{Basis, License, Options, Status, What, parse_with};

/// The kind of field a value stands in, best first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[non_exhaustive]
pub enum Field {
    /// A field for licences: `dcterms:license`, `cc:license`, `xmpRights:WebStatement`, `edm:rights`.
    License,
    /// A field for rights of any kind: `dc:rights`.
    Rights,
    /// A credit or copyright line, read for holders and codes only.
    Credit,
    /// A field that carries nothing, such as NBA's `licenseType`.
    Ignored,
}

/// Which of several equal candidates comes first.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Policy {
    /// The one that permits least.
    #[default]
    Restrictive,
    /// The first that was given.
    First,
    /// The one that permits most.
    Permissive,
    /// Public domain, then BY before BY-SA, newer before older.
    Priority,
}

/// Reads several values and chooses. The candidates that were not chosen are
/// the [`License::parts`] of the answer; all rights reserved beside an open
/// licence is a conflict.
#[must_use]
pub fn prefer(values: &[(Field, &str)], policy: Policy, options: Options) -> License {
    let mut read: Vec<(Field, License)> =
        values.iter().filter(|(f, _)| *f != Field::Ignored).map(|(f, v)| (*f, parse_with(v, options))).collect();
    // values without a licence are kept for what they restrict
    let silent: Vec<License> = read.extract_if(.., |(_, l)| l.status() == Status::None).map(|r| r.1).collect();
    if read.is_empty() {
        return conflicts::none("");
    }
    let reserved = |l: &License| matches!(l.what, What::Statement(Statement::AllRightsReserved));
    let granting = |l: &License| l.permissions().redistribution == Grant::Yes;
    if read.iter().any(|(_, l)| reserved(l)) && read.iter().any(|(_, l)| granting(l)) {
        return conflicts::conflict("", read.into_iter().map(|r| r.1).collect(), Warnings::RESERVED);
    }
    let holder = read.iter().find_map(|(_, l)| l.holder().map(str::to_owned));
    // a stable sort: equal candidates stay in the order given
    read.sort_by_key(|(f, l)| rank(*f, l));
    let best = read.first().map_or((0, Field::Rights, 0), |(f, l)| rank(*f, l));
    let equal = read.iter().take_while(|(f, l)| rank(*f, l) == best).count();
    let differ = read[1..].iter().any(|(_, l)| l.id() != read[0].1.id());
    let chosen = (0..equal)
        .min_by_key(|n| {
            let l = &read[*n].1;
            match policy {
                Policy::First => 0,
                Policy::Restrictive => freedom(l),
                Policy::Permissive => -freedom(l),
                Policy::Priority => priority(l),
            }
        })
        .unwrap_or(0);
    let mut license = read.remove(chosen).1;
    let others: Vec<License> = read.into_iter().map(|r| r.1).collect();
    if policy == Policy::Restrictive && decisions::contradicted(&license, &others) {
        return decisions::conflict(license, others);
    }
    if policy != Policy::Permissive {
        license = binding::bind(license, &others.iter().chain(&silent).collect::<Vec<_>>());
    }
    if differ && matches!(license.status(), Status::Exact | Status::Unversioned | Status::Invalid | Status::Statement) {
        license.warnings |= Warnings::FIELDS_DIFFER;
        license.detail_mut().parts.extend(others);
    }
    match holder {
        Some(h) if license.holder().is_none() => license.with_holder(&h),
        _ => license,
    }
}

/// Licences of the item before those of a part, unclear ones and statements; licence fields before rights
/// fields; within them addresses, codes, words.
fn rank(field: Field, license: &License) -> (u8, Field, u8) {
    let clarity = match license.status() {
        Status::Partial => 1,
        Status::Unclear => 2,
        Status::Statement => 3,
        _ => 0,
    };
    (clarity, field, 9 - license.rule().rank())
}

/// A rank of what a licence permits: more is freer.
fn freedom(license: &License) -> i32 {
    let p = license.permissions();
    let grant = |g: Grant| match g {
        Grant::Yes => 3,
        Grant::Restricted => 1,
        Grant::Unknown | Grant::No => 0,
    };
    let duty = |g: Grant| i32::from(g == Grant::No);
    let exact = i32::from(license.status() == Status::Exact && license.basis() != Basis::Assumed);
    (grant(p.commercial) + grant(p.derivatives) + grant(p.redistribution)) * 100
        + (duty(p.share_alike) * 2 + duty(p.attribution)) * 10
        + exact
}

fn priority(license: &License) -> i32 {
    let unit = match license.unit() {
        Some(u) if u.public_domain() => 0,
        Some(crate::license::Unit::By) => 1,
        Some(crate::license::Unit::BySa) => 2,
        Some(_) => 3,
        None => 4,
    };
    unit * 10 - license.version().map_or(0, |v| v as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn preference() {
        let p = |v: &[(Field, &str)]| prefer(v, Policy::default(), Options::default());
        let l = p(&[(Field::Rights, "© X"), (Field::License, "CC BY 4.0")]);
        assert_eq!((l.id().as_deref(), l.holder()), (Some("cc-by-4.0"), Some("X")));
        let l = p(&[(Field::Rights, "CC BY 4.0"), (Field::Rights, "CC BY-NC 4.0")]);
        assert_eq!(l.id().as_deref(), Some("cc-by-nc-4.0"));
        let l = p(&[(Field::Ignored, "Copyright"), (Field::License, "CC0")]);
        assert_eq!((l.id().as_deref(), l.status()), (Some("cc0-1.0"), Status::Exact));
        let l = p(&[(Field::License, "CC0"), (Field::Rights, "All rights reserved")]);
        assert_eq!(l.status(), Status::Conflict);
        assert_eq!(p(&[(Field::Rights, "")]).status(), Status::None);
        let two = [(Field::Rights, "CC BY-SA 4.0"), (Field::Rights, "CC0")];
        assert_eq!(prefer(&two, Policy::Priority, Options::default()).id().as_deref(), Some("cc0-1.0"));
    }
}
