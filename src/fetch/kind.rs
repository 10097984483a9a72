//! What a file is by its first bytes, and whether that is what was promised.

use crate::http::title;
use infer::MatcherType;

/// How much of a file is looked at.
pub const HEAD: usize = 8192;

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Its MIME type.
    pub mime: String,
    /// The ending of its name.
    pub ending: String,
    /// What is worth saying of it, as a code: `other-type`, `unverified`.
    pub note: Option<&'static str>,
}

/// Why a file is not what was promised: a code, and words.
pub type Refusal = (&'static str, String);

/// What was promised.
#[derive(Debug, Clone, Copy, Default)]
pub struct Promise<'a> {
    /// The MIME type that the table has.
    pub claim: Option<&'a str>,
    /// The DCMI type that the table has.
    pub kind: Option<&'a str>,
    /// `Content-Type` of the reply.
    pub content_type: Option<&'a str>,
    /// The address, for the ending where nothing else tells.
    pub url: &'a str,
}

/// Judges the first bytes of a file, of `size` bytes in all.
pub fn judge(head: &[u8], size: u64, promise: Promise<'_>) -> Result<Found, Refusal> {
    if size == 0 {
        return Err(("empty", "the file is empty".to_owned()));
    }
    let content_type = promise.content_type.map(plain);
    let claim = promise.claim.map(plain);
    let promised = claim.clone().or_else(|| content_type.clone()).unwrap_or_default();
    let class = class_of(claim.as_deref(), promise.kind, content_type.as_deref());
    if let Some(kind) = textual(head) {
        return text(kind, head, &promised, class, promise);
    }
    let Some(found) = infer::get(head) else {
        // Types whose first bytes are known must have them.
        let known = [content_type.as_deref(), claim.as_deref()].into_iter().flatten().find(|mime| {
            infer::is_mime_supported(mime) && matches!(mime.split('/').next(), Some("image" | "video" | "audio"))
        });
        if let Some(mime) = known {
            let start = head.iter().take(8).map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ");
            return Err(("not-media", format!("it is said to be {mime}, but begins with {start}")));
        }
        let mime = if promised.is_empty() { "application/octet-stream".to_owned() } else { promised };
        return Ok(Found { ending: ending(&mime, promise.url), mime, note: Some("unverified") });
    };
    let mime = found.mime_type();
    let own = match found.matcher_type() {
        MatcherType::Image => Some("image"),
        MatcherType::Video => Some("video"),
        MatcherType::Audio => Some("audio"),
        _ => None,
    };
    // One container holds sound, film or both.
    let fits = |own: &str, class: &str| own == class || own != "image" && class != "image";
    match (own, class) {
        (Some(own), Some(class)) if !fits(own, class) => {
            return Err(("wrong-type", format!("it is {mime}, where {class} was promised")));
        }
        (None, Some(class)) => return Err(("wrong-type", format!("it is {mime}, where {class} was promised"))),
        (None, None) if found.matcher_type() == MatcherType::App => {
            return Err(("wrong-type", format!("it is a program ({mime})")));
        }
        _ => {}
    }
    let same = promised.is_empty() || promised == mime || alike(&promised, mime) || is_vague(&promised);
    let ending = match (found.extension(), promised.as_str()) {
        ("ogg", "video/ogg") => "ogv",
        ("heif", _) => "heic",
        (ending, _) => ending,
    };
    let mime = if alike(&promised, mime) && ending == "ogv" { promised } else { mime.to_owned() };
    Ok(Found { mime, ending: ending.to_owned(), note: (!same).then_some("other-type") })
}

/// What is promised: image, video or audio; nothing where other things are, or nothing is said.
fn class_of(claim: Option<&str>, kind: Option<&str>, content_type: Option<&str>) -> Option<&'static str> {
    let of = |mime: &str| ["image", "video", "audio"].into_iter().find(|class| mime.split('/').next() == Some(class));
    if let Some(claim) = claim.filter(|claim| !is_vague(claim)) {
        return of(claim);
    }
    match kind.unwrap_or_default() {
        "StillImage" | "Image" => Some("image"),
        "MovingImage" => Some("video"),
        "Sound" => Some("audio"),
        "Text" | "Dataset" | "Software" | "InteractiveResource" => None,
        _ => content_type.filter(|mime| !is_vague(mime)).and_then(of),
    }
}

