//! Any log, written in any format and read back with the mapping that comes with it, is the same
//! log; and written again it gives the same bytes.
#![expect(clippy::unwrap_used, reason = "tests stop at the first surprise")]

use baton_eventlog::export::{self, write};
use baton_eventlog::import::{self, import};
use baton_eventlog::mapping;
use baton_eventlog::model::{Builder, Column, Event, Kind, Log};
use baton_terms::Source;
use proptest::prelude::*;

/// One event of a log to be made: case, time, activity, party, person, text, number, truth, time.
type Row = (
    (u8, i32, String),
    (Option<String>, Option<String>),
    (Option<String>, Option<i32>, Option<bool>, Option<i32>),
);

fn made(rows: &[Row]) -> Log {
    let columns = vec![
        Column::new("a text, \"quoted\"", Kind::Text),
        Column::new("case:size", Kind::Number { scale: 2 }),
        Column::new("party", Kind::Boolean),
        Column::new("due <&>", Kind::Time),
    ];
    let mut builder = Builder::new(columns);
    for (order, ((case, time, activity), (party, person), (text, size, late, due))) in
        rows.iter().enumerate()
    {
        let numbers = [size.map(i64::from), late.map(i64::from), due.map(i64::from)]
            .map(|number| number.map(|number| number.to_string()));
        builder
            .push(&Event {
                case: &format!("case {case}"),
                time: i64::from(*time) * 1_000_003,
                order: i64::try_from(order).unwrap(),
                activity,
                party: party.as_deref(),
                person: person.as_deref(),
                values: &[
                    text.as_deref(),
                    numbers[0].as_deref(),
                    numbers[1].as_deref(),
                    numbers[2].as_deref(),
                ],
            })
            .unwrap();
    }
    builder.finish(|text, _| text.parse().ok()).0
}

/// What a log says, event by event, whatever its columns are called.
fn said(log: &Log) -> Vec<String> {
    let value = |column: &Column, row: usize| match column.kind {
        Kind::Text => column.text(row).map(|text| format!("{text:?}")),
        _ => column.number(row).map(|number| number.to_string()),
    };
    let mut said = Vec::new();
    for (case, id) in log.case_ids().enumerate() {
        for row in log.events_of(case) {
            let roles = [log.activity(), log.party(), log.person()];
            let mut values: Vec<_> = roles.iter().map(|column| value(column, row)).collect();
            let mut further: Vec<_> = log
                .columns()
                .iter()
                .filter(|column| !column.dictionary.is_empty())
                .map(|column| {
                    let name = column.name.trim_start_matches("other:").to_owned();
                    (name, column.kind, value(column, row))
                })
                .filter(|(.., value)| value.is_some())
                .map(|known| Some(format!("{known:?}")))
                .collect();
            further.sort();
            values.extend(further);
            said.push(format!(
                "{id:?} {} {values:?}",
                log.times().get(row).unwrap()
            ));
        }
    }
    said
}

fn text(characters: &str) -> impl Strategy<Value = String> + use<> {
    proptest::string::string_regex(characters).unwrap()
}

fn rows() -> impl Strategy<Value = Vec<Row>> {
    // An empty text is a missing one in CSV, and a text of spaces is trimmed nowhere.
    let word = || text("[ -~äß\u{4e2d}\n\t\r]{1,6}");
    let role = ((0u8..4), any::<i32>(), word());
    let people = (proptest::option::of(word()), proptest::option::of(word()));
    let further = (
        proptest::option::of(word()),
        proptest::option::of(any::<i32>()),
        proptest::option::of(any::<bool>()),
        proptest::option::of(any::<i32>()),
    );
    proptest::collection::vec((role, people, further), 1..12)
}

fn check(rows: &[Row], to: export::Format, from: import::Format) {
    let log = made(rows);
    let mut bytes = Vec::new();
    let exported = write(&log, to, &mut bytes).unwrap();
    assert_eq!(exported.events, rows.len());
    let mapping = mapping::read(&Source::new("m.yaml", exported.mapping.clone()));
    let mapping = mapping.into_mapping().unwrap();
    let back = import(bytes.as_slice(), from, &mapping, &mut |_| ()).unwrap();
    assert_eq!(back.report.rows_refused(), 0, "{:?}", back.report.refused);
    let text = String::from_utf8_lossy(&bytes);
    assert_eq!(said(&log), said(&back.log), "{text}\n{}", exported.mapping);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn csv_reads_back(rows in rows()) {
        check(&rows, export::Format::Csv, import::Format::Csv);
    }

    #[test]
    fn parquet_reads_back(rows in rows()) {
        check(&rows, export::Format::Parquet, import::Format::Parquet);
    }

    #[test]
    fn xes_reads_back(rows in rows()) {
        check(&rows, export::Format::Xes, import::Format::Xes);
    }

    #[test]
    fn ocel_reads_back(rows in rows()) {
        check(&rows, export::Format::OcelJson, import::Format::OcelJson);
    }
}
