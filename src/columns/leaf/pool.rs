//! The texts that values share: a value is the number of its text.

use super::values::follow;
use crate::columns::Text;
use ahash::RandomState;
use arrow_buffer::Buffer;
use bytes::Bytes;
use hashbrown::HashTable;
use memchr::memchr;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Texts, each with a number.
#[derive(Debug)]
pub struct Pool {
    bytes: String,
    ends: Vec<u32>,
    distinct: bool,
    /// Whether each text is known to be in one line: only those that come together are looked at.
    one_line: bool,
    stamp: u64,
}

impl Default for Pool {
    fn default() -> Self {
        static STAMPS: AtomicU64 = AtomicU64::new(1);
        let stamp = STAMPS.fetch_add(1, Ordering::Relaxed);
        Self { bytes: String::new(), ends: Vec::new(), distinct: false, one_line: true, stamp }
    }
}

impl Clone for Pool {
    fn clone(&self) -> Self {
        let Self { distinct, one_line, .. } = *self;
        Self { bytes: self.bytes.clone(), ends: self.ends.clone(), distinct, one_line, ..Self::default() }
    }
}

impl Pool {
    /// Adds all texts of a column, in order; those that are absent are empty. Gives the number of
    /// the first.
    pub fn extend(&mut self, column: &Text) -> u32 {
        let (number, start) = (self.ends.len() as u32, self.bytes.len());
        let (first, last) = (column.offsets[0] as usize, column.offsets[column.len()] as usize);
        let bytes = simdutf8::basic::from_utf8(&column.bytes[first..last]).unwrap_or_default();
        let ends = column.offsets[1..].iter().map(|end| *end as usize - first);
        self.distinct = false;
        if bytes.len() == last - first && ends.clone().all(|end| bytes.is_char_boundary(end)) {
            // Now they are at hand: later each would have to be fetched again.
            self.one_line = self.one_line && memchr(b'\n', bytes.as_bytes()).is_none();
            self.bytes.push_str(bytes);
            self.ends.extend(ends.map(|end| (end + start) as u32));
        } else {
            for row in 0..column.len() {
                self.push(column.raw(row));
            }
        }
        number
    }

    /// Number of texts.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether no two texts are equal, as far as anybody looked.
    #[must_use]
    pub fn is_distinct(&self) -> bool {
        self.distinct
    }

    /// Whether the text of a number is in one line.
    #[must_use]
    pub fn is_one_line(&self, number: u32) -> bool {
        self.one_line || memchr(b'\n', self.raw(number)).is_none()
    }

    /// What tells pools apart: in pools of one stamp a number never means another text.
    #[must_use]
    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    /// All texts end to end.
    #[must_use]
    pub fn all(&self) -> &str {
        &self.bytes
    }

