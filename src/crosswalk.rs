//! Crosswalks: rules between a format and the hub, read in both directions, with an account of
//! every value.
//!
//! A batch of columns becomes leaves ([`crate::columns::leaf`]), one plan or two move them
//! ([`compile`], [`apply`]), and columns are made of them again. The same batch is mapped back and
//! compared: what differs is its residue. Every value of the source has one outcome.

mod account;
pub mod apply;
pub mod compile;
pub mod decisions;
mod domains;
pub mod flat;
pub mod format;
pub mod function;
mod known;
pub mod loss;
mod otherwise;
pub mod outcome;
pub mod path;
mod pattern;
pub mod profile;
mod read;
mod recognised;
pub mod residue;
pub mod rule;
mod split;
pub mod sssom;
mod unfold;
mod unread;

use crate::columns::build::Texts;
use crate::columns::leaf::{Leaf, Leaves};
use crate::columns::{Column, Columns, Data, Text};
use crate::error::{Error, Kind, Result};
use crate::format::Vocabulary;
use apply::{Answers, Custom, Memory, Moved, Setting};
use compile::{Plan, Way, compile};
use decisions::{Decisions, Effect};
use format::{CLOCK, Format};
use loss::Loss;
use outcome::{Ids, Reasons, SILENT};
use read::Read;
use rule::Rules;
use sssom::Sheet;
use std::sync::Arc;

/// The format all others meet in.
pub const HUB: &str = "media";

/// Rules from one format to another, compiled.
#[derive(Debug, Clone)]
pub struct Crosswalk {
    /// The format that is read.
    pub source: Arc<Format>,
    /// The format that is made.
    pub target: Arc<Format>,
    /// The rules of each step, and which way they are read.
    pub rules: Arc<[(Rules, Way)]>,
    forward: Arc<[Plan]>,
    backward: Arc<[Plan]>,
    keys: Arc<[String]>,
    /// Preferred languages, where only one text fits.
    pub lang: Vec<String>,
    /// Whether records that are not public go along.
    pub private: bool,
    /// Texts for fields of the target that would be empty.
    pub defaults: Vec<(String, String)>,
    /// Decisions of a person about rights statements.
    pub decisions: Arc<Decisions>,
    /// Whether statements come back that decisions replaced.
    undoes: bool,
    dialects: Vec<String>,
    /// How to compile the same crosswalk for a dialect, if each record is read with that of its provider.
    recognises: Option<Arc<recognised::Recipe>>,
}

/// How a crosswalk is made.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Dialects of the source, of the target: rules laid over the standard ones.
    pub dialects: Vec<String>,
    /// Whether each record is read with the dialect of its provider, if it is recognised.
    pub recognise: bool,
    /// Files laid over the rules: name and text. A file whose paths are of the other format is
    /// laid over the rules of that one.
    pub sheets: Vec<(String, String)>,
    /// The functions of the caller: name, whether it has a way back.
    pub custom: Vec<(String, bool)>,
    /// Preferred languages.
    pub lang: Vec<String>,
    /// Whether records that are not public go along.
    pub private: bool,
    /// Texts for fields of the target that would be empty.
    pub defaults: Vec<(String, String)>,
    /// Decisions of a person about rights statements.
    pub decisions: Arc<Decisions>,
}

/// What a crosswalk remembers from batch to batch: what functions made of texts is made once.
#[derive(Debug, Default)]
pub struct Session {
    reasons: Reasons,
    answers: Answers,
    forward: Vec<Memory>,
    backward: Vec<Memory>,
    room: account::Room,
    profiles: recognised::Profiles,
}

/// What a batch became.
#[derive(Debug)]
pub struct Mapped {
    /// The records of the target.
    pub columns: Columns,
    /// The row of the batch that each record is made of, or the first of them.
    pub rows: Vec<u32>,
    /// The account.
    pub loss: Loss,
}

impl Crosswalk {
    /// The rules from `source` to `target`, with what is laid over them.
    pub fn new(source: &str, target: &str, options: &Options) -> Result<Self> {
        let mut crosswalk = Self::one(source, target, options)?;
        if options.recognise && [source, target].into_iter().any(profile::has) {
            crosswalk.recognises = Some(Arc::new(recognised::Recipe::new(source, target, options)));
        }
        Ok(crosswalk)
    }

