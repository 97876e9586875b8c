//! Case tables of logs made for the purpose.

use proptest::prelude::*;

use super::*;
use crate::blameless::{PERSON, People, SMALL_GROUPS};
use crate::model::{Builder, Column, Event, Kind, Log};

const MINUTE: i64 = 60_000_000;

/// One event of a test: minutes after the start, activity, party, person.
type Step = (
    i64,
    &'static str,
    Option<&'static str>,
    Option<&'static str>,
);

/// Makes logs of many cases, a case per call.
struct Maker {
    builder: Builder,
    cases: usize,
}

impl Maker {
    fn new(columns: &[(&str, Kind)]) -> Self {
        let columns = columns.iter().map(|(name, kind)| Column::new(name, *kind));
        Self {
            builder: Builder::new(columns.collect()),
            cases: 0,
        }
    }

    /// Adds a case whose events have one value per column each.
    fn case(&mut self, steps: &[Step], values: &[&[Option<&str>]]) {
        let id = format!("case-{:05}", self.cases);
        for (order, (step, values)) in (0..).zip(steps.iter().zip(values)) {
            let (minute, activity, party, person) = *step;
            let event = Event {
                case: &id,
                time: i64::try_from(self.cases).unwrap() * MINUTE + minute * MINUTE,
                order,
                activity,
                party,
                person,
                values,
            };
            self.builder.push(&event).unwrap();
        }
        self.cases += 1;
    }

    fn log(self) -> Log {
        let number = |text: &str, kind| match kind {
            Kind::Boolean => Some(i64::from(text == "true")),
            Kind::Time => Some(text.parse::<i64>().ok()? * MINUTE),
            _ => text.parse().ok(),
        };
        self.builder.finish(number).0
    }
}

fn settings(failed: &str, landmark: &str) -> Settings {
    Settings {
        outcome: Outcome {
            failed: failed.into(),
            ..Outcome::default()
        },
        landmark: landmark.parse().unwrap(),
        people: People::Vouched,
        ..Settings::default()
    }
}

fn feature<'t>(table: &'t CaseTable, name: &str) -> &'t Values {
    let found = table.features.iter().find(|feature| &*feature.name == name);
    let names: Vec<_> = table.features.iter().map(|feature| &feature.name).collect();
    &found
        .unwrap_or_else(|| panic!("{name} of {names:?}"))
        .values
}

/// Returns a value as text.
fn text(values: &Values, row: usize) -> String {
    match values {
        Values::Category { codes, dictionary } => {
            dictionary.text(codes[row]).unwrap_or("-").to_owned()
        }
        Values::Number { values, .. } => values[row].map_or("-".into(), |value| value.to_string()),
        Values::Flag(flags) => flags[row].to_string(),
    }
}

fn why(table: &CaseTable, name: &str) -> Option<Why> {
    let found = table
        .excluded
        .iter()
        .find(|excluded| &*excluded.name == name);
    found.map(|excluded| excluded.why.clone())
}

/// Half of the cases go over to another party and fail; the first event is the same in all.
fn handed_over() -> Log {
    let mut maker = Maker::new(&[
        ("failed", Kind::Boolean),
        ("size", Kind::Number { scale: 0 }),
    ]);
    for at in 0..200 {
        let is_failed = at % 2 == 0;
        let (is_failed_text, other) = if is_failed {
            ("true", "b")
        } else {
            ("false", "a")
        };
        let size = (at % 7).to_string();
        maker.case(
            &[
                (0, "opened", Some("a"), None),
                (10, "updated", Some(other), None),
                (500, "closed", Some("a"), None),
            ],
            &[
                &[Some("false"), Some(&size)],
                &[Some("false"), Some("9")],
                &[Some(is_failed_text), None],
            ],
        );
    }
    maker.log()
}

