//! Files and their names in the folder: what has come takes its name, what the manifest says is looked for.

use super::file::{Fetched, sha256};
use crate::error::{Error, Kind, Result};
use crate::store::manifest::{Manifest, Medium};
use serde_json::value::RawValue;
use serde_json::{json, to_string_pretty};
use std::fs;
use std::io;
use std::path::Path;

fn failed(error: &io::Error, path: &Path) -> Error {
    let said = error.to_string();
    let said = said.split(" (os error").next().unwrap_or_default().to_owned();
    let error = Error::new(Kind::Io(error.kind(), error.raw_os_error()), said);
    error.hint("once it can be written, run this again: it goes on where it was").in_source(&path.display().to_string())
}

/// Takes a part away that is of no use.
pub fn remove(part: &Path) -> Result<()> {
    match fs::remove_file(part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(failed(&error, part)),
        _ => Ok(()),
    }
}

/// Whether another file has the name already.
pub fn is_taken(path: &Path, fetched: &Fetched) -> Result<bool> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed(&error, path)),
        Ok(there) if !there.is_file() || there.len() != fetched.size => Ok(true),
        Ok(_) => Ok(sha256(path).map_err(|error| failed(&error, path))? != fetched.sha256),
    }
}

/// Gives a part the name of its medium, after the sidecar has got its own.
pub fn place(folder: &Path, medium: &Medium, part: &Path, sidecar: bool) -> Result<()> {
    let Some(own) = &medium.path else { return Ok(()) };
    let path = folder.join(own);
    if sidecar {
        let beside = folder.join(format!("{own}.json"));
        let begun = folder.join(format!("{own}.json.part"));
        fs::write(&begun, said(medium)?).map_err(|error| failed(&error, &begun))?;
        fs::rename(&begun, &beside).map_err(|error| failed(&error, &beside))?;
    }
    fs::rename(part, &path).map_err(|error| failed(&error, &path))
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

/// Brings folder and manifest together: what was committed and not yet placed gets its name, what is gone becomes due,
/// what was changed in the folder is said to be.
pub fn settle(manifest: &Manifest, folder: &Path, sidecars: bool) -> Result<Settled> {
    let mut settled = Settled::default();
    let mut after = 0;
    loop {
        let rows = manifest.rows(after, 512)?;
        let Some(last) = rows.last() else { return Ok(settled) };
        after = last.id;
        manifest.begin()?;
        for mut medium in rows {
            let Some(own) = medium.path.clone() else { continue };
            let size = fs::metadata(folder.join(&own)).ok().map(|there| there.len() as i64);
            let ours = matches!(&*medium.status, "ok" | "altered" | "unchecked");
            if size.is_some() && size == medium.size {
                if medium.status == "altered" {
                    "ok".clone_into(&mut medium.status);
                    (medium.reason, medium.detail) = (None, None);
                    manifest.put(&medium)?;
                }
                continue;
            }
            let part = folder.join(format!("{}.part", medium.name.as_deref().unwrap_or_default()));
            if sha256(&part).ok() == medium.sha256 && medium.sha256.is_some() {
                place(folder, &medium, &part, sidecars)?;
                settled.placed += 1;
            } else if let Some(size) = size {
                if ours {
                    "altered".clone_into(&mut medium.status);
                    medium.reason = Some("altered-here".to_owned());
                    let was = medium.size.unwrap_or_default();
                    medium.detail =
                        Some(format!("the file has {size} bytes, and {was} were fetched; it was left as it is"));
                    medium.due = false;
                    manifest.put(&medium)?;
                    settled.altered += 1;
                }
            } else if medium.run == manifest.run && medium.status != "withdrawn" {
                super::plan::WANTED.clone_into(&mut medium.status);
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
