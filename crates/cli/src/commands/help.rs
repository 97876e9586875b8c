//! `baton help`: what a code means, what exit codes say, or how a command is used.

use baton_terms::Code;
use clap::{Args, CommandFactory as _};
use include_dir::{Dir, include_dir};

use crate::arguments::Arguments;
use crate::exit::Exit;
use crate::failure::{Failure, UNKNOWN_TOPIC};
use crate::output::Output;

/// One page per code.
static PAGES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../../docs/errors");

/// The topic that explains exit codes, and its page.
const EXIT_CODES: (&str, &str) = (
    "exit-codes",
    include_str!("../../../../docs/reference/exit-codes.md"),
);

/// Arguments of `baton help`.
#[derive(Debug, Args)]
pub(crate) struct Help {
    /// A code such as E0201, a command, or `exit-codes`.
    topic: Vec<String>,
}

impl Help {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let page = match self.topic.as_slice() {
            [] => Arguments::command().render_long_help().to_string(),
            [topic] if topic == EXIT_CODES.0 => EXIT_CODES.1.to_owned(),
            [topic] => match topic.parse::<Code>() {
                Ok(code) => page(code)?.to_owned(),
                Err(_) => usage(&self.topic)?,
            },
            topics => usage(topics)?,
        };
        output.answer(&page);
        Ok(Exit::Ok)
    }
}

fn page(code: Code) -> Result<&'static str, Failure> {
    let page = PAGES
        .get_file(format!("{code}.md"))
        .and_then(include_dir::File::contents_utf8);
    page.ok_or_else(|| {
        Failure::new(UNKNOWN_TOPIC, format!("explain `{code}`"))
            .expected("a code that Baton reports")
            .found(format!("`{code}`, which it never does"))
            .hint("codes stand in brackets in front of a problem")
    })
}

fn usage(topics: &[String]) -> Result<String, Failure> {
    let mut command = Arguments::command();
    command.build();
    for topic in topics {
        let found = command.find_subcommand(topic).cloned();
        command = found.ok_or_else(|| {
            Failure::new(UNKNOWN_TOPIC, format!("explain `{topic}`"))
                .expected("a command, or a code such as E0201")
                .found(format!("`{topic}`"))
                .hint("`baton help` lists the commands")
        })?;
    }
    Ok(command.render_long_help().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_of_exit_codes_has_a_row_for_each() {
        for exit in [
            Exit::Ok,
            Exit::Failed,
            Exit::Usage,
            Exit::Review,
            Exit::Refused,
        ] {
            let row = format!("\n| {} | ", exit.number());
            assert!(EXIT_CODES.1.contains(&row), "{exit:?}");
        }
    }

    #[test]
    fn every_page_opens_with_its_code() {
        for file in PAGES.files() {
            let name = file.path().file_stem().unwrap().to_str().unwrap();
            let text = file.contents_utf8().unwrap();
            assert!(text.starts_with(&format!("# {name}: ")), "{name}");
        }
    }
}
