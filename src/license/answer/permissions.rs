//! What a licence permits, requires and forbids.

use crate::license::data::tables::{Unit, el, port_of};
use crate::license::recognise::claim::{Statement, Warnings};
use crate::license::{License, Status, What};

/// An answer about one permission or duty.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum Grant {
    /// The text says no.
    No,
    /// Only in part, as with the sampling licences.
    Restricted,
    /// The text does not say.
    Unknown,
    /// The text says yes.
    Yes,
}

impl Grant {
    /// The name of the answer.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Grant::No => "no",
            Grant::Restricted => "restricted",
            Grant::Unknown => "unknown",
            Grant::Yes => "yes",
        }
    }

    /// What two texts that both bind leave.
    fn both(self, other: Grant) -> Grant {
        self.min(other)
    }

    /// A duty binds when either text asks for it.
    fn either(self, other: Grant) -> Grant {
        match (self, other) {
            (Grant::Yes, _) | (_, Grant::Yes) => Grant::Yes,
            (Grant::No, Grant::No) => Grant::No,
            _ => Grant::Unknown,
        }
    }
}

/// Permissions and duties.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Permissions {
    /// May it be used commercially?
    pub commercial: Grant,
    /// May it be changed and the result shared?
    pub derivatives: Grant,
    /// May copies be shared?
    pub redistribution: Grant,
    /// Must the author be named?
    pub attribution: Grant,
    /// Must adaptations carry the same terms?
    pub share_alike: Grant,
    /// Must the licence be named?
    pub notice: Grant,
}

impl Permissions {
    /// Nothing is known.
    pub const UNKNOWN: Permissions = Permissions {
        commercial: Grant::Unknown,
        derivatives: Grant::Unknown,
        redistribution: Grant::Unknown,
        attribution: Grant::Unknown,
        share_alike: Grant::Unknown,
        notice: Grant::Unknown,
    };

    fn intersection(self, other: Permissions) -> Permissions {
        Permissions {
            commercial: self.commercial.both(other.commercial),
            derivatives: self.derivatives.both(other.derivatives),
            redistribution: self.redistribution.both(other.redistribution),
            attribution: self.attribution.either(other.attribution),
            share_alike: self.share_alike.either(other.share_alike),
            notice: self.notice.either(other.notice),
        }
    }
}

fn yes(flag: bool) -> Grant {
    if flag { Grant::Yes } else { Grant::No }
}

pub(crate) fn of_unit(unit: Unit) -> Permissions {
    let bits = unit.elements();
    let sampling = bits & el::SAMPLING != 0;
    let commercial = if bits & el::NC != 0 {
        Grant::No
    } else if sampling || bits & el::DEV != 0 {
        Grant::Restricted
    } else {
        Grant::Yes
    };
    let plus = bits & el::PLUS != 0;
    Permissions {
        commercial,
        derivatives: if bits & el::ND != 0 {
            Grant::No
        } else if sampling {
            Grant::Restricted
        } else {
            Grant::Yes
        },
        // sampling forbids sharing whole copies, the plus forms allow it without gain
        redistribution: if sampling && !plus {
            Grant::No
        } else if sampling || bits & el::DEV != 0 {
            Grant::Restricted
        } else {
            Grant::Yes
        },
        attribution: yes(bits & el::BY != 0 || sampling),
        share_alike: yes(bits & el::SA != 0),
        notice: yes(!unit.public_domain()),
    }
}

