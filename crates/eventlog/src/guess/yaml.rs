//! A proposal as a mapping file with comments.

use std::fmt::Write as _;

use super::profile::{Profile, Profiles};
use super::roles::{Proposal, Roles};
use super::sample::Sample;
use super::words;
use crate::import::Clock;
use crate::mapping::{TimeFormat, ValueKind};
use crate::model::Column;

/// Returns the proposal.
pub(super) fn mapping(sample: &Sample, profiles: &Profiles, roles: &Roles, name: &str) -> String {
    let draft = Draft {
        sample,
        profiles,
        roles,
    };
    let mut text = format!(
        "# Proposed from the first {} rows of {}. Read each reason, and correct what is wrong.\nbaton: mapping/v1\n",
        sample.rows,
        comment(name)
    );
    // Writing to a String can't fail.
    if let Some(delimiter) = sample.delimiter {
        let _ = writeln!(text, "table: {{delimiter: {}}}", delimiter.word());
    }
    draft.role(&mut text, "case", Some(&roles.case));
    draft.time(&mut text);
    draft.role(&mut text, "order", roles.order.as_ref());
    draft.role(&mut text, "activity", Some(&roles.activity));
    draft.role(&mut text, "party", roles.party.as_ref());
    draft.role(&mut text, "person", roles.person.as_ref());
    if !profiles.missing.is_empty() {
        let tokens: Vec<_> = profiles.missing.iter().map(|token| quoted(token)).collect();
        let _ = writeln!(text, "missing: [{}]", tokens.join(", "));
    }
    draft.columns(&mut text);
    text.push_str(
        "# What counts as failed is for you to say, for example:\n\
         # outcomes:\n#   late:\n#     title: Closed too late\n#     failed: last(COLUMN) == false\n",
    );
    text
}

struct Draft<'d> {
    sample: &'d Sample,
    profiles: &'d Profiles,
    roles: &'d Roles,
}

