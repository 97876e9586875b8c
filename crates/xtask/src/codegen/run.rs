//! Runs each generator and writes its file, or says where the committed file differs.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, bail};

use super::generators::{GENERATORS, Generator, Source};
use crate::Answer;

/// Whether the generated text is written or only compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Write each file.
    Write,
    /// Compare each file and write none.
    Check,
}

/// Runs every generator of the table.
///
/// # Errors
/// When a generator cannot be run or fails, or a file cannot be written.
pub(crate) fn run(mode: Mode) -> anyhow::Result<Answer> {
    let mut answer = Answer::Clean;
    let mut out = std::io::stdout().lock();
    for generator in GENERATORS {
        let generated = text_of(generator)?;
        match mode {
            Mode::Write => write_file(generator.path, &generated)?,
            Mode::Check => {
                if let Some(line) = first_difference(&generated, &read_file(generator.path)) {
                    answer = Answer::Problems;
                    writeln!(
                        out,
                        "{}:{line}: generated file is out of date: expected {}, \
                         found another text (run `cargo xtask codegen`)",
                        generator.path,
                        generator.source.words(),
                    )?;
                }
            }
        }
    }
    writeln!(out, "codegen: {} generated files", GENERATORS.len())?;
    Ok(answer)
}

/// Returns the first line (counted from 1) at which the committed text differs from the generated.
fn first_difference(generated: &str, committed: &str) -> Option<usize> {
    if generated == committed {
        return None;
    }
    let same = generated
        .split('\n')
        .zip(committed.split('\n'))
        .take_while(|(left, right)| left == right)
        .count();
    Some(same + 1)
}

fn text_of(generator: &Generator) -> anyhow::Result<String> {
    match generator.source {
        Source::Baton(arguments) => output_of(generator.path, arguments),
        Source::Repository(page) => page(),
    }
}

fn output_of(path: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let output = Command::new("cargo")
        .args(["run", "--quiet", "--locked", "--package", "baton", "--"])
        .args(arguments)
        .env("NO_COLOR", "1")
        .output()
        .context("failed to start cargo")?;
    if !output.status.success() {
        bail!(
            "failed to generate `{path}`: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    String::from_utf8(output.stdout).context("failed to read the generated text as UTF-8")
}

/// Returns the committed text, or an empty one when the file is not there yet.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask is its own composition root"
)]
fn read_file(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

#[expect(
    clippy::disallowed_methods,
    reason = "xtask is its own composition root"
)]
fn write_file(path: &str, text: &str) -> anyhow::Result<()> {
    if let Some(folder) = Path::new(path).parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("failed to create `{}`", folder.display()))?;
    }
    std::fs::write(path, text).with_context(|| format!("failed to write `{path}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_first_line_that_differs() {
        let cases = [
            ("a\nb\n", "a\nb\n", None),
            ("a\nb\n", "a\nc\n", Some(2)),
            ("a\n", "", Some(1)),
            ("a\nb\n", "a\n", Some(2)),
            ("a\n", "a\nb\n", Some(2)),
        ];
        for (generated, committed, expected) in cases {
            assert_eq!(
                first_difference(generated, committed),
                expected,
                "{generated:?}"
            );
        }
    }

    #[test]
    fn every_generated_file_is_named_once_and_in_order() {
        let paths: Vec<&str> = GENERATORS.iter().map(|generator| generator.path).collect();
        let mut sorted = paths.clone();
        sorted.sort_unstable();
        sorted.dedup();
        assert_eq!(paths, sorted);
    }
}
