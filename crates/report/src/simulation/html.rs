//! A simulation as one self-contained page: no script, no request, readable on a phone and on paper.

use baton_network::wire::{Check, Compared, Simulation};
use maud::{Markup, html as markup};

use super::view::{ChangeView, Row, ScenarioView, View, name, rows};
use crate::mining::STYLE as MINING;
use crate::mining::numbers::whole;
use crate::page::{cautions, page};
use crate::plain;

/// What this page adds to the sheet of mining reports.
const STYLE: &str = ".interval .range { stroke: var(--accent); stroke-width: 3; } .interval .happened { stroke: var(--text); stroke-width: 3; } .interval .missed { stroke: var(--critical); stroke-width: 4; } .holds { color: var(--ready); font-weight: 600; } .fails { color: var(--critical); font-weight: 600; }";

/// Units of a drawing from edge to edge.
const SIDE: i64 = 10_000;

/// Returns the answer as a page.
pub fn html(answer: &Simulation) -> String {
    let view = View::new(answer);
    let body = markup! {
        main {
            (head(&view))
            (validation(&view))
            @for (at, scenario) in view.scenarios.iter().enumerate() { (scenario_section(at + 1, scenario)) }
            section aria-labelledby="assumed" {
                h2 id="assumed" { "What is assumed, for no log can tell it" }
                ul.plain { @for assumption in &answer.assumptions { li { (plain(assumption)) } } }
            }
            (facts("fitted", "What was fitted", &view.fit))
            (teams(answer))
            (facts("inputs", "What was read", &view.inputs))
        }
        footer { p { "Simulated by Baton. Log, seed and scenarios make exactly this page again." } }
    };
    page(&plain(&view.headline), &format!("{MINING}{STYLE}"), &body)
}

fn head(view: &View<'_>) -> Markup {
    markup! {
        header.card.answer.mined {
            p.soft.kicker { "What if: " (plain(&view.answer.input.name)) }
            h1 { (plain(&view.headline)) }
            p.why { (plain(&view.overview)) }
        }
        (cautions(&view.answer.cautions))
    }
}

fn validation(view: &View<'_>) -> Markup {
    let validation = &view.answer.validation;
    markup! {
        section aria-labelledby="validation" {
            h2 id="validation" { "Does it reproduce what happened?" }
            p.soft { "The line is the range of 95 of 100 runs, the upright mark what happened. Times are on a scale on which each step is ten times the one before." }
            (table("Everything", view.checks.iter().map(|row| (row.label.clone(), row))))
            @for sentence in &view.coverage { p { (plain(sentence)) } }
            (compared("By team", &validation.teams))
            (compared("By edge", &validation.edges))
        }
    }
}

