//! Audiovisual Core (TDWG, formerly Audubon Core): flat rows, one a medium, of terms with their
//! prefix. A term is also read as its URI, or by its local name where that names only one.

use super::Vocabulary;
use crate::columns::shape::Shape;
use std::sync::LazyLock;

static PATHS: LazyLock<Shape> = LazyLock::new(|| Shape::of_table(include_str!("ac.tsv")));

/// Rows of Audiovisual Core.
pub static AC: Vocabulary = Vocabulary { name: "ac", head: false, fields: &[], tree: Some(&PATHS) };
