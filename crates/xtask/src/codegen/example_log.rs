//! The event log of `examples/requests`: made up from a fixed seed, so that a fresh clone has a log
//! to mine. No row of it comes from anywhere but here.
//!
//! Three things are planted, to be found again: requests for `checkout` without acceptance criteria
//! come back most often; so do requests that went from design back to product; and requests that came
//! in over the hotline seem to come back more often, but only since most of them are urgent.

use std::fmt::Write as _;

/// Requests in the log.
const REQUESTS: u64 = 420;
/// Minutes between two requests, on average.
const MINUTES_BETWEEN: u64 = 1_150;
/// 2025-01-06T08:00:00Z in minutes since 1970-01-01T00:00:00Z.
const FIRST_MINUTE: u64 = 28_935_840;
const AREAS: [&str; 5] = ["search", "checkout", "accounts", "billing", "reports"];

/// Returns the log as CSV.
#[expect(
    clippy::unnecessary_wraps,
    reason = "every generator of the table has this form"
)]
pub(super) fn log() -> anyhow::Result<String> {
    let mut log = "request,at,step,team,assignee,urgency,area,criteria,channel,result\n".to_owned();
    let mut random = Random(0x0000_6261_746f_6e21);
    for number in 0..REQUESTS {
        let request = Request::draw(number, &mut random);
        request.write(&mut log, &mut random);
    }
    Ok(log)
}

/// One made-up request.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one drawn fact, none a state"
)]
struct Request {
    number: u64,
    minute: u64,
    area: &'static str,
    is_urgent: bool,
    over_hotline: bool,
    has_criteria: bool,
    goes_back: bool,
    returns: bool,
}

impl Request {
    fn draw(number: u64, random: &mut Random) -> Self {
        let minute = FIRST_MINUTE + number * MINUTES_BETWEEN + random.below(MINUTES_BETWEEN);
        let area = AREAS
            .get(usize::try_from(random.below(5)).unwrap_or(0))
            .copied()
            .unwrap_or("search");
        let is_urgent = random.percent(30);
        let over_hotline = random.percent(if is_urgent { 80 } else { 12 });
        let has_criteria = random.percent(62);
        let goes_back = random.percent(20);
        let mut chance = 6;
        if area == "checkout" && !has_criteria {
            chance += 62;
        }
        if goes_back {
            chance += 34;
        }
        if is_urgent {
            chance += 14;
        }
        Self {
            number,
            minute,
            area,
            is_urgent,
            over_hotline,
            has_criteria,
            goes_back,
            returns: random.percent(chance),
        }
    }

    fn write(&self, log: &mut String, random: &mut Random) {
        let mut steps = vec![
            ("requested", "product"),
            ("specified", "product"),
            ("designed", "design"),
        ];
        if self.goes_back {
            steps.extend([("specified", "product"), ("designed", "design")]);
        }
        steps.extend([
            ("built", "engineering"),
            ("tested", "quality"),
            ("released", "quality"),
        ]);
        if self.returns {
            steps.push(("reopened", "quality"));
        }
        let mut minute = self.minute;
        let last = steps.len() - 1;
        for (at, (step, team)) in steps.iter().enumerate() {
            let person = random.below(7) + 1;
            // Writing to a String can't fail.
            let _ = write!(
                log,
                "R{},{},{step},{team},{}{person},",
                1_000 + self.number,
                time(minute),
                team.get(..1).unwrap_or("p")
            );
            let filled = if at == 0 {
                format!(
                    "{},{},{},{},",
                    if self.is_urgent { "urgent" } else { "normal" },
                    self.area,
                    if self.has_criteria { "written" } else { "" },
                    if self.over_hotline { "hotline" } else { "form" },
                )
            } else if at == last {
                format!(",,,,{}", if self.returns { "redo" } else { "done" })
            } else {
                ",,,,".to_owned()
            };
            let _ = writeln!(log, "{filled}");
            minute += 120 + random.below(2_600);
        }
    }
}

/// Returns minutes since 1970-01-01T00:00:00Z as a time (days to a date: Hinnant, "chrono-Compatible
/// Low-Level Date Algorithms", `civil_from_days`).
fn time(minute: u64) -> String {
    let (days, rest) = (minute / 1_440, minute % 1_440);
    let z = days + 719_468;
    let era = z / 146_097;
    let doe = z % 146_097;
    let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
    let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    let mp = (5 * doy + 2) / 153;
    let day = doy - (153 * mp + 2) / 5 + 1;
    let month = if mp < 10 { mp + 3 } else { mp - 9 };
    let year = yoe + era * 400 + u64::from(month <= 2);
    format!(
        "{year}-{month:02}-{day:02} {:02}:{:02}",
        rest / 60,
        rest % 60
    )
}

/// Steele, Lea and Flood's `SplitMix64` (2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_become_the_time_they_are() {
        assert_eq!(time(0), "1970-01-01 00:00");
        assert_eq!(time(FIRST_MINUTE), "2025-01-06 08:00");
        assert_eq!(time(28_486_080), "2024-02-29 00:00");
    }

    #[test]
    fn the_log_is_the_same_every_time_and_small() {
        let made = log().unwrap();
        assert_eq!(made, log().unwrap());
        assert!(made.len() < 200_000, "{}", made.len());
    }
}
