//! Paths: how a rule names a value.
//!
//! `title`, `serviceAccessPoints[].accessUri`, `title[0]`, `identifiers[scheme=local].value`,
//! `medium@format`, `subject@lang`. A name of a list alone means all its items.

use crate::columns::leaf::Scalar;

/// A path as written in a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path {
    steps: Vec<Step>,
    attribute: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Step {
    name: String,
    pick: Pick,
}

/// Which items of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// It is no list, or nothing is said.
    Whole,
    /// All.
    All,
    /// The one of this number; of texts with a language, 0 is the one in the preferred language.
    At(u32),
    /// Those whose member of this name has this value.
    Where(String, String),
    /// Those that have a member of this name. A value that is written joins such an item, and never
    /// makes one of its own.
    With(String),
    /// Those in the preferred language, else those without a language, else those in the language of
    /// the first; all, where they are written.
    Preferred,
}

/// The leaves of a format, as rules can name them.
#[derive(Debug, Clone)]
pub struct Paths(Vec<(String, Scalar)>);

/// A path found in a format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Port {
    /// The path of the leaf; for a group, the common start of its leaves.
    pub leaf: String,
    /// What each `[]` of it picks.
    pub picks: Vec<Pick>,
    /// What stands there.
    pub found: Found,
    /// The leaf whose attribute it is, where it is one in a column of its own.
    of: Option<String>,
}

/// What a path names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Values.
    Values(Scalar),
    /// The languages of values.
    Langs,
    /// Groups, with the names of their members.
    Groups(Vec<(String, Scalar)>),
}

impl Path {
    /// Reads a path; tells what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (text, attribute) = match text.split_once('@') {
            Some((text, attribute)) if !text.contains("[@") && !attribute.is_empty() => {
                (text, Some(attribute.to_owned()))
            }
            _ => (text, None),
        };
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            let name = &rest[..end];
            if name.is_empty() {
                return Err(format!("a name is missing in {text:?}"));
            }
            rest = &rest[end..];
            let mut pick = Pick::Whole;
            if let Some(inner) = rest.strip_prefix('[') {
                let Some((chosen, after)) = inner.split_once(']') else {
                    return Err(format!("\"]\" is missing in {text:?}"));
                };
                pick = match (chosen, chosen.split_once('=')) {
                    ("", _) => Pick::All,
                    (_, Some((key, value))) => Pick::Where(key.to_owned(), value.to_owned()),
                    ("preferred", None) => Pick::Preferred,
                    _ if chosen.starts_with(|first: char| first.is_ascii_alphabetic()) => Pick::With(chosen.to_owned()),
                    _ => Pick::At(
                        chosen.parse().map_err(|_| format!("[{chosen}] is not a number, a member or key=value"))?,
                    ),
                };
                rest = after;
            }
            steps.push(Step { name: name.to_owned(), pick });
            match rest.strip_prefix('.') {
                Some(after) => rest = after,
                None if rest.is_empty() => return Ok(Self { steps, attribute }),
                None => return Err(format!("{rest:?} is left over in {text:?}")),
            }
        }
    }
}

impl Paths {
    /// The leaves of a format.
    #[must_use]
    pub fn new(leaves: Vec<(String, Scalar)>) -> Self {
        Self(leaves)
    }

    /// More leaves.
    pub fn extend(&mut self, leaves: Vec<(String, Scalar)>) {
        self.0.extend(leaves);
    }

