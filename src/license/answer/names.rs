//! Ids, addresses, labels and titles; and the way back from an id or code.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use crate::license::data::other;
use crate::license::data::tables::{self, Tool, Unit, Version, rows};
use crate::license::recognise::address;
use crate::license::{License, Status, What};

impl License {
    /// The stable key, such as `cc-by-sa-3.0-nl`, `cc0-1.0`, `rs-inc`,
    /// `odbl-1.0`, `cc-by`, `public-domain`. `None` where nothing that exists
    /// is named: invalid, choice, conflict, none.
    #[must_use]
    pub fn id(&self) -> Option<String> {
        match self.what {
            What::Unit(..) if self.tool().is_some() => self.tool().map(id_of),
            What::Unit(unit, _, port) => {
                let port = port.map(tables::port_code).filter(|p| !p.is_empty());
                Some(port.map_or_else(|| format!("cc-{}", slug(unit)), |p| format!("cc-{}-{p}", slug(unit))))
            }
            What::CreativeCommons => Some("cc".to_owned()),
            What::Rights(n) => Some(format!("rs-{}", other::RIGHTS[usize::from(n)].to_ascii_lowercase())),
            What::Europeana(n) => Some(format!("eu-{}", other::EUROPEANA[usize::from(n)].0)),
            What::Other(n) => other::others().get(usize::from(n)).map(|o| o.id.to_ascii_lowercase()),
            What::Family(n) => other::families().get(usize::from(n)).map(|f| f.id.to_owned()),
            What::Statement(s) => Some(s.id().to_owned()),
            What::Foreign(n) => other::foreign_id(n).map(str::to_owned),
            What::Nothing | What::Impossible(_) | What::Unclear | What::Several => None,
        }
    }

