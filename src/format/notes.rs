//! Notes: what a column of plain values can't show, one group a value that needs one.
//!
//! `path` and `index` name the value (`index` is null for a value left out because it is empty),
//! `seq` is its place among the values of the record where it can't be told from the order of the
//! columns, `text` the exact text where outer blanks were trimmed, `markup` the content where it
//! holds elements.

use super::Vocabulary;
use crate::columns::build::{Ends, Texts, integers};
use crate::columns::{Column, Data};

/// What there is to note about a value.
#[derive(Debug, Default, Clone, Copy)]
pub struct Note<'a> {
    /// Which value of its column; none if it is left out.
    pub index: Option<i64>,
    /// Its `xml:lang`.
    pub lang: Option<&'a str>,
    /// Its other attributes, a JSON object.
    pub attributes: Option<&'a str>,
    /// Its exact text.
    pub text: Option<&'a str>,
    /// Its content as XML.
    pub markup: Option<&'a str>,
}

/// A note of the record in the making; texts are ranges of `arena`.
#[derive(Debug)]
struct Pending {
    path: &'static str,
    rank: u8,
    index: Option<i64>,
    seq: Option<i64>,
    texts: [Option<(u32, u32)>; 4],
}

/// Notes of records in the making.
#[derive(Debug)]
pub struct Notes {
    /// Columns of the values of the record, in document order; values left out are not in it.
    order: Vec<u8>,
    /// The place of each of them among all values.
    places: Vec<u32>,
    next: u32,
    pending: Vec<Pending>,
    arena: String,
    path: Texts,
    index: Vec<Option<i64>>,
    seq: Vec<Option<i64>>,
    texts: [Texts; 4],
    ends: Ends,
}

/// The rank of `extra`: after every column, of whatever format.
const EXTRA: u8 = 254;
/// The rank of the header, whose values have no place among the others.
const HEADER: u8 = 255;
/// The text fields of a note, in order.
const TEXTS: [&str; 4] = ["lang", "attributes", "text", "markup"];

impl Default for Notes {
    fn default() -> Self {
        Self {
            order: Vec::new(),
            places: Vec::new(),
            next: 0,
            pending: Vec::new(),
            arena: String::new(),
            path: Texts::default(),
            index: Vec::new(),
            seq: Vec::new(),
            texts: std::array::from_fn(|_| Texts::default()),
            ends: Ends::default(),
        }
    }
}

impl Notes {
    /// A padded value of the header.
    pub fn header(&mut self, path: &'static str, index: Option<i64>, text: &str) {
        let note = Note { index, text: Some(text), ..Note::default() };
        self.push(path, HEADER, None, &note);
    }

    /// A value of column number `rank`, called `path`.
    pub fn value(&mut self, rank: u8, path: &'static str, note: &Note) {
        let place = self.next;
        self.next += 1;
        if note.index.is_some() {
            self.order.push(rank);
            self.places.push(place);
        }
        let seq = note.index.is_none().then_some(i64::from(place));
        if seq.is_some()
            || note.lang.is_some()
            || note.attributes.is_some()
            || note.text.is_some()
            || note.markup.is_some()
        {
            self.push(path, rank, seq, note);
        }
    }

    /// A value of column number `rank` of which there is nothing to note but its place.
    pub fn plain(&mut self, rank: u8) {
        self.order.push(rank);
        self.places.push(self.next);
        self.next += 1;
    }

    /// A value of `extra`.
    pub fn extra(&mut self, note: &Note) {
        self.value(EXTRA, "extra", note);
    }

    fn push(&mut self, path: &'static str, rank: u8, seq: Option<i64>, note: &Note) {
        let texts = [note.lang, note.attributes, note.text, note.markup].map(|text| {
            text.map(|text| {
                let start = self.arena.len() as u32;
                self.arena.push_str(text);
                (start, self.arena.len() as u32)
            })
        });
        self.pending.push(Pending { path, rank, index: note.index, seq, texts });
    }

