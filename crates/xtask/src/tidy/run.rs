//! Reads the repository, runs every check and prints what is to be mended.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use super::direction::{self, Metadata};
use super::problem::Problem;
use super::tree::Tree;
use super::{codes, dependencies, headers, leftovers, links, machine, sizes, spec, words};
use crate::Answer;

/// Bytes of the largest file that is read as text; larger ones are data.
const TEXT_BYTES_MAX: u64 = 4 << 20;
/// The platform whose dependency graph is checked, the same on every machine.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

/// Runs every check on the repository around the current folder.
///
/// # Errors
/// When git or cargo cannot answer, or a file cannot be read.
pub(crate) fn run() -> anyhow::Result<Answer> {
    let root = output_of("git", &["rev-parse", "--show-toplevel"])?;
    let tree = read_tree(Path::new(root.trim_end()))?;
    let metadata: Metadata = serde_json::from_str(&output_of(
        "cargo",
        &[
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--filter-platform",
            PLATFORM,
        ],
    )?)
    .context("failed to read the answer of cargo metadata")?;

    let mut problems = direction::check(&metadata, &tree);
    let checks: [fn(&Tree) -> Vec<Problem>; 9] = [
        codes::check,
        dependencies::check,
        headers::check,
        leftovers::check,
        links::check,
        machine::check,
        sizes::check,
        spec::check,
        words::check,
    ];
    problems.extend(checks.iter().flat_map(|check| check(&tree)));
    problems.sort();

    let mut out = std::io::stdout().lock();
    for problem in &problems {
        writeln!(out, "{problem}")?;
    }
    writeln!(
        out,
        "tidy: {} files, {} problems",
        tree.len(),
        problems.len()
    )?;
    Ok(if problems.is_empty() {
        Answer::Clean
    } else {
        Answer::Problems
    })
}

/// Reads every file that git tracks or would track.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask is its own composition root"
)]
fn read_tree(root: &Path) -> anyhow::Result<Tree> {
    let root_text = root.to_string_lossy();
    let listed = output_of(
        "git",
        &[
            "-C",
            &root_text,
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ],
    )?;
    let mut files = Vec::new();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        let place = root.join(path);
        // A file deleted but not yet committed as such is still listed; a link is not followed.
        let Ok(facts) = place.symlink_metadata() else {
            continue;
        };
        let mut text = None;
        if facts.is_file() && facts.len() <= TEXT_BYTES_MAX {
            let bytes =
                std::fs::read(&place).with_context(|| format!("failed to read `{path}`"))?;
            text = String::from_utf8(bytes).ok();
        }
        files.push((path.to_owned(), text));
    }
    Ok(Tree::new(files))
}

fn output_of(program: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .with_context(|| format!("failed to start {program}"))?;
    if !output.status.success() {
        bail!(
            "failed to run {program}: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    String::from_utf8(output.stdout)
        .with_context(|| format!("failed to read the answer of {program}"))
}
