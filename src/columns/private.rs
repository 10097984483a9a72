//! Which rows are of records marked as not public: the one rule of everything that leaves.
//!
//! A record is private if anything in it denies `multiMediaPublic` or `objectPublic`, at any depth, or if its
//! column `public` does. A nested denial counts for the whole record: the parts of a record are not written
//! separately. A record that states nothing is public.

use super::{Columns, Data, range};
use arrow_buffer::ScalarBuffer;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// Names of flags, wherever they stand.
const FLAGS: [&str; 2] = ["multimediapublic", "objectpublic"];
/// The flag of `media`. The word is a common one, so only a column or a member of the record itself counts.
const PUBLIC: &str = "public";
/// Texts that deny a flag: XML Schema, databases, and spreadsheets in English, Dutch, German and French write them.
const DENIALS: [&str; 12] = ["false", "0", "0.0", "no", "n", "f", "nee", "onwaar", "nein", "falsch", "non", "faux"];
/// Texts that affirm it.
const AFFIRMATIONS: [&str; 11] = ["true", "1", "1.0", "yes", "y", "t", "ja", "waar", "wahr", "oui", "vrai"];
/// How every name of a flag ends, as it is written or in capitals; texts without it are not searched.
const ENDINGS: [&str; 2] = ["ublic", "UBLIC"];

/// The number of the next private record.
static NEXT: AtomicU64 = AtomicU64::new(1);

impl Columns {
    /// For each row the number of the private record it belongs to, 0 if the record is public; `None` if all are.
    /// Rows made of one record share its number. What these columns state counts, and what the columns stated
    /// that they were made of.
    #[must_use]
    pub fn private_rows(&self) -> Option<ScalarBuffer<u64>> {
        let denied = self.denied();
        let carried = self.private.as_ref().filter(|numbers| numbers.iter().any(|number| *number != 0));
        if denied.is_empty() {
            return carried.cloned();
        }
        let number = |row: usize| match carried.map_or(0, |numbers| numbers[row]) {
            0 if denied[row] => next_number(),
            number => number,
        };
        Some((0..self.rows).map(number).collect::<Vec<u64>>().into())
    }

    /// The columns, with the private rows of what they were made of: row `n` was made of row `rows[n]` of it.
    #[must_use]
    pub fn made_of(mut self, private: Option<&ScalarBuffer<u64>>, rows: impl IntoIterator<Item = usize>) -> Self {
        self.private = private.map(|numbers| rows.into_iter().map(|row| numbers[row]).collect::<Vec<u64>>().into());
        debug_assert!(self.private.as_ref().is_none_or(|numbers| numbers.len() == self.rows));
        self
    }

    /// In a long form, one row a value: the identifiers of the records with a value that denies a flag.
    pub fn denying_identifiers(&self) -> impl Iterator<Item = &str> {
        let text = |name: &str| self.get(name).and_then(Data::text);
        let [identifiers, elements, values, markup] = ["identifier", "element", "value", "markup"].map(text);
        (0..self.rows).filter_map(move |row| {
            let identifier = identifiers?.get(row)?;
            let flag = elements?.get(row).is_some_and(|path| is_flag(path) || path.eq_ignore_ascii_case(PUBLIC));
            let mut texts = [values, markup].into_iter().filter_map(|column| column?.get(row));
            texts.any(|text| flag && is_denial(text) || states_inside(text)).then_some(identifier)
        })
    }

    /// Whether each row denies being public; empty if none does.
    fn denied(&self) -> Vec<bool> {
        let mut denied = Vec::new();
        let mut mark = |denies: &dyn Fn(usize) -> bool| {
            for row in 0..self.rows {
                if denies(row) {
                    denied.resize(self.rows, false);
                    denied[row] = true;
                }
            }
        };
        for column in &self.columns {
            let (name, data) = (&*column.name, &column.data);
            #[expect(clippy::collapsible_match, reason = "such a column is not searched by the arms below")]
            match name {
                "extra" | "notes" if data.groups().is_some() => {
                    if mentions(data, 0..self.rows) {
                        mark(&|row| remarked(data, row));
                    }
                }
                "metadata" if data.text().is_some() => {
                    if mentions(data, 0..self.rows) {
                        mark(&|row| data.text().and_then(|text| text.get(row)).is_some_and(states_inside));
                    }
                }
                _ if name.eq_ignore_ascii_case(PUBLIC) || is_flag(name) => mark(&|row| denies(data, row)),
                _ if has_flag(data) => mark(&|row| denies_inside(data, row)),
                _ => {}
            }
        }
        denied
    }
}

