//! What a reading did besides reading: counts, repairs, refusals. Nothing is lost in silence.

use crate::error::{Error, Place, Refusal};

/// A change that made a page readable. Strict reading refuses it instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// Bytes that are not UTF-8, read as Windows-1252 or U+FFFD.
    Encoding,
    /// A character XML 1.0 does not allow, left out.
    Control,
    /// A reference to a character XML 1.0 does not allow, left out or joined to a surrogate pair.
    CharacterReference,
    /// `&` that starts no reference, kept as it stands.
    Ampersand,
    /// A named entity XML does not know: an HTML one is read, any other is kept as it stands.
    Entity,
    /// A namespace that is missing or misspelt.
    Namespace,
    /// A prefix without a declaration.
    Prefix,
    /// Bytes before the page: blanks or text.
    Leading,
    /// A byte order mark; allowed by XML, so strict reading accepts it.
    ByteOrderMark,
    /// Bytes after the page.
    Trailing,
    /// An XML declaration inside the page.
    Declaration,
    /// Markup that is no markup, such as a broken comment, left out.
    Markup,
    /// An end tag that is missing.
    EndTag,
    /// Text between elements where the schema has none; kept in `detail`.
    StrayText,
    /// An element in an unexpected place, kept in `extra`.
    Misplaced,
    /// A value of another type than its column, kept in notes.
    Misfit,
    /// A worksheet under another name than the one it was written under.
    Worksheet,
    /// A row above the header of a sheet.
    TitleRow,
    /// A column name in another spelling than that of the format.
    HeaderSpelling,
    /// A second column of one name, which got a number.
    DuplicateHeader,
    /// Values in a column without a name, which got one.
    MissingHeader,
    /// A row of a sheet without any value, left out.
    BlankRow,
}

/// The edits of a person that reading a sheet undoes.
const SHEET: [Fault; 6] = [
    Fault::Worksheet,
    Fault::TitleRow,
    Fault::HeaderSpelling,
    Fault::DuplicateHeader,
    Fault::MissingHeader,
    Fault::BlankRow,
];

impl Fault {
    /// The name shown to users.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Encoding => "encoding",
            Self::Control => "control character",
            Self::CharacterReference => "character reference",
            Self::Ampersand => "bare ampersand",
            Self::Entity => "entity",
            Self::Namespace => "namespace",
            Self::Prefix => "undeclared prefix",
            Self::Leading => "leading text",
            Self::ByteOrderMark => "byte order mark",
            Self::Trailing => "trailing text",
            Self::Declaration => "inner XML declaration",
            Self::Markup => "broken markup",
            Self::EndTag => "missing end tag",
            Self::StrayText => "stray text",
            Self::Misplaced => "misplaced element",
            Self::Misfit => "unexpected type",
            Self::Worksheet => "renamed worksheet",
            Self::TitleRow => "title row",
            Self::HeaderSpelling => "header spelling",
            Self::DuplicateHeader => "duplicate header",
            Self::MissingHeader => "missing header",
            Self::BlankRow => "blank row",
        }
    }

    /// The edit of a sheet with this name.
    #[must_use]
    pub fn of_sheet(name: &str) -> Option<Self> {
        SHEET.into_iter().find(|fault| fault.name() == name)
    }
}

/// One repair: what, in which record, at which byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// What was wrong.
    pub fault: Fault,
    /// Source, record, line and byte.
    pub place: Place,
    /// What stood there and what became of it.
    pub detail: String,
}

/// Everything worth knowing about a reading that is not a record.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Pages read whole.
    pub pages: u64,
    /// Records, deleted ones included.
    pub records: u64,
    /// Records whose header says deleted.
    pub deleted: u64,
    /// Records that are neither deleted nor have metadata.
    pub without_metadata: u64,
    /// Values whose outer whitespace the wide columns leave out.
    pub trimmed: u64,
    /// Values that are empty and so stand in no wide column.
    pub empty: u64,
    /// Values a view left out: another language, all but the first.
    pub left_out: u64,
    /// Repairs, in page order.
    pub repairs: Vec<Repair>,
    /// Protocol errors, with the page they came from.
    pub errors: Vec<(Option<String>, Refusal)>,
    /// Pages that could not be read, when reading was told to go on.
    pub problems: Vec<Error>,
}

impl Report {
    /// Adds what another reading did.
    pub fn absorb(&mut self, other: Self) {
        self.pages += other.pages;
        self.records += other.records;
        self.deleted += other.deleted;
        self.without_metadata += other.without_metadata;
        self.trimmed += other.trimmed;
        self.empty += other.empty;
        self.left_out += other.left_out;
        self.repairs.extend(other.repairs);
        self.errors.extend(other.errors);
        self.problems.extend(other.problems);
    }
}
