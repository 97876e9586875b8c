//! One import of an XES file by one reader, with the processor time it took; and the file itself,
//! made from a seed. `import_xes.sh` runs them in turn.

use std::fmt::Write as _;
use std::io::Write as _;

use baton_eventlog::import::{Format, import};
use baton_terms::Source;

const MAPPING: &str = "baton: mapping/v1\ncase: case:concept:name\ntime: {column: time:timestamp, format: rfc3339}\n\
                       order: [xes:position]\nactivity: concept:name\nparty: org:group\nperson: org:resource\n\
                       columns:\n  amount: {kind: number, scale: 2}\n";

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["generate", cases, path] => generate(cases.parse().expect("a number of cases"), path),
        ["baton", path] => {
            let file = std::fs::File::open(path).expect("the file");
            let mapping = baton_eventlog::mapping::read(&Source::new("mapping.yaml", MAPPING));
            let mapping = mapping.into_mapping().expect("a mapping");
            let imported = import(file, Format::Xes, &mapping, &mut |_| ()).expect("a log");
            report("baton", imported.log.events(), imported.log.cases());
        }
        ["process_mining", path] => {
            let log: process_mining::EventLog = process_mining::Importable::import_from_path(path).expect("a log");
            let events = log.traces.iter().map(|trace| trace.events.len()).sum();
            report("process_mining", events, log.traces.len());
        }
        _ => panic!("expected: generate CASES FILE, baton FILE, or process_mining FILE"),
    }
}

/// Prints the processor time of this process, all threads together, and its largest memory.
fn report(name: &str, events: usize, cases: usize) {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("a Linux machine");
    let (_, fields) = stat.rsplit_once(')').expect("a name in brackets");
    let ticks: Vec<u64> = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(|field| field.parse().expect("ticks"))
        .collect();
    let status = std::fs::read_to_string("/proc/self/status").expect("a Linux machine");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let seconds = (ticks[0] + ticks[1]) as f64 / 100.0;
    let speed = events as f64 / seconds;
    let peak = peak.unwrap_or("?").trim();
    println!("{name}\t{events} events\t{cases} cases\t{seconds:.2} CPU s\t{speed:.0} events per CPU s\t{peak}");
}

/// Writes a log of this many cases, about ten events each, the same for every run.
fn generate(cases: u64, path: &str) {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = move |bound: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % bound
    };
    let file = std::fs::File::create(path).expect("a writable path");
    let mut out = std::io::BufWriter::new(file);
    writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<log xes.version=\"2.0\" xmlns=\"http://www.xes-standard.org/\">").expect("room");
    let steps = ["Register request", "Examine thoroughly", "Examine casually", "Check ticket", "Decide", "Reinitiate request", "Pay compensation", "Reject &amp; close"];
    let mut page = String::new();
    for case in 0..cases {
        page.clear();
        write!(page, "\t<trace>\n\t\t<string key=\"concept:name\" value=\"case {case}\"/>\n\t\t<string key=\"channel\" value=\"channel {}\"/>\n", next(5)).expect("memory");
        let mut time = 1_600_000_000 + case * 600;
        for _ in 0..5 + next(11) {
            time += next(86_400);
            let (day, rest) = (time / 86_400, time % 86_400);
            let (year, month, day) = civil(day as i64);
            write!(
                page,
                "\t\t<event>\n\t\t\t<string key=\"concept:name\" value=\"{}\"/>\n\t\t\t<string key=\"lifecycle:transition\" value=\"complete\"/>\n\t\t\t<string key=\"org:resource\" value=\"person {}\"/>\n\t\t\t<string key=\"org:group\" value=\"team {}\"/>\n\t\t\t<date key=\"time:timestamp\" value=\"{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}.000+00:00\"/>\n\t\t\t<float key=\"amount\" value=\"{}.{:02}\"/>\n\t\t\t<string key=\"priority\" value=\"{}\"/>\n\t\t</event>\n",
                steps[next(8) as usize], next(200), next(20), rest / 3600, rest / 60 % 60, rest % 60, next(1000), next(100), next(4)
            )
            .expect("memory");
        }
        page.push_str("\t</trace>\n");
        out.write_all(page.as_bytes()).expect("room");
    }
    out.write_all(b"</log>\n").expect("room");
}

/// Returns year, month and day of a day since 1970-01-01 (Howard Hinnant's `civil_from_days`).
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let shifted = (5 * of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * shifted + 2) / 5 + 1)
}
