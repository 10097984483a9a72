//! The functions of a rule: those of `value`, and the few that are about rules.

mod names;
mod own;
mod record;
mod rights;
mod texts;
mod when;

use super::rule::TABLES;
use super::sssom::Sheet;
use crate::value::{self, Class, Function, Guard, Rejected, Value, Why};
use std::borrow::Cow;
use std::sync::Arc;

pub use record::{RecordCondition, split as split_condition};
pub use when::When;

/// The functions a rule can name.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    value::functions().chain(own::FUNCTIONS).chain(rights::FUNCTIONS).chain(names::FUNCTIONS).chain(texts::FUNCTIONS)
}

/// The questions a rule can ask.
pub fn guards() -> impl Iterator<Item = &'static Guard> {
    value::guards().chain(own::GUARDS).chain(rights::GUARDS)
}

/// What a function gives, by its own example.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// One text.
    One,
    /// Several.
    Many,
    /// These parts, and maybe others.
    Parts(Vec<&'static str>),
}

/// What the functions of a rule give.
#[derive(Debug, Clone, PartialEq)]
pub enum Output<'a> {
    /// One value.
    Value(Value<'a>),
    /// Parts of each of several things that one text names: a group of a list each.
    Groups(Vec<Value<'a>>),
}

/// Why there is no value: the kind of reason, and the reason in words.
pub type Refused = (&'static str, Cow<'static, str>);

/// One function of a pipeline.
#[derive(Debug, Clone)]
pub enum Step {
    /// A function of `value`.
    Call(&'static Function, Vec<String>, Shape),
    /// Several texts to one: `split` read the other way.
    Join(String),
    /// A value table.
    Enum(Arc<Table>),
    /// A function of the caller, by number; whether it has a way back.
    Custom(usize, bool),
}

/// A value table: SSSOM between literals.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Text in the format, text in the hub, whether the row is also written.
    rows: Vec<(String, String, bool)>,
}

impl Table {
    fn named(name: &str) -> Option<Self> {
        let (_, text) = TABLES.iter().find(|(known, _)| *known == name)?;
        let sheet = Sheet::read(name, text).ok()?;
        let row = |cells: &Vec<String>| {
            let cell = |header: &str| sheet.cell(cells, header).to_owned();
            (cell("subject_label"), cell("object_label"), cell("predicate_id") == "skos:exactMatch")
        };
        Some(Self { name: name.to_owned(), rows: sheet.rows.iter().map(|(_, cells)| row(cells)).collect() })
    }
}

/// Reads `split(;) then text.trim`; tells what is wrong with it. `custom` are the caller's names.
pub fn pipeline(text: &str, custom: &[(String, bool)]) -> Result<Vec<Step>, String> {
    text.split(" then ").map(str::trim).filter(|part| !part.is_empty()).map(|part| step(part, custom)).collect()
}

fn step(part: &str, custom: &[(String, bool)]) -> Result<Step, String> {
    let (name, arguments) = match part.split_once('(') {
        Some((name, rest)) => {
            let inner = rest.strip_suffix(')').ok_or_else(|| format!("\")\" is missing in {part:?}"))?;
            // A comma between arguments; a lone comma is the argument itself.
            let arguments = if inner == "," { vec![inner] } else { inner.split(',').collect() };
            (name, arguments.iter().map(|argument| (*argument).to_owned()).collect())
        }
        None => (part, Vec::new()),
    };
    if let Some(at) = custom.iter().position(|(known, _)| known == name) {
        return Ok(Step::Custom(at, custom[at].1));
    }
    match (name, &arguments[..]) {
        ("join", [separator]) => return Ok(Step::Join(separator.clone())),
        ("enum", [table]) => {
            return Table::named(table).map(|table| Step::Enum(Arc::new(table))).ok_or(format!("no table {table:?}"));
        }
        _ => {}
    }
    let Some(function) = functions().find(|function| function.name == name) else {
        let known = functions().map(|function| function.name).chain(["join", "enum", "drop", "each"]);
        let near = known.min_by_key(|known| distance(known, name)).unwrap_or_default();
        return Err(format!("no function {name:?}; the nearest is {near}"));
    };
    if !function.takes(arguments.len()) {
        let wanted = function.arguments.join(", ");
        return Err(format!("{name} takes ({wanted}), not {} arguments", arguments.len()));
    }
    let shape = shape(function, &arguments);
    Ok(Step::Call(function, arguments, shape))
}

/// What a function makes of its own example.
fn shape(function: &Function, arguments: &[String]) -> Shape {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let arguments = if arguments.is_empty() { function.example.1 } else { &arguments };
    match (function.forward)(function.example.0, arguments) {
        Ok(Value::Many(_)) => Shape::Many,
        Ok(Value::Fields(fields)) => Shape::Parts(fields.iter().map(|(name, _)| *name).collect()),
        _ => Shape::One,
    }
}

/// How many letters differ.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.bytes().enumerate() {
        let mut before = row[0];
        row[0] = i + 1;
        for (j, b) in other.bytes().enumerate() {
            let cost = before + usize::from(a != b);
            before = row[j + 1];
            row[j + 1] = cost.min(row[j] + 1).min(before + 1);
        }
    }
    row[other.len()]
}

