//! A plan at work: leaves of one side to leaves of the other.
//!
//! Each move goes over the values of its leaf once. What a function makes of a text is made once
//! for each distinct text. Then [`place`] gives every value its place in the lists of the target.

mod cells;
mod judge;
mod made;
mod memory;
mod pick;
mod place;
mod together;

use super::compile::{End, Move, Plan};
use super::function::When;
use super::outcome::{Claim, DERIVED, Ids, Outcome, Reasons, SILENT};
use crate::columns::leaf::{Clock, Lang, Langs, Leaves, Pool, Scalar};
use crate::error::Result;
use cells::{Cells, Put};
use judge::Judge;
use made::{Entry, Memo};
pub use memory::Memory;
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
    /// What each rule did with each value.
    pub claims: Vec<Claim>,
    /// Claims that went into the language of the values of a leaf.
    pub langs: Vec<(String, u32)>,
    /// Claims that share a value: the first, which stands for it, and how many follow each other.
    pub shared: Vec<(u32, u32)>,
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
        claims: Vec::new(),
        shared: Vec::new(),
        cells: Vec::new(),
        taken: vec![Vec::new(); source.leaves.len()],
        langs: source.langs.clone(),
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
    claims: Vec<Claim>,
    shared: Vec<(u32, u32)>,
    cells: Vec<Cells>,
    /// The values of each leaf that a rule has taken for itself.
    taken: Vec<Vec<bool>>,
    langs: Langs,
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
    fn claim(&mut self, of: u32, made: u16, (outcome, reason): (Outcome, u16)) -> u32 {
        if of >= SILENT {
            return of;
        }
        self.claims.push(Claim { of, made, reason, outcome });
        self.claims.len() as u32 - 1
    }

    fn take(&mut self, leaf: usize, at: usize) {
        let taken = &mut self.taken[leaf];
        if taken.is_empty() {
            taken.resize(self.source.leaves[leaf].len(), false);
        }
        taken[at] = true;
    }

    fn is_taken(&self, leaf: usize, at: usize) -> bool {
        self.taken[leaf].get(at).copied().unwrap_or(false)
    }

    fn holds(&self, when: Option<&When>, text: &str, lang: Lang) -> bool {
        when.is_none_or(|when| when.holds(text, self.source.langs.get(lang)))
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
        let mut cells: Vec<Cells> = made.to.iter().map(|end| Cells::new(number, end, made.loss.is_some())).collect();
        let free = from.carried(made.to.iter().map(|end| end.free().len()).max().unwrap_or(0));
        let mut memo = self.memo(number, made);
        let mut entries: Vec<Option<u32>> = Vec::new();
        for at in (0..values.len()).filter(|at| chosen.as_ref().is_none_or(|chosen| chosen[*at])) {
            let (row, lang) = (values.rows[at], values.lang(at));
            let Some(text) = source.langs.get(lang).filter(|_| made.derived || !self.is_taken(leaf, at)) else {
                continue;
            };
            let place: Vec<u32> = free.iter().map(|level| values.place(at)[*level]).collect();
            entries.resize(entries.len().max(lang as usize + 1), None);
            let reasons = &mut *self.setting.reasons;
            let entry = *entries[lang as usize].get_or_insert_with(|| memo.of_text(text, reasons));
            if let Entry::Made(result) = memo.entry(entry) {
                for (end, text, _) in &result.texts {
                    let text = text.unwrap_or_default();
                    cells[*end].put(&Put { row, place: &place, item: None, text, lang: 0, id: SILENT });
                }
            }
        }
        self.keep(number, cells, memo, None);
    }

    /// One value at a time.
    fn each(&mut self, number: u16, made: &Move, from: &End) -> Result<()> {
        let Some(leaf) = self.leaf(&from.leaf) else { return Ok(()) };
        let source = self.source;
        let values = &source.leaves[leaf];
        let chosen = pick::chosen(source, values, from, self.setting.lang);
        let plain = made.steps.is_empty() && made.to.iter().all(|end| text_like(end.scalar));
        let judge = Judge::new(made, self.setting.reasons);
        let mut cells: Vec<Cells> = made.to.iter().map(|end| Cells::new(number, end, made.loss.is_some())).collect();
        let free = from.carried(made.to.iter().map(|end| end.free().len()).max().unwrap_or(0));
        let whole = free.len() == values.depth;
        let untouched = chosen.is_none() && !made.derived && self.taken[leaf].is_empty();
        if plain && made.when.is_none() && untouched && whole && cells[0].fits(values) {
            self.share(leaf, number, &judge, &mut cells[0]);
            self.cells.append(&mut cells);
            return Ok(());
        }
        for cells in &mut cells {
            cells.reserve(values.len());
        }
        let mut memo = self.memo(number, made);
        memo.ask(self.setting.custom, (0..values.len()).map(|at| values.text(at)))?;
        let guarded = made.when.is_some() && !made.derived;
        let mut place = Vec::new();
        for at in 0..values.len() {
            let away = chosen.as_ref().is_some_and(|chosen| !chosen[at]) || !made.derived && self.is_taken(leaf, at);
            if away {
                continue;
            }
            let (row, lang) = (values.rows[at], values.lang(at));
            let keys = if whole {
                values.place(at)
            } else {
                place.clear();
                place.extend(free.iter().map(|level| values.place(at)[*level]));
                &place
            };
            let text = values.texts[at];
            let of = self.id(leaf, at);
            // The guard is on the value of the format: the source going there, the result coming back.
            if (plain || !made.reversed) && !memo.works(&mut self.memory.guards, values, text, source.langs.get(lang)) {
                continue;
            }
            let lost = lang != 0 && !made.keeps_lang;
            if plain {
                let fate = judge.of(Outcome::Mapped, lost);
                let id = if made.derived { DERIVED } else { self.claim(of, number, fate) };
                cells[0].put(&Put { row, place: keys, item: None, text, lang, id });
            } else {
                let entry = memo.of(0, values, text, self.setting.reasons);
                match memo.entry(entry) {
                    Entry::Refused(outcome, reason) => {
                        if !made.derived {
                            self.claim(of, number, (*outcome, *reason));
                        }
                        continue;
                    }
                    Entry::Made(result) => {
                        let when = made.when.as_ref().filter(|when| made.reversed && when.is_plain());
                        let said = |end: usize, made: Option<u32>| {
                            made.map_or(values.pool.get(text), |made| memo.pool(end).get(made))
                        };
                        let holds = |(end, text, _): &(usize, Option<u32>, bool)| {
                            when.is_none_or(|when| when.holds(said(*end, *text), source.langs.get(lang)))
                        };
                        if !result.works || !result.texts.iter().all(holds) {
                            continue;
                        }
                        let fate = judge.of(result.outcome, lost);
                        let id = if made.derived { DERIVED } else { self.claim(of, number, fate) };
                        for (item, (end, made_text, essential)) in result.texts.iter().enumerate() {
                            let id = if *essential { id } else { DERIVED };
                            let item = result.many.then_some(item as u32);
                            let text = made_text.map_or(text | SAME, |made| made);
                            cells[*end].put(&Put { row, place: keys, item, text, lang, id });
                        }
                    }
                }
            }
            if guarded {
                self.take(leaf, at);
            }
        }
        if plain {
            cells[0].leaf.pool = values.pool.clone();
            self.cells.extend(cells.into_iter().filter(|cells| !cells.leaf.is_empty()));
            self.memory.moves[usize::from(number)] = memo.known();
        } else {
            self.keep(number, cells, memo, Some(&values.pool));
        }
        Ok(())
    }

    /// All values of a leaf, as they are and where they are.
    fn share(&mut self, leaf: usize, number: u16, judge: &Judge, cells: &mut Cells) {
        let values = &self.source.leaves[leaf];
        let ids: Vec<u32> = match self.ids.and_then(|ids| ids.get(leaf)) {
            None | Some(Ids::None) => vec![SILENT; values.len()],
            Some(ids) => {
                let next = self.claims.len() as u32;
                let lost = |at: usize| values.lang(at) != 0 && judge.tells_lang;
                self.claims.extend((0..values.len()).filter(|at| ids.get(*at) < SILENT).map(|at| {
                    let (outcome, reason) = judge.of(Outcome::Mapped, lost(at));
                    Claim { of: ids.get(at), made: number, reason, outcome }
                }));
                let mut numbers = next..;
                let claims = (0..values.len()).map(|at| match ids.get(at) {
                    of if of >= SILENT => of,
                    _ => numbers.next().unwrap_or(SILENT),
                });
                claims.collect()
            }
        };
        cells.share(values, ids);
    }

    fn memo<'m>(&mut self, number: u16, made: &'m Move) -> Memo<'m> {
        let known = std::mem::take(&mut self.memory.moves[usize::from(number)]);
        Memo::new(made, self.setting.clock, self.ids.is_some(), known, self.source)
    }

    /// Keeps what was made, with its texts; those that stayed as they were are in `same`.
    fn keep(&mut self, number: u16, cells: Vec<Cells>, memo: Memo, same: Option<&Arc<Pool>>) {
        for (end, mut cells) in cells.into_iter().enumerate() {
            if cells.leaf.is_empty() {
                continue;
            }
            let stays = cells.leaf.texts.iter().filter(|text| **text & SAME != 0).count();
            cells.leaf.pool = match same {
                Some(same) if stays == cells.leaf.len() => {
                    cells.leaf.texts.iter_mut().for_each(|text| *text &= !SAME);
                    same.clone()
                }
                Some(same) if stays > 0 => {
                    let mut pool = Pool::default();
                    for text in &mut cells.leaf.texts {
                        let from = if *text & SAME == 0 { memo.pool(end) } else { same };
                        *text = pool.push(from.get(*text & !SAME));
                    }
                    Arc::new(pool)
                }
                _ => memo.pool(end).clone(),
            };
            self.cells.push(cells);
        }
        self.memory.moves[usize::from(number)] = memo.known();
    }
}

fn text_like(scalar: Option<Scalar>) -> bool {
    matches!(scalar, Some(Scalar::Text | Scalar::Tagged))
}
