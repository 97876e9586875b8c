//! `baton trace seal`: a checkpoint over every entry.

use std::path::PathBuf;

use baton_report::plain;
use clap::Args;

use crate::clock;
use crate::commands::keys::{read_keyring, read_signing_key};
use crate::exit::Exit;
use crate::output::Output;
use crate::trace_folder::{self, Signing};

/// Arguments of `baton trace seal`.
#[derive(Debug, Args)]
pub(super) struct Seal {
    /// The folder of the trace.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Secret key in PEM that signs the checkpoint.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// Further keys that may have signed the checkpoint that is there.
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
    /// Name the trace must have.
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
}

impl Seal {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let key = read_signing_key(&self.key)?;
        let keyring = self.keyring.as_deref().map(read_keyring).transpose()?;
        let signing = Signing {
            key: &key,
            keyring: keyring.as_ref(),
            origin: self.origin.as_deref(),
            now: clock::now(),
        };
        let sealed = trace_folder::seal(&self.folder, signing)?;
        if sealed.cut_off > 0 {
            let bytes = sealed.cut_off;
            Output::remark(&format!(
                "cut off {bytes} bytes of a line that was not written to its end"
            ));
        }
        output.answer(&format!(
            "sealed {} entries of {}, {} of them new under the seal\nroot {}\n",
            sealed.size,
            plain(&sealed.origin),
            sealed.sealed_late,
            sealed.root
        ));
        Ok(Exit::Ok)
    }
}
