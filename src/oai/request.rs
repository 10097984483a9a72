//! Questions of OAI-PMH: the arguments of the six verbs as a query, and how lists go on.

use super::page::Page;
use crate::error::{Error, Kind, Result};

/// The six verbs (§4).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// One record.
    GetRecord,
    /// What the provider says about itself.
    Identify,
    /// The headers of records.
    ListIdentifiers,
    /// The formats there are, of all or of one item.
    ListMetadataFormats,
    /// Records.
    ListRecords,
    /// The sets there are.
    ListSets,
}

impl Verb {
    /// All six.
    pub const ALL: [Self; 6] = [
        Self::GetRecord,
        Self::Identify,
        Self::ListIdentifiers,
        Self::ListMetadataFormats,
        Self::ListRecords,
        Self::ListSets,
    ];

    /// The verb as it is written.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::GetRecord => "GetRecord",
            Self::Identify => "Identify",
            Self::ListIdentifiers => "ListIdentifiers",
            Self::ListMetadataFormats => "ListMetadataFormats",
            Self::ListRecords => "ListRecords",
            Self::ListSets => "ListSets",
        }
    }

    /// The verb of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verb| verb.name() == name)
    }

    /// Whether its replies may go on with a resumption token.
    #[must_use]
    pub fn lists(self) -> bool {
        matches!(self, Self::ListIdentifiers | Self::ListRecords | Self::ListSets)
    }

    /// The arguments it may have besides the token, and whether it must.
    #[must_use]
    pub fn arguments(self) -> &'static [(&'static str, bool)] {
        match self {
            Self::GetRecord => &[("identifier", true), ("metadataPrefix", true)],
            Self::Identify | Self::ListSets => &[],
            Self::ListMetadataFormats => &[("identifier", false)],
            Self::ListIdentifiers | Self::ListRecords => {
                &[("metadataPrefix", true), ("from", false), ("until", false), ("set", false)]
            }
        }
    }
}

/// A question. An argument that is not asked for is not sent, and neither is an empty one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The verb.
    pub verb: Verb,
    /// Arguments by their standard names, in the order they are sent.
    pub arguments: Vec<(String, String)>,
    /// The token of the page before: then nothing else goes with the verb (§3.5).
    pub token: Option<String>,
}

impl Request {
    /// A question with these arguments; those that are empty are left out, and those that the verb
    /// does not have, or needs and has not, are an error.
    pub fn new(verb: Verb, arguments: &[(&str, &str)]) -> Result<Self> {
        let given = arguments.iter().filter(|(_, value)| !value.is_empty());
        let arguments: Vec<_> = given.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let known = verb.arguments();
        let has = |name: &str| arguments.iter().any(|(own, _)| own == name);
        let names = |all: &[(&str, bool)]| all.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        if let Some((name, _)) = arguments.iter().find(|(own, _)| known.iter().all(|(name, _)| name != own)) {
            let takes = if known.is_empty() { "none".to_owned() } else { names(known) };
            let message = format!("{} has no argument {name:?}; it takes {takes}", verb.name());
            return Err(Error::new(Kind::Value, message));
        }
        if let Some((name, _)) = known.iter().find(|(name, needed)| *needed && !has(name)) {
            return Err(Error::new(Kind::Value, format!("{} needs the argument {name}", verb.name())));
        }
        Ok(Self { verb, arguments, token: None })
    }

    /// The question for the page after one with this token: verb and token alone.
    #[must_use]
    pub fn resumed(verb: Verb, token: &str) -> Self {
        Self { verb, arguments: Vec::new(), token: Some(token.to_owned()) }
    }

    /// The same question for other dates.
    #[must_use]
    pub fn within(&self, from: &str, until: &str) -> Self {
        let others = self.arguments.iter().filter(|(name, _)| name != "from" && name != "until").cloned();
        let dates = [("from".to_owned(), from.to_owned()), ("until".to_owned(), until.to_owned())];
        Self { verb: self.verb, arguments: others.chain(dates).collect(), token: None }
    }