// spec: CASES-5
#[test]
fn nothing_after_the_landmark_is_a_feature() {
    let log = handed_over();
    let table = build(&log, &settings("last.failed", "start")).unwrap();
    assert!(
        table
            .features
            .iter()
            .all(|feature| feature.origin != Origin::Handover)
    );
    assert_eq!(text(feature(&table, "size"), 8), "1");
    let table = build(&log, &settings("last.failed", "age=10m")).unwrap();
    assert_eq!(text(feature(&table, "open cases"), 8), "18");
    // The size of the second event is the same in all cases.
    assert_eq!(why(&table, "size"), Some(Why::Constant));
    let names: Vec<_> = table
        .excluded
        .iter()
        .map(|excluded| &*excluded.name)
        .collect();
    assert!(names.contains(&"handover: a → b"), "{names:?}");
}

// spec: CASES-6
#[test]
fn cases_whose_outcome_was_known_at_the_landmark_are_left_out_and_counted() {
    let mut maker = Maker::new(&[("failed", Kind::Boolean)]);
    let no: &[Option<&str>] = &[Some("false")];
    let yes: &[Option<&str>] = &[Some("true")];
    for at in 0..60 {
        let last = if at % 2 == 0 { yes } else { no };
        maker.case(
            &[(0, "opened", None, None), (90, "closed", None, None)],
            &[no, last],
        );
    }
    // Over before the landmark; failed before it; never decided; unknown.
    maker.case(
        &[(0, "opened", None, None), (5, "closed", None, None)],
        &[no, yes],
    );
    let steps = [
        (0, "opened", None, None),
        (5, "failed", None, None),
        (90, "closed", None, None),
    ];
    maker.case(&steps, &[no, yes, yes]);
    maker.case(
        &[(0, "opened", None, None), (90, "updated", None, None)],
        &[no, no],
    );
    maker.case(
        &[(0, "opened", None, None), (90, "closed", None, None)],
        &[no, &[None]],
    );
    let log = maker.log();
    let mut settings = settings("last.failed", "age=1h");
    settings.outcome.decided = Some("last.activity == 'closed'".into());
    let table = build(&log, &settings).unwrap();
    assert_eq!(table.ids.len(), 60);
    let left_out: Vec<_> = table
        .left_out
        .iter()
        .map(|(reason, cases)| (&**reason, *cases))
        .collect();
    let expected = [
        ("the case failed before the landmark", 1),
        ("the case is over before the landmark", 1),
        ("the outcome is not decided", 1),
        ("the outcome is unknown", 1),
    ];
    assert_eq!(left_out, expected);
    // "Never reopened" holds of every case at first, and says nothing about the landmark.
    settings.outcome.failed = "!last.failed".into();
    assert_eq!(build(&log, &settings).unwrap().ids.len(), 61);
    settings.outcome.decided = Some("false".into());
    let problems = build(&log, &settings).err().unwrap();
    assert_eq!(problems[0].code.to_string(), "E1103");
}

// spec: CASES-6, CASES-13
#[test]
fn a_closed_case_is_no_open_work_until_it_goes_on() {
    let mut maker = Maker::new(&[("failed", Kind::Boolean)]);
    let no: &[Option<&str>] = &[Some("false")];
    let yes: &[Option<&str>] = &[Some("true")];
    for at in 0..60 {
        let last = if at % 2 == 0 { yes } else { no };
        let steps = [
            (0, "opened", Some("a"), None),
            (10, "resolved", Some("a"), None),
            (20, "working", None, None),
            (1_000, "resolved", Some("a"), None),
            (2_000, "archived", None, None),
        ];
        maker.case(&steps, &[no, no, no, no, last]);
    }
    let log = maker.log();
    let mut settings = settings("last.failed", "age=25m");
    let counts = |settings: &Settings, row: usize| {
        let table = build(&log, settings).unwrap();
        [
            "open cases",
            "open cases of the party",
            "arrivals in 24 hours",
        ]
        .map(|name| text(feature(&table, name), row))
    };
    assert_eq!(counts(&settings, 0), ["25", "25", "25"]);
    settings.closing = ["resolved".into(), "archived".into()].into();
    // At minute 25 case 0 looks at 25 others: those that began at 6 to 15 are resolved, the first 5
    // and the last 10 are open; the 5 came twice.
    assert_eq!(counts(&settings, 0), ["15", "15", "30"]);
    settings.landmark = "age=15m".parse().unwrap();
    let none = build(&log, &settings).err().unwrap();
    assert_eq!(none[0].code.to_string(), "E1103");
    assert_eq!(
        none[0].found,
        "60 cases; the case is over before the landmark: 60"
    );
    settings.closing = ["resolved".into(), "Archived".into()].into();
    let problems = build(&log, &settings).err().unwrap();
    assert_eq!(problems.len(), 1);
    assert_eq!(problems[0].code.to_string(), "E1102");
    assert_eq!(problems[0].place.pointer, "/closing");
}

