//! What the standards would refuse: pages as they lie there and tables as they would be written.
//!
//! A page is checked in one pass, piece by piece, against the rules of `validate/rules.tsv`: first
//! that it is XML, then what the schemas of the envelope, of `oai_dc` and of `oai_oi` ask, then what
//! the text of OAI-PMH asks beyond them. Nothing is repaired on the way: what reading forgives is
//! said here.

mod content;
mod document;
mod fault;
pub mod finding;
mod markup;
mod model;
mod page;
mod protocol;
mod record;
mod rows;
pub mod rules;
mod simple;

pub use finding::{Findings, Spot};
pub use rows::check as check_rows;

use crate::error::{Cancel, Kind, Result, go_on};
use crate::scan::{Input, PIECE, in_order};
use document::Document;
use page::Facts;

/// What the checked inputs hold.
#[derive(Debug, Default)]
pub struct Outcome {
    /// What was found.
    pub findings: Findings,
    /// Pages, bare records included.
    pub pages: u64,
    /// Records.
    pub records: u64,
    facts: Vec<Facts>,
}

/// How to check.
#[derive(Debug, Clone, Copy)]
pub struct Plan {
    /// Findings of a rule to keep.
    pub most: usize,
    /// Threads to use; all processors if none is given.
    pub threads: Option<usize>,
    /// Bytes checked at once; [`PIECE`] if none is given.
    pub piece: Option<usize>,
}

/// Checks all inputs, side by side.
pub fn check(inputs: &[Input], plan: Plan, cancel: &Cancel) -> Result<Outcome> {
    let mut whole = Outcome { findings: Findings::new("", plan.most), ..Outcome::default() };
    // A window at a time, so that what is found in many files does not pile up before it is counted.
    for window in inputs.chunks(256) {
        for part in in_order(window, plan.threads, |(): &mut (), input| check_one(input, plan, cancel)) {
            let part = part?;
            whole.findings.absorb(part.findings);
            whole.pages += part.pages;
            whole.records += part.records;
            whole.facts.extend(part.facts);
        }
    }
    page::across(&whole.facts, &mut whole.findings);
    Ok(whole)
}

fn check_one(input: &Input, plan: Plan, cancel: &Cancel) -> Result<Outcome> {
    let most = plan.most;
    let source = input.name();
    let mut opened = match input.open() {
        Ok(opened) => opened,
        Err(error) if matches!(error.kind(), Kind::Io(..)) => return Err(error.in_source(&source)),
        Err(error) => {
            let mut findings = Findings::new(&source, most);
            findings.tell("xml.cut", Spot::default(), "", &[("element", error.message())]);
            return Ok(Outcome { findings, ..Outcome::default() });
        }
    };
    let mut document = Document::new(&source, opened.encoding, opened.start, most);
    let piece = plan.piece.unwrap_or(PIECE).max(1);
    let mut want = piece;
    loop {
        go_on(cancel)?;
        let (bytes, last) = match opened.bytes.window(want) {
            Ok(window) => window,
            Err(error) if matches!(error.kind(), Kind::Io(..)) => return Err(error.in_source(&source)),
            Err(error) => {
                document.broken(error.message());
                break;
            }
        };
        let (size, used) = (bytes.len(), document.feed(bytes, last));
        for (at, detail) in opened.take_malformed() {
            document.malformed(at, &detail);
        }
        let Some(used) = used.filter(|_| !last) else { break };
        opened.bytes.advance(used);
        // What is left over is read again, so a piece that ends in a long value is worth a longer one.
        want = if used * 2 < size { want * 2 } else { piece };
    }
    Ok(document.finish())
}
