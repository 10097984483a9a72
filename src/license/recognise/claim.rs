//! What one place in a text claims, before it is held against the tables.

use crate::license::data::tables::{Port, Version};

/// The rule by which something was recognised.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Rule {
    /// Nothing was recognised.
    Nothing,
    /// An address of a licence or statement.
    Address,
    /// The address of a licence button.
    Badge,
    /// A code such as `CC BY-SA`.
    Code,
    /// The name of a licence in words, in any language.
    Name,
    /// An SPDX identifier.
    Identifier,
    /// The label of a statement of `RightsStatements.org`.
    Label,
    /// A sentence about rights.
    Sentence,
    /// A copyright notice.
    Notice,
    /// A code of one system, such as a Flickr number.
    SystemCode,
    /// Several places read together.
    Several,
}

impl Rule {
    /// The stable name of the rule.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Rule::Nothing => "nothing",
            Rule::Address => "address",
            Rule::Badge => "badge",
            Rule::Code => "code",
            Rule::Name => "name",
            Rule::Identifier => "identifier",
            Rule::Label => "label",
            Rule::Sentence => "sentence",
            Rule::Notice => "notice",
            Rule::SystemCode => "system-code",
            Rule::Several => "several",
        }
    }

    /// Rank as a kind of evidence: an address before a code before words.
    pub(crate) fn rank(self) -> u8 {
        match self {
            Rule::Address | Rule::Badge => 5,
            Rule::Code | Rule::Identifier | Rule::SystemCode => 4,
            Rule::Name | Rule::Label => 3,
            Rule::Several => 2,
            Rule::Sentence | Rule::Notice => 1,
            Rule::Nothing => 0,
        }
    }
}

/// What a sentence states that grants nothing by itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[non_exhaustive]
pub enum Statement {
    /// All rights are reserved, or the work is stated to be in copyright.
    AllRightsReserved,
    /// The work is stated to be in the public domain.
    PublicDomain,
    /// A copyright notice that reserves and grants nothing in words.
    CopyrightNotice,
    /// No copyright restriction is known.
    NoKnownCopyright,
    /// No rights are reserved.
    NoRightsReserved,
    /// Open access
    AccessOpen,
    /// Restricted access
    AccessRestricted,
    /// Closed access
    AccessClosed,
    /// Embargoed access
    AccessEmbargoed,
}

impl Statement {
    /// The stable key of the statement.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Statement::AllRightsReserved => "all-rights-reserved",
            Statement::PublicDomain => "public-domain",
            Statement::CopyrightNotice => "copyright-notice",
            Statement::NoKnownCopyright => "no-known-copyright",
            Statement::NoRightsReserved => "no-rights-reserved",
            Statement::AccessOpen => "access-open",
            Statement::AccessRestricted => "access-restricted",
            Statement::AccessClosed => "access-closed",
            Statement::AccessEmbargoed => "access-embargoed",
        }
    }

    /// A short label in English.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Statement::AllRightsReserved => "All rights reserved",
            Statement::PublicDomain => "Public domain",
            Statement::CopyrightNotice => "Copyright notice",
            Statement::NoKnownCopyright => "No known copyright",
            Statement::NoRightsReserved => "No rights reserved",
            Statement::AccessOpen => "Open access",
            Statement::AccessRestricted => "Restricted access",
            Statement::AccessClosed => "Closed access",
            Statement::AccessEmbargoed => "Embargoed access",
        }
    }
}

/// What a claim is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Subject {
    Nothing,
    /// Creative Commons, and nothing more.
    CreativeCommons,
    /// A set of elements of [`crate::license::data::tables::el`].
    Tool(u16),
    /// A row of the statements of `RightsStatements.org`.
    Rights(u8),
    /// A legacy statement of Europeana.
    Europeana(u8),
    /// A licence of the SPDX table that is no tool of Creative Commons.
    Other(u8),
    /// A family of such licences without its version.
    Family(u8),
    Statement(Statement),
}

/// A version as far as a text states it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Stated {
    Silent,
    Known(Version),
    Impossible(Box<str>),
}

impl Stated {
    pub fn known(&self) -> Option<Version> {
        match self {
            Stated::Known(v) => Some(*v),
            _ => None,
        }
    }
}

/// A jurisdiction as far as a text states it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Jurisdiction {
    NotStated,
    Generic,
    Port(Port),
    Impossible(Box<str>),
}

/// A set of warnings.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Warnings(pub u32);

