//! Tables: batches of one format, and what can be asked of them. The only module that knows
//! Arrow's outer form.

mod arrow;
pub mod ffi;
mod flat;
mod foreign;
mod import;
mod keep;
mod licenses;
mod long;
mod private;
mod record;
mod summary;
mod texts;
mod view;

pub use licenses::{Coded, Question, rights_in};
pub use record::{Header, Record, Value};
pub use texts::TextColumn;
pub use view::{Lang, Multi, View, join, split};

use crate::columns::rows::runs;
use crate::columns::{Column, Columns, Data};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::format::bag::Bag;
use crate::format::document::Documents;
use crate::format::{DOCUMENTS, HEADER, RECORDS, Vocabulary};
use crate::oai::page::Page;
use crate::oai::{FORMATS, IDENTIFY, SETS};
use crate::report::{Repair, Report};
use crate::scan::Part;
use std::ops::Range;
use std::sync::Arc;

/// Rows from which on, and bytes of text before which, chosen rows go on in another batch: offsets are
/// 32 bits wide.
const ROWS: usize = 4096;
const BYTES: usize = 1 << 26;

/// Rows of one format. Cheap to clone: batches are shared.
#[derive(Debug, Clone)]
pub struct Table {
    /// The name of the format.
    pub format: String,
    batches: Vec<Arc<Columns>>,
    /// No rows, but the columns.
    empty: Arc<Columns>,
    /// What reading it did.
    pub report: Arc<Report>,
    /// The pages it came from.
    pub pages: Arc<Vec<Page>>,
    /// If its rows are about all records together, such as a summary: the same about the public ones, and the
    /// number of the others; `None` if there are none.
    public: Option<Arc<(Self, u64)>>,
}

/// The formats with a fixed set of columns.
pub fn vocabularies() -> impl Iterator<Item = &'static Vocabulary> {
    RECORDS.iter().chain(&DOCUMENTS).copied().chain([&IDENTIFY, &SETS, &FORMATS])
}

/// The columns of a format, without rows.
fn blank(vocabulary: &'static Vocabulary) -> Columns {
    match Documents::new(vocabulary) {
        Some(mut documents) => documents.freeze(),
        None => Bag::new(Some(vocabulary)).freeze().1,
    }
}

impl Table {
    /// A table of batches that share their columns.
    fn new(format: &str, empty: Columns, mut batches: Vec<Columns>) -> Self {
        private::number_long(format, &empty, &mut batches);
        let batches = batches.into_iter().filter(|batch| batch.rows > 0).map(Arc::new).collect();
        Self {
            format: format.to_owned(),
            batches,
            empty: Arc::new(empty),
            report: Arc::default(),
            pages: Arc::default(),
            public: None,
        }
    }

    /// A table of batches of a format, with the columns of `empty`.
    #[must_use]
    pub fn of(format: &str, empty: Columns, batches: Vec<Columns>) -> Self {
        Self::new(format, empty, batches)
    }

    /// The table without a column.
    #[must_use]
    pub fn without(&self, name: &str) -> Self {
        let drop = |columns: &Columns| {
            let left = columns.columns.iter().filter(|column| column.name != name).cloned().collect();
            Columns::new(columns.rows, left).made_of(columns.private_rows().as_ref(), 0..columns.rows)
        };
        let mut table =
            Self::new(&self.format, drop(&self.empty), self.batches.iter().map(|batch| drop(batch)).collect());
        table.report = Arc::clone(&self.report);
        table.pages = Arc::clone(&self.pages);
        table.public = self.public_form(|public| Ok(public.without(name))).unwrap_or_default();
        table
    }

    /// The table with each batch changed; a change keeps the rows.
    pub fn map(&self, mut change: impl FnMut(&Columns) -> Columns, cancel: &Cancel) -> Result<Self> {
        let empty = change(&self.empty);
        let mut batches = Vec::with_capacity(self.batches.len());
        for batch in &self.batches {
            go_on(cancel)?;
            batches.push(change(batch));
        }
        let mut table = Self::new(&self.format, empty, batches);
        table.report = Arc::clone(&self.report);
        table.pages = Arc::clone(&self.pages);
        Ok(table)
    }

    /// The same table under the name of another format.
    #[must_use]
    pub fn named(&self, format: &str) -> Self {
        Self { format: format.to_owned(), ..self.clone() }
    }

    /// The same table with further repairs in its report.
    #[must_use]
    pub fn with_repairs(&self, repairs: Vec<Repair>) -> Self {
        let mut report = (*self.report).clone();
        report.repairs.extend(repairs);
        Self { report: Arc::new(report), ..self.clone() }
    }

