//! The flat columns of `media`: what a person looks for, computed from the nested columns.

use super::decisions;
use super::format::Format;
use crate::columns::build::{Texts, integers};
use crate::columns::leaf::{Leaf, Leaves};
use crate::columns::{Columns, Data};
use crate::license::{Field, License, Options, Policy, Version, prefer};
use std::collections::HashMap;

/// The columns computed from others.
pub const FLAT: &[&str] = &[
    "media_id",
    "unit_id",
    "specimen_id",
    "taxon_id",
    "media_url",
    "format",
    "variant",
    "title",
    "creator",
    "rights_holder",
    "credit_line",
    "scientific_name",
    "genus",
    "species",
    "family",
    "qualifier",
    "type_status",
    "n_identifications",
    "label_basis",
    "country",
    "lat",
    "lon",
    "event_date",
    "issued",
    "license_uri",
    "license_code",
    "license_version",
    "license_jurisdiction",
    "license_status",
    "license_raw",
    "license_basis",
    "record_license_uri",
    "record_license_code",
    "record_license_version",
    "record_license_jurisdiction",
    "record_license_status",
    "record_license_raw",
    "record_license_basis",
];

/// The parts of a licence that have a column.
const PARTS: [&str; 7] = ["uri", "code", "version", "jurisdiction", "status", "raw", "basis"];

/// The schemes of identifiers that name the unit in a collection, best first.
const UNITS: [&str; 3] = ["nba:unitID", "catalogNumber", "local"];

/// Fills the flat columns of a batch of media.
pub fn fill(format: &Format, columns: &mut Columns, leaves: &Leaves, preferred: &[String]) {
    if format.vocabulary.name != super::HUB {
        return;
    }
    let rows = columns.rows;
    let records = Records { leaves, starts: leaves.leaves.iter().map(|leaf| starts(leaf, rows)).collect() };
    let mut texts: HashMap<&str, Texts> = HashMap::new();
    let mut numbers: [Vec<Option<f64>>; 2] = [Vec::new(), Vec::new()];
    let mut counts = Vec::new();
    let mut licenses: HashMap<(Vec<&str>, bool), [Option<String>; 7]> = HashMap::new();
    let decided = decisions::decided_rows(leaves);
    for row in 0..rows {
        let mut put = |name: &'static str, text: Option<&str>| texts.entry(name).or_default().push_option(text);
        let access = records.best_access(row);
        let uri = access.and_then(|item| records.at(row, "access[].uri", &[item]));
        put("media_id", uri.and_then(medialib).or_else(|| records.first(row, "identifier")));
        put("unit_id", records.unit(row));
        put("specimen_id", records.first(row, "specimen_ref[]"));
        put("taxon_id", records.first(row, "taxon_ref[]"));
        put("media_url", uri);
        let format = access.and_then(|item| records.at(row, "access[].format", &[item]));
        put("format", format.or_else(|| records.first(row, "formats[]")));
        put("variant", access.and_then(|item| records.at(row, "access[].variant", &[item])));
        put("title", records.tagged(row, "titles[]", preferred));
        put("creator", records.joined(row, "creators[].name").as_deref());
        put("rights_holder", records.joined(row, "rights_holders[].name").as_deref());
        put("credit_line", records.tagged(row, "credit_lines[]", preferred));
        let (taxon, basis, count) = records.taxon(row);
        let of_taxon = |path: &str| taxon.and_then(|taxon| records.at(row, path, &[taxon]));
        // Sounds of Xeno-canto have a name in parts and no classification.
        let part = |name: &str| {
            of_taxon(&format!("taxa[].classification.{name}")).or_else(|| of_taxon(&format!("taxa[].name.{name}")))
        };
        let (genus, epithet) = (part("genus"), part("specific_epithet"));
        put("scientific_name", of_taxon("taxa[].scientific_name"));
        put("genus", genus);
        let species = genus.zip(epithet).map(|(genus, epithet)| format!("{genus} {epithet}"));
        put("species", species.as_deref());
        put("family", of_taxon("taxa[].classification.family"));
        put("qualifier", taxon.and_then(|taxon| records.at(row, "taxa[].qualifier[]", &[taxon, 0])));
        put("type_status", of_taxon("taxa[].type_status"));
        put("label_basis", basis);
        counts.push((count > 0).then_some(i64::from(count)));
        put("country", records.first(row, "admin_place.country"));
        numbers[0].push(records.first(row, "coordinates[].lat").and_then(|text| text.parse().ok()));
        numbers[1].push(records.first(row, "coordinates[].lon").and_then(|text| text.parse().ok()));
        let event = match (records.first(row, "gathering.begin"), records.first(row, "gathering.end")) {
            (Some(begin), Some(end)) if begin != end => Some(format!("{begin}/{end}")),
            (begin, end) => begin.or(end).or_else(|| records.first(row, "temporal_coverage[].edtf")).map(str::to_owned),
        };
        put("event_date", event.as_deref());
        put("issued", records.first(row, "issued_date.edtf"));
        let subjects = [("license_", "licenses[]"), ("record_license_", "record_licenses[]")];
        for ((prefix, path), decided) in subjects.into_iter().zip(&decided) {
            let mut stated: Vec<&str> = records.all(row, path).collect();
            if stated.is_empty() && path == "licenses[]" {
                // A statement of rights that names no licence still says something of the medium.
                stated.extend(records.all(row, "rights_statement[]"));
            }
            let constant = path == "licenses[]" && records.first(row, "license_constant") == Some("true");
            let read = licenses.entry((stated.clone(), constant)).or_insert_with(|| parts(&stated, constant));
            let on = decided.get(&(row as u32)).map(|statements| decided_parts(read, statements));
            for (part, text) in PARTS.iter().zip(on.as_ref().unwrap_or(read)) {
                let name = FLAT.iter().find(|name| name.strip_prefix(prefix) == Some(part));
                if let Some(name) = name {
                    put(name, text.as_deref());
                }
            }
        }
    }
    for column in &mut columns.columns {
        let name = &*column.name;
        if let Some(texts) = texts.get_mut(name) {
            column.data = Data::Text(texts.freeze());
        } else if let Some(at) = ["lat", "lon"].iter().position(|own| *own == name) {
            let present = crate::columns::build::validity(Some(numbers[at].iter().map(Option::is_some).collect()));
            let values = numbers[at].iter().map(|number| number.unwrap_or_default()).collect();
            column.data = Data::Number(values, present);
        } else if name == "n_identifications" {
            let (values, absent) = integers(counts.iter().copied());
            column.data = Data::Integer(values, absent);
        }
    }
}

