//! Where reading a list stands: the cursor of the NBA.

use super::parts::Frame;
use crate::error::{Error, Kind, Result};
use serde_json::{Map, Value};

/// What is asked next.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Stage {
    /// Documents, page by page.
    #[default]
    Page,
    /// A page of keys: how long a part is, and how it could be parted.
    Probe,
    /// A part as a stream.
    Stream,
    /// How many documents there are in all.
    Count,
}

const STAGES: [(Stage, &str); 4] =
    [(Stage::Page, "page"), (Stage::Probe, "probe"), (Stage::Stream, "stream"), (Stage::Count, "count")];

/// Where reading a list stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The number of the spec.
    pub spec: usize,
    /// The part of it.
    pub frames: Vec<Frame>,
    /// What is asked next.
    pub stage: Stage,
    /// Documents of the part that are here.
    pub from: u64,
    /// Documents of the part, as its first page says.
    pub total: Option<u64>,
    /// The id of the last one that came.
    pub last: Option<String>,
    /// Documents of the spec, as the service says.
    pub whole: Option<u64>,
    /// Documents of its parts that are whole.
    pub got: u64,
    /// Documents of the specs before.
    pub before: u64,
    /// How often the same page was asked for in vain.
    pub tries: u64,
    /// How often the part at hand was begun again.
    pub restarts: u64,
    /// How far the service really pages, where that is less than it was taken to be.
    pub window: Option<u64>,
    /// How often the spec was begun again.
    pub recounts: u64,
}

type Number = (&'static str, fn(&mut Place) -> &mut u64);

/// Names of the counts in the cursor.
const NUMBERS: [Number; 6] = [
    ("from", |place| &mut place.from),
    ("got", |place| &mut place.got),
    ("before", |place| &mut place.before),
    ("tries", |place| &mut place.tries),
    ("restarts", |place| &mut place.restarts),
    ("recounts", |place| &mut place.recounts),
];

impl Place {
    /// At the start of a list.
    pub fn starting(stage: Stage) -> Self {
        Self { stage, ..Self::default() }
    }

    /// Documents of the list, as far as the service has said.
    pub fn declared(&self) -> Option<u64> {
        self.whole.map(|whole| self.before + whole)
    }

    /// Documents of the page before that the next one begins with, to show that the list stands still: the last
    /// one, where they come in the order of their ids.
    pub fn again(&self) -> u64 {
        u64::from(self.stage == Stage::Page && self.from > 0 && self.last.is_some())
    }

    /// At the start of the part at hand.
    pub fn begin(&mut self, stage: Stage) {
        self.stage = stage;
        self.from = 0;
        self.total = None;
        self.last = None;
        self.tries = 0;
    }

    /// The cursor as text; what is nothing is left out.
    pub fn text(&self) -> String {
        let mut copy = self.clone();
        let mut found = Map::new();
        found.insert("spec".to_owned(), (self.spec as u64).into());
        let stage = STAGES.iter().find(|(stage, _)| *stage == self.stage).map_or("page", |(_, name)| name);
        found.insert("stage".to_owned(), stage.into());
        for (name, place) in NUMBERS {
            let number = *place(&mut copy);
            if number > 0 {
                found.insert(name.to_owned(), number.into());
            }
        }
        let known = [("total", self.total), ("whole", self.whole), ("window", self.window)];
        found.extend(known.into_iter().filter_map(|(name, number)| Some((name.to_owned(), number?.into()))));
        if let Some(last) = &self.last {
            found.insert("last".to_owned(), last.as_str().into());
        }
        if !self.frames.is_empty() {
            found.insert("parts".to_owned(), self.frames.iter().map(Frame::value).collect());
        }
        Value::Object(found).to_string()
    }

    /// Reads what [`Place::text`] wrote.
    pub fn of(text: &str) -> Result<Self> {
        let wrong = || Error::new(Kind::Value, "the cursor can't be read: it is not one of the NBA");
        let found: Map<String, Value> = serde_json::from_str(text).map_err(|_| wrong())?;
        let number = |name: &str| found.get(name).and_then(Value::as_u64);
        let stage = found.get("stage").and_then(Value::as_str).ok_or_else(wrong)?;
        let stage = STAGES.iter().find(|(_, name)| *name == stage).ok_or_else(wrong)?.0;
        let frames = found.get("parts").and_then(Value::as_array).into_iter().flatten().map(Frame::of);
        let mut place = Self {
            spec: number("spec").unwrap_or_default() as usize,
            frames: frames.collect::<Option<_>>().ok_or_else(wrong)?,
            stage,
            total: number("total"),
            whole: number("whole"),
            window: number("window"),
            last: found.get("last").and_then(Value::as_str).map(str::to_owned),
            ..Self::default()
        };
        for (name, own) in NUMBERS {
            *own(&mut place) = number(name).unwrap_or_default();
        }
        Ok(place)
    }
}
