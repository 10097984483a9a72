//! One point or period that has a name: a day, a month, a year, a decade, a century, a season.

use super::words::{Meaning, meaning};
use crate::value::function::{Rejected, Why};

/// Which of day and month comes first where only numbers tell.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Order {
    /// Nothing says it: `05-09-1952` is ambiguous.
    #[default]
    Unknown,
    /// As in Dutch.
    DayFirst,
    /// As in the United States.
    MonthFirst,
}

/// A period with a name, as EDTF without qualifiers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Point {
    pub edtf: String,
    /// The text names a part of the period: `begin 20e eeuw`.
    pub part: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Item<'a> {
    Digits(&'a str),
    Word(Meaning),
    Other(&'a str),
}

/// The words and numbers of a text in lower case, and what stands before each.
fn items(text: &str) -> (Vec<Item<'_>>, Vec<&str>) {
    let (mut items, mut gaps) = (Vec::new(), Vec::new());
    let mut rest = text;
    loop {
        let at = rest.find(char::is_alphanumeric).unwrap_or(rest.len());
        let (gap, found) = rest.split_at(at);
        let Some(first) = found.chars().next() else {
            gaps.push(gap);
            return (items, gaps);
        };
        let same = |letter: char| letter.is_alphanumeric() && letter.is_ascii_digit() == first.is_ascii_digit();
        let end = found.find(|letter| !same(letter)).unwrap_or(found.len());
        let (word, after) = found.split_at(end);
        items.push(match meaning(word) {
            _ if first.is_ascii_digit() => Item::Digits(word),
            Some(meaning) => Item::Word(meaning),
            None => Item::Other(word),
        });
        gaps.push(gap);
        rest = after;
    }
}

const NOT_A_DATE: Rejected = Rejected::new(Why::Unknown, "not a date");
const NO_SUCH_DAY: Rejected = Rejected::new(Why::Impossible, "no such day in the calendar");
const TWO_DIGITS: Rejected = Rejected::new(Why::Ambiguous, "a year of two digits");
const NO_CENTURY: Rejected = Rejected::new(Why::Ambiguous, "a decade without its century");
const DAY_OR_MONTH: Rejected = Rejected::new(Why::Ambiguous, "day and month can't be told apart");

/// Spellings of several words, and the one word they stand for.
const ERAS: &[(&str, &str)] = &[
    ("v. chr", "vchr"),
    ("v.chr", "vchr"),
    ("n. chr", "nchr"),
    ("n.chr", "nchr"),
    ("twenty-first", "eenentwintigste"),
];

/// Reads a period with a name. The text is in lower case and trimmed.
pub(super) fn point(text: &str, order: Order) -> Result<Point, Rejected> {
    let text = ERAS.iter().fold(text.to_owned(), |text, (spelling, word)| text.replace(spelling, word));
    let (mut items, mut gaps) = items(&text);
    if gaps.first().is_some_and(|gap| !gap.is_empty() && *gap != "'") || items.is_empty() {
        return Err(NOT_A_DATE);
    }
    if gaps.last().is_some_and(|gap| !matches!(*gap, "" | ".")) {
        return Err(NOT_A_DATE);
    }
    let part = items.iter().position(|item| *item == Item::Word(Meaning::Part));
    if let Some(part) = part {
        // `eerste helft`, `3rd quarter`: which part is not what EDTF can say.
        let counted = |item: &Item<'_>| {
            matches!(item, Item::Digits(_) | Item::Word(Meaning::Ordinal(_) | Meaning::Suffix | Meaning::Filler))
        };
        if !items[..part].iter().all(counted) {
            return Err(NOT_A_DATE);
        }
        items.drain(..=part);
        gaps.drain(..=part);
    }
    // Words that add nothing: `zondag`, the `th` of `12th`, the `of` before a month.
    let mut at = 0;
    while at < items.len() {
        let number = at > 0 && matches!(items[at - 1], Item::Digits(_));
        let before_number = matches!(items.get(at + 1), Some(Item::Digits(_)));
        let idle = match items[at] {
            Item::Word(Meaning::Suffix) => number && gaps[at].is_empty(),
            Item::Word(Meaning::Weekday) => at == 0,
            Item::Word(Meaning::Filler) => {
                at == 0
                    // `1 de mayo de 1900`.
                    || matches!(items[at - 1], Item::Word(Meaning::Month(_)))
                    || (number && gaps[at].is_empty())
                    || !before_number
                    || items.last() == Some(&Item::Word(Meaning::Century))
            }
            _ => false,
        };
        if idle {
            items.remove(at);
            gaps.remove(at);
        } else {
            at += 1;
        }
    }
    let edtf = match named(&items) {
        Some(found) => found?,
        None => numeric(&items, &gaps, order)?,
    };
    Ok(Point { edtf, part: part.is_some() })
}

fn number(digits: &str) -> Option<u32> {
    digits.parse().ok()
}

