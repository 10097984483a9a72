//! From claims to the account: one outcome a value.

mod besides;
mod reasons;

use super::Crosswalk;
use super::apply::Moved;
use super::loss::{EXAMPLES, Key, Loss};
use super::outcome::{Claim, Claims, Ids, Outcome, Reasons, SILENT};
use super::split::Parts;
use crate::columns::leaf::Leaf;
use besides::besides;
pub use besides::without_items;
use reasons::{NO_PLACE, explain};

/// What became of a value so far, as one number: its outcome, the number of the reason, the step of
/// its rule from 1 (0 for no rule), the move. The order is that of the lines of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fate(u64);

impl Fate {
    /// What becomes of a value that no rule reads.
    const UNREAD: Self = Self::new(Outcome::Passthrough);
    /// Better than anything that can happen.
    const NOTHING: Self = Self(0);

    /// What becomes of a value without a rule.
    const fn new(outcome: Outcome) -> Self {
        Self((outcome as u64 + 1) << 40)
    }

    /// What becomes of a value that no rule reads, for a reason.
    const fn unread(reason: u16) -> Self {
        Self(Self::UNREAD.0 | (reason as u64) << 24)
    }

    /// A value of which a part is in the target, and a part has no place there.
    const fn partly(reason: u16) -> Self {
        Self(Self::new(Outcome::Narrowed).0 | (reason as u64) << 24 | 2 << 16 | u16::MAX as u64)
    }

    fn of(claim: &Claim, step: u8) -> Self {
        let rule = u64::from(step) << 16 | u64::from(claim.made);
        Self(Self::new(claim.outcome).0 | u64::from(claim.reason) << 24 | rule)
    }

    /// The same by a decision of a person.
    fn decided(self) -> Self {
        Self(Self::new(Outcome::Decided).0 | self.0 & 0xFF_FFFF)
    }

    /// The higher the worse.
    fn rank(self) -> u64 {
        self.0 >> 40
    }

    fn outcome(self) -> Outcome {
        Outcome::ALL[self.rank() as usize - 1]
    }

    fn reason(self) -> u16 {
        (self.0 >> 24) as u16
    }

    fn step(self) -> u8 {
        (self.0 >> 16) as u8
    }

    fn made(self) -> u16 {
        self.0 as u16
    }

    /// Takes the place of another that is worse, or of none.
    fn better(self, best: &mut Self) {
        if best.step() == 0 || self.rank() < best.rank() {
            *best = self;
        }
    }

