//! Files of media: their MIME type.

use super::function::{Class, Function, Guard, Outcome, Rejected, Value, Why, placeholder, text, unknown};

pub(super) const FUNCTIONS: &[Function] = &[
    Function {
        name: "mime.essence",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| essence(text),
        backward: Some(|value, _| essence(text(value)?)),
        doc: "A MIME type in lower case without parameters; `audio/mp3` stays what it is.",
        example: ("Image/JPEG; q=1", &[]),
        source: "RFC 2045, RFC 6838",
    },
    Function {
        name: "mime.from_url",
        arguments: &[],
        class: Class::OneWay,
        forward: |text, _| from_url(text),
        backward: None,
        doc: "The MIME type of media that an address ends in; without a known ending there is none.",
        example: ("http://www.openbeelden.nl/files/1/23.ogv", &[]),
        source: "IANA media types, Audiovisual Core format vocabulary",
    },
    Function {
        name: "mime.dcmi",
        arguments: &[],
        class: Class::OneWay,
        forward: |text, _| kind(text),
        backward: None,
        doc: "The DCMI type that a MIME type of an image, sound or film implies.",
        example: ("video/ogg", &[]),
        source: "DCMI Type Vocabulary",
    },
    Function {
        name: "nhm.original",
        arguments: &[],
        class: Class::Canonical,
        forward: |text, _| Ok(Value::one(if nhm_media(text) { format!("{text}/original") } else { text.to_owned() })),
        backward: Some(|value, _| {
            let text = text(value)?;
            Ok(Value::one(text.strip_suffix("/original").filter(|base| nhm_media(base)).unwrap_or(text).to_owned()))
        }),
        doc: "The address of the file itself, for an image of the NHM; other addresses stay.",
        example: ("https://data.nhm.ac.uk/media/c2bde4e9-ca2b-466c-ab41-509468b841a4", &[]),
        source: "NHM iiif-image-server",
    },
    Function {
        name: "nhm.size",
        arguments: &["size"],
        class: Class::OneWay,
        forward: |text, arguments| match arguments.first() {
            Some(size) if nhm_media(text) && ["preview", "thumbnail"].contains(size) => {
                Ok(Value::one(format!("{text}/{size}")))
            }
            _ => unknown("not an image of the NHM"),
        },
        backward: None,
        doc: "The address of a smaller JPEG of an image of the NHM: `preview` or `thumbnail`.",
        example: ("https://data.nhm.ac.uk/media/c2bde4e9-ca2b-466c-ab41-509468b841a4", &["preview"]),
        source: "NHM iiif-image-server",
    },
    Function {
        name: "nhm.object",
        arguments: &[],
        class: Class::OneWay,
        forward: |text, _| {
            if guid(text) {
                Ok(Value::one(format!("https://data.nhm.ac.uk/object/{text}")))
            } else {
                unknown("not a GUID")
            }
        },
        backward: None,
        doc: "The page of a specimen of the NHM, by its GUID.",
        example: ("4ffbec35-4397-440b-b781-a18b4d958cef", &[]),
        source: "NHM Data Portal, permanent addresses of objects",
    },
];

pub(super) const GUARDS: &[Guard] = &[
    Guard { name: "mime.is", test: |text| essence(text).is_ok(), doc: "A MIME type of a registered top-level type." },
    Guard { name: "nhm.is_media", test: nhm_media, doc: "The address of an image that the NHM serves in three sizes." },
];

/// Whether it is the address of an image of the NHM: `https://…/media/` and the GUID of the asset.
fn nhm_media(address: &str) -> bool {
    let web = address.starts_with("https://") || address.starts_with("http://");
    let asset = address.rsplit_once("/media/").map(|(_, asset)| asset);
    web && asset.is_some_and(guid)
}

fn guid(text: &str) -> bool {
    let groups: Vec<&str> = text.split('-').collect();
    let sizes = [8, 4, 4, 4, 12];
    let hexadecimal = |group: &&str| group.bytes().all(|byte| byte.is_ascii_hexdigit());
    groups.len() == sizes.len()
        && groups.iter().zip(sizes).all(|(group, size)| group.len() == size)
        && groups.iter().all(hexadecimal)
}

/// Top-level types (IANA).
const TOP: &[&str] =
    &["application", "audio", "example", "font", "haptics", "image", "message", "model", "multipart", "text", "video"];

/// What stands behind a solidus as a MIME type does and is what the work is carried by.
#[rustfmt::skip]
const CARRIERS: &[&str] = &[
    "analog", "analogue", "betacam", "blu-ray", "bluray", "book", "boek", "cassette", "cd", "cd-rom", "cdrom", "dat",
    "dvd", "dvd-r", "dvd-rom", "film", "hi8", "lp", "minidisc", "negative", "negatief", "paper", "papier", "photo",
    "photograph", "foto", "print", "reel", "slide", "dia", "tape", "u-matic", "umatic", "vhs", "video", "vinyl",
    "digital", "digitaal", "online",
];

fn essence(text: &str) -> Outcome<'static> {
    let text = text.trim();
    if text.is_empty() {
        return placeholder("blank");
    }
    let mut parts = text.split(';');
    let named = parts.next().unwrap_or_default().trim_end();
    if let Some((first, rest)) = named.split_once(char::is_whitespace)
        && is_mime(&first.to_ascii_lowercase())
        && (rest.contains("://") || rest.contains('/') && rest.split_whitespace().all(is_mime))
    {
        return Err(Rejected::new(Why::Ambiguous, "a MIME type and another value in one"));
    }
    let named = named.to_ascii_lowercase();
    // A parameter has a name and a value (RFC 2045 §5.1).
    let parameter =
        |part: &str| part.trim().is_empty() || part.split_once('=').is_some_and(|(name, _)| !name.contains('/'));
    if parts.any(|part| is_mime(part.trim())) {
        return Err(Rejected::new(Why::Ambiguous, "several MIME types"));
    }
    match named.split_once('/') {
        Some((_, sub)) if is_mime(&named) && carrier(sub) => unknown("a carrier, not a MIME type"),
        Some(_) if is_mime(&named) && text.split(';').skip(1).all(parameter) => Ok(Value::one(named)),
        Some(_) if is_mime(&named) => unknown("more than a MIME type"),
        _ => unknown("not a MIME type"),
    }
}

