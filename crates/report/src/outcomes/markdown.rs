//! Outcomes as GitHub Flavored Markdown.

use std::fmt::Write as _;

use super::model::{Activity, Line, Outcomes};
use super::view::{
    about, amount, baseline, contract, counts, headline, mission, mission_outcome, rests_on,
    standing, status, target, value, waived,
};
use crate::markdown::text as shown;
use crate::mining::numbers::whole;

/// Returns the report as Markdown, for wherever the week is discussed.
pub fn markdown(outcomes: &Outcomes) -> String {
    let mut page = format!(
        "## {}\n\n{}\n",
        shown(&headline(outcomes)),
        shown(&about(outcomes))
    );
    for one in &outcomes.contracts {
        heading(&mut page, &contract(one));
        table(&mut page, &one.outcomes);
        let said = standing(&one.standing).into_iter().chain(waived(one));
        items(&mut page, said);
        weeks(&mut page, outcomes, (&one.outcomes, &one.activity));
    }
    heading(&mut page, "All contracts together");
    table(&mut page, &outcomes.network.outcomes);
    items(&mut page, standing(&outcomes.network.standing));
    let network = &outcomes.network;
    weeks(&mut page, outcomes, (&network.outcomes, &network.activity));
    if !outcomes.missions.is_empty() {
        heading(&mut page, "Missions");
        for one in &outcomes.missions {
            let told = one.outcomes.iter().map(mission_outcome);
            let told: Vec<String> = std::iter::once(mission(one)).chain(told).collect();
            items(&mut page, [told.join("; ")]);
        }
        if outcomes.missions_left_out > 0 {
            items(
                &mut page,
                [format!("and {} more", whole(outcomes.missions_left_out))],
            );
        }
    }
    page
}

// Writing to a String can't fail, here and below.
fn heading(page: &mut String, title: &str) {
    let _ = write!(page, "\n### {}\n\n", shown(title));
}

fn table(page: &mut String, lines: &[Line]) {
    page.push_str(
        "| outcome | now | target | baseline | stands | rests on |\n|---|---|---|---|---|---|\n",
    );
    for line in lines {
        let cells = [
            line.id.clone(),
            value(&line.unit, &line.now),
            target(line),
            baseline(line),
            status(line),
            rests_on(line),
        ];
        row(page, cells);
    }
    page.push('\n');
}

fn weeks(page: &mut String, outcomes: &Outcomes, (lines, activity): (&[Line], &[Activity])) {
    let names = counts(&Activity::default()).map(|(name, _)| name);
    let head = std::iter::once("week").chain(lines.iter().map(|line| line.id.as_str()));
    let head: Vec<String> = head.chain(names).map(str::to_owned).collect();
    let rule = "|---".repeat(head.len());
    page.push('\n');
    row(page, head);
    let _ = writeln!(page, "{rule}|");
    for (at, week) in outcomes.weeks.iter().enumerate() {
        let open = if week.is_whole { "" } else { " (so far)" };
        let mut cells = vec![format!("{}{open}", week.name)];
        cells.extend(lines.iter().map(|line| {
            let reading = line.weeks.get(at).copied().unwrap_or_default();
            reading.value.map_or_else(String::new, |value| {
                format!("{} of {}", amount(&line.unit, value), whole(reading.sample))
            })
        }));
        let happened = activity.get(at).map(counts).into_iter().flatten();
        cells.extend(happened.map(|(_, count)| whole(count)));
        row(page, cells);
    }
}

fn row(page: &mut String, cells: impl IntoIterator<Item = String>) {
    let cells: Vec<String> = cells.into_iter().map(|cell| shown(&cell)).collect();
    let _ = writeln!(page, "| {} |", cells.join(" | "));
}

fn items(page: &mut String, items: impl IntoIterator<Item = String>) {
    for item in items {
        let _ = writeln!(page, "- {}", shown(&item));
    }
}
