//! Rows under a header of terms: comma-separated (RFC 4180, with quotes) or tab-separated (as in
//! Darwin Core archives, without quotes). Every row is a document whose empty cells are absent.

use super::Records;
use crate::error::Result;
use crate::format::Vocabulary;

/// How far reading is.
#[derive(Debug)]
pub(super) struct State {
    tabs: bool,
    /// The keys, as JSON, once the header was read.
    header: Option<Vec<String>>,
}

impl State {
    /// Rows, if the start of the input is a header of the format `wanted`, or of a known one.
    pub(super) fn of(start: &[u8], wanted: Option<&'static Vocabulary>) -> Option<Self> {
        let line = start.split(|byte| *byte == b'\n').next()?;
        let tabs = line.contains(&b'\t');
        let state = Self { tabs, header: None };
        let keys = state.cells(std::str::from_utf8(line).ok()?).next()?;
        let names: Vec<&str> = keys.iter().map(String::as_str).collect();
        let known = match wanted {
            Some(wanted) => names.iter().any(|name| wanted.shape().is_some_and(|shape| shape.member(name).is_some())),
            None => format(&names).is_some(),
        };
        (known && names.len() > 1).then_some(state)
    }

    /// The rows of text that ends with a whole row.
    fn cells<'t>(&self, text: &'t str) -> impl Iterator<Item = Vec<String>> + use<'t> {
        let mut reader = csv::ReaderBuilder::new();
        reader.has_headers(false).flexible(true).quoting(!self.tabs);
        let reader = reader.delimiter(if self.tabs { b'\t' } else { b',' }).from_reader(text.as_bytes());
        // Reading text from memory can't fail.
        let rows = reader.into_records().filter_map(std::result::Result::ok);
        rows.map(|row| row.iter().map(str::to_owned).collect())
    }

    pub(super) fn feed(&mut self, records: &mut Records, bytes: &[u8], last: bool) -> Result<usize> {
        let (text, mark) = records.text(bytes, last)?;
        let Some(end) = self.whole(text, last) else {
            return if last { Err(records.truncated(text, "quoted cell")) } else { Ok(0) };
        };
        for (number, row) in self.cells(&text[..end]).enumerate() {
            let Some(header) = &self.header else {
                let names: Vec<&str> = row.iter().map(String::as_str).collect();
                if let Some(vocabulary) = records.wanted.or_else(|| format(&names)) {
                    records.start(vocabulary);
                }
                self.header = Some(names.iter().map(|name| quoted(name)).collect());
                continue;
            };
            if row.len() != header.len() {
                let message = format!("a row with {} cells under a header of {}", row.len(), header.len());
                return Err(records.damaged(text, self.start(text, number), message));
            }
            let filled = header.iter().zip(&row).filter(|(_, cell)| !cell.is_empty());
            let members: Vec<String> = filled.map(|(key, cell)| format!("{key}:{}", quoted(cell))).collect();
            records.add(text, 0..0, &format!("{{{}}}", members.join(",")), &[])?;
        }
        Ok(if last { bytes.len() } else { records.pass(text, end, mark) })
    }

    /// Where the last whole row ends.
    fn whole(&self, text: &str, last: bool) -> Option<usize> {
        let mut quotes = 0_usize;
        let mut end = None;
        for (at, byte) in text.bytes().enumerate() {
            match byte {
                b'"' if !self.tabs => quotes += 1,
                b'\n' if quotes.is_multiple_of(2) => end = Some(at + 1),
                _ => {}
            }
        }
        if last { (quotes.is_multiple_of(2)).then_some(text.len()) } else { end }
    }

    /// Where row `number` starts.
    fn start(&self, text: &str, number: usize) -> usize {
        let mut quotes = 0_usize;
        let ends = text.bytes().enumerate().filter(|(_, byte)| {
            quotes += usize::from(*byte == b'"' && !self.tabs);
            *byte == b'\n' && quotes.is_multiple_of(2)
        });
        number.checked_sub(1).and_then(|before| ends.map(|(at, _)| at + 1).nth(before)).unwrap_or(0)
    }
}

/// The format of rows with this header: terms of one only, or mostly terms with their prefix or
/// namespace.
fn format(names: &[&str]) -> Option<&'static Vocabulary> {
    let vocabulary = Vocabulary::of_document(names)?;
    let shape = vocabulary.shape()?;
    let known = |name: &&&str| shape.member(name).is_some();
    let named = names.iter().filter(known).filter(|name| name.contains(':')).count();
    (names.iter().all(|name| known(&name)) || named * 2 >= names.len()).then_some(vocabulary)
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}