impl Draft<'_> {
    fn name(&self, proposal: &Proposal) -> String {
        let column = self.sample.columns.get(proposal.column);
        scalar(column.map_or("", |column| &column.name))
    }

    fn role(&self, text: &mut String, role: &str, proposal: Option<&Proposal>) {
        if let Some(proposal) = proposal {
            let _ = writeln!(
                text,
                "{role}: {} # {}",
                self.name(proposal),
                comment(&proposal.why)
            );
        }
    }

    fn event_format(&self) -> Option<&TimeFormat> {
        self.profiles.columns.get(self.roles.time.column)?.format()
    }

    fn time(&self, text: &mut String) {
        let proposal = &self.roles.time;
        let format = self.event_format().map_or("rfc3339", TimeFormat::text);
        let is_local =
            self.event_format().is_some_and(|format| !format.has_zone()) || self.names_no_zone();
        let zone = if is_local { ", zone: UTC" } else { "" };
        let _ = writeln!(
            text,
            "time: {{column: {}, format: {}{zone}}} # {}",
            self.name(proposal),
            scalar(format),
            comment(&proposal.why)
        );
        if is_local {
            text.push_str("# The times name no zone: put the one they are meant in for UTC.\n");
        }
    }

    /// RFC 3339 without offsets is common, and then a zone must be said.
    fn names_no_zone(&self) -> bool {
        let column = self.sample.columns.get(self.roles.time.column);
        let Some((column, format)) = column.zip(self.event_format()) else {
            return false;
        };
        let mut clock = Clock::new(format.clone(), None);
        let missing = &self.profiles.missing;
        let mut texts = column
            .dictionary
            .texts()
            .filter(|text| !missing.contains(text));
        texts.any(|text| clock.read(text.as_bytes()).is_err())
    }

    fn columns(&self, text: &mut String) {
        let roles = [
            Some(&self.roles.case),
            Some(&self.roles.time),
            Some(&self.roles.activity),
            self.roles.order.as_ref(),
            self.roles.party.as_ref(),
            self.roles.person.as_ref(),
        ];
        let used: Vec<_> = roles
            .into_iter()
            .flatten()
            .map(|role| role.column)
            .collect();
        let columns = self
            .sample
            .columns
            .iter()
            .zip(&self.profiles.columns)
            .enumerate();
        let mut has_any = false;
        for (place, (column, profile)) in columns {
            let (rule, reasons) = self.rule(column, profile);
            if used.contains(&place) || rule.is_empty() {
                continue;
            }
            if !has_any {
                text.push_str("columns:\n");
                has_any = true;
            }
            let _ = write!(text, "  {}: {{{}}}", scalar(&column.name), rule.join(", "));
            if !reasons.is_empty() {
                let _ = write!(text, " # {}", comment(&reasons.join("; ")));
            }
            text.push('\n');
        }
    }

    fn rule(&self, column: &Column, profile: &Profile) -> (Vec<String>, Vec<String>) {
        let mut rule = Vec::new();
        let mut reasons = Vec::new();
        match &profile.kind {
            ValueKind::Text => {}
            ValueKind::Boolean => rule.push("kind: boolean".to_owned()),
            ValueKind::Number { scale: 0 } => rule.push("kind: number".to_owned()),
            ValueKind::Number { scale } => rule.push(format!("kind: number, scale: {scale}")),
            ValueKind::Time { format } => {
                rule.push("kind: time".to_owned());
                let format = format
                    .as_ref()
                    .filter(|format| Some(*format) != self.event_format());
                rule.extend(format.map(|format| format!("format: {}", scalar(format.text()))));
            }
        }
        let later = self.later(column, profile);
        if let Some(sign) = words::sign(&column.name, words::END) {
            rule.push("known: end".to_owned());
            reasons.push(format!(
                "its name says `{sign}`: it would tell what happened before it did"
            ));
        } else if later >= 300 {
            rule.push("known: end".to_owned());
            reasons.push(format!(
                "later than the event itself in {}% of the rows",
                later / 10
            ));
        } else if profile.format().is_some() && words::sign(&column.name, words::START).is_some() {
            rule.push("known: start".to_owned());
        }
        if !matches!(profile.kind, ValueKind::Text) {
            return (rule, reasons);
        }
        let has_mail = column
            .dictionary
            .texts()
            .take(100)
            .any(|text| text.contains('@'));
        if let Some(sign) = words::sign(&column.name, words::PEOPLE) {
            rule.push("person: true".to_owned());
            reasons.push(format!("its name says `{sign}`: people are never mined"));
        } else if has_mail {
            rule.push("person: true".to_owned());
            reasons.push("its values hold `@`: people are never mined".to_owned());
        } else if let Some(sign) = words::sign(&column.name, words::PARTY) {
            rule.push("group: true".to_owned());
            reasons.push(format!("its name says `{sign}`"));
        }
        (rule, reasons)
    }

    /// Returns in how many of a thousand rows the time of a column is later than the event.
    fn later(&self, column: &Column, profile: &Profile) -> usize {
        let (Some(own), Some(format)) = (profile.format(), self.event_format()) else {
            return 0;
        };
        let Some(events) = self.sample.columns.get(self.roles.time.column) else {
            return 0;
        };
        let read = |format: &TimeFormat, text: Option<&str>| {
            let moment = format.read(text?.as_bytes())?;
            let offset = i64::from(moment.offset_seconds.unwrap_or_default());
            Some(moment.wall_micros - offset * 1_000_000)
        };
        let mut rows = 0_usize;
        let mut later = 0_usize;
        for row in 0..self.sample.rows {
            if let (Some(time), Some(event)) =
                (read(own, column.text(row)), read(format, events.text(row)))
            {
                rows += 1;
                later += usize::from(time > event);
            }
        }
        (later * 1_000).checked_div(rows).unwrap_or_default()
    }
}

/// Returns text as YAML reads it back: plain where that has one meaning, else in quotes.
fn scalar(text: &str) -> String {
    let is_plain = text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
            .contains(&text.to_ascii_lowercase().as_str());
    let is_word = matches!(text, "rfc3339" | "unix" | "unix-ms" | "unix-us");
    if is_plain || is_word {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// Returns text in the double quotes of YAML, which are those of JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Returns text that stays within one comment.
fn comment(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
