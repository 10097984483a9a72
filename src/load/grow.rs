//! Columns that grow by JSON values, in a shape that is known.

use crate::columns::build::{Texts, integers, validity};
use crate::columns::{Column, Columns, Data};
use crate::error::{Error, Kind, Place};
use crate::limits::{EMPTY_PER_BYTE, MAX_EMPTY};
use crate::value::date;
use arrow_buffer::{BooleanBuffer, OffsetBuffer, ScalarBuffer};
use serde_json::Value;
use std::borrow::Cow;

/// A column, growing.
pub(super) enum Growing {
    Text(Texts),
    Flag(Vec<Option<bool>>),
    Integer(Vec<Option<i64>>),
    Number(Vec<Option<f64>>),
    Instant(Vec<Option<i64>>),
    /// A list; one that is not there is empty, unless it may be absent.
    List {
        ends: Vec<i32>,
        present: Vec<bool>,
        items: Box<Growing>,
        nullable: bool,
    },
    Group {
        fields: Vec<(Cow<'static, str>, Growing)>,
        present: Vec<bool>,
    },
}

impl Growing {
    /// A column of the shape of `data`, without values.
    pub(super) fn of(data: &Data, nullable: bool) -> Self {
        match data {
            Data::Text(_) => Self::Text(Texts::default()),
            Data::Flag(..) => Self::Flag(Vec::new()),
            Data::Integer(..) => Self::Integer(Vec::new()),
            Data::Number(..) => Self::Number(Vec::new()),
            Data::Instant(..) => Self::Instant(Vec::new()),
            Data::List(_, _, items) => {
                let items = Box::new(Self::of(items, nullable));
                Self::List { ends: vec![0], present: Vec::new(), items, nullable }
            }
            Data::Group(fields, ..) => {
                let fields = fields.iter().map(|field| (field.name.clone(), Self::of(&field.data, nullable))).collect();
                Self::Group { fields, present: Vec::new() }
            }
        }
    }

