//! Reads every log of `corpus/eventlogs` by the mapping beside it and compares with the expectation
//! of the same name: cases and events, then each refused row and each warning with its code.
//!
//! What has no place in a repository (a line of gigabytes, a bomb, 100,000 distinct values) is made
//! here while it is read.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads its files and stops at the first surprise"
)]

use std::fmt::Write as _;
use std::io::Read;
use std::path::PathBuf;

use baton_eventlog::import::{Format, Imported, ROW_BYTES_MAX, import, join_cases};
use baton_eventlog::mapping::{self, Mapping};
use baton_terms::{Diagnostic, Source};

fn corpus() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/eventlogs")
}

fn mapping() -> Mapping {
    mapping_of(&std::fs::read_to_string(corpus().join("mapping.yaml")).unwrap())
}

fn mapping_of(text: &str) -> Mapping {
    mapping::read(&Source::new("mapping.yaml", text))
        .into_mapping()
        .unwrap()
}

fn read(reader: impl Read) -> Result<Imported, Vec<Diagnostic>> {
    read_by(&mapping(), reader)
}

fn read_by(mapping: &Mapping, reader: impl Read) -> Result<Imported, Vec<Diagnostic>> {
    import(reader, Format::Csv, mapping, &mut |_| ())
}

/// Returns what came of a log, in the form of the `.expected` files.
fn shown(imported: &Result<Imported, Vec<Diagnostic>>) -> String {
    let mut text = String::new();
    match imported {
        Err(problems) => {
            for problem in problems {
                let Diagnostic {
                    code,
                    message,
                    found,
                    place,
                    ..
                } = problem;
                writeln!(text, "{code} {message}: {found} {}", place.pointer).unwrap();
            }
        }
        Ok(Imported { report, .. }) => {
            writeln!(text, "{} cases, {} events", report.cases, report.events).unwrap();
            for refused in &report.refused {
                writeln!(
                    text,
                    "{} {}: {}",
                    refused.code, refused.reason, refused.rows
                )
                .unwrap();
                for sample in &refused.samples {
                    let column = sample.column.as_deref().unwrap_or("-");
                    let (expected, found) = (&sample.expected, &sample.found);
                    writeln!(
                        text,
                        "  line {}, {column}: expected {expected}, found {found}",
                        sample.line
                    )
                    .unwrap();
                }
            }
            for warning in &report.warnings {
                writeln!(text, "{} {}: {}", warning.code, warning.text, warning.count).unwrap();
            }
        }
    }
    let lines: Vec<_> = text.lines().map(str::trim_end).collect();
    lines.join("\n") + "\n"
}

#[test]
fn every_log_gets_the_answer_beside_it() {
    let mut names: Vec<_> = std::fs::read_dir(corpus())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.contains(".csv") && !name.ends_with(".expected"))
        .collect();
    names.sort();
    assert!(names.len() >= 20, "{names:?}");
    let bless = std::env::var("BATON_BLESS").is_ok();
    for name in names {
        let found = shown(&read(std::fs::File::open(corpus().join(&name)).unwrap()));
        let path = corpus().join(format!("{name}.expected"));
        if bless {
            std::fs::write(path, found).unwrap();
        } else {
            assert_eq!(found, std::fs::read_to_string(path).unwrap(), "{name}");
        }
    }
}

const START: &str = "id,at,state,team,hours\n7,2026-01-01T09:00:00Z,New,desk,1\n";
const END: &str = "\n7,2026-01-01T10:00:00Z,Closed,desk,2\n";

#[test]
fn a_line_of_any_length_is_refused_and_the_rest_is_read() {
    let long = std::io::repeat(b'x').take(8 << 20);
    let text = START
        .as_bytes()
        .chain(&b"8,"[..])
        .chain(long)
        .chain(END.as_bytes());
    let found = shown(&read(text));
    assert!(
        found.starts_with("1 cases, 2 events\nE1011 row is too long: 1\n  line 3,"),
        "{found}"
    );
    // Many fields instead of many bytes.
    let text = format!("{START}8{}{END}", ",".repeat(100_000));
    let found = shown(&read(text.as_bytes()));
    assert!(
        found.starts_with("1 cases, 2 events\nE1011 row is too long: 1\n"),
        "{found}"
    );
}

#[test]
fn more_columns_than_a_file_may_have_are_refused_by_their_header() {
    let header = format!("id,at,state{}\n", ",x".repeat(100_000));
    let found = shown(&read(header.as_bytes()));
    assert!(
        found.starts_with("E1006 file has too many columns: more"),
        "{found}"
    );
}

