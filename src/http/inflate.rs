//! Packed bodies: gzip and deflate, also where the label is wrong or missing.

use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::{self, Read};

/// Why a body can't be unpacked.
pub enum Fault {
    /// Unpacked it is larger than this.
    TooLarge,
    /// It is damaged, or packed in a way that was not asked for.
    Broken(String),
}

/// The body unpacked, at most `limit` bytes of it. `labels` is `Content-Encoding`.
///
/// Bytes decide before the label: what starts as gzip is unpacked, and what is labelled gzip but
/// is not is taken as it stands. `deflate` occurs with and without its header.
pub fn unpacked(body: Vec<u8>, labels: &str, limit: u64) -> Result<Vec<u8>, Fault> {
    let mut body = body;
    let labels = labels.split(',').map(|label| label.trim().to_ascii_lowercase());
    for label in labels.collect::<Vec<_>>().into_iter().rev() {
        body = match label.as_str() {
            "deflate" => match all(ZlibDecoder::new(&*body), limit) {
                Err(Fault::Broken(_)) => match all(DeflateDecoder::new(&*body), limit) {
                    Err(Fault::Broken(_)) if is_text(&body) => body,
                    other => other?,
                },
                other => other?,
            },
            // What gzip is, its first bytes tell.
            "" | "identity" | "gzip" | "x-gzip" => body,
            _ if is_text(&body) => body,
            other => return Err(Fault::Broken(format!("it is packed as {other:?}, which was not asked for"))),
        };
    }
    // Some servers pack twice.
    for _ in 0..2 {
        if !is_gzip(&body) {
            break;
        }
        body = all(MultiGzDecoder::new(&*body), limit)?;
    }
    Ok(body)
}

/// Whether bytes start as gzip does.
pub fn is_gzip(body: &[u8]) -> bool {
    body.starts_with(&[0x1f, 0x8b, 0x08])
}

fn is_text(body: &[u8]) -> bool {
    let start = body.iter().find(|byte| !byte.is_ascii_whitespace());
    matches!(start, None | Some(b'<' | b'{' | b'[' | 0xef))
}

fn all(from: impl Read, limit: u64) -> Result<Vec<u8>, Fault> {
    let mut out = Vec::new();
    let read = from.take(limit.saturating_add(1)).read_to_end(&mut out);
    read.map_err(|error: io::Error| Fault::Broken(format!("it can't be unpacked: {error}")))?;
    if out.len() as u64 > limit { Err(Fault::TooLarge) } else { Ok(out) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write;

    const PAGE: &[u8] = b"<OAI-PMH>a page</OAI-PMH>";

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut out = GzEncoder::new(Vec::new(), Compression::fast());
        out.write_all(bytes).unwrap();
        out.finish().unwrap()
    }

    fn read(body: Vec<u8>, labels: &str) -> Option<Vec<u8>> {
        unpacked(body, labels, 1000).ok()
    }

    #[test]
    fn gzip_is_known_by_its_bytes_whatever_the_label_says() {
        for labels in ["gzip", "", "identity", "x-gzip"] {
            assert_eq!(read(gzip(PAGE), labels).as_deref(), Some(PAGE), "{labels}");
        }
        assert_eq!(read(gzip(&gzip(PAGE)), "gzip").as_deref(), Some(PAGE));
        assert_eq!(read(PAGE.to_vec(), "gzip").as_deref(), Some(PAGE));
        assert_eq!(read([gzip(b"<a>"), gzip(b"</a>")].concat(), "gzip").as_deref(), Some(&b"<a></a>"[..]));
    }

    #[test]
    fn deflate_is_read_with_and_without_its_header() {
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
        zlib.write_all(PAGE).unwrap();
        assert_eq!(read(zlib.finish().unwrap(), "deflate").as_deref(), Some(PAGE));
        let mut raw = DeflateEncoder::new(Vec::new(), Compression::fast());
        raw.write_all(PAGE).unwrap();
        assert_eq!(read(raw.finish().unwrap(), "deflate").as_deref(), Some(PAGE));
        assert_eq!(read(PAGE.to_vec(), "deflate").as_deref(), Some(PAGE));
    }

    #[test]
    fn a_bomb_is_refused_and_a_cut_body_is_broken() {
        assert!(matches!(unpacked(gzip(&vec![b' '; 100_000]), "gzip", 1000), Err(Fault::TooLarge)));
        let cut = gzip(PAGE);
        assert!(matches!(unpacked(cut[..cut.len() / 2].to_vec(), "gzip", 1000), Err(Fault::Broken(_))));
        assert!(matches!(unpacked(vec![1, 2, 3], "br", 1000), Err(Fault::Broken(_))));
    }
}
