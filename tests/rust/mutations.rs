//! No input makes the reader panic, loop or disagree with itself.

use crate::outcome::outcome;
use crate::scanner::pages;
use proptest::prelude::*;

/// What tends to break parsers.
const PIECES: &[&[u8]] = &[
    b"<",
    b">",
    b"&",
    b";",
    b"\"",
    b"'",
    b"]]>",
    b"<![CDATA[",
    b"<!--",
    b"-->",
    b"<?xml ",
    b"?>",
    b"</",
    b"/>",
    b"\xc3",
    b"\0",
    b"&#xD800;",
    b"<record>",
    b"</record>",
    b"</OAI-PMH>",
    b"<!DOCTYPE x [",
    b" xmlns=\"\"",
    b"\xef\xbb\xbf",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_damaged_page_is_read_or_refused_the_same_in_any_pieces(
        page in any::<prop::sample::Index>(),
        damage in proptest::collection::vec((any::<prop::sample::Index>(), 0..PIECES.len(), 0_usize..12), 1..6),
        piece in 64_usize..2_000,
    ) {
        let small: Vec<_> = pages().iter().filter(|(_, bytes)| bytes.len() < 5_000).collect();
        let mut bytes = page.get(&small).1.clone();
        for (at, with, remove) in damage {
            let at = at.index(bytes.len().max(1)).min(bytes.len());
            let end = (at + remove).min(bytes.len());
            bytes.splice(at..end, PIECES[with].iter().copied());
        }
        let whole = outcome(&bytes, true, 1 << 20);
        let pieces = outcome(&bytes, true, piece);
        // Both read it or both refuse it.
        prop_assert_eq!(whole.starts_with("Error"), pieces.starts_with("Error"), "{} | {}", whole, pieces);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        outcome(&bytes, true, 1 << 20);
    }
}