    /// The same for all records.
    fn one(source: &str, target: &str, options: &Options) -> Result<Self> {
        let ours = options.sheets.is_empty() && options.custom.is_empty();
        if ours && let Some(known) = known::find(source, target, &options.dialects) {
            return known.with(options);
        }
        let crosswalk = Self::compiled(source, target, options)?;
        if ours {
            known::keep(&crosswalk);
        }
        crosswalk.with(options)
    }

    /// The same rules with the choices of a caller.
    fn with(mut self, options: &Options) -> Result<Self> {
        for (path, _) in &options.defaults {
            if self.target.paths.scalar(path).is_none() {
                return Err(Error::new(Kind::Value, format!("{} has no {path:?}", self.target.vocabulary.name)));
            }
        }
        self.lang.clone_from(&options.lang);
        self.private = options.private;
        self.defaults.clone_from(&options.defaults);
        self.decisions = Arc::clone(&options.decisions);
        if !self.decisions.is_empty() {
            // Decisions read statements of rights, whether or not the target does.
            let mut plans = self.forward.to_vec();
            for step in plans.iter_mut().flat_map(|plan| &mut plan.moves) {
                let is_read = |end: &compile::End| {
                    decisions::SUBJECTS
                        .iter()
                        .any(|subject| end.leaf == subject.list || Some(&*end.leaf) == subject.rights)
                };
                step.unread &= !step.to.iter().any(is_read);
            }
            self.forward = plans.into();
        }
        Ok(self)
    }

    fn compiled(source: &str, target: &str, options: &Options) -> Result<Self> {
        let named = |name: &str| {
            Vocabulary::named(name).ok_or_else(|| {
                let known = rule::formats().join(", ");
                Error::new(Kind::Value, format!("no format {name:?}; there are rules for {known} and {HUB}"))
            })
        };
        let (source, target) = (named(source)?, named(target)?);
        let mut rules = Vec::new();
        for (vocabulary, way) in [(source, Way::Forward), (target, Way::Backward)] {
            if vocabulary.name == HUB {
                continue;
            }
            let mut own = Rules::named(vocabulary.name)?;
            for dialect in &options.dialects {
                own.dialect(dialect)?;
            }
            rules.push((own, way));
        }
        for dialect in &options.dialects {
            if !rules.iter().any(|(own, _)| rule::dialects(&own.format).contains(&dialect.as_str())) {
                let known: Vec<&str> = rules.iter().flat_map(|(own, _)| rule::dialects(&own.format)).collect();
                let message = format!("no dialect {dialect:?}; known here are {}", known.join(", "));
                return Err(Error::new(Kind::Value, message));
            }
        }
        for (name, text) in &options.sheets {
            lay(&mut rules, &Sheet::read(name, text)?)?;
        }
        Self::of(source, target, rules, options)
    }

    fn of(
        source: &'static Vocabulary,
        target: &'static Vocabulary,
        rules: Vec<(Rules, Way)>,
        options: &Options,
    ) -> Result<Self> {
        let hub = Vocabulary::named(HUB).map(Format::new);
        let hub = hub.ok_or_else(|| Error::new(Kind::Value, "there is no hub"))?;
        let (mut forward, mut backward, mut keys) = (Vec::new(), Vec::new(), Vec::new());
        for (own, way) in &rules {
            let Some(vocabulary) = Vocabulary::named(&own.format) else { continue };
            let format = Format::new(vocabulary).with_dialects(&options.dialects);
            let other = if *way == Way::Forward { Way::Backward } else { Way::Forward };
            let compiled = |way| compile(own, &format.paths, &hub.paths, way, &options.custom);
            forward.push(compiled(*way)?);
            backward.insert(0, compiled(other)?);
        }
        if let [first, second] = &mut forward[..] {
            unread::mark(first, second);
        }
        for plan in forward.iter().chain(&backward) {
            keys.extend(plan.keys());
        }
        keys.push("extra[].element".to_owned());
        Ok(Self {
            source: Arc::new(Format::new(source).with_dialects(&options.dialects)),
            target: Arc::new(Format::new(target)),
            rules: rules.into(),
            forward: forward.into(),
            backward: backward.into(),
            keys: keys.into(),
            lang: Vec::new(),
            private: false,
            defaults: Vec::new(),
            decisions: Arc::default(),
            undoes: false,
            dialects: options.dialects.clone(),
            recognises: None,
        })
    }

