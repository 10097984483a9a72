//! Any bytes: no panic, and the same outcome by the direct scan, by events, and in pieces.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/rust/outcome.rs"]
mod outcome;
use outcome::outcome;

const WHOLE: usize = 1 << 30;

fuzz_target!(|data: &[u8]| {
    let whole = outcome(data, true, WHOLE);
    assert_eq!(whole, outcome(data, false, WHOLE));
    let sum: usize = data.iter().map(|byte| usize::from(*byte)).sum();
    let pieces = outcome(data, true, 1 + sum % 997);
    // Where a page is refused depends on how much of it was seen; whether it is does not.
    match whole.starts_with("Error") {
        true => assert!(pieces.starts_with("Error"), "{pieces}"),
        false => assert_eq!(whole, pieces),
    }
});
