//! Outcomes, with what a rule declares lost.

use super::super::compile::Move;
use super::super::outcome::{Outcome, Reasons};

/// What a move says of outcomes.
pub struct Judge {
    /// The reason that the rule declares.
    loss: Option<u16>,
    /// The reason of a language that gets lost.
    lang: u16,
    /// Whether a language gets lost.
    pub tells_lang: bool,
}

impl Judge {
    /// What a move declares.
    pub fn new(made: &Move, reasons: &mut Reasons) -> Self {
        Self {
            loss: made.loss.as_deref().map(|loss| reasons.number(loss)),
            lang: reasons.number("language"),
            tells_lang: !made.keeps_lang,
        }
    }

    /// The outcome with what the rule declares lost.
    pub fn of(&self, outcome: Outcome, lang_lost: bool) -> (Outcome, u16) {
        match self.loss {
            Some(loss) if outcome <= Outcome::Narrowed => (Outcome::Narrowed, loss),
            _ if lang_lost && outcome <= Outcome::Narrowed => (Outcome::Narrowed, self.lang),
            _ => (outcome, 0),
        }
    }
}
