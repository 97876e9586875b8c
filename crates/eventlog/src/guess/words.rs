//! Words in the names of columns, and what they are a sign of.

/// Returns the words of a name, in lower case: `AssignedTo`, `assigned_to` and `Assigned to` are alike.
pub(super) fn of(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (c.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(c.to_lowercase());
        }
        was_lower = c.is_lowercase();
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Returns the first word of the name that is one of `signs`; a sign of two words is written with
/// a space.
pub(super) fn sign<'s>(name: &str, signs: &[&'s str]) -> Option<&'s str> {
    let words = of(name);
    let has = |sign: &str| {
        let wanted: Vec<_> = sign.split(' ').collect();
        words
            .windows(wanted.len())
            .any(|found| found.iter().eq(wanted.iter()))
    };
    signs.iter().copied().find(|sign| has(sign))
}

pub(super) const CASE: &[&str] = &[
    "case concept name",
    "case",
    "case id",
    "number",
    "ticket",
    "issue key",
    "issue",
    "incident",
    "key",
    "order id",
    "id",
];
pub(super) const TIME: &[&str] = &[
    "timestamp",
    "event time",
    "updated",
    "update",
    "changed",
    "modified",
    "occurred",
    "time",
    "date",
    "merged",
    "at",
];
pub(super) const ACTIVITY: &[&str] = &[
    "activity",
    "event",
    "action",
    "concept name",
    "state",
    "status",
    "step",
    "task",
    "transition",
    "stage",
    "type",
];
pub(super) const PARTY: &[&str] = &[
    "assignment group",
    "org group",
    "team",
    "group",
    "department",
    "dept",
    "squad",
    "queue",
    "unit",
    "sig",
    "owning",
];
pub(super) const PERSON: &[&str] = &[
    "assigned to",
    "assignee",
    "org resource",
    "resource",
    "actor",
    "user",
    "agent",
    "handler",
    "owner",
    "author",
    "from",
];
/// Signs that a column names single people.
pub(super) const PEOPLE: &[&str] = &[
    "assigned to",
    "assignee",
    "resource",
    "actor",
    "user",
    "username",
    "caller",
    "reporter",
    "requester",
    "requestor",
    "author",
    "reviewer",
    "approver",
    "submitter",
    "creator",
    "email",
    "mail",
    "by",
    "person",
    "employee",
    "agent",
    "handler",
    "contact name",
    "customer name",
    "from",
];
/// Signs that a value is known only when the case is over.
pub(super) const END: &[&str] = &[
    "closed",
    "close",
    "resolved",
    "resolution",
    "solved",
    "finished",
    "completed",
    "completion",
    "ended",
    "end date",
    "outcome",
    "result",
    "final",
    "duration",
    "last merge",
    "sla met",
    "satisfaction",
];
/// Signs that a value is known from the start.
pub(super) const START: &[&str] = &[
    "opened",
    "created",
    "submitted",
    "reported",
    "started",
    "start",
    "first",
];
/// Signs of a column that numbers the events of a case.
pub(super) const SEQUENCE: &[&str] = &[
    "sequence",
    "seq",
    "version",
    "revision",
    "mod count",
    "event id",
    "event index",
    "index",
    "step number",
    "no",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_a_name_is_written_does_not_matter() {
        for name in [
            "assigned_to",
            "Assigned To",
            "assignedTo",
            "u_assigned_to",
            "assigned-to",
        ] {
            assert_eq!(sign(name, PERSON), Some("assigned to"), "{name}");
        }
        assert_eq!(sign("category", CASE), None);
        assert_eq!(sign("state", TIME), None);
    }
}
