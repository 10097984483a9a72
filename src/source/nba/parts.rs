//! Parts of a list that is longer than can be paged through: by how a keyword starts, and what is left over.
//!
//! A part is split by the letters that stand behind its prefix in the documents of one page. Documents with other
//! letters, with none and without the field are in the remainder, which is asked for as "not starting with any of
//! these": whatever the letters are, no document can be outside all parts, and none in two.

use super::place::Place;
use serde_json::{Map, Value, json};

/// A part that was split: its prefix, the letters behind it that are still to do, and those that are done. While
/// letters are left the last one of them is asked for; then the remainder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Frame {
    field: usize,
    prefix: String,
    todo: Vec<char>,
    done: Vec<char>,
}

impl Frame {
    /// As it stands in a cursor.
    pub fn value(&self) -> Value {
        let text = |letters: &[char]| letters.iter().collect::<String>();
        json!([self.field, self.prefix, text(&self.todo), text(&self.done)])
    }

    /// Reads what [`Frame::value`] wrote.
    pub fn of(value: &Value) -> Option<Self> {
        let [field, prefix, todo, done] = value.as_array()?.as_slice() else { return None };
        Some(Self {
            field: field.as_u64()? as usize,
            prefix: prefix.as_str()?.to_owned(),
            todo: todo.as_str()?.chars().collect(),
            done: done.as_str()?.chars().collect(),
        })
    }

    /// The prefix of the part at hand.
    fn start(&self) -> String {
        self.prefix.chars().chain(self.todo.last().copied()).collect()
    }

    fn conditions(&self, fields: &[&str]) -> Vec<Value> {
        let Some(field) = fields.get(self.field) else { return Vec::new() };
        let starts = |value: String| json!({"field": field, "operator": "STARTS_WITH", "value": value});
        let mut found = Vec::new();
        if !self.start().is_empty() {
            found.push(starts(self.start()));
        }
        if self.todo.is_empty() {
            for letter in &self.done {
                let mut condition = starts(format!("{}{letter}", self.prefix));
                condition["not"] = "NOT".into();
                found.push(condition);
            }
        }
        found
    }
}

impl Place {
    /// Parts the part at hand by the values of its fields in some of its documents; whether that can be done.
    pub fn split(&mut self, values: &[Vec<Option<String>>]) -> bool {
        let first = self.frames.last().map_or(0, |frame| frame.field);
        for (field, values) in values.iter().enumerate().skip(first) {
            let top = self.frames.last().filter(|frame| frame.field == field);
            let prefix = top.map(Frame::start).unwrap_or_default();
            let done = top.filter(|frame| frame.todo.is_empty()).map(|frame| frame.done.as_slice()).unwrap_or_default();
            let behind = values.iter().flatten().filter_map(|value| value.strip_prefix(&prefix)?.chars().next());
            let mut letters: Vec<char> = behind.filter(|letter| !done.contains(letter)).collect();
            letters.sort_unstable_by(|one, other| other.cmp(one));
            letters.dedup();
            if letters.is_empty() {
                continue;
            }
            match self.frames.last_mut().filter(|frame| frame.field == field && frame.todo.is_empty()) {
                Some(remainder) => remainder.todo = letters,
                None => self.frames.push(Frame { field, prefix, todo: letters, done: Vec::new() }),
            }
            self.begin(self.stage);
            self.restarts = 0;
            return true;
        }
        false
    }

    /// Goes on to the next part; whether there is none.
    pub fn advance(&mut self) -> bool {
        while let Some(frame) = self.frames.last_mut() {
            if let Some(letter) = frame.todo.pop() {
                frame.done.push(letter);
                return false;
            }
            self.frames.pop();
        }
        true
    }
}

/// The spec narrowed to the part at hand.
pub fn narrowed(spec: &mut Map<String, Value>, frames: &[Frame], fields: &[&str]) {
    // Of each field only the innermost frame counts: its prefix goes on from those before.
    let inner = frames
        .iter()
        .enumerate()
        .filter(|(at, frame)| frames.get(at + 1).is_none_or(|above| above.field != frame.field));
    let own: Vec<Value> = inner.flat_map(|(_, frame)| frame.conditions(fields)).collect();
    if own.is_empty() {
        return;
    }
    let mut conditions = match spec.remove("conditions") {
        Some(Value::Array(conditions)) => conditions,
        _ => Vec::new(),
    };
    let operator = spec.remove("logicalOperator").and_then(|operator| operator.as_str().map(str::to_ascii_uppercase));
    if conditions.len() > 1 && matches!(operator.as_deref(), Some("OR" | "||")) {
        conditions = vec![any(conditions)];
    }
    conditions.extend(own);
    spec.insert("conditions".to_owned(), conditions.into());
}

/// One condition that is true where any of these is.
fn any(mut conditions: Vec<Value>) -> Value {
    // What stands behind `or` belongs to the group that `not` turns round, so that condition can't go first.
    let plain = |condition: &Value| condition.get("not").is_none_or(Value::is_null);
    let mut first = match conditions.iter().position(plain) {
        Some(at) => conditions.remove(at),
        None => json!({"value": false}),
    };
    let mut or = match first.get_mut("or").map(Value::take) {
        Some(Value::Array(or)) => or,
        _ => Vec::new(),
    };
    or.extend(conditions);
    first["or"] = or.into();
    first
}
