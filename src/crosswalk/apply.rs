//! A plan at work: leaves of one side to leaves of the other.
//!
//! Each move goes over the values of its leaf once. What a function makes of a text is made once
//! for each distinct text. Then [`place`] gives every value its place in the lists of the target.

mod cells;
mod each;
mod entry;
mod inverse;
mod joining;
mod judge;
mod made;
mod memory;
mod pick;
mod place;
mod together;

use super::compile::{End, Move, Plan};
use super::function::{RecordCondition, When};
use super::outcome::{Claims, Ids, Outcome, Reasons, SILENT};
use crate::columns::leaf::{Clock, Lang, Langs, Leaf, Leaves, Pool};
use crate::error::Result;
use cells::{Cells, Put};
use entry::Entry;
use made::Memo;
pub use memory::{Answers, Memory};
pub use pick::left_out;
use std::sync::Arc;

/// Marks the number of a text that stays as it is: it is one of the pool of the source.
const SAME: u32 = 1 << 31;

/// Asks a function of the caller: its number, whether backward, the distinct texts.
pub type Custom<'a> = dyn FnMut(usize, bool, &[&str]) -> Result<Vec<Option<String>>> + 'a;

/// What a plan made of a batch.
#[derive(Debug, Default)]
pub struct Moved {
    /// The leaves of the target.
    pub leaves: Leaves,
    /// The claim behind each of their values.
    pub ids: Vec<Ids>,
    /// For each leaf the values that were said besides, in order, and the moves behind them.
    pub derived: Vec<Vec<(u32, u16)>>,
    /// What each rule did with each value.
    pub claims: Claims,
    /// Claims that went into the language of the values of a leaf.
    pub langs: Vec<(String, u32)>,
    /// Claims that share a value: the first, which stands for it, and how many follow each other.
    pub shared: Vec<(u32, u32)>,
}

impl Moved {
    /// The values of the source that a claim is on; none if the number is not a claim.
    #[must_use]
    pub fn origins(&self, claim: u32) -> Vec<u32> {
        let count = self.shared.iter().find(|(first, _)| *first == claim).map_or(1, |(_, count)| *count);
        let of = |claim: u32| {
            let at = self.claims.all.partition_point(|entry| entry.first + entry.count <= claim);
            let entry = self.claims.all.get(at).filter(|entry| entry.first <= claim)?;
            Some(entry.of + (claim - entry.first))
        };
        if claim >= SILENT { Vec::new() } else { (claim..claim + count).filter_map(of).collect() }
    }
}

/// What goes along with a batch.
pub struct Setting<'a> {
    /// Preferred languages, where only one text fits.
    pub lang: &'a [String],
    /// How moments are written.
    pub clock: Clock,
    /// The functions of the caller.
    pub custom: &'a mut Custom<'a>,
    /// The reasons of claims.
    pub reasons: &'a mut Reasons,
    /// What guards said.
    pub answers: &'a mut Answers,
}

/// Runs a plan. Without `ids` nothing is accounted for. `origins` are the claims that wrote the
/// values of the source, where a step before did.
pub fn run(
    plan: &Plan,
    source: &Leaves,
    ids: Option<&[Ids]>,
    origins: Option<&[Ids]>,
    memory: &mut Memory,
    setting: &mut Setting,
) -> Result<Moved> {
    let mut work = Work {
        source,
        memory,
        ids,
        origins,
        setting,
        claims: Claims::default(),
        shared: Vec::new(),
        cells: Vec::new(),
        taken: vec![Vec::new(); source.leaves.len()],
        answered: vec![Vec::new(); source.leaves.len()],
        langs: source.langs.clone(),
        items: Vec::new(),
    };
    for (number, made) in plan.moves.iter().enumerate() {
        work.make(number as u16, made)?;
    }
    let Work { claims, cells, langs, shared, .. } = work;
    let mut moved = place::place(plan, source.rows, cells, claims, langs, setting.reasons);
    moved.shared = shared;
    Ok(moved)
}

