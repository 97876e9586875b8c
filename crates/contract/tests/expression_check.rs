//! What the checker says of expressions: codes with the text they point at, all in one run.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use baton_contract::expression::{Bindings, Expression, Outcome, Scope, Type, Value};
use baton_contract::scope::{Known, Scopes};
use serde_json::{Value as Json, json};

fn schema() -> Json {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["title", "status", "points", "stories", "due", "owner"],
        "properties": {
            "title": {"type": "string"},
            "status": {"enum": ["draft", "ready", "done"]},
            "points": {"type": "integer"},
            "ratio": {"type": "number"},
            "due": {"type": "string", "format": "date-time"},
            "owner": {"$ref": "#/$defs/person"},
            "reviewer": {"$ref": "#/$defs/person"},
            "labels": {"type": "object", "additionalProperties": {"type": "string"}},
            "nullable": {"type": ["string", "null"]},
            "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 50},
            "matrix": {"type": "array", "maxItems": 2000, "items":
                {"type": "array", "maxItems": 2000, "items": {"type": "integer"}}},
            "stories": {"type": "array", "items": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string"},
                    "estimate": {"type": "integer"},
                    "accepted": {"type": "boolean"}
                }
            }},
            "tree": {"$ref": "#/$defs/tree"}
        },
        "$defs": {
            "person": {"type": "object", "required": ["name"], "properties": {
                "name": {"type": "string"}, "email": {"type": "string"}}},
            "tree": {"type": "object", "properties": {
                "left": {"$ref": "#/$defs/tree"}, "value": {"type": "integer"}}}
        }
    })
}

fn scope() -> Scope {
    let package = Type::from_schema(&schema());
    Scopes::that_know(&Known {
        package: &package,
        evidence: &["test-report", "design"],
        clauses: &[],
    })
    .clauses
}

/// Checks that compiling `text` reports exactly `expected`: code and the text it points at.
fn check(text: &str, expected: &[(&str, &str)]) {
    check_for(text, &Type::Bool, expected);
}

fn check_for(text: &str, kind: &Type, expected: &[(&str, &str)]) {
    let diagnostics = match Expression::compile(text, &scope(), kind) {
        Ok(expression) => expression.warnings().to_vec(),
        Err(diagnostics) => diagnostics,
    };
    let found: Vec<(String, &str)> = diagnostics
        .iter()
        .map(|diagnostic| {
            let span = diagnostic.place.span.unwrap();
            (
                diagnostic.code.to_string(),
                text.get(span.start..span.end).unwrap(),
            )
        })
        .collect();
    let found: Vec<(&str, &str)> = found
        .iter()
        .map(|(code, at)| (code.as_str(), *at))
        .collect();
    assert_eq!(found, expected, "{text}: {diagnostics:#?}");
}

fn hint_of(text: &str) -> String {
    let diagnostics = Expression::compile(text, &scope(), &Type::Bool).unwrap_err();
    diagnostics.first().unwrap().hint.clone()
}

// spec: EXPRESSION-1
#[test]
fn sound_expressions_have_no_diagnostics() {
    for text in [
        "package.title != ''",
        "package.status == 'ready' || package.status in ['done', 'draft']",
        "package.points * 2 + 1 > 7",
        "package.due < context.as_of + duration('14d')",
        "evidence['test-report'].present && evidence.design.state == 'present'",
        "evidence.`test-report`.present",
        "package.stories.all(s, s.id.size() > 2)",
        "package.stories.all(s, !has(s.estimate) || s.estimate <= 8)",
        "has(package.ratio) && package.ratio > 0.5",
        "has(package.ratio) ? package.ratio >= 1 : true == (package.points > 0)",
        "has(package.reviewer) && package.reviewer.name != package.owner.name",
        "has(package.labels) && 'area' in package.labels",
        "has(package.nullable) && package.nullable == null",
        "has(package.tree) && has(package.tree.left) && has(package.tree.left.value) && package.tree.left.value > 0",
        "size(package.stories.filter(s, s.id.startsWith('A'))) > 0",
        "package.due.getFullYear('+02:00') == 2026",
        "package.title.matches('^[A-Z].*')",
        "history.met.exists(id, id == 'problem-stated')",
        "context.sender.kind == 'agent'",
    ] {
        check(text, &[]);
    }
}

