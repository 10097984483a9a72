//! Politeness: when the next request to a host may go, and how long to wait after a fault.

use crate::value::http_date;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hasher};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// No wait between retries gets longer than this, unless the server names one.
const LONGEST: Duration = Duration::from_secs(30);

/// When the latest request to each host went, or will go. Shared by all clients of the process: a
/// host sees one visitor.
static LATEST: Mutex<Option<HashMap<String, Instant>>> = Mutex::new(None);

/// Takes the next place in the queue of a host; gives the time until then.
pub fn next(host: &str, rate: Option<f64>) -> Duration {
    let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    let latest = latest.get_or_insert_with(HashMap::new);
    let now = Instant::now();
    let Some(rate) = rate else {
        return latest.get(host).map_or(Duration::ZERO, |at| at.saturating_duration_since(now));
    };
    let free = latest.get(host).map(|at| *at + Duration::from_secs_f64(1.0 / rate));
    let at = free.map_or(now, |free| free.max(now));
    latest.insert(host.to_owned(), at);
    at.saturating_duration_since(now)
}

/// Keeps every request to a host back for `wait`.
pub fn hold(host: &str, wait: Duration) {
    let mut latest = LATEST.lock().unwrap_or_else(PoisonError::into_inner);
    latest.get_or_insert_with(HashMap::new).insert(host.to_owned(), Instant::now() + wait);
}

/// The wait before retry number `retry`, from 0: doubled each time, and between half and all of
/// it, so that clients that failed together do not come back together.
pub fn backoff(first: Duration, retry: u32) -> Duration {
    let whole = first.saturating_mul(2_u32.saturating_pow(retry)).min(LONGEST);
    let random = RandomState::new().build_hasher().finish() as u16;
    whole.mul_f64(0.5 + f64::from(random) / f64::from(u16::MAX) / 2.0)
}

/// The retries of one request: how many there were, and how long was waited before them.
#[derive(Debug, Default)]
pub struct Retries {
    /// How many there were.
    pub count: u32,
    /// All waits together.
    pub waited: Duration,
}

impl Retries {
    /// The wait before the next retry; `None` after `limit` of them.
    pub fn next(&mut self, limit: u32, first: Duration) -> Option<Duration> {
        if self.count >= limit {
            return None;
        }
        let wait = backoff(first, self.count);
        self.add(wait);
        Some(wait)
    }

    /// Counts a retry after another wait than the usual one.
    pub fn add(&mut self, wait: Duration) {
        self.count += 1;
        self.waited += wait;
    }
}

/// The wait that `Retry-After` names (RFC 9110 §10.2.3): seconds, or a date by the server's clock.
pub fn retry_after(text: &str, date: Option<i64>, now: i64) -> Option<Duration> {
    if let Ok(seconds) = text.trim().parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let until = http_date::instant(text)?;
    Some(Duration::from_micros(until.saturating_sub(date.unwrap_or(now)).max(0) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let named = |text| retry_after(text, Some(784_111_777_000_000), 0);
        assert_eq!(named("120"), Some(Duration::from_secs(120)));
        assert_eq!(named(" 0 "), Some(Duration::ZERO));
        assert_eq!(named("Sun, 06 Nov 1994 08:49:47 GMT"), Some(Duration::from_secs(10)));
        assert_eq!(named("Sun, 06 Nov 1994 08:49:07 GMT"), Some(Duration::ZERO));
        for text in ["soon", "", "-1", "inf", "NaN"] {
            assert_eq!(named(text), None, "{text}");
        }
    }

    #[test]
    fn a_host_is_asked_no_faster_than_the_rate() {
        assert_eq!(next("pace.example:80", Some(2.0)), Duration::ZERO);
        let second = next("pace.example:80", Some(2.0));
        let third = next("pace.example:80", Some(2.0));
        assert!(second > Duration::from_millis(400) && third > second + Duration::from_millis(400));
        assert_eq!(next("other.example:80", Some(2.0)), Duration::ZERO);
    }

    #[test]
    fn a_host_that_asks_to_wait_is_left_alone_at_any_rate() {
        hold("busy.example:80", Duration::from_secs(60));
        assert!(next("busy.example:80", None) > Duration::from_secs(50));
        assert!(next("busy.example:80", Some(100.0)) > Duration::from_secs(50));
    }

    #[test]
    fn retries_end_at_their_limit_and_sum_their_waits() {
        let mut retries = Retries::default();
        let waits: Vec<Duration> = std::iter::from_fn(|| retries.next(3, Duration::from_secs(1))).collect();
        assert_eq!((waits.len(), retries.count, retries.waited), (3, 3, waits.iter().sum()));
        retries.add(Duration::from_secs(7));
        assert_eq!(retries.next(4, Duration::from_secs(1)), None);
        assert_eq!(retries.waited, waits.iter().sum::<Duration>() + Duration::from_secs(7));
    }

    #[test]
    fn waits_double_and_stay_bounded() {
        let second = Duration::from_secs(1);
        for retry in 0..40 {
            let wait = backoff(second, retry);
            let whole = Duration::from_secs(1 << retry.min(5)).min(LONGEST);
            assert!(wait <= whole && wait >= whole / 2);
        }
    }
}
