//! What a page says about itself: verb, request, errors, resumption token.

use crate::error::Refusal;

/// One reply of a provider, without its records.
#[derive(Debug, Clone, Default)]
pub struct Page {
    /// File, URL or name.
    pub source: String,
    /// The verb element; empty for an error reply and for bare records.
    pub verb: String,
    /// The format of its records.
    pub format: &'static str,
    /// Records, deleted ones included.
    pub records: u64,
    /// Deleted records.
    pub deleted: u64,
    /// `responseDate` as sent, trimmed.
    pub response_date: Option<String>,
    /// The text of `request`: the base URL.
    pub base_url: Option<String>,
    /// The attributes of `request`: the arguments.
    pub request: Vec<(String, String)>,
    /// All protocol errors.
    pub errors: Vec<Refusal>,
    /// The resumption token.
    pub token: Option<Token>,
    /// Records in all pages, as a service says that has no tokens.
    pub total: Option<u64>,
    /// Where the list goes on, as a service says that has no tokens: a cursor, an address.
    pub next: Option<String>,
    /// Size in bytes, after unpacking.
    pub bytes: u64,
    /// The encoding of its bytes.
    pub encoding: &'static str,
    /// Repairs.
    pub repairs: u64,
}

/// A resumption token (§3.5). An empty one ends the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Token {
    /// The token itself, opaque; outer blanks trimmed.
    pub value: String,
    /// `completeListSize`, `cursor`, `expirationDate` and whatever else is there.
    pub attributes: Vec<(String, String)>,
}
