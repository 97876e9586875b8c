//! Waivers: SCORING-13 to SCORING-15.

use serde_json::Value;

use crate::inputs::{items, number, text};
use crate::{Finding, Inputs};

/// Applies waivers to findings and returns those refused, as id and reason.
pub(crate) fn apply(inputs: &Inputs, findings: &mut [Finding]) -> Vec<(String, String)> {
    let mut waivers = items(&inputs.waivers, "waivers");
    waivers.sort_by_key(|waiver| text(waiver, "id").to_owned());
    waivers.retain(|waiver| is_about(waiver, inputs));
    let mut refused = Vec::new();
    let mut counting = Vec::new();
    for waiver in waivers {
        match refusal(waiver, inputs) {
            Some(reason) => refused.push((text(waiver, "id").to_owned(), reason.to_owned())),
            None => counting.push(waiver),
        }
    }
    let mut used = Vec::new();
    for (at, finding) in findings.iter().enumerate() {
        let is_unmet = finding.state == "failed" || finding.state == "unknown";
        let waiver = counting
            .iter()
            .find(|waiver| text(waiver, "clause") == finding.clause);
        if let (true, Some(waiver)) = (is_unmet, waiver) {
            used.push((at, text(waiver, "id").to_owned()));
        }
    }
    let budget = inputs
        .contract
        .get("budget")
        .map_or(0, |budget| number(budget, "waivers", 0));
    let is_within = used.len() <= usize::try_from(budget).unwrap_or(usize::MAX);
    for (at, id) in used {
        if !is_within {
            refused.push((id, "over-budget".to_owned()));
        } else if let Some(finding) = findings.get_mut(at) {
            "waived".clone_into(&mut finding.state);
            finding.value = 10_000;
            finding.waiver = Some(id);
        }
    }
    refused.sort();
    refused
}

fn is_about(waiver: &Value, inputs: &Inputs) -> bool {
    let sender = inputs.package.get("sender").cloned().unwrap_or_default();
    let scope = waiver.get("scope").cloned().unwrap_or_default();
    let fits = |field: &str, found: &str| scope.get(field).is_none_or(|asked| asked == found);
    text(waiver, "contract") == text(&inputs.contract, "name")
        && fits("work_item", text(&inputs.package, "work_item"))
        && fits("team", text(&sender, "team"))
}

fn refusal(waiver: &Value, inputs: &Inputs) -> Option<&'static str> {
    let sender = inputs.package.get("sender").cloned().unwrap_or_default();
    let same = |a: &str, b: &str| plain(a) == plain(b);
    let alike = |a: &str, b: &str| drawn(&plain(a)) == drawn(&plain(b));
    let approver = text(waiver, "approver");
    let clauses = items(&inputs.contract, "clauses");
    let is_sender =
        |field: &str| sender.get(field).is_some() && same(approver, text(&sender, field));
    if !clauses
        .iter()
        .any(|clause| text(clause, "id") == text(waiver, "clause"))
    {
        Some("unknown-clause")
    } else if text(waiver, "reason").trim().is_empty() {
        Some("reason-missing")
    } else if text(waiver, "expires") <= text(&inputs.context, "as_of") {
        Some("expired")
    } else if same(approver, text(waiver, "owner")) {
        Some("approver-is-owner")
    } else if is_sender("actor") || is_sender("on_behalf_of") {
        Some("approver-is-sender")
    } else if alike(approver, text(waiver, "owner"))
        || ["actor", "on_behalf_of"]
            .iter()
            .any(|field| sender.get(field).is_some() && alike(approver, text(&sender, field)))
    {
        Some("approver-look-alike")
    } else if sender.get("actor").is_none() && sender.get("on_behalf_of").is_none() {
        Some("sender-unnamed")
    } else {
        None
    }
}

fn plain(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Every letter as the one it looks like; the specification is given names of these letters only.
fn drawn(name: &str) -> String {
    let draw = |c| match c {
        '\u{430}' => 'a',
        '\u{441}' => 'c',
        '\u{435}' => 'e',
        '\u{43E}' | '0' => 'o',
        '1' => 'l',
        _ => c,
    };
    name.chars().map(draw).collect()
}