// spec: EXPRESSION-2
#[test]
fn syntax_problems_point_at_the_token() {
    check("", &[("E0401", "")]);
    check("package.points >", &[("E0401", "")]);
    check("package.points = 1", &[("E0401", "=")]);
    check("true and false", &[("E0401", "and")]);
    check("'open", &[("E0401", "'open")]);
    check(
        r"'\q' == '\ud800'",
        &[("E0401", r"\q"), ("E0401", r"\ud800")],
    );
    check(
        "# § 1e999",
        &[("E0401", "#"), ("E0401", "§"), ("E0401", "1e999")],
    );
    check(
        "9223372036854775808 > 0",
        &[("E0401", "9223372036854775808")],
    );
    check("while > 1", &[("E0401", "while")]);
}

// spec: EXPRESSION-3
#[test]
fn size_and_depth_are_bounded() {
    let long = format!("package.title == '{}'", "x".repeat(5_000));
    check(&long, &[("E0402", &long)]);
    for text in [
        "(".repeat(2_000),
        "[".repeat(2_000),
        "!".repeat(2_000),
        "-".repeat(2_000) + "x",
        "{1:".repeat(1_000),
        "true ? true : ".repeat(200) + "true",
        "package.title + ".repeat(100) + "''",
        format!("package{} == 1", ".a".repeat(200)),
    ] {
        let diagnostics = Expression::compile(&text, &scope(), &Type::Bool).unwrap_err();
        assert_eq!(diagnostics[0].code.to_string(), "E0403", "{text}");
    }
    let flat = "package.points > 0 && ".repeat(150) + "true == (package.points < 9)";
    check(&flat, &[]);
}

// spec: EXPRESSION-5
#[test]
fn unknown_names_are_reported_with_the_nearest_one() {
    check("pakage.title == ''", &[("E0404", "pakage")]);
    check("package.titel == ''", &[("E0405", "titel")]);
    check("package.owner.nmae == ''", &[("E0405", "nmae")]);
    check(
        "evidence['tset-report'].present",
        &[("E0405", "'tset-report'")],
    );
    check("evidence.desing.present", &[("E0405", "desing")]);
    check("package.title.startWith('a')", &[("E0406", "startWith")]);
    check("contains(package.title, 'a')", &[("E0406", "contains")]);
    check("has(package.titel)", &[("E0405", "titel")]);
    check(
        "package.stories.all(s, s.estmate > 1)",
        &[("E0405", "estmate")],
    );
    check(
        "package.title.contains()",
        &[("E0406", "package.title.contains()")],
    );
    assert_eq!(hint_of("package.titel == ''"), "did you mean `title`?");
    assert_eq!(hint_of("pakage.title == ''"), "did you mean `package`?");
    assert_eq!(
        hint_of("package.title.startWith('a')"),
        "did you mean `startsWith`?"
    );
}

// spec: EXPRESSION-6
#[test]
fn types_are_checked() {
    check("package.title.contains(1)", &[("E0407", "1")]);
    check("size(package.points) > 1", &[("E0407", "package.points")]);
    check(
        "package.points.all(p, p > 1)",
        &[("E0407", "package.points")],
    );
    check("package.title > 3", &[("E0408", "package.title > 3")]);
    check("package.title && true", &[("E0408", "package.title")]);
    check("!package.points", &[("E0408", "package.points")]);
    check("package.title + 1 == ''", &[("E0408", "package.title + 1")]);
    check("package.points[0] == 1", &[("E0408", "package.points[0]")]);
    check("package.stories['a'] == null", &[("E0408", "'a'")]);
    check("1 in package.points", &[("E0408", "1 in package.points")]);
    check("package.title", &[("E0410", "package.title")]);
    check_for("package.title", &Type::Int, &[("E0410", "package.title")]);
    check_for("package.points", &Type::Int, &[]);
}

