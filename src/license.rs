//! Rights statements: from any text to a licence that can be trusted, or to the reason why there is none.
//!
//! The identity of a Creative Commons tool is its unit, version and jurisdiction, and only the 639 tools that exist
//! are named. A text that is not understood to its last word names none: `CC BY` has no address, `CC0 4.0` names no
//! tool. No answer grants more than the text does. The answers are information, not legal advice.

mod answer;
mod data;
mod lex;
mod recognise;
mod resolve;

use std::ops::Range;

pub use answer::attribution::{Attribution, Style, Work};
pub use answer::check::{Answer, Use, Verdict};
pub use answer::combine::{Combined, adapter, combine, remix};
pub use answer::lookup::{from_code, lookup, uris};
pub use answer::nba::{NbaValue, nba_value, nba_values};
pub use answer::permissions::{Grant, Permissions};
pub use answer::status::{Basis, Reason, Status};
use data::tables::{self, Port, Tool};
pub use data::tables::{Unit, Version};
use recognise::claim::Warnings;
pub use recognise::claim::{Rule, Statement};
pub use resolve::fields::{Field, Policy, prefer};
use resolve::{binding, conflicts};

/// What a licence is about.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum What {
    Nothing,
    CreativeCommons,
    Unit(Unit, Option<Version>, Option<Port>),
    Rights(u8),
    Europeana(u8),
    Other(u8),
    Family(u8),
    Statement(Statement),
    Impossible(Option<Unit>),
    /// A licence that is named beside others only.
    Foreign(u8),
    /// A licence that words beside it keep from being one.
    Unclear,
    Several,
}

/// One reading of one place in the text.
#[derive(Clone, PartialEq, Debug)]
pub struct Evidence {
    /// The place in bytes.
    pub span: Range<usize>,
    /// The rule that read it.
    pub rule: Rule,
    /// What it was read as: an id, or what it claims.
    pub reading: String,
}

#[derive(Clone, PartialEq, Debug, Default)]
pub(crate) struct Detail {
    pub holder: Option<String>,
    pub claimed: Option<String>,
    pub suggestions: Vec<String>,
    pub parts: Vec<License>,
    pub evidence: Vec<Evidence>,
    pub reason: Option<Reason>,
    /// The words the reason stands on, or those that name a part of the item.
    pub words: Vec<String>,
}

/// A rights statement as it was understood.
#[derive(Clone, PartialEq, Debug)]
pub struct License {
    raw: Box<str>,
    what: What,
    status: Status,
    basis: Basis,
    rule: Rule,
    warnings: Warnings,
    /// Elements that words beside the licence ask for.
    forbidden: u16,
    span: Option<(u32, u32)>,
    deed: Option<Box<str>>,
    detail: Option<Box<Detail>>,
}

/// The content of an answer, apart from the text it was read from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Sense {
    what: What,
    status: Status,
    basis: Basis,
    rule: Rule,
    warnings: Warnings,
    forbidden: u16,
}

/// Options of [`parse_with`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Options {
    /// The version to assume where none is stated; recorded in the basis.
    pub assume_version: Option<Version>,
    /// The value is one for a whole source, not for the item.
    pub constant: bool,
}

/// What the record of a rights statement contains beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Context<'a> {
    /// Creators, publishers, titles and holders: names that the statement may repeat.
    pub names: &'a [&'a str],
    /// The other rights values of the record.
    pub rights: &'a [&'a str],
}

/// Reads a rights statement.
#[must_use]
pub fn parse(text: &str) -> License {
    conflicts::one(text, &[])
}

/// Reads a rights statement as one of a record: names of the record have a role in it, and what the
/// record's other rights values restrict, deny or limit to a part binds its licence.
#[must_use]
pub fn parse_in(text: &str, options: Options, context: Context<'_>) -> License {
    let names: Vec<_> = context.names.iter().map(|name| lex::fold::fold(name, false)).collect();
    let license = options.apply(conflicts::one(text, &names));
    let others: Vec<License> = context.rights.iter().map(|value| parse_with(value, options)).collect();
    binding::bind(license, &others.iter().collect::<Vec<_>>())
}

