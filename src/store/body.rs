//! The bytes of a page, packed. The only module that names zstd.

use super::damaged;
use crate::error::{Error, Kind, Result};
use crate::limits::{MAX_PAGE, megabytes};
use crate::replies::canonical;
use rusqlite::Row;
use std::borrow::Cow;
use xxhash_rust::xxh3::{xxh3_64, xxh3_128};

/// docs/design.md has the measurements that chose it.
const LEVEL: i32 = 3;

/// The bytes of a page as they are kept.
#[derive(Debug, Clone)]
pub struct Body {
    pub(super) codec: Cow<'static, str>,
    pub(super) size: usize,
    pub(super) digest: [u8; 16],
    pub(super) bytes: Vec<u8>,
}

impl Body {
    /// Packs the bytes of a page; an error if they are more than can be unpacked again.
    pub fn pack(page: &[u8]) -> Result<Self> {
        if page.len() > MAX_PAGE {
            let message = format!("a page of {}; {}", megabytes(page.len()), limit());
            return Err(Error::new(Kind::Limit, message).hint("request fewer records per page"));
        }
        let digest = xxh3_128(page).to_be_bytes();
        let packed = zstd::bulk::compress(page, LEVEL)
            .map_err(|error| Error::new(Kind::Harvest, format!("a page can't be packed: {error}")))?;
        let (codec, bytes) = if packed.len() < page.len() { ("zstd", packed) } else { ("plain", page.to_vec()) };
        Ok(Self { codec: codec.into(), size: page.len(), digest, bytes })
    }

    /// The body in the columns codec, size, digest and body, which start at `first`.
    pub(super) fn of(row: &Row<'_>, first: usize) -> rusqlite::Result<Self> {
        let size: i64 = row.get(first + 1)?;
        let size = usize::try_from(size).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(first + 1, size))?;
        let codec = row.get::<_, String>(first)?.into();
        Ok(Self { codec, size, digest: row.get(first + 2)?, bytes: row.get(first + 3)? })
    }

    /// How many bytes it takes.
    #[must_use]
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether it takes none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes of the page, after making sure that they are those that were packed.
    pub fn unpack(self) -> Result<Vec<u8>> {
        let page = match &*self.codec {
            "plain" => self.bytes,
            "zstd" => unpacked(&self.bytes, self.size)?,
            other => return Err(damaged(&format!("a page is packed with {other:?}"))),
        };
        if page.len() != self.size {
            return Err(damaged(&format!("a page of {} bytes declares {}", page.len(), self.size)));
        }
        if xxh3_128(&page).to_be_bytes() != self.digest {
            return Err(damaged("a page differs from its digest"));
        }
        Ok(page)
    }
}

/// Unpacks a page of `size` bytes. The size that its frame declares is not used: memory is allocated for `size`
/// bytes, and a frame with more content is an error.
fn unpacked(bytes: &[u8], size: usize) -> Result<Vec<u8>> {
    if size > MAX_PAGE {
        let message = format!("a page declares {size} bytes; {}", limit());
        return Err(Error::new(Kind::Limit, message).hint("the file is damaged or was not written by naturalia"));
    }
    let mut page = Vec::new();
    page.try_reserve_exact(size).map_err(|_| {
        let message = format!("not enough memory for a page of {size} bytes");
        Error::new(Kind::Limit, message).hint("close other programs, or use a machine with more memory")
    })?;
    let decompressed = zstd::bulk::Decompressor::new().and_then(|mut zstd| zstd.decompress_to_buffer(bytes, &mut page));
    decompressed.map_err(|error| damaged(&format!("a page can't be unpacked: {error}")))?;
    Ok(page)
}

fn limit() -> String {
    format!("the limit for a page of a harvest file is {}", megabytes(MAX_PAGE))
}

/// The digest of a record: of its bytes, or of what they say where it is a document in JSON. The order of keys,
/// blanks and the score of a reply don't change it.
#[must_use]
pub fn digest(bytes: &[u8]) -> i64 {
    match canonical(bytes) {
        Some(text) => xxh3_64(text.as_bytes()) as i64,
        None => xxh3_64(bytes) as i64,
    }
}

/// What is kept of a purged identifier.
pub(super) fn trace(identifier: &str) -> [u8; 16] {
    xxh3_128(identifier.as_bytes()).to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A frame of one segment that declares `declared` bytes and has one block of 128 KB of blanks (RFC 8878, 3.1.1).
    fn frame(declared: u64) -> Vec<u8> {
        [&b"\x28\xb5\x2f\xfd\xe0"[..], &declared.to_le_bytes(), &[0x03, 0x00, 0x10, b' ']].concat()
    }

    fn body(size: usize, page: &[u8], bytes: Vec<u8>) -> Body {
        Body { codec: "zstd".into(), size, digest: xxh3_128(page).to_be_bytes(), bytes }
    }

    #[test]
    fn a_page_is_unpacked_if_its_frame_its_size_and_its_digest_agree() {
        let page = vec![b' '; 128 << 10];
        assert_eq!(body(page.len(), &page, frame(128 << 10)).unpack().unwrap(), page);
        for (size, declared) in [(page.len() - 1, 128 << 10), (page.len() + 1, 128 << 10), (page.len(), 1 << 44)] {
            let error = body(size, &page, frame(declared)).unpack().unwrap_err();
            assert_eq!(*error.kind(), Kind::Harvest, "{size} {declared}");
        }
        let plain = Body { codec: "plain".into(), ..body(3, b"page", b"page".to_vec()) };
        assert!(plain.unpack().unwrap_err().message().contains("a page of 4 bytes declares 3"));
    }

    #[test]
    fn a_page_over_the_limit_is_neither_unpacked_nor_packed() {
        for size in [MAX_PAGE + 1, 1 << 44, usize::MAX] {
            let error = body(size, b"", frame(size as u64)).unpack().unwrap_err();
            assert_eq!(*error.kind(), Kind::Limit);
            assert!(error.message().contains("512 MB"), "{error}");
        }
        assert_eq!(*Body::pack(&vec![0; MAX_PAGE + 1]).unwrap_err().kind(), Kind::Limit);
    }
}
