//! Addresses: what of them may be shown, where they lead, what counts as the same place.

use crate::error::{Error, Kind, Result};
use reqwest::Url;

/// How the names of parameters end whose values are nobody's business: `apikey`, `access_token`, `wskey` …
const SECRET: [&str; 11] =
    ["key", "token", "secret", "password", "passwd", "pwd", "signature", "sig", "auth", "credential", "session"];
/// What ends so and is no secret.
const OPEN: [&str; 1] = ["resumptiontoken"];

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    !OPEN.contains(&name.as_str()) && SECRET.iter().any(|end| name.ends_with(end))
}

/// The values in the query of an address that [`shown`] does not show: as they stand there, and decoded.
#[must_use]
pub fn secrets(url: &str) -> Vec<String> {
    let Ok(url) = Url::parse(url) else { return Vec::new() };
    let raw = url.query().unwrap_or_default().split('&').filter_map(|pair| pair.split_once('='));
    let raw = raw.filter(|(name, _)| is_secret(name)).map(|(_, value)| value.to_owned());
    let decoded = url.query_pairs().filter(|(name, _)| is_secret(name)).map(|(_, value)| value.into_owned());
    let mut found: Vec<String> = raw.chain(decoded).filter(|value| !value.is_empty()).collect();
    found.sort_unstable_by_key(|value| std::cmp::Reverse(value.len()));
    found.dedup();
    found
}

/// The address as it may be shown and stored: without user, password and the values of keys.
#[must_use]
pub fn shown(url: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(address, query)| (address, Some(query)));
    let mut out = match address.split_once("://") {
        Some((scheme, rest)) => {
            let host_end = rest.find(['/', '#']).unwrap_or(rest.len());
            let from = rest[..host_end].rfind('@').map_or(0, |at| at + 1);
            format!("{scheme}://{}", &rest[from..])
        }
        None => address.to_owned(),
    };
    let mut mark = '?';
    for pair in query.into_iter().flat_map(|query| query.split('&')) {
        out.push(mark);
        mark = '&';
        match pair.split_once('=') {
            Some((name, _)) if is_secret(name) => {
                out.push_str(name);
                out.push_str("=…");
            }
            _ => out.push_str(pair),
        }
    }
    out
}

/// Refuses what is no address of the web.
pub fn check(url: &str) -> Result<()> {
    parsed(url).map(|_| ())
}

/// The address, if it is one of the web.
pub fn parsed(url: &str) -> Result<Url> {
    let wrong = |message: String| Error::new(Kind::Value, message).hint("an address starts with https:// or http://");
    let parsed = Url::parse(url.trim()).map_err(|error| wrong(format!("{:?} is no address: {error}", shown(url))))?;
    if !matches!(parsed.scheme(), "http" | "https") || parsed.host_str().is_none() {
        return Err(wrong(format!("{:?} is no address of the web", shown(url))));
    }
    Ok(parsed)
}

/// Where a link on the page at `base` leads.
#[must_use]
pub fn joined(base: &str, link: &str) -> Option<String> {
    let to = parsed(base).ok()?.join(link).ok()?;
    matches!(to.scheme(), "http" | "https").then(|| to.into())
}

/// The address with these parameters behind it.
#[must_use]
pub fn with_query(url: &str, query: &[(String, String)]) -> String {
    match parsed(url) {
        Ok(mut url) => {
            url.query_pairs_mut().extend_pairs(query);
            url.into()
        }
        Err(_) => url.to_owned(),
    }
}

/// Host and port: what politeness counts by.
pub fn host(url: &Url) -> String {
    let port = url.port_or_known_default().unwrap_or_default();
    format!("{}:{port}", url.host_str().unwrap_or_default())
}

/// Whether credentials for `from` may go to `to`: the same place, or the same host made safer.
#[must_use]
pub fn same_place(from: &str, to: &str) -> bool {
    matches!((parsed(from), parsed(to)), (Ok(from), Ok(to)) if same(&from, &to))
}

/// The same of addresses already understood.
pub fn same(from: &Url, to: &Url) -> bool {
    let safer = from.scheme() == "http" && to.scheme() == "https" && to.port().is_none();
    from.host_str() == to.host_str() && (host(from) == host(to) && from.scheme() == to.scheme() || safer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_never_shown() {
        assert_eq!(shown("https://me:word@h.example/oai?verb=Identify"), "https://h.example/oai?verb=Identify");
        assert_eq!(shown("https://h.example/?API_KEY=abc&set=a@b"), "https://h.example/?API_KEY=…&set=a@b");
        assert_eq!(shown("http://a:b@c@h.example#x"), "http://h.example#x");
        for name in ["wskey", "token", "X-Amz-Signature", "subscription-key"] {
            assert_eq!(shown(&format!("http://h.example/?{name}=a%20b")), format!("http://h.example/?{name}=…"));
            assert_eq!(secrets(&format!("http://h.example/?{name}=a%20b&verb=c#{name}=d")), ["a%20b", "a b"]);
        }
        let list = "http://h.example/?verb=ListRecords&resumptionToken=abc";
        assert_eq!(shown(list), list);
        assert_eq!(shown("not an address"), "not an address");
    }

    #[test]
    fn credentials_stay_with_their_host() {
        let same = same_place;
        assert!(same("http://h.example/a", "https://h.example/b"));
        assert!(same("https://h.example/a", "https://h.example:443/b"));
        assert!(!same("https://h.example/a", "http://h.example/a"));
        assert!(!same("https://h.example/a", "https://h.example:8443/a"));
        assert!(!same("https://h.example/a", "https://x.example/a"));
    }

    #[test]
    fn only_the_web_is_fetched() {
        for url in ["ftp://h.example/", "file:///etc/passwd", "h.example/oai", "", "https://"] {
            assert_eq!(parsed(url).unwrap_err().kind(), &Kind::Value, "{url}");
        }
    }
}
