//! The closed world: which units, versions and ports exist.

use std::sync::LazyLock;

/// Elements of a Creative Commons tool, as bits.
pub(crate) mod el {
    pub const BY: u16 = 1;
    pub const NC: u16 = 2;
    pub const ND: u16 = 4;
    pub const SA: u16 = 8;
    pub const SAMPLING: u16 = 16;
    pub const PLUS: u16 = 32;
    pub const DEV: u16 = 64;
    pub const ZERO: u16 = 128;
    pub const MARK: u16 = 256;
    pub const CERT: u16 = 512;
    /// Not an element: prose that restricts every use.
    pub const ALL: u16 = 1024;
    /// The four elements of the common licences.
    pub const FOUR: u16 = BY | NC | ND | SA;
}

/// A unit of Creative Commons: what the tool says, whatever its version or port.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum Unit {
    /// Attribution
    By,
    /// Attribution, share alike
    BySa,
    /// Attribution, no derivatives
    ByNd,
    /// Attribution, non-commercial
    ByNc,
    /// Attribution, non-commercial, share alike
    ByNcSa,
    /// Attribution, non-commercial, no derivatives
    ByNcNd,
    /// The same under the name it had in version 1.0
    ByNdNc,
    /// Non-commercial (retired)
    Nc,
    /// Non-commercial, share alike (retired)
    NcSa,
    /// No derivatives (retired)
    Nd,
    /// No derivatives, non-commercial (retired)
    NdNc,
    /// Share alike (retired)
    Sa,
    /// Sampling (retired)
    Sampling,
    /// Sampling Plus (retired)
    SamplingPlus,
    /// Non-commercial Sampling Plus (retired)
    NcSamplingPlus,
    /// Developing Nations (retired)
    DevNations,
    /// Public domain dedication and certification (retired)
    Certification,
    /// Public Domain Mark
    Mark,
    /// CC0
    Zero,
}

/// Number of units.
const UNITS: usize = 19;

const ALL_UNITS: [(Unit, &str, u16); UNITS] = [
    (Unit::By, "by", el::BY),
    (Unit::BySa, "by-sa", el::BY | el::SA),
    (Unit::ByNd, "by-nd", el::BY | el::ND),
    (Unit::ByNc, "by-nc", el::BY | el::NC),
    (Unit::ByNcSa, "by-nc-sa", el::BY | el::NC | el::SA),
    (Unit::ByNcNd, "by-nc-nd", el::BY | el::NC | el::ND),
    (Unit::ByNdNc, "by-nd-nc", el::BY | el::NC | el::ND),
    (Unit::Nc, "nc", el::NC),
    (Unit::NcSa, "nc-sa", el::NC | el::SA),
    (Unit::Nd, "nd", el::ND),
    (Unit::NdNc, "nd-nc", el::NC | el::ND),
    (Unit::Sa, "sa", el::SA),
    (Unit::Sampling, "sampling", el::SAMPLING),
    (Unit::SamplingPlus, "sampling+", el::SAMPLING | el::PLUS),
    (Unit::NcSamplingPlus, "nc-sampling+", el::NC | el::SAMPLING | el::PLUS),
    (Unit::DevNations, "devnations", el::DEV),
    (Unit::Certification, "certification", el::CERT),
    (Unit::Mark, "mark", el::MARK),
    (Unit::Zero, "zero", el::ZERO),
];

