//! CSV (RFC 4180) and its kin with tabs: a line a row, quoted where needed.

use super::{failed, lines};
use crate::columns::{Columns, Data};
use crate::error::Result;
use crate::load::cells::looks_active;
use crate::value::date;

/// How cells are written.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Between cells: `,` or a tab.
    pub delimiter: u8,
    /// Empty lists are told, so that they and no list stay apart.
    pub empty: bool,
    /// Put `'` before what a spreadsheet would take for a formula.
    pub guard: bool,
}

/// What cells can't show, counted.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Cells with `'` before them.
    pub guarded: u64,
    /// Values that are empty text: a reader can't tell them from no value.
    pub blank: u64,
    /// Cells longer than a cell of Excel.
    pub long: u64,
}

/// Characters (UTF-16 units) that a cell of Excel holds.
pub const CELL: usize = 32_767;

/// Rows as lines, with a header if asked. Lists and groups are JSON in their cell.
pub fn rows(columns: &Columns, header: bool, style: Style, counts: &mut Counts, out: &mut Vec<u8>) -> Result<()> {
    let mut builder = ::csv::WriterBuilder::new();
    builder.terminator(::csv::Terminator::CRLF).delimiter(style.delimiter);
    let mut writer = builder.from_writer(out);
    if header {
        writer.write_record(columns.columns.iter().map(|column| &*column.name)).map_err(|error| failed(&error))?;
    }
    let mut cell = Vec::new();
    for row in 0..columns.rows {
        for column in &columns.columns {
            cell.clear();
            write_cell(&column.data, row, style, counts, &mut cell)?;
            writer.write_field(&cell).map_err(|error| failed(&error))?;
        }
        writer.write_record(None::<&[u8]>).map_err(|error| failed(&error))?;
    }
    writer.flush().map_err(|error| failed(&error))
}

fn write_cell(data: &Data, row: usize, style: Style, counts: &mut Counts, cell: &mut Vec<u8>) -> Result<()> {
    match data {
        data if !lines::filled(data, row, style.empty) => {}
        Data::Text(text) => {
            let text = text.raw(row);
            counts.blank += u64::from(text.is_empty());
            if text.len() > CELL && text.encode_utf16().count() > CELL {
                counts.long += 1;
            }
            if style.guard && looks_active(text) {
                counts.guarded += 1;
                cell.push(b'\'');
            }
            cell.extend_from_slice(text.as_bytes());
        }
        Data::Flag(values, _) => cell.extend_from_slice(values.value(row).to_string().as_bytes()),
        Data::Integer(values, _) => cell.extend_from_slice(values[row].to_string().as_bytes()),
        Data::Number(values, _) => cell.extend_from_slice(values[row].to_string().as_bytes()),
        Data::Instant(values, _) => cell.extend_from_slice(date::written(values[row]).as_bytes()),
        Data::List(..) | Data::Group(..) => lines::value(data, row, style.empty, cell)?,
    }
    Ok(())
}
