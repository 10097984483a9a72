//! The harvest file keeps what it was given, whatever happens to it.

use naturalia::error::{Cancel, Kind};
use naturalia::harvest::view::{self, View};
use naturalia::source::Wanted;
use naturalia::source::page::listing;
use naturalia::store::{Added, Body, Chosen, NewPage, Reader, Request, Run, Span, Store};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A path in a folder of its own, which goes with it.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("naturalia-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder.join("harvest.sqlite"))
    }

    fn folder(&self) -> &Path {
        self.0.parent().unwrap()
    }

    fn store(&self) -> Store {
        Store::open(&self.0, &request("a"), 1, "test").unwrap()
    }

    fn ids(&self, chosen: Chosen, deleted: bool) -> Vec<String> {
        let mut found = Vec::new();
        for table in View::open(&self.0, chosen, deleted).unwrap().parts().unwrap() {
            let table = table.unwrap();
            for data in table.column("identifier").unwrap() {
                let (naturalia::columns::Data::Text(text), rows) = (data, data.len()) else { panic!() };
                found.extend((0..rows).map(|row| text.raw(row).to_owned()));
            }
        }
        found
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(self.folder()));
    }
}

fn request(question: &str) -> Request {
    let question = format!("{{\"url\":\"{question}\"}}");
    Request { kind: "oai-pmh".to_owned(), question, prefix: Some("oai_dc".to_owned()), manner: "{}".to_owned() }
}

fn start(store: &Store) -> (i64, i64) {
    let text = || "{}".to_owned();
    let run = Run { kind: "full".to_owned(), started_at: 1, facts: text(), tally: text(), ..Run::default() };
    let run = store.add_run(&run).unwrap();
    let span = store.add_span(run, &Span::default()).unwrap();
    store.commit().unwrap();
    (run, span)
}

/// A page of records: identifier, datestamp (empty for none), title (empty for a deleted record).
fn page(records: &[(&str, &str, &str)]) -> Vec<u8> {
    let head = "<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><responseDate>2020-01-02T03:04:05Z\
        </responseDate><request verb=\"ListRecords\" metadataPrefix=\"oai_dc\">http://museum.example/oai</request>\n\
        <ListRecords>\n";
    let records: Vec<String> = records.iter().map(record).collect();
    format!("{head}{}</ListRecords></OAI-PMH>\n", records.concat()).into_bytes()
}

fn record((identifier, datestamp, title): &(&str, &str, &str)) -> String {
    let status = if title.is_empty() { " status=\"deleted\"" } else { "" };
    let datestamp = if datestamp.is_empty() { String::new() } else { format!("<datestamp>{datestamp}</datestamp>") };
    let metadata = format!(
        "<metadata><oai_dc:dc xmlns:oai_dc=\"http://www.openarchives.org/OAI/2.0/oai_dc/\" \
         xmlns:dc=\"http://purl.org/dc/elements/1.1/\"><dc:title>{title}</dc:title></oai_dc:dc></metadata>"
    );
    let metadata = if title.is_empty() { "" } else { &metadata };
    format!("<record><header{status}><identifier>{identifier}</identifier>{datestamp}</header>{metadata}</record>\n")
}

fn put(store: &Store, (run, span): (i64, i64), bytes: Vec<u8>, wanted: &Wanted) -> Added {
    let bytes = Arc::new(bytes);
    let listing = listing("page", &bytes, wanted, wanted, &Cancel::new(false)).unwrap();
    let body = Body::pack(&bytes).unwrap();
    let page = NewPage {
        run,
        span,
        fetched_at: 1_000_000 * run,
        request: Some("verb=ListRecords"),
        next: None,
        format: listing.format,
        body: &body,
        entries: &listing.entries,
        dated: true,
    };
    store.put(&page).unwrap()
}

fn keep(store: &Store, span: (i64, i64), records: &[(&str, &str, &str)]) -> Added {
    let added = put(store, span, page(records), &Wanted::default());
    store.commit().unwrap();
    added
}

#[test]
fn what_was_committed_is_there_and_nothing_else() {
    let place = Place::new();
    let store = place.store();
    let run = start(&store);
    keep(&store, run, &[("a", "2020-01-01", "A"), ("b", "2020-01-01", "B")]);
    put(&store, run, page(&[("c", "2020-01-01", "C")]), &Wanted::default());
    drop(store);
    assert_eq!(place.ids(Chosen::Current, true), ["a", "b"]);
    assert_eq!(std::fs::read_dir(place.folder()).unwrap().count(), 1, "closed it is one file");
}

