//! `baton bundle export`: a trace in one file.

use std::collections::BTreeSet;
use std::path::PathBuf;

use baton_evidence::bundle::{self, Contents};
use baton_evidence::checkpoint::Checkpoint;
use baton_evidence::keys::{Entry as KeyEntry, KeyId, Keyring, VerifierKey};
use baton_evidence::trace::{Blobs, Entry, Verdict, lines};
use baton_report::verify::Verification;
use baton_terms::{Digest, limits};
use clap::Args;

use crate::commands::keys::read_keyring;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::trace_folder::{self, NOT_A_TRACE, NOT_EXPORTED};
use crate::{clock, files};

/// Arguments of `baton bundle export`.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// The folder of the trace.
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// File for the bundle; one that is there is replaced.
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Write a page that shows and verifies the bundle in a browser.
    #[arg(long)]
    html: bool,
    /// Keyring with the public keys of the signers; those who signed travel in the bundle.
    #[arg(long, value_name = "FILE")]
    keyring: Option<PathBuf>,
    /// A DSSE envelope about something the trace names.
    #[arg(long, value_name = "FILE")]
    attestation: Vec<PathBuf>,
    /// A checkpoint seen before, oldest first.
    #[arg(long, value_name = "CHECKPOINT")]
    earlier: Vec<PathBuf>,
}

impl Export {
    pub(super) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let trusted = self.keyring.as_deref().map(read_keyring).transpose()?;
        let bundle = self.bundle(&trusted.clone().unwrap_or_default())?;
        let as_of = clock::now();
        let report = bundle::verify(&bundle, trusted.as_ref(), as_of);
        let name = self.folder.display().to_string();
        if report.verdict() == Verdict::Refused {
            // Nothing that is known to be broken leaves as if it were whole.
            let refused = Verification::of_bundle(name, as_of, &report);
            let text = baton_report::verify::text(&refused, output.appearance(), output.width());
            Output::remark(text.trim_end());
            return Ok(Exit::Refused);
        }
        let bytes = if self.html {
            bundle::html(&bundle)
        } else {
            bundle
        };
        files::write(&self.out, &bytes)?;
        let covered = &report.coverage;
        output.answer(&format!(
            "{} ({} bytes)\n  entries {}, blobs {}, attestations {}, public keys {}\n",
            self.out.display(),
            bytes.len(),
            covered.trace.lines,
            covered.trace.blobs,
            covered.attestations,
            covered.keys,
        ));
        if covered.keys == 0 {
            Output::remark(
                "no public key travels with it: give --keyring, so that readers can compare the signers' keys with theirs",
            );
        }
        Ok(Exit::Ok)
    }

    fn bundle(&self, keys: &Keyring) -> anyhow::Result<Vec<u8>> {
        let contents = trace_folder::read(&self.folder)?;
        let blobs = trace_folder::read_blobs(&self.folder)?;
        let Some(checkpoint) = &contents.checkpoint else {
            let failure = Failure::new(
                NOT_A_TRACE,
                format!("export the trace `{}`", self.folder.display()),
            );
            return Err(failure
                .expected("a checkpoint over its entries")
                .found("none")
                .hint("restore the file `checkpoint` from a copy")
                .into());
        };
        let earlier = read_all(&self.earlier, limits::CONTRACT_BYTES_MAX)?;
        let attestations = read_all(&self.attestation, limits::EVIDENCE_BYTES_MAX)?;
        let named = named_digests(&contents.entries);
        let mut borrowed: Blobs<'_> = blobs.borrowed();
        borrowed.retain(|digest, _| named.contains(digest));
        let notes: Vec<&[u8]> = earlier
            .iter()
            .chain([checkpoint])
            .map(Vec::as_slice)
            .collect();
        let envelopes: Vec<&[u8]> = attestations.iter().map(Vec::as_slice).collect();
        let signers = signers(keys, &notes, &envelopes);
        let earlier: Vec<&[u8]> = earlier.iter().map(Vec::as_slice).collect();
        let exported = bundle::export(&Contents {
            entries: &contents.entries,
            checkpoint,
            earlier: &earlier,
            blobs: &borrowed,
            attestations: &envelopes,
            keys: &signers,
        });
        exported.map_err(|error| {
            Failure::new(
                NOT_EXPORTED,
                format!("export the trace `{}`", self.folder.display()),
            )
            .expected("a trace whose every part can be read")
            .found(error.to_string())
            .hint("`baton trace verify --audit` names what is wrong")
            .into()
        })
    }
}

fn read_all(paths: &[PathBuf], limit: usize) -> Result<Vec<Vec<u8>>, Failure> {
    paths.iter().map(|path| files::read(path, limit)).collect()
}

/// Returns every digest that entries name: other blobs are no part of the trace.
fn named_digests(entries: &[u8]) -> BTreeSet<Digest> {
    let read = lines(entries).filter_map(|line| Entry::parse(line).ok());
    read.flat_map(|entry| entry.draft().digests.values().copied().collect::<Vec<_>>())
        .collect()
}

/// Returns the keys that signed anything here; a keyring may hold people who have no part in it.
fn signers(keys: &Keyring, checkpoints: &[&[u8]], envelopes: &[&[u8]]) -> Keyring {
    let notes: Vec<_> = checkpoints
        .iter()
        .filter_map(|note| Checkpoint::parse(note).ok())
        .collect();
    let signed_note = |entry: &KeyEntry| {
        let mut signatures = notes.iter().flat_map(|(_, note)| note.signatures());
        signatures.any(|signature| {
            VerifierKey::new(signature.name.as_str(), entry.public_key)
                .is_ok_and(|key| key.hash() == signature.key_id)
        })
    };
    let signed_envelope = |id: KeyId| {
        let id = id.to_string();
        envelopes
            .iter()
            .any(|envelope| bundle::names_key(envelope, &id))
    };
    let signed = keys
        .entries()
        .filter(|(id, entry)| signed_note(entry) || signed_envelope(*id));
    Keyring::new(signed.map(|(_, entry)| entry.clone()))
}
