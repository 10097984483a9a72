//! Conditions on the record that a value stands in: `source == XC`, `identifier like oai:*`,
//! `has(access[].uri)`, `in(titles)`, `part_of(places)`.

use super::super::path::{Path, Paths, Pick};
use super::super::pattern::Pattern;
use crate::columns::leaf::Leaf;

/// A condition on the record of a value.
#[derive(Debug, Clone)]
pub struct RecordCondition {
    /// The leaf that is looked at.
    pub leaf: String,
    test: Test,
    negated: bool,
}

#[derive(Debug, Clone)]
enum Test {
    /// One of its values is this text.
    Is(String),
    /// One of its values is of this form.
    Like(Pattern),
    /// It has a value.
    Filled,
    /// One of its values is the value itself.
    Same,
    /// One of its values contains the value as a part.
    Part,
}

impl RecordCondition {
    /// Reads one condition; `None` if it is about the value and not about the record.
    fn parse(atom: &str, paths: &Paths) -> Option<Result<Self, String>> {
        let (negated, atom) = match atom.strip_prefix("not ") {
            Some(rest) => (true, rest.trim()),
            None => (false, atom),
        };
        let inside = |name: &str| atom.strip_prefix(name)?.strip_prefix('(')?.strip_suffix(')');
        let compared = [(" != ", true), (" == ", false)]
            .into_iter()
            .find_map(|(mark, differs)| atom.split_once(mark).map(|(path, text)| (path.trim(), text.trim(), differs)));
        let liked = atom.split_once(" like ").filter(|(path, _)| *path != "value");
        let (path, test, negated) = match compared.ok_or(liked) {
            Err(Some((path, form))) => (path.trim(), Test::Like(Pattern::new(form)), negated),
            Ok(("value" | "lang", ..)) => return None,
            Ok((path, text, differs)) => (path, Test::Is(text.to_owned()), negated != differs),
            Err(None) => {
                let tests = [("has", Test::Filled), ("in", Test::Same), ("part_of", Test::Part)];
                let (path, test) = tests.into_iter().find_map(|(name, test)| Some((inside(name)?, test)))?;
                (path, test, negated)
            }
        };
        let found = Path::parse(path).and_then(|path| paths.find(&path));
        Some(found.and_then(|port| {
            if port.picks.iter().any(|pick| !matches!(pick, Pick::All)) {
                return Err(format!("a condition looks at all items of {path:?}; leave the number out"));
            }
            Ok(Self { leaf: port.leaf, test, negated })
        }))
    }

    /// Whether it keeps out values that the record has already.
    #[must_use]
    pub fn keeps_out_repeats(&self) -> bool {
        self.negated && matches!(self.test, Test::Same | Test::Part)
    }

    /// Whether it holds for a value of a row; `leaf` is its leaf, if the batch has it.
    #[must_use]
    pub fn holds(&self, leaf: Option<&Leaf>, row: u32, text: &str) -> bool {
        let found = leaf.is_some_and(|leaf| {
            let first = leaf.rows.partition_point(|own| *own < row);
            let mut texts = (first..leaf.len()).take_while(|at| leaf.rows[*at] == row).map(|at| leaf.text(at));
            match &self.test {
                Test::Is(wanted) => texts.any(|own| own == wanted),
                Test::Like(form) => texts.any(|text| form.fits(text)),
                Test::Filled => texts.next().is_some(),
                Test::Same => texts.any(|own| own == text),
                Test::Part => texts.any(|own| is_part(text, own)),
            }
        });
        found != self.negated
    }
}

/// Takes the conditions on the record out of a cell; gives them and the rest.
pub fn split(cell: &str, paths: &Paths) -> Result<(Vec<RecordCondition>, String), String> {
    let (mut conditions, mut rest) = (Vec::new(), Vec::new());
    for atom in cell.split(" and ") {
        // Of several alternatives none may be on the record: the rest is asked of texts alone.
        let alternatives: Vec<&str> = atom.split(" or ").collect();
        let parsed = alternatives.iter().find_map(|atom| RecordCondition::parse(atom.trim(), paths));
        match parsed {
            Some(_) if alternatives.len() > 1 => {
                return Err("a condition on the record can't stand beside \"or\"".into());
            }
            Some(condition) => conditions.push(condition?),
            None => rest.push(atom),
        }
    }
    Ok((conditions, rest.join(" and ")))
}

/// Whether a text contains another as a part of its own: between its ends and marks.
fn is_part(part: &str, whole: &str) -> bool {
    let (part, whole) = (part.trim().to_lowercase(), whole.to_lowercase());
    !part.is_empty()
        && whole.match_indices(&part).any(|(at, found)| {
            let letter = |next: Option<char>| next.is_some_and(char::is_alphanumeric);
            !letter(whole[..at].chars().next_back()) && !letter(whole[at + found.len()..].chars().next())
        })
}
