//! Reading and writing files under limits; the only place that touches the file system.

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::{Component, Path, PathBuf};

use baton_terms::{Digest, Source};

use crate::failure::{EXISTS, Failure, NOT_TEXT, OUTSIDE, TOO_LARGE, UNREADABLE, UNWRITABLE};

/// What is found where a regular file is expected.
const NOT_A_FILE: &str = "a folder or device";

/// Returns the bytes of a regular file of at most `limit` bytes; `-` is standard input.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, Failure> {
    let shown = path.display();
    let unreadable = |error: std::io::Error| {
        Failure::new(UNREADABLE, format!("read `{shown}`"))
            .expected("a readable file")
            .found(error.to_string())
            .hint("check the path and its permissions")
    };
    let mut bytes = Vec::new();
    // One byte more than allowed tells a full file from one that was cut.
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    if path == Path::new("-") {
        std::io::stdin()
            .lock()
            .take(most)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
    } else {
        let is_file = |found: std::io::Result<fs::Metadata>| match found {
            Ok(found) if found.is_file() => Ok(()),
            Ok(_) => Err(Failure::new(UNREADABLE, format!("read `{shown}`"))
                .expected("a regular file")
                .found(NOT_A_FILE)
                .hint("name a file")),
            Err(error) => Err(unreadable(error)),
        };
        // Opening a pipe nobody writes to would wait forever, so what it is comes first.
        is_file(fs::metadata(path))?;
        #[expect(
            clippy::disallowed_methods,
            reason = "this module is where files are read"
        )]
        let file = fs::File::open(path).map_err(unreadable)?;
        is_file(file.metadata())?;
        file.take(most)
            .read_to_end(&mut bytes)
            .map_err(unreadable)?;
    }
    if bytes.len() > limit {
        return Err(Failure::new(TOO_LARGE, format!("read `{shown}`"))
            .expected(format!("at most {limit} bytes"))
            .found("more")
            .hint("every kind of file has a limit; see `docs/reference/limits.md`"));
    }
    Ok(bytes)
}

/// Opens a regular file that is read piece by piece, with its length; `-` is standard input, whose
/// length is not known.
pub(crate) fn open(path: &Path) -> Result<(Box<dyn std::io::Read>, Option<u64>), Failure> {
    let shown = path.display();
    if path == Path::new("-") {
        return Ok((Box::new(std::io::stdin().lock()), None));
    }
    let unreadable = |found: String| {
        Failure::new(UNREADABLE, format!("read `{shown}`"))
            .expected("a readable file")
            .found(found)
            .hint("check the path and its permissions")
    };
    // Opening a pipe nobody writes to would wait forever, so what it is comes first.
    let found = fs::metadata(path).map_err(|error| unreadable(error.to_string()))?;
    if !found.is_file() {
        return Err(unreadable(NOT_A_FILE.to_owned()));
    }
    #[expect(
        clippy::disallowed_methods,
        reason = "this module is where files are read"
    )]
    let file = fs::File::open(path).map_err(|error| unreadable(error.to_string()))?;
    Ok((Box::new(file), Some(found.len())))
}

/// Returns the digest of a file's bytes, read piece by piece; `-` is standard input.
pub(crate) fn digest(path: &Path) -> Result<Digest, Failure> {
    let (reader, _) = open(path)?;
    Digest::of_reader(reader).map_err(|error| {
        Failure::new(UNREADABLE, format!("read `{}`", path.display()))
            .expected("a readable file")
            .found(error.to_string())
            .hint("check the path and its permissions")
    })
}

/// Returns a text file as a named source.
pub(crate) fn read_source(path: &Path, limit: usize) -> Result<Source, Failure> {
    let bytes = read(path, limit)?;
    let name = if path == Path::new("-") {
        "standard input".to_owned()
    } else {
        path.display().to_string()
    };
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Source::new(name, text)),
        Err(error) => Err(Failure::new(NOT_TEXT, format!("read `{name}`"))
            .expected("UTF-8 text")
            .found(format!(
                "a byte that is not UTF-8 at offset {}",
                error.utf8_error().valid_up_to()
            ))
            .hint("save the file as UTF-8")),
    }
}

/// Writes a whole file so that a reader sees the old content or the new, never half of it.
///
/// A symbolic link stays and what it names is written. A device or a pipe is written into: putting a
/// file in its place would take `/dev/null` from every program of the machine.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let unwritable = |error: std::io::Error| {
        Failure::new(UNWRITABLE, format!("write `{shown}`"))
            .expected("a folder that can be written to")
            .found(error.to_string())
            .hint("check the path, its permissions and the free space")
    };
    let named = path.canonicalize();
    let path = named.as_deref().unwrap_or(path);
    if fs::metadata(path).is_ok_and(|found| !found.is_file() && !found.is_dir()) {
        let opened = fs::OpenOptions::new().write(true).open(path);
        return opened
            .and_then(|mut device| device.write_all(bytes))
            .map_err(unwritable);
    }
    if let Some(parent) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        fs::create_dir_all(parent).map_err(unwritable)?;
    }
    let mut beside = path.as_os_str().to_owned();
    beside.push(format!(".{}.partial", std::process::id()));
    let beside = PathBuf::from(beside);
    let replace = || -> std::io::Result<()> {
        // What a broken run left, or somebody put there to be written through.
        let _ = fs::remove_file(&beside);
        let mut file = fs::File::create_new(&beside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        fs::rename(&beside, path)
    };
    replace().map_err(|error| {
        // The partial file holds nothing anybody was promised.
        let _ = fs::remove_file(&beside);
        unwritable(error)
    })
}

