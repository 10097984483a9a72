//! What the functions of a move make of a text, once for each distinct text.

use super::super::compile::{End, Move};
use super::super::function::{Output, Shape, Step, When, part_name, run, says_nothing};
use super::super::outcome::{Outcome, Reasons};
use super::entry::{Entry, Part, Parts};
use super::memory::Answers;
use super::pick::Value as Picked;
use super::{Custom, inverse};
use crate::columns::leaf::{Clock, Distinct, Groups, Langs, Leaf, Leaves, Pool, Scalar, fits};
use crate::error::Result;
use crate::value::{Class, Stays, Value};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

/// A text for an end, the item it is of, and whether the value itself is in it.
type Spread<'t> = (usize, Cow<'t, str>, u32, bool);

/// Parts that a function works out of the others: they hold nothing of the value.
const WORKED_OUT: [&str; 5] = ["kind", "earliest", "latest", "precision", "scheme"];

/// No entry yet.
const NEW: u32 = u32::MAX;

/// Bytes from which on a text that stays as it is is not copied.
const LONG: usize = 64;

/// What a move made of texts so far.
#[derive(Debug, Default)]
pub struct Known {
    /// The pools that numbers are of, by end.
    stamps: Vec<u64>,
    /// The entry of a text alone, by end and number.
    alone: Vec<Vec<u32>>,
    groups: Groups,
    /// The entry of texts that stay as they are.
    stay: Option<u32>,
    entries: Vec<Entry>,
    /// The texts of all entries.
    parts: Vec<Part>,
    guarded: Vec<Option<bool>>,
    /// The texts made, by end.
    pools: Vec<Distinct>,
}

impl Known {
    /// Bytes of the texts made and of what is known of them, about.
    pub fn bytes(&self) -> usize {
        self.entries.len() * 64 + self.pools.iter().map(|pool| pool.pool().bytes()).sum::<usize>()
    }
}

/// The memory of one move.
pub struct Memo<'a> {
    made: &'a Move,
    clock: Clock,
    custom: HashMap<String, Option<String>>,
    /// Whether it matters what became of values.
    told: bool,
    known: Known,
}

impl<'a> Memo<'a> {
    /// The memory of a move, with what is known of the texts of these leaves.
    pub fn new(made: &'a Move, clock: Clock, told: bool, mut known: Known, source: &Leaves) -> Self {
        known.stamps.resize(made.from.len(), 0);
        let leaf = |end: &End| source.leaves.iter().find(|leaf| leaf.path == end.leaf);
        let stamps = || made.from.iter().map(|end| leaf(end).map_or(0, |leaf| leaf.pool.stamp()));
        if stamps().zip(&known.stamps).any(|(stamp, own)| stamp != 0 && stamp != *own) {
            known = Known { stamps: stamps().collect(), ..Known::default() };
        }
        known.alone.resize(made.from.len(), Vec::new());
        known.pools.resize_with(made.to.len(), Distinct::default);
        for (end, alone) in made.from.iter().zip(&mut known.alone) {
            alone.resize(leaf(end).map_or(0, |leaf| leaf.pool.len()).max(alone.len()), NEW);
        }
        Self { made, clock, custom: HashMap::new(), told, known }
    }

    /// What is known now; nothing where a function of the caller was asked.
    pub fn known(self) -> Known {
        if matches!(self.made.steps.first(), Some(Step::Custom(..))) { Known::default() } else { self.known }
    }