// spec: EXPRESSION-7
#[test]
fn comparisons_that_decide_nothing_are_errors() {
    check("package.title == 1", &[("E0409", "package.title == 1")]);
    check(
        "package.title == null",
        &[("E0409", "package.title == null")],
    );
    check("package.status == 'redy'", &[("E0409", "'redy'")]);
    check("package.status != 'redy'", &[("E0409", "'redy'")]);
    check(
        "package.status in ['done', 'raedy']",
        &[("E0409", "package.status in ['done', 'raedy']")],
    );
    check(
        "package.due == '2026-01-01'",
        &[("E0409", "package.due == '2026-01-01'")],
    );
    check(
        "package.points in ['a']",
        &[("E0409", "package.points in ['a']")],
    );
    check("evidence.design.state == 'ok'", &[("E0409", "'ok'")]);
    assert_eq!(hint_of("package.status == 'redy'"), "did you mean `ready`?");
}

// spec: EXPRESSION-8
#[test]
fn patterns_are_literal_valid_and_small() {
    check("package.title.matches('(')", &[("E0411", "'('")]);
    check(
        r"package.title.matches(r'(a)\1')",
        &[("E0411", r"r'(a)\1'")],
    );
    check("package.title.matches('(?=a)')", &[("E0411", "'(?=a)'")]);
    check(
        "package.title.matches(package.title)",
        &[("E0411", "package.title")],
    );
    check(
        r"package.title.matches('\\w{500}{500}')",
        &[("E0411", r"'\\w{500}{500}'")],
    );
}

// spec: EXPRESSION-9
#[test]
fn cost_is_bounded_when_the_schema_bounds_sizes() {
    let text = "has(package.matrix) && package.matrix.all(r, package.matrix.all(q, q == r))";
    check(text, &[("E0412", text)]);
}

// spec: EXPRESSION-10
#[test]
fn floating_point_arithmetic_is_refused_and_comparison_is_not() {
    check(
        "has(package.ratio) && package.ratio * 2 > 1",
        &[("E0413", "package.ratio * 2")],
    );
    check(
        "has(package.ratio) && -package.ratio < 1",
        &[("E0413", "-package.ratio")],
    );
    check("has(package.ratio) && package.ratio == 0.5", &[]);
    check("1.5 + 1.5 == 3.0", &[("E0413", "1.5 + 1.5")]);
}

// spec: EXPRESSION-11
#[test]
fn parts_that_always_fail_are_errors() {
    check("package.points / 0 > 1", &[("E0414", "0")]);
    check("package.points % 0 > 1", &[("E0414", "0")]);
    check(
        "package.due < timestamp('yesterday')",
        &[("E0414", "timestamp('yesterday')")],
    );
    check(
        "package.points < 9223372036854775807 + 1",
        &[("E0414", "9223372036854775807 + 1")],
    );
    check(
        "package.due - context.as_of < duration('1y')",
        &[("E0414", "duration('1y')")],
    );
}

// spec: EXPRESSION-12
#[test]
fn constant_and_unguarded_parts_are_warnings() {
    check("true", &[("E0415", "true")]);
    check("1 < 2", &[("E0415", "1 < 2")]);
    check("package.points > 1 || 1 == 1", &[("E0415", "1 == 1")]);
    check("package.ratio > 0.5", &[("E0416", "package.ratio")]);
    check(
        "package.reviewer.email == ''",
        &[
            ("E0416", "package.reviewer"),
            ("E0416", "package.reviewer.email"),
        ],
    );
    check(
        "package.stories.all(s, s.accepted)",
        &[("E0416", "s.accepted")],
    );
    check(
        "has(package.ratio) || package.ratio > 0.5",
        &[("E0416", "package.ratio")],
    );
    let when = Expression::compile("has(package.ratio)", &scope(), &Type::Bool).unwrap();
    let guarded = scope().assuming(&when);
    let expression = Expression::compile("package.ratio > 0.5", &guarded, &Type::Bool).unwrap();
    assert_eq!(expression.warnings(), []);
}

