//! Addresses: where one begins and ends in a text, and what it names.
//!
//! A host counts only when it is the host: `creativecommons.org.example`,
//! `customlicense.org/licenses/by/4.0/` and an address inside the query of
//! another one name no licence.

use crate::license::data::other;
use crate::license::data::tables::{self, Tool, Unit, Version};
use crate::license::recognise::claim::{Claim, Rule};
use crate::license::recognise::path;

/// Hosts that are recognised without a scheme.
const HOSTS: [&str; 12] = [
    "creativecommons.org",
    "i.creativecommons.org",
    "licensebuttons.net",
    "rightsstatements.org",
    "europeana.eu",
    "opendatacommons.org",
    "spdx.org",
    "choosealicense.com",
    "opendefinition.org",
    "i.licensebuttons.net",
    "mirrors.creativecommons.org",
    "l.creativecommons.org",
];

/// Which family of addresses a host serves.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Host {
    CreativeCommons,
    Badges,
    Mirrors,
    RightsStatements,
    Europeana,
    OpenDataCommons,
    Spdx,
    ChooseALicense,
    OpenDefinition,
    Wiki,
    Flickr,
    Archive,
    Foreign,
}

fn host_of(host: &str) -> Host {
    let is = |name: &str| host.eq_ignore_ascii_case(name);
    let under = |name: &str| {
        let cut = host.len().wrapping_sub(name.len());
        host.get(cut..).is_some_and(|h| h.eq_ignore_ascii_case(name))
            && (cut == 0 || host.as_bytes().get(cut - 1) == Some(&b'.'))
    };
    match host.len() {
        19 if is("creativecommons.org") => Host::CreativeCommons,
        21 if is("i.creativecommons.org") || is("l.creativecommons.org") => Host::Badges,
        27 if is("mirrors.creativecommons.org") => Host::Mirrors,
        18 if is("licensebuttons.net") => Host::Badges,
        20 if is("i.licensebuttons.net") => Host::Badges,
        20 if is("rightsstatements.org") => Host::RightsStatements,
        12 if is("europeana.eu") => Host::Europeana,
        19 if is("opendatacommons.org") => Host::OpenDataCommons,
        8 if is("spdx.org") => Host::Spdx,
        18 if is("choosealicense.com") => Host::ChooseALicense,
        18 if is("opendefinition.org") => Host::OpenDefinition,
        10 if is("flickr.com") => Host::Flickr,
        15 if is("web.archive.org") => Host::Archive,
        _ if under("wikipedia.org") || under("wikimedia.org") => Host::Wiki,
        _ => Host::Foreign,
    }
}

/// When an address without scheme begins at `i`, its end.
pub(crate) fn bare_host_at(text: &str, i: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let second = bytes.get(i + 1)? | 32;
    // the first two letters of the hosts below and of "www."
    let possible = match bytes[i] | 32 {
        b'c' => matches!(second, b'r' | b'h'),
        b'i' | b'l' => matches!(second, b'.' | b'i'),
        b'r' | b'm' => second == b'i',
        b'e' => second == b'u',
        b'o' | b's' => second == b'p',
        b'w' => second == b'w',
        _ => false,
    };
    if !possible {
        return None;
    }
    let start = if bytes[i] | 32 == b'w' {
        if !starts_with(bytes, i, b"www.") {
            return None;
        }
        i + 4
    } else {
        i
    };
    if i > 0 {
        let before = bytes.get(i - 1).copied().unwrap_or(b' ');
        if matches!(before, b'.' | b'-' | b'_' | b'@') || before.is_ascii_alphanumeric() {
            return None;
        }
        if before == b'/' {
            let path = &bytes[..i];
            let slashes = path.iter().rev().take(3).take_while(|b| **b == b'/').count();
            let scheme = &path[..i - slashes];
            let after_scheme = scheme.len() >= 4 && scheme[scheme.len() - 4..].eq_ignore_ascii_case(b"http");
            if !after_scheme && slashes < 2 && scheme.last() != Some(&b':') {
                return None;
            }
        }
    }
    if start > i {
        return Some(end_of(text, i));
    }
    let rest = &bytes[i..];
    HOSTS
        .iter()
        .any(|h| {
            starts_with(rest, 0, h.as_bytes())
                && !rest.get(h.len()).is_some_and(|b| {
                    b.is_ascii_alphanumeric()
                        || *b == b'-'
                        || *b == b'@'
                        || (*b == b'.' && rest.get(h.len() + 1).is_some_and(u8::is_ascii_alphanumeric))
                })
        })
        .then(|| end_of(text, i))
}

fn starts_with(bytes: &[u8], i: usize, prefix: &[u8]) -> bool {
    bytes.get(i..i + prefix.len()).is_some_and(|b| b.eq_ignore_ascii_case(prefix))
}