    /// Verb, arguments and token as pairs, in the spelling of the provider, not encoded.
    #[must_use]
    pub fn pairs(&self, spelling: &Spelling) -> Vec<(String, String)> {
        let mut pairs = vec![(spelling.of("verb"), self.verb.name().to_owned())];
        pairs.extend(self.arguments.iter().map(|(name, value)| (spelling.of(name), value.clone())));
        pairs.extend(self.token.iter().map(|token| (spelling.of("resumptionToken"), token.clone())));
        pairs
    }

    /// The query, encoded once; also the body of a POST. A token is encoded as any other value,
    /// unless the provider wants it back as it stands.
    #[must_use]
    pub fn query(&self, spelling: &Spelling) -> String {
        let token = spelling.of("resumptionToken");
        let mut query = String::new();
        for (name, value) in self.pairs(spelling) {
            let verbatim = spelling.verbatim_token && name == token;
            let value = if verbatim { value } else { encoded(&value) };
            query.push_str(if query.is_empty() { "" } else { "&" });
            query.extend([&encoded(&name), "=", &value]);
        }
        query
    }

    /// The address of a GET: the query after that of the base, where it has one.
    #[must_use]
    pub fn url(&self, base: &str, spelling: &Spelling) -> String {
        let base = base.split('#').next().unwrap_or_default().trim();
        let joint = match base.split_once('?') {
            None => "?",
            Some((_, "")) => "",
            Some((_, query)) if query.ends_with('&') => "",
            Some(_) => "&",
        };
        format!("{base}{joint}{}", self.query(spelling))
    }
}

/// How a provider wants names spelt, where it departs from the standard.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spelling {
    /// Standard names and what this provider calls them: `metadataPrefix` and `metadataprefix`.
    pub names: Vec<(String, String)>,
    /// Send tokens back without encoding them, for providers that decode them not at all or twice.
    pub verbatim_token: bool,
}

impl Spelling {
    fn of(&self, name: &str) -> String {
        let own = self.names.iter().find(|(standard, _)| standard == name);
        own.map_or(name, |(_, own)| own).to_owned()
    }
}

/// The token of the page that follows this one; `None` at the end of the list, which a token that
/// is missing, empty or blank says, and so does an error reply.
#[must_use]
pub fn next(page: &Page) -> Option<&str> {
    let token = page.token.as_ref().map(|token| token.value.trim());
    token.filter(|token| !token.is_empty() && page.errors.is_empty())
}

/// Whether the page says that there is nothing (more): an empty list, not a failure (§4.3).
#[must_use]
pub fn nothing(page: &Page) -> bool {
    !page.errors.is_empty() && page.errors.iter().all(|error| error.code.trim() == "noRecordsMatch")
}

/// Whether the bytes hold the end of a reply's root. A reply that was cut on the way, or is another
/// document, does not. UTF-16 is left to whoever reads it.
#[must_use]
pub fn closed(body: &[u8]) -> bool {
    let is_end = |at: usize| {
        let name = body[..at].iter().rposition(|byte| *byte == b'<').map(|open| &body[open + 1..at]);
        name.is_some_and(|name| name.starts_with(b"/")) && body[at + ROOT.len()..].trim_ascii_start().starts_with(b">")
    };
    memchr::memmem::rfind_iter(body, ROOT).any(is_end) || is_utf16(body)
}

/// Whether the bytes start as a reply does, as far as it is there.
#[must_use]
pub fn opened(body: &[u8]) -> bool {
    memchr::memmem::find(&body[..body.len().min(4096)], ROOT).is_some() || is_utf16(body)
}

/// The local name of the root.
const ROOT: &[u8] = b"OAI-PMH";

fn is_utf16(body: &[u8]) -> bool {
    body.starts_with(&[0xff, 0xfe]) || body.starts_with(&[0xfe, 0xff])
}

