//! What a function on values is: its two directions, its class, and what comes out.

use std::borrow::Cow;

/// What a function gives.
#[derive(Clone, PartialEq, Debug)]
pub enum Value<'a> {
    /// One text.
    One(Cow<'a, str>),
    /// Several texts, in order.
    Many(Vec<Cow<'a, str>>),
    /// Named parts of one thing: the name and role of a person, a latitude and a longitude.
    Fields(Vec<(&'static str, Cow<'a, str>)>),
}

impl<'a> Value<'a> {
    /// One text, borrowed or owned.
    pub fn one(text: impl Into<Cow<'a, str>>) -> Self {
        Value::One(text.into())
    }

    /// The same, sharing its texts.
    #[must_use]
    pub fn borrowed(&self) -> Value<'_> {
        match self {
            Value::One(text) => Value::One(Cow::Borrowed(text)),
            Value::Many(texts) => Value::Many(texts.iter().map(|text| Cow::Borrowed(&**text)).collect()),
            Value::Fields(fields) => {
                Value::Fields(fields.iter().map(|(name, text)| (*name, Cow::Borrowed(&**text))).collect())
            }
        }
    }

    /// The same with texts of its own.
    #[must_use]
    pub fn into_owned(self) -> Value<'static> {
        let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
        match self {
            Value::One(text) => Value::One(own(text)),
            Value::Many(texts) => Value::Many(texts.into_iter().map(own).collect()),
            Value::Fields(fields) => Value::Fields(fields.into_iter().map(|(name, text)| (name, own(text))).collect()),
        }
    }

    /// The text, where it is one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Value::One(text) => Some(text),
            Value::Many(_) | Value::Fields(_) => None,
        }
    }

    /// A part by its name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        match self {
            Value::Fields(fields) => fields.iter().find(|(known, _)| *known == name).map(|(_, text)| text.as_ref()),
            Value::One(_) | Value::Many(_) => None,
        }
    }
}

/// Why a function gave nothing.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Why {
    /// The text says that nothing is known: `onbekend`, `z.d.`, `PT0S`, a blank.
    Placeholder,
    /// It can mean several things, and nothing says which.
    Ambiguous,
    /// It has the form but can't be: the 30th of February, a latitude of 91°.
    Impossible,
    /// The function does not know it.
    Unknown,
}

impl Why {
    /// The name of the reason.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Why::Placeholder => "placeholder",
            Why::Ambiguous => "ambiguous",
            Why::Impossible => "impossible",
            Why::Unknown => "unknown",
        }
    }
}

/// A value that was not understood: it stays as it was, verbatim, and is never guessed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rejected {
    /// The kind of reason.
    pub why: Why,
    /// The reason in words, for a report: "a two-digit year".
    pub reason: &'static str,
}

impl Rejected {
    pub(crate) const fn new(why: Why, reason: &'static str) -> Self {
        Self { why, reason }
    }
}

/// A value, or why there is none.
pub type Outcome<'a> = Result<Value<'a>, Rejected>;

/// From a text of the format to a value of the hub. The arguments are those in the brackets of a
/// rule, `split(;)`.
pub type Forward = for<'a> fn(&'a str, &[&str]) -> Outcome<'a>;

/// From a value of the hub, in the shape that `forward` gives, to a text of the format.
pub type Backward = for<'a> fn(&'a Value<'_>, &[&str]) -> Outcome<'a>;

/// How the two directions of a function belong together. A value that either direction rejects is
/// outside the law.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// `b(f(x)) = x` and `f(b(y)) = y`.
    Iso,
    /// `f(b(f(x))) = f(x)`: the spelling is lost, the meaning is not.
    Canonical,
    /// As canonical for what the format can hold; the rest needs the old value: `b(f(x))` may say less.
    Lens,
    /// There is no way back.
    OneWay,
}

impl Class {
    /// The name of the class, as in the documentation.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Class::Iso => "iso",
            Class::Canonical => "canonical",
            Class::Lens => "lens",
            Class::OneWay => "one-way",
        }
    }
}

/// A function that a rule can name.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// `domain.verb`.
    pub name: &'static str,
    /// The arguments it takes; one that may be left out ends in `?`.
    pub arguments: &'static [&'static str],
    /// How the directions belong together.
    pub class: Class,
    /// Source to hub.
    pub forward: Forward,
    /// Hub to source.
    pub backward: Option<Backward>,
    /// What it does, in one line.
    pub doc: &'static str,
    /// A text and arguments that show it.
    pub example: (&'static str, &'static [&'static str]),
    /// The standard or service it follows.
    pub source: &'static str,
}

impl Function {
    /// Whether it can be called with so many arguments.
    #[must_use]
    pub fn takes(&self, count: usize) -> bool {
        let needed = self.arguments.iter().filter(|name| !name.ends_with('?')).count();
        (needed..=self.arguments.len()).contains(&count)
    }
}

/// The name of a function, and whether a text has parts that its result has no field for.
pub type Narrows = (&'static str, fn(&str) -> bool);

/// Texts that a function and its way back leave as they are.
#[derive(Clone, Copy, Debug)]
pub enum Stays {
    /// Those in one line.
    OneLine,
    /// Those that pass.
    If(fn(&str) -> bool),
}

/// A question that a rule can ask of a value: `url.is(value)`.
#[derive(Clone, Copy, Debug)]
pub struct Guard {
    /// `domain.is`, or `domain.is_kind`.
    pub name: &'static str,
    /// Total and without side effects.
    pub test: fn(&str) -> bool,
    /// What it asks, in one line.
    pub doc: &'static str,
}

/// The one text of a value.
pub(crate) fn text<'a>(value: &'a Value<'_>) -> Result<&'a str, Rejected> {
    value.text().ok_or(Rejected::new(Why::Unknown, "not one text"))
}

/// A value nobody knows.
pub(crate) fn unknown<T>(reason: &'static str) -> Result<T, Rejected> {
    Err(Rejected::new(Why::Unknown, reason))
}

/// A value that says that nothing is known.
pub(crate) fn placeholder<T>(reason: &'static str) -> Result<T, Rejected> {
    Err(Rejected::new(Why::Placeholder, reason))
}
