//! Values that are one for the functions of a move: the parts of a group, all items of a list.

use super::super::compile::Move;
use super::super::outcome::{DERIVED, Outcome, SILENT};
use super::cells::Put;
use super::entry::Entry;
use super::judge::Judge;
use super::pick::{self, Value};
use super::{SAME, Work};

impl Work<'_, '_> {
    /// Where one part of a group is there alone, and stays where it stands, its values go one by one.
    /// Gives whether they did.
    fn alone(&mut self, number: u16, made: &Move) -> bool {
        let mut there =
            made.from.iter().enumerate().filter_map(|(end, from)| Some((end, from, self.leaf(&from.leaf)?)));
        let (Some((end, from, leaf)), None) = (there.next(), there.next()) else { return false };
        let values = &self.source.leaves[leaf];
        let mut cells = self.cells(number, made);
        let whole = from.free().len() == values.depth;
        let stands = cells.iter().all(|cells| cells.stands(values, whole));
        if made.gathers || made.derived || made.when.is_some() || !stands {
            return false;
        }
        let chosen = pick::chosen(self.source, values, from, self.setting.lang);
        let picked = |at: &u32| chosen.as_ref().is_none_or(|chosen| chosen[*at as usize]);
        let kept: Vec<u32> = (0..values.len() as u32).filter(picked).collect();
        let mut memo = self.memo(number, made);
        let texts = kept.iter().map(|at| values.texts[*at as usize]);
        let entries: Vec<u32> = texts.map(|text| memo.of(end, values, text, self.setting.reasons)).collect();
        let judge = Judge::new(made, self.setting.reasons);
        let simple = self.gather((leaf, number, made), &judge, &memo, (&kept, &entries), &mut cells);
        if simple {
            self.keep(number, cells, memo, Some(&values.pool));
        } else {
            self.memory.moves[usize::from(number)] = memo.known();
        }
        simple
    }

    /// Several values as one: the parts of a group, or all items of a list.
    pub(super) fn together(&mut self, number: u16, made: &Move) {
        let there = made.from.iter().any(|end| self.leaf(&end.leaf).is_some());
        if !there || self.alone(number, made) {
            return;
        }
        let source = self.source;
        let groups = pick::groups(source, made, self.setting.lang);
        let judge = Judge::new(made, self.setting.reasons);
        let no_part = self.setting.reasons.number("the text of the target has no part for it");
        let mut cells = self.cells(number, made);
        let mut memo = self.memo(number, made);
        let (mut key, mut ids, mut origins) = (Vec::new(), Vec::new(), Vec::new());
        for (row, place, values) in groups.iter() {
            let leaf = |value: &Value| (&source.leaves[value.leaf as usize], value.at as usize);
            let lang = values.first().map_or(0, |value| leaf(value).0.lang(leaf(value).1));
            let entry = memo.of_group(source, values, &mut key, self.setting.reasons);
            ids.clear();
            ids.extend(values.iter().map(|value| self.id(value.leaf as usize, value.at as usize)));
            match memo.entry(entry) {
                Entry::Refused(outcome, reason) => {
                    for of in &ids {
                        self.claim(*of, number, (outcome, reason));
                    }
                }
                Entry::Made(result) => {
                    // Only a value alone stays as it is.
                    let alone = values.first().map_or(0, |value| leaf(value).0.texts[leaf(value).1]);
                    let whole = || values.first().map_or("", |value| leaf(value).0.pool.get(alone));
                    let said = |part| memo.said(part, whole());
                    let holds = |when| memo.texts(result).iter().all(|part| self.holds(Some(when), said(part), lang));
                    if !made.when.as_ref().is_none_or(holds) || !self.in_record(made, row, whole) {
                        continue;
                    }
                    if made.answers {
                        for value in values {
                            self.answer(value.leaf as usize, value.at as usize);
                        }
                    }
                    let merged = values.len() > 1 && {
                        origins.clear();
                        origins.extend(values.iter().map(|value| self.origin(value.leaf as usize, value.at as usize)));
                        origins.retain(|id| *id < SILENT);
                        origins.sort_unstable();
                        origins.dedup();
                        origins.len() > 1
                    };
                    let outcome = if merged && result.outcome <= Outcome::Canonicalised {
                        Outcome::Merged
                    } else {
                        result.outcome
                    };
                    let tongue = values.iter().any(|value| leaf(value).0.lang(leaf(value).1) != 0);
                    let fate = judge.of(outcome, tongue && !made.keeps_lang);
                    let (mut first, mut count) = (None, 0);
                    let there = |value: &Value| !result.loses(value.end);
                    let own = ids.iter().zip(values).filter(|(of, value)| **of < SILENT && there(value));
                    for (of, _) in own {
                        let claim = self.claims.add(*of, 1, number, fate);
                        first.get_or_insert(claim);
                        count += 1;
                    }
                    for (of, _) in ids.iter().zip(values).filter(|(_, value)| !there(value)) {
                        self.claim(*of, number, (Outcome::Passthrough, no_part));
                    }
                    let id = first.unwrap_or(if self.ids.is_some() { DERIVED } else { SILENT });
                    for part in memo.texts(result) {
                        let item = result.many.then_some(part.item);
                        let text = part.text.unwrap_or(alone | SAME);
                        cells[usize::from(part.end)].put(&Put { row, place, item, text, lang, id });
                    }
                    if let (Some(first), true) = (first, count > 1) {
                        self.shared.push((first, count));
                    }
                }
            }
        }
        let same = made.from.first().and_then(|end| self.leaf(&end.leaf)).map(|leaf| source.leaves[leaf].pool.clone());
        self.keep(number, cells, memo, same.as_ref());
    }
}
