//! Sealing a store with a key from a file, and keeping its checkpoint in a second place.

use std::path::PathBuf;

use baton_engine::port::Store;
use baton_engine::register::{SealError, Sealer};
use baton_evidence::checkpoint::NoteSigner;
use baton_evidence::keys::SigningKey;

use crate::commands::keys::read_signing_key;
use crate::failure::{BAD_SETTINGS, Failure};
use crate::settings::{SealSettings, Settings};
use crate::store_access::of_store;
use crate::{clock, files};

/// Seals one store again and again.
pub(crate) struct StoreSealer {
    key: SigningKey,
    origin: String,
    checkpoint: Option<PathBuf>,
    sealer: Sealer,
    /// The checkpoint that was kept last.
    kept: Vec<u8>,
}

impl Settings {
    /// Returns how the store is sealed, which has to be set.
    pub(crate) fn required_seal(&self) -> Result<SealSettings, Failure> {
        self.seal.clone().ok_or_else(|| {
            Failure::new(BAD_SETTINGS, "seal the store")
                .expected("a key and a name: `[seal]` in `baton.toml`, or --key and --origin")
                .found("neither")
                .hint("make a key with `baton keys generate`")
        })
    }
}

impl StoreSealer {
    /// Returns a sealer with the key that is set.
    pub(crate) fn new(seal: &SealSettings) -> Result<Self, Failure> {
        Ok(Self {
            key: read_signing_key(&seal.key)?,
            origin: seal.origin.clone(),
            checkpoint: seal.checkpoint.clone(),
            sealer: Sealer::new(seal.origin.clone()),
            kept: Vec::new(),
        })
    }

    /// Seals what grew until nothing is left; returns how many streams, and how long the register is.
    pub(crate) fn seal_all(&mut self, store: &dyn Store) -> Result<(u64, u64), Failure> {
        let signers = [NoteSigner::new(&self.origin, &self.key).map_err(|error| {
            Failure::new(BAD_SETTINGS, "seal the store")
                .expected("a name without spaces, `+` and control characters")
                .found(error.to_string())
                .hint("name it such as `example.org/baton`")
        })?];
        let mut streams = 0;
        loop {
            let sealed = self.sealer.seal(store, &signers, clock::now());
            let sealed = sealed.map_err(|error| of_seal(&error))?;
            streams += sealed.streams;
            if sealed.streams == 0 {
                self.keep_checkpoint(store)?;
                return Ok((streams, sealed.entries));
            }
        }
    }

    /// Keeps the last checkpoint, which may be another node's, unless it is the one that was kept last.
    fn keep_checkpoint(&mut self, store: &dyn Store) -> Result<(), Failure> {
        let Some(path) = &self.checkpoint else {
            return Ok(());
        };
        let head = store.register_head();
        let head = head.map_err(|error| of_store(&error, "read the checkpoint"))?;
        match head.checkpoint {
            Some(checkpoint) if checkpoint != self.kept => {
                files::write(path, &checkpoint)?;
                self.kept = checkpoint;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

fn of_seal(error: &SealError) -> Failure {
    match error {
        SealError::Store(error) => of_store(error, "seal the store"),
        other => Failure::new(crate::failure::STORE_FAILED, "seal the store")
            .expected("a register that Baton wrote")
            .found(other.to_string())
            .hint("`baton doctor` names what is wrong"),
    }
}
