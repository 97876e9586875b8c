//! The map as a drawing: SVG 1.1 that stands alone or in a page, in the page's colors.
//!
//! Its coordinates are those of a phone, so that text keeps its size there; wider places only set
//! more room beside it.

use baton_eventlog::handover::{Edge, Map};
use maud::{Markup, PreEscaped, html};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::layout::Layout;
use super::shown::{number, percent, rate, time};
use crate::plain;

const WIDTH: u64 = 390;
const ROW: u64 = 34;
const TOP: u64 = 44;
/// Left and right ends of the column of names.
const NAMES: (u64, u64) = (104, 286);
/// Farthest an arc reaches from the names.
const REACH: u64 = 96;
/// How far the arc between two neighbors reaches.
const NEAR: u64 = 22;
/// Columns of a name.
const NAME_COLUMNS: usize = 18;
/// Arcs with their number of handovers written at them.
const LABELS_MAX: usize = 8;
/// A party gives back much when it gives back this share, in percent.
const MUCH_PERCENT: u64 = 20;

/// Returns the drawing for a page that declares the colors `--text`, `--soft`, `--accent`,
/// `--critical`, `--card` and `--track`.
pub fn svg(map: &Map) -> String {
    drawing(map, &PreEscaped(String::new())).into_string()
}

/// Returns the drawing as a file of its own, in the colors of the reader's theme.
pub fn svg_document(map: &Map) -> String {
    let style = PreEscaped(format!("<style>{STYLE}</style>"));
    drawing(map, &style).into_string() + "\n"
}

const STYLE: &str = ".handover-map { max-width: 640px; display: block; margin: 0 auto; } svg { --text: #1b1f26; --soft: #545c69; --accent: #1d4fa8; --critical: #9c1820; --card: #ffffff; --track: #e4e8ee; background: var(--card); } \
@media (prefers-color-scheme: dark) { svg { --text: #e9ecf1; --soft: #a9b2bf; --accent: #9cc2ff; --critical: #ff9e9b; --card: #181c22; --track: #2b323c; } }";

fn drawing(map: &Map, style: &Markup) -> Markup {
    let layout = Layout::of(map);
    let rows = u64::try_from(layout.rows.len()).unwrap_or(0);
    let bottom = TOP + ROW * rows;
    let height = bottom + 92;
    let most = layout
        .arcs
        .last()
        .map_or(1, |(_, _, edge)| edge.handovers.max(1));
    let labelled = layout.arcs.len().saturating_sub(LABELS_MAX);
    html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox=(format!("0 0 {WIDTH} {height}")) width="100%"
            class="handover-map" role="img" aria-label=(said(map, &layout))
            font-family="system-ui, -apple-system, Segoe UI, Roboto, sans-serif" font-size="13" {
            (style)
            g fill="var(--soft)" {
                text x=(NAMES.0 - 8) y="20" text-anchor="end" { "↑ back up" }
                text x=(WIDTH / 2) y="20" text-anchor="middle" { "Parties, and cases received" }
                text x=(NAMES.1 + 8) y="20" { "↓ down" }
            }
            g fill="none" stroke-linecap="round" {
                @for (from, to, edge) in &layout.arcs { (arc((*from, *to), edge, (layout.rows.len(), most))) }
            }
            @for (at, (name, received)) in layout.rows.iter().enumerate() { (party(map, at, name, *received)) }
            @for (from, to, edge) in layout.arcs.iter().skip(labelled) { (label((*from, *to), edge, layout.rows.len())) }
            (legend(map, &layout, bottom))
        }
    }
}

/// What the drawing shows, for those who can't see it.
fn said(map: &Map, layout: &Layout<'_>) -> String {
    let busiest = layout.arcs.last().map_or_else(String::new, |(_, _, edge)| {
        format!(
            "; most often from {} to {}, {} times",
            plain(&edge.from),
            plain(&edge.to),
            number(edge.handovers)
        )
    });
    format!(
        "Handover map: {} handovers between {} parties{busiest}",
        number(map.totals.handovers),
        number(u64::try_from(map.parties.len()).unwrap_or(0))
    )
}

/// Returns the middle of a row.
fn row_at(row: usize) -> u64 {
    TOP + ROW * u64::try_from(row).unwrap_or(0) + ROW / 2
}

/// Where an arc leaves, where it arrives, and how far it reaches. Arcs leave below the middle and
/// arrive above it when they go down, and the other way round when they go up.
fn ends((from, to): (usize, usize), rows_all: usize) -> (u64, u64, u64) {
    let is_down = to > from;
    let rows = u64::try_from(from.abs_diff(to)).unwrap_or(1);
    let (leave, arrive) = if is_down {
        (row_at(from) + 5, row_at(to) - 5)
    } else {
        (row_at(from) - 5, row_at(to) + 5)
    };
    let farthest = u64::try_from(rows_all)
        .unwrap_or(1)
        .saturating_sub(1)
        .max(1);
    // The farther apart, the farther out, so that arcs lie in each other instead of on each other.
    (leave, arrive, NEAR + (REACH - NEAR) * rows / farthest)
}