#[test]
fn the_newest_datestamp_counts_else_the_later_arrival() {
    let place = Place::new();
    let store = place.store();
    let run = start(&store);
    keep(&store, run, &[("a", "2020-01-02", "newer"), ("b", "2020-01-01", "first"), ("c", "", "first")]);
    let added = keep(&store, run, &[("a", "2020-01-01", "older"), ("b", "2020-01-01", "second"), ("c", "", "second")]);
    assert_eq!(added, Added { duplicates: 3, ..Added::default() });
    let raw = |id| String::from_utf8(view::raw(&place.0, id, false).unwrap()).unwrap();
    assert!(raw("a").contains("newer") && raw("b").contains("second") && raw("c").contains("second"));
    assert_eq!(place.ids(Chosen::Current, true), ["a", "b", "c"]);
    assert_eq!(view::history(&place.0, "b", &Cancel::new(false)).unwrap().len(), 2);
}

#[test]
fn a_record_that_comes_again_unchanged_is_no_change() {
    let place = Place::new();
    let store = place.store();
    let first = start(&store);
    keep(&store, first, &[("a", "2020-01-01", "A"), ("b", "2020-01-01", "B")]);
    let second = start(&store);
    let added = keep(&store, second, &[("a", "2020-01-01", "A"), ("b", "2020-01-02", ""), ("c", "2020-01-02", "C")]);
    assert_eq!(added, Added { unique: 3, deleted: 1, new: 1, changed: 1, ..Added::default() });
    assert_eq!(place.ids(Chosen::Run(second.0), true), ["b", "c"]);
    assert_eq!(place.ids(Chosen::Current, false), ["a", "c"]);
    assert_eq!(Reader::open(&place.0).unwrap().counts().unwrap(), (2, 1));
    assert_eq!(Reader::open(&place.0).unwrap().deletions().unwrap(), (1, 0));
}

#[test]
fn a_view_does_not_see_what_comes_after_it_was_opened() {
    let place = Place::new();
    let store = place.store();
    let run = start(&store);
    keep(&store, run, &[("a", "2020-01-01", "old"), ("b", "2020-01-01", "B")]);
    let view = View::open(&place.0, Chosen::Current, true).unwrap();
    keep(&store, run, &[("a", "2020-01-02", "new"), ("c", "2020-01-02", "C")]);
    let rows: usize = view.parts().unwrap().map(|table| table.unwrap().len()).sum();
    assert_eq!(rows, 2, "a as it was, and b");
}

#[test]
fn strays_are_kept_and_counted_and_shown_nowhere() {
    let place = Place::new();
    let store = place.store();
    let run = start(&store);
    let wanted = Wanted { since: naturalia::value::date::instant("2020-01-01"), ..Wanted::default() };
    let added = put(&store, run, page(&[("a", "2019-12-31", "A"), ("b", "2020-01-01", "B")]), &wanted);
    store.commit().unwrap();
    assert_eq!((added.strays, added.unique), (1, 1));
    assert_eq!(place.ids(Chosen::Current, true), ["b"]);
    assert!(Reader::open(&place.0).unwrap().verify(&Cancel::new(false)).unwrap().is_empty());
}

#[test]
fn there_is_one_writer_at_a_time() {
    let place = Place::new();
    let store = place.store();
    let second = Store::open(&place.0, &request("a"), 1, "test").unwrap_err();
    assert_eq!(*second.kind(), Kind::Locked);
    drop(store);
    place.store();
}

#[test]
fn another_question_is_refused() {
    let place = Place::new();
    drop(place.store());
    let refused = Store::open(&place.0, &request("b"), 1, "test").unwrap_err();
    assert_eq!(*refused.kind(), Kind::Mismatch);
    assert!(refused.message().contains("\"a\"") && refused.message().contains("\"b\""));
}

#[test]
fn newer_files_foreign_databases_and_other_files_are_refused() {
    let place = Place::new();
    drop(place.store());
    let change = |sql: &str| rusqlite::Connection::open(&place.0).unwrap().execute_batch(sql).unwrap();
    change("PRAGMA user_version = 99");
    for error in [Reader::open(&place.0).unwrap_err(), Store::reopen(&place.0).unwrap_err()] {
        assert!(*error.kind() == Kind::Harvest && error.message().contains("version 99"), "{error}");
    }
    change("PRAGMA application_id = 7");
    assert!(Reader::open(&place.0).unwrap_err().message().contains("no harvest file"));
    std::fs::write(&place.0, "identifier,title\n".repeat(100)).unwrap();
    assert!(Store::open(&place.0, &request("a"), 1, "test").unwrap_err().message().contains("no harvest file"));
    assert_eq!(std::fs::read_to_string(&place.0).unwrap().len(), 1700, "left as it was");
}