/// Forms that have a word in them.
fn named(items: &[Item<'_>]) -> Option<Result<String, Rejected>> {
    use Item::{Digits, Other, Word};
    use Meaning::{Ad, Bc, Century, Decades, Month, Ordinal, Roman, Season, Tens};
    Some(match *items {
        [Word(Month(month) | Roman(month)), Digits(year)] | [Digits(year), Word(Month(month) | Roman(month))]
            if year.len() == 4 =>
        {
            Ok(format!("{year}-{month:02}"))
        }
        [Digits(day), Word(Month(month) | Roman(month)), Digits(year)]
        | [Word(Month(month)), Digits(day), Digits(year)]
        | [Digits(year), Word(Month(month) | Roman(month)), Digits(day)]
            if year.len() == 4 && day.len() <= 2 =>
        {
            Ok(day_of(year, month.into(), day))
        }
        [Digits(day), Word(Month(_) | Roman(_)), Digits(year)] if day.len() <= 2 && year.len() == 2 => Err(TWO_DIGITS),
        [Word(Month(_)), Digits(year)] if year.len() == 2 => Err(TWO_DIGITS),
        [Word(Month(_) | Season(_))] => Err(Rejected::new(Why::Unknown, "a part of a year without the year")),
        [Word(Season(code)), Digits(year)] | [Digits(year), Word(Season(code))] if year.len() == 4 => {
            Ok(format!("{year}-{code}"))
        }
        [Word(Season(_)), Digits(_), Digits(_)] => Err(Rejected::new(Why::Ambiguous, "a season across two years")),
        [Digits(century), Word(Century)] => of_century(number(century)),
        [Word(Ordinal(century) | Roman(century)), Word(Century)]
        | [Word(Century), Word(Ordinal(century) | Roman(century))] => of_century(Some(century.into())),
        [Other(century), Word(Century)] | [Word(Century), Other(century)] => of_century(Some(roman(century)?)),
        [Word(Decades), Digits(year)] | [Digits(year), Other("s")] if year.len() == 4 => decade(year),
        [Word(Decades), Digits(_) | Word(Tens(_))] | [Digits(_), Other("s")] => Err(NO_CENTURY),
        [Word(Decades), decade, century, Word(Century)] => {
            let tens = match decade {
                Digits(tens) if tens.len() == 2 && tens.ends_with('0') => number(tens).map(|tens| tens / 10),
                Word(Tens(tens)) => Some(tens.into()),
                _ => None,
            };
            let century = match century {
                Digits(century) => number(century),
                Word(Ordinal(century) | Roman(century)) => Some(century.into()),
                _ => None,
            };
            match (of_century(century), tens) {
                (Ok(century), Some(tens)) => Ok(format!("{}{tens}X", &century[..2])),
                _ => Err(NOT_A_DATE),
            }
        }
        [Digits(year), Word(Bc)] => match number(year) {
            // The year 2 before Christ is the year -1 of ISO 8601; its year 0 is too often a placeholder.
            Some(year @ 2..=9999) => Ok(format!("-{:04}", year - 1)),
            _ => Err(NOT_A_DATE),
        },
        [Word(Ad), Digits(year)] | [Digits(year), Word(Ad)] => match number(year) {
            Some(year @ 1..=9999) => Ok(format!("{year:04}")),
            _ => Err(NOT_A_DATE),
        },
        _ => return None,
    })
}

/// The number of a century in Roman numerals, from the thirteenth on: `xix`, and `xixe` in French.
fn roman(numeral: &str) -> Option<u32> {
    let bare = ["ème", "eme", "e"].iter().find_map(|end| numeral.strip_suffix(end)).unwrap_or(numeral);
    let numerals = ["xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx", "xxi"];
    numerals.iter().position(|known| *known == bare).map(|at| at as u32 + 13)
}

fn of_century(century: Option<u32>) -> Result<String, Rejected> {
    match century {
        Some(century @ 1..=21) => Ok(format!("{:02}XX", century - 1)),
        _ => Err(NOT_A_DATE),
    }
}

fn decade(year: &str) -> Result<String, Rejected> {
    match year {
        _ if year.ends_with("00") => Err(Rejected::new(Why::Ambiguous, "a decade or a century")),
        _ if year.ends_with('0') => Ok(format!("{}X", &year[..3])),
        _ => Err(NOT_A_DATE),
    }
}

/// A day; zeros stand for what is not known. Whether the calendar has it is asked later.
fn day_of(year: &str, month: u32, day: &str) -> String {
    match number(day) {
        Some(0) | None => format!("{year}-{month:02}"),
        Some(day) => format!("{year}-{month:02}-{day:02}"),
    }
}

/// Forms of numbers alone.
fn numeric(items: &[Item<'_>], gaps: &[&str], order: Order) -> Result<String, Rejected> {
    let digits: Option<Vec<&str>> =
        items.iter().map(|item| if let Item::Digits(digits) = item { Some(*digits) } else { None }).collect();
    let digits = digits.ok_or(NOT_A_DATE)?;
    let between = gaps.get(1..digits.len()).unwrap_or_default();
    match *digits.as_slice() {
        ["0000"] => Err(NOT_A_DATE),
        [year] if year.len() == 4 => Ok(year.to_owned()),
        [day] if day.len() == 8 => {
            let text = format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..]);
            if number(&day[..4]).is_some_and(|year| (1000..2200).contains(&year)) { Ok(text) } else { Err(NOT_A_DATE) }
        }
        [year] if year.len() == 2 => Err(TWO_DIGITS),
        [month]
            if month.len() == 6 && ("1400".."2100").contains(&&month[..4]) && ("01".."13").contains(&&month[4..]) =>
        {
            Err(Rejected::new(Why::Ambiguous, "six digits: a month, or a day of two-digit parts"))
        }
        [year, month] if year.len() == 4 => year_and(year, month, between[0]),
        [month, year] if month.len() <= 2 && year.len() == 4 && matches!(between[0], "-" | "/" | ".") => {
            match number(month) {
                Some(month @ 1..=12) => Ok(format!("{year}-{month:02}")),
                Some(0) => Ok(year.to_owned()),
                _ => Err(NO_SUCH_DAY),
            }
        }
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            if between[0] != between[1] || !matches!(between[0], "-" | "/" | ".") {
                return Err(NOT_A_DATE);
            }
            match (number(month), number(day)) {
                (Some(0), Some(0)) => Ok(year.to_owned()),
                (Some(0), _) => Err(NO_SUCH_DAY),
                (Some(month), _) => Ok(day_of(year, month, day)),
                _ => Err(NOT_A_DATE),
            }
        }
        [first, second, year] if first.len() <= 2 && second.len() <= 2 => {
            if between[0] != between[1] || !matches!(between[0], "-" | "/" | "." | " ") {
                return Err(NOT_A_DATE);
            }
            match year.len() {
                2 => Err(TWO_DIGITS),
                4 => day_and_month(number(first).unwrap_or(0), number(second).unwrap_or(0), year, order),
                _ => Err(NOT_A_DATE),
            }
        }
        _ => Err(NOT_A_DATE),
    }
}