impl Unit {
    /// The code in addresses, such as `by-nc-sa`, `zero`, `sampling+`.
    #[must_use]
    pub fn code(self) -> &'static str {
        ALL_UNITS[self as usize].1
    }

    pub(crate) fn elements(self) -> u16 {
        ALL_UNITS[self as usize].2
    }

    /// The unit of a code as addresses write it.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Unit> {
        ALL_UNITS.iter().find(|u| u.1 == code).map(|u| u.0)
    }

    /// The public domain tools have addresses of their own.
    pub(crate) fn public_domain(self) -> bool {
        matches!(self, Unit::Certification | Unit::Mark | Unit::Zero)
    }

    /// The date on which Creative Commons withdrew the unit.
    #[must_use]
    pub fn retired(self) -> Option<&'static str> {
        Some(TABLES.retired[self as usize]).filter(|d| !d.is_empty())
    }

    pub(crate) fn withdrawn(self) -> bool {
        !TABLES.retired[self as usize].is_empty()
    }

    /// The unit of a set of elements; the order of the elements is that of the version.
    pub(crate) fn from_elements(elements: u16, version: Option<Version>) -> Option<Unit> {
        match elements {
            el::BY => return Some(Unit::By),
            el::ZERO => return Some(Unit::Zero),
            _ => {}
        }
        if elements == el::BY | el::NC | el::ND {
            return Some(if version == Some(Version::V1_0) { Unit::ByNdNc } else { Unit::ByNcNd });
        }
        ALL_UNITS.iter().find(|u| u.2 == elements).map(|u| u.0)
    }
}

/// A version of the Creative Commons tools.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
#[non_exhaustive]
pub enum Version {
    /// 1.0
    V1_0,
    /// 2.0
    V2_0,
    /// 2.1, ports only
    V2_1,
    /// 2.5
    V2_5,
    /// 3.0
    V3_0,
    /// 4.0, international only
    V4_0,
}

const VERSIONS: [(Version, &str); 6] = [
    (Version::V1_0, "1.0"),
    (Version::V2_0, "2.0"),
    (Version::V2_1, "2.1"),
    (Version::V2_5, "2.5"),
    (Version::V3_0, "3.0"),
    (Version::V4_0, "4.0"),
];

impl Version {
    /// The version as text, such as `3.0`.
    #[must_use]
    pub fn text(self) -> &'static str {
        VERSIONS[self as usize].1
    }

    /// The version of a text such as `3.0`.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Version> {
        VERSIONS.iter().find(|v| v.1 == text).map(|v| v.0)
    }

    /// The only version of a main number; there are three beginning with 2.
    pub(crate) fn from_major(major: &str) -> Option<Version> {
        match major {
            "1" => Some(Version::V1_0),
            "3" => Some(Version::V3_0),
            "4" => Some(Version::V4_0),
            _ => None,
        }
    }
}

/// The number of a port in the table of jurisdictions; 0 is the generic tool.
pub(crate) type Port = u8;

/// One row of the table of tools.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub(crate) struct Tool {
    pub unit: Unit,
    pub version: Version,
    pub port: Port,
}

impl Tool {
    pub fn exists(self) -> bool {
        TABLES.tools[self.unit as usize][self.version as usize] >> self.port & 1 == 1
    }

    pub fn in_europeana(self) -> bool {
        TABLES.europeana[self.unit as usize][self.version as usize] >> self.port & 1 == 1
    }

    /// `by-sa 3.0 nl`, as the tables write it.
    pub fn key(self) -> String {
        let port = port_code(self.port);
        let gap = if port.is_empty() { "" } else { " " };
        format!("{} {}{gap}{port}", self.unit.code(), self.version.text())
    }

    /// Reads what [`Tool::key`] writes.
    pub fn from_key(key: &str) -> Option<Tool> {
        let mut parts = key.split(' ');
        let unit = Unit::from_code(parts.next()?)?;
        let version = Version::from_text(parts.next()?)?;
        let port = parts.next().map_or(Some(0), |p| port_of(p.as_bytes()))?;
        Some(Tool { unit, version, port }).filter(|t| t.exists())
    }
}

/// Every tool there is, 639 of them.
pub(crate) fn all_tools() -> impl Iterator<Item = Tool> {
    ALL_UNITS.iter().flat_map(|u| VERSIONS.iter().map(move |v| (u.0, v.0))).flat_map(|(unit, version)| {
        (0..=u8::try_from(TABLES.ports.len()).unwrap_or(u8::MAX))
            .map(move |port| Tool { unit, version, port })
            .filter(|t| t.exists())
    })
}

struct PortRow {
    code: &'static str,
    name: &'static str,
}