    /// The same rules, read the other way.
    pub fn invert(&self, custom: &[(String, bool)]) -> Result<Self> {
        let turned = |way: Way| if way == Way::Forward { Way::Backward } else { Way::Forward };
        let rules = self.rules.iter().rev().map(|(own, way)| (own.clone(), turned(*way))).collect();
        let options = Options {
            dialects: self.dialects.clone(),
            custom: custom.to_vec(),
            lang: self.lang.clone(),
            private: self.private,
            ..Options::default()
        };
        let mut inverse = Self::of(self.target.vocabulary, self.source.vocabulary, rules, &options)?.with(&options)?;
        inverse.undoes = !self.undoes;
        inverse.recognises = self.recognises.as_ref().map(|recipe| Arc::new(recipe.inverted()));
        Ok(inverse)
    }

    /// The columns of the records it makes, without rows.
    #[must_use]
    pub fn blank(&self) -> Columns {
        let mut columns = self.target.blank.clone();
        with_residue(&mut columns, Texts::default().freeze());
        columns
    }

    /// Maps a batch: small ones cost as much as large ones. A `session` is of this crosswalk alone;
    /// `custom` calls the functions of the caller.
    pub fn apply(&self, columns: &Columns, session: &mut Session, custom: &mut Custom) -> Result<Mapped> {
        match &self.recognises {
            Some(recipe) => self.apply_recognised(recipe, columns, session, custom),
            None => self.map(columns, session, custom),
        }
    }

    /// Maps a batch with these rules alone.
    fn map(&self, columns: &Columns, session: &mut Session, custom: &mut Custom) -> Result<Mapped> {
        let Session { reasons, answers, forward, backward, room, .. } = session;
        forward.resize_with(self.forward.len(), Memory::default);
        backward.resize_with(self.backward.len(), Memory::default);
        let mut loss = Loss::default();
        let Read { mut leaves, notes, inside, residues, private, chosen } = self.read(columns, &mut loss);
        loss.records = leaves.rows as u64;
        let (from_hub, to_hub) = (self.source.vocabulary.name == HUB, self.target.vocabulary.name == HUB);
        let mut effect = if from_hub { self.decide_hub(&mut leaves) } else { Effect::default() };
        let ids = self.number(&leaves, &inside, &mut loss);
        effect.trace_hub(&leaves, &ids);
        let each = self.forward.first().and_then(|plan| plan.each.as_deref());
        let numbered = each.map(|_| ids.clone());
        let mut parts = split::Parts::of(each, &leaves, ids);
        let mut setting = Setting { lang: &self.lang, clock: CLOCK, custom, reasons, answers };
        let mut steps: Vec<Moved> = Vec::new();
        let per_part: Vec<Option<&str>> = parts.rows.iter().map(|row| residues[*row as usize].as_deref()).collect();
        for (plan, memory) in self.forward.iter().zip(forward) {
            let mut moved = match steps.last_mut() {
                None => {
                    memory.begin(plan, &mut parts.leaves);
                    apply::run(plan, &parts.leaves, Some(&parts.ids), None, memory, &mut setting)?
                }
                Some(before) => {
                    memory.begin(plan, &mut before.leaves);
                    let numbered = read::sequence(&before.leaves);
                    apply::run(plan, &before.leaves, Some(&numbered), Some(&before.ids), memory, &mut setting)?
                }
            };
            if steps.is_empty() && !from_hub && !to_hub {
                let recorded = decisions::recorded(&per_part);
                if recorded.is_some() || !self.decisions.is_empty() {
                    decisions::decide_between(&mut moved, &self.decisions, recorded, &mut effect);
                }
            }
            steps.push(moved);
        }
        let mut made = match steps.last() {
            Some(last) => last.leaves.clone(),
            None => parts.leaves.clone(),
        };
        let (between, back) = self.back(&made, backward, &mut setting)?;
        let origin = self.source.vocabulary.name;
        let first = |row: usize| parts.of[row].is_none_or(|[part, _]| part == 0);
        let notes = notes.into_text();
        let own = |row: usize| notes.get(parts.rows[row] as usize).filter(|_| first(row));
        let view = |path: &str| self.source.is_inside(path);
        let named = (origin, &*self.dialects.join("+"));
        let mut kept = residue::residue(named, &parts.leaves, &back, own, &parts.of, view);
        // A record that itself came with a residue of the target's gets back what it was.
        let restored = if residues.iter().any(Option::is_some) {
            let given = made.clone();
            let restored = residue::restore(self.target.vocabulary.name, made, &per_part);
            made = restored.leaves;
            if let (Some(plan), false) = (self.backward.first(), to_hub || self.undoes) {
                decisions::drop_replaced(&mut made, &given, plan, &effect, &mut setting)?;
            }
            loss.edited = restored.edited;
            loss.unread = restored.unread;
            kept = self.nest_residues(&kept, &per_part);
            Some((restored.notes, restored.parts))
        } else {
            None
        };
        if !from_hub {
            kept = self.keep_decisions(&mut made, kept, (&steps, &between), &mut effect);
        }
        loss.decisions = std::mem::take(&mut effect.uses);
        account::account(self, &parts, &steps, reasons, room, &effect.values, &mut loss);
        if let Some(ids) = numbered {
            account::without_items(self, (&leaves, &ids), &parts, &mut loss);
        }
        self.fill(&mut made, &mut loss);
        let each = self.rules.last().filter(|(_, way)| *way == Way::Backward).and_then(|(rules, _)| rules.each());
        let mut firsts: Option<Vec<usize>> = None;
        let made_notes = match restored {
            Some((notes, part_of)) => {
                let (leaves, notes, first) = split::join(made, notes, &part_of, each.as_deref());
                made = leaves;
                kept = select(&kept, &first);
                firsts = Some(first);
                notes
            }
            None => vec![Vec::new(); made.rows],
        };
        loss.made = made.rows as u64;
        loss.residue = kept.bytes.len() as u64;
        let mut columns = self.target.columns(&made, &made_notes);
        flat::fill(&self.target, &mut columns, &made, &self.lang);
        with_residue(&mut columns, kept);
        columns.private = private.map(|numbers| parts.private(&numbers, firsts.as_deref(), columns.rows).into());
        let rows = match &firsts {
            Some(firsts) => firsts.iter().map(|first| parts.rows[*first]).collect(),
            None => std::mem::take(&mut parts.rows),
        };
        let rows = rows.into_iter().map(|row| chosen[row as usize]).collect();
        Ok(Mapped { columns, rows, loss })
    }

