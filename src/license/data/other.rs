//! What is not a tool of Creative Commons: `RightsStatements.org`, the legacy
//! statements of Europeana, and the content licences of SPDX.

use std::sync::LazyLock;

use crate::license::data::tables::{Tool, rows};
use crate::license::recognise::claim::{Claim, Jurisdiction, Rule, Stated, Subject};

/// The twelve statements of `RightsStatements.org`, in the order of its list.
pub(crate) const RIGHTS: [&str; 12] =
    ["InC", "InC-OW-EU", "InC-EDU", "InC-NC", "InC-RUU", "NoC-CR", "NoC-NC", "NoC-OKLR", "NoC-US", "CNE", "UND", "NKC"];

/// Licences that are named beside others, of software mostly: id and names.
pub(crate) const FOREIGN: &str = include_str!("other_licences.tsv");

/// The id of a licence of [`FOREIGN`].
pub(crate) fn foreign_id(n: u8) -> Option<&'static str> {
    rows::<2>(FOREIGN).nth(usize::from(n)).map(|row| row[0])
}

/// The legacy statements of Europeana.
pub(crate) const EUROPEANA: [(&str, &str); 5] = [
    ("rr-f", "Rights Reserved - Free Access"),
    ("rr-p", "Rights Reserved - Paid Access"),
    ("rr-r", "Rights Reserved - Restricted Access"),
    ("unknown", "Unknown copyright status"),
    ("out-of-copyright-non-commercial", "Out of copyright - non commercial re-use"),
];

fn index<T>(mut items: impl Iterator<Item = T>, found: impl Fn(T) -> bool) -> Option<u8> {
    items.position(found).and_then(|n| u8::try_from(n).ok())
}

pub(crate) fn rights_statement_by_id(id: &str) -> Option<u8> {
    index(RIGHTS.iter(), |r| r.eq_ignore_ascii_case(id))
}

pub(crate) fn europeana_by_id(id: &str) -> Option<u8> {
    index(EUROPEANA.iter(), |r| r.0.eq_ignore_ascii_case(id))
}

/// The labels of the statements: number, language, label.
pub(crate) fn rights_labels() -> impl Iterator<Item = (u8, &'static str, &'static str)> {
    rows::<3>(include_str!("rightsstatements.tsv"))
        .filter_map(|[id, language, label]| rights_statement_by_id(id).map(|n| (n, language, label)))
}

/// A row of the SPDX table that is no tool of Creative Commons.
pub(crate) struct Other {
    pub id: &'static str,
    pub name: &'static str,
    pub urls: &'static str,
}

/// A family of licences whose version may be missing.
pub(crate) struct Family {
    pub id: &'static str,
    pub prefix: &'static str,
    pub single: bool,
    pub names: &'static str,
}

struct Spdx {
    tools: Vec<(&'static str, Tool)>,
    others: Vec<Other>,
    families: Vec<Family>,
}

static SPDX: LazyLock<Spdx> = LazyLock::new(|| {
    let mut spdx = Spdx { tools: Vec::new(), others: Vec::new(), families: Vec::new() };
    for [id, tool, name, urls] in rows::<4>(include_str!("spdx.tsv")) {
        if let Some(tool) = Tool::from_key(tool) {
            spdx.tools.push((id, tool));
        } else {
            spdx.others.push(Other { id, name, urls });
        }
    }
    for [id, prefix, single, names] in rows::<4>(include_str!("families.tsv")) {
        spdx.families.push(Family { id, prefix, single: single == "yes", names });
    }
    spdx
});

pub(crate) fn others() -> &'static [Other] {
    &SPDX.others
}

pub(crate) fn families() -> &'static [Family] {
    &SPDX.families
}

/// The SPDX identifier of a tool, if it has one.
pub(crate) fn spdx_of(tool: Tool) -> Option<&'static str> {
    SPDX.tools.iter().find(|t| t.1 == tool).map(|t| t.0)
}

