//! Receivers that find messages as files in a folder.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use baton_engine::port::{Delivered, Message};
use baton_terms::Digest;

/// Bytes of the longest name made from an id; a longer id is named by its digest.
const NAME_BYTES_MAX: usize = 150;

/// A receiver that finds messages as files in a folder: `<id>.json`, whole from the moment the name appears.
///
/// A message that is there already is not written again; another content under its name is never overwritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FolderReceiver {
    /// The folder; it has to be there.
    pub folder: PathBuf,
}

impl FolderReceiver {
    pub(crate) fn deliver(&self, message: &Message) -> Delivered {
        let path = self.folder.join(format!("{}.json", file_name(&message.id)));
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => return self.compare(&path, message),
            Ok(_) => return lasting("something that is no file has the message's name"),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return transient(&error),
        }
        if !self.folder.is_dir() {
            return lasting("the folder of the receiver is not there");
        }
        match self.write(&path, message) {
            Ok(()) => Delivered::Done,
            Err(error) => transient(&error),
        }
    }

    fn write(&self, path: &Path, message: &Message) -> io::Result<()> {
        let partial = self.folder.join(format!(
            ".{}.{}.partial",
            file_name(&message.id),
            std::process::id()
        ));
        // What a node that was killed left.
        let _ = fs::remove_file(&partial);
        let written = write_and_sync(&partial, &message.body)
            .and_then(|()| fs::rename(&partial, path))
            .and_then(|()| sync_folder(&self.folder));
        if written.is_err() {
            let _ = fs::remove_file(&partial);
        }
        written
    }

    fn compare(&self, path: &Path, message: &Message) -> Delivered {
        #[expect(
            clippy::disallowed_methods,
            reason = "this adapter is where files of receivers are read"
        )]
        let there = File::open(path).and_then(Digest::of_reader);
        match there {
            // It may have been renamed and not yet been synced when its node was killed.
            Ok(there) if there == Digest::of(&message.body) => match sync_folder(&self.folder) {
                Ok(()) => Delivered::Done,
                Err(error) => transient(&error),
            },
            Ok(_) => lasting("another message has that name in the folder"),
            Err(error) => transient(&error),
        }
    }
}

/// Returns a file name for an id: the same for the same id, different for different ids, and never a path.
fn file_name(id: &str) -> String {
    use std::fmt::Write as _;
    let mut name = String::new();
    for byte in id.bytes() {
        // Capitals are written out too: some file systems don't tell them from small letters.
        if byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_') {
            name.push(char::from(byte));
        } else if byte == b'.' && !name.is_empty() {
            name.push('.');
        } else {
            // Writing to a string does not fail.
            let _ = write!(name, "%{byte:02x}");
        }
    }
    if name.len() <= NAME_BYTES_MAX {
        return name;
    }
    format!("%{}", Digest::of(id.as_bytes()).hex())
}

fn write_and_sync(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create_new(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Makes a new name survive the loss of power, where a folder can be synced.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(not(unix)) {
        return Ok(());
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "a folder is opened to sync the name of what was put there"
    )]
    File::open(folder)?.sync_all()
}

fn lasting(why: &str) -> Delivered {
    Delivered::Lasting {
        why: why.to_owned(),
    }
}

fn transient(error: &io::Error) -> Delivered {
    Delivered::Transient {
        why: format!("the folder can't be written: {}", error.kind()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use baton_engine::port::MessageKind;

    use super::*;

    fn message(id: &str, body: &str) -> Message {
        Message {
            id: id.to_owned(),
            kind: MessageKind::Delivery,
            to: BTreeSet::from(["payments".parse().unwrap()]),
            body: body.into(),
        }
    }

    #[test]
    fn names_are_plain_and_different_for_different_ids() {
        let ids = [
            "handoff/rel-1.7",
            "handoff/rel-1.8",
            "handoff%2frel-1.7",
            "../../etc/passwd",
            "..",
            ".",
            "",
            "A",
            "a",
            "con\0",
            &"x".repeat(500),
            &"x".repeat(501),
        ];
        let mut names = BTreeSet::new();
        for id in ids {
            let name = file_name(id);
            assert!(
                !name.contains(['/', '\\', '\0']) && !name.starts_with('.'),
                "{name}"
            );
            assert!(name.len() <= NAME_BYTES_MAX);
            assert!(names.insert(name), "{id}");
        }
        assert_eq!(file_name("release-7.12"), "release-7.12");
    }

    #[test]
    fn a_message_is_written_once_and_nothing_is_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let receiver = FolderReceiver {
            folder: folder.path().to_owned(),
        };
        assert_eq!(receiver.deliver(&message("../a", "{}")), Delivered::Done);
        assert_eq!(receiver.deliver(&message("../a", "{}")), Delivered::Done);
        let other = receiver.deliver(&message("../a", "[]"));
        assert!(matches!(other, Delivered::Lasting { .. }), "{other:?}");
        let names: Vec<String> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(names, ["%2e.%2fa.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_folder_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        let target = outside.path().join("target");
        std::os::unix::fs::symlink(&target, folder.path().join("a.json")).unwrap();
        let receiver = FolderReceiver {
            folder: folder.path().to_owned(),
        };
        let found = receiver.deliver(&message("a", "{}"));
        assert!(matches!(found, Delivered::Lasting { .. }), "{found:?}");
        assert!(!target.exists());
    }

    #[test]
    fn a_folder_that_is_not_there_is_not_made() {
        let folder = tempfile::tempdir().unwrap();
        let receiver = FolderReceiver {
            folder: folder.path().join("none"),
        };
        let found = receiver.deliver(&message("a", "{}"));
        assert!(matches!(found, Delivered::Lasting { .. }), "{found:?}");
    }
}
