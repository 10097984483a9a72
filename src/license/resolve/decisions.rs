//! What a person decided about a text, held against what the text says.

use crate::license::License;
use crate::license::answer::permissions::Grant;
use crate::license::recognise::claim::Warnings;
use crate::license::resolve::conflicts;

impl License {
    /// The decision of a person about this text. The answer says that it was decided, and warns where
    /// the decision grants more than the text.
    #[must_use]
    pub fn decide(self, decision: License) -> License {
        let freer = decision.freer_than(&self);
        let mut license = decision.decided();
        license.raw = self.raw;
        license.span = None;
        if freer {
            license.warnings |= Warnings::DECIDED_FREER;
        }
        license
    }

    /// Whether this grants something that the other does not grant, or grants anything by a licence that the other
    /// does not state.
    #[must_use]
    pub fn freer_than(&self, other: &License) -> bool {
        let (own, their) = (self.permissions(), other.permissions());
        let more = |own, their| own == Grant::Yes && their != Grant::Yes;
        let grants = [own.commercial, own.derivatives, own.redistribution].contains(&Grant::Yes);
        more(own.commercial, their.commercial)
            || more(own.derivatives, their.derivatives)
            || more(own.redistribution, their.redistribution)
            || (grants && self.uri().is_some() && self.uri() != other.uri())
    }
}

/// Whether some of several answers deny what the best one grants, or ask for what it lets be.
pub(in crate::license) fn contradicted(best: &License, others: &[License]) -> bool {
    let p = best.permissions();
    let denied = |own, their| own == Grant::Yes && their == Grant::No;
    let asked = |own, their| own == Grant::No && their == Grant::Yes;
    others.iter().map(License::permissions).any(|q| {
        denied(p.commercial, q.commercial)
            || denied(p.derivatives, q.derivatives)
            || denied(p.redistribution, q.redistribution)
            || asked(p.share_alike, q.share_alike)
            || asked(p.attribution, q.attribution)
    })
}

/// The conflict of a best answer and those that contradict it.
pub(in crate::license) fn conflict(best: License, mut others: Vec<License>) -> License {
    others.insert(0, best);
    conflicts::conflict("", others, Warnings::FIELDS_DIFFER)
}

#[cfg(test)]
mod tests {
    use crate::license::{Basis, Field, Options, Policy, Status, parse, prefer};

    #[test]
    fn a_decision_is_marked_and_a_freer_one_warned_of() {
        let l = parse("Museum rights").decide(parse("CC BY 4.0"));
        assert_eq!((l.raw(), l.basis(), l.id().as_deref()), ("Museum rights", Basis::Decided, Some("cc-by-4.0")));
        assert!(l.warnings().contains(&"decided-freer"));
        let l = parse("CC BY 4.0").decide(parse("CC BY-NC"));
        assert!(!l.warnings().contains(&"decided-freer"));
    }

    #[test]
    fn a_decision_that_grants_nothing_is_not_freer() {
        for decision in ["All rights reserved", "http://rightsstatements.org/vocab/InC/1.0/"] {
            let license = parse("ask us").decide(parse(decision));
            assert!(!license.warnings().contains(&"decided-freer"), "{decision}");
        }
    }

    #[test]
    fn a_field_that_denies_is_heard_whatever_its_rank() {
        let values = [(Field::Rights, "https://creativecommons.org/licenses/by/4.0/"), (Field::Rights, "CC BY-NC")];
        let l = prefer(&values, Policy::Restrictive, Options::default());
        assert_eq!(l.status(), Status::Conflict);
    }

    #[test]
    fn a_name_that_asks_for_more_than_the_address_is_heard_and_one_that_asks_for_less_is_not() {
        let of = |address: &str, name: &str| {
            prefer(&[(Field::License, address), (Field::License, name)], Policy::Restrictive, Options::default())
        };
        let by = "http://creativecommons.org/licenses/by/3.0/";
        assert_eq!(of(by, "Attribution Share Alike").status(), Status::Conflict);
        assert_eq!(of("https://creativecommons.org/publicdomain/zero/1.0/", "CC BY").status(), Status::Conflict);
        assert_eq!(of(by, "CC BY").id().as_deref(), Some("cc-by-3.0"));
        assert_eq!(of("http://creativecommons.org/licenses/by-sa/3.0/", "CC BY").id().as_deref(), Some("cc-by-sa-3.0"));
    }
}
