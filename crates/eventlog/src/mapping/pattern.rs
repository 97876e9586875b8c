//! `strftime` patterns, compiled once to a list of items and matched by hand: an export has millions
//! of times, and all of them have the same form.

use super::text::{days_from_civil, fraction, month_name, number, offset, wall, weekday};
use super::time::{Moment, TimeFormatError};

/// A compiled `strftime` pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    text: Box<str>,
    items: Vec<Item>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Item {
    Literal(u8),
    Space,
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    DayOfYear,
    Weekday,
    Hour,
    HalfDayHour,
    HalfDay,
    Minute,
    Second,
    Fraction,
    DottedFraction,
    Offset,
}

impl Pattern {
    /// Returns the pattern as written.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Returns whether the pattern reads an offset from UTC.
    pub(super) fn has_offset(&self) -> bool {
        self.items.contains(&Item::Offset)
    }

    pub(super) fn new(text: &str) -> Result<Self, TimeFormatError> {
        let error = |reason: String| TimeFormatError {
            found: text.chars().take(100).collect(),
            reason,
        };
        if !text.contains('%') {
            return Err(error(
                "expected `rfc3339`, `unix`, `unix-ms`, `unix-us`, or a pattern such as `%d/%m/%Y %H:%M`".into(),
            ));
        }
        let mut items = Vec::new();
        let mut bytes = text.bytes().peekable();
        while let Some(byte) = bytes.next() {
            if byte != b'%' {
                items.push(if byte == b' ' {
                    Item::Space
                } else {
                    Item::Literal(byte)
                });
                continue;
            }
            let directive = match bytes.next() {
                Some(b'-') => bytes.next(),
                Some(b'.') => match bytes.next() {
                    Some(b'f') => Some(b'.'),
                    _ => None,
                },
                Some(b':') => bytes.next().filter(|&next| next == b'z'),
                directive => directive,
            };
            match directive.and_then(directive_items) {
                Some(found) => items.extend_from_slice(found),
                None => {
                    let shown =
                        directive.map_or("%".to_owned(), |byte| format!("%{}", char::from(byte)));
                    return Err(error(format!("`{shown}` is not a directive Baton reads")));
                }
            }
        }
        let has = |wanted: Item| items.contains(&wanted);
        let has_day =
            has(Item::DayOfYear) || (has(Item::Day) && (has(Item::Month) || has(Item::MonthName)));
        if !(has(Item::Year) || has(Item::ShortYear)) || !has_day {
            return Err(error(
                "a time needs at least year, month and day".to_owned(),
            ));
        }
        if has(Item::HalfDayHour) != has(Item::HalfDay) {
            return Err(error("`%I` and `%p` need each other".to_owned()));
        }
        Ok(Self {
            text: text.into(),
            items,
        })
    }

    pub(super) fn read(&self, text: &[u8]) -> Option<Moment> {
        let mut rest = text;
        let mut parts = Parts::default();
        for item in &self.items {
            rest = parts.take(*item, rest)?;
        }
        if !rest.is_empty() {
            return None;
        }
        parts.moment()
    }
}

fn directive_items(directive: u8) -> Option<&'static [Item]> {
    Some(match directive {
        b'Y' => &[Item::Year],
        b'y' => &[Item::ShortYear],
        b'm' => &[Item::Month],
        b'b' | b'B' | b'h' => &[Item::MonthName],
        b'd' | b'e' => &[Item::Day],
        b'j' => &[Item::DayOfYear],
        b'a' | b'A' => &[Item::Weekday],
        b'H' | b'k' => &[Item::Hour],
        b'I' | b'l' => &[Item::HalfDayHour],
        b'p' | b'P' => &[Item::HalfDay],
        b'M' => &[Item::Minute],
        b'S' => &[Item::Second],
        b'f' => &[Item::Fraction],
        b'.' => &[Item::DottedFraction],
        b'z' => &[Item::Offset],
        b'F' => &[
            Item::Year,
            Item::Literal(b'-'),
            Item::Month,
            Item::Literal(b'-'),
            Item::Day,
        ],
        b'T' => &[
            Item::Hour,
            Item::Literal(b':'),
            Item::Minute,
            Item::Literal(b':'),
            Item::Second,
        ],
        b'R' => &[Item::Hour, Item::Literal(b':'), Item::Minute],
        b'%' => &[Item::Literal(b'%')],
        b't' | b'n' => &[Item::Space],
        _ => return None,
    })
}

/// The parts of a time while its text is read.
#[derive(Default)]
struct Parts {
    year: i64,
    month: i64,
    day: i64,
    day_of_year: Option<i64>,
    hour: i64,
    is_afternoon: Option<bool>,
    minute: i64,
    second: i64,
    micros: i64,
    offset_seconds: Option<i32>,
}

impl Parts {
    #[inline]
    fn take<'t>(&mut self, item: Item, text: &'t [u8]) -> Option<&'t [u8]> {
        let number = |digits: usize| number(text, digits);
        let (value, rest) = match item {
            Item::Literal(byte) => return text.strip_prefix(&[byte]),
            Item::Space => {
                let rest = text.trim_ascii_start();
                return (rest.len() < text.len()).then_some(rest);
            }
            Item::Weekday => return weekday(text),
            Item::Fraction | Item::DottedFraction => {
                let digits = match (item, text.strip_prefix(b".")) {
                    (Item::DottedFraction, Some(digits)) => digits,
                    (Item::DottedFraction, None) => return Some(text),
                    _ => text,
                };
                let (micros, rest) = fraction(digits)?;
                self.micros = micros;
                return Some(rest);
            }
            Item::Offset => {
                let (offset, rest) = offset(text)?;
                self.offset_seconds = Some(offset);
                return Some(rest);
            }
            Item::HalfDay => {
                let (half, rest) = text.split_at_checked(2)?;
                self.is_afternoon = Some(match half {
                    b"AM" | b"am" | b"Am" => false,
                    b"PM" | b"pm" | b"Pm" => true,
                    _ => return None,
                });
                return Some(rest);
            }
            Item::MonthName => month_name(text)?,
            Item::Year => number(4).filter(|(_, rest)| text.len() - rest.len() == 4)?,
            Item::DayOfYear => number(3)?,
            _ => number(2)?,
        };
        match item {
            Item::Year => self.year = value,
            // As POSIX has it: 69 to 99 are of the last century.
            Item::ShortYear => {
                self.year = if value < 69 {
                    2000 + value
                } else {
                    1900 + value
                }
            }
            Item::Month | Item::MonthName => self.month = value,
            Item::Day => self.day = value,
            Item::DayOfYear => self.day_of_year = Some(value),
            Item::Hour | Item::HalfDayHour => self.hour = value,
            Item::Minute => self.minute = value,
            _ => self.second = value,
        }
        Some(rest)
    }

    fn moment(&self) -> Option<Moment> {
        let hour = match self.is_afternoon {
            None => self.hour,
            Some(_) if !(1..=12).contains(&self.hour) => return None,
            Some(is_afternoon) => self.hour % 12 + if is_afternoon { 12 } else { 0 },
        };
        let days = match self.day_of_year {
            None => days_from_civil(self.year, self.month, self.day)?,
            Some(day) => {
                let first = days_from_civil(self.year, 1, 1)?;
                let next = days_from_civil(self.year + 1, 1, 1).unwrap_or(first + 365);
                (first + day - 1 < next && day > 0).then_some(first + day - 1)?
            }
        };
        wall(days, (hour, self.minute, self.second), self.micros).map(|wall_micros| Moment {
            wall_micros,
            offset_seconds: self.offset_seconds,
        })
    }
}