// spec: EXPRESSION-13
#[test]
fn features_left_out_are_named() {
    check("b'a' == b'a'", &[("E0418", "b'a'"), ("E0418", "b'a'")]);
    check("package.points == 1u", &[("E0418", "1u")]);
    check("Message{a: 1}.a == 1", &[("E0418", "{")]);
    check("package.?title == ''", &[("E0418", "?")]);
    check(
        "{'a': 1, 'a': package.points}['a'] == 1",
        &[("E0417", "'a'")],
    );
    check("{1: true}[1]", &[("E0418", "1")]);
    check("now() > context.as_of", &[("E0418", "now")]);
    check(
        "package.due.getHours('Europe/Berlin') == 1",
        &[("E0407", "'Europe/Berlin'")],
    );
    check(".package.title == ''", &[("E0418", ".")]);
}

// spec: EXPRESSION-4
#[test]
fn every_problem_is_reported_in_one_run() {
    check(
        "package.titel == '' && pakage.x && package.points + 'a' == 2 && package.status == 'x' && foo(1)",
        &[
            ("E0405", "titel"),
            ("E0404", "pakage"),
            ("E0408", "package.points + 'a'"),
            ("E0409", "'x'"),
            ("E0406", "foo"),
        ],
    );
}

fn document() -> Json {
    json!({
        "title": "Checkout", "status": "draft", "points": 3, "due": "2026-11-20T09:00:00+01:00",
        "owner": {"name": "Ada"},
        "stories": [
            {"id": "A-1", "estimate": 5},
            {"id": "A-2", "estimate": 13},
            {"id": "A-3"}
        ]
    })
}

// spec: EXPRESSION-20
#[test]
fn reads_are_static_sorted_and_complete() {
    let reads = |text: &str| -> Vec<String> {
        let expression = Expression::compile(text, &scope(), &Type::Any).unwrap();
        expression.reads().iter().map(ToString::to_string).collect()
    };
    assert_eq!(
        reads("package.stories.all(s, has(s.estimate) && s.estimate < package.points)"),
        ["package/points", "package/stories/*/estimate"]
    );
    assert_eq!(reads("size(package.stories) > 0"), ["package/stories"]);
    assert_eq!(
        reads("package.stories.exists(s, true)"),
        ["package/stories"]
    );
    assert_eq!(
        reads("package.stories.filter(s, s.id == 'a').map(s, s.estimate)"),
        ["package/stories", "package/stories/*/id"]
    );
    assert_eq!(
        reads("evidence['test-report'].present && package.stories[0].id == 'a'"),
        ["evidence/test-report/present", "package/stories/0/id"]
    );
}

