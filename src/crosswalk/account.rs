//! From claims to the account: one outcome a value.

use super::Crosswalk;
use super::apply::Moved;
use super::compile::Plan;
use super::loss::{EXAMPLES, Key, Loss};
use super::outcome::{Claim, Ids, Outcome, Reasons, SILENT};
use super::split::Parts;
use crate::columns::leaf::Leaf;

/// What became of a value so far. The order is that of the lines of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fate {
    outcome: Outcome,
    reason: u16,
    /// The step of its rule, from 1; 0 for no rule.
    step: u8,
    made: u16,
}

impl Fate {
    /// What becomes of a value that no rule reads.
    const UNREAD: Self = Self { outcome: Outcome::Passthrough, reason: 0, step: 0, made: 0 };

    fn of(claim: &Claim, step: u8) -> Self {
        Self { outcome: claim.outcome, reason: claim.reason, step, made: claim.made }
    }

    /// Takes the place of another that is worse, or of none.
    fn better(self, best: &mut Self) {
        if best.step == 0 || self.outcome < best.outcome {
            *best = self;
        }
    }
}

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
    let mut fates = vec![Fate::UNREAD; loss.values as usize];
    match steps {
        [] => {}
        [first] => first.claims.iter().for_each(|claim| Fate::of(claim, 1).better(&mut fates[claim.of as usize])),
        [first, second, ..] => {
            let later = second_fates(first, second, &crosswalk.forward[1]);
            for (claim, later) in first.claims.iter().zip(&later) {
                let own = Fate::of(claim, 1);
                let worse = own.outcome <= Outcome::Passthrough && later.outcome > own.outcome;
                let fate = if worse { *later } else { own };
                fate.better(&mut fates[claim.of as usize]);
            }
        }
    }
    lines(crosswalk, parts, &fates, reasons, loss);
    besides(steps, loss);
}

/// For each claim of the first step the fate of what it wrote: the worst of its values, each by
/// its best rule.
fn second_fates(first: &Moved, second: &Moved, plan: &Plan) -> Vec<Fate> {
    let total = first.leaves.leaves.iter().map(|leaf| leaf.len()).sum();
    let mut values = vec![Fate::UNREAD; total];
    second.claims.iter().for_each(|claim| Fate::of(claim, 2).better(&mut values[claim.of as usize]));
    let mut fates: Vec<Option<Fate>> = vec![None; first.claims.len()];
    let mut worst = |claim: u32, fate: Fate| {
        if let Some(own) = fates.get_mut(claim as usize)
            && own.is_none_or(|own| fate.outcome > own.outcome)
        {
            *own = Some(fate);
        }
    };
    // The values of the second step are numbered as the leaves of the first come.
    let mut next = 0;
    for (ids, leaf) in first.ids.iter().zip(&first.leaves.leaves) {
        let own = &values[next..next + leaf.len()];
        next += leaf.len();
        match ids {
            Ids::None => {}
            Ids::From(from) => (*from..).zip(own).for_each(|(claim, fate)| worst(claim, *fate)),
            Ids::Each(ids) => ids.iter().zip(own).for_each(|(claim, fate)| worst(*claim, *fate)),
        }
    }
    for (leaf, claim) in &first.langs {
        let kept = plan.moves.iter().any(|made| made.keeps_lang && made.from.iter().any(|end| end.leaf == *leaf));
        let outcome = if kept { Outcome::Mapped } else { Outcome::Passthrough };
        worst(*claim, Fate { outcome, ..Fate::UNREAD });
    }
    for (claim, count) in &first.shared {
        if let Some(fate) = fates[*claim as usize] {
            (1..*count).for_each(|next| fates[(claim + next) as usize] = Some(fate));
        }
    }
    fates.into_iter().map(|fate| fate.unwrap_or(Fate::UNREAD)).collect()
}

fn lines(crosswalk: &Crosswalk, parts: &Parts, fates: &[Fate], reasons: &Reasons, loss: &mut Loss) {
    // A value that several parts of a record have counts once.
    let mut seen = vec![false; if parts.is_split() { fates.len() } else { 0 }];
    for (leaf, ids) in parts.leaves.leaves.iter().zip(&parts.ids) {
        let counts = match ids {
            Ids::None => continue,
            Ids::From(first) if seen.is_empty() => {
                let own = &fates[*first as usize..][..leaf.len()];
                counted(leaf, &parts.rows, own.iter().copied().enumerate())
            }
            ids => {
                let new = |at: &usize| {
                    let id = ids.get(*at);
                    id < SILENT && !seen.get_mut(id as usize).is_some_and(|seen| std::mem::replace(seen, true))
                };
                let own = (0..leaf.len()).filter(new).map(|at| (at, fates[ids.get(at) as usize]));
                counted(leaf, &parts.rows, own)
            }
        };
        let ruled = crosswalk.forward.first().is_none_or(|plan| plan.reads(&leaf.path));
        for Count { fate, values, records, examples, .. } in counts {
            let plan = usize::from(fate.step).checked_sub(1).and_then(|step| crosswalk.forward.get(step));
            let rule = plan.and_then(|plan| Some(plan.moves.get(usize::from(fate.made))?.rule.clone()));
            let outcome = fate.outcome;
            let told = match (reasons.get(fate.reason), outcome, &rule) {
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

/// One count a fate of the values of a leaf; there is a handful. They come in an order that does
/// not depend on the values.
fn counted(leaf: &Leaf, rows: &[u32], fates: impl Iterator<Item = (usize, Fate)>) -> Vec<Count> {
    let mut counts: Vec<Count> = Vec::new();
    let mut last = 0;
    for (at, fate) in fates {
        if counts.get(last).is_none_or(|count| count.fate != fate) {
            last = counts.iter().position(|count| count.fate == fate).unwrap_or(counts.len());
            if last == counts.len() {
                counts.push(Count { fate, values: 0, records: 0, row: u32::MAX, examples: Vec::new() });
            }
        }
        let line = &mut counts[last];
        let row = rows[leaf.rows[at] as usize];
        line.values += 1;
        line.records += u64::from(line.row != row);
        line.row = row;
        if line.examples.len() < EXAMPLES {
            let same = |other: &usize| leaf.texts[*other] == leaf.texts[at] || leaf.text(*other) == leaf.text(at);
            if !line.examples.iter().any(same) {
                line.examples.push(at);
            }
        }
    }
    counts.sort_by_key(|count| count.fate);
    counts
}

/// Counts the values of the target that rules said besides.
fn besides(steps: &[Moved], loss: &mut Loss) {
    let Some(last) = steps.last() else { return };
    for (leaf, ids) in last.leaves.leaves.iter().zip(&last.ids) {
        let derived = ids.derived() as u64;
        if derived > 0 {
            *loss.besides.entry((leaf.path.clone(), "derived", String::new())).or_default() += derived;
        }
    }
}