struct Work<'a, 's> {
    source: &'a Leaves,
    memory: &'a mut Memory,
    ids: Option<&'a [Ids]>,
    origins: Option<&'a [Ids]>,
    setting: &'a mut Setting<'s>,
    claims: Claims,
    shared: Vec<(u32, u32)>,
    cells: Vec<Cells>,
    /// The values of each leaf that a rule has taken for itself.
    taken: Vec<Vec<bool>>,
    /// The values of each leaf that rules said something of: where others say it otherwise, they needn't.
    answered: Vec<Vec<bool>>,
    langs: Langs,
    /// How many items of a list each value of a leaf became, where one became several.
    items: Vec<(usize, String, Vec<u32>)>,
}

impl Work<'_, '_> {
    fn make(&mut self, number: u16, made: &Move) -> Result<()> {
        if made.drops {
            self.drop_values(number, made);
            return Ok(());
        }
        match &made.from[..] {
            [from] if from.scalar.is_none() && !made.gathers => {
                self.languages(number, made, from);
                Ok(())
            }
            [from] if !made.gathers => self.each(number, made, from),
            _ => {
                self.together(number, made);
                Ok(())
            }
        }
    }

    fn leaf(&self, path: &str) -> Option<usize> {
        self.source.leaves.iter().position(|leaf| leaf.path == path)
    }

    fn id(&self, leaf: usize, at: usize) -> u32 {
        self.ids.and_then(|ids| ids.get(leaf)).map_or(SILENT, |ids| ids.get(at))
    }

    /// The claim that wrote a value, or the value itself.
    fn origin(&self, leaf: usize, at: usize) -> u32 {
        self.origins.and_then(|ids| ids.get(leaf)).map_or_else(|| self.id(leaf, at), |ids| ids.get(at))
    }

    /// Claims a value; gives the number of the claim.
    fn claim(&mut self, of: u32, made: u16, fate: (Outcome, u16)) -> u32 {
        if of >= SILENT { of } else { self.claims.add(of, 1, made, fate) }
    }

    fn take(&mut self, leaf: usize, at: usize) {
        mark(&mut self.taken[leaf], at, &self.source.leaves[leaf]);
    }

    fn answer(&mut self, leaf: usize, at: usize) {
        mark(&mut self.answered[leaf], at, &self.source.leaves[leaf]);
    }

    fn is_taken(&self, leaf: usize, at: usize) -> bool {
        self.taken[leaf].get(at).copied().unwrap_or(false)
    }

    fn holds(&self, when: Option<&When>, text: &str, lang: Lang) -> bool {
        when.is_none_or(|when| when.holds(text, self.source.langs.get(lang)))
    }