/// Returns without a problem when nothing is at `path` yet, not even a link that leads nowhere.
pub(crate) fn require_new(path: &Path) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() {
        return Err(exists(&path.display().to_string()));
    }
    Ok(())
}

/// Writes a file that must not be there yet.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    require_new(path)?;
    write(path, bytes)
}

/// Writes a new file that only its owner may read, from its first byte on.
pub(crate) fn write_secret(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let shown = path.display().to_string();
    let create = || -> std::io::Result<()> {
        fs::create_dir_all(folder_of(path))?;
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let mut file = options.open(path)?;
        file.write_all(bytes)?;
        file.sync_all()
    };
    create().map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => exists(&shown),
        _ => Failure::new(UNWRITABLE, format!("write `{shown}`"))
            .expected("a folder that can be written to")
            .found(error.to_string())
            .hint("check the path and its permissions"),
    })
}

/// Copies a file of any size to a path where nothing is yet, readable by its owner alone.
pub(crate) fn copy_new(from: &Path, to: &Path) -> Result<(), Failure> {
    let (mut reader, _) = open(from)?;
    write_secret(to, b"")?;
    let mut copy = || -> std::io::Result<()> {
        let mut file = fs::OpenOptions::new().append(true).open(to)?;
        std::io::copy(&mut reader, &mut file)?;
        file.sync_all()
    };
    copy().map_err(|error| unwritable(to, &error))
}

/// Gives a file a name that nothing has yet, and returns once that is on the disk.
pub(crate) fn rename_new(from: &Path, to: &Path) -> Result<(), Failure> {
    require_new(to)?;
    let rename = || -> std::io::Result<()> {
        fs::rename(from, to)?;
        #[cfg(unix)]
        {
            #[expect(
                clippy::disallowed_methods,
                reason = "syncing needs the open folder and reads nothing"
            )]
            fs::File::open(folder_of(to))?.sync_all()?;
        }
        Ok(())
    };
    rename().map_err(|error| unwritable(to, &error))
}

fn unwritable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::new(UNWRITABLE, format!("write `{}`", path.display()))
        .expected("a folder that can be written to")
        .found(error.to_string())
        .hint("check the path, its permissions and the free space")
}

/// Makes a folder and those it is in; one that is there already is no failure.
pub(crate) fn make_folder(path: &Path) -> Result<(), Failure> {
    fs::create_dir_all(path).map_err(|error| {
        Failure::new(UNWRITABLE, format!("make the folder `{}`", path.display()))
            .expected("a place that can be written to")
            .found(error.to_string())
            .hint("check the path and its permissions")
    })
}

/// Returns every file in a folder and the folders in it, in the order of their paths; links are not followed.
pub(crate) fn list(folder: &Path, limit: usize) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |found: String| {
        Failure::new(UNREADABLE, format!("list `{}`", folder.display()))
            .expected(format!("a folder of at most {limit} files"))
            .found(found)
            .hint("check the path and its permissions")
    };
    let mut folders = vec![folder.to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(|error| unreadable(error.to_string()))? {
            let entry = entry.map_err(|error| unreadable(error.to_string()))?;
            let kind = entry
                .file_type()
                .map_err(|error| unreadable(error.to_string()))?;
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
            if files.len() + folders.len() > limit {
                return Err(unreadable("more".to_owned()));
            }
        }
    }
    files.sort();
    Ok(files)
}

/// Removes a file that nobody was promised; one that is gone already is no failure.
pub(crate) fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

fn exists(shown: &str) -> Failure {
    Failure::new(EXISTS, format!("write `{shown}`"))
        .expected("a path where nothing is yet")
        .found("a file")
        .hint("name another place, or move the file away")
}

/// Returns the path of `name` inside `folder`, refusing names and symbolic links that lead out of it.
pub(crate) fn inside(folder: &Path, name: &str) -> Result<PathBuf, Failure> {
    let relative = Path::new(name);
    let is_plain = !name.is_empty()
        && !name.contains('\\')
        && relative
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
    let outside = |found: &str| {
        Failure::new(OUTSIDE, format!("read `{name}`"))
            .expected("a relative path inside the folder, without symbolic links out of it")
            .found(found.to_owned())
            .hint("put the file beside the document that names it")
    };
    if !is_plain {
        return Err(outside("a path that leads elsewhere"));
    }
    let path = folder.join(relative);
    let (Ok(real), Ok(home)) = (path.canonicalize(), folder.canonicalize()) else {
        return Ok(path); // Not there: reading it says so.
    };
    if real.starts_with(&home) {
        // The place that was looked at, so that a link changed since leads nowhere else.
        Ok(real)
    } else {
        Err(outside("a symbolic link that leads elsewhere"))
    }
}

