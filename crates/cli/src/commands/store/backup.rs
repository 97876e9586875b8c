//! `baton store backup`: a checked copy.

use std::path::PathBuf;

use clap::Args;

use crate::exit::Exit;
use crate::failure::{Failure, STORE_FAILED};
use crate::files;
use crate::output::Output;
use crate::settings::Place;
use crate::store_access::{OpenStore, WhenMissing};

/// Arguments of `baton store backup`.
#[derive(Debug, Args)]
pub(super) struct Backup {
    #[command(flatten)]
    place: Place,
    /// New file for the copy.
    to: PathBuf,
}

impl Backup {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        files::require_new(&self.to)?;
        let settings = self.place.settings()?;
        let store = OpenStore::open(&settings, WhenMissing::Refuse)?;
        let failed = |found: String, hint: &str| {
            Failure::new(
                STORE_FAILED,
                format!("copy the store to `{}`", self.to.display()),
            )
            .expected("a store in a file that holds together, and room for its copy")
            .found(found)
            .hint(hint)
        };
        let OpenStore::File(store) = &store else {
            let hint = "copy a PostgreSQL database with `pg_dump --schema=baton`";
            return Err(failed("a store in a database".to_owned(), hint).into());
        };
        if let Err(error) = store.back_up(&self.to) {
            // A copy that does not hold together is no copy.
            files::remove(&self.to);
            return Err(failed(error.to_string(), "check the disk and the path").into());
        }
        output.answer(&format!(
            "copied {} to {}, and checked the copy\n",
            store.path().display(),
            self.to.display()
        ));
        Ok(Exit::Ok)
    }
}