/// The kinds of text that are told apart.
fn textual(head: &[u8]) -> Option<&'static str> {
    let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
    let lower = String::from_utf8_lossy(&text[..text.len().min(1024)]).to_ascii_lowercase();
    if lower.starts_with("<!doctype html") || lower.starts_with("<html") {
        return Some("text/html");
    }
    if lower.starts_with('<') {
        // What stands before the first element says nothing.
        let first = lower.split('<').find(|tag| !tag.is_empty() && !tag.starts_with(['?', '!'])).unwrap_or_default();
        let name = first.split(|sign: char| sign.is_whitespace() || sign == '>').next().unwrap_or_default();
        return match name {
            "svg" | "svg:svg" => Some("image/svg+xml"),
            "html" | "head" | "body" | "title" | "meta" | "script" | "center" | "h1" | "p" | "div" => Some("text/html"),
            _ if head.contains(&0) => None,
            _ => Some("application/xml"),
        };
    }
    if lower.starts_with("#extm3u") {
        return Some("application/vnd.apple.mpegurl");
    }
    let printable = |byte: &u8| *byte >= 0x20 && *byte != 0x7f || matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c);
    let readable = |head: &[u8]| match std::str::from_utf8(head) {
        Ok(_) => true,
        // The last letter may be cut.
        Err(error) => error.error_len().is_none(),
    };
    if !head.iter().all(printable) || !readable(head) || infer::get(head).is_some() {
        return None;
    }
    Some(if text.starts_with(b"{") || text.starts_with(b"[") { "application/json" } else { "text/plain" })
}

fn text(
    kind: &'static str,
    head: &[u8],
    promised: &str,
    class: Option<&str>,
    promise: Promise<'_>,
) -> Result<Found, Refusal> {
    let claimed = promise.claim.map(plain).unwrap_or_default();
    let wanted = match kind {
        "image/svg+xml" => matches!(class, None | Some("image")),
        "text/html" => claimed == kind,
        "application/vnd.apple.mpegurl" => claimed.contains("mpegurl"),
        _ => class.is_none() && !promised.is_empty() && !is_vague(promised) && promised != "text/html",
    };
    if wanted {
        let mime = if kind == "text/plain" || kind == "application/xml" { promised } else { kind };
        return Ok(Found { mime: mime.to_owned(), ending: ending(mime, promise.url), note: None });
    }
    let said = title(head).or_else(|| {
        let words = String::from_utf8_lossy(head);
        let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
        (kind != "text/html").then(|| words.chars().take(80).collect())
    });
    let said = said.map(|said| format!(": {said}")).unwrap_or_default();
    Err(match kind {
        "text/html" => ("html", format!("it is a page of HTML{said}")),
        "application/vnd.apple.mpegurl" => ("playlist", "it is a playlist, not the film itself".to_owned()),
        _ => ("not-media", format!("it is text ({kind}){said}")),
    })
}

/// A MIME type without parameters, in the spelling that is registered.
fn plain(mime: &str) -> String {
    let mime = mime.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match &*mime {
        "image/jpg" | "image/pjpeg" => "image/jpeg".to_owned(),
        "image/x-png" => "image/png".to_owned(),
        "image/tif" => "image/tiff".to_owned(),
        "audio/mp3" => "audio/mpeg".to_owned(),
        "audio/wav" | "audio/wave" | "audio/vnd.wave" => "audio/x-wav".to_owned(),
        _ => mime,
    }
}

/// Types that promise nothing.
fn is_vague(mime: &str) -> bool {
    matches!(mime, "application/octet-stream" | "binary/octet-stream" | "application/x-download" | "*/*" | "")
        || !mime.contains('/')
}

/// Different names of what can be the same.
fn alike(one: &str, other: &str) -> bool {
    let end = |mime: &str| mime.rsplit('/').next().unwrap_or_default().trim_start_matches("x-").to_owned();
    end(one) == end(other) || end(one) == "mpeg" && end(other) == "mpeg" || end(one) == "mp4" && end(other) == "m4a"
}

