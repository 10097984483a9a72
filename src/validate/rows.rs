//! Tables: what the standards would refuse of their rows, were they written as XML.

use super::finding::{Findings, Spot};
use super::model::{Container, Content, Element, OAI_DC, OAI_OI, listing};
use super::record::identifier;
use super::simple::{Granularity, granularity, language, set_spec, uri, utc};
use crate::columns::{Columns, Data, range};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::table::{Record, Table, Value};
use crate::xml::clean::allowed;

const NOWHERE: Spot = Spot { line: 0, column: 0, offset: 0 };

/// Checks the rows of a table, keeping at most `most` findings a rule; `row` counts from 0.
pub fn check(table: &Table, most: usize, cancel: &Cancel) -> Result<Findings> {
    let mut findings = Findings::new("", most);
    let Some(vocabulary) = table.vocabulary() else {
        let message = format!("no standard says what a table of {:?} may hold", table.format);
        return Err(Error::new(Kind::Value, message)
            .hint("validate a table of oai_dc, oai_oi, oai_qdc, xml, header, identify, sets or formats, or name it: format=\"oai_dc\""));
    };
    let mut row = 0;
    if vocabulary.head {
        let container = [&OAI_DC, &OAI_OI].into_iter().find(|container| container.format == vocabulary.name);
        let mut seen = [false; 2];
        table.records(cancel, |record| {
            findings.row = Some(row);
            findings.record = record.head("identifier").map(str::to_owned);
            head(record, &mut seen, &mut findings);
            metadata(record, vocabulary.name == "header", container, &mut findings);
            row += 1;
        })?;
    } else {
        let particles = listing(vocabulary.name);
        for batch in table.batches() {
            go_on(cancel)?;
            for own in 0..batch.rows {
                findings.row = Some(row);
                for (particle, (element, _)) in particles.iter().flat_map(|p| p.options.iter().map(move |one| (p, one)))
                {
                    listed(batch, own, element, particle.required, &mut findings);
                }
                row += 1;
            }
        }
    }
    findings.row = None;
    findings.record = None;
    Ok(findings)
}

/// The head of a record.
fn head(record: &Record<'_>, seen: &mut [bool; 2], findings: &mut Findings) {
    for name in ["identifier", "datestamp"] {
        if record.head(name).is_none_or(str::is_empty) {
            findings.tell("oai.missing", NOWHERE, name, &[("parent", "header")]);
        }
    }
    if let Some(text) = record.head("identifier").filter(|text| !text.is_empty()) {
        characters("identifier", text, findings);
        if uri(text) {
            identifier(findings, text, NOWHERE);
        } else {
            findings.tell("oai.header.identifier", NOWHERE, "identifier", &[("value", text)]);
        }
    }
    if let Some(text) = record.head("datestamp").filter(|text| !text.is_empty()) {
        let own = granularity(text);
        if !utc(text) {
            findings.tell("oai.header.datestamp", NOWHERE, "datestamp", &[("value", text)]);
        } else if own.is_none() {
            findings.tell("oai.header.datestamp_form", NOWHERE, "datestamp", &[("value", text)]);
        }
        if let Some(own) = own {
            let (mine, other) = if own == Granularity::Day { (0, 1) } else { (1, 0) };
            if !std::mem::replace(&mut seen[mine], true) && seen[other] {
                let units =
                    [("value", text), ("what", own.unit()), ("other", if mine == 0 { "second" } else { "day" })];
                findings.tell("oai.header.granularity", NOWHERE, "datestamp", &units);
            }
        }
    }
    let sets = record.sets();
    for (at, set) in sets.iter().enumerate() {
        if !set_spec(set) {
            findings.tell("oai.setSpec", NOWHERE, "setSpec", &[("value", set)]);
        }
        if sets[..at].contains(set) {
            findings.tell("oai.header.set_twice", NOWHERE, "setSpec", &[("value", set)]);
        }
    }
}

/// The metadata of a record.
fn metadata(record: &Record<'_>, headers: bool, container: Option<&Container>, findings: &mut Findings) {
    let values = record.values();
    let about = |value: &&Value| value.element == "oai:about";
    let filled = values.iter().any(|value| !about(&value));
    if record.deleted() {
        for value in values.iter().take(1) {
            findings.tell("oai.header.deleted", NOWHERE, if about(&value) { "about" } else { "metadata" }, &[]);
        }
    } else if !filled && !headers {
        findings.tell("oai.record.metadata", NOWHERE, "record", &[]);
    }
    for value in &values {
        characters(value.element, value.text, findings);
        if let Some(container) = container.filter(|_| !value.element.starts_with("oai:")) {
            in_container(value, container, findings);
        }
    }
}

fn in_container(value: &Value<'_>, container: &Container, findings: &mut Findings) {
    let name = value.element;
    let rule = |own: &str| format!("{}{own}", container.format);
    let local = crate::xml::names::local(name);
    let known = container.elements.iter().find(|element| element.name == local && value.column != "extra");
    let Some(element) = known else {
        findings.tell(&rule(".element"), NOWHERE, name, &[]);
        return;
    };
    if let Content::Value(kind) = element.content
        && !(kind.holds)(value.text)
    {
        findings.tell(kind.rule, NOWHERE, name, &[("value", value.text)]);
    }
    if let Some(lang) = value.lang.filter(|lang| !language(lang)) {
        findings.tell(&rule(".lang"), NOWHERE, name, &[("value", lang)]);
    }
    if value.markup.is_some() {
        findings.tell(&rule(".markup"), NOWHERE, "an element", &[("parent", name)]);
    }
    for attribute in value.names() {
        if matches!(&*attribute, "xsi:type" | "xsi:nil") {
            findings.tell(&rule(".xsi"), NOWHERE, name, &[("value", &attribute)]);
        } else if !element.attributes.iter().any(|known| known.name == attribute) {
            findings.tell(&rule(".attribute"), NOWHERE, name, &[("value", &attribute)]);
        }
    }
}

/// A column of what a verb lists.
fn listed(columns: &Columns, row: usize, element: &Element, required: bool, findings: &mut Findings) {
    let Content::Value(kind) = element.content else { return };
    let values: Vec<&str> = match columns.get(element.name) {
        Some(Data::Text(text)) => text.get(row).into_iter().collect(),
        Some(data) => data
            .texts()
            .map_or_else(Vec::new, |(offsets, text)| range(offsets, row).map(|item| text.raw(item)).collect()),
        None => Vec::new(),
    };
    if required && values.is_empty() {
        findings.tell("oai.missing", NOWHERE, element.name, &[("parent", "the row")]);
    }
    for value in values {
        characters(element.name, value, findings);
        if !(kind.holds)(value) {
            findings.tell(kind.rule, NOWHERE, element.name, &[("value", value)]);
        }
    }
}

/// Characters that can't be written as XML.
fn characters(element: &str, text: &str, findings: &mut Findings) {
    if let Some(wrong) = text.chars().find(|c| !allowed(*c)) {
        let what = format!("U+{:04X} is no character of XML", u32::from(wrong));
        findings.tell("xml.character", NOWHERE, element, &[("what", &what)]);
    }
}
