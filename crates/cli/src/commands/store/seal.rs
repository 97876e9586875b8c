//! `baton store seal`: a checkpoint over everything.

use std::path::PathBuf;

use clap::Args;

use crate::exit::Exit;
use crate::output::Output;
use crate::sealing::StoreSealer;
use crate::settings::Place;
use crate::store_access::{OpenStore, WhenMissing};

/// Arguments of `baton store seal`.
#[derive(Debug, Args)]
pub(super) struct Seal {
    #[command(flatten)]
    place: Place,
    /// Secret key in PEM; `seal.key` of `baton.toml` when left out.
    #[arg(long, value_name = "FILE", requires = "origin")]
    key: Option<PathBuf>,
    /// Name of the store in its checkpoints; `seal.origin` of `baton.toml` when left out.
    #[arg(long, value_name = "NAME", requires = "key")]
    origin: Option<String>,
    /// File for the checkpoint too, away from the store; `seal.checkpoint` of `baton.toml` when left out.
    #[arg(long, value_name = "FILE")]
    checkpoint: Option<PathBuf>,
}

impl Seal {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let settings = self.place.settings()?;
        let mut seal = match (&self.key, &self.origin) {
            (Some(key), Some(origin)) => crate::settings::SealSettings {
                key: key.clone(),
                origin: origin.clone(),
                checkpoint: None,
            },
            _ => settings.required_seal()?,
        };
        if let Some(path) = &self.checkpoint {
            seal.checkpoint = Some(path.clone());
        }
        let store = OpenStore::open(&settings, WhenMissing::Refuse)?;
        let mut sealer = StoreSealer::new(&seal)?;
        let (streams, entries) = sealer.seal_all(store.ports())?;
        output.answer(&format!(
            "sealed {streams} records that had grown; the register of {} has {entries} entries\n",
            baton_report::plain(&seal.origin)
        ));
        Ok(Exit::Ok)
    }
}
