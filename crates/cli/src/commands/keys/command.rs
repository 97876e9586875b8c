//! `baton keys`: signing keys, and the keyring of keys a verifier trusts.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use baton_evidence::keys::{KeyState, Keyring, PublicKey, SigningKey, VerifierKey};
use baton_report::plain;
use baton_terms::{Id, Instant, limits};
use clap::{Args, Subcommand};

use super::{generate, read_keyring, trust};
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure, UNREADABLE};
use crate::keyring_file::{KeyringFile, WhenMissing};
use crate::output::Output;
use crate::{clock, files};

/// Arguments of `baton keys`.
#[derive(Debug, Args)]
pub(crate) struct Keys {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a new ed25519 key, and add its public half to a keyring.
    Generate(generate::Generate),
    /// Add somebody's public key to a keyring, from which on their signatures count.
    Trust(trust::Trust),
    /// Print a key's id, verifier line and public PEM.
    Show {
        /// A secret or public key in PEM.
        key: PathBuf,
        /// Name in the verifier line.
        #[arg(long, default_value = "baton")]
        name: Id,
    },
    /// List a keyring with the state of each key.
    List {
        /// The keyring.
        keyring: PathBuf,
        /// Time at which to judge the keys; now when left out.
        #[arg(long)]
        as_of: Option<Instant>,
    },
    /// Record that a key no longer counts.
    Revoke {
        /// The keyring.
        keyring: PathBuf,
        /// Name of the key.
        #[arg(long)]
        name: Id,
        /// From when on; now when left out.
        #[arg(long)]
        at: Option<Instant>,
    },
}

impl Keys {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let text = match &self.action {
            Action::Generate(generate) => generate.run()?,
            Action::Trust(trust) => trust.run()?,
            Action::Show { key, name } => show(key, name)?,
            Action::List { keyring, as_of } => list(&read_keyring(keyring)?, clock::or_now(*as_of)),
            Action::Revoke { keyring, name, at } => revoke(keyring, name, clock::or_now(*at))?,
        };
        output.answer(&text);
        Ok(Exit::Ok)
    }
}

fn show(path: &Path, name: &Id) -> anyhow::Result<String> {
    let source = files::read_source(path, limits::CONTRACT_BYTES_MAX)?;
    let secret = SigningKey::from_pem(source.text()).map(|key| key.public_key());
    let public = secret
        .or_else(|_| PublicKey::from_pem(source.text()))
        .map_err(|error| {
            Failure::new(UNREADABLE, format!("read the key `{}`", path.display()))
                .expected("an ed25519 key in PEM, secret or public")
                .found(error.to_string())
                .hint("make one with `baton keys generate`")
        })?;
    let id = public.id();
    let pem = public.to_pem();
    let verifier = VerifierKey::new(name.as_str(), public)?;
    Ok(format!("key id    {id}\nverifier  {verifier}\n{pem}"))
}

fn list(keyring: &Keyring, as_of: Instant) -> String {
    let mut text = format!("Keys as of {as_of}\n");
    for (id, entry) in keyring.entries() {
        let state = match entry.state(as_of) {
            KeyState::Valid => "valid".to_owned(),
            KeyState::NotYetValid { from } => format!("not valid before {from}"),
            KeyState::Expired { until } => format!("expired at {until}"),
            KeyState::Revoked { at } => format!("revoked at {at}"),
        };
        let roles: Vec<_> = entry.roles.iter().map(ToString::to_string).collect();
        let roles = if roles.is_empty() {
            "no role".to_owned()
        } else {
            roles.join(", ")
        };
        let _ = writeln!(
            text,
            "{}  {}, {} ({roles}): {state}",
            entry.name,
            plain(&entry.identity),
            entry.kind.as_str()
        );
        let _ = writeln!(text, "    {id}");
    }
    text
}

fn revoke(path: &Path, name: &Id, at: Instant) -> anyhow::Result<String> {
    let file = KeyringFile::open(path, WhenMissing::Refuse)?;
    if file.entry(name).is_none() {
        return Err(Failure::new(BAD_ARGUMENT, format!("revoke `{name}`"))
            .expected("the name of a key in the keyring")
            .found("no such key")
            .hint("`baton keys list` shows the names")
            .into());
    }
    let entries = file.keyring().entries().map(|(_, entry)| {
        let mut entry = entry.clone();
        if entry.name == *name {
            // An earlier revocation stays: it can't be taken back by a later one.
            entry.revoked_at = Some(entry.revoked_at.map_or(at, |earlier| earlier.min(at)));
        }
        entry
    });
    file.replace(&Keyring::new(entries))?;
    Ok(format!("{name} no longer counts as of {at}\n"))
}
