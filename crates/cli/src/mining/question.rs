//! What a mining run is asked: which outcome, up to when, how thoroughly. Written as JSON it is the
//! settings a report names and a replay reads.

use baton_eventlog::cases::Landmark;
use baton_eventlog::import::Format;
use baton_eventlog::mapping::{Mapping, Outcome};
use baton_rootcause::mine::{RawSettings, Settings};
use baton_terms::Diagnostic;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::failure::{Failure, NO_OUTCOME};

/// The version word of settings.
const VERSION: &str = "mining-settings/v1";

/// What is asked, as the command line has it.
#[derive(Debug)]
pub(crate) struct Asked<'a> {
    /// Id of an outcome of the mapping, or an expression.
    pub(crate) outcome: Option<&'a str>,
    /// Landmark.
    pub(crate) at: &'a str,
    /// Formats of the events and of the table of cases.
    pub(crate) formats: (Format, Option<Format>),
    /// How thoroughly.
    pub(crate) search: RawSettings,
}

/// What is asked, checked.
#[derive(Debug)]
pub(crate) struct Question {
    pub(crate) outcome: Outcome,
    pub(crate) at: Landmark,
    pub(crate) formats: (Format, Option<Format>),
    pub(crate) search: Settings,
}

/// Settings as they are written.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Written {
    baton: String,
    outcome: WrittenOutcome,
    at: String,
    events_format: String,
    cases_format: Option<String>,
    search: RawSettings,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WrittenOutcome {
    id: String,
    title: String,
    failed: String,
    decided: Option<String>,
    cost: Option<String>,
    cost_unit: Option<String>,
}

impl Question {
    /// Checks what is asked against the mapping.
    pub(crate) fn of(asked: &Asked<'_>, mapping: &Mapping) -> Result<Self, Failure> {
        Ok(Self {
            outcome: outcome(asked.outcome, mapping)?,
            at: asked.at.parse().map_err(|problem| failure(vec![problem]))?,
            formats: asked.formats,
            search: Settings::check(asked.search.clone()).map_err(failure)?,
        })
    }

    /// Returns the question as the settings of a report.
    pub(crate) fn to_value(&self) -> serde_json::Result<Value> {
        let outcome = &self.outcome;
        let text = |text: &Option<Box<str>>| text.as_deref().map(str::to_owned);
        serde_json::to_value(Written {
            baton: VERSION.to_owned(),
            outcome: WrittenOutcome {
                id: outcome.id.to_string(),
                title: outcome.title.to_string(),
                failed: outcome.failed.to_string(),
                decided: text(&outcome.decided),
                cost: text(&outcome.cost),
                cost_unit: text(&outcome.cost_unit),
            },
            at: self.at.to_string(),
            events_format: self.formats.0.name().to_owned(),
            cases_format: self.formats.1.map(|format| format.name().to_owned()),
            search: self.search.raw().clone(),
        })
    }

    /// Reads the settings of a report.
    pub(crate) fn from_bytes(bytes: &[u8]) -> Result<Self, String> {
        let written: Written = serde_json::from_slice(bytes).map_err(|error| error.to_string())?;
        if written.baton != VERSION {
            return Err(format!("settings of the version `{}`", written.baton));
        }
        let format = |name: &str| {
            Format::from_name(name).ok_or_else(|| format!("no log has the format `{name}`"))
        };
        let outcome = written.outcome;
        let boxed = |text: Option<String>| text.map(String::into_boxed_str);
        Ok(Self {
            outcome: Outcome {
                id: outcome.id.parse().map_err(|_| "an outcome without an id")?,
                title: outcome.title.into_boxed_str(),
                failed: outcome.failed.into_boxed_str(),
                decided: boxed(outcome.decided),
                cost: boxed(outcome.cost),
                cost_unit: boxed(outcome.cost_unit),
                at: String::new(),
            },
            at: written
                .at
                .parse()
                .map_err(|problem: Diagnostic| problem.message)?,
            formats: (
                format(&written.events_format)?,
                written.cases_format.as_deref().map(format).transpose()?,
            ),
            search: Settings::check(written.search).map_err(|problems| {
                problems
                    .into_iter()
                    .next()
                    .map_or_else(String::new, |problem| problem.message)
            })?,
        })
    }
}

/// Returns the outcome that is asked for: by its id, as an expression, or the only one there is.
pub(crate) fn outcome(asked: Option<&str>, mapping: &Mapping) -> Result<Outcome, Failure> {
    let known = &mapping.outcomes;
    let listed = || {
        let ids: Vec<_> = known
            .iter()
            .map(|outcome| format!("`{}`", outcome.id))
            .collect();
        if ids.is_empty() {
            "an expression such as `count[\"reopened\"] > 0`, for the mapping names no outcome"
                .to_owned()
        } else {
            format!("one of {}, or an expression", ids.join(", "))
        }
    };
    let unclear = |found: &str| {
        Failure::new(NO_OUTCOME, "know what counts as failed")
            .expected(listed())
            .found(found)
            .hint("name it with --outcome")
    };
    let Some(asked) = asked else {
        return match known.as_slice() {
            [only] => Ok(only.clone()),
            [] => Err(unclear("no --outcome")),
            several => Err(unclear(&format!(
                "no --outcome, and {} to choose from",
                several.len()
            ))),
        };
    };
    if let Some(found) = known.iter().find(|outcome| outcome.id.as_str() == asked) {
        return Ok(found.clone());
    }
    let is_word = asked.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if is_word {
        return Err(unclear(&format!("`{asked}`")));
    }
    Ok(Outcome {
        id: "expression".parse().map_err(|_| unclear(asked))?,
        title: asked.into(),
        failed: asked.into(),
        decided: None,
        cost: None,
        cost_unit: None,
        at: String::new(),
    })
}

/// Returns the failure that says the first problem, and how many more there are.
pub(super) fn failure(problems: Vec<Diagnostic>) -> Failure {
    let more = problems.len().saturating_sub(1);
    let Some(mut first) = problems.into_iter().next() else {
        return Failure::new(NO_OUTCOME, "mine the log");
    };
    let place = match first.place.pointer.as_str() {
        "" => String::new(),
        pointer => format!(" at {pointer}"),
    };
    let more = if more > 0 {
        format!(" (and {more} more problems)")
    } else {
        String::new()
    };
    first.message = format!("mine the log: {}{place}{more}", first.message);
    Failure(Box::new(first))
}
