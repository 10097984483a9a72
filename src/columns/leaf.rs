//! Columns as leaves: for each path the values, and where each stands.
//!
//! A leaf is all values of one path, such as `identifications[].vernacularNames[].name`: for each
//! value its row, one number for every `[]` of the path, its text and its language. A list of
//! groups `{value, lang}` is a leaf of texts with a language. Rules of a crosswalk work on leaves;
//! [`build`] makes columns of them again.

mod build;
mod pool;
mod walk;

use super::{Columns, Data};
pub use build::build;
pub use pool::{Distinct, Groups, Pool};
use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::sync::{Arc, OnceLock};
pub use walk::walk;

/// The values of one path. Leaves with the same values share them.
#[derive(Debug, Clone, Default)]
pub struct Leaf {
    /// The path: names, `.` and `[]`.
    pub path: String,
    values: Arc<Values>,
}

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

impl Deref for Leaf {
    type Target = Values;

    fn deref(&self) -> &Values {
        &self.values
    }
}

impl DerefMut for Leaf {
    fn deref_mut(&mut self) -> &mut Values {
        let values = Arc::make_mut(&mut self.values);
        values.order = OnceLock::new();
        values
    }
}

/// Bytes of a text, on average, from which on a leaf keeps its texts as they are.
const LONG: usize = 128;

/// A language: its number in [`Leaves::langs`] plus one, or 0 for none.
pub type Lang = u32;

/// The leaves of a batch.
#[derive(Debug, Clone, Default)]
pub struct Leaves {
    /// Number of rows.
    pub rows: usize,
    /// The leaves that have values, in the order of the columns.
    pub leaves: Vec<Leaf>,
    /// The languages of the values.
    pub langs: Langs,
}

/// Languages, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Langs(Vec<String>);

impl Langs {
    /// The number of a language.
    pub fn number(&mut self, lang: &str) -> Lang {
        let at = self.0.iter().position(|known| known == lang).unwrap_or_else(|| {
            self.0.push(lang.to_owned());
            self.0.len() - 1
        });
        at as Lang + 1
    }

    /// Whether `other` has these languages first.
    #[must_use]
    pub fn begins(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// The language of a number.
    #[must_use]
    pub fn get(&self, number: Lang) -> Option<&str> {
        (number as usize).checked_sub(1).and_then(|at| self.0.get(at)).map(String::as_str)
    }
}

impl Leaf {
    /// No values yet.
    #[must_use]
    pub fn new(path: impl Into<String>) -> Self {
        let path = path.into();
        let values = Values::new(path.matches("[]").count());
        Self::of(path, values)
    }

    /// These values.
    #[must_use]
    pub fn of(path: String, values: Values) -> Self {
        Self { path, values: Arc::new(values) }
    }

    /// The same values under another path of as many lists; without their languages, unless they are `tagged`.
    #[must_use]
    pub fn under(&self, path: String, tagged: bool) -> Self {
        let mut leaf = Self { path, values: self.values.clone() };
        if !tagged && !leaf.langs.is_empty() {
            leaf.langs = Vec::new();
        }
        leaf
    }

    /// Whether both have the same values, in the same places and languages.
    #[must_use]
    pub fn same(&self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.values, &other.values) {
            return true;
        }
        let tags = |leaf: &Self| leaf.langs.iter().any(|lang| *lang != 0);
        let same_langs = if tags(self) || tags(other) { self.langs == other.langs } else { true };
        same_langs && self.rows == other.rows && self.places == other.places && self.same_texts(other)
    }

    fn same_texts(&self, other: &Self) -> bool {
        let shared = Arc::ptr_eq(&self.pool, &other.pool);
        if shared && (self.texts == other.texts || self.pool.is_distinct()) {
            return self.texts == other.texts;
        }
        self.texts.iter().zip(&other.texts).all(|(own, their)| self.pool.raw(*own) == other.pool.raw(*their))
    }

    /// Keeps each different text once, so that equal values have equal numbers. Long texts are
    /// seldom equal: they stay as they are.
    pub fn intern(&mut self, distinct: &mut Distinct) {
        if self.pool.is_distinct() || self.bytes() > self.len() * LONG {
            return;
        }
        let values = &mut **self;
        let mut last = None;
        for text in &mut values.texts {
            let number = match last {
                Some((own, number)) if own == *text => number,
                _ => distinct.number(values.pool.get(*text)),
            };
            last = Some((*text, number));
            *text = number;
        }
        values.pool = distinct.pool().clone();
    }

}

