//! Values of the hub that no rule of the next step reads: what became of them is told, but nobody
//! makes them.

use super::compile::{Move, Plan};
use super::function::{Shape, Step};
use crate::value;

/// Marks the moves of a step from list to list that fill a list of their own of which `next` reads
/// nothing. Each value has its item there, so that none can be in the way of another.
pub fn mark(plan: &mut Plan, next: &Plan) {
    for at in 0..plan.moves.len() {
        if !is_unread(plan, next, at) {
            continue;
        }
        let made = &mut plan.moves[at];
        made.unread = true;
        if let [Step::Call(function, arguments, _)] = &made.steps[..]
            && arguments.is_empty()
            && !made.reversed
        {
            // It is enough to know that the value is taken.
            made.stays = made.stays.or(value::takes(function));
        }
    }
}

fn is_unread(plan: &Plan, next: &Plan, at: usize) -> bool {
    let own = &plan.moves[at];
    let [from] = &own.from[..] else { return false };
    let Some(list) = own.to.first().map(|end| outer(&end.leaf)) else { return false };
    let one_list = |picks: usize, free: usize| picks == 1 && free == 1;
    let many = own.steps.iter().any(|step: &Step| *step.shape() == Shape::Many);
    let plain = !own.drops && !own.gathers && !many && own.loss.is_none() && from.scalar.is_some();
    let stands = |made: &Move| made.to.iter().any(|end| outer(&end.leaf) == list);
    plain
        && one_list(from.picks.len(), from.free().len())
        && own
            .to
            .iter()
            .all(|end| outer(&end.leaf) == list && end.scalar.is_some() && one_list(end.picks.len(), end.free().len()))
        && !plan.moves.iter().enumerate().any(|(other, made)| other != at && stands(made))
        && !next.moves.iter().any(|made| made.from.iter().any(|end| outer(&end.leaf) == list))
}

/// The outermost list or group that a leaf stands in.
fn outer(leaf: &str) -> &str {
    leaf.split(['.', '[']).next().unwrap_or_default()
}
