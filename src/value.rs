//! Typed values: what a text means, where that can be said.

pub mod date;
