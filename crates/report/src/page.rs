//! What every HTML page of Baton shares: the head with its policy, and the style sheet.
//!
//! A page is one file: no script, no request, readable on a phone and on paper.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use baton_terms::Digest;
use maud::{DOCTYPE, Markup, PreEscaped, html};

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

fn policy(style: &str) -> String {
    let style = STANDARD.encode(Digest::of(style.as_bytes()).as_bytes());
    format!("default-src 'none'; style-src 'sha256-{style}'; base-uri 'none'; form-action 'none'")
}
