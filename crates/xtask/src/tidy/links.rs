//! Relative links in Markdown lead somewhere: to a file or folder of the repository and, for a page,
//! to a heading of it.

use super::problem::{At, Problem};
use super::text::{pattern, prose_lines};
use super::tree::{Tree, has_extension};

/// Checks every page.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let link = pattern(r"\]\(([^()\s]+)\)|^\[[^\]]+\]: (\S+)");
    let mut problems = Vec::new();
    for (path, text) in tree
        .markdown()
        .filter(|(path, _)| !path.starts_with("corpus/"))
    {
        for (line, content) in prose_lines(text) {
            for groups in link.captures_iter(&content) {
                let Some(target) = groups.get(1).or_else(|| groups.get(2)) else {
                    continue;
                };
                if let Some(expected) = broken(path, target.as_str(), tree) {
                    let found = format!("`{}`", target.as_str());
                    problems.push(At { path, line }.problem("broken link", expected, found));
                }
            }
        }
    }
    problems
}

/// Returns what the link needs, or nothing when it leads somewhere.
fn broken(page: &str, target: &str, tree: &Tree) -> Option<&'static str> {
    let has_scheme = target.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.chars().all(|letter| letter.is_ascii_alphanumeric())
    });
    if has_scheme {
        return None;
    }
    let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
    let Some(path) = resolve(page, file) else {
        return Some("a path inside the repository");
    };
    if !tree.contains(&path) {
        return Some("a file or folder of the repository");
    }
    let text = tree.text(&path).filter(|_| has_extension(&path, "md"));
    let leads =
        anchor.is_empty() || text.is_none_or(|text| headings(text).any(|slug| slug == anchor));
    (!leads).then_some("a heading of that page")
}

/// Resolves a relative path against the page's folder.
fn resolve(page: &str, file: &str) -> Option<String> {
    if file.is_empty() {
        return Some(page.to_owned());
    }
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            name => parts.push(name),
        }
    }
    (!file.starts_with('/')).then(|| parts.join("/"))
}

/// Returns the anchors of a page as code hosts form them: lowercase, hyphens for spaces, no marks.
fn headings(text: &str) -> impl Iterator<Item = String> {
    let mut fenced = false;
    text.lines().filter_map(move |line| {
        fenced ^= line.starts_with("```");
        let title = line
            .trim_start_matches('#')
            .strip_prefix(' ')
            .filter(|_| !fenced)?;
        line.starts_with('#').then(|| {
            title
                .trim()
                .chars()
                .filter(|letter| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_'))
                .map(|letter| if letter == ' ' { '-' } else { letter })
                .flat_map(char::to_lowercase)
                .collect()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree;

    #[track_caller]
    fn check_one(link: &str, expected: usize) {
        let page = format!("# Top of page\n\nsee [a]({link}) and `[b](gone.md)`\n");
        let files = [
            ("docs/guide/a.md", page.as_str()),
            ("docs/b.md", "## What's new: `baton`\n"),
            ("LICENSE", ""),
        ];
        let found = check(&tree(&files));
        assert_eq!(found.len(), expected, "{found:?}");
    }

    #[test]
    fn good_links_lead_somewhere() {
        for link in [
            "../b.md",
            "../b.md#whats-new-baton",
            "#top-of-page",
            "../../LICENSE",
            "../",
            "./a.md",
            "https://example.org/gone",
            "mailto:a@example.org",
        ] {
            check_one(link, 0);
        }
    }

    #[test]
    fn broken_links_are_found() {
        for link in [
            "b.md",
            "../b.md#gone",
            "#gone",
            "../../../LICENSE",
            "/LICENSE",
            "../c/",
        ] {
            check_one(link, 1);
        }
    }
}
