//! Where values go: items of lists get their numbers, several rules write one leaf.

use super::super::compile::{Domain, End, Plan};
use super::super::outcome::{Claim, Ids, Outcome, Reasons, SILENT};
use super::super::path::Pick;
use super::Moved;
use crate::columns::leaf::{Lang, Langs, Leaf, Leaves, Scalar};
use std::collections::HashSet;

/// The values that one move gives to one end, in the order of the source.
#[derive(Debug)]
pub struct Cells {
    /// The values. The first free number of their place is still open.
    pub leaf: Leaf,
    /// What stands for it: the number in the list they come from.
    keys: Vec<u64>,
    ids: Vec<u32>,
    domain: Option<usize>,
    /// The level of the open number.
    open: Option<usize>,
    /// A member of the group to write along: its leaf, its value.
    key: Option<(String, String)>,
    /// Whether they are languages of the leaf.
    langs: bool,
    /// Whether the values have languages.
    tagged: bool,
    picks: Vec<Pick>,
    free: usize,
    made: u16,
    /// Whether the values lose their kind: such a text is said once.
    loses: bool,
}

impl Cells {
    pub fn new(made: u16, end: &End, loses: bool) -> Self {
        let free = end.free();
        let open = free.first().copied();
        let key = open.and_then(|level| match &end.picks[level] {
            Pick::Where(key, value) => Some((format!("{}.{key}", end.list), value.clone())),
            _ => None,
        });
        Self {
            leaf: Leaf::new(end.leaf.clone()),
            keys: Vec::new(),
            ids: Vec::new(),
            domain: end.domain,
            open,
            key,
            langs: end.scalar.is_none(),
            tagged: end.scalar == Some(Scalar::Tagged),
            picks: end.picks.clone(),
            free: free.len(),
            made,
            loses: loses && end.leaf == end.list,
        }
    }

    /// Adds a value that comes from `place`, or is item `item` of what comes from there.
    pub fn push(&mut self, row: u32, place: &[u32], item: Option<u32>, text: &str, lang: Lang, id: u32) {
        let count = place.len() + usize::from(item.is_some());
        let number = |at: usize| place.get(at).copied().or(item.filter(|_| at == place.len())).unwrap_or(0);
        // More numbers than the target has lists: the last list takes them in order.
        let last = self.free.saturating_sub(1);
        let packed = (last..count).fold(0_u64, |key, at| key << 20 | u64::from(number(at)));
        let mut free = 0;
        let mut full = [0_u32; 8];
        for (level, pick) in self.picks.iter().enumerate().take(8) {
            full[level] = if let Pick::At(number) = pick {
                *number
            } else {
                free += 1;
                if free > 1 && free - 1 == last && count > self.free { packed as u32 } else { number(free - 1) }
            };
        }
        self.keys.push(if self.free <= 1 { packed } else { u64::from(number(0)) });
        self.leaf.push(row, &full[..self.picks.len().min(8)], text, if self.tagged { lang } else { 0 });
        self.ids.push(id);
    }
}

/// Puts all values in their places.
pub fn place(
    plan: &Plan,
    rows: usize,
    mut cells: Vec<Cells>,
    mut claims: Vec<Claim>,
    langs: Langs,
    reasons: &mut Reasons,
) -> Moved {
    once(&mut cells, &mut claims);
    number(plan, rows, &mut cells);
    let mut moved = Moved { leaves: Leaves { rows, leaves: Vec::new(), langs }, ..Moved::default() };
    let constants: Vec<Cells> = cells.iter().filter_map(constant).collect();
    cells.extend(constants);
    let (tags, mut values): (Vec<Cells>, Vec<Cells>) = cells.into_iter().partition(|cells| cells.langs);
    while !values.is_empty() {
        let path = values[0].leaf.path.clone();
        let (own, rest): (Vec<Cells>, Vec<Cells>) = values.into_iter().partition(|cells| cells.leaf.path == path);
        values = rest;
        let (leaf, ids) = join(own, &mut claims, reasons);
        moved.leaves.leaves.push(leaf);
        moved.ids.push(Ids::Each(ids));
    }
    for tag in tags {
        let path = tag.leaf.path.clone();
        moved.langs.extend(tag.ids.iter().filter(|id| **id < SILENT).map(|id| (path.clone(), *id)));
        if let Some(leaf) = moved.leaves.leaves.iter_mut().find(|leaf| leaf.path == path) {
            tagged(leaf, &tag.leaf, &mut moved.leaves.langs);
        }
    }
    moved.claims = claims;
    moved
}