    /// Applies the decisions to records of the hub, or takes them back.
    fn decide_hub(&self, leaves: &mut Leaves) -> Effect {
        let mut effect = Effect::default();
        if self.undoes {
            decisions::undo(leaves);
        } else {
            decisions::decide(leaves, &self.decisions, &mut effect.uses, |_, _| None);
            effect.rows = decisions::decided_rows(leaves);
        }
        effect
    }

    /// The residue of each row with the one that the record came with inside it.
    fn nest_residues(&self, residues: &Text, given: &[Option<&str>]) -> Text {
        let mut nested = Texts::default();
        for (row, other) in given.iter().enumerate() {
            let outer = residues.get(row).map(str::to_owned);
            let (target, source) = (self.target.vocabulary.name, self.source.vocabulary.name);
            nested.push_option(residue::nested(outer, *other, target, source).as_deref());
        }
        nested.freeze()
    }

    /// Numbers the values of a batch.
    fn number(&self, leaves: &Leaves, inside: &[(u32, u32)], loss: &mut Loss) -> Vec<Ids> {
        let mut next = 0;
        let mut ids = Vec::new();
        for leaf in &leaves.leaves {
            if leaf.path.ends_with("{}") || self.keys.contains(&leaf.path) {
                ids.push(Ids::None);
                continue;
            }
            loss.bytes += leaf.bytes() as u64;
            if leaf.path == "extra[].value" && !inside.is_empty() {
                // An element whose content is read counts by what stands in it.
                let own = (0..leaf.len()).map(|at| {
                    let read = inside.contains(&(leaf.rows[at], leaf.place(at)[0]));
                    next += u32::from(!read);
                    if read { SILENT } else { next - 1 }
                });
                ids.push(Ids::Each(own.collect()));
                continue;
            }
            ids.push(Ids::From(next));
            next += leaf.len() as u32;
        }
        loss.values = u64::from(next);
        ids
    }