    /// Ends row `row`.
    pub fn end_row(&mut self, row: usize, vocabulary: Option<&'static Vocabulary>) {
        let gaps = self.places.len() < self.next as usize;
        if !self.order.is_sorted() || gaps {
            self.note_order(vocabulary);
        }
        if !self.pending.is_empty() {
            for note in self.pending.drain(..) {
                self.path.push(note.path);
                self.index.push(note.index);
                self.seq.push(note.seq);
                for (column, range) in self.texts.iter_mut().zip(note.texts) {
                    column.push_option(range.map(|(start, end)| &self.arena[start as usize..end as usize]));
                }
            }
            self.ends.set(row, self.path.len());
        }
        self.clear();
    }

    /// Notes the places of the values that don't follow from the order of the columns: all but a
    /// longest rising run. The others fill the free places in the order of the columns.
    fn note_order(&mut self, vocabulary: Option<&'static Vocabulary>) {
        let follows = longest_rising(&self.order);
        let mut counts = [0_i64; 256];
        for ((rank, place), follows) in self.order.iter().zip(&self.places).zip(follows) {
            let index = counts[usize::from(*rank)];
            counts[usize::from(*rank)] += 1;
            if follows {
                continue;
            }
            let seq = Some(i64::from(*place));
            let noted = |note: &&mut Pending| note.rank == *rank && note.index == Some(index);
            if let Some(note) = self.pending.iter_mut().find(noted) {
                note.seq = seq;
            } else {
                let field = vocabulary.and_then(|vocabulary| vocabulary.fields.get(usize::from(*rank)));
                let path = field.map_or("extra", |field| field.column);
                self.pending.push(Pending { path, rank: *rank, index: Some(index), seq, texts: [None; 4] });
            }
        }
    }

    /// Forgets the notes of the record in the making.
    pub fn undo(&mut self) {
        self.pending.clear();
        self.clear();
    }

    fn clear(&mut self) {
        self.order.clear();
        self.places.clear();
        self.next = 0;
        self.arena.clear();
    }

    /// Takes the column of `rows` rows out.
    #[must_use]
    pub fn freeze(&mut self, rows: usize) -> Data {
        let count = self.path.len();
        let (index, index_validity) = integers(self.index.drain(..));
        let (seq, seq_validity) = integers(self.seq.drain(..));
        let mut fields = vec![
            Column::new("path", Data::Text(self.path.freeze())),
            Column::new("index", Data::Integer(index, index_validity)),
            Column::new("seq", Data::Integer(seq, seq_validity)),
        ];
        let texts = TEXTS.iter().zip(&mut self.texts);
        fields.extend(texts.map(|(name, texts)| Column::new(*name, Data::Text(texts.freeze()))));
        Data::List(self.ends.freeze(rows), None, Box::new(Data::Group(fields, count, None)))
    }
}

/// Which items belong to a longest run that never falls.
fn longest_rising(order: &[u8]) -> Vec<bool> {
    let mut tails: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(order.len());
    for (at, rank) in order.iter().enumerate() {
        let length = tails.partition_point(|tail| order[*tail] <= *rank);
        before.push(length.checked_sub(1).map(|last| tails[last]));
        if length == tails.len() {
            tails.push(at);
        } else {
            tails[length] = at;
        }
    }
    let mut rising = vec![false; order.len()];
    let mut at = tails.last().copied();
    while let Some(index) = at {
        rising[index] = true;
        at = before[index];
    }
    rising
}

#[cfg(test)]
mod tests {
    use super::longest_rising;

    #[test]
    fn only_values_out_of_order_need_a_place() {
        assert_eq!(longest_rising(&[1, 0, 2, 2, 5, 3]).iter().filter(|follows| **follows).count(), 4);
        assert_eq!(longest_rising(&[]), [] as [bool; 0]);
    }
}
