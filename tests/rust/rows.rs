//! Choosing rows: each has what it had, whatever batch it comes from and whatever is absent there.

use arrow_buffer::{NullBuffer, OffsetBuffer, ScalarBuffer};
use naturalia::columns::build::Texts;
use naturalia::columns::{Column, Columns, Data, range};
use proptest::prelude::*;

/// A row: a text or none, a list of texts or none.
type Row = (Option<String>, Option<Vec<Option<String>>>);

fn text(values: impl Iterator<Item = Option<String>>) -> Data {
    let mut texts = Texts::default();
    values.for_each(|value| texts.push_option(value.as_deref()));
    Data::Text(texts.freeze())
}

/// Lists that can be left out.
fn lists(rows: &[Row]) -> Data {
    let count = |row: &Row| row.1.as_ref().map_or(0, Vec::len);
    let offsets = OffsetBuffer::<i32>::from_lengths(rows.iter().map(count));
    let there = NullBuffer::from(rows.iter().map(|row| row.1.is_some()).collect::<Vec<_>>());
    let items = text(rows.iter().flat_map(|row| row.1.iter().flatten().cloned()));
    Data::List(offsets, Some(there), Box::new(items))
}

fn batch(rows: &[Row]) -> Columns {
    let numbers: ScalarBuffer<i64> = (0..rows.len() as i64).collect();
    let columns = vec![
        Column::new("text", text(rows.iter().map(|row| row.0.clone()))),
        Column::new("list", lists(rows)),
        Column::new("number", Data::Integer(numbers, None)),
    ];
    Columns::new(rows.len(), columns)
}

fn rows(columns: &Columns) -> Vec<Row> {
    let owned = |text: Option<&str>| text.map(str::to_owned);
    let (texts, list) = (columns.get("text").unwrap().text().unwrap(), columns.get("list").unwrap());
    let (offsets, items) = list.texts().unwrap();
    let items = |row| range(offsets, row).map(|item| owned(items.get(item))).collect();
    let row = |row| (owned(texts.get(row)), (!list.is_null(row)).then(|| items(row)));
    (0..columns.rows).map(row).collect()
}

fn some_rows() -> impl Strategy<Value = Vec<Row>> {
    let word = prop::option::of("[aé]{0,2}");
    prop::collection::vec((word.clone(), prop::option::of(prop::collection::vec(word, 0..3))), 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn rows_taken_have_what_they_had(
        source in some_rows(),
        chosen in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let chosen: Vec<usize> = chosen.iter().filter(|_| !source.is_empty()).map(|at| at.index(source.len())).collect();
        let expected: Vec<Row> = chosen.iter().map(|row| source[*row].clone()).collect();
        prop_assert_eq!(rows(&batch(&source).take(&chosen)), expected);
    }

    #[test]
    fn runs_of_several_batches_follow_each_other(
        parts in prop::collection::vec((some_rows(), any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..5),
    ) {
        let batches: Vec<Columns> = parts.iter().map(|(rows, ..)| batch(rows)).collect();
        let mut runs = Vec::new();
        let mut expected = Vec::new();
        for ((source, one, other), batch) in parts.iter().zip(&batches) {
            let (one, other) = (one.index(source.len() + 1), other.index(source.len() + 1));
            let run = one.min(other)..one.max(other);
            expected.extend_from_slice(&source[run.clone()]);
            runs.push((batch, run));
        }
        prop_assert_eq!(rows(&batch(&[]).gather(&runs)), expected);
    }

    #[test]
    fn a_row_that_is_none_has_nothing(
        source in some_rows(),
        chosen in prop::collection::vec(prop::option::of(any::<prop::sample::Index>()), 0..8),
    ) {
        let known = |at: &Option<prop::sample::Index>| at.filter(|_| !source.is_empty()).map(|at| at.index(source.len()));
        let chosen: Vec<Option<usize>> = chosen.iter().map(known).collect();
        let list = lists(&source).take_some(&chosen);
        for (row, chosen) in chosen.iter().enumerate() {
            let there = chosen.is_some_and(|chosen| source[chosen].1.is_some());
            prop_assert!(there || list.texts().is_some_and(|(offsets, _)| range(offsets, row).is_empty()));
            prop_assert!(!there || !list.is_null(row));
        }
    }
}