fn arc(rows: (usize, usize), edge: &Edge, (rows_all, most): (usize, u64)) -> Markup {
    let (leave, arrive, reach) = ends(rows, rows_all);
    let is_down = rows.1 > rows.0;
    let x = if is_down { NAMES.1 } else { NAMES.0 };
    // A cubic curve reaches three quarters of the way to its control points.
    let control = reach * 4 / 3;
    let (bend, tip, base) = if is_down {
        (x + control, x + 1, x + 8)
    } else {
        (x.saturating_sub(control), x - 1, x - 8)
    };
    // An eighth of a unit per step, 1 to 8 units wide, by the square root: its area is seen.
    let eighths = 8 + (edge.handovers * 3_136 / most).isqrt();
    let width = format!("{}.{:03}", eighths / 8, eighths % 8 * 125);
    let much = edge.returned * 100 >= edge.handovers * MUCH_PERCENT;
    let color = if much {
        "var(--critical)"
    } else {
        "var(--accent)"
    };
    let path = format!("M{x} {leave}C{bend} {leave} {bend} {arrive} {base} {arrive}");
    let head = format!(
        "M{tip} {arrive}L{base} {}L{base} {}Z",
        arrive - 4,
        arrive + 4
    );
    html! {
        g {
            title { (told(edge)) }
            path d=(path) stroke=(color) stroke-width=(width) stroke-opacity="0.62" stroke-dasharray=[much.then_some("7 5")] {}
            path d=(head) fill=(color) {}
        }
    }
}

/// Everything about an edge in one line.
fn told(edge: &Edge) -> String {
    let mut told = format!(
        "{} → {}: {} handovers in {} cases, {} given straight back, {} handed on; wait: median {}, nine in ten within {}",
        plain(&edge.from),
        plain(&edge.to),
        number(edge.handovers),
        number(edge.cases),
        percent(edge.returned, edge.handovers),
        percent(edge.passed_on, edge.handovers),
        time(edge.waiting.median_seconds),
        time(edge.waiting.p90_seconds)
    );
    if let Some(nameless) = edge.without_person {
        let nameless = percent(nameless, edge.handovers);
        told.extend(["; ", &nameless, " name no person"]);
    }
    if let Some(split) = edge.failures {
        let (failed, others) = (rate(split.with), rate(split.without));
        told.extend([
            "; ",
            &failed,
            " failed, ",
            &others,
            " of what the sender handed to others",
        ]);
    }
    told
}

fn label(rows: (usize, usize), edge: &Edge, rows_all: usize) -> Markup {
    let (leave, arrive, reach) = ends(rows, rows_all);
    let x = if rows.1 > rows.0 {
        NAMES.1 + reach
    } else {
        NAMES.0.saturating_sub(reach)
    };
    let y = u64::midpoint(leave, arrive) + 4;
    // The halo keeps the number readable where it crosses other arcs.
    html! {
        text x=(x.clamp(14, WIDTH - 14)) y=(y) text-anchor="middle" font-weight="600" fill="var(--text)"
            stroke="var(--card)" stroke-width="4" paint-order="stroke" { (number(edge.handovers)) }
    }
}

fn party(map: &Map, row: usize, name: &str, received: u64) -> Markup {
    let middle = row_at(row);
    let party = map.parties.iter().find(|party| party.name == name);
    let told = party.map_or_else(String::new, |party| {
        format!(
            "{}: held {} cases, received {}, sent {}, gave {} straight back",
            plain(name),
            number(party.cases),
            number(party.received),
            number(party.sent),
            number(party.gave_back)
        )
    });
    html! {
        g {
            title { (told) }
            rect x=(NAMES.0) y=(middle - 13) width=(NAMES.1 - NAMES.0) height="26" rx="6" fill="var(--track)" {}
            text x=(NAMES.0 + 8) y=(middle + 4) fill="var(--text)" { (shortened(&plain(name))) }
            text x=(NAMES.1 - 7) y=(middle + 4) text-anchor="end" fill="var(--soft)" { (number(received)) }
        }
    }
}

/// Returns a name that fits its row.
fn shortened(name: &str) -> String {
    if name.width() <= NAME_COLUMNS {
        return name.to_owned();
    }
    let mut used = 0;
    let kept = name.chars().take_while(|character| {
        used += character.width().unwrap_or(0);
        used < NAME_COLUMNS
    });
    kept.chain(['…']).collect()
}

fn legend(map: &Map, layout: &Layout<'_>, bottom: u64) -> Markup {
    let drawn: u64 = layout.arcs.iter().map(|(_, _, edge)| edge.handovers).sum();
    let shown = format!(
        "{} of {} parties, {} of {} pairs: {} of all handovers",
        layout.rows.len(),
        map.parties.len(),
        layout.arcs.len(),
        map.edges.len(),
        percent(drawn, map.totals.handovers)
    );
    let y = bottom + 24;
    html! {
        g fill="var(--soft)" {
            path d=(format!("M12 {}h30", y - 4)) stroke="var(--accent)" stroke-width="4" stroke-opacity="0.62" {}
            text x="50" y=(y) { "Handovers; the wider, the more" }
            path d=(format!("M12 {}h30", y + 16)) stroke="var(--critical)" stroke-width="4" stroke-opacity="0.62" stroke-dasharray="7 5" {}
            text x="50" y=(y + 20) { (format!("{MUCH_PERCENT}% or more are given straight back")) }
            text x="12" y=(y + 44) { (shown) }
        }
    }
}
