//! JSON lines, or an array of objects, to columns.

use super::grow::Rows;
use crate::columns::Columns;
use crate::error::{Cancel, Result, go_on};
use serde::de::{DeserializeSeed, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::fmt;

/// The members of the first object: what tells whose rows they are. Nothing, if there is none.
#[must_use]
pub fn first_members(bytes: &[u8]) -> Option<Vec<String>> {
    let start = bytes.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b'['))?;
    let mut first = serde_json::Deserializer::from_slice(&bytes[start..]).into_iter::<Ordered>();
    first.next()?.ok().map(|members| members.0)
}

/// The rows of JSON lines, or of an array of objects, in the shape of `shape`. `nullable`: a list that is not there is
/// none, and not an empty one as in the formats of records. `size`: the size of the file, which may be compressed.
pub fn rows(bytes: &[u8], shape: &Columns, nullable: bool, size: usize, cancel: &Cancel) -> Result<Vec<Columns>> {
    let mut rows = Rows::of(shape, nullable, size);
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        let mut array = serde_json::Deserializer::from_slice(text);
        let taken = Items { rows: &mut rows, cancel }.deserialize(&mut array).and_then(|()| array.end());
        taken.map_err(|error| rows.misfit(error.line() as u64, error.to_string()))?;
        go_on(cancel)?;
        return Ok(rows.finish());
    }
    for (number, line) in text.split(|byte| *byte == b'\n').enumerate() {
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if number % 1024 == 0 {
            go_on(cancel)?;
        }
        let object: Map<String, Value> =
            serde_json::from_slice(line).map_err(|error| rows.misfit(number as u64 + 1, error.to_string()))?;
        push(&mut rows, &object).map_err(|message| rows.misfit(number as u64 + 1, message))?;
    }
    Ok(rows.finish())
}

fn push(rows: &mut Rows, object: &Map<String, Value>) -> std::result::Result<(), String> {
    if let Some(foreign) = object.keys().find(|key| !rows.names.iter().any(|name| name == *key)) {
        return Err(format!("a member {foreign:?} that the first object has not"));
    }
    rows.count_empty(rows.names.len().saturating_sub(object.len()))?;
    for (name, column) in rows.names.iter().zip(&mut rows.columns) {
        column.push(object.get(&**name).unwrap_or(&Value::Null)).map_err(|problem| format!("{name}: {problem}"))?;
    }
    rows.end();
    Ok(())
}

/// The objects of an array, one after the other.
struct Items<'a> {
    rows: &'a mut Rows,
    cancel: &'a Cancel,
}

impl<'de> DeserializeSeed<'de> for Items<'_> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> std::result::Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Items<'_> {
    type Value = ();

    fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
        out.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> std::result::Result<(), A::Error> {
        while let Some(object) = items.next_element::<Map<String, Value>>()? {
            go_on(self.cancel).map_err(serde::de::Error::custom)?;
            push(self.rows, &object).map_err(serde::de::Error::custom)?;
        }
        Ok(())
    }
}

/// The names of the members of an object, in its order.
struct Ordered(Vec<String>);

impl<'de> serde::Deserialize<'de> for Ordered {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Ordered;

            fn expecting(&self, out: &mut fmt::Formatter) -> fmt::Result {
                out.write_str("an object")
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> std::result::Result<Ordered, A::Error> {
                let mut names = Vec::new();
                while let Some((name, _)) = map.next_entry::<String, serde::de::IgnoredAny>()? {
                    names.push(name);
                }
                Ok(Ordered(names))
            }
        }
        deserializer.deserialize_map(Members)
    }
}
