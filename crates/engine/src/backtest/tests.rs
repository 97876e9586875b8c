//! A log of which every number can be counted by hand.

use std::fmt::Write as _;

use baton_contract::document::Document;
use baton_eventlog::cases;
use baton_eventlog::import::{Format, Imported, import};
use baton_eventlog::mapping::{self, Mapping};
use baton_evidence::keys::Keyring;
use baton_report::backtest::{Answer, Backtest, Change, Measure, Outcome, Tally, Verdict, json};
use baton_scoring::CheckedContract;
use baton_terms::{Diagnostic, Source};

use super::*;
use crate::past::{self, Past, Recipe};

pub(crate) const CONTRACT: &str = "baton: contract/v1
name: request
version: 1.0.0
title: Request to the next team
purpose: Hand a request to the next team.
owner: {team: product}
from: {role: team, kind: any}
to: {role: next, kind: any}
outcomes:
  - {id: bounced, metric: bounce-rate, unit: basis-points, direction: lower, baseline: measure, target: 500, window: 90d}
inputs:
  schema:
    type: object
    required: [named]
    properties:
      named: {type: boolean}
      area: {type: string}
dimensions:
  - {id: flow, title: Flow, weight: 1}
clauses:
  - {id: area, title: Area, dimension: flow, weight: 1, severity: minor, expect: has(package.area), because: b, fix: f, effort: 1}
thresholds: {ready_min: 7000, review_min: 4000, review_risk: 6000, critical_risk: 8000}
";
pub(crate) const CLAUSE: &str = "  - {id: named, title: Named, dimension: flow, weight: 1, severity: major, expect: package.named, because: b, fix: f, effort: 3}\n";
const RECIPE: &str = "baton: package-fields/v1\ncontract: request\nrole: team\npayload:\n  named: {present: who}\n  area: {column: area}\n";
const MAPPING: &str = "baton: mapping/v1\ncase: id\ntime: {column: at}\nactivity: step\nparty: team\nperson: who\npeople: vouched\n\
    columns:\n  late: {kind: boolean, known: end}\n";

pub(crate) fn compiled(text: &str) -> CheckedContract {
    let reading = Document::alone(Source::new("contract.yaml", text)).read();
    CheckedContract::compile(&reading).unwrap()
}

fn before() -> CheckedContract {
    compiled(CONTRACT)
}

fn after() -> CheckedContract {
    compiled(
        &CONTRACT
            .replace("version: 1.0.0", "version: 2.0.0")
            .replace("thresholds:", &format!("{CLAUSE}thresholds:")),
    )
}

/// One kind of case, handed from a to b: how many, whether somebody is named, an area is given, and it
/// is late in the end; then whether it is late at the handover already, or over with it.
pub(crate) type Kind = (usize, (bool, bool), bool, (bool, bool));

const KINDS: [Kind; 6] = [
    (30, (false, true), true, (false, false)),
    (10, (false, true), false, (false, false)),
    (20, (true, true), true, (false, false)),
    (60, (true, false), false, (false, false)),
    (5, (false, true), true, (true, false)),
    (3, (false, true), true, (false, true)),
];

pub(crate) fn log(kinds: &[Kind]) -> (Imported, Mapping) {
    // A case that nobody hands over.
    let mut rows =
        "id,at,step,team,who,area,late\n1,2026-01-01T08:00:00Z,new,a,eve,,true\n".to_owned();
    let mut id = 100;
    for (count, (named, area), late, (late_before, over)) in kinds {
        for _ in 0..*count {
            let who = if *named { "ana" } else { "" };
            let area = if *area { "web" } else { "" };
            let day = 1 + id % 28;
            let at = |hour: u32| format!("2026-01-{day:02}T{hour:02}:00:00Z");
            let handed = *late_before || (*over && *late);
            writeln!(rows, "{id},{},new,a,eve,{area},false", at(8)).unwrap();
            writeln!(rows, "{id},{},active,b,{who},{area},{handed}", at(9)).unwrap();
            if !over {
                writeln!(rows, "{id},{},done,b,{who},{area},{late}", at(10)).unwrap();
            }
            id += 1;
        }
    }
    let source = Source::new("m.yaml", MAPPING);
    let mapping = mapping::read(&source).into_mapping().unwrap();
    let imported = import(rows.as_bytes(), Format::Csv, &mapping, &mut |_| {}).unwrap();
    (imported, mapping)
}

