//! The page as a whole: what fails, what a reader must know, and the sections below.

use maud::{Markup, html as markup};

use super::super::STYLE;
use super::super::model::Model;
use super::super::view::View;
use super::{causes, map, sections};
use crate::page::page;
use crate::plain;

/// Returns a mining report as a self-contained HTML page.
pub fn html(model: &Model<'_>) -> String {
    let view = View::new(model.report);
    let body = markup! {
        main {
            (answer(&view))
            (cautions(&view))
            (causes::overview(&view))
            (causes::details(&view))
            (sections::coverage(&view))
            (sections::beside(&view))
            (sections::over_time(&view))
            (map::map(model.map))
            (sections::set_aside(&view))
            (sections::quality(&view))
            (sections::search(&view))
            (sections::inputs(&view))
        }
        footer { p { "Mined by Baton. The digests above identify exactly what was read; with the settings they are enough to make this page again." } }
    };
    page(&plain(&view.headline), STYLE, &body)
}

fn answer(view: &View<'_>) -> Markup {
    markup! {
        header.card.answer.mined {
            p.soft.kicker { "Why work fails: " (plain(&view.report.input.name)) }
            h1 { (plain(&view.headline)) }
            @if let Some(first) = view.causes.first() {
                p.why { "Failures gather most where " (causes::pieces(&first.title)) ". " (plain(&first.size)) }
            }
            @for sentence in &view.answer { p { (plain(sentence)) } }
            ul.tiles {
                @for (number, what) in &view.tiles {
                    li { strong { (number) } " " span { (what) } }
                }
            }
        }
    }
}

fn cautions(view: &View<'_>) -> Markup {
    let cautions = &view.report.cautions;
    markup! {
        @if !cautions.is_empty() {
            section.card.cautions aria-labelledby="cautions" {
                h2 id="cautions" { "Before you use it" }
                ul.plain { @for caution in cautions { li { (plain(&caution.text)) } } }
            }
        }
    }
}