#[test]
fn a_fact_of_the_whole_case_tells_nothing_about_when_it_failed() {
    let mut maker = Maker::new(&[]);
    for _ in 0..40 {
        maker.case(
            &[(0, "opened", None, None), (90, "closed", None, None)],
            &[&[], &[]],
        );
    }
    let mut slipped = Column::new("slipped", Kind::Boolean);
    slipped.codes = (0..40).map(|case| u32::from(case % 4 == 0)).collect();
    slipped.dictionary.intern("false");
    slipped.dictionary.intern("true");
    slipped.numbers = vec![0, 1];
    let log = maker.log().with_case_columns(vec![slipped]).unwrap();
    for landmark in ["start", "age=1h", "event=opened"] {
        let table = build(&log, &settings("case.slipped", landmark)).unwrap();
        assert_eq!(table.ids.len(), 40, "{landmark}");
        let failures = table.failed.iter().filter(|&&failed| failed).count();
        assert_eq!(failures, 10, "{landmark}");
    }
}

// spec: CASES-7
#[test]
fn a_column_counts_from_when_it_is_known() {
    let columns = [
        ("at_end", Kind::Text),
        ("from_start", Kind::Text),
        ("from_closed", Kind::Text),
        ("from_time", Kind::Text),
        ("known_at", Kind::Time),
        ("due", Kind::Time),
    ];
    let mut maker = Maker::new(&columns);
    for at in 0..100_i32 {
        let value = if at % 3 == 0 { "x" } else { "y" };
        let later = (1_000 + 2 * at).to_string();
        let row: &[Option<&str>] = &[
            Some(value),
            Some(value),
            Some(value),
            Some(value),
            Some(&later),
            Some(&later),
        ];
        let first: &[Option<&str>] = &[
            Some(value),
            None,
            Some(value),
            Some(value),
            Some(&later),
            Some(&later),
        ];
        let end = if at % 2 == 0 { "closed" } else { "dropped" };
        maker.case(
            &[(0, "opened", None, None), (50, end, None, None)],
            &[first, row],
        );
    }
    let log = maker.log();
    let mut settings = settings("count.dropped > 0", "start");
    let mut rule = |name: &str, known| {
        let rule = Rule {
            known,
            ..Rule::default()
        };
        settings.rules.insert(name.into(), rule);
    };
    rule("at_end", Known::End);
    rule("from_start", Known::Start);
    rule("from_closed", Known::Activity("closed".into()));
    rule("from_time", Known::Column("known_at".into()));
    rule("due", Known::Start);
    let table = build(&log, &settings).unwrap();
    for name in ["at_end", "from_closed", "from_time", "known_at"] {
        assert_eq!(why(&table, name), Some(Why::KnownLater), "{name}");
    }
    assert_eq!(text(feature(&table, "from_start"), 0), "x");
    assert_eq!(text(feature(&table, "from_start"), 1), "y");
    assert_eq!(text(feature(&table, "due"), 0), "60000");
}

