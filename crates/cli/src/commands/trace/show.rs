//! `baton trace show`: the entries, readable.

use std::path::PathBuf;

use baton_report::verify::{Listing, listing_json, listing_text};
use clap::Args;

use super::Format;
use crate::exit::Exit;
use crate::output::Output;
use crate::trace_folder;

/// Arguments of `baton trace show`.
#[derive(Debug, Args)]
pub(super) struct Show {
    /// The folder of the trace.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// How to show the entries.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

impl Show {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let contents = trace_folder::read(&self.folder)?;
        let name = self.folder.display().to_string();
        let listing = Listing::new(name, &contents.entries, contents.checkpoint.as_deref());
        match self.format {
            Format::Text => {
                let text = listing_text(&listing, output.appearance(), output.width());
                output.answer(&text);
            }
            Format::Json => output.json(&listing_json(&listing)),
        }
        Ok(if listing.is_readable() {
            Exit::Ok
        } else {
            Exit::Refused
        })
    }
}
