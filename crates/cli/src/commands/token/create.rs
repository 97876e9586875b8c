//! `baton token create`: a new token.

use std::path::PathBuf;

use baton_engine::access::{Grant, Issued, Issuing, Token, create_token};
use baton_mission::authority::{ActorKind, Scope};
use baton_mission::names::Principal;
use baton_terms::{Elapsed, Id};
use clap::{Args, ValueEnum};

use crate::clock;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure, UNREADABLE};
use crate::files;
use crate::output::Output;
use crate::settings::Place;
use crate::store_access::{OpenStore, WhenMissing, administrator, of_access};

/// Arguments of `baton token create`.
#[derive(Debug, Args)]
pub(super) struct Create {
    #[command(flatten)]
    place: Place,
    /// The account that acts with it, such as `ana@example.org`.
    #[arg(long)]
    principal: Principal,
    /// The team of the account.
    #[arg(long)]
    team: Id,
    /// Roles of the account.
    #[arg(long = "role", value_name = "ROLE")]
    roles: Vec<Id>,
    /// What it is good for.
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_enum)]
    scopes: Vec<ScopeName>,
    /// Who holds it.
    #[arg(long, value_enum, default_value_t = KindName::Person)]
    kind: KindName,
    /// Whom the account acts for, nearest first; an agent acts for somebody.
    #[arg(long, value_name = "PRINCIPAL")]
    on_behalf_of: Vec<Principal>,
    /// How long it counts, at most 366 days.
    #[arg(long, value_name = "TIME", default_value = "90d")]
    expires_in: Elapsed,
    /// New file for it, readable by its owner alone; standard output when left out.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum KindName {
    /// A person.
    Person,
    /// An AI agent, acting for a named account.
    Agent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ScopeName {
    /// Looking.
    Read,
    /// Sending, receiving and answering.
    Submit,
    /// Deciding gates and waivers.
    Approve,
    /// Running the lifecycle: reassigning, escalating, rolling back.
    Operate,
    /// Everything else, such as giving tokens and releasing from quarantine.
    Admin,
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::Read => Self::Read,
            ScopeName::Submit => Self::Submit,
            ScopeName::Approve => Self::Approve,
            ScopeName::Operate => Self::Operate,
            ScopeName::Admin => Self::Admin,
        }
    }
}

impl Create {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let settings = self.place.settings()?;
        if let Some(out) = &self.out {
            files::require_new(out)?;
        }
        let store = OpenStore::open(&settings, WhenMissing::Create)?;
        let by = administrator(&settings, &store)?;
        let now = clock::now();
        let expires = now.checked_add(self.expires_in).ok_or_else(|| {
            Failure::new(BAD_ARGUMENT, "make the token")
                .expected("a time that can be written")
                .found("one far in the future")
                .hint("give a shorter --expires-in")
        })?;
        let issuing = Issuing {
            grant: self.grant(),
            expires,
            by: by.as_ref(),
            now,
        };
        let mut entropy = [0; 40];
        getrandom::fill(&mut entropy).map_err(|error| {
            Failure::new(UNREADABLE, "draw randomness for a token")
                .expected("the operating system's random source")
                .found(error.to_string())
                .hint("make the token on a machine that has one")
        })?;
        let issued = create_token(store.ports(), issuing, &entropy);
        let issued = issued.map_err(|failure| of_access(&failure))?;
        self.answer(&issued, output)?;
        Ok(Exit::Ok)
    }

    fn grant(&self) -> Grant {
        Grant {
            principal: self.principal.clone(),
            kind: match self.kind {
                KindName::Person => ActorKind::Person,
                KindName::Agent => ActorKind::Agent,
            },
            on_behalf_of: self.on_behalf_of.clone(),
            team: self.team.clone(),
            roles: self.roles.iter().cloned().collect(),
            scopes: self
                .scopes
                .iter()
                .map(|scope| Scope::from(*scope))
                .collect(),
        }
    }

    /// The token itself is the only thing on standard output, so that a script can keep it.
    fn answer(&self, issued: &Issued, output: &mut Output) -> Result<(), Failure> {
        let Token { id, expires, .. } = &issued.token;
        let text = issued.text.reveal();
        if let Some(out) = &self.out {
            files::write_secret(out, format!("{text}\n").as_bytes())?;
            output.answer(&format!(
                "token       {id}\nkept in     {} (readable by you alone; keep it so)\nexpires     {expires}\n",
                out.display()
            ));
        } else {
            output.answer(&format!("{text}\n"));
            Output::remark(&format!(
                "token {id}, expires {expires}: it is shown this once and kept nowhere"
            ));
        }
        Ok(())
    }
}
