//! Rules: one row, one rule, read in both directions.

use super::sssom::Sheet;
use crate::error::{Error, Kind, Result};

/// The rules between a format and the hub.
#[derive(Debug, Clone)]
pub struct Rules {
    /// The format.
    pub format: String,
    /// The rules, those of overlays first.
    pub rules: Vec<Rule>,
    /// The block of the file they come from.
    pub block: Vec<String>,
}

/// One rule.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rule {
    /// Its stable name: `nx:oai_oi.014`.
    pub id: String,
    /// The file and line it stands in.
    pub place: (String, u64),
    /// Cells that mean nothing to the engine, by header: SSSOM's own.
    pub told: Vec<(String, String)>,
    /// Path in the format.
    pub src: String,
    /// Path in the hub.
    pub dst: String,
    /// The functions between them.
    pub function: String,
    /// Which directions it has.
    pub direction: Direction,
    /// On which values of the format it works.
    pub when: String,
    /// What may be lost.
    pub loss: String,
    /// Where a rule that replaces none is put: `first`, `last`, `before` or `after` another.
    pub order: String,
}

/// The directions of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Direction {
    /// Both.
    #[default]
    Both,
    /// From the format to the hub.
    Forward,
    /// From the hub to the format.
    Back,
}

impl Direction {
    /// The word in a file.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Forward => "fwd",
            Self::Back => "back",
        }
    }
}

/// The headers of our own, in the order we write them.
const OWN: [&str; 6] = ["nx_dir", "nx_dst", "nx_fn", "nx_loss", "nx_src", "nx_when"];

/// The header of the place of a rule among the others; files of our own do not have it.
const ORDER: &str = "nx_order";

macro_rules! files {
    ($kind:literal: $($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!($kind, "/", $name, ".sssom.tsv")))),*]
    };
}

/// The rule files of this package: format, or format and dialect. Dialects are recognised in this order.
pub const FILES: &[(&str, &str)] = files!("rules":
    "oai_oi", "oai_dc", "oai_dc.openimages", "oai_dc.crs", "oai_dc.ojs", "oai_dc.dspace", "oai_dc.bepress",
    "oai_dc.contentdm", "oai_dc.omeka", "oai_dc.eprints", "oai_dc.zenodo", "oai_dc.openaire", "oai_dc.metadata_rights", "oai_qdc",
    "nba", "nhm", "atom", "ac", "simple_multimedia",
);

/// The value tables of this package.
pub const TABLES: &[(&str, &str)] = files!("tables": "oi_variant");

impl Rule {
    /// An error at one of its cells.
    #[must_use]
    pub fn error(&self, column: &str, message: &str) -> Error {
        let (source, line) = &self.place;
        let text = format!("{source}: row {line} ({}), column {column}: {message}", self.id);
        Error::new(Kind::Rules, text).hint("docs/rules.md tells what each column of a rule can hold")
    }

    fn cell(&self, header: &str) -> &str {
        match header {
            "record_id" => &self.id,
            "nx_dir" => self.direction.word(),
            "nx_dst" => &self.dst,
            "nx_fn" => &self.function,
            "nx_loss" => &self.loss,
            "nx_src" => &self.src,
            "nx_when" => &self.when,
            _ => self.told.iter().find(|(name, _)| name == header).map_or("", |(_, cell)| cell),
        }
    }

    /// Whether it takes values away: `drop` without a path in the hub.
    #[must_use]
    pub fn drops(&self) -> bool {
        self.function == "drop" && self.dst.is_empty()
    }
}

/// The rules of a sheet.
fn rows(sheet: &Sheet) -> Result<Vec<Rule>> {
    for header in ["nx_src", "nx_dst"] {
        if sheet.column(header).is_none() {
            let message = format!("{}: there is no column {header}", sheet.source);
            let hint = "tools that know SSSOM only drop the nx_ columns: join them again by record_id";
            return Err(Error::new(Kind::Rules, message).hint(hint));
        }
    }
    let mut rules = Vec::new();
    for (line, cells) in &sheet.rows {
        let cell = |name: &str| sheet.cell(cells, name).to_owned();
        let direction = match &*cell("nx_dir") {
            "" | "both" => Direction::Both,
            "fwd" => Direction::Forward,
            "back" => Direction::Back,
            other => {
                let message = format!("{other:?} is no direction; it can be both, fwd or back");
                return Err(sheet.error(*line, "nx_dir", &message));
            }
        };
        let own = |header: &str| header == "record_id" || header == ORDER || OWN.contains(&header);
        let told = sheet.headers.iter().filter(|header| !own(header));
        rules.push(Rule {
            id: cell("record_id"),
            place: (sheet.source.clone(), *line),
            told: told.map(|header| (header.clone(), cell(header))).collect(),
            src: cell("nx_src"),
            dst: cell("nx_dst"),
            function: cell("nx_fn"),
            direction,
            when: cell("nx_when"),
            loss: cell("nx_loss"),
            order: cell(ORDER),
        });
    }
    Ok(rules)
}

