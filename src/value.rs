//! Typed values: what a text means, where that can be said.
//!
//! One file a kind. Each kind has functions that the rules of a crosswalk name: pure, total, from a
//! text of a format to a value of the hub and back. What a function does not know it rejects, with
//! a reason; it never guesses.

mod agent;
pub mod date;
mod duration;
mod file;
mod function;
pub mod http_date;
mod identifier;
mod kind;
mod language;
mod media;
mod place;
mod rights;
mod taxon;
mod text;

pub use function::{Backward, Class, Forward, Function, Guard, Outcome, Rejected, Stays, Value, Why};
pub use kind::TYPES as DCMI_TYPES;

/// Every function, by kind.
const FUNCTIONS: &[&[Function]] = &[
    text::FUNCTIONS,
    date::FUNCTIONS,
    duration::FUNCTIONS,
    language::FUNCTIONS,
    agent::FUNCTIONS,
    kind::FUNCTIONS,
    media::FUNCTIONS,
    place::FUNCTIONS,
    identifier::FUNCTIONS,
    file::FUNCTIONS,
    taxon::FUNCTIONS,
    rights::FUNCTIONS,
];

/// Every guard, by kind.
const GUARDS: &[&[Guard]] = &[
    date::GUARDS,
    duration::GUARDS,
    agent::GUARDS,
    kind::GUARDS,
    media::GUARDS,
    place::GUARDS,
    identifier::GUARDS,
    file::GUARDS,
    taxon::GUARDS,
];

/// The functions a rule can name, in the order of the documentation.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.iter().copied().flatten()
}

/// The guards a rule can name.
pub fn guards() -> impl Iterator<Item = &'static Guard> {
    GUARDS.iter().copied().flatten()
}

/// A function by its name.
#[must_use]
pub fn function(name: &str) -> Option<&'static Function> {
    functions().find(|function| function.name == name)
}

/// Whether a function and its way back leave a text as it is, where that is found out sooner than
/// worked out. It then is the function's only or first part.
#[must_use]
pub fn stays(function: &Function) -> Option<Stays> {
    text::STAYS.iter().find(|(name, _)| *name == function.name).map(|(_, stays)| *stays)
}

/// Whether a function without arguments takes a text, and one of its parts is that text, where that is
/// found out sooner than worked out.
#[must_use]
pub fn takes(function: &Function) -> Option<Stays> {
    date::TAKES.iter().find(|(name, _)| *name == function.name).map(|(_, takes)| *takes)
}

/// Whether a function makes less of a text than the text has, though its way back reads the same.
#[must_use]
pub fn narrows(function: &Function, text: &str) -> bool {
    let mut known = [date::NARROWS, place::NARROWS].into_iter().flatten();
    known.any(|(name, narrows)| *name == function.name && narrows(text))
}

/// A guard by its name.
#[must_use]
pub fn guard(name: &str) -> Option<&'static Guard> {
    guards().find(|guard| guard.name == name)
}
