//! What keeping pages costs beside reading and packing them, and how large the file becomes.
#![allow(clippy::print_stdout, clippy::unwrap_used)]

use naturalia::error::Cancel;
use naturalia::source::Wanted;
use naturalia::source::page::listing;
use naturalia::store::{Body, NewPage, Request, Run, Span, Store};
use std::sync::Arc;

/// Reads and packs every page; keeps them too, if there is a file. Seconds, records and packed bytes.
fn pass(pages: &[Arc<Vec<u8>>], store: Option<&Store>) -> (f64, usize, usize) {
    let text = || "{}".to_owned();
    let run = Run { kind: text(), facts: text(), tally: text(), ..Run::default() };
    let ids = store.map(|store| {
        let run = store.add_run(&run).unwrap();
        (run, store.add_span(run, &Span::default()).unwrap())
    });
    let (wanted, cancel) = (Wanted::default(), Cancel::new(false));
    let (mut records, mut packed) = (0, 0);
    let start = cpu();
    for (number, page) in pages.iter().enumerate() {
        let listing = listing("page", page, &wanted, &wanted, &cancel).unwrap();
        let body = Body::pack(page).unwrap();
        records += listing.entries.len();
        packed += body.len();
        if let (Some(store), Some((run, span))) = (store, ids) {
            let entries = &listing.entries;
            let (request, next, format) = (Some("verb=ListRecords"), None, listing.format);
            let page = NewPage { run, span, fetched_at: 0, request, next, format, body: &body, entries, dated: true };
            store.put(&page).unwrap();
            // As often as a harvest commits that gets a page in five milliseconds.
            if number % 50 == 49 {
                store.commit().unwrap();
            }
        }
    }
    if let Some(store) = store {
        store.commit().unwrap();
    }
    (cpu() - start, records, packed)
}

/// Seconds this thread has worked; waiting for the disk is not among them.
fn cpu() -> f64 {
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    said.split(' ').next().unwrap().parse::<f64>().unwrap() / 1e9
}

fn median(mut seconds: Vec<f64>) -> f64 {
    seconds.sort_by(f64::total_cmp);
    seconds[seconds.len() / 2]
}

fn main() {
    let folder = std::env::args().nth(1).unwrap();
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let pages: Vec<Arc<Vec<u8>>> = paths.iter().map(|path| Arc::new(std::fs::read(path).unwrap())).collect();
    let file = std::env::temp_dir().join(format!("naturalia-bench-{}.sqlite", std::process::id()));
    let (mut alone, mut kept, mut sizes) = (Vec::new(), Vec::new(), (0, 0, 0));
    for _ in 0..5 {
        alone.push(pass(&pages, None).0);
        let request = Request { kind: String::new(), question: String::new(), prefix: None, manner: String::new() };
        let store = Store::open(&file, &request, 0, "bench").unwrap();
        let (seconds, records, packed) = pass(&pages, Some(&store));
        drop(store);
        kept.push(seconds);
        sizes = (records, packed, std::fs::metadata(&file).unwrap().len());
        std::fs::remove_file(&file).unwrap();
    }
    let (records, packed, size) = sizes;
    let bytes: usize = pages.iter().map(|page| page.len()).sum();
    println!(
        "{{\"seconds_packed\": {}, \"seconds_kept\": {}, \"records\": {records}, \"bytes\": {bytes}, \
         \"packed\": {packed}, \"file\": {size}}}",
        median(alone),
        median(kept)
    );
}