impl Values {
    /// No values yet, of a path with so many lists.
    #[must_use]
    pub fn new(depth: usize) -> Self {
        Self { depth, ..Self::default() }
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

    /// The place of value `at`.
    #[must_use]
    #[inline]
    pub fn place(&self, at: usize) -> &[u32] {
        &self.places[at * self.depth..(at + 1) * self.depth]
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
        let mut order = Order { single: true, dense: true };
        let mut before = None;
        for (at, row) in self.rows.iter().enumerate() {
            let item = if self.depth == 0 { 0 } else { self.places[at] };
            let (single, dense) = match before {
                Some((last, other)) if last == *row => (other < item, item == other || item == other + 1),
                Some((last, _)) => (last < *row, item == 0),
                None => (true, item == 0),
            };
            order.single &= single;
            order.dense &= dense;
            before = Some((*row, item));
        }
        order
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

    /// Makes room for so many times the values there are.
    pub fn reserve(&mut self, times: usize) {
        let more = |count: usize| count * times * 9 / 8;
        self.rows.reserve(more(self.rows.len()));
        self.places.reserve(more(self.places.len()));
        self.texts.reserve(more(self.texts.len()));
        Arc::make_mut(&mut self.pool).reserve(times);
    }

    /// Bytes of all texts.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.texts.iter().map(|text| self.pool.length(*text)).sum()
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
        self.places.extend_from_slice(place);
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

impl Leaves {
    /// The number of the leaf of a path; an empty one is added if there is none.
    pub fn position(&mut self, path: &str) -> usize {
        self.leaves.iter().position(|leaf| leaf.path == path).unwrap_or_else(|| {
            self.leaves.push(Leaf::new(path));
            self.leaves.len() - 1
        })
    }

    /// The leaf of a path; an empty one is added if there is none.
    pub fn leaf(&mut self, path: &str) -> &mut Leaf {
        let at = self.position(path);
        &mut self.leaves[at]
    }

    /// The leaf of a path.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<&Leaf> {
        self.leaves.iter().find(|leaf| leaf.path == path)
    }
}

/// The leaf paths of columns, whether they have values or not, with the kind of each.
#[must_use]
pub fn paths(columns: &Columns) -> Vec<(String, Scalar)> {
    let mut found = Vec::new();
    for column in &columns.columns {
        list_paths(&column.data, column.name.to_string(), &mut found);
    }
    found
}

/// What the values of a leaf are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scalar {
    /// Text.
    Text,
    /// Text with a language.
    Tagged,
    /// `true` or `false`.
    Flag,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A moment, written in RFC 3339.
    Instant,
}

fn list_paths(data: &Data, path: String, found: &mut Vec<(String, Scalar)>) {
    match data {
        Data::List(_, _, items) if tagged(items).is_some() => found.push((path + "[]", Scalar::Tagged)),
        Data::List(_, _, items) => list_paths(items, path + "[]", found),
        Data::Group(fields, ..) => {
            for field in fields {
                list_paths(&field.data, format!("{path}.{}", field.name), found);
            }
        }
        Data::Text(_) => found.push((path, Scalar::Text)),
        Data::Flag(..) => found.push((path, Scalar::Flag)),
        Data::Integer(..) => found.push((path, Scalar::Integer)),
        Data::Number(..) => found.push((path, Scalar::Number)),
        Data::Instant(..) => found.push((path, Scalar::Instant)),
    }
}

/// The two fields of groups that are texts with a language.
fn tagged(items: &Data) -> Option<(&Data, &Data)> {
    match items {
        Data::Group(fields, ..) => match &fields[..] {
            [value, lang] if value.name == "value" && lang.name == "lang" => Some((&value.data, &lang.data)),
            _ => None,
        },
        _ => None,
    }
}

/// How a moment is written and read.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    /// Microseconds since 1970-01-01T00:00:00Z as text.
    pub write: fn(i64) -> String,
    /// And back.
    pub read: fn(&str) -> Option<i64>,
}

/// The text as a leaf of this kind writes it, if it is one.
#[must_use]
pub fn fits(kind: Scalar, text: &str, clock: Clock) -> Option<Cow<'_, str>> {
    match kind {
        Scalar::Text | Scalar::Tagged => Some(Cow::Borrowed(text)),
        Scalar::Flag => match text.trim() {
            "true" | "1" => Some(Cow::Borrowed("true")),
            "false" | "0" => Some(Cow::Borrowed("false")),
            _ => None,
        },
        Scalar::Integer => text.trim().parse::<i64>().ok().map(|number| Cow::Owned(number.to_string())),
        Scalar::Number => {
            let number = text.trim().parse::<f64>().ok().filter(|number| number.is_finite())?;
            Some(Cow::Owned(number.to_string()))
        }
        Scalar::Instant => (clock.read)(text).map(clock.write).map(Cow::Owned),
    }
}
