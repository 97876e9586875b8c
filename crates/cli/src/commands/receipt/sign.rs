//! `baton receipt sign`: the last verdict of a handoff, signed.

use std::path::PathBuf;

use baton_engine::handoff::{Desk, receipts, statement};
use baton_evidence::attestation::sign;
use baton_mission::names::HandoffId;
use clap::Args;

use crate::clock::SystemClock;
use crate::commands::keys::read_signing_key;
use crate::denial::of_handoff;
use crate::exit::Exit;
use crate::failure::{Failure, NO_VERDICT};
use crate::files;
use crate::output::Output;
use crate::settings::Place;
use crate::store_access::{OpenStore, WhenMissing};

/// Arguments of `baton receipt sign`.
#[derive(Debug, Args)]
pub(super) struct Sign {
    #[command(flatten)]
    place: Place,
    /// The handoff.
    handoff: HandoffId,
    /// Secret key in PEM of whoever answers for it.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    /// File for the signed receipt; one that is there is replaced.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

impl Sign {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let settings = self.place.settings()?;
        let key = read_signing_key(&self.key)?;
        let store = OpenStore::open(&settings, WhenMissing::Refuse)?;
        let clock = SystemClock;
        let desk = Desk::new(store.ports(), &clock);
        let found = receipts(&desk, &self.handoff).map_err(of_handoff)?;
        let receipt = found.receipts.last().ok_or_else(|| {
            Failure::new(NO_VERDICT, "sign a receipt")
                .expected("a handoff that its receiver has answered")
                .found(format!("`{}` without a verdict", self.handoff))
                .hint("`baton handoff show` says whose turn it is")
        })?;
        let mut envelope = sign(&statement(receipt, &found).map_err(of_handoff)?, &key);
        envelope.push(b'\n');
        files::write(&self.out, &envelope)?;
        output.answer(&format!(
            "signed that {} was answered with `{}` at revision {}\n",
            self.handoff,
            receipt.verdict.word(),
            receipt.revision
        ));
        Ok(Exit::Ok)
    }
}
