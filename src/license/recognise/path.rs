//! The paths of known hosts: unit, version, port and layer of an address.

use crate::license::data::other;
use crate::license::data::tables::{self, Version, el};
use crate::license::recognise::claim::{Claim, Jurisdiction, Rule, Stated, Statement, Subject, Warnings};

/// A path cut into segments: strict, since letters that are missing between two marks may have been a restriction.
struct Segments<'a> {
    parts: Vec<&'a str>,
    at: usize,
    /// Query and fragment, with the mark before them.
    suffix: &'a str,
}

impl<'a> Segments<'a> {
    fn new(path: &'a str) -> Segments<'a> {
        let end = path.find(['?', '#']).unwrap_or(path.len());
        let (path, suffix) = path.split_at(end);
        let path = path.trim_matches('/');
        let parts = if path.is_empty() { Vec::new() } else { path.split('/').collect() };
        Segments { parts, at: 0, suffix }
    }

    fn peek(&self) -> Option<&'a str> {
        self.parts.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'a str> {
        let part = self.peek()?;
        self.at += 1;
        Some(part)
    }

    /// Everything from segment `from` on.
    fn rest(&self, from: usize) -> String {
        let parts = self.parts.get(from..).unwrap_or_default();
        [parts.join("/").as_str(), self.suffix].concat()
    }

    /// Whether nothing follows but a query that changes nothing.
    fn done(&self) -> bool {
        self.at >= self.parts.len() && harmless(self.suffix)
    }
}

/// Whether a query or fragment only names the place a reader comes from.
fn harmless(suffix: &str) -> bool {
    if suffix.contains('/') {
        return false;
    }
    let codes = suffix
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| ["nc", "nd", "sa"].iter().any(|code| word.to_ascii_lowercase().starts_with(code)));
    let allowed = |pair: &str| {
        let key = pair.split('=').next().unwrap_or("");
        key.is_empty() || matches!(key, "ref" | "atype" | "lang" | "language" | "locale") || key.starts_with("utm_")
    };
    if let Some(query) = suffix.strip_prefix('?') {
        !codes && query.split(['&', '#', '|', ';']).all(|pair| allowed(pair) || !pair.contains('='))
    } else {
        let anchor = suffix.strip_prefix('#').unwrap_or(suffix);
        let plain = anchor.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
        !codes && (anchor.is_empty() || (anchor.len() > 3 && plain))
    }
}

/// The elements of a unit as addresses write it, in any order, each once.
fn elements(segment: &str) -> Option<u16> {
    let plus = segment.ends_with('+');
    let segment = segment.strip_suffix('+').unwrap_or(segment);
    let mut bits = 0;
    for part in segment.split(['-', '_', '+', ' ']) {
        let bit = match part.len() {
            2 if part.eq_ignore_ascii_case("by") => el::BY,
            2 if part.eq_ignore_ascii_case("nc") => el::NC,
            2 if part.eq_ignore_ascii_case("nd") => el::ND,
            2 if part.eq_ignore_ascii_case("sa") => el::SA,
            8 if part.eq_ignore_ascii_case("sampling") => el::SAMPLING,
            4 if part.eq_ignore_ascii_case("plus") => el::PLUS,
            10 if part.eq_ignore_ascii_case("devnations") => el::DEV,
            _ => return None,
        };
        if bits & bit != 0 {
            return None;
        }
        bits |= bit;
    }
    if plus {
        if bits & el::SAMPLING == 0 {
            return None;
        }
        bits |= el::PLUS;
    }
    Some(bits)
}

fn public_domain_unit(segment: &str) -> Option<u16> {
    let is = |s: &str| segment.eq_ignore_ascii_case(s);
    if is("zero") || is("cc0") {
        Some(el::ZERO)
    } else if is("mark") || is("pdm") {
        Some(el::MARK)
    } else if is("certification") {
        Some(el::CERT)
    } else {
        None
    }
}

