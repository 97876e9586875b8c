//! The three lines of a checkpoint: origin, size, root (C2SP tlog-checkpoint, "Note text").

use base64::{Engine as _, engine::general_purpose::STANDARD};
use baton_terms::Digest;

use super::{NoteError, NoteSigner, SignedNote};

/// A statement that the log called `origin` had `size` entries with this root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    // INVARIANT: not empty, no control characters; the same holds for each extension line.
    origin: String,
    size: u64,
    root: Digest,
    extensions: Vec<String>,
}

/// Why bytes are not a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckpointError {
    /// The note around it is not a signed note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Fewer than three lines, or an empty one.
    #[error("read the checkpoint: expected at least three lines, none of them empty")]
    Lines,
    /// The origin cannot stand on a line of its own.
    #[error("use `{found}` as an origin: expected text without control characters")]
    Origin {
        /// The origin offered.
        found: String,
    },
    /// The second line is not a decimal number without leading zeros.
    #[error("read `{found}` as a tree size: expected a decimal number without leading zeros")]
    Size {
        /// The line as it stands.
        found: String,
    },
    /// The third line is not the base64 of 32 bytes.
    #[error("read `{found}` as a root hash: expected the base64 of 32 bytes")]
    Root {
        /// The line as it stands.
        found: String,
    },
}

impl Checkpoint {
    /// Returns the checkpoint of a log without extension lines.
    ///
    /// # Errors
    /// When the origin is empty or has control characters.
    pub fn new(origin: &str, size: u64, root: Digest) -> Result<Self, CheckpointError> {
        if origin.is_empty() || origin.chars().any(char::is_control) {
            return Err(CheckpointError::Origin {
                found: shown(origin),
            });
        }
        Ok(Self {
            origin: origin.to_owned(),
            size,
            root,
            extensions: Vec::new(),
        })
    }

    /// Returns the signed note in `bytes` and the checkpoint it carries; no signature is verified.
    ///
    /// # Errors
    /// When the bytes are not a signed note, or its text is not a checkpoint.
    pub fn parse(bytes: &[u8]) -> Result<(Self, SignedNote), CheckpointError> {
        let note = SignedNote::parse(bytes)?;
        let checkpoint = Self::parse_text(note.text())?;
        Ok((checkpoint, note))
    }

    /// Returns the checkpoint in the text of a note.
    ///
    /// # Errors
    /// When the text departs in any way from C2SP tlog-checkpoint.
    pub fn parse_text(text: &str) -> Result<Self, CheckpointError> {
        let body = text.strip_suffix('\n').ok_or(CheckpointError::Lines)?;
        let lines: Vec<&str> = body.split('\n').collect();
        let [origin, size, root, extensions @ ..] = lines.as_slice() else {
            return Err(CheckpointError::Lines);
        };
        if lines.iter().any(|line| line.is_empty()) {
            return Err(CheckpointError::Lines);
        }
        let mut checkpoint = Self::new(origin, read_size(size)?, read_root(root)?)?;
        checkpoint.extensions = extensions.iter().map(|line| (*line).to_owned()).collect();
        Ok(checkpoint)
    }

    /// Returns the bytes of the checkpoint signed by each of `signers`.
    pub fn sign(&self, signers: &[NoteSigner<'_>]) -> Vec<u8> {
        SignedNote::sign(self.to_string(), signers)
            .to_string()
            .into_bytes()
    }

    /// Returns the log's unique name.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Returns the number of entries covered.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Returns the root over the entries covered.
    pub fn root(&self) -> Digest {
        self.root
    }

    /// Returns the extension lines, which carry no meaning here.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

impl std::fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let root = STANDARD.encode(self.root.as_bytes());
        write!(f, "{}\n{}\n{root}\n", self.origin, self.size)?;
        self.extensions
            .iter()
            .try_for_each(|line| writeln!(f, "{line}"))
    }
}

fn read_size(line: &str) -> Result<u64, CheckpointError> {
    line.parse()
        .ok()
        .filter(|size: &u64| size.to_string() == line)
        .ok_or_else(|| CheckpointError::Size { found: shown(line) })
}

fn read_root(line: &str) -> Result<Digest, CheckpointError> {
    STANDARD
        .decode(line)
        .ok()
        .and_then(|bytes| <[u8; 32]>::try_from(bytes).ok())
        .map(Digest::from_bytes)
        .ok_or_else(|| CheckpointError::Root { found: shown(line) })
}

fn shown(text: &str) -> String {
    text.chars().take(100).collect()
}
