//! What the text of OAI-PMH asks of a reply beyond its schema: request, errors, tokens, lists.

use super::document::Document;
use super::finding::{Spot, shown};
use super::markup::Attribute;
use super::model::Element;
use super::page::{Record, Token};
use super::simple::{Granularity, error_code, granularity, verb};

/// The arguments of each verb (§4).
const ARGUMENTS: [(&str, &[&str]); 6] = [
    ("GetRecord", &["identifier", "metadataPrefix"]),
    ("Identify", &[]),
    ("ListIdentifiers", &["from", "until", "metadataPrefix", "set", "resumptionToken"]),
    ("ListMetadataFormats", &["identifier"]),
    ("ListRecords", &["from", "until", "metadataPrefix", "set", "resumptionToken"]),
    ("ListSets", &["resumptionToken"]),
];

/// The verbs that may be answered with each code (§3.6); the other codes answer any.
const REFUSALS: [(&str, &[&str]); 6] = [
    ("badResumptionToken", &["ListIdentifiers", "ListRecords", "ListSets"]),
    ("cannotDisseminateFormat", &["GetRecord", "ListIdentifiers", "ListRecords"]),
    ("idDoesNotExist", &["GetRecord", "ListMetadataFormats"]),
    ("noMetadataFormats", &["ListMetadataFormats"]),
    ("noRecordsMatch", &["ListIdentifiers", "ListRecords"]),
    ("noSetHierarchy", &["ListSets", "ListIdentifiers", "ListRecords"]),
];

impl Document {
    /// An element of the envelope that holds elements or has attributes starts.
    pub(super) fn opened(&mut self, element: &Element, parent: &Element, attributes: &[Attribute], spot: Spot) {
        let plain = || attributes.iter().filter(|attribute| !attribute.name.contains(':'));
        let pairs = || plain().map(|attribute| (attribute.name.clone(), attribute.value.clone())).collect();
        let code = || plain().find(|attribute| attribute.name == "code").map(|attribute| attribute.value.clone());
        match (parent.name, element.name) {
            ("OAI-PMH", "request") => {
                self.page.arguments = pairs();
                self.page.asked = spot;
            }
            ("OAI-PMH", "error") => self.page.errors.push((code().unwrap_or_default(), spot)),
            ("OAI-PMH", name) if verb(name) => {
                self.page.verb = ARGUMENTS.iter().find(|(verb, _)| *verb == name).map(|(verb, _)| *verb);
                self.page.verb_spot = spot;
            }
            (_, "record") => self.start_record(),
            (parent, "header") => {
                if parent != "record" {
                    self.start_record();
                }
                self.page.record.deleted =
                    plain().any(|attribute| (&*attribute.name, &*attribute.value) == ("status", "deleted"));
            }
            ("record", "metadata" | "about") => {
                self.page.record.metadata |= element.name == "metadata";
                if self.page.record.deleted {
                    self.findings.tell("oai.header.deleted", spot, element.name, &[]);
                }
            }
            (_, "resumptionToken") => self.page.token = Some(Token { text: String::new(), attributes: pairs(), spot }),
            _ => {}
        }
    }

    fn start_record(&mut self) {
        self.findings.start_record();
        self.page.record = Record::default();
    }

    /// A value of the envelope is known.
    pub(super) fn value(&mut self, element: &Element, text: &str, spot: Spot) {
        let parent = self.stack.last().map_or("", |open| crate::xml::names::local(&open.name)).to_owned();
        match (parent.as_str(), element.name) {
            ("OAI-PMH", "responseDate") => self.answered(text, spot),
            ("OAI-PMH", "request") => {
                text.clone_into(&mut self.page.url);
                if text.contains('?') {
                    self.findings.tell("oai.request.query", spot, "request", &[("value", text)]);
                }
            }
            ("Identify", "baseURL") => self.page.base = Some((text.to_owned(), spot)),
            ("Identify", "earliestDatestamp") => self.page.earliest = Some((text.to_owned(), spot)),
            ("Identify", "granularity") => self.page.granularity = Some(text.to_owned()),
            ("Identify", "compression") if text.trim() == "identity" => {
                self.findings.tell("oai.Identify.identity", spot, "compression", &[]);
            }
            ("metadataFormat", "metadataPrefix") => {
                self.page.oai_dc |= text == "oai_dc";
                text.clone_into(&mut self.page.listed);
                if !self.page.first("format", text) {
                    self.findings.tell("oai.formats.twice", spot, element.name, &[("value", text)]);
                }
            }
            ("metadataFormat", "metadataNamespace") => {
                let right = "http://www.openarchives.org/OAI/2.0/oai_dc/";
                if self.page.listed == "oai_dc" && text.trim() != right {
                    self.findings.tell("oai.formats.oai_dc_namespace", spot, element.name, &[("value", text)]);
                }
            }
            ("set", "setSpec") if !self.page.first("set", text) => {
                self.findings.tell("oai.sets.twice", spot, element.name, &[("value", text)]);
            }
            ("header", name) => self.header_value(name, text, spot),
            (_, "resumptionToken") => {
                if let Some(token) = &mut self.page.token {
                    text.clone_into(&mut token.text);
                }
            }
            _ => {}
        }
    }

