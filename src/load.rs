//! What [`crate::write`] wrote, back as columns: rows of CSV and of workbooks, objects of JSON.

pub mod cells;
mod grow;
pub mod lines;
pub mod types;

use crate::error::{Error, Kind, Place};

/// Offsets are 32 bits wide: a batch must stay well below.
const BATCH: usize = 1 << 26;
/// Rows of a batch.
const ROWS: usize = 1 << 16;

/// A row that does not fit; rows and lines count from 1.
fn misfit(line: u64, message: impl Into<String>) -> Error {
    Error::new(Kind::Parse, message).at(Place { line: Some(line), ..Place::default() })
}
