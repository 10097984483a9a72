//! Crosswalks: rules between a format and the hub, read in both directions, with an account of
//! every value.

pub mod apply;
pub mod compile;
pub mod function;
pub mod outcome;
pub mod path;
pub mod rule;
pub mod sssom;
