//! Reads every foreign log of `corpus/eventlogs` and compares what comes out, record by record, with
//! the `.expected` file beside it. The first word of a name says which format it is.
#![expect(
    clippy::panic,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests read their own corpus and stop at the first surprise"
)]

use std::fmt::Write as _;
use std::path::PathBuf;

use baton_eventlog::formats::{Broken, Collected, git, github, jira, ocel, parquet, xes};
use baton_terms::Diagnostic;

fn read(name: &str, bytes: &[u8], sink: &mut Collected) -> Result<(), Broken> {
    let (format, rest) = name.split_once('-').unwrap();
    // The small buffer makes every token and record cross its edge somewhere.
    let input = std::io::BufReader::with_capacity(61, bytes);
    // `case-` opens the name of a log without a type to choose from.
    let case_type = (!rest.starts_with("case-")).then_some("order");
    match format {
        "xes" => xes::read(input, sink),
        "ocel" if name.ends_with(".xmlocel") => ocel::read_xml(input, case_type, sink),
        "ocel" => ocel::read_json(input, case_type, sink),
        "jira" => jira::read(input, sink),
        "github" => github::read(input, sink),
        "git" => git::read(input, sink),
        "parquet" => parquet::read(input, sink),
        _ => panic!("no reader for `{name}`"),
    }
}

fn line(problem: &Diagnostic) -> String {
    let mut line = format!("{} {}", problem.code, problem.message);
    if !problem.place.pointer.is_empty() {
        write!(line, ", at {}", problem.place.pointer).unwrap();
    }
    if let Some(span) = problem.place.span {
        write!(line, ", at byte {}", span.start).unwrap();
    }
    if !problem.found.is_empty() {
        write!(line, ", found {}", problem.found).unwrap();
    }
    line
}

/// Returns what a log gives, in the form of the `.expected` files.
fn outcome(name: &str, bytes: &[u8]) -> String {
    let mut sink = Collected::default();
    let end = read(name, bytes, &mut sink);
    let mut found = String::new();
    for (place, (number, _)) in sink.records.iter().enumerate() {
        writeln!(found, "record {number}").unwrap();
        for (column, text) in sink.named(place) {
            writeln!(found, "  {column} = {text:?}").unwrap();
        }
    }
    for refusal in &sink.refusals {
        let (record, events) = (refusal.record, refusal.events);
        let problem = line(&refusal.problem);
        writeln!(found, "refused {record} ({events} events): {problem}").unwrap();
    }
    for note in &sink.notes {
        writeln!(found, "note: {}", line(note)).unwrap();
    }
    match end {
        Ok(()) => {}
        Err(Broken::Format(problem)) => writeln!(found, "broken: {}", line(&problem)).unwrap(),
        Err(Broken::Read(error)) => panic!("{name}: {error}"),
    }
    found
}

#[test]
fn every_log_gives_what_is_expected() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/eventlogs");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_none_or(|extension| extension != "expected")
        })
        .collect();
    paths.sort();
    let written = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut read = 0;
    let mut wrong = Vec::new();
    for path in paths {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        let format = name.split('-').next().unwrap();
        if !["xes", "ocel", "jira", "github", "git", "parquet"].contains(&format) {
            continue;
        }
        read += 1;
        let found = outcome(&name, &std::fs::read(&path).unwrap());
        let expected = std::fs::read_to_string(path.with_file_name(format!("{name}.expected")));
        if expected.ok().as_deref() != Some(&found) {
            std::fs::write(written.join(format!("{name}.expected")), &found).unwrap();
            wrong.push(name);
        }
    }
    assert!(read >= 20, "only {read} logs");
    let place = written.display();
    assert!(wrong.is_empty(), "{wrong:?}: what was found is in {place}");
}