/// Where the values of each row start.
fn starts(leaf: &Leaf, rows: usize) -> Vec<u32> {
    let mut starts = Vec::with_capacity(rows + 1);
    let mut next = 0;
    for row in 0..=rows as u32 {
        while next < leaf.len() && leaf.rows[next] < row {
            next += 1;
        }
        starts.push(next as u32);
    }
    starts
}

struct Records<'a> {
    leaves: &'a Leaves,
    starts: Vec<Vec<u32>>,
}

impl<'a> Records<'a> {
    fn leaf(&self, path: &str) -> Option<(&'a Leaf, &[u32])> {
        let at = self.leaves.leaves.iter().position(|leaf| leaf.path == path)?;
        Some((&self.leaves.leaves[at], &self.starts[at]))
    }

    fn all(&self, row: usize, path: &str) -> impl Iterator<Item = &'a str> {
        let found = self.leaf(path).map(|(leaf, starts)| (leaf, starts[row] as usize..starts[row + 1] as usize));
        found.into_iter().flat_map(|(leaf, range)| range.map(|at| leaf.text(at)))
    }

    fn first(&self, row: usize, path: &str) -> Option<&'a str> {
        self.all(row, path).next()
    }

    fn at(&self, row: usize, path: &str, place: &[u32]) -> Option<&'a str> {
        let (leaf, starts) = self.leaf(path)?;
        (starts[row] as usize..starts[row + 1] as usize).find(|at| leaf.place(*at) == place).map(|at| leaf.text(at))
    }

    fn joined(&self, row: usize, path: &str) -> Option<String> {
        let all: Vec<&str> = self.all(row, path).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// The value in the first preferred language, else without one, else the first.
    fn tagged(&self, row: usize, path: &str, preferred: &[String]) -> Option<&'a str> {
        let (leaf, starts) = self.leaf(path)?;
        let range = starts[row] as usize..starts[row + 1] as usize;
        let lang = |at: &usize| self.leaves.langs.get(leaf.lang(*at));
        let mut wanted = preferred.iter().map(|lang| Some(lang.as_str())).chain([None]);
        let best = wanted.find_map(|wanted| range.clone().find(|at| lang(at) == wanted));
        best.or_else(|| range.clone().next()).map(|at| leaf.text(at))
    }

    fn unit(&self, row: usize) -> Option<&'a str> {
        let (keys, starts) = self.leaf("identifiers[].scheme")?;
        let range = starts[row] as usize..starts[row + 1] as usize;
        UNITS.iter().find_map(|scheme| {
            let at = range.clone().find(|at| keys.text(*at) == *scheme)?;
            self.at(row, "identifiers[].value", keys.place(at))
        })
    }

    /// The number of the access point to show: never a thumbnail, a playlist or a segment if there
    /// is another; the best quality that is said, else the first.
    fn best_access(&self, row: usize) -> Option<u32> {
        let (uris, starts) = self.leaf("access[].uri")?;
        let range = starts[row] as usize..starts[row + 1] as usize;
        let rank = |at: &usize| {
            let place = uris.place(*at);
            let variant = self.at(row, "access[].variant", place).unwrap_or_default().to_ascii_lowercase();
            let format = self.at(row, "access[].format", place).unwrap_or_default();
            let aside = variant.contains("thumbnail") || variant.starts_with("playlist") || format.contains("mpegurl");
            let quality = ["best", "source", "good", "hd", "image", "medium", "sd"];
            let quality = quality.iter().position(|word| variant.contains(word)).unwrap_or(quality.len());
            (aside || format == "video/mp2t", quality)
        };
        range.min_by_key(rank).map(|at| uris.place(at)[0])
    }

    /// The identification to show, why that one, and how many there are.
    fn taxon(&self, row: usize) -> (Option<u32>, Option<&'static str>, u32) {
        let mut count = 0;
        for leaf in self.leaves.leaves.iter().filter(|leaf| leaf.path.starts_with("taxa[]")) {
            let from = leaf.rows.partition_point(|own| (*own as usize) < row);
            for at in (from..leaf.len()).take_while(|at| leaf.rows[*at] as usize == row) {
                count = count.max(leaf.place(at)[0] + 1);
            }
        }
        let preferred = (0..count).find(|item| self.at(row, "taxa[].preferred", &[*item]) == Some("true"));
        match (preferred, count) {
            (_, 0) => (None, None, 0),
            (Some(item), _) => (Some(item), Some("preferred"), count),
            (None, 1) => (Some(0), Some("only"), 1),
            (None, _) => (Some(0), Some("first"), count),
        }
    }
}

