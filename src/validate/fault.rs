//! What reading would repair, told instead.

use super::document::{Document, Piece};
use super::finding::Spot;
use crate::report::Fault;
use crate::xml::read::{Cursor, Repaired};

impl Document {
    /// Tells what the cursor forgave.
    pub(super) fn tell_repairs(&mut self, cursor: &mut Cursor<'_>, piece: &mut Piece<'_>) {
        for Repaired { fault, at, detail } in std::mem::take(&mut cursor.repairs) {
            self.tell_fault(fault, at, &detail, piece);
        }
    }

    /// Tells a fault that reading would have repaired.
    pub(super) fn tell_fault(&mut self, fault: Fault, at: usize, detail: &str, piece: &mut Piece<'_>) {
        let spot = self.spot(piece, at);
        let element = self.stack.last().map(|open| open.name.clone()).unwrap_or_default();
        // What became of it does not matter here: nothing is repaired.
        let what = detail.split([',', ';']).next().unwrap_or_default();
        let what = match fault {
            Fault::Ampersand => {
                detail.split("\": ").next().map_or_else(String::new, |start| format!("a bare `&` in {start}\""))
            }
            Fault::Entity | Fault::CharacterReference => {
                detail.split(", ").next().unwrap_or(detail).replace(" is unknown", " is not defined")
            }
            _ => what.to_owned(),
        };
        self.findings.tell(fault_rule(fault), spot, &element, &[("what", &what)]);
    }

    /// Tells the bytes that are no text, up to position `to`.
    pub(super) fn tell_marks(&mut self, piece: &mut Piece<'_>, to: usize) {
        let clean = piece.clean;
        while let Some(mark) = clean.marks.get(piece.marks).filter(|mark| mark.text < to) {
            piece.marks += 1;
            let spot = Spot { offset: self.base + mark.byte as u64, ..self.spot(piece, mark.text) };
            let element = self.stack.last().map(|open| open.name.clone()).unwrap_or_default();
            let what =
                mark.detail.split(',').next().unwrap_or_default().replace(" left out", " is no character of XML");
            self.findings.tell(fault_rule(mark.fault), spot, &element, &[("what", &what)]);
        }
    }
}

fn fault_rule(fault: Fault) -> &'static str {
    match fault {
        Fault::Encoding => "xml.encoding",
        Fault::Control => "xml.character",
        Fault::CharacterReference => "xml.reference",
        Fault::Ampersand => "xml.ampersand",
        Fault::Entity => "xml.entity",
        Fault::EndTag => "xml.end_tag",
        Fault::Declaration => "xml.declaration",
        // The others are found by stricter eyes than the cursor's.
        _ => "xml.markup",
    }
}
