//! Where feature flags are read from, each time anew: whoever turns a flag off is heard at once.

use baton_mission::run::FlagPosture;
use baton_terms::Id;

use crate::missions::flag_posture;

/// The file of flags (flagd's format), as it is now.
pub trait Flags: Send + Sync {
    /// Returns its bytes.
    ///
    /// # Errors
    /// With why they cannot be read, as a sentence for people.
    fn read(&self) -> Result<Vec<u8>, String>;
}

/// Nobody named a file of flags.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoFlags;

impl Flags for NoFlags {
    fn read(&self) -> Result<Vec<u8>, String> {
        Err("no file of flags is set".to_owned())
    }
}

/// Returns why a flag exposes nobody, or nothing when it is plainly on.
pub(crate) fn withheld(flags: &dyn Flags, key: &Id) -> Option<String> {
    let posture = match flags.read() {
        Ok(bytes) => flag_posture(&bytes, key),
        Err(reason) => FlagPosture::Unknown { reason },
    };
    match posture {
        FlagPosture::On => None,
        FlagPosture::Off => Some(format!("the flag `{key}` is off")),
        FlagPosture::Unknown { reason } => Some(format!(
            "the flag `{key}` is unknown, and so not on: {reason}"
        )),
    }
}
