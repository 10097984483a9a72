//! Views: the same rows with fewer languages, and lists made flat.

use super::Table;
use super::record::Notes;
use crate::columns::build::{TextLists, Texts};
use crate::columns::{Column, Columns, Data, range};
use crate::error::{Cancel, Error, Kind, Result, go_on};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

/// Which languages a view shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Lang {
    /// All, as they are.
    #[default]
    All,
    /// For each column of a record the first of these it has a value in; failing that, its values
    /// without a language; failing that, the first language it has.
    First(Vec<String>),
    /// A column for each language: `title_nl`, `title_en`.
    Wide,
}

/// What a view makes of several values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Multi {
    /// A list.
    #[default]
    List,
    /// One text, joined; what looks like a separator inside a value is escaped.
    Join,
    /// The first one.
    First,
    /// A row for each; row k has the k-th value of every list.
    Explode,
}

/// How to see a table.
#[derive(Debug, Clone)]
pub struct View {
    /// Languages.
    pub lang: Lang,
    /// Several values.
    pub multi: Multi,
    /// Between joined values.
    pub sep: String,
    /// Columns to show, in this order; without it all but `notes`.
    pub columns: Option<Vec<String>>,
}

/// A list column of a view: where it comes from and what of it is shown.
struct Source<'a> {
    name: String,
    column: &'a str,
    shows: Shows,
}

/// Which values of its column a source shows.
enum Shows {
    /// All of them, or those of the language the view prefers.
    Any,
    /// Those without a language.
    Plain,
    /// Those in a language.
    In(String),
}

type Langs<'a> = HashMap<(&'a str, i64), &'a str>;

impl Table {
    /// The table seen as asked; values left out are counted in its report.
    pub fn view(&self, view: &View, cancel: &Cancel) -> Result<Self> {
        if view.sep.is_empty() {
            return Err(Error::new(Kind::Value, "sep is empty").hint("give at least one character, such as \" | \""));
        }
        if view.multi != Multi::List && self.is_nested() {
            let (flat, left_out) = self.flat(view.multi, cancel)?;
            let mut table = flat.seen(view, cancel)?;
            Arc::make_mut(&mut table.report).left_out += left_out;
            return Ok(table);
        }
        let mut table = self.seen(view, cancel)?;
        table.public = self.public_form(|public| public.view(view, cancel))?;
        Ok(table)
    }

    fn seen(&self, view: &View, cancel: &Cancel) -> Result<Self> {
        let columns = self.shown(view)?;
        let sources = self.sources(&columns, &view.lang);
        let mut left_out = 0;
        let build = |batch: &Columns, left_out: &mut u64| see(batch, &sources, view, left_out);
        let empty = build(&self.empty.slice(0, 0), &mut left_out);
        let batches = self.batches.iter().map(|batch| go_on(cancel).map(|()| build(batch, &mut left_out)));
        let batches = batches.collect::<Result<_>>()?;
        let mut table = Self::new("view", empty, batches);
        let mut report = (*self.report).clone();
        report.left_out += left_out;
        table.report = Arc::new(report);
        table.pages = Arc::clone(&self.pages);
        Ok(table)
    }

    fn shown<'a>(&'a self, view: &'a View) -> Result<Vec<&'a str>> {
        let Some(asked) = &view.columns else {
            return Ok(self.columns().into_iter().filter(|column| *column != "notes").collect());
        };
        let mut shown = Vec::new();
        for name in asked {
            // The name of a nested column stands for all that were made of it.
            let below = |column: &&str| column.strip_prefix(name.as_str()).is_some_and(|rest| rest.starts_with('.'));
            let parts: Vec<&str> = self.columns().into_iter().filter(below).collect();
            if parts.is_empty() || self.columns().contains(&name.as_str()) {
                self.column(name)?;
                shown.push(name.as_str());
            } else {
                shown.extend(parts);
            }
        }
        Ok(shown)
    }