/// A number for a private record, unlike all others of this process.
pub fn next_number() -> u64 {
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// Whether a name, or the last part of a path, is that of a flag.
fn is_flag(path: &str) -> bool {
    let name = path.rsplit(['.', ':', '}']).next().unwrap_or_default();
    FLAGS.iter().any(|flag| name.eq_ignore_ascii_case(flag))
}

/// Whether a group inside has a flag.
fn has_flag(data: &Data) -> bool {
    match data {
        Data::List(_, _, items) => has_flag(items),
        Data::Group(fields, ..) => fields.iter().any(|field| is_flag(&field.name) || has_flag(&field.data)),
        _ => false,
    }
}

/// Whether a flag in a group inside is denied.
fn denies_inside(data: &Data, row: usize) -> bool {
    match data {
        _ if data.is_null(row) => false,
        Data::List(offsets, _, items) => range(offsets, row).any(|item| denies_inside(items, item)),
        Data::Group(fields, ..) => fields
            .iter()
            .any(|field| if is_flag(&field.name) { denies(&field.data, row) } else { denies_inside(&field.data, row) }),
        _ => false,
    }
}

/// Whether a value, or one of several, denies its flag.
fn denies(data: &Data, row: usize) -> bool {
    match data {
        _ if data.is_null(row) => false,
        Data::Text(text) => is_denial(text.raw(row)),
        Data::Flag(values, _) => !values.value(row),
        Data::Integer(values, _) => values[row] == 0,
        Data::Number(values, _) => values[row] == 0.0,
        Data::Instant(..) => false,
        Data::List(offsets, _, items) => range(offsets, row).any(|item| denies(items, item)),
        Data::Group(fields, ..) => fields.iter().any(|field| denies(&field.data, row)),
    }
}

/// Whether a text denies a flag. Several joined values deny it if one of them does and all are values of a flag.
fn is_denial(text: &str) -> bool {
    let mut denied = false;
    for part in text.split(['|', ';', ',']) {
        let part = part.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '[' | ']'));
        let is = |words: &[&str]| words.iter().any(|word| part.eq_ignore_ascii_case(word));
        if is(&DENIALS) {
            denied = true;
        } else if !(part.is_empty() || is(&AFFIRMATIONS)) {
            return false;
        }
    }
    denied
}

/// Whether a text of these rows may name a flag: all are searched at once.
fn mentions(data: &Data, rows: Range<usize>) -> bool {
    match data {
        Data::Text(text) => {
            let texts = &text.bytes[text.offsets[rows.start] as usize..text.offsets[rows.end] as usize];
            ENDINGS.iter().any(|ending| texts.contains(ending))
        }
        Data::List(offsets, _, items) => mentions(items, offsets[rows.start] as usize..offsets[rows.end] as usize),
        Data::Group(fields, ..) => fields.iter().any(|field| mentions(&field.data, rows.clone())),
        _ => false,
    }
}

/// Whether what has no column of its own (`extra`), or is noted about a value (`notes`), denies a flag: groups
/// of a path or element, and texts about it as they stood, JSON or XML.
fn remarked(data: &Data, row: usize) -> bool {
    let Some((offsets, fields)) = data.groups() else { return false };
    let text =
        |at: usize, item: usize| fields.get(at).and_then(|field| field.data.text()).and_then(|text| text.get(item));
    range(offsets, row).any(|item| {
        let path = text(0, item).unwrap_or_default();
        let flag = is_flag(path) || path.eq_ignore_ascii_case(PUBLIC);
        let mut values = (1..fields.len()).filter_map(|at| text(at, item));
        values.any(|value| flag && is_denial(value) || states_inside(value))
    })
}

/// Whether JSON or XML text contains a flag that is denied.
fn states_inside(text: &str) -> bool {
    ENDINGS.iter().flat_map(|ending| text.match_indices(ending)).any(|(at, ending)| {
        let end = at + ending.len();
        let start = text[..end].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |before| before + 1);
        let is_prefix = |c: char| c.is_ascii_alphanumeric() || matches!(c, ':' | '.' | '_' | '-');
        let is_end = text[..start].trim_end_matches(is_prefix).ends_with("</");
        FLAGS.iter().any(|flag| text[start..end].eq_ignore_ascii_case(flag))
            && !is_end
            && value_after(&text[end..]).is_some_and(is_denial)
    })
}