    /// The family: `cc`, `cc-pd`, `rightsstatements`, `europeana`, `odc`, `gnu`, `other`, `statement`.
    #[must_use]
    pub fn family(&self) -> Option<&'static str> {
        Some(match self.what {
            What::Unit(u, ..) if u.public_domain() => "cc-pd",
            What::Unit(..) | What::CreativeCommons | What::Impossible(Some(_)) => "cc",
            What::Rights(_) => "rightsstatements",
            What::Europeana(_) => "europeana",
            What::Foreign(_) => "other",
            What::Other(_) | What::Family(_) => {
                let id = self.id().unwrap_or_default();
                if id.starts_with("gfdl") {
                    "gnu"
                } else if id.starts_with("od") || id.starts_with("pddl") {
                    "odc"
                } else {
                    "other"
                }
            }
            What::Statement(_) => "statement",
            What::Nothing | What::Several | What::Unclear | What::Impossible(None) => return None,
        })
    }

    /// The address, with https where its authority writes it so. Only an exact
    /// answer has one, and one for a part of the item ([`License::scope`]).
    #[must_use]
    pub fn uri(&self) -> Option<Cow<'static, str>> {
        self.address("https")
    }

    /// The address as RDF and EDM write it, with http.
    #[must_use]
    pub fn rdf_uri(&self) -> Option<Cow<'static, str>> {
        self.address("http")
    }

    fn address(&self, scheme: &str) -> Option<Cow<'static, str>> {
        if !matches!(self.status, Status::Exact | Status::Partial) {
            return None;
        }
        match self.what {
            What::Unit(..) => self.tool().map(|t| address::address(t.unit, t.version, t.port, scheme).into()),
            What::Rights(n) => {
                Some(format!("http://rightsstatements.org/vocab/{}/1.0/", other::RIGHTS[usize::from(n)]).into())
            }
            What::Europeana(n) => {
                Some(format!("http://www.europeana.eu/rights/{}/", other::EUROPEANA[usize::from(n)].0).into())
            }
            What::Other(n) => other::others()
                .get(usize::from(n))
                .map(|o| format!("{scheme}://spdx.org/licenses/{}.html", o.id).into()),
            _ => None,
        }
    }

    /// The address in the spelling a target wants: `iiif`, `edm`, `rdf`, `html`,
    /// `spdx`, `dcterms`.
    #[must_use]
    pub fn uri_for(&self, target: &str) -> Option<String> {
        // a field for the item can't hold the licence of a part
        if self.status == Status::Partial {
            return None;
        }
        match target.to_ascii_lowercase().as_str() {
            // IIIF Presentation 3 asks for the RDF spelling of its two vocabularies
            "iiif" => match self.what {
                What::Unit(..) | What::Rights(_) => self.rdf_uri().map(Cow::into_owned),
                _ => None,
            },
            "edm" | "europeana" | "rdf" | "ccrel" | "dpla" => self.rdf_uri().map(Cow::into_owned),
            "spdx" => self.spdx_expression(),
            "html" | "dcterms" | "dc" | "web" | "schema.org" | "nba" | "gbif" | "dwc" => {
                self.uri().map(Cow::into_owned)
            }
            _ => None,
        }
    }

    /// The SPDX identifier, when the list has one.
    #[must_use]
    pub fn spdx(&self) -> Option<&'static str> {
        match self.what {
            What::Unit(..) => self.tool().and_then(other::spdx_of),
            What::Other(n) => other::others().get(usize::from(n)).map(|o| o.id),
            _ => None,
        }
    }

    /// An SPDX expression: the identifier, or a `LicenseRef` for a tool without one.
    #[must_use]
    pub fn spdx_expression(&self) -> Option<String> {
        if let Some(id) = self.spdx() {
            return Some(id.to_owned());
        }
        match self.what {
            What::Unit(..) => self.tool().map(|t| {
                let port = tables::port_code(t.port).to_ascii_uppercase();
                let gap = if port.is_empty() { "" } else { "-" };
                format!("LicenseRef-CC-{}-{}{gap}{port}", slug(t.unit).to_ascii_uppercase(), t.version.text())
            }),
            What::Rights(n) => Some(format!("LicenseRef-RightsStatements-{}-1.0", other::RIGHTS[usize::from(n)])),
            _ => None,
        }
    }

    /// A short label, such as `CC BY-SA 3.0 NL`.
    #[must_use]
    pub fn label(&self) -> Option<String> {
        match self.what {
            What::Unit(unit, _, port) => Some(self.tool().map_or_else(
                || {
                    let port = port
                        .map(tables::port_code)
                        .filter(|p| !p.is_empty())
                        .map_or(String::new(), |p| format!(" {}", p.to_ascii_uppercase()));
                    format!("{}{port}", unit_label(unit))
                },
                label_of,
            )),
            What::CreativeCommons => Some("Creative Commons".to_owned()),
            What::Europeana(n) => Some(other::EUROPEANA[usize::from(n)].1.to_owned()),
            What::Statement(s) => Some(s.label().to_owned()),
            What::Rights(_) | What::Other(_) | What::Family(_) => self.title("en"),
            What::Foreign(n) => other::foreign_id(n).map(str::to_owned),
            What::Nothing | What::Impossible(_) | What::Unclear | What::Several => None,
        }
    }

    /// The title in a language, or in the nearest language that has one, then in English.
    #[must_use]
    pub fn title(&self, language: &str) -> Option<String> {
        match self.what {
            What::Unit(unit, version, port) => Some(title(unit, version, port.unwrap_or(0), language)),
            What::Rights(n) => {
                let tag = language_tag(language);
                let find = |l: &str| other::rights_labels().find(|r| r.0 == n && r.1 == l).map(|r| r.2.to_owned());
                find(&tag).or_else(|| find(base(&tag))).or_else(|| find("en"))
            }
            What::Other(n) => other::others().get(usize::from(n)).map(|o| o.name.to_owned()),
            What::Family(n) => {
                other::families().get(usize::from(n)).and_then(|f| f.names.split(" | ").next()).map(str::to_owned)
            }
            _ => self.label(),
        }
    }

    /// The Wikidata item of a free tool.
    #[must_use]
    pub fn wikidata(&self) -> Option<&'static str> {
        let key = self.tool()?.key();
        rows::<2>(include_str!("../data/wikidata.tsv")).find(|r| r[0] == key).map(|r| r[1])
    }

    /// The template of Wikimedia Commons for a free tool or statement.
    #[must_use]
    pub fn commons_template(&self) -> Option<String> {
        if self.status == Status::Partial {
            return None;
        }
        match self.what {
            What::Rights(8) => Some("NoC-US".to_owned()),
            What::Rights(11) => Some("NKC".to_owned()),
            _ => {
                let t = self.tool()?;
                match t.unit {
                    Unit::Zero => Some("cc-zero".to_owned()),
                    Unit::By | Unit::BySa | Unit::Sa => Some(id_of(t)),
                    _ => None,
                }
            }
        }
    }
}

/// A unit in ids, where `+` can't stand.
fn slug(unit: Unit) -> &'static str {
    match unit {
        Unit::SamplingPlus => "sampling-plus",
        Unit::NcSamplingPlus => "nc-sampling-plus",
        _ => unit.code(),
    }
}

