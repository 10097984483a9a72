//! The values that moves give to their ends, before they have their places.

use super::super::compile::End;
use super::super::outcome::SILENT;
use super::super::path::Pick;
use crate::columns::leaf::{Lang, Leaf, Pool, Scalar};
use std::sync::Arc;

/// The values that one move gives to one end, in the order of the source.
#[derive(Debug)]
pub struct Cells {
    /// The values. The first free number of their place is still open.
    pub leaf: Leaf,
    /// What stands for it: the number in the list they come from.
    pub keys: Vec<u64>,
    pub ids: Vec<u32>,
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

    /// Makes room for values.
    pub fn reserve(&mut self, count: usize) {
        self.leaf.rows.reserve(count);
        self.leaf.places.reserve(count * self.leaf.depth);
        self.leaf.texts.reserve(count);
        self.keys.reserve(count);
        self.ids.reserve(count);
    }

    /// Whether the values of a leaf can stand here where they stand there.
    pub fn fits(&self, values: &Leaf) -> bool {
        self.free == values.depth && self.picks.len() == values.depth
    }

    /// Adds all values of a leaf, as they are.
    pub fn share(&mut self, values: &Leaf, ids: Vec<u32>) {
        let path = std::mem::take(&mut self.leaf.path);
        let langs = if self.tagged { values.langs.clone() } else { Vec::new() };
        self.leaf = Leaf { path, langs, ..values.clone() };
        self.keys = match values.depth {
            0 => vec![0; values.len()],
            depth => values.places.chunks_exact(depth).map(|place| u64::from(place[0])).collect(),
        };
        self.ids = ids;
    }

    /// Adds a value.
    #[inline]
    pub fn put(&mut self, put: &Put) {
        let Put { row, place, item, text, lang, id } = *put;
        let lang = if self.tagged { lang } else { 0 };
        self.ids.push(id);
        if self.picks.is_empty() {
            self.keys.push(0);
            return self.leaf.put(row, &[], text, lang);
        }
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
        self.leaf.put(row, &full[..self.picks.len().min(8)], text, lang);
    }

    /// Whether the items of each row have the numbers they should have.
    pub fn is_dense(&self) -> bool {
        let (leaf, level) = (&self.leaf, self.open.unwrap_or(0));
        (0..leaf.len()).all(|at| {
            let key = self.keys[at];
            let before = at.checked_sub(1).filter(|before| leaf.rows[*before] == leaf.rows[at]);
            let steps = before.map_or(key == 0, |before| key == self.keys[before] || key == self.keys[before] + 1);
            steps && u64::from(leaf.place(at)[level]) == key
        })
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
    leaf.pool = Arc::new(pool);
    for at in 0..cells.leaf.len() {
        let place = &cells.leaf.place(at)[..leaf.depth];
        leaf.put(cells.leaf.rows[at], place, 0, 0);
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
