//! What one object of the interface says: whose it is, when, by whom, and to what effect.

use serde_json::Value;

/// The place of a thing among issues and pull requests.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Case {
    /// `owner/name`, where known.
    pub(super) repository: Option<String>,
    pub(super) number: u64,
}

impl std::fmt::Display for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let repository = self.repository.as_deref().unwrap_or_default();
        write!(f, "{repository}#{}", self.number)
    }
}

/// Links that name an issue or pull request.
const LINKS: [&str; 6] = [
    "issue_url",
    "pull_request_url",
    "html_url",
    "url",
    "timeline_url",
    "comments_url",
];

/// Returns the case an object belongs to.
pub(super) fn case(value: &Value) -> Option<Case> {
    let of_issue = value.get("issue").and_then(case);
    if of_issue.is_some() {
        return of_issue;
    }
    let linked = LINKS
        .iter()
        .find_map(|name| link(value.get(*name)?.as_str()?));
    let number = ["number", "issue_number", "pull_number"]
        .iter()
        .find_map(|name| value.get(*name)?.as_u64());
    match (number, linked) {
        (Some(number), linked) => Some(Case {
            repository: repository(value).or(linked.and_then(|case| case.repository)),
            number,
        }),
        (None, linked) => linked,
    }
}

fn repository(value: &Value) -> Option<String> {
    [
        "/repository/full_name",
        "/base/repo/full_name",
        "/repository",
    ]
    .iter()
    .find_map(|place| value.pointer(place)?.as_str())
    .map(ToOwned::to_owned)
}

/// Returns the case in a link such as `https://host/repos/owner/name/issues/7/events`.
pub(super) fn link(text: &str) -> Option<Case> {
    let parts: Vec<&str> = text.split(['/', '#', '?']).collect();
    parts.windows(4).find_map(|window| match window {
        [owner, name, "issues" | "pull" | "pulls", number] => Some(Case {
            repository: Some(format!("{owner}/{name}")),
            number: number.parse().ok()?,
        }),
        _ => None,
    })
}

/// Returns whether an object is an issue or pull request itself.
pub(super) fn is_issue(value: &Value) -> bool {
    value.get("number").is_some_and(Value::is_u64)
        && value.get("created_at").is_some()
        && value.get("event").is_none()
        && (value.get("title").is_some() || value.get("state").is_some())
}

/// Returns the first of these texts that an object has.
pub(super) fn text<'v>(value: &'v Value, places: &[&str]) -> Option<&'v str> {
    places
        .iter()
        .find_map(|place| value.pointer(place)?.as_str())
        .filter(|text| !text.is_empty())
}

/// Returns when a timeline event happened.
pub(super) fn time(value: &Value) -> Option<&str> {
    text(
        value,
        &[
            "/created_at",
            "/submitted_at",
            "/committer/date",
            "/author/date",
            "/commit/committer/date",
        ],
    )
}

/// Returns what a timeline event is called.
pub(super) fn activity(value: &Value) -> Option<String> {
    let event = text(value, &["/event"]);
    let state = text(value, &["/state"]).map(str::to_lowercase);
    match (event, state) {
        (Some("reviewed") | None, Some(state)) if value.get("submitted_at").is_some() => {
            Some(match state.as_str() {
                "approved" => "approved".to_owned(),
                "changes_requested" => "changes requested".to_owned(),
                _ => "reviewed".to_owned(),
            })
        }
        (Some(event), _) => Some(event.replace('_', " ")),
        (None, _) if value.get("body").is_some() && value.get("issue_url").is_some() => {
            Some("commented".to_owned())
        }
        (None, _) if value.get("pull_request_review_id").is_some() => {
            Some("review commented".to_owned())
        }
        _ => None,
    }
}

/// Returns the names of the labels of an issue.
pub(super) fn labels(value: &Value) -> Vec<String> {
    let labels = value.get("labels").and_then(Value::as_array);
    labels
        .into_iter()
        .flatten()
        .filter_map(|label| label.as_str().or_else(|| label.get("name")?.as_str()))
        .map(ToOwned::to_owned)
        .collect()
}

/// Returns the case that a pull request says it reverts.
pub(super) fn reverts(value: &Value, own: &Case) -> Option<Case> {
    let body = text(value, &["/body"])?;
    let (_, rest) = body.split_once("Reverts ")?;
    let named = rest.split_whitespace().next()?;
    if let Some(case) = link(named) {
        return Some(case);
    }
    let (repository, number) = named.split_once('#')?;
    let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
    Some(Case {
        repository: (!repository.is_empty())
            .then(|| repository.to_owned())
            .or_else(|| own.repository.clone()),
        number: digits.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_case_is_found_wherever_it_is_named() {
        for (value, expected) in [
            (json!({"number": 7}), Some("#7")),
            (
                json!({"number": 7, "html_url": "https://github.com/a/b/pull/7"}),
                Some("a/b#7"),
            ),
            (
                json!({"issue_url": "https://api.github.com/repos/a/b/issues/9"}),
                Some("a/b#9"),
            ),
            (
                json!({"issue": {"number": 3, "url": "https://x/repos/a/b/issues/3"}}),
                Some("a/b#3"),
            ),
            (
                json!({"pull_request_url": "https://x/repos/a/b/pulls/4"}),
                Some("a/b#4"),
            ),
            (
                json!({"url": "https://x/repos/a/b/issues/events/123"}),
                None,
            ),
            (json!({}), None),
        ] {
            assert_eq!(
                case(&value).map(|case| case.to_string()).as_deref(),
                expected,
                "{value}"
            );
        }
    }

    #[test]
    fn a_revert_names_what_it_reverts() {
        let own = Case {
            repository: Some("a/b".into()),
            number: 9,
        };
        for (body, expected) in [
            ("Reverts a/b#7", Some("a/b#7")),
            ("Reverts #7.", Some("a/b#7")),
            ("see: Reverts https://github.com/c/d/pull/8", Some("c/d#8")),
            ("Reverts that", None),
        ] {
            let found = reverts(&json!({"body": body}), &own);
            assert_eq!(
                found.map(|case| case.to_string()).as_deref(),
                expected,
                "{body}"
            );
        }
    }
}
