//! The way back: from an id, an address or a code of one system.

use crate::license::License;
use crate::license::answer::names::id_of;
use crate::license::data::other;
use crate::license::data::tables::{self, Tool, rows};
use crate::license::recognise::address;
use crate::license::recognise::claim::{Claim, Jurisdiction, Rule, Statement, Subject};
use crate::license::resolve::conflicts;
use crate::license::resolve::tool::finalize;

/// The licence of an id, an SPDX identifier or an address, and nothing looser.
#[must_use]
pub fn lookup(key: &str) -> Option<License> {
    let key = key.trim();
    let by_id = tables::all_tools().find(|t| id_of(*t).eq_ignore_ascii_case(key));
    if let Some(t) = by_id {
        let port = if t.port == 0 { Jurisdiction::Generic } else { Jurisdiction::Port(t.port) };
        return Some(conflicts::of(key, Subject::Tool(t.unit.elements()), Some(t.version), port, Rule::Identifier));
    }
    let lower = key.to_ascii_lowercase();
    if let Some(n) = lower.strip_prefix("rs-").and_then(other::rights_statement_by_id) {
        return Some(conflicts::of(key, Subject::Rights(n), None, Jurisdiction::NotStated, Rule::Identifier));
    }
    if let Some(n) = lower.strip_prefix("eu-").and_then(other::europeana_by_id) {
        return Some(conflicts::of(key, Subject::Europeana(n), None, Jurisdiction::NotStated, Rule::Identifier));
    }
    let mut c = Claim::new(Rule::Identifier, 0, key.len());
    if other::by_spdx(&mut c, key) {
        return Some(License { raw: key.into(), ..finalize(c) });
    }
    let license = crate::license::parse(key);
    (license.rule == Rule::Address && license.uri().is_some()).then_some(license)
}

/// The addresses of everything that has one.
pub fn uris() -> impl Iterator<Item = String> {
    let tools = tables::all_tools().map(|t| address::address(t.unit, t.version, t.port, "https"));
    let rights = other::RIGHTS.iter().map(|id| format!("http://rightsstatements.org/vocab/{id}/1.0/"));
    let europeana = other::EUROPEANA.iter().map(|e| format!("http://www.europeana.eu/rights/{}/", e.0));
    let others = other::others().iter().map(|o| format!("https://spdx.org/licenses/{}.html", o.id));
    tools.chain(rights).chain(europeana).chain(others)
}

/// The licence of a number or name that means something in one system only:
/// `flickr`, `inaturalist`, `gbif`. Unknown codes are `None`.
#[must_use]
pub fn from_code(system: &str, code: &str) -> Option<License> {
    let code = code.trim();
    let system = system.to_ascii_lowercase();
    let meaning =
        rows::<3>(include_str!("../data/codes.tsv")).find(|r| r[0] == system && r[1].eq_ignore_ascii_case(code))?[2];
    let tool = Tool::from_key(meaning);
    Some(match (tool, meaning) {
        (Some(t), _) => conflicts::of(
            code,
            Subject::Tool(t.unit.elements()),
            Some(t.version),
            Jurisdiction::Generic,
            Rule::SystemCode,
        ),
        (_, "all-rights-reserved") => statement(code, Statement::AllRightsReserved),
        (_, "public-domain") => statement(code, Statement::PublicDomain),
        (_, "no-known-copyright") => statement(code, Statement::NoKnownCopyright),
        (_, "gfdl") => {
            let mut c = Claim::new(Rule::SystemCode, 0, code.len());
            other::by_family(&mut c, "gfdl");
            License { raw: code.into(), ..finalize(c) }
        }
        _ => conflicts::none(code),
    })
}

fn statement(code: &str, statement: Statement) -> License {
    conflicts::of(code, Subject::Statement(statement), None, Jurisdiction::NotStated, Rule::SystemCode)
}
