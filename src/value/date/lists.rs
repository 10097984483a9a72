//! Two dates and more in one text: ranges, alternatives, and dates in a row.

use super::point::{Order, Point};
use super::read::{bracketed, single};
use super::words::BETWEEN;
use crate::value::function::{Rejected, Why};
use edtf_core::Edtf;

/// `tussen 1900 en 1910`: one date within a range.
pub(super) fn between(text: &str, order: Order) -> Option<Result<Point, Rejected>> {
    let dutch = text.strip_prefix("tussen ").and_then(|rest| rest.split_once(" en "));
    let (start, end) = dutch.or_else(|| text.strip_prefix("between ")?.split_once(" and "))?;
    let ends = single(start, order, 0).and_then(|start| Ok((start, single(end, order, 0)?)));
    Some(ends.and_then(|(start, end)| {
        let edtf = format!("[{}..{}]", start.edtf, end.edtf);
        let said = edtf.chars().all(|sign| sign.is_ascii_digit() || "-.[]".contains(sign));
        if said { Ok(Point { edtf, part: false }) } else { Err(Rejected::new(Why::Unknown, "more than EDTF can say")) }
    }))
}

/// Two ends; what the first lacks is taken from the second: `4-6 mei 1940`.
pub(super) fn range(text: &str, order: Order) -> Option<Result<Point, Rejected>> {
    let text = text.strip_prefix("van ").or_else(|| text.strip_prefix("from ")).unwrap_or(text);
    let mut doubt = None;
    for word in BETWEEN {
        for (at, _) in text.match_indices(word) {
            let (left, right) = (&text[..at], &text[at + word.len()..]);
            let Some(end) = end_of(right, order) else {
                // Two dates, of which the second has the form but not the meaning of one.
                doubt = doubt
                    .or(single(right, order, 0).err().filter(|no| no.why != Why::Unknown && word.starts_with(' ')));
                continue;
            };
            let tails = right.match_indices([' ', '.', '-']).map(|(at, _)| &right[at..]);
            let mut starts = std::iter::once("").chain(tails).map(|tail| format!("{left}{tail}"));
            let Some(start) = starts.find_map(|start| end_of(&start, order)) else {
                continue;
            };
            let edtf = if start.edtf == end.edtf { start.edtf } else { format!("{}/{}", start.edtf, end.edtf) };
            if Edtf::parse(&edtf).is_err() {
                return Some(Err(Rejected::new(Why::Impossible, "a range that ends before it begins")));
            }
            return Some(Ok(Point { edtf, part: start.part || end.part }));
        }
    }
    doubt.map(Err)
}

/// One date that is not itself open or a range.
fn end_of(text: &str, order: Order) -> Option<Point> {
    single(text, order, 0).ok().filter(|point| !point.edtf.contains(['/', '[', '{']))
}

/// The same twice, as two fields of a source in one: `ca. 1973 ca. 1973`.
pub(super) fn twice(text: &str, order: Order) -> Option<Result<Point, Rejected>> {
    let (first, second) = text.split_at_checked(text.len() / 2)?;
    (second.strip_prefix(' ')? == first).then(|| single(first, order, 0))
}

/// Dates in a row: all of them, or one of them.
pub(super) fn several(
    text: &str,
    words: &[&str],
    order: Order,
    [open, close]: [char; 2],
) -> Option<Result<Point, Rejected>> {
    words.iter().find_map(|word| {
        let mut dates: Vec<String> = Vec::new();
        let parts: Vec<_> = text.split(word).map(str::trim).filter(|part| !part.is_empty()).collect();
        // `1974 (1889)`, `1850 [1851]`: a reprint and its original, or a year and its correction.
        let bracketed = parts.iter().filter(|part| bracketed(part).is_some()).count();
        if bracketed > 0 && bracketed < parts.len() && parts.iter().all(|part| end_of(part, order).is_some()) {
            return Some(Err(Rejected::new(Why::Ambiguous, "a date and another in brackets")));
        }
        for part in &parts {
            let date = end_of(part, order)?.edtf;
            if !dates.contains(&date) {
                dates.push(date);
            }
        }
        let edtf = match dates.as_slice() {
            _ if parts.len() < 2 => return None,
            [date] => date.clone(),
            dates => format!("{open}{}{close}", dates.join(",")),
        };
        Some(Ok(Point { edtf, part: false }))
    })
}