/// Takes out texts that lost their kind and are said in the row already: the genus of a second
/// identification among the subjects.
fn once(cells: &mut [Cells], claims: &mut [Claim]) {
    for at in 0..cells.len() {
        if !cells[at].loses {
            continue;
        }
        let mut said: HashSet<(u32, &str)> = HashSet::new();
        for before in cells[..at].iter().filter(|before| before.leaf.path == cells[at].leaf.path) {
            said.extend((0..before.leaf.len()).map(|item| (before.leaf.rows[item], before.leaf.text(item))));
        }
        let own = &cells[at];
        let mut kept = Leaf::new(own.leaf.path.clone());
        let (mut keys, mut ids) = (Vec::new(), Vec::new());
        for item in 0..own.leaf.len() {
            if said.insert((own.leaf.rows[item], own.leaf.text(item))) {
                kept.push(own.leaf.rows[item], own.leaf.place(item), own.leaf.text(item), own.leaf.lang(item));
                keys.push(own.keys[item]);
                ids.push(own.ids[item]);
            } else if let Some(claim) = claims.get_mut(own.ids[item] as usize) {
                claim.outcome = claim.outcome.max(Outcome::Merged);
            }
        }
        drop(said);
        (cells[at].leaf, cells[at].keys, cells[at].ids) = (kept, keys, ids);
    }
}

/// Gives the items of every list their numbers.
fn number(plan: &Plan, rows: usize, cells: &mut [Cells]) {
    let mut lists: Vec<&str> = plan.domains.iter().map(|domain| domain.into.as_str()).collect();
    lists.sort_unstable();
    lists.dedup();
    for list in lists {
        let domains: Vec<usize> = (0..plan.domains.len())
            .filter(|at| plan.domains[*at].into == list && cells.iter().any(|cells| cells.domain == Some(*at)))
            .collect();
        let mut numbered: Vec<(usize, Vec<u32>)> = Vec::new();
        for domain in domains {
            numbered.push((domain, ranks(&plan.domains[domain], domain, rows, cells)));
        }
        if numbered.len() > 1 {
            shift(plan, &numbered, rows, cells);
        }
    }
}

/// Numbers the items of one domain; gives how many each row has.
fn ranks(domain: &Domain, number: usize, rows: usize, cells: &mut [Cells]) -> Vec<u32> {
    let mut counts = vec![0_u32; rows];
    let own = || cells.iter().enumerate().filter(|(_, cells)| cells.domain == Some(number)).map(|(at, _)| at);
    let members: Vec<usize> = own().collect();
    if domain.exact {
        for at in &members {
            let cells = &cells[*at];
            for (at, key) in cells.keys.iter().enumerate() {
                let count = &mut counts[cells.leaf.rows[at] as usize];
                *count = (*count).max(*key as u32 + 1);
            }
        }
        return counts;
    }
    let mut keys: Vec<(u32, u64)> = Vec::new();
    for at in &members {
        keys.extend(cells[*at].leaf.rows.iter().copied().zip(cells[*at].keys.iter().copied()));
    }
    if !keys.is_sorted() {
        keys.sort_unstable();
    }
    keys.dedup();
    let mut ranks = Vec::with_capacity(keys.len());
    for (row, _) in &keys {
        ranks.push(counts[*row as usize]);
        counts[*row as usize] += 1;
    }
    for at in members {
        let cells = &mut cells[at];
        let mut next = 0;
        for at in 0..cells.keys.len() {
            let key = (cells.leaf.rows[at], cells.keys[at]);
            while keys[next] < key {
                next += 1;
            }
            cells.keys[at] = u64::from(ranks[next]);
            set(&mut cells.leaf, at, cells.open, ranks[next]);
        }
    }
    counts
}

fn set(leaf: &mut Leaf, at: usize, open: Option<usize>, number: u32) {
    if let Some(open) = open {
        let depth = leaf.depth;
        leaf.places[at * depth + open] = number;
    }
}