    fn sources<'a>(&'a self, columns: &[&'a str], lang: &Lang) -> Vec<Source<'a>> {
        let mut langs: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        if *lang == Lang::Wide {
            for batch in &self.batches {
                let notes = Notes::new(batch);
                for note in (0..batch.rows).flat_map(|row| notes.of(row)) {
                    if let (Some(_), Some(lang)) = (note.index, note.lang) {
                        langs.entry(note.path).or_default().insert(lang);
                    }
                }
            }
        }
        let mut sources = Vec::new();
        for column in columns {
            let own = langs.get(column);
            let all = own.is_none().then_some(Source { name: (*column).to_owned(), column, shows: Shows::Any });
            sources.extend(all);
            if let Some(own) = own {
                sources.push(Source { name: (*column).to_owned(), column, shows: Shows::Plain });
                sources.extend(own.iter().map(|lang| {
                    let name = format!("{column}_{lang}");
                    Source { name, column, shows: Shows::In((*lang).to_owned()) }
                }));
            }
        }
        sources
    }
}

/// The values of a list column that a view shows, row by row.
fn see(batch: &Columns, sources: &[Source], view: &View, left_out: &mut u64) -> Columns {
    let notes = Notes::new(batch);
    let langs: Vec<Langs> = (0..batch.rows)
        .map(|row| {
            let spoken = notes.of(row).filter_map(|note| Some(((note.path, note.index?), note.lang?)));
            spoken.collect()
        })
        .collect();
    let lists: Vec<Option<Vec<Vec<String>>>> =
        sources.iter().map(|source| picked(batch, source, view, &langs, left_out)).collect();
    let heights: Vec<usize> = (0..batch.rows)
        .map(|row| match view.multi {
            Multi::Explode => lists.iter().flatten().map(|list| list[row].len()).max().unwrap_or(0).max(1),
            _ => 1,
        })
        .collect();
    let repeated: Vec<usize> =
        heights.iter().enumerate().flat_map(|(row, height)| std::iter::repeat_n(row, *height)).collect();
    let columns = sources.iter().zip(lists).map(|(source, lists)| {
        let data = match lists {
            Some(lists) => flat(&lists, view, &heights, left_out),
            None => match batch.get(source.column) {
                Some(data) if view.multi == Multi::Explode => data.take(&repeated),
                Some(data) => data.clone(),
                None => Data::Text(Texts::default().freeze()),
            },
        };
        Column::new(source.name.clone(), data)
    });
    let columns: Vec<Column> = columns.collect();
    Columns::new(repeated.len(), columns).made_of(batch.private_rows().as_ref(), repeated)
}

/// The values of a list column in the languages asked for; nothing if it is no list.
fn picked(
    batch: &Columns,
    source: &Source,
    view: &View,
    langs: &[Langs],
    left_out: &mut u64,
) -> Option<Vec<Vec<String>>> {
    let data = batch.get(source.column)?;
    if view.multi == Multi::List && view.lang == Lang::All {
        return None;
    }
    if let Some((offsets, fields)) = data.groups() {
        // What stands in `extra` is shown as text; other groups say too much for that and stay as they are.
        if source.column != "extra" {
            return None;
        }
        let [name, value] = [fields.first()?.data.text()?, fields.get(1)?.data.text()?];
        let row =
            |row: usize| range(offsets, row).map(|item| format!("{}: {}", name.raw(item), value.raw(item))).collect();
        return (view.multi != Multi::List).then(|| (0..batch.rows).map(row).collect());
    }
    let (offsets, items) = data.texts()?;
    let mut rows = Vec::with_capacity(batch.rows);
    for (row, langs) in langs.iter().enumerate() {
        let lang = |index: usize| langs.get(&(source.column, index as i64)).copied();
        let range = range(offsets, row);
        let start = range.start;
        let wanted = match (&source.shows, &view.lang) {
            (Shows::Plain, _) => Wanted::Exactly(None),
            (Shows::In(own), _) => Wanted::Exactly(Some(own)),
            (Shows::Any, Lang::First(order)) => best(range.len(), lang, order),
            _ => Wanted::All,
        };
        let chosen = |item: &usize| match wanted {
            Wanted::All => true,
            Wanted::Exactly(wanted) => lang(item - start) == wanted,
            Wanted::Like(wanted) => lang(item - start).is_some_and(|own| speaks(own, wanted)),
        };
        let shown: Vec<String> = range.clone().filter(chosen).map(|item| items.raw(item).to_owned()).collect();
        if matches!(source.shows, Shows::Any) {
            *left_out += (range.len() - shown.len()) as u64;
        }
        rows.push(shown);
    }
    Some(rows)
}

#[derive(Clone, Copy)]
enum Wanted<'a> {
    All,
    Exactly(Option<&'a str>),
    Like(&'a str),
}

/// Which of the languages of a column to show.
fn best<'a>(count: usize, lang: impl Fn(usize) -> Option<&'a str>, order: &'a [String]) -> Wanted<'a> {
    let own: Vec<Option<&str>> = (0..count).map(lang).collect();
    for wanted in order {
        if own.iter().flatten().any(|own| speaks(own, wanted)) {
            return Wanted::Like(wanted);
        }
    }
    if own.contains(&None) {
        return Wanted::Exactly(None);
    }
    own.first().map_or(Wanted::All, |first| Wanted::Exactly(*first))
}

/// Whether the tag `own` is `wanted` or a variety of it (RFC 4647 basic filtering).
fn speaks(own: &str, wanted: &str) -> bool {
    own.eq_ignore_ascii_case(wanted)
        || own.get(..wanted.len()).is_some_and(|start| start.eq_ignore_ascii_case(wanted))
            && own[wanted.len()..].starts_with(['-', '_'])
}

/// A list column as the view shows several values.
fn flat(lists: &[Vec<String>], view: &View, heights: &[usize], left_out: &mut u64) -> Data {
    let mut texts = Texts::default();
    let mut kept = TextLists::default();
    for (row, list) in lists.iter().enumerate() {
        match view.multi {
            Multi::List => {
                for value in list {
                    kept.items.push(value);
                }
                kept.end_row(row);
            }
            Multi::Join => texts.push_option((!list.is_empty()).then(|| join(list, &view.sep)).as_deref()),
            Multi::First => {
                *left_out += list.len().saturating_sub(1) as u64;
                texts.push_option(list.first().map(String::as_str));
            }
            Multi::Explode => (0..heights[row]).for_each(|k| texts.push_option(list.get(k).map(String::as_str))),
        }
    }
    match view.multi {
        Multi::List => kept.freeze(lists.len()),
        _ => Data::Text(texts.freeze()),
    }
}

/// The character of a separator that is escaped inside values.
fn telling(sep: &str) -> char {
    sep.chars().find(|c| !c.is_whitespace()).or_else(|| sep.chars().next()).unwrap_or('|')
}

/// Values as one text. `\` and the telling character of the separator are escaped with `\`.
#[must_use]
pub fn join(values: &[String], sep: &str) -> String {
    let telling = telling(sep);
    let escape = |value: &String| {
        let mut escaped = String::with_capacity(value.len());
        for c in value.chars() {
            if c == telling || c == '\\' {
                escaped.push('\\');
            }
            escaped.push(c);
        }
        escaped
    };
    values.iter().map(escape).collect::<Vec<_>>().join(sep)
}

/// The values that [`join`] joined.
#[must_use]
pub fn split(text: &str, sep: &str) -> Vec<String> {
    let telling = telling(sep);
    let lead = sep.find(telling).unwrap_or(0);
    let mut values = vec![String::new()];
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let last = values.len() - 1;
        let value = &mut values[last];
        if c == '\\' {
            rest = &rest[1..];
            if let Some(escaped) = rest.chars().next() {
                value.push(escaped);
                rest = &rest[escaped.len_utf8()..];
            }
        } else if c == telling && value.ends_with(&sep[..lead]) && rest.starts_with(&sep[lead..]) {
            value.truncate(value.len() - lead);
            values.push(String::new());
            rest = &rest[sep.len() - lead..];
        } else {
            value.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::{join, split};
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_joined_splits_into_the_same_values(
            values in proptest::collection::vec("[a|;\\\\ \n,]{1,6}", 1..5),
            sep in "( \\| |;|\\|\\||, |\n| - )",
        ) {
            prop_assert_eq!(split(&join(&values, &sep), &sep), values);
        }
    }
}