/// The id of the medialib of Naturalis in an address; it outlives a change of http to https.
fn medialib(uri: &str) -> Option<&str> {
    let (_, rest) = uri.split_once("://medialib.naturalis.nl/file/id/")?;
    rest.split_once("/format/").map(|(id, _)| id).filter(|id| !id.is_empty())
}

/// What the statements of a record say together.
fn parts(stated: &[&str], constant: bool) -> [Option<String>; 7] {
    let values: Vec<(Field, &str)> = stated.iter().map(|text| (Field::License, *text)).collect();
    let read: License = prefer(&values, Policy::default(), Options { constant, ..Options::default() });
    let raw = (!stated.is_empty()).then(|| stated.join(" | "));
    let own = |text: Option<&str>| text.map(str::to_owned);
    [
        read.uri().map(Into::into),
        read.id(),
        own(read.version().map(Version::text)),
        own(read.jurisdiction()),
        Some(read.status().id().to_owned()),
        raw,
        Some(read.basis().id().to_owned()).filter(|_| !stated.is_empty()),
    ]
}

/// The parts of a decided licence: the statement is the one it was decided on.
fn decided_parts(read: &[Option<String>; 7], statements: &[String]) -> [Option<String>; 7] {
    let [uri, code, version, jurisdiction, status, ..] = read.clone();
    let basis = crate::license::Basis::Decided.id().to_owned();
    [uri, code, version, jurisdiction, status, Some(statements.join(" | ")), Some(basis)]
}
