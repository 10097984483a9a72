//! Records of the data portal of the Natural History Museum, London: specimens, index lots,
//! artefacts, preparations, with their `associatedMedia`.
//!
//! All values are text, as the portal has them. Where it gives one value as text and several as a
//! list, the column is a list.

use super::Vocabulary;
use crate::columns::shape::Shape;
use std::sync::LazyLock;

static PATHS: LazyLock<Shape> = LazyLock::new(|| Shape::of_table(include_str!("nhm/records.tsv")));

/// Records of the collection resources.
pub static RECORDS: Vocabulary = Vocabulary { name: "nhm", head: false, fields: &[], tree: Some(&PATHS) };