/// Reads a rights statement with options.
#[must_use]
pub fn parse_with(text: &str, options: Options) -> License {
    options.apply(conflicts::one(text, &[]))
}

impl Options {
    fn apply(self, mut license: License) -> License {
        if self.constant {
            license.basis = Basis::Constant;
        }
        match self.assume_version {
            Some(version) => license.assume_version(version),
            None => license,
        }
    }
}

/// All licences and statements of a text, each with its span.
#[must_use]
pub fn parse_all(text: &str) -> Vec<License> {
    conflicts::all(text)
}

impl License {
    /// The text that was read.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// How much of a licence the text states.
    #[must_use]
    pub fn status(&self) -> Status {
        self.status
    }

    /// What the answer stands on.
    #[must_use]
    pub fn basis(&self) -> Basis {
        self.basis
    }

    /// The rule that read the text.
    #[must_use]
    pub fn rule(&self) -> Rule {
        self.rule
    }

    /// The tool, when it is one that exists.
    pub(crate) fn tool(&self) -> Option<Tool> {
        match self.what {
            What::Unit(unit, Some(version), port) if matches!(self.status, Status::Exact | Status::Partial) => {
                Some(Tool { unit, version, port: port.unwrap_or(0) })
            }
            _ => None,
        }
    }

    /// The Creative Commons unit; `None` where the text names none or an impossible tool.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        match self.what {
            What::Unit(unit, ..) => Some(unit),
            _ => None,
        }
    }

    /// The version, when it is stated and exists.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        match self.what {
            What::Unit(_, version, _) => version,
            _ => None,
        }
    }

    /// The jurisdiction: `None` where it is not stated, `""` for the generic tool.
    #[must_use]
    pub fn jurisdiction(&self) -> Option<&'static str> {
        match self.what {
            What::Unit(unit, version, port) => match port {
                Some(p) => Some(tables::port_code(p)),
                None if version == Some(Version::V4_0) || matches!(unit, Unit::Zero | Unit::Mark) => Some(""),
                None => None,
            },
            _ => None,
        }
    }

    /// The English name of the jurisdiction of a port.
    #[must_use]
    pub fn jurisdiction_name(&self) -> Option<&'static str> {
        match self.what {
            What::Unit(_, _, Some(p)) => Some(tables::port_name(p)).filter(|n| !n.is_empty()),
            _ => None,
        }
    }

    /// The statement, when that is all the text makes.
    #[must_use]
    pub fn statement(&self) -> Option<Statement> {
        match self.what {
            What::Statement(s) => Some(s),
            _ => None,
        }
    }

    /// The language of the deed or legal code that an address names.
    #[must_use]
    pub fn deed_language(&self) -> Option<&str> {
        self.deed.as_deref()
    }

    /// The place of the reading in bytes of the raw text.
    #[must_use]
    pub fn span(&self) -> Option<Range<usize>> {
        self.span.map(|(a, b)| a as usize..b as usize)
    }

    /// The place of the reading in characters of the raw text.
    #[must_use]
    pub fn char_span(&self) -> Option<Range<usize>> {
        let span = self.span()?;
        let count = |to: usize| self.raw.get(..to).map_or(0, |t| t.chars().count());
        Some(count(span.start)..count(span.end))
    }

    /// Machine-readable warnings.
    #[must_use]
    pub fn warnings(&self) -> Vec<&'static str> {
        self.warnings.names()
    }

    /// The answer without its text: answers that differ in their texts only are equal here. None if it
    /// contains something of the text itself, such as a holder.
    #[must_use]
    pub fn sense(&self) -> Option<Sense> {
        let Self { what, status, basis, rule, warnings, forbidden, .. } = *self;
        self.detail.is_none().then_some(Sense { what, status, basis, rule, warnings, forbidden })
    }

    /// The holder a copyright notice names.
    #[must_use]
    pub fn holder(&self) -> Option<&str> {
        self.detail.as_ref()?.holder.as_deref()
    }

    /// What an invalid text claims, such as `zero/4.0`.
    #[must_use]
    pub fn claimed(&self) -> Option<&str> {
        self.detail.as_ref()?.claimed.as_deref()
    }

    /// Why words beside a licence keep it from being exact.
    #[must_use]
    pub fn reason(&self) -> Option<Reason> {
        self.detail.as_ref()?.reason
    }

    /// The words for which a licence is unclear.
    #[must_use]
    pub fn unread(&self) -> &[String] {
        match &self.detail {
            Some(detail) if detail.reason.is_some_and(|r| r != Reason::Partial) => &detail.words,
            _ => &[],
        }
    }

    /// The part of the item that a licence is limited to or excepts, in the words of the text.
    #[must_use]
    pub fn scope(&self) -> Option<String> {
        let detail = self.detail.as_ref()?;
        (detail.reason == Some(Reason::Partial) && !detail.words.is_empty()).then(|| detail.words.join("; "))
    }

    /// Labels of tools that exist, near to an invalid one; the candidates of an unclear one.
    #[must_use]
    pub fn suggestions(&self) -> &[String] {
        self.detail.as_ref().map_or(&[], |d| &d.suggestions)
    }

    /// The parts of a choice or conflict.
    #[must_use]
    pub fn parts(&self) -> &[License] {
        self.detail.as_ref().map_or(&[], |d| &d.parts)
    }

    /// Every reading of the text that took part in the answer.
    #[must_use]
    pub fn evidence(&self) -> Vec<Evidence> {
        let kept = self.detail.as_ref().map_or(&[][..], |d| &d.evidence);
        if kept.is_empty()
            && let Some(span) = self.span()
        {
            return vec![Evidence { span, rule: self.rule, reading: self.id().unwrap_or_default() }];
        }
        kept.to_vec()
    }

    /// The date on which the tool was withdrawn.
    #[must_use]
    pub fn retired(&self) -> Option<&'static str> {
        self.unit().and_then(Unit::retired)
    }

    /// The statement that replaces a legacy one, where a source names it.
    #[must_use]
    pub fn replaced_by(&self) -> Option<&'static str> {
        match self.what {
            What::Europeana(4) => Some("http://rightsstatements.org/vocab/NoC-NC/1.0/"),
            _ => None,
        }
    }

    /// The same answer with a version where none is stated. The answer says
    /// that it is assumed; an impossible assumption changes nothing.
    #[must_use]
    pub fn assume_version(mut self, version: Version) -> License {
        if let What::Unit(unit, None, port) = self.what
            && self.status == Status::Unversioned
            && !self.warnings.has(Warnings::UNCLEAR)
        {
            let unit = Unit::from_elements(unit.elements(), Some(version)).unwrap_or(unit);
            let tool = Tool { unit, version, port: port.unwrap_or(0) };
            if tool.exists() {
                self.what = What::Unit(unit, Some(version), port);
                self.status = Status::Exact;
                self.basis = Basis::Assumed;
                self.warnings |= Warnings::ASSUMED;
            }
        }
        self
    }

    /// The same answer as the decision of a person.
    #[must_use]
    pub fn decided(mut self) -> License {
        self.basis = Basis::Decided;
        self
    }

    /// The same answer for a source-wide constant.
    #[must_use]
    pub fn constant(mut self) -> License {
        self.basis = Basis::Constant;
        self
    }

    /// Adds the holder of a field beside the licence. A public domain tool beside
    /// a named holder gets a warning.
    #[must_use]
    pub fn with_holder(mut self, holder: &str) -> License {
        let holder = holder.trim();
        if holder.is_empty() {
            return self;
        }
        if self.unit().is_some_and(Unit::public_domain) {
            self.warnings |= Warnings::HOLDER;
        }
        self.detail.get_or_insert_default().holder = Some(holder.to_owned());
        self
    }

    fn detail_mut(&mut self) -> &mut Detail {
        self.detail.get_or_insert_default()
    }
}
