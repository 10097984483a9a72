//! The Netherlands Biodiversity API: a list of documents by pages in the order of their ids, by parts where it is
//! longer than can be paged through, or as streams that are counted.
//!
//! A part is never asked for by its number of records alone: pages are in the order of `id`, so that a record that
//! came twice, or a list that moved, shows; sums of parts are compared with what the service counts for the whole.

mod parts;
mod place;
mod spec;

use super::service::{Odd, Turn};
use super::{keys, verdict};
use crate::error::{Error, Kind, Result};
use crate::format::{Vocabulary, nba};
use crate::http::{self, Request};
use crate::scan::Part;
use parts::narrowed;
use place::{Place, Stage};
use serde_json::{Map, Value};
use spec::{cut, slice, sort};

/// How often the same is asked again where too little came.
const TRIES: u64 = 2;
/// How often a part that moves while it is read is begun again.
const RESTARTS: u64 = 3;
/// Addresses longer than this are not for pasting.
const LONGEST: usize = 2000;

/// A list of documents of one type.
#[derive(Debug, Clone)]
pub struct Question {
    kind: String,
    specs: Vec<Map<String, Value>>,
    download: bool,
    size: u64,
    window: u64,
}

impl Question {
    /// The question that JSON puts: `type`, `specs`, `service`, `size`, `window`.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |what: &str| Error::new(Kind::Value, format!("no question to the NBA: {what}"));
        let found: Value = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
        let kind = found.get("type").and_then(Value::as_str).unwrap_or_default().to_owned();
        if !["multimedia", "specimen", "taxon"].contains(&kind.as_str()) {
            return Err(wrong(&format!("its type is {kind:?}")).hint("there are multimedia, specimen and taxon"));
        }
        let specs = found.get("specs").and_then(Value::as_array).into_iter().flatten();
        let specs: Option<Vec<Map<String, Value>>> = specs.map(|spec| spec.as_object().cloned()).collect();
        let specs = specs.filter(|specs| !specs.is_empty()).ok_or_else(|| wrong("it has no specs"))?;
        let number = |name: &str, usual: u64| found.get(name).and_then(Value::as_u64).unwrap_or(usual).max(1);
        let window = number("window", 10_000);
        let question = Self {
            download: found.get("service").and_then(Value::as_str) == Some("download"),
            size: number("size", 1000).min(window),
            kind,
            specs,
            window,
        };
        let sliced = question.specs.iter().any(|spec| slice(spec).is_some());
        if sliced && question.specs.len() > 1 {
            return Err(wrong("from and size are for one spec").hint("ask for all of it, and take the rows you want"));
        }
        if let Some((from, Some(size))) = question.specs.first().and_then(slice)
            && from.saturating_add(size) > window
        {
            let message =
                format!("from {from} and size {size} reach beyond the {window} documents the NBA pages through");
            return Err(Error::new(Kind::Value, message).hint("without from and size all of it is asked for, in parts"));
        }
        Ok(question)
    }

    /// The format of its records.
    #[must_use]
    pub fn format(&self) -> &'static Vocabulary {
        match self.kind.as_str() {
            "specimen" => &nba::SPECIMEN,
            "taxon" => &nba::TAXON,
            _ => &nba::MULTIMEDIA,
        }
    }

    /// How many specs it is asked in.
    #[must_use]
    pub fn specs(&self) -> usize {
        self.specs.len()
    }

    /// The address of the question as it can be pasted.
    #[must_use]
    pub fn address(&self, base: &str) -> String {
        let path = format!("{base}/{}/{}", self.kind, if self.download { "download" } else { "query" });
        let spec = self.specs.first().map(|spec| Value::Object(spec.clone()).to_string()).unwrap_or_default();
        let whole = http::with_query(&path, &[("_querySpec".to_owned(), spec)]);
        if self.specs.len() == 1 && whole.len() <= LONGEST { whole } else { path }
    }

    /// What to send for the page at `cursor`.
    pub fn request(&self, base: &str, cursor: Option<&str>) -> Result<Request> {
        let place = self.place(cursor)?;
        let mut spec = self.spec(&place)?.clone();
        let (path, count) = match place.stage {
            Stage::Probe | Stage::Page => ("query", false),
            Stage::Stream => ("download", false),
            Stage::Count => ("count", true),
        };
        let own = slice(&spec);
        spec.remove("from");
        spec.remove("size");
        if !count {
            narrowed(&mut spec, &place.frames, self.fields());
        }
        match place.stage {
            Stage::Probe | Stage::Page => {
                let size = self.size.min(own.and_then(|(_, size)| size).unwrap_or(self.size)).max(1);
                let again = place.again();
                spec.insert("from".to_owned(), (place.from - again).into());
                let left = own.and_then(|(from, size)| Some(from + size?)).map(|end| end.saturating_sub(place.from));
                let left = left.unwrap_or(self.window(&place).saturating_sub(place.from)).max(1);
                spec.insert("size".to_owned(), (size.min(left) + again).into());
                sort(&mut spec);
                if place.stage == Stage::Probe {
                    spec.insert("fields".to_owned(), self.telling().into());
                } else {
                    self.telling_fields(&mut spec);
                }
            }
            Stage::Stream => self.telling_fields(&mut spec),
            Stage::Count => {
                spec.remove("fields");
                spec.remove("sortFields");
            }
        }
        let url = format!("{base}/{}/{path}", self.kind);
        let mut request = Request::post(url, "application/json", Value::Object(spec).to_string().into_bytes());
        request.verdict = if place.stage == Stage::Stream { verdict::stream } else { verdict::nba };
        Ok(request)
    }

    /// What a reply means.
    pub fn reply(
        &self,
        cursor: Option<&str>,
        body: &[u8],
        read: impl Fn(&'static Vocabulary) -> Result<Part>,
    ) -> Result<Turn> {
        let mut place = self.place(cursor)?;
        if place.stage == Stage::Count {
            let said = std::str::from_utf8(body).ok().and_then(|text| text.trim().parse().ok());
            let said: u64 = said.ok_or_else(|| Error::new(Kind::Parse, "the count is no number"))?;
            return self.counted(place, said);
        }
        let part = match read(self.format()) {
            Err(error) if place.stage == Stage::Stream && is_cut(&error) => return Ok(Self::short(place, 0)),
            part => part?,
        };
        let rows: u64 = part.batches.iter().map(|(_, columns)| columns.rows as u64).sum();
        if place.stage == Stage::Stream {
            if Some(rows) != place.total {
                return Ok(Self::short(place, rows));
            }
            place.from = rows;
            return self.finished(place, Some(part));
        }
        let Some(total) = part.pages.first().and_then(|page| page.total) else {
            return Err(Error::new(Kind::Parse, "the reply does not say how many documents there are (totalSize)")
                .hint("it is no reply to a query"));
        };
        self.paged(place, total, rows, part)
    }

    /// After a stream that can't be had: its part by pages. After a page that is said to lie too deep, though the
    /// ones before came: in parts that don't go so deep.
    #[must_use]
    pub fn otherwise(&self, cursor: Option<&str>, error: &Error) -> Option<Turn> {
        let mut place = self.place(cursor).ok()?;
        let refused = matches!(error.kind(), Kind::Protocol { errors, .. }
            if errors.iter().any(|error| error.code.ends_with("InvalidQueryException")));
        if refused && place.stage == Stage::Page && place.from > 0 && slice(self.specs.get(place.spec)?).is_none() {
            let odd = format!("the NBA does not page through {} documents, but through {}", self.window, place.from);
            place.window = Some(place.from);
            place.begin(self.first_stage());
            return Some(Self::turn(&place, None, Some((Odd::Notice, odd))));
        }
        (place.stage == Stage::Stream && is_cut(error)).then(|| Self::short(Place { tries: TRIES, ..place }, 0))
    }

    /// The start of the part at hand.
    #[must_use]
    pub fn renewed(&self, cursor: &str) -> Option<String> {
        let mut place = Place::of(cursor).ok()?;
        let stage = if place.stage == Stage::Count { Stage::Count } else { self.first_stage() };
        place.begin(stage);
        place.recounts = 0;
        place.restarts = 0;
        Some(place.text())
    }

    fn paged(&self, mut place: Place, total: u64, rows: u64, part: Part) -> Result<Turn> {
        let spec = self.spec(&place)?;
        let own = slice(spec);
        if place.total.is_none() {
            if place.frames.is_empty() {
                place.whole = Some(own.map_or(total, |own| cut(total, own)));
            }
            if own.is_none() && total > self.window(&place) {
                let values = keys::texts(&part, self.fields());
                if !place.split(&values) {
                    let message = format!(
                        "{total} documents can't be told apart by the start of their {}",
                        self.fields().join(" or ")
                    );
                    let kind = Kind::Incomplete(place.before + place.got, place.declared());
                    return Err(Error::new(kind, message).hint("ask for less at a time, by another field"));
                }
                let odd = format!("a list of more than {} documents was asked for in parts", self.window(&place));
                return Ok(Self::turn(&place, None, Some((Odd::Split, odd))));
            }
            if place.stage == Stage::Probe {
                place.stage = Stage::Stream;
                place.total = Some(total);
                return if total == 0 { self.finished(place, None) } else { Ok(Self::turn(&place, None, None)) };
            }
            place.total = Some(total);
        } else if place.total != Some(total) {
            return self.again(place, "its size changed");
        }
        let end = own.map_or(total, |own| own.0 + cut(total, own));
        let again = place.again();
        let left = end.saturating_sub(place.from);
        if own.is_some() && left == 0 {
            // A slice that holds nothing; the service was asked for one document, to hear of the size of the list.
            return self.finished(place, None);
        }
        let due = self.size.min(left) + again;
        if rows < due {
            if place.tries >= TRIES {
                let message = format!("a page has {rows} documents where {due} are due, however often it is asked for");
                let kind = Kind::Incomplete(place.before + place.got + place.from, place.declared());
                return Err(Error::new(kind, message).hint("the fault is the service's: try again later"));
            }
            place.tries += 1;
            return Ok(Self::turn(&place, None, Some((Odd::Again, "a page had too few documents".to_owned()))));
        }
        if !spec.contains_key("sortFields") {
            let ids = keys::of(&part);
            if again > 0 && ids.first().and_then(Option::as_deref) != place.last.as_deref() {
                // One went and another came: their number is the same, and each stands in another place.
                return self.again(place, "its documents moved");
            }
            if !rises(&ids) {
                return self.again(place, "its documents came in another order");
            }
            place.last = ids.into_iter().flatten().next_back().or(place.last);
        }
        place.tries = 0;
        place.from += rows.saturating_sub(again);
        let turn = if place.from >= end || rows == again {
            self.finished(place, Some(part))?
        } else {
            Self::turn(&place, Some(part), None)
        };
        Ok(Turn { again, ..turn })
    }

    /// A stream brought too little: once more, then its part by pages.
    fn short(mut place: Place, rows: u64) -> Turn {
        let total = place.total.unwrap_or_default();
        let odd = format!("a download brought {rows} of {total} documents");
        if place.tries < 1 {
            place.tries += 1;
            return Self::turn(&place, None, Some((Odd::Again, odd)));
        }
        place.begin(Stage::Page);
        Self::turn(&place, None, Some((Odd::Again, format!("{odd}: asked for by pages"))))
    }

    /// The part moved while it was read: from its start.
    fn again(&self, mut place: Place, why: &str) -> Result<Turn> {
        if place.restarts >= RESTARTS {
            let kind = Kind::Incomplete(place.before + place.got, place.declared());
            let message = format!("the list does not stand still: {why} while it was read, {} times", RESTARTS + 1);
            return Err(Error::new(kind, message).hint("try again later: the service may be loading new documents"));
        }
        place.restarts += 1;
        place.begin(self.first_stage());
        Ok(Self::turn(&place, None, Some((Odd::Restart, format!("a part of the list was begun again: {why}")))))
    }

    /// A part is whole: on to the next one, or to the count that all parts have to reach.
    fn finished(&self, mut place: Place, part: Option<Part>) -> Result<Turn> {
        let own = slice(self.spec(&place)?);
        place.got += place.from - own.map_or(0, |(from, _)| from).min(place.from);
        let split = !place.frames.is_empty();
        place.restarts = 0;
        if !place.advance() {
            place.begin(self.first_stage());
            return Ok(Self::turn(&place, part, None));
        }
        if split && place.whole != Some(place.got) {
            place.begin(Stage::Count);
            return Ok(Self::turn(&place, part, None));
        }
        Ok(self.next_spec(&place, part))
    }

    /// What the service counts for the spec whose parts are all here.
    fn counted(&self, mut place: Place, said: u64) -> Result<Turn> {
        let first = place.whole.unwrap_or(said);
        if place.got == said || (first.min(said)..=first.max(said)).contains(&place.got) {
            // Each part was whole when it was read; the list may have changed between them.
            place.whole = Some(place.got);
            let odd = format!("the list changed from {first} to {said} documents while it was read");
            let odd = (first != said).then_some((Odd::Notice, odd));
            return Ok(Turn { odd, ..self.next_spec(&place, None) });
        }
        place.whole = Some(said);
        if place.recounts >= RESTARTS {
            let message = format!("the parts of the list have {} documents, and the service counts {said}", place.got);
            let kind = Kind::Incomplete(place.before + place.got, place.declared());
            return Err(Error::new(kind, message).hint("try again later: the service may be loading new documents"));
        }
        let odd = format!("the list was begun again: its parts had {} documents, it counts {said}", place.got);
        let (spec, before, recounts, window) = (place.spec, place.before, place.recounts + 1, place.window);
        let place = Place { spec, before, window, recounts, ..Place::starting(self.first_stage()) };
        Ok(Self::turn(&place, None, Some((Odd::Restart, odd))))
    }

    fn next_spec(&self, place: &Place, part: Option<Part>) -> Turn {
        let declared = place.declared();
        if place.spec + 1 >= self.specs.len() {
            return Turn { part, declared, ..Turn::default() };
        }
        let (spec, before) = (place.spec + 1, place.before + place.got);
        let place = Place { spec, before, window: place.window, ..Place::starting(self.first_stage()) };
        Turn { part, next: Some(place.text()), declared, ..Turn::default() }
    }

    fn turn(place: &Place, part: Option<Part>, odd: Option<(Odd, String)>) -> Turn {
        Turn { part, next: Some(place.text()), declared: place.declared(), odd, ..Turn::default() }
    }

    /// How far the service pages.
    fn window(&self, place: &Place) -> u64 {
        place.window.unwrap_or(self.window).min(self.window)
    }

    fn first_stage(&self) -> Stage {
        if self.download { Stage::Probe } else { Stage::Page }
    }

    fn spec(&self, place: &Place) -> Result<&Map<String, Value>> {
        self.specs.get(place.spec).ok_or_else(|| Error::new(Kind::Value, "the cursor belongs to another question"))
    }

    fn place(&self, cursor: Option<&str>) -> Result<Place> {
        let mut place = cursor.map_or_else(|| Ok(Place::starting(self.first_stage())), Place::of)?;
        if let Some((from, _)) = self.specs.get(place.spec).and_then(slice) {
            place.stage = Stage::Page;
            place.from = place.from.max(from);
        }
        Ok(place)
    }

    /// The fields a list is parted by: plain keywords that nearly every document has.
    fn fields(&self) -> &'static [&'static str] {
        if self.kind == "taxon" { &["sourceSystemId"] } else { &["unitID", "sourceSystemId"] }
    }

    /// The fields that tell documents apart.
    fn telling(&self) -> Vec<&'static str> {
        [&["id"], self.fields()].concat()
    }

    /// Where only some fields are wanted, those that tell documents apart come along.
    fn telling_fields(&self, spec: &mut Map<String, Value>) {
        if let Some(Value::Array(fields)) = spec.get_mut("fields")
            && !fields.is_empty()
        {
            for field in self.telling() {
                if !fields.iter().any(|own| own == field) {
                    fields.push(field.into());
                }
            }
        }
    }
}

/// Whether ids rise.
fn rises(ids: &[Option<String>]) -> bool {
    let ids: Vec<&str> = ids.iter().flatten().map(String::as_str).collect();
    ids.windows(2).all(|pair| pair[0] < pair[1])
}

fn is_cut(error: &Error) -> bool {
    matches!(error.kind(), Kind::Truncated { .. } | Kind::Parse | Kind::Network)
}
