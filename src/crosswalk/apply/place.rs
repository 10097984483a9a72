//! Where values go: items of lists get their numbers, several rules write one leaf.

use super::super::compile::{Domain, Plan};
use super::super::outcome::{Claims, DERIVED, Ids, Outcome, Reasons, SILENT};
use super::Moved;
use super::cells::{Cells, constant};
use super::joining::{append, join_items};
use crate::columns::leaf::{Langs, Leaf, Leaves, Pool};
use std::sync::Arc;

/// Puts all values in their places.
pub fn place(
    plan: &Plan,
    rows: usize,
    mut cells: Vec<Cells>,
    mut claims: Claims,
    langs: Langs,
    reasons: &mut Reasons,
) -> Moved {
    once(&mut cells, &mut claims);
    cells.retain(|cells| !cells.leaf.is_empty());
    number(plan, rows, &mut cells);
    join_items(&mut cells, &mut claims, reasons);
    cells.retain(|cells| !cells.leaf.is_empty());
    let mut moved = Moved { leaves: Leaves { rows, leaves: Vec::new(), langs }, ..Moved::default() };
    let constants: Vec<Cells> = cells.iter().filter_map(constant).collect();
    cells.extend(constants);
    let (tags, values): (Vec<Cells>, Vec<Cells>) = cells.into_iter().partition(|cells| cells.langs);
    let mut groups: Vec<Vec<Cells>> = Vec::new();
    for cells in values {
        match groups.iter_mut().find(|own| own[0].leaf.path == cells.leaf.path) {
            Some(own) => own.push(cells),
            None => groups.push(vec![cells]),
        }
    }
    for own in groups {
        let (leaf, ids, derived) = if own.iter().any(|cells| cells.appends.is_some()) {
            append(&own, &mut claims, reasons)
        } else {
            join(own, &mut claims, reasons)
        };
        moved.leaves.leaves.push(leaf);
        moved.ids.push(ids);
        moved.derived.push(derived);
    }
    for tag in tags {
        let path = tag.leaf.path.clone();
        let ids = (0..tag.leaf.len()).map(|at| tag.ids.get(at));
        moved.langs.extend(ids.filter(|id| *id < SILENT).map(|id| (path.clone(), id)));
        if let Some(leaf) = moved.leaves.leaves.iter_mut().find(|leaf| leaf.path == path) {
            tagged(leaf, &tag.leaf, &mut moved.leaves.langs);
        }
    }
    claims.settle();
    moved.claims = claims;
    moved
}

/// Takes out texts that lost their kind or language and are said in the row already: the genus of a
/// second identification among the subjects, a keyword that is the same in two languages.
fn once(cells: &mut [Cells], claims: &mut Claims) {
    for at in 0..cells.len() {
        let translated = cells[at].without_lang.as_ref().is_some_and(|without| without.contains(&true));
        if !cells[at].loses && !translated {
            continue;
        }
        let (before, rest) = cells.split_at_mut(at);
        let Some((own, after)) = rest.split_first_mut() else { continue };
        // A text that lost its kind is left to a rule that keeps it, whichever comes first.
        let keeps = |cells: &&Cells| own.loses && !cells.loses;
        let others = before.iter().chain(after.iter().filter(keeps));
        let mut others: Vec<(&Leaf, usize)> =
            others.filter(|other| other.leaf.path == own.leaf.path).map(|cells| (&cells.leaf, 0)).collect();
        if others.is_empty() && says_nothing_twice(&own.leaf) {
            continue;
        }
        let mut twice = vec![false; own.leaf.len()];
        let worn = |item: usize| {
            own.loses || own.without_lang.as_ref().is_some_and(|without| without.get(item) == Some(&true))
        };
        for (item, twice) in twice.iter_mut().enumerate().filter(|(item, _)| worn(*item)) {
            let row = own.leaf.rows[item];
            let says = |leaf: &Leaf, at: usize| own.leaf.says(item, leaf, at);
            // The values of every leaf come by row.
            let mut said = (0..item).rev().take_while(|at| own.leaf.rows[*at] == row).any(|at| says(&own.leaf, at));
            for (other, next) in &mut others {
                while *next < other.len() && other.rows[*next] < row {
                    *next += 1;
                }
                let of_row = (*next..other.len()).take_while(|at| other.rows[*at] == row);
                said = said || of_row.into_iter().any(|at| says(other, at));
            }
            *twice = said;
        }
        if !twice.contains(&true) {
            continue;
        }
        let mut kept = Leaf::new(own.leaf.path.clone());
        let values = &mut *kept;
        values.pool = own.leaf.pool.clone();
        let (mut keys, mut ids) = (Vec::new(), Ids::default());
        for (item, twice) in twice.into_iter().enumerate() {
            if !twice {
                values.put(own.leaf.rows[item], own.leaf.place(item), own.leaf.texts[item], own.leaf.lang(item));
                keys.push(own.key(item));
                ids.push(own.ids.get(item));
            } else if own.ids.get(item) < SILENT {
                claims.worsen(own.ids.get(item), Outcome::Merged);
            }
        }
        *own.keys() = keys;
        (own.leaf, own.ids) = (kept, ids);
    }
}

