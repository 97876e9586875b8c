//! A log of one's own, or one that Baton has an example of.

use std::path::Path;

use super::command::Data;
use super::past::Log;
use super::steps::Steps;
use crate::event_log_files::LogFiles;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::files;

/// The example that fits the public incident log: a mapping, a contract and its fields.
const INCIDENTS: [(&str, &str); 4] = [
    (
        "incidents.yaml",
        include_str!("../../../../../examples/mappings/incidents.yaml"),
    ),
    (
        "contract.yaml",
        include_str!("../../../../../examples/incident-handoffs/contract.yaml"),
    ),
    (
        "package.schema.json",
        include_str!("../../../../../examples/incident-handoffs/package.schema.json"),
    ),
    (
        "fields.yaml",
        include_str!("../../../../../examples/incident-handoffs/fields.yaml"),
    ),
];
/// The outcome asked for there.
const OUTCOME: &str = "sla-missed";

/// Returns the log with what it is read by and held against.
pub(super) fn log(steps: &Steps, (file, data): (&Path, &Data)) -> anyhow::Result<Log> {
    let question = ("first-handoff", "2");
    if let (Some(mapping), Some(contract), Some(fields)) =
        (&data.mapping, &data.contract, &data.fields)
    {
        // The proposed contract is written beside the contract, so a copy of it is what is worked on.
        let document = crate::contract_files::load(contract)?;
        let folder = steps.path("contract");
        files::write_new(
            &folder.join("contract.yaml"),
            document.main.text().as_bytes(),
        )?;
        for (name, source) in &document.files {
            files::write_new(&folder.join(name), source.text().as_bytes())?;
        }
        return Ok(Log {
            file: file.to_owned(),
            mapping: mapping.clone(),
            contract: folder,
            fields: fields.clone(),
            outcome: data.outcome.clone(),
            question,
            recording: Vec::new(),
        });
    }
    let folder = steps.path("incidents");
    for (name, text) in INCIDENTS {
        files::write_new(&folder.join(name), text.as_bytes())?;
    }
    let log = Log {
        file: file.to_owned(),
        mapping: folder.join("incidents.yaml"),
        fields: folder.join("fields.yaml"),
        contract: folder,
        outcome: Some(data.outcome.clone().unwrap_or_else(|| OUTCOME.to_owned())),
        question,
        recording: Vec::new(),
    };
    let fits = LogFiles {
        file: file.to_owned(),
        mapping: Some(log.mapping.clone()),
        cases: None,
        from: None,
    };
    match fits.read() {
        Ok(_) => Ok(log),
        Err(why) => Err(Failure::new(BAD_ARGUMENT, format!("read `{}`", file.display()))
            .expected("the public incident log, or --mapping, --contract and --fields for another one")
            .found(format!("a log its mapping does not fit: {why:#}"))
            .hint("`baton import LOG --guess` proposes a mapping, `baton discover --drafts` a contract")
            .into()),
    }
}
