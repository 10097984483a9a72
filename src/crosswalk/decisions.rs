//! Decisions of a person about rights statements, in records of the hub.
//!
//! The decided licence replaces the statement; the group `license_decision` beside it keeps the statement, who
//! decided, when and why. It counts only while the list has the decided licence alone, so an edit wins.

use super::apply::{self, Memory, Moved, Setting};
use super::compile::Plan;
use super::format::{CLOCK, Format};
use super::outcome::{Ids, SILENT};
use super::{HUB, residue};
use crate::columns::leaf::{Lang, Langs, Leaf, Leaves, build, walk};
use crate::columns::{Column, Columns, Data, Text};
use crate::error::Result;
use crate::format::Vocabulary;
use crate::license;
use std::collections::{BTreeMap, HashMap, HashSet};

/// A decision.
#[derive(Debug, Clone, Default)]
pub struct Decision {
    /// The licence, as a person named it.
    pub license: String,
    /// Who decided, when, and why.
    pub notes: [Option<String>; 3],
}

/// Decisions on the licence of the medium and on that of its record, by statement ([`statement_key`]).
#[derive(Debug, Clone, Default)]
pub struct Decisions {
    /// For each of [`SUBJECTS`].
    pub by_statement: [HashMap<String, Decision>; 2],
}

impl Decisions {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.by_statement.iter().all(HashMap::is_empty)
    }
}

/// How often each decision was applied, by the number of its subject and its statement.
pub type Uses = BTreeMap<(usize, String), u64>;

