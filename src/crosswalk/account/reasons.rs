//! Why a value is not in the target.

use super::Fate;
use crate::columns::leaf::{Leaf, Leaves};
use crate::crosswalk::apply::left_out;
use crate::crosswalk::compile::{Move, Plan};
use crate::crosswalk::outcome::Reasons;
use crate::crosswalk::path::Pick;

/// The reason of a value of the hub that no rule of the target reads.
pub(super) const NO_PLACE: &str = "the target has no place for it";

/// Gives the values of a leaf that no rule took the reason why: none reads the leaf, those that do read
/// another item or another language, or it is no value they are for.
pub(super) fn explain(
    fates: &mut [Fate],
    leaves: &Leaves,
    leaf: &Leaf,
    plan: &Plan,
    lang: &[String],
    (reasons, none): (&mut Reasons, &str),
) {
    if !fates.contains(&Fate::UNREAD) {
        return;
    }
    let reads = |made: &&Move| made.from.iter().any(|end| end.leaf == leaf.path);
    let ends = || {
        // A rule for other records is none for this one.
        let moves = plan.moves.iter().filter(reads).filter(|made| !made.drops && made.record.is_empty());
        moves.flat_map(|made| &made.from).filter(|end| end.leaf == leaf.path && end.scalar.is_some())
    };
    // Ends of items of another kind do not read this one.
    let keyed = |pick: &Pick| matches!(pick, Pick::Where(..) | Pick::With(_));
    let ends = || ends().filter(|end| !end.picks.iter().any(keyed));
    let reason = if ends().next().is_none() { none } else { "no rule is for such a value" };
    let other = Fate::unread(reasons.number(reason));
    let by_language = ends().any(|end| end.picks.contains(&Pick::Preferred));
    let one = if by_language { "only one language fits" } else { "only one value fits" };
    let one = Fate::unread(reasons.number(one));
    let left = left_out(leaves, leaf, ends(), lang);
    for (at, fate) in fates.iter_mut().enumerate().filter(|(_, fate)| **fate == Fate::UNREAD) {
        *fate = if left.as_ref().is_some_and(|left| left[at]) { one } else { other };
    }
}
