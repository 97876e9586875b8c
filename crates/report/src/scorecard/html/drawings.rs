//! The page's drawings: inline SVG, each with its text alternative, none with a meaning that only
//! color carries.

use baton_contract::model::Thresholds;
use baton_scoring::wire::Posture;
use baton_terms::BasisPoints;
use maud::{Markup, html};

/// Returns the sign of a posture: a check, a hand-drawn triangle or an octagon.
pub(super) fn sign(posture: Posture) -> Markup {
    let (outline, inside) = match posture {
        Posture::Ready => (
            "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20z",
            "M7 12.5l3.4 3.4L17 9",
        ),
        Posture::Review => ("M12 2.5 22.5 21h-21z", "M12 9v6M12 17.5v.5"),
        Posture::Critical => ("M8 2h8l6 6v8l-6 6H8l-6-6V8z", "M8.5 8.5l7 7M15.5 8.5l-7 7"),
    };
    html! {
        svg viewBox="0 0 24 24" aria-hidden="true" fill="none" stroke="currentColor"
            stroke-width="2" stroke-linecap="round" stroke-linejoin="round" {
            path d=(outline) {}
            path d=(inside) {}
        }
    }
}

/// Returns the score on its scale, where more is better.
pub(super) fn score(score: Option<BasisPoints>, limits: Thresholds) -> Markup {
    let (review, ready) = (limits.review_min.get(), limits.ready_min.get());
    let zones = [
        ("bad", 0, review),
        ("fair", review, ready),
        ("good", ready, 10_000),
    ];
    let said = match score {
        Some(score) => format!("Score {score} of 100%"),
        None => "No score".to_owned(),
    };
    scale(
        &format!("{said}; ready needs {}", limits.ready_min),
        &zones,
        score,
    )
}

/// Returns the risk on its scale, where less is better.
pub(super) fn risk(risk: BasisPoints, limits: Thresholds) -> Markup {
    let (review, critical) = (limits.review_risk.get(), limits.critical_risk.get());
    let zones = [
        ("good", 0, review),
        ("fair", review, critical),
        ("bad", critical, 10_000),
    ];
    let said = format!(
        "Risk {risk} of 100%; review starts at {}",
        limits.review_risk
    );
    scale(&said, &zones, Some(risk))
}

/// Draws zones of a scale and a marker on it.
fn scale(said: &str, zones: &[(&str, u64, u64)], at: Option<BasisPoints>) -> Markup {
    html! {
        svg.bar viewBox="-100 0 10200 500" preserveAspectRatio="none" role="img" aria-label=(said) {
            title { (said) }
            @for (class, from, to) in zones {
                @if to > from {
                    rect class=(class) x=(from) y="170" width=((to - from).saturating_sub(30)) height="160" {}
                }
            }
            @if let Some(at) = at {
                rect.mark x=(format!("{}", i64::from(at) - 60)) y="20" width="120" height="460" rx="40" {}
            }
        }
    }
}

/// Returns a share as a bar.
pub(super) fn share(said: &str, share: BasisPoints) -> Markup {
    html! {
        svg.bar viewBox="0 0 10000 500" preserveAspectRatio="none" role="img" aria-label=(said) {
            title { (said) }
            rect.track x="0" y="130" width="10000" height="240" {}
            rect.fill x="0" y="130" width=(share.get()) height="240" {}
        }
    }
}
