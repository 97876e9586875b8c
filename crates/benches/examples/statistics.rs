//! Answers questions about statistics, so that other programs can be compared with Baton: reads a
//! JSON list of `{"ask": NAME, "of": [COUNTS]}` from standard input and writes the list of answers,
//! each a list of numbers or nulls. `benches/mining/statistics.py` asks.

use std::io::{Read, Write};

use baton_rootcause::statistics::{
    Binomial, Confidence, Dependence, Estimate, FourfoldTable, Hypergeometric, LogProbability,
    RiskGroup, breslow_day, chi_square_tail, clopper_pearson, e_value, koopman, mantel_haenszel,
    mantel_haenszel_odds_ratio, miettinen_nurminen, poisson_binomial_upper_tail, q_values, savings,
    stratified_upper_tail, wilson,
};
use serde_json::{Value, json};

/// An answer: one number for each thing asked, absent where it is not defined.
type Answer = Option<Vec<Option<f64>>>;

/// The most bytes of questions that are read.
const QUESTIONS_BYTES_MAX: u64 = 64 << 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut text = String::new();
    std::io::stdin()
        .take(QUESTIONS_BYTES_MAX)
        .read_to_string(&mut text)?;
    let questions: Vec<Value> = serde_json::from_str(&text)?;
    let answers: Vec<Value> = questions
        .iter()
        .map(|question| json!(answered(question)))
        .collect();
    serde_json::to_writer(std::io::stdout().lock(), &answers)?;
    std::io::stdout().write_all(b"\n")?;
    Ok(())
}

fn answered(question: &Value) -> Answer {
    let name = question.get("ask")?.as_str()?;
    let of = question.get("of")?.as_array()?;
    let counts: Vec<u64> = of.iter().filter_map(Value::as_u64).collect();
    let reals: Vec<f64> = of.iter().filter_map(Value::as_f64).collect();
    match name {
        "hypergeometric" => hypergeometric(&counts),
        "binomial" => binomial(&counts),
        "chi-square" => {
            let [value, _] = *reals.as_slice() else {
                return None;
            };
            Some(vec![Some(chi_square_tail(value, *counts.last()?)?.ln())])
        }
        "deviate" => {
            let level = u16::try_from(*counts.first()?).ok()?;
            Some(vec![Some(Confidence::from_basis_points(level)?.deviate())])
        }
        "e-value" => Some(vec![e_value(*reals.first()?)]),
        "benjamini-hochberg" => q(&reals, Dependence::Positive),
        "benjamini-yekutieli" => q(&reals, Dependence::Arbitrary),
        "poisson-binomial" => poisson_binomial(&reals),
        "wilson" | "clopper-pearson" => rate(name, &counts),
        _ => tables(name, &counts),
    }
}

fn ln(p: Option<LogProbability>) -> Option<f64> {
    p.map(LogProbability::ln)
}

fn hypergeometric(counts: &[u64]) -> Answer {
    let [cases, failures, covered, failing] = *counts else {
        return None;
    };
    let test = Hypergeometric::new(cases, failures)?;
    Some(vec![
        ln(test.point(covered, failing)),
        ln(test.upper_tail(covered, failing)),
        ln(test.lower_tail(covered, failing)),
    ])
}

fn binomial(counts: &[u64]) -> Answer {
    let [cases, hits, of, failing] = *counts else {
        return None;
    };
    let binomial = Binomial::new(cases, hits, of)?;
    Some(vec![
        ln(binomial.upper_tail(failing)),
        ln(binomial.lower_tail(failing)),
    ])
}

fn q(reals: &[f64], dependence: Dependence) -> Answer {
    let p: Option<Vec<LogProbability>> = reals
        .iter()
        .map(|p| LogProbability::from_probability(*p))
        .collect();
    let q = q_values(&p?, 0, dependence);
    Some(q.into_iter().map(|q| Some(q.probability())).collect())
}

/// The failures observed, then cases and risk of each group.
fn poisson_binomial(reals: &[f64]) -> Answer {
    let (failing, groups) = reals.split_first()?;
    let groups: Option<Vec<RiskGroup>> = groups
        .chunks_exact(2)
        .map(|pair| {
            Some(RiskGroup {
                cases: whole(*pair.first()?)?,
                risk: *pair.last()?,
            })
        })
        .collect();
    Some(vec![ln(poisson_binomial_upper_tail(
        &groups?,
        whole(*failing)?,
    ))])
}

/// A count that arrived as a float.
fn whole(value: f64) -> Option<u64> {
    format!("{value:.0}").parse().ok()
}

fn limits(estimate: Option<Estimate>) -> Answer {
    let estimate = estimate?;
    Some(vec![estimate.low, estimate.high])
}

fn rate(name: &str, counts: &[u64]) -> Answer {
    let [cases, failures] = *counts else {
        return None;
    };
    let interval = if name == "wilson" {
        wilson
    } else {
        clopper_pearson
    };
    limits(interval(cases, failures, Confidence::P95))
}

/// Questions about fourfold tables, four counts each.
fn tables(name: &str, counts: &[u64]) -> Answer {
    let strata: Option<Vec<FourfoldTable>> = counts
        .chunks_exact(4)
        .map(|cells| {
            let [covered, failing, others, others_failing] = *cells else {
                return None;
            };
            FourfoldTable::new((covered, failing), (others, others_failing))
        })
        .collect();
    let strata = strata?;
    let first = strata.first()?;
    match name {
        "koopman" => limits(koopman(first, Confidence::P95)),
        "miettinen-nurminen" => limits(miettinen_nurminen(first, Confidence::P95)),
        "mantel-haenszel" => {
            let ratio = mantel_haenszel(&strata)?;
            let saved = savings(&strata, Confidence::P95)?;
            Some(vec![
                Some(ratio.ln),
                Some(ratio.variance),
                mantel_haenszel_odds_ratio(&strata),
                saved.value,
                saved.low,
            ])
        }
        "breslow-day" => {
            let found = breslow_day(&strata)?;
            Some(vec![Some(found.statistic), Some(found.p.ln())])
        }
        "cmh-exact" => Some(vec![ln(stratified_upper_tail(&strata))]),
        _ => None,
    }
}
