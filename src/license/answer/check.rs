//! May it be used for this? Each answer has a reason and the fact it stands on.

use crate::license::answer::names;
use crate::license::answer::permissions::Grant;
use crate::license::data::other;
use crate::license::data::tables::{Tool, Unit, Version, el, rows};
use crate::license::recognise::claim::{Statement, Warnings};
use crate::license::{Basis, License, Reason, Status, What};

/// A use to check for.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Use {
    /// Upload to Wikimedia Commons
    Commons,
    /// A dataset published through GBIF
    Gbif,
    /// `edm:rights` of Europeana
    Europeana,
    /// The Open Definition
    OpenDefinition,
    /// Commercial use
    Commercial,
    /// Sharing of changed versions
    Derivatives,
    /// Sharing of copies
    Redistribution,
    /// CC0, Public Domain Mark, BY or BY-SA
    Open,
}

impl Use {
    /// What can be asked for, and what it means.
    pub const NAMES: [(&'static str, &'static str); 8] = [
        ("commons", "upload to Wikimedia Commons"),
        ("gbif", "a dataset published through GBIF"),
        ("europeana", "edm:rights of Europeana"),
        ("open_definition", "the Open Definition"),
        ("open", "CC0, Public Domain Mark, BY or BY-SA"),
        ("commercial", "commercial use"),
        ("derivatives", "sharing of changed versions"),
        ("redistribution", "sharing of copies"),
    ];

    /// The use of a name such as `commons` or `open_definition`.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Use> {
        Some(match name.to_ascii_lowercase().replace('-', "_").as_str() {
            "commons" => Use::Commons,
            "gbif" | "gbif_dataset" => Use::Gbif,
            "europeana" => Use::Europeana,
            "open_definition" => Use::OpenDefinition,
            "commercial" => Use::Commercial,
            "derivatives" => Use::Derivatives,
            "redistribution" | "redistribute" => Use::Redistribution,
            "open" => Use::Open,
            _ => return None,
        })
    }
}

/// The answer to a check.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Verdict {
    /// Yes
    Yes,
    /// No
    No,
    /// Yes, if the condition of the reason is met.
    Conditional,
    /// The text does not say enough.
    Unknown,
}

impl Verdict {
    /// The name of the verdict.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Verdict::Yes => "yes",
            Verdict::No => "no",
            Verdict::Conditional => "conditional",
            Verdict::Unknown => "unknown",
        }
    }
}

/// A verdict, its reason, and the row of the table it stands on.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Answer {
    /// The verdict.
    pub verdict: Verdict,
    /// The reason as a stable code.
    pub reason: &'static str,
    /// The fact used: table and key.
    pub row: Option<String>,
    /// What to write or ask for: a template, an address, an accepted licence.
    pub hint: Vec<String>,
}

fn answer(verdict: Verdict, reason: &'static str) -> Answer {
    Answer { verdict, reason, row: None, hint: Vec::new() }
}

impl Answer {
    fn row(mut self, table: &str, key: &str) -> Answer {
        self.row = Some(format!("{table}: {key}"));
        self
    }

    fn hint(mut self, text: impl Into<String>) -> Answer {
        self.hint.push(text.into());
        self
    }
}

impl License {
    /// Checks the licence for a use. Information, not legal advice.
    #[must_use]
    pub fn check(&self, r#use: Use) -> Answer {
        match r#use {
            Use::Commercial => self.permission(self.permissions().commercial),
            Use::Derivatives => self.permission(self.permissions().derivatives),
            Use::Redistribution => self.permission(self.permissions().redistribution),
            _ => {
                let found = self.listed(r#use);
                let grants = matches!(found.verdict, Verdict::Yes | Verdict::Conditional);
                if grants && self.warnings.has(Warnings::PART_ONLY) {
                    return self.reserved(Reason::Partial);
                }
                found
            }
        }
    }

    /// Unknown, for a reason that words give: the words are the hint.
    fn reserved(&self, reason: Reason) -> Answer {
        let mut found = answer(Verdict::Unknown, reason.id());
        found.hint = self.detail.as_ref().map(|d| d.words.clone()).unwrap_or_default();
        found
    }

