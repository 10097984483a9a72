//! Outcomes: what became of a value of the source.

/// What became of a value, from best to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// Identical.
    Mapped,
    /// Changed, and the rule changes it back.
    Transformed,
    /// One value to several.
    Split,
    /// Several values to one.
    Merged,
    /// Changed; the spelling is lost, the meaning is not.
    Canonicalised,
    /// Says less.
    Narrowed,
    /// Kept beside the record: the target has no place for it.
    Passthrough,
    /// Left out, because a rule says so.
    Dropped,
    /// Not understood: kept verbatim beside the record, never guessed.
    Rejected,
}

impl Outcome {
    /// All, from best to worst.
    pub const ALL: [Self; 9] = [
        Self::Mapped,
        Self::Transformed,
        Self::Split,
        Self::Merged,
        Self::Canonicalised,
        Self::Narrowed,
        Self::Passthrough,
        Self::Dropped,
        Self::Rejected,
    ];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mapped => "mapped",
            Self::Transformed => "transformed",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::Canonicalised => "canonicalised",
            Self::Narrowed => "narrowed",
            Self::Passthrough => "passthrough",
            Self::Dropped => "dropped",
            Self::Rejected => "rejected",
        }
    }
}

/// What one rule did with one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The number of the value.
    pub of: u32,
    /// The number of the move in its plan.
    pub made: u16,
    /// The number of the reason, plus one.
    pub reason: u16,
    /// What became of it.
    pub outcome: Outcome,
}

/// No value of the source: said by a rule besides.
pub const DERIVED: u32 = u32::MAX;
/// No value at all: a language, the constant member of a group.
pub const SILENT: u32 = u32::MAX - 1;

/// The numbers of the values of a leaf.
#[derive(Debug, Clone)]
pub enum Ids {
    /// From this number on.
    From(u32),
    /// These.
    Each(Vec<u32>),
    /// They are no values, but tell others apart; or nobody asks.
    None,
}

impl Default for Ids {
    fn default() -> Self {
        Self::Each(Vec::new())
    }
}

impl Ids {
    /// The number of value `at`.
    #[must_use]
    pub fn get(&self, at: usize) -> u32 {
        match self {
            Self::From(first) => first + at as u32,
            Self::Each(ids) => ids[at],
            Self::None => SILENT,
        }
    }

    /// Adds the number of the next value.
    #[inline]
    pub fn push(&mut self, id: u32) {
        match self {
            Self::Each(ids) => ids.push(id),
            Self::From(_) | Self::None => {}
        }
    }

    /// How many values are said besides.
    #[must_use]
    pub fn derived(&self) -> usize {
        if let Self::Each(ids) = self { ids.iter().filter(|id| **id == DERIVED).count() } else { 0 }
    }
}

/// Reasons, each once.
#[derive(Debug, Clone, Default)]
pub struct Reasons(Vec<String>);

impl Reasons {
    /// The number of a reason, plus one; 0 for none.
    pub fn number(&mut self, reason: &str) -> u16 {
        if reason.is_empty() {
            return 0;
        }
        let at = self.0.iter().position(|known| known == reason).unwrap_or_else(|| {
            self.0.push(reason.to_owned());
            self.0.len() - 1
        });
        u16::try_from(at + 1).unwrap_or(u16::MAX)
    }

    /// The reason of a number.
    #[must_use]
    pub fn get(&self, number: u16) -> &str {
        usize::from(number).checked_sub(1).and_then(|at| self.0.get(at)).map_or("", String::as_str)
    }
}