/// Several domains in one list follow each other. Two that fill other members of its groups
/// belong together where they have the same number of items: a name and its address.
fn shift(plan: &Plan, numbered: &[(usize, Vec<u32>)], rows: usize, cells: &mut [Cells]) {
    let mut offsets: Vec<Vec<u32>> = vec![vec![0; rows]; numbered.len()];
    let pairs = |one: usize, other: usize| {
        let (one, other) = (&plan.domains[one], &plan.domains[other]);
        !one.keyed && !other.keyed && !one.leaves.iter().any(|leaf| other.leaves.contains(leaf))
    };
    for row in 0..rows {
        let mut total = 0;
        for at in 0..numbered.len() {
            let (domain, counts) = &numbered[at];
            let partner = (0..at).find(|before| {
                numbered[*before].1[row] == counts[row]
                    && counts[row] > 0
                    && pairs(numbered[*before].0, *domain)
                    && (0..at).all(|other| {
                        other == *before
                            || numbered[other].1[row] == 0
                            || offsets[other][row] != offsets[*before][row]
                            || pairs(numbered[other].0, *domain)
                    })
            });
            offsets[at][row] = partner.map_or(total, |before| offsets[before][row]);
            if partner.is_none() {
                total += counts[row];
            }
        }
    }
    for ((domain, _), offsets) in numbered.iter().zip(&offsets) {
        for cells in cells.iter_mut().filter(|cells| cells.domain == Some(*domain)) {
            for at in 0..cells.keys.len() {
                let number = cells.keys[at] as u32 + offsets[cells.leaf.rows[at] as usize];
                set(&mut cells.leaf, at, cells.open, number);
            }
        }
    }
}

/// The constant member of the groups that values went into.
fn constant(cells: &Cells) -> Option<Cells> {
    let (path, value) = cells.key.clone()?;
    let mut leaf = Leaf::new(path);
    for at in 0..cells.leaf.len() {
        let place = &cells.leaf.place(at)[..leaf.depth];
        leaf.push(cells.leaf.rows[at], place, &value, 0);
    }
    let ids = vec![SILENT; leaf.len()];
    Some(Cells {
        keys: Vec::new(),
        leaf,
        ids,
        domain: None,
        open: None,
        key: None,
        langs: false,
        tagged: false,
        picks: Vec::new(),
        free: 0,
        made: cells.made,
        loses: false,
    })
}

/// The values of one leaf, from all moves. Where two have one place the first stays.
fn join(own: Vec<Cells>, claims: &mut [Claim], reasons: &mut Reasons) -> (Leaf, Vec<u32>) {
    let ordered = |leaf: &Leaf| {
        (1..leaf.len()).all(|at| (leaf.rows[at - 1], leaf.place(at - 1)) < (leaf.rows[at], leaf.place(at)))
    };
    if own.len() == 1 && ordered(&own[0].leaf) {
        return own.into_iter().next().map(|cells| (cells.leaf, cells.ids)).unwrap_or_default();
    }
    let mut order: Vec<(usize, usize)> =
        own.iter().enumerate().flat_map(|(from, cells)| (0..cells.leaf.len()).map(move |at| (from, at))).collect();
    let key = |(from, at): &(usize, usize)| (own[*from].leaf.rows[*at], own[*from].leaf.place(*at));
    order.sort_by(|one, other| {
        key(one).cmp(&key(other)).then((own[one.0].made, one.1).cmp(&(own[other.0].made, other.1)))
    });
    let mut leaf = Leaf::new(own[0].leaf.path.clone());
    let mut ids = Vec::with_capacity(order.len());
    for (from, at) in order {
        let values = &own[from].leaf;
        let (row, place, text, id) = (values.rows[at], values.place(at), values.text(at), own[from].ids[at]);
        let last = leaf.len().checked_sub(1);
        if let Some(last) = last
            && (leaf.rows[last], leaf.place(last)) == (row, place)
        {
            if let Some(claim) = claims.get_mut(id as usize) {
                if leaf.text(last) == text {
                    claim.outcome = claim.outcome.max(Outcome::Merged);
                } else {
                    claim.outcome = Outcome::Passthrough;
                    claim.reason = reasons.number("only one value fits");
                }
            }
            continue;
        }
        leaf.push(row, place, text, values.lang(at));
        ids.push(id);
    }
    (leaf, ids)
}

/// Gives the values of a leaf their languages.
fn tagged(leaf: &mut Leaf, tags: &Leaf, langs: &mut Langs) {
    if leaf.langs.is_empty() {
        leaf.langs.resize(leaf.len(), 0);
    }
    let mut next = 0;
    for at in 0..tags.len() {
        let key = (tags.rows[at], tags.place(at));
        while next < leaf.len() && (leaf.rows[next], leaf.place(next)) < key {
            next += 1;
        }
        if next < leaf.len() && (leaf.rows[next], leaf.place(next)) == key {
            leaf.langs[next] = langs.number(tags.text(at));
        }
    }
}
