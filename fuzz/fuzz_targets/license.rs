//! Any text: no panic, and an answer that keeps its laws.
#![no_main]

use libfuzzer_sys::fuzz_target;

#[path = "../../tests/rust/answer.rs"]
mod answer;

fuzz_target!(|data: &[u8]| answer::laws(&String::from_utf8_lossy(data)));
