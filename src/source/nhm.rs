//! The data portal of the Natural History Museum: lists of records by the cursor that each page gives.

use super::service::{Odd, Turn};
use super::verdict;
use crate::error::{Error, Kind, Result};
use crate::format::{Vocabulary, nhm};
use crate::http::{self, Request};
use crate::scan::Part;
use serde_json::{Map, Value, json};

/// The most records the portal gives at once; it cuts greater numbers without a word.
const MOST: u64 = 1000;
/// The name that the basic query had before version 6 of the portal's search, and the only one that is an alias.
const FORMER: &str = "datastore_search";
/// How often a list that changed while it was read is begun again.
const RESTARTS: u64 = 2;
/// Addresses longer than this are not for pasting.
const LONGEST: usize = 2000;

/// A list of records.
#[derive(Debug, Clone)]
pub struct Question {
    action: String,
    params: Map<String, Value>,
}

/// Where reading a list stands.
#[derive(Debug, Default)]
struct Place {
    after: Option<Value>,
    got: u64,
    total: Option<u64>,
    /// Whether the service has said more than one size.
    wavers: bool,
    restarts: u64,
    former: bool,
}

impl Place {
    fn text(&self) -> String {
        let Self { after, got, total, wavers, restarts, former } = self;
        json!({"after": after, "got": got, "total": total, "wavers": wavers, "restarts": restarts, "former": former})
            .to_string()
    }

    fn of(cursor: Option<&str>) -> Result<Self> {
        let Some(cursor) = cursor else { return Ok(Self::default()) };
        let wrong = |_| Error::new(Kind::Value, "the cursor can't be read: it is not one of the data portal");
        let found: Map<String, Value> = serde_json::from_str(cursor).map_err(wrong)?;
        let flag = |name: &str| found.get(name).and_then(Value::as_bool).unwrap_or_default();
        let number = |name: &str| found.get(name).and_then(Value::as_u64);
        Ok(Self {
            after: found.get("after").filter(|after| !after.is_null()).cloned(),
            got: number("got").unwrap_or_default(),
            total: number("total"),
            wavers: flag("wavers"),
            restarts: number("restarts").unwrap_or_default(),
            former: flag("former"),
        })
    }
}

impl Question {
    /// The question that JSON puts: `action` and `params`.
    pub fn parse(text: &str) -> Result<Self> {
        let wrong = |what: &str| Error::new(Kind::Value, format!("no question to the data portal: {what}"));
        let found: Value = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
        let action = found.get("action").and_then(Value::as_str).unwrap_or_default().to_owned();
        if !["vds_basic_query", "vds_multi_query", FORMER].contains(&action.as_str()) {
            return Err(
                wrong(&format!("its action is {action:?}")).hint("lists are vds_basic_query and vds_multi_query")
            );
        }
        let params = found.get("params").and_then(Value::as_object).cloned().unwrap_or_default();
        Ok(Self { action, params })
    }

    /// The address of the question as it can be pasted.
    #[must_use]
    pub fn address(&self, base: &str) -> String {
        let path = self.path(base, false);
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let pairs: Vec<(String, String)> =
            self.params.iter().map(|(name, value)| (name.clone(), text(value))).collect();
        let whole = if pairs.is_empty() { path.clone() } else { http::with_query(&path, &pairs) };
        if whole.len() <= LONGEST { whole } else { path }
    }

    fn path(&self, base: &str, former: bool) -> String {
        let action = if former { FORMER } else { &self.action };
        if base.ends_with("/action") {
            return format!("{base}/{action}");
        }
        let api = if base.ends_with("/api/3") || base.ends_with("/api") { "" } else { "/api/3" };
        format!("{base}{api}/action/{action}")
    }

    /// Records a page: `size` of the multi query, `limit` of the basic one.
    fn size(&self) -> (&'static str, u64) {
        let name = if self.action == "vds_multi_query" { "size" } else { "limit" };
        (name, self.params.get(name).and_then(Value::as_u64).unwrap_or(MOST).min(MOST))
    }

    /// Where a list starts that is not wanted from its beginning: such a one is a single page.
    fn offset(&self) -> Option<u64> {
        self.params.get("offset").and_then(Value::as_u64).filter(|offset| *offset > 0)
    }