impl Rules {
    /// The rules of this package for a format, with a dialect laid over them.
    pub fn named(format: &str) -> Result<Self> {
        let Some((name, text)) = FILES.iter().find(|(known, _)| *known == format) else {
            let message = format!("there are no rules for {format:?}; there are for {}", formats().join(", "));
            return Err(Error::new(Kind::Value, message));
        };
        let sheet = Sheet::read(&format!("{name}.sssom.tsv"), text)?;
        Ok(Self { format: format.to_owned(), rules: rows(&sheet)?, block: sheet.block })
    }

    /// Lays a dialect over the rules, if the format has it.
    pub fn dialect(&mut self, dialect: &str) -> Result<()> {
        let own =
            |name: &&str| name.strip_prefix(&self.format).and_then(|rest| rest.strip_prefix('.')) == Some(dialect);
        match FILES.iter().find(|(name, _)| own(name)) {
            Some((name, text)) => self.lay(&Sheet::read(&format!("{name}.sssom.tsv"), text)?),
            None => Ok(()),
        }
    }

    /// The list of which each item is a record of its own.
    #[must_use]
    pub fn each(&self) -> Option<String> {
        let rule = self.rules.iter().find(|rule| rule.function == "each")?;
        Some(if rule.src.ends_with("[]") { rule.src.clone() } else { format!("{}[]", rule.src) })
    }

    /// Lays a file over the rules: a row replaces the rules with its `record_id`, or with its
    /// paths; `drop` with both paths only takes them away. What replaces nothing comes first.
    pub fn lay(&mut self, sheet: &Sheet) -> Result<()> {
        let mut first = Vec::new();
        for rule in rows(sheet)? {
            let named = !rule.id.is_empty() && self.rules.iter().any(|own| own.id == rule.id);
            let same = |own: &Rule| {
                if named {
                    own.id == rule.id
                } else {
                    own.src == rule.src && own.dst == rule.dst && !rule.dst.is_empty() && own.when == rule.when
                }
            };
            let at = self.rules.iter().position(same);
            self.rules.retain(|own| !same(own));
            let only_removes = rule.function == "drop" && !rule.dst.is_empty();
            match at {
                _ if only_removes => {}
                Some(at) if rule.order.is_empty() => self.rules.insert(at.min(self.rules.len()), rule),
                _ => match self.place(&rule)? {
                    Some(at) => self.rules.insert(at, rule),
                    None => first.push(rule),
                },
            }
        }
        self.rules.splice(0..0, first);
        Ok(())
    }

    /// The place that a rule asks for; `None` before all others, in the order of its file.
    fn place(&self, rule: &Rule) -> Result<Option<usize>> {
        let (word, id) = rule.order.split_once(' ').unwrap_or((&rule.order, ""));
        let other = || {
            let at = self.rules.iter().position(|own| own.id == id.trim());
            at.ok_or_else(|| rule.error(ORDER, &format!("there is no rule {:?} for this format", id.trim())))
        };
        match (word, id.is_empty()) {
            ("" | "first", true) => Ok(None),
            ("last", true) => Ok(Some(self.rules.len())),
            ("before", false) => Ok(Some(other()?)),
            ("after", false) => Ok(Some(other()? + 1)),
            _ => {
                let message = format!("{:?} is not a place; it can be first, last, before ID or after ID", rule.order);
                Err(rule.error(ORDER, &message))
            }
        }
    }

    /// The rules as a file.
    #[must_use]
    pub fn sheet(&self) -> Sheet {
        let mut headers = vec!["record_id".to_owned()];
        for rule in &self.rules {
            for (header, _) in &rule.told {
                if !headers.contains(header) {
                    headers.push(header.clone());
                }
            }
        }
        headers.extend(OWN.map(str::to_owned));
        let cells = |rule: &Rule| headers.iter().map(|header| rule.cell(header).to_owned()).collect();
        let rows = self.rules.iter().map(|rule| (rule.place.1, cells(rule))).collect();
        Sheet { source: self.format.clone(), block: self.block.clone(), rows, headers: headers.clone() }
    }
}

/// The formats with rules of this package.
#[must_use]
pub fn formats() -> Vec<&'static str> {
    FILES.iter().map(|(name, _)| *name).filter(|name| !name.contains('.')).collect()
}

/// The dialects of a format.
#[must_use]
pub fn dialects(format: &str) -> Vec<&'static str> {
    FILES.iter().filter_map(|(name, _)| name.strip_prefix(format)?.strip_prefix('.')).collect()
}
