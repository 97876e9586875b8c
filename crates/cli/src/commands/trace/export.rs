//! `baton trace export`: the trace of one handoff or rollout, out of a store into a folder.

use std::collections::BTreeMap;
use std::path::PathBuf;

use baton_engine::handoff::stream_of;
use baton_engine::port::{Store, StreamId};
use baton_engine::rollout;
use baton_evidence::trace::Entry;
use baton_mission::names::HandoffId;
use baton_terms::{Digest, IdError};
use clap::Args;

use crate::clock;
use crate::commands::keys::read_signing_key;
use crate::denial::of_handoff;
use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure, STORE_FAILED};
use crate::output::Output;
use crate::settings::Place;
use crate::store_access::{OpenStore, WhenMissing, of_store};
use crate::trace_folder::{self, Signing};

/// Entries read at once.
const LINES_READ: u32 = 1_000;

/// Arguments of `baton trace export`.
#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    place: Place,
    /// The handoff; with --rollout, the rollout.
    handoff: HandoffId,
    /// Take the trace of a rollout.
    #[arg(long)]
    rollout: bool,
    /// New folder for its trace.
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Secret key in PEM that seals it; `seal.key` of `baton.toml` when left out.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Name of the trace; the name of the store and that of the handoff when left out.
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
}

impl Export {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let settings = self.place.settings()?;
        let (key, store_name) = match &self.key {
            Some(key) => (key.clone(), settings.seal.map(|seal| seal.origin)),
            None => {
                let seal = settings.required_seal()?;
                (seal.key, Some(seal.origin))
            }
        };
        let settings = self.place.settings()?;
        let key = read_signing_key(&key)?;
        let store = OpenStore::open(&settings, WhenMissing::Refuse)?;
        let stream = self.stream()?;
        let (lines, blobs) = contents(store.ports(), &stream)?;
        let origin = self.origin.clone().unwrap_or_else(|| {
            let store = store_name.map_or_else(String::new, |name| format!("{name}/"));
            format!("{store}{stream}")
        });
        let signing = Signing {
            key: &key,
            keyring: None,
            origin: Some(&origin),
            now: clock::now(),
        };
        let sealed = trace_folder::export(&self.out, (&lines, &blobs), signing)?;
        output.answer(&format!(
            "exported {} entries and {} documents of {} to {}\n",
            sealed.size,
            blobs.len(),
            baton_report::plain(self.handoff.as_str()),
            self.out.display()
        ));
        Ok(Exit::Ok)
    }
}

impl Export {
    fn stream(&self) -> anyhow::Result<StreamId> {
        if !self.rollout {
            return stream_of(&self.handoff).map_err(of_handoff);
        }
        let rollout = self.handoff.as_str().parse().map_err(|error: IdError| {
            Failure::new(BAD_ARGUMENT, "tell which rollout is meant")
                .expected("the name of a rollout")
                .found(error.to_string())
                .hint("list what there is: `baton rollout list`")
        })?;
        rollout::stream_of(&rollout).map_err(of_handoff)
    }
}

type Contents = (Vec<Vec<u8>>, BTreeMap<Digest, Vec<u8>>);

/// Returns the lines of a stream, and every document that they name and the store holds.
fn contents(store: &dyn Store, stream: &StreamId) -> Result<Contents, Failure> {
    let failed = |error| of_store(&error, "read the trace");
    let wrong = |found: String| {
        Failure::new(STORE_FAILED, "export the trace")
            .expected("a handoff whose entries Baton wrote")
            .found(found)
            .hint("list handoffs with `baton handoff list`; `baton doctor` looks at the store")
    };
    let mut lines = Vec::new();
    let mut blobs = BTreeMap::new();
    loop {
        let from = u64::try_from(lines.len()).unwrap_or(u64::MAX);
        let read = store.lines(stream, from, LINES_READ).map_err(failed)?;
        if read.is_empty() {
            break;
        }
        for line in read {
            let entry = Entry::parse(&line.bytes)
                .map_err(|_| wrong(format!("entry {} can't be read", line.sequence)))?;
            for digest in entry.draft().digests.values() {
                if !blobs.contains_key(digest)
                    && let Some(bytes) = store.blob(digest).map_err(failed)?
                {
                    blobs.insert(*digest, bytes);
                }
            }
            lines.push(line.bytes);
        }
    }
    if lines.is_empty() {
        return Err(wrong(format!("nothing under `{stream}`")));
    }
    Ok((lines, blobs))
}