    fn permission(&self, grant: Grant) -> Answer {
        let row = self.row_key();
        let found = match grant {
            Grant::Yes => answer(Verdict::Yes, "permitted"),
            Grant::No => answer(Verdict::No, "not-permitted"),
            Grant::Restricted => answer(Verdict::Conditional, "partly-permitted"),
            Grant::Unknown => match self.reason() {
                Some(reason) => self.reserved(reason),
                None => answer(Verdict::Unknown, self.unknown_reason()),
            },
        };
        match row {
            Some(key) if grant != Grant::Unknown => found.row("tools", &key),
            _ => found,
        }
    }

    fn row_key(&self) -> Option<String> {
        self.tool().map(Tool::key).or_else(|| self.unit().map(|u| u.code().to_owned()))
    }

    fn unknown_reason(&self) -> &'static str {
        match self.status {
            Status::None => "nothing-stated",
            Status::Invalid => "no-such-licence",
            Status::Conflict => "conflict",
            Status::Choice => "choice",
            Status::Statement => "statement-only",
            Status::Unclear => "unread-words",
            Status::Partial => "partial",
            Status::Unversioned if self.warnings.has(Warnings::UNCLEAR) => "unit-unclear",
            Status::Exact | Status::Unversioned => "not-in-table",
        }
    }

    fn listed(&self, r#use: Use) -> Answer {
        match self.status {
            Status::None | Status::Invalid => {
                return answer(Verdict::Unknown, self.unknown_reason());
            }
            Status::Unclear => {
                return self.reserved(self.reason().unwrap_or(Reason::Unread));
            }
            Status::Choice => return self.choice(r#use),
            Status::Conflict => return self.conflict(r#use),
            Status::Exact | Status::Unversioned | Status::Partial | Status::Statement => {}
        }
        if self.warnings.has(Warnings::UNCLEAR) || matches!(self.what, What::CreativeCommons) {
            return answer(Verdict::Unknown, self.unknown_reason());
        }
        match r#use {
            Use::Commons => self.commons(),
            Use::Gbif => self.gbif(),
            Use::Europeana => self.europeana(),
            Use::OpenDefinition => self.open_definition(),
            _ => self.open(),
        }
    }

    /// "Or": the reader may choose, so one part that fits is enough on that condition.
    fn choice(&self, r#use: Use) -> Answer {
        let parts: Vec<Verdict> = self.parts().iter().map(|p| p.check(r#use).verdict).collect();
        if parts.iter().any(|v| matches!(v, Verdict::Yes | Verdict::Conditional)) {
            answer(Verdict::Conditional, "choice")
        } else if !parts.is_empty() && parts.iter().all(|v| *v == Verdict::No) {
            answer(Verdict::No, "choice")
        } else {
            answer(Verdict::Unknown, "choice")
        }
    }

    fn conflict(&self, r#use: Use) -> Answer {
        let denied = self.forbidden & (el::NC | el::ND | el::ALL) != 0
            && matches!(r#use, Use::Commons | Use::OpenDefinition | Use::Open);
        let refused = denied || self.parts().iter().any(|p| p.check(r#use).verdict == Verdict::No);
        answer(if refused { Verdict::No } else { Verdict::Unknown }, "conflict")
    }

    fn commons(&self) -> Answer {
        let key = self.row_key().unwrap_or_default();
        match self.what {
            What::Unit(Unit::Mark | Unit::Certification, ..) => {
                answer(Verdict::Conditional, "needs-public-domain-reason").row("tools", &key).hint("PD-*")
            }
            What::Unit(unit @ (Unit::By | Unit::BySa | Unit::Sa | Unit::Zero), version, _) => {
                if version.is_none() {
                    return answer(Verdict::Conditional, "version-unstated").row("tools", unit.code());
                }
                let template = self.commons_template().unwrap_or_default();
                let found = if self.basis == Basis::Constant {
                    answer(Verdict::Conditional, "constant-licence")
                } else if self.warnings.has(Warnings::HOLDER) {
                    answer(Verdict::Conditional, "holder-contradicts")
                } else {
                    answer(Verdict::Yes, "free-licence")
                };
                found.row("tools", &key).hint(template)
            }
            What::Unit(..) => answer(Verdict::No, "not-free").row("tools", &key),
            What::Rights(n @ (8 | 11)) => answer(Verdict::Conditional, "needs-public-domain-reason")
                .row("rightsstatements", other::RIGHTS[usize::from(n)])
                .hint(self.commons_template().unwrap_or_default()),
            What::Rights(n) => answer(Verdict::No, "not-free").row("rightsstatements", other::RIGHTS[usize::from(n)]),
            What::Statement(Statement::PublicDomain | Statement::NoKnownCopyright) => {
                answer(Verdict::Conditional, "needs-public-domain-reason").hint("PD-*")
            }
            What::Statement(Statement::AllRightsReserved) => answer(Verdict::No, "rights-reserved"),
            What::Europeana(_) => answer(Verdict::No, "not-free"),
            What::Other(_) | What::Family(_) => self.in_lists(Use::Commons),
            _ => answer(Verdict::Unknown, self.unknown_reason()),
        }
    }

    /// What the lists of others state about a licence outside Creative Commons. A family without a version is
    /// accepted on the condition that its version is.
    fn in_lists(&self, r#use: Use) -> Answer {
        let id = self.id().unwrap_or_default();
        let row = rows::<6>(include_str!("../data/acceptance.tsv"))
            .find(|[prefix, listed, ..]| id.starts_with(prefix) && Use::from_name(listed) == Some(r#use));
        let Some([_, _, verdict, reason, table, hint]) = row else {
            return answer(Verdict::Unknown, "not-listed");
        };
        let found = match (verdict, self.status) {
            ("yes", Status::Unversioned) => answer(Verdict::Conditional, "version-unstated"),
            ("yes", _) => answer(Verdict::Yes, reason),
            ("conditional", _) => answer(Verdict::Conditional, reason),
            _ => answer(Verdict::No, reason),
        };
        let found = found.row(table, &id);
        if hint.is_empty() { found } else { found.hint(hint) }
    }

    fn gbif(&self) -> Answer {
        const ACCEPTED: [(Unit, Version); 3] =
            [(Unit::Zero, Version::V1_0), (Unit::By, Version::V4_0), (Unit::ByNc, Version::V4_0)];
        match self.what {
            What::Unit(unit, version, port) => {
                let listed = ACCEPTED.iter().find(|a| a.0 == unit);
                let key = self.row_key().unwrap_or_default();
                match (listed, version) {
                    (Some(a), Some(v)) if a.1 == v && port.unwrap_or(0) == 0 => {
                        answer(Verdict::Yes, "accepted").row("gbif", &key)
                    }
                    (Some(_), None) => answer(Verdict::Conditional, "version-unstated").row("gbif", &key),
                    (Some(a), _) => answer(Verdict::No, "other-version-needs-rights-holder")
                        .row("gbif", &key)
                        .hint(names::label_of(Tool { unit: a.0, version: a.1, port: 0 })),
                    (None, _) => answer(Verdict::No, "not-accepted").row("gbif", &key),
                }
            }
            What::Statement(Statement::AllRightsReserved) => answer(Verdict::No, "rights-reserved"),
            What::Statement(_) => answer(Verdict::Unknown, "statement-only"),
            _ => answer(Verdict::No, "not-accepted").row("gbif", &self.id().unwrap_or_default()),
        }
    }

    fn europeana(&self) -> Answer {
        match self.what {
            What::Unit(..) => {
                let Some(tool) = self.tool() else {
                    return answer(Verdict::Conditional, "version-unstated");
                };
                let found = if tool.in_europeana() {
                    answer(Verdict::Yes, "accepted").hint(self.rdf_uri().unwrap_or_default())
                } else {
                    answer(Verdict::No, "not-accepted")
                };
                found.row("europeana", &tool.key())
            }
            What::Rights(n) => {
                let found = if matches!(n, 0 | 1 | 2 | 6 | 7 | 9) {
                    answer(Verdict::Yes, "accepted").hint(self.rdf_uri().unwrap_or_default())
                } else {
                    answer(Verdict::No, "not-accepted")
                };
                found.row("rightsstatements", other::RIGHTS[usize::from(n)])
            }
            What::Europeana(n) => answer(Verdict::No, "withdrawn").row("europeana", other::EUROPEANA[usize::from(n)].0),
            What::Statement(_) => answer(Verdict::Unknown, "statement-only"),
            What::Other(_) | What::Family(_) => {
                answer(Verdict::No, "not-accepted").row("europeana", &self.id().unwrap_or_default())
            }
            _ => answer(Verdict::No, "not-accepted"),
        }
    }

    fn open_definition(&self) -> Answer {
        match self.what {
            What::Unit(unit, version, port) => {
                let key = self.row_key().unwrap_or_default();
                let p = crate::license::answer::permissions::of_unit(unit);
                match (unit, version) {
                    (Unit::Zero, Some(_)) => answer(Verdict::Yes, "approved").row("okfn", &key),
                    (Unit::By | Unit::BySa, Some(Version::V4_0)) if port.unwrap_or(0) == 0 => {
                        answer(Verdict::Yes, "approved").row("okfn", &key)
                    }
                    (Unit::By | Unit::BySa, None) => answer(Verdict::Conditional, "version-unstated").row("okfn", &key),
                    _ if p.commercial == Grant::No || p.derivatives == Grant::No => {
                        answer(Verdict::No, "rejected").row("okfn", &key)
                    }
                    _ => answer(Verdict::Unknown, "not-listed"),
                }
            }
            What::Other(_) | What::Family(_) => self.in_lists(Use::OpenDefinition),
            What::Statement(Statement::AllRightsReserved) => answer(Verdict::No, "rights-reserved"),
            What::Rights(3 | 6) => answer(Verdict::No, "no-commercial-use"),
            _ => answer(Verdict::Unknown, self.unknown_reason()),
        }
    }

    fn open(&self) -> Answer {
        match self.what {
            What::Unit(unit @ (Unit::Zero | Unit::Mark | Unit::By | Unit::BySa), version, _) => {
                let key = self.row_key().unwrap_or_default();
                if version.is_none() {
                    answer(Verdict::Conditional, "version-unstated").row("tools", unit.code())
                } else if self.basis == Basis::Assumed {
                    answer(Verdict::Conditional, "version-assumed").row("tools", &key)
                } else {
                    answer(Verdict::Yes, "open-unit").row("tools", &key)
                }
            }
            What::Unit(..) | What::Rights(_) | What::Europeana(_) | What::Other(_) | What::Family(_) => {
                answer(Verdict::No, "not-open-unit").row("tools", &self.id().unwrap_or_default())
            }
            What::Statement(Statement::AllRightsReserved) => answer(Verdict::No, "rights-reserved"),
            _ => answer(Verdict::Unknown, self.unknown_reason()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::license::{Version, parse};

    fn verdict(text: &str, name: &str) -> (&'static str, &'static str) {
        let a = parse(text).check(Use::from_name(name).expect("a use"));
        (a.verdict.id(), a.reason)
    }

    #[test]
    fn commons() {
        assert_eq!(verdict("CC BY-SA 3.0 NL", "commons"), ("yes", "free-licence"));
        assert_eq!(verdict("CC BY-SA", "commons"), ("conditional", "version-unstated"));
        assert_eq!(verdict("CC BY-NC", "commons"), ("no", "not-free"));
        assert_eq!(verdict("public domain", "commons").0, "conditional");
        assert_eq!(verdict("CC0 4.0", "commons").0, "unknown");
        assert_eq!(verdict("", "commons").0, "unknown");
        assert_eq!(parse("CC0 1.0").constant().check(Use::Commons).reason, "constant-licence");
    }

    #[test]
    fn lists() {
        assert_eq!(verdict("CC BY 4.0", "gbif").0, "yes");
        assert_eq!(verdict("CC BY 3.0", "gbif").0, "no");
        assert_eq!(verdict("CC BY-SA 2.0 ZA", "europeana").0, "no");
        assert_eq!(verdict("CC BY-SA 4.0", "europeana").0, "yes");
        assert_eq!(verdict("CC BY 4.0", "open_definition").0, "yes");
        assert_eq!(verdict("ODbL", "open_definition").0, "yes");
        assert_eq!(verdict("GFDL 1.3", "open_definition"), ("unknown", "not-listed"));
        assert_eq!(verdict("Licence Art Libre 1.3", "commons"), ("conditional", "listed-with-conditions"));
        assert_eq!(parse("ODbL 1.0").check(Use::Europeana).row.as_deref(), Some("europeana: odbl-1.0"));
        assert_eq!(verdict("CC BY-ND 3.0", "derivatives").0, "no");
        assert_eq!(verdict("public domain", "commercial").0, "unknown");
        assert_eq!(verdict("CC BY-NC 4.0", "open").0, "no");
        assert_eq!(parse("CC BY").assume_version(Version::V4_0).check(Use::Open).reason, "version-assumed");
    }

    #[test]
    fn conflicts_never_say_yes() {
        assert_eq!(verdict("CC BY 4.0, no commercial use", "commercial").0, "no");
        assert_eq!(verdict("CC BY 4.0. All rights reserved", "open").0, "no");
        assert_eq!(verdict("CC BY-SA 4.0 or CC BY-NC 4.0", "commons"), ("conditional", "choice"));
    }
}
