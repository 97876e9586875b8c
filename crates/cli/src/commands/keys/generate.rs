//! `baton keys generate`: a new key pair.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use baton_evidence::keys::{Keyring, SigningKey};
use clap::Args;

use super::holder::Holder;
use crate::failure::{Failure, UNREADABLE};
use crate::files;
use crate::keyring_file::{KeyringFile, WhenMissing};

/// Arguments of `baton keys generate`.
#[derive(Debug, Args)]
pub(super) struct Generate {
    #[command(flatten)]
    holder: Holder,
    /// Folder for `NAME.secret.pem` and `NAME.public.pem`.
    #[arg(long, default_value = ".")]
    out: PathBuf,
    /// Keyring to add the public half to; it is created when it is not there.
    #[arg(long)]
    keyring: Option<PathBuf>,
}

impl Generate {
    /// Makes the key: all of its files are written, or none stays.
    pub(super) fn run(&self) -> anyhow::Result<String> {
        let signing = SigningKey::from_seed(&seed()?);
        let public = signing.public_key();
        // What the keyring objects to is known, and nobody else changes it, before a file is made.
        let keyring = match &self.keyring {
            Some(path) => {
                let file = KeyringFile::open(path, WhenMissing::Create)?;
                let with_it = file.with(self.holder.entry(public))?;
                Some((file, with_it))
            }
            None => None,
        };
        let name = &self.holder.name;
        let secret_path = self.out.join(format!("{name}.secret.pem"));
        let public_path = self.out.join(format!("{name}.public.pem"));
        files::write_secret(&secret_path, signing.to_secret_pem().as_bytes())?;
        let kept = keep(&public_path, public.to_pem().as_bytes(), keyring.as_ref());
        if let Err(failure) = kept {
            files::remove(&secret_path);
            return Err(failure.into());
        }
        let mut text = format!(
            "secret key  {} (readable by you alone; keep it so)\n",
            secret_path.display()
        );
        let _ = writeln!(text, "public key  {}", public_path.display());
        let _ = writeln!(text, "key id      {}", public.id());
        if let Some(path) = &self.keyring {
            let _ = writeln!(text, "keyring     {}", path.display());
        }
        Ok(text)
    }
}

/// Writes the public half, and the keyring that holds it.
fn keep(
    public_path: &Path,
    public: &[u8],
    keyring: Option<&(KeyringFile, Keyring)>,
) -> Result<(), Failure> {
    files::write_new(public_path, public)?;
    let Some((file, with_it)) = keyring else {
        return Ok(());
    };
    file.replace(with_it)
        .inspect_err(|_| files::remove(public_path))
}

fn seed() -> Result<[u8; 32], Failure> {
    let mut seed = [0; 32];
    getrandom::fill(&mut seed).map_err(|error| {
        Failure::new(UNREADABLE, "draw randomness for a key")
            .expected("the operating system's random source")
            .found(error.to_string())
            .hint("make the key on a machine that has one")
    })?;
    Ok(seed)
}
