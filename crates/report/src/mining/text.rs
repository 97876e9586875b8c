//! A mining report as text for people, for terminals of 80 to 120 columns.

use baton_rootcause::wire::{Fixed, Stratum};

use super::cause::CauseView;
use super::model::Model;
use super::numbers::{percent, percent_of, whole};
use super::view::{self, View};
use super::words_of::{group_name, why};
use crate::Appearance;
use crate::draw::{Indent, Ink, Page, drawn_width, padded};

/// Cells of a bar from nothing to all.
const BAR_CELLS: u64 = 40;
/// Groups of an adjustment shown in text before the number of the others.
const STRATA_MAX: usize = 6;
/// Example cases named in text; the other formats have them all.
const EXAMPLES_MAX: usize = 5;
/// Descriptions of the same cases in text before the number of the others.
const ALIASES_MAX: usize = 3;
/// Items of a list beside the causes in text before the number of the others.
const BESIDE_MAX: usize = 5;
/// Widest name in a column of names.
const NAME_WIDTH_MAX: usize = 32;

/// Returns a mining report as text, `width` columns wide.
pub fn text(model: &Model<'_>, appearance: Appearance, width: usize) -> String {
    let view = View::new(model.report);
    let mut page = Page::new(appearance, width);
    page.wrapped(&Indent::none(), &view.headline, Ink::Strong);
    for sentence in view.lead.iter().chain(&view.answer) {
        page.wrapped(&Indent::none(), sentence, Ink::Normal);
    }
    cautions(&mut page, &view);
    causes(&mut page, &view);
    coverage(&mut page, &view);
    beside(&mut page, &view);
    list(&mut page, "The failure rate over time", &view.changes);
    set_aside(&mut page, &view);
    list(&mut page, "Cases left out", &view.left_out);
    quality(&mut page, &view);
    list(&mut page, "What was searched", &view.search);
    page.heading("What was read");
    pairs(&mut page, &view.inputs);
    page.finish()
}

fn cautions(page: &mut Page, view: &View<'_>) {
    let cautions = &view.report.cautions;
    if cautions.is_empty() {
        return;
    }
    page.heading("Before you use it");
    for caution in cautions {
        page.wrapped(&Indent::marked(2, "! "), &caution.text, Ink::Caution);
    }
}

fn causes(page: &mut Page, view: &View<'_>) {
    if view.causes.is_empty() {
        return;
    }
    page.heading("Where failures gather, strongest first");
    page.wrapped(&Indent::none(), &view.about_causes, Ink::Faint);
    for cause in &view.causes {
        page.blank();
        one(page, cause);
    }
}

fn beside(page: &mut Page, view: &View<'_>) {
    for list in &view.beside {
        page.heading(list.heading);
        page.wrapped(&Indent::none(), list.about, Ink::Faint);
        for (what, size) in list.items.iter().take(BESIDE_MAX) {
            page.wrapped(&Indent::marked(2, "- "), what, Ink::Normal);
            page.wrapped(&Indent::marked(4, ""), size, Ink::Faint);
        }
        let more = list.items.len().saturating_sub(BESIDE_MAX);
        if more > 0 {
            let more = format!("and {more} more, in the other formats");
            page.wrapped(&Indent::marked(2, ""), &more, Ink::Faint);
        }
    }
}

fn one(page: &mut Page, view: &CauseView<'_>) {
    let cause = view.cause;
    let below = Indent::marked(5, "");
    page.wrapped(
        &Indent::marked(0, format!("{:>3}. ", cause.rank)),
        &view.line(),
        Ink::Strong,
    );
    let ink = match view.badge.grade {
        1 => Ink::Caution,
        _ => Ink::Good,
    };
    page.wrapped(&below, view.badge.words, ink);
    if !view.marks.is_empty() {
        page.wrapped(&below, &view.marks.join("; "), Ink::Caution);
    }
    bar(
        page,
        "here",
        cause.effect.rate.value.unwrap_or_default(),
        Ink::Bad,
    );
    bar(page, "others", cause.effect.other_rate, Ink::Normal);
    for sentence in [&view.size, &view.saving, &view.evidence] {
        page.wrapped(&below, sentence, Ink::Normal);
    }
    for doubt in &view.doubts {
        page.wrapped(&Indent::marked(5, "! "), doubt, Ink::Caution);
    }
    if let Some(adjustment) = &cause.adjustment {
        strata(page, &adjustment.strata);
    }
    page.wrapped(&below, &view.sensitivity, Ink::Faint);
    if let Some(stability) = &view.stability {
        page.wrapped(&below, stability, Ink::Faint);
    }
    aliases(page, "the same cases: ", &view.aliases);
    aliases(page, "nearly the same: ", &view.near_aliases);
    if !cause.examples.is_empty() {
        let shown: Vec<_> = cause.examples.iter().take(EXAMPLES_MAX).cloned().collect();
        let more = cause.examples.len().saturating_sub(EXAMPLES_MAX);
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        page.wrapped(
            &Indent::marked(5, "look at: "),
            &format!("{}{more}", shown.join(", ")),
            Ink::Normal,
        );
    }
}