pub(crate) fn recipe() -> Recipe {
    past::read(&Source::new("r.yaml", RECIPE)).unwrap()
}

struct Question {
    outcome: bool,
    flips: usize,
    threads: usize,
}

const ALL: Question = Question {
    outcome: true,
    flips: 1_000,
    threads: 1,
};

fn run(
    kinds: &[Kind],
    versions: [&CheckedContract; 2],
    question: &Question,
) -> Result<Backtest, Vec<Diagnostic>> {
    let (imported, mapping) = log(kinds);
    let recipe = recipe();
    let past = Past::of(&imported.log, &mapping, &recipe).unwrap();
    let declared = cases::Outcome {
        failed: "last.late".into(),
        ..cases::Outcome::default()
    };
    let declared = question.outcome.then_some(&declared);
    let packages = OfLog::new(&past, (&imported.log, &mapping), declared).unwrap();
    let outcome = Outcome {
        name: "Late".to_owned(),
        failed: "last.late".to_owned(),
    };
    let asked = Asked {
        before: versions[0],
        after: versions[1],
        keyring: &Keyring::default(),
        as_of: None,
        outcome: question.outcome.then_some(&outcome),
        inputs: &[],
        flips: question.flips,
    };
    let pool = rayon::ThreadPoolBuilder::new().num_threads(question.threads);
    pool.build()
        .unwrap()
        .install(|| backtest(&packages, &asked))
}

fn tally(packages: u64, failed: u64, fine: u64, unknown: u64) -> Tally {
    Tally {
        packages,
        failed,
        fine,
        unknown,
    }
}

// spec: BACKTEST-1, BACKTEST-2, BACKTEST-3
#[test]
fn what_a_clause_adds_is_counted_by_case_and_outcome() {
    let found = run(&KINDS, [&before(), &after()], &ALL).unwrap();
    assert_eq!(found.packages, 128);
    // Five had failed by the handover, and three were over with it.
    assert_eq!(found.cases, tally(128, 50, 70, 8));
    let reasons: Vec<_> = found.left_out.iter().map(|one| one.packages).collect();
    assert_eq!(reasons, [5, 3]);
    let row = |measure| found.decisions.iter().find(|row| row.measure == measure);
    let flagged = row(Measure::Flagged).unwrap();
    assert_eq!(flagged.before, tally(60, 0, 60, 0));
    assert_eq!(flagged.after, tally(108, 30, 70, 8));
    assert_eq!(flagged.gained, tally(48, 30, 10, 8));
    assert_eq!(flagged.lost, tally(0, 0, 0, 0));
    assert_eq!(flagged.caught.value.unwrap().millionths(), 600_000);
    assert_eq!(flagged.blocked.value.unwrap().millionths(), 142_857);
    assert_eq!(flagged.risk_ratio.value.unwrap().millionths(), 3_000_000);
    assert_eq!(flagged.adjusted_risk_ratio.value, flagged.risk_ratio.value);
    assert_eq!(flagged.answer, Answer::Catches);
    // Half the score of an unnamed package is lost, and so is half that of one without an area, which had none.
    let cells: Vec<_> = found
        .verdicts
        .iter()
        .map(|cell| {
            (
                cell.before,
                cell.after,
                cell.packages,
                cell.failed,
                cell.fine,
            )
        })
        .collect();
    assert_eq!(
        cells,
        [
            (Verdict::Ready, Verdict::Ready, 20, 20, 0),
            (Verdict::Ready, Verdict::Review, 48, 30, 10),
            (Verdict::Critical, Verdict::Review, 60, 0, 60),
        ]
    );
    assert_eq!(row(Measure::Critical).unwrap().lost, tally(60, 0, 60, 0));
    assert_eq!((found.effort.before, found.effort.after), (60, 60 + 48 * 3));
    assert_eq!(found.effort.packages_with_more, 48);
    let changes: Vec<_> = found
        .clauses
        .iter()
        .map(|line| (&*line.id, line.change))
        .collect();
    assert_eq!(changes, [("named", Change::Added), ("area", Change::Kept)]);
    assert_eq!(found.clauses[0].flagged, flagged.gained);
    let team = &found.teams[0];
    assert_eq!(
        (&*team.team, team.packages, team.worse, team.better),
        ("a", 128, 48, 60)
    );
    assert_eq!((team.asked_more, team.effort), (flagged.gained, 144));
    assert_eq!(found.flips.len(), 108);
    // Good work comes first.
    assert_eq!(found.flips[0].failed, Some(false));
    assert_eq!(found.flips[0].no_longer_unmet, Vec::<String>::new());
}

