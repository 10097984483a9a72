//! The long form: one row a value, with its exact text.

mod document;

use super::Table;
use crate::columns::build::{Texts, integers};
use crate::columns::{Column, Columns, Data};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::format::Vocabulary;

impl Table {
    /// One row a value, in document order: identifier, element, position, value, lang,
    /// attributes, markup. Exact text, empty values included.
    pub fn long(&self, cancel: &Cancel) -> Result<Self> {
        if self.vocabulary().is_none() {
            let message = format!("a table of format {:?} has no long form", self.format);
            return Err(Error::new(Kind::Value, message).hint("name the format of its columns with format="));
        }
        let mut long = Long::default();
        let private = self.private_rows();
        let mut numbers = private.iter().flatten().copied();
        if let Some(key) = self.vocabulary().filter(|known| known.shape().is_some()).map(Vocabulary::key) {
            for batch in self.batches() {
                go_on(cancel)?;
                let keys = batch.get(key).and_then(Data::text);
                for row in 0..batch.rows {
                    long.record = numbers.next().unwrap_or_default();
                    let key = keys.and_then(|keys| keys.get(row));
                    let mut position = 0;
                    document::values(batch, row, &mut |path, text, lang| {
                        long.push([key, Some(path), Some(text), lang, None, None], position);
                        position += 1;
                    });
                    long.cut();
                }
            }
        } else {
            self.records(cancel, |record| {
                long.record = numbers.next().unwrap_or_default();
                for value in record.values() {
                    let row = [
                        record.head("identifier"),
                        Some(value.element),
                        Some(value.text),
                        value.lang,
                        value.attributes.as_deref(),
                        value.markup,
                    ];
                    long.push(row, value.position);
                }
                long.cut();
            })?;
        }
        long.end();
        Ok(Self::new("long", columns(Default::default(), Vec::new()), long.batches))
    }
}

/// Rows in the making.
#[derive(Default)]
struct Long {
    texts: [Texts; 6],
    positions: Vec<Option<i64>>,
    /// The number of the record being read if it is private, else 0; and those of the rows.
    record: u64,
    private: Vec<u64>,
    batches: Vec<Columns>,
}

impl Long {
    fn push(&mut self, row: [Option<&str>; 6], position: i64) {
        for (column, text) in self.texts.iter_mut().zip(row) {
            column.push_option(text);
        }
        self.positions.push(Some(position));
        self.private.push(self.record);
    }

    /// Ends the batch when it is large: offsets are 32 bits wide.
    fn cut(&mut self) {
        if self.texts[2].bytes.len() > 1 << 26 {
            self.end();
        }
    }

    fn end(&mut self) {
        let mut batch = columns(std::mem::take(&mut self.texts), std::mem::take(&mut self.positions));
        let private = std::mem::take(&mut self.private);
        batch.private = private.iter().any(|number| *number != 0).then(|| private.into());
        self.batches.push(batch);
    }
}

fn columns(texts: [Texts; 6], positions: Vec<Option<i64>>) -> Columns {
    let rows = positions.len();
    let (positions, validity) = integers(positions);
    let names = ["identifier", "element", "value", "lang", "attributes", "markup"];
    let texts = names.into_iter().zip(texts).map(|(name, mut texts)| Column::new(name, Data::Text(texts.freeze())));
    let mut columns: Vec<Column> = texts.collect();
    columns.insert(2, Column::new("position", Data::Integer(positions, validity)));
    Columns::new(rows, columns)
}
