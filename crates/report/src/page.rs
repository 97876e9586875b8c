//! What every HTML page of Baton shares: the head with its policy, and the style sheet.
//!
//! A page is one file: no script, no request, readable on a phone and on paper.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_terms::Digest;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::plain;

/// The style sheet of every page.
const STYLE: &str = include_str!("page/style.css");

/// Returns a self-contained page with the shared style sheet and, after it, `more` of its own.
///
/// The page's own policy (Content Security Policy Level 3) forbids every script and request and
/// allows exactly the one style sheet it carries.
pub(crate) fn page(title: &str, more: &str, body: &Markup) -> String {
    let style = format!("{STYLE}{more}");
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy(&style));
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="referrer" content="no-referrer";
                title { (title) }
                style { (PreEscaped(&style)) }
            }
            body { (body) }
        }
    };
    page.into_string()
}

/// Returns a part of a page under a heading of its own.
pub(crate) fn section(id: &str, title: &str, content: &Markup) -> Markup {
    html! {
        section aria-labelledby=(id) {
            h2 id=(id) { (title) }
            (content)
        }
    }
}

/// Returns what a reader has to know first; nothing where there is nothing.
pub(crate) fn cautions(told: &[String]) -> Markup {
    html! {
        @if !told.is_empty() {
            section.card.cautions aria-labelledby="cautions" {
                h2 id="cautions" { "Before you use it" }
                ul.plain { @for caution in told { li { (plain(caution)) } } }
            }
        }
    }
}

/// Returns a table whose first column names its rows.
pub(crate) fn table<const N: usize>(label: &str, heads: [&str; N], rows: &[[String; N]]) -> Markup {
    html! {
        @if rows.is_empty() { p { "None." } } @else {
            div.table role="region" aria-label=(format!("{label}, as a table")) tabindex="0" {
                table {
                    thead { tr { @for head in heads {
                        @if head.is_empty() { td {} } @else { th scope="col" { (head) } }
                    } } }
                    tbody { @for row in rows { tr {
                        @for (at, cell) in row.iter().enumerate() {
                            @if at == 0 { th scope="row" { (plain(cell)) } } @else { td { (plain(cell)) } }
                        }
                    } } }
                }
            }
        }
    }
}

fn policy(style: &str) -> String {
    let style = STANDARD.encode(Digest::of(style.as_bytes()).as_bytes());
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
}