/// Where the licence of a subject, and a decision about it, stand in a record.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// The column of the statement as text.
    pub raw: &'static str,
    /// The licences.
    pub list: &'static str,
    /// Statements that name no licence, and stand for one if there is none.
    pub rights: Option<&'static str>,
    /// The decided licence.
    pub license: &'static str,
    notes: [&'static str; 3],
    statements: &'static str,
    decided_rights: Option<&'static str>,
    columns: [&'static str; 2],
}

/// The medium and its record.
pub const SUBJECTS: [Subject; 2] = [
    Subject {
        raw: "license_raw",
        list: "licenses[]",
        rights: Some("rights_statement[]"),
        license: "license_decision.license",
        notes: ["license_decision.by", "license_decision.date", "license_decision.reason"],
        statements: "license_decision.statements[]",
        decided_rights: Some("license_decision.rights[]"),
        columns: ["licenses", "license_decision"],
    },
    Subject {
        raw: "record_license_raw",
        list: "record_licenses[]",
        rights: None,
        license: "record_license_decision.license",
        notes: ["record_license_decision.by", "record_license_decision.date", "record_license_decision.reason"],
        statements: "record_license_decision.statements[]",
        decided_rights: None,
        columns: ["record_licenses", "record_license_decision"],
    },
];

/// A statement as a person sees it: blanks, line ends and control characters are one blank.
#[must_use]
pub fn statement_key(statement: &str) -> String {
    let parts = statement.split(|letter: char| letter.is_whitespace() || letter.is_control());
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The licence of a decision as it is written into records: its address, or the words of the decision.
#[must_use]
pub fn written(decision: &str) -> String {
    license::parse(decision).uri().map_or_else(|| decision.to_owned(), Into::into)
}

/// The values of a row, with their languages.
type Values = Vec<(String, Lang)>;

/// One path, read and written row by row.
struct Rows {
    old: Leaf,
    next: usize,
    new: Leaf,
}

impl Rows {
    fn of(leaves: &mut Leaves, path: &str) -> Self {
        let at = leaves.leaves.iter().position(|leaf| leaf.path == path);
        let old = at.map_or_else(|| Leaf::new(path), |at| leaves.leaves.remove(at));
        Self { old, next: 0, new: Leaf::new(path) }
    }

    fn row(&mut self, row: u32) -> Values {
        let range = self.old.of_row(row, self.next);
        self.next = range.end;
        range.map(|at| (self.old.text(at).to_owned(), self.old.lang(at))).collect()
    }

    fn write(&mut self, row: u32, values: &[(String, Lang)]) {
        let is_list = self.old.depth == 1;
        for (item, (text, lang)) in values.iter().enumerate() {
            let place = [item as u32];
            self.new.push(row, if is_list { &place } else { &[] }, text, *lang);
        }
    }
}

/// All of a subject in a batch.
struct Parts {
    list: Rows,
    rights: Option<Rows>,
    license: Rows,
    notes: [Rows; 3],
    statements: Rows,
    decided_rights: Option<Rows>,
}

/// All of a subject in a row.
struct Row {
    list: Values,
    rights: Values,
    license: Values,
    notes: [Values; 3],
    statements: Values,
    decided_rights: Values,
}

impl Row {
    /// Whether a decision stands in the row: its licence is the only one.
    fn is_decided(&self) -> bool {
        matches!((&self.list[..], &self.license[..]), ([(own, _)], [(decided, _)]) if own == decided)
    }

    /// The row as it was before the decision.
    fn undo(&mut self) {
        self.list = std::mem::take(&mut self.statements);
        self.rights.append(&mut self.decided_rights);
    }

    fn statement(&self, fallback: Option<&str>) -> String {
        let stated = if self.is_decided() {
            if self.statements.is_empty() { &self.decided_rights } else { &self.statements }
        } else if self.list.is_empty() {
            &self.rights
        } else {
            &self.list
        };
        match fallback {
            Some(text) if stated.is_empty() => text.to_owned(),
            _ => stated.iter().map(|(text, _)| text.as_str()).collect::<Vec<_>>().join(" | "),
        }
    }

    fn decide(&mut self, decision: &Decision) {
        if self.is_decided() {
            self.undo();
        }
        self.statements = std::mem::replace(&mut self.list, vec![(written(&decision.license), 0)]);
        self.decided_rights = if self.statements.is_empty() { std::mem::take(&mut self.rights) } else { Vec::new() };
        self.license.clone_from(&self.list);
        self.notes = decision.notes.clone().map(|note| note.into_iter().map(|text| (text, 0)).collect());
    }
}

impl Parts {
    fn of(subject: &Subject, leaves: &mut Leaves) -> Self {
        Self {
            list: Rows::of(leaves, subject.list),
            rights: subject.rights.map(|path| Rows::of(leaves, path)),
            license: Rows::of(leaves, subject.license),
            notes: subject.notes.map(|path| Rows::of(leaves, path)),
            statements: Rows::of(leaves, subject.statements),
            decided_rights: subject.decided_rights.map(|path| Rows::of(leaves, path)),
        }
    }

    fn row(&mut self, row: u32) -> Row {
        Row {
            list: self.list.row(row),
            rights: self.rights.as_mut().map(|rows| rows.row(row)).unwrap_or_default(),
            license: self.license.row(row),
            notes: self.notes.each_mut().map(|rows| rows.row(row)),
            statements: self.statements.row(row),
            decided_rights: self.decided_rights.as_mut().map(|rows| rows.row(row)).unwrap_or_default(),
        }
    }

    fn write(&mut self, row: u32, values: &Row) {
        self.list.write(row, &values.list);
        self.license.write(row, &values.license);
        self.statements.write(row, &values.statements);
        self.notes.iter_mut().zip(&values.notes).for_each(|(rows, values)| rows.write(row, values));
        let rights = [(&mut self.rights, &values.rights), (&mut self.decided_rights, &values.decided_rights)];
        for (rows, values) in rights {
            if let Some(rows) = rows {
                rows.write(row, values);
            }
        }
    }

    fn finish(self, leaves: &mut Leaves) {
        let rows = [Some(self.list), self.rights, Some(self.license), Some(self.statements), self.decided_rights];
        let new = rows.into_iter().flatten().chain(self.notes).map(|rows| rows.new);
        leaves.leaves.extend(new.filter(|leaf| !leaf.is_empty()).map(|mut leaf| {
            leaf.whole();
            leaf
        }));
    }
}

/// Applies `change` to the subject of each row, if it has anything to do with decisions.
fn each_row(subject: &Subject, leaves: &mut Leaves, mut change: impl FnMut(usize, &mut Row)) {
    let rows = leaves.rows;
    let mut parts = Parts::of(subject, leaves);
    for row in 0..rows {
        let mut values = parts.row(row as u32);
        change(row, &mut values);
        parts.write(row as u32, &values);
    }
    parts.finish(leaves);
}

/// Applies decisions to records of the hub. `stated` gives the statement of a row whose lists are empty.
pub fn decide<'a>(
    leaves: &mut Leaves,
    decisions: &Decisions,
    uses: &mut Uses,
    stated: impl Fn(usize, usize) -> Option<&'a str>,
) {
    for (number, (subject, by_statement)) in SUBJECTS.iter().zip(&decisions.by_statement).enumerate() {
        if by_statement.is_empty() {
            continue;
        }
        each_row(subject, leaves, |row, values| {
            let key = statement_key(&values.statement(stated(number, row)));
            let Some(decision) = by_statement.get(&key) else { return };
            if values.list.is_empty() && values.rights.is_empty() {
                values.list.extend(stated(number, row).map(|text| (text.to_owned(), 0)));
            }
            values.decide(decision);
            *uses.entry((number, key)).or_default() += 1;
        });
    }
}

/// Puts the statements back that decisions replaced.
pub fn undo(leaves: &mut Leaves) {
    for subject in &SUBJECTS {
        if leaves.get(subject.license).is_none() {
            continue;
        }
        each_row(subject, leaves, |_, values| {
            if values.is_decided() {
                values.undo();
                values.license.clear();
                values.notes = Default::default();
            }
        });
    }
}

/// The rows in which a decision stands, for each subject, with the statements it is on.
#[must_use]
pub fn decided_rows(leaves: &Leaves) -> [HashMap<u32, Vec<String>>; 2] {
    let mut found: [HashMap<u32, Vec<String>>; 2] = Default::default();
    for (subject, rows) in SUBJECTS.iter().zip(&mut found) {
        if leaves.get(subject.license).is_none() {
            continue;
        }
        let mut parts = Parts::of(subject, &mut leaves.clone());
        for row in 0..leaves.rows as u32 {
            let values = parts.row(row);
            if values.is_decided() {
                let all = values.statements.into_iter().chain(values.decided_rights);
                rows.insert(row, all.map(|(text, _)| text).collect());
            }
        }
    }
    found
}

/// The decisions alone, without the licences they are on.
#[must_use]
pub fn alone(leaves: &Leaves) -> Leaves {
    let is_decision = |leaf: &&Leaf| {
        SUBJECTS.iter().any(|subject| leaf.path.starts_with(subject.columns[1]) && leaf.path.contains('.'))
    };
    let chosen = leaves.leaves.iter().filter(is_decision).cloned().collect();
    Leaves { rows: leaves.rows, leaves: chosen, langs: leaves.langs.clone() }
}

/// Adds the decisions of other leaves with the same rows.
pub fn adopt(leaves: &mut Leaves, other: Leaves) {
    let langs = other.langs;
    for leaf in other.leaves.into_iter().filter(|leaf| !leaf.is_empty()) {
        leaves.leaves.retain(|other| other.path != leaf.path);
        leaves.leaves.push(retagged(leaf, &langs, &mut leaves.langs));
    }
}

fn retagged(mut leaf: Leaf, from: &Langs, to: &mut Langs) -> Leaf {
    for lang in leaf.langs.iter_mut().filter(|lang| **lang != 0) {
        *lang = from.get(*lang).map_or(0, |name| to.number(name));
    }
    leaf.whole();
    leaf
}

/// The columns of media with decisions applied to the licences of one subject; the flat columns stay.
#[must_use]
pub fn decide_columns(columns: &Columns, decisions: &Decisions, uses: &mut Uses) -> Columns {
    let Some(hub) = Vocabulary::named(HUB).map(Format::new) else { return columns.clone() };
    let subjects = SUBJECTS.iter().zip(&decisions.by_statement).filter(|(_, decisions)| !decisions.is_empty());
    let mut names: HashSet<&str> = subjects.flat_map(|(subject, _)| subject.columns).collect();
    if columns.get("rights_statement").is_some() {
        names.insert("rights_statement");
    }
    let rows: Vec<u32> = (0..columns.rows as u32).collect();
    let mut leaves = Leaves::default();
    walk(columns, &rows, |column| names.contains(column), CLOCK, &mut leaves);
    leaves.leaves.iter_mut().for_each(Leaf::whole);
    decide(&mut leaves, decisions, uses, |number, row| {
        columns.get(SUBJECTS[number].raw).and_then(Data::text).and_then(|texts| texts.get(row))
    });
    let shape = hub.blank.columns.iter().filter(|column| names.contains(&*column.name)).cloned().collect();
    let decided = build(&leaves, &Columns::new(0, shape), CLOCK);
    let mut result = columns.clone();
    for column in decided.columns {
        match result.columns.iter_mut().find(|other| other.name == column.name) {
            Some(other) => other.data = column.data,
            None => result.columns.push(Column::new(column.name, column.data)),
        }
    }
    result
}

/// What decisions did to a batch on its way through the hub.
#[derive(Debug, Default)]
pub struct Effect {
    /// How often each was applied.
    pub uses: Uses,
    /// The rows in which one stands, with its statements.
    pub rows: [HashMap<u32, Vec<String>>; 2],
    /// The values of the source that state these rights, by row.
    pub values: Vec<Vec<u32>>,
}

impl Effect {
    /// Notes the values of the source behind the statements of the decided rows, after a first step.
    pub fn trace(&mut self, hub: &Leaves, ids: &[Ids], moved: &Moved) {
        for (subject, rows) in SUBJECTS.iter().zip(&self.rows) {
            let mut by_row: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
            for (leaf, ids) in hub.leaves.iter().zip(ids) {
                if matches!(ids, Ids::None) || (leaf.path != subject.list && Some(&*leaf.path) != subject.rights) {
                    continue;
                }
                for at in (0..leaf.len()).filter(|at| rows.contains_key(&leaf.rows[*at])) {
                    by_row.entry(leaf.rows[at]).or_default().extend(moved.origins(ids.get(at)));
                }
            }
            self.values.extend(by_row.into_values());
        }
    }

    /// Notes the licences of the decided rows, if the source is the hub itself.
    pub fn trace_hub(&mut self, hub: &Leaves, ids: &[Ids]) {
        for (subject, rows) in SUBJECTS.iter().zip(&self.rows) {
            for (leaf, ids) in hub.leaves.iter().zip(ids).filter(|(leaf, _)| leaf.path == subject.list) {
                let chosen = (0..leaf.len()).filter(|at| rows.contains_key(&leaf.rows[*at]));
                self.values.extend(chosen.map(|at| vec![ids.get(at)]));
            }
        }
    }
}

/// Applies decisions between two steps; the values keep the claims that they were written by.
pub fn decide_between(moved: &mut Moved, decisions: &Decisions, recorded: Option<Leaves>, effect: &mut Effect) {
    let before = moved.leaves.clone();
    if let Some(recorded) = recorded {
        adopt(&mut moved.leaves, recorded);
    }
    decide(&mut moved.leaves, decisions, &mut effect.uses, |_, _| None);
    effect.rows = decided_rows(&moved.leaves);
    effect.trace(&before, &moved.ids, moved);
    let mut ids = Vec::new();
    let mut derived = Vec::new();
    for leaf in &moved.leaves.leaves {
        let at = before.leaves.iter().position(|old| old.path == leaf.path);
        let Some(at) = at else {
            ids.push(Ids::None);
            derived.push(Vec::new());
            continue;
        };
        let old = &before.leaves[at];
        derived.push(moved.derived.get(at).cloned().unwrap_or_default());
        ids.push(if old.same(leaf) { moved.ids[at].clone() } else { realigned(leaf, old, &moved.ids[at]) });
    }
    // A licence that was decided on a statement without one stands for that statement.
    for (subject, rows) in SUBJECTS.iter().zip(&effect.rows) {
        let Some(rights) = subject.rights.and_then(|path| before.leaves.iter().position(|leaf| leaf.path == path))
        else {
            continue;
        };
        let Some(list) = moved.leaves.leaves.iter().position(|leaf| leaf.path == subject.list) else { continue };
        let (leaf, old) = (&moved.leaves.leaves[list], &before.leaves[rights]);
        if let Ids::Each(own) = &mut ids[list] {
            for (at, id) in
                own.iter_mut().enumerate().filter(|(at, id)| **id >= SILENT && rows.contains_key(&leaf.rows[*at]))
            {
                if let Some(first) = old.rows.iter().position(|row| *row == leaf.rows[at]) {
                    *id = moved.ids[rights].get(first);
                }
            }
        }
    }
    moved.ids = ids;
    moved.derived = derived;
}

/// The numbers of the values of a leaf that was rewritten row by row: those of the same row and place before.
fn realigned(leaf: &Leaf, old: &Leaf, ids: &Ids) -> Ids {
    if matches!(ids, Ids::None) {
        return Ids::None;
    }
    let mut next = 0;
    Ids::Each(
        (0..leaf.len())
            .map(|at| {
                let range = old.of_row(leaf.rows[at], next);
                next = range.start;
                let item = leaf.place(at).first().copied().unwrap_or(0) as usize;
                range.clone().nth(item).map_or(SILENT, |old| ids.get(old))
            })
            .collect(),
    )
}

/// Takes out of restored records the statements that a decision replaced: the rules write the decided licence
/// instead. `plan` leads from the format to the hub, `given` is what the rules wrote.
pub fn drop_replaced(
    made: &mut Leaves,
    given: &Leaves,
    plan: &Plan,
    effect: &Effect,
    setting: &mut Setting,
) -> Result<()> {
    for (subject, rows) in SUBJECTS.iter().zip(&effect.rows).filter(|(_, rows)| !rows.is_empty()) {
        let is_target = |path: &str| path == subject.list || Some(path) == subject.rights;
        let mut candidates = Leaves::default();
        let mut sources: Vec<(usize, usize)> = Vec::new();
        for (number, leaf) in made.leaves.iter().enumerate() {
            let stated = plan.moves.iter().any(|step| {
                step.from.iter().any(|end| end.leaf == leaf.path) && step.to.iter().any(|end| is_target(&end.leaf))
            });
            if !stated {
                continue;
            }
            let mut candidate = Leaf::new(leaf.path.clone());
            let written = given.get(&leaf.path);
            let zeros = vec![0; leaf.depth];
            for at in (0..leaf.len()).filter(|at| rows.contains_key(&leaf.rows[*at])) {
                let is_written = written.is_some_and(|written| {
                    (0..written.len())
                        .any(|other| written.rows[other] == leaf.rows[at] && written.text(other) == leaf.text(at))
                });
                if !is_written {
                    candidate.push(sources.len() as u32, &zeros, leaf.text(at), 0);
                    sources.push((number, at));
                }
            }
            if !candidate.is_empty() {
                candidate.whole();
                candidates.leaves.push(candidate);
            }
        }
        candidates.rows = sources.len();
        if sources.is_empty() {
            continue;
        }
        let mut memory = Memory::default();
        memory.begin(plan, &mut candidates);
        let hub = apply::run(plan, &candidates, None, None, &mut memory, setting)?.leaves;
        let mut replaced: HashSet<(usize, usize)> = HashSet::new();
        for leaf in hub.leaves.iter().filter(|leaf| is_target(&leaf.path)) {
            for at in 0..leaf.len() {
                let (number, value) = sources[leaf.rows[at] as usize];
                let row = made.leaves[number].rows[value];
                if rows[&row].iter().any(|statement| statement == leaf.text(at)) {
                    replaced.insert((number, value));
                }
            }
        }
        for number in replaced.iter().map(|(number, _)| *number).collect::<HashSet<_>>() {
            let old = &made.leaves[number];
            let mut remaining = Leaf::new(old.path.clone());
            for at in (0..old.len()).filter(|at| !replaced.contains(&(number, *at))) {
                let row = old.rows[at];
                let mut place = old.place(at).to_vec();
                if let [item] = &mut place[..] {
                    let earlier =
                        |other: &(usize, usize)| other.0 == number && old.rows[other.1] == row && other.1 < at;
                    *item -= replaced.iter().filter(|other| earlier(other)).count() as u32;
                }
                remaining.push(row, &place, old.text(at), old.lang(at));
            }
            remaining.whole();
            made.leaves[number] = remaining;
        }
    }
    made.leaves.retain(|leaf| !leaf.is_empty());
    Ok(())
}

/// The decisions recorded in residues of the hub, if there are any.
#[must_use]
pub fn recorded(residues: &[Option<&str>]) -> Option<Leaves> {
    let is_recorded = residues.iter().flatten().any(|residue| residue.contains("license_decision"));
    let blank = Leaves { rows: residues.len(), ..Leaves::default() };
    is_recorded.then(|| alone(&residue::restore(HUB, blank, residues).leaves))
}

/// The decisions of a batch as residue of the hub, so that a way back through the hub finds them: `hub` is the
/// batch in the hub, `back` what the target gives back to the hub.
#[must_use]
pub fn residue_link(hub: &Leaves, back: &Leaves) -> Text {
    let chosen = |leaves: &Leaves| {
        let is_chosen = |leaf: &&Leaf| SUBJECTS.iter().any(|subject| leaf.path == subject.list);
        let mut chosen = alone(leaves);
        chosen.leaves.extend(leaves.leaves.iter().filter(is_chosen).cloned());
        chosen
    };
    let parts = vec![None; hub.rows];
    residue::residue((HUB, ""), &chosen(hub), &chosen(back), |_| None, &parts, |_| false)
}
