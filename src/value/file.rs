//! Addresses by what they lead to: a file, the page of a record, the home page of an institution.

use super::function::{Class, Forward, Function, Guard, Value, unknown};
use super::identifier::{after, doi, escaped, is_ark};
use super::{function, guard};
use std::borrow::Cow;
use std::sync::LazyLock;

/// Questions and functions of other files, looked up once.
static IS_URL: LazyLock<fn(&str) -> bool> = LazyLock::new(|| guard("url.is").map_or(|_| false, |guard| guard.test));
static IS_NHM: LazyLock<fn(&str) -> bool> =
    LazyLock::new(|| guard("nhm.is_media").map_or(|_| false, |guard| guard.test));
static MIME: LazyLock<Option<Forward>> = LazyLock::new(|| function("mime.from_url").map(|mime| mime.forward));

pub(super) const FUNCTIONS: &[Function] = &[Function {
    name: "id.page",
    arguments: &["kind"],
    class: Class::OneWay,
    forward: |text, arguments| match (arguments.first().and_then(|kind| page_of(text, kind)), arguments) {
        (Some((kind, address)), [wanted]) if kind.id() == *wanted => Ok(Value::One(address)),
        (Some(_), _) => unknown("an address of another kind"),
        (None, _) => unknown("has no page"),
    },
    backward: None,
    doc: "The address of the page that an identifier leads to, if it is of a kind: `handle` (Handle, ARK, URN:NBN), \
          `page`, `doi`, each as an address, `bare` for these identifiers without a resolver, whose address is made, \
          or `home` for a web site as a whole. Files have none.",
    example: ("doi:10.5281/zenodo.1", &["bare"]),
    source: "RFC 3986; DOI Handbook; Handle System; ARK; RFC 8458 (URN:NBN)",
}];

pub(super) const GUARDS: &[Guard] = &[
    Guard {
        name: "url.is_file",
        test: is_file,
        doc: "The address of a file: one with the ending of a media file, of a medialib such as that of Naturalis, of an image \
              of the NHM or of a IIIF image request.",
    },
    Guard {
        name: "bepress.is_download",
        test: |text| {
            let path = parts(text.trim()).map_or("", |(_, path)| path);
            IS_URL(text) && (path.ends_with("cgi/viewcontent.cgi") || path.ends_with("/viewcontent"))
        },
        doc: "The address of the file of a record of bepress Digital Commons.",
    },
    Guard { name: "id.is_citation", test: is_citation, doc: "A bibliographic citation rather than an identifier." },
];

/// What kind of page an identifier leads to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Page {
    Handle,
    Plain,
    Doi,
    Bare,
    Home,
}

impl Page {
    fn id(self) -> &'static str {
        match self {
            Self::Handle => "handle",
            Self::Plain => "page",
            Self::Doi => "doi",
            Self::Bare => "bare",
            Self::Home => "home",
        }
    }
}

/// Host and path of an address, without query and fragment.
fn parts(address: &str) -> Option<(&str, &str)> {
    let rest = behind_scheme(address)?;
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    Some(rest.split_once('/').unwrap_or((rest, "")))
}

fn is_file(text: &str) -> bool {
    let text = text.trim();
    if behind_scheme(text).is_none() || !IS_URL(text) {
        return false;
    }
    let Some((host, path)) = parts(text) else { return false };
    let is_medialib = host.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("medialib."));
    if is_medialib && path.starts_with("file/id/") && path.contains("/format/") {
        return true;
    }
    // `/media/` and the GUID of an image, with or without a size.
    let nhm = || ["/original", "/preview", "/thumbnail"].iter().find_map(|size| text.strip_suffix(size));
    if path.contains("media/") && IS_NHM(nhm().unwrap_or(text)) {
        return true;
    }
    let name = path.rsplit('/').next().unwrap_or_default();
    let Some((start, ending)) = name.rsplit_once('.') else { return false };
    if is_image_request(path) {
        return true;
    }
    // Wikis name the page of a file so.
    let wiki = start.split_once(':').is_some_and(|(space, _)| {
        ["file", "image", "bestand", "datei", "fichier", "archivo"].contains(&space.to_lowercase().as_str())
    });
    ending.len() <= 5 && !wiki && MIME.is_some_and(|mime| mime(text, &[]).is_ok())
}

/// `{region}/{size}/{rotation}/{quality}.{format}` at the end of a path.
fn is_image_request(path: &str) -> bool {
    let mut parts = path.rsplit('/');
    let (Some(last), Some(rotation), Some(size), Some(region)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    let quality = last.split_once('.').is_some_and(|(quality, format)| {
        ["default", "native", "color", "gray", "bitonal"].contains(&quality) && !format.is_empty()
    });
    let degrees = rotation.trim_start_matches('!').parse::<f64>().is_ok();
    let region = region == "full" || region == "square" || region.contains(',');
    let size = size.trim_start_matches('^') == "full" || size.contains("max") || size.contains([',', ':']);
    quality && degrees && region && size
}

/// Resolvers of URN:NBN by country; that of Germany, Austria and Switzerland knows those of others.
const NBN: &[(&str, &str)] = &[
    ("nl", "https://www.persistent-identifier.nl/"),
    ("fi", "https://urn.fi/"),
    ("no", "https://urn.nb.no/"),
    ("se", "https://urn.kb.se/resolve?urn="),
];

/// What follows `://` in an address.
fn behind_scheme(text: &str) -> Option<&str> {
    text.split_once(':').and_then(|(_, rest)| rest.strip_prefix("//"))
}

/// The page of an identifier, unless it is seen at a glance that it is not of this kind.
fn page_of<'a>(text: &'a str, kind: &str) -> Option<(Page, Cow<'a, str>)> {
    let rest = behind_scheme(text);
    let may_be = match (kind, rest) {
        ("bare", rest) => rest.is_none(),
        ("doi", Some(rest)) => {
            let host = rest.strip_prefix("www.").unwrap_or(rest);
            host.starts_with("doi.org/") || host.starts_with("dx.doi.org/")
        }
        ("handle", Some(rest)) => {
            let host = rest.strip_prefix("www.").unwrap_or(rest);
            rest.contains(':') || after(host, &["hdl.handle.net/"]).is_some()
        }
        ("home", Some(rest)) => {
            text.len() < 80 && is_home(rest.trim_end().split_once('/').map_or("", |(_, rest)| rest))
        }
        (_, rest) => rest.is_some(),
    };
    may_be.then(|| page(text)).flatten()
}

