//! Identifiers: which scheme they belong to, and addresses of media libraries.

use super::function::{Class, Function, Guard, Outcome, Value, placeholder, text, unknown};
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "id.scheme",
        arguments: &[],
        class: Class::Iso,
        forward: |text, _| match scheme(text) {
            Some((scheme, _)) => Ok(Value::Fields(vec![("value", text.into()), ("scheme", scheme.into())])),
            None => placeholder("blank"),
        },
        backward: Some(|value, _| match value.field("value") {
            Some(text) if scheme(text).is_some() => Ok(Value::one(text)),
            _ => unknown("there is no value"),
        }),
        doc: "The `scheme` of an identifier (`doi`, `ark`, `handle`, `uuid`, `oai`, `issn`, `isbn`, `urn`, `url`, else \
              `local`) and its `value` as it stands.",
        example: ("https://doi.org/10.5281/zenodo.1", &[]),
        source: "DOI Handbook, ARK, RFC 3651, RFC 9562, OAI Identifier Format",
    },
    Function {
        name: "id.uri",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| uri(text),
        backward: Some(|value, _| uri(text(value)?)),
        doc: "An identifier of a scheme that resolves as the address to use for it.",
        example: ("doi:10.5281/Zenodo.1", &[]),
        source: "DOI Handbook, ARK, RFC 3651, RFC 9562",
    },
    Function {
        name: "id.nba",
        arguments: &[],
        class: Class::Iso,
        forward: |text, _| match text.rsplit_once('@') {
            Some((id, system)) if !id.is_empty() && !system.is_empty() => {
                Ok(Value::Fields(vec![("id", id.into()), ("system", system.into())]))
            }
            _ => unknown("not an id of the NBA"),
        },
        backward: Some(|value, _| match (value.field("id"), value.field("system")) {
            (Some(id), Some(system)) if !id.is_empty() && !system.is_empty() && !system.contains('@') => {
                Ok(Value::one(format!("{id}@{system}")))
            }
            _ => unknown("there is no id and system"),
        }),
        doc: "An id of the NBA as `id` and source `system`, split at the last `@`.",
        example: ("178358_img@XC", &[]),
        source: "NBA, id",
    },
    Function {
        name: "url.medialib",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| medialib(text),
        backward: Some(|value, _| medialib(text(value)?)),
        doc: "An address of the media library of Naturalis with https and its prefix once; other addresses stay.",
        example: ("http://medialib.naturalis.nl/file/id/RMNH.INS.867435_1/format/large", &[]),
        source: "NBA, CrsMultiMediaTransformer",
    },
    Function {
        name: "id.medialib",
        arguments: &[],
        class: Class::OneWay,
        forward: |text, _| match medialib_parts(text) {
            Some((id, _)) => Ok(Value::one(id)),
            None => unknown("not an address of the media library"),
        },
        backward: None,
        doc: "The id in an address of the media library: the same whether it begins with http or https.",
        example: ("https://medialib.naturalis.nl/file/id/RMNH.INS.867435_1/format/large", &[]),
        source: "NBA, accessUri",
    },
];

pub(super) const GUARDS: &[Guard] = &[
    Guard {
        name: "url.is",
        test: |text| is_url(trimmed(text)),
        doc: "An address that begins with http, https or ftp.",
    },
    Guard {
        name: "id.is_global",
        test: |text| scheme(text).is_some_and(|(scheme, _)| scheme != "local"),
        doc: "An identifier of a known scheme.",
    },
];

/// What follows any of the prefixes, in any case.
fn after<'a>(text: &'a str, prefixes: &[&str]) -> Option<&'a str> {
    prefixes.iter().find_map(|prefix| {
        let (start, rest) = text.split_at_checked(prefix.len())?;
        start.eq_ignore_ascii_case(prefix).then_some(rest)
    })
}

/// A text without the blanks around it: most have none.
fn trimmed(text: &str) -> &str {
    let inked = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if inked(bytes.first()) && inked(bytes.last()) { text } else { text.trim() }
}

fn is_url(text: &str) -> bool {
    let usual = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let Some(rest) = usual.or_else(|| after(text, &["https://", "http://", "ftp://"])) else { return false };
    // A host comes first, and no host begins with one of these.
    let named = !rest.is_empty() && !rest.starts_with(['/', '?', '#', '.', '-', ':']);
    named && (is_plain(text.as_bytes()) || !text.contains(char::is_whitespace) && !text.contains(['<', '>', '"']))
}

/// Whether no byte needs a closer look, as is so of most addresses.
fn is_plain(bytes: &[u8]) -> bool {
    let special = |byte: u8| {
        let mark = u8::from(byte == b'<') | u8::from(byte == b'>') | u8::from(byte == b'"');
        u8::from(byte <= b' ') | u8::from(byte >= 0x7f) | mark
    };
    let any = |block: &[u8; 16]| block.iter().fold(0, |found, byte| found | special(*byte));
    let (blocks, rest) = bytes.as_chunks();
    let found = match bytes.last_chunk() {
        // The last block says again some of what the one before it said.
        Some(last) => any(last),
        None => rest.iter().fold(0, |found, byte| found | special(*byte)),
    };
    blocks.iter().fold(found, |found, block| found | any(block)) == 0
}

