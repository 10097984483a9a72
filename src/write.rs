//! Tables as text: CSV, JSON lines, XML.

pub mod cells;
mod json;
pub mod lines;
pub mod xml;

pub use json::{Layout, Writer};

use crate::error::{Error, Kind};

fn failed(error: &dyn std::error::Error) -> Error {
    Error::new(Kind::Value, format!("writing failed: {error}"))
}
