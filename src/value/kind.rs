//! Types of resources: the twelve of DCMI, and how services write them.

use super::function::{Class, Function, Guard, Outcome, Value, placeholder, text, unknown};

/// The DCMI Type Vocabulary (2012-06-14): the twelve classes, which are also those of the NBA.
const TYPES: [&str; 12] = [
    "Collection",
    "Dataset",
    "Event",
    "Image",
    "InteractiveResource",
    "MovingImage",
    "PhysicalObject",
    "Service",
    "Software",
    "Sound",
    "StillImage",
    "Text",
];

/// The namespace of the vocabulary.
const NAMESPACE: &str = "purl.org/dc/dcmitype/";

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "type.dcmi",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| dcmi(text),
        backward: Some(|value, _| dcmi(text(value)?)),
        doc: "A type of DCMI by name, label or address; `image` stays Image.",
        example: ("moving image", &[]),
        source: "DCMI Type Vocabulary",
    },
    Function {
        name: "type.oi",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| match text.trim() {
            "Sound Recording" => Ok(Value::one("Sound")),
            text => dcmi(text),
        },
        backward: Some(|value, _| match dcmi(text(value)?)?.text() {
            Some("MovingImage") => Ok(Value::one("Moving Image")),
            Some("StillImage") => Ok(Value::one("Still Image")),
            Some("Sound") => Ok(Value::one("Sound Recording")),
            _ => unknown("Open Images has moving images, still images and sound recordings"),
        }),
        doc: "The three types of Open Images.",
        example: ("Sound Recording", &[]),
        source: "Open Images, oi:type",
    },
];

pub(super) const GUARDS: &[Guard] =
    &[Guard { name: "type.is", test: |text| dcmi(text).is_ok(), doc: "A type of DCMI, in any spelling." }];

fn dcmi(text: &str) -> Outcome<'static> {
    let text = text.trim();
    if text.is_empty() {
        return placeholder("blank");
    }
    let name = match text.split_once("://") {
        Some(("http" | "https", address)) => match address.strip_prefix(NAMESPACE) {
            Some(name) => name,
            None => return unknown("an address outside the DCMI Type Vocabulary"),
        },
        _ => text.strip_prefix("dcmitype:").unwrap_or(text),
    };
    let letters = |text: &str| {
        let letters = text.chars().filter(|letter| !matches!(letter, ' ' | '_' | '-'));
        letters.map(|letter| letter.to_ascii_lowercase()).collect::<String>()
    };
    let folded = letters(name);
    match TYPES.iter().find(|known| letters(known) == folded) {
        Some(known) => Ok(Value::one(*known)),
        None => unknown("not a type of DCMI"),
    }
}
