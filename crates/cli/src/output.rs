//! Where answers go: standard output for answers, standard error for failures, color only on a terminal.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::path::Path;

use baton_report::lint::Appearance;
use baton_report::plain;
use baton_terms::Diagnostic;

use crate::arguments::Color;
use crate::denial::Denial;
use crate::environment::environment;
use crate::failure::{Failure, UNWRITABLE};
use crate::files;
use crate::refusal::Refusal;

/// Columns when the width is not known.
const WIDTH_DEFAULT: usize = 100;
/// Columns beyond which lines get hard to read.
const WIDTH_MAX: usize = 120;

/// The two streams, and how to draw on them.
#[derive(Debug)]
pub(crate) struct Output {
    appearance: Appearance,
    width: usize,
    is_closed: bool,
    lost: Option<std::io::Error>,
}

impl Output {
    pub(crate) fn new(color: Color) -> Self {
        let is_terminal = std::io::stdout().is_terminal();
        let refuses_color = environment("NO_COLOR").is_some_and(|value| !value.is_empty());
        let is_colored = match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => is_terminal && !refuses_color,
        };
        let appearance = if is_colored {
            Appearance::Colored
        } else {
            Appearance::Plain
        };
        let columns = environment("COLUMNS").and_then(|columns| columns.parse().ok());
        let width = columns.unwrap_or(WIDTH_DEFAULT).clamp(40, WIDTH_MAX);
        Self {
            appearance,
            width,
            is_closed: false,
            lost: None,
        }
    }

    /// Returns an output that says nothing, for commands whose answer is told in other words.
    pub(crate) fn silent() -> Self {
        Self {
            appearance: Appearance::Plain,
            width: WIDTH_DEFAULT,
            is_closed: true,
            lost: None,
        }
    }

    pub(crate) fn appearance(&self) -> Appearance {
        self.appearance
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Writes an answer. A reader that went away (`| head`) is no failure.
    pub(crate) fn answer(&mut self, text: &str) {
        if self.is_closed {
            return;
        }
        let mut stdout = std::io::stdout().lock();
        let written = stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush());
        if let Err(error) = written {
            self.is_closed = true;
            self.lost = Some(error).filter(|error| error.kind() != ErrorKind::BrokenPipe);
        }
    }

    /// Writes an answer to the file it was asked for in, or else like any other.
    pub(crate) fn deliver(&mut self, text: &str, out: Option<&Path>) -> Result<(), Failure> {
        match out {
            Some(path) => files::write(path, text.as_bytes())?,
            None => self.answer(text),
        }
        Ok(())
    }

    /// Returns why an answer was not written whole, when its reader still waits for it.
    pub(crate) fn lost(&mut self) -> Option<Failure> {
        let error = self.lost.take()?;
        let failure = Failure::new(UNWRITABLE, "write the answer")
            .expected("an output that takes all of it")
            .found(error.to_string())
            .hint("check the free space of the place it is written to");
        Some(failure)
    }

    /// Writes a JSON answer.
    pub(crate) fn json(&mut self, value: &serde_json::Value) {
        self.answer(&Self::json_text(value));
    }

    /// Returns JSON indented, with a final line break.
    pub(crate) fn json_text(value: &serde_json::Value) -> String {
        // A value of text, numbers and maps always serializes.
        let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Writes to standard error; nobody reading there is no failure.
    pub(crate) fn remark(text: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }

    /// Writes a refused document's problems to standard error.
    pub(crate) fn refusal(&mut self, refusal: &Refusal) {
        let text = refusal.text(self.appearance, self.width);
        Self::remark(text.trim_end());
    }

    /// Writes why an operation failed to standard error.
    pub(crate) fn failure(error: &anyhow::Error) {
        match error.downcast_ref::<Failure>() {
            Some(failure) => Self::problem(&failure.0, &failure.to_string()),
            None => Self::remark(&format!("error: {}", plain(&format!("{error:#}")))),
        }
    }

    /// Writes why what was asked is refused to standard error.
    pub(crate) fn denial(denial: &Denial) {
        for reason in denial.reasons() {
            let place = match reason.place.pointer.as_str() {
                "" => String::new(),
                pointer => format!(" at {pointer}"),
            };
            Self::problem(reason, &format!("{}{place}", reason.message));
        }
        if denial.left_out() > 0 {
            Self::remark(&format!("and {} more", denial.left_out()));
        }
    }

    fn problem(problem: &Diagnostic, message: &str) {
        let mut lines = vec![format!("error[{}]: {}", problem.code, plain(message))];
        for (label, text) in [
            ("expected", &problem.expected),
            ("found", &problem.found),
            ("hint", &problem.hint),
        ] {
            if !text.is_empty() {
                lines.push(format!("  {label}: {}", plain(text)));
            }
        }
        lines.push(format!("  `baton help {}` explains it", problem.code));
        Self::remark(&lines.join("\n"));
    }
}