impl License {
    /// What the text permits and requires. The parts of a choice or conflict
    /// are taken together: nothing is granted that one of them does not grant.
    #[must_use]
    pub fn permissions(&self) -> Permissions {
        match self.what {
            What::Unit(..) if self.warnings.has(Warnings::UNCLEAR) => Permissions::UNKNOWN,
            What::Unit(unit, _, port) => {
                let mut p = of_unit(unit);
                // the two sources disagree about Scotland: its RDF permits no derivatives
                if port.is_some() && port == port_of(b"scotland") && p.derivatives == Grant::Yes {
                    p.derivatives = Grant::Unknown;
                }
                self.restrict(p)
            }
            What::Rights(n) => {
                let mut p = Permissions::UNKNOWN;
                // InC-NC and NoC-NC forbid commercial use in their ccREL flags
                if matches!(n, 3 | 6) {
                    p.commercial = Grant::No;
                }
                p
            }
            What::Statement(Statement::AllRightsReserved) => Permissions {
                commercial: Grant::No,
                derivatives: Grant::No,
                redistribution: Grant::No,
                ..Permissions::UNKNOWN
            },
            What::Several => {
                let mut parts = self.parts().iter().map(License::permissions);
                let first = parts.next().unwrap_or(Permissions::UNKNOWN);
                self.restrict(parts.fold(first, Permissions::intersection))
            }
            _ => self.restrict(Permissions::UNKNOWN),
        }
    }

    /// Takes away what words beside the licence forbid.
    fn restrict(&self, mut p: Permissions) -> Permissions {
        if self.warnings.has(Warnings::PART_ONLY) {
            for grant in [&mut p.commercial, &mut p.derivatives, &mut p.redistribution] {
                if *grant != Grant::No {
                    *grant = Grant::Unknown;
                }
            }
        }
        let bits = self.forbidden;
        if bits & el::ALL != 0 {
            p.commercial = Grant::No;
            p.derivatives = Grant::No;
            p.redistribution = Grant::No;
        }
        if bits & el::NC != 0 {
            p.commercial = p.commercial.min(Grant::No);
        }
        if bits & el::ND != 0 {
            p.derivatives = p.derivatives.min(Grant::No);
        }
        if bits & el::SA != 0 {
            p.share_alike = Grant::Yes;
        }
        p
    }

    /// ccREL `permits`: what the tool allows.
    #[must_use]
    pub fn permits(&self) -> &'static [&'static str] {
        let Some(unit) = self.granting_unit() else {
            return &[];
        };
        let bits = unit.elements();
        let scotland = matches!(self.what, What::Unit(_, _, Some(p)) if Some(p) == port_of(b"scotland"));
        if bits & el::NC != 0 && bits & el::SAMPLING != 0 {
            &["DerivativeWorks", "Distribution", "Reproduction"]
        } else if bits & el::PLUS != 0 {
            &["DerivativeWorks", "Reproduction", "Sharing"]
        } else if bits & el::SAMPLING != 0 {
            &["DerivativeWorks", "Reproduction"]
        } else if bits & el::ND != 0 || scotland {
            &["Distribution", "Reproduction"]
        } else {
            &["DerivativeWorks", "Distribution", "Reproduction"]
        }
    }

    /// ccREL `requires`: what the tool asks for.
    #[must_use]
    pub fn requires(&self) -> &'static [&'static str] {
        let Some(unit) = self.granting_unit() else {
            return &[];
        };
        let bits = unit.elements();
        match (bits & (el::BY | el::SAMPLING) != 0, bits & el::SA != 0) {
            _ if unit.public_domain() => &[],
            (true, true) => &["Attribution", "Notice", "ShareAlike"],
            (true, false) => &["Attribution", "Notice"],
            (false, true) => &["Notice", "ShareAlike"],
            (false, false) => &["Notice"],
        }
    }

    /// ccREL `prohibits`: what the tool forbids.
    #[must_use]
    pub fn prohibits(&self) -> &'static [&'static str] {
        match self.what {
            What::Unit(unit, ..) if unit.elements() & el::NC != 0 => &["CommercialUse"],
            What::Unit(Unit::DevNations, ..) => &["HighIncomeNationUse"],
            What::Rights(3 | 6) => &["CommercialUse"],
            _ => &[],
        }
    }

    fn granting_unit(&self) -> Option<Unit> {
        let sure = matches!(self.status, Status::Exact | Status::Unversioned) && !self.warnings.has(Warnings::UNCLEAR);
        self.unit().filter(|_| sure)
    }
}
