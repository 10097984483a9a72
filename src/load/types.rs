//! The types of columns in words, as the provenance of a written file has them.

use crate::columns::build::{Texts, flags, integers};
use crate::columns::{Column, Columns, Data};
use arrow_buffer::OffsetBuffer;
use serde_json::{Map, Value, json};

/// The types of columns: a member each, `"text"`, `["text"]` for a list, `{"group": [["path", "text"]]}`.
#[must_use]
pub fn told(columns: &[Column]) -> Value {
    Value::Object(columns.iter().map(|column| (column.name.to_string(), kind(&column.data))).collect())
}

fn kind(data: &Data) -> Value {
    match data {
        Data::Text(_) => json!("text"),
        Data::Flag(..) => json!("flag"),
        Data::Integer(..) => json!("integer"),
        Data::Number(..) => json!("number"),
        Data::Instant(..) => json!("instant"),
        Data::List(_, _, items) => json!([kind(items)]),
        Data::Group(fields, ..) => {
            let fields: Value = fields.iter().map(|field| json!([field.name, kind(&field.data)])).collect();
            json!({ "group": fields })
        }
    }
}

/// Columns without rows, in the order of `names`, of the types that `told` gives them as JSON; text where it gives none.
#[must_use]
pub fn shape(names: &[String], told: Option<&str>) -> Columns {
    let told: Map<String, Value> = told.and_then(|told| serde_json::from_str(told).ok()).unwrap_or_default();
    let column = |name: &String| {
        let data = told.get(name).and_then(empty).unwrap_or_else(text);
        Column::new(name.clone(), data)
    };
    Columns::new(0, names.iter().map(column).collect())
}

fn text() -> Data {
    Data::Text(Texts::default().freeze())
}

fn empty(kind: &Value) -> Option<Data> {
    Some(match kind {
        Value::String(word) => match word.as_str() {
            "text" => text(),
            "flag" => flags(&[]),
            "integer" | "instant" => {
                let (values, validity) = integers([]);
                if word == "integer" { Data::Integer(values, validity) } else { Data::Instant(values, validity) }
            }
            "number" => Data::Number(Vec::new().into(), None),
            _ => return None,
        },
        Value::Array(items) => Data::List(OffsetBuffer::new_empty(), None, Box::new(empty(items.first()?)?)),
        Value::Object(group) => {
            let field = |field: &Value| Some(Column::new(field.get(0)?.as_str()?.to_owned(), empty(field.get(1)?)?));
            Data::Group(group.get("group")?.as_array()?.iter().map(field).collect::<Option<_>>()?, 0, None)
        }
        _ => return None,
    })
}
