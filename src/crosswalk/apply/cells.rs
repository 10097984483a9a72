//! The values that moves give to their ends, before they have their places.

use super::super::compile::End;
use super::super::outcome::Ids;
use super::super::path::Pick;
use crate::columns::leaf::{Lang, Leaf, Pool, Scalar, Values};
use std::sync::Arc;

/// The values that one move gives to one end, in the order of the source.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own about the values")]
pub struct Cells {
    /// The values, once all are there. The first free number of their place is still open.
    pub leaf: Leaf,
    /// The values, as long as they come.
    growing: Values,
    /// What stands for the open number: the number in the list they come from. Nothing where that
    /// is the number that stands there already.
    keys: Option<Vec<u64>>,
    pub ids: Ids,
    pub domain: Option<usize>,
    /// The level of the open number.
    pub open: Option<usize>,
    /// A member of the group to write along: its leaf, its value.
    pub key: Option<(String, String)>,
    /// Whether they are languages of the leaf.
    pub langs: bool,
    /// Whether the values have languages.
    tagged: bool,
    picks: Vec<Pick>,
    free: usize,
    pub made: u16,
    /// Whether the values lose their kind: such a text is said once.
    pub loses: bool,
    /// Whether the values are said besides.
    pub derived: bool,
    /// Which values lose their language, if any can: such a text is said once, too.
    pub without_lang: Option<Vec<bool>>,
    /// The separator after which a value is appended to one that stands there.
    pub appends: Option<&'static str>,
    /// The member that an item needs to have for a value to join it, as a leaf.
    pub joins: Option<String>,
}

impl Cells {
    /// No values yet, of a move that loses their kind or keeps their language; `told` if their outcomes
    /// count.
    pub fn new(
        made: u16,
        end: &End,
        (loses, keeps_lang): (bool, bool),
        appends: Option<&'static str>,
        told: bool,
    ) -> Self {
        let free = end.free();
        let open = free.first().copied();
        let key = open.and_then(|level| match &end.picks[level] {
            Pick::Where(key, value) => Some((format!("{}.{key}", end.list), value.clone())),
            _ => None,
        });
        let leaf = Leaf::new(end.leaf.clone());
        Self {
            growing: Values::new(leaf.depth),
            leaf,
            keys: None,
            ids: if told { Ids::default() } else { Ids::None },
            domain: end.domain,
            open,
            key,
            langs: end.scalar.is_none(),
            tagged: end.scalar == Some(Scalar::Tagged),
            picks: end.picks.clone(),
            free: free.len(),
            made,
            loses: loses && end.leaf == end.list,
            derived: false,
            without_lang: (!keeps_lang && end.leaf == end.list && open.is_some()).then(Vec::new),
            appends,
            joins: open.and_then(|level| match &end.picks[level] {
                Pick::With(key) => Some(format!("{}.{key}", end.list)),
                _ => None,
            }),
        }
    }

    /// Makes room for values.
    pub fn reserve(&mut self, count: usize) {
        self.growing.make_room(count);
        if let Ids::Each(ids) = &mut self.ids {
            ids.reserve(count);
        }
    }

    /// Whether the values of a leaf can stand here where they stand there.
    pub fn fits(&self, values: &Leaf) -> bool {
        self.free == values.depth && self.picks.len() == values.depth
    }

    /// Whether values of a leaf can stand here where they stand there, or outside lists, or as the
    /// first items of lists if they stand outside; `whole` if all their numbers come along.
    pub fn stands(&self, values: &Leaf, whole: bool) -> bool {
        let firsts = values.depth == 0
            && matches!(self.picks[..], [Pick::At(0) | Pick::All | Pick::Whole | Pick::With(_) | Pick::Preferred]);
        let first = |pick: &Pick| matches!(pick, Pick::At(0));
        let alone = self.picks.len() == values.depth && self.picks.iter().all(first) && values.is_alone();
        self.picks.is_empty() || firsts || alone || whole && self.fits(values)
    }

    /// Takes values of a leaf that stand here where they stand there, with these texts.
    pub fn take(&mut self, values: &Leaf, kept: &[u32], texts: Vec<u32>, ids: Ids) {
        let growing = &mut self.growing;
        let all = kept.len() == values.len();
        if all && growing.depth == values.depth {
            growing.stand_as(values);
        } else {
            growing.rows =
                if all { values.rows.clone() } else { kept.iter().map(|at| values.rows[*at as usize]).collect() };
            match growing.depth {
                0 => {}
                1 if values.depth == 0 => growing.places = vec![0; kept.len()],
                1 => growing.places = kept.iter().map(|at| values.places[*at as usize]).collect(),
                _ => kept.iter().for_each(|at| growing.places.extend_from_slice(values.place(*at as usize))),
            }
        }
        if self.tagged && !values.langs.is_empty() {
            growing.langs = kept.iter().map(|at| values.lang(*at as usize)).collect();
        }
        if let Some(without) = &mut self.without_lang {
            without.extend(kept.iter().map(|at| values.lang(*at as usize) != 0));
        }
        growing.texts = texts;
        self.ids = ids;
    }