pub(crate) fn creative_commons(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments::new(path);
    let Some(first) = segments.next() else {
        c.subject = Subject::CreativeCommons;
        return true;
    };
    let is = |s: &str| first.eq_ignore_ascii_case(s);
    if is("licenses") || is("licences") || is("license") || is("licence") || is("l") {
        let Some(unit) = segments.next() else {
            c.subject = Subject::CreativeCommons;
            return true;
        };
        if let Some(bits) = elements(unit).or_else(|| public_domain_unit(unit)) {
            tool(c, bits, segments);
            if unit.eq_ignore_ascii_case("by-nc-nd") && c.version.known() == Some(Version::V1_0) {
                c.warnings |= Warnings::ELEMENT_ORDER;
            }
            return true;
        }
        if unit.eq_ignore_ascii_case("publicdomain") {
            return certification(c, segments);
        }
        if unit.eq_ignore_ascii_case("by-na") || unit.len() < 3 {
            return false;
        }
        c.subject = Subject::CreativeCommons;
        return unit.starts_with("deed") || unit.starts_with("index");
    }
    if is("publicdomain") || is("p") || is("public-domain") {
        let Some(unit) = segments.next() else {
            c.subject = Subject::Statement(Statement::PublicDomain);
            return true;
        };
        let Some(bits) = public_domain_unit(unit) else {
            return false;
        };
        tool(c, bits, segments);
        return true;
    }
    if is("share-your-work") || is("about") || is("choose") {
        let names = segments.parts.get(1..).unwrap_or_default();
        let has = |s: &str| names.iter().any(|n| n.eq_ignore_ascii_case(s));
        if has("cc0") || (is("choose") && has("zero")) {
            tool(c, el::ZERO, Segments::new(""));
            return true;
        }
        c.subject = Subject::CreativeCommons;
        return names.is_empty() && !is("choose") || has("licenses") || has("cclicenses");
    }
    false
}

fn certification(c: &mut Claim, mut segments: Segments<'_>) -> bool {
    c.subject = Subject::Tool(el::CERT);
    c.warnings |= Warnings::ALIAS;
    c.version = Stated::Known(Version::V1_0);
    c.jurisdiction = tables::port_of(b"us").map_or(Jurisdiction::Generic, Jurisdiction::Port);
    let from = segments.at;
    if segments.peek().is_some_and(|s| layer(c, s)) {
        segments.next();
    }
    if !segments.done() {
        c.version = Stated::Impossible(segments.rest(from).into());
        c.jurisdiction = Jurisdiction::NotStated;
    }
    true
}

/// Reads version, port and layer behind a unit. Anything else makes an address that does not exist.
fn tool(c: &mut Claim, bits: u16, mut segments: Segments<'_>) {
    c.subject = Subject::Tool(bits);
    let from = segments.at;
    let version = segments.peek().filter(|s| s.starts_with(|ch: char| ch.is_ascii_digit()) && !picture(s));
    if let Some(text) = version {
        segments.next();
        c.version = match Version::from_text(text).or_else(|| Version::from_major(text)) {
            Some(v) => Stated::Known(v),
            None if text == "2" => Stated::Silent,
            None => Stated::Impossible(text.into()),
        };
        c.jurisdiction = Jurisdiction::Generic;
        if let Some(next) = segments.peek() {
            place(c, next, &mut segments);
        }
    }
    if segments.peek().is_some_and(|s| layer(c, s)) {
        segments.next();
    }
    let bare_query = version.is_none() && !segments.suffix.is_empty();
    if !segments.done() || bare_query {
        c.version = Stated::Impossible(segments.rest(from).into());
        c.jurisdiction = Jurisdiction::NotStated;
    }
}

fn place<'a>(c: &mut Claim, next: &'a str, segments: &mut Segments<'a>) {
    let mut lower = [0; 8];
    let Some(code) = lower.get_mut(..next.len()) else {
        return;
    };
    code.copy_from_slice(next.as_bytes());
    code.make_ascii_lowercase();
    if let Some(port) = tables::port_of(code) {
        c.jurisdiction = Jurisdiction::Port(port);
        segments.next();
    } else if code.len() == 2 && code.iter().all(u8::is_ascii_lowercase) {
        c.jurisdiction = Jurisdiction::Impossible(String::from_utf8_lossy(code).into());
        segments.next();
    } else if matches!(&*code, b"generic" | b"unported" | b"intl") {
        segments.next();
    }
}

fn picture(segment: &str) -> bool {
    let (stem, ext) = segment.rsplit_once('.').unwrap_or(("", segment));
    let size = |s: &str| s.bytes().all(|b| b.is_ascii_digit() || b == b'x');
    size(stem) && ["png", "svg", "gif", "jpg", "jpeg", "webp"].iter().any(|e| ext.eq_ignore_ascii_case(e))
}

/// Whether a segment is a layer of a tool; the language of a deed is kept.
fn layer(c: &mut Claim, segment: &str) -> bool {
    if picture(segment) && segment.contains('.') {
        c.rule = Rule::Badge;
        return true;
    }
    let (name, tag) = segment.split_once('.').unwrap_or((segment, ""));
    if !["deed", "legalcode", "rdf"].iter().any(|n| name.eq_ignore_ascii_case(n)) {
        return false;
    }
    let form = ["txt", "html", "htm", "rdf", "php", ""].iter().any(|e| tag.eq_ignore_ascii_case(e));
    if !form {
        let language = (2..=12).contains(&tag.len())
            && tag.bytes().all(|b| b.is_ascii_alphabetic() || matches!(b, b'-' | b'_' | b'@'));
        if !language || name.eq_ignore_ascii_case("rdf") {
            return false;
        }
        c.deed = Some(crate::license::answer::names::language_tag(tag));
    }
    true
}