    fn answered(&mut self, text: &str, spot: Spot) {
        // The schema's type does not mind blanks around it.
        if granularity(text.trim()) == Some(Granularity::Second) {
            self.page.answered = Some(text.trim().to_owned());
        } else if super::simple::date_time(text) {
            self.findings.tell("oai.responseDate.utc", spot, "responseDate", &[("value", text)]);
        }
    }

    /// The request that a page says it answers.
    pub(super) fn check_request(&mut self) {
        let spot = self.page.asked;
        let refused = self
            .page
            .errors
            .iter()
            .map(|(code, _)| code.clone())
            .find(|code| matches!(&**code, "badVerb" | "badArgument"));
        let arguments = self.page.arguments.clone();
        if let Some(code) = &refused {
            if !arguments.is_empty() {
                self.findings.tell("oai.request.arguments", spot, "request", &[("value", code)]);
            }
            return;
        }
        let Some(asked) = self.page.argument("verb").map(str::to_owned) else {
            if self.page.verb.is_some() || !self.page.errors.is_empty() {
                self.findings.tell("oai.request.verb_missing", spot, "request", &[]);
            }
            return;
        };
        if let Some(verb) = self.page.verb.filter(|verb| *verb != asked) {
            self.findings.tell("oai.request.verb_differs", spot, verb, &[("value", &asked)]);
        }
        let own = ARGUMENTS.iter().find(|(verb, _)| *verb == asked).map_or(&[][..], |(_, own)| own);
        let token = self.page.argument("resumptionToken").is_some();
        for (name, _) in arguments.iter().filter(|(name, _)| name != "verb") {
            if verb(&asked) && !own.contains(&name.as_str()) {
                self.findings.tell("oai.request.illegal", spot, &asked, &[("value", name)]);
            } else if token && name != "resumptionToken" {
                self.findings.tell("oai.request.exclusive", spot, "request", &[("value", name)]);
            }
        }
        if own.contains(&"metadataPrefix") && !token && self.page.argument("metadataPrefix").is_none() {
            self.findings.tell("oai.request.prefix_missing", spot, "request", &[]);
        }
        for (code, place) in self.page.errors.clone() {
            let fits =
                REFUSALS.iter().find(|(known, _)| *known == code).is_none_or(|(_, verbs)| verbs.contains(&&*asked));
            if error_code(&code) && verb(&asked) && !fits {
                self.findings.tell("oai.error.fits", place, &asked, &[("value", &code)]);
            }
        }
        self.check_range(spot);
    }

    fn check_range(&mut self, spot: Spot) {
        let (Some(from), Some(until)) = (self.page.argument("from"), self.page.argument("until")) else { return };
        let (from, until) = (from.to_owned(), until.to_owned());
        let (Some(start), Some(end)) = (granularity(&from), granularity(&until)) else { return };
        let parts = [("from", from.as_str()), ("until", until.as_str())];
        if start != end {
            self.findings.tell("oai.request.granularity", spot, "request", &parts);
        } else if from > until {
            self.findings.tell("oai.request.range", spot, "request", &parts);
        }
    }

    /// The resumption token, and its absence.
    pub(super) fn check_token(&mut self) {
        let name = "resumptionToken";
        let asked = self.page.argument(name).map(str::to_owned);
        let told = self.page.argument("verb").is_some();
        let list = matches!(self.page.verb, Some("ListRecords" | "ListIdentifiers" | "ListSets"));
        let Some(Token { text, attributes, spot }) = self.page.token.clone() else {
            if list && asked.is_some() {
                self.findings.tell("oai.token.missing", self.page.verb_spot, name, &[]);
            }
            return;
        };
        let attribute = |name: &str| attributes.iter().find(|(own, _)| own == name).map(|(_, value)| value.trim());
        if text.trim().is_empty() {
            if !text.is_empty() {
                self.findings.tell("oai.token.blank", spot, name, &[]);
            }
            if told && asked.is_none() {
                self.findings.tell("oai.token.needless", spot, name, &[]);
            }
        } else if asked.as_deref() == Some(&*text) {
            self.findings.tell("oai.token.repeated", spot, name, &[]);
        }
        if let Some(expires) = attribute("expirationDate") {
            if granularity(expires) == Some(Granularity::Second) {
                if let Some(answered) = self.page.answered.clone().filter(|answered| expires < answered.as_str()) {
                    let parts = [("value", expires), ("other", &shown(&answered))];
                    self.findings.tell("oai.token.expired", spot, name, &parts);
                }
            } else if super::simple::date_time(expires) {
                self.findings.tell("oai.token.utc", spot, name, &[("value", expires)]);
            }
        }
        let number = |name: &str| attribute(name).and_then(|value| value.parse::<u64>().ok());
        let cursor = number("cursor");
        if let Some(cursor) = cursor.filter(|cursor| *cursor > 0 && told && asked.is_none()) {
            self.findings.tell("oai.token.cursor_start", spot, name, &[("value", &cursor.to_string())]);
        }
        if let Some(size) = number("completeListSize") {
            let so_far = cursor.unwrap_or(0) + self.page.records;
            if so_far > size && self.page.verb != Some("ListSets") {
                let parts = [("value", so_far.to_string()), ("other", size.to_string())];
                let parts = parts.each_ref().map(|(name, value)| (*name, value.as_str()));
                self.findings.tell("oai.token.size", spot, name, &parts);
            }
        }
    }
}
