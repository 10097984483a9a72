//! What the functions of a move made of one text.

use super::super::outcome::Outcome;

/// What came of a text.
#[derive(Debug, Clone, Copy)]
pub enum Entry {
    /// Nothing, and why: the number of the reason.
    Refused(Outcome, u16),
    /// Texts for the ends of the move.
    Made(Parts),
}

/// Texts for the ends of a move.
#[derive(Debug, Clone, Copy)]
pub struct Parts {
    /// Where they start among those of the move, and how many there are.
    pub(super) first: u32,
    pub(super) count: u32,
    /// Whether they are items of one list.
    pub many: bool,
    /// What became of the value.
    pub outcome: Outcome,
    /// Whether the rule would read them back; for one that looks at the language it is asked each time.
    pub works: bool,
    /// The ends whose part of the value is not in them, a bit each.
    pub(super) lost: u32,
}

impl Parts {
    /// Whether the part of the value from an end is not in the texts.
    pub fn loses(self, end: u32) -> bool {
        self.lost.checked_shr(end).is_some_and(|lost| lost & 1 == 1)
    }
}

/// A text for an end.
#[derive(Debug, Clone, Copy)]
pub struct Part {
    /// The end.
    pub end: u16,
    /// Whether the value itself is in it.
    pub essential: bool,
    /// The number of the item it is of, where there are several.
    pub item: u32,
    /// The number of the text among those made for that end; nothing for the text of the value itself.
    pub text: Option<u32>,
}
