//! `baton lint`.

use super::{baton, shipped};

const TWELVE: &str = "corpus/contracts/twelve-mistakes.contract.yaml";

#[test]
fn twelve_mistakes_are_twelve_problems_with_their_places() {
    baton(&["lint", TWELVE]).shows(
        20,
        &[
            "E0361",
            "twelve-mistakes.contract.yaml:2:7",
            "10 errors, 2 warnings",
        ],
    );
    let found = baton(&["lint", "--format", "json", TWELVE]).json(20, "diagnostics");
    let diagnostics = found["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), 12, "{found:#}");
    for diagnostic in diagnostics {
        let (start, end) = (&diagnostic["start"], &diagnostic["end"]);
        assert!(start.is_object() && end.is_object(), "{diagnostic:#}");
        assert_ne!(start, end, "{diagnostic:#}");
    }
}

#[test]
fn sarif_has_one_result_per_problem() {
    let ran = baton(&["lint", "--format", "sarif", TWELVE]);
    ran.shows(20, &[]);
    let log: serde_json::Value = serde_json::from_str(&ran.answer).unwrap();
    assert_eq!(log["version"], "2.1.0");
    assert_eq!(log["runs"][0]["results"].as_array().unwrap().len(), 12);
}

#[test]
fn shipped_contracts_are_clean() {
    let contracts = shipped();
    let mut arguments = vec!["lint"];
    arguments.extend(contracts.iter().map(String::as_str));
    let ran = baton(&arguments);
    ran.shows(0, &[]);
    assert_eq!(
        ran.answer.matches(": no problems\n").count(),
        contracts.len(),
        "{}",
        ran.answer
    );
}

#[test]
fn what_is_not_there_is_a_failure() {
    baton(&["lint", "nowhere.yaml"]).refuses(1, &["error[E0901]", "`baton help E0901`"]);
    baton(&["lint"]).refuses(2, &["required"]);
}
