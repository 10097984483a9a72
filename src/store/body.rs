//! The bytes of a page, packed. The only module that names zstd.

use super::damaged;
use crate::error::{Error, Kind, Result};
use crate::replies::canonical;
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
    /// Packs the bytes of a page.
    pub fn pack(page: &[u8]) -> Result<Self> {
        let digest = xxh3_128(page).to_be_bytes();
        let packed = zstd::bulk::compress(page, LEVEL)
            .map_err(|error| Error::new(Kind::Harvest, format!("a page can't be packed: {error}")))?;
        let (codec, bytes) = if packed.len() < page.len() { ("zstd", packed) } else { ("plain", page.to_vec()) };
        Ok(Self { codec: codec.into(), size: page.len(), digest, bytes })
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
            "zstd" => zstd::bulk::decompress(&self.bytes, self.size)
                .map_err(|error| damaged(&format!("a page can't be unpacked: {error}")))?,
            other => return Err(damaged(&format!("a page is packed with {other:?}"))),
        };
        if xxh3_128(&page).to_be_bytes() != self.digest {
            return Err(damaged("a page differs from its digest"));
        }
        Ok(page)
    }
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
