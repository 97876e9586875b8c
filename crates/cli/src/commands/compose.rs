//! `baton compose`: whether contracts fit together as a chain.

use std::path::PathBuf;

use baton_contract::compose::{Answer, answer, compose};
use baton_report::compose as report;
use clap::{Args, ValueEnum};

use crate::contract_files;
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton compose`.
#[derive(Debug, Args)]
pub(crate) struct Compose {
    /// Contract files, or folders that hold one, in the order work passes through them.
    #[arg(required = true, num_args = 2..)]
    contracts: Vec<PathBuf>,
    /// How to show the answers.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, link by link.
    Text,
    /// `composition/v1`.
    Json,
}

impl Compose {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let mut readings = Vec::new();
        for path in &self.contracts {
            readings.push(contract_files::read(path)?);
        }
        let chain: Vec<_> = readings.iter().filter_map(|read| read.contract()).collect();
        let links = compose(&chain);
        match self.format {
            Format::Text => {
                let (appearance, width) = (output.appearance(), output.width());
                output.answer(&report::text(&links, appearance, width));
            }
            Format::Json => output.json(&report::json(&links)),
        }
        Ok(match answer(&links) {
            Answer::Yes => Exit::Ok,
            Answer::OwnDuty | Answer::Unknown => Exit::Review,
            Answer::No => Exit::Refused,
        })
    }
}
