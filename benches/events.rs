//! Bare quick-xml events against pages to columns, on the same bytes: prints JSON.
//!
//! `cargo run --release --example events -- FOLDER [ROUNDS]`
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use naturalia::oai::reader::{Options, PageReader};
use naturalia::scan::PIECE;
use quick_xml::events::Event;
use quick_xml::reader::Reader;
use std::time::Instant;

/// Number of events of a page, all checks of quick-xml at their defaults.
fn events(page: &str) -> usize {
    let mut reader = Reader::from_str(page);
    let mut count = 0;
    while !matches!(reader.read_event().unwrap(), Event::Eof) {
        count += 1;
    }
    count
}

/// Number of rows of a page.
fn rows(bytes: &[u8], plain: bool) -> usize {
    let mut reader = PageReader::new("", Options { plain, ..Options::default() });
    let (mut from, mut rows, mut want) = (0, 0, PIECE);
    loop {
        let end = (from + want).min(bytes.len());
        let last = end == bytes.len();
        let used = reader.feed(&bytes[from..end], last).unwrap();
        rows += reader.take().iter().map(|(_, columns)| columns.rows).sum::<usize>();
        if last {
            return rows;
        }
        want = if used * 2 < end - from { want * 2 } else { PIECE };
        from += used;
    }
}

/// Median seconds of `work` over the pages.
fn median(pages: &[String], rounds: usize, work: impl Fn(&str) -> usize) -> (f64, usize) {
    let mut seconds = Vec::new();
    let mut checked = 0;
    for _ in 0..rounds {
        let start = Instant::now();
        checked = pages.iter().map(|page| work(page)).sum();
        seconds.push(start.elapsed().as_secs_f64());
    }
    seconds.sort_by(f64::total_cmp);
    (seconds[rounds / 2], checked)
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let folder = arguments.next().expect("a folder of pages");
    let rounds: usize = arguments.next().map_or(5, |rounds| rounds.parse().unwrap());
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let pages: Vec<String> = paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
    let bytes: usize = pages.iter().map(String::len).sum();
    let (bare, count) = median(&pages, rounds, events);
    let (columns, records) = median(&pages, rounds, |page| rows(page.as_bytes(), true));
    let (events_only, again) = median(&pages, rounds, |page| rows(page.as_bytes(), false));
    assert_eq!(records, again);
    println!(
        "{{\"bytes\": {bytes}, \"events\": {count}, \"records\": {records}, \"seconds_events\": {bare}, \
         \"seconds_columns\": {columns}, \"seconds_columns_without_plain_scan\": {events_only}}}"
    );
}
