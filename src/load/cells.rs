//! Rows of cells, of a CSV or a workbook, to columns.

use super::grow::{Growing, Rows};
use super::misfit;
use crate::columns::Columns;
use crate::error::{Cancel, Error, Kind, Result, go_on};
use crate::table::split;
use serde_json::{Map, Value};

/// How cells are to be read.
#[derive(Debug, Clone)]
pub struct Plan {
    /// Lists are JSON in their cell; otherwise joined texts.
    pub json: bool,
    /// What stands between joined values.
    pub sep: String,
    /// A `'` stands before what looks like a formula.
    pub guarded: bool,
    /// A list that is not there is none, and not an empty one.
    pub nullable: bool,
    /// The size of the file, which may be compressed.
    pub size: usize,
}

/// Takes rows of cells.
pub struct Loader {
    rows: Rows,
    plan: Plan,
    /// Which column each cell of a row belongs to.
    places: Vec<usize>,
    line: u64,
}

impl Loader {
    /// A loader of rows with the columns `header`, in the shape of `shape`, which has all of them.
    pub fn new(header: &[String], shape: &Columns, plan: Plan) -> Result<Self> {
        // Where lists are joined, an empty cell is an empty list.
        let rows = Rows::of(shape, plan.nullable && plan.json, plan.size);
        let place = |name: &String| {
            let found = rows.names.iter().position(|known| known == name);
            found.ok_or_else(|| Error::new(Kind::Value, format!("no column {name:?} in the format of this file")))
        };
        let places = header.iter().map(place).collect::<Result<_>>()?;
        Ok(Self { rows, plan, places, line: 1 })
    }

    /// Adds a row; an empty cell is no value.
    pub fn row<'a>(&mut self, cells: impl Iterator<Item = &'a str>) -> Result<()> {
        self.line += 1;
        let mut filled = vec![""; self.rows.columns.len()];
        for (at, cell) in cells.enumerate() {
            let Some(place) = self.places.get(at) else {
                return Err(misfit(self.line, format!("row {} has more cells than there are columns", self.line)));
            };
            filled[*place] = cell;
        }
        let empty = filled.iter().filter(|cell| cell.is_empty()).count();
        self.rows.count_empty(empty).map_err(|message| self.rows.misfit(self.line, message))?;
        for (at, cell) in filled.into_iter().enumerate() {
            let told = push(&mut self.rows.columns[at], cell, &self.plan);
            told.map_err(|problem| {
                misfit(self.line, format!("row {}, {}: {problem}", self.line, self.rows.names[at]))
            })?;
        }
        self.rows.end();
        Ok(())
    }

    /// All rows.
    #[must_use]
    pub fn finish(self) -> Vec<Columns> {
        self.rows.finish()
    }
}

fn push(column: &mut Growing, cell: &str, plan: &Plan) -> std::result::Result<(), String> {
    if cell.is_empty() {
        return column.push(&Value::Null);
    }
    let cell = match cell.strip_prefix('\'') {
        Some(rest) if plan.guarded && looks_active(rest) => rest,
        _ => cell,
    };
    match column {
        Growing::List { items, .. } if !plan.json && items.is_text() => {
            let values: Value = split(cell, &plan.sep).into_iter().map(Value::String).collect();
            column.push(&values)
        }
        Growing::List { items, .. } if !plan.json && items.is_named() => {
            let values: Value = split(cell, &plan.sep).iter().map(|text| named(text)).collect();
            column.push(&values)
        }
        Growing::List { .. } | Growing::Group { .. } => {
            column.push(&serde_json::from_str(cell).map_err(|error| error.to_string())?)
        }
        _ => column.push_text(cell),
    }
}

/// Whether a spreadsheet might run `text`, or a reader would take its own `'` for a guard. Such a text gets a `'`
/// before it, and taking one away gives it back.
#[must_use]
pub fn looks_active(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// `element: value`, as joined cells show what has no column.
fn named(text: &str) -> Value {
    let start = if text.starts_with('{') { text.find('}').unwrap_or(0) } else { 0 };
    let (element, value) = match text[start..].find(": ") {
        Some(at) => (&text[..start + at], &text[start + at + 2..]),
        None => ("", text),
    };
    let members = [("element", element), ("value", value)];
    Value::Object(members.into_iter().map(|(name, text)| (name.to_owned(), text.into())).collect::<Map<_, _>>())
}

/// The columns of a CSV and its rows. `shape` gives the shape of a header.
pub fn csv(
    bytes: &[u8],
    delimiter: u8,
    plan: Plan,
    shape: impl FnOnce(&[String]) -> Columns,
    cancel: &Cancel,
) -> Result<(Columns, Vec<Columns>)> {
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader =
        ::csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text);
    let mut record = ::csv::StringRecord::new();
    let failed = |error: &::csv::Error| {
        let line = error.position().map_or(0, ::csv::Position::line);
        misfit(line, format!("no CSV: {error}"))
    };
    reader.read_record(&mut record).map_err(|error| failed(&error))?;
    let header: Vec<String> = record.iter().map(str::to_owned).collect();
    let shape = shape(&header);
    let mut loader = Loader::new(&header, &shape, plan)?;
    while reader.read_record(&mut record).map_err(|error| failed(&error))? {
        go_on(cancel)?;
        if record.len() != header.len() {
            let line = record.position().map_or(0, ::csv::Position::line);
            return Err(misfit(line, format!("{} cells under a header of {}", record.len(), header.len())));
        }
        loader.row(record.iter())?;
    }
    Ok((shape, loader.finish()))
}
