//! Scenarios, good and bad.

use baton_terms::Source;

use super::*;
use crate::fit::Opening;
use crate::history::HOUR;
use crate::history::tests::MONDAY;

fn parsed(text: &str) -> Result<Plan, Vec<String>> {
    let teams = ["desk".to_owned(), "lab".to_owned()];
    let known = Known {
        teams: &teams,
        start: MONDAY,
    };
    let text = format!("baton: scenario/v1\nname: one\n{text}");
    read(&Source::new("scenario.yaml", text), &known).map_err(|problems| {
        let problems = problems.iter();
        problems
            .map(|problem| format!("{} {}", problem.code, problem.place.pointer))
            .collect()
    })
}

#[test]
fn everything_that_can_be_said_is_read() {
    let plan = parsed(
        "title: All of it
arrivals: {percent: 150, team: lab}
every_team: {deadline: 4h, capacity_percent: 80}
teams:
  lab:
    capacity: 3
    wip_limit: 9
    returns_percent: 50
    retries: {after: 8h, most: 2}
    hours: {zone: Europe/Berlin, days: [monday, sunday], open: [08:00-12:00, '22:00-02:00']}
approvals:
  - {to: lab, percent: 50, approvers: 2, takes: [10m, 2h]}
  - {approvers: 1, takes: 1h}
",
    )
    .unwrap();
    assert_eq!(plan.title, "All of it");
    assert_eq!(
        plan.arrivals,
        Some(MoreOrLess {
            percent: 150,
            team: Some(1)
        })
    );
    let [desk, lab] = plan.teams.as_slice() else {
        panic!("{plan:?}")
    };
    assert_eq!(
        (desk.deadline, desk.capacity),
        (Some(14_400), Some(Capacity::Percent(80)))
    );
    assert_eq!(
        (lab.deadline, lab.capacity),
        (Some(14_400), Some(Capacity::Cases(3)))
    );
    assert_eq!((lab.wip_limit, lab.returns_percent), (Some(9), Some(50)));
    assert_eq!(
        lab.retries,
        Some(Retries {
            after: 28_800,
            most: 2
        })
    );
    // Berlin is an hour ahead of UTC in winter.
    let day = 24 * HOUR;
    let open = [(7, 11), (21, 25)].map(|(from, to)| (from * HOUR, to * HOUR));
    let days = [0, 6]
        .into_iter()
        .flat_map(|at| open.map(|(from, to)| (at * day + from, at * day + to)));
    assert_eq!(lab.hours, Opening::of(days));
    let approval = |to, percent, approvers, takes: &[i64]| Approval {
        to,
        percent,
        approvers,
        takes: takes.to_vec(),
    };
    assert_eq!(
        plan.approvals,
        [
            approval(Some(1), 50, 2, &[600, 7_200]),
            approval(None, 100, 1, &[3_600])
        ]
    );
    assert_eq!(plan.document["name"], "one");
}

#[test]
fn every_problem_has_its_place() {
    for (text, expected) in [
        ("", vec!["E1423 "]),
        ("teams: {labs: {wip_limit: 3}}", vec!["E1422 /teams/labs"]),
        (
            "arrivals: {percent: 10, team: nobody}",
            vec!["E1422 /arrivals/team"],
        ),
        (
            "approvals: [{to: x, approvers: 1, takes: 1h}]\nevery_team: {capacity: 1, capacity_percent: 2}",
            vec!["E1422 /approvals/0/to", "E1423 /every_team"],
        ),
        (
            "every_team: {hours: {zone: UTC, days: [monday], open: '09:00-09:00'}}",
            vec!["E1424 /every_team/hours/open"],
        ),
        (
            "every_team: {hours: {zone: UTC, days: [monday], open: ['25:00-26:00']}}",
            vec!["E1424 /every_team/hours/open"],
        ),
    ] {
        assert_eq!(parsed(text).unwrap_err(), expected, "{text}");
    }
    for text in [
        "arrivals: {percent: -1}",
        "teams: {lab: {speed: 3}}",
        "every_team: {capacity: 0}",
    ] {
        assert!(parsed(text).is_err(), "{text}");
    }
}
