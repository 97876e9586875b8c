//! The formats an export can have, told by name or by content.

use std::io::Read;

use baton_terms::Diagnostic;

use super::input::Input;
use crate::formats::limits::HEAD_BYTES;
use crate::mapping::Delimiter;

/// Format of a file of events or cases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Comma-separated values (RFC 4180).
    Csv,
    /// Tab-separated values.
    Tsv,
    /// Apache Parquet.
    Parquet,
    /// XES (IEEE 1849).
    Xes,
    /// OCEL 2.0 as JSON.
    OcelJson,
    /// OCEL 2.0 as XML.
    OcelXml,
    /// OCEL 2.0 as an SQLite database.
    OcelSqlite,
    /// Issues of Jira with their changelogs.
    Jira,
    /// Issues, pull requests and timelines of GitHub.
    GitHub,
    /// The history of a git repository.
    Git,
}

impl Format {
    /// Every format.
    pub const ALL: &'static [Self] = &[
        Self::Csv,
        Self::Tsv,
        Self::Parquet,
        Self::Xes,
        Self::OcelJson,
        Self::OcelXml,
        Self::OcelSqlite,
        Self::Jira,
        Self::GitHub,
        Self::Git,
    ];

    /// Returns its name, which is also the end of file names.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Tsv => "tsv",
            Self::Parquet => "parquet",
            Self::Xes => "xes",
            Self::OcelJson => "ocel-json",
            Self::OcelXml => "ocel-xml",
            Self::OcelSqlite => "ocel-sqlite",
            Self::Jira => "jira",
            Self::GitHub => "github",
            Self::Git => "git",
        }
    }

    /// Returns the format of this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name() == name)
    }

    /// Returns the format a file name ends with, whatever packing comes after it.
    pub fn of_file(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let name = [".gz", ".zst", ".xz"]
            .iter()
            .find_map(|packed| name.strip_suffix(packed))
            .unwrap_or(&name);
        let (_, end) = name.rsplit_once('.')?;
        match end {
            "jsonocel" => Some(Self::OcelJson),
            "xmlocel" => Some(Self::OcelXml),
            "pq" => Some(Self::Parquet),
            "sqlite" => Some(Self::OcelSqlite),
            _ => Self::from_name(end),
        }
    }

    /// Returns the character between fields when the format is a table of text.
    pub const fn delimiter(self) -> Option<Delimiter> {
        match self {
            Self::Csv => Some(Delimiter::Comma),
            Self::Tsv => Some(Delimiter::Tab),
            _ => None,
        }
    }

    /// Returns the format that a file, which may be packed, looks like from its first bytes.
    ///
    /// # Errors
    /// When the first bytes can't be read.
    pub fn of_content<'r>(reader: impl Read + 'r) -> Result<Option<Self>, Vec<Diagnostic>> {
        let mut input = Input::new(reader)?;
        let mut head = Vec::new();
        let most = u64::try_from(HEAD_BYTES).unwrap_or(u64::MAX);
        let read = (&mut input).take(most).read_to_end(&mut head);
        read.map_err(|error| input.problem(&error))?;
        Ok(Self::of_head(&head))
    }

    /// Returns the format that the first (unpacked) bytes of a file look like.
    pub fn of_head(head: &[u8]) -> Option<Self> {
        if head.starts_with(crate::formats::git::HEAD) {
            return Some(Self::Git);
        }
        if head.starts_with(crate::formats::ocel::SQLITE_HEAD) {
            return Some(Self::OcelSqlite);
        }
        if head.starts_with(b"PAR1") {
            return Some(Self::Parquet);
        }
        let head = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head);
        let has = |words: &[&str]| {
            words
                .iter()
                .any(|word| memchr::memmem::find(head, word.as_bytes()).is_some())
        };
        match head.trim_ascii_start().first()? {
            b'<' if has(&["<object-types", "<event-types", "<objects"]) => Some(Self::OcelXml),
            b'<' => has(&["<log"]).then_some(Self::Xes),
            b'{' | b'[' if has(&["\"objectTypes\"", "\"eventTypes\""]) => Some(Self::OcelJson),
            b'{' | b'[' if has(&["\"changelog\"", "\"fields\""]) => Some(Self::Jira),
            b'{' | b'[' if has(&["\"created_at\"", "\"submitted_at\""]) => Some(Self::GitHub),
            b'{' | b'[' => None,
            _ => {
                let line = head.split(|byte| *byte == b'\n').next()?;
                [(b'\t', Self::Tsv), (b',', Self::Csv), (b';', Self::Csv)]
                    .into_iter()
                    .find_map(|(byte, format)| line.contains(&byte).then_some(format))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_told_from_its_first_bytes() {
        for (head, expected) in [
            (
                "<?xml version='1.0'?>\n<log xes.version=\"2.0\">",
                Some(Format::Xes),
            ),
            ("<log>\n<object-types>", Some(Format::OcelXml)),
            ("\u{feff} {\"eventTypes\": []", Some(Format::OcelJson)),
            (
                "{\"issues\": [{\"key\": \"A-1\", \"fields\": {",
                Some(Format::Jira),
            ),
            ("[{\"number\": 1, \"created_at\": \"", Some(Format::GitHub)),
            ("baton git log 1\0abc", Some(Format::Git)),
            ("SQLite format 3\0\x10", Some(Format::OcelSqlite)),
            ("PAR1\x15\x04,", Some(Format::Parquet)),
            ("id\tat\n1,2\t3\n", Some(Format::Tsv)),
            ("id;at\n", Some(Format::Csv)),
            ("<html>", None),
            ("{}", None),
            ("", None),
        ] {
            assert_eq!(Format::of_head(head.as_bytes()), expected, "{head}");
        }
    }

    #[test]
    fn a_format_is_told_from_a_name() {
        for (name, expected) in [
            ("a.CSV.gz", Some(Format::Csv)),
            ("log.xes.gz", Some(Format::Xes)),
            ("orders.jsonocel", Some(Format::OcelJson)),
            ("a.json", None),
        ] {
            assert_eq!(Format::of_file(name), expected, "{name}");
        }
    }
}
