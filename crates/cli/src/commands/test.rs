//! `baton test`: the suites of contracts, under the named conditions.

use std::path::PathBuf;

use baton_report::tests as report;
use baton_simulation::suites::Report;
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
        if self.bless {
            for path in &self.contracts {
                output.answer(&Tests::load(path)?.bless(path)?);
            }
            return Ok(Exit::Ok);
        }
        let reports = self.reports()?;
        match self.format {
            Format::Text => {
                for found in &reports {
                    output.answer(&report::text(found, output.appearance(), output.width()));
                }
            }
            Format::Json => output.json(&report::json(&reports)),
            Format::Junit => output.answer(&report::junit(&reports)),
        }
        let is_passed = reports.iter().all(|report| report.is_passed);
        Ok(if is_passed { Exit::Ok } else { Exit::Refused })
    }

    /// Runs the suites of every contract.
    pub(crate) fn reports(&self) -> anyhow::Result<Vec<Report>> {
        let contracts = self.contracts.iter();
        contracts.map(|path| Tests::load(path)?.run(path)).collect()
    }
}