/// The ending for a type that the first bytes do not tell.
fn ending(mime: &str, url: &str) -> String {
    let known = match mime {
        "image/svg+xml" => "svg",
        "text/plain" => "txt",
        "text/html" => "html",
        "text/csv" => "csv",
        "application/json" => "json",
        "application/xml" | "text/xml" => "xml",
        "application/vnd.apple.mpegurl" | "application/x-mpegurl" => "m3u8",
        "application/dicom" => "dcm",
        "video/mp2t" => "ts",
        _ => "",
    };
    if !known.is_empty() {
        return known.to_owned();
    }
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let last = path.rsplit('/').next().unwrap_or_default();
    let own = last.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default();
    let fits = (1..=5).contains(&own.len()) && own.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if fits && path.split("://").nth(1).is_some_and(|rest| rest.contains('/')) { own } else { "bin".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JPEG: &[u8] = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00";
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR";

    fn of<'a>(claim: Option<&'a str>, content_type: Option<&'a str>) -> Promise<'a> {
        Promise { claim, kind: None, content_type, url: "https://h.example/a/b.TIF?x=1" }
    }

    #[test]
    fn first_bytes_name_the_file() {
        let found = judge(JPEG, 9000, of(Some("image/jpeg"), Some("image/jpeg"))).unwrap();
        assert_eq!((&*found.mime, &*found.ending, found.note), ("image/jpeg", "jpg", None));
        // The table of the NHM has the type of the original, and the address gives a JPEG.
        let found = judge(JPEG, 9000, of(Some("image/tiff"), Some("image/jpeg"))).unwrap();
        assert_eq!((&*found.ending, found.note), ("jpg", Some("other-type")));
        assert_eq!(judge(PNG, 99, of(None, Some("application/octet-stream"))).unwrap().note, None);
    }

    #[test]
    fn a_page_is_no_image_and_its_title_is_told() {
        for page in ["<!DOCTYPE html><html><head><title>Log in</title>", "\u{feff} <html><title>Log in</title>"] {
            let (code, said) = judge(page.as_bytes(), 60, of(None, Some("image/jpeg"))).unwrap_err();
            assert_eq!((code, &*said), ("html", "it is a page of HTML: Log in"));
        }
        assert!(judge(b"<html>", 6, of(Some("text/html"), None)).is_ok());
    }

    #[test]
    fn what_is_not_what_was_promised_is_refused() {
        for (head, claim, code) in [
            (&b"%PDF-1.7\n\x00\x01"[..], "image/jpeg", "wrong-type"),
            (PNG, "video/mp4", "wrong-type"),
            (b"{\"error\": \"not found\"}", "image/jpeg", "not-media"),
            (b"no such file", "image/jpeg", "not-media"),
            (b"\x00\x01\x02\x03garbage\xff", "image/jpeg", "not-media"),
            (b"#EXTM3U\n#EXT-X-VERSION:3", "video/mp4", "playlist"),
        ] {
            assert_eq!(judge(head, 99, of(Some(claim), None)).unwrap_err().0, code, "{claim}");
        }
        assert_eq!(judge(b"", 0, of(None, None)).unwrap_err().0, "empty");
    }

    #[test]
    fn what_nobody_knows_is_kept_and_said_to_be_unverified() {
        let found = judge(b"\x00\x01\x02\x03\xff", 99, of(Some("image/x-camera-raw"), None)).unwrap();
        assert_eq!((&*found.mime, &*found.ending, found.note), ("image/x-camera-raw", "tif", Some("unverified")));
        assert_eq!(ending("", "https://museum.example"), "bin");
    }

    #[test]
    fn drawings_are_text_and_images() {
        let svg = b"<?xml version=\"1.0\"?>\n<!-- made by hand -->\n<svg xmlns=\"http://www.w3.org/2000/svg\">";
        assert_eq!(judge(svg, 99, of(Some("image/svg+xml"), None)).unwrap().ending, "svg");
    }
}