impl Warnings {
    pub const NONE: Warnings = Warnings(0);
    pub const VERSION_UNSTATED: Warnings = Warnings(1);
    pub const VERSION_NONEXISTENT: Warnings = Warnings(1 << 1);
    pub const PORT_NONEXISTENT: Warnings = Warnings(1 << 2);
    pub const UNIT_NONEXISTENT: Warnings = Warnings(1 << 3);
    pub const RETIRED: Warnings = Warnings(1 << 4);
    pub const MULTIPLE: Warnings = Warnings(1 << 5);
    pub const TEXT_URL: Warnings = Warnings(1 << 6);
    pub const ALIAS: Warnings = Warnings(1 << 7);
    pub const ELEMENT_ORDER: Warnings = Warnings(1 << 8);
    pub const NEGATED: Warnings = Warnings(1 << 9);
    pub const RESERVED: Warnings = Warnings(1 << 10);
    pub const RESTRICTED: Warnings = Warnings(1 << 11);
    pub const HOLDER: Warnings = Warnings(1 << 12);
    pub const AMBIGUOUS_BY: Warnings = Warnings(1 << 13);
    pub const AMBIGUOUS_VERSION: Warnings = Warnings(1 << 14);
    pub const ASSUMED: Warnings = Warnings(1 << 15);
    pub const ATTRIBUTION_ALONE: Warnings = Warnings(1 << 16);
    pub const ACCESS: Warnings = Warnings(1 << 17);
    pub const VERSION_IMPLIED: Warnings = Warnings(1 << 18);
    pub const TRUNCATED: Warnings = Warnings(1 << 19);
    pub const FIELDS_DIFFER: Warnings = Warnings(1 << 20);
    pub const UNIT_UNCLEAR: Warnings = Warnings(1 << 21);
    pub const DECIDED_FREER: Warnings = Warnings(1 << 22);
    /// The text grants it for a part of the item only.
    pub const PART_ONLY: Warnings = Warnings(1 << 23);
    /// The grant is placed in the past or the future.
    pub const NOT_NOW: Warnings = Warnings(1 << 24);
    pub const DOUBT: Warnings = Warnings(1 << 25);
    pub const UNREAD: Warnings = Warnings(1 << 26);

    /// The unit may be more restrictive than it reads: nothing is granted.
    pub const UNCLEAR: Warnings = Warnings(1 << 13 | 1 << 21);

    const NAMES: [&'static str; 27] = [
        "version-unstated",
        "version-nonexistent",
        "port-nonexistent",
        "unit-nonexistent",
        "retired",
        "multiple",
        "text-url-conflict",
        "alias",
        "element-order",
        "negated",
        "rights-reserved",
        "use-restricted",
        "holder-contradicts",
        "by-ambiguous",
        "version-ambiguous",
        "version-assumed",
        "attribution-alone",
        "access-beside-licence",
        "version-implied",
        "too-long",
        "fields-differ",
        "unit-unclear",
        "decided-freer",
        "part-only",
        "not-now",
        "doubt",
        "unread-words",
    ];

    pub fn has(self, other: Warnings) -> bool {
        self.0 & other.0 != 0
    }

    pub fn without(self, other: Warnings) -> Warnings {
        Warnings(self.0 & !other.0)
    }

    pub fn names(self) -> Vec<&'static str> {
        (0u32..).zip(Self::NAMES).filter(|(n, _)| self.0 >> n & 1 == 1).map(|(_, name)| name).collect()
    }
}

impl std::ops::BitOr for Warnings {
    type Output = Warnings;

    fn bitor(self, other: Warnings) -> Warnings {
        Warnings(self.0 | other.0)
    }
}

impl std::ops::BitOrAssign for Warnings {
    fn bitor_assign(&mut self, other: Warnings) {
        self.0 |= other.0;
    }
}

/// One claim and its place.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct Claim {
    pub subject: Subject,
    pub version: Stated,
    pub jurisdiction: Jurisdiction,
    pub rule: Rule,
    pub start: usize,
    pub end: usize,
    pub deed: Option<Box<str>>,
    pub warnings: Warnings,
    /// Words without a version or the name Creative Commons.
    pub weak: bool,
}

impl Claim {
    pub fn new(rule: Rule, start: usize, end: usize) -> Claim {
        Claim {
            subject: Subject::Nothing,
            version: Stated::Silent,
            jurisdiction: Jurisdiction::NotStated,
            rule,
            start,
            end,
            deed: None,
            warnings: Warnings::NONE,
            weak: false,
        }
    }

    pub fn elements(&self) -> Option<u16> {
        match self.subject {
            Subject::Tool(bits) => Some(bits),
            _ => None,
        }
    }
}
