//! What every command on a handoff shares: the store, who acts, the request's key, and how it is answered.

use baton_engine::access::Credential;
use baton_engine::handoff::{Call, Desk, Failure as EngineFailure, Outcome, ask};
use baton_evidence::canonical;
use baton_mission::handoff::Ask;
use baton_mission::names::{HandoffId, Key, Revision};
use baton_terms::Digest;
use clap::{Args, ValueEnum};
use serde::Serialize;
use serde_json::{Value, json};

use crate::clock::SystemClock;
use crate::denial::of_handoff;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::flags_file::FlagsFile;
use crate::handoff_view::outcome_text;
use crate::output::Output;
use crate::settings::{Place, Settings};
use crate::store_access::{OpenStore, WhenMissing, credential};

/// Characters of a derived key.
const KEY_LENGTH: usize = 16;
/// Characters of a digest that are enough to name the package seen.
const DIGEST_LENGTH_MIN: usize = 8;

/// One request to one handoff.
#[derive(Debug, Args)]
pub(super) struct Request {
    #[command(flatten)]
    pub(super) place: Place,
    /// The handoff.
    pub(super) handoff: HandoffId,
    #[command(flatten)]
    terms: RequestTerms,
}

/// On what terms a request is made, whatever it asks for.
#[derive(Debug, Args)]
pub(crate) struct RequestTerms {
    /// Key of the request: sent again under it, it is answered again and done once. Derived from the request and shown when left out.
    #[arg(long)]
    key: Option<Key>,
    /// Only when what is asked is still at this revision.
    #[arg(long, value_name = "REVISION")]
    pub(crate) expects: Option<u64>,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// How to show an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// For people.
    Text,
    /// With a published schema.
    Json,
}

/// What a command works with.
pub(crate) struct Office {
    pub(crate) settings: Settings,
    pub(crate) store: OpenStore,
    pub(crate) clock: SystemClock,
    flags: FlagsFile,
}

impl Office {
    pub(crate) fn open(place: &Place) -> Result<Self, Failure> {
        let settings = place.settings()?;
        let store = OpenStore::open(&settings, WhenMissing::Refuse)?;
        Ok(Self {
            flags: settings.flags_file(),
            settings,
            store,
            clock: SystemClock,
        })
    }

    pub(crate) fn desk(&self) -> Result<Desk<'_>, Failure> {
        let keys = self.settings.keys()?;
        let roster = self.settings.roster()?;
        Ok(Desk::new(self.store.ports(), &self.clock)
            .with_keyring(keys)
            .with_roster(roster)
            .with_flags(&self.flags))
    }

    pub(crate) fn credential(&self) -> Result<Credential, Failure> {
        credential(&self.settings, &self.store)
    }
}

impl Request {
    /// Asks for what needs nothing but the handoff; `make` gets the handoff as it is now.
    pub(super) fn ask(
        &self,
        output: &mut Output,
        make: impl FnOnce(&Current) -> Result<Ask, Failure>,
    ) -> anyhow::Result<Exit> {
        let office = Office::open(&self.place)?;
        let current = self.current(&office)?;
        let asked = make(&current)?;
        self.perform(output, (&office, &asked), |desk, call| {
            ask(desk, call, &asked)
        })
    }

    /// Performs a request; `content` is what its key is derived from.
    pub(super) fn perform(
        &self,
        output: &mut Output,
        (office, content): (&Office, &impl Serialize),
        act: impl FnOnce(&Desk<'_>, &Call<'_>) -> Result<Outcome, EngineFailure>,
    ) -> anyhow::Result<Exit> {
        let credential = office.credential()?;
        let desk = office.desk()?;
        let revision = desk.load(&self.handoff).map_err(of_handoff)?;
        let revision = revision.handoff().revision();
        let key = self.terms.key(&json!({
            "handoff": self.handoff,
            "revision": revision,
            "request": content,
        }))?;
        let call = Call {
            actor: &credential.actor,
            handoff: self.handoff.clone(),
            key: key.clone(),
            expects: self.terms.expects.map(Revision::new),
            under: None,
        };
        let outcome = answered(&key, act(&desk, &call))?;
        match self.terms.format {
            Format::Text => output.answer(&outcome_text(&outcome, &key)),
            Format::Json => output.json(&json!({
                "baton": "handoff-outcome/v1",
                "handoff": outcome.handoff,
                "revision": outcome.revision,
                "state": outcome.state,
                "turn": outcome.turn,
                "key": key,
            })),
        }
        Ok(Exit::Ok)
    }

    fn current(&self, office: &Office) -> anyhow::Result<Current> {
        let desk = office.desk()?;
        let case = desk.load(&self.handoff).map_err(of_handoff)?;
        let dossier = case.handoff().phase().dossier();
        Ok(Current {
            package: dossier.map(|dossier| dossier.package.digest),
        })
    }
}

impl RequestTerms {
    /// Returns the key that was given, or the one that the same request on the same revision has again.
    pub(crate) fn key(&self, content: &Value) -> Result<Key, Failure> {
        match &self.key {
            Some(key) => Ok(key.clone()),
            None => derived(content),
        }
    }
}

/// Returns what a request led to, and says how to ask again where it may not have arrived.
pub(crate) fn answered<T>(key: &Key, outcome: Result<T, EngineFailure>) -> anyhow::Result<T> {
    outcome.map_err(|failure| {
        if failure.is_transient() {
            Output::remark(&format!("ask again with --key {key}: it is done once"));
        }
        of_handoff(failure)
    })
}

/// A handoff as a request finds it.
pub(super) struct Current {
    package: Option<Digest>,
}

impl Current {
    /// Returns the package that somebody saw: its digest, or enough of it to name the current one. Who decides names what they
    /// saw, so that no decision falls on a package that came meanwhile.
    pub(super) fn seen(&self, text: &str) -> Result<Digest, Failure> {
        let hex = text.strip_prefix("sha256:").unwrap_or(text);
        let found = match self.package {
            Some(current) if hex.len() >= DIGEST_LENGTH_MIN && current.hex().starts_with(hex) => {
                return Ok(current);
            }
            Some(current) => format!("`{text}`; the current package is {current}"),
            None => format!("`{text}`; no package was submitted yet"),
        };
        // An older package is the lifecycle's matter.
        Digest::from_hex(hex).map_err(|_| {
            Failure::new(BAD_ARGUMENT, "tell which package was seen")
                .expected(format!(
                    "its digest, or {DIGEST_LENGTH_MIN} or more of its first digits"
                ))
                .found(found)
                .hint("look at it with `baton handoff show`, then name that digest")
        })
    }
}

fn derived(content: &Value) -> Result<Key, Failure> {
    let unusable = |found: String| {
        Failure::new(BAD_ARGUMENT, "derive the key of the request")
            .expected("a request with a canonical form")
            .found(found)
            .hint("give a --key")
    };
    let bytes = canonical::of(content).map_err(|error| unusable(error.to_string()))?;
    let hex: String = Digest::of(&bytes).hex().chars().take(KEY_LENGTH).collect();
    format!("request-{hex}")
        .parse()
        .map_err(|error: baton_mission::names::NameError| unusable(error.to_string()))
}
