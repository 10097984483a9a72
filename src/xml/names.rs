//! Namespaces: the ones known by name, spelt right or nearly so, and the prefixes in scope.

/// A namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ns {
    /// No namespace.
    None,
    /// `xml:`
    Xml,
    /// XML Schema instance.
    Xsi,
    /// The OAI-PMH envelope.
    Oai,
    /// The `oai_dc` container.
    OaiDc,
    /// The fifteen Dublin Core elements.
    Dc,
    /// DCMI metadata terms.
    DcTerms,
    /// Elements of Open Images.
    Oi,
    /// The `oai_oi` container.
    OaiOi,
    /// A prefix nobody declared and nobody knows.
    Undeclared,
    /// Any other; the number indexes [`Scope::uri`].
    Other(usize),
}

/// Namespace, its URI as the standards spell it, and its usual prefix.
const KNOWN: &[(Ns, &str, &str)] = &[
    (Ns::Xml, "http://www.w3.org/XML/1998/namespace", "xml"),
    (Ns::Xsi, "http://www.w3.org/2001/XMLSchema-instance", "xsi"),
    (Ns::Oai, "http://www.openarchives.org/OAI/2.0/", "oai"),
    (Ns::OaiDc, "http://www.openarchives.org/OAI/2.0/oai_dc/", "oai_dc"),
    (Ns::Dc, "http://purl.org/dc/elements/1.1/", "dc"),
    (Ns::DcTerms, "http://purl.org/dc/terms/", "dcterms"),
    (Ns::Oi, "http://www.openbeelden.nl/oai/", "oi"),
    (Ns::OaiOi, "http://www.openbeelden.nl/feeds/oai/", "oai_oi"),
];

/// The known namespace that `uri` spells, and whether it spells it right. Case, `https`, blanks
/// and a missing slash at the end are forgiven.
fn known(uri: &str) -> Option<(Ns, bool)> {
    if let Some((ns, ..)) = KNOWN.iter().find(|(_, right, _)| *right == uri) {
        return Some((*ns, true));
    }
    let loose = |uri: &str| {
        let folded: String = uri.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_lowercase();
        let rest = folded.strip_prefix("https://").or_else(|| folded.strip_prefix("http://")).unwrap_or(&folded);
        rest.trim_end_matches('/').to_owned()
    };
    let wanted = loose(uri);
    KNOWN.iter().find(|(_, right, _)| loose(right) == wanted).map(|(ns, ..)| (*ns, false))
}

/// The namespace usually bound to `prefix`.
fn usual(prefix: &str) -> Option<Ns> {
    KNOWN.iter().find(|(.., usual)| *usual == prefix).map(|(ns, ..)| *ns)
}

/// The URI that usually goes with `prefix`, if it is one of those known by name.
#[must_use]
pub fn uri_of(prefix: &str) -> Option<&'static str> {
    KNOWN.iter().find(|(.., usual)| *usual == prefix).map(|(_, uri, _)| *uri)
}

/// The URIs made up for prefixes that nobody declared start with this and end with the prefix.
pub const UNDECLARED: &str = "urn:undeclared:";

/// The prefixes in scope.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    bindings: Vec<Binding>,
    /// One for each binding to a namespace that is not known by name.
    uris: Vec<String>,
}

#[derive(Debug, Clone)]
struct Binding {
    prefix: String,
    ns: Ns,
    /// Whether the URI is spelt as the standards spell it.
    right: bool,
}

/// What a prefix stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Resolved {
    /// A namespace in scope.
    Bound(Ns),
    /// A known namespace in scope, misspelt.
    Misspelt(Ns),
    /// Nobody declared the prefix; read as it is usually meant, if that is known.
    Guessed(Ns),
}

impl Scope {
    /// Number of bindings, to come back to with [`Scope::leave`].
    #[must_use]
    pub fn depth(&self) -> usize {
        self.bindings.len()
    }

    /// Forgets all bindings made since `depth`.
    pub fn leave(&mut self, depth: usize) {
        if depth >= self.bindings.len() {
            return;
        }
        let others = self.bindings.drain(depth..).filter(|binding| matches!(binding.ns, Ns::Other(_))).count();
        self.uris.truncate(self.uris.len() - others);
    }

