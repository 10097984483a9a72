//! How much a text states, and what an answer stands on.

/// How much of a licence a text states.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Status {
    /// One licence or statement that exists, fully stated.
    Exact,
    /// The unit is stated, its version is not.
    Unversioned,
    /// Names a tool that does not exist.
    Invalid,
    /// Says something about rights, but names no licence.
    Statement,
    /// Several licences joined by "or".
    Choice,
    /// Several licences, or words that contradict the licence.
    Conflict,
    /// Says nothing about rights that is understood.
    None,
}

impl Status {
    /// The name of the status.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Status::Exact => "exact",
            Status::Unversioned => "unversioned",
            Status::Invalid => "invalid",
            Status::Statement => "statement",
            Status::Choice => "choice",
            Status::Conflict => "conflict",
            Status::None => "none",
        }
    }
}

/// What an answer stands on.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
#[non_exhaustive]
pub enum Basis {
    /// Stated for the item.
    #[default]
    Stated,
    /// One value for a whole source.
    Constant,
    /// The version was supplied by the caller.
    Assumed,
    /// A person decided.
    Decided,
}

impl Basis {
    /// The name of the basis.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Basis::Stated => "stated",
            Basis::Constant => "constant",
            Basis::Assumed => "assumed",
            Basis::Decided => "decided",
        }
    }
}
