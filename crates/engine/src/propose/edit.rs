//! One more clause in the text of a contract, and the change as a unified diff. The text is edited and
//! not written anew, so that comments and order stay.

use std::fmt::Write as _;

/// Lines shown before and after a change.
const CONTEXT: usize = 3;

/// A clause to be written.
#[derive(Debug)]
pub(super) struct Written<'c> {
    pub(super) id: &'c str,
    pub(super) title: &'c str,
    pub(super) dimension: &'c str,
    pub(super) severity: &'c str,
    /// Where it applies; everywhere without.
    pub(super) when: Option<&'c str>,
    pub(super) expect: &'c str,
    pub(super) because: &'c str,
    pub(super) fix: &'c str,
}

/// A contract with one more clause.
#[derive(Debug)]
pub(super) struct Edited {
    pub(super) text: String,
    pub(super) diff: String,
}

/// Returns the text of this file with the clause behind its last one, or `None` when it has no block of
/// clauses.
pub(super) fn add(text: &str, name: &str, clause: &Written<'_>) -> Option<Edited> {
    let lines: Vec<&str> = text.lines().collect();
    let start = lines
        .iter()
        .position(|line| line.trim_end() == "clauses:")?
        + 1;
    let block = lines.get(start..)?;
    let is_inside = |line: &&str| line.is_empty() || line.starts_with([' ', '-', '#']);
    let length = block.iter().take_while(|line| is_inside(line)).count();
    let block = block.get(..length)?;
    let is_item = |line: &&str| line.trim_start().starts_with("- ");
    let first = block.iter().find(|line| is_item(line))?;
    let indent = first.len() - first.trim_start().len();
    // Empty lines and comments at the margin belong to what follows.
    let is_content = |line: &str| !line.trim().is_empty() && !line.starts_with('#');
    let end = start + block.iter().rposition(|line| is_content(line))? + 1;
    let added = written(clause, indent);
    let (before, after) = (lines.get(..end)?, lines.get(end..)?);
    let shown_before = before.get(before.len().saturating_sub(CONTEXT)..)?;
    let shown_after = after.get(..after.len().min(CONTEXT))?;
    let context = shown_before.len() + shown_after.len();
    let mut diff = format!(
        "--- {name}\n+++ {name}\n@@ -{line},{context} +{line},{} @@\n",
        context + added.len(),
        line = end - shown_before.len() + 1,
    );
    let added = added.iter().map(String::as_str);
    let marked = shown_before.iter().map(|line| (' ', *line));
    let marked = marked.chain(added.clone().map(|line| ('+', line)));
    for (mark, line) in marked.chain(shown_after.iter().map(|line| (' ', *line))) {
        // Writing to a string does not fail.
        let _written = writeln!(diff, "{mark}{line}");
    }
    let all = before.iter().copied().chain(added);
    let mut text = String::new();
    for line in all.chain(after.iter().copied()) {
        text.push_str(line);
        text.push('\n');
    }
    Some(Edited { text, diff })
}

fn written(clause: &Written<'_>, indent: usize) -> Vec<String> {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut lines = vec![
        format!("- id: {}", clause.id),
        format!("  title: {}", quoted(clause.title)),
        format!("  dimension: {}", clause.dimension),
        "  weight: 5".to_owned(),
        format!("  severity: {}", clause.severity),
    ];
    if let Some(when) = clause.when {
        lines.extend(["  when: >-".to_owned(), format!("    {when}")]);
    }
    lines.extend([
        "  expect: >-".to_owned(),
        format!("    {}", clause.expect),
        format!("  because: {}", quoted(clause.because)),
        format!("  fix: {}", quoted(clause.fix)),
        "  effort: 1".to_owned(),
    ]);
    let by = " ".repeat(indent);
    lines
        .into_iter()
        .map(|line| format!("{by}{line}"))
        .collect()
}