// spec: EXPRESSION-21
#[test]
fn explanations_name_the_failing_parts_and_what_was_found() {
    let document = document();
    let bindings = Bindings::new().with("package", &document);
    let explain = |text: &str| -> Vec<String> {
        let expression = Expression::compile(text, &scope(), &Type::Bool).unwrap();
        expression
            .explain(&bindings)
            .into_iter()
            .map(|observation| {
                let found: Vec<String> = observation
                    .found
                    .iter()
                    .map(|found| {
                        let value = found.value.as_deref().unwrap_or("absent");
                        format!("{}{}={value}", found.variable, found.pointer)
                    })
                    .collect();
                let outcome = match observation.outcome {
                    Outcome::False => "false".to_owned(),
                    Outcome::Unknown(reason) => reason.to_string(),
                };
                format!(
                    "{} | {outcome} | {}",
                    observation.expected,
                    found.join(", ")
                )
            })
            .collect()
    };
    assert_eq!(explain("package.points == 3"), Vec::<String>::new());
    assert_eq!(
        explain("package.points == 3 && package.status == 'ready' && package.owner.name != 'Ada'"),
        [
            "package.status == 'ready' | false | package/status=\"draft\"",
            "package.owner.name != 'Ada' | false | package/owner/name=\"Ada\""
        ]
    );
    assert_eq!(
        explain("package.stories.all(s, s.estimate <= 8)"),
        [
            "s.estimate <= 8 | false | package/stories/1/estimate=13",
            "s.estimate <= 8 | `*/estimate` is missing | package/stories/2/estimate=absent"
        ]
    );
    assert_eq!(
        explain("package.status == 'ready' || package.points > 5"),
        [
            "package.status == 'ready' || package.points > 5 | false | package/status=\"draft\", package/points=3"
        ]
    );
    assert_eq!(
        explain("!has(package.ratio) || package.ratio > 0.5"),
        Vec::<String>::new()
    );
    assert_eq!(
        explain("has(package.reviewer)"),
        ["has(package.reviewer) | false | package/reviewer=absent"]
    );
    assert_eq!(
        explain("package.due > timestamp('2026-11-20T08:00:00Z')"),
        [
            "package.due > timestamp('2026-11-20T08:00:00Z') | false | package/due=\"2026-11-20T09:00:00+01:00\""
        ]
    );
}

// spec: EXPRESSION-22
#[test]
fn a_missing_value_is_unknown_unless_the_rest_decides() {
    let document = document();
    let bindings = Bindings::new().with("package", &document);
    let outcome = |text: &str| -> String {
        let expression = Expression::compile(text, &scope(), &Type::Bool).unwrap();
        match expression.evaluate(&bindings) {
            Ok(Value::Bool(value)) => value.to_string(),
            Ok(other) => panic!("{other:?}"),
            Err(error) => error.reason.to_string(),
        }
    };
    assert_eq!(outcome("package.ratio > 0.5"), "`package/ratio` is missing");
    assert_eq!(
        outcome("package.ratio > 0.5 || package.points == 3"),
        "true"
    );
    assert_eq!(
        outcome("package.ratio > 0.5 && package.points == 4"),
        "false"
    );
    assert_eq!(outcome("package.stories.exists(s, s.estimate > 8)"), "true");
    assert_eq!(
        outcome("package.stories.all(s, s.estimate < 100)"),
        "`*/estimate` is missing"
    );
    assert_eq!(
        outcome("history.handoffs > 0"),
        "variable `history` has no value"
    );
}

// spec: EXPRESSION-9
#[test]
fn explaining_may_cost_more_than_evaluating() {
    let scope = Scope::new().with("x", Type::list(Type::Int));
    let text = "x.all(a, a < 9999) && x.exists(a, a > 99999)";
    let expression = Expression::compile(text, &scope, &Type::Bool).unwrap();
    let data = Json::from((0..10_000).collect::<Vec<i64>>());
    let observations = expression.explain(&Bindings::new().with("x", &data));
    let shown: Vec<(&str, &Outcome)> = observations
        .iter()
        .map(|observation| (observation.expected.as_str(), &observation.outcome))
        .collect();
    assert_eq!(
        shown,
        [
            ("a < 9999", &Outcome::False),
            ("x.exists(a, a > 99999)", &Outcome::False)
        ]
    );
}

// spec: EXPRESSION-22
#[test]
fn compiled_expressions_are_shared_between_threads() {
    fn is_shared<T: Send + Sync>() {}
    is_shared::<Expression>();
}

// spec: EXPRESSION-9
#[test]
fn an_evaluation_ends_at_the_cost_limit_and_nothing_absorbs_that() {
    let scope = Scope::new().with("x", Type::list(Type::Int));
    let text = "x.exists(a, x.exists(b, a + b < 0)) || true";
    let expression = Expression::compile(text, &scope, &Type::Bool).unwrap();
    let data = Json::from((0..2_000).collect::<Vec<i64>>());
    let error = expression
        .evaluate(&Bindings::new().with("x", &data))
        .unwrap_err();
    assert!(error.reason.to_string().contains("steps"), "{error}");
}
