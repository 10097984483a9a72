//! What a page says about itself, for the rules that look at more than one element.

use super::document::Document;
use super::finding::{Findings, Spot, shown};
use super::simple::{Granularity, granularity};
use crate::xml::names::Resolved;
use std::collections::HashSet;

/// Identifiers remembered to find those that come twice.
const REMEMBERED: usize = 1_000_000;

/// What is known of the page being checked.
#[derive(Debug, Default)]
pub(super) struct Page {
    /// Whether it is a reply, not a bare record.
    pub(super) envelope: bool,
    /// The namespace of its root element.
    pub(super) ns: Option<Resolved>,
    /// Namespaces whose schema the root element locates.
    pub(super) located: Vec<String>,
    /// `responseDate`, if it is as it should be.
    pub(super) answered: Option<String>,
    /// The text of `request`, its attributes and its place.
    pub(super) url: String,
    pub(super) arguments: Vec<(String, String)>,
    pub(super) asked: Spot,
    /// The verb element.
    pub(super) verb: Option<&'static str>,
    pub(super) verb_spot: Spot,
    /// The codes of its errors.
    pub(super) errors: Vec<(String, Spot)>,
    /// The resumption token.
    pub(super) token: Option<Token>,
    pub(super) records: u64,
    pub(super) record: Record,
    /// The first datestamp of each granularity.
    pub(super) datestamps: [Option<Stamp>; 2],
    /// `baseURL`, `earliestDatestamp` and `granularity` of `Identify`.
    pub(super) base: Option<(String, Spot)>,
    pub(super) earliest: Option<(String, Spot)>,
    pub(super) granularity: Option<String>,
    /// Whether `oai_dc` is among the formats.
    pub(super) oai_dc: bool,
    /// The format or set being listed.
    pub(super) listed: String,
    /// What was listed so far, to find what comes twice.
    once: HashSet<u64>,
}

/// A resumption token.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) text: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) spot: Spot,
}

/// The record being checked.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub(super) identifier: String,
    pub(super) datestamp: String,
    pub(super) sets: Vec<String>,
    pub(super) deleted: bool,
    pub(super) metadata: bool,
}

/// A datestamp, its record and its place.
#[derive(Debug, Clone)]
pub(super) struct Stamp {
    pub(super) value: String,
    pub(super) record: String,
    pub(super) spot: Spot,
}

/// What pages of one provider must agree on.
#[derive(Debug)]
pub(super) struct Facts {
    source: String,
    url: String,
    granularity: Option<String>,
    datestamps: [Option<Stamp>; 2],
}

impl Page {
    /// The argument called `name`.
    pub(super) fn argument(&self, name: &str) -> Option<&str> {
        self.arguments.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Whether this is the first time that `kind` and `value` are seen together.
    pub(super) fn first(&mut self, kind: &str, value: &str) -> bool {
        use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one((kind, value));
        if self.once.len() < REMEMBERED { self.once.insert(hash) } else { !self.once.contains(&hash) }
    }

    /// Remembers the first datestamp of each granularity.
    pub(super) fn stamp(&mut self, granularity: Granularity, spot: Spot) {
        let place = &mut self.datestamps[usize::from(granularity == Granularity::Second)];
        if place.is_none() {
            let (value, record) = (self.record.datestamp.clone(), self.record.identifier.clone());
            *place = Some(Stamp { value, record, spot });
        }
    }
}

impl Document {
    /// What the end of the page shows.
    pub(super) fn end_page(&mut self) {
        self.findings.end_record();
        if !self.page.envelope {
            return;
        }
        self.check_request();
        self.check_token();
        self.check_identify();
        let page = std::mem::take(&mut self.page);
        if page.verb == Some("ListMetadataFormats") && !page.oai_dc && page.argument("identifier").is_none() {
            self.findings.tell("oai.formats.oai_dc", page.verb_spot, "ListMetadataFormats", &[]);
        }
        self.records += page.records;
        self.facts.push(Facts {
            source: self.findings.source().to_owned(),
            url: page.url,
            granularity: page.granularity.filter(|literal| super::simple::granularity_literal(literal)),
            datestamps: page.datestamps,
        });
    }

    fn check_identify(&mut self) {
        let page = &self.page;
        if let Some((base, spot)) = page.base.clone().filter(|(base, _)| !same_address(base, &page.url)) {
            let parts = [("value", base.as_str()), ("other", &shown(&page.url))];
            self.findings.tell("oai.Identify.address", spot, "baseURL", &parts);
        }
        let page = &self.page;
        let (Some((earliest, spot)), Some(literal)) = (page.earliest.clone(), page.granularity.clone()) else { return };
        if granularity(&earliest).is_none_or(|own| own.literal() != literal) {
            let parts = [("value", earliest.as_str()), ("other", &literal)];
            self.findings.tell("oai.Identify.earliest_form", spot, "earliestDatestamp", &parts);
        }
    }
}

/// Whether two base URLs are the same but for what does not matter.
fn same_address(one: &str, other: &str) -> bool {
    let plain = |url: &str| url.trim().trim_end_matches(['?', '/']).to_ascii_lowercase();
    plain(other).is_empty() || plain(one) == plain(other)
}

/// What pages of one provider contradict each other in.
pub(super) fn across(pages: &[Facts], findings: &mut Findings) {
    let key = |url: &str| url.trim().trim_end_matches(['?', '/']).to_ascii_lowercase();
    for identify in pages.iter().filter(|page| page.granularity.is_some()) {
        let literal = identify.granularity.as_deref().unwrap_or_default();
        for page in pages.iter().filter(|page| key(&page.url) == key(&identify.url)) {
            let others = page
                .datestamps
                .iter()
                .flatten()
                .filter(|stamp| granularity(&stamp.value).is_some_and(|own| own.literal() != literal));
            for stamp in others {
                findings.switch(&page.source);
                findings.record = Some(stamp.record.clone());
                let parts = [("value", stamp.value.as_str()), ("other", literal), ("where", &identify.source)];
                findings.tell("oai.header.granularity_identify", stamp.spot, "datestamp", &parts);
            }
        }
    }
}
