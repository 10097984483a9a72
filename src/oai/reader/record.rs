//! One record: header, metadata, about.

use super::{PageReader, bound, is_xml};
use crate::format::Vocabulary;
use crate::report::Fault;
use crate::xml::names::{Resolved, local, prefix};
use crate::xml::read::{Cursor, Read, Tag};

impl PageReader {
    pub(super) fn record<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<()> {
        let depth = self.outer.depth();
        cursor.enter(tag, &mut self.outer)?;
        let mut metadata = false;
        if !tag.empty {
            cursor.open.push(tag.name);
            while let Some(child) = cursor.child(tag.name)? {
                let before = self.outer.depth();
                cursor.enter(&child, &mut self.outer)?;
                cursor.open.push(child.name);
                match local(child.name) {
                    "header" => self.bag.header(cursor, &child, &mut self.outer)?,
                    "metadata" => metadata |= self.metadata(cursor, &child)?,
                    "about" => {
                        while !child.empty
                            && let Some(inner) = cursor.child(child.name)?
                        {
                            let about = cursor.element(&inner, &mut self.outer)?;
                            self.bag.keep("oai:about", &about);
                        }
                    }
                    name => {
                        let ns = bound(&self.outer, child.name);
                        if is_xml(Vocabulary::of_payload(ns, name).0) {
                            self.bag.misplaced(cursor, &child, &mut self.outer, "the record")?;
                        } else {
                            let detail = format!("`{}` outside `metadata`, read as if inside", child.name);
                            cursor.repair(Fault::Misplaced, child.at, detail);
                            self.payload(cursor, &child)?;
                            metadata = true;
                        }
                    }
                }
                self.outer.leave(before);
                cursor.open.truncate(1);
            }
        }
        self.outer.leave(depth);
        if !metadata && !self.bag.is_deleted() {
            self.report.without_metadata += 1;
        }
        self.end_record();
        Ok(())
    }

    /// Reads `metadata`; whether it held anything.
    pub(super) fn metadata<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<bool> {
        let mut found = false;
        while !tag.empty
            && let Some(child) = cursor.child(tag.name)?
        {
            if found {
                let xml = cursor.element(&child, &mut self.outer)?;
                cursor.repair(Fault::Misplaced, child.at, "a second payload, kept in extra");
                self.bag.keep("oai:metadata", &xml);
            } else {
                self.payload(cursor, &child)?;
            }
            found = true;
        }
        Ok(found)
    }

    pub(super) fn payload<'a>(&mut self, cursor: &mut Cursor<'a>, tag: &Tag<'a>) -> Read<()> {
        // The names of one payload hold for the next one if its tag is the same to the byte.
        let shared = self.outer.depth() == self.root_depth;
        if !shared || self.inner_tag.as_deref() != Some(tag.attributes_raw()) {
            self.inner = self.outer.clone();
            cursor.enter(tag, &mut self.inner)?;
            self.bag.forget_names();
            self.inner_tag = shared.then(|| tag.attributes_raw().to_owned());
        }
        let ns = bound(&self.inner, tag.name);
        let resolved = self.inner.resolve(prefix(tag.name));
        let (vocabulary, right) = Vocabulary::of_payload(ns, local(tag.name));
        let decided = match self.bag.vocabulary() {
            None => {
                self.bag.adopt(vocabulary);
                vocabulary
            }
            Some(decided) => decided,
        };
        let xml = is_xml(decided);
        if self.bag.is_deleted() || xml || decided.name != vocabulary.name {
            let element = cursor.element(tag, &mut self.outer)?;
            self.bag.keep_xml(&element, xml && !self.bag.is_deleted());
            return Ok(());
        }
        if let Resolved::Guessed(_) = resolved {
            cursor.repair(Fault::Prefix, tag.at, format!("the prefix of `{}` is not declared", tag.name));
        } else if !right || matches!(resolved, Resolved::Misspelt(_)) {
            let detail = format!("`{}` is not in the namespace of {}", tag.name, vocabulary.name);
            cursor.repair(Fault::Namespace, tag.at, detail);
        }
        self.bag.payload(cursor, tag, &mut self.inner)
    }

    pub(super) fn end_record(&mut self) {
        let deleted = u64::from(self.bag.is_deleted());
        self.report.records += 1;
        self.report.deleted += deleted;
        self.report.trimmed += self.bag.trimmed;
        self.report.empty += self.bag.empty;
        self.bag.end_record();
        self.ended = true;
        let page = self.page();
        page.records += 1;
        page.deleted += deleted;
    }
}
