//! The documents of the Netherlands Biodiversity API, version 2: one table of paths a document
//! type, with the type of each value and how the service indexes it.
//!
//! Names are those of the service, `altitudeUnifOfMeasurement` included. Dates stay text:
//! `2013-12-01T12:58:00+0000` has no colon in its offset, and the offset of a gathering date is
//! not proven. `accessURI`, which the documentation of the service has, is read as `accessUri`,
//! and so is the object keyed by variant of version 0.

use super::Vocabulary;
use crate::columns::shape::Shape;
use std::sync::LazyLock;

static MULTIMEDIA_PATHS: LazyLock<Shape> = LazyLock::new(|| Shape::of_table(include_str!("nba/multimedia.tsv")));
static SPECIMEN_PATHS: LazyLock<Shape> = LazyLock::new(|| Shape::of_table(include_str!("nba/specimen.tsv")));
static TAXON_PATHS: LazyLock<Shape> = LazyLock::new(|| Shape::of_table(include_str!("nba/taxon.tsv")));

/// Multimedia documents.
pub static MULTIMEDIA: Vocabulary = Vocabulary { name: "nba", head: false, fields: &[], tree: Some(&MULTIMEDIA_PATHS) };

/// Specimen documents.
pub static SPECIMEN: Vocabulary =
    Vocabulary { name: "nba_specimen", head: false, fields: &[], tree: Some(&SPECIMEN_PATHS) };

/// Taxon documents.
pub static TAXON: Vocabulary = Vocabulary { name: "nba_taxon", head: false, fields: &[], tree: Some(&TAXON_PATHS) };
