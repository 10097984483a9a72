//! Rules that write one place: which says it, and which has nothing to say then.

use super::compile::{End, Move, Plan};
use super::function::When;
use super::rule::Rules;
use crate::error::Result;

/// Two rules that write one place, and neither says when.
pub(super) fn contradictions(rules: &Rules, plan: &Plan) -> Result<()> {
    for (at, made) in plan.moves.iter().enumerate().filter(|(_, made)| made.when.is_none()) {
        for end in made.to.iter().filter(|end| end.free().is_empty()) {
            let same = |other: &End| other.leaf == end.leaf && other.picks == end.picks;
            let before = plan.moves[..at].iter().find(|other| other.when.is_none() && other.to.iter().any(same));
            if let Some(before) = before
                && let Some(rule) = rules.rules.iter().find(|rule| rule.id == made.rule)
            {
                let message =
                    format!("{} and {} both write {}; say when, or otherwise", before.rule, made.rule, end.leaf);
                return Err(rule.error("nx_when", &message));
            }
        }
    }
    Ok(())
}

/// Marks the moves after which rules that say the same otherwise need not be asked.
pub(super) fn mark(plan: &mut Plan) {
    for at in 0..plan.moves.len() {
        plan.moves[at].answers = answers(&plan.moves[at], &plan.moves[at + 1..]);
    }
}

/// Whether rules that read a value otherwise would put it where this one puts it.
fn answers(made: &Move, later: &[Move]) -> bool {
    let place = |end: &End| (end.leaf.clone(), end.picks.clone(), end.domain);
    let places = |ends: &[End]| ends.iter().map(place).collect::<Vec<_>>();
    let reads = |other: &&Move| other.from.iter().any(|end| made.from.iter().any(|own| own.leaf == end.leaf));
    let says_otherwise = |other: &&Move| other.when.as_ref().is_some_and(When::is_otherwise);
    let others: Vec<&Move> = later.iter().filter(reads).filter(says_otherwise).collect();
    let same = |other: &&Move| {
        let from = made.from.iter().map(place).any(|own| [own] == places(&other.from)[..]);
        from && places(&other.to) == places(&made.to)
    };
    let always = made.when.is_none() && !made.derived && !made.drops;
    always && !others.is_empty() && others.iter().all(same)
}