/// Whether no row has a text twice.
fn says_nothing_twice(leaf: &Leaf) -> bool {
    let mut start = 0;
    leaf.rows.chunk_by(|row, next| row == next).all(|row| {
        let own = start..start + row.len();
        start = own.end;
        own.clone().skip(1).all(|at| !(own.start..at).any(|before| leaf.says(at, leaf, before)))
    })
}

/// Gives the items of every list their numbers.
fn number(plan: &Plan, rows: usize, cells: &mut [Cells]) {
    let list = |domain: &usize| plan.domains[*domain].into.as_str();
    let mut used: Vec<usize> = cells.iter().filter_map(|cells| cells.domain).collect();
    used.sort_unstable_by_key(|domain| (list(domain), *domain));
    used.dedup();
    for domains in used.chunk_by(|one, other| list(one) == list(other)) {
        let members = |domain: usize| cells.iter().filter(move |cells| cells.domain == Some(domain));
        if let [domain] = domains
            && members(*domain).all(Cells::is_dense)
        {
            continue;
        }
        let mut numbered: Vec<(usize, Vec<u32>)> = Vec::new();
        for domain in domains {
            numbered.push((*domain, ranks(&plan.domains[*domain], *domain, rows, cells)));
        }
        // What joins items of others comes when these have their numbers.
        numbered.sort_by_key(|(domain, _)| plan.domains[*domain].joins);
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
    // Without gaps in each of them there are none in all together.
    if domain.exact || members.iter().all(|at| cells[*at].is_dense()) {
        for at in &members {
            let cells = &cells[*at];
            for (at, row) in cells.leaf.rows.iter().enumerate() {
                let count = &mut counts[*row as usize];
                *count = (*count).max(cells.key(at) as u32 + 1);
            }
        }
        return counts;
    }
    let mut keys: Vec<(u32, u64)> = Vec::new();
    for at in &members {
        let cells = &cells[*at];
        keys.extend((0..cells.leaf.len()).map(|at| (cells.leaf.rows[at], cells.key(at))));
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
        let rank = |at: usize| {
            let key = (cells.leaf.rows[at], cells.key(at));
            while keys[next] < key {
                next += 1;
            }
            ranks[next]
        };
        let own: Vec<u32> = (0..cells.leaf.len()).map(rank).collect();
        cells.keys().iter_mut().zip(&own).for_each(|(key, rank)| *key = u64::from(*rank));
        set(&mut cells.leaf, cells.open, &own);
    }
    counts
}

/// Fills the open numbers in, where they are not what they should be.
fn set(leaf: &mut Leaf, open: Option<usize>, numbers: &[u32]) {
    let Some(open) = open else { return };
    if (0..leaf.len()).all(|at| leaf.place(at)[open] == numbers[at]) {
        return;
    }
    let values = &mut **leaf;
    for (place, number) in values.places.chunks_exact_mut(values.depth).zip(numbers) {
        place[open] = *number;
    }
}

/// Several domains in one list follow each other. Two that fill other members of its groups
/// belong together where they have the same number of items: a name and its address.
fn shift(plan: &Plan, numbered: &[(usize, Vec<u32>)], rows: usize, cells: &mut [Cells]) {
    let pairs = |one: usize, other: usize| {
        let (one, other) = (&plan.domains[one], &plan.domains[other]);
        !one.keyed && !other.keyed && !one.leaves.iter().any(|leaf| other.leaves.contains(leaf))
    };
    let paired: Vec<Vec<bool>> = (0..numbered.len())
        .map(|at| (0..at).map(|before| pairs(numbered[before].0, numbered[at].0)).collect())
        .collect();
    let mut offsets: Vec<Vec<u32>> = vec![vec![0; rows]; numbered.len()];
    let mut totals = vec![0_u32; rows];
    for at in 0..numbered.len() {
        let (before, own) = offsets.split_at_mut(at);
        let counts = &numbered[at].1;
        for (row, (offset, total)) in own[0].iter_mut().zip(&mut totals).enumerate() {
            let count = counts[row];
            let partner = (0..at).filter(|other| paired[at][*other]).find(|other| {
                let there = before[*other][row];
                let apart = |third: usize| numbered[third].1[row] == 0 || before[third][row] != there;
                numbered[*other].1[row] == count
                    && count > 0
                    && (0..at).all(|third| third == *other || apart(third) || paired[at][third])
            });
            *offset = partner.map_or(*total, |other| before[other][row]);
            if partner.is_none() && !plan.domains[numbered[at].0].joins {
                *total += count;
            }
        }
    }
    for ((domain, _), offsets) in numbered.iter().zip(&offsets) {
        for cells in cells.iter_mut().filter(|cells| cells.domain == Some(*domain)) {
            let number = |at: usize| cells.key(at) as u32 + offsets[cells.leaf.rows[at] as usize];
            let numbers: Vec<u32> = (0..cells.leaf.len()).map(number).collect();
            set(&mut cells.leaf, cells.open, &numbers);
        }
    }
}

/// The values of one leaf, from all moves. Where two have one place the first stays.
fn join(own: Vec<Cells>, claims: &mut Claims, reasons: &mut Reasons) -> (Leaf, Ids, Vec<(u32, u16)>) {
    if own.len() == 1 && own[0].leaf.is_single() {
        let cells = own.into_iter().next();
        return cells
            .map(|cells| {
                let told = !matches!(cells.ids, Ids::None);
                let besides = |at: &u32| told && (cells.derived || cells.ids.get(*at as usize) == DERIVED);
                let besides = (0..cells.leaf.len() as u32).filter(besides);
                let derived = besides.map(|at| (at, cells.made)).collect();
                (cells.leaf, cells.ids, derived)
            })
            .unwrap_or_default();
    }
    let mut joined = Leaf::new(own[0].leaf.path.clone());
    let leaf = &mut *joined;
    let shared = own.iter().all(|cells| Arc::ptr_eq(&cells.leaf.pool, &own[0].leaf.pool));
    let mut starts = vec![0; own.len()];
    if shared {
        leaf.pool = own[0].leaf.pool.clone();
    } else {
        let mut pool = Pool::default();
        for (start, cells) in starts.iter_mut().zip(&own) {
            *start = pool.append(&cells.leaf.pool);
        }
        leaf.pool = pool.whole();
    }
    let only_one = reasons.number("only one value fits");
    let told = own.iter().any(|cells| !matches!(cells.ids, Ids::None));
    let count = own.iter().map(|cells| cells.leaf.len()).sum();
    leaf.make_room(count);
    let mut ids = if told { Ids::Each(Vec::with_capacity(count)) } else { Ids::None };
    let mut derived = Vec::new();
    let mut add = |from: usize, at: usize| {
        let values = &own[from].leaf;
        let (row, place, text, id) = (values.rows[at], values.place(at), values.texts[at], own[from].ids.get(at));
        let last = leaf.len().checked_sub(1);
        if let Some(last) = last
            && leaf.is_at(last, row, place)
        {
            if id < SILENT {
                let same = leaf.texts[last] == text + starts[from] || leaf.says(last, values, at);
                if same {
                    claims.worsen(id, Outcome::Merged);
                } else {
                    claims.change(id, Outcome::Passthrough, only_one);
                }
            }
            return;
        }
        leaf.put(row, place, text + starts[from], values.lang(at));
        ids.push(id);
        if told && (id == DERIVED || own[from].derived) {
            derived.push((leaf.len() as u32 - 1, own[from].made));
        }
    };
    match &own[..] {
        [one] if one.leaf.depth == 0 && one.leaf.rows.is_sorted() => (0..count).for_each(|at| add(0, at)),
        _ => order(&own).into_iter().for_each(|(from, at)| add(from, at)),
    }
    (joined, ids, derived)
}

/// The values of several cells by row, place, move.
pub(super) fn order(own: &[Cells]) -> Vec<(usize, usize)> {
    if let Some(order) = merged(own) {
        return order;
    }
    let key = |(from, at): &(usize, usize)| {
        let cells = &own[*from];
        (cells.leaf.rows[*at], cells.leaf.place(*at), cells.made, *at)
    };
    let all = own.iter().enumerate().flat_map(|(from, cells)| (0..cells.leaf.len()).map(move |at| (from, at)));
    let mut order: Vec<(usize, usize)> = all.collect();
    order.sort_by(|one, other| key(one).cmp(&key(other)));
    order
}

/// The same of values in one list at most that come by row and place: both are one key.
fn merged(own: &[Cells]) -> Option<Vec<(usize, usize)>> {
    let keys = |cells: &Cells| -> Option<Vec<u64>> {
        let rows = cells.leaf.rows.iter().map(|row| u64::from(*row) << 32);
        let keys: Vec<u64> = match cells.leaf.depth {
            0 => rows.collect(),
            1 => rows.zip(&cells.leaf.places).map(|(row, place)| row | u64::from(*place)).collect(),
            _ => return None,
        };
        keys.is_sorted().then_some(keys)
    };
    let keys: Vec<Vec<u64>> = own.iter().map(keys).collect::<Option<_>>()?;
    let count = keys.iter().map(Vec::len).sum();
    let mut order = Vec::with_capacity(count);
    // By move: of equal keys the first comes first. What has come to its end is behind all others.
    let mut next: Vec<(u64, usize, usize)> = (0..own.len()).map(|from| (key(&keys, from, 0), from, 0)).collect();
    next.sort_by_key(|(_, from, _)| own[*from].made);
    for _ in 0..count {
        let mut first = 0;
        for at in 1..next.len() {
            if next[at].0 < next[first].0 {
                first = at;
            }
        }
        let (_, from, at) = next[first];
        order.push((from, at));
        next[first] = (key(&keys, from, at + 1), from, at + 1);
    }
    Some(order)
}

/// A key of a list, above all keys behind its end.
fn key(keys: &[Vec<u64>], from: usize, at: usize) -> u64 {
    keys[from].get(at).copied().unwrap_or(u64::MAX)
}

/// Gives the values of a leaf their languages.
fn tagged(leaf: &mut Leaf, tags: &Leaf, langs: &mut Langs) {
    let leaf = &mut **leaf;
    if leaf.langs.is_empty() {
        leaf.langs.resize(leaf.rows.len(), 0);
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
