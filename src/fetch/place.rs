//! Files and their names in the folder: what has come takes its name, what the manifest says is looked for.

use super::file::{Fetched, sha256};
use super::folder::Folder;
use super::{name, plan};
use crate::error::{Error, Kind, Result};
use crate::store::manifest::{Manifest, Medium};
use serde_json::value::RawValue;
use serde_json::{json, to_string_pretty};
use std::io;
use std::path::Path;

fn failed(error: &io::Error, folder: &Folder, name: &str) -> Error {
    let path = folder.path(name).ok();
    let said = error.to_string();
    let said = said.split(" (os error").next().unwrap_or_default().to_owned();
    let error = Error::new(Kind::Io(error.kind(), error.raw_os_error()), said);
    error
        .hint("once it can be written, run this again: it goes on where it was")
        .in_source(&path.map_or_else(|| name.to_owned(), |path| path.display().to_string()))
}

/// Refuses a manifest with a name that leads out of its folder or to files that fetching keeps there itself.
pub fn check(manifest: &Manifest, path: &Path) -> Result<()> {
    let wrong = manifest.find_name(|name, is_path| !name::is_portable(name) || is_path && plan::is_reserved(name))?;
    let Some(wrong) = wrong else { return Ok(()) };
    let message = format!("the manifest has {wrong:?}, which is not the name of a file in its folder");
    let hint = "it was changed or comes from elsewhere; no file was read or written: fetch into another folder, or move it away";
    Err(Error::new(Kind::Harvest, message).hint(hint).in_source(&path.display().to_string()))
}

/// Takes a part away that is of no use.
pub fn remove(folder: &Folder, part: &str) -> Result<()> {
    folder.remove(part).map_err(|error| failed(&error, folder, part))
}

/// Whether another file has the name already.
pub fn is_taken(folder: &Folder, path: &str, fetched: &Fetched) -> Result<bool> {
    let failed = |error| failed(&error, folder, path);
    match folder.metadata(path).map_err(failed)? {
        None => Ok(false),
        Some(found) if !found.is_file() || found.len() != fetched.size => Ok(true),
        Some(_) => Ok(folder.open(path).and_then(sha256).map_err(failed)? != fetched.sha256),
    }
}

/// Gives a part the name of its medium, after the sidecar has got its own.
pub fn place(folder: &Folder, medium: &Medium, part: &str, sidecar: bool) -> Result<()> {
    let Some(path) = &medium.path else { return Ok(()) };
    if sidecar {
        let beside = format!("{path}.json");
        folder.write(&beside, &said(medium)?).map_err(|error| failed(&error, folder, &beside))?;
    }
    folder.rename(part, path).map_err(|error| failed(&error, folder, path))
}

/// The sidecar: the file, its licence, and the row of the table.
fn said(medium: &Medium) -> Result<String> {
    let wrong = |error: serde_json::Error| Error::new(Kind::Value, format!("a sidecar can't be written: {error}"));
    let at = medium.fetched_at.unwrap_or_default();
    let row: Option<&RawValue> = medium.facts.as_deref().map(serde_json::from_str).transpose().map_err(wrong)?;
    let row = row.map(|row| serde_json::from_str::<serde_json::Value>(row.get())).transpose().map_err(wrong)?;
    let said = json!({
        "file": {
            "path": medium.path, "sha256": medium.sha256, "size": medium.size, "type": medium.r#type,
            "url": medium.url.as_deref().map(crate::http::shown), "fetched_at": crate::value::date::written(at),
        },
        "license": {
            "label": medium.license, "uri": medium.license_uri, "status": medium.license_status,
            "attribution": medium.attribution,
        },
        "media": row,
    });
    Ok(to_string_pretty(&said).map_err(wrong)? + "\n")
}

/// What was found when the folder was compared with its manifest.
#[derive(Debug, Clone, Copy, Default)]
pub struct Settled {
    /// Files that only lacked their names.
    pub placed: u64,
    /// Files that are gone from the folder, and are fetched again.
    pub missing: u64,
    /// Files that are others than those fetched.
    pub altered: u64,
}

/// Notes that what is in the folder is not the file that was fetched.
fn alter(medium: &mut Medium, detail: String) {
    "altered".clone_into(&mut medium.status);
    (medium.reason, medium.detail) = (Some("altered-here".to_owned()), Some(detail));
    medium.due = false;
}

/// Brings folder and manifest together: what was committed and not yet placed gets its name, what is gone becomes due,
/// what was changed in the folder is said to be.
pub fn settle(manifest: &Manifest, folder: &Folder, sidecars: bool) -> Result<Settled> {
    let mut settled = Settled::default();
    let mut after = 0;
    loop {
        let rows = manifest.rows(after, 512)?;
        let Some(last) = rows.last() else { return Ok(settled) };
        after = last.id;
        manifest.begin()?;
        for mut medium in rows {
            let Some(own) = medium.path.clone() else { continue };
            let ours = matches!(&*medium.status, "ok" | "altered" | "unchecked");
            let found = match folder.metadata(&own) {
                Ok(found) if found.as_ref().is_none_or(std::fs::Metadata::is_file) => found,
                found => {
                    // A link, or a folder behind one: nothing is read, written or deleted there.
                    if ours {
                        let why = found.err().map_or_else(|| "it is not a regular file".to_owned(), |e| e.to_string());
                        alter(&mut medium, format!("{why}; it was left as it is"));
                        manifest.put(&medium)?;
                        settled.altered += 1;
                    }
                    continue;
                }
            };
            let size = found.map(|found| found.len() as i64);
            if size.is_some() && size == medium.size {
                if medium.status == "altered" {
                    "ok".clone_into(&mut medium.status);
                    (medium.reason, medium.detail) = (None, None);
                    manifest.put(&medium)?;
                }
                continue;
            }
            let part = format!("{}.part", medium.name.as_deref().unwrap_or_default());
            let digest = medium.sha256.as_ref().and_then(|_| folder.open(&part).and_then(sha256).ok());
            if digest.is_some() && digest == medium.sha256 {
                place(folder, &medium, &part, sidecars)?;
                settled.placed += 1;
            } else if let Some(size) = size {
                if ours {
                    let was = medium.size.unwrap_or_default();
                    alter(
                        &mut medium,
                        format!("the file has {size} bytes, and {was} were fetched; it was left as it is"),
                    );
                    manifest.put(&medium)?;
                    settled.altered += 1;
                }
            } else if medium.run == manifest.run && medium.status != "withdrawn" {
                plan::WANTED.clone_into(&mut medium.status);
                (medium.path, medium.sha256, medium.size, medium.etag, medium.modified) =
                    (None, None, None, None, None);
                medium.due = true;
                manifest.put(&medium)?;
                settled.missing += 1;
            }
        }
        manifest.commit()?;
    }
}
