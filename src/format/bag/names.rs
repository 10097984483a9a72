//! What the names of a payload stand for: looked up once, remembered while the prefixes stay.

use super::{Bag, element};
use crate::format::{Field, Vocabulary};
use crate::report::Fault;
use crate::xml::names::{Ns, Resolved, Scope, local, prefix};

/// Slots of the memory of names.
const SLOTS: usize = 64;

/// What a name stands for in the payload being read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    /// The column, or none for `extra`.
    pub(super) field: Option<u8>,
    /// What is wrong with the name.
    pub(super) fault: Option<Fault>,
}

impl Bag {
    /// Forgets what names stand for, because another payload element declares other prefixes.
    pub fn forget_names(&mut self) {
        self.names.clear();
    }

    pub(super) fn target(&mut self, vocabulary: &Vocabulary, scope: &Scope, name: &str) -> Target {
        if self.names.is_empty() {
            self.names.resize_with(SLOTS, || (String::new(), Target { field: None, fault: None }));
        }
        let bytes = name.as_bytes();
        let middle = usize::from(bytes[bytes.len() / 2]);
        let last = usize::from(bytes[bytes.len() - 1]);
        let slot = &mut self.names[(bytes.len() * 7 + middle * 3 + last) % SLOTS];
        if slot.0 != name {
            *slot = (name.to_owned(), target(vocabulary, scope, name));
        }
        slot.1
    }
}

pub(super) fn resolved(scope: &Scope, name: &str) -> (Ns, Option<Fault>) {
    match scope.resolve(prefix(name)) {
        Resolved::Bound(ns) => (ns, None),
        Resolved::Misspelt(ns) => (ns, Some(Fault::Namespace)),
        Resolved::Guessed(ns) => (ns, Some(Fault::Prefix)),
    }
}

/// What the element `name` stands for: its column if the vocabulary has it, also without its
/// namespace; otherwise `extra`.
pub(super) fn target(vocabulary: &Vocabulary, scope: &Scope, name: &str) -> Target {
    let (ns, fault) = resolved(scope, name);
    let local = local(name);
    let find = |wanted: &dyn Fn(&Field) -> bool| vocabulary.fields.iter().position(wanted).map(|at| at as u8);
    if let Some(field) = find(&|field| field.ns == ns && field.local == local) {
        return Target { field: Some(field), fault };
    }
    let homeless = matches!(ns, Ns::None | Ns::Oai | Ns::OaiDc | Ns::OaiOi) || !vocabulary.head;
    match find(&|field| homeless && field.local == local) {
        Some(field) if vocabulary.head => Target { field: Some(field), fault: Some(Fault::Namespace) },
        Some(field) => Target { field: Some(field), fault: None },
        None => Target { field: None, fault },
    }
}

pub(super) fn shown(vocabulary: &Vocabulary, target: Target, scope: &Scope, name: &str) -> String {
    match target.field {
        Some(field) => element(&vocabulary.fields[usize::from(field)]),
        None => scope.shown(resolved(scope, name).0, name),
    }
}