    /// The columns of a format, without rows, if it is one with a fixed set.
    #[must_use]
    pub fn shape(format: &str) -> Option<Columns> {
        vocabularies().find(|known| known.name == format).map(blank)
    }

    /// A table of what was read. Headers without metadata join any other format; two formats of
    /// metadata don't mix.
    pub fn from_part(part: Part, wanted: Option<&'static Vocabulary>) -> Result<Self> {
        let mut formats: Vec<&'static Vocabulary> = Vec::new();
        for (vocabulary, _) in &part.batches {
            if !formats.iter().any(|known| known.name == vocabulary.name) {
                formats.push(vocabulary);
            }
        }
        if formats.len() > 1 {
            formats.retain(|vocabulary| vocabulary.name != HEADER.name);
        }
        if let [first, second, ..] = formats[..] {
            return Err(mixed(first, second, &part.pages));
        }
        let asked = part.pages.iter().find_map(|page| Vocabulary::named(page.format));
        let vocabulary = formats.first().copied().or(wanted).or(asked).unwrap_or(&HEADER);
        let empty = blank(vocabulary);
        let batches = part
            .batches
            .into_iter()
            .map(|(own, columns)| if own.name == vocabulary.name { columns } else { widen(columns, &empty) })
            .collect();
        let mut table = Self::new(vocabulary.name, empty, batches);
        table.report = Arc::new(part.report);
        table.pages = Arc::new(part.pages);
        Ok(table)
    }

    /// Number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.batches.iter().map(|batch| batch.rows).sum()
    }

    /// Whether there is no row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.batches.is_empty()
    }

    /// The columns, in order.
    #[must_use]
    pub fn columns(&self) -> Vec<&str> {
        self.empty.columns.iter().map(|column| &*column.name).collect()
    }

    /// The batches.
    #[must_use]
    pub fn batches(&self) -> &[Arc<Columns>] {
        &self.batches
    }

    /// The vocabulary of its format, if it has one.
    #[must_use]
    pub fn vocabulary(&self) -> Option<&'static Vocabulary> {
        vocabularies().find(|vocabulary| vocabulary.name == self.format)
    }

    /// Batch and row in it of row `row`.
    #[must_use]
    pub fn locate(&self, mut row: usize) -> Option<(&Columns, usize)> {
        for batch in &self.batches {
            if row < batch.rows {
                return Some((batch, row));
            }
            row -= batch.rows;
        }
        None
    }

    /// The columns, without rows.
    #[must_use]
    pub fn head(&self) -> &Columns {
        &self.empty
    }

    fn with(&self, batches: Vec<Columns>) -> Self {
        let mut table = Self::new(&self.format, (*self.empty).clone(), batches);
        table.report = Arc::clone(&self.report);
        table.pages = Arc::clone(&self.pages);
        table
    }

    /// The rows `offset..offset + length`, as far as they exist; shares the buffers.
    #[must_use]
    pub fn slice(&self, offset: usize, length: usize) -> Self {
        let mut start = 0;
        let mut batches = Vec::new();
        for batch in &self.batches {
            let from = offset.saturating_sub(start).min(batch.rows);
            let to = (offset + length).saturating_sub(start).min(batch.rows);
            if from < to {
                batches.push(batch.slice(from, to - from));
            }
            start += batch.rows;
        }
        let mut table = self.with(batches);
        table.public = self.public_form(|public| Ok(public.slice(offset, length))).unwrap_or_default();
        table
    }

    /// The rows named, in that order.
    pub fn take(&self, rows: &[usize]) -> Result<Self> {
        let starts: Vec<usize> = self
            .batches
            .iter()
            .scan(0, |start, batch| {
                let own = *start;
                *start += batch.rows;
                Some(own)
            })
            .collect();
        let total = self.len();
        if let Some(row) = rows.iter().find(|row| **row >= total) {
            return Err(Error::new(Kind::Value, format!("row {row} of a table with {total} rows")));
        }
        let mut parts: Vec<(&Columns, Range<usize>)> = Vec::new();
        for mut run in runs(rows) {
            while !run.is_empty() {
                let batch = starts.partition_point(|start| *start <= run.start) - 1;
                let (start, own) = (starts[batch], &*self.batches[batch]);
                let end = run.end.min(start + own.rows);
                parts.push((own, run.start - start..end - start));
                run.start = end;
            }
        }
        let mut table = self.with(gathered(&parts).map(|runs| self.empty.gather(runs)).collect());
        table.public = self.public_form(|public| public.take(rows))?;
        Ok(table)
    }

    /// The rows in batches of much the same size, each made when its turn comes: small batches together,
    /// large ones in parts.
    pub fn evenly(&self) -> impl Iterator<Item = Columns> {
        let mut parts: Vec<(&Columns, Range<usize>)> = Vec::new();
        for batch in &self.batches {
            let size = if batch.rows < 2 * ROWS { batch.rows } else { ROWS };
            parts.extend((0..batch.rows).step_by(size).map(|start| (&**batch, start..batch.rows.min(start + size))));
        }
        let groups: Vec<Vec<(&Columns, Range<usize>)>> = gathered(&parts).map(<[_]>::to_vec).collect();
        groups.into_iter().map(|runs| match &runs[..] {
            [(batch, rows)] => batch.slice(rows.start, rows.len()),
            _ => self.empty.gather(&runs),
        })
    }

    /// Tables one after the other. Their formats must agree.
    pub fn concat(tables: &[Self]) -> Result<Self> {
        let formats = |table: &&Self| table.format != HEADER.name;
        let Some(first) = tables.iter().find(formats).or(tables.first()) else {
            return Err(Error::new(Kind::Value, "nothing to join").hint("give at least one table"));
        };
        let mut report = Report::default();
        let mut pages = Vec::new();
        let mut batches = Vec::new();
        for table in tables {
            report.absorb((*table.report).clone());
            pages.extend(table.pages.iter().cloned());
            if table.format == first.format && table.columns() == first.columns() {
                if let Some(column) = arrow::unlike(&first.empty, &table.empty) {
                    let message = format!("tables don't join where the column {column:?} holds different things");
                    return Err(Error::new(Kind::Value, message).hint("make it of one type in both, such as text"));
                }
                batches.extend(table.batches.iter().cloned());
            } else if table.format == HEADER.name && first.vocabulary().is_some_and(|vocabulary| vocabulary.head) {
                batches.extend(table.batches.iter().map(|batch| Arc::new(widen((**batch).clone(), &first.empty))));
            } else {
                let message = format!("a table of {} and one of {} don't join", first.format, table.format);
                return Err(Error::new(Kind::Value, message).hint("join tables of one format"));
            }
        }
        let mut table = first.with(Vec::new());
        table.batches = batches;
        table.report = Arc::new(report);
        table.pages = Arc::new(pages);
        table.public = private::joined(tables)?;
        Ok(table)
    }

    /// The values of a column, batch by batch.
    pub fn column(&self, name: &str) -> Result<Vec<&Data>> {
        if self.empty.get(name).is_none() {
            let message = format!("no column {name:?}; the columns are {}", self.columns().join(", "));
            return Err(Error::new(Kind::Value, message));
        }
        Ok(self.batches.iter().filter_map(|batch| batch.get(name)).collect())
    }
}