impl Step {
    /// How its directions belong together.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Call(function, ..) => function.class,
            Self::Join(_) => Class::Iso,
            Self::Enum(_) | Self::Custom(_, true) => Class::Canonical,
            Self::Custom(_, false) => Class::OneWay,
        }
    }

    /// Whether it has a way back.
    #[must_use]
    pub fn returns(&self) -> bool {
        match self {
            Self::Call(function, ..) => function.backward.is_some(),
            Self::Join(_) | Self::Enum(_) => true,
            Self::Custom(_, inverse) => *inverse,
        }
    }

    /// Whether it makes less of a text than the text has.
    #[must_use]
    pub fn narrows(&self, text: &str) -> bool {
        matches!(self, Self::Call(function, ..) if value::narrows(function, text))
    }

    /// What it gives.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        match self {
            Self::Call(_, _, shape) => shape,
            Self::Join(_) | Self::Enum(_) | Self::Custom(..) => &Shape::One,
        }
    }

    /// From the format to the hub.
    pub fn forward<'a>(&self, value: &'a Value<'_>) -> Result<Value<'a>, Refused> {
        match (self, value) {
            (Self::Join(separator), _) => returned(split(), value, &[separator]),
            (_, Value::Many(texts)) => each(texts, |text| self.forward_text(text)),
            (_, Value::One(text)) => self.forward_text(text),
            _ => Err(("unknown", Cow::Borrowed("a function after one that gives parts"))),
        }
    }

    fn forward_text<'a>(&self, text: &'a str) -> Result<Value<'a>, Refused> {
        match self {
            Self::Call(function, arguments, _) => {
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                (function.forward)(text, &arguments).map_err(refused)
            }
            Self::Enum(table) => {
                let row = table.rows.iter().find(|(own, ..)| own == text);
                match row {
                    Some((_, hub, _)) if hub.is_empty() => Err(("placeholder", Cow::Borrowed("says nothing"))),
                    Some((_, hub, _)) => Ok(Value::one(hub.clone())),
                    None => Err(("unknown", Cow::Owned(format!("not in the table {}", table.name)))),
                }
            }
            Self::Join(_) | Self::Custom(..) => Ok(Value::one(text)),
        }
    }

    /// From the hub to the format.
    pub fn backward<'a>(&self, value: &'a Value<'_>) -> Result<Value<'a>, Refused> {
        match (self, value) {
            // A text of one group, which the functions after this one made.
            (Self::Call(_, _, Shape::Many), Value::One(_)) => Ok(value.borrowed()),
            (Self::Call(function, arguments, shape), _) => {
                let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
                match value {
                    Value::Many(texts) if *shape != Shape::Many => {
                        each(texts, |text| returned(function, &Value::one(text), &arguments).map(Value::into_owned))
                    }
                    _ => returned(function, value, &arguments),
                }
            }
            (Self::Join(separator), Value::One(text)) => (split().forward)(text, &[separator]).map_err(refused),
            (Self::Enum(table), Value::One(text)) => {
                let row = table.rows.iter().find(|(_, hub, written)| hub == text && *written);
                match row {
                    Some((own, ..)) => Ok(Value::one(own.clone())),
                    None => Err(("unknown", Cow::Owned(format!("not in the table {}", table.name)))),
                }
            }
            _ => Ok(value.borrowed()),
        }
    }
}

/// The functions of a rule, one after the other; `reversed`, each backward and the last first.
pub fn run<'a>(steps: &[Step], reversed: bool, value: &'a Value<'_>) -> Result<Output<'a>, Refused> {
    match steps {
        [] => Ok(Output::Value(value.borrowed())),
        // Most rules have one function: what it leaves as it is is not copied.
        [step] if reversed => step.backward(value).map(Output::Value),
        [step] => step.forward(value).map(Output::Value),
        _ if reversed => {
            let mut steps = steps.iter().rev();
            let first = steps.next().map_or_else(|| Ok(value.borrowed()), |step| step.backward(value))?;
            steps
                .try_fold(first.into_owned(), |value, step| step.backward(&value).map(Value::into_owned))
                .map(Output::Value)
        }
        [rest @ .., last] => {
            let first = |step: &Step, value: &Value<'_>| step.forward(value).map(Value::into_owned);
            let (start, between) = rest.split_first().map_or((None, rest), |(start, between)| (Some(start), between));
            let made = start.map_or_else(|| Ok(value.clone().into_owned()), |step| first(step, value))?;
            let made = between.iter().try_fold(made, |value, step| first(step, &value))?;
            match (&made, last.shape()) {
                (Value::Many(texts), Shape::Parts(_)) => groups(last, texts),
                _ => first(last, &made).map(Output::Value),
            }
        }
    }
}

