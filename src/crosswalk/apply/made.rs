//! What the functions of a move make of a text, once for each distinct text.

use super::super::compile::Move;
use super::super::function::{Made, Refused, Step, says_nothing};
use super::super::outcome::Outcome;
use super::Custom;
use crate::columns::leaf::{Clock, Scalar, fits};
use crate::error::Result;
use crate::value::Class;
use std::collections::HashMap;

/// What came of a text.
#[derive(Debug)]
pub enum Entry {
    /// Nothing, and why.
    Refused(Outcome, String),
    /// Texts for the ends of the move.
    Made(Parts),
}

/// Texts for the ends of a move.
#[derive(Debug)]
pub struct Parts {
    /// The end, the text, and whether the value itself is in it.
    pub texts: Vec<(usize, String, bool)>,
    /// Whether they are items of one list.
    pub many: bool,
    /// What became of the value.
    pub outcome: Outcome,
}

/// The memory of one move.
pub struct Memo<'a> {
    made: &'a Move,
    clock: Clock,
    known: HashMap<String, u32>,
    entries: Vec<Entry>,
    custom: HashMap<String, Option<String>>,
}

impl<'a> Memo<'a> {
    pub fn new(made: &'a Move, clock: Clock) -> Self {
        Self { made, clock, known: HashMap::new(), entries: Vec::new(), custom: HashMap::new() }
    }

