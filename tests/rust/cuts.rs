//! A page that is cut is never read as a shorter page.

use crate::outcome::outcome;
use crate::scanner::pages;

#[test]
fn a_page_cut_at_any_byte_is_refused() {
    for (name, bytes) in pages().iter().filter(|(_, bytes)| bytes.len() < 6_000) {
        let whole = outcome(bytes, true, 1 << 20);
        let Some(end) = bytes.windows(3).rposition(|tail| tail == b"MH>" || tail == b"rd>") else { continue };
        // Several pages in one file are whole after each of them.
        if whole.contains("Error") || bytes.windows(10).filter(|part| part == b"</OAI-PMH>").count() != 1 {
            continue;
        }
        for cut in 0..end {
            let short = outcome(&bytes[..cut], true, 1 << 20);
            assert!(short.contains("Truncated") || short.contains("NotOaiPmh"), "{name} cut at {cut}: {short}");
        }
    }
}
