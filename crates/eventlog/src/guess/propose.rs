//! From the first rows of a table to the text of a mapping.

use std::io::Read;

use baton_terms::Diagnostic;

use super::profile::Profiles;
use super::roles::Roles;
use super::sample::Sample;
use super::yaml;
use crate::import::{Format, Input};

/// Rows that are looked at.
pub const ROWS_MAX: usize = 20_000;

/// Returns a mapping as YAML with comments, from the first rows of an export called `name`.
///
/// # Errors
/// When the file can't be read, or nothing in it looks like a case, a time or an activity.
pub fn guess<'r>(
    reader: impl Read + 'r,
    format: Format,
    name: &str,
) -> Result<String, Vec<Diagnostic>> {
    if format.delimiter().is_none() && format != Format::Parquet {
        return super::foreign::guess(Input::new(reader)?, format, name);
    }
    let sample = Sample::read(reader, format)?;
    let profiles = Profiles::of(&sample);
    let roles = Roles::of(&sample, &profiles)?;
    Ok(yaml::mapping(&sample, &profiles, &roles, name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use baton_terms::Source;

    fn check(text: &str, expected: &[&str]) {
        let guessed = guess(text.as_bytes(), Format::Csv, "a.csv").unwrap();
        for line in expected {
            assert!(
                guessed.contains(line),
                "`{line}` is missing from:\n{guessed}"
            );
        }
        let mapping = crate::mapping::read(&Source::new("m.yaml", guessed.clone())).into_mapping();
        let mapping = mapping.unwrap_or_else(|problems| panic!("{problems:#?} in\n{guessed}"));
        let imported = crate::import::import(text.as_bytes(), Format::Csv, &mapping, &mut |_| ());
        let report = imported.unwrap().report;
        assert_eq!(
            report.rows_refused(),
            0,
            "{:#?} by\n{guessed}",
            report.refused
        );
    }

    #[test]
    fn an_incident_log_is_understood() {
        let mut text =
            "number;updated_at;state;assignment group;assigned_to;version;closed_at;hours;vip\n"
                .to_owned();
        for case in 1..40 {
            for (version, state) in ["New", "Active", "Resolved"].iter().enumerate() {
                let row = format!(
                    "INC{case:04};{}/3/2016 0{version}:15;{state};Group {};{};{version};{}/4/2016 10:00;1.5;{}\n",
                    case % 28 + 1,
                    (case + version) % 5,
                    ["?", "Ann", "Ben"][(case + version) % 3],
                    case % 28 + 1,
                    case % 2 == 0,
                );
                text.push_str(&row);
            }
        }
        check(
            &text,
            &[
                "delimiter: semicolon",
                "case: number",
                "column: updated_at, format: \"%d/%m/%Y %H:%M\"",
                "order: version",
                "activity: state",
                "party: \"assignment group\"",
                "person: assigned_to",
                "missing: [\"?\"]",
                "closed_at: {kind: time, known: end}",
                "hours: {kind: number, scale: 1}",
                "vip: {kind: boolean}",
            ],
        );
    }

    #[test]
    fn names_of_standards_are_known() {
        check(
            "case:concept:name,concept:name,time:timestamp,org:group,org:resource\n\
             1,a,2026-01-01T00:00:00Z,g,p\n1,b,2026-01-02T00:00:00Z,h,q\n2,a,2026-01-01T00:00:00Z,g,p\n",
            &[
                "case: \"case:concept:name\"",
                "column: \"time:timestamp\", format: rfc3339",
                "activity: \"concept:name\"",
                "party: \"org:group\"",
                "person: \"org:resource\"",
            ],
        );
    }

    #[test]
    fn what_is_no_log_is_refused_with_what_is_missing() {
        let problems = guess(&b"a,b\n1,2\n3,4\n"[..], Format::Csv, "a.csv").unwrap_err();
        assert_eq!(problems[0].code, crate::import::codes::NOTHING_GUESSED);
    }
}