/// Reads an SPDX identifier.
pub(crate) fn by_spdx(c: &mut Claim, id: &str) -> bool {
    if let Some((_, tool)) = SPDX.tools.iter().find(|t| t.0.eq_ignore_ascii_case(id)) {
        c.subject = Subject::Tool(tool.unit.elements());
        c.version = Stated::Known(tool.version);
        c.jurisdiction = if tool.port == 0 { Jurisdiction::Generic } else { Jurisdiction::Port(tool.port) };
        return true;
    }
    if let Some(n) = index(SPDX.others.iter(), |o| o.id.eq_ignore_ascii_case(id)) {
        c.subject = Subject::Other(n);
        return true;
    }
    false
}

/// Reads the name of a family, such as `odc-by`.
pub(crate) fn by_family(c: &mut Claim, id: &str) -> bool {
    let Some(n) = index(SPDX.families.iter(), |f| f.id.eq_ignore_ascii_case(id) || f.prefix.eq_ignore_ascii_case(id))
    else {
        return false;
    };
    c.subject = family(n, None).unwrap_or(Subject::Family(n));
    true
}

/// The licence of a family and version; a family of one needs no version.
pub(crate) fn family(n: u8, version: Option<&str>) -> Option<Subject> {
    let f = SPDX.families.get(usize::from(n))?;
    let found = match version {
        Some(v) => index(SPDX.others.iter(), |o| {
            o.id.len() == f.prefix.len() + 1 + v.len() && o.id.starts_with(f.prefix) && o.id.ends_with(v)
        }),
        None if f.single => index(SPDX.others.iter(), |o| o.id.starts_with(f.prefix)),
        None => None,
    };
    found.map(Subject::Other)
}

/// Reads `/licenses/odbl/1.0/` and its like.
pub(crate) fn by_path(c: &mut Claim, path: &str) -> bool {
    let mut parts = path.split(['/', '?', '#']).filter(|p| !p.is_empty());
    if parts.next() != Some("licenses") {
        return false;
    }
    let id = match parts.next().map(str::to_ascii_lowercase).as_deref() {
        Some("odbl") => "ODbL-1.0",
        Some("by") => "ODC-By-1.0",
        Some("pddl") => "PDDL-1.0",
        _ => return false,
    };
    match parts.next() {
        Some(v)
            if v.starts_with(|ch: char| ch.is_ascii_digit()) && !matches!(v.trim_end_matches('.'), "1.0" | "1-0") =>
        {
            false
        }
        _ => by_spdx(c, id),
    }
}

/// An address that the SPDX table gives for a licence, without scheme.
pub(crate) fn by_address(c: &mut Claim, address: &str) -> bool {
    fn bare(a: &str) -> &str {
        let a = a.split_once("://").map_or(a, |x| x.1);
        a.strip_prefix("www.").unwrap_or(a).trim_end_matches('/')
    }
    let a = bare(address);
    let Some(first) = a.as_bytes().first() else {
        return false;
    };
    if !matches!(first | 32, b'g' | b'a' | b'd' | b'n' | b'o' | b'r') {
        return false;
    }
    let found = index(SPDX.others.iter(), |o| {
        // one address serves several GFDL identifiers; none of them is stated
        !o.id.starts_with("GFDL") && !o.urls.is_empty() && o.urls.split(' ').any(|u| bare(u).eq_ignore_ascii_case(a))
    });
    if let Some(n) = found {
        c.subject = Subject::Other(n);
        c.rule = Rule::Address;
        return true;
    }
    for version in ["1.3", "1.2", "1.1"] {
        let n = index(SPDX.others.iter(), |o| o.id == ["GFDL-", version].concat());
        let hit = a == ["gnu.org/licenses/fdl-", version, ".txt"].concat()
            || a == ["gnu.org/licenses/old-licenses/fdl-", version, ".txt"].concat()
            || a == ["gnu.org/licenses/fdl-", version, ".html"].concat();
        if let (Some(n), true) = (n, hit) {
            c.subject = Subject::Other(n);
            return true;
        }
    }
    if a.starts_with("gnu.org/copyleft/fdl") || a.starts_with("gnu.org/licenses/fdl") {
        return by_family(c, "gfdl");
    }
    false
}
