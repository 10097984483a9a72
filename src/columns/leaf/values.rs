//! The values of a leaf: in columns of their own, so that moving them is copying numbers.

use super::{Lang, Pool};
use std::sync::{Arc, OnceLock};

/// Values, by row and then by place.
#[derive(Debug, Clone, Default)]
pub struct Values {
    /// Numbers in a place: how many `[]` the path has.
    pub depth: usize,
    /// The row of each value.
    pub rows: Vec<u32>,
    /// The places of the values, `depth` numbers each.
    pub places: Vec<u32>,
    /// The language of each value; empty where none has one.
    pub langs: Vec<Lang>,
    /// The number of the text of each value.
    pub texts: Vec<u32>,
    /// The texts; leaves that were made of each other share them.
    pub pool: Arc<Pool>,
    /// What is known of their order, since anybody asked.
    order: OnceLock<Order>,
}

/// In which order values stand.
#[derive(Debug, Clone, Copy)]
struct Order {
    /// By row and place, one value for each place.
    single: bool,
    /// In the first list of each row without gaps, from its first item on.
    dense: bool,
}

impl Values {
    /// No values yet, of a path with so many lists.
    #[must_use]
    pub fn new(depth: usize) -> Self {
        Self { depth, ..Self::default() }
    }

    /// Forgets what is known of the order, as it may change.
    pub fn reorder(&mut self) {
        self.order = OnceLock::new();
    }

    /// Notes that the values are known to come by row and place, in lists without gaps.
    pub(super) fn in_order(&self) {
        let _ = self.order.set(Order { single: true, dense: true });
    }

    /// Takes the rows and places of other values.
    pub fn stand_as(&mut self, other: &Self) {
        self.rows.clone_from(&other.rows);
        self.places.clone_from(&other.places);
        self.order = other.order.clone();
    }

    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// Whether there is no value.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The text of value `at`.
    #[must_use]
    #[inline]
    pub fn text(&self, at: usize) -> &str {
        self.pool.get(self.texts[at])
    }

    /// Whether value `at` has the text of value `theirs` of other values.
    #[must_use]
    #[inline]
    pub fn says(&self, at: usize, other: &Self, theirs: usize) -> bool {
        let (own, their) = (self.texts[at], other.texts[theirs]);
        let shared = Arc::ptr_eq(&self.pool, &other.pool);
        if shared && (own == their || self.pool.is_distinct()) {
            return own == their;
        }
        self.pool.raw(own) == other.pool.raw(their)
    }

    /// The place of value `at`.
    #[must_use]
    #[inline]
    pub fn place(&self, at: usize) -> &[u32] {
        &self.places[at * self.depth..(at + 1) * self.depth]
    }

    /// Whether value `at` stands there.
    #[must_use]
    #[inline]
    pub fn is_at(&self, at: usize, row: u32, place: &[u32]) -> bool {
        self.rows[at] == row
            && match place {
                [number] => self.places[at] == *number,
                _ => self.place(at) == place,
            }
    }

    /// The language of value `at`.
    #[must_use]
    #[inline]
    pub fn lang(&self, at: usize) -> Lang {
        self.langs.get(at).copied().unwrap_or(0)
    }

    fn order(&self) -> Order {
        *self.order.get_or_init(|| {
            if self.depth < 2 {
                return self.flat_order();
            }
            let mut order = Order { single: true, dense: true };
            let mut before: Option<(u32, &[u32])> = None;
            for at in 0..self.len() {
                let (row, place) = (self.rows[at], self.place(at));
                let first = place.first().copied().unwrap_or(0);
                match before {
                    Some((last, other)) if last == row => {
                        let item = other.first().copied().unwrap_or(0);
                        order.single &= other < place;
                        order.dense &= first == item || first == item + 1;
                    }
                    _ => {
                        order.single &= before.is_none_or(|(last, _)| last < row);
                        order.dense &= first == 0;
                    }
                }
                before = Some((row, place));
            }
            order
        })
    }

