//! What is in a table: how full its columns are, and with what.

use super::Table;
use crate::columns::build::{Texts, integers};
use crate::columns::{Column, Columns, Data, Text, range};
use crate::error::{Cancel, Result, go_on};
use std::collections::HashMap;
use std::sync::Arc;

/// What is known of a column.
#[derive(Default)]
struct Fill<'a> {
    filled: u64,
    values: u64,
    counts: HashMap<&'a str, u64>,
}

impl Table {
    /// One row a column: `column`, `filled` (rows with a value), `fill` (their share, 0 to 1),
    /// `values`, `distinct`, `commonest` and its `count`. Columns that are never filled are there
    /// too, with 0.
    pub fn summary(&self, cancel: &Cancel) -> Result<Self> {
        let (public, private) = self.public_rows()?;
        let mut table = self.summed(cancel)?;
        if private > 0 {
            table.public = Some(Arc::new((public.summed(cancel)?, private)));
        }
        Ok(table)
    }

    fn summed(&self, cancel: &Cancel) -> Result<Self> {
        let rows = self.len();
        let mut names = [Texts::default(), Texts::default()];
        let mut numbers: [Vec<Option<i64>>; 4] = Default::default();
        let mut shares = Vec::new();
        for column in self.columns().into_iter().filter(|column| *column != "notes") {
            let fill = self.fill(column, cancel)?;
            let best = fill.counts.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0)));
            names[0].push(column);
            names[1].push_option(best.map(|(value, _)| *value));
            let counted = (!fill.counts.is_empty() || fill.values == 0).then_some(fill.counts.len() as i64);
            let row =
                [Some(fill.filled as i64), Some(fill.values as i64), counted, best.map(|(_, count)| *count as i64)];
            for (column, number) in numbers.iter_mut().zip(row) {
                column.push(number);
            }
            #[allow(clippy::cast_precision_loss)]
            shares.push(if rows == 0 { 0.0 } else { fill.filled as f64 / rows as f64 });
        }
        let count = shares.len();
        let [column, commonest] = names.map(|mut texts| Data::Text(texts.freeze()));
        let [filled, values, distinct, best] = numbers.map(|values| {
            let (values, validity) = integers(values);
            Data::Integer(values, validity)
        });
        let columns = Columns::new(
            count,
            vec![
                Column::new("column", column),
                Column::new("filled", filled),
                Column::new("fill", Data::Number(shares.into(), None)),
                Column::new("values", values),
                Column::new("distinct", distinct),
                Column::new("commonest", commonest),
                Column::new("count", best),
            ],
        );
        Ok(Self::new("summary", columns.slice(0, 0), vec![columns]))
    }

    fn fill(&self, column: &str, cancel: &Cancel) -> Result<Fill<'_>> {
        let mut fill = Fill::default();
        for batch in self.batches() {
            go_on(cancel)?;
            let Some(data) = batch.get(column) else { continue };
            for row in (0..batch.rows).filter(|row| !data.is_null(*row)) {
                let Data::List(offsets, _, items) = data else {
                    fill.filled += 1;
                    fill.values += 1;
                    fill.count(data.text(), row);
                    continue;
                };
                let range = range(offsets, row);
                fill.filled += u64::from(!range.is_empty());
                fill.values += range.len() as u64;
                let names = match &**items {
                    Data::Group(fields, ..) => fields.first().and_then(|field| field.data.text()),
                    items => items.text(),
                };
                range.for_each(|item| fill.count(names, item));
            }
        }
        Ok(fill)
    }
}

impl<'a> Fill<'a> {
    fn count(&mut self, text: Option<&'a Text>, row: usize) {
        if let Some(value) = text.and_then(|text| text.get(row)) {
            *self.counts.entry(value).or_default() += 1;
        }
    }
}
