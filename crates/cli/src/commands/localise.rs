//! `baton localise`: which combinations of attributes explain a jump in a KPI table.

use std::path::{Path, PathBuf};

use baton_report::localise as report;
use baton_rootcause::localise::{
    CAUSES_MAX, CONDITIONS_MAX, Columns, Direction, KPI_TABLE_BYTES_MAX, Role, Settings, localise,
    read,
};
use baton_terms::{Digest, Source};
use clap::{Args, ValueEnum};

use crate::exit::Exit;
use crate::failure::{BAD_ARGUMENT, Failure};
use crate::files;
use crate::output::Output;
use crate::refusal::Refusal;

/// Arguments of `baton localise`.
#[derive(Debug, Args)]
pub(crate) struct Localise {
    /// The table: comma, semicolon or tab separated, one row per combination of attributes; `-` for
    /// standard input.
    table: PathBuf,
    #[command(flatten)]
    columns: Named,
    /// Which way the number jumped.
    #[arg(long, value_enum, default_value_t = Way::Either)]
    direction: Way,
    /// Most conditions of one combination, 1 to 3.
    #[arg(long, default_value_t = CONDITIONS_MAX)]
    conditions: usize,
    /// Most combinations in the answer, 1 to 4.
    #[arg(long, default_value_t = 3)]
    causes: usize,
    /// Chance of naming any combination where there is only noise.
    #[arg(long, default_value_t = 0.05)]
    alpha: f64,
    /// How to show the answer.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

/// The columns, where their names do not say enough.
#[derive(Debug, Args)]
struct Named {
    /// Column of the value that is part of a total, such as failures.
    #[arg(long, value_name = "COLUMN")]
    value: Option<String>,
    /// Column of the total.
    #[arg(long, value_name = "COLUMN")]
    total: Option<String>,
    /// Column of the value before the jump.
    #[arg(long, value_name = "COLUMN")]
    before_value: Option<String>,
    /// Column of the total before the jump.
    #[arg(long, value_name = "COLUMN")]
    before_total: Option<String>,
    /// Column of what is.
    #[arg(long, value_name = "COLUMN")]
    actual: Option<String>,
    /// Column of what was forecast.
    #[arg(long, value_name = "COLUMN")]
    forecast: Option<String>,
    /// Column that is no attribute; may be repeated.
    #[arg(long, value_name = "COLUMN")]
    ignore: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Way {
    /// Whichever way the strongest combination goes.
    Either,
    /// It rose.
    Up,
    /// It fell.
    Down,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For people.
    Text,
    /// `localisation/v1`.
    Json,
    /// For a ticket or a chat.
    Markdown,
    /// One self-contained page.
    Html,
}

impl Localise {
    pub(crate) fn run(&self, output: &mut Output) -> anyhow::Result<Exit> {
        let settings = self.settings()?;
        let bytes = files::read(&self.table, KPI_TABLE_BYTES_MAX)?;
        let name = name_of(&self.table);
        let table = match read(&bytes[..], &self.columns.columns()) {
            Ok(table) => table,
            Err(problems) => {
                let text = String::from_utf8_lossy(&bytes);
                let source = Source::new(name, text);
                return Err(Refusal::of_table(source, problems).into());
            }
        };
        let mut answer = localise(&table, settings);
        answer.table.name = name;
        answer.table.digest = Digest::of(&bytes).to_string();
        match self.format {
            Format::Text => {
                let (appearance, width) = (output.appearance(), output.width());
                output.answer(&report::text(&answer, appearance, width));
            }
            Format::Json => output.json(&report::json(&answer)?),
            Format::Markdown => output.answer(&report::markdown(&answer)),
            Format::Html => output.answer(&report::html(&answer)),
        }
        Ok(Exit::Ok)
    }

    fn settings(&self) -> Result<Settings, Failure> {
        let refused = |what: &str, expected: String, found: String| {
            Failure::new(BAD_ARGUMENT, format!("use {what}"))
                .expected(expected)
                .found(found)
                .hint("see `baton localise --help`")
        };
        for (what, number, most) in [
            ("--conditions", self.conditions, CONDITIONS_MAX),
            ("--causes", self.causes, CAUSES_MAX),
        ] {
            if number == 0 || number > most {
                let expected = format!("a number from 1 to {most}");
                return Err(refused(what, expected, number.to_string()));
            }
        }
        if !(self.alpha > 0.0 && self.alpha < 1.0) {
            let expected = "a number between 0 and 1".to_owned();
            return Err(refused("--alpha", expected, self.alpha.to_string()));
        }
        Ok(Settings {
            direction: match self.direction {
                Way::Either => Direction::Either,
                Way::Up => Direction::Up,
                Way::Down => Direction::Down,
            },
            conditions: self.conditions,
            causes: self.causes,
            alpha: self.alpha,
        })
    }
}

impl Named {
    fn columns(&self) -> Columns {
        let named = [
            (Role::Value, &self.value),
            (Role::Total, &self.total),
            (Role::BeforeValue, &self.before_value),
            (Role::BeforeTotal, &self.before_total),
            (Role::Actual, &self.actual),
            (Role::Forecast, &self.forecast),
        ];
        Columns {
            named: named
                .into_iter()
                .filter_map(|(role, name)| Some((role, name.clone()?)))
                .collect(),
            ignored: self.ignore.clone(),
        }
    }
}

/// Returns the name of a file without its folder.
fn name_of(path: &Path) -> String {
    if path == Path::new("-") {
        return "standard input".to_owned();
    }
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
