//! Diagnostics as text with the place underlined.

use baton_terms::{Diagnostic, Level};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, SourceCode};

use super::Problems;
use super::window::Window;
use crate::plain;

/// How text is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appearance {
    /// With colors, for a terminal that shows them.
    Colored,
    /// Without colors.
    Plain,
}

/// Returns the problems drawn `width` columns wide, followed by a line that counts them.
pub fn text(problems: &Problems<'_>, appearance: Appearance, width: usize) -> String {
    let theme = match appearance {
        Appearance::Colored => GraphicalTheme::unicode(),
        Appearance::Plain => GraphicalTheme::unicode_nocolor(),
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(width)
        .with_links(false);
    let mut page = String::new();
    for diagnostic in problems.diagnostics {
        let shown = Shown::new(diagnostic, problems);
        // Writing to a String can't fail.
        let _ = handler.render_report(&mut page, &shown);
        page.push('\n');
    }
    page.push_str(&summary(problems));
    page
}

fn summary(problems: &Problems<'_>) -> String {
    let name = plain(problems.main.name());
    let count = |level| {
        problems
            .diagnostics
            .iter()
            .filter(|d| d.level == level)
            .count()
    };
    let (errors, warnings) = (count(Level::Error), count(Level::Warning));
    if errors + warnings == 0 {
        return format!("{name}: no problems\n");
    }
    let plural = |count: usize, word: &str| match count {
        1 => format!("1 {word}"),
        _ => format!("{count} {word}s"),
    };
    let left_out = match problems.left_out {
        0 => String::new(),
        more => format!(", {more} more not shown"),
    };
    let (errors, warnings) = (plural(errors, "error"), plural(warnings, "warning"));
    format!("{name}: {errors}, {warnings}{left_out}\n")
}

/// A diagnostic as miette draws it.
#[derive(Debug)]
struct Shown {
    message: String,
    code: String,
    level: Level,
    help: String,
    label: Option<LabeledSpan>,
    window: Option<Window>,
}

impl Shown {
    fn new(diagnostic: &Diagnostic, problems: &Problems<'_>) -> Self {
        let source = problems.source(diagnostic);
        let found = (!diagnostic.found.is_empty()).then(|| plain(&diagnostic.found));
        let window = diagnostic.place.span.map(|span| Window::new(source, span));
        let label = window
            .as_ref()
            .map(|window| LabeledSpan::new(found, window.place.start, window.place.len()));
        let mut help = Vec::new();
        if !diagnostic.expected.is_empty() {
            help.push(format!("expected {}", plain(&diagnostic.expected)));
        }
        if !diagnostic.hint.is_empty() {
            help.push(plain(&diagnostic.hint));
        }
        Self {
            message: plain(&diagnostic.message),
            code: diagnostic.code.to_string(),
            level: diagnostic.level,
            help: help.join("\n"),
            label,
            window,
        }
    }
}

impl std::fmt::Display for Shown {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Shown {}

impl miette::Diagnostic for Shown {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new(&self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.level {
            Level::Error => miette::Severity::Error,
            Level::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        (!self.help.is_empty()).then(|| -> Box<dyn std::fmt::Display> { Box::new(&self.help) })
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.window
            .as_ref()
            .map(|window| -> &dyn SourceCode { window })
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.label
            .clone()
            .map(|label| -> Box<dyn Iterator<Item = LabeledSpan>> {
                Box::new(std::iter::once(label))
            })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use baton_terms::{Code, Source, Span};

    use super::*;

    #[test]
    fn underlines_the_place_and_says_what_to_do() {
        let source = Source::new("contract.yaml", "name: a\nverzion: 1.0.0\n");
        let diagnostics = [
            Diagnostic::error(Code::new(201), "contract has no such field")
                .at(Span::new(8, 15))
                .expected("one of name, version")
                .found("`verzion`")
                .hint("did you mean `version`?"),
        ];
        let problems = Problems {
            main: &source,
            files: &BTreeMap::new(),
            diagnostics: &diagnostics,
            left_out: 0,
        };
        let page = text(&problems, Appearance::Plain, 80);
        for part in [
            "E0201",
            "contract.yaml:2:1",
            "`verzion`",
            "did you mean `version`?",
            "1 error, 0 warnings",
        ] {
            assert!(page.contains(part), "{part} is missing from:\n{page}");
        }
    }
}