    /// Whether a value of a row, with this text, stands in a record that a move is for.
    fn in_record<'t>(&self, made: &Move, row: u32, text: impl Fn() -> &'t str) -> bool {
        made.record.iter().all(|condition| condition.holds(self.source.get(&condition.leaf), row, text()))
    }

    /// Whether a value of a row is kept out only because the record has it already.
    fn is_repeated<'t>(&self, made: &Move, row: u32, text: impl Fn() -> &'t str) -> bool {
        let mut failed = made
            .record
            .iter()
            .filter(|condition| !condition.holds(self.source.get(&condition.leaf), row, text()))
            .peekable();
        failed.peek().is_some() && failed.all(RecordCondition::keeps_out_repeats)
    }

    fn drop_values(&mut self, number: u16, made: &Move) {
        let Some(from) = made.from.first() else { return };
        let Some(leaf) = self.leaf(&from.leaf) else { return };
        let source = self.source;
        let values = &source.leaves[leaf];
        let chosen = pick::chosen(source, values, from, self.setting.lang);
        let reason = self.setting.reasons.number(made.loss.as_deref().unwrap_or_default());
        for at in 0..values.len() {
            let there = chosen.as_ref().is_none_or(|chosen| chosen[at]) && !self.is_taken(leaf, at);
            let there = there && self.in_record(made, values.rows[at], || values.text(at));
            if there && self.holds(made.when.as_ref(), values.text(at), values.lang(at)) {
                let of = self.id(leaf, at);
                self.claim(of, number, (Outcome::Dropped, reason));
                self.take(leaf, at);
            }
        }
    }

    /// The languages of values as values.
    fn languages(&mut self, number: u16, made: &Move, from: &End) {
        let Some(leaf) = self.leaf(&from.leaf) else { return };
        let source = self.source;
        let values = &source.leaves[leaf];
        let chosen = pick::chosen(source, values, from, self.setting.lang);
        let mut cells = self.cells(number, made);
        let free = from.carried(made.to.iter().map(|end| end.free().len()).max().unwrap_or(0));
        let mut memo = self.memo(number, made);
        let mut entries: Vec<Option<u32>> = Vec::new();
        for at in (0..values.len()).filter(|at| chosen.as_ref().is_none_or(|chosen| chosen[*at])) {
            let (row, lang) = (values.rows[at], values.lang(at));
            let Some(text) = source.langs.get(lang).filter(|_| made.derived || !self.is_taken(leaf, at)) else {
                continue;
            };
            let place: Vec<u32> = free.iter().map(|level| values.place(at)[*level]).collect();
            if !self.in_record(made, row, || text) {
                continue;
            }
            entries.resize(entries.len().max(lang as usize + 1), None);
            let reasons = &mut *self.setting.reasons;
            let entry = *entries[lang as usize].get_or_insert_with(|| memo.of_text(text, reasons));
            if let Entry::Made(result) = memo.entry(entry) {
                for part in memo.texts(result) {
                    let text = part.text.unwrap_or_default();
                    let end = usize::from(part.end);
                    let mut put = |item| cells[end].put(&Put { row, place: &place, item, text, lang: 0, id: SILENT });
                    // Each item that the value became has its language.
                    let known = self.items.iter().find(|(of, list, _)| *of == leaf && *list == made.to[end].list);
                    match known {
                        Some((_, _, counts)) => (0..counts[at]).for_each(|item| put(Some(item))),
                        None => put(None),
                    }
                }
            }
        }
        self.keep(number, cells, memo, None);
    }

    /// Room for what a move makes, for each of its ends.
    fn cells(&self, number: u16, made: &Move) -> Vec<Cells> {
        let appends = made.when.as_ref().and_then(When::appends);
        let cells = |end| {
            let keeps = (made.loss.is_some() && !made.derived, made.keeps_lang);
            let mut cells = Cells::new(number, end, keeps, appends, self.ids.is_some());
            cells.derived = made.derived;
            cells
        };
        made.to.iter().map(cells).collect()
    }

    fn memo<'m>(&mut self, number: u16, made: &'m Move) -> Memo<'m> {
        let known = std::mem::take(&mut self.memory.moves[usize::from(number)]);
        Memo::new(made, self.setting.clock, self.ids.is_some(), known, self.source)
    }

    /// Keeps what was made, with its texts; those that stayed as they were are in `same`.
    fn keep(&mut self, number: u16, cells: Vec<Cells>, memo: Memo, same: Option<&Arc<Pool>>) {
        for (end, mut cells) in cells.into_iter().enumerate() {
            if cells.is_empty() {
                continue;
            }
            let mut texts = cells.texts();
            let stays = texts.iter().filter(|text| **text & SAME != 0).count();
            let pool = match same {
                Some(same) if stays == texts.len() => {
                    for text in &mut texts {
                        *text &= !SAME;
                    }
                    same.clone()
                }
                Some(same) if stays > 0 => {
                    let mut pool = Pool::default();
                    for text in &mut texts {
                        let from = if *text & SAME == 0 { memo.pool(end) } else { same };
                        *text = pool.push(from.get(*text & !SAME));
                    }
                    pool.whole()
                }
                _ => memo.pool(end).clone(),
            };
            cells.seal(texts, pool);
            self.cells.push(cells);
        }
        self.memory.moves[usize::from(number)] = memo.known();
    }
}

/// Marks a value of a leaf.
fn mark(marks: &mut Vec<bool>, at: usize, values: &Leaf) {
    if marks.is_empty() {
        marks.resize(values.len(), false);
    }
    marks[at] = true;
}
