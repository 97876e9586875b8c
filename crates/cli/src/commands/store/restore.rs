//! `baton store restore`: a copy becomes the store.

use std::path::PathBuf;

use baton_store::SqliteStore;
use clap::Args;

use crate::exit::Exit;
use crate::failure::{Failure, STORE_FAILED};
use crate::files;
use crate::output::Output;
use crate::settings::{Place, StorePlace};
use crate::store_access::{of_store, prepare_folder};

/// Arguments of `baton store restore`.
#[derive(Debug, Args)]
pub(super) struct Restore {
    #[command(flatten)]
    place: Place,
    /// The copy, made by `baton store backup`.
    from: PathBuf,
}

impl Restore {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let settings = self.place.settings()?;
        let StorePlace::File(to) = &settings.store.value else {
            return Err(Failure::new(STORE_FAILED, "restore the store")
                .expected("a store in a file")
                .found("a store in a database")
                .hint("restore a PostgreSQL database with `pg_restore`")
                .into());
        };
        files::require_new(to)?;
        prepare_folder(to)?;
        // Beside the store first: what is half copied or does not hold together never has its name.
        let mut beside = to.clone().into_os_string();
        beside.push(".restoring");
        let beside = PathBuf::from(beside);
        let restored = files::copy_new(&self.from, &beside)
            .map_err(anyhow::Error::from)
            .and_then(|()| Ok(check(&beside)?))
            .and_then(|()| Ok(files::rename_new(&beside, to)?));
        if restored.is_err() {
            files::remove(&beside);
        }
        restored?;
        output.answer(&format!(
            "restored {} from {}\nWhat happened after the copy was made is not in it: `baton doctor` compares it with the last known checkpoint.\n",
            to.display(),
            self.from.display()
        ));
        Ok(Exit::Ok)
    }
}

/// Opens a copy, which brings its schema up to date, and checks all of it.
fn check(path: &std::path::Path) -> Result<(), Failure> {
    let store = SqliteStore::open(path).map_err(|error| of_store(&error, "open the copy"))?;
    store.check().map_err(|error| {
        Failure::new(STORE_FAILED, "use the copy")
            .expected("a copy that holds together")
            .found(error.to_string())
            .hint("use another copy")
    })
}
