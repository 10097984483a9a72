//! Words that give a licence for a part of the item only: "metadata only", "except the photos".
//!
//! The licence is still named; what it permits is permitted in part.

use crate::license::{License, Status};

/// Words that limit a grant, in the languages rights statements are most often written in.
const LIMITS: &[&str] = &[
    // English
    "annotation",
    "annotations",
    "except",
    "excepting",
    "exception",
    "exceptions",
    "exclude",
    "excluded",
    "excludes",
    "excluding",
    "metadata",
    "only",
    "partially",
    "partly",
    "parts",
    "portions",
    "unless",
    // Dutch
    "alleen",
    "behalve",
    "deels",
    "gedeeltelijk",
    "metagegevens",
    "tenzij",
    "uitgezonderd",
    "uitzondering",
    "uitzonderingen",
    // German
    "ausgenommen",
    "ausnahme",
    "ausnahmen",
    "ausschließlich",
    "ausser",
    "außer",
    "metadaten",
    "nur",
    "sofern",
    "teilweise",
    // French
    "excepté",
    "hormis",
    "métadonnées",
    "sauf",
    "seulement",
    "uniquement",
    // Spanish, Italian, Portuguese
    "apenas",
    "eccetto",
    "eccezione",
    "excepción",
    "excepto",
    "exceto",
    "exceção",
    "metadados",
    "metadati",
    "metadatos",
    "salvo",
    "solamente",
    "somente",
    "sólo",
    "tranne",
];

/// Whether the words around what was read limit it to a part of the item.
pub(crate) fn limited(license: &License) -> bool {
    if !matches!(license.status, Status::Exact | Status::Unversioned) {
        return false;
    }
    let Some(span) = license.span() else { return false };
    let raw = license.raw();
    let (Some(before), Some(after)) = (raw.get(..span.start), raw.get(span.end..)) else { return false };
    [before, after].iter().any(|text| limits(text))
}

fn limits(text: &str) -> bool {
    if !text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    let text = text.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let some = word == "some" && words.peek().is_some_and(|next| *next != "rights");
        if some || LIMITS.contains(&word) {
            return true;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use crate::license::{Use, Verdict, parse};

    #[test]
    fn a_licence_for_a_part_permits_nothing_without_condition() {
        for text in [
            "CC0 1.0 (metadata only)",
            "CC BY 4.0 for the text only; photos © Jan",
            "Except where otherwise noted, CC BY 4.0",
            "Some images: https://creativecommons.org/publicdomain/zero/1.0/",
            "CC BY-SA 4.0, sauf mention contraire",
            "CC BY 4.0, with the exception of the photographs",
            "CC BY 4.0 met uitzondering van de foto's",
            "CC BY 4.0, mit Ausnahme der Abbildungen",
            "CC BY 4.0, à l'exception des images",
            "CC BY 4.0 a excepción de las imágenes",
        ] {
            let license = parse(text);
            for name in ["commons", "gbif", "europeana", "open_definition", "commercial", "derivatives", "open"] {
                let r#use = Use::from_name(name).unwrap();
                assert_ne!(license.check(r#use).verdict, Verdict::Yes, "{text} for {name}");
            }
            assert!(license.uri().is_some(), "{text} is still named");
        }
    }

    #[test]
    fn some_rights_reserved_is_no_limit() {
        let license = parse("(c) Ken, some rights reserved, CC BY 4.0");
        assert_eq!(license.check(Use::from_name("commercial").unwrap()).verdict, Verdict::Yes);
    }
}
