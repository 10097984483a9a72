//! The files that `SQLite` keeps beside a database, looked at before it opens them.
//!
//! They come with a folder from elsewhere like everything else in it. A rollback journal may name a super-journal, which
//! `SQLite` deletes when it has rolled back; ours never name one, since no transaction has two databases.

use crate::error::{Error, Kind, Result};
use std::fs::{File, Metadata};
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// What ends a journal that names a super-journal (<https://sqlite.org/fileformat.html>, "The Rollback Journal").
const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
/// The name's length, its checksum and the mark.
const TAIL: u64 = 16;
const BESIDE: [&str; 3] = ["-journal", "-wal", "-shm"];

/// Refuses a database that is a link, or what is beside it, where the caller named only its folder.
pub(super) fn refuse_links(path: &Path) -> Result<()> {
    if let Some(found) = found(path)? {
        refuse_link(path, &found)?;
    }
    check(path)
}

/// Refuses files beside the database at `path` that `SQLite` must not follow. The database itself may be a link.
pub(super) fn check(path: &Path) -> Result<()> {
    let Ok(path) = path.canonicalize() else { return Ok(()) };
    for end in BESIDE {
        let mut name = path.clone().into_os_string();
        name.push(end);
        let beside = PathBuf::from(name);
        let Some(found) = found(&beside)? else { continue };
        refuse_link(&beside, &found)?;
        if names_another(&beside).map_err(|error| refused(&error))? {
            let message = format!("{} names another file, which would be deleted", beside.display());
            let hint = "naturalia writes no such journal: the file comes from elsewhere, delete it or move it away";
            return Err(Error::new(Kind::Harvest, message).hint(hint));
        }
    }
    Ok(())
}

fn found(path: &Path) -> Result<Option<Metadata>> {
    match path.symlink_metadata() {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(refused(&error)),
    }
}

fn refused(error: &std::io::Error) -> Error {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    Error::new(Kind::Io(error.kind(), error.raw_os_error()), text)
}

fn refuse_link(path: &Path, found: &Metadata) -> Result<()> {
    let what = if found.is_symlink() {
        "a symbolic link"
    } else if has_other_names(found) {
        "a file with other names (hard links)"
    } else {
        return Ok(());
    };
    let message = format!("{} is {what}, and nothing is written through it", path.display());
    Err(Error::new(Kind::Harvest, message).hint("put a copy of the file in its place, or move it away"))
}

#[cfg(unix)]
fn has_other_names(found: &Metadata) -> bool {
    found.is_file() && std::os::unix::fs::MetadataExt::nlink(found) > 1
}

/// Stable Rust gives no count of links here.
#[cfg(not(unix))]
fn has_other_names(_: &Metadata) -> bool {
    false
}

/// Whether a journal ends with the name of a super-journal.
fn names_another(path: &Path) -> std::io::Result<bool> {
    let mut file = match File::open(path) {
        // Another process has finished, and deleted it.
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        file => file?,
    };
    let size = file.metadata()?.len();
    if size < TAIL {
        return Ok(false);
    }
    file.seek(SeekFrom::Start(size - TAIL))?;
    let mut tail = [0; TAIL as usize];
    file.read_exact(&mut tail)?;
    Ok(tail[8..] == MAGIC && tail[..4] != [0; 4])
}
