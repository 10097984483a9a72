//! One writer at a time.

use crate::error::{Error, Kind, Result};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::ErrorKind;
use std::path::Path;

/// The right to write to a harvest file. The system takes it back when the process ends, however it ends.
#[derive(Debug)]
pub struct Lock(File);

impl Lock {
    /// Takes the lock of the file at `path`, which is made if `create` says so.
    pub fn take(path: &Path, create: bool) -> Result<Self> {
        let opened = OpenOptions::new().read(true).write(true).create(create).truncate(false).open(path);
        let file = opened.map_err(|error| refused(path, &error, create))?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => {
                Err(Error::new(Kind::Locked, "another process is harvesting into this file")
                    .hint("wait until it is done; reading the file is possible meanwhile"))
            }
            Err(TryLockError::Error(error)) => {
                let message = format!("the file can't be locked: {error}");
                Err(Error::new(Kind::Io(error.kind(), error.raw_os_error()), message)
                    .hint("some network drives have no locks: harvest into a local folder and copy the file"))
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A child that was forked meanwhile shares the lock: closing alone would leave it with the child.
        drop(self.0.unlock());
    }
}

fn refused(path: &Path, error: &std::io::Error, create: bool) -> Error {
    let hint = match error.kind() {
        ErrorKind::NotFound if !create => "nat.harvest(…) or naturalia harvest makes it",
        ErrorKind::NotFound => "the folder has to be there",
        _ if path.is_dir() => "this is a folder: name a file in it",
        _ => "the file and its folder have to be writable",
    };
    let said = error.to_string();
    let said = said.split(" (os error").next().unwrap_or_default();
    Error::new(Kind::Io(error.kind(), error.raw_os_error()), said).hint(hint)
}
