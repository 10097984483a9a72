//! Limits on what is held in memory at once. A size that a file or a reply declares is compared with them before
//! memory is allocated for it.

/// Bytes of what is parsed as one piece: a record, a document, a value, the content of a compressed table.
pub const MAX_CONTENT: usize = 256 << 20;

/// Bytes of a reply: the default of `max_bytes`, and the largest page of a harvest file.
pub const MAX_PAGE: usize = 512 << 20;

/// Layers of compression around a page. Some servers compress twice.
pub const MAX_LAYERS: usize = 3;

/// Empty cells that rows of a table file may have, with [`EMPTY_PER_BYTE`] more for each byte of the file: a row can
/// leave out nearly all columns of its table, and the table has a cell for each.
pub const MAX_EMPTY: usize = 64 << 20;

/// Empty cells for each byte of a table file, as it is stored.
pub const EMPTY_PER_BYTE: usize = 8;

/// A size in bytes, in MB.
#[must_use]
pub fn megabytes(bytes: usize) -> String {
    format!("{} MB", bytes >> 20)
}