/// Percent-encoded, so that no character has a meaning of its own left (§3.1.1.3).
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            let digit = |half: u8| char::from(b"0123456789ABCDEF"[usize::from(half)]);
            out.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Refusal;
    use crate::oai::page::Token;

    const OI: &str = "https://www.openbeelden.nl/feeds/oai/";

    fn plain() -> Spelling {
        Spelling::default()
    }

    #[test]
    fn each_argument_is_sent_once_encoded_and_never_empty() {
        let arguments = [("metadataPrefix", "oai_dc"), ("set", "a:b c/é"), ("from", ""), ("until", "2010-12-31")];
        let request = Request::new(Verb::ListRecords, &arguments).unwrap();
        assert_eq!(
            request.url(OI, &plain()),
            format!("{OI}?verb=ListRecords&metadataPrefix=oai_dc&set=a%3Ab%20c%2F%C3%A9&until=2010-12-31")
        );
    }

    #[test]
    fn a_token_goes_alone_and_is_encoded_once() {
        for (token, sent) in [
            ("!f!u!s-openimages!oai_oi!200", "%21f%21u%21s-openimages%21oai_oi%21200"),
            ("cursor%3D50%26a", "cursor%253D50%2526a"),
            ("a b+c/d=e", "a%20b%2Bc%2Fd%3De"),
        ] {
            let request = Request::resumed(Verb::ListRecords, token);
            assert_eq!(request.query(&plain()), format!("verb=ListRecords&resumptionToken={sent}"));
        }
        let verbatim = Spelling { verbatim_token: true, ..plain() };
        let request = Request::resumed(Verb::ListSets, "a%3Ab");
        assert_eq!(request.query(&verbatim), "verb=ListSets&resumptionToken=a%3Ab");
    }

    #[test]
    fn a_base_with_a_query_keeps_it() {
        let request = Request::new(Verb::Identify, &[]).unwrap();
        for (base, url) in [
            ("http://h/oai", "http://h/oai?verb=Identify"),
            ("http://h/oai?", "http://h/oai?verb=Identify"),
            ("http://h/?page=oai", "http://h/?page=oai&verb=Identify"),
            ("http://h/?page=oai&", "http://h/?page=oai&verb=Identify"),
            (" http://h/oai#top ", "http://h/oai?verb=Identify"),
        ] {
            assert_eq!(request.url(base, &plain()), url);
        }
    }

    #[test]
    fn a_provider_may_spell_names_its_own_way() {
        let names = vec![("metadataPrefix".to_owned(), "metadataprefix".to_owned())];
        let request =
            Request::new(Verb::GetRecord, &[("identifier", "oai:a:1"), ("metadataPrefix", "oai_dc")]).unwrap();
        let query = request.query(&Spelling { names, ..plain() });
        assert_eq!(query, "verb=GetRecord&identifier=oai%3Aa%3A1&metadataprefix=oai_dc");
    }

    #[test]
    fn wrong_arguments_are_refused_before_they_are_sent() {
        let refused =
            |verb, arguments: &[(&str, &str)]| Request::new(verb, arguments).unwrap_err().message().to_owned();
        assert_eq!(refused(Verb::ListRecords, &[]), "ListRecords needs the argument metadataPrefix");
        assert_eq!(refused(Verb::GetRecord, &[("identifier", "a")]), "GetRecord needs the argument metadataPrefix");
        assert!(refused(Verb::Identify, &[("set", "a")]).contains("it takes none"));
        assert!(refused(Verb::ListSets, &[("from", "2010")]).contains("from"));
    }

    #[test]
    fn a_list_ends_with_a_token_that_is_missing_empty_or_blank() {
        let page = |token: Option<&str>| Page {
            token: token.map(|value| Token { value: value.to_owned(), attributes: Vec::new() }),
            ..Page::default()
        };
        assert_eq!(next(&page(Some("a"))), Some("a"));
        for token in [None, Some(""), Some(" \n ")] {
            assert_eq!(next(&page(token)), None);
        }
        let mut refused = page(Some("a"));
        refused.errors.push(Refusal { code: "noRecordsMatch".to_owned(), message: String::new() });
        assert_eq!(next(&refused), None);
        assert!(nothing(&refused));
    }

    #[test]
    fn a_cut_reply_is_known_by_its_end() {
        assert!(closed(b"<OAI-PMH><a/></OAI-PMH>\n"));
        assert!(closed(b"<oai:OAI-PMH></oai:OAI-PMH > <!-- 0.1 s -->"));
        assert!(!closed(b"<OAI-PMH xmlns='x'><ListRecords>"));
        assert!(!closed(b"<OAI-PMH></OAI-PMH"));
        assert!(!closed(b"<OAI-PMH><ListRecords>") && !closed(b"<OAI-PMH><p>over OAI-PMH></p>"));
        assert!(!closed(b"<html></html>") && !closed(b""));
    }
}
