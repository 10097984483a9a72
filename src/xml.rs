//! The wall around XML: bytes to clean text, text to elements, names to namespaces.
//!
//! Plain elements (a start tag, text, the matching end tag) are scanned as they stand; comments,
//! CDATA sections, declarations and attributes go through quick-xml, which no other module names.
//! No DTD is processed and nothing is ever fetched.

pub mod clean;
pub mod names;
pub mod read;
pub mod reference;
pub mod strict;
