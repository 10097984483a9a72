//! The licence values of the Netherlands Biodiversity API.
//!
//! The list has unversioned and versioned values of the six common licences,
//! `CC0`, `CC0 1.0` and `All rights reserved`: 39 in all. It knows no ports,
//! no Public Domain Mark and no statements.

use crate::license::data::tables::{Unit, Version};
use crate::license::recognise::claim::{Statement, Warnings};
use crate::license::{License, Status, What};

/// A value of the list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NbaValue {
    /// The value, spelled as the list does.
    pub value: String,
    /// Whether the value says less than the licence: a port was left out.
    pub narrowed: bool,
}

/// The value for a licence, never a neighbour: a port goes as the unversioned
/// value of its unit, what the list can't name is `None`.
#[must_use]
pub fn nba_value(license: &License) -> Option<NbaValue> {
    if let What::Statement(Statement::AllRightsReserved) = license.what {
        return Some(NbaValue { value: "All rights reserved".to_owned(), narrowed: false });
    }
    if !matches!(license.status, Status::Exact | Status::Unversioned) || license.warnings.has(Warnings::UNCLEAR) {
        return None;
    }
    let What::Unit(unit, version, port) = license.what else {
        return None;
    };
    if unit == Unit::Zero {
        return Some(NbaValue { value: "CC0 1.0".to_owned(), narrowed: false });
    }
    let name = match unit {
        Unit::By => "CC BY",
        Unit::BySa => "CC BY-SA",
        Unit::ByNd => "CC BY-ND",
        Unit::ByNc => "CC BY-NC",
        Unit::ByNcSa => "CC BY-NC-SA",
        Unit::ByNcNd | Unit::ByNdNc => "CC BY-NC-ND",
        _ => return None,
    };
    let ported = port.is_some_and(|p| p != 0);
    Some(match version {
        Some(v) if !ported && v != Version::V2_1 => NbaValue { value: format!("{name} {}", v.text()), narrowed: false },
        v => NbaValue { value: name.to_owned(), narrowed: ported || v.is_some() },
    })
}

/// The six licences that have a value, by the names of their values.
const UNITS: [&str; 6] = ["CC BY", "CC BY-SA", "CC BY-ND", "CC BY-NC", "CC BY-NC-SA", "CC BY-NC-ND"];
/// The versions that have a value.
const VERSIONS: [Version; 5] = [Version::V1_0, Version::V2_0, Version::V2_5, Version::V3_0, Version::V4_0];

/// All values of the list.
#[must_use]
pub fn nba_values() -> Vec<String> {
    let versioned = UNITS.iter().flat_map(|unit| VERSIONS.map(|version| format!("{unit} {}", version.text())));
    let plain = ["All rights reserved", "CC0", "CC0 1.0"].iter().chain(&UNITS).map(|&value| value.to_owned());
    plain.chain(versioned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::license::parse;

    #[test]
    fn the_list_has_its_39_values_and_each_is_its_own() {
        let values = nba_values();
        assert_eq!(values.len(), 39);
        for value in &values {
            let again = nba_value(&parse(value)).map(|found| found.value);
            // A dedication without a version has that of the only version there is.
            assert_eq!(again.as_deref(), Some(if value == "CC0" { "CC0 1.0" } else { value }));
        }
    }

    #[test]
    fn round_trip_and_narrowing() {
        for text in ["CC BY", "CC BY-NC-ND 1.0", "CC0", "CC0 1.0", "All rights reserved"] {
            let a = parse(text);
            let value = nba_value(&a).expect("has a value").value;
            assert_eq!(parse(&value).id(), a.id(), "{text}");
        }
        let nl = nba_value(&parse("CC BY-SA 3.0 NL")).expect("has a value");
        assert_eq!((nl.value.as_str(), nl.narrowed), ("CC BY-SA", true));
        assert_eq!(nba_value(&parse("CC0 4.0")), None);
        assert_eq!(nba_value(&parse("CC BY-NonFoo")), None);
        assert_eq!(nba_value(&parse("Public Domain Mark 1.0")), None);
    }
}
