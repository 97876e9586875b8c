//! A link leads to the handoff it is shown with.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::shape::escape;

pub(super) const RULE: Rule = Rule {
    code: Code::new(375),
    name: "link-placeholder",
    summary: "A link template has placeholders, and only known ones.",
    check,
};

const KNOWN: [&str; 4] = ["trace_id", "handoff_id", "contract", "work_item"];

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (id, template) in &subject.contract().links {
        let (message, found) = match placeholders(template) {
            None => ("link template has a lone brace", format!("`{template}`")),
            Some(names) if names.is_empty() => {
                ("link template has no placeholder", format!("`{template}`"))
            }
            Some(names) => match names.iter().find(|name| !KNOWN.contains(name)) {
                Some(name) => (
                    "link template has an unknown placeholder",
                    format!("`{{{name}}}`"),
                ),
                None => continue,
            },
        };
        diagnostics.push(
            subject
                .error(RULE.code, &format!("/links/{}", escape(id)), message)
                .expected(format!(
                    "placeholders among {}",
                    KNOWN.map(|name| format!("{{{name}}}")).join(", ")
                ))
                .found(found)
                .hint("the same page for every handoff is no link to this one"),
        );
    }
    diagnostics
}

/// Returns the names between braces, or nothing when braces do not match.
fn placeholders(template: &str) -> Option<Vec<&str>> {
    let mut names = Vec::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, tail) = after.split_once('}')?;
        if before.contains('}') || name.contains('{') {
            return None;
        }
        names.push(name);
        rest = tail;
    }
    (!rest.contains('}')).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn placeholders_are_known_and_there() {
        let link = "/trace/{trace_id}";
        for (to, has_problem) in [
            ("/", true),
            ("/{span}", true),
            ("/{trace_id", true),
            ("/trace_id}", true),
            ("/{work_item}/{handoff_id}?c={contract}", false),
        ] {
            let expected = format!(
                "E0375 error {:?}",
                format!("\"https://telemetry.example.org{to}\"")
            );
            let expected = [expected.as_str()];
            check(&RULE, link, to, if has_problem { &expected } else { &[] });
        }
    }
}