#[test]
fn an_order_that_is_no_number_is_refused_and_one_against_time_is_told() {
    let mapping = mapping_of(
        "baton: mapping/v1\ncase: id\ntime: {column: at}\nactivity: state\norder: step\n",
    );
    let rows = "id,at,state,step\n\
        7,2026-01-01T09:00:00Z,New,1\n\
        7,2026-01-01T08:00:00Z,Closed,2\n\
        7,2026-01-01T10:00:00Z,Odd,second\n";
    let found = shown(&read_by(&mapping, rows.as_bytes()));
    let told = "1 cases, 2 events\nE1019 order column has no integer: 1\n  line 4, step: \
        expected an integer of at most 18 digits, found `second`\nE1028 ";
    assert!(
        found.starts_with(told) && found.ends_with(": 1\n"),
        "{found}"
    );
}

#[test]
fn times_in_the_hour_that_clocks_repeat_or_skip_are_counted() {
    let mapping = mapping_of(
        "baton: mapping/v1\ncase: id\ntime: {column: at, zone: Europe/Berlin}\nactivity: state\n",
    );
    for (time, warned) in [
        ("2026-10-25T02:30:00", true),
        ("2026-03-29T02:30:00", true),
        ("2026-10-25T03:30:00", false),
        ("2026-10-25T02:30:00+01:00", false),
    ] {
        let rows = format!("id,at,state\n7,{time},New\n");
        let found = shown(&read_by(&mapping, rows.as_bytes()));
        assert!(found.starts_with("1 cases, 1 events\n"), "{found}");
        assert_eq!(found.contains("\nE1023 "), warned, "{time}: {found}");
    }
}

#[test]
fn a_row_of_cases_without_an_event_is_refused_with_its_line() {
    let mapping = mapping_of(
        "baton: mapping/v1\ncase: id\ntime: {column: at}\nactivity: state\n\
         cases: {case: [id], columns: {risk: {kind: text}}}\n",
    );
    let events = read_by(&mapping, format!("{START}{END}").as_bytes());
    let rows = "id,risk\n7,low\nINC-7,high\n".as_bytes();
    let joined = join_cases(events.unwrap(), (rows, Format::Csv), &mapping, &mut |_| ());
    let found = shown(&joined);
    assert!(
        found.contains("E1026 row of the table of cases has no event: 1\n  line 3, id: "),
        "{found}"
    );
}

#[test]
fn a_quote_that_swallows_the_file_is_named_with_its_line() {
    let rows = "9,2026-01-01T10:00:00Z,Closed,desk,2\n".repeat(2 * ROW_BYTES_MAX / 37);
    let text = format!("{START}8,2026-01-01T09:00:00Z,\"New,desk,1\n{rows}");
    let found = shown(&read(text.as_bytes()));
    assert!(found.starts_with("1 cases, 1 events\nE1020 "), "{found}");
    assert!(found.contains("from line 3 to "), "{found}");
}

#[test]
fn a_bomb_is_refused_by_its_ratio() {
    let zeros = std::io::repeat(b'0').take(80 << 20);
    let bomb = zstd::encode_all(START.as_bytes().chain(zeros), 1).unwrap();
    let found = shown(&read(&*bomb));
    assert!(
        found.starts_with("E1005 file unpacks to far more than it should: "),
        "{found}"
    );
}

#[test]
fn packed_files_are_seen_from_their_first_bytes() {
    let text = format!("{START}{END}");
    let plain = read(text.as_bytes()).unwrap();
    let packed = [
        ("gzip", {
            let mut packed = Vec::new();
            flate2::read::GzEncoder::new(text.as_bytes(), flate2::Compression::default())
                .read_to_end(&mut packed)
                .unwrap();
            // Members one after the other are one file (RFC 1952).
            [packed.clone(), packed].concat()
        }),
        ("zstd", zstd::encode_all(text.as_bytes(), 1).unwrap()),
        ("xz", {
            let mut packed = Vec::new();
            liblzma::read::XzEncoder::new(text.as_bytes(), 1)
                .read_to_end(&mut packed)
                .unwrap();
            packed
        }),
    ];
    for (how, bytes) in packed {
        let report = read(&*bytes).unwrap().report;
        assert_eq!(report.files[0].compression, how);
        assert_ne!(report.files[0].digest, plain.report.files[0].digest);
        let copies = if how == "gzip" { 2 } else { 1 };
        assert_eq!(report.events, 2 * copies, "{how}");
    }
}

#[test]
fn many_distinct_values_are_kept() {
    let mut text = START.to_owned();
    for number in 0..100_000 {
        writeln!(
            text,
            "c{number},2026-01-01T09:00:00Z,New,team {number},{number}"
        )
        .unwrap();
    }
    let Imported { log, report } = read(text.as_bytes()).unwrap();
    assert_eq!((log.cases(), report.rows_refused()), (100_001, 0));
    assert_eq!(log.party().dictionary.len(), 100_001);
    assert_eq!(log.party().text(99_999 + 1), Some("team 99999"));
}

#[test]
fn reading_that_stops_is_no_shorter_log() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let found = shown(&read(START.as_bytes().chain(Broken)));
    assert!(
        found.starts_with("E1009 file can't be read to its end: "),
        "{found}"
    );
}
