//! Moves that take one value at a time.
//!
//! Values that stay where they stand go through as columns: which are taken, what came of their
//! texts, which claims they have. The others are put one by one.

use super::super::compile::{End, Move};
use super::super::function::When;
use super::super::outcome::{DERIVED, Ids, Outcome, SILENT};
use super::cells::{Cells, Put};
use super::entry::Entry;
use super::judge::Judge;
use super::made::Memo;
use super::pick;
use super::{SAME, Work, mark};
use crate::columns::leaf::{Leaf, Scalar};
use crate::error::Result;

impl Work<'_, '_> {
    /// One value at a time.
    pub(super) fn each(&mut self, number: u16, made: &Move, from: &End) -> Result<()> {
        let Some(leaf) = self.leaf(&from.leaf) else { return Ok(()) };
        let source = self.source;
        let values = &source.leaves[leaf];
        let chosen = pick::chosen(source, values, from, self.setting.lang);
        let plain = made.steps.is_empty() && made.to.iter().all(|end| text_like(end.scalar));
        let judge = Judge::new(made, self.setting.reasons);
        let mut cells = self.cells(number, made);
        let free = from.carried(made.to.iter().map(|end| end.free().len()).max().unwrap_or(0));
        let whole = free.len() == values.depth;
        let untouched = chosen.is_none() && !made.derived && self.taken[leaf].is_empty();
        if plain && made.when.is_none() && untouched && (made.unread || whole && cells[0].fits(values)) {
            let ids = self.claims(leaf, number, &judge, None);
            if made.answers {
                self.answered[leaf] = vec![true; values.len()];
            }
            if !made.unread {
                cells[0].share(values, ids);
                self.cells.append(&mut cells);
            }
            return Ok(());
        }
        let mut memo = self.memo(number, made);
        memo.ask(self.setting.custom, (0..values.len()).map(|at| values.text(at)))?;
        // The guard is on the value of the format: the source going there, the result coming back.
        let before = plain || !made.reversed;
        let kept = self.kept((leaf, number, made), chosen.as_deref(), before.then_some(&mut memo));
        if kept.is_empty() {
            self.memory.moves[usize::from(number)] = memo.known();
            return Ok(());
        }
        let there = cells.iter().all(|cells| cells.stands(values, whole));
        if plain && there {
            let ids =
                if made.derived { self.besides(kept.len()) } else { self.claims(leaf, number, &judge, Some(&kept)) };
            self.take_all(leaf, made, &kept);
            let kept = if made.unread { &[] } else { &kept[..] };
            cells[0].take(values, kept, kept.iter().map(|at| values.texts[*at as usize]).collect(), ids);
        } else {
            let mut entries = Vec::new();
            if !plain {
                let texts = kept.iter().map(|at| values.texts[*at as usize]);
                entries.extend(texts.map(|text| memo.of(0, values, text, self.setting.reasons)));
            }
            // What is asked of the result needs its language; several items need numbers.
            let after = made.when.as_ref().filter(|when| made.reversed && when.is_plain());
            let stand = there && after.is_none();
            if !(stand && self.gather((leaf, number, made), &judge, &memo, (&kept, &entries), &mut cells)) {
                self.put((leaf, number, made), &judge, &memo, (&kept, &entries), (&free, after), &mut cells);
            }
        }
        if plain {
            let texts = cells[0].texts();
            cells[0].seal(texts, values.pool.clone());
            self.cells.extend(cells.into_iter().filter(|cells| !cells.is_empty()));
            self.memory.moves[usize::from(number)] = memo.known();
        } else {
            self.keep(number, cells, memo, Some(&values.pool));
        }
        Ok(())
    }

    /// The values of a leaf that a move takes: those that are picked, free and, where `memo` asks,
    /// of the right kind.
    fn kept(
        &mut self,
        (leaf, number, made): (usize, u16, &Move),
        chosen: Option<&[bool]>,
        memo: Option<&mut Memo>,
    ) -> Vec<u32> {
        let values = &self.source.leaves[leaf];
        let taken = if made.derived { &[] } else { &self.taken[leaf][..] };
        let otherwise = made.when.as_ref().is_some_and(When::is_otherwise);
        let answered = if otherwise { &self.answered[leaf][..] } else { &[] };
        let there = |at: &u32| {
            let at = *at as usize;
            let is = |marks: &[bool]| marks.get(at).copied().unwrap_or(false);
            chosen.is_none_or(|chosen| chosen[at]) && !is(taken) && !is(answered)
        };
        let all = 0..values.len() as u32;
        let every = chosen.is_none() && taken.is_empty() && answered.is_empty();
        let mut kept: Vec<u32> = if every { all.collect() } else { all.filter(there).collect() };
        if !made.record.is_empty() {
            let values = &self.source.leaves[leaf];
            let mut repeats = Vec::new();
            kept.retain(|at| {
                let text = || values.text(*at as usize);
                let holds = self.in_record(made, values.rows[*at as usize], text);
                if !holds && self.is_repeated(made, values.rows[*at as usize], text) {
                    repeats.push(*at);
                }
                holds
            });
            // Another value of the target has the text of these.
            for at in repeats.into_iter().filter(|_| !made.derived) {
                let of = self.id(leaf, at as usize);
                self.claim(of, number, (Outcome::Merged, 0));
            }
        }
        if let Some(memo) = memo
            && memo.asks()
        {
            memo.keep_those_it_works_on(self.setting.answers, values, &self.source.langs, &mut kept);
        }
        kept
    }

