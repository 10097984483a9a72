//! Identifiers: which scheme they belong to, and addresses of media libraries.

use super::function::{Class, Function, Guard, Outcome, Rejected, Value, Why, placeholder, text, unknown};
use std::borrow::Cow;

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "id.scheme",
        arguments: &[],
        class: Class::Iso,
        forward: |text, _| {
            let (scheme, _) = scheme(text)?;
            Ok(Value::Fields(vec![("value", text.into()), ("scheme", scheme.into())]))
        },
        backward: Some(|value, _| match value.field("value") {
            Some(text) => scheme(text).map(|_| Value::one(text)),
            None => unknown("there is no value"),
        }),
        doc: "The `scheme` of an identifier (`doi`, `ark`, `handle`, `uuid`, `oai`, `issn`, `isbn`, `urn`, `url`, else \
              `local`) and its `value` as it stands. An ISBN or ISSN with a wrong check digit is rejected.",
        example: ("https://doi.org/10.5281/zenodo.1", &[]),
        source: "DOI Handbook, ARK, RFC 3651, RFC 9562, OAI Identifier Format",
    },
    Function {
        name: "id.uri",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| uri(text),
        backward: Some(|value, _| uri(text(value)?)),
        doc: "An identifier of a scheme that resolves as the address to use for it, with what no address may contain \
              escaped.",
        example: ("doi:10.5281/Zenodo.1", &[]),
        source: "DOI Handbook, ARK, RFC 3651, RFC 9562",
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
        test: |text| scheme(text).is_ok_and(|(scheme, _)| scheme != "local"),
        doc: "An identifier of a known scheme.",
    },
];

/// What follows any of the prefixes, in any case.
pub(super) fn after<'a>(text: &'a str, prefixes: &[&str]) -> Option<&'a str> {
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

/// A DOI: `10.`, a registrant of four digits or more and what is below it, a solidus, anything.
pub(super) fn doi(text: &str) -> Option<&str> {
    let (prefix, suffix) = text.strip_prefix("10.")?.split_once('/')?;
    let mut parts = prefix.split('.');
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let registrant = parts.next().is_some_and(|first| first.len() >= 4 && digits(first)) && parts.all(digits);
    (registrant && !suffix.is_empty() && !text.contains(char::is_whitespace)).then_some(text)
}

/// An address without its percent escapes; as it stands where they are not UTF-8.
fn unescaped(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let (bytes, mut plain, mut at) = (text.as_bytes(), Vec::with_capacity(text.len()), 0);
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                plain.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(plain).map_or(Cow::Borrowed(text), Cow::Owned)
}

/// A name as the path of an address (RFC 3986 §3.3).
pub(super) fn escaped(text: &str) -> String {
    let mut path = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@/".contains(&byte) {
            path.push(byte.into());
        } else {
            let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0').to_ascii_uppercase();
            path.extend(['%', digit(byte >> 4), digit(byte & 15)]);
        }
    }
    path
}

fn uuid(text: &str) -> Option<&str> {
    let groups: Vec<&str> = text.split('-').collect();
    let lengths = groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12]);
    (lengths && groups.iter().all(|group| group.bytes().all(|byte| byte.is_ascii_hexdigit()))).then_some(text)
}

/// The digits of a number with hyphens or blanks between them, as a scheme counts them; an X at the end
/// is ten.
fn digits(text: &str) -> Option<Vec<u32>> {
    let signs: Vec<char> = text.chars().filter(|sign| !matches!(sign, '-' | ' ' | '‐' | '‑' | '–')).collect();
    let last = signs.len().checked_sub(1)?;
    let digit = |(at, sign): (usize, &char)| match sign {
        'X' | 'x' if at == last => Some(10),
        sign => sign.to_digit(10),
    };
    signs.iter().enumerate().map(digit).collect()
}

const CHECK_DIGIT: Rejected = Rejected::new(Why::Impossible, "a check digit that does not fit");

/// Whether a text is an ISBN (ISO 2108): an error where it has the form of one only.
fn isbn(text: &str) -> Result<bool, Rejected> {
    let Some(digits) = digits(text) else { return Ok(false) };
    let weighted =
        |weight: fn(usize) -> u32| -> u32 { digits.iter().enumerate().map(|(at, digit)| digit * weight(at)).sum() };
    let fits = match digits.len() {
        10 => weighted(|at| 10 - at as u32).is_multiple_of(11),
        13 => {
            let book = matches!(digits[..3], [9, 7, 8 | 9]) && digits[12] < 10;
            book && weighted(|at| 1 + 2 * (at as u32 % 2)).is_multiple_of(10)
        }
        _ => return Ok(false),
    };
    if fits { Ok(true) } else { Err(CHECK_DIGIT) }
}

/// Whether a text is an ISSN (ISO 3297): an error where it has the form of one only.
fn issn(text: &str) -> Result<bool, Rejected> {
    match digits(text) {
        Some(digits) if digits.len() == 8 => {
            let sum: u32 = digits.iter().enumerate().map(|(at, digit)| digit * (8 - at as u32)).sum();
            if sum.is_multiple_of(11) { Ok(true) } else { Err(CHECK_DIGIT) }
        }
        _ => Ok(false),
    }
}

/// What resolves DOIs, without the protocol.
const DOI_RESOLVERS: &[&str] = &["doi.org/", "dx.doi.org/", "www.doi.org/"];

/// What follows the address of a resolver, without the escapes that an address needs. A query or a
/// fragment is no part of a name, so with one it is only an address.
fn resolved<'a>(text: &'a str, resolvers: &[&str]) -> Option<Cow<'a, str>> {
    let host = after(text, &["https://", "http://"]);
    let name = after(host.unwrap_or(text), resolvers)?;
    match host {
        Some(_) if name.contains(['?', '#']) => None,
        Some(_) => Some(unescaped(name)),
        None => Some(Cow::Borrowed(name)),
    }
}

