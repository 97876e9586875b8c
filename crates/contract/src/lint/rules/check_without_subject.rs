//! A built-in check with nothing to look at passes everything.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};
use crate::model::{BuiltIn, Check};

pub(super) const RULE: Rule = Rule {
    code: Code::new(337),
    name: "check-without-subject",
    summary: "A clause that checks schema or evidence has one to check.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let has_schema = subject.has("/inputs", "schema") || subject.has("/inputs", "schema_file");
    let has_evidence = !subject.contract().inputs.evidence.is_empty();
    let mut diagnostics = Vec::new();
    for clause in &subject.contract().clauses {
        let missing = match clause.check {
            Check::BuiltIn(BuiltIn::Schema) if !has_schema => "`inputs.schema`",
            Check::BuiltIn(BuiltIn::Evidence) if !has_evidence => "`inputs.evidence`",
            _ => continue,
        };
        let at = format!("{}/check", clause.at);
        diagnostics.push(
            subject
                .error(RULE.code, &at, "clause has nothing to check")
                .expected(missing)
                .found(format!("clause `{}`, and no {missing}", clause.id))
                .hint("add what it checks, or remove the clause"),
        );
    }
    diagnostics
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{SOUND, check};

    #[test]
    fn a_schema_clause_needs_a_schema() {
        let start = SOUND.find("  schema:\n").unwrap();
        let end = SOUND.find("  evidence:\n").unwrap();
        let schema = SOUND.get(start..end).unwrap();
        check(&RULE, schema, "", &["E0337 error \"schema\""]);
    }

    #[test]
    fn an_evidence_clause_needs_requirements() {
        let start = SOUND.find("  evidence:\n").unwrap();
        let end = SOUND.find("outputs:\n").unwrap();
        let evidence = SOUND.get(start..end).unwrap();
        check(&RULE, evidence, "", &["E0337 error \"evidence\""]);
    }
}
