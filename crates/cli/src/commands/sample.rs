//! `baton sample`: a made-up organization to try everything on.

use std::path::PathBuf;

use baton_simulation::sample::{AS_OF, MadePackage, Sample, Seed, Shipped, make};
use clap::Args;
use include_dir::{Dir, include_dir};

use crate::exit::Exit;
use crate::files;
use crate::output::Output;

/// The contracts shipped with Baton.
static CONTRACTS: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../contracts");

/// Arguments of `baton sample`.
#[derive(Debug, Args)]
pub(crate) struct MakeSample {
    /// Folder to create; it must not hold any file of the sample yet.
    folder: PathBuf,
    /// What the sample is drawn from: the same seed gives the same bytes on every machine.
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

impl MakeSample {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let sample = make(Seed(self.seed), &shipped(), keyring())?;
        // All or nothing: nothing is written before every path is known to be free.
        for file in &sample.files {
            files::require_new(&self.folder.join(&file.path))?;
        }
        for file in &sample.files {
            files::write_new(&self.folder.join(&file.path), &file.bytes)?;
        }
        output.answer(&self.answer(&sample));
        Ok(Exit::Ok)
    }

    fn answer(&self, sample: &Sample) -> String {
        let shown = self.folder.display();
        let good = |is_good: bool| {
            let packages = sample.packages.iter();
            packages
                .filter(|package| package.defect.is_none() == is_good)
                .count()
        };
        let is_bad = |package: &&MadePackage| package.defect.is_some();
        let check = sample.packages.iter().find(is_bad).map(|package| {
            format!(
                "  baton check --contract {shown}/{} --package {shown}/{} --keyring {shown}/keyring.json --as-of {AS_OF}\n",
                package.contract, package.path
            )
        });
        format!(
            "Made up {shown} from seed {}: {} contracts, {} packages that are ready and {} that are not,\n\
             and an event log with {} planted causes. Nothing in it is real.\n{}\n\nNext:\n{}  \
             baton mine {shown}/events.csv --mapping {shown}/events.yaml\n",
            self.seed,
            shipped().len(),
            good(true),
            good(false),
            sample.causes.len(),
            sample.digest(),
            check.unwrap_or_default(),
        )
    }
}

/// Returns the shipped contracts, by name.
fn shipped() -> Vec<Shipped> {
    let mut shipped: Vec<Shipped> = CONTRACTS.dirs().filter_map(one).collect();
    shipped.sort_by(|left, right| left.name.cmp(&right.name));
    shipped
}

fn one(folder: &Dir<'_>) -> Option<Shipped> {
    let name = folder.path().to_str()?;
    let content = |path: &str| folder.get_file(format!("{name}/{path}"));
    let own = |file: &include_dir::File<'_>| {
        let path = file.path().strip_prefix(name).ok()?.to_str()?;
        let is_contract = path == "contract.yaml" || path.ends_with(".schema.json");
        is_contract.then(|| (path.to_owned(), file.contents().to_vec()))
    };
    let examples = format!("{name}/examples");
    let artifacts = folder.get_dir(format!("{examples}/artifacts"))?;
    let beside = |file: &include_dir::File<'_>| {
        let path = file.path().strip_prefix(&examples).ok()?.to_str()?;
        Some((path.to_owned(), file.contents().to_vec()))
    };
    let mut contract: Vec<_> = folder.files().filter_map(own).collect();
    contract.sort();
    let mut artifacts: Vec<_> = artifacts.files().filter_map(beside).collect();
    artifacts.sort();
    Some(Shipped {
        name: name.to_owned(),
        contract,
        complete: content("examples/complete.json")?.contents().to_vec(),
        artifacts,
    })
}

fn keyring() -> &'static [u8] {
    CONTRACTS
        .get_file("demo-keyring.json")
        .map_or(&[], include_dir::File::contents)
}
