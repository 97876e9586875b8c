//! Rows for spreadsheets (RFC 4180): every cell quoted, and none that a spreadsheet would run.

/// Returns one row. A text that a spreadsheet would take for a formula begins with an apostrophe; numbers stay numbers.
pub fn row<T: AsRef<str>>(cells: impl IntoIterator<Item = T>) -> String {
    let cells: Vec<String> = cells
        .into_iter()
        .map(|cell| quoted(cell.as_ref()))
        .collect();
    format!("{}\r\n", cells.join(","))
}

fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if is_formula && cell.parse::<i64>().is_err() {
        "'"
    } else {
        ""
    };
    format!("\"{guard}{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: FOLLOW-UP-4
    #[test]
    fn no_cell_is_a_formula_and_numbers_stay_numbers() {
        for (cell, expected) in [
            ("=cmd()", "\"'=cmd()\"\r\n"),
            ("@sum", "\"'@sum\"\r\n"),
            ("-2+3", "\"'-2+3\"\r\n"),
            ("\rx", "\"'\rx\"\r\n"),
            ("-25", "\"-25\"\r\n"),
            ("say \"hi\"", "\"say \"\"hi\"\"\"\r\n"),
            ("web-41", "\"web-41\"\r\n"),
        ] {
            assert_eq!(row([cell]), expected);
        }
        assert_eq!(row(["a", "b"]), "\"a\",\"b\"\r\n");
    }
}
