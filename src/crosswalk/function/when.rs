//! Conditions: on which values a rule works.

use super::super::pattern::Pattern;
use super::own::SECONDS;
use super::{distance, guards};
use crate::value::Guard;

/// On which values a rule works.
#[derive(Debug, Clone)]
pub enum When {
    /// All of these hold.
    All(Vec<When>),
    /// One of these holds.
    Any(Vec<When>),
    /// This does not hold.
    Not(Box<When>),
    /// A guard of `value`.
    Is(&'static Guard),
    /// The value is this text.
    Value(String),
    /// The value is of this form.
    Like(Pattern),
    /// The language is this one.
    Lang(String),
    /// Nothing else says it: a rule before this one wins.
    Otherwise,
    /// Where another rule has written the one value of the target, it is appended after this separator.
    Also(&'static str),
}

impl When {
    /// Reads `not url.is(value) and value != unknown`; tells what is wrong with it.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        if text.trim().is_empty() {
            return Ok(None);
        }
        let any = text.split(" or ").map(|part| {
            let all: Result<Vec<Self>, String> = part.split(" and ").map(|atom| Self::atom(atom.trim())).collect();
            all.map(|all| Self::several(all, Self::All))
        });
        let any: Result<Vec<Self>, String> = any.collect();
        any.map(|any| Some(Self::several(any, Self::Any)))
    }

    /// The condition itself where there is one only.
    fn several(mut parts: Vec<Self>, together: fn(Vec<Self>) -> Self) -> Self {
        if parts.len() == 1 { parts.remove(0) } else { together(parts) }
    }

    fn atom(atom: &str) -> Result<Self, String> {
        match atom {
            "otherwise" => return Ok(Self::Otherwise),
            "also" => return Ok(Self::Also("; ")),
            "also below" => return Ok(Self::Also("\n\n")),
            _ => {}
        }
        if let Some(rest) = atom.strip_prefix("not ") {
            return Ok(Self::Not(Box::new(Self::atom(rest.trim())?)));
        }
        if let Some(pattern) = atom.strip_prefix("value like ") {
            return Ok(Self::Like(Pattern::new(pattern)));
        }
        for (mark, negated) in [(" != ", true), (" == ", false)] {
            if let Some((left, right)) = atom.split_once(mark) {
                let test = match left.trim() {
                    "value" => Self::Value(right.trim().to_owned()),
                    "lang" => Self::Lang(right.trim().to_owned()),
                    other => return Err(format!("{other:?} can't be compared; value and lang can")),
                };
                return Ok(if negated { Self::Not(Box::new(test)) } else { test });
            }
        }
        let name = atom.strip_suffix("(value)").ok_or_else(|| format!("{atom:?} is no question"))?;
        let guard = guards().find(|guard| guard.name == name);
        guard.map(Self::Is).ok_or_else(|| {
            let near = guards().map(|guard| guard.name).min_by_key(|known| distance(known, name));
            format!("no question {name:?}; the nearest is {}", near.unwrap_or_default())
        })
    }

    /// Whether it compares texts and languages only: cheaper asked than remembered.
    #[must_use]
    pub fn is_plain(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => self.asks_lang() || parts.iter().all(Self::is_plain),
            Self::Not(part) => part.is_plain(),
            Self::Is(_) | Self::Like(_) => false,
            Self::Value(_) | Self::Lang(_) | Self::Otherwise | Self::Also(_) => true,
        }
    }

    /// Whether it is cheaper asked of each value than of each different text.
    #[must_use]
    pub fn is_cheap(&self) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().all(Self::is_cheap),
            Self::Not(part) => part.is_cheap(),
            Self::Is(guard) => guard.name == "url.is",
            Self::Like(_) => false,
            Self::Value(_) | Self::Lang(_) | Self::Otherwise | Self::Also(_) => true,
        }
    }

    /// Bytes of the longest text it can hold for, so that nobody looks at longer ones.
    #[must_use]
    pub fn longest(&self) -> usize {
        match self {
            Self::All(parts) => parts.iter().map(Self::longest).min().unwrap_or(usize::MAX),
            Self::Any(parts) => parts.iter().map(Self::longest).max().unwrap_or(usize::MAX),
            Self::Is(guard) if guard.name == SECONDS.0 => SECONDS.1,
            _ => usize::MAX,
        }
    }

    fn asks_lang(&self) -> bool {
        self.has(&|part| matches!(part, Self::Lang(_)))
    }

    /// Whether it holds only where no rule before it did.
    #[must_use]
    pub fn is_otherwise(&self) -> bool {
        self.has(&|part| matches!(part, Self::Otherwise))
    }

    /// The separator after which a value is appended to one that is written already.
    #[must_use]
    pub fn appends(&self) -> Option<&'static str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().find_map(Self::appends),
            Self::Also(separator) => Some(separator),
            _ => None,
        }
    }

    fn has(&self, part: &dyn Fn(&Self) -> bool) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|own| own.has(part)),
            Self::Not(own) => own.has(part),
            own => part(own),
        }
    }

    /// Whether it holds.
    #[must_use]
    pub fn holds(&self, text: &str, lang: Option<&str>) -> bool {
        self.holds_by(text, lang, &mut |guard| (guard.test)(text))
    }

    /// Whether it holds, by what `ask` says of guards.
    pub fn holds_by(&self, text: &str, lang: Option<&str>, ask: &mut dyn FnMut(&'static Guard) -> bool) -> bool {
        match self {
            Self::All(parts) => parts.iter().all(|part| part.holds_by(text, lang, ask)),
            Self::Any(parts) => parts.iter().any(|part| part.holds_by(text, lang, ask)),
            Self::Not(part) => !part.holds_by(text, lang, ask),
            Self::Is(guard) => ask(guard),
            Self::Value(wanted) => wanted == text.trim(),
            Self::Like(pattern) => pattern.fits(text),
            Self::Lang(wanted) => lang == Some(wanted.as_str()),
            Self::Otherwise | Self::Also(_) => true,
        }
    }
}
