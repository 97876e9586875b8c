//! JSON by the record: finds where each record of a long document begins and ends, and has the
//! strict reader read one at a time. Neither the document nor its lists are ever held whole.
//!
//! A document is one or more values after one another (JSON lines, or pages of an interface). A
//! list is a list of records. An object is one record, unless it has a list under one of the
//! names asked for: then it is an envelope, and that list has the records.

use std::io::BufRead;
use std::ops::ControlFlow;

use baton_evidence::json::{Limits, read};
use baton_terms::{Diagnostic, Span};
use serde_json::Value;

use super::codes;
use super::limits::JSON_RECORD_BYTES_MAX;
use super::sink::{Broken, shown};

/// One record, or why it can't be read.
#[derive(Debug)]
pub(super) struct Item<'i> {
    /// Name of the list it is in; empty for a list or value of its own.
    pub(super) list: &'i str,
    /// Number among all records, from 1.
    pub(super) number: u64,
    /// The record.
    pub(super) value: Result<Value, Box<Diagnostic>>,
}

/// Reads all records of a document; `lists` are the names of lists in envelopes.
pub(super) fn each<R: BufRead>(
    input: R,
    lists: &[&str],
    mut take: impl FnMut(Item<'_>) -> ControlFlow<()>,
) -> Result<(), Broken> {
    let mut scanner = Scanner {
        input,
        position: 0,
        number: 0,
    };
    scanner.skip_byte_order_mark()?;
    let mut record = Vec::new();
    while let Some(byte) = scanner.peek()? {
        let flow = match byte {
            b'[' => scanner.list("", &mut record, &mut take)?,
            b'{' => scanner.object(lists, &mut record, &mut take)?,
            _ => scanner.one("", &mut record, &mut take)?,
        };
        if flow.is_break() {
            break;
        }
    }
    Ok(())
}

struct Scanner<R> {
    input: R,
    position: u64,
    number: u64,
}

/// How taking the bytes of a value ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Whole,
    /// There was more than a record may have; the bytes are gone.
    TooLarge,
}

impl<R: BufRead> Scanner<R> {
    fn skip_byte_order_mark(&mut self) -> Result<(), Broken> {
        for byte in b"\xef\xbb\xbf" {
            if self.input.fill_buf()?.first() == Some(byte) {
                self.advance(1);
            }
        }
        Ok(())
    }

    fn advance(&mut self, count: usize) {
        self.input.consume(count);
        self.position = self
            .position
            .saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
    }

