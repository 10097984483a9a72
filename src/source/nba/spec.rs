//! What a `QuerySpec` says of the order and the slice it wants.

use serde_json::{Map, Value, json};

/// `from` and `size` of a spec that is for a slice.
pub fn slice(spec: &Map<String, Value>) -> Option<(u64, Option<u64>)> {
    let number = |name: &str| spec.get(name).and_then(Value::as_u64);
    let (from, size) = (number("from"), number("size"));
    (from.is_some() || size.is_some()).then(|| (from.unwrap_or(0), size))
}

/// How many documents of a list of `total` lie in a slice.
pub fn cut(total: u64, (from, size): (u64, Option<u64>)) -> u64 {
    let left = total.saturating_sub(from);
    size.map_or(left, |size| size.min(left))
}

/// Sorted by id, behind whatever the caller sorts by.
pub fn sort(spec: &mut Map<String, Value>) {
    let fields = spec.entry("sortFields").or_insert_with(|| json!([]));
    if let Value::Array(fields) = fields
        && !fields.iter().any(|field| field.get("path").is_some_and(|path| path == "id"))
    {
        fields.push(json!({"path": "id", "sortOrder": "ASC"}));
    }
}
