//! Ties diagnostic codes to their pages: each code is declared once and explained by
//! `docs/errors/Ennnn.md`, and each page explains a code that exists.

use std::collections::BTreeMap;

use super::problem::{At, Problem};
use super::text::{numbered, pattern, production_lines};
use super::tree::Tree;

/// Folder of the pages.
const PAGES: &str = "docs/errors/";
/// The sections of a page, in order.
const SECTIONS: [&str; 4] = ["## What it means", "## Wrong", "## Right", "## Why"];
/// The fewest and the most lines of a page.
const PAGE_LINES: std::ops::RangeInclusive<usize> = 12..=60;

/// Checks codes against pages and pages against codes.
pub(crate) fn check(tree: &Tree) -> Vec<Problem> {
    let mut problems = Vec::new();
    let used = used_codes(tree, &mut problems);
    for (code, (path, line)) in &used {
        let page = format!("{PAGES}{code}.md");
        if tree.text(&page).is_none() {
            let at = At { path, line: *line };
            problems.push(at.problem("code without a page", page, "none"));
        }
    }
    for (path, text) in tree.markdown() {
        let Some(name) = path
            .strip_prefix(PAGES)
            .and_then(|name| name.strip_suffix(".md"))
        else {
            continue;
        };
        if name == "README" {
            continue;
        }
        if !used.contains_key(name) {
            problems.push(At { path, line: 1 }.problem(
                "page without a code",
                "a code used in a crate",
                format!("`{name}`"),
            ));
        }
        problems.extend(check_page(path, name, text));
    }
    problems
}

/// Returns where each code is first used, and reports codes declared twice.
fn used_codes(tree: &Tree, problems: &mut Vec<Problem>) -> BTreeMap<String, (String, usize)> {
    let usage = pattern(r"\bCode::new\(\s*(\d{1,4})\s*\)");
    let declaration = pattern(r"^\s*(?:pub(?:\([a-z: ]+\))? )?const \w+: (?:\w+::)*Code\b");
    let mut used: BTreeMap<String, (String, usize)> = BTreeMap::new();
    let mut declared: BTreeMap<String, (String, usize)> = BTreeMap::new();
    let sources = tree.rust().filter(|(path, _)| {
        path.starts_with("crates/") && path.contains("/src/") && !path.starts_with("crates/xtask/")
    });
    for (path, text) in sources {
        for (line, content) in production_lines(text) {
            if content.trim_start().starts_with("//") {
                continue;
            }
            for number in usage
                .captures_iter(content)
                .filter_map(|groups| groups.get(1))
            {
                let code = format!("E{:0>4}", number.as_str());
                let place = (path.to_owned(), line);
                if declaration.is_match(content)
                    && let Some((earlier, at)) = declared.insert(code.clone(), place.clone())
                {
                    problems.push(At { path, line }.problem(
                        "code declared twice",
                        format!("`{code}` only at {earlier}:{at}"),
                        "a second declaration",
                    ));
                }
                used.entry(code).or_insert(place);
            }
        }
    }
    used
}

fn check_page(path: &str, name: &str, text: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let first = text.lines().next().unwrap_or_default();
    let title = first
        .strip_prefix(&format!("# {name}: "))
        .unwrap_or_default();
    if title.trim().is_empty() {
        problems.push(At { path, line: 1 }.problem(
            "title of an error page",
            format!("`# {name}: short title`"),
            format!("`{first}`"),
        ));
    }
    let found: Vec<(usize, &str)> = sections(text);
    let names: Vec<&str> = found.iter().map(|(_, heading)| *heading).collect();
    if names != SECTIONS {
        let line = found
            .iter()
            .zip(SECTIONS)
            .find(|((_, heading), expected)| heading != expected)
            .map_or(1, |((line, _), _)| *line);
        problems.push(At { path, line }.problem(
            "sections of an error page",
            SECTIONS.join(", "),
            names.join(", "),
        ));
    }
    let lines = text.lines().count();
    if !PAGE_LINES.contains(&lines) {
        problems.push(At { path, line: lines }.problem(
            "length of an error page",
            format!("{} to {} lines", PAGE_LINES.start(), PAGE_LINES.end()),
            lines.to_string(),
        ));
    }
    problems
}

/// Returns the second-level headings outside fenced code.
fn sections(text: &str) -> Vec<(usize, &str)> {
    let mut fenced = false;
    numbered(text)
        .filter(|(_, line)| {
            fenced ^= line.starts_with("```");
            !fenced && line.starts_with("## ")
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::tree::tree;

    const PAGE: &str = "# E0101: not JSON\n\n## What it means\n\na\n\n## Wrong\n\n```text\n## x\n```\n\n\
                        ## Right\n\nb\n\n## Why\n\nc\n";
    const SOURCE: &str = "//! Codes.\npub const SYNTAX: Code = Code::new(101);\n";

    #[track_caller]
    fn check_one(files: &[(&str, &str)], expected: &[&str]) {
        let found = check(&tree(files));
        let found: Vec<&str> = found.iter().map(|problem| problem.what.as_str()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_code_and_its_page_belong_together() {
        let page = ("docs/errors/E0101.md", PAGE);
        let source = ("crates/a/src/codes.rs", SOURCE);
        check_one(&[page, source], &[]);
        check_one(&[source], &["code without a page"]);
        check_one(&[page], &["page without a code"]);
    }

    #[test]
    fn a_code_is_declared_once() {
        let page = ("docs/errors/E0101.md", PAGE);
        let two = [
            ("crates/a/src/a.rs", SOURCE),
            ("crates/b/src/b.rs", SOURCE),
            page,
        ];
        check_one(&two, &["code declared twice"]);
        let used = "//! Uses.\nlet code = Code::new(101);\n";
        check_one(
            &[
                ("crates/a/src/a.rs", SOURCE),
                ("crates/b/src/b.rs", used),
                page,
            ],
            &[],
        );
    }

    #[test]
    fn codes_of_tests_and_comments_do_not_count() {
        let text =
            "//! A.\n/// As `Code::new(102)`.\n#[cfg(test)]\nmod tests {\n    Code::new(103);\n}\n";
        check_one(
            &[
                ("crates/a/src/a.rs", text),
                ("crates/a/tests/b.rs", "Code::new(104)"),
            ],
            &[],
        );
    }

    #[test]
    fn a_page_keeps_its_form() {
        let source = ("crates/a/src/codes.rs", SOURCE);
        let with = |page: &str, expected: &[&str]| {
            check_one(&[("docs/errors/E0101.md", page), source], expected);
        };
        with(
            &PAGE.replace("E0101:", "E0102:"),
            &["title of an error page"],
        );
        with(
            &PAGE.replace("## Right", "## Better"),
            &["sections of an error page"],
        );
        with(
            &format!("{PAGE}{}", "x\n".repeat(60)),
            &["length of an error page"],
        );
    }
}