/// The value after the name of a member, attribute or element.
fn value_after(rest: &str) -> Option<&str> {
    let rest = rest.trim_start();
    if let Some(member) = rest.strip_prefix('"') {
        let value = member.trim_start().strip_prefix(':')?.trim_start();
        let end = if value.starts_with('[') { value.find(']') } else { value.find([',', '}', ']', '\n']) };
        return Some(&value[..end.unwrap_or(value.len())]);
    }
    if let Some(attribute) = rest.strip_prefix('=') {
        let value = attribute.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        return value[1..].split(quote).next();
    }
    let (tag, content) = rest.split_once('>')?;
    (!tag.ends_with('/')).then(|| content.split('<').next().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::columns::Column;
    use crate::columns::build::{GroupLists, Texts, flags};

    fn texts(values: &[Option<&str>]) -> Data {
        let mut texts = Texts::default();
        for value in values {
            texts.push_option(*value);
        }
        Data::Text(texts.freeze())
    }

    fn of(name: &'static str, data: Data) -> Columns {
        Columns::new(data.len(), vec![Column::new(name, data)])
    }

    fn private(columns: &Columns) -> Vec<usize> {
        let rows = columns.private_rows();
        (0..columns.rows).filter(|row| rows.as_ref().is_some_and(|numbers| numbers[*row] != 0)).collect()
    }

    #[test]
    fn flags_of_every_type_deny() {
        assert_eq!(private(&of("objectPublic", flags(&[true, false, true]))), [1]);
        let words = texts(&[None, Some("false"), Some(" FALSE "), Some("0"), Some("true"), Some(""), Some("nee")]);
        assert_eq!(private(&of("multiMediaPublic", words.clone())), [1, 2, 3, 6]);
        assert_eq!(private(&of("PUBLIC", words.clone())), [1, 2, 3, 6]);
        assert_eq!(private(&of("access.multiMediaPublic", words.clone())), [1, 2, 3, 6]);
        let joined = texts(&[Some("true | false"), Some("true | true"), Some("no, thanks"), Some("[\"1\",\"0\"]")]);
        assert_eq!(private(&of("objectPublic", joined)), [0, 3]);
        assert_eq!(private(&of("publication", words.clone())), [0_usize; 0]);
        assert_eq!(private(&of("access.public", words)), [0_usize; 0]);
        assert_eq!(private(&of("public", Data::Integer(vec![1, 0].into(), None))), [1]);
        assert_eq!(private(&of("public", Data::Number(vec![0.0, 1.0].into(), None))), [0]);
    }

    #[test]
    fn flags_inside_groups_deny_the_record() {
        let group = Data::Group(vec![Column::new("objectPublic", flags(&[true, false]))], 2, None);
        assert_eq!(private(&of("specimen", group)), [1]);
    }

    #[test]
    fn flags_without_a_column_of_their_own_deny() {
        let cases = [
            ("multiMediaPublic", "\"false\"", true),
            ("{http://www.tdwg.org/schemas/abcd/2.06}MultiMediaPublic", "0", true),
            ("x", "{\"a\": [{\"objectPublic\" : false}]}", true),
            ("x", "{\"objectPublic\":true,\"b\":false}", false),
            ("x", "{\"objectPublic\":[true,false]}", true),
            ("x", "<abcd:MultiMediaPublic xsi:nil=\"false\">0</abcd:MultiMediaPublic>", true),
            ("x", "<abcd:MultiMediaPublic>1</abcd:MultiMediaPublic>0", false),
            ("x", "<unit objectPublic='false'/>", true),
            ("x", "<unit OBJECTPUBLIC='false'/>", true),
            ("MULTIMEDIAPUBLIC", "no", true),
            ("x", "</abcd:MultiMediaPublic>0", false),
            ("x", "<MultiMediaPublic/>0", false),
            ("x", "not for the multiMediaPublic", false),
        ];
        for (path, value, expected) in cases {
            let mut extra = GroupLists::new(&["element", "value"]);
            extra.push(&[Some(path), Some(value)]);
            extra.end_row(0);
            assert_eq!(private(&of("extra", extra.freeze(1))) == [0], expected, "{path} {value}");
        }
    }

    #[test]
    fn rows_made_of_private_rows_keep_the_number_of_their_record() {
        let source = of("public", flags(&[true, false, false]));
        let rows = source.private_rows();
        let derived =
            of("value", texts(&[Some("a"), Some("b"), Some("c"), Some("d")])).made_of(rows.as_ref(), [0, 1, 1, 2]);
        assert_eq!(private(&derived), [1, 2, 3]);
        let numbers = derived.private_rows().unwrap();
        assert_eq!(numbers[1], numbers[2]);
        assert_ne!(numbers[2], numbers[3]);
        assert_eq!(private(&derived.slice(2, 2)), [0, 1]);
        assert_eq!(private(&derived.take(&[3, 0, 1])), [0, 2]);
        assert_eq!(
            private(&derived.gather(&[(&derived, 0..1), (&of("value", texts(&[None])), 0..1), (&derived, 3..4)])),
            [2]
        );
    }
}
