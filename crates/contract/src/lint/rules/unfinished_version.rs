//! What everybody is judged by has a finished version.

use baton_terms::{Code, Diagnostic};

use crate::lint::{Rule, Subject};

pub(super) const RULE: Rule = Rule {
    code: Code::new(374),
    name: "unfinished-version",
    summary: "A version that is rolled out to everybody is no draft.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let version = &contract.version;
    let is_zero = (version.major, version.minor, version.patch) == (0, 0, 0);
    let stages = contract.rollout.iter().flat_map(|rollout| &rollout.stages);
    let is_full = stages.into_iter().any(|stage| stage.percent == 100);
    let is_written = subject.root().get("version").is_some();
    if !(is_written && is_full && (is_zero || !version.pre.is_empty())) {
        return Vec::new();
    }
    vec![
        subject
            .warning(RULE.code, "/version", "draft version is rolled out to everybody")
            .expected("a version without prerelease, from 0.0.1")
            .found(format!("`{version}`"))
            .hint("finish the version (Semantic Versioning 2.0.0, item 9), or end the rollout earlier"),
    ]
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{SOUND, check, check_changes};

    #[test]
    fn drafts_stay_in_small_circles() {
        let version = "version: 1.2.0";
        for draft in ["0.0.0", "1.2.0-rc.1"] {
            let to = format!("version: {draft}");
            check(&RULE, version, &to, &[&format!("E0374 warning {draft:?}")]);
        }
        check(&RULE, version, "version: 0.1.0", &[]);
        let start = SOUND.find("rollout:\n").unwrap();
        let end = SOUND.find("pending:\n").unwrap();
        let rollout = SOUND.get(start..end).unwrap();
        check_changes(&RULE, &[(version, "version: 0.0.0"), (rollout, "")], &[]);
    }
}
