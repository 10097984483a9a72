//! What may leave: the rows of public records.

use super::Table;
use crate::columns::private::next_number;
use crate::columns::{Columns, Data};
use crate::error::{Error, Kind, Result};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

impl Table {
    /// For each row the number of the private record it belongs to, 0 if the record is public; `None` if all are.
    #[must_use]
    pub fn private_rows(&self) -> Option<Vec<u64>> {
        let parts: Vec<_> = self.batches.iter().map(|batch| (batch.rows, batch.private_rows())).collect();
        parts.iter().any(|(_, numbers)| numbers.is_some()).then(|| {
            let numbers = |(rows, numbers): &(usize, Option<_>)| match numbers {
                Some(numbers) => Vec::from(numbers as &[u64]),
                None => vec![0; *rows],
            };
            parts.iter().flat_map(numbers).collect()
        })
    }

    /// The rows of public records, and how many records the others belong to.
    pub fn public_rows(&self) -> Result<(Self, u64)> {
        if let Some(public) = &self.public {
            return Ok((**public).clone());
        }
        let Some(numbers) = self.private_rows() else { return Ok((self.clone(), 0)) };
        let rows: Vec<usize> = (0..numbers.len()).filter(|row| numbers[*row] == 0).collect();
        let records: HashSet<u64> = numbers.into_iter().filter(|number| *number != 0).collect();
        Ok((self.take(&rows)?, records.len() as u64))
    }

    /// The table with the private rows of `other`, from which it was made elsewhere: row `n` of row `rows[n]`.
    pub fn made_of(&self, other: &Self, rows: &[usize]) -> Result<Self> {
        if rows.len() != self.len() || rows.iter().any(|row| *row >= other.len()) {
            let message = format!("{} rows were not made of these {} of {}", self.len(), rows.len(), other.len());
            return Err(Error::new(Kind::Value, message));
        }
        let Some(numbers) = other.private_rows() else { return Ok(self.clone()) };
        let numbers = rows.iter().map(|row| numbers[*row]).collect::<Vec<u64>>().into();
        let mut start = 0;
        let mut table = self.clone();
        for batch in &mut table.batches {
            let rows = start..start + batch.rows;
            start = rows.end;
            *batch = Arc::new((**batch).clone().made_of(Some(&numbers), rows));
        }
        Ok(table)
    }

    /// What a change of the table makes of its public form.
    pub(super) fn public_form(&self, change: impl Fn(&Self) -> Result<Self>) -> Result<Option<Arc<(Self, u64)>>> {
        let change = |public: &Arc<(Self, u64)>| Ok(Arc::new((change(&public.0)?, public.1)));
        self.public.as_ref().map(change).transpose()
    }
}

/// Numbers the private records of a long form that comes from elsewhere. Its rows are values: the flag of a record is
/// one of them, perhaps in another batch than the others.
pub(super) fn number_long(format: &str, empty: &Columns, batches: &mut [Columns]) {
    let is_long = ["identifier", "element", "value"].iter().all(|name| empty.get(name).is_some());
    if !is_long || format == "long" || batches.iter().any(|batch| batch.private.is_some()) {
        return;
    }
    let mut numbers: HashMap<String, u64> = HashMap::new();
    for identifier in batches.iter().flat_map(Columns::denying_identifiers) {
        if !numbers.contains_key(identifier) {
            numbers.insert(identifier.to_owned(), next_number());
        }
    }
    if numbers.is_empty() {
        return;
    }
    for batch in batches {
        let identifiers = batch.get("identifier").and_then(Data::text);
        let number = |row: usize| identifiers?.get(row).and_then(|identifier| numbers.get(identifier)).copied();
        batch.private = Some((0..batch.rows).map(|row| number(row).unwrap_or_default()).collect::<Vec<u64>>().into());
    }
}

/// The public form of tables one after the other.
pub(super) fn joined(tables: &[Table]) -> Result<Option<Arc<(Table, u64)>>> {
    if tables.iter().all(|table| table.public.is_none()) {
        return Ok(None);
    }
    let forms = tables.iter().map(Table::public_rows).collect::<Result<Vec<_>>>()?;
    let count = forms.iter().map(|(_, count)| count).sum();
    let forms: Vec<Table> = forms.into_iter().map(|(table, _)| table).collect();
    Ok(Some(Arc::new((Table::concat(&forms)?, count))))
}
