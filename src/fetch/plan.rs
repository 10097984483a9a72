//! What is to be done with each medium, before anything is asked for.

use super::name;
use crate::error::Result;
use crate::http;
use crate::store::manifest::{Manifest, Medium};

/// The status of a medium that is to be fetched.
pub const WANTED: &str = "pending";

/// A medium of the table, and what was decided about it.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// What is known of it; its status is [`WANTED`], or why it is not.
    pub medium: Medium,
    /// The name wished for, with [`name::N`] where its number goes.
    pub name: String,
    /// The least digits of that number.
    pub width: usize,
}

/// What planning noticed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Noticed {
    /// Rows of a medium that had come before, with the same address.
    pub repeated: u64,
    /// The same with another address, which is not fetched.
    pub elsewhere: u64,
    /// Media whose address is another than the one their file came from.
    pub moved: u64,
}

impl Noticed {
    /// Adds up.
    pub fn add(&mut self, other: Self) {
        self.repeated += other.repeated;
        self.elsewhere += other.elsewhere;
        self.moved += other.moved;
    }
}

/// Takes up media in their order. With `again`, those that are here already are asked for once more.
pub fn plan(manifest: &Manifest, wishes: Vec<Wish>, again: bool) -> Result<Noticed> {
    manifest.begin()?;
    let mut noticed = Noticed::default();
    for wish in wishes {
        take(manifest, wish, again, &mut noticed)?;
    }
    manifest.commit()?;
    Ok(noticed)
}

fn take(manifest: &Manifest, wish: Wish, again: bool, noticed: &mut Noticed) -> Result<()> {
    let Wish { medium: mut new, name, width } = wish;
    new.run = manifest.run;
    new.host = new.url.as_deref().and_then(http::place);
    if new.status == WANTED && new.host.is_none() {
        let said = new.url.as_deref().map(http::shown).unwrap_or_default();
        "skipped".clone_into(&mut new.status);
        new.reason = Some("bad-address".to_owned());
        new.detail = Some(format!("{said:?} is no address of the web"));
    }
    let Some(old) = manifest.find(&new.source, &new.media_id)? else {
        if new.status == WANTED {
            new.due = true;
            give(manifest, &mut new, &name, width)?;
        }
        return manifest.put(&new);
    };
    if old.run == manifest.run {
        let same = old.url == new.url;
        noticed.repeated += u64::from(same);
        noticed.elsewhere += u64::from(!same);
        return Ok(());
    }
    let wanted = new.status == WANTED;
    let moved = old.url != new.url;
    new.id = old.id;
    (new.name, new.folded, new.family, new.n) = (old.name, old.folded, old.family, old.n);
    (new.path, new.sha256, new.size, new.r#type) = (old.path, old.sha256, old.size, old.r#type);
    new.fetched_at = old.fetched_at;
    if !moved || new.path.is_some() {
        (new.etag, new.modified) = (old.etag, old.modified);
    }
    match (wanted, new.path.is_some()) {
        (true, true) => {
            new.status = if old.status == "withdrawn" { "ok".to_owned() } else { old.status };
            (new.reason, new.detail) = (old.reason, old.detail);
            new.due = again;
            noticed.moved += u64::from(moved);
        }
        (true, false) => new.due = true,
        // It is here, and would not be fetched today.
        (false, true) => "withdrawn".clone_into(&mut new.status),
        (false, false) => {}
    }
    if new.due && new.name.is_none() {
        give(manifest, &mut new, &name, width)?;
    }
    manifest.put(&new)
}

/// Gives a medium its name, once and for all.
fn give(manifest: &Manifest, medium: &mut Medium, wish: &str, width: usize) -> Result<()> {
    let counted = wish.contains(name::N);
    let family = name::family(wish);
    let mut n = manifest.next_n(&family)?;
    loop {
        // A name without a number gets one only where it is taken.
        let own = match (counted, n) {
            (true, n) => name::numbered(wish, n, width),
            (false, 1) => name::portable(wish),
            (false, n) => name::portable(&format!("{wish}_{n}")),
        };
        let own = apart(own);
        let folded = name::folded(&own);
        if !manifest.is_given(&folded)? && !is_ours(&folded) {
            (medium.name, medium.folded, medium.family, medium.n) = (Some(own), Some(folded), Some(family), Some(n));
            return Ok(());
        }
        n += 1;
    }
}

/// The name, its first folder called otherwise if it would stand where our own files do.
fn apart(name: String) -> String {
    if name.contains('/') && is_reserved(&name) { format!("_{name}") } else { name }
}

/// Whether a path stands where our own files do, or begins in a folder that does.
pub(super) fn is_reserved(path: &str) -> bool {
    let folded = name::folded(path);
    let Some((first, _)) = folded.split_once('/') else {
        return matches!(&*folded, "attribution.csv" | "manifest.sqlite")
            || folded.strip_prefix("manifest.sqlite-").is_some_and(|end| matches!(end, "journal" | "wal" | "shm"));
    };
    first.starts_with("manifest.sqlite") || first.starts_with("attribution.csv")
}

/// Names of the files that we keep in the folder, without their endings.
fn is_ours(folded: &str) -> bool {
    matches!(folded, "manifest" | "attribution")
}
