//! How much a text states, and what an answer stands on.

use crate::license::recognise::claim::Warnings;

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
    /// A statement about rights that names no licence.
    Statement,
    /// Several licences joined by "or".
    Choice,
    /// Several licences, or words that contradict the licence.
    Conflict,
    /// A licence is named, but words beside it are not understood, deny it, doubt it, or place it in another time.
    Unclear,
    /// A licence for a part of the item only.
    Partial,
    /// Nothing about rights that is understood.
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
            Status::Unclear => "unclear",
            Status::Partial => "partial",
            Status::None => "none",
        }
    }
}

/// Why words beside a licence keep it from being exact.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Reason {
    /// Words without a known role stand beside it.
    Unread,
    /// Words deny it.
    Negated,
    /// It held in the past, or will hold in the future.
    NotNow,
    /// Words doubt it, or give it as an example.
    Doubt,
    /// It is for a part of the item.
    Partial,
}

impl Reason {
    /// The stable code of the reason.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Reason::Unread => "unread-words",
            Reason::Negated => "negated",
            Reason::NotNow => "not-now",
            Reason::Doubt => "doubt",
            Reason::Partial => "partial",
        }
    }

    pub(crate) fn warning(self) -> Warnings {
        match self {
            Reason::Unread => Warnings::UNREAD,
            Reason::Negated => Warnings::NEGATED,
            Reason::NotNow => Warnings::NOT_NOW,
            Reason::Doubt => Warnings::DOUBT,
            Reason::Partial => Warnings::PART_ONLY,
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
