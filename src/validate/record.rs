//! What the text of OAI-PMH asks of records and their headers.

use super::document::Document;
use super::finding::{Spot, shown};
use super::model::Element;
use super::simple::{self, Granularity, granularity, has_scheme, utc};

impl Document {
    /// A value of a header is known.
    pub(super) fn header_value(&mut self, name: &str, text: &str, spot: Spot) {
        match name {
            "identifier" => {
                self.findings.name_record(text);
                text.clone_into(&mut self.page.record.identifier);
                identifier(&mut self.findings, text, spot);
                if !self.page.first("record", text) {
                    self.findings.tell("oai.header.identifier_twice", spot, name, &[("value", text)]);
                }
                let asked = self.page.argument("identifier").filter(|_| self.page.verb == Some("GetRecord"));
                if let Some(asked) = asked.map(str::to_owned).filter(|asked| asked.trim() != text.trim()) {
                    let parts = [("value", text), ("other", &*shown(&asked))];
                    self.findings.tell("oai.record.identifier", spot, name, &parts);
                }
            }
            "datestamp" => {
                text.trim().clone_into(&mut self.page.record.datestamp);
                self.datestamp(text, spot);
            }
            "setSpec" => {
                if self.page.record.sets.iter().any(|set| set == text) {
                    self.findings.tell("oai.header.set_twice", spot, name, &[("value", text)]);
                }
                self.page.record.sets.push(text.to_owned());
            }
            _ => {}
        }
    }

    fn datestamp(&mut self, text: &str, spot: Spot) {
        // The schema's type does not mind blanks around it.
        let text = text.trim();
        let Some(own) = granularity(text) else {
            if utc(text) {
                self.findings.tell("oai.header.datestamp_form", spot, "datestamp", &[("value", text)]);
            }
            return;
        };
        let first = self.page.datestamps[usize::from(own == Granularity::Second)].is_none();
        self.page.stamp(own, spot);
        let other = self.page.datestamps[usize::from(own == Granularity::Day)].is_some();
        if first && other {
            let units = [("what", own.unit()), ("other", if own == Granularity::Day { "second" } else { "day" })];
            self.findings.tell("oai.header.granularity", spot, "datestamp", &[&[("value", text)], &units[..]].concat());
        }
        // Times in one form compare as text; a day is all of its seconds.
        let later = |one: &str, other: &str| one[..one.len().min(other.len())] > other[..one.len().min(other.len())];
        if let Some(answered) = self.page.answered.clone().filter(|answered| later(text, answered)) {
            let parts = [("value", text), ("other", &*shown(&answered))];
            self.findings.tell("oai.header.future", spot, "datestamp", &parts);
        }
        let bound = |name: &str| self.page.argument(name).filter(|bound| granularity(bound).is_some());
        let (from, until) = (bound("from"), bound("until"));
        let outside = from.is_some_and(|from| later(from, text)) || until.is_some_and(|until| later(text, until));
        if outside {
            let range = [("from", from), ("until", until)];
            let said: Vec<String> =
                range.iter().filter_map(|(name, bound)| bound.map(|bound| format!("{name} {bound}"))).collect();
            let parts = [("value", text), ("other", &*said.join(" "))];
            self.findings.tell("oai.header.range", spot, "datestamp", &parts);
        }
    }

    /// An element of the envelope that holds elements ends.
    pub(super) fn closed(&mut self, element: &Element, spot: Spot) {
        let headers = self.page.verb == Some("ListIdentifiers");
        if element.name == "header" {
            let asked = self.page.argument("set").map(str::to_owned);
            let member =
                |set: &str, own: &String| own == set || own.strip_prefix(set).is_some_and(|rest| rest.starts_with(':'));
            if let Some(set) = asked.filter(|set| !self.page.record.sets.iter().any(|own| member(set, own))) {
                self.findings.tell("oai.header.set", spot, "header", &[("value", &set)]);
            }
        }
        if element.name == "record" && !self.page.record.deleted && !self.page.record.metadata {
            self.findings.tell("oai.record.metadata", spot, "record", &[]);
        }
        if element.name == "record" || (headers && element.name == "header") {
            self.page.records += 1;
            self.findings.end_record();
        }
    }

    /// The root of the metadata of a record.
    pub(super) fn asked_for(&mut self, dublin_core: bool, name: &str, spot: Spot) {
        if self.page.argument("metadataPrefix") == Some("oai_dc") && !dublin_core {
            self.findings.tell("oai.record.format", spot, name, &[]);
        }
    }
}

/// What the text of the protocol and the guidelines ask of an identifier.
pub(super) fn identifier(findings: &mut super::Findings, text: &str, spot: Spot) {
    if !has_scheme(text) {
        findings.tell("oai.header.identifier_scheme", spot, "identifier", &[("value", text)]);
    } else if text.strip_prefix("oai:").is_some_and(|rest| !is_oai(rest)) {
        findings.tell("oai.header.oai_identifier", spot, "identifier", &[("value", text)]);
    }
}

/// What follows `oai:`: a domain name with a dot, a colon, the local part.
fn is_oai(rest: &str) -> bool {
    let Some((domain, own)) = rest.split_once(':') else { return false };
    let label = |label: &str| {
        label.starts_with(|c: char| c.is_ascii_alphabetic())
            && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.!~*'();/?:@&=+$,%".contains(&byte);
    domain.contains('.')
        && domain.split('.').all(label)
        && !own.is_empty()
        && own.bytes().all(allowed)
        && simple::uri(own)
}
