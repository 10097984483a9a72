//! Values of the target that no value of the source became, and values of records that became nothing.

use crate::columns::leaf::Leaves;
use crate::crosswalk::Crosswalk;
use crate::crosswalk::apply::Moved;
use crate::crosswalk::loss::{Key, Loss};
use crate::crosswalk::outcome::{Ids, Outcome, SILENT};
use crate::crosswalk::split::Parts;

/// Counts the values of records that have no item for a record of the target: none of them is there.
pub fn without_items(crosswalk: &Crosswalk, (leaves, ids): (&Leaves, &[Ids]), parts: &Parts, loss: &mut Loss) {
    let rules = crosswalk.rules.first().map(|(rules, _)| &rules.rules[..]).unwrap_or_default();
    let rule = rules.iter().find(|rule| rule.function == "each").map(|rule| rule.id.clone()).unwrap_or_default();
    let mut gone = vec![true; leaves.rows];
    parts.rows.iter().for_each(|row| gone[*row as usize] = false);
    for (leaf, ids) in leaves.leaves.iter().zip(ids) {
        let mut last = None;
        for at in (0..leaf.len()).filter(|at| gone[leaf.rows[*at] as usize] && ids.get(*at) < SILENT) {
            let key = Key {
                field: leaf.path.clone(),
                outcome: Outcome::Dropped,
                rule: rule.clone(),
                reason: "no medium".to_owned(),
            };
            let line = loss.lines.entry(key).or_default();
            line.count += 1;
            line.records += u64::from(last != Some(leaf.rows[at]));
            line.example(leaf.text(at));
            last = Some(leaf.rows[at]);
        }
    }
}

/// Counts the values of the target that rules said besides, by rule.
pub(super) fn besides(crosswalk: &Crosswalk, steps: &[Moved], loss: &mut Loss) {
    let Some(last) = steps.last() else { return };
    let mut count = |path: &str, step: usize, made: u16| {
        let rule = crosswalk.forward.get(step).and_then(|plan| plan.moves.get(usize::from(made)));
        let rule = rule.map(|made| made.rule.clone()).unwrap_or_default();
        *loss.besides.entry((path.to_owned(), "derived", rule)).or_default() += 1;
    };
    for (leaf, derived) in last.leaves.leaves.iter().zip(&last.derived) {
        for (_, made) in derived {
            count(&leaf.path, steps.len() - 1, *made);
        }
    }
    let [first, second] = steps else { return };
    if first.derived.iter().all(Vec::is_empty) {
        return;
    }
    // What the first step said besides, and the second one took over.
    let mut said: Vec<Option<u16>> = Vec::new();
    for (leaf, derived) in first.leaves.leaves.iter().zip(&first.derived) {
        let start = said.len();
        said.resize(start + leaf.len(), None);
        for (at, made) in derived {
            said[start + *at as usize] = Some(*made);
        }
    }
    for (leaf, ids) in second.leaves.leaves.iter().zip(&second.ids) {
        for at in 0..leaf.len() {
            let id = ids.get(at);
            let own = second.claims.all.partition_point(|claim| claim.first + claim.count <= id);
            let value = second.claims.all.get(own).filter(|_| id < SILENT).map(|claim| claim.of + (id - claim.first));
            if let Some(made) = value.and_then(|value| said.get(value as usize).copied().flatten()) {
                count(&leaf.path, 0, made);
            }
        }
    }
}
