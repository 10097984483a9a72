//! Plain elements are scanned directly, everything else goes through quick-xml. Both ways must
//! read the same page the same.

use crate::outcome::outcome;
use proptest::prelude::*;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The pages of the fixtures.
pub fn pages() -> &'static [(String, Vec<u8>)] {
    static PAGES: LazyLock<Vec<(String, Vec<u8>)>> =
        LazyLock::new(|| pages_below(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/oai")));
    &PAGES
}

/// The recorded pages of the corpus.
fn corpus_pages() -> Vec<(String, Vec<u8>)> {
    let corpus = std::env::var_os("NATURALIA_CORPUS").expect("NATURALIA_CORPUS names the folder of the corpus");
    pages_below(Path::new(&corpus).join("oai"))
}

fn pages_below(folder: PathBuf) -> Vec<(String, Vec<u8>)> {
    let mut folders = vec![folder];
    let mut pages = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "xml") {
                pages.push((path.display().to_string(), std::fs::read(path).unwrap()));
            }
        }
    }
    pages
}

#[test]
fn the_direct_scan_reads_every_page_as_the_event_reader_does() {
    read_alike_by_scan_and_events(pages());
}

#[test]
fn a_page_reads_the_same_in_pieces_of_any_size() {
    read_alike_in_pieces(pages());
}

#[test]
#[ignore = "reads the corpus: make test-corpus"]
fn recorded_pages_read_the_same_by_scan_and_events_and_in_pieces() {
    let pages = corpus_pages();
    assert!(pages.len() > 100, "{} pages below NATURALIA_CORPUS", pages.len());
    read_alike_by_scan_and_events(&pages);
    read_alike_in_pieces(&pages);
}

fn read_alike_by_scan_and_events(pages: &[(String, Vec<u8>)]) {
    for (name, bytes) in pages {
        assert_eq!(outcome(bytes, true, 1 << 20), outcome(bytes, false, 1 << 20), "{name}");
    }
}

fn read_alike_in_pieces(pages: &[(String, Vec<u8>)]) {
    for (name, bytes) in pages.iter().filter(|(_, bytes)| bytes.len() < 20_000) {
        let whole = outcome(bytes, true, 1 << 20);
        let sizes: &[usize] = if bytes.len() < 3_000 { &[1, 100, 1000] } else { &[700, 5000] };
        for piece in sizes.iter().copied() {
            assert_eq!(outcome(bytes, true, piece), whole, "{name} in pieces of {piece}");
        }
    }
}

/// Text, markup and faults as they occur in values.
fn fragment() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z é\n]{0,8}",
        1 => Just("&amp;".to_owned()),
        1 => Just("&nbsp; & ".to_owned()),
        1 => Just("<![CDATA[<x> &amp;]]>".to_owned()),
        1 => Just("<!-- c -->".to_owned()),
        1 => Just("<i>x</i>".to_owned()),
        1 => Just("<br>".to_owned()),
        1 => Just("\r\n \u{b}".to_owned()),
        1 => Just("]]> > '".to_owned()),
    ]
}

prop_compose! {
    fn value()(
        name in "(dc:title|dc:rights|dc:bogus|dcterms:extent|title|x:y)",
        attributes in "( xml:lang=\"nl\"| a='b&amp;'| q=\"x>y\"|  xsi:type=\"t\" )?",
        content in proptest::collection::vec(fragment(), 0..4),
    ) -> String {
        format!("<{name}{attributes}>{}</{name}>", content.concat())
    }
}

proptest! {
    #[test]
    fn generated_pages_read_the_same_both_ways_and_in_pieces(
        records in proptest::collection::vec(proptest::collection::vec(value(), 0..6), 1..4),
        piece in 1_usize..400,
    ) {
        let mut page = String::from("<OAI-PMH xmlns=\"http://www.openarchives.org/OAI/2.0/\"><ListRecords>");
        for (number, values) in records.iter().enumerate() {
            writeln!(
                page,
                "<record><header><identifier>{number}</identifier></header><metadata><oai_dc:dc \
                 xmlns:oai_dc=\"http://www.openarchives.org/OAI/2.0/oai_dc/\" \
                 xmlns:dc=\"http://purl.org/dc/elements/1.1/\">{}</oai_dc:dc></metadata></record>",
                values.concat()
            ).unwrap();
        }
        page.push_str("</ListRecords></OAI-PMH>");
        let whole = outcome(page.as_bytes(), true, 1 << 20);
        prop_assert_eq!(&whole, &outcome(page.as_bytes(), false, 1 << 20));
        prop_assert_eq!(&whole, &outcome(page.as_bytes(), true, piece));
    }
}
