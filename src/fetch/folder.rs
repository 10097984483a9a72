//! The folder that files are fetched into. Every name in it is checked before it becomes a path, and no link in it is
//! followed: neither one in the place of a file nor one in the place of a sub-folder.
//!
//! The folder itself is the caller's and may be a link.

use super::name;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// A folder of files, addressed by names that are checked.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The folder at `root`.
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The path of a name.
    ///
    /// # Errors
    /// A name that leads out of the folder, or a link or file in the place of a sub-folder.
    pub fn path(&self, name: &str) -> io::Result<PathBuf> {
        self.resolved(name, false)
    }

    /// The path of a name; sub-folders that are missing are made if `make` is set.
    fn resolved(&self, name: &str, make: bool) -> io::Result<PathBuf> {
        if !name::is_portable(name) {
            let message = format!("{name:?} is not the name of a file in the folder");
            return Err(io::Error::new(ErrorKind::InvalidInput, message));
        }
        let mut path = self.root.clone();
        let (folders, file) = name.rsplit_once('/').map_or((None, name), |(folders, file)| (Some(folders), file));
        for folder in folders.into_iter().flat_map(|folders| folders.split('/')) {
            path.push(folder);
            match fs::symlink_metadata(&path) {
                Ok(found) if found.is_dir() => {}
                Ok(found) => return Err(unsuitable(&path, &found)),
                Err(error) if error.kind() == ErrorKind::NotFound && make => fs::create_dir(&path)?,
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        path.push(file);
        Ok(path)
    }

    /// What is at a name, if anything; of a link the link itself.
    ///
    /// # Errors
    /// Those of [`Folder::path`], and those of the file system.
    pub fn metadata(&self, name: &str) -> io::Result<Option<Metadata>> {
        match fs::symlink_metadata(self.path(name)?) {
            Ok(found) => Ok(Some(found)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Opens a regular file for reading.
    ///
    /// # Errors
    /// Those of [`Folder::path`], anything else than a regular file, and those of the file system.
    pub fn open(&self, name: &str) -> io::Result<File> {
        opened(&self.path(name)?, OpenOptions::new().read(true))
    }

    /// The bytes of a part file that may be continued: a regular file without other names; otherwise 0.
    ///
    /// # Errors
    /// Those of [`Folder::path`], and those of the file system.
    pub fn resumable(&self, name: &str) -> io::Result<u64> {
        let found = self.metadata(name)?;
        Ok(found.filter(|found| found.is_file() && links(found) == 1).map_or(0, |found| found.len()))
    }

    /// Opens a part file to go on with it.
    ///
    /// # Errors
    /// Those of [`Folder::open`], and a file that has other names.
    pub fn resume(&self, name: &str) -> io::Result<File> {
        let path = self.path(name)?;
        let file = opened(&path, OpenOptions::new().read(true).write(true))?;
        let found = file.metadata()?;
        if links(&found) == 1 { Ok(file) } else { Err(unsuitable(&path, &found)) }
    }

    /// Creates a new file, in the place of what has the name; and whether that was a link or had other names.
    ///
    /// # Errors
    /// Those of [`Folder::path`], and those of the file system.
    pub fn create(&self, name: &str) -> io::Result<(File, bool)> {
        let path = self.resolved(name, true)?;
        let found = self.metadata(name)?;
        let linked = found.as_ref().is_some_and(|found| !found.is_file() || links(found) > 1);
        if found.is_some() {
            // Of a link only the link goes.
            fs::remove_file(&path)?;
        }
        // Exclusive creation follows no link, whatever was put there meanwhile.
        let file = OpenOptions::new().read(true).write(true).create_new(true).open(&path)?;
        Ok((file, linked))
    }

    /// Writes a whole file beside its name, and gives it the name.
    ///
    /// # Errors
    /// Those of [`Folder::create`].
    pub fn write(&self, name: &str, text: &str) -> io::Result<()> {
        let part = format!("{name}.part");
        self.create(&part)?.0.write_all(text.as_bytes())?;
        self.rename(&part, name)
    }

    /// Gives a file another name; a link that has that name is replaced, not followed.
    ///
    /// # Errors
    /// Those of [`Folder::path`], and those of the file system.
    pub fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.path(from)?, self.resolved(to, true)?)
    }

    /// Deletes a file, if there is one; of a link the link itself.
    ///
    /// # Errors
    /// Those of [`Folder::path`], and those of the file system.
    pub fn remove(&self, name: &str) -> io::Result<()> {
        match fs::remove_file(self.path(name)?) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Opens what is at `path` if it is a regular file and still is when it is open.
fn opened(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    let before = fs::symlink_metadata(path)?;
    if !before.is_file() {
        return Err(unsuitable(path, &before));
    }
    not_following(options);
    let file = options.open(path)?;
    let after = file.metadata()?;
    if after.is_file() && is_same(&before, &after) { Ok(file) } else { Err(unsuitable(path, &after)) }
}

/// The error for what has a name that only a file or folder of its own may have.
fn unsuitable(path: &Path, found: &Metadata) -> io::Error {
    let kind = if found.is_symlink() {
        "is a symbolic link, which is not followed"
    } else if found.is_file() && links(found) > 1 {
        "is a file that has other names (hard links)"
    } else if found.is_file() {
        "is a file where a folder is needed, or was replaced while it was opened"
    } else {
        "is not a regular file"
    };
    let message = format!("{} {kind}: move it away, or fetch into another folder", path.display());
    io::Error::new(ErrorKind::InvalidInput, message)
}

#[cfg(unix)]
fn links(found: &Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(found)
}

#[cfg(unix)]
fn is_same(before: &Metadata, after: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (before.dev(), before.ino()) == (after.dev(), after.ino())
}

#[cfg(unix)]
fn not_following(_: &mut OpenOptions) {}

/// Stable Rust gives no count of links here.
#[cfg(not(unix))]
fn links(_: &Metadata) -> u64 {
    1
}

#[cfg(not(unix))]
fn is_same(_: &Metadata, after: &Metadata) -> bool {
    !after.is_symlink()
}

/// Opens a link itself, which is then refused: it is not a regular file.
#[cfg(windows)]
fn not_following(options: &mut OpenOptions) {
    const FILE_FLAG_OPEN_REPARSE_POINT: u32 = 0x0020_0000;
    std::os::windows::fs::OpenOptionsExt::custom_flags(options, FILE_FLAG_OPEN_REPARSE_POINT);
}

#[cfg(not(any(unix, windows)))]
fn not_following(_: &mut OpenOptions) {}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A folder with a victim beside it.
    fn prepared(name: &str) -> (Folder, PathBuf, PathBuf) {
        let base = std::env::temp_dir().join(format!("naturalia-folder-{}-{name}", std::process::id()));
        drop(fs::remove_dir_all(&base));
        fs::create_dir_all(base.join("in")).unwrap();
        fs::create_dir_all(base.join("out")).unwrap();
        fs::write(base.join("out/victim"), "victim").unwrap();
        (Folder::new(&base.join("in")), base.join("in"), base.join("out/victim"))
    }

    #[test]
    fn names_that_lead_out_become_no_path() {
        let (folder, root, victim) = prepared("names");
        let absolute = victim.to_string_lossy().into_owned();
        for name in ["../out/victim", "a/../../out/victim", &absolute, "..", ".", "", "a//b", "a\\b", "C:a", "a\0b"] {
            assert!(folder.path(name).is_err() && folder.create(name).is_err() && folder.remove(name).is_err());
            assert!(folder.open(name).is_err() && folder.write(name, "x").is_err(), "{name:?}");
        }
        assert_eq!(fs::read_to_string(victim).unwrap(), "victim");
        fs::remove_dir_all(root.parent().unwrap()).unwrap();
    }

    #[test]
    fn links_are_replaced_or_refused_and_never_followed() {
        let (folder, root, victim) = prepared("links");
        symlink(&victim, root.join("soft.part")).unwrap();
        fs::hard_link(&victim, root.join("hard.part")).unwrap();
        symlink(victim.parent().unwrap(), root.join("sub")).unwrap();
        for name in ["soft.part", "hard.part"] {
            assert_eq!(folder.resumable(name).unwrap(), 0);
            assert!(folder.resume(name).is_err());
            let (mut file, linked) = folder.create(name).unwrap();
            file.write_all(b"new").unwrap();
            assert!(linked);
            assert_eq!(fs::read_to_string(root.join(name)).unwrap(), "new");
        }
        for work in [
            folder.create("sub/new").map(drop),
            folder.remove("sub/victim"),
            folder.open("sub/victim").map(drop),
            folder.rename("soft.part", "sub/victim"),
            folder.write("sub/victim", "x"),
        ] {
            let error = work.unwrap_err().to_string();
            assert!(error.contains("symbolic link") && error.contains("move it away"), "{error}");
        }
        symlink(&victim, root.join("file")).unwrap();
        assert!(folder.open("file").is_err());
        folder.write("file", "x").unwrap();
        assert_eq!(fs::read_to_string(&victim).unwrap(), "victim");
        assert_eq!(fs::read_dir(victim.parent().unwrap()).unwrap().count(), 1);
        fs::remove_dir_all(root.parent().unwrap()).unwrap();
    }
}
