//! What of a document does not stand in its columns: members that are not in the format, and notes.

use super::{EXTRA, NOTES};
use crate::columns::build::GroupLists;
use crate::format::walk::{compact, unquoted};
use std::fmt::Write;

/// A step of a path.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// A member.
    Name(&'static str),
    /// An item of a list, by number.
    Item(usize),
}

/// What of a document does not stand in its columns.
#[derive(Debug)]
pub struct Rest {
    /// The path reading is at.
    pub path: Vec<Step>,
    /// Members that are not in the format.
    pub extra: GroupLists,
    /// What columns say otherwise than the document.
    pub notes: GroupLists,
    /// Paths of values no column could take.
    pub misfits: Vec<String>,
}

impl Rest {
    /// Nothing yet.
    pub fn new() -> Self {
        let (extra, notes) = (GroupLists::new(&EXTRA), GroupLists::new(&NOTES));
        Self { path: Vec::new(), extra, notes, misfits: Vec::new() }
    }

    /// Forgets what was told of the row in the making.
    pub fn forget(&mut self) {
        self.path.clear();
        self.misfits.clear();
        self.extra.keep_pending(0);
        self.notes.keep_pending(0);
    }

    /// The path, written out.
    pub fn written(&self) -> String {
        let mut path = String::new();
        for step in &self.path {
            match step {
                Step::Name(name) => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                Step::Item(item) => {
                    let _ = write!(path, "[{item}]");
                }
            }
        }
        path
    }

    /// Notes the value at the path, as JSON.
    pub fn note(&mut self, raw: &str) {
        let path = self.written();
        self.notes.push(&[Some(&path), None, Some(&compact(raw))]);
    }

    /// Notes the value at the path if its column tells it otherwise; nothing is a misfit.
    pub fn told(&mut self, raw: &str, told: Option<String>) {
        match told {
            Some(told) if told == raw => {}
            Some(_) => self.note(raw),
            None => self.misfit(raw),
        }
    }

    /// Notes a value its column can't take.
    pub fn misfit(&mut self, raw: &str) {
        self.note(raw);
        if raw != "null" {
            self.misfits.push(self.written());
        }
    }

    /// A member that is not in the format, or comes again.
    pub fn extra(&mut self, raw_key: &str, raw: &str) {
        let mut path = self.written();
        match unquoted(raw_key) {
            Some(key) if plain(&key) => {
                if !path.is_empty() {
                    path.push('.');
                }
                path.push_str(&key);
            }
            _ => {
                let _ = write!(path, "[{raw_key}]");
            }
        }
        self.extra.push(&[Some(&path), Some(&compact(raw))]);
    }
}

/// Whether a key can stand in a path as it is.
fn plain(key: &str) -> bool {
    !key.is_empty() && !key.contains(['.', '[', ']', '"', '\\']) && !key.chars().any(char::is_control)
}
