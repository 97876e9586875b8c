//! The index of diagnostic codes, made from the pages in `docs/errors`.

use std::fmt::Write as _;

use anyhow::Context as _;

const FOLDER: &str = "docs/errors";

/// Ranges of codes with what they are about; the first two digits decide.
const RANGES: &[(&str, &str)] = &[
    ("E01", "Reading JSON and YAML"),
    ("E02", "Shape of contract files"),
    ("E03", "Rules for contracts and schemas"),
    ("E04", "Expressions"),
    ("E05", "Packages, waivers and other inputs of a check"),
    ("E06", "Versions, calendars and chains of contracts"),
    ("E07", "Keys, attestations, traces and bundles"),
    ("E08", "Contract tests"),
    ("E09", "Command line and files"),
    ("E10", "Event logs, mappings, import and export"),
    ("E11", "Cases, outcomes and mining"),
    ("E12", "Comparing and localising"),
    ("E13", "Handoffs and missions"),
    ("E14", "Clauses proposed from causes"),
];

/// Returns the page.
///
/// # Errors
/// When a page of a code can't be read, has no title, or lies outside the ranges.
pub(super) fn page() -> anyhow::Result<String> {
    index(&titles()?)
}

fn index(titles: &[(String, String)]) -> anyhow::Result<String> {
    let mut page = "# Error codes\n\nEvery code Baton reports. `baton help CODE` prints its page: what it means, a wrong and a \
         mended example, and why Baton insists.\n"
        .to_owned();
    let mut listed = 0;
    for (prefix, about) in RANGES {
        let inside: Vec<_> = titles
            .iter()
            .filter(|(code, _)| code.starts_with(prefix))
            .collect();
        if inside.is_empty() {
            continue;
        }
        listed += inside.len();
        // Writing to a String can't fail.
        let _ = write!(page, "\n## {about}\n\n| code | problem |\n|---|---|\n");
        for (code, title) in inside {
            let title = title.replace('|', "\\|");
            let _ = writeln!(page, "| [{code}](../errors/{code}.md) | {title} |");
        }
    }
    anyhow::ensure!(
        listed == titles.len(),
        "failed to place every code: {listed} of {} are in a range",
        titles.len()
    );
    Ok(page)
}

/// Returns the codes with their titles, in order.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask is its own composition root"
)]
fn titles() -> anyhow::Result<Vec<(String, String)>> {
    let mut titles = Vec::new();
    for entry in std::fs::read_dir(FOLDER).context("failed to list the error pages")? {
        let path = entry.context("failed to list the error pages")?.path();
        let text = std::fs::read_to_string(&path)
            .with_context(|| format!("failed to read `{}`", path.display()))?;
        let title = title(&text)
            .with_context(|| format!("failed to find a title in `{}`", path.display()))?;
        titles.push(title);
    }
    titles.sort();
    Ok(titles)
}

/// Returns code and title of a page's first line, `# E0123: Title`.
fn title(text: &str) -> Option<(String, String)> {
    let line = text.lines().next()?.strip_prefix("# ")?;
    let (code, title) = line.split_once(": ")?;
    Some((code.to_owned(), title.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_stand_under_their_range() {
        let of = |code: &str| (code.to_owned(), "A|b".to_owned());
        let page = index(&[of("E0101"), of("E0901")]).unwrap();
        assert!(page.contains("## Reading JSON and YAML\n\n| code | problem |\n|---|---|\n| [E0101](../errors/E0101.md) | A\\|b |\n"));
        assert!(page.contains("## Command line and files"));
        assert!(!page.contains("## Expressions"));
        assert!(index(&[of("E1901")]).is_err());
        assert_eq!(title("E0101: x"), None);
    }
}
