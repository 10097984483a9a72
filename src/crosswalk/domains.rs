//! Which values of a plan are said besides, and which lists of the target they share.

use super::compile::{Domain, Plan};
use super::function::{Shape, When};
use super::path::Pick;
use crate::value::Class;

/// Marks the moves that say something besides: their functions have no inverse, and another rule keeps
/// the value.
pub(super) fn mark_derived(plan: &mut Plan) {
    let kept: Vec<(usize, String)> = plan
        .moves
        .iter()
        .enumerate()
        .filter(|(_, made)| !made.drops)
        .flat_map(|(at, made)| made.from.iter().map(move |end| (at, end.leaf.clone())))
        .collect();
    for at in 0..plan.moves.len() {
        let made = &plan.moves[at];
        let one_way = !made.steps.is_empty() && made.steps.iter().any(|step| step.class() == Class::OneWay);
        let elsewhere = made.from.iter().any(|end| kept.iter().any(|(other, leaf)| *other != at && *leaf == end.leaf));
        plan.moves[at].derived = one_way && elsewhere && !made.drops;
    }
}

/// Gives every end in a free list its domain.
pub(super) fn assign(plan: &mut Plan) {
    let mut besides: Vec<(usize, String)> = Vec::new();
    for made in &mut plan.moves {
        let Some((from, leaf)) = made.from.first().map(|end| (end.list.clone(), end.leaf.clone())) else { continue };
        let grouped = made.from.iter().any(|end| end.leaf.len() > end.list.len() && end.list.ends_with("[]"));
        for end in &mut made.to {
            let Some(level) = end.free().first().copied() else { continue };
            let key = matches!(end.picks[level], Pick::Where(..));
            let many = made.gathers || made.steps.iter().any(|step| *step.shape() == Shape::Many);
            let carried = made.from.first().map_or(0, |from| from.carried(end.free().len()).len());
            let deep = carried > end.free().len();
            let exact = grouped && end.leaf.len() > end.list.len() && !many && !deep;
            // Two leaves of one list that fill one leaf follow each other; one leaf keeps its order, and
            // so do members of a group that fill different places of a group, or one where another is not.
            let value = end.scalar.is_some();
            let fixed = end.picks.iter().any(|pick| matches!(pick, Pick::At(_)));
            let beside = made.when.as_ref().is_some_and(When::is_otherwise);
            let aligned = exact && (fixed || beside);
            let apart = |domain: &Domain| value && !aligned && domain.leaf != leaf && domain.leaves.contains(&end.leaf);
            let own = |domain: &Domain| domain.into == end.list && domain.from == from && !apart(domain);
            let at = plan.domains.iter().position(own).unwrap_or_else(|| {
                let into = end.list.clone();
                plan.domains.push(Domain {
                    into,
                    from: from.clone(),
                    leaf: leaf.clone(),
                    keyed: false,
                    joins: true,
                    leaves: Vec::new(),
                    exact,
                });
                plan.domains.len() - 1
            });
            plan.domains[at].exact &= exact;
            plan.domains[at].keyed |= key;
            plan.domains[at].joins &= matches!(end.picks[level], Pick::With(_));
            if value {
                if made.derived {
                    besides.push((at, end.leaf.clone()));
                } else {
                    plan.domains[at].leaves.push(end.leaf.clone());
                }
            }
            end.domain = Some(at);
        }
    }
    let alone: Vec<bool> = plan.domains.iter().map(|domain| domain.leaves.is_empty()).collect();
    for (at, leaf) in besides.into_iter().filter(|(at, _)| alone[*at]) {
        plan.domains[at].leaves.push(leaf);
    }
}
