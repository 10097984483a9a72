//! The long form: one row a value, with its exact text.

use super::Table;
use crate::columns::build::{Texts, integers};
use crate::columns::{Column, Columns, Data};
use crate::error::{Cancel, Error, Kind, Result};

impl Table {
    /// One row a value, in document order: identifier, element, position, value, lang,
    /// attributes, markup. Exact text, empty values included.
    pub fn long(&self, cancel: &Cancel) -> Result<Self> {
        if self.vocabulary().is_none() {
            let message = format!("a table of format {:?} has no long form", self.format);
            return Err(Error::new(Kind::Value, message).hint("name the format of its columns with format="));
        }
        let mut texts: [Texts; 6] = std::array::from_fn(|_| Texts::default());
        let mut positions = Vec::new();
        let mut batches = Vec::new();
        self.records(cancel, |record| {
            for value in record.values() {
                let row = [
                    record.head("identifier"),
                    Some(value.element),
                    Some(value.text),
                    value.lang,
                    value.attributes.as_deref(),
                    value.markup,
                ];
                for (column, text) in texts.iter_mut().zip(row) {
                    column.push_option(text);
                }
                positions.push(Some(value.position));
            }
            // Offsets are 32 bits wide: a batch must stay well below.
            if texts[2].bytes.len() > 1 << 26 {
                batches.push(columns(std::mem::take(&mut texts), std::mem::take(&mut positions)));
            }
        })?;
        batches.push(columns(texts, positions));
        Ok(Self::new("long", columns(Default::default(), Vec::new()), batches))
    }
}

fn columns(texts: [Texts; 6], positions: Vec<Option<i64>>) -> Columns {
    let rows = positions.len();
    let (positions, validity) = integers(positions);
    let names = ["identifier", "element", "value", "lang", "attributes", "markup"];
    let texts = names.into_iter().zip(texts).map(|(name, mut texts)| Column::new(name, Data::Text(texts.freeze())));
    let mut columns: Vec<Column> = texts.collect();
    columns.insert(2, Column::new("position", Data::Integer(positions, validity)));
    Columns { rows, columns }
}