pub(crate) fn id_of(t: Tool) -> String {
    match t.unit {
        Unit::Zero => "cc0-1.0".to_owned(),
        Unit::Mark => "cc-pdm-1.0".to_owned(),
        _ => {
            let port = tables::port_code(t.port);
            let gap = if port.is_empty() { "" } else { "-" };
            format!("cc-{}-{}{gap}{port}", slug(t.unit), t.version.text())
        }
    }
}

fn unit_label(unit: Unit) -> String {
    match unit {
        Unit::Zero => "CC0".to_owned(),
        Unit::Mark => "Public Domain Mark".to_owned(),
        Unit::Certification => "CC PDDC".to_owned(),
        Unit::Sampling => "CC Sampling".to_owned(),
        Unit::SamplingPlus => "CC Sampling Plus".to_owned(),
        Unit::NcSamplingPlus => "CC NonCommercial Sampling Plus".to_owned(),
        Unit::DevNations => "CC Developing Nations".to_owned(),
        _ => ["CC ", &unit.code().to_ascii_uppercase()].concat(),
    }
}

/// `CC BY-SA 3.0 NL`
pub(crate) fn label_of(t: Tool) -> String {
    let port = tables::port_code(t.port);
    let mut label = unit_label(t.unit);
    label.reserve(14);
    label.push(' ');
    label.push_str(t.version.text());
    if !port.is_empty() {
        label.push(' ');
        label.push_str(&port.to_ascii_uppercase());
    }
    label
}

type Names = HashMap<(&'static str, &'static str), &'static str>;

static UNIT_NAMES: LazyLock<Names> = LazyLock::new(|| load(include_str!("../data/names.tsv")));
static PLACE_NAMES: LazyLock<Names> = LazyLock::new(|| load(include_str!("../data/places.tsv")));

fn load(table: &'static str) -> Names {
    rows::<3>(table).map(|[language, key, names]| ((language, key), names.split(" | ").next().unwrap_or(""))).collect()
}

/// A title from its parts: unit, version, jurisdiction.
fn title(unit: Unit, version: Option<Version>, port: tables::Port, language: &str) -> String {
    let tag = language_tag(language);
    let found =
        [&*tag, base(&tag), "en"].into_iter().find(|l| UNIT_NAMES.contains_key(&(*l, unit.code()) as &(&str, &str)));
    let language = found.unwrap_or("en");
    let name = UNIT_NAMES.get(&(language, unit.code()) as &(&str, &str)).copied().unwrap_or(unit.code());
    let Some(version) = version else {
        return name.to_owned();
    };
    if unit == Unit::DevNations {
        return format!("{name} {}", version.text());
    }
    let generic;
    let key = if port != 0 {
        tables::port_code(port)
    } else if unit.public_domain() {
        "gz"
    } else {
        generic = ["g", version.text()].concat();
        generic.as_str()
    };
    let place =
        [language, base(language), "en"].into_iter().find_map(|l| PLACE_NAMES.get(&(l, key) as &(&str, &str)).copied());
    let place = place.unwrap_or_else(|| tables::port_name(port));
    let sampling = matches!(unit, Unit::Sampling | Unit::SamplingPlus | Unit::NcSamplingPlus);
    if place.is_empty() || (sampling && port == 0) {
        format!("{name} {}", version.text())
    } else {
        format!("{name} {} {place}", version.text())
    }
}

fn base(tag: &str) -> &str {
    tag.split('-').next().unwrap_or(tag)
}

static ALIASES: LazyLock<Vec<[&str; 2]>> = LazyLock::new(|| rows::<2>(include_str!("../data/languages.tsv")).collect());

/// A language tag in lower case with hyphens, aliases of Creative Commons undone.
pub(crate) fn language_tag(tag: &str) -> Box<str> {
    let clean: String = tag
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '@'))
        .map(|c| if matches!(c, '_' | '@') { '-' } else { c.to_ascii_lowercase() })
        .collect();
    ALIASES.iter().find(|r| r[0] == clean).map_or_else(|| clean.as_str().into(), |r| r[1].into())
}

#[cfg(test)]
mod tests {
    use super::language_tag;
    use crate::license::parse;

    #[test]
    fn titles_fall_back() {
        let l = parse("CC BY 4.0");
        assert_eq!(l.title("nl-BE").as_deref(), Some("Naamsvermelding 4.0 Internationaal"));
        assert_eq!(l.title("xx").as_deref(), Some("Attribution 4.0 International"));
        assert_eq!(parse("CC0").title("de").as_deref(), Some("CC0 1.0 Universell"));
    }

    #[test]
    fn language_aliases() {
        assert_eq!(&*language_tag("zh_TW"), "zh-hant");
        assert_eq!(&*language_tag("sr@latin"), "sr-latn");
        assert_eq!(&*language_tag("nl"), "nl");
    }
}