    /// Asks the function of the caller, if the move has one, about all distinct texts at once.
    pub fn ask<'t>(&mut self, custom: &mut Custom, texts: impl Iterator<Item = &'t str>) -> Result<()> {
        let Some(Step::Custom(number, _)) = self.made.steps.first() else { return Ok(()) };
        let mut distinct: Vec<&str> = texts.collect();
        distinct.sort_unstable();
        distinct.dedup();
        let answers = custom(*number, self.made.reversed, &distinct)?;
        self.custom = distinct.iter().map(|text| (*text).to_owned()).zip(answers).collect();
        Ok(())
    }

    pub fn entry(&self, number: u32) -> &Entry {
        &self.entries[number as usize]
    }

    /// The entry of a text.
    pub fn of(&mut self, text: &str) -> u32 {
        if let Some(known) = self.known.get(text) {
            return *known;
        }
        let entry = self.make(&Made::One(text.to_owned()), text);
        self.remember(text.to_owned(), entry)
    }

    /// The entry of a text that is no value.
    pub fn of_owned(&mut self, text: &str) -> u32 {
        self.of(text)
    }

    /// The entry of several texts, each with the end it comes from.
    pub fn of_group(&mut self, texts: &[(usize, &str)]) -> u32 {
        use std::fmt::Write;
        let mut key = String::new();
        for (end, text) in texts {
            // Writing to a String can't fail.
            let _ = write!(key, "\u{1e}{end}\u{1f}{text}");
        }
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let made = if self.made.gathers {
            Made::Many(texts.iter().map(|(_, text)| (*text).to_owned()).collect())
        } else {
            let name = |end: usize| self.made.from[end].part.as_deref().and_then(|part| self.part(part));
            let parts = texts.iter().filter_map(|(end, text)| Some((name(*end)?, (*text).to_owned())));
            Made::Fields(parts.collect())
        };
        let whole = if let [(_, text)] = texts { *text } else { "\u{1e}" };
        let entry = self.make(&made, whole);
        self.remember(key, entry)
    }

    fn remember(&mut self, key: String, entry: Entry) -> u32 {
        let number = self.entries.len() as u32;
        self.entries.push(entry);
        self.known.insert(key, number);
        number
    }

    /// The name of a part as its function writes it.
    fn part(&self, name: &str) -> Option<&'static str> {
        let examples = self.made.steps.iter().filter_map(Step::example);
        let fields = examples.filter_map(|made| if let Made::Fields(fields) = made { Some(fields) } else { None });
        let own = fields.flatten().map(|(name, _)| name).find(|known| *known == name);
        // Parts that the example lacks, such as an altitude, are leaked once a name: there are few.
        own.or_else(|| Some(super::super::function::part_name(name)))
    }

    /// Runs the functions. `whole` is the text a result is compared with.
    fn make(&self, from: &Made, whole: &str) -> Entry {
        let run = |made: Made| -> std::result::Result<Made, Refused> {
            if self.made.reversed {
                self.made.steps.iter().rev().try_fold(made, |made, step| step.backward(&made))
            } else {
                self.made.steps.iter().try_fold(made, |made, step| step.forward(&made))
            }
        };
        let made = match self.made.steps.first() {
            Some(Step::Custom(..)) => match self.custom.get(whole).cloned().flatten() {
                Some(text) => Ok(Made::One(text)),
                None => Err(("unknown", "the function gave nothing".into())),
            },
            _ => run(from.clone()),
        };
        let made = match made {
            Ok(made) => made,
            Err(refused) => {
                let outcome = if says_nothing(&refused) { Outcome::Dropped } else { Outcome::Rejected };
                return Entry::Refused(outcome, refused.1.into_owned());
            }
        };
        let mut texts = match self.spread(&made) {
            Ok(texts) => texts,
            Err(reason) => return Entry::Refused(Outcome::Rejected, reason),
        };
        if texts.is_empty() {
            return Entry::Refused(Outcome::Dropped, "says nothing".to_owned());
        }
        let identical = texts.iter().any(|(_, text, _)| text == whole);
        let many = matches!(made, Made::Many(_));
        if identical && !many {
            for (_, text, essential) in &mut texts {
                *essential = text == whole;
            }
        }
        let outcome = if identical && (!many || texts.len() == 1) {
            Outcome::Mapped
        } else if !self.returns(from, &made) {
            // What a function besides says is no loss; what has no way back is.
            if self.made.steps.iter().any(|step| matches!(step.class(), Class::Lens)) {
                Outcome::Narrowed
            } else {
                Outcome::Canonicalised
            }
        } else if texts.len() > 1 {
            Outcome::Split
        } else {
            Outcome::Transformed
        };
        Entry::Made(Parts { texts, many, outcome })
    }

    /// The texts for the ends, each as its leaf writes it.
    fn spread(&self, made: &Made) -> std::result::Result<Vec<(usize, String, bool)>, String> {
        let fit = |end: usize, text: &str| {
            let scalar = self.made.to[end].scalar.unwrap_or(Scalar::Text);
            let fitted = fits(scalar, text, self.clock);
            fitted.map(|text| (end, text, true)).ok_or_else(|| format!("not {}", kind(scalar)))
        };
        match made {
            Made::One(text) => Ok(vec![fit(0, text)?]),
            Made::Many(texts) => texts.iter().map(|text| fit(0, text)).collect(),
            Made::Fields(fields) => {
                let end = |name: &str| self.made.to.iter().position(|end| end.part.as_deref() == Some(name));
                fields.iter().filter_map(|(name, text)| end(name).map(|end| fit(end, text))).collect()
            }
        }
    }

    /// Whether the other direction gives back what went in.
    fn returns(&self, from: &Made, made: &Made) -> bool {
        let steps = &self.made.steps;
        if steps.iter().any(|step| !step.returns() || matches!(step, Step::Custom(..))) {
            return steps.is_empty();
        }
        let back = if self.made.reversed {
            steps.iter().try_fold(made.clone(), |made, step| step.forward(&made))
        } else {
            steps.iter().rev().try_fold(made.clone(), |made, step| step.backward(&made))
        };
        match (back, from) {
            (Ok(Made::Fields(back)), Made::Fields(from)) => from.iter().all(|part| back.contains(part)),
            (Ok(back), from) => back == *from,
            (Err(_), _) => false,
        }
    }
}

fn kind(scalar: Scalar) -> &'static str {
    match scalar {
        Scalar::Text | Scalar::Tagged => "text",
        Scalar::Flag => "true or false",
        Scalar::Integer => "a whole number",
        Scalar::Number => "a number",
        Scalar::Instant => "a moment",
    }
}