    /// Whether it is text.
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Text(_))
    }

    /// Whether it is an element and its value, as `extra` has them.
    pub(super) fn is_named(&self) -> bool {
        matches!(self, Self::Group { fields, .. } if fields.iter().map(|(name, _)| &**name).eq(["element", "value"]))
    }

    /// Adds a value; says what was expected if it has another type.
    pub(super) fn push(&mut self, value: &Value) -> Result<(), String> {
        let other = |expected: &str| Err(format!("{} where {expected} belongs", shown(value)));
        match self {
            Self::Text(texts) => match value {
                Value::Null => texts.push_option(None),
                Value::String(text) => texts.push(text),
                _ => return other("text"),
            },
            Self::Flag(flags) => match value {
                Value::Null => flags.push(None),
                Value::Bool(flag) => flags.push(Some(*flag)),
                _ => return other("true or false"),
            },
            Self::Integer(numbers) => match value {
                Value::Null => numbers.push(None),
                value if value.is_i64() => numbers.push(value.as_i64()),
                _ => return other("a whole number"),
            },
            Self::Number(numbers) => match value {
                Value::Null => numbers.push(None),
                Value::Number(number) => numbers.push(number.as_f64()),
                // What JSON has no number for: NaN, inf.
                Value::String(word) if word.parse::<f64>().is_ok() => numbers.push(word.parse().ok()),
                _ => return other("a number"),
            },
            Self::Instant(instants) => match value {
                Value::Null => instants.push(None),
                Value::String(text) if date::instant(text).is_some() => instants.push(date::instant(text)),
                _ => return other("a date and time"),
            },
            Self::List { ends, present, items, nullable } => match value {
                Value::Null => {
                    ends.push(ends[ends.len() - 1]);
                    present.push(!*nullable);
                }
                Value::Array(values) => {
                    for value in values {
                        items.push(value)?;
                    }
                    ends.push(ends[ends.len() - 1] + values.len() as i32);
                    present.push(true);
                }
                _ => return other("a list"),
            },
            Self::Group { fields, present } => match value {
                Value::Null => {
                    for (_, field) in fields {
                        field.push(&Value::Null)?;
                    }
                    present.push(false);
                }
                Value::Object(members) => {
                    if let Some(foreign) = members.keys().find(|key| fields.iter().all(|(name, _)| name != *key)) {
                        return Err(format!("a member {foreign:?} that its group has not"));
                    }
                    for (name, field) in fields {
                        field.push(members.get(&**name).unwrap_or(&Value::Null))?;
                    }
                    present.push(true);
                }
                _ => return other("an object"),
            },
        }
        Ok(())
    }

    /// Adds a value of text.
    pub(super) fn push_text(&mut self, text: &str) -> Result<(), String> {
        match self {
            Self::Text(texts) => texts.push(text),
            Self::Flag(flags) if text.eq_ignore_ascii_case("true") => flags.push(Some(true)),
            Self::Flag(flags) if text.eq_ignore_ascii_case("false") => flags.push(Some(false)),
            Self::Integer(numbers) if text.parse::<i64>().is_ok() => numbers.push(text.parse().ok()),
            Self::Number(numbers) if text.parse::<f64>().is_ok() => numbers.push(text.parse().ok()),
            Self::Instant(instants) if date::instant(text).is_some() => instants.push(date::instant(text)),
            _ => return Err(format!("{text:?} is not {}", self.kind())),
        }
        Ok(())
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Flag(_) => "true or false",
            Self::Integer(_) => "a whole number",
            Self::Number(_) => "a number",
            Self::Instant(_) => "a date and time",
            Self::List { .. } => "a list",
            Self::Group { .. } => "a group",
        }
    }

    /// Bytes of text held: what bounds a batch.
    pub(super) fn bytes(&self) -> usize {
        match self {
            Self::Text(texts) => texts.bytes.len(),
            Self::List { items, .. } => items.bytes(),
            Self::Group { fields, .. } => fields.iter().map(|(_, field)| field.bytes()).sum(),
            _ => 0,
        }
    }

    /// The values so far; it goes on without.
    pub(super) fn freeze(&mut self) -> Data {
        match self {
            Self::Text(texts) => Data::Text(texts.freeze()),
            Self::Flag(flags) => {
                let flags = std::mem::take(flags);
                let present = validity(Some(flags.iter().map(Option::is_some).collect()));
                let values: Vec<bool> = flags.into_iter().map(Option::unwrap_or_default).collect();
                Data::Flag(BooleanBuffer::from(values), present)
            }
            Self::Integer(numbers) => {
                let (values, present) = integers(numbers.drain(..));
                Data::Integer(values, present)
            }
            Self::Instant(instants) => {
                let (values, present) = integers(instants.drain(..));
                Data::Instant(values, present)
            }
            Self::Number(numbers) => {
                let numbers = std::mem::take(numbers);
                let present = validity(Some(numbers.iter().map(Option::is_some).collect()));
                Data::Number(numbers.into_iter().map(Option::unwrap_or_default).collect(), present)
            }
            Self::List { ends, present, items, .. } => {
                let offsets = OffsetBuffer::new(ScalarBuffer::from(std::mem::replace(ends, vec![0])));
                Data::List(offsets, validity(Some(std::mem::take(present))), Box::new(items.freeze()))
            }
            Self::Group { fields, present } => {
                let rows = present.len();
                let fields = fields.iter_mut().map(|(name, field)| Column::new(name.clone(), field.freeze())).collect();
                Data::Group(fields, rows, validity(Some(std::mem::take(present))))
            }
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string();
    if text.chars().count() > 60 { text.chars().take(60).chain(['…']).collect() } else { text }
}

/// Columns that grow row by row, cut into batches.
pub(super) struct Rows {
    pub(super) names: Vec<Cow<'static, str>>,
    pub(super) columns: Vec<Growing>,
    count: usize,
    full: Vec<Columns>,
    /// Empty cells that may still come.
    empty: usize,
    /// Whether more than that came.
    pub(super) exceeded: bool,
}

impl Rows {
    /// No rows yet, of the shape of `columns`; `nullable` if there may be no list, which is not an empty one. `size` is
    /// the size of the file in bytes.
    pub(super) fn of(columns: &Columns, nullable: bool, size: usize) -> Self {
        let names = columns.columns.iter().map(|column| column.name.clone()).collect();
        let growing = columns.columns.iter().map(|column| Growing::of(&column.data, nullable)).collect();
        let empty = MAX_EMPTY.saturating_add(size.saturating_mul(EMPTY_PER_BYTE));
        Self { names, columns: growing, count: 0, full: Vec::new(), empty, exceeded: false }
    }

    /// Counts empty cells of a row; an error if the file is too small for that many.
    pub(super) fn count_empty(&mut self, cells: usize) -> Result<(), String> {
        let Some(rest) = self.empty.checked_sub(cells) else {
            self.exceeded = true;
            return Err("the rows leave out more cells than a file of this size may".to_owned());
        };
        self.empty = rest;
        Ok(())
    }

    /// The error for a row that does not fit.
    pub(super) fn misfit(&self, line: u64, message: String) -> Error {
        let place = Place { line: Some(line), ..Place::default() };
        if self.exceeded {
            let error = Error::new(Kind::Limit, message).at(place);
            return error.hint("remove columns that no row needs, or split the file");
        }
        Error::new(Kind::Parse, message).at(place)
    }

    /// Ends a row: every column has got its value.
    pub(super) fn end(&mut self) {
        self.count += 1;
        let looked = self.count.is_multiple_of(64);
        if self.count >= super::ROWS || looked && self.columns.iter().any(|column| column.bytes() > super::BATCH) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let columns = self.names.iter().zip(&mut self.columns);
        let columns = columns.map(|(name, column)| Column { name: name.clone(), data: column.freeze() }).collect();
        self.full.push(Columns::new(std::mem::take(&mut self.count), columns));
    }

    /// All rows.
    pub(super) fn finish(mut self) -> Vec<Columns> {
        self.cut();
        self.full
    }
}