    /// Claims values of a leaf that stay what they are, all or those kept; gives the claims.
    fn claims(&mut self, leaf: usize, number: u16, judge: &Judge, kept: Option<&[u32]>) -> Ids {
        let values = &self.source.leaves[leaf];
        if !judge.tells_lang || values.langs.is_empty() {
            return self.claim_alike(leaf, number, kept, judge.of(Outcome::Mapped, false));
        }
        let fate = |at: usize| (at, judge.of(Outcome::Mapped, values.lang(at) != 0));
        match kept {
            Some(kept) => self.claim_each(leaf, number, kept.iter().map(|at| fate(*at as usize))),
            None => self.claim_each(leaf, number, (0..values.len()).map(fate)),
        }
    }

    /// Claims values of a leaf, each with what becomes of it; gives the claims.
    fn claim_each(&mut self, leaf: usize, number: u16, fates: impl Iterator<Item = (usize, (Outcome, u16))>) -> Ids {
        let next = self.claims.count;
        match self.ids.and_then(|ids| ids.get(leaf)) {
            None | Some(Ids::None) => Ids::None,
            Some(Ids::From(first)) => {
                for (at, fate) in fates {
                    self.claims.add(first + at as u32, 1, number, fate);
                }
                Ids::From(next)
            }
            Some(ids) => Ids::Each(fates.map(|(at, fate)| self.claim(ids.get(at), number, fate)).collect()),
        }
    }

    /// Claims values of a leaf of which the same becomes, all or those kept; gives the claims.
    fn claim_alike(&mut self, leaf: usize, number: u16, kept: Option<&[u32]>, fate: (Outcome, u16)) -> Ids {
        let count = self.source.leaves[leaf].len();
        match (self.ids.and_then(|ids| ids.get(leaf)), kept.filter(|kept| kept.len() < count)) {
            (Some(Ids::From(first)), None) => Ids::From(self.claims.add(*first, count as u32, number, fate)),
            (_, None) => self.claim_each(leaf, number, (0..count).map(|at| (at, fate))),
            (_, Some(kept)) => self.claim_each(leaf, number, kept.iter().map(|at| (*at as usize, fate))),
        }
    }

    /// Numbers of values that a rule says besides.
    fn besides(&self, count: usize) -> Ids {
        if self.ids.is_some() { Ids::Each(vec![DERIVED; count]) } else { Ids::None }
    }

    /// Nobody else may take these values, if the rule says which it takes; nor say otherwise what it says.
    fn take_all(&mut self, leaf: usize, made: &Move, kept: &[u32]) {
        let marks = match &made.when {
            Some(_) if !made.derived => &mut self.taken[leaf],
            _ if made.answers => &mut self.answered[leaf],
            _ => return,
        };
        for at in kept {
            mark(marks, *at as usize, &self.source.leaves[leaf]);
        }
    }

    /// What came of values, where each stays where it stands; gives whether each came to one text at
    /// most for each end, as it has to.
    pub(super) fn gather(
        &mut self,
        (leaf, number, made): (usize, u16, &Move),
        judge: &Judge,
        memo: &Memo,
        (kept, entries): (&[u32], &[u32]),
        cells: &mut [Cells],
    ) -> bool {
        let values = &self.source.leaves[leaf];
        if let ([cells], Some(Straight { texts, outcome })) = (&mut *cells, straight(made, memo, values, kept, entries))
        {
            let loses = !made.keeps_lang && !values.langs.is_empty();
            let ids = if let (Some(outcome), false) = (outcome, loses) {
                self.claim_alike(leaf, number, Some(kept), judge.of(outcome, false))
            } else {
                let fate = |(at, entry): (&u32, &u32)| {
                    let at = *at as usize;
                    let Entry::Made(result) = memo.entry(*entry) else { return None };
                    Some((at, judge.of(result.outcome, loses && values.lang(at) != 0)))
                };
                self.claim_each(leaf, number, kept.iter().zip(entries).filter_map(fate))
            };
            self.take_all(leaf, made, kept);
            cells.take(values, kept, texts, ids);
            return true;
        }
        if !entries.iter().all(|entry| memo.is_simple(*entry)) {
            return false;
        }
        let told = self.ids.is_some();
        let mut found: Vec<Gathered> = cells.iter().map(|_| Gathered::new(kept.len(), told)).collect();
        let mut taken = Vec::with_capacity(kept.len());
        for (at, entry) in kept.iter().zip(entries) {
            let of = if told { self.id(leaf, *at as usize) } else { SILENT };
            match memo.entry(*entry) {
                Entry::Refused(outcome, reason) => {
                    if !made.derived {
                        self.claim(of, number, (outcome, reason));
                    }
                }
                Entry::Made(result) => {
                    let lost = !made.keeps_lang && values.lang(*at as usize) != 0;
                    let fate = judge.of(result.outcome, lost);
                    // What is said besides in the same words is the value itself at another place.
                    let besides = made.derived && result.outcome != Outcome::Mapped;
                    let id = if besides { DERIVED } else { self.claim(of, number, fate) };
                    for part in memo.texts(result) {
                        let text = part.text.unwrap_or_else(|| values.texts[*at as usize] | SAME);
                        found[usize::from(part.end)].push(*at, text, if part.essential { id } else { DERIVED });
                    }
                    taken.push(*at);
                }
            }
        }
        self.take_all(leaf, made, &taken);
        for (cells, Gathered { kept, texts, ids }) in cells.iter_mut().zip(found) {
            cells.take(values, &kept, texts, ids);
        }
        true
    }

