//! `baton man`: the manual page, and the command reference that the docs hold.

use std::fmt::Write as _;

use clap::{Args, CommandFactory as _};

use crate::arguments::Arguments;
use crate::exit::Exit;
use crate::output::Output;

/// Arguments of `baton man`.
#[derive(Debug, Args)]
pub(crate) struct Man {
    /// Print the reference of all commands as Markdown instead of a manual page.
    #[arg(long)]
    markdown: bool,
}

impl Man {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        if self.markdown {
            output.answer(&markdown());
        } else {
            let mut page = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
            output.answer(&String::from_utf8(page)?);
        }
        Ok(Exit::Ok)
    }
}

fn markdown() -> String {
    let mut command = Arguments::command()
        .term_width(100)
        .disable_version_flag(true);
    command.build();
    let mut page =
        "# Command reference\n\nWhat `baton --help` and the help of each command print.\n"
            .to_owned();
    section(&mut command, "baton", &mut page);
    page
}

fn section(command: &mut clap::Command, name: &str, page: &mut String) {
    // Writing to a String can't fail.
    let _ = write!(
        page,
        "\n## {name}\n\n```text\n{}\n```\n",
        command.render_help().to_string().trim_end()
    );
    for inner in command.get_subcommands_mut() {
        let name = format!("{name} {}", inner.get_name());
        section(inner, &name, page);
    }
}