// spec: CASES-8
#[test]
fn what_restates_the_outcome_is_set_aside_with_how_well_it_does() {
    let columns = [
        ("failed", Kind::Boolean),
        ("mirror", Kind::Text),
        ("nearly", Kind::Text),
        ("falling", Kind::Number { scale: 0 }),
        ("honest", Kind::Text),
        ("same", Kind::Text),
        ("each", Kind::Text),
    ];
    let mut maker = Maker::new(&columns);
    for at in 0..400_u32 {
        let is_failed = at % 4 == 0;
        let failed = if is_failed { "true" } else { "false" };
        let nearly = if is_failed && at > 4 { "late" } else { "fine" };
        let falling = if is_failed { at } else { 1_000 + at }.to_string();
        let honest = if at % 8 < 3 { "p" } else { "q" };
        let each = format!("value-{at}");
        let row: &[Option<&str>] = &[
            Some(failed),
            Some(failed),
            Some(nearly),
            Some(&falling),
            Some(honest),
            Some("same"),
            Some(&each),
        ];
        maker.case(&[(0, "opened", None, None)], &[row]);
    }
    let table = build(&maker.log(), &settings("last.failed", "start")).unwrap();
    let restates = |told_apart| Some(Why::RestatesOutcome { told_apart });
    for (name, expected) in [
        ("failed", Some(Why::InOutcome)),
        ("mirror", restates(1_000_000)),
        ("nearly", restates(990_000)),
        ("falling", restates(1_000_000)),
        ("same", Some(Why::Constant)),
        ("each", Some(Why::Identifier)),
        ("honest", None),
    ] {
        assert_eq!(why(&table, name), expected, "{name}");
    }
    feature(&table, "honest");
}

#[test]
fn derived_features_say_what_happened() {
    let mut maker = Maker::new(&[("failed", Kind::Boolean), ("field", Kind::Text)]);
    let (no, yes): (&[Option<&str>], &[Option<&str>]) =
        (&[Some("false"), Some("set")], &[Some("true"), None]);
    for at in 0..120 {
        let last = if at % 3 == 0 { yes } else { no };
        if at % 2 == 0 {
            let steps = [
                (0, "opened", Some("a"), Some("p1")),
                (7, "working", Some("b"), None),
                (20, "waiting", Some("a"), Some("p2")),
                (30, "working", Some("a"), Some("p1")),
                (90, "closed", Some("a"), Some("p1")),
            ];
            maker.case(&steps, &[no, yes, no, no, last]);
        } else {
            let steps = [
                (0, "opened", Some("b"), Some("p1")),
                (40, "waiting", Some("c"), Some("p1")),
                (90, "closed", Some("c"), Some("p1")),
            ];
            maker.case(&steps, &[no, no, last]);
        }
    }
    let table = build(&maker.log(), &settings("last.failed", "age=1h")).unwrap();
    for (name, expected) in [
        ("activity: working", ["true", "false"]),
        ("count of activity: working", ["2", "0"]),
        ("rework: working", ["true", "false"]),
        ("step: opened → working", ["true", "false"]),
        ("last activity", ["working", "waiting"]),
        ("events", ["4", "2"]),
        ("time since last event", ["1800", "1200"]),
        ("elapsed: opened → waiting", ["1200", "2400"]),
        ("handover: a → b", ["true", "false"]),
        ("handover: b → c", ["false", "true"]),
        ("ping-pong: a → b → a", ["true", "false"]),
        ("ping-pong", ["true", "false"]),
        ("back to an earlier party", ["true", "false"]),
        ("handover without a person", ["true", "false"]),
        ("missing at handover: field", ["true", "false"]),
        ("handovers", ["2", "1"]),
        ("longest wait after a handover", ["780", "1200"]),
        ("first handed over by", ["a", "b"]),
        ("first handed over to", ["b", "c"]),
        ("party", ["a", "c"]),
        ("start hour", ["0", "0"]),
    ] {
        let values = feature(&table, name);
        assert_eq!([text(values, 0), text(values, 1)], expected, "{name}");
    }
    // Case 60 starts at minute 60 and looks at minute 120: cases 31 to 120 are open then.
    assert_eq!(text(feature(&table, "open cases"), 60), "88");
    // `c` holds the cases with odd numbers from minute 40 to 90 of each.
    assert_eq!(text(feature(&table, "open cases of the party"), 61), "24");
    let names: Vec<_> = table.features.iter().map(|feature| &feature.name).collect();
    assert!(names.is_sorted(), "{names:?}");
}

