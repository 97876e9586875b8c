//! `baton digest`: the digests that other files and commands name.

use std::path::{Path, PathBuf};

use baton_evidence::canonical;
use baton_evidence::json::{Limits, Tree};
use baton_scoring::package::Package;
use baton_terms::{Diagnostic, Digest, limits};
use clap::{Args, ValueEnum};

use crate::commands::keys::read_keyring;
use crate::exit::Exit;
use crate::output::Output;
use crate::refusal::Refusal;
use crate::{contract_files, files};

/// Arguments of `baton digest`.
#[derive(Debug, Args)]
pub(crate) struct DigestOf {
    /// The file; `-` reads standard input. For a contract, the folder that holds one will do.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Which digest to print.
    #[arg(long = "of", value_enum, default_value_t = Form::Bytes)]
    form: Form,
}

/// What of a file is digested.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// Its bytes, as packages declare of an artifact.
    Bytes,
    /// A JSON document in canonical form (RFC 8785), whatever its spelling.
    Json,
    /// A package, as `--approved` takes it and scorecards name it.
    Package,
    /// The payload of a package, which attestations about the work have as subject.
    Payload,
    /// A contract in normal form with the schemas it names, as scorecards name it.
    Contract,
    /// A keyring, as scorecards name it.
    Keyring,
}

impl DigestOf {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        output.answer(&format!("{}\n", self.form.digest(&self.file)?));
        Ok(Exit::Ok)
    }
}

impl Form {
    fn digest(self, path: &Path) -> anyhow::Result<Digest> {
        Ok(match self {
            Self::Bytes => files::digest(path)?,
            Self::Json => canonical::view_digest(document(path, Ok)?.root()),
            Self::Package => document(path, Package::read)?.digest(),
            Self::Payload => document(path, Package::read)?.payload_digest(),
            Self::Contract => contract(path)?,
            Self::Keyring => Digest::of(&read_keyring(path)?.to_bytes()),
        })
    }
}

/// Reads a JSON document as what `read` takes it for; one that is refused shows all its problems.
fn document<T>(
    path: &Path,
    read: impl FnOnce(Tree) -> Result<T, Vec<Diagnostic>>,
) -> anyhow::Result<T> {
    let source = files::read_source(path, limits::PACKAGE_BYTES_MAX)?;
    let found = Tree::read(source.text().as_bytes(), Limits::PACKAGE).and_then(read);
    found.map_err(|problems| Refusal::of_source(source, problems).into())
}

fn contract(path: &Path) -> anyhow::Result<Digest> {
    let digest = contract_files::read(path)?.digest();
    digest.ok_or_else(|| anyhow::anyhow!("the contract has no normal form"))
}
