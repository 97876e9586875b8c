//! The file of feature flags, read anew each time it is asked.

use std::path::PathBuf;

use baton_engine::rollout::{Flags, NoFlags};
use baton_terms::limits;

use crate::files;

/// A file of flags, if one is set.
#[derive(Debug, Clone)]
pub(crate) struct FlagsFile(pub(crate) Option<PathBuf>);

impl Flags for FlagsFile {
    fn read(&self) -> Result<Vec<u8>, String> {
        match &self.0 {
            Some(path) => {
                let read = files::read(path, limits::CONTRACT_BYTES_MAX);
                read.map_err(|failure| failure.to_string())
            }
            None => NoFlags.read(),
        }
    }
}