#[test]
fn a_column_of_person_names_is_not_mined_whatever_it_is_called() {
    let mut maker = Maker::new(&[("owner", Kind::Text), ("note", Kind::Text)]);
    for at in 0..60 {
        let (person, other) = if at % 2 == 0 {
            ("ann", "bob")
        } else {
            ("bob", "ann")
        };
        let note = ["plain", "other", "ann", "text"][at % 4];
        let steps = [
            (0, "opened", None, Some(person)),
            (9, "closed", None, Some(other)),
        ];
        let row: &[Option<&str>] = &[Some(person), Some(note)];
        maker.case(&steps, &[row, row]);
    }
    let table = build(&maker.log(), &settings("start > end", "start")).unwrap();
    assert_eq!(why(&table, "owner"), Some(Why::Person));
    assert_eq!(why(&table, "person"), Some(Why::Person));
    let note = feature(&table, "note");
    assert_eq!(text(note, 2), PERSON);
    assert_eq!(text(note, 0), "plain");
}

/// Parties with their people, and who works for each: `(party, people, cases)`.
fn parties() -> impl Strategy<Value = Vec<(u8, usize, usize)>> {
    proptest::collection::vec((0_u8..6, 1_usize..8, 1_usize..40), 2..6)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    // spec: CASES-9
    #[test]
    fn no_person_and_no_small_group_reaches_a_table_or_map(parties in parties(), vouched in any::<bool>()) {
        let mut builder = Builder::new(vec![
            Column::new("team", Kind::Text),
            Column::new("note", Kind::Text),
        ]);
        let mut sizes = std::collections::BTreeMap::new();
        let mut cases = 0;
        for (nth, (party, people, count)) in parties.iter().enumerate() {
            let name = format!("team-{party}");
            for at in 0..*count {
                let id = format!("case-{cases}");
                let person = format!("person-{nth}-{}", at % people);
                let next = format!("team-{}", parties[(nth + at) % parties.len()].0);
                for (minute, party) in [(0, &name), (5, &next), (9, &name)] {
                    let entry: &mut (std::collections::BTreeSet<_>, std::collections::BTreeSet<_>) =
                        sizes.entry(party.clone()).or_default();
                    entry.0.insert(person.clone());
                    entry.1.insert(cases);
                    builder.push(&Event {
                        case: &id,
                        time: minute * MINUTE,
                        order: minute,
                        activity: if at % 3 == 0 { "updated" } else { "moved" },
                        party: Some(party),
                        person: Some(&person),
                        values: &[Some(party), Some(if at % 5 == 0 { &person } else { "fine" })],
                    }).unwrap();
                }
                cases += 1;
            }
        }
        let log = builder.finish(|_, _| None).0;
        let people = if vouched { People::Vouched } else { People::Counted };
        let mut settings = settings("parties > 1", "age=6m");
        settings.people = people;
        settings.rules.insert("team".into(), Rule { role: Role::Group, ..Rule::default() });
        let mut shown = serde_json::to_string(&crate::handover::build(&log, people, None)).unwrap();
        if let Ok(table) = build(&log, &settings) {
            let listed = format!("{:?}", (&table.features, &table.excluded));
            shown.push_str(&listed);
        }
        prop_assert!(!shown.contains("person-"), "{}", shown);
        for (party, (people, cases)) in &sizes {
            let is_small = (people.len() < 5 && !vouched) || cases.len() < 20;
            prop_assert!(!is_small || !shown.contains(&format!("{party}\"")), "{party}: {}", shown);
        }
        prop_assert!(sizes.values().all(|(people, _)| people.len() >= 5) || vouched || shown.contains(SMALL_GROUPS));
    }
}
