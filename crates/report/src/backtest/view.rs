//! What is said of a backtest, in words that every rendering shares.

use baton_rootcause::wire::Interval;

use super::model::{
    Answer, Backtest, Change, ClauseLine, Decision, Flip, Measure, Source, Tally, TeamLine,
};
use crate::mining::numbers::{limits, percent, percent_of, ratio, whole};

/// Flips shown in text and Markdown; the document and the page have all that were asked for.
pub(super) const FLIPS_SHOWN: usize = 12;

/// Teams shown in text and Markdown, those that are asked for most first.
pub(super) const TEAMS_SHOWN: usize = 12;

/// Heads of the decision table.
pub(super) const DECISION_HEADS: [&str; 6] =
    ["", "failures", "of all", "good work", "of all", "packages"];
/// Heads of the table of clauses.
pub(super) const CLAUSE_HEADS: [&str; 6] = [
    "clause",
    "change",
    "not met",
    "failed later",
    "others",
    "ratio, like with like",
];
/// Heads of the table of verdicts.
pub(super) const VERDICT_HEADS: [&str; 5] = ["old", "new", "packages", "failed later", "went well"];
/// Heads of the table of teams.
pub(super) const TEAM_HEADS: [&str; 6] = [
    "team",
    "packages",
    "worse",
    "better",
    "asked for more",
    "effort",
];

/// A backtest in words.
pub(super) struct View<'b> {
    pub(super) backtest: &'b Backtest,
    pub(super) headline: String,
    pub(super) answers: Vec<String>,
    pub(super) cautions: Vec<String>,
    pub(super) decisions: Vec<[String; 6]>,
    pub(super) verdicts: Vec<[String; 5]>,
    pub(super) clauses: Vec<[String; 6]>,
    pub(super) clauses_left_out: String,
    pub(super) teams: Vec<[String; 6]>,
    pub(super) effort: String,
    pub(super) flips_left_out: u64,
}

impl<'b> View<'b> {
    pub(super) fn new(backtest: &'b Backtest) -> Self {
        let moved: Vec<&ClauseLine> = backtest
            .clauses
            .iter()
            .filter(|line| is_moved(line))
            .collect();
        let kept = backtest.clauses.len().saturating_sub(moved.len());
        let mut teams: Vec<&TeamLine> = backtest.teams.iter().collect();
        teams.sort_by_key(|line| std::cmp::Reverse(line.asked_more.packages));
        Self {
            backtest,
            headline: headline(backtest),
            answers: answers(backtest),
            cautions: cautions(backtest),
            decisions: backtest
                .decisions
                .iter()
                .flat_map(|row| decision(backtest, row))
                .collect(),
            verdicts: verdicts(backtest),
            clauses: moved.into_iter().map(clause).collect(),
            clauses_left_out: match kept {
                0 => String::new(),
                1 => "One clause is kept and says the same.".to_owned(),
                kept => format!("{kept} clauses are kept and say the same."),
            },
            teams: teams.into_iter().map(team).collect(),
            effort: effort(backtest),
            flips_left_out: backtest.flips_left_out,
        }
    }

    /// Returns the rows of teams shown first, and how many more there are.
    pub(super) fn teams(&self) -> (&[[String; 6]], usize) {
        let shown = self.teams.len().min(TEAMS_SHOWN);
        let (shown, rest) = self.teams.split_at(shown);
        (shown, rest.len())
    }

    /// Returns the flips shown first, and how many more there are.
    pub(super) fn flips(&self, most: usize) -> (impl Iterator<Item = &'b Flip> + use<'b>, u64) {
        let more = self.backtest.flips.len().saturating_sub(most);
        let more = u64::try_from(more).unwrap_or(u64::MAX);
        (
            self.backtest.flips.iter().take(most),
            self.flips_left_out.saturating_add(more),
        )
    }
}

/// Returns a flip in words.
pub(super) fn flip(flip: &Flip) -> String {
    let verdict = if flip.before == flip.after {
        format!("{} under both", flip.after.word())
    } else {
        format!("{} becomes {}", flip.before.word(), flip.after.word())
    };
    let later = match flip.failed {
        Some(true) => "failed later",
        Some(false) => "went well",
        None => "outcome not known",
    };
    let mut told = format!("{verdict}, {later}; {}, from {}", flip.at, flip.team);
    for (words, clauses) in [
        ("newly not met", &flip.newly_unmet),
        ("no longer in the way", &flip.no_longer_unmet),
    ] {
        if !clauses.is_empty() {
            told.extend([format!("; {words}: {}", clauses.join(", "))]);
        }
    }
    told
}