    /// What came of values, one by one.
    fn put(
        &mut self,
        (leaf, number, made): (usize, u16, &Move),
        judge: &Judge,
        memo: &Memo,
        (kept, entries): (&[u32], &[u32]),
        (free, after): (&[usize], Option<&When>),
        cells: &mut [Cells],
    ) {
        let source = self.source;
        let values = &source.leaves[leaf];
        let mut taken = Vec::with_capacity(kept.len());
        for cells in &mut *cells {
            cells.reserve(kept.len());
        }
        let mut place = Vec::new();
        let mut items = Vec::new();
        for (number_kept, at) in kept.iter().enumerate() {
            let at = *at as usize;
            let (row, lang, text) = (values.rows[at], values.lang(at), values.texts[at]);
            place.clear();
            place.extend(free.iter().map(|level| values.place(at)[*level]));
            let of = self.id(leaf, at);
            let lost = lang != 0 && !made.keeps_lang;
            match entries.get(number_kept).map(|entry| memo.entry(*entry)) {
                None => {
                    let fate = judge.of(Outcome::Mapped, lost);
                    let id = if made.derived { DERIVED } else { self.claim(of, number, fate) };
                    cells[0].put(&Put { row, place: &place, item: None, text, lang, id });
                }
                Some(Entry::Refused(outcome, reason)) => {
                    if !made.derived {
                        self.claim(of, number, (outcome, reason));
                    }
                    continue;
                }
                Some(Entry::Made(result)) => {
                    let parts = || memo.texts(result).iter();
                    let said = |part| memo.said(part, values.pool.get(text));
                    let holds = |when: &When| parts().all(|part| when.holds(said(part), source.langs.get(lang)));
                    if !result.works || !after.is_none_or(holds) {
                        continue;
                    }
                    let fate = judge.of(result.outcome, lost);
                    let besides = made.derived && result.outcome != Outcome::Mapped;
                    let id = if besides { DERIVED } else { self.claim(of, number, fate) };
                    if result.many {
                        items.resize(values.len(), 0);
                        items[at] = parts().map(|part| part.item + 1).max().unwrap_or(0);
                    }
                    for part in parts() {
                        let id = if part.essential { id } else { DERIVED };
                        let item = result.many.then_some(part.item);
                        let text = part.text.unwrap_or(text | SAME);
                        cells[usize::from(part.end)].put(&Put { row, place: &place, item, text, lang, id });
                    }
                }
            }
            taken.push(at as u32);
        }
        self.take_all(leaf, made, &taken);
        if let (false, Some(end)) = (items.is_empty(), made.to.first()) {
            self.items.push((leaf, end.list.clone(), items));
        }
    }
}

/// The texts that values became, where each became one, and is in it.
struct Straight {
    texts: Vec<u32>,
    /// What became of them, if of all the same.
    outcome: Option<Outcome>,
}

fn straight(made: &Move, memo: &Memo, values: &Leaf, kept: &[u32], entries: &[u32]) -> Option<Straight> {
    if made.derived || made.unread {
        return None;
    }
    let mut texts = Vec::with_capacity(kept.len());
    let mut outcome = None;
    let mut alike = true;
    for (at, entry) in kept.iter().zip(entries) {
        let (part, own) = memo.one(*entry)?;
        alike &= *outcome.get_or_insert(own) == own;
        texts.push(part.text.unwrap_or_else(|| values.texts[*at as usize] | SAME));
    }
    Some(Straight { texts, outcome: outcome.filter(|_| alike) })
}

/// What came of the values of a leaf at one end: which they were, and their texts.
struct Gathered {
    kept: Vec<u32>,
    texts: Vec<u32>,
    ids: Ids,
}

impl Gathered {
    fn new(count: usize, told: bool) -> Self {
        let ids = if told { Ids::Each(Vec::with_capacity(count)) } else { Ids::None };
        Self { kept: Vec::with_capacity(count), texts: Vec::with_capacity(count), ids }
    }

    fn push(&mut self, at: u32, text: u32, id: u32) {
        self.kept.push(at);
        self.texts.push(text);
        self.ids.push(id);
    }
}

fn text_like(scalar: Option<Scalar>) -> bool {
    matches!(scalar, Some(Scalar::Text | Scalar::Tagged))
}