/// When `i` is the end of a scheme, the bounds of the whole address.
pub(crate) fn scheme_at(text: &str, i: usize) -> Option<(usize, usize)> {
    let bytes = text.as_bytes();
    let marks = ["://", "%3a%2f%2f", "%253a%252f%252f", ":%2f%2f", ":/"];
    let mark = marks.iter().find(|mark| starts_with(bytes, i, mark.as_bytes()))?;
    // One slash alone is a mark only after the name of a scheme: "by:/" is text.
    let follows =
        |scheme: &str| i.checked_sub(scheme.len()).is_some_and(|at| starts_with(bytes, at, scheme.as_bytes()));
    if *mark == ":/" && !follows("http") && !follows("https") {
        return None;
    }
    let after = bytes.get(i + mark.len())?;
    if after.is_ascii_whitespace() {
        return None;
    }
    let mut start = i;
    while start > 0 && bytes[start - 1].is_ascii_alphabetic() {
        start -= 1;
    }
    let scheme = &bytes[start..i];
    for known in ["https", "http"] {
        if scheme.len() > known.len() && scheme[scheme.len() - known.len()..].eq_ignore_ascii_case(known.as_bytes()) {
            start = i - known.len();
            break;
        }
    }
    (start < i).then(|| (start, end_of_from(text, start, i + mark.len())))
}

fn end_of(text: &str, start: usize) -> usize {
    end_of_from(text, start, start)
}

/// The end of the address that begins at `start` and whose host begins at `host`.
fn end_of_from(text: &str, start: usize, host: usize) -> usize {
    let bytes = text.as_bytes();
    let kind = host_of(host_part(text.get(host..).unwrap_or_default()));
    // the address of an archived page contains that of the page
    let known = !matches!(kind, Host::Foreign | Host::Archive);
    let mut end = host.max(start);
    while let Some(&b) = bytes.get(end) {
        if b <= b' ' || matches!(b, b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'^' | b'`') || (known && b >= 128) {
            break;
        }
        // a second address glued to the first
        if b | 32 == b'h'
            && end > host + 3
            && (starts_with(bytes, end, b"http://") || starts_with(bytes, end, b"https://"))
            && (known || matches!(bytes[end - 1], b';' | b',' | b'(' | b'['))
        {
            break;
        }
        end += 1;
    }
    while end > host && !text.is_char_boundary(end) {
        end -= 1;
    }
    // wide spaces end a foreign address, brackets and stops at its end are not part of it
    let slice = text.get(start..end).unwrap_or_default();
    let slice = slice.find(char::is_whitespace).map_or(slice, |n| &slice[..n]);
    let slice = slice.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '\'', '*', '’', '”', '»']);
    (start + slice.len()).max(host.min(text.len())).max(start + 1)
}

/// The host at the beginning of a text, without `www.` and port number.
fn host_part(text: &str) -> &str {
    let bytes = text.as_bytes();
    let mut end = 0;
    while bytes.get(end).is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b'@' | b':')) {
        end += 1;
    }
    let authority = &text[..end];
    if authority.contains('@') {
        return "";
    }
    let host = authority.split(':').next().unwrap_or("").trim_end_matches('.');
    if starts_with(host.as_bytes(), 0, b"www.") { &host[4..] } else { host }
}

/// The address of a tool as its authority spells it, with or without last
/// slash, deed or legal code: tool and language of the deed. Everything else is for [`read`].
pub(crate) fn canonical(text: &[u8]) -> Option<(Tool, Option<&[u8]>)> {
    let mut deed = None;
    let rest = text.strip_prefix(b"http")?;
    let rest = rest.strip_prefix(b"s").unwrap_or(rest).strip_prefix(b"://")?;
    let rest = rest.strip_prefix(b"www.").unwrap_or(rest).strip_prefix(b"creativecommons.org/")?;
    let (rest, public) = match rest.strip_prefix(b"licenses/") {
        Some(r) => (r, false),
        None => (rest.strip_prefix(b"publicdomain/")?, true),
    };
    let slash = rest.iter().position(|b| *b == b'/')?;
    let (unit, rest) = rest.split_at(slash);
    let unit = match unit {
        b"by" => Unit::By,
        b"by-sa" => Unit::BySa,
        b"by-nc" => Unit::ByNc,
        b"by-nd" => Unit::ByNd,
        b"by-nc-sa" => Unit::ByNcSa,
        b"by-nc-nd" => Unit::ByNcNd,
        b"zero" => Unit::Zero,
        b"mark" => Unit::Mark,
        _ => return None,
    };
    if unit.public_domain() != public {
        return None;
    }
    let [b'/', major, b'.', minor, rest @ ..] = rest else {
        return None;
    };
    let version = match (major, minor) {
        (b'1', b'0') => Version::V1_0,
        (b'2', b'0') => Version::V2_0,
        (b'2', b'1') => Version::V2_1,
        (b'2', b'5') => Version::V2_5,
        (b'3', b'0') => Version::V3_0,
        (b'4', b'0') => Version::V4_0,
        _ => return None,
    };
    let (port, rest) = match rest {
        [b'/', a, b, rest @ ..] if rest.is_empty() || rest[0] == b'/' => (tables::port_of(&[*a, *b])?, rest),
        _ => (0, rest),
    };
    match rest {
        [] | b"/" | b"/deed" | b"/legalcode" => {}
        [b'/', b'd', b'e', b'e', b'd', b'.', language @ ..]
            if (2..=12).contains(&language.len())
                && language.iter().all(|byte| byte.is_ascii_alphabetic() || b"-_@".contains(byte)) =>
        {
            deed = Some(language);
        }
        _ => return None,
    }
    let tool = Tool { unit, version, port };
    tool.exists().then_some((tool, deed))
}

