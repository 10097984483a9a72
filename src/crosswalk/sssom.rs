//! Rule files: SSSOM TSV, read tolerantly and written strictly.
//!
//! A file is a block of `#` lines (YAML) and a table. What spreadsheets and other tools do to it
//! is forgiven: a byte order mark, CRLF, quoted cells, trailing blank columns and rows, headers
//! with a `sssom:` prefix, commas instead of tabs, a block that is missing. Source: SSSOM 1.1.

use crate::error::{Error, Kind, Place, Result};
use std::fmt::Write;

/// A file of rules or of values, cell by cell.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Sheet {
    /// Where it came from, for errors.
    pub source: String,
    /// The lines of the block, without `#`.
    pub block: Vec<String>,
    /// The headers.
    pub headers: Vec<String>,
    /// The rows: line in the file, cells.
    pub rows: Vec<(u64, Vec<String>)>,
}

impl Sheet {
    /// Reads a file.
    pub fn read(source: &str, text: &str) -> Result<Self> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut sheet = Self { source: source.to_owned(), ..Self::default() };
        let mut start = 0;
        let mut lines = 0;
        for line in text.split_inclusive('\n') {
            let bare = line.trim_end_matches(['\n', '\r']);
            // A spreadsheet quotes a line of the block that holds a quote or its separator.
            let unquoted = bare.strip_prefix("\"#").map(|inner| inner.trim_end_matches([',', '\t', ';']));
            let comment = match unquoted {
                Some(inner) => Some(inner.strip_suffix('"').unwrap_or(inner).replace("\"\"", "\"")),
                None => bare.strip_prefix('#').map(|inner| inner.trim_end_matches([',', '\t', ';']).to_owned()),
            };
            match comment {
                Some(comment) => sheet.block.push(comment),
                None if bare.trim().is_empty() => {}
                None => break,
            }
            start += line.len();
            lines += 1;
        }
        let body = &text[start..];
        let first = body.lines().next().unwrap_or_default();
        let delimiter =
            [b'\t', b',', b';'].into_iter().max_by_key(|mark| first.bytes().filter(|byte| byte == mark).count());
        let mut reader = csv::ReaderBuilder::new();
        reader.delimiter(delimiter.unwrap_or(b'\t')).flexible(true).has_headers(false);
        for record in reader.from_reader(body.as_bytes()).records() {
            let record = record.map_err(|error| {
                let place = Place { source: Some(source.to_owned()), ..Place::default() };
                Error::new(Kind::Rules, format!("not a table: {error}")).at(place)
            })?;
            let line = lines + record.position().map_or(1, csv::Position::line);
            let mut cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if sheet.headers.is_empty() {
                while cells.last().is_some_and(|cell| cell.trim().is_empty()) {
                    cells.pop();
                }
                let bare = |cell: &String| cell.trim().trim_start_matches("sssom:").to_owned();
                sheet.headers = cells.iter().map(bare).collect();
            } else if cells.iter().any(|cell| !cell.trim().is_empty()) {
                cells.resize(sheet.headers.len(), String::new());
                sheet.rows.push((line, cells));
            }
        }
        Ok(sheet)
    }

    /// The file as text, as we write it: LF, tabs, quotes only where needed.
    #[must_use]
    pub fn write(&self) -> String {
        let mut out = String::new();
        for line in &self.block {
            // Writing to a String can't fail.
            let _ = writeln!(out, "#{line}");
        }
        let rows = std::iter::once(&self.headers).chain(self.rows.iter().map(|(_, cells)| cells));
        for cells in rows {
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            out.push_str(&cells.join("\t"));
            out.push('\n');
        }
        out
    }

    /// The number of a column.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<usize> {
        self.headers.iter().position(|header| header == name)
    }

    /// The cell of a row in a column; empty if there is no such column.
    #[must_use]
    pub fn cell<'a>(&self, row: &'a [String], name: &str) -> &'a str {
        self.column(name).and_then(|at| row.get(at)).map_or("", |cell| cell.trim())
    }

    /// A value of the block: `mapping_set_id`.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<&str> {
        let value = |line: &'static str| line;
        let _ = value;
        self.block.iter().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            (key.trim() == name && !line.starts_with([' ', '-'])).then(|| value.trim().trim_matches('"'))
        })
    }

    /// An error at a cell.
    #[must_use]
    pub fn error(&self, line: u64, column: &str, message: &str) -> Error {
        let number = self.column(column).map(|at| at as u64 + 1);
        let place = Place { source: Some(self.source.clone()), line: Some(line), column: number, ..Place::default() };
        Error::new(Kind::Rules, format!("row {line}, {column}: {message}")).at(place)
    }
}

fn quoted(cell: &str) -> String {
    if cell.contains(['\t', '\n', '\r', '"']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell.to_owned()
}

#[cfg(test)]
mod tests {
    use super::Sheet;

    const PLAIN: &str = "#license: x\n#curie_map:\n#  a: b\nrecord_id\tnx_src\nnx:1\ttitle\n";

    #[test]
    fn what_we_wrote_is_read_and_written_the_same() {
        let sheet = Sheet::read("a", PLAIN).unwrap();
        assert_eq!(sheet.write(), PLAIN);
        assert_eq!(sheet.slot("license"), Some("x"));
        assert_eq!(sheet.rows[0].0, 5);
    }

    #[test]
    fn what_a_spreadsheet_made_of_it_is_read_the_same() {
        let excel = "\u{feff}\"#license: x\"\t\t\r\n#curie_map:\t\t\r\n#  a: b\r\nsssom:record_id\t\"nx_src\"\t\t\r\n\"nx:1\"\ttitle\t\t\r\n\t\t\t\r\n";
        let sheet = Sheet::read("a", excel).unwrap();
        assert_eq!(sheet.write(), PLAIN);
    }
}