/// A DOI: `10.`, a registrant of digits and points, a solidus, anything.
fn doi(text: &str) -> Option<&str> {
    let (prefix, suffix) = text.strip_prefix("10.")?.split_once('/')?;
    let registrant = prefix.len() >= 4 && prefix.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    (registrant && !suffix.is_empty() && !text.contains(char::is_whitespace)).then_some(text)
}

fn uuid(text: &str) -> Option<&str> {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
    (lengths && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))).then_some(text)
}

/// A number with its digits, hyphens and final X, of the length a scheme has.
fn serial(text: &str, length: usize) -> bool {
    let digits: String = text.chars().filter(|letter| *letter != '-' && *letter != ' ').collect();
    digits.len() == length
        && digits
            .bytes()
            .enumerate()
            .all(|(at, byte)| byte.is_ascii_digit() || (at + 1 == length && matches!(byte, b'X' | b'x')))
}

/// The scheme of an identifier and what identifies within it; `None` for a blank.
fn scheme(text: &str) -> Option<(&'static str, &str)> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let dois =
        ["https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "info:doi/", "doi:", ""];
    if let Some(found) = dois.iter().find_map(|prefix| doi(after(text, &[*prefix])?.trim_start())) {
        return Some(("doi", found));
    }
    if let Some(found) = after(text, &["https://hdl.handle.net/", "http://hdl.handle.net/", "info:hdl/", "hdl:"])
        && found.contains('/')
    {
        return Some(("handle", found));
    }
    if let Some(at) = text.find("ark:") {
        let name = text[at + 4..].trim_start_matches('/');
        let resolver = at == 0 || is_url(text) && text[..at].ends_with('/');
        let assigned = name
            .split('/')
            .next()
            .is_some_and(|naan| naan.len() >= 5 && naan.bytes().all(|b| b.is_ascii_alphanumeric()));
        if resolver && assigned && name.contains('/') {
            return Some(("ark", name));
        }
    }
    if let Some(found) = uuid(after(text, &["urn:uuid:"]).unwrap_or(text)) {
        return Some(("uuid", found));
    }
    if let Some(rest) = after(text, &["oai:"])
        && rest.split_once(':').is_some_and(|(host, local)| !host.is_empty() && !local.is_empty())
    {
        return Some(("oai", text));
    }
    if let Some(found) = after(text, &["urn:issn:", "issn:", "issn "]).map(str::trim).filter(|issn| serial(issn, 8)) {
        return Some(("issn", found));
    }
    if let Some(found) = after(text, &["urn:isbn:", "isbn:", "isbn "]).map(str::trim)
        && (serial(found, 10) || serial(found, 13))
    {
        return Some(("isbn", found));
    }
    let scheme = match text {
        _ if is_url(text) => "url",
        _ if after(text, &["urn:"]).is_some_and(|rest| rest.contains(':')) => "urn",
        _ => "local",
    };
    Some((scheme, text))
}

fn uri(text: &str) -> Outcome<'static> {
    let Some((scheme, id)) = scheme(text) else {
        return placeholder("blank");
    };
    Ok(Value::one(match scheme {
        // A DOI is the same in any case.
        "doi" => format!("https://doi.org/{}", id.to_ascii_lowercase()),
        "handle" => format!("https://hdl.handle.net/{id}"),
        "ark" => format!("https://n2t.net/ark:/{id}"),
        "uuid" => format!("urn:uuid:{}", id.to_ascii_lowercase()),
        "issn" => format!("urn:issn:{}", id.to_uppercase()),
        "isbn" => format!("urn:isbn:{}", id.replace([' ', '-'], "").to_uppercase()),
        "url" | "urn" | "oai" => id.to_owned(),
        _ => return unknown("an identifier of its own system"),
    }))
}

const MEDIALIB: &[&str] = &["https://medialib.naturalis.nl/file/id/", "http://medialib.naturalis.nl/file/id/"];

/// The id and the format in an address of the media library.
fn medialib_parts(text: &str) -> Option<(&str, &str)> {
    let mut rest = after(text.trim(), MEDIALIB)?;
    while let Some(inner) = after(rest, MEDIALIB) {
        rest = inner;
    }
    let (id, mut format) = rest.split_once("/format/")?;
    // A doubled prefix comes with a doubled end.
    while let Some((first, again)) = format.split_once("/format/") {
        if first != again.split("/format/").next().unwrap_or_default() {
            return None;
        }
        format = again;
    }
    (!id.is_empty() && !format.is_empty()).then_some((id, format))
}

fn medialib(text: &str) -> Outcome<'static> {
    let text = text.trim();
    match medialib_parts(text) {
        Some((id, format)) => Ok(Value::one(format!("{}{id}/format/{format}", MEDIALIB[0]))),
        None if is_url(text) => Ok(Value::One(Cow::Owned(text.to_owned()))),
        None if text.is_empty() => placeholder("blank"),
        None => unknown("not an address"),
    }
}
