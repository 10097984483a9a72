//! Parts of a list by datestamp: where a list that ends too early goes on, and how one is cut into several.

use crate::store::{Span, Trend};

/// What is left of a span that can't be read to its end, as spans that can; nothing where its datestamps
/// leave no choice. Real datestamps decide, so that empty centuries cost nothing. Neighbours share a moment:
/// what is in both comes twice, what is between them would not come at all.
#[must_use]
pub fn split(span: &Span, granule: i64) -> Option<Vec<Span>> {
    let (low, high) = (span.low?, span.high?);
    // A provider that does not heed dates would send all of the list for every part.
    let heeded = span.since.is_none_or(|since| low >= since - granule)
        && span.until.is_none_or(|until| high <= until + 2 * granule);
    if span.pages > 0 && !heeded {
        return None;
    }
    let part = |since: Option<i64>, until: Option<i64>, low: i64, high: i64| Span {
        task: span.task,
        since,
        until,
        low: Some(low),
        high: Some(high),
        ..Span::default()
    };
    let floor = |moment: i64| moment.div_euclid(granule) * granule;
    let rest = |since: Option<i64>, until: Option<i64>| {
        let next = part(since, until, since.unwrap_or(low), until.unwrap_or(high));
        Some(vec![Span { low: None, high: None, ..next }])
    };
    match span.trend {
        // In order of the datestamps: everything on one side of what came is here.
        Trend::Up if span.pages > 0 && span.since.is_none_or(|since| floor(high) > since) => {
            return rest(Some(floor(high)), span.until);
        }
        Trend::Down if span.pages > 0 && span.until.is_none_or(|until| floor(low) + granule - 1 < until) => {
            return rest(span.since, Some(floor(low) + granule - 1));
        }
        _ => {}
    }
    let (first, last) = (floor(low), floor(high));
    if first == last {
        // One moment has them all so far: that one alone, and what lies on either side of it.
        let before = span.since.is_none_or(|since| since < first).then(|| part(span.since, Some(first - 1), low, low));
        let end = first + granule;
        let after = span.until.is_none_or(|until| until >= end).then(|| part(Some(end), span.until, high, high));
        let alone = part(Some(first), Some(end - 1), low, high);
        let parts: Vec<Span> = [before, Some(alone), after].into_iter().flatten().collect();
        return (parts.len() > 1).then_some(parts);
    }
    // The end of the middle granule; `until` is sent one granule later, so the parts meet.
    let middle = floor(first + (last - first) / 2) + granule;
    Some(vec![part(span.since, Some(middle - 1), low, middle - 1), part(Some(middle), span.until, middle, high)])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::oai::{DAY, SECOND};
    use proptest::prelude::*;

    fn span(since: Option<i64>, until: Option<i64>, low: i64, high: i64, trend: Trend) -> Span {
        Span { since, until, low: Some(low), high: Some(high), trend, pages: 3, ..Span::default() }
    }

    #[test]
    fn a_list_in_order_goes_on_at_the_last_datestamp_that_came() {
        let day = |n: i64| n * DAY;
        let up = split(&span(None, None, day(3), day(9) + 5, Trend::Up), DAY).unwrap();
        assert_eq!((up.len(), up[0].since, up[0].until), (1, Some(day(9)), None));
        let down = split(&span(None, None, day(3) + 5, day(9), Trend::Down), DAY).unwrap();
        assert_eq!((down.len(), down[0].since, down[0].until), (1, None, Some(day(4) - 1)));
    }

    #[test]
    fn records_of_one_moment_are_asked_for_alone() {
        let parts = split(&span(None, None, 5, 7, Trend::Mixed), DAY).unwrap();
        let ends: Vec<_> = parts.iter().map(|part| (part.since, part.until)).collect();
        assert_eq!(ends, [(None, Some(-1)), (Some(0), Some(DAY - 1)), (Some(DAY), None)]);
        assert_eq!(split(&span(Some(0), Some(DAY - 1), 5, 7, Trend::Mixed), DAY), None);
    }

    proptest! {
        #[test]
        fn parts_cover_what_has_not_come_and_each_is_smaller(
            low in 0..10_000_i64, length in 0..10_000_i64, moment in -5_000..25_000_i64, mixed in any::<bool>(),
        ) {
            let (low, high, moment) = (low * SECOND, (low + length) * SECOND, moment * SECOND);
            let trend = if mixed { Trend::Mixed } else { Trend::Up };
            let whole = span(None, None, low, high, trend);
            let parts = split(&whole, SECOND).unwrap();
            let holds = |part: &Span| part.since.is_none_or(|since| moment >= since)
                && part.until.is_none_or(|until| moment <= until);
            let came = trend == Trend::Up && moment < high;
            prop_assert!(came || parts.iter().any(holds));
            for part in &parts {
                prop_assert!(part.since.is_some() || part.until.is_some());
            }
        }

        #[test]
        fn splitting_comes_to_an_end(low in 0..100_i64, length in 0..100_000_i64) {
            let mut open = vec![span(None, None, low * SECOND, (low + length) * SECOND, Trend::Mixed)];
            let mut count = 0;
            while let Some(part) = open.pop() {
                count += 1;
                prop_assert!(count <= 4 * length + 16);
                let bounded = part.since.is_some() && part.until.is_some();
                if bounded || count == 1 {
                    open.extend(split(&Span { pages: 1, trend: Trend::Mixed, ..part }, SECOND).into_iter().flatten());
                }
            }
        }
    }
}