/// Runs of rows, those together that make a batch: many small ones would cost whoever reads them more
/// than their rows.
fn gathered<'p, 'a>(
    parts: &'p [(&'a Columns, Range<usize>)],
) -> impl Iterator<Item = &'p [(&'a Columns, Range<usize>)]> {
    let mut rest = parts;
    std::iter::from_fn(move || {
        let (mut count, mut bytes) = (0, 0);
        let fits = |(batch, rows): &&(&Columns, Range<usize>)| {
            let own = batch.bytes(rows);
            let fits = count == 0 || count < ROWS && bytes + own <= BYTES;
            (count, bytes) = (count + rows.len(), bytes + own);
            fits
        };
        let (runs, other) = rest.split_at(rest.iter().take_while(fits).count());
        rest = other;
        (!runs.is_empty()).then_some(runs)
    })
}

/// A batch with the columns of `shape`; those it lacks are empty.
fn widen(mut columns: Columns, shape: &Columns) -> Columns {
    let rows = columns.rows;
    let widened = shape.columns.iter().map(|column| {
        let own = columns.columns.iter_mut().find(|own| own.name == column.name);
        let data = own.map_or_else(|| column.data.blank(rows), |own| own.data.clone());
        Column { name: column.name.clone(), data }
    });
    Columns { rows, columns: widened.collect(), private: columns.private }
}

fn mixed(first: &Vocabulary, second: &Vocabulary, pages: &[Page]) -> Error {
    let example = |vocabulary: &Vocabulary| {
        let page = pages.iter().find(|page| page.format == vocabulary.name);
        page.map_or(vocabulary.name.to_owned(), |page| format!("{} ({})", vocabulary.name, page.source))
    };
    let message = format!("two formats don't fit one table: {} and {}", example(first), example(second));
    Error::new(Kind::Value, message).hint("read them apart, or as XML text with format=\"xml\"")
}
