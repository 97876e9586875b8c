//! Small readings of Rust and Markdown text. Line by line on purpose: the checks need to be right
//! about code formatted by rustfmt, not about every program the language admits.

use regex::Regex;

/// Compiles a pattern written in this crate.
#[expect(
    clippy::expect_used,
    reason = "every pattern is a literal that the check's own tests compile"
)]
pub(crate) fn pattern(text: &str) -> Regex {
    Regex::new(text).expect("a literal pattern compiles")
}

/// Returns the lines counted from 1.
pub(crate) fn numbered(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
}

/// Returns the lines before the unit tests, which rustfmt and habit put last.
pub(crate) fn production_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut before_tests = true;
    let lines: Vec<(usize, &str)> = numbered(text).collect();
    let starts_tests: Vec<bool> = lines
        .iter()
        .enumerate()
        .map(|(index, (_, line))| {
            line.starts_with("#[cfg(test)]")
                && lines
                    .iter()
                    .skip(index + 1)
                    .map(|(_, next)| next.trim_start())
                    .find(|next| !next.starts_with("#["))
                    .is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'))
        })
        .collect();
    lines
        .into_iter()
        .zip(starts_tests)
        .filter_map(move |(line, starts)| {
            before_tests &= !starts;
            before_tests.then_some(line)
        })
}

/// Returns a Markdown page's lines outside fenced code, with inline code blanked out.
pub(crate) fn prose_lines(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut fenced = false;
    numbered(text).filter_map(move |(number, line)| {
        let fence = line.trim_start().starts_with("```");
        fenced ^= fence;
        (!fenced && !fence).then(|| (number, without_inline_code(line)))
    })
}

fn without_inline_code(line: &str) -> String {
    let mut parts = line.split('`').peekable();
    let mut kept = String::new();
    let mut inside = false;
    while let Some(part) = parts.next() {
        // An opening mark without a closing one is plain text.
        if !inside || parts.peek().is_none() {
            kept.push_str(part);
        }
        inside = !inside;
        if parts.peek().is_some() {
            kept.push('`');
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn production_ends_where_the_tests_begin() {
        let text =
            "a\n#[cfg(test)]\nfn helper() {}\n#[cfg(test)]\n#[expect(x)]\nmod tests {\nb\n}\n";
        let kept: Vec<usize> = production_lines(text).map(|(number, _)| number).collect();
        assert_eq!(kept, [1, 2, 3]);
    }

    #[test]
    fn prose_leaves_code_out() {
        let text = "a `b` c\n```\nd\n```\ne `f\n";
        let lines: Vec<_> = prose_lines(text).collect();
        assert_eq!(lines, [(1, "a `` c".to_owned()), (5, "e `f".to_owned())]);
    }
}