pub(crate) fn badge(c: &mut Claim, path: &str) -> bool {
    c.rule = Rule::Badge;
    let mut segments = Segments::new(path);
    let Some(first) = segments.next() else {
        return false;
    };
    if first.eq_ignore_ascii_case("l") || first.eq_ignore_ascii_case("p") {
        let Some(unit) = segments.next() else {
            return false;
        };
        let Some(bits) = elements(unit).or_else(|| public_domain_unit(unit)) else {
            return false;
        };
        tool(c, bits, segments);
        return true;
    }
    false
}

pub(crate) fn mirror(c: &mut Claim, path: &str) -> bool {
    c.rule = Rule::Badge;
    let segments = Segments::new(path);
    let Some((stem, _)) = segments.parts.last().and_then(|name| name.split_once('.')) else {
        return false;
    };
    let Some(bits) = elements(stem) else {
        return false;
    };
    tool(c, bits, Segments::new(""));
    true
}

pub(crate) fn rights_statement(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments::new(path);
    let Some(first) = segments.next() else {
        return false;
    };
    if !["vocab", "page", "data"].iter().any(|s| first.eq_ignore_ascii_case(s)) {
        return false;
    }
    let Some(n) = segments.next().and_then(other::rights_statement_by_id) else {
        return false;
    };
    c.subject = Subject::Rights(n);
    if let Some(version) = segments.next()
        && version.starts_with(|ch: char| ch.is_ascii_digit())
        && version != "1.0"
    {
        c.version = Stated::Impossible(version.into());
    }
    segments.at >= segments.parts.len()
}

pub(crate) fn europeana(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments::new(path);
    let mut first = segments.next();
    if first.is_some_and(|s| s.eq_ignore_ascii_case("portal")) {
        first = segments.next();
    }
    if !first.is_some_and(|s| s.eq_ignore_ascii_case("rights")) {
        return false;
    }
    let id = segments.next().map(|s| s.strip_suffix(".html").unwrap_or(s));
    let Some(n) = id.and_then(other::europeana_by_id) else {
        return false;
    };
    c.subject = Subject::Europeana(n);
    true
}

pub(crate) fn spdx(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments::new(path);
    if !segments.next().is_some_and(|s| s.eq_ignore_ascii_case("licenses")) {
        return false;
    }
    let Some(id) = segments.next() else {
        return false;
    };
    let id =
        id.strip_suffix(".html").or_else(|| id.strip_suffix(".json")).or_else(|| id.strip_suffix(".txt")).unwrap_or(id);
    other::by_spdx(c, id) && segments.done()
}

pub(crate) fn choose_a_license(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments::new(path);
    if !segments.next().is_some_and(|s| s.eq_ignore_ascii_case("licenses")) {
        return false;
    }
    let Some(id) = segments.next() else {
        return false;
    };
    if id.eq_ignore_ascii_case("cc0") {
        tool(c, el::ZERO, Segments::new(""));
        return segments.done();
    }
    (other::by_spdx(c, id) || other::by_family(c, id)) && segments.done()
}

pub(crate) fn open_definition(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments::new(path);
    if !segments.next().is_some_and(|s| s.eq_ignore_ascii_case("licenses")) {
        return false;
    }
    let Some(id) = segments.next() else {
        return false;
    };
    let id = id.to_ascii_lowercase();
    let Some(unit) = id.strip_prefix("cc-") else {
        return other::by_family(c, &id);
    };
    if unit == "zero" {
        tool(c, el::ZERO, Segments::new(""));
        return segments.done();
    }
    let Some(bits) = elements(unit) else {
        return false;
    };
    tool(c, bits, Segments::new(""));
    segments.done()
}

pub(crate) fn wiki(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments::new(path);
    if !segments.next().is_some_and(|s| s.eq_ignore_ascii_case("wiki")) {
        return false;
    }
    let Some(page) = segments.next() else {
        return false;
    };
    let page = page.strip_prefix("Help:").or_else(|| page.strip_prefix("Commons:")).unwrap_or(page);
    let statement = if page.eq_ignore_ascii_case("public_domain") || page.eq_ignore_ascii_case("public domain") {
        Statement::PublicDomain
    } else if page.eq_ignore_ascii_case("copyright") {
        Statement::AllRightsReserved
    } else {
        return false;
    };
    c.subject = Subject::Statement(statement);
    true
}

pub(crate) fn flickr(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments::new(path);
    let usage = segments.next() == Some("commons") && segments.next() == Some("usage");
    c.subject = Subject::Statement(Statement::NoKnownCopyright);
    usage
}