/// Whether a text has a top-level type and a name below it.
fn is_mime(text: &str) -> bool {
    let name = |part: &str| {
        let token = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&byte));
        token && part.starts_with(|first: char| first.is_ascii_alphanumeric()) && part.len() <= 127
    };
    text.split_once('/').is_some_and(|(top, sub)| TOP.contains(&top) && name(sub))
}

fn carrier(sub: &str) -> bool {
    let width =
        sub.strip_suffix("mm").is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|d| d.is_ascii_digit()));
    width || CARRIERS.contains(&sub)
}

/// Endings of media files. Where a type has no registration, it is the one in common use.
#[rustfmt::skip]
const ENDINGS: &[(&str, &str)] = &[
    ("3gp", "video/3gpp"), ("aac", "audio/aac"), ("aif", "audio/x-aiff"), ("aiff", "audio/x-aiff"),
    ("avi", "video/vnd.avi"), ("bmp", "image/bmp"), ("dng", "image/x-adobe-dng"), ("f4v", "video/mp4"),
    ("flac", "audio/flac"), ("flv", "video/x-flv"), ("gif", "image/gif"), ("glb", "model/gltf-binary"),
    ("gltf", "model/gltf+json"), ("heic", "image/heic"), ("jp2", "image/jp2"), ("jpe", "image/jpeg"),
    ("jpeg", "image/jpeg"), ("jpg", "image/jpeg"), ("m2t", "video/mp2t"), ("m2v", "video/mpeg"),
    ("m3u8", "application/vnd.apple.mpegurl"), ("m4a", "audio/mp4"), ("m4v", "video/x-m4v"), ("mid", "audio/midi"),
    ("mkv", "video/matroska"), ("mov", "video/quicktime"), ("mp3", "audio/mpeg"), ("mp4", "video/mp4"),
    ("mpd", "application/dash+xml"), ("mpe", "video/mpeg"), ("mpeg", "video/mpeg"), ("mpg", "video/mpeg"),
    ("mts", "video/mp2t"), ("mxf", "application/mxf"), ("obj", "model/obj"), ("oga", "audio/ogg"),
    ("ogg", "audio/ogg"), ("ogv", "video/ogg"), ("ogx", "application/ogg"), ("opus", "audio/ogg"),
    ("pdf", "application/pdf"), ("png", "image/png"), ("psd", "image/vnd.adobe.photoshop"), ("stl", "model/stl"),
    ("svg", "image/svg+xml"), ("tif", "image/tiff"), ("tiff", "image/tiff"), ("ts", "video/mp2t"),
    ("wav", "audio/vnd.wave"), ("webm", "video/webm"), ("webp", "image/webp"), ("wma", "audio/x-ms-wma"),
    ("wmv", "video/x-ms-wmv"), ("zip", "application/zip"),
];

/// Pages about a file whose address ends as the file does: by host, and what its path contains.
const PAGES: &[(&str, &str)] =
    &[("github.com", "/blob/"), ("gitlab.com", "/blob/"), ("archive.org", "/details/"), ("dropbox.com", "/s/")];

/// What wikis call the namespace of their files, in lower case.
const FILE_NAMESPACES: &[&str] =
    &["file", "image", "bestand", "datei", "fichier", "archivo", "immagine", "ficheiro", "plik", "fil", "bild"];

/// Whether an address is of a page about a file: `https://commons.wikimedia.org/wiki/File:A.jpg`.
fn is_page(address: &str) -> bool {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (host, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = host.trim_start_matches("www.").to_ascii_lowercase();
    let file = path.rsplit('/').next().unwrap_or_default();
    // A page of a wiki has its namespace before its name: a file's own, or any below `/wiki/`.
    let colon = file.find(':').or_else(|| file.to_ascii_lowercase().find("%3a"));
    let namespace = colon.is_some_and(|at| {
        let name = file[..at].to_ascii_lowercase();
        at > 0 && (FILE_NAMESPACES.contains(&name.as_str()) || path.contains("/wiki/"))
    });
    namespace || PAGES.iter().any(|(known, part)| host == *known && path.contains(part))
}

fn from_url(address: &str) -> Outcome<'static> {
    let path = address.trim().split(['?', '#']).next().unwrap_or_default();
    let page = is_page(path);
    let path = path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let file = path.rsplit('/').next().unwrap_or_default();
    let ending = file.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    let known = ending.and_then(|ending| ENDINGS.iter().find(|(known, _)| *known == ending));
    match known {
        Some(_) if page => unknown("a page about a file"),
        Some((_, mime)) => Ok(Value::one(*mime)),
        None => unknown("no ending of a media file"),
    }
}

fn kind(mime: &str) -> Outcome<'static> {
    let essence = essence(mime)?;
    match essence.text().and_then(|mime| mime.split_once('/')) {
        Some(("image", _)) => Ok(Value::one("StillImage")),
        Some(("audio", _)) => Ok(Value::one("Sound")),
        Some(("video", _)) => Ok(Value::one("MovingImage")),
        _ => unknown("implies no type"),
    }
}
