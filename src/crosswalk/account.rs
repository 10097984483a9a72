//! From claims to the account: one outcome a value.

use super::apply::Moved;
use super::compile::Plan;
use super::loss::{Key, Loss};
use super::outcome::{DERIVED, Ids, Outcome, Reasons, SILENT};
use super::split::Parts;
use super::{Crosswalk, sequence};
use crate::columns::leaf::Leaves;

/// What became of a value so far: outcome, reason, rule.
type Fate = (Outcome, u16, Option<(u8, u16)>);

/// How often a fate befell the values of a leaf.
struct Count {
    fate: Fate,
    values: u64,
    records: u64,
    /// The record that was counted last.
    row: u32,
    examples: Vec<usize>,
}

/// Counts what became of every value.
pub fn account(crosswalk: &Crosswalk, parts: &Parts, steps: &[Moved], reasons: &Reasons, loss: &mut Loss) {
    let count = loss.values as usize;
    let mut fates: Vec<Fate> = vec![(Outcome::Passthrough, 0, None); count];
    if let Some(first) = steps.first() {
        let later = steps.get(1).map(|second| second_fates(first, second, &crosswalk.forward[1]));
        for (number, claim) in first.claims.iter().enumerate() {
            let mut fate: Fate = (claim.outcome, claim.reason, Some((0, claim.made)));
            if claim.outcome <= Outcome::Passthrough
                && let Some(later) = &later
                && later[number].0 > fate.0
            {
                fate = later[number];
            }
            let best = &mut fates[claim.of as usize];
            if best.2.is_none() || fate.0 < best.0 {
                *best = fate;
            }
        }
    }
    lines(crosswalk, parts, &fates, reasons, loss);
    besides(crosswalk, steps, loss);
}

/// For each claim of the first step the fate of what it wrote: the worst of its values, each by
/// its best rule.
fn second_fates(first: &Moved, second: &Moved, plan: &Plan) -> Vec<Fate> {
    let numbers = sequence(&first.leaves);
    let total = first.leaves.leaves.iter().map(super::super::columns::leaf::Leaf::len).sum();
    let mut values: Vec<Fate> = vec![(Outcome::Passthrough, 0, None); total];
    for claim in &second.claims {
        let fate = (claim.outcome, claim.reason, Some((1, claim.made)));
        let best = &mut values[claim.of as usize];
        if best.2.is_none() || fate.0 < best.0 {
            *best = fate;
        }
    }
    let mut fates: Vec<Option<Fate>> = vec![None; first.claims.len()];
    let mut worst = |claim: u32, fate: Fate| {
        if let Some(own) = fates.get_mut(claim as usize) {
            *own = Some(own.map_or(fate, |own| if fate.0 > own.0 { fate } else { own }));
        }
    };
    for ((ids, numbers), leaf) in first.ids.iter().zip(&numbers).zip(&first.leaves.leaves) {
        for at in 0..leaf.len() {
            worst(ids.get(at), values[numbers.get(at) as usize]);
        }
    }
    for (leaf, claim) in &first.langs {
        let kept = plan.moves.iter().any(|made| made.keeps_lang && made.from.iter().any(|end| end.leaf == *leaf));
        worst(*claim, (if kept { Outcome::Mapped } else { Outcome::Passthrough }, 0, None));
    }
    for (claim, count) in &first.shared {
        if let Some(fate) = fates[*claim as usize] {
            (1..*count).for_each(|next| fates[(claim + next) as usize] = Some(fate));
        }
    }
    fates.into_iter().map(|fate| fate.unwrap_or((Outcome::Passthrough, 0, None))).collect()
}

fn lines(crosswalk: &Crosswalk, parts: &Parts, fates: &[Fate], reasons: &Reasons, loss: &mut Loss) {
    let mut seen = vec![false; fates.len()];
    for (leaf, ids) in parts.leaves.leaves.iter().zip(&parts.ids) {
        if matches!(ids, Ids::None) {
            continue;
        }
        let ruled = crosswalk.forward.first().is_none_or(|plan| plan.reads(&leaf.path));
        // One line a fate of this leaf; a handful.
        let mut counts: Vec<Count> = Vec::new();
        let mut last = 0;
        for at in 0..leaf.len() {
            let id = ids.get(at);
            if id >= SILENT || std::mem::replace(&mut seen[id as usize], true) {
                continue;
            }
            let fate = fates[id as usize];
            if counts.get(last).is_none_or(|count| count.fate != fate) {
                last = counts.iter().position(|count| count.fate == fate).unwrap_or(counts.len());
                if last == counts.len() {
                    counts.push(Count { fate, values: 0, records: 0, row: u32::MAX, examples: Vec::new() });
                }
            }
            let line = &mut counts[last];
            let row = parts.rows[leaf.rows[at] as usize];
            line.values += 1;
            if line.row != row {
                line.records += 1;
                line.row = row;
            }
            let same = |other: &usize| leaf.texts[*other] == leaf.texts[at] || leaf.text(*other) == leaf.text(at);
            if line.examples.len() < 3 && !line.examples.iter().any(same) {
                line.examples.push(at);
            }
        }
        // Lines are made in an order that does not depend on the values.
        counts.sort_by_key(|count| count.fate);
        for Count { fate: (outcome, reason, made), values, records, examples, .. } in counts {
            let rule = made.and_then(|(step, made)| {
                Some(crosswalk.forward.get(usize::from(step))?.moves.get(usize::from(made))?.rule.clone())
            });
            let told = match (reasons.get(reason), outcome, &rule) {
                ("", Outcome::Passthrough, None) if ruled => "the target has no place for it".to_owned(),
                ("", Outcome::Passthrough, None) => "no rule".to_owned(),
                (reason, ..) => reason.to_owned(),
            };
            let key = Key { field: leaf.path.clone(), outcome, rule: rule.unwrap_or_default(), reason: told };
            let line = loss.lines.entry(key).or_default();
            line.count += values;
            line.records += records;
            for at in examples {
                line.example(leaf.text(at));
            }
        }
    }
}

/// Counts the values of the target that rules said besides.
fn besides(crosswalk: &Crosswalk, steps: &[Moved], loss: &mut Loss) {
    let Some(last) = steps.last() else { return };
    let count = |leaves: &Leaves, ids: &[Ids], loss: &mut Loss| {
        for (leaf, ids) in leaves.leaves.iter().zip(ids) {
            let derived = (0..leaf.len()).filter(|at| ids.get(*at) == DERIVED).count() as u64;
            if derived > 0 {
                *loss.besides.entry((leaf.path.clone(), "derived", String::new())).or_default() += derived;
            }
        }
    };
    let _ = crosswalk;
    count(&last.leaves, &last.ids, loss);
}