    /// Takes all values of a leaf, as they are.
    pub fn share(&mut self, values: &Leaf, ids: Ids) {
        if let Some(without) = &mut self.without_lang {
            without.extend((0..values.len()).map(|at| values.lang(at) != 0));
        }
        self.leaf = values.under(std::mem::take(&mut self.leaf.path), self.tagged);
        self.ids = ids;
    }

    /// No more values come: their texts are of this pool.
    pub fn seal(&mut self, texts: Vec<u32>, pool: Arc<Pool>) {
        let mut values = std::mem::take(&mut self.growing);
        (values.texts, values.pool) = (texts, pool);
        self.leaf = Leaf::of(std::mem::take(&mut self.leaf.path), values);
    }

    /// The numbers of the texts that came.
    pub fn texts(&mut self) -> Vec<u32> {
        std::mem::take(&mut self.growing.texts)
    }

    /// Whether nothing came.
    pub fn is_empty(&self) -> bool {
        self.growing.is_empty() && self.leaf.is_empty()
    }

    /// What stands for the open number of a value.
    pub fn key(&self, at: usize) -> u64 {
        match &self.keys {
            Some(keys) => keys[at],
            None => self.leaf.place(at).first().copied().map_or(0, u64::from),
        }
    }

    /// The same of all values, to be changed.
    pub fn keys(&mut self) -> &mut Vec<u64> {
        let Self { keys, leaf, .. } = self;
        keys.get_or_insert_with(|| numbers(leaf))
    }

    /// Adds a value.
    pub fn put(&mut self, put: &Put) {
        let Put { row, place, item, text, lang, id } = *put;
        if let Some(without) = &mut self.without_lang {
            without.push(lang != 0);
        }
        let lang = if self.tagged { lang } else { 0 };
        self.ids.push(id);
        if self.picks.is_empty() {
            return self.growing.put(row, &[], text, lang);
        }
        let count = place.len() + usize::from(item.is_some());
        if let ([pick], None, 0..=1) = (&self.picks[..], &self.keys, count)
            && !matches!(pick, Pick::At(_))
        {
            // The number in the list it comes from is the one it has here.
            let number = place.first().copied().or(item).unwrap_or(0);
            return self.growing.put(row, &[number], text, lang);
        }
        let growing = &self.growing;
        let keys = self.keys.get_or_insert_with(|| numbers(growing));
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
        keys.push(if self.free <= 1 { packed } else { u64::from(number(0)) });
        self.growing.put(row, &full[..self.picks.len().min(8)], text, lang);
    }

    /// Whether the items of each row have the numbers they should have.
    pub fn is_dense(&self) -> bool {
        let (leaf, level) = (&self.leaf, self.open.unwrap_or(0));
        if self.keys.is_none() && level == 0 {
            return leaf.is_dense();
        }
        (0..leaf.len()).all(|at| {
            let key = self.key(at);
            let before = at.checked_sub(1).filter(|before| leaf.rows[*before] == leaf.rows[at]);
            let steps = before.map_or(key == 0, |before| key == self.key(before) || key == self.key(before) + 1);
            steps && u64::from(leaf.place(at)[level]) == key
        })
    }
}

/// The first number of each place.
fn numbers(values: &Values) -> Vec<u64> {
    match values.depth {
        0 => vec![0; values.len()],
        depth => values.places.chunks_exact(depth).map(|place| u64::from(place[0])).collect(),
    }
}

/// A value that comes from `place`, or is item `item` of what comes from there.
pub struct Put<'a> {
    pub row: u32,
    pub place: &'a [u32],
    pub item: Option<u32>,
    pub text: u32,
    pub lang: Lang,
    pub id: u32,
}

/// The constant member of the groups that values went into.
pub fn constant(cells: &Cells) -> Option<Cells> {
    let (path, value) = cells.key.clone()?;
    let mut leaf = Leaf::new(path);
    let mut pool = Pool::default();
    pool.push(&value);
    let values = &mut *leaf;
    values.pool = pool.whole();
    for at in 0..cells.leaf.len() {
        let place = &cells.leaf.place(at)[..values.depth];
        values.put(cells.leaf.rows[at], place, 0, 0);
    }
    Some(Cells {
        leaf,
        growing: Values::default(),
        keys: None,
        ids: Ids::None,
        domain: None,
        open: None,
        key: None,
        langs: false,
        tagged: false,
        picks: Vec::new(),
        free: 0,
        made: cells.made,
        loses: false,
        derived: false,
        without_lang: None,
        appends: None,
        joins: None,
    })
}
