//! Types of resources: the twelve of DCMI, and how services write them.

use super::function::{Class, Function, Guard, Outcome, Value, placeholder, text, unknown};

/// The DCMI Type Vocabulary (2012-06-14): the twelve classes, which are also those of the NBA.
pub const TYPES: [&str; 12] = [
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

/// The types of Open Images: as DCMI names them, as Open Images writes them.
const OPEN_IMAGES: [(&str, &str); 3] =
    [("MovingImage", "Moving Image"), ("StillImage", "Still Image"), ("Sound", "Sound Recording")];

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
        forward: |text, _| open_images(text, |(name, _)| name),
        backward: Some(|value, _| open_images(text(value)?, |(_, label)| label)),
        doc: "The three types of Open Images.",
        example: ("Sound Recording", &[]),
        source: "Open Images, oi:type",
    },
    Function {
        name: "type.nhm",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| if text.trim() == "3D" { Ok(Value::one("InteractiveResource")) } else { dcmi(text) },
        backward: Some(|value, _| match dcmi(text(value)?)?.text() {
            Some("InteractiveResource") => Ok(Value::one("3D")),
            Some(name) => dcmi(name),
            None => unknown("not a type of DCMI"),
        }),
        doc: "The types of the NHM Data Portal: those of DCMI, and `3D` for a model to turn around.",
        example: ("3D", &[]),
        source: "NHM Data Portal, associatedMedia",
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

fn open_images(text: &str, side: fn((&'static str, &'static str)) -> &'static str) -> Outcome<'static> {
    let text = text.trim();
    let named = dcmi(text);
    let known = named.as_ref().ok().and_then(Value::text).unwrap_or(text);
    match OPEN_IMAGES.into_iter().find(|(name, label)| known == *name || known == *label) {
        Some(pair) => Ok(Value::one(side(pair))),
        None if text.is_empty() => placeholder("blank"),
        None => unknown("Open Images has moving images, still images and sound recordings"),
    }
}