#[test]
fn damage_is_found_wherever_it_is() {
    let place = Place::new();
    let store = place.store();
    let run = start(&store);
    for number in 0..40 {
        let id = format!("id-{number}");
        let text: String = (0..300).map(|n| char::from(b'a' + ((n * n + number * 7 + n / 3) % 26) as u8)).collect();
        keep(&store, run, &[(&id, "2020-01-01", &text)]);
    }
    drop(store);
    let verify = || Reader::open(&place.0).and_then(|reader| reader.verify(&Cancel::new(false)));
    assert!(verify().unwrap().is_empty());
    let whole = std::fs::read(&place.0).unwrap();
    // Cut anywhere.
    std::fs::write(&place.0, &whole[..whole.len() - 4096]).unwrap();
    assert!(verify().map_or(true, |wrong| !wrong.is_empty()));
    // A byte of a page flipped.
    let needle = b"id-17";
    let mut found = 0;
    for at in (0..whole.len() - 5).filter(|at| whole[*at..*at + 5] == *needle) {
        let mut bytes = whole.clone();
        bytes[at + 20] ^= 0x55;
        std::fs::write(&place.0, &bytes).unwrap();
        found += usize::from(verify().map_or(true, |wrong| !wrong.is_empty()));
    }
    assert!(found > 0);
}

#[test]
fn purged_records_leave_no_byte_and_do_not_disturb_the_others() {
    let place = Place::new();
    let store = place.store();
    let run = start(&store);
    let noise: String =
        (0..4000_u32).map(|n| char::from(b'!' + (n.wrapping_mul(2_654_435_761) >> 24) as u8 % 90)).collect();
    let noise = noise.replace(['<', '&'], "x");
    keep(&store, run, &[("a", "2020-01-01", "A"), ("secret", "2020-01-01", &noise), ("b", "2020-01-01", "B")]);
    assert_eq!(store.purge(&["secret".to_owned()]).unwrap(), 1);
    assert!(store.purged().unwrap().holds("secret") && !store.purged().unwrap().holds("a"));
    drop(store);
    assert_eq!(place.ids(Chosen::Current, true), ["a", "b"]);
    assert!(view::raw(&place.0, "secret", false).is_err());
    assert!(String::from_utf8(view::raw(&place.0, "b", true).unwrap()).unwrap().contains("<dc:title>B<"));
    let bytes = std::fs::read(&place.0).unwrap();
    assert!(!bytes.windows(6).any(|window| window == b"secret"));
    assert!(!bytes.windows(40).any(|window| window == &noise.as_bytes()[..40]));
    assert!(Reader::open(&place.0).unwrap().verify(&Cancel::new(false)).unwrap().is_empty());
}

#[test]
fn a_page_of_a_purged_record_alone_is_blanked_whole() {
    let place = Place::new();
    let store = place.store();
    let run = start(&store);
    keep(&store, run, &[("oai:secret:17", "2020-01-01", "A")]);
    keep(&store, run, &[("b", "2020-01-01", "B")]);
    store.purge(&["oai:secret:17".to_owned()]).unwrap();
    drop(store);
    assert_eq!(place.ids(Chosen::Current, true), ["b"]);
    let reader = Reader::open(&place.0).unwrap();
    assert!(reader.page(1).unwrap().bytes.iter().all(|byte| *byte == b' '));
    assert!(reader.verify(&Cancel::new(false)).unwrap().is_empty());
}

#[test]
fn records_without_an_identifier_are_told_apart_by_their_bytes() {
    let place = Place::new();
    let store = place.store();
    let run = start(&store);
    let added = keep(&store, run, &[("", "2020-01-01", "A"), ("", "2020-01-01", "B"), ("", "2020-01-01", "A")]);
    assert_eq!((added.unique, added.duplicates), (2, 1));
    assert_eq!(place.ids(Chosen::Current, true).len(), 2);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn the_current_records_are_those_of_a_plain_replay(
        pages in prop::collection::vec(prop::collection::vec((0..6_u8, 0..3_u8, 0..3_u8), 1..5), 1..6),
    ) {
        let place = Place::new();
        let store = place.store();
        let run = start(&store);
        let mut replay = std::collections::BTreeMap::new();
        for records in &pages {
            let texts: Vec<_> = records
                .iter()
                .map(|(id, day, title)| (format!("id{id}"), format!("2020-01-0{}", day + 1), "x".repeat(*title as usize)))
                .collect();
            let records: Vec<_> = texts.iter().map(|(a, b, c)| (a.as_str(), b.as_str(), c.as_str())).collect();
            keep(&store, run, &records);
            for (id, day, title) in &texts {
                let known = replay.entry(id.clone()).or_insert_with(|| (day.clone(), title.clone()));
                if *day >= known.0 {
                    *known = (day.clone(), title.clone());
                }
            }
        }
        let mut ids = place.ids(Chosen::Current, true);
        ids.sort();
        prop_assert_eq!(ids, replay.keys().cloned().collect::<Vec<_>>());
        for (id, (day, title)) in &replay {
            let raw = String::from_utf8(view::raw(&place.0, id, false).unwrap()).unwrap();
            prop_assert!(raw.contains(day.as_str()));
            let shown = format!(">{title}</dc:title>");
            let there = raw.contains(if title.is_empty() { "deleted" } else { &shown });
            prop_assert!(there);
        }
    }
}
