//! `media`, the format all sources meet in: one record a medium. Flat columns first, where a
//! person would look; then the nested ones they are computed from. `docs/media.md` documents it;
//! [`VERSION`] counts its changes.

use super::Vocabulary;
use crate::columns::shape::Shape;
use std::sync::LazyLock;

/// The version of the format: it grows when a column changes its name, type or meaning.
pub const VERSION: u32 = 1;

static PATHS: LazyLock<Shape> = LazyLock::new(|| Shape::of_table(include_str!("media.tsv")));

/// One record a medium.
pub static MEDIA: Vocabulary = Vocabulary { name: "media", head: false, fields: &[], tree: Some(&PATHS) };
