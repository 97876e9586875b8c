//! Retries that outlast the deadline never finish.

use baton_terms::{Code, Diagnostic};

use crate::lint::time_span::TimeSpan;
use crate::lint::{Rule, Subject};
use crate::model::{Backoff, Retries};

pub(super) const RULE: Rule = Rule {
    code: Code::new(381),
    name: "retries-past-deadline",
    summary: "All retries fit before the verdict is due.",
    check,
};

fn check(subject: &Subject<'_>) -> Vec<Diagnostic> {
    let contract = subject.contract();
    let verdict = contract.deadlines.verdict.as_ref();
    let within = verdict.and_then(|verdict| TimeSpan::read(&verdict.within));
    let Some(TimeSpan::Elapsed(seconds)) = within else {
        return Vec::new();
    };
    let delays = delays_ms(contract.retries);
    if delays <= seconds.saturating_mul(1000) {
        return Vec::new();
    }
    vec![
        subject
            .warning(
                RULE.code,
                "/retries",
                "retries take longer than the verdict may",
            )
            .expected(format!("delays of at most {seconds} s in all"))
            .found(format!("{} s", delays / 1000))
            .hint("lower `attempts` or `base_delay_ms`, or allow more time for the verdict"),
    ]
}

/// Returns the sum of the delays between all attempts, without jitter, in milliseconds.
fn delays_ms(retries: Retries) -> u64 {
    let waits = retries.attempts.saturating_sub(1);
    let factor = match retries.backoff {
        Backoff::Fixed => u64::from(waits),
        // 1 + 2 + 4 + … doubles each time.
        Backoff::Exponential => 2_u64.saturating_pow(waits).saturating_sub(1),
    };
    u64::from(retries.base_delay_ms).saturating_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::RULE;
    use crate::lint::rules::tests::{check, check_changes};

    #[test]
    fn delays_add_up() {
        let verdict = ("verdict: {within: 2bd", "verdict: {within: 1h");
        let retries = "attempts: 4, base_delay_ms: 750, backoff: exponential";
        for (to, has_problem) in [
            (
                "attempts: 4, base_delay_ms: 750, backoff: exponential",
                false,
            ),
            (
                "attempts: 13, base_delay_ms: 750, backoff: exponential",
                false,
            ),
            (
                "attempts: 14, base_delay_ms: 750, backoff: exponential",
                true,
            ),
            ("attempts: 3, base_delay_ms: 1800000, backoff: fixed", false),
            ("attempts: 4, base_delay_ms: 1800000, backoff: fixed", true),
        ] {
            let shown = format!("{{{to}, jitter: deterministic}}");
            let expected = format!("E0381 warning {shown:?}");
            let expected = [expected.as_str()];
            let expected = if has_problem { &expected[..] } else { &[] };
            check_changes(&RULE, &[verdict, (retries, to)], expected);
        }
        // Business time can't be compared with seconds.
        check(&RULE, retries, "attempts: 20, base_delay_ms: 3600000", &[]);
    }
}
