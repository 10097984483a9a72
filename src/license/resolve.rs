//! From claims to one answer: tools that exist, conflicts, scope, several fields, decisions.

pub(in crate::license) mod binding;
pub(in crate::license) mod conflicts;
pub(in crate::license) mod decisions;
pub(in crate::license) mod fields;
pub(in crate::license) mod merge;
pub(in crate::license) mod reservations;
pub(in crate::license) mod suggestions;
pub(in crate::license) mod tool;