fn compared(heading: &str, compared: &[Compared]) -> Markup {
    let both: Vec<(String, [Row<'_>; 2])> =
        compared.iter().map(|one| (name(one), rows(one))).collect();
    let rows = both.iter().flat_map(|(name, rows)| {
        rows.iter()
            .map(move |row| (format!("{name}: {}", row.label.to_lowercase()), row))
    });
    markup! {
        @if !compared.is_empty() {
            details { summary { (heading) " (" (compared.len()) ")" } (table(heading, rows)) }
        }
    }
}

fn table<'r>(label: &str, rows: impl Iterator<Item = (String, &'r Row<'r>)>) -> Markup {
    markup! {
        div.table role="region" aria-label=(label) tabindex="0" {
            table.stack.ranked {
                thead { tr {
                    th scope="col" { "What" }
                    th.amount scope="col" { "Happened" }
                    th.amount scope="col" { "Simulated" }
                    th.plot scope="col" { "Range" }
                    th scope="col" { "Holds" }
                } }
                tbody { @for (label, row) in rows { tr {
                    th scope="row" { (plain(&label)) }
                    td.amount data-label="Happened" { (row.actual) }
                    td.amount data-label="Simulated" { (row.simulated) }
                    td.plot { (plot(row)) }
                    td data-label="Holds" {
                        @if row.check.holds { span.holds { "yes" } } @else { span.fails { "no" } }
                    }
                } } }
            }
        }
    }
}

/// Draws the range of the runs, and what happened.
fn plot(row: &Row<'_>) -> Markup {
    let said = format!("{} happened, {} simulated", row.actual, row.simulated);
    let most = most(row.check);
    let at = |value: i64| {
        if row.is_time {
            logarithmic(value)
        } else {
            value.clamp(0, most).saturating_mul(SIDE) / most
        }
    };
    let mark = if row.check.holds {
        "happened"
    } else {
        "missed"
    };
    markup! {
        svg.interval viewBox="-150 0 10300 1000" preserveAspectRatio="none" role="img" aria-label=(said) {
            title { (said) }
            path.axis d=(format!("M0 500H{SIDE}")) {}
            @if let Some(range) = row.check.simulated {
                path.range d=(format!("M{0} 500H{1}M{0} 320V680M{1} 320V680", at(range.low), at(range.high))) {}
            }
            path class=(mark) d=(format!("M{} 120V880", at(row.check.actual))) {}
        }
    }
}

/// Returns the end of a scale for counts.
fn most(check: &Check) -> i64 {
    let high = check.simulated.map_or(0, |range| range.high);
    let most = check.actual.max(high).max(1);
    most.saturating_add(most / 4)
}

/// Returns a time on a scale from a minute to ten million seconds, each tenfold a step.
fn logarithmic(seconds: i64) -> i64 {
    const FIRST: i64 = 60;
    const TENFOLDS: i64 = 5;
    let mut step = FIRST;
    for tenfold in 0..TENFOLDS {
        let next = step.saturating_mul(10);
        if seconds < next {
            let within = (seconds.max(step) - step).saturating_mul(SIDE / TENFOLDS) / (next - step);
            return tenfold * SIDE / TENFOLDS + within;
        }
        step = next;
    }
    SIDE
}

fn scenario_section(number: usize, view: &ScenarioView<'_>) -> Markup {
    let id = format!("scenario-{number}");
    markup! {
        section aria-labelledby=(id) {
            h2 id=(id) { (plain(&view.scenario.title)) }
            (changes("Over everything", &view.changes))
            @if !view.teams.is_empty() {
                h3.above { "Teams whose waiting changes clearly" }
                (changes("By team", &view.teams))
            }
            @for remark in &view.remarks { p.soft { (plain(remark)) } }
        }
    }
}

fn changes(label: &str, changes: &[ChangeView]) -> Markup {
    markup! {
        div.table role="region" aria-label=(label) tabindex="0" {
            table.stack {
                thead { tr {
                    th scope="col" { "What" }
                    th.amount scope="col" { "As it is" }
                    th.amount scope="col" { "With it" }
                    th.amount scope="col" { "Difference, run by run" }
                    th scope="col" { "Clear" }
                } }
                tbody { @for change in changes { tr {
                    th scope="row" { (plain(&change.label)) }
                    td.amount data-label="As it is" { (change.base) }
                    td.amount data-label="With it" { (change.scenario) }
                    td.amount data-label="Difference" { (change.difference) }
                    td data-label="Clear" { (change.verdict) }
                } } }
            }
        }
    }
}

fn teams(answer: &Simulation) -> Markup {
    markup! {
        details {
            summary { "What each team was seen to do" }
            div.table role="region" aria-label="Teams" tabindex="0" {
                table.stack {
                    thead { tr {
                        th scope="col" { "Team" }
                        th.amount scope="col" { "Most in work at once" }
                        th.amount scope="col" { "Open hours a week" }
                    } }
                    tbody { @for team in &answer.fit.teams { tr {
                        th scope="row" { (plain(&team.name)) }
                        td.amount data-label="Most in work at once" { (whole(u64::from(team.in_work_most))) }
                        td.amount data-label="Open hours a week" {
                            (team.open_hours) @if !team.has_own_hours { " (of all teams)" }
                        }
                    } } }
                }
            }
        }
    }
}

fn facts(id: &str, heading: &str, facts: &[(&str, String)]) -> Markup {
    markup! {
        section aria-labelledby=(id) {
            h2 id=(id) { (heading) }
            dl.card { @for (label, value) in facts { dt { (label) } dd { (plain(value)) } } }
        }
    }
}
