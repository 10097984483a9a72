//! A table of one column of texts.

use super::Table;
use crate::columns::build::Texts;
use crate::columns::{Column, Columns, Data};

/// Offsets are 32 bits wide: a batch must stay well below.
const BYTES: usize = 1 << 26;

/// Texts on their way into a table.
#[derive(Debug, Default)]
pub struct TextColumn {
    texts: Texts,
    full: Vec<Texts>,
}

impl TextColumn {
    /// The next text.
    pub fn push(&mut self, text: Option<&str>) {
        self.texts.push_option(text);
        if self.texts.bytes.len() > BYTES {
            self.full.push(std::mem::take(&mut self.texts));
        }
    }

    /// The table of the column `name`.
    #[must_use]
    pub fn table(mut self, name: &str) -> Table {
        let column = |mut texts: Texts| {
            let text = texts.freeze();
            Columns::new(text.len(), vec![Column::new(name.to_owned(), Data::Text(text))])
        };
        self.full.push(self.texts);
        Table::new("frame", column(Texts::default()), self.full.into_iter().map(column).collect())
    }
}
