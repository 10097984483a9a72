//! What the other direction of a rule gives back of a value.

use super::super::compile::Move;
use super::super::function::{Output, Step, run};
use crate::value::Value;
use std::borrow::Cow;

/// What the other direction gives, if there is one.
pub fn back(made: &Move, output: &Output) -> Option<Value<'static>> {
    let steps = &made.steps;
    if steps.is_empty() || steps.iter().any(|step| !step.returns() || matches!(step, Step::Custom(..))) {
        return None;
    }
    let one = |value: &Value<'_>| match run(steps, !made.reversed, value) {
        Ok(Output::Value(back)) => Some(back.into_owned()),
        Ok(Output::Groups(_)) | Err(_) => None,
    };
    match output {
        Output::Value(value) => one(value),
        Output::Groups(groups) => {
            let texts = groups.iter().map(|group| one(group)?.text().map(|text| Cow::Owned(text.to_owned())));
            texts.collect::<Option<Vec<_>>>().map(Value::Many)
        }
    }
}

/// The ends whose part the other direction does not give back at all, a bit each.
pub fn lost(made: &Move, from: &Value, back: Option<&Value>) -> u32 {
    let (Value::Fields(parts), Some(back)) = (from, back) else { return 0 };
    let gone = parts.iter().filter(|(name, _)| back.field(name).is_none());
    let ends = gone.filter_map(|(name, _)| made.from.iter().position(|end| end.part.as_deref() == Some(*name)));
    ends.filter(|end| *end < 32).fold(0, |lost, end| lost | 1 << end)
}

/// Whether the other direction gives back what went in, but for the parts that are `lost`.
pub fn returns(made: &Move, from: &Value, output: &Output, back: Option<&Value>, lost: u32) -> bool {
    if made.steps.is_empty() {
        return true;
    }
    match (back, from, output) {
        (Some(Value::Many(texts)), Value::One(whole), Output::Groups(_)) => is_list_of(whole, texts),
        (Some(back @ Value::Fields(_)), Value::Fields(from), _) => {
            let kept = from.iter().filter(|(name, _)| back.field(name).is_some() || lost == 0);
            kept.into_iter().all(|(name, text)| back.field(name) == Some(text))
        }
        (Some(back), from, _) => back == from,
        (None, ..) => false,
    }
}

/// Whether a text is these texts in order, with nothing but separators between them.
fn is_list_of(whole: &str, texts: &[Cow<'_, str>]) -> bool {
    let mut rest = whole;
    for text in texts {
        let Some((before, after)) = rest.split_once(&**text) else { return false };
        if !before.chars().all(|letter| letter.is_whitespace() || matches!(letter, ';' | '/' | ',' | '&')) {
            return false;
        }
        rest = after;
    }
    rest.chars().all(|letter| letter.is_whitespace() || matches!(letter, ';' | '/'))
}

/// Whether a text of parts such as `east=4.9; north=52.4; name=Amsterdam` comes back with fewer of them.
pub fn has_fewer_parts(from: &Value, back: &Value) -> bool {
    let names = |value: &Value| -> Option<Vec<String>> {
        let parts = value.text()?.split(';').map(str::trim).filter(|part| !part.is_empty());
        parts.map(|part| part.split_once('=').map(|(name, _)| name.trim().to_lowercase())).collect()
    };
    match (names(from), names(back)) {
        (Some(from), Some(back)) => from.iter().any(|name| !back.contains(name)),
        _ => false,
    }
}
