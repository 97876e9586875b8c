//! A keyring on disk, changed by one process at a time and wholly or not at all.

use std::path::{Path, PathBuf};

use baton_evidence::keys::{Entry, Keyring};
use baton_terms::Id;

use crate::commands::keys::read_keyring;
use crate::failure::{BAD_ARGUMENT, Failure, UNREADABLE};
use crate::files;
use crate::lock::{self, Lock};

/// A keyring that nobody else changes until this is dropped.
#[derive(Debug)]
pub(crate) struct KeyringFile {
    path: PathBuf,
    keyring: Keyring,
    _lock: Lock,
}

/// What a keyring that is not there comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WhenMissing {
    /// An empty one, written when it is first changed.
    Create,
    /// A failure.
    Refuse,
}

impl KeyringFile {
    /// Locks and reads a keyring.
    pub(crate) fn open(path: &Path, missing: WhenMissing) -> Result<Self, Failure> {
        // Two names of one file have one lock.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let is_there = path.symlink_metadata().is_ok();
        if !is_there && missing == WhenMissing::Refuse {
            // Without making the lock file of a keyring that is none.
            read_keyring(&path)?;
        }
        let folder = files::folder_of(&path);
        if !folder.is_dir() {
            return Err(
                Failure::new(UNREADABLE, format!("open `{}`", path.display()))
                    .expected("a keyring in a folder that is there")
                    .found("no such folder")
                    .hint("make the folder, or name another place"),
            );
        }
        let mut beside = path.clone().into_os_string();
        beside.push(".lock");
        let what = format!("the keyring `{}`", path.display());
        let lock = lock::for_writing(Path::new(&beside), &what)?;
        let keyring = if path.symlink_metadata().is_ok() || missing == WhenMissing::Refuse {
            read_keyring(&path)?
        } else {
            Keyring::default()
        };
        Ok(Self {
            path,
            keyring,
            _lock: lock,
        })
    }

    /// Returns the keyring as it was read.
    pub(crate) fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Returns the entry of a name.
    pub(crate) fn entry(&self, name: &Id) -> Option<&Entry> {
        let mut entries = self.keyring.entries().map(|(_, entry)| entry);
        entries.find(|entry| entry.name == *name)
    }

    /// Returns the keyring with one more entry; one that would not be read again is refused.
    pub(crate) fn with(&self, entry: Entry) -> Result<Keyring, Failure> {
        let refused = |found: String, hint: &str| {
            let failure =
                Failure::new(BAD_ARGUMENT, format!("add `{}` to the keyring", entry.name));
            Err(failure
                .expected("a name and a key the keyring does not have yet")
                .found(found)
                .hint(hint))
        };
        if self.entry(&entry.name).is_some() {
            return refused(
                "a key of that name".to_owned(),
                "choose another name, so that signatures stay unambiguous",
            );
        }
        if let Some(known) = self.keyring.get(entry.public_key.id()) {
            return refused(
                format!("that key, under the name `{}`", known.name),
                "one key has one holder; nothing has to be added",
            );
        }
        let entries = self.keyring.entries().map(|(_, entry)| entry.clone());
        let keyring = Keyring::new(entries.chain([entry]));
        Keyring::parse(&keyring.to_bytes())
            .map_err(|problems| Failure::of_document(&self.path, &problems))
    }

    /// Writes another keyring in its place.
    pub(crate) fn replace(&self, keyring: &Keyring) -> Result<(), Failure> {
        files::write(&self.path, &keyring.to_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_process_at_a_time_changes_a_keyring() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keyring.json");
        let missing = KeyringFile::open(&path, WhenMissing::Refuse).unwrap_err();
        assert_eq!(missing.0.code, UNREADABLE);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
        let held = KeyringFile::open(&path, WhenMissing::Create).unwrap();
        held.replace(&Keyring::default()).unwrap();
        let locked = KeyringFile::open(&path, WhenMissing::Refuse).unwrap_err();
        assert_eq!(locked.0.code, lock::LOCKED);
        drop(held);
        KeyringFile::open(&path, WhenMissing::Refuse).unwrap();
    }
}
