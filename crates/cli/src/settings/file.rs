//! `baton.toml`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use baton_terms::{Elapsed, Id, limits};
use serde::{Deserialize, Deserializer, de::Error as _};

use crate::failure::{BAD_SETTINGS, Failure};
use crate::files;

/// Receivers in one file.
const RECEIVERS_MAX: usize = 100;
/// Teams in one file.
const TEAMS_MAX: usize = 1_000;
/// How long a node's claim on a piece of work lasts when the file does not say.
pub(super) const LEASE_DEFAULT: &str = "60s";

/// What `baton.toml` says; paths in it are relative to its folder.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Said {
    /// Where the store is.
    pub(super) store: Option<String>,
    /// File that holds the token of whoever works here.
    pub(super) token_file: Option<PathBuf>,
    /// Keys whose signatures count.
    pub(super) keyring: Option<PathBuf>,
    /// Feature flags, in flagd's format.
    pub(super) flags: Option<PathBuf>,
    /// How `baton work` works.
    pub(super) node: Node,
    /// How the store is sealed.
    pub(super) seal: Option<SealSettings>,
    /// Where requests may go.
    pub(super) egress: Egress,
    /// Who is told how.
    pub(super) receivers: Vec<Receiver>,
    /// Who may receive, how much and when; any team that a contract names when left out.
    pub(super) teams: Option<Vec<Team>>,
}

/// How `baton work` works.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Node {
    /// How long a claim lasts: another node takes over when it has run out.
    #[serde(deserialize_with = "elapsed")]
    pub(super) lease: Option<Elapsed>,
}

/// How the store is sealed.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SealSettings {
    /// Secret key in PEM that signs checkpoints.
    pub(crate) key: PathBuf,
    /// Name of the store in its checkpoints.
    pub(crate) origin: String,
    /// Where each checkpoint is kept too, away from the store: what tells a restored backup.
    pub(crate) checkpoint: Option<PathBuf>,
}

/// Where requests may go beyond public addresses.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Egress {
    /// Ranges such as `10.1.0.0/16`.
    pub(super) allow: Vec<String>,
}

/// Kinds of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Kind {
    /// Packages that are offered.
    Delivery,
    /// News.
    Notification,
    /// Follow-ups that were queued.
    FollowUp,
}

/// Who is told how: one of `command`, `url` and `folder`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Receiver {
    /// Teams and roles.
    pub(super) to: Vec<Id>,
    /// What they are told; everything when left out.
    #[serde(default)]
    pub(super) kinds: Vec<Kind>,
    /// Program and arguments.
    pub(super) command: Option<Vec<String>>,
    /// Address.
    pub(super) url: Option<String>,
    /// Whether the address may be one without TLS.
    #[serde(default)]
    pub(super) plain_http: bool,
    /// Where the value of `Authorization` comes from: `env:NAME` or `file:PATH`.
    pub(super) authorization_from: Option<String>,
    /// Folder for files.
    pub(super) folder: Option<PathBuf>,
    /// How long one delivery may take.
    #[serde(default, deserialize_with = "elapsed")]
    pub(super) timeout: Option<Elapsed>,
}

/// A team that may receive.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Team {
    /// Its name in contracts.
    pub(super) name: Id,
    /// Roles it plays.
    pub(super) roles: Vec<Id>,
    /// What it can do, beside what contracts say of it.
    #[serde(default)]
    pub(super) capabilities: Vec<Id>,
    /// How much it can hold, in a unit common to all teams.
    #[serde(default = "one")]
    pub(super) capacity: u32,
    /// Most open handoffs it takes.
    pub(super) limit: Option<u32>,
    /// When it works, where that is not what the contract says.
    pub(super) hours: Option<Hours>,
}

/// Working hours.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Hours {
    /// IANA name of the zone.
    pub(super) zone: String,
    /// Intervals by weekday, or by range of weekdays.
    pub(super) days: BTreeMap<String, Vec<String>>,
    /// Names of days without work, by date.
    #[serde(default)]
    pub(super) holidays: BTreeMap<String, String>,
}

fn one() -> u32 {
    1
}

fn elapsed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Elapsed>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(D::Error::custom)
}

/// Reads a file of settings.
pub(super) fn read(path: &Path) -> Result<Said, Failure> {
    let source = files::read_source(path, limits::CONTRACT_BYTES_MAX)?;
    let file: Said = toml::from_str(source.text()).map_err(|error| {
        let before = error
            .span()
            .and_then(|span| source.text().get(..span.start));
        let line = before.map_or(1, |before| before.matches('\n').count() + 1);
        wrong(path, format!("line {line}: {}", error.message()))
    })?;
    if file.receivers.len() > RECEIVERS_MAX {
        return Err(wrong(path, format!("more than {RECEIVERS_MAX} receivers")));
    }
    if file
        .teams
        .as_ref()
        .is_some_and(|teams| teams.len() > TEAMS_MAX)
    {
        return Err(wrong(path, format!("more than {TEAMS_MAX} teams")));
    }
    Ok(file)
}

/// Returns the failure of a file that does not say what Baton can use.
pub(super) fn wrong(path: &Path, found: impl Into<String>) -> Failure {
    Failure::new(
        BAD_SETTINGS,
        format!("use the settings `{}`", path.display()),
    )
    .expected("settings as `docs/reference/settings.md` lists them")
    .found(found)
    .hint("correct the file, or name another one with --config")
}
