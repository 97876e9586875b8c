//! `baton keys`: signing keys, and the keyring of keys a verifier trusts.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use baton_evidence::keys::{Entry, KeyState, Keyring, Kind, PublicKey, SigningKey, VerifierKey};
use baton_report::plain;
use baton_terms::{Id, Instant, limits};
use clap::{Args, Subcommand, ValueEnum};

use crate::clock;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure, UNREADABLE};
use crate::files;
use crate::output::Output;

/// Arguments of `baton keys`.
#[derive(Debug, Args)]
pub(crate) struct Keys {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make a new ed25519 key, and add its public half to a keyring.
    Generate(Generate),
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

#[derive(Debug, Args)]
struct Generate {
    /// What people call the key.
    #[arg(long)]
    name: Id,
    /// Who holds it; the name when left out.
    #[arg(long)]
    identity: Option<String>,
    /// What kind of party holds it.
    #[arg(long, value_enum, default_value_t = Holder::Human)]
    kind: Holder,
    /// Roles the holder signs in.
    #[arg(long = "role")]
    roles: Vec<Id>,
    /// First instant at which it no longer counts.
    #[arg(long)]
    valid_until: Option<Instant>,
    /// Folder for `NAME.secret.pem` and `NAME.public.pem`.
    #[arg(long, default_value = ".")]
    out: PathBuf,
    /// Keyring to add the public half to; it is created when it is not there.
    #[arg(long)]
    keyring: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Holder {
    /// A person.
    Human,
    /// An AI agent.
    Agent,
    /// A machine without judgment, such as a build service.
    Service,
}

impl From<Holder> for Kind {
    fn from(holder: Holder) -> Self {
        match holder {
            Holder::Human => Self::Human,
            Holder::Agent => Self::Agent,
            Holder::Service => Self::Service,
        }
    }
}

impl Keys {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let text = match &self.action {
            Action::Generate(generate) => generate.run()?,
            Action::Show { key, name } => show(key, name)?,
            Action::List { keyring, as_of } => list(&read_keyring(keyring)?, clock::or_now(*as_of)),
            Action::Revoke { keyring, name, at } => revoke(keyring, name, clock::or_now(*at))?,
        };
        output.answer(&text);
        Ok(Exit::Ok)
    }
}

impl Generate {
    fn run(&self) -> anyhow::Result<String> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| {
            Failure::new(UNREADABLE, "draw randomness for a key")
                .expected("the operating system's random source")
                .found(error.to_string())
                .hint("make the key on a machine that has one")
        })?;
        let signing = SigningKey::from_seed(&seed);
        let public = signing.public_key();
        let secret_path = self.out.join(format!("{}.secret.pem", self.name));
        let public_path = self.out.join(format!("{}.public.pem", self.name));
        files::write_secret(&secret_path, signing.to_secret_pem().as_bytes())?;
        files::write_new(&public_path, public.to_pem().as_bytes())?;
        let mut text = format!(
            "secret key  {} (readable by you alone; keep it so)\n",
            secret_path.display()
        );
        let _ = writeln!(text, "public key  {}", public_path.display());
        let _ = writeln!(text, "key id      {}", public.id());
        if let Some(path) = &self.keyring {
            self.add_to(path, public)?;
            let _ = writeln!(text, "keyring     {}", path.display());
        }
        Ok(text)
    }

    fn add_to(&self, path: &Path, public_key: PublicKey) -> anyhow::Result<()> {
        let keyring = if path.exists() {
            read_keyring(path)?
        } else {
            Keyring::default()
        };
        if keyring.entries().any(|(_, entry)| entry.name == self.name) {
            return Err(
                Failure::new(BAD_ARGUMENT, format!("add `{}` to the keyring", self.name))
                    .expected("a name the keyring does not have yet")
                    .found("a key of that name")
                    .hint("choose another name, so that signatures stay unambiguous")
                    .into(),
            );
        }
        let entry = Entry {
            name: self.name.clone(),
            identity: self
                .identity
                .clone()
                .unwrap_or_else(|| self.name.to_string()),
            public_key,
            kind: self.kind.into(),
            roles: self.roles.clone(),
            valid_from: None,
            valid_until: self.valid_until,
            revoked_at: None,
        };
        let entries = keyring
            .entries()
            .map(|(_, entry)| entry.clone())
            .chain([entry]);
        files::write(path, &Keyring::new(entries).to_bytes())?;
        Ok(())
    }
}

/// Reads a keyring, naming everything that is wrong with it.
pub(crate) fn read_keyring(path: &Path) -> Result<Keyring, Failure> {
    let bytes = files::read(path, limits::CONTRACT_BYTES_MAX)?;
    Keyring::parse(&bytes).map_err(|problems| Failure::of_document(path, &problems))
}

/// Reads a secret signing key in PEM.
pub(crate) fn read_signing_key(path: &Path) -> Result<SigningKey, Failure> {
    let source = files::read_source(path, limits::CONTRACT_BYTES_MAX)?;
    SigningKey::from_pem(source.text()).map_err(|error| {
        Failure::new(
            UNREADABLE,
            format!("read the secret key `{}`", path.display()),
        )
        .expected("an ed25519 secret key in PKCS#8 PEM")
        .found(error.to_string())
        .hint("make one with `baton keys generate`")
    })
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
    let keyring = read_keyring(path)?;
    if !keyring.entries().any(|(_, entry)| entry.name == *name) {
        return Err(Failure::new(BAD_ARGUMENT, format!("revoke `{name}`"))
            .expected("the name of a key in the keyring")
            .found("no such key")
            .hint("`baton keys list` shows the names")
            .into());
    }
    let entries = keyring.entries().map(|(_, entry)| {
        let mut entry = entry.clone();
        if entry.name == *name {
            // An earlier revocation stays: it can't be taken back by a later one.
            entry.revoked_at = Some(entry.revoked_at.map_or(at, |earlier| earlier.min(at)));
        }
        entry
    });
    files::write(path, &Keyring::new(entries).to_bytes())?;
    Ok(format!("{name} no longer counts as of {at}\n"))
}