    /// What to send for the page at `cursor`.
    pub fn request(&self, base: &str, cursor: Option<&str>) -> Result<Request> {
        let place = Place::of(cursor)?;
        let mut params = self.params.clone();
        let (name, size) = self.size();
        params.insert(name.to_owned(), size.into());
        if let Some(after) = place.after {
            params.insert("after".to_owned(), after);
        }
        let body = Value::Object(params).to_string().into_bytes();
        let mut request = Request::post(self.path(base, place.former), "application/json", body);
        request.verdict = verdict::nhm;
        Ok(request)
    }

    /// What a reply means.
    pub fn reply(&self, cursor: Option<&str>, read: impl Fn(&'static Vocabulary) -> Result<Part>) -> Result<Turn> {
        let mut place = Place::of(cursor)?;
        let part = read(&nhm::RECORDS)?;
        let rows: u64 = part.batches.iter().map(|(_, columns)| columns.rows as u64).sum();
        let page = part.pages.first();
        let Some(total) = page.and_then(|page| page.total) else {
            return Err(Error::new(Kind::Parse, "the reply does not say how many records there are (total)")
                .hint("it is no reply to a query"));
        };
        let after =
            page.and_then(|page| page.next.as_deref()).and_then(|after| serde_json::from_str::<Value>(after).ok());
        let wavers = place.total.is_some_and(|known| known != total);
        place.wavers |= wavers;
        place.total = Some(total);
        place.got += rows;
        let odd = wavers.then(|| (Odd::Notice, "the size of the list changed while it was read".to_owned()));
        let declared = Some(total);
        if self.size().1 == 0 {
            // Only the size was asked for.
            return Ok(Turn { part: Some(part), odd, ..Turn::default() });
        }
        if let Some(offset) = self.offset() {
            let due = self.size().1.min(total.saturating_sub(offset));
            if rows < due {
                let message = format!("a page has {rows} records where {due} are due");
                return Err(Error::new(Kind::Incomplete(rows, Some(due)), message)
                    .hint("leave offset out: all of it comes then"));
            }
            return Ok(Turn { part: Some(part), declared: Some(due), odd, ..Turn::default() });
        }
        if let Some(after) = after.filter(|_| rows > 0) {
            if place.after.as_ref() == Some(&after) {
                let message = "the list goes in a circle: the same cursor again";
                return Err(Error::new(Kind::Cycle, message).hint("the fault is the service's: try again later"));
            }
            place.after = Some(after);
            return Ok(Turn { part: Some(part), next: Some(place.text()), declared, odd, ..Turn::default() });
        }
        if place.got >= total {
            return Ok(Turn { part: Some(part), declared, odd, ..Turn::default() });
        }
        if place.wavers && place.restarts < RESTARTS {
            let odd = Some((Odd::Restart, "the list was begun again: its size changed while it was read".to_owned()));
            let place = Place { restarts: place.restarts + 1, former: place.former, ..Place::default() };
            return Ok(Turn { part: Some(part), next: Some(place.text()), declared, odd, ..Turn::default() });
        }
        let message = format!("the list ended after {} of {total} records: no cursor leads on", place.got);
        let hint = "the fault is the portal's: try again later, or with a version=, which stands still";
        Err(Error::new(Kind::Incomplete(place.got, Some(total)), message).hint(hint))
    }

    /// After a refusal that may only mean that the portal is of an earlier version: the name it had then.
    #[must_use]
    pub fn otherwise(&self, cursor: Option<&str>, error: &Error) -> Option<Turn> {
        let unknown = matches!(error.kind(), Kind::Protocol { errors, .. }
            if errors.iter().any(|error| error.message.contains("Action name not known")));
        if !unknown || self.action != "vds_basic_query" || cursor.is_some() {
            return None;
        }
        let next = Place { former: true, ..Place::default() }.text();
        let odd = format!("the portal does not know {}: asked as {FORMER}, as it was called before", self.action);
        Some(Turn { next: Some(next), odd: Some((Odd::Notice, odd)), ..Turn::default() })
    }
}