/// Returns the bytes of an artifact that stands in `folder`, at most `limit` of them, or why it
/// can't be looked at.
pub(crate) fn artifact(folder: &Path, name: &str, limit: usize) -> Result<Vec<u8>, String> {
    let read = inside(folder, name).and_then(|path| read(&path, limit));
    read.map_err(|failure| why_not(name, &failure))
}

/// Returns the digest of such an artifact and its size; it is never in memory as a whole.
pub(crate) fn artifact_digest(
    folder: &Path,
    name: &str,
    limit: usize,
) -> Result<(Digest, usize), String> {
    let digested = inside(folder, name).and_then(|path| digest_within(&path, limit));
    digested.map_err(|failure| why_not(name, &failure))
}

/// Returns why an artifact can't be looked at.
///
/// The reason becomes part of the evidence index and so of digests: it names neither this
/// machine's folders nor the words of its system.
fn why_not(name: &str, failure: &Failure) -> String {
    let problem = &failure.0;
    let why = match problem.code {
        OUTSIDE => format!("leads out of the folder of the package: {}", problem.found),
        TOO_LARGE => format!("is too large: expected {}", problem.expected),
        _ if problem.found == NOT_A_FILE => format!("is {NOT_A_FILE}"),
        _ => "can't be read".to_owned(),
    };
    format!("its file `{name}` {why} ({})", problem.code)
}

fn digest_within(path: &Path, limit: usize) -> Result<(Digest, usize), Failure> {
    let (reader, _) = open(path)?;
    // One byte more than allowed tells a full file from one that was cut.
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut counted = Counted {
        reader: reader.take(most),
        bytes: 0,
    };
    let digest = Digest::of_reader(&mut counted).map_err(|error| {
        Failure::new(UNREADABLE, format!("read `{}`", path.display()))
            .expected("a readable file")
            .found(error.to_string())
            .hint("check the path and its permissions")
    })?;
    if counted.bytes > limit {
        return Err(
            Failure::new(TOO_LARGE, format!("read `{}`", path.display()))
                .expected(format!("at most {limit} bytes"))
                .found("more")
                .hint("every kind of file has a limit; see `docs/reference/limits.md`"),
        );
    }
    Ok((digest, counted.bytes))
}

/// A reader that counts what went through it.
struct Counted<R> {
    reader: R,
    bytes: usize,
}

impl<R: std::io::Read> std::io::Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let read = self.reader.read(buffer)?;
        self.bytes = self.bytes.saturating_add(read);
        Ok(read)
    }
}

/// Returns the folder a file stands in.
pub(crate) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn why_an_artifact_can_not_be_had_is_the_same_wherever_it_stands() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        for (name, expected) in [
            ("a/b.txt", "its file `a/b.txt` can't be read (E0901)"),
            (
                "../b.txt",
                "its file `../b.txt` leads out of the folder of the package: a path that leads elsewhere (E0908)",
            ),
        ] {
            for folder in [&here, &there] {
                let why = artifact(folder.path(), name, 10).unwrap_err();
                assert_eq!(why, expected);
                let why = artifact_digest(folder.path(), name, 10).unwrap_err();
                assert_eq!(why, expected);
            }
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_secret_is_its_owners_alone_and_replaces_nothing() {
        use std::os::unix::fs::{MetadataExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys/a.secret.pem");
        write_secret(&path, b"secret").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(write_secret(&path, b"other").unwrap_err().0.code, EXISTS);
        // A link that leads nowhere yet is no free place.
        let link = folder.path().join("b.secret.pem");
        symlink(folder.path().join("elsewhere"), &link).unwrap();
        assert_eq!(write_secret(&link, b"secret").unwrap_err().0.code, EXISTS);
        assert_eq!(read(&path, 10).unwrap(), b"secret");
    }

    #[cfg(unix)]
    #[test]
    fn a_device_or_a_link_is_written_through_and_stays() {
        use std::os::unix::fs::{FileTypeExt as _, symlink};
        let folder = tempfile::tempdir().unwrap();
        let (link, target) = (folder.path().join("link"), folder.path().join("target"));
        write(&target, b"old").unwrap();
        symlink(&target, &link).unwrap();
        write(&link, b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(read(&target, 10).unwrap(), b"new");
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|status| status.success()) {
            let reader = {
                let pipe = pipe.clone();
                std::thread::spawn(move || {
                    let mut bytes = Vec::new();
                    fs::OpenOptions::new()
                        .read(true)
                        .open(pipe)
                        .unwrap()
                        .read_to_end(&mut bytes)
                        .unwrap();
                    bytes
                })
            };
            write(&pipe, b"through").unwrap();
            assert_eq!(reader.join().unwrap(), b"through");
            assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_pipe_is_refused_and_not_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        let made = std::process::Command::new("mkfifo").arg(&pipe).status();
        if made.is_ok_and(|status| status.success()) {
            let failure = read(&pipe, 10).unwrap_err();
            assert_eq!(failure.0.found, NOT_A_FILE);
        }
    }
}