    /// The leaf paths, in order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(path, _)| path.as_str())
    }

    /// What stands at a leaf path.
    #[must_use]
    pub fn scalar(&self, leaf: &str) -> Option<Scalar> {
        self.0.iter().find(|(path, _)| path == leaf).map(|(_, scalar)| *scalar)
    }

    /// Whether some leaf stands at or below `path`.
    fn has(&self, path: &str) -> bool {
        self.iter()
            .any(|leaf| leaf.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])))
    }

    /// Finds what a path names; tells what is not there.
    pub fn find(&self, path: &Path) -> Result<Port, String> {
        let mut leaf = String::new();
        let mut picks = Vec::new();
        let mut of = None;
        for (at, step) in path.steps.iter().enumerate() {
            if at > 0 {
                leaf.push('.');
            }
            leaf.push_str(&step.name);
            if let (Some(attribute), true) = (&path.attribute, at + 1 == path.steps.len())
                && attribute != "lang"
            {
                of = Some(format!("{leaf}[]"));
                leaf.push('_');
                leaf.push_str(attribute);
            }
            if !self.has(&leaf) {
                return Err(format!("there is no {leaf:?}"));
            }
            let list = self.has(&format!("{leaf}[]"));
            match (&step.pick, list) {
                (Pick::Whole, false) => {}
                (_, false) => return Err(format!("{leaf:?} is no list")),
                (pick, true) => {
                    leaf.push_str("[]");
                    picks.push(if *pick == Pick::Whole { Pick::All } else { pick.clone() });
                    if let Pick::Where(key, _) | Pick::With(key) = pick
                        && self.scalar(&format!("{leaf}.{key}")).is_none()
                    {
                        return Err(format!("{leaf:?} has no {key:?}"));
                    }
                }
            }
        }
        let lang = path.attribute.as_deref() == Some("lang");
        let found = match self.scalar(&leaf) {
            Some(Scalar::Tagged) if lang => Found::Langs,
            _ if lang => return Err(format!("{leaf:?} has no language")),
            Some(scalar) => Found::Values(scalar),
            None => Found::Groups(self.members(&leaf)),
        };
        Ok(Port { leaf, picks, found, of })
    }

    /// The members of a group that are values themselves.
    fn members(&self, group: &str) -> Vec<(String, Scalar)> {
        let member = |(path, scalar): &(String, Scalar)| {
            let name = path.strip_prefix(group)?.strip_prefix('.')?;
            (!name.contains(['.', '['])).then(|| (name.to_owned(), *scalar))
        };
        self.0.iter().filter_map(member).collect()
    }
}

impl Port {
    /// The leaf of the list that a value stands in, up to its first `[]` that is not picked by
    /// number; a value outside lists is a list of its own.
    #[must_use]
    pub fn list(&self) -> &str {
        if let Some(of) = &self.of {
            return of;
        }
        let mut end = 0;
        for pick in &self.picks {
            end += self.leaf[end..].find("[]").map_or(0, |at| at + 2);
            if !matches!(pick, Pick::At(_)) {
                return &self.leaf[..end];
            }
        }
        &self.leaf
    }

    /// The port of a member of the group it names.
    #[must_use]
    pub fn member(&self, name: &str, scalar: Scalar) -> Self {
        let leaf = format!("{}.{name}", self.leaf);
        Self { leaf, picks: self.picks.clone(), found: Found::Values(scalar), of: None }
    }

    /// The levels whose number is free.
    #[must_use]
    pub fn free(&self) -> Vec<usize> {
        (0..self.picks.len()).filter(|level| !matches!(self.picks[*level], Pick::At(_))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Found, Path, Paths, Pick};
    use crate::columns::leaf::Scalar;

    fn paths() -> Paths {
        let leaves = [("title[]", Scalar::Tagged), ("ids[].value", Scalar::Text), ("ids[].scheme", Scalar::Text)];
        Paths::new(leaves.iter().map(|(path, scalar)| ((*path).to_owned(), *scalar)).collect())
    }

    fn find(text: &str) -> Result<super::Port, String> {
        paths().find(&Path::parse(text)?)
    }

    #[test]
    fn a_path_names_values_languages_and_groups() {
        assert_eq!(find("title").unwrap().leaf, "title[]");
        assert_eq!(find("title[0]").unwrap().picks, [Pick::At(0)]);
        assert_eq!(find("title@lang").unwrap().found, Found::Langs);
        let local = find("ids[scheme=local].value").unwrap();
        assert_eq!((local.leaf.as_str(), local.list()), ("ids[].value", "ids[]"));
        assert!(matches!(find("ids[]").unwrap().found, Found::Groups(members) if members.len() == 2));
    }

    #[test]
    fn what_is_not_there_is_said() {
        for (path, said) in [("titel", "titel"), ("ids[kind=x].value", "kind"), ("title[", "missing"), ("", "missing")]
        {
            assert!(find(path).unwrap_err().contains(said), "{path}");
        }
    }
}