/// Returns where the packages come from, in words.
pub(crate) fn source(source: Source) -> &'static str {
    match source {
        Source::Log => "handovers of an event log",
        Source::Store => "packages that a store recorded",
    }
}

fn is_moved(line: &ClauseLine) -> bool {
    line.change != Change::Kept || line.gained != Tally::default() || line.lost != Tally::default()
}

fn headline(backtest: &Backtest) -> String {
    let versions = format!(
        "{} {} against {}",
        backtest.contract, backtest.after.version, backtest.before.version
    );
    let Some(flagged) = of(backtest, Measure::Flagged) else {
        return versions;
    };
    let gained = &flagged.gained;
    let told = match flagged.answer {
        Answer::Nothing if flagged.lost.packages == 0 => {
            "no package is judged otherwise".to_owned()
        }
        Answer::Nothing => format!("asks less of {}", packages(flagged.lost.packages)),
        Answer::Unknown => format!(
            "asks more of {}; whether that is good work is not known",
            packages(gained.packages)
        ),
        _ => format!(
            "asks more of {} that failed later, and of {} that went well",
            cases(gained.failed),
            whole(gained.fine)
        ),
    };
    format!("{versions}: {told}")
}

fn of(backtest: &Backtest, measure: Measure) -> Option<&Decision> {
    backtest.decisions.iter().find(|row| row.measure == measure)
}

fn answers(backtest: &Backtest) -> Vec<String> {
    let all = &backtest.cases;
    let known = all.failed.saturating_add(all.fine);
    let mut told = vec![match &backtest.outcome {
        Some(outcome) if known > 0 => format!(
            "{} of {} are held against both versions. “{}”: {} of {} whose outcome counts failed later ({}).",
            packages(backtest.packages),
            cases(known.saturating_add(all.unknown)),
            outcome.name,
            whole(all.failed),
            whole(known),
            percent_of(all.failed, known),
        ),
        _ => format!(
            "{} are held against both versions. How their work ended is not known, so nothing is said of failures caught or good work held up.",
            packages(backtest.packages),
        ),
    }];
    for row in &backtest.decisions {
        told.extend(answer(row));
    }
    told
}

fn answer(row: &Decision) -> Option<String> {
    let (subject, verb) = match row.measure {
        Measure::Flagged => ("asks for more", "asking"),
        Measure::HeldUp => ("holds up", "holding up"),
        Measure::Critical => ("stops", "stopping"),
    };
    let found = match row.answer {
        Answer::Nothing | Answer::Unknown => return None,
        Answer::TooFew => {
            return Some(format!(
                "It {subject} in too few cases to say whether {verb} helps."
            ));
        }
        Answer::Catches => "more often than the rest",
        Answer::Unclear => "about as often as the rest",
        Answer::HitsGoodWork => "less often than the rest",
    };
    let adjusted = match row.adjusted_risk_ratio.value {
        Some(_) => format!(
            "among cases with as many packages {} times as often",
            told_ratio(&row.adjusted_risk_ratio)
        ),
        None => format!(
            "{} times as often, and no others have as many packages to be compared with",
            told_ratio(&row.risk_ratio)
        ),
    };
    Some(format!(
        "Where the new version {subject} and the old one does not, cases fail {found}: {} against {}; {adjusted}.",
        rate(&row.rate),
        rate(&row.other_rate),
    ))
}

fn cautions(backtest: &Backtest) -> Vec<String> {
    let mut told = Vec::new();
    if backtest.unreadable > 0 {
        let why = backtest.unreadable_because.join("; ");
        told.push(format!(
            "Could not be read, and is critical under both: {} ({why}).",
            packages(backtest.unreadable)
        ));
    }
    for left_out in &backtest.left_out {
        told.push(format!(
            "{} without an outcome that counts: {}.",
            packages(left_out.packages),
            left_out.reason
        ));
    }
    let better: u64 = backtest.teams.iter().map(|line| line.better).sum();
    if better > 0 {
        told.push(format!(
            "{} get a better verdict under the new version; a clause that is met raises the score.",
            packages(better)
        ));
    }
    if backtest.outcome.is_some() {
        told.push("An association, not proof: that failing work was flagged does not say that flagging it would have saved it. A rollout tells.".to_owned());
    }
    told
}

