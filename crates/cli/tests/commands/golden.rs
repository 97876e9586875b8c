//! Whole reports, byte for byte: `corpus/mining/golden.txt` holds their digests. The same for any
//! number of threads and any order of rows; `.ci/run` holds the release build to the same digests.

use std::path::Path;

use assert_cmd::Command;
use baton_terms::Digest;

use super::repository;

/// Returns what `baton` answers in the root of the repository on so many threads.
fn answer(arguments: &str, threads: u32) -> String {
    let output = Command::cargo_bin("baton")
        .unwrap()
        .current_dir(repository())
        .env_clear()
        .env("RAYON_NUM_THREADS", threads.to_string())
        .args(arguments.split_whitespace())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{arguments}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// Returns the golden file's lines as digest and arguments; a comment has no digest.
fn golden() -> Vec<(String, String)> {
    let text = std::fs::read_to_string(path()).unwrap();
    let lines = text.lines();
    lines
        .map(|line| match line.strip_prefix('#') {
            Some(_) => (String::new(), line.to_owned()),
            None => {
                let (digest, arguments) = line.split_once(' ').unwrap();
                (digest.to_owned(), arguments.to_owned())
            }
        })
        .collect()
}

fn path() -> std::path::PathBuf {
    repository().join("corpus/mining/golden.txt")
}

#[test]
fn golden_reports_are_the_same_bytes_on_any_number_of_threads() {
    let mut blessed = String::new();
    let mut reports = 0;
    for (digest, arguments) in golden() {
        if digest.is_empty() {
            blessed.extend([arguments.as_str(), "\n"]);
            continue;
        }
        let [one, two, eight] = [1, 2, 8].map(|threads| {
            let answer = answer(&arguments, threads);
            Digest::of(answer.as_bytes()).hex()
        });
        assert_eq!(one, two, "{arguments}: one thread and two");
        assert_eq!(one, eight, "{arguments}: one thread and eight");
        if std::env::var_os("BATON_BLESS").is_none() {
            assert_eq!(
                one, digest,
                "{arguments}: another report than the golden one; if that is meant, run `BATON_BLESS=1 cargo test -p baton --test commands golden`"
            );
        }
        blessed.extend([one.as_str(), " ", arguments.as_str(), "\n"]);
        reports += 1;
    }
    assert!(reports >= 5, "{reports}");
    if std::env::var_os("BATON_BLESS").is_some() {
        std::fs::write(path(), blessed).unwrap();
    }
}

/// Returns the same table with its rows in another order, the same each time.
fn shuffled(table: &str) -> String {
    let (header, rows) = table.split_once('\n').unwrap();
    let mut rows: Vec<_> = rows.lines().collect();
    // A row's place is drawn by its digest.
    rows.sort_by_key(|row| Digest::of(row.as_bytes()).hex());
    let rows = rows.into_iter().flat_map(|row| [row, "\n"]);
    [header, "\n"].into_iter().chain(rows).collect()
}

#[test]
fn the_order_of_rows_changes_nothing_but_the_digest_of_what_was_read() {
    let log = "examples/requests/requests.csv";
    let table = std::fs::read_to_string(repository().join(log)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join(Path::new(log).file_name().unwrap());
    let other = shuffled(&table);
    assert_ne!(table, other);
    std::fs::write(&copy, &other).unwrap();
    let [digest, other] = [&table, &other].map(|text| Digest::of(text.as_bytes()).hex());
    for (golden, arguments) in golden() {
        if golden.is_empty() {
            continue;
        }
        let again = answer(&arguments.replace(log, copy.to_str().unwrap()), 2);
        let again = without_disorder(&again.replace(&other, &digest));
        assert_eq!(
            again,
            without_disorder(&answer(&arguments, 2)),
            "{arguments}"
        );
    }
}

/// Returns a report without the number of rows that came out of order, which is what was changed.
fn without_disorder(report: &str) -> String {
    let lines = report.split_inclusive('\n');
    let kept = lines.filter(|line| !line.trim_start().starts_with("\"disordered\": "));
    kept.collect()
}