    /// Takes the place of another that is better.
    fn worse(self, worst: &mut Self) {
        if self.rank() > worst.rank() {
            *worst = self;
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

impl Count {
    /// The count of a fate, which is added if there is none.
    fn of(fate: Fate, counts: &mut Vec<Self>) -> &mut Self {
        let at = counts.iter().position(|count| count.fate == fate).unwrap_or_else(|| {
            counts.push(Self { fate, values: 0, records: 0, row: u32::MAX, examples: Vec::new() });
            counts.len() - 1
        });
        &mut counts[at]
    }

    /// Takes a value as an example, if it says something new; gives whether there is room for more.
    fn example(&mut self, leaf: &Leaf, at: usize) -> bool {
        if self.examples.len() < EXAMPLES {
            let same = |other: &usize| leaf.says(*other, leaf, at);
            if !self.examples.iter().any(same) {
                self.examples.push(at);
            }
        }
        self.examples.len() < EXAMPLES
    }
}

/// Room that batches use one after the other: fates of the values of the source, of those between two
/// steps, of what the claims of the first step wrote.
#[derive(Debug, Default)]
pub struct Room {
    fates: Vec<Fate>,
    between: Vec<Fate>,
    later: Vec<Fate>,
}

/// Counts what became of every value.
pub fn account(
    crosswalk: &Crosswalk,
    parts: &Parts,
    steps: &[Moved],
    reasons: &mut Reasons,
    room: &mut Room,
    decided: &[Vec<u32>],
    loss: &mut Loss,
) {
    let Room { fates, between, later } = room;
    all(fates, loss.values as usize, Fate::UNREAD);
    match steps {
        [] => {}
        [first] => best(&first.claims, 1, fates),
        [first, second, ..] => {
            second_fates(first, second, crosswalk, reasons, (between, later));
            for claim in &first.claims.all {
                let own = Fate::of(claim, 1);
                let matters = claim.outcome <= Outcome::Passthrough;
                let later = &later[claim.first as usize..][..claim.count as usize];
                for (best, later) in fates[claim.of as usize..].iter_mut().zip(later) {
                    let fate = if matters && later.rank() > own.rank() { *later } else { own };
                    fate.better(best);
                }
            }
        }
    }
    if let Some(plan) = crosswalk.forward.first() {
        let none = if crosswalk.forward.len() == 1 && crosswalk.source.vocabulary.name == super::HUB {
            NO_PLACE
        } else {
            "no rule"
        };
        for (leaf, ids) in parts.leaves.leaves.iter().zip(&parts.ids) {
            if let Ids::From(first) = ids {
                let own = &mut fates[*first as usize..][..leaf.len()];
                explain(own, &parts.leaves, leaf, plan, &crosswalk.lang, (reasons, none));
            } else if matches!(ids, Ids::Each(_)) {
                let at = |item: usize| ids.get(item) as usize;
                let mut own: Vec<Fate> =
                    (0..leaf.len()).map(|item| fates.get(at(item)).copied().unwrap_or(Fate::NOTHING)).collect();
                explain(&mut own, &parts.leaves, leaf, plan, &crosswalk.lang, (reasons, none));
                for (item, fate) in own.into_iter().enumerate() {
                    if let Some(known) = fates.get_mut(at(item)) {
                        *known = fate;
                    }
                }
            }
        }
    }
    for statements in decided {
        let fate = |id: &u32| fates.get(*id as usize).copied();
        // The licence has a place in the target if one of the statements had.
        let best = statements.iter().filter_map(fate).filter(|fate| fate.rank() <= NARROWED).min();
        for id in statements {
            if let (Some(best), Some(own)) = (best, fates.get_mut(*id as usize)) {
                *own = best.decided();
            }
        }
    }
    lines(crosswalk, parts, fates, reasons, loss);
    besides(crosswalk, steps, loss);
}

/// So many fates, all the same.
fn all(fates: &mut Vec<Fate>, count: usize, fate: Fate) {
    fates.clear();
    fates.resize(count, fate);
}

/// The best fate of each value by the claims of a step.
fn best(claims: &Claims, step: u8, fates: &mut [Fate]) {
    for claim in &claims.all {
        let own = Fate::of(claim, step);
        fates[claim.of as usize..][..claim.count as usize].iter_mut().for_each(|best| own.better(best));
    }
}

/// For each claim of the first step the fate of what it wrote, the worst of its `values`, each by its
/// best rule.
fn second_fates(
    first: &Moved,
    second: &Moved,
    crosswalk: &Crosswalk,
    reasons: &mut Reasons,
    (values, fates): (&mut Vec<Fate>, &mut Vec<Fate>),
) {
    let plan = &crosswalk.forward[1];
    all(values, first.leaves.leaves.iter().map(|leaf| leaf.len()).sum(), Fate::UNREAD);
    best(&second.claims, 2, values);
    all(fates, first.claims.count as usize, Fate::NOTHING);
    let no_place = Fate::unread(reasons.number(NO_PLACE));
    let partly = Fate::partly(reasons.number("a part of it has no place in the target"));
    // Claims of which something is in the target.
    let mut reached = vec![false; fates.len()];
    // The values of the second step are numbered as the leaves of the first come.
    let mut next = 0;
    for (ids, leaf) in first.ids.iter().zip(&first.leaves.leaves) {
        let own = &mut values[next..next + leaf.len()];
        next += leaf.len();
        explain(own, &first.leaves, leaf, plan, &crosswalk.lang, (reasons, NO_PLACE));
        let own = &*own;
        let mut reach = |claim: usize, fate: &Fate| {
            if fate.rank() <= NARROWED
                && let Some(reached) = reached.get_mut(claim)
            {
                *reached = true;
            }
        };
        match ids {
            Ids::None => {}
            Ids::From(from) => own.iter().enumerate().for_each(|(at, fate)| reach(*from as usize + at, fate)),
            Ids::Each(ids) => ids.iter().zip(own).for_each(|(claim, fate)| reach(*claim as usize, fate)),
        }
        match ids {
            Ids::None => {}
            Ids::From(from) => fates[*from as usize..].iter_mut().zip(own).for_each(|(worst, fate)| fate.worse(worst)),
            Ids::Each(ids) => ids.iter().zip(own).for_each(|(claim, fate)| {
                if let Some(worst) = fates.get_mut(*claim as usize) {
                    fate.worse(worst);
                }
            }),
        }
    }
    for (leaf, claim) in &first.langs {
        let kept = plan.moves.iter().any(|made| made.keeps_lang && made.from.iter().any(|end| end.leaf == *leaf));
        let outcome = if kept { Outcome::Mapped } else { Outcome::Passthrough };
        Fate::new(outcome).worse(&mut fates[*claim as usize]);
    }
    for (claim, count) in &first.shared {
        let fate = fates[*claim as usize];
        if fate != Fate::NOTHING {
            fates[*claim as usize + 1..][..*count as usize - 1].fill(fate);
        }
    }
    for (fate, reached) in fates.iter_mut().zip(reached) {
        if *fate == Fate::NOTHING {
            *fate = no_place;
        } else if reached && fate.rank() > NARROWED {
            *fate = partly;
        }
    }
}

/// The rank of the worst outcome of a value that is in the target.
const NARROWED: u64 = Outcome::Narrowed as u64 + 1;

fn lines(crosswalk: &Crosswalk, parts: &Parts, fates: &[Fate], reasons: &Reasons, loss: &mut Loss) {
    // A value that several parts of a record have counts once.
    let mut seen = vec![false; if parts.is_split() { fates.len() } else { 0 }];
    for (leaf, ids) in parts.leaves.leaves.iter().zip(&parts.ids) {
        let counts = match ids {
            Ids::None => continue,
            Ids::From(first) if seen.is_empty() => {
                // Values that stand alone are of as many records.
                let rows = if leaf.is_alone() { None } else { Some(&parts.rows[..]) };
                counted(leaf, rows, &fates[*first as usize..][..leaf.len()], |at| at)
            }
            ids => {
                let new = |at: &usize| {
                    let id = ids.get(*at);
                    id < SILENT && !seen.get_mut(id as usize).is_some_and(|seen| std::mem::replace(seen, true))
                };
                let new: Vec<usize> = (0..leaf.len()).filter(new).collect();
                let own: Vec<Fate> = new.iter().map(|at| fates[ids.get(*at) as usize]).collect();
                counted(leaf, Some(&parts.rows), &own, |at| new[at])
            }
        };
        for Count { fate, values, records, examples, .. } in counts {
            let plan = usize::from(fate.step()).checked_sub(1).and_then(|step| crosswalk.forward.get(step));
            let rule = plan.and_then(|plan| Some(plan.moves.get(usize::from(fate.made()))?.rule.clone()));
            let outcome = fate.outcome();
            let told = reasons.get(fate.reason()).to_owned();
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

/// One count a fate of values of a leaf; there is a handful. They come in an order that does not
/// depend on the values. `at` is the number in the leaf of each value that has a fate. Without `rows`
/// every value has a record of its own.
fn counted(leaf: &Leaf, rows: Option<&[u32]>, fates: &[Fate], at: impl Fn(usize) -> usize) -> Vec<Count> {
    let mut counts: Vec<Count> = Vec::new();
    let mut start = 0;
    for alike in fates.chunk_by(|one, next| one == next) {
        let own = start..start + alike.len();
        start = own.end;
        let line = Count::of(alike[0], &mut counts);
        line.values += alike.len() as u64;
        match rows {
            None => line.records += alike.len() as u64,
            Some(rows) => {
                for number in own.clone() {
                    let row = rows[leaf.rows[at(number)] as usize];
                    line.records += u64::from(line.row != row);
                    line.row = row;
                }
            }
        }
        own.take_while(|number| line.example(leaf, at(*number))).for_each(drop);
    }
    counts.sort_by_key(|count| count.fate);
    counts
}
