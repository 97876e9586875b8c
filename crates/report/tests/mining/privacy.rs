//! No person, and no group of under 5 people or 20 cases, is in any report, whatever the log: logs
//! with several columns of people, small teams and squads, rare values and broken rows are mined, drawn
//! and compared, and everything that is shown is searched for their names.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use baton_eventlog::cases::{self, Settings};
use baton_eventlog::handover::{Failures, build};
use baton_eventlog::import::{Format, Imported, import};
use baton_eventlog::mapping::{self, Mapping};
use baton_report::mining::{Model, html, json, markdown, text};
use baton_report::{Appearance, compare, handover};
use baton_rootcause::compare::{Range, compare_reports, compare_windows};
use baton_rootcause::mine::{RawSettings, Settings as Search, mine};
use baton_rootcause::statistics::Stream;
use baton_rootcause::wire::{Fixed, Input, MiningReport};
use baton_terms::Source;
use proptest::prelude::*;

const PEOPLE_MIN: usize = 5;
const CASES_MIN: usize = 20;
/// Every person's name starts like this, and nothing else does.
const PERSON: &str = "zqperson";

const MAPPING: &str = r#"baton: mapping/v1
case: id
time: {column: at, format: "%Y-%m-%d %H:%M", zone: UTC}
activity: step
party: team
person: who
columns:
  reporter: {person: true, known: start}
  squad: {group: true, modifiable: true}
  area: {known: start, modifiable: true}
outcomes:
  reopened: {title: Reopened, failed: 'count["reopened"] > 0'}
"#;

/// A log to be made, and who must not be seen in what is said of it.
struct World {
    csv: String,
    /// Group's name to its people and cases.
    groups: BTreeMap<String, (BTreeSet<String>, BTreeSet<u32>)>,
    /// Value's name to its cases.
    values: BTreeMap<String, BTreeSet<u32>>,
}

impl World {
    fn made(seed: u64, cases: u32) -> Self {
        let mut numbers = Stream::new(seed, 0, 0);
        let mut world = Self {
            csv: "id,at,step,team,who,reporter,squad,area,owner\n".to_owned(),
            groups: BTreeMap::new(),
            values: BTreeMap::new(),
        };
        // Teams of one person and more; a person of a team works in one of its squads.
        let teams: Vec<u32> = (0..5).map(|_| 1 + numbers.below(9)).collect();
        for case in 0..cases {
            world.case(case, &teams, &mut numbers);
        }
        // A row whose fields have moved shows a name where a time is expected.
        let someone = world.groups.values().find_map(|(people, _)| people.first());
        let someone = someone.cloned().unwrap_or_default();
        let _ = writeln!(world.csv, "c1,{someone},built,team0x,{someone},,,,");
        world
    }

    fn case(&mut self, case: u32, teams: &[u32], numbers: &mut Stream) {
        // Low numbers are frequent, so that some teams and values are in few cases only.
        let mut low = |below: u32| numbers.below(below).min(numbers.below(below));
        let area = match low(12) {
            10 => format!("{PERSON}0x0"),
            value => format!("zqarea{value}x"),
        };
        let path = [low(5), low(5), low(5)];
        let people = path.map(|team| low(teams[usize::try_from(team).unwrap()]));
        let fails = path.contains(&2) || area == "zqarea1x" || low(8) == 3;
        let steps = ["asked", "built", if fails { "reopened" } else { "closed" }];
        self.values.entry(area.clone()).or_default().insert(case);
        for (hour, ((step, team), person)) in steps.iter().zip(path).zip(people).enumerate() {
            let who = format!("{PERSON}{team}x{person}");
            let names = [
                format!("team{team}x"),
                format!("zqsquad{team}p{}x", person % 2),
            ];
            for name in &names {
                let group = self.groups.entry(name.clone()).or_default();
                group.0.insert(who.clone());
                group.1.insert(case);
            }
            let [team, squad] = names;
            let day = 1 + case % 28;
            let month = 1 + case / 28 % 12;
            let _ = writeln!(
                self.csv,
                "c{case},2025-{month:02}-{day:02} {:02}:00,{step},{team},{who},{PERSON}9x{},{squad},{area},{who}",
                8 + hour * 3,
                case % 7,
            );
        }
    }

    /// Names that must not be shown.
    fn hidden(&self) -> Vec<&str> {
        let groups = self
            .groups
            .iter()
            .filter(|(_, (people, cases))| people.len() < PEOPLE_MIN || cases.len() < CASES_MIN);
        let values = self
            .values
            .iter()
            .filter(|(_, cases)| cases.len() < CASES_MIN);
        let hidden = groups
            .map(|(name, _)| name)
            .chain(values.map(|(name, _)| name));
        [PERSON]
            .into_iter()
            .chain(hidden.map(String::as_str))
            .collect()
    }
}

