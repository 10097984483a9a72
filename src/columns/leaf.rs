//! Columns as leaves: for each path the values, and where each stands.
//!
//! A leaf is all values of one path, such as `identifications[].vernacularNames[].name`: for each
//! value its row, one number for every `[]` of the path, its text and its language. A list of
//! groups `{value, lang}` is a leaf of texts with a language. Rules of a crosswalk work on leaves;
//! [`build`] makes columns of them again.

mod build;
mod pool;
mod values;
mod walk;

use super::{Columns, Data};
pub use build::build;
pub use pool::{Distinct, Groups, Pool};
use std::borrow::Cow;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
pub use values::Values;
pub use walk::walk;

/// The values of one path. Leaves with the same values share them.
#[derive(Debug, Clone, Default)]
pub struct Leaf {
    /// The path: names, `.` and `[]`.
    pub path: String,
    values: Arc<Values>,
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
        values.reorder();
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

    /// Ends the texts: no more will come.
    pub fn whole(&mut self) {
        let values = Arc::make_mut(&mut self.values);
        values.pool = std::mem::take(Arc::make_mut(&mut values.pool)).whole();
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
        // Texts that were equal before are so again.
        let few = self.pool.len() < self.len();
        let mut partners = vec![u32::MAX; if few { self.pool.len() } else { 0 }];
        self.texts.iter().zip(&other.texts).all(|(own, their)| {
            let partner = partners.get_mut(*own as usize);
            if partner.as_deref() == Some(their) {
                return true;
            }
            let equal = self.pool.raw(*own) == other.pool.raw(*their);
            if let (true, Some(partner)) = (equal, partner) {
                *partner = *their;
            }
            equal
        })
    }

    /// Keeps each different text once, so that equal values have equal numbers. Long texts are
    /// seldom equal: they stay as they are, unless they are asked for with `long`.
    pub fn intern(&mut self, distinct: &mut Distinct, long: bool) {
        if self.pool.is_distinct() || !long && self.bytes() > self.len() * LONG {
            return;
        }
        let pool = self.pool.clone();
        let values = Arc::make_mut(&mut self.values);
        // Many a column says the same in row after row.
        let mut last: Option<(&[u8], u32)> = None;
        for text in &mut values.texts {
            let own = pool.raw(*text);
            let number = match last {
                Some((before, number)) if before == own => number,
                _ => distinct.number_of(&pool, *text),
            };
            last = Some((own, number));
            *text = number;
        }
        values.pool = distinct.pool().clone();
    }
}

impl Leaves {
    /// The number of the leaf of a path, which may be `near`; an empty one is added if there is none.
    pub fn position(&mut self, path: &str, near: usize) -> usize {
        if self.leaves.get(near).is_some_and(|leaf| leaf.path == path) {
            return near;
        }
        self.leaves.iter().position(|leaf| leaf.path == path).unwrap_or_else(|| {
            self.leaves.push(Leaf::new(path));
            self.leaves.len() - 1
        })
    }

    /// The leaf of a path; an empty one is added if there is none.
    pub fn leaf(&mut self, path: &str) -> &mut Leaf {
        let at = self.position(path, 0);
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
