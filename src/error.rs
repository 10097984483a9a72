//! The one error type: what went wrong, where, and what to do next.

use std::fmt;
use std::sync::Arc;

/// A result of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, where, and what to do next.
#[derive(Debug, Clone)]
pub struct Error(Box<Parts>);

#[derive(Debug, Clone)]
struct Parts {
    kind: Kind,
    message: String,
    place: Place,
    hint: Option<String>,
    cause: Option<Cause>,
}

/// An error of other code that led to one of ours.
type Cause = Arc<dyn std::error::Error + Send + Sync>;

/// The kinds of error; each is one exception class in Python.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The page is not well-formed, or strict reading refused a repair.
    Parse,
    /// The input ended before the root element closed, after this many complete records.
    Truncated {
        /// Records that were complete when the input ended.
        records: u64,
    },
    /// Something else than OAI-PMH: an HTML page, an empty body, another vocabulary.
    NotOaiPmh,
    /// A limit on size, depth or attributes was passed.
    Limit,
    /// The provider answered with protocol errors.
    Protocol {
        /// All of them.
        errors: Vec<Refusal>,
        /// The arguments it says it was asked with, and its address as `url`.
        request: Vec<(String, String)>,
    },
    /// The operating system refused to read a file; the second part is its error number, if any.
    Io(std::io::ErrorKind, Option<i32>),
    /// A service could not be reached, or did not answer properly.
    Network,
    /// A service asks to wait longer than we may, until this moment (microseconds since 1970 UTC)
    /// if it names one.
    RateLimited {
        /// When it may be asked again.
        retry_at: Option<i64>,
    },
    /// The certificate of a service could not be verified.
    Tls,
    /// An address leads to a private network, where nothing was to be asked.
    Private,
    /// The caller asked to stop.
    Interrupted,
    /// A rule of a crosswalk that can't be right.
    Rules,
    /// An argument that can't be right.
    Value,
    /// A harvest file that is damaged, is none or is of a later version.
    Harvest,
    /// Another process is writing to the harvest file.
    Locked,
    /// The harvest file answers another question.
    Mismatch,
    /// A list ended before it was complete: records received and expected.
    Incomplete(u64, Option<u64>),
    /// The provider gave the same page for the same token again.
    Cycle,
}

/// Set by the caller to stop long work.
pub type Cancel = std::sync::atomic::AtomicBool;

/// Goes on unless the caller asked to stop. Asked at least every megabyte.
pub fn go_on(cancel: &Cancel) -> Result<()> {
    if cancel.load(std::sync::atomic::Ordering::Relaxed) {
        return Err(Error::new(Kind::Interrupted, "stopped"));
    }
    Ok(())
}

/// One `error` element of an OAI-PMH reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The code, as sent: one of the eight of the protocol or any other.
    pub code: String,
    /// The explanation, as sent.
    pub message: String,
}

/// Where something was found. Lines and columns count from 1, bytes from 0.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// File, URL or name of the page.
    pub source: Option<String>,
    /// OAI identifier of the record.
    pub record: Option<String>,
    /// Line in the page.
    pub line: Option<u64>,
    /// Column in the line, in characters.
    pub column: Option<u64>,
    /// Byte in the page, after unpacking gzip.
    pub offset: Option<u64>,
}

impl Error {
    /// An error of `kind` that says `message`.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        let parts = Parts { kind, message: message.into(), place: Place::default(), hint: None, cause: None };
        Self(Box::new(parts))
    }

    /// The same error with advice on what to do next.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// The same error with the error of other code that led to it, such as the exception of a function of the caller.
    #[must_use]
    pub fn caused_by(mut self, cause: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.0.cause = Some(Arc::new(cause));
        self
    }

    /// The same error, placed.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.0.place = place;
        self
    }

    /// The same error, saying that it came back at each of so many retries.
    #[must_use]
    pub fn after(mut self, retries: u32) -> Self {
        self.0.message = format!("{} ({})", self.0.message, tried(retries));
        self
    }

    /// The same error, in this file or URL, unless one is named already.
    #[must_use]
    pub fn in_source(mut self, source: &str) -> Self {
        self.0.place.source.get_or_insert_with(|| source.to_owned());
        self
    }

    /// What kind of error it is.
    #[must_use]
    pub fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// What went wrong, without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Where it went wrong.
    #[must_use]
    pub fn place(&self) -> &Place {
        &self.0.place
    }

    /// What to do next.
    #[must_use]
    pub fn advice(&self) -> Option<&str> {
        self.0.hint.as_deref()
    }
}

/// How often something was tried again, in words.
#[must_use]
pub fn tried(retries: u32) -> String {
    if retries == 1 { "tried once more".to_owned() } else { format!("tried {retries} more times") }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)?;
        let place = &self.0.place;
        if let Some(source) = &place.source {
            write!(f, " ({source}")?;
            if let (Some(line), Some(column)) = (place.line, place.column) {
                write!(f, ":{line}:{column}")?;
            }
            f.write_str(")")?;
        }
        Ok(())
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::error::Error as _;

    #[test]
    fn the_error_that_led_to_one_of_ours_is_its_source_in_every_copy() {
        let error = Error::new(Kind::Rules, "failed");
        assert!(error.source().is_none());
        let error = error.caused_by(fmt::Error).hint("again").in_source("rules.tsv").clone();
        assert!(error.source().unwrap().downcast_ref::<fmt::Error>().is_some());
    }
}
