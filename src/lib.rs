//! Reads the metadata of museum and archive media into tables.
//!
//! A page (the bytes of one reply) goes through [`xml`] and [`oai`] into [`columns`], batch by
//! batch; [`scan`] feeds files and bytes in, [`table`] hands the columns out as Arrow, [`write`]
//! as text, and [`load`] takes such text back in. Modules import from the layers below them only; a test keeps them to it.
#![cfg_attr(test, allow(clippy::unwrap_used))]

// Layer 0: what everything speaks of, and licences, which need nothing else.
pub mod error;
pub mod license;
pub mod limits;
pub mod report;
pub mod terminal;

// Layer 1: the internal form, the wall around XML, typed values.
pub mod columns;
pub mod value;
pub mod xml;

// Layer 2: one vocabulary a format.
pub mod format;

// Layer 3: replies of OAI-PMH, and those whose records are documents; rules from one format to
// another.
pub mod crosswalk;
pub mod oai;
pub mod replies;

// Layer 4: files in, replies of services, the harvest file.
pub mod http;
pub mod scan;
pub mod store;

// Layer 5: services; tables.
pub mod source;
pub mod table;

// Layer 6: media files; harvests; what was written, back in; what the standards say of pages and tables.
pub mod fetch;
pub mod harvest;
pub mod load;
pub mod validate;

// Layer 7: text out.
pub mod write;

// Layer 8: Python.
#[cfg(feature = "python")]
mod py;