    /// Binds `prefix` (empty: the default namespace) to `uri`.
    pub fn bind(&mut self, prefix: &str, uri: &str) {
        let (ns, right) = match known(uri) {
            Some(found) => found,
            None if uri.is_empty() => (Ns::None, true),
            None => {
                self.uris.push(uri.to_owned());
                (Ns::Other(self.uris.len() - 1), true)
            }
        };
        self.bindings.push(Binding { prefix: prefix.to_owned(), ns, right });
    }

    /// What the prefix of an element stands for.
    #[must_use]
    pub fn resolve(&self, prefix: &str) -> Resolved {
        if let Some(binding) = self.bindings.iter().rev().find(|binding| binding.prefix == prefix) {
            return if binding.right { Resolved::Bound(binding.ns) } else { Resolved::Misspelt(binding.ns) };
        }
        match prefix {
            "" => Resolved::Bound(Ns::None),
            "xml" => Resolved::Bound(Ns::Xml),
            _ => Resolved::Guessed(usual(prefix).unwrap_or(Ns::Undeclared)),
        }
    }

    /// The URI of a namespace; empty for none.
    #[must_use]
    pub fn uri(&self, ns: Ns) -> &str {
        match ns {
            Ns::Other(index) => self.uris.get(index).map_or("", String::as_str),
            _ => KNOWN.iter().find(|(known, ..)| *known == ns).map_or("", |(_, uri, _)| uri),
        }
    }

    /// The bindings in scope, innermost last, each prefix once.
    pub fn declared(&self) -> impl Iterator<Item = (&str, Ns)> {
        self.bindings.iter().enumerate().filter_map(|(i, binding)| {
            let shadowed = self.bindings[i + 1..].iter().any(|later| later.prefix == binding.prefix);
            (!shadowed).then_some((binding.prefix.as_str(), binding.ns))
        })
    }

    /// The name shown to users: the usual prefix of a known namespace (`dc:title`), the URI in
    /// braces of any other (`{http://example.org/}title`), the name as it stands where neither
    /// is known.
    #[must_use]
    pub fn shown(&self, ns: Ns, name: &str) -> String {
        let local = local(name);
        match ns {
            Ns::None => local.to_owned(),
            Ns::Undeclared => name.to_owned(),
            // We made that one up ourselves, when the element was written.
            Ns::Other(_) if self.uri(ns).strip_prefix(UNDECLARED) == Some(prefix(name)) => name.to_owned(),
            Ns::Other(_) => format!("{{{}}}{local}", self.uri(ns)),
            _ => {
                let prefix = KNOWN.iter().find(|(known, ..)| *known == ns).map_or("", |(.., prefix)| prefix);
                format!("{prefix}:{local}")
            }
        }
    }
}

/// The prefix of a qualified name; empty if it has none.
#[must_use]
pub fn prefix(name: &str) -> &str {
    &name[..colon(name).unwrap_or(0)]
}

/// A qualified name without its prefix.
#[must_use]
pub fn local(name: &str) -> &str {
    &name[colon(name).map_or(0, |at| at + 1)..]
}

/// Where the prefix of a name ends; names are too short for anything but a plain loop.
fn colon(name: &str) -> Option<usize> {
    name.bytes().position(|byte| byte == b':')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_namespace_is_recognised_and_told_apart() {
        assert_eq!(known("http://purl.org/dc/elements/1.1/"), Some((Ns::Dc, true)));
        assert_eq!(known("https://PURL.org/dc/elements/1.1"), Some((Ns::Dc, false)));
        assert_eq!(known("http://purl.org/dc/terms"), Some((Ns::DcTerms, false)));
        assert_eq!(known("http://example.org/"), None);
    }

    #[test]
    fn the_innermost_binding_of_a_prefix_wins_until_it_is_left() {
        let mut scope = Scope::default();
        scope.bind("a", "http://purl.org/dc/terms/");
        let depth = scope.depth();
        scope.bind("a", "http://example.org/");
        assert_eq!(scope.shown(Ns::Other(0), "a:x"), "{http://example.org/}x");
        assert_eq!(scope.resolve("a"), Resolved::Bound(Ns::Other(0)));
        scope.leave(depth);
        assert_eq!(scope.resolve("a"), Resolved::Bound(Ns::DcTerms));
        assert_eq!(scope.resolve("dc"), Resolved::Guessed(Ns::Dc));
    }
}
