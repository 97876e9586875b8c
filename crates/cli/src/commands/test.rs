//! `baton test`: the suites of contracts, under the named conditions.

use std::path::PathBuf;

use baton_report::tests as report;
use clap::{Args, ValueEnum};

use crate::exit::Exit;
use crate::output::Output;
use crate::suite_files::Tests;

/// Arguments of `baton test`.
#[derive(Debug, Args)]
pub(crate) struct Test {
    /// Contract files, or folders that hold one.
    #[arg(required = true)]
    contracts: Vec<PathBuf>,
    /// How to show the report.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Write the digests of today's scorecards into the regression cases, and run nothing else.
    #[arg(long)]
    bless: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// `contract-test-report/v1`, one per contract.
    Json,
    /// JUnit XML.
    Junit,
}

impl Test {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let mut reports = Vec::new();
        for path in &self.contracts {
            let tests = Tests::load(path)?;
            if self.bless {
                output.answer(&tests.bless(path)?);
            } else {
                reports.push(tests.run(path)?);
            }
        }
        let is_passed = reports.iter().all(|report| report.is_passed);
        match self.format {
            _ if self.bless => {}
            Format::Text => {
                for found in &reports {
                    output.answer(&report::text(found, output.appearance(), output.width()));
                }
            }
            Format::Json => output.json(&report::json(&reports)),
            Format::Junit => output.answer(&report::junit(&reports)),
        }
        Ok(if is_passed { Exit::Ok } else { Exit::Refused })
    }
}
