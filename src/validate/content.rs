//! What may stand where: elements, their order, their attributes and values.

use super::document::{Document, Open, Piece, State, Taken};
use super::finding::Spot;
use super::markup::Attribute;
use super::model::{CONTAINERS, Container, Content, Element, Particle, ROOT};
use super::page::Page;
use crate::xml::names::{Ns, Resolved, local, prefix};
use crate::xml::read::{Cursor, Read, Tag};

impl Document {
    /// The root element of a page.
    pub(super) fn root<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>, piece: &mut Piece<'_>) -> Read<()> {
        let spot = self.spot(piece, tag.at);
        if self.pages > 0 {
            self.astray("xml.trailing", &format!("a second root element, `{}`,", tag.name), tag.at, piece);
        }
        self.pages += 1;
        self.scope.leave(0);
        self.findings.end_record();
        self.page = Page::default();
        let attributes = self.start_tag(cursor, tag, piece)?;
        let ns = self.scope.resolve(prefix(tag.name));
        let container = container_of(ns, local(tag.name));
        let state = if local(tag.name) == ROOT.name {
            if ns != Resolved::Bound(Ns::Oai) {
                let what = format!("in {}", self.named(ns));
                self.findings.tell("oai.root", spot, tag.name, &[("what", &what)]);
            }
            self.page.envelope = true;
            self.page.ns = Some(ns);
            self.schema_location("oai.schemaLocation", Ns::Oai, tag.name, &attributes, spot);
            self.check_attributes(&ROOT, tag.name, &attributes, spot);
            state(&ROOT)
        } else if let Some(element) = container {
            self.enter(element, ns, tag.name, &attributes, spot)
        } else {
            let html = local(tag.name).eq_ignore_ascii_case("html");
            let what = format!("`{}`{}", tag.name, if html { ": this is a web page" } else { "" });
            self.findings.tell("oai.root", spot, tag.name, &[("what", &what)]);
            if html {
                // What is no XML need not be checked as such.
                self.stop();
            }
            State::Skip
        };
        self.push(Open { name: tag.name.to_owned(), depth: 0, spot, state }, tag.empty);
        Ok(())
    }

    /// What the child `name` of the innermost element may hold; tells if it may not stand there.
    pub(super) fn place(&mut self, ns: Resolved, name: &str, attributes: &[Attribute], spot: Spot) -> State {
        let Some(parent) = self.stack.last() else { return State::Skip };
        let (parent_name, parent_state) = (parent.name.clone(), parent.state);
        match parent_state {
            State::Skip => State::Skip,
            State::Value(_) => {
                self.tell_in(".markup", spot, name, &[("parent", &parent_name)]);
                State::Skip
            }
            State::Payload(element, seen) => {
                self.set(State::Payload(element, seen + 1));
                self.payload(element, seen, ns, name, attributes, spot)
            }
            State::Bag(container) => self.in_bag(container, ns, name, attributes, spot),
            State::Sequence { element, taken } => {
                let own = matches!(ns, Resolved::Bound(Ns::Oai)) || self.loose(ns);
                if !own {
                    self.findings.tell("oai.namespace", spot, name, &[]);
                }
                let child = self.in_sequence(element, taken, name, &parent_name, spot);
                let Some(child) = child else { return State::Skip };
                self.check_attributes(child, name, attributes, spot);
                self.opened(child, element, attributes, spot);
                state(child)
            }
        }
    }

    /// Whether the page has another namespace throughout, which was told at its root.
    fn loose(&self, ns: Resolved) -> bool {
        self.page.ns.is_some_and(|root| root != Resolved::Bound(Ns::Oai) && root == ns)
    }

    fn set(&mut self, state: State) {
        if let Some(open) = self.stack.last_mut() {
            open.state = state;
        }
    }

    /// Moves on in a sequence to the child `name`.
    fn in_sequence(
        &mut self,
        element: &'static Element,
        taken: Taken,
        name: &str,
        parent: &str,
        spot: Spot,
    ) -> Option<&'static Element> {
        let Content::Sequence(particles) = element.content else { return None };
        let find = |particle: &Particle| particle.options.iter().position(|(child, _)| child.name == local(name));
        let Taken { at, option, count, filled } = taken;
        let parts = [("parent", parent)];
        let later = particles.iter().enumerate().skip(at).find_map(|(i, particle)| Some((i, find(particle)?)));
        let Some((i, chosen)) = later else {
            let earlier = particles.iter().enumerate().take(at).find_map(|(i, particle)| Some((i, find(particle)?)));
            let Some((i, chosen)) = earlier else {
                self.findings.tell("oai.element", spot, name, &parts);
                return None;
            };
            let (child, many) = particles[i].options[chosen];
            let again = filled & (1 << i) != 0 && !many;
            self.findings.tell(if again { "oai.repeated" } else { "oai.order" }, spot, name, &parts);
            return Some(child);
        };
        let (child, many) = particles[i].options[chosen];
        if i == at && count > 0 {
            if option != chosen {
                self.findings.tell("oai.element", spot, name, &parts);
            } else if !many {
                self.findings.tell("oai.repeated", spot, name, &parts);
            }
        } else {
            self.missing(&particles[at..i], count, parent, spot);
        }
        let count = if i == at { count + 1 } else { 1 };
        self.set(State::Sequence { element, taken: Taken { at: i, option: chosen, count, filled: filled | 1 << i } });
        Some(child)
    }

    /// Tells what is required in these particles; `count` elements stand in the first.
    fn missing(&mut self, particles: &[Particle], count: usize, parent: &str, spot: Spot) {
        for (i, particle) in particles.iter().enumerate() {
            if particle.required && (i > 0 || count == 0) {
                let names: Vec<&str> = particle.options.iter().map(|(child, _)| child.name).collect();
                let name = if names.len() > 1 { "the element of a verb, or error" } else { names[0] };
                self.findings.tell("oai.missing", spot, name, &[("parent", parent)]);
            }
        }
    }

    /// An element where one of another namespace is due.
    fn payload(
        &mut self,
        element: &'static Element,
        seen: usize,
        ns: Resolved,
        name: &str,
        attributes: &[Attribute],
        spot: Spot,
    ) -> State {
        let told = match ns {
            _ if seen > 0 => Some(format!("holds a further element, `{name}`")),
            Resolved::Bound(Ns::Oai) => Some(format!("holds `{name}`, an element of OAI-PMH itself")),
            Resolved::Bound(Ns::None) => Some(format!("holds `{name}`, which is in no namespace")),
            _ => None,
        };
        if let Some(what) = told {
            self.findings.tell("oai.payload", spot, name, &[("parent", element.name), ("what", &what)]);
        }
        let container = container_of(ns, local(name));
        if element.name == "metadata" && seen == 0 {
            self.asked_for(container.is_some_and(|container| container.name == "dc"), name, spot);
        }
        match container {
            Some(container) if seen == 0 => self.enter(container, ns, name, attributes, spot),
            _ => State::Skip,
        }
    }

    /// The container of a format that is checked.
    fn enter(
        &mut self,
        element: &'static Element,
        ns: Resolved,
        name: &str,
        attributes: &[Attribute],
        spot: Spot,
    ) -> State {
        let Content::Bag(container) = element.content else { return State::Skip };
        self.container = Some(container);
        if ns != Resolved::Bound(container.ns) {
            let what = format!("`{name}` in {}", self.named(ns));
            self.tell_in(".namespace", spot, name, &[("what", &what)]);
        }
        let rule = if container.format == "oai_dc" { "oai_dc.schemaLocation" } else { "oai_oi.schemaLocation" };
        self.schema_location(rule, container.ns, name, attributes, spot);
        self.check_attributes(element, name, attributes, spot);
        State::Bag(container)
    }

    fn in_bag(
        &mut self,
        container: &'static Container,
        ns: Resolved,
        name: &str,
        attributes: &[Attribute],
        spot: Spot,
    ) -> State {
        let known = container.elements.iter().find(|element| element.name == local(name));
        let Some(element) = known else {
            self.tell_in(".element", spot, name, &[]);
            return State::Skip;
        };
        if ns != Resolved::Bound(container.inner) {
            let what = self.named(ns);
            self.tell_in(".element_namespace", spot, name, &[("what", &what)]);
        }
        self.check_attributes(element, name, attributes, spot);
        state(element)
    }

    /// A namespace in words.
    fn named(&self, ns: Resolved) -> String {
        match ns {
            Resolved::Bound(Ns::None) => "no namespace".to_owned(),
            Resolved::Guessed(_) => "an undeclared namespace".to_owned(),
            Resolved::Misspelt(known) => format!("a misspelt namespace instead of {}", self.scope.uri(known)),
            Resolved::Bound(_) => format!("the namespace {}", self.uri_of(ns)),
        }
    }

    fn check_attributes(&mut self, element: &'static Element, name: &str, attributes: &[Attribute], spot: Spot) {
        for attribute in attributes {
            let own = attribute.known();
            let known = element.attributes.iter().find(|known| own.as_deref() == Some(known.name));
            match own.as_deref() {
                Some("xsi:schemaLocation" | "xsi:noNamespaceSchemaLocation") => {}
                Some("xsi:type" | "xsi:nil") => self.tell_in(".xsi", spot, name, &[("value", &attribute.name)]),
                _ => match known {
                    None => self.tell_in(".attribute", spot, name, &[("value", &attribute.name)]),
                    Some(known) if !(known.kind.holds)(&attribute.value) => {
                        self.findings.tell(known.kind.rule, spot, name, &[("value", &attribute.value)]);
                    }
                    Some(_) => {}
                },
            }
        }
        let missing = element.attributes.iter().filter_map(|known| {
            let there = attributes.iter().any(|attribute| attribute.known().as_deref() == Some(known.name));
            known.required.filter(|_| !there)
        });
        for rule in missing {
            self.findings.tell(rule, spot, name, &[]);
        }
    }

    fn schema_location(&mut self, rule: &str, ns: Ns, name: &str, attributes: &[Attribute], spot: Spot) {
        let located = attributes.iter().filter(|attribute| attribute.known().as_deref() == Some("xsi:schemaLocation"));
        let named: Vec<&str> = located.flat_map(|attribute| attribute.value.split_whitespace().step_by(2)).collect();
        let uri = self.scope.uri(ns);
        if !named.contains(&uri) && !self.page.located.iter().any(|outer| outer == uri) {
            self.findings.tell(rule, spot, name, &[]);
        }
        if self.stack.is_empty() {
            // What the root locates need not be located again further in.
            self.page.located = named.into_iter().map(str::to_owned).collect();
        }
    }

    /// Ends the innermost element.
    pub(super) fn end(&mut self) {
        let Some(open) = self.stack.pop() else { return };
        match open.state {
            State::Sequence { element, taken } => {
                if let Content::Sequence(particles) = element.content {
                    self.missing(&particles[taken.at..], taken.count, &open.name, open.spot);
                }
                self.closed(element, open.spot);
            }
            State::Value(element) => {
                let text = std::mem::take(&mut self.text);
                if let Content::Value(kind) = element.content {
                    if !(kind.holds)(&text) {
                        self.findings.tell(kind.rule, open.spot, &open.name, &[("value", &text)]);
                    }
                    if self.container.is_none() {
                        self.value(element, &text, open.spot);
                    }
                }
                self.text = text;
            }
            State::Payload(element, 0) => {
                let parts = [("parent", element.name), ("what", "is empty")];
                self.findings.tell("oai.payload", open.spot, &open.name, &parts);
            }
            State::Bag(_) => self.container = None,
            State::Payload(..) | State::Skip => {}
        }
        self.scope.leave(open.depth);
        if self.stack.is_empty() {
            self.end_page();
        }
    }

    /// Tells that a rule is broken which every format has of its own.
    pub(super) fn tell_in(&mut self, rule: &str, spot: Spot, element: &str, parts: &[(&str, &str)]) {
        let format = self.container.map_or("oai", |container| container.format);
        self.findings.tell(&format!("{format}{rule}"), spot, element, parts);
    }
}

/// How the content of an element starts.
fn state(element: &'static Element) -> State {
    match element.content {
        Content::Sequence(_) => State::Sequence { element, taken: Taken::default() },
        Content::Value(_) => State::Value(element),
        Content::Payload => State::Payload(element, 0),
        Content::Bag(container) => State::Bag(container),
    }
}

/// The container that an element is or is meant to be: its name is enough where its namespace is
/// missing, misspelt or one of those it is taken for.
fn container_of(ns: Resolved, name: &str) -> Option<&'static Element> {
    let (Resolved::Bound(ns) | Resolved::Misspelt(ns) | Resolved::Guessed(ns)) = ns;
    let taken = !matches!(ns, Ns::Other(_));
    CONTAINERS.iter().find(|(known, _)| taken && *known == name).map(|(_, element)| *element)
}