    /// Asks the function of the caller, if the move has one, about all distinct texts at once.
    pub fn ask<'t>(&mut self, custom: &mut Custom, texts: impl Iterator<Item = &'t str>) -> Result<()> {
        let Some(Step::Custom(number, _)) = self.made.steps.first() else { return Ok(()) };
        let mut distinct: Vec<&str> = texts.collect();
        distinct.sort_unstable();
        distinct.dedup();
        let answers = custom(*number, self.made.reversed, &distinct)?;
        self.custom = distinct.iter().map(|text| (*text).to_owned()).zip(answers).collect();
        Ok(())
    }

    pub fn entry(&self, number: u32) -> Entry {
        self.known.entries[number as usize]
    }

    /// Whether an entry has one text at most for each end, and the rule would read it back.
    pub fn is_simple(&self, number: u32) -> bool {
        match self.entry(number) {
            Entry::Refused(..) => true,
            Entry::Made(parts) => !parts.many && parts.works,
        }
    }

    /// The text of an entry that has one, for the first end, with the value itself in it; and what
    /// became of the value.
    #[inline]
    pub fn one(&self, number: u32) -> Option<(Part, Outcome)> {
        match self.entry(number) {
            Entry::Made(parts) if !parts.many && parts.works => match self.texts(parts) {
                [part] if part.end == 0 && part.essential => Some((*part, parts.outcome)),
                _ => None,
            },
            _ => None,
        }
    }

    /// The texts of an entry.
    pub fn texts(&self, parts: Parts) -> &[Part] {
        &self.known.parts[parts.first as usize..][..parts.count as usize]
    }

    /// The entry of a text of the leaf of an end.
    #[inline]
    pub fn of(&mut self, end: usize, leaf: &Leaf, text: u32, reasons: &mut Reasons) -> u32 {
        let known = self.known.alone[end][text as usize];
        if known == NEW { self.of_new(end, leaf, text, reasons) } else { known }
    }

    fn of_new(&mut self, end: usize, leaf: &Leaf, text: u32, reasons: &mut Reasons) -> u32 {
        let plain = self.made.when.as_ref().is_none_or(When::is_plain) && !self.made.gathers;
        if let Some(stays) = self.made.stays.filter(|_| plain && end == 0)
            && stays_as_it_is(stays, &leaf.pool, text)
        {
            return self.stay();
        }
        let entry = if self.made.from.len() == 1 && !self.made.gathers {
            let text = leaf.pool.get(text);
            let entry = self.make(&Value::one(text), text, true, reasons);
            self.remember(entry)
        } else {
            self.of_texts(&[(end, leaf.pool.get(text))], reasons)
        };
        self.known.alone[end][text as usize] = entry;
        entry
    }

    /// The entry of a text that is not remembered by its number.
    pub fn of_text(&mut self, text: &str, reasons: &mut Reasons) -> u32 {
        let entry = self.make(&Value::one(text), text, false, reasons);
        self.remember(entry)
    }

    fn of_texts(&mut self, texts: &[(usize, &str)], reasons: &mut Reasons) -> u32 {
        let made = if self.made.gathers {
            Value::Many(texts.iter().map(|(_, text)| Cow::Borrowed(*text)).collect())
        } else {
            let name = |end: usize| self.made.from[end].part.as_deref().map(|part| self.part(part));
            let parts = texts.iter().filter_map(|(end, text)| Some((name(*end)?, Cow::Borrowed(*text))));
            Value::Fields(parts.collect())
        };
        let whole = if let [(_, text)] = texts { *text } else { "\u{1e}" };
        // What stays as it is is looked up at the first end.
        let first = matches!(texts, [(0, _)]);
        let entry = self.make(&made, whole, first, reasons);
        self.remember(entry)
    }

    /// The entry of all texts that stay as they are.
    fn stay(&mut self) -> u32 {
        if let Some(known) = self.known.stay {
            return known;
        }
        let (first, count) = (self.known.parts.len() as u32, u32::from(!self.made.unread));
        self.known.parts.push(Part { end: 0, essential: true, item: 0, text: None });
        let parts = Parts { first, count, many: false, outcome: Outcome::Mapped, works: true, lost: 0 };
        let entry = self.remember(Entry::Made(parts));
        self.known.stay = Some(entry);
        entry
    }

    fn remember(&mut self, entry: Entry) -> u32 {
        self.known.entries.push(entry);
        self.known.entries.len() as u32 - 1
    }

    /// Whether there is anything to ask of values.
    pub fn asks(&self) -> bool {
        !matches!(self.made.when, None | Some(When::Otherwise))
    }

    /// Keeps the values of a leaf that the move works on.
    pub fn keep_those_it_works_on(&mut self, answers: &mut Answers, leaf: &Leaf, langs: &Langs, kept: &mut Vec<u32>) {
        let Some(when) = &self.made.when else { return };
        let lang = |at: u32| langs.get(leaf.lang(at as usize));
        if when.is_plain() || !leaf.pool.is_distinct() {
            let longest = when.longest();
            return kept.retain(|at| {
                let text = leaf.texts[*at as usize];
                leaf.pool.length(text) <= longest && when.holds(leaf.pool.get(text), lang(*at))
            });
        }
        let guarded = &mut self.known.guarded;
        guarded.resize(leaf.pool.len().max(guarded.len()), None);
        kept.retain(|at| {
            let text = leaf.texts[*at as usize];
            let ask = || when.holds_by(leaf.pool.get(text), lang(*at), &mut |guard| answers.of(guard, leaf, text));
            *guarded[text as usize].get_or_insert_with(ask)
        });
    }

    /// The entry of several texts, each with the end it comes from.
    pub fn of_group(&mut self, source: &Leaves, values: &[Picked], key: &mut Vec<u32>, reasons: &mut Reasons) -> u32 {
        let leaf = |value: &Picked| &source.leaves[value.leaf as usize];
        if let [value] = values {
            return self.of(value.end as usize, leaf(value), leaf(value).texts[value.at as usize], reasons);
        }
        key.clear();
        for value in values {
            key.extend([value.end, leaf(value).texts[value.at as usize]]);
        }
        if let Some(known) = self.known.groups.get(key) {
            return *known;
        }
        let text = |value: &Picked| leaf(value).text(value.at as usize);
        let texts: Vec<(usize, &str)> = values.iter().map(|value| (value.end as usize, text(value))).collect();
        let entry = self.of_texts(&texts, reasons);
        self.known.groups.insert(key.clone(), entry);
        entry
    }

    /// What a part says; `whole` is the text of the value itself.
    pub fn said<'t>(&'t self, part: &Part, whole: &'t str) -> &'t str {
        part.text.map_or(whole, |text| self.pool(part.end.into()).get(text))
    }

    /// The texts made for an end.
    pub fn pool(&self, end: usize) -> &Arc<Pool> {
        self.known.pools[end].pool()
    }

    /// The name of a part as its function writes it.
    fn part(&self, name: &str) -> &'static str {
        let shapes = self.made.steps.iter().map(Step::shape);
        let mut parts = shapes.filter_map(|shape| if let Shape::Parts(parts) = shape { Some(parts) } else { None });
        let own = parts.find_map(|parts| parts.iter().find(|known| **known == name));
        // Parts that the example lacks, such as an altitude, are leaked once a name: there are few.
        own.copied().unwrap_or_else(|| part_name(name))
    }

    /// Runs the functions. `whole` is the text a result is compared with; it `may_stay` what it is.
    fn make(&mut self, from: &Value, whole: &str, may_stay: bool, reasons: &mut Reasons) -> Entry {
        let steps = &self.made.steps;
        let made = match steps.first() {
            Some(Step::Custom(..)) => match self.custom.get(whole).cloned().flatten() {
                Some(text) => Ok(Output::Value(Value::one(text))),
                None => Err(("unknown", "the function gave nothing".into())),
            },
            _ => run(steps, self.made.reversed, from),
        };
        let made = match made {
            Ok(made) => made,
            Err(refused) => {
                let outcome = if says_nothing(&refused) { Outcome::Dropped } else { Outcome::Rejected };
                return Entry::Refused(outcome, reasons.number(&refused.1));
            }
        };
        let many = matches!(made, Output::Groups(_) | Output::Value(Value::Many(_)));
        let mut texts = match self.spread(&made) {
            Ok(texts) => texts,
            Err(reason) => return Entry::Refused(Outcome::Rejected, reasons.number(&reason)),
        };
        if texts.is_empty() {
            return Entry::Refused(Outcome::Dropped, reasons.number("says nothing"));
        }
        if self.made.unread {
            return Entry::Made(Parts { first: 0, count: 0, many, outcome: Outcome::Mapped, works: true, lost: 0 });
        }
        let identical = texts.iter().any(|(_, text, ..)| *text == whole);
        let several = match &made {
            Output::Value(Value::Many(texts)) => texts.len() > 1,
            Output::Value(_) => false,
            Output::Groups(groups) => groups.len() > 1,
        };
        if identical && !several {
            for (_, text, _, essential) in &mut texts {
                *essential = *text == whole;
            }
        }
        let same = !self.told || identical && !several;
        let parted = self.told && matches!(from, Value::Fields(_));
        let back = if same && !parted { None } else { inverse::back(self.made, &made) };
        let lost = inverse::lost(self.made, from, back.as_ref());
        let outcome = if same {
            Outcome::Mapped
        } else if !inverse::returns(self.made, from, &made, back.as_ref(), lost) {
            // What a function besides says is no loss; what has no way back is.
            let lens = self.made.steps.iter().any(|step| matches!(step.class(), Class::Lens));
            let narrows = !self.made.reversed && steps.first().is_some_and(|step| step.narrows(whole));
            if lens || narrows || back.as_ref().is_some_and(|back| inverse::has_fewer_parts(from, back)) {
                Outcome::Narrowed
            } else {
                Outcome::Canonicalised
            }
        } else if texts.iter().filter(|(.., essential)| *essential).count() > 1 {
            Outcome::Split
        } else {
            Outcome::Transformed
        };
        let when = self.made.when.as_ref().filter(|when| self.made.reversed && !when.is_plain());
        let works = when.is_none_or(|when| texts.iter().all(|(_, text, ..)| when.holds(text, None)));
        let Known { parts, pools, .. } = &mut self.known;
        let (first, count) = (parts.len() as u32, texts.len() as u32);
        for (end, text, item, essential) in &texts {
            let stays = may_stay && text.len() >= LONG && text == whole;
            let text = (!stays).then(|| pools[*end].number(text));
            parts.push(Part { end: *end as u16, essential: *essential, item: *item, text });
        }
        Entry::Made(Parts { first, count, many, outcome, works, lost })
    }

    /// The texts for the ends, each as its leaf writes it.
    fn spread<'v>(&self, made: &'v Output) -> std::result::Result<Vec<Spread<'v>>, String> {
        let fit = |end: usize, text: &'v str, item: usize, essential: bool| {
            let scalar = self.made.to[end].scalar.unwrap_or(Scalar::Text);
            let fitted = fits(scalar, text, self.clock);
            fitted.map(|text| (end, text, item as u32, essential)).ok_or_else(|| format!("not {}", kind(scalar)))
        };
        let parts = |item: usize, value: &'v Value<'_>| -> std::result::Result<Vec<Spread<'v>>, String> {
            let Value::Fields(fields) = value else { return Ok(Vec::new()) };
            let end = |name: &str| self.made.to.iter().position(|end| end.part.as_deref() == Some(name));
            let own = fields.iter().filter_map(|(name, text)| Some((end(name)?, text, !WORKED_OUT.contains(name))));
            own.map(|(end, text, essential)| fit(end, text, item, essential)).collect()
        };
        match made {
            Output::Value(Value::One(text)) => Ok(vec![fit(0, text, 0, true)?]),
            Output::Value(Value::Many(texts)) => {
                texts.iter().enumerate().map(|(item, text)| fit(0, text, item, true)).collect()
            }
            Output::Value(value) => parts(0, value),
            Output::Groups(groups) => {
                let each = groups.iter().enumerate().map(|(item, group)| parts(item, group));
                Ok(each.collect::<std::result::Result<Vec<_>, _>>()?.into_iter().flatten().collect())
            }
        }
    }
}

fn stays_as_it_is(stays: Stays, pool: &Pool, text: u32) -> bool {
    match stays {
        Stays::OneLine => pool.is_one_line(text),
        Stays::If(passes) => passes(pool.get(text)),
    }
}

fn kind(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text | Scalar::Tagged => "text",
        Scalar::Flag => "true or false",
        Scalar::Integer => "a whole number",
        Scalar::Number => "a number",
        Scalar::Instant => "a moment",
    }
}
