//! The workshop's command, run as `cargo xtask`: checks and generators that belong to the repository
//! and not to the product. It is a program of its own so that they are Rust with tests, not shell.
//!
//! Invariants:
//! - no product crate depends on this one, and it depends on none of them;
//! - it changes no file except through `codegen`.

mod codegen;
mod tidy;

use std::io::Write as _;
use std::process::ExitCode;

const USAGE: &str = "\
usage: cargo xtask <command>

  tidy             check what the compiler cannot: direction, sizes, headers, codes, links
  codegen          write the generated reference pages and schemas
  codegen --check  fail when a generated file differs from what is committed
";

/// What a command found out; a negative answer is not a failed operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Answer {
    /// Nothing to mend.
    Clean,
    /// Something to mend was printed.
    Problems,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let answer = match words.as_slice() {
        ["tidy"] => tidy::run()?,
        ["codegen"] => codegen::run(codegen::Mode::Write)?,
        ["codegen", "--check"] => codegen::run(codegen::Mode::Check)?,
        _ => {
            std::io::stderr().write_all(USAGE.as_bytes())?;
            return Ok(ExitCode::from(2));
        }
    };
    Ok(match answer {
        Answer::Clean => ExitCode::SUCCESS,
        Answer::Problems => ExitCode::FAILURE,
    })
}
