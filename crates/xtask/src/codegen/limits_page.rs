//! The page of limits, made from the constants and their doc comments.

use std::fmt::Write as _;

use anyhow::{Context as _, bail};

/// Files of limits with what they are about.
const FILES: &[(&str, &str)] = &[
    ("crates/terms/src/limits.rs", "Everywhere"),
    (
        "crates/contract/src/schema/limits.rs",
        "Schemas inside contracts",
    ),
    ("crates/mission/src/handoff/limits.rs", "Handoffs"),
    ("crates/rootcause/src/localise/limits.rs", "KPI tables"),
    ("crates/network/src/limits.rs", "Simulations"),
    ("crates/engine/src/outcomes/limits.rs", "Outcomes"),
];

/// One constant.
#[derive(Debug, PartialEq, Eq)]
struct Limit {
    name: String,
    meaning: String,
    value: u64,
}

/// Returns the page.
///
/// # Errors
/// When a file can't be read, or holds a constant this page can't show.
#[expect(
    clippy::disallowed_methods,
    reason = "xtask is its own composition root"
)]
pub(super) fn page() -> anyhow::Result<String> {
    let mut page = "# Limits\n\nEverything that grows has a limit, and a refusal names the one it met. They are the same on every machine and \
         can't be raised by a contract or a package.\n"
        .to_owned();
    let mut known: Vec<Limit> = Vec::new();
    for (path, about) in FILES {
        let text =
            std::fs::read_to_string(path).with_context(|| format!("failed to read `{path}`"))?;
        // Writing to a String can't fail.
        let _ = write!(
            page,
            "\n## {about}\n\n| what | at most | name |\n|---|---:|---|\n"
        );
        for limit in limits(&text, &known).with_context(|| format!("failed to read `{path}`"))? {
            let meaning = limit.meaning.trim_end_matches('.').replace('|', "\\|");
            let _ = writeln!(
                page,
                "| {meaning} | {} | `{}` |",
                grouped(limit.value),
                limit.name
            );
            known.push(limit);
        }
    }
    Ok(page)
}

/// Returns the public constants of a file in the order written.
fn limits(text: &str, known: &[Limit]) -> anyhow::Result<Vec<Limit>> {
    let mut found = Vec::new();
    let mut meaning: Vec<&str> = Vec::new();
    for line in text.lines() {
        if let Some(sentence) = line.strip_prefix("/// ") {
            meaning.push(sentence);
        } else if let Some(declared) = line.strip_prefix("pub const ") {
            let parts = declared
                .trim_end_matches(';')
                .split_once(": ")
                .and_then(|(name, rest)| Some((name, rest.split_once(" = ")?.1)));
            let Some((name, expression)) = parts else {
                bail!("`{line}` is not `pub const NAME: TYPE = VALUE;`");
            };
            let named = expression.rsplit("::").next().unwrap_or(expression);
            let value = known
                .iter()
                .find(|limit| limit.name == named)
                .map(|limit| limit.value)
                .or_else(|| value_of(expression))
                .with_context(|| {
                    format!("`{expression}` is not a number, a shift or a limit above")
                })?;
            found.push(Limit {
                name: name.to_owned(),
                meaning: meaning.join(" "),
                value,
            });
            meaning.clear();
        } else {
            meaning.clear();
        }
    }
    Ok(found)
}

/// Returns the value of `100_000` or `16 << 20`.
fn value_of(expression: &str) -> Option<u64> {
    let number = |text: &str| text.trim().replace('_', "").parse::<u64>().ok();
    match expression.split_once("<<") {
        Some((left, right)) => {
            let shift = u32::try_from(number(right)?).ok()?;
            number(left)?.checked_mul(1u64.checked_shl(shift)?)
        }
        None => number(expression),
    }
}

/// Writes a number with a comma between groups of three digits.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_are_read_with_their_meaning() {
        let text = "//! Header.\n\n/// Bytes in\n/// a file.\npub const BYTES_MAX: usize = 16 << 20;\n/// Depth.\npub const DEPTH_MAX: usize = x::OTHER_MAX;\n/// Hidden.\npub(super) const STEPS: u64 = 1;\n";
        let other = Limit {
            name: "OTHER_MAX".to_owned(),
            meaning: String::new(),
            value: 64,
        };
        let found = limits(text, &[other]).unwrap();
        let shown: Vec<_> = found
            .iter()
            .map(|limit| format!("{} {} {}", limit.name, limit.meaning, grouped(limit.value)))
            .collect();
        assert_eq!(
            shown,
            [
                "BYTES_MAX Bytes in a file. 16,777,216",
                "DEPTH_MAX Depth. 64"
            ]
        );
        assert!(limits("pub const A: usize = f();", &[]).is_err());
    }

    #[test]
    fn numbers_are_grouped_by_three() {
        for (value, expected) in [
            (0, "0"),
            (999, "999"),
            (1000, "1,000"),
            (1_048_576, "1,048,576"),
        ] {
            assert_eq!(grouped(value), expected);
        }
    }
}