    /// Bytes of all texts.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes.len()
    }

    /// Makes room for so many times the texts there are.
    pub fn reserve(&mut self, times: usize) {
        // Batches are alike, but not quite.
        self.bytes.reserve(self.bytes.len() * times * 9 / 8);
        self.ends.reserve(self.ends.len() * times * 9 / 8);
    }

    /// Adds a text; gives its number.
    pub fn push(&mut self, text: &str) -> u32 {
        (self.distinct, self.one_line) = (false, false);
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len() as u32);
        self.ends.len() as u32 - 1
    }

    /// The text of a number.
    #[must_use]
    #[inline]
    pub fn get(&self, number: u32) -> &str {
        &self.bytes[self.range(number)]
    }

    /// The bytes of the text of a number.
    #[must_use]
    #[inline]
    pub fn raw(&self, number: u32) -> &[u8] {
        &self.bytes.as_bytes()[self.range(number)]
    }

    /// Bytes of the text of a number.
    #[must_use]
    #[inline]
    pub fn length(&self, number: u32) -> usize {
        self.range(number).len()
    }

    /// Where the text of a number stands among all bytes.
    #[must_use]
    #[inline]
    pub fn range(&self, number: u32) -> Range<usize> {
        let at = number as usize;
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        start as usize..self.ends[at] as usize
    }

    /// Where so many texts end among all bytes, from one on.
    #[must_use]
    pub fn ends(&self, first: u32, count: usize) -> &[u32] {
        &self.ends[first as usize..][..count]
    }

    /// The texts of a pool as bytes of a column, without a copy, where `numbers` are texts that follow
    /// each other there and are most of it.
    #[must_use]
    pub fn shared(self: &Arc<Self>, numbers: &[u32]) -> Option<Buffer> {
        let (first, last) = (*numbers.first()?, *numbers.last()?);
        let used = self.range(last).end.saturating_sub(self.range(first).start);
        // One that goes on growing would have to be copied.
        (!self.distinct && follow(numbers) && 2 * used >= self.bytes.capacity())
            .then(|| Bytes::from_owner(Shared(self.clone())).into())
    }

    /// Adds the texts of another pool; gives what is added to their numbers.
    pub fn append(&mut self, other: &Self) -> u32 {
        let (number, start) = (self.ends.len() as u32, self.bytes.len() as u32);
        self.distinct = false;
        self.one_line &= other.one_line;
        self.bytes.push_str(&other.bytes);
        self.ends.extend(other.ends.iter().map(|end| end + start));
        number
    }
}

/// A pool whose bytes a column has.
struct Shared(Arc<Pool>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.bytes.as_bytes()
    }
}

/// What is known of groups of texts, by their numbers.
pub type Groups = HashMap<Vec<u32>, u32, RandomState>;

/// A pool that takes each text once, and goes on growing.
#[derive(Debug)]
pub struct Distinct {
    pool: Arc<Pool>,
    /// The numbers of the texts, found by their hashes.
    known: HashTable<u32>,
    /// Numbers that texts had lately, found by their ends: most columns say the same again and again.
    lately: Vec<u32>,
    hashes: Vec<u64>,
    state: RandomState,
}

impl Default for Distinct {
    fn default() -> Self {
        let pool = Arc::new(Pool { distinct: true, ..Pool::default() });
        let lately = vec![u32::MAX; LATELY];
        Self { pool, known: HashTable::new(), lately, hashes: Vec::new(), state: RandomState::new() }
    }
}

/// How many numbers of late are kept.
const LATELY: usize = 256;

/// Where the number of a text is kept: by its length and its last bytes.
fn spot(text: &[u8]) -> usize {
    let end = match text.last_chunk::<8>() {
        Some(end) => u64::from_le_bytes(*end),
        None => text.iter().fold(0, |end, byte| end << 8 | u64::from(*byte)),
    };
    ((end ^ text.len() as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 56) as usize
}

impl Distinct {
    /// The number of a text.
    pub fn number(&mut self, text: &str) -> u32 {
        let spot = spot(text.as_bytes());
        let late = self.lately[spot];
        if late != u32::MAX && self.pool.raw(late) == text.as_bytes() {
            return late;
        }
        let number = self.find_or_add(text);
        self.lately[spot] = number;
        number
    }

    fn find_or_add(&mut self, text: &str) -> u32 {
        let hash = self.state.hash_one(text);
        let Self { pool, known, hashes, .. } = self;
        if let Some(known) = known.find(hash, |own| hashes[*own as usize] == hash && pool.raw(*own) == text.as_bytes())
        {
            return *known;
        }
        // A copy only while a leaf still has the pool.
        let pool = Arc::make_mut(pool);
        let number = pool.push(text);
        pool.distinct = true;
        hashes.push(hash);
        known.insert_unique(hash, number, |own| hashes[*own as usize]);
        number
    }

    /// The pool so far.
    #[must_use]
    pub fn pool(&self) -> &Arc<Pool> {
        &self.pool
    }
}
