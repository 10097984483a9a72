//! The texts that values share: a value is the number of its text.

use super::values::follow;
use crate::columns::Text;
use ahash::RandomState;
use bytestring::ByteString;
use hashbrown::HashTable;
use memchr::memchr;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

/// Texts, each with a number.
#[derive(Debug)]
pub struct Pool {
    /// The texts end to end, as long as others come.
    growing: String,
    /// The texts where no others come: columns may share them.
    whole: Option<ByteString>,
    ends: Vec<u32>,
    distinct: bool,
    /// Whether all texts are in one line, since anybody asked.
    one_line: OnceLock<bool>,
    stamp: u64,
}

impl Default for Pool {
    fn default() -> Self {
        static STAMPS: AtomicU64 = AtomicU64::new(1);
        let stamp = STAMPS.fetch_add(1, Ordering::Relaxed);
        let (growing, ends, one_line) = (String::new(), Vec::new(), OnceLock::new());
        Self { growing, whole: None, ends, distinct: false, one_line, stamp }
    }
}

impl Clone for Pool {
    fn clone(&self) -> Self {
        let (growing, whole, ends) = (self.growing.clone(), self.whole.clone(), self.ends.clone());
        Self { growing, whole, ends, distinct: self.distinct, one_line: self.one_line.clone(), ..Self::default() }
    }
}

impl Pool {
    /// Adds texts of a column that follow each other; those that are absent are empty. Gives the
    /// number of the first. The first that come are not copied.
    pub fn extend(&mut self, column: &Text, texts: Range<usize>) -> u32 {
        let number = self.ends.len() as u32;
        let offsets = &column.offsets[texts.start..=texts.end];
        let first = offsets[0];
        let added = &column.bytes[first as usize..offsets[texts.len()] as usize];
        let start = if self.is_empty() {
            self.whole = Some(column.bytes.slice_ref(added));
            0
        } else {
            let own = self.own();
            own.push_str(added);
            own.len() - added.len()
        };
        self.ends.extend(offsets[1..].iter().map(|end| (end - first) as u32 + start as u32));
        self.forget();
        number
    }

    /// The texts, where more will come.
    fn own(&mut self) -> &mut String {
        if let Some(whole) = self.whole.take() {
            self.growing = String::from(&*whole);
        }
        &mut self.growing
    }

    /// The pool, to which no texts will be added: columns can share its texts.
    #[must_use]
    pub fn whole(mut self) -> Arc<Self> {
        if self.whole.is_none() {
            self.growing.shrink_to_fit();
            self.whole = Some(std::mem::take(&mut self.growing).into());
        }
        Arc::new(self)
    }

    /// Forgets what is known of the texts, as others came.
    fn forget(&mut self) {
        (self.distinct, self.one_line) = (false, OnceLock::new());
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
        let all = || memchr(b'\n', self.all().as_bytes()).is_none();
        // One that goes on growing would be looked at again and again.
        !self.distinct && *self.one_line.get_or_init(all) || memchr(b'\n', self.raw(number)).is_none()
    }

    /// What tells pools apart: in pools of one stamp a number never means another text.
    #[must_use]
    pub fn stamp(&self) -> u64 {
        self.stamp
    }

    /// All texts end to end.
    #[must_use]
    #[inline]
    pub fn all(&self) -> &str {
        self.whole.as_deref().unwrap_or(&self.growing)
    }

    /// Bytes of all texts.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.all().len()
    }

    /// Adds a text; gives its number.
    pub fn push(&mut self, text: &str) -> u32 {
        self.forget();
        let own = self.own();
        own.push_str(text);
        let end = own.len() as u32;
        self.ends.push(end);
        self.ends.len() as u32 - 1
    }

    /// The text of a number.
    #[must_use]
    #[inline]
    pub fn get(&self, number: u32) -> &str {
        &self.all()[self.range(number)]
    }

    /// The bytes of the text of a number.
    #[must_use]
    #[inline]
    pub fn raw(&self, number: u32) -> &[u8] {
        &self.all().as_bytes()[self.range(number)]
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

    /// The texts of a pool as those of a column, without a copy, where `numbers` are texts that follow
    /// each other there and are most of it.
    #[must_use]
    pub fn shared(&self, numbers: &[u32]) -> Option<ByteString> {
        let (first, last) = (*numbers.first()?, *numbers.last()?);
        let used = self.range(last).end.saturating_sub(self.range(first).start);
        self.whole.clone().filter(|whole| follow(numbers) && 2 * used >= whole.len())
    }

    /// Adds the texts of another pool; gives what is added to their numbers.
    pub fn append(&mut self, other: &Self) -> u32 {
        let number = self.ends.len() as u32;
        let own = self.own();
        let start = own.len() as u32;
        own.push_str(other.all());
        self.ends.extend(other.ends.iter().map(|end| end + start));
        self.forget();
        number
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
        self.find(text.as_bytes()).unwrap_or_else(|hash| self.add(text, hash))
    }

    /// The number of a text of another pool.
    pub fn number_of(&mut self, pool: &Pool, text: u32) -> u32 {
        self.find(pool.raw(text)).unwrap_or_else(|hash| self.add(pool.get(text), hash))
    }

    /// The number of a text that is known, or the hash of one that isn't.
    #[inline]
    fn find(&mut self, text: &[u8]) -> Result<u32, u64> {
        let Self { pool, known, lately, hashes, state } = self;
        let late = &mut lately[spot(text)];
        if *late != u32::MAX && pool.raw(*late) == text {
            return Ok(*late);
        }
        let hash = state.hash_one(text);
        let known = known.find(hash, |own| hashes[*own as usize] == hash && pool.raw(*own) == text);
        // What is not known is added next.
        *late = known.map_or(pool.len() as u32, |known| *known);
        known.copied().ok_or(hash)
    }

    fn add(&mut self, text: &str, hash: u64) -> u32 {
        let Self { pool, known, hashes, .. } = self;
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