    /// The order where a place is one number at most.
    fn flat_order(&self) -> Order {
        let mut single = true;
        let mut dense = self.places.first().is_none_or(|item| *item == 0);
        // Without an end before the end these loops go over several values at a time.
        let rows = self.rows.iter().zip(self.rows.iter().skip(1));
        if self.depth == 0 {
            rows.for_each(|(last, row)| single &= last < row);
            return Order { single, dense };
        }
        for ((last, row), (before, item)) in rows.zip(self.places.iter().zip(self.places.iter().skip(1))) {
            let (same, further, first) = (last == row, before < item, *item == 0);
            let next = item.wrapping_sub(*before) < 2;
            single &= if same { further } else { last < row };
            dense &= if same { next } else { first };
        }
        Order { single, dense }
    }

    /// Whether values come by row and place, one for each place.
    #[must_use]
    pub fn is_single(&self) -> bool {
        self.order().single
    }

    /// Whether the first list of each row has no gaps.
    #[must_use]
    pub fn is_dense(&self) -> bool {
        self.order().dense
    }

    /// Whether each row has one value at most, the first of every list.
    #[must_use]
    pub fn is_alone(&self) -> bool {
        self.is_single() && self.places.iter().all(|number| *number == 0)
    }

    /// Makes room for so many more values.
    pub fn make_room(&mut self, count: usize) {
        self.rows.reserve(count);
        self.places.reserve(count * self.depth);
        self.texts.reserve(count);
    }

    /// Bytes of all texts.
    #[must_use]
    pub fn bytes(&self) -> usize {
        match (self.texts.first(), self.texts.last()) {
            (Some(first), Some(last)) if follow(&self.texts) => {
                self.pool.range(*last).end - self.pool.range(*first).start
            }
            _ => self.texts.iter().map(|text| self.pool.length(*text)).sum(),
        }
    }

    /// Adds a value. Values come by row, then by place.
    pub fn push(&mut self, row: u32, place: &[u32], text: &str, lang: Lang) {
        let text = Arc::make_mut(&mut self.pool).push(text);
        self.put(row, place, text, lang);
    }

    /// Adds a value whose text is in the pool.
    #[inline]
    pub fn put(&mut self, row: u32, place: &[u32], text: u32, lang: Lang) {
        if lang != 0 && self.langs.is_empty() {
            self.langs.resize(self.rows.len(), 0);
        }
        if lang != 0 || !self.langs.is_empty() {
            self.langs.push(lang);
        }
        self.rows.push(row);
        match place {
            [number] => self.places.push(*number),
            _ => self.places.extend_from_slice(place),
        }
        self.texts.push(text);
    }

    /// Gives item `item` of row `row` a language; tells whether it is there.
    pub fn tag(&mut self, row: u32, item: u32, lang: Lang) -> bool {
        let mut at = self.rows.partition_point(|own| *own < row);
        while at < self.rows.len() && self.rows[at] == row {
            if self.place(at) == [item] {
                self.langs.resize(self.rows.len(), 0);
                self.langs[at] = lang;
                return true;
            }
            at += 1;
        }
        false
    }

    /// The values of row `row`, if `from` is no later than the first of them.
    #[must_use]
    pub fn of_row(&self, row: u32, from: usize) -> std::ops::Range<usize> {
        let mut start = from;
        while self.rows.get(start).is_some_and(|own| *own < row) {
            start += 1;
        }
        let mut end = start;
        while self.rows.get(end) == Some(&row) {
            end += 1;
        }
        start..end
    }
}

/// Whether numbers follow each other.
pub(super) fn follow(numbers: &[u32]) -> bool {
    let mut follow = true;
    let next = numbers.iter().skip(1);
    numbers.iter().zip(next).for_each(|(number, next)| follow &= *next == number.wrapping_add(1));
    follow
}
