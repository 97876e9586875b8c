//! What `baton run` writes for readers, and the exit code that says how the mission ended.

use std::path::Path;

use baton_engine::missions::{Keeper, incident_packet, outcome};
use baton_report::mining;
use baton_report::mission::{self as report, OutcomeReport};
use baton_scoring::wire::Posture;
use baton_terms::Digest;

use super::command::failed;
use crate::exit::Exit;
use crate::files;
use crate::output::Output;

/// What is written for readers.
pub(super) struct Found {
    pub(super) report: OutcomeReport,
    packet: Option<report::IncidentPacket>,
    causes: Option<Vec<u8>>,
}

impl Found {
    pub(super) fn of(keeper: &Keeper<'_>) -> anyhow::Result<Self> {
        let mission = keeper.mission();
        let document = |digest: &Digest| keeper.document(digest).ok().flatten();
        let report = outcome(keeper.run(), mission, &document);
        let causes = match &report.mining {
            None => None,
            Some(mining) => keeper
                .document(&mining.report)
                .map_err(|error| failed(&error))?,
        };
        Ok(Self {
            packet: incident_packet(keeper.run(), mission),
            report,
            causes,
        })
    }

    /// Writes the reports. What was published by a completed run stays until another one is completed.
    pub(super) fn write(&self, out: &Path) -> anyhow::Result<()> {
        let is_stable =
            self.report.ended == "completed" && self.report.posture != Some(Posture::Critical);
        let name = if is_stable { "outcome" } else { "attempt" };
        let write = |extension: &str, text: &str| {
            files::write(&out.join(format!("{name}.{extension}")), text.as_bytes())
        };
        write("json", &json_text(&self.report))?;
        write("md", &report::markdown(&self.report))?;
        write("html", &report::html(&self.report))?;
        let packet = out.join("incident.json");
        match &self.packet {
            Some(found) => files::write(&packet, json_text(found).as_bytes())?,
            None => files::remove(&packet),
        }
        if is_stable {
            for extension in ["json", "md", "html"] {
                files::remove(&out.join(format!("attempt.{extension}")));
            }
        }
        let Some(bytes) = self.causes.as_ref().filter(|_| is_stable) else {
            return Ok(());
        };
        let found: baton_rootcause::wire::MiningReport = serde_json::from_slice(bytes)?;
        files::write(
            &out.join("causes.json"),
            crate::mining::report_bytes(&found)?.as_bytes(),
        )?;
        let page = mining::html(&mining::Model {
            report: &found,
            map: None,
        });
        files::write(&out.join("causes.html"), page.as_bytes())?;
        Ok(())
    }
}

pub(super) fn json_text<T: serde::Serialize>(document: &T) -> String {
    Output::json_text(&serde_json::to_value(document).unwrap_or_default())
}

/// Returns the exit code that says how a mission ended: a person has to look at whatever is not ready, or not over.
pub(super) fn exit(report: &OutcomeReport) -> Exit {
    match (report.ended.as_str(), report.posture) {
        ("completed", Some(Posture::Ready)) => Exit::Ok,
        ("completed", Some(Posture::Review) | None)
        | ("confirming" | "executing" | "retrying" | "rolling-back", _) => Exit::Review,
        _ => Exit::Refused,
    }
}
