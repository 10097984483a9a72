//! What a provider said of itself, as it is kept with a run.

use crate::source::oai::Facts;
use serde_json::{Map, Value};

/// The facts as JSON, and whether records are known to name the set asked for.
#[must_use]
pub fn text(facts: &Facts, names_set: bool) -> String {
    let mut found = Map::new();
    let mut put = |name: &str, value: Value| found.insert(name.to_owned(), value);
    put("name", facts.name.as_deref().map_or(Value::Null, Value::from));
    put("deleted", facts.deleted.as_deref().map_or(Value::Null, Value::from));
    put("days", facts.days.into());
    put("earliest", facts.earliest.map_or(Value::Null, Value::from));
    put("names_set", names_set.into());
    put("other_sets", facts.other_sets.into());
    put("lateness", facts.lateness.into());
    put("lags", facts.lags.iter().copied().map(Value::from).collect());
    Value::Object(found).to_string()
}

/// What [`text`] wrote; what is not there is not known.
#[must_use]
pub fn of(text: &str) -> (Facts, bool) {
    let found: Map<String, Value> = serde_json::from_str(text).unwrap_or_default();
    let word = |name: &str| found.get(name).and_then(Value::as_str).map(str::to_owned);
    let flag = |name: &str, default: bool| found.get(name).and_then(Value::as_bool).unwrap_or(default);
    let facts = Facts {
        name: word("name"),
        deleted: word("deleted"),
        days: flag("days", true),
        earliest: found.get("earliest").and_then(Value::as_i64),
        clock: None,
        other_sets: flag("other_sets", false),
        lateness: found.get("lateness").and_then(Value::as_i64).unwrap_or_default(),
        lags: found.get("lags").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_i64).collect(),
    };
    (facts, flag("names_set", false))
}
