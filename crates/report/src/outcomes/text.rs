//! Outcomes for terminals.

use super::model::Status;
use super::model::{Line, Outcomes, Reading};
use super::view::{
    about, amount, baseline, contract, headline, mission, mission_outcome, rests_on, standing,
    status, target, value, waived,
};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page};
use crate::mining::numbers::whole;

/// Returns the report as text for people, `width` columns wide.
pub fn text(outcomes: &Outcomes, appearance: Appearance, width: usize) -> String {
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &headline(outcomes), Ink::Strong);
    page.wrapped(&Indent::none(), &about(outcomes), Ink::Faint);
    for one in &outcomes.contracts {
        page.heading(&contract(one));
        for line in &one.outcomes {
            outcome(&mut page, outcomes, line);
        }
        for sentence in standing(&one.standing).iter().chain(&waived(one)) {
            page.wrapped(&Indent::marked(2, ""), sentence, Ink::Normal);
        }
    }
    page.heading("All contracts together");
    for line in &outcomes.network.outcomes {
        outcome(&mut page, outcomes, line);
    }
    for sentence in standing(&outcomes.network.standing) {
        page.wrapped(&Indent::marked(2, ""), &sentence, Ink::Normal);
    }
    if !outcomes.missions.is_empty() {
        page.heading("Missions");
        for one in &outcomes.missions {
            page.wrapped(&Indent::marked(2, ""), &mission(one), Ink::Normal);
            for told in &one.outcomes {
                page.wrapped(
                    &Indent::marked(4, "- "),
                    &mission_outcome(told),
                    Ink::Normal,
                );
            }
        }
        if outcomes.missions_left_out > 0 {
            let more = format!("and {} more", whole(outcomes.missions_left_out));
            page.wrapped(&Indent::marked(2, ""), &more, Ink::Faint);
        }
    }
    page.finish()
}

fn outcome(page: &mut Page, outcomes: &Outcomes, line: &Line) {
    let ink = match line.status {
        Status::Met => Ink::Good,
        Status::NotMet => Ink::Bad,
        Status::Unknown => Ink::Caution,
        Status::NoTarget => Ink::Normal,
    };
    let said = if line.status == Status::NoTarget {
        format!("{}: {}", line.id, value(&line.unit, &line.now))
    } else {
        format!("{}: {}", line.id, status(line))
    };
    page.wrapped(&Indent::marked(2, ""), &said, ink);
    if line.status != Status::NoTarget {
        let numbers = format!(
            "now {}; target {}; baseline {}",
            value(&line.unit, &line.now),
            target(line),
            baseline(line)
        );
        page.wrapped(&Indent::marked(6, ""), &numbers, Ink::Normal);
    }
    page.wrapped(&Indent::marked(6, ""), &rests_on(line), Ink::Faint);
    let weeks = outcomes.weeks.iter().zip(&line.weeks);
    let shown: Vec<String> = weeks
        .filter(|(_, reading)| reading.value.is_some())
        .map(|(week, reading)| format!("{} {}", week.name, of_week(&line.unit, reading)))
        .collect();
    if !shown.is_empty() {
        page.wrapped(&Indent::marked(6, ""), &shown.join(", "), Ink::Faint);
    }
}

fn of_week(unit: &str, reading: &Reading) -> String {
    let value = reading
        .value
        .map_or_else(String::new, |value| amount(unit, value));
    format!("{value} of {}", whole(reading.sample))
}