// spec: BACKTEST-4
#[test]
fn the_answer_has_the_same_bytes_for_any_number_of_threads() {
    let mut kinds = KINDS;
    kinds[0].0 = 1_500;
    let threads = |threads| Question { threads, ..ALL };
    let one = run(&kinds, [&before(), &after()], &threads(1)).unwrap();
    let three = run(&kinds, [&before(), &after()], &threads(3)).unwrap();
    assert_eq!(one, three);
    assert!(json(&one).is_ok());
}

// spec: BACKTEST-5
#[test]
fn without_outcomes_and_with_few_cases_nothing_is_claimed() {
    let question = Question {
        outcome: false,
        ..ALL
    };
    let found = run(&KINDS, [&before(), &after()], &question).unwrap();
    assert_eq!(found.cases, tally(128, 0, 0, 128));
    assert!(found.decisions.iter().all(|row| row.caught.value.is_none()));
    assert_eq!(found.decisions[0].answer, Answer::Unknown);
    assert_eq!(found.flips[0].failed, None);
    let few = [(19, (false, true), true, (false, false)), KINDS[3]];
    let found = run(&few, [&before(), &after()], &ALL).unwrap();
    assert_eq!(found.decisions[0].answer, Answer::TooFew);
    let found = run(&KINDS, [&before(), &before()], &ALL).unwrap();
    assert!(
        found
            .decisions
            .iter()
            .all(|row| row.answer == Answer::Nothing)
    );
    assert_eq!((found.flips.len(), found.flips_left_out), (0, 0));
}

#[test]
fn what_is_not_listed_is_counted_and_no_small_group_is_named() {
    let question = Question { flips: 7, ..ALL };
    let found = run(&KINDS, [&before(), &after()], &question).unwrap();
    assert_eq!((found.flips.len(), found.flips_left_out), (7, 101));
    let few = [(12, (false, true), true, (false, false))];
    let found = run(&few, [&before(), &after()], &ALL).unwrap();
    assert_eq!(found.teams[0].team, "(small groups)");
    assert!(found.flips.iter().all(|flip| flip.team == "(small groups)"));
}

#[test]
fn versions_of_two_contracts_and_nothing_at_all_are_refused() {
    let (before, after) = (before(), after());
    let code = |kinds: &[Kind], versions: [&CheckedContract; 2]| {
        run(kinds, versions, &ALL).unwrap_err()[0].code
    };
    let other = compiled(&CONTRACT.replace("name: request", "name: other"));
    assert_eq!(code(&KINDS, [&before, &other]), OTHER_NAME);
    assert_eq!(code(&[], [&before, &after]), NO_PACKAGES);
}
