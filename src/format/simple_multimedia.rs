//! Simple Multimedia (GBIF): flat rows of fifteen terms. A term is also read with its prefix or as
//! its URI.

use super::Vocabulary;
use crate::columns::shape::Shape;
use std::sync::LazyLock;

static PATHS: LazyLock<Shape> = LazyLock::new(|| Shape::of_table(include_str!("simple_multimedia.tsv")));

/// Rows of Simple Multimedia.
pub static SIMPLE_MULTIMEDIA: Vocabulary =
    Vocabulary { name: "simple_multimedia", head: false, fields: &[], tree: Some(&PATHS) };