/// The kind and the address of the page of an identifier.
fn page(text: &str) -> Option<(Page, Cow<'_, str>)> {
    let text = text.trim();
    if IS_URL(text) {
        return address(text).map(|kind| (kind, Cow::Borrowed(text)));
    }
    let named = after(text, &["info:doi/", "doi:", "doi "]).map_or(text, str::trim_start);
    if doi(named).is_some() {
        return Some((Page::Bare, format!("https://doi.org/{}", escaped(named)).into()));
    }
    if let Some(handle) = after(text, &["info:hdl/", "hdl:"]).map(str::trim).filter(|handle| is_handle(handle)) {
        return Some((Page::Bare, format!("https://hdl.handle.net/{}", escaped(handle)).into()));
    }
    if let Some(name) = after(text, &["ark:"]).map(|name| name.trim_start_matches('/'))
        && is_ark(name)
    {
        return Some((Page::Bare, format!("https://n2t.net/ark:/{}", escaped(name)).into()));
    }
    let country = after(text, &["urn:nbn:"])?.split([':', '-']).next().unwrap_or_default().to_ascii_lowercase();
    if country.len() != 2 || text.contains(char::is_whitespace) {
        return None;
    }
    let resolver = NBN.iter().find(|(known, _)| *known == country).map(|(_, resolver)| *resolver);
    Some((Page::Bare, format!("{}{}", resolver.unwrap_or("https://nbn-resolving.org/"), escaped(text)).into()))
}

/// What kind of page an address is of.
fn address(text: &str) -> Option<Page> {
    let (host, path) = parts(text)?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    let web = after(text, &["https://", "http://"]).is_some();
    if !web || is_file(text) {
        return None;
    }
    let rest = behind_scheme(text).and_then(|rest| rest.split_once('/')).map_or("", |(_, rest)| rest);
    // A name within a path has a colon: most paths have none.
    let labelled = rest.contains(':');
    let named = |known: &str| host.eq_ignore_ascii_case(known);
    match path {
        _ if named("doi.org") || named("dx.doi.org") => doi(path).is_some().then_some(Page::Doi),
        _ if named("hdl.handle.net") => is_handle(path).then_some(Page::Handle),
        _ if labelled && path.split_once("ark:").is_some_and(|(_, name)| is_ark(name.trim_start_matches('/'))) => {
            Some(Page::Handle)
        }
        _ if labelled && rest.to_ascii_lowercase().contains("urn:nbn:") => Some(Page::Handle),
        _ if is_home(rest) => Some(Page::Home),
        _ => Some(Page::Plain),
    }
}

/// Whether what follows the host is that of a web site as a whole.
fn is_home(rest: &str) -> bool {
    let names = ["", "index.html", "index.htm", "index.php", "index.jsp", "home", "en", "nl", "de", "fr", "es"];
    let rest = rest.trim_end_matches('/');
    names.iter().any(|name| name.eq_ignore_ascii_case(rest))
}

/// A Handle that resolves: 123456789 is the prefix that `DSpace` has before it gets one.
fn is_handle(text: &str) -> bool {
    text.split_once('/').is_some_and(|(prefix, suffix)| {
        let authority = !prefix.is_empty() && prefix != "123456789" && prefix.contains(|c: char| c.is_ascii_digit());
        authority && !suffix.is_empty() && !text.contains(char::is_whitespace)
    })
}

/// A citation is a sentence: many words, a year, and pages, a volume, a place or names.
fn is_citation(text: &str) -> bool {
    let text = text.trim();
    if text.len() < 30 || !text.contains(' ') {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    if words.len() < 5 {
        return false;
    }
    let bare = |word: &str| word.trim_matches(|mark: char| !mark.is_alphanumeric()).to_owned();
    let year = words.iter().any(|word| {
        let mut numbers = word.split(|mark: char| !mark.is_ascii_digit());
        numbers.any(|number| number.len() == 4 && ("1500".."2100").contains(&number))
    });
    let marks = ["pp", "p", "vol", "no", "issue", "doi", "edited", "eds", "ed", "journal", "proceedings", "press"];
    let marked = words.iter().any(|word| marks.contains(&bare(word).to_lowercase().as_str()));
    let punctuated = text.matches(['.', ',', ';', ':', '"', '(']).count();
    (year && punctuated >= 2) || (marked && punctuated >= 3)
}
