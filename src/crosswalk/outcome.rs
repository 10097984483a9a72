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
    /// Replaced by the licence that a person decided on.
    Decided,
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
    pub const ALL: [Self; 10] = [
        Self::Mapped,
        Self::Transformed,
        Self::Split,
        Self::Merged,
        Self::Canonicalised,
        Self::Decided,
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
            Self::Decided => "decided",
            Self::Narrowed => "narrowed",
            Self::Passthrough => "passthrough",
            Self::Dropped => "dropped",
            Self::Rejected => "rejected",
        }
    }
}

/// What one rule did with values that follow each other, a claim a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim {
    /// The number of the first claim.
    pub first: u32,
    /// The number of the first value.
    pub of: u32,
    /// How many.
    pub count: u32,
    /// The number of the move in its plan.
    pub made: u16,
    /// The number of the reason, plus one.
    pub reason: u16,
    /// What became of them.
    pub outcome: Outcome,
}

/// What rules did with values, numbered as it comes.
#[derive(Debug, Default)]
pub struct Claims {
    /// By number; what follows each other and fares alike is one.
    pub all: Vec<Claim>,
    /// How many values they are of; a value counts as often as it is claimed.
    pub count: u32,
    changes: Vec<Change>,
}

/// What became of a claim later: worse, or what a reason says.
#[derive(Debug, Clone, Copy)]
struct Change {
    claim: u32,
    outcome: Outcome,
    reason: Option<u16>,
}

impl Claims {
    /// Claims values that follow each other; gives the number of the first claim.
    pub fn add(&mut self, of: u32, count: u32, made: u16, (outcome, reason): (Outcome, u16)) -> u32 {
        let first = self.count;
        self.count += count;
        if let Some(last) = self.all.last_mut()
            && (last.of + last.count, last.made, last.reason, last.outcome) == (of, made, reason, outcome)
        {
            last.count += count;
        } else if count > 0 {
            self.all.push(Claim { first, of, count, made, reason, outcome });
        }
        first
    }

    /// A claim turns out to be this at least.
    pub fn worsen(&mut self, claim: u32, outcome: Outcome) {
        self.changes.push(Change { claim, outcome, reason: None });
    }

    /// A claim turns out to be this.
    pub fn change(&mut self, claim: u32, outcome: Outcome, reason: u16) {
        self.changes.push(Change { claim, outcome, reason: Some(reason) });
    }

    /// Writes what changed into the claims.
    pub fn settle(&mut self) {
        if self.changes.is_empty() {
            return;
        }
        let mut changes = std::mem::take(&mut self.changes);
        changes.sort_by_key(|change| change.claim);
        let mut changes = changes.into_iter().peekable();
        let room = Vec::with_capacity(self.all.len() + 2 * changes.len());
        let old = std::mem::replace(&mut self.all, room);
        self.count = 0;
        for mut own in old {
            let end = own.first + own.count;
            while let Some(change) = changes.next_if(|change| change.claim < end) {
                let before = change.claim - own.first;
                self.add(own.of, before, own.made, (own.outcome, own.reason));
                let (mut outcome, mut reason) = (own.outcome, own.reason);
                let mut next = Some(change);
                while let Some(change) = next {
                    (outcome, reason) = match change.reason {
                        Some(said) => (change.outcome, said),
                        None => (outcome.max(change.outcome), reason),
                    };
                    next = changes.next_if(|other| other.claim == change.claim);
                }
                self.add(own.of + before, 1, own.made, (outcome, reason));
                own = Claim { first: change.claim + 1, of: own.of + before + 1, count: end - change.claim - 1, ..own };
            }
            self.add(own.of, own.count, own.made, (own.outcome, own.reason));
        }
    }
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