fn day_and_month(first: u32, second: u32, year: &str, order: Order) -> Result<String, Rejected> {
    let day_first = format!("{year}-{second:02}-{first:02}");
    let month_first = format!("{year}-{first:02}-{second:02}");
    match (first, second, order) {
        (0, 0, _) => Ok(year.to_owned()),
        (0, month @ 1..=12, Order::DayFirst) => Ok(format!("{year}-{month:02}")),
        (1..=12, 1..=12, Order::DayFirst) | (13..=31, 1..=12, Order::DayFirst | Order::Unknown) => Ok(day_first),
        (1..=12, 1..=12, Order::MonthFirst) | (1..=12, 13..=31, Order::MonthFirst | Order::Unknown) => Ok(month_first),
        (1..=12, 1..=12, Order::Unknown) if first == second => Ok(day_first),
        (1..=12, 1..=31, _) | (13..=31, 1..=12, _) => Err(DAY_OR_MONTH),
        _ => Err(NO_SUCH_DAY),
    }
}

/// `1900-05` is a month. A second number that no month has may be the end of a range: where it is
/// the next year, or beyond every code of EDTF, it can be nothing else.
fn year_and(year: &str, second: &str, gap: &str) -> Result<String, Rejected> {
    let (Some(start), Some(end)) = (number(&year[2..]), number(second)) else {
        return Err(NOT_A_DATE);
    };
    if second.len() != 2 || !matches!(gap, "-" | "/" | ".") {
        return Err(NOT_A_DATE);
    }
    let next = end == start + 1 && !(21..=24).contains(&end);
    let range = end > start && (next || end > 41 || gap == "/");
    let century = number(&year[..2]).unwrap_or_default() + 1;
    match (end, gap) {
        // `1999-00` may be a year of study, `1999/00` is one.
        (0, "-") if start == 99 => {
            Err(Rejected::new(Why::Ambiguous, "a month that is not known, or the end of a range"))
        }
        (0, "/") if start == 99 && century < 100 => Ok(format!("{year}/{century:02}00")),
        (0, "-") => Ok(year.to_owned()),
        (1..=12, "-" | ".") => Ok(format!("{year}-{second}")),
        (1..=12, "/") if end <= start => Ok(format!("{year}-{second}")),
        (1..=12, _) => Err(Rejected::new(Why::Ambiguous, "a month, or the end of a range")),
        (_, ".") => Err(NO_SUCH_DAY),
        _ if range => Ok(format!("{year}/{}{second}", &year[..2])),
        (21..=41, "-") if end <= start => Ok(format!("{year}-{second}")),
        (21..=41, "-") => Err(Rejected::new(Why::Ambiguous, "a season, or the end of a range")),
        (13..=20, "-") if end > start => Err(Rejected::new(Why::Ambiguous, "no month: perhaps the end of a range")),
        _ => Err(NO_SUCH_DAY),
    }
}