/// The parts of each of several texts; one that says nothing is left out.
fn groups(step: &Step, texts: &[Cow<'_, str>]) -> Result<Output<'static>, Refused> {
    let (mut groups, mut nothing) = (Vec::new(), None);
    for text in texts {
        match step.forward_text(text) {
            Ok(parts) => groups.push(parts.into_owned()),
            Err(refused) if says_nothing(&refused) => nothing = Some(refused),
            Err(refused) => return Err(refused),
        }
    }
    match (groups.len(), nothing) {
        (0, Some(refused)) => Err(refused),
        (0, None) => Err(("placeholder", Cow::Borrowed("says nothing"))),
        _ => Ok(Output::Groups(groups)),
    }
}

/// The function `split`.
fn split() -> &'static Function {
    functions().find(|function| function.name == "split").unwrap_or_else(|| unreachable!())
}

fn each<'a>(
    texts: &'a [Cow<'_, str>],
    call: impl Fn(&'a str) -> Result<Value<'a>, Refused>,
) -> Result<Value<'a>, Refused> {
    let mut made = Vec::new();
    for text in texts {
        match call(text)? {
            Value::One(text) => made.push(text),
            Value::Many(texts) => made.extend(texts),
            Value::Fields(_) => return Err(("unknown", Cow::Borrowed("parts of several texts"))),
        }
    }
    Ok(Value::Many(made))
}

fn returned<'a>(function: &Function, value: &'a Value<'_>, arguments: &[&str]) -> Result<Value<'a>, Refused> {
    let Some(backward) = function.backward else {
        return Err(("unknown", Cow::Borrowed("there is no way back")));
    };
    backward(value, arguments).map_err(refused)
}

fn refused(rejected: Rejected) -> Refused {
    (rejected.why.id(), Cow::Borrowed(rejected.reason))
}

/// Whether a refusal says that the value says nothing.
#[must_use]
pub fn says_nothing(refused: &Refused) -> bool {
    refused.0 == Why::Placeholder.id()
}

/// A part name that lives as long as the program; each name is kept once.
#[must_use]
pub fn part_name(name: &str) -> &'static str {
    use std::sync::Mutex;
    static NAMES: Mutex<Vec<&'static str>> = Mutex::new(Vec::new());
    let mut names = NAMES.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    if let Some(known) = names.iter().find(|known| **known == name) {
        return known;
    }
    let kept: &'static str = Box::leak(name.to_owned().into_boxed_str());
    names.push(kept);
    kept
}

#[cfg(test)]
mod tests {
    use super::{functions, guards};
    use crate::value::{Class, Value};

    #[test]
    fn every_function_keeps_the_law_of_its_class_on_its_example() {
        for function in functions() {
            let (text, arguments) = function.example;
            let made = (function.forward)(text, arguments);
            let made = made.unwrap_or_else(|refused| panic!("{}: {}", function.name, refused.reason));
            assert_eq!(function.backward.is_none(), function.class == Class::OneWay, "{}", function.name);
            let Some(backward) = function.backward.filter(|_| function.class != Class::Lens) else { continue };
            let back = backward(&made, arguments).map(Value::into_owned);
            let back = back.unwrap_or_else(|refused| panic!("{}: {}", function.name, refused.reason));
            let back = back.text().unwrap_or_else(|| panic!("{} gives back no text", function.name));
            let again = (function.forward)(back, arguments);
            assert_eq!(again.map(Value::into_owned), Ok(made.clone().into_owned()), "{}", function.name);
        }
    }

    #[test]
    fn every_name_is_given_once() {
        let mut names: Vec<&str> = functions().map(|own| own.name).chain(guards().map(|own| own.name)).collect();
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    /// Functions and guards that no shipped rule has: `source_code=`, `taxa_from=`, `unit_from=` and
    /// `places=` make rules with some, the others are read by name or for the rules of a user. None may be added.
    #[rustfmt::skip]
    const IN_NO_FILE: &[&str] = &[
        "id.at", "id.is_global", "name.is_organization", "taxon.is", "taxon.is_certain", "taxon.parts",
        "geo.pair", "id.uri", "name.agent", "name.parts", "role.marc", "taxon.canonical", "text.clean", "text.trim",
    ];

    #[test]
    fn every_function_and_guard_is_in_a_rule() {
        let mut cells: Vec<String> = Vec::new();
        for (name, text) in super::super::rule::FILES {
            let sheet = super::Sheet::read(name, text).unwrap();
            for (_, row) in &sheet.rows {
                cells.extend(["nx_fn", "nx_when"].map(|column| sheet.cell(row, column).to_owned()));
            }
        }
        let cells = cells.join(" ");
        let names: Vec<&str> =
            cells.split(|sign: char| !sign.is_alphanumeric() && !matches!(sign, '.' | '_')).collect();
        let shipped = functions().map(|function| function.name).chain(guards().map(|guard| guard.name));
        let absent: Vec<&str> = shipped.filter(|name| !names.contains(name)).collect();
        let missing: Vec<&&str> = absent.iter().filter(|name| !IN_NO_FILE.contains(name)).collect();
        assert!(missing.is_empty(), "in no rule: {missing:?}");
        let stale: Vec<&&str> = IN_NO_FILE.iter().filter(|name| !absent.contains(name)).collect();
        assert!(stale.is_empty(), "in a rule, or not there: {stale:?}");
    }
}
