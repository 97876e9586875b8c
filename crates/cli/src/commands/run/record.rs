//! The store that keeps the record of a mission, and how it is sealed.

use std::path::Path;

use baton_engine::port::Store;
use baton_engine::register::Sealer;
use baton_evidence::checkpoint::NoteSigner;

use super::command::failed;
use crate::commands::keys::read_signing_key;
use crate::sealing::StoreSealer;
use crate::settings::{Place, SealSettings};
use crate::store_access::{OpenStore, WhenMissing};

/// Name of the register that seals a store of missions alone.
const ORIGIN: &str = "baton.dev/missions";
/// The file that keeps the record when no store is named.
const BESIDE_REPORTS: &str = "missions.db";

/// Which store was named.
pub(super) enum NamedStore {
    /// None: a file in the folder of the reports.
    BesideReports,
    /// That of these settings.
    Of(Place),
}

/// The store, open.
pub(super) struct Record {
    store: OpenStore,
    seal: Option<SealSettings>,
}

impl Record {
    pub(super) fn open(named: &NamedStore, out: &Path) -> anyhow::Result<Self> {
        Ok(match named {
            NamedStore::BesideReports => Self {
                store: OpenStore::file(&out.join(BESIDE_REPORTS), WhenMissing::Create)?,
                seal: None,
            },
            NamedStore::Of(place) => {
                let settings = place.settings()?;
                Self {
                    store: OpenStore::open(&settings, WhenMissing::Create)?,
                    seal: settings.seal,
                }
            }
        })
    }

    pub(super) fn store(&self) -> &dyn Store {
        self.store.ports()
    }

    /// Seals what was recorded, as the store is sealed or else with the key given; another process that seals meanwhile seals
    /// this too.
    pub(super) fn seal(&self, key: Option<&Path>) -> anyhow::Result<()> {
        if let Some(seal) = &self.seal {
            StoreSealer::new(seal)?.seal_all(self.store())?;
            return Ok(());
        }
        let Some(path) = key else {
            return Ok(());
        };
        let key = read_signing_key(path)?;
        let signer = NoteSigner::new(ORIGIN, &key).map_err(|error| failed(&error))?;
        Sealer::new(ORIGIN)
            .seal(self.store(), &[signer], crate::clock::now())
            .map_err(|error| failed(&error))?;
        Ok(())
    }
}