fn aliases(page: &mut Page, mark: &str, aliases: &[String]) {
    for alias in aliases.iter().take(ALIASES_MAX) {
        page.wrapped(&Indent::marked(5, mark), alias, Ink::Faint);
    }
    let more = aliases.len().saturating_sub(ALIASES_MAX);
    if more > 0 {
        let rest = format!("{more} more descriptions, in the other formats");
        page.wrapped(&Indent::marked(5, mark), &rest, Ink::Faint);
    }
}

fn bar(page: &mut Page, label: &str, share: Fixed, ink: Ink) {
    let millionths = u64::try_from(share.millionths())
        .unwrap_or(0)
        .min(1_000_000);
    let filled = (millionths * BAR_CELLS + 500_000) / 1_000_000;
    let cell = |count: u64, with: &str| with.repeat(usize::try_from(count).unwrap_or(0));
    page.row(&[
        (format!("     {}", padded(label, 8)), Ink::Faint),
        (cell(filled, "█"), ink),
        (cell(BAR_CELLS - filled, "░"), Ink::Faint),
        (format!("  {}", percent(share)), Ink::Normal),
    ]);
}

fn strata(page: &mut Page, strata: &[Stratum]) {
    let shown = || strata.iter().take(STRATA_MAX);
    let names: Vec<_> = shown().map(|stratum| group_name(&stratum.name)).collect();
    let width = names
        .iter()
        .map(|name| drawn_width(name))
        .max()
        .unwrap_or(0)
        .min(NAME_WIDTH_MAX);
    for (stratum, name) in shown().zip(names) {
        let said = |(cases, failures): (u64, u64)| {
            format!(
                "{} of {} ({})",
                whole(failures),
                whole(cases),
                percent_of(failures, cases)
            )
        };
        let name = format!("     {}  ", padded(&name, width));
        let (here, others) = (said(stratum.exposed), said(stratum.unexposed));
        page.wrapped(
            &Indent::marked(0, name),
            &format!("{here}; others {others}"),
            Ink::Faint,
        );
    }
    let more = strata.len().saturating_sub(STRATA_MAX);
    if more > 0 {
        page.wrapped(
            &Indent::marked(5, ""),
            &format!("and {more} more groups"),
            Ink::Faint,
        );
    }
}

fn coverage(page: &mut Page, view: &View<'_>) {
    if view.coverage.is_empty() {
        return;
    }
    page.heading("How much they cover");
    page.wrapped(&Indent::none(), &view.coverage, Ink::Normal);
    let overview = &view.report.overview;
    for (at, step) in view.report.coverage.iter().enumerate() {
        let label = format!("1 to {}", at + 1);
        let label = if at == 0 { "1" } else { &label };
        bar(
            page,
            label,
            view::rate(step.failures, overview.failures).unwrap_or_default(),
            Ink::Good,
        );
    }
}

fn set_aside(page: &mut Page, view: &View<'_>) {
    let excluded = &view.report.excluded;
    if excluded.is_empty() {
        return;
    }
    page.heading("Set aside, and why");
    let names = excluded.iter().map(|column| drawn_width(&column.name));
    let width = names.max().unwrap_or(0).min(NAME_WIDTH_MAX);
    for column in excluded {
        let mark = format!("{}  ", padded(&column.name, width));
        let detail = if column.detail.is_empty() {
            why(&column.why).to_owned()
        } else {
            format!("{}: {}", why(&column.why), column.detail)
        };
        page.wrapped(&Indent::marked(2, mark), &detail, Ink::Normal);
    }
}

fn quality(page: &mut Page, view: &View<'_>) {
    let quality = &view.quality;
    if quality.read.is_empty() {
        return;
    }
    page.heading("How the log was read");
    for line in &quality.read {
        page.wrapped(&Indent::marked(2, "- "), line, Ink::Normal);
    }
    for refused in &quality.refused {
        page.wrapped(&Indent::marked(4, ""), &refused.what, Ink::Caution);
        for sample in &refused.samples {
            page.wrapped(&Indent::marked(6, ""), sample, Ink::Faint);
        }
    }
    for warning in &quality.warnings {
        page.wrapped(&Indent::marked(2, "! "), warning, Ink::Caution);
    }
}

fn list(page: &mut Page, heading: &str, sentences: &[String]) {
    if sentences.is_empty() {
        return;
    }
    page.heading(heading);
    for sentence in sentences {
        page.wrapped(&Indent::marked(2, "- "), sentence, Ink::Normal);
    }
}

fn pairs(page: &mut Page, pairs: &[(&'static str, String)]) {
    let width = pairs.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, value) in pairs {
        page.wrapped(
            &Indent::marked(2, format!("{}  ", padded(name, width))),
            value,
            Ink::Normal,
        );
    }
}
