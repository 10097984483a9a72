//! The paths of known hosts: unit, version, port and layer of an address.

use crate::license::data::other;
use crate::license::data::tables::{self, Version, el};
use crate::license::recognise::claim::{Claim, Jurisdiction, Rule, Stated, Statement, Subject, Warnings};

/// The segments of a path: what stands between slashes, without junk behind it.
struct Segments<'a>(&'a str);

impl<'a> Iterator for Segments<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        loop {
            self.0 = self.0.trim_start_matches(['/', '\\']);
            if self.0.is_empty() || self.0.starts_with(['?', '#']) {
                return None;
            }
            let end = self.0.find(['/', '?', '#', '\\']).unwrap_or(self.0.len());
            let (segment, rest) = self.0.split_at(end);
            self.0 = rest;
            let segment = segment.trim_matches(|c: char| !(c.is_alphanumeric() || c == '+'));
            if !segment.is_empty() {
                return Some(segment);
            }
        }
    }
}

/// The elements of a unit as addresses write it, in any order.
fn elements(segment: &str) -> Option<u16> {
    let mut bits = 0;
    for part in segment.split(['-', '_', '+', ' ']).filter(|p| !p.is_empty()) {
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
        bits |= bit;
    }
    if segment.ends_with('+') || (bits & el::SAMPLING != 0 && segment.contains('+')) {
        bits |= el::PLUS;
    }
    (bits != 0).then_some(bits)
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
    let mut segments = Segments(path);
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
        return public_domain_unit(unit).is_some_and(|bits| tool(c, bits, segments));
    }
    if is("share-your-work") || is("about") || is("choose") {
        let names: Vec<&str> = segments.collect();
        let has = |s: &str| names.iter().any(|n| n.eq_ignore_ascii_case(s));
        if has("cc0") || (is("choose") && has("zero")) {
            return tool(c, el::ZERO, Segments(""));
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
    match segments.next() {
        Some(s) if s.starts_with(|ch: char| ch.is_ascii_digit()) => {
            c.version = Stated::Impossible(s.to_owned().into());
            c.jurisdiction = Jurisdiction::NotStated;
        }
        Some(s) => layer(c, s),
        None => {}
    }
    true
}

/// Reads version, port and layer behind a unit.
fn tool(c: &mut Claim, bits: u16, segments: Segments<'_>) -> bool {
    c.subject = Subject::Tool(bits);
    let mut segments = segments.peekable();
    if let Some(text) = segments.peek().copied().filter(|s| s.as_bytes()[0].is_ascii_digit()) {
        segments.next();
        let end = text.find(|ch: char| !ch.is_ascii_digit() && ch != '.').unwrap_or(text.len());
        let (number, junk) = text.split_at(end);
        let number = number.trim_end_matches('.');
        if junk.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric) && !picture(text) {
            c.version = Stated::Impossible(text.into());
            return true;
        }
        if picture(text) {
            layer(c, text);
            return true;
        }
        c.version = match Version::from_text(number).or_else(|| Version::from_major(number)) {
            Some(v) => Stated::Known(v),
            None if number == "2" => Stated::Silent,
            None => Stated::Impossible(number.into()),
        };
        c.jurisdiction = Jurisdiction::Generic;
        if let Some(next) = segments.peek().copied() {
            place(c, next, &mut segments);
        }
    }
    if let Some(next) = segments.next() {
        layer(c, next);
    }
    true
}

fn place<'a>(c: &mut Claim, next: &'a str, segments: &mut std::iter::Peekable<Segments<'a>>) {
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
    let ext = segment.rsplit('.').next().unwrap_or("");
    ["png", "svg", "gif", "jpg", "jpeg", "webp"].iter().any(|e| ext.eq_ignore_ascii_case(e))
}

/// The layer of an address; only the language of a deed is kept.
fn layer(c: &mut Claim, segment: &str) {
    if picture(segment) {
        c.rule = Rule::Badge;
        return;
    }
    if let Some((name, tag)) = segment.split_once('.')
        && (name.eq_ignore_ascii_case("deed") || name.eq_ignore_ascii_case("legalcode"))
        && !["txt", "html", "htm", "rdf", "php"].iter().any(|e| tag.eq_ignore_ascii_case(e))
    {
        c.deed = Some(crate::license::answer::names::language_tag(tag));
    }
}

pub(crate) fn badge(c: &mut Claim, path: &str) -> bool {
    c.rule = Rule::Badge;
    let mut segments = Segments(path);
    let Some(first) = segments.next() else {
        return false;
    };
    if first.eq_ignore_ascii_case("l") || first.eq_ignore_ascii_case("p") {
        let Some(unit) = segments.next() else {
            return false;
        };
        return elements(unit).or_else(|| public_domain_unit(unit)).is_some_and(|bits| tool(c, bits, segments));
    }
    false
}

pub(crate) fn mirror(c: &mut Claim, path: &str) -> bool {
    c.rule = Rule::Badge;
    let Some(name) = Segments(path).last() else {
        return false;
    };
    let stem = name.split('.').next().unwrap_or("");
    elements(stem).is_some_and(|bits| tool(c, bits, Segments("")))
}

pub(crate) fn rights_statement(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments(path);
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
        && version.as_bytes()[0].is_ascii_digit()
        && version != "1.0"
    {
        c.version = Stated::Impossible(version.into());
    }
    true
}

pub(crate) fn europeana(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments(path);
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
    let mut segments = Segments(path);
    if !segments.next().is_some_and(|s| s.eq_ignore_ascii_case("licenses")) {
        return false;
    }
    let Some(id) = segments.next() else {
        return false;
    };
    let id =
        id.strip_suffix(".html").or_else(|| id.strip_suffix(".json")).or_else(|| id.strip_suffix(".txt")).unwrap_or(id);
    other::by_spdx(c, id)
}

pub(crate) fn choose_a_license(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments(path);
    if !segments.next().is_some_and(|s| s.eq_ignore_ascii_case("licenses")) {
        return false;
    }
    let Some(id) = segments.next() else {
        return false;
    };
    if id.eq_ignore_ascii_case("cc0") {
        return tool(c, el::ZERO, Segments(""));
    }
    other::by_spdx(c, id) || other::by_family(c, id)
}

pub(crate) fn open_definition(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments(path);
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
        return tool(c, el::ZERO, Segments(""));
    }
    elements(unit).is_some_and(|bits| tool(c, bits, Segments("")))
}

pub(crate) fn wiki(c: &mut Claim, path: &str) -> bool {
    let mut segments = Segments(path);
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
    let mut segments = Segments(path);
    let usage = segments.next() == Some("commons") && segments.next() == Some("usage");
    c.subject = Subject::Statement(Statement::NoKnownCopyright);
    usage
}
