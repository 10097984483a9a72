//! A plan at work: leaves of one side to leaves of the other.
//!
//! Each move goes over the values of its leaf once. What a function makes of a text is made once
//! for each distinct text. Then [`place`] gives every value its place in the lists of the target.

mod made;
mod pick;
mod place;

use super::compile::{End, Move, Plan};
use super::function::When;
use super::outcome::{Claim, DERIVED, Ids, Outcome, Reasons, SILENT};
use crate::columns::leaf::{Clock, Lang, Langs, Leaves, Scalar};
use crate::error::Result;
use made::{Entry, Memo};
use place::Cells;

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
    setting: &mut Setting,
) -> Result<Moved> {
    let mut work = Work {
        source,
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
    fn claim(&mut self, of: u32, made: u16, outcome: Outcome, reason: &str) -> u32 {
        if of >= SILENT {
            return of;
        }
        let reason = if reason.is_empty() { 0 } else { self.setting.reasons.number(reason) };
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
        for at in 0..values.len() {
            let there = chosen.as_ref().is_none_or(|chosen| chosen[at]) && !self.is_taken(leaf, at);
            if there && self.holds(made.when.as_ref(), values.text(at), values.lang(at)) {
                let of = self.id(leaf, at);
                self.claim(of, number, Outcome::Dropped, made.loss.as_deref().unwrap_or_default());
                self.take(leaf, at);
            }
        }
    }

    /// One value at a time.
    fn each(&mut self, number: u16, made: &Move, from: &End) -> Result<()> {
        let Some(leaf) = self.leaf(&from.leaf) else { return Ok(()) };
        let source = self.source;
        let values = &source.leaves[leaf];
        let chosen = pick::chosen(source, values, from, self.setting.lang);
        let languages = from.scalar.is_none();
        let plain = made.steps.is_empty() && !languages && made.to.iter().all(|end| text_like(end.scalar));
        let mut cells: Vec<Cells> = made.to.iter().map(|end| Cells::new(number, end, made.loss.is_some())).collect();
        let mut memo = Memo::new(made, self.setting.clock);
        memo.ask(self.setting.custom, (0..values.len()).map(|at| values.text(at)))?;
        let guarded = made.when.is_some() && !made.derived;
        let free = from.carried(made.to.iter().map(|end| end.free().len()).max().unwrap_or(0));
        let whole = free.len() == values.depth;
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
            if languages {
                if let Some(text) = source.langs.get(lang) {
                    language(&mut memo, &mut cells, (row, keys), text);
                }
                continue;
            }
            let text = values.text(at);
            let of = self.id(leaf, at);
            if plain {
                if !self.holds(made.when.as_ref(), text, lang) {
                    continue;
                }
                let lost = lang != 0 && !made.keeps_lang;
                let (outcome, reason) = judged(made, Outcome::Mapped, lost);
                let id = if made.derived { DERIVED } else { self.claim(of, number, outcome, reason) };
                cells[0].push(row, keys, None, text, lang, id);
            } else {
                // The guard is on the value of the format: the source going there, the result coming back.
                if !made.reversed && !self.holds(made.when.as_ref(), text, lang) {
                    continue;
                }
                let entry = memo.of(text);
                match memo.entry(entry) {
                    Entry::Refused(outcome, reason) => {
                        let (outcome, reason) = (*outcome, reason.clone());
                        if !made.derived {
                            self.claim(of, number, outcome, &reason);
                        }
                        continue;
                    }
                    Entry::Made(result) => {
                        if made.reversed
                            && !result.texts.iter().all(|(_, text, _)| self.holds(made.when.as_ref(), text, lang))
                        {
                            continue;
                        }
                        let lost = lang != 0 && !made.keeps_lang;
                        let (outcome, reason) = judged(made, result.outcome, lost);
                        let id = if made.derived { DERIVED } else { self.claim(of, number, outcome, reason) };
                        for (item, (end, text, essential)) in result.texts.iter().enumerate() {
                            let id = if *essential { id } else { DERIVED };
                            cells[*end].push(row, keys, result.many.then_some(item as u32), text, lang, id);
                        }
                    }
                }
            }
            if guarded {
                self.take(leaf, at);
            }
        }
        self.cells.extend(cells.into_iter().filter(|cells| !cells.leaf.is_empty()));
        Ok(())
    }

    /// Several values as one: the parts of a group, or all items of a list.
    fn together(&mut self, number: u16, made: &Move) {
        let source = self.source;
        let groups = pick::groups(source, made, self.setting.lang);
        let mut cells: Vec<Cells> = made.to.iter().map(|end| Cells::new(number, end, made.loss.is_some())).collect();
        let mut memo = Memo::new(made, self.setting.clock);
        for group in &groups {
            let lang = group.values.first().map_or(0, |(_, leaf, at)| source.leaves[*leaf].lang(*at));
            let texts: Vec<(usize, &str)> =
                group.values.iter().map(|(end, leaf, at)| (*end, source.leaves[*leaf].text(*at))).collect();
            let entry = memo.of_group(&texts);
            let ids: Vec<u32> = group.values.iter().map(|(_, leaf, at)| self.id(*leaf, *at)).collect();
            match memo.entry(entry) {
                Entry::Refused(outcome, reason) => {
                    let (outcome, reason) = (*outcome, reason.clone());
                    for of in ids {
                        self.claim(of, number, outcome, &reason);
                    }
                }
                Entry::Made(result) => {
                    if !result.texts.iter().all(|(_, text, _)| self.holds(made.when.as_ref(), text, lang)) {
                        continue;
                    }
                    let known: Vec<u32> = ids.iter().copied().filter(|id| *id < SILENT).collect();
                    let mut origins: Vec<u32> = group
                        .values
                        .iter()
                        .map(|(_, leaf, at)| self.origin(*leaf, *at))
                        .filter(|id| *id < SILENT)
                        .collect();
                    origins.sort_unstable();
                    origins.dedup();
                    let merged = origins.len() > 1;
                    let outcome =
                        if merged && result.outcome <= Outcome::Merged { Outcome::Merged } else { result.outcome };
                    let (outcome, reason) = judged(made, outcome, false);
                    let mut first = None;
                    for of in &known {
                        let claim = self.claim(*of, number, outcome, reason);
                        first.get_or_insert(claim);
                    }
                    let id = first.unwrap_or(if self.ids.is_some() { DERIVED } else { SILENT });
                    for (item, (end, text, _)) in result.texts.iter().enumerate() {
                        cells[*end].push(group.row, &group.place, result.many.then_some(item as u32), text, lang, id);
                    }
                    if let (Some(first), true) = (first, known.len() > 1) {
                        self.shared.push((first, known.len() as u32));
                    }
                }
            }
        }
        self.cells.extend(cells.into_iter().filter(|cells| !cells.leaf.is_empty()));
    }
}

/// The language of a value as a value.
fn language(memo: &mut Memo, cells: &mut [Cells], (row, place): (u32, &[u32]), text: &str) {
    let entry = memo.of_owned(text);
    if let Entry::Made(result) = memo.entry(entry) {
        for (end, text, _) in &result.texts {
            cells[*end].push(row, place, None, text, 0, SILENT);
        }
    }
}

fn text_like(scalar: Option<Scalar>) -> bool {
    matches!(scalar, Some(Scalar::Text | Scalar::Tagged))
}

/// The outcome with what the rule declares lost.
fn judged(made: &Move, outcome: Outcome, lang_lost: bool) -> (Outcome, &str) {
    match &made.loss {
        Some(loss) if outcome <= Outcome::Narrowed => (Outcome::Narrowed, loss),
        _ if lang_lost && outcome <= Outcome::Narrowed => (Outcome::Narrowed, "language"),
        _ => (outcome, ""),
    }
}
