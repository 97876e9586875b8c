//! Draws `docs/guide/calibration.svg`: how often p-values of pure noise fall below a level, exact
//! tails beside the normal approximation. The draws have a fixed key, so the picture is the same on
//! every machine: `just calibration`.

use std::fmt::Write as _;
use std::io::Write as _;

use baton_rootcause::statistics::{Hypergeometric, LogProbability, Stream, chi_square_tail};

const KEY: u64 = 20_260_101;
const CASES: u32 = 2_000;
const FAILURES: u32 = 100;
const DRAWS: u32 = 40_000;
/// Cases of the patterns that are drawn.
const COVERED: [u32; 4] = [10, 20, 40, 80];
/// Steps for each factor of ten of the level, and factors of ten.
const STEPS: u32 = 8;
const DECADES: u32 = 5;

/// Corners of the plotting area, and what a factor of ten takes.
const LEFT: f64 = 64.0;
const BOTTOM: f64 = 396.0;
const DECADE: f64 = 70.0;

fn main() -> std::io::Result<()> {
    let (exact, normal) = p_values();
    std::io::stdout()
        .lock()
        .write_all(picture(&exact, &normal).as_bytes())
}

/// Returns the sorted p-values of every draw, exact and by normal approximation.
fn p_values() -> (Vec<f64>, Vec<f64>) {
    let (mut exact, mut normal) = (Vec::new(), Vec::new());
    let Some(test) = Hypergeometric::new(CASES.into(), FAILURES.into()) else {
        return (exact, normal);
    };
    for (stratum, covered) in (0..).zip(COVERED) {
        let mut stream = Stream::new(KEY, stratum, covered);
        for _ in 0..DRAWS {
            let failing = drawn(&mut stream, covered);
            let tail = test.upper_tail(covered.into(), failing.into());
            exact.push(tail.map_or(1.0, LogProbability::probability));
            normal.push(approximate(covered, failing));
        }
    }
    exact.sort_by(f64::total_cmp);
    normal.sort_by(f64::total_cmp);
    (exact, normal)
}

/// Draws the failures among `covered` cases when failures have nothing to do with them.
fn drawn(stream: &mut Stream, covered: u32) -> u32 {
    let (mut cases, mut failures) = (CASES, FAILURES);
    for _ in 0..covered {
        failures -= u32::from(stream.below(cases) < failures);
        cases -= 1;
    }
    FAILURES - failures
}

fn approximate(covered: u32, failing: u32) -> f64 {
    let (n, count) = (f64::from(CASES), f64::from(covered));
    let share = f64::from(FAILURES) / n;
    let variance = count * share * (1.0 - share) * (n - count) / (n - 1.0);
    let z = (f64::from(failing) - count * share) / variance.sqrt();
    let two_sided = chi_square_tail(z * z, 1).map_or(1.0, LogProbability::probability);
    if z > 0.0 {
        two_sided / 2.0
    } else {
        1.0 - two_sided / 2.0
    }
}

/// Returns the share of sorted p-values at or below a level.
fn share(sorted: &[f64], level: f64) -> f64 {
    let below = u32::try_from(sorted.partition_point(|p| *p <= level)).unwrap_or(u32::MAX);
    let all = u32::try_from(sorted.len().max(1)).unwrap_or(u32::MAX);
    f64::from(below) / f64::from(all)
}

/// Returns where a probability lies, as factors of ten above the smallest one shown; nothing below it.
fn height(probability: f64) -> Option<f64> {
    let decades = if probability > 0.0 {
        log10(probability) + f64::from(DECADES)
    } else {
        -1.0
    };
    (decades >= 0.0).then_some(decades)
}

/// The logarithm to base ten, from software, so that no machine draws another line.
fn log10(value: f64) -> f64 {
    LogProbability::from_probability(value).map_or(0.0, LogProbability::log10)
}

