//! `baton discover`: the handover map of an event log, and draft contracts for its worst edges.

use std::path::{Path, PathBuf};

use baton_eventlog::cases;
use baton_eventlog::handover::{Failures, Map, build};
use baton_report::handover as report;
use clap::{Args, ValueEnum};

use crate::event_log_files::{LogFiles, ReadLog};
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::files;
use crate::output::Output;

/// Arguments of `baton discover`.
#[derive(Debug, Args)]
pub(crate) struct Discover {
    #[command(flatten)]
    log: LogFiles,
    /// Outcome of the mapping by its id: shows where handed over cases fail.
    #[arg(long, value_name = "ID")]
    outcome: Option<String>,
    /// How to show the map.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Folder to write draft contracts for the worst edges to.
    #[arg(long, value_name = "DIR")]
    drafts: Option<PathBuf>,
    /// Most drafts to write.
    #[arg(long, value_name = "N", default_value_t = 3, requires = "drafts")]
    drafts_max: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people, as a table.
    Text,
    /// `handover-map/v1`.
    Json,
    /// A drawing.
    Svg,
}

impl Discover {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let read = self.log.read()?;
        let map = self.map(&read)?;
        // Drafts that can't be written as asked are not announced by a map either.
        if let Some(folder) = &self.drafts {
            self.write_drafts(&map, folder)?;
        }
        match self.format {
            Format::Text => {
                output.answer(&report::text(&map, output.appearance(), output.width()));
            }
            Format::Json => output.json(&report::json(&map)),
            Format::Svg => output.answer(&report::svg_document(&map)),
        }
        Ok(Exit::Ok)
    }

    fn map(&self, read: &ReadLog) -> anyhow::Result<Map> {
        let (log, people) = (&read.imported.log, read.mapping.people);
        let Some(id) = &self.outcome else {
            return Ok(build(log, people, None));
        };
        let declared = read.mapping.outcome(id).ok_or_else(|| {
            let known: Vec<_> = read
                .mapping
                .outcomes
                .iter()
                .map(|known| known.id.as_str())
                .collect();
            Failure::new(BAD_ARGUMENT, format!("find the outcome `{id}`"))
                .expected(match known.as_slice() {
                    [] => "a mapping with `outcomes`".to_owned(),
                    known => format!("one of {}", known.join(", ")),
                })
                .found(format!("`{id}`"))
                .hint("name an outcome by its id in the mapping")
        })?;
        let failed = cases::decide(log, &cases::Outcome::of(declared))
            .map_err(|problems| self.log.refused_by_mapping(problems))?;
        let failures = Failures {
            name: &declared.title,
            failed: &failed,
        };
        Ok(build(log, people, Some(failures)))
    }

    fn write_drafts(&self, map: &Map, folder: &Path) -> anyhow::Result<()> {
        let drafts = report::drafts(map, self.drafts_max);
        for draft in &drafts {
            let folder = folder.join(&draft.name);
            files::write_new(&folder.join("contract.yaml"), draft.contract.as_bytes())?;
            files::write_new(&folder.join("package.schema.json"), draft.schema.as_bytes())?;
        }
        let shown = folder.display();
        Output::remark(&match drafts.len() {
            0 => "No edge is worse than the others of its sender: no draft was written.".to_owned(),
            1 => format!("Wrote 1 draft contract to {shown}"),
            count => format!("Wrote {count} draft contracts to {shown}"),
        });
        Ok(())
    }
}
