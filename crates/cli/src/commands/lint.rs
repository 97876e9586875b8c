//! `baton lint`: every problem of contracts, all at once.

use std::path::PathBuf;

use baton_contract::lint::lint;
use baton_report::lint::{self as report, Problems};
use clap::{Args, ValueEnum};

use crate::contract_files;
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton lint`.
#[derive(Debug, Args)]
pub(crate) struct Lint {
    /// Contract files, or folders that hold one.
    #[arg(required = true)]
    contracts: Vec<PathBuf>,
    /// How to show the problems.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, with the place underlined.
    Text,
    /// `diagnostics/v1`.
    Json,
    /// SARIF 2.1.0.
    Sarif,
}

impl Lint {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let mut linted = Vec::new();
        for path in &self.contracts {
            let document = contract_files::load(path)?;
            let found = lint(&document);
            linted.push((document, found));
        }
        let problems: Vec<_> = linted
            .iter()
            .map(|(document, found)| Problems {
                main: &document.main,
                files: &document.files,
                diagnostics: &found.diagnostics,
                left_out: found.left_out,
            })
            .collect();
        match self.format {
            Format::Text => {
                for problems in &problems {
                    let text = report::text(problems, output.appearance(), output.width());
                    output.answer(&text);
                }
            }
            Format::Json => output.json(&report::json(&problems)),
            Format::Sarif => output.json(&report::sarif(&problems)),
        }
        let is_accepted = linted.iter().all(|(_, found)| found.is_accepted());
        Ok(if is_accepted { Exit::Ok } else { Exit::Refused })
    }
}