/// What an address names; `offset` is its place in the text.
pub(crate) fn read(address: &str, offset: usize) -> Option<Claim> {
    let decoded;
    let mut a = address;
    if address.contains('%') {
        decoded = decode(address);
        a = &decoded;
    }
    let rest = match a.find(":/") {
        Some(n) if n < 8 => a.get(n + 2..).unwrap_or_default(),
        _ => a,
    };
    let rest = rest.trim_start_matches('/');
    let host = host_part(rest);
    let kind = host_of(host);
    let tail = rest.find('/').map_or("", |n| &rest[n + 1..]);
    let mut c = Claim::new(Rule::Address, offset, offset + address.len());
    let found = match kind {
        Host::CreativeCommons => path::creative_commons(&mut c, tail),
        Host::Badges => path::badge(&mut c, tail),
        Host::Mirrors => path::mirror(&mut c, tail),
        Host::RightsStatements => path::rights_statement(&mut c, tail),
        Host::Europeana => path::europeana(&mut c, tail),
        Host::OpenDataCommons => other::by_path(&mut c, tail),
        Host::Spdx => path::spdx(&mut c, tail),
        Host::ChooseALicense => path::choose_a_license(&mut c, tail),
        Host::OpenDefinition => path::open_definition(&mut c, tail),
        Host::Wiki => path::wiki(&mut c, tail),
        Host::Flickr => path::flickr(&mut c, tail),
        Host::Archive => {
            let inner = tail.find("http").and_then(|n| tail.get(n..))?;
            let inner = read(inner, offset)?;
            return Some(Claim { end: offset + address.len(), ..inner });
        }
        Host::Foreign => other::by_address(&mut c, rest),
    };
    // what hangs on behind the version may be the end of a code
    (found && !tail.contains("/-")).then_some(c)
}

/// Undoes percent encoding, at most twice.
fn decode(address: &str) -> String {
    let mut text = address.to_owned();
    for _ in 0..2 {
        let bytes = text.as_bytes();
        let mut out = Vec::with_capacity(bytes.len());
        let mut i = 0;
        let mut changed = false;
        while let Some(&b) = bytes.get(i) {
            let hex = bytes.get(i + 1..i + 3).and_then(|h| std::str::from_utf8(h).ok());
            if b == b'%'
                && let Some(v) = hex.and_then(|h| u8::from_str_radix(h, 16).ok())
            {
                out.push(v);
                changed = true;
                i += 3;
            } else {
                out.push(b);
                i += 1;
            }
        }
        if !changed {
            break;
        }
        text = String::from_utf8_lossy(&out).into_owned();
    }
    text
}

/// The unit a Creative Commons address of that unit would have.
pub(crate) fn address(unit: Unit, version: Version, port: tables::Port, scheme: &str) -> String {
    let mut out = String::with_capacity(64);
    out.push_str(scheme);
    out.push_str("://creativecommons.org/");
    out.push_str(if unit.public_domain() { "publicdomain/" } else { "licenses/" });
    out.push_str(unit.code());
    out.push('/');
    out.push_str(version.text());
    out.push('/');
    if port != 0 {
        out.push_str(tables::port_code(port));
        out.push('/');
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::license::parse;

    fn id(text: &str) -> Option<String> {
        parse(text).id()
    }

    #[test]
    fn hosts_are_exact() {
        for foreign in [
            "http://creativecommons.org.example/licenses/by/4.0/",
            "http://creativecommons.org@example.org/licenses/by/4.0/",
            "https://example.org/creativecommons.org/licenses/by/4.0/",
            "creativecommons.example/licenses/by/4.0/",
        ] {
            assert_eq!(id(foreign), None, "{foreign}");
        }
    }

    #[test]
    fn forms() {
        for form in [
            "//creativecommons.org/licenses/by-sa/3.0/nl",
            "www.creativecommons.org/licenses/BY-SA/3.0/NL/).",
            "HTTP%3A%2F%2Fcreativecommons.org%2Flicenses%2Fby-sa%2F3.0%2Fnl",
            "https://licensebuttons.net/l/by-sa/3.0/nl/88x31.png",
            "https://creativecommons.org/licences/by-sa/3.0/nl/deed.en;https://creativecommons.org/licenses/by-sa/3.0/nl/",
        ] {
            assert_eq!(id(form).as_deref(), Some("cc-by-sa-3.0-nl"), "{form}");
        }
    }
}