fn decision(backtest: &Backtest, row: &Decision) -> Vec<[String; 6]> {
    let name = match row.measure {
        Measure::Flagged => "a clause not met",
        Measure::HeldUp => "not ready",
        Measure::Critical => "critical",
    };
    let all = &backtest.cases;
    let plain = |label: String, tally: &Tally| {
        [
            label,
            whole(tally.failed),
            percent_of(tally.failed, all.failed),
            whole(tally.fine),
            percent_of(tally.fine, all.fine),
            whole(tally.packages),
        ]
    };
    let mut rows = vec![
        plain(format!("{name}: old"), &row.before),
        plain(format!("{name}: new"), &row.after),
    ];
    let gained = &row.gained;
    rows.push([
        format!("{name}: gained"),
        whole(gained.failed),
        rate(&row.caught),
        whole(gained.fine),
        rate(&row.blocked),
        whole(gained.packages),
    ]);
    if row.lost.packages > 0 {
        rows.push(plain(format!("{name}: let go"), &row.lost));
    }
    rows
}

fn verdicts(backtest: &Backtest) -> Vec<[String; 5]> {
    let cells = backtest.verdicts.iter();
    cells
        .map(|cell| {
            [
                cell.before.word().to_owned(),
                cell.after.word().to_owned(),
                whole(cell.packages),
                whole(cell.failed),
                whole(cell.fine),
            ]
        })
        .collect()
}

fn clause(line: &ClauseLine) -> [String; 6] {
    let flagged = &line.flagged;
    let known = flagged.failed.saturating_add(flagged.fine);
    let failed = if known == 0 {
        "not known".to_owned()
    } else {
        format!(
            "{} of {}, {}",
            whole(flagged.failed),
            whole(known),
            rate(&line.rate)
        )
    };
    [
        format!("{} ({})", line.id, line.severity),
        line.change.word().to_owned(),
        packages(flagged.packages),
        failed,
        rate(&line.other_rate),
        told_ratio(&line.adjusted_risk_ratio),
    ]
}

fn team(line: &TeamLine) -> [String; 6] {
    let asked = &line.asked_more;
    let sign = if line.effort < 0 { "−" } else { "+" };
    [
        line.team.clone(),
        whole(line.packages),
        whole(line.worse),
        whole(line.better),
        format!(
            "{}: {} failed, {} went well",
            packages(asked.packages),
            whole(asked.failed),
            whole(asked.fine)
        ),
        format!("{sign}{}", whole(line.effort.unsigned_abs())),
    ]
}

fn effort(backtest: &Backtest) -> String {
    let effort = &backtest.effort;
    let (word, change) = if effort.after >= effort.before {
        ("more", effort.after - effort.before)
    } else {
        ("less", effort.before - effort.after)
    };
    format!(
        "Mending every clause that is not met takes {} points of effort under the new version, {} {word} than under the old one ({}); it grows for {}.",
        whole(effort.after),
        whole(change),
        whole(effort.before),
        packages(effort.packages_with_more),
    )
}

/// Returns a rate with its limits.
pub(crate) fn rate(interval: &Interval) -> String {
    let Some(value) = interval.value else {
        return "none".to_owned();
    };
    match limits(interval, percent) {
        Some(limits) => format!("{} ({limits})", percent(value)),
        None => percent(value),
    }
}

/// Returns a ratio with its limits.
pub(crate) fn told_ratio(interval: &Interval) -> String {
    let Some(value) = interval.value else {
        return "unknown".to_owned();
    };
    match limits(interval, ratio) {
        Some(limits) => format!("{} ({limits})", ratio(value)),
        None => ratio(value),
    }
}

fn packages(count: u64) -> String {
    counted(count, "package")
}

fn cases(count: u64) -> String {
    counted(count, "case")
}

fn counted(count: u64, word: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{} {word}{plural}", whole(count))
}
