//! What is remembered from batch to batch: texts, what functions made of them, what guards said.
//!
//! Everything is by the number of a text in a pool, and good for that pool only.

use super::super::compile::Plan;
use super::made::Known;
use crate::columns::leaf::{Distinct, Leaf, Leaves, Pool};
use crate::value::Guard;
use std::collections::HashMap;

/// Bytes of texts from which on a plan starts to remember afresh.
const LIMIT: usize = 64 << 20;

/// Pools that answers of guards are kept of.
const POOLS: usize = 64;

/// The memory of one plan.
#[derive(Debug, Default)]
pub struct Memory {
    /// The texts of leaves that go through functions.
    leaves: HashMap<String, Distinct>,
    /// What each move made of texts.
    pub moves: Vec<Known>,
}

impl Memory {
    /// Starts a batch: each text of the leaves that go through functions counts once.
    pub fn begin(&mut self, plan: &Plan, leaves: &mut Leaves) {
        let texts: usize = self.leaves.values().map(|own| own.pool().bytes()).sum();
        if texts + self.moves.iter().map(Known::bytes).sum::<usize>() > LIMIT {
            *self = Self::default();
        }
        self.moves.resize_with(plan.moves.len(), Known::default);
        for leaf in leaves.leaves.iter_mut().filter(|leaf| plan.computed.contains(&leaf.path)) {
            let distinct = self.leaves.entry(leaf.path.clone()).or_default();
            leaf.intern(distinct, plan.guarded.contains(&leaf.path));
        }
    }
}

/// What guards said of the texts of pools: all plans ask the same.
#[derive(Debug, Default)]
pub struct Answers(Vec<(u64, &'static str, Vec<Option<bool>>)>);

impl Answers {
    /// What a guard says of a text of a leaf; asked once.
    pub fn of(&mut self, guard: &'static Guard, leaf: &Leaf, text: u32) -> bool {
        let pool: &Pool = &leaf.pool;
        let known = self.0.iter().position(|(stamp, name, _)| *stamp == pool.stamp() && *name == guard.name);
        let at = known.unwrap_or_else(|| {
            if self.0.len() >= POOLS {
                self.0.clear();
            }
            self.0.push((pool.stamp(), guard.name, Vec::new()));
            self.0.len() - 1
        });
        let answers = &mut self.0[at].2;
        if answers.len() < pool.len() {
            answers.resize(pool.len(), None);
        }
        *answers[text as usize].get_or_insert_with(|| (guard.test)(pool.get(text)))
    }
}