fn line(sorted: &[f64]) -> String {
    let mut points = String::new();
    for step in 0..=STEPS * DECADES {
        let decades = f64::from(step) / f64::from(STEPS);
        // Powers of ten by square roots of ten, so that they are exact everywhere.
        let level = level(STEPS * DECADES - step);
        if let Some(height) = height(share(sorted, level)) {
            let (x, y) = (LEFT + decades * DECADE, BOTTOM - height * DECADE);
            let _ = write!(points, "{x:.1},{y:.1} ");
        }
    }
    points.trim_end().to_owned()
}

/// Returns ten to the minus `eighths / 8`.
fn level(eighths: u32) -> f64 {
    let eighth = 10.0_f64.sqrt().sqrt().sqrt();
    (0..eighths).fold(1.0, |level, _| level / eighth)
}

fn picture(exact: &[f64], normal: &[f64]) -> String {
    let size = DECADE * f64::from(DECADES);
    let (right, top) = (LEFT + size, BOTTOM - size);
    let mut svg = String::from(HEAD);
    for decade in 0..=DECADES {
        let along = f64::from(decade) * DECADE;
        let (x, y) = (LEFT + along, BOTTOM - along);
        let label = ["0.00001", "0.0001", "0.001", "0.01", "0.1", "1"];
        let label = usize::try_from(decade)
            .ok()
            .and_then(|idx| label.get(idx))
            .unwrap_or(&"");
        let _ = writeln!(
            svg,
            r#"<path class="grid" d="M{x:.0} {top:.0}V{BOTTOM:.0}M{LEFT:.0} {y:.0}H{right:.0}"/>"#
        );
        let _ = writeln!(
            svg,
            r#"<text x="{x:.0}" y="{:.0}" text-anchor="middle">{label}</text>"#,
            BOTTOM + 18.0
        );
        let _ = writeln!(
            svg,
            r#"<text x="{:.0}" y="{:.0}" text-anchor="end">{label}</text>"#,
            LEFT - 6.0,
            y + 4.0
        );
    }
    let _ = writeln!(
        svg,
        r#"<path class="truth" d="M{LEFT:.0} {BOTTOM:.0}L{right:.0} {top:.0}"/>"#
    );
    let _ = writeln!(
        svg,
        r#"<polyline class="normal" points="{}"/>"#,
        line(normal)
    );
    let _ = writeln!(svg, r#"<polyline class="exact" points="{}"/>"#, line(exact));
    svg.push_str(FOOT);
    svg
}

const HEAD: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 440 450" width="440" height="450" role="img" aria-labelledby="title description">
<title id="title">P-values of pure noise: exact tails and the normal approximation</title>
<desc id="description">Share of 160,000 draws without any cause whose p-value is at most a level, against that level. Exact tails stay on or below the diagonal. The normal approximation rises far above it at small levels.</desc>
<style>
  svg { background: #fff; font: 12px system-ui, sans-serif; }
  text { fill: #333; } .grid { stroke: #ddd; fill: none; } .truth { stroke: #777; stroke-dasharray: 5 4; fill: none; }
  .exact { stroke: #0b61a4; stroke-width: 2.5; fill: none; } .normal { stroke: #b3450b; stroke-width: 2.5; stroke-dasharray: 9 3; fill: none; }
  @media (prefers-color-scheme: dark) {
    svg { background: #16191d; } text { fill: #ddd; } .grid { stroke: #333a42; } .truth { stroke: #999; }
    .exact { stroke: #6cb8f5; } .normal { stroke: #f59b62; }
  }
</style>
"#;

const FOOT: &str = r#"<text x="239" y="438" text-anchor="middle">level: p-value at most</text>
<text transform="translate(14 221) rotate(-90)" text-anchor="middle">share of draws that reach it</text>
<path class="normal" d="M76 66h34"/><text x="116" y="70">normal approximation</text>
<path class="exact" d="M76 86h34"/><text x="116" y="90">exact tail, as Baton uses it</text>
<path class="truth" d="M76 106h34"/><text x="116" y="110">what a p-value promises</text>
<text x="239" y="24" text-anchor="middle" font-weight="600">When nothing causes anything</text>
</svg>
"#;