    /// Applies decisions to a batch that has reached the hub, or keeps those of one that went through it as residue.
    fn keep_decisions(
        &self,
        made: &mut Leaves,
        residue: Text,
        (steps, between): (&[Moved], &Leaves),
        effect: &mut Effect,
    ) -> Text {
        let Some(first) = steps.first() else { return residue };
        if self.target.vocabulary.name == HUB {
            let is_recorded = decisions::SUBJECTS.iter().any(|subject| made.get(subject.license).is_some());
            if is_recorded || !self.decisions.is_empty() {
                decisions::decide(made, &self.decisions, &mut effect.uses, |_, _| None);
                effect.rows = decisions::decided_rows(made);
                effect.trace(&first.leaves, &first.ids, first);
            }
            return residue;
        }
        if effect.rows.iter().all(std::collections::HashMap::is_empty) {
            return residue;
        }
        let link = decisions::residue_link(&first.leaves, between);
        let mut linked = Texts::default();
        for row in 0..made.rows {
            let outer = residue.get(row).map(str::to_owned);
            let origin = self.source.vocabulary.name;
            linked.push_option(residue::nested(outer, link.get(row), "", origin).as_deref());
        }
        linked.freeze()
    }

    /// What the inverse rules make of a batch: after their first step, and in the end.
    fn back(&self, made: &Leaves, memories: &mut [Memory], setting: &mut Setting) -> Result<(Leaves, Leaves)> {
        let mut back = made.clone();
        let mut first = None;
        for (plan, memory) in self.backward.iter().zip(memories) {
            memory.begin(plan, &mut back);
            back = apply::run(plan, &back, None, None, memory, setting)?.leaves;
            first.get_or_insert_with(|| back.clone());
        }
        Ok((first.unwrap_or_else(|| back.clone()), back))
    }

    /// Texts for fields that would be empty.
    fn fill(&self, made: &mut Leaves, loss: &mut Loss) {
        for (path, text) in &self.defaults {
            let own = made.leaves.iter().position(|leaf| leaf.path == *path).map(|at| made.leaves.remove(at));
            let own = own.unwrap_or_else(|| Leaf::new(path.clone()));
            let mut filled = Leaf::new(path.clone());
            let mut next = 0;
            for row in 0..made.rows as u32 {
                let range = own.of_row(row, next);
                next = range.end;
                if range.is_empty() {
                    filled.push(row, &[], text, 0);
                    *loss.besides.entry((path.clone(), "defaulted", String::new())).or_default() += 1;
                }
                range.for_each(|at| filled.push(row, own.place(at), own.text(at), own.lang(at)));
            }
            made.leaves.push(filled);
        }
    }
}

/// Lays a file over the rules whose paths it has.
fn lay(rules: &mut [(Rules, Way)], sheet: &Sheet) -> Result<()> {
    let slot = sheet.slot("subject_source").unwrap_or_default().trim_start_matches("nx:").to_owned();
    let first = sheet.rows.first().map(|(_, cells)| sheet.cell(cells, "record_id").to_owned()).unwrap_or_default();
    let named = |own: &Rules| {
        own.format == slot || first.trim_start_matches("nx:").split('.').next() == Some(own.format.as_str())
    };
    let at = rules.iter().position(|(own, _)| named(own));
    match (at, rules) {
        (Some(at), rules) => rules[at].0.lay(sheet),
        (None, [(own, _)]) => own.lay(sheet),
        (None, rules) => {
            let known: Vec<&str> = rules.iter().map(|(own, _)| own.format.as_str()).collect();
            let message = format!("{}: it is not said for which format these rules are", sheet.source);
            let hint = format!(
                "add a line \"#subject_source: nx:{}\" above the table; here {} can stand",
                known[0],
                known.join(" or ")
            );
            Err(Error::new(Kind::Rules, message).hint(hint))
        }
    }
}

fn with_residue(columns: &mut Columns, kept: Text) {
    let data = Data::Text(kept);
    match columns.columns.iter_mut().find(|column| column.name == "residue") {
        Some(column) => column.data = data,
        None => columns.columns.push(Column::new("residue", data)),
    }
}

/// The texts of these rows.
fn select(texts: &Text, rows: &[usize]) -> Text {
    let mut chosen = Texts::default();
    for row in rows {
        chosen.push_option(texts.get(*row));
    }
    chosen.freeze()
}
