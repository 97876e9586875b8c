//! `baton doctor`: what is in force and from where, and whether the store is sound.

use std::path::PathBuf;

use baton_engine::port::StoreError;
use baton_engine::register::{Inspection, inspect};
use baton_evidence::keys::Keyring;
use baton_evidence::trace::{Trust, Verdict};
use baton_terms::{Instant, limits};
use clap::{Args, ValueEnum};

use crate::doctor_view::{Examined, Integrity, TokenSeen, json, text};
use crate::exit::Exit;
use crate::output::Output;
use crate::settings::{Place, Settings};
use crate::store_access::{OpenStore, WhenMissing, credential_if_any, of_store};
use crate::{clock, files};

/// Arguments of `baton doctor`.
#[derive(Debug, Args)]
pub(crate) struct Doctor {
    #[command(flatten)]
    place: Place,
    /// A checkpoint that was kept elsewhere, which the store must extend; `seal.checkpoint` of `baton.toml` counts too.
    #[arg(long, value_name = "CHECKPOINT")]
    earlier: Vec<PathBuf>,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// With a published schema.
    Json,
}

impl Doctor {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let settings = self.place.settings()?;
        // Receivers and teams that can't be used are found here and not at the first message.
        settings.courier()?;
        settings.roster()?;
        let keys = settings.keys()?;
        let store = OpenStore::open(&settings, WhenMissing::Refuse)?;
        let token = match credential_if_any(&settings, &store) {
            Ok(Some(credential)) => TokenSeen::Of(credential),
            Ok(None) => TokenSeen::None,
            Err(failure) => TokenSeen::Refused(failure.0.message.clone()),
        };
        let integrity = match &store {
            OpenStore::File(store) => match store.check() {
                Ok(()) => Integrity::Sound,
                Err(error) => Integrity::Broken(error.to_string()),
            },
            OpenStore::Database(_) => Integrity::Servers,
        };
        let now = clock::now();
        let failed = |error: StoreError| of_store(&error, "inspect the store");
        let inspection = self.inspect(&settings, &store, (&keys, now))?;
        let examined = Examined {
            settings: &settings,
            token,
            integrity,
            has_keys: keys.entries().next().is_some(),
            next_due: store.ports().next_due().map_err(failed)?,
            inspection,
        };
        match self.format {
            Format::Text => output.answer(&text(&examined)),
            Format::Json => output.json(&json(&examined)),
        }
        Ok(if examined.is_sound() {
            Exit::Ok
        } else {
            Exit::Refused
        })
    }

    fn inspect(
        &self,
        settings: &Settings,
        store: &OpenStore,
        (keys, as_of): (&Keyring, Instant),
    ) -> anyhow::Result<Inspection> {
        let kept = settings
            .seal
            .as_ref()
            .and_then(|seal| seal.checkpoint.as_ref());
        let kept = kept.filter(|path| path.symlink_metadata().is_ok());
        let known = self.earlier.iter().chain(kept);
        let known: Vec<Vec<u8>> = known
            .map(|path| files::read(path, limits::CONTRACT_BYTES_MAX))
            .collect::<Result<_, _>>()?;
        let known: Vec<&[u8]> = known.iter().map(Vec::as_slice).collect();
        let trust = Trust {
            keys,
            as_of,
            origin: settings.seal.as_ref().map(|seal| seal.origin.as_str()),
        };
        let inspection = inspect(store.ports(), trust, &known);
        Ok(inspection.map_err(|error| of_store(&error, "inspect the store"))?)
    }
}

/// Returns whether nothing that was looked at is wrong; what no trusted key vouches for is not wrong yet.
pub(crate) fn is_whole(inspection: &Inspection, has_keys: bool) -> bool {
    let is_never_sealed = inspection.register.coverage.lines == 0;
    let register = match inspection.register.verdict() {
        Verdict::Verified | Verdict::InPart => true,
        Verdict::Untrusted => !has_keys || is_never_sealed,
        Verdict::Refused => false,
    };
    register && inspection.flaws.is_empty() && inspection.flaws_left_out == 0
}
