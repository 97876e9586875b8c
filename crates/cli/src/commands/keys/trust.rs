//! `baton keys trust`: somebody's public key becomes one that counts.

use std::path::{Path, PathBuf};

use baton_evidence::keys::{PublicKey, SigningKey};
use baton_terms::limits;
use clap::Args;

use super::holder::Holder;
use crate::failure::{Failure, UNREADABLE};
use crate::files;
use crate::keyring_file::{KeyringFile, WhenMissing};

/// Arguments of `baton keys trust`.
#[derive(Debug, Args)]
pub(super) struct Trust {
    /// The public key in PEM, from its holder and by a way you trust.
    key: PathBuf,
    #[command(flatten)]
    holder: Holder,
    /// Keyring to add it to; it is created when it is not there.
    #[arg(long)]
    keyring: PathBuf,
}

impl Trust {
    pub(super) fn run(&self) -> anyhow::Result<String> {
        let key = public_key(&self.key)?;
        let file = KeyringFile::open(&self.keyring, WhenMissing::Create)?;
        let entry = self.holder.entry(key);
        let with_it = file.with(entry)?;
        file.replace(&with_it)?;
        Ok(format!(
            "key id   {}\nkeyring  {}\n",
            key.id(),
            self.keyring.display()
        ))
    }
}

/// Reads a public key. A secret one is refused: its holder should not have handed it on.
fn public_key(path: &Path) -> Result<PublicKey, Failure> {
    let source = files::read_source(path, limits::CONTRACT_BYTES_MAX)?;
    PublicKey::from_pem(source.text()).map_err(|error| {
        let failure = Failure::new(
            UNREADABLE,
            format!("read the public key `{}`", path.display()),
        );
        let failure = failure.expected("an ed25519 public key in PEM");
        if SigningKey::from_pem(source.text()).is_ok() {
            failure.found("a secret key").hint(
                "give the `.public.pem` beside it; if somebody sent you this file, the key is no secret any more",
            )
        } else {
            failure
                .found(error.to_string())
                .hint("`baton keys show` prints the public key of a key file")
        }
    })
}
