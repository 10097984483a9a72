//! How an answer about a licence came about, so that it can be given again in another process.

use super::error;
use crate::error::{Error, Kind};
use crate::license::{self, Options, Version};
use pyo3::prelude::*;

/// Where an answer came from, so that it can be given again.
#[derive(Clone, Default)]
pub struct Recipe {
    /// The text.
    pub text: String,
    /// The version to take where none is stated.
    pub assume_version: Option<String>,
    /// Whether it is a statement for a whole source.
    pub constant: bool,
    /// What a person decided.
    pub decision: Option<String>,
    /// Number of the licence in the text, of the part in the answer, of its part …
    pub path: Vec<usize>,
    /// Whether the path begins at one of all licences of the text.
    pub all: bool,
}

impl Recipe {
    /// The answer again.
    pub fn read(&self, py: Python<'_>) -> PyResult<license::License> {
        let options = options(py, self.assume_version.as_deref(), self.constant)?;
        let mut path = self.path.iter();
        let mut found = if self.all {
            let number = path.next().copied().unwrap_or_default();
            license::parse_all(&self.text).into_iter().nth(number)
        } else {
            Some(license::parse_with(&self.text, options))
        };
        if let (Some(decision), Some(read)) = (&self.decision, found.take_if(|_| self.decision.is_some())) {
            found = Some(read.decide(license::parse(decision)));
        }
        for number in path {
            found = found.and_then(|whole| whole.parts().get(*number).cloned());
        }
        found.ok_or_else(|| error::raised(py, &Error::new(Kind::Value, "no such licence in the text")))
    }

    /// The recipe of a part of the answer.
    pub fn part(&self, number: usize) -> Self {
        let mut recipe = self.clone();
        recipe.path.push(number);
        recipe
    }
}

/// How a text is read.
pub fn options(py: Python<'_>, assume_version: Option<&str>, constant: bool) -> PyResult<Options> {
    let version = |text: &str| {
        Version::from_text(text).ok_or_else(|| {
            let message = format!("assume_version is {text:?}; Creative Commons has 1.0, 2.0, 2.1, 2.5, 3.0 and 4.0");
            error::raised(py, &Error::new(Kind::Value, message))
        })
    };
    Ok(Options { assume_version: assume_version.map(version).transpose()?, constant })
}
