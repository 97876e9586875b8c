//! The import report in words.

use std::fmt::Write as _;

use baton_eventlog::import::{Column, File, Refused, Report, Warning};

use crate::plain;

/// Columns shown; the number left out is stated.
const COLUMNS_SHOWN: usize = 60;
/// Characters of a column's name before it is cut.
const NAME_WIDTH: usize = 32;

/// Returns the report as text; `name` is that of the file of events.
pub fn text(report: &Report, name: &str) -> String {
    let mut text = String::new();
    // Writing to a String can't fail.
    let _ = writeln!(
        text,
        "{}: {} in {}{}",
        plain(name),
        counted(report.events, "event"),
        counted(report.cases, "case"),
        span(report)
    );
    for file in &report.files {
        file_line(&mut text, file);
    }
    let _ = writeln!(text, "  memory of the log: {}", bytes(report.memory_bytes));
    if !report.refused.is_empty() {
        let rows = report.rows_refused();
        let _ = writeln!(text, "\nRefused: {}", counted(rows, "row"));
        for refused in &report.refused {
            refused_lines(&mut text, refused);
        }
    }
    if !report.warnings.is_empty() {
        text.push_str("\nWorth knowing\n");
        for warning in &report.warnings {
            warning_lines(&mut text, warning);
        }
    }
    columns(&mut text, &report.columns);
    if !report.skipped.is_empty() {
        let names: Vec<_> = report.skipped.iter().map(|name| plain(name)).collect();
        let _ = writeln!(
            text,
            "\nNot read, as the mapping says: {}",
            names.join(", ")
        );
    }
    text
}

fn span(report: &Report) -> String {
    let day = |time: &str| time.get(..10).unwrap_or(time).to_owned();
    match &report.span {
        Some((first, last)) => format!(", {} to {}", day(first), day(last)),
        None => String::new(),
    }
}

fn file_line(text: &mut String, file: &File) {
    let packed = match file.compression.as_str() {
        "none" => String::new(),
        how => format!(" unpacked from {how}, {}", bytes(file.unpacked_bytes)),
    };
    let _ = writeln!(
        text,
        "  {}: {}, {}{packed}; {} read, {} taken",
        file.holds,
        plain(&file.format),
        bytes(file.bytes),
        counted(file.rows, "row"),
        grouped(file.taken)
    );
    if file.disordered > 0 {
        let _ = writeln!(
            text,
            "    {} came after a later one of their case and were put in order",
            counted(file.disordered, "event")
        );
    }
    let _ = writeln!(text, "    {}", file.digest);
}

fn refused_lines(text: &mut String, refused: &Refused) {
    let _ = writeln!(
        text,
        "  {} {}: {} of {}",
        refused.code,
        plain(&refused.reason),
        grouped(refused.rows),
        refused.file
    );
    for sample in &refused.samples {
        let column = sample.column.as_deref();
        let column = column.map(|name| format!(", `{}`", plain(name)));
        let _ = writeln!(
            text,
            "    line {}{}: expected {}, found {}",
            sample.line,
            column.unwrap_or_default(),
            plain(&sample.expected),
            plain(&sample.found)
        );
    }
    if let Some(sample) = refused.samples.first() {
        let _ = writeln!(text, "    hint: {}", plain(&sample.hint));
    }
}

fn warning_lines(text: &mut String, warning: &Warning) {
    let _ = writeln!(
        text,
        "  {} {}: {}",
        warning.code,
        grouped(warning.count),
        plain(&warning.text)
    );
    let _ = writeln!(text, "    hint: {}", plain(&warning.hint));
}

fn columns(text: &mut String, columns: &[Column]) {
    let name = |column: &Column| {
        plain(&column.name)
            .chars()
            .take(NAME_WIDTH)
            .collect::<String>()
    };
    let width = columns
        .iter()
        .take(COLUMNS_SHOWN)
        .map(|column| name(column).chars().count());
    let width = width.max().unwrap_or_default().max("column".len());
    let _ = writeln!(
        text,
        "\n{:width$}  {:5}  {:7}  {:>9}  {:>11}",
        "column", "per", "kind", "distinct", "missing"
    );
    for column in columns.iter().take(COLUMNS_SHOWN) {
        let _ = writeln!(
            text,
            "{:width$}  {:5}  {:7}  {:>9}  {:>11}",
            name(column),
            column.per,
            column.kind,
            grouped(column.distinct),
            grouped(column.missing)
        );
    }
    if let Some(more) = columns
        .len()
        .checked_sub(COLUMNS_SHOWN)
        .filter(|more| *more > 0)
    {
        let _ = writeln!(text, "and {more} more");
    }
}

fn counted(number: u64, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{} {what}{plural}", grouped(number))
}

/// Returns a number with its digits in groups of three.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// Returns a size in a unit that leaves one to four digits, rounded down to a tenth.
fn bytes(number: u64) -> String {
    const UNITS: [&str; 4] = ["kB", "MB", "GB", "TB"];
    if number < 10_000 {
        return format!("{} bytes", grouped(number));
    }
    let mut tenths = number / 100;
    let mut unit = UNITS.iter();
    let mut name = unit.next();
    while tenths >= 10_000
        && let Some(next) = unit.next()
    {
        tenths /= 1_000;
        name = Some(next);
    }
    format!(
        "{}.{} {}",
        grouped(tenths / 10),
        tenths % 10,
        name.unwrap_or(&"")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_easy_to_read() {
        for (number, expected) in [
            (0, "0 bytes"),
            (9_999, "9,999 bytes"),
            (10_000, "10.0 kB"),
            (2_419_484, "2.4 MB"),
            (46_000_000_000, "46.0 GB"),
        ] {
            assert_eq!(bytes(number), expected);
        }
        assert_eq!(counted(1, "row"), "1 row");
        assert_eq!(counted(1_234_567, "row"), "1,234,567 rows");
    }
}
