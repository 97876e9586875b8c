//! Expressions fit what they read: the problems `crate::expression` finds, at their places.

use baton_terms::{Code, Diagnostic};

use crate::expression::{Expression, Scope, Type};
use crate::lint::{Rule, Subject};
use crate::model::{Check, Presence};
use crate::scope::Scopes;

/// Passes on the codes E0401 to E0418.
pub(super) const RULE: Rule = Rule {
    code: Code::new(401),
    name: "expressions",
    summary: "Expressions are valid, read declared data only, and have the type their place needs.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let scopes = Scopes::of(contract);
    let mut reader = Reader {
        subject,
        diagnostics: Vec::new(),
    };
    for asked in contract.evidence_requirements() {
        if let Presence::When(when) = &asked.presence {
            let at = format!("{}/when", asked.at);
            reader.compile(when, &at, (&scopes.evidence, &Type::Bool));
        }
    }
    for clause in &contract.clauses {
        let scope = reader.condition(clause.when.as_ref(), &clause.at, &scopes.clauses);
        let (text, field, expected) = match &clause.check {
            Check::Expect(text) => (text, "expect", &Type::Bool),
            Check::Graded(text) => (text, "graded", &Type::Int),
            Check::BuiltIn(_) => continue,
        };
        reader.compile(text, &format!("{}/{field}", clause.at), (&scope, expected));
    }
    for gate in &contract.gates {
        let scope = reader.condition(gate.when.as_ref(), &gate.at, &scopes.gates);
        if let Some(expect) = &gate.expect {
            reader.compile(
                expect,
                &format!("{}/expect", gate.at),
                (&scope, &Type::Bool),
            );
        }
    }
    reader.diagnostics
}

struct Reader<'s, 'a> {
    subject: &'s Subject<'a>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader<'_, '_> {
    fn compile(
        &mut self,
        text: &str,
        at: &str,
        (scope, expected): (&Scope, &Type),
    ) -> Option<Expression> {
        if self.subject.is_refused(at) {
            return None;
        }
        let compiled = Expression::compile(text, scope, expected);
        let problems = match &compiled {
            Ok(expression) => expression.warnings().to_vec(),
            Err(problems) => problems.clone(),
        };
        let place = |problem: Diagnostic| {
            let problem = completed(problem, text, expected);
            self.subject.inside_text(at, problem)
        };
        self.diagnostics.extend(problems.into_iter().map(place));
        compiled.ok()
    }

    /// Compiles a `when` and returns the scope of what is evaluated where it holds.
    fn condition(&mut self, when: Option<&String>, at: &str, scope: &Scope) -> Scope {
        let when =
            when.and_then(|when| self.compile(when, &format!("{at}/when"), (scope, &Type::Bool)));
        match &when {
            Some(when) => scope.clone().assuming(when),
            None => scope.clone(),
        }
    }
}

/// Says what a diagnostic left unsaid: in a contract every problem has all its parts.
fn completed(mut problem: Diagnostic, text: &str, expected: &Type) -> Diagnostic {
    let part = problem.place.span.unwrap_or_default();
    let part = text.get(part.start..part.end).unwrap_or_default();
    let completions = [
        (
            &mut problem.expected,
            format!("a sound expression of type `{expected}`"),
        ),
        (&mut problem.found, format!("`{part}`")),
        (
            &mut problem.hint,
            format!("see `baton help {}`", problem.code),
        ),
    ];
    for (said, completion) in completions {
        if said.is_empty() {
            *said = completion;
        }
    }
    problem
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::check;

    #[test]
    fn a_typo_is_underlined_inside_the_expression() {
        check(
            &RULE,
            "expect: package.states.size() >= 3",
            "expect: package.stats.size() >= 3",
            &["E0405 error \"stats\""],
        );
    }

    #[test]
    fn every_place_is_read() {
        for (from, to, expected) in [
            (
                "expect: package.owner != \"\"",
                "expect: package.owner",
                "E0410 error \"package.owner\"",
            ),
            (
                "graded: 'package.states.size() >= 5 ? 10000 : package.states.size() * 2000'",
                "graded: package.owner",
                "E0410 error \"package.owner\"",
            ),
            (
                "when: package.states.size() > 0",
                "when: size(package.states) >",
                "E0401 error \"\"",
            ),
            (
                "when: context.risk_tier == \"high\"\n      max_age",
                "when: context.risk == \"high\"\n      max_age",
                "E0405 error \"risk\"",
            ),
            (
                "when: context.risk_tier == \"high\"\n    approvers",
                "when: context.risk_tier == \"hihg\"\n    approvers",
                "E0409 error \"\\\"hihg\\\"\"",
            ),
            (
                "findings[\"valid\"]",
                "findings[\"invalid\"]",
                "E0405 error \"\\\"invalid\\\"\"",
            ),
        ] {
            check(&RULE, from, to, &[expected]);
        }
    }

    #[test]
    fn a_condition_proves_what_is_there() {
        let expect = "    expect: package.owner != \"\"\n";
        let guarded = "    expect: package.notes != \"\"\n    when: has(package.notes)\n";
        check(&RULE, expect, guarded, &[]);
        let unguarded = "    expect: package.notes != \"\"\n";
        check(
            &RULE,
            expect,
            unguarded,
            &["E0416 warning \"package.notes\""],
        );
    }
}