fn borrowed_or_owned<'a>(
    text: Cow<'a, str>,
    part: impl for<'t> Fn(&'t str) -> Option<&'t str>,
) -> Option<Cow<'a, str>> {
    match text {
        Cow::Borrowed(text) => part(text).map(Cow::Borrowed),
        Cow::Owned(text) => part(&text).map(|part| Cow::Owned(part.to_owned())),
    }
}

/// The DOI in a text: alone, behind a label, or in the address of a resolver.
fn found_doi(text: &str) -> Option<Cow<'_, str>> {
    let inner = |name: &str| -> Option<usize> {
        let bare = after(name, &["info:doi/", "urn:doi:", "doi:", "doi "]).unwrap_or(name).trim_start();
        doi(bare).map(|bare| name.len() - bare.len())
    };
    let labelled = after(text, &["info:doi/", "urn:doi:", "doi:", "doi "]).unwrap_or(text).trim_start();
    match resolved(labelled, DOI_RESOLVERS) {
        Some(name) => borrowed_or_owned(name, |name| inner(name).map(|at| &name[at..])),
        None => inner(text).map(|at| Cow::Borrowed(&text[at..])),
    }
}

/// The name behind the label `ark:`, at the begin of a text or of a part of an address's path.
fn found_ark(text: &str) -> Option<Cow<'_, str>> {
    let address = is_url(text);
    if address && text.contains(['?', '#']) {
        return None;
    }
    let plain = if address { unescaped(text) } else { Cow::Borrowed(text) };
    let at = plain.as_bytes().windows(4).position(|label| label.eq_ignore_ascii_case(b"ark:"))?;
    if at > 0 && !(address && plain[..at].ends_with('/')) {
        return None;
    }
    borrowed_or_owned(plain, |plain| {
        let name = plain[at + 4..].trim_start_matches('/');
        is_ark(name).then_some(name)
    })
}

/// Whether it is the name of an ARK: the number of an authority, and what that authority names.
pub(super) fn is_ark(name: &str) -> bool {
    name.split_once('/').is_some_and(|(naan, rest)| {
        naan.len() >= 5 && naan.bytes().all(|byte| byte.is_ascii_alphanumeric()) && !rest.is_empty()
    })
}

/// The scheme of an identifier and what identifies within it.
fn scheme(text: &str) -> Result<(&'static str, Cow<'_, str>), Rejected> {
    let text = text.trim();
    if text.is_empty() {
        return placeholder("blank");
    }
    if let Some(found) = found_doi(text) {
        return Ok(("doi", found));
    }
    let handle = resolved(text, &["hdl.handle.net/"]).filter(|_| is_url(text));
    let handle = handle.or_else(|| after(text, &["info:hdl/", "hdl:"]).map(Cow::Borrowed));
    if let Some(found) = handle
        && found.contains('/')
        && !found.contains(char::is_whitespace)
    {
        if found.starts_with("123456789/") {
            return placeholder("the handle prefix of a repository that has none: it resolves nowhere");
        }
        return Ok(("handle", found));
    }
    if let Some(found) = found_ark(text) {
        return Ok(("ark", found));
    }
    if let Some(found) = uuid(after(text, &["urn:uuid:"]).unwrap_or(text)) {
        return Ok(("uuid", found.into()));
    }
    if let Some(rest) = after(text, &["oai:"])
        && rest.split_once(':').is_some_and(|(host, local)| !host.is_empty() && !local.is_empty())
    {
        return Ok(("oai", text.into()));
    }
    let labelled = |labels: &[&str]| after(text, labels).map(str::trim);
    if let Some(found) = labelled(&["urn:issn:", "issn:", "issn "])
        && issn(found)?
    {
        return Ok(("issn", found.into()));
    }
    let labels = ["urn:isbn:", "isbn-13:", "isbn-10:", "isbn-13 ", "isbn-10 ", "isbn13:", "isbn10:", "isbn:", "isbn "];
    if let Some(found) = labelled(&labels)
        && isbn(found)?
    {
        return Ok(("isbn", found.into()));
    }
    if after(text, &["urn:urn:"]).is_some() {
        return unknown("the label urn: stands twice");
    }
    let scheme = match text {
        _ if is_url(text) => "url",
        _ if after(text, &["urn:"]).is_some_and(is_urn) => "urn",
        _ => "local",
    };
    Ok((scheme, text.into()))
}

/// A namespace and a name within it (RFC 8141 §2).
fn is_urn(text: &str) -> bool {
    text.split_once(':').is_some_and(|(namespace, name)| {
        let letters = namespace.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let begins = namespace.starts_with(|first: char| first.is_ascii_alphanumeric());
        letters
            && begins
            && (2..=32).contains(&namespace.len())
            && !name.is_empty()
            && !name.contains(char::is_whitespace)
    })
}

fn uri(text: &str) -> Outcome<'static> {
    let (scheme, id) = scheme(text)?;
    Ok(Value::one(match scheme {
        // A DOI is the same in any case.
        "doi" => format!("https://doi.org/{}", escaped(&id.to_ascii_lowercase())),
        "handle" => format!("https://hdl.handle.net/{}", escaped(&id)),
        "ark" => format!("https://n2t.net/ark:/{}", escaped(&id)),
        "uuid" => format!("urn:uuid:{}", id.to_ascii_lowercase()),
        "issn" => format!("urn:issn:{}", id.to_uppercase()),
        "isbn" => {
            let signs: String = id.chars().filter(char::is_ascii_alphanumeric).collect();
            format!("urn:isbn:{}", signs.to_uppercase())
        }
        "url" | "urn" | "oai" => id.into_owned(),
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