fn report(imported: &Imported, mapping: &Mapping, at: &str) -> (MiningReport, cases::CaseTable) {
    let declared = mapping.outcomes.first().unwrap();
    let settings = Settings::of(mapping, &imported.log, declared, at.parse().unwrap());
    let table = cases::build(&imported.log, &settings).unwrap();
    let search = RawSettings {
        depth: 2,
        alpha: 2_000,
        resamples: 1,
        later: 2_000,
        ..RawSettings::default()
    };
    let input = Input {
        name: "log.csv".to_owned(),
        digests: Vec::new(),
        mapping: mapping.json.clone(),
        settings: serde_json::Value::Null,
        outcome: declared.failed.to_string(),
        outcome_name: declared.title.to_string(),
        import: serde_json::to_value(imported.report.clone().without_people(&imported.log))
            .unwrap(),
        landmark: at.to_owned(),
    };
    let mined = mine(&table, &Search::check(search).unwrap(), &mut |_| ());
    (mined.report("test", input), table)
}

/// Everything that is shown of a log, each with what it is.
fn shown(world: &World, at: &str) -> Vec<(&'static str, String)> {
    let source = Source::new("mapping.yaml", MAPPING);
    let mapping = mapping::read(&source).into_mapping().unwrap();
    let imported = import(world.csv.as_bytes(), Format::Csv, &mapping, &mut |_| ()).unwrap();
    let (report, table) = report(&imported, &mapping, at);
    let declared = mapping.outcomes.first().unwrap();
    let failed = cases::decide(&imported.log, &cases::Outcome::of(declared)).unwrap();
    let failures = Failures {
        name: &declared.title,
        failed: &failed,
    };
    let map = build(&imported.log, mapping.people, Some(failures));
    let model = Model {
        report: &report,
        map: Some(&map),
    };
    let middle = table.start.get(table.start.len() / 2).copied().unwrap_or(0);
    let (before, after) = (
        Range {
            start: i64::MIN,
            end: middle,
        },
        Range {
            start: middle,
            end: i64::MAX,
        },
    );
    let alpha = Fixed::from_millionths(200_000);
    let windows = compare_windows(&table, before, after, alpha);
    let reports = compare_reports(&report, &report, alpha);
    let mut shown = vec![
        ("mine json", json(&report).unwrap().to_string()),
        ("mine html", html(&model)),
        ("mine markdown", markdown(&model)),
        ("mine text", text(&model, Appearance::Plain, 300)),
        ("discover json", handover::json(&map).to_string()),
        ("discover svg", handover::svg_document(&map)),
        (
            "discover text",
            handover::text(&map, Appearance::Plain, 300),
        ),
    ];
    for draft in handover::drafts(&map, 9) {
        shown.push(("draft", draft.contract.clone()));
        shown.push(("schema", draft.schema.to_owned()));
    }
    for comparison in [windows, reports] {
        shown.push((
            "compare json",
            compare::json(&comparison).unwrap().to_string(),
        ));
        shown.push(("compare html", compare::html(&comparison)));
        shown.push(("compare markdown", compare::markdown(&comparison)));
        shown.push((
            "compare text",
            compare::text(&comparison, Appearance::Plain, 300),
        ));
    }
    shown
}

fn check(seed: u64, cases: u32, at: &str) {
    let world = World::made(seed, cases);
    let hidden = world.hidden();
    for (rendering, shown) in shown(&world, at) {
        for name in &hidden {
            let at_name = shown.find(name);
            let context = at_name.map(|at| shown.get(at.saturating_sub(80)..at + 40));
            assert_eq!(
                context, None,
                "seed {seed}, {cases} cases, {at}: {rendering}"
            );
        }
    }
}

#[test]
fn a_report_does_show_what_is_large_enough() {
    let world = World::made(1, 400);
    let shown = shown(&world, "end");
    let all: String = shown.into_iter().map(|(_, shown)| shown).collect();
    for name in ["team0x", "zqarea1x"] {
        assert!(
            !world.hidden().contains(&name) && all.contains(name),
            "{name}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nobody_and_no_small_group_is_in_any_report(
        seed in any::<u64>(),
        cases in 30_u32..260,
        at in proptest::sample::select(vec!["start", "first-handoff", "event=built", "end"]),
    ) {
        check(seed, cases, at);
    }
}
