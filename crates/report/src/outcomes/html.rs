//! Outcomes as one self-contained page: no script, no request, readable on a phone and on paper.

use maud::{Markup, html as markup};

use super::chart::chart;
use super::model::{Activity, Contract, Line, Mission, Outcomes, Standing, Status};
use super::view::{
    about, amount, baseline, contract, counts, headline, limits, mission, mission_outcome,
    rests_on, standing, status, target, waived,
};
use crate::mining::STYLE as MINING;
use crate::mining::numbers::whole;
use crate::page::page;
use crate::plain;

/// What this page adds to the sheet of mining reports.
const STYLE: &str = include_str!("outcomes.css");

/// Returns the report as a page.
pub fn html(outcomes: &Outcomes) -> String {
    let headline = headline(outcomes);
    let body = markup! {
        main {
            header.card.answer.mined {
                p.soft.kicker { "Where outcomes stand" }
                h1 { (headline) }
                p { (about(outcomes)) }
                (tiles(&outcomes.network.standing))
            }
            @for (at, one) in outcomes.contracts.iter().enumerate() { (of_contract(outcomes, at, one)) }
            section aria-labelledby="network" {
                h2 id="network" { "All contracts together" }
                (lines(outcomes, &outcomes.network.outcomes))
                (sentences(&standing(&outcomes.network.standing)))
                (weeks("all contracts together", outcomes, (&outcomes.network.outcomes, &outcomes.network.activity)))
            }
            (missions(outcomes))
        }
        footer { p { "Told by Baton from the record alone. The same store and instant give exactly this page again." } }
    };
    page(&headline, &format!("{MINING}{STYLE}"), &body)
}

fn tiles(standing: &Standing) -> Markup {
    let turns = &standing.turns;
    let tiles = [
        (standing.open, "handoffs are open"),
        (turns.sender, "wait for the sender"),
        (turns.approvers, "wait for approvers"),
        (turns.receiver, "wait for the receiver"),
        (turns.oversight, "wait for oversight"),
        (standing.overdue, "are past a deadline"),
        (standing.waivers, "waivers are in force"),
        (standing.follow_ups, "follow-ups are open"),
    ];
    markup! {
        ul.tiles {
            @for (count, what) in tiles { li { strong { (whole(count)) } " " span { (what) } } }
        }
    }
}

fn of_contract(outcomes: &Outcomes, at: usize, one: &Contract) -> Markup {
    let id = format!("contract-{}", at + 1);
    let said: Vec<String> = standing(&one.standing)
        .into_iter()
        .chain(waived(one))
        .collect();
    markup! {
        section aria-labelledby=(id) {
            h2 id=(id) { (plain(&contract(one))) }
            (lines(outcomes, &one.outcomes))
            (sentences(&said))
            (weeks(&contract(one), outcomes, (&one.outcomes, &one.activity)))
        }
    }
}

fn lines(outcomes: &Outcomes, lines: &[Line]) -> Markup {
    markup! { @for line in lines { (outcome(outcomes, line)) } }
}

fn outcome(outcomes: &Outcomes, line: &Line) -> Markup {
    let tone = match line.status {
        Status::Met => "card outcome ready",
        Status::NotMet => "card outcome critical",
        Status::Unknown => "card outcome review",
        Status::NoTarget => "card outcome none",
    };
    markup! {
        div class=(tone) {
            h3 { (plain(&line.id)) span.soft.small { (line.metric) } }
            div.columns {
                div {
                    p.now {
                        @if let Some(value) = line.now.value { (amount(&line.unit, value)) } @else { "no value" }
                        @if let Some(limits) = limits(&line.unit, &line.now) { " " span { (limits) } }
                    }
                    p.stands { (plain(&status(line))) }
                    dl {
                        @if line.target.is_some() { dt { "Target" } dd { (target(line)) } }
                        @if line.baseline.is_some() { dt { "Baseline" } dd { (baseline(line)) } }
                        dt { "Rests on" } dd { (rests_on(line)) }
                        @if line.unit == "business-minutes" { dt { "Time" } dd { "business time" } }
                    }
                }
                (chart(line, &outcomes.weeks))
            }
        }
    }
}

fn sentences(said: &[String]) -> Markup {
    markup! { @if !said.is_empty() { ul.plain { @for sentence in said { li { (plain(sentence)) } } } } }
}

/// The numbers behind the charts. Each table says whose it is, so that a screen reader can tell them apart.
fn weeks(whose: &str, outcomes: &Outcomes, (lines, activity): (&[Line], &[Activity])) -> Markup {
    let names = counts(&Activity::default()).map(|(name, _)| name);
    markup! {
        details {
            summary { "Week by week" }
            div.table role="region" aria-label=(plain(&format!("Week by week: {whose}"))) tabindex="0" {
                table.stack {
                    thead { tr {
                        th scope="col" { "Week" }
                        @for line in lines { th.amount scope="col" { (plain(&line.id)) } }
                        @for name in names { th.amount scope="col" { (name) } }
                    } }
                    tbody { @for (at, week) in outcomes.weeks.iter().enumerate() { tr {
                        th scope="row" { (week.name) @if !week.is_whole { " (so far)" } }
                        @for line in lines { td.amount data-label=(plain(&line.id)) { (of_week(line, at)) } }
                        @for (name, count) in activity.get(at).map(counts).into_iter().flatten() {
                            td.amount data-label=(name) { (whole(count)) }
                        }
                    } } }
                }
            }
        }
    }
}

fn of_week(line: &Line, at: usize) -> String {
    let reading = line.weeks.get(at).copied().unwrap_or_default();
    match reading.value {
        Some(value) => format!("{} of {}", amount(&line.unit, value), whole(reading.sample)),
        None => "–".to_owned(),
    }
}

fn missions(outcomes: &Outcomes) -> Markup {
    markup! {
        @if !outcomes.missions.is_empty() {
            section aria-labelledby="missions" {
                h2 id="missions" { "Missions" }
                @for one in &outcomes.missions { (of_mission(one)) }
                @if outcomes.missions_left_out > 0 { p.soft { "and " (whole(outcomes.missions_left_out)) " more" } }
            }
        }
    }
}

fn of_mission(one: &Mission) -> Markup {
    markup! {
        div.card {
            h3 { (plain(&mission(one))) }
            ul.plain { @for told in &one.outcomes { li { (plain(&mission_outcome(told))) } } }
        }
    }
}