struct Tables {
    ports: Vec<PortRow>,
    two_letters: [Port; 26 * 26],
    tools: [[u128; 6]; UNITS],
    europeana: [[u128; 6]; UNITS],
    retired: [&'static str; UNITS],
}

/// The rows of a table: lines without comments and heading, split at tabs.
pub(crate) fn rows<const N: usize>(table: &'static str) -> impl Iterator<Item = [&'static str; N]> {
    table.lines().filter(|l| !l.starts_with('#')).skip(1).map(|l| {
        let mut fields = l.split('\t');
        std::array::from_fn(|_| fields.next().unwrap_or(""))
    })
}

fn two_letter_index(code: &[u8]) -> Option<usize> {
    match code {
        [a, b] if a.is_ascii_lowercase() && b.is_ascii_lowercase() => {
            Some(usize::from(a - b'a') * 26 + usize::from(b - b'a'))
        }
        _ => None,
    }
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let ports: Vec<PortRow> =
        rows::<3>(include_str!("jurisdictions.tsv")).map(|[code, name, _]| PortRow { code, name }).collect();
    let mut two_letters = [0; 26 * 26];
    for (n, port) in (1..).zip(&ports) {
        if let Some(slot) = two_letter_index(port.code.as_bytes()).and_then(|i| two_letters.get_mut(i)) {
            *slot = n;
        }
    }
    let number = |code: &str| -> u32 {
        if code == "-" {
            return 0;
        }
        let found = ports.iter().position(|p| p.code == code).map_or(127, |n| n + 1);
        u32::try_from(found).unwrap_or(127)
    };
    let set = |codes: &str| codes.split(' ').fold(0u128, |set, code| set | 1 << number(code));
    let mut tools = [[0; 6]; UNITS];
    let mut europeana = [[0; 6]; UNITS];
    let mut retired = [""; UNITS];
    for [unit, version, date, codes] in rows::<4>(include_str!("tools.tsv")) {
        if let (Some(unit), Some(version)) = (Unit::from_code(unit), Version::from_text(version)) {
            tools[unit as usize][version as usize] = set(codes);
            retired[unit as usize] = date;
        }
    }
    for [unit, version, codes] in rows::<3>(include_str!("europeana.tsv")) {
        if let (Some(unit), Some(version)) = (Unit::from_code(unit), Version::from_text(version)) {
            europeana[unit as usize][version as usize] = set(codes);
        }
    }
    Tables { ports, two_letters, tools, europeana, retired }
});

/// The port of a lower case code.
pub(crate) fn port_of(code: &[u8]) -> Option<Port> {
    if let Some(i) = two_letter_index(code) {
        return Some(TABLES.two_letters[i]).filter(|p| *p != 0);
    }
    match code {
        b"igo" | b"scotland" => {
            let found = TABLES.ports.iter().position(|p| p.code.as_bytes() == code)?;
            u8::try_from(found + 1).ok()
        }
        _ => None,
    }
}

/// The code of a port, empty for the generic tool.
pub(crate) fn port_code(port: Port) -> &'static str {
    usize::from(port).checked_sub(1).and_then(|n| TABLES.ports.get(n)).map_or("", |p| p.code)
}

/// The English name of a port, empty for the generic tool.
pub(crate) fn port_name(port: Port) -> &'static str {
    usize::from(port).checked_sub(1).and_then(|n| TABLES.ports.get(n)).map_or("", |p| p.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_world_has_639_tools() {
        assert_eq!(all_tools().count(), 639);
        assert_eq!(all_tools().filter(|t| t.in_europeana()).count(), 572);
    }

    #[test]
    fn element_order_follows_the_version() {
        assert_eq!(Unit::from_elements(7, Some(Version::V1_0)), Some(Unit::ByNdNc));
        assert_eq!(Unit::from_elements(7, None), Some(Unit::ByNcNd));
        assert_eq!(Unit::from_elements(el::ND | el::NC, None), Some(Unit::NdNc));
        assert_eq!(Unit::from_elements(el::ND | el::SA | el::BY, None), None);
    }

    #[test]
    fn ports() {
        assert_eq!(port_of(b"nl").map(port_code), Some("nl"));
        assert_eq!(port_of(b"scotland").map(port_code), Some("scotland"));
        assert_eq!(port_of(b"xx"), None);
    }
}
