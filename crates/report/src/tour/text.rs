//! A tour as text for people, for terminals of 40 to 120 columns.

use super::model::{Idea, Tour};
use super::view::{CAUSES_MAX, candidate, cause, caution, ended, handovers, reading, tried};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page};

/// Returns the tour as text, `width` columns wide.
pub fn text(tour: &Tour<'_>, appearance: Appearance, width: usize) -> String {
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &caution(tour), Ink::Normal);
    chapter(&mut page, "Who hands over to whom", &[handovers(tour)]);
    page.heading("Why work fails");
    for one in tour.mined.causes.iter().take(CAUSES_MAX) {
        let (what, rate) = cause(one);
        page.wrapped(&Indent::marked(2, ""), &what, Ink::Normal);
        page.wrapped(&Indent::marked(4, ""), &rate, Ink::Normal);
    }
    match &tour.tried {
        None => {
            let said = "Nothing: no cause is firm enough to ask anybody for more.".to_owned();
            chapter(&mut page, "What could be asked for", &[said]);
        }
        Some(idea) => chapter(
            &mut page,
            "What could be asked for, and what it would have done",
            &asked_for(tour, idea),
        ),
    }
    for trial in tour.trials {
        let mut said = vec![trial.idea.clone(), trial.behavior.clone(), ended(trial)];
        said.extend(trial.readings.iter().map(reading));
        chapter(&mut page, &format!("Rolled out: {}", trial.title), &said);
    }
    if let Some(proof) = tour.proof {
        chapter(&mut page, "Proved offline", &proof.lines);
    }
    page.finish()
}

fn asked_for(tour: &Tour<'_>, idea: &Idea<'_>) -> Vec<String> {
    let mut said = vec![format!("clause {}", idea.clause)];
    if let Some(candidate) = candidate(tour, idea) {
        said.extend(candidate.when.iter().map(|when| format!("when {when}")));
        said.push(format!("expect {}", candidate.expect));
    }
    said.extend(tried(idea));
    said
}

fn chapter(page: &mut Page, title: &str, said: &[String]) {
    page.heading(title);
    for line in said {
        page.wrapped(&Indent::marked(2, ""), line, Ink::Normal);
    }
}
