//! What `baton doctor` found, for people and programs.

use std::fmt::Write as _;

use baton_engine::access::Credential;
use baton_engine::register::Inspection;
use baton_report::plain;
use baton_terms::Instant;
use serde_json::{Value, json};

use crate::commands::doctor::is_whole;
use crate::settings::Settings;

/// What `baton doctor --format json` prints.
pub(crate) const SCHEMA: &str = include_str!("examination_v1.schema.json");
/// Problems listed; the number left out is stated.
const SHOWN_MAX: usize = 50;

/// What the token in use says.
#[derive(Debug)]
pub(crate) enum TokenSeen {
    /// None is set.
    None,
    /// It counts.
    Of(Credential),
    /// It does not.
    Refused(String),
}

/// Whether the file or database holds together.
#[derive(Debug)]
pub(crate) enum Integrity {
    /// Every page, index and row does.
    Sound,
    /// Something does not.
    Broken(String),
    /// The server looks after it.
    Servers,
}

/// Everything looked at.
#[derive(Debug)]
pub(crate) struct Examined<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) token: TokenSeen,
    pub(crate) integrity: Integrity,
    pub(crate) has_keys: bool,
    pub(crate) next_due: Option<Instant>,
    pub(crate) inspection: Inspection,
}

impl Examined<'_> {
    /// Returns whether nothing is wrong.
    pub(crate) fn is_sound(&self) -> bool {
        !matches!(self.integrity, Integrity::Broken(_))
            && !matches!(self.token, TokenSeen::Refused(_))
            && is_whole(&self.inspection, self.has_keys)
    }

    fn integrity(&self) -> String {
        match &self.integrity {
            Integrity::Sound => "every page, index and row holds together".to_owned(),
            Integrity::Broken(why) => format!("BROKEN: {why}"),
            Integrity::Servers => "looked after by its server".to_owned(),
        }
    }

    fn token(&self) -> String {
        match &self.token {
            TokenSeen::None => "none: `baton handoff` needs one".to_owned(),
            TokenSeen::Of(credential) => format!(
                "{} acts as {} of {}, until {}",
                credential.token,
                credential.actor.principal,
                credential.actor.team,
                credential.expires
            ),
            TokenSeen::Refused(why) => format!("REFUSED: failed to {why}"),
        }
    }

    fn problems(&self) -> Vec<String> {
        let register = self.inspection.register.findings.iter().map(|finding| {
            let problem = finding.diagnostic();
            format!("register: {} ({})", problem.message, problem.code)
        });
        let flaws = self.inspection.flaws.iter();
        let flaws = flaws.map(|flaw| match flaw.sequence {
            Some(sequence) => format!("{}, entry {sequence}: {}", flaw.stream, flaw.what),
            None => format!("{}: {}", flaw.stream, flaw.what),
        });
        register.chain(flaws).collect()
    }

    fn settings(&self) -> Vec<(&'static str, String, String)> {
        let settings = self.settings;
        let path = |setting: &Option<crate::settings::Setting<std::path::PathBuf>>| match setting {
            Some(setting) => (
                setting.value.display().to_string(),
                setting.from.to_string(),
            ),
            None => ("none".to_owned(), "nothing is set".to_owned()),
        };
        let (file, file_from) = path(&settings.file);
        let (token_file, token_from) = path(&settings.token_file);
        let (keyring, keyring_from) = path(&settings.keyring);
        let seal = match &settings.seal {
            Some(seal) => (seal.origin.clone(), "the file of settings".to_owned()),
            None => ("none".to_owned(), "nothing is set".to_owned()),
        };
        let (flags, flags_from) = path(&settings.flags);
        let lease = format!("{} s", settings.lease.value.seconds());
        vec![
            ("settings", file, file_from),
            (
                "store",
                settings.store.value.shown(),
                settings.store.from.to_string(),
            ),
            ("token file", token_file, token_from),
            ("keyring", keyring, keyring_from),
            (
                "teams",
                settings.teams_shown(),
                settings.teams_from().to_string(),
            ),
            ("flags", flags, flags_from),
            ("sealed as", seal.0, seal.1),
            ("lease", lease, settings.lease.from.to_string()),
        ]
    }
}

/// Returns the answer for people.
pub(crate) fn text(examined: &Examined<'_>) -> String {
    let inspection = &examined.inspection;
    let mut text = String::new();
    let verdict = if examined.is_sound() {
        "SOUND — nothing that was looked at is wrong"
    } else {
        "NOT SOUND — see what is wrong below"
    };
    let _ = writeln!(text, "{verdict}\n\nIn force");
    for (name, value, from) in examined.settings() {
        let _ = writeln!(text, "  {name:<11} {} ({})", plain(&value), plain(&from));
    }
    for receiver in examined.settings.receivers_shown() {
        let _ = writeln!(text, "  {:<11} {}", "receiver", plain(&receiver));
    }
    let _ = writeln!(text, "  {:<11} {}", "token", plain(&examined.token()));
    let _ = writeln!(
        text,
        "\nStore\n  {:<11} {}",
        "holds",
        plain(&examined.integrity())
    );
    let _ = writeln!(
        text,
        "  {:<11} {} with {} entries, {} of them sealed",
        "records", inspection.streams, inspection.entries, inspection.sealed
    );
    let seal = &inspection.register.coverage;
    let origin = seal.origin.as_deref().unwrap_or("none");
    let _ = writeln!(text, "  {:<11} {}", "last seal", plain(origin));
    let due = examined
        .next_due
        .map_or_else(|| "nothing waits".to_owned(), |due| due.to_string());
    let _ = writeln!(text, "  {:<11} {due}", "next work");
    let problems = examined.problems();
    if !problems.is_empty() {
        text.push_str("\nFound\n");
        for problem in problems.iter().take(SHOWN_MAX) {
            let _ = writeln!(text, "  - {}", plain(problem));
        }
        let listed = u64::try_from(problems.len().saturating_sub(SHOWN_MAX)).unwrap_or(u64::MAX);
        let left_out = inspection.flaws_left_out.saturating_add(listed);
        if left_out > 0 {
            let _ = writeln!(text, "  and {left_out} more");
        }
    }
    text
}

/// Returns the answer for programs.
pub(crate) fn json(examined: &Examined<'_>) -> Value {
    let inspection = &examined.inspection;
    let settings: Vec<Value> = examined
        .settings()
        .into_iter()
        .map(|(name, value, from)| json!({"name": name, "value": value, "from": from}))
        .collect();
    json!({
        "baton": "examination/v1",
        "sound": examined.is_sound(),
        "settings": settings,
        "receivers": examined.settings.receivers_shown(),
        "token": examined.token(),
        "store": {
            "integrity": examined.integrity(),
            "records": inspection.streams,
            "entries": inspection.entries,
            "sealed": inspection.sealed,
            "next_work": examined.next_due,
        },
        "problems": examined.problems(),
        "problems_left_out": inspection.flaws_left_out,
    })
}