    /// Returns the next byte that isn't white space, without taking it.
    fn peek(&mut self) -> Result<Option<u8>, Broken> {
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                return Ok(None);
            }
            let space = available
                .iter()
                .take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r'))
                .count();
            let next = available.get(space).copied();
            self.advance(space);
            if next.is_some() {
                return Ok(next);
            }
        }
    }

    fn expect_next(&mut self) -> Result<u8, Broken> {
        self.peek()?
            .ok_or_else(|| self.broken("the JSON ends early", "more"))
    }

    fn broken(&self, message: &str, expected: &str) -> Broken {
        Diagnostic::error(codes::JSON_BROKEN, message)
            .at(self.span(0))
            .expected(expected)
            .hint("nothing after this place can be read; export the file again, or mend it here")
            .into()
    }

    fn span(&self, length: usize) -> Span {
        let end = usize::try_from(self.position).unwrap_or(usize::MAX);
        Span::new(end.saturating_sub(length), end)
    }

    /// Reads the members of a list as records.
    fn list(
        &mut self,
        name: &str,
        record: &mut Vec<u8>,
        take: &mut impl FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Broken> {
        self.advance(1);
        if self.expect_next()? == b']' {
            self.advance(1);
            return Ok(ControlFlow::Continue(()));
        }
        loop {
            if self.one(name, record, take)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            match self.expect_next()? {
                b',' => self.advance(1),
                b']' => {
                    self.advance(1);
                    return Ok(ControlFlow::Continue(()));
                }
                _ => return Err(self.broken("a list goes on without a comma", "`,` or `]`")),
            }
        }
    }

    /// Reads one record.
    fn one(
        &mut self,
        name: &str,
        record: &mut Vec<u8>,
        take: &mut impl FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Broken> {
        record.clear();
        let taken = self.value(record)?;
        let record = (taken == Taken::Whole).then_some(record.as_slice());
        Ok(self.hand_over(name, record, take))
    }

    /// Reads a record and hands it over; there is none when it was too large to be kept.
    fn hand_over(
        &mut self,
        name: &str,
        record: Option<&[u8]>,
        take: &mut impl FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.number += 1;
        let value = match record {
            Some(record) => {
                let start = self.span(record.len()).start;
                read(
                    record,
                    Limits::of(JSON_RECORD_BYTES_MAX, JSON_RECORD_BYTES_MAX),
                )
                .map_err(|problems| Box::new(refused(problems, start)))
            }
            None => Err(Box::new(
                Diagnostic::error(codes::TOO_LARGE, "one record is too large")
                    .at(self.span(0))
                    .expected(format!("at most {JSON_RECORD_BYTES_MAX} bytes")),
            )),
        };
        take(Item {
            list: name,
            number: self.number,
            value,
        })
    }

    /// Reads an envelope's lists, or an object that is a record itself.
    fn object(
        &mut self,
        lists: &[&str],
        record: &mut Vec<u8>,
        take: &mut impl FnMut(Item<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Broken> {
        let mut own = vec![b'{'];
        let mut taken = Taken::Whole;
        let mut envelope = false;
        self.advance(1);
        if self.expect_next()? == b'}' {
            self.advance(1);
            own.push(b'}');
            return Ok(self.hand_over("", Some(&own), take));
        }
        loop {
            if self.expect_next()? != b'"' {
                return Err(self.broken("an object goes on without a key", "a key in quotes"));
            }
            record.clear();
            self.value(record)?;
            if self.expect_next()? != b':' {
                return Err(self.broken("a key has no value", "`:`"));
            }
            self.advance(1);
            let list = self.expect_next()? == b'[';
            let name = lists
                .iter()
                .find(|name| list && quoted(record) == Some(name.as_bytes()));
            if let Some(name) = name {
                envelope = true;
                own.clear();
                if self.list(name, record, take)?.is_break() {
                    return Ok(ControlFlow::Break(()));
                }
            } else {
                let keep = !envelope && taken == Taken::Whole;
                if keep {
                    own.extend_from_slice(record);
                    own.push(b':');
                }
                record.clear();
                let one = self.value(record)?;
                if keep && one == Taken::Whole && own.len() + record.len() < JSON_RECORD_BYTES_MAX {
                    own.extend_from_slice(record);
                } else if keep {
                    taken = Taken::TooLarge;
                    own.clear();
                }
            }
            match self.expect_next()? {
                b',' => {
                    self.advance(1);
                    own.push(b',');
                }
                b'}' => {
                    self.advance(1);
                    own.push(b'}');
                    break;
                }
                _ => return Err(self.broken("an object goes on without a comma", "`,` or `}`")),
            }
        }
        if envelope {
            return Ok(ControlFlow::Continue(()));
        }
        let own = (taken == Taken::Whole).then_some(own.as_slice());
        Ok(self.hand_over("", own, take))
    }

    /// Takes the bytes of one value: up to its closing bracket or quote, or to what ends a bare word.
    fn value(&mut self, bytes: &mut Vec<u8>) -> Result<Taken, Broken> {
        let mut ending = Ending::default();
        let mut taken = Taken::Whole;
        // Leading white space was looked past, so the first byte belongs to the value.
        self.expect_next()?;
        loop {
            let available = self.input.fill_buf()?;
            if available.is_empty() {
                if ending.bare() {
                    return Ok(taken);
                }
                return Err(self.broken("the JSON ends inside a record", "its closing bracket"));
            }
            let (count, done) = ending.find(available);
            if taken == Taken::Whole {
                if bytes.len() + count > JSON_RECORD_BYTES_MAX {
                    taken = Taken::TooLarge;
                    bytes.clear();
                    bytes.shrink_to(1 << 16);
                } else {
                    bytes.extend_from_slice(available.get(..count).unwrap_or_default());
                }
            }
            self.advance(count);
            if done {
                return Ok(taken);
            }
        }
    }
}

/// Finds the end of a value in bytes that arrive piece by piece.
#[derive(Debug, Default)]
struct Ending {
    started: bool,
    depth: u64,
    quoted: bool,
    escaped: bool,
}

impl Ending {
    /// Returns whether the value is a bare word, which the end of the input ends too.
    fn bare(&self) -> bool {
        self.started && self.depth == 0 && !self.quoted
    }

    /// Returns how many bytes belong to the value and whether it ends there.
    fn find(&mut self, bytes: &[u8]) -> (usize, bool) {
        for (at, &byte) in bytes.iter().enumerate() {
            let first = !self.started;
            self.started = true;
            if self.quoted {
                if self.escaped {
                    self.escaped = false;
                } else if byte == b'\\' {
                    self.escaped = true;
                } else if byte == b'"' {
                    self.quoted = false;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                continue;
            }
            match byte {
                // A stray quote ends a bare word; the strict reader then says what is wrong.
                b'"' if first || self.depth > 0 => self.quoted = true,
                b'{' | b'[' if first || self.depth > 0 => self.depth += 1,
                b'}' | b']' if self.depth > 0 => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return (at + 1, true);
                    }
                }
                b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'{' | b'['
                    if self.depth == 0 =>
                {
                    // A separator where a value should be is taken, so that reading goes on.
                    return (at.max(usize::from(first)), true);
                }
                _ => {}
            }
        }
        (bytes.len(), false)
    }
}

/// Returns the text of a key without escapes.
fn quoted(key: &[u8]) -> Option<&[u8]> {
    key.strip_prefix(b"\"")?.strip_suffix(b"\"")
}

/// Returns the first of a record's problems as one, with the number of the others.
fn refused(problems: Vec<Diagnostic>, start: usize) -> Diagnostic {
    let more = problems.len().saturating_sub(1);
    let Some(first) = problems.into_iter().next() else {
        return Diagnostic::error(codes::JSON_RECORD, "a record isn't strict JSON");
    };
    let span = first.place.span.unwrap_or_default();
    let mut found = format!("{}: {}", first.code, first.message);
    if !first.found.is_empty() {
        found = format!("{found}, found {}", shown(&first.found));
    }
    if more > 0 {
        found = format!("{found}, and {more} more");
    }
    Diagnostic::error(codes::JSON_RECORD, "a record isn't strict JSON")
        .at(Span::new(span.start + start, span.end + start))
        .pointing_to(first.place.pointer)
        .expected(first.expected)
        .found(found)
        .hint(first.hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The records of a document, read in pieces of every size.
    fn records(text: &str) -> (Vec<String>, bool) {
        let mut answers = Vec::new();
        for capacity in [1, 2, 7, 8192] {
            let mut found = Vec::new();
            let input = std::io::BufReader::with_capacity(capacity, text.as_bytes());
            let end = each(input, &["items", "more"], |item| {
                found.push(match item.value {
                    Ok(value) => format!("{}{}={value}", item.list, item.number),
                    Err(problem) => format!("{}{} {}", item.list, item.number, problem.code),
                });
                ControlFlow::Continue(())
            });
            answers.push((found, end.is_ok()));
        }
        assert!(answers.windows(2).all(|pair| pair[0] == pair[1]), "{text}");
        answers.swap_remove(0)
    }

    #[test]
    fn records_are_found_in_every_shape() {
        for (text, expected) in [
            ("", vec![]),
            ("[]", vec![]),
            (
                "[1, {\"a\": [2]} ,\"]\"]",
                vec!["1=1", "2={\"a\":[2]}", "3=\"]\""],
            ),
            ("{\"a\":1}\n{\"b\":2}\n", vec!["1={\"a\":1}", "2={\"b\":2}"]),
            ("[1][2]", vec!["1=1", "2=2"]),
            (
                "{\"total\":2,\"items\":[{\"a\":\"\\\"}\"},7],\"x\":{},\"more\":[8]}",
                vec!["items1={\"a\":\"\\\"}\"}", "items2=7", "more3=8"],
            ),
            ("{\"items\":{}}", vec!["1={\"items\":{}}"]),
            ("\u{feff}[1]", vec!["1=1"]),
            ("7", vec!["1=7"]),
        ] {
            let (found, whole) = records(text);
            assert_eq!(found, expected, "{text}");
            assert!(whole, "{text}");
        }
    }

    #[test]
    fn a_bad_record_is_refused_alone() {
        for (text, expected) in [
            ("[{\"a\":1,\"a\":2},3]", vec!["1 E1046", "2=3"]),
            ("[tru, 1]", vec!["1 E1046", "2=1"]),
            ("{\"a\":NaN}\n1", vec!["1 E1046", "2=1"]),
            ("[,1]", vec!["1 E1046"]),
        ] {
            assert_eq!(records(text).0, expected, "{text}");
        }
    }

    #[test]
    fn what_ends_early_is_broken() {
        for text in [
            "[",
            "[1",
            "[1,",
            "{",
            "{\"a\"",
            "{\"a\":1",
            "[{\"a\":",
            "[\"",
            "{\"items\":[1",
        ] {
            assert!(!records(text).1, "{text}");
        }
    }
}
