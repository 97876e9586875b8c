//! A proposed contract: the contract's own text with the chosen clauses in it and the version that tells
//! of them, ready to be tried on the past.

use baton_contract::diff::Comparison;
use baton_contract::document::Document;
use baton_contract::lint::lint;
use baton_document::syntax;
use baton_report::proposals::{Candidate, Proposals};
use baton_terms::{Diagnostic, Level, Source};

use super::codes::{NOT_ACCEPTED, NOT_PROPOSED};

/// Returns the text of the contract with these clauses, or with all that are proposed when none is named.
///
/// # Errors
/// When a clause is not proposed, or the contract does not accept them together.
pub fn apply(
    document: &Document,
    proposals: &Proposals,
    clauses: &[String],
) -> Result<String, Vec<Diagnostic>> {
    let chosen = chosen(proposals, clauses)?;
    let main = &document.main;
    let Some(text) = with_clauses(main.text(), &chosen) else {
        return Err(vec![not_fitting(main.name())]);
    };
    let changed = with_text(document, text);
    let text = match step(document, &changed) {
        Some(version) => {
            with_version(&changed.main, &version).ok_or_else(|| vec![not_fitting(main.name())])?
        }
        None => changed.main.text().to_owned(),
    };
    let linted = lint(&with_text(document, text.clone()));
    if linted.is_accepted() {
        return Ok(text);
    }
    let mut problems = linted.diagnostics;
    problems.retain(|problem| problem.level == Level::Error);
    Err(problems)
}

fn chosen<'p>(
    proposals: &'p Proposals,
    clauses: &[String],
) -> Result<Vec<&'p Candidate>, Vec<Diagnostic>> {
    let all = &proposals.candidates;
    let listed: Vec<String> = all.iter().map(|one| format!("`{}`", one.clause)).collect();
    let listed = match listed.len() {
        0 => "no clause is proposed".to_owned(),
        _ => format!("one of {}", listed.join(", ")),
    };
    let refused = |found: String| {
        Diagnostic::error(NOT_PROPOSED, "the clause is not among the proposed ones")
            .expected(listed.clone())
            .found(found)
            .hint("see the proposals without `--out`")
    };
    if all.is_empty() && clauses.is_empty() {
        return Err(vec![refused("no clause to write".to_owned())]);
    }
    let is_proposed = |clause: &&String| !all.iter().any(|one| one.clause == **clause);
    let unknown = clauses.iter().filter(is_proposed);
    let unknown: Vec<_> = unknown
        .map(|clause| refused(format!("`{clause}`")))
        .collect();
    if !unknown.is_empty() {
        return Err(unknown);
    }
    let is_chosen = |one: &&Candidate| clauses.is_empty() || clauses.contains(&one.clause);
    Ok(all.iter().filter(is_chosen).collect())
}

/// Returns the text with the lines that the change of each clause adds, in the order of the proposals.
/// All changes are made to the same text, so all stand at the same place of it.
fn with_clauses(text: &str, chosen: &[&Candidate]) -> Option<String> {
    let place = place(&chosen.first()?.diff)?;
    let lines: Vec<&str> = text.lines().collect();
    let (before, after) = (lines.get(..place)?, lines.get(place..)?);
    let added = chosen.iter().flat_map(|one| body(&one.diff));
    let added = added.filter_map(|line| line.strip_prefix('+'));
    let all = before.iter().copied().chain(added);
    let mut edited = String::new();
    for line in all.chain(after.iter().copied()) {
        edited.push_str(line);
        edited.push('\n');
    }
    Some(edited)
}

/// Returns how many lines of the text come before what a change adds.
fn place(diff: &str) -> Option<usize> {
    let head = diff.lines().find(|line| line.starts_with("@@ "))?;
    let start = head.strip_prefix("@@ -")?.split(',').next()?;
    let start: usize = start.parse().ok()?;
    let context = body(diff).take_while(|line| line.starts_with(' ')).count();
    start.checked_sub(1)?.checked_add(context)
}

fn body(diff: &str) -> impl Iterator<Item = &str> {
    diff.lines()
        .skip_while(|line| !line.starts_with("@@ "))
        .skip(1)
}

fn with_text(document: &Document, text: String) -> Document {
    Document {
        main: Source::new(document.main.name(), text),
        files: document.files.clone(),
    }
}

/// Returns the lowest version that tells of the change.
fn step(old: &Document, new: &Document) -> Option<String> {
    let comparison = Comparison::of(&old.read(), &new.read())?;
    let step = comparison.step?;
    Some(step.after(&comparison.old).to_string())
}

/// Returns the text with another version, written as the old one was.
fn with_version(main: &Source, version: &str) -> Option<String> {
    let node = syntax::parse(main).node?;
    let span = node.get("version")?.span;
    let text = main.text();
    let (before, old, after) = (
        text.get(..span.start)?,
        text.get(span.start..span.end)?,
        text.get(span.end..)?,
    );
    let quote = old
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''));
    let quote = quote.map_or_else(String::new, String::from);
    Some(format!("{before}{quote}{version}{quote}{after}"))
}

fn not_fitting(name: &str) -> Diagnostic {
    Diagnostic::error(
        NOT_ACCEPTED,
        "the clauses cannot be written into the contract",
    )
    .expected("the contract that the clauses were proposed for")
    .found(format!("`{name}`"))
    .hint("propose again for the contract as it is now")
}
