//! Tests of localisation: planted causes are found, noise has none, and odd tables get an answer.
#![expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "small numbers of tests"
)]

use std::fmt::Write as _;

use baton_terms::Code;

use super::*;
use crate::statistics::Stream;
use crate::wire::Condition;

/// A number around `mean`, by counting arrivals (Knuth 1969) for small means and their normal limit.
fn noisy(numbers: &mut Stream, mean: f64) -> u64 {
    let mut uniform = || (f64::from(numbers.bits()) + 0.5) / 4_294_967_296.0;
    if mean > 50.0 {
        let angle = 2.0 * std::f64::consts::PI * uniform();
        let normal = (-2.0 * uniform().ln()).sqrt() * angle.cos();
        return (mean + normal * mean.sqrt()).max(0.0).round() as u64;
    }
    let (limit, mut product, mut count) = ((-mean).exp(), uniform(), 0);
    while product > limit {
        product *= uniform();
        count += 1;
    }
    count
}

/// A table of three attributes with 5, 6 and 4 values: `factor` of the usual failures per leaf.
fn csv(seed: u64, kind: Measure, factor: impl Fn(&[usize]) -> f64) -> String {
    let mut numbers = Stream::new(seed, 0, 0);
    let mut text = match kind {
        Measure::Share => "a,b,c,failures,requests\n",
        Measure::ShareWithBefore => "a,b,c,failures,requests,before_failures,before_requests\n",
        Measure::Forecast => "a,b,c,actual,forecast\n",
    }
    .to_owned();
    for leaf in 0..120 {
        let values = [leaf / 24, leaf / 4 % 6, leaf % 4];
        let size = 100.0 * (1.0 + f64::from(numbers.bits() % 16));
        let usual = size * 0.05;
        let actual = noisy(&mut numbers, usual * factor(&values));
        let before = noisy(&mut numbers, usual * 10.0);
        let [a, b, c] = values;
        write!(text, "a{a},b{b},c{c},{actual},").unwrap();
        match kind {
            Measure::Share => writeln!(text, "{size}"),
            Measure::ShareWithBefore => writeln!(text, "{size},{before},{}", size * 10.0),
            Measure::Forecast => writeln!(text, "{usual}"),
        }
        .unwrap();
    }
    text
}

fn found(text: &str) -> Vec<String> {
    let table = read(text.as_bytes(), &Columns::default()).unwrap();
    let causes = localise(&table, Settings::default()).causes;
    let mut named: Vec<String> = causes
        .iter()
        .map(|cause| {
            let values = cause.conditions.iter().map(|condition| match condition {
                Condition::Is { value, .. } => value.clone(),
                other => format!("{other:?}"),
            });
            values.collect::<Vec<_>>().join("&")
        })
        .collect();
    named.sort();
    named
}

const KINDS: [Measure; 3] = [Measure::Share, Measure::ShareWithBefore, Measure::Forecast];

#[test]
fn planted_causes_of_one_to_three_conditions_are_found() {
    for kind in KINDS {
        for (factor, expected) in [
            (
                (|v: &[usize]| if v[0] == 2 { 3.0 } else { 1.0 }) as fn(&[usize]) -> f64,
                vec!["a2"],
            ),
            (
                |v| if v[0] == 1 && v[2] == 3 { 3.5 } else { 1.0 },
                vec!["a1&c3"],
            ),
            (
                |v| {
                    if v[0] == 4 || v[1] == 0 && v[2] == 1 {
                        6.0
                    } else {
                        1.0
                    }
                },
                vec!["a4", "b0&c1"],
            ),
        ] {
            for seed in 0..2 {
                let text = csv(seed, kind, factor);
                assert_eq!(found(&text), expected, "{kind:?} seed {seed}");
            }
        }
    }
}

#[test]
fn a_fall_is_found_like_a_rise() {
    let text = csv(1, Measure::Forecast, |v| if v[1] == 5 { 0.2 } else { 1.0 });
    assert_eq!(found(&text), ["b5"]);
}

#[test]
fn noise_has_no_cause_within_alpha() {
    for kind in KINDS {
        let named = (0..30)
            .filter(|seed| !found(&csv(*seed, kind, |_| 1.0)).is_empty())
            .count();
        // 5% of 30 and its 99% binomial limit.
        assert!(named <= 5, "{kind:?}: {named} of 30");
    }
}

#[test]
fn the_order_of_rows_carries_no_meaning_and_parts_of_a_leaf_add_up() {
    let text = csv(7, Measure::ShareWithBefore, |v| {
        if v[0] == 2 { 3.0 } else { 1.0 }
    });
    let mut lines: Vec<&str> = text.lines().skip(1).collect();
    lines.reverse();
    let first = lines.pop().unwrap();
    let fields: Vec<&str> = first.split(',').collect();
    let zeros = format!("{},{},{},0,0,0,0", fields[0], fields[1], fields[2]);
    lines.insert(40, first);
    lines.push(&zeros);
    let shuffled = format!("{}\n{}\n", text.lines().next().unwrap(), lines.join("\n"));
    let answer = |text: &str| {
        let table = read(text.as_bytes(), &Columns::default()).unwrap();
        let mut answer = localise(&table, Settings::default());
        answer.table.rows = 0;
        serde_json::to_string(&answer).unwrap()
    };
    assert_eq!(answer(&shuffled), answer(&text));
}

#[test]
fn odd_tables_get_an_answer() {
    let mut wide = String::from("id,kind,failures,requests\n");
    for row in 0..20_000 {
        writeln!(
            wide,
            "id{row},k{},{},10",
            row % 4,
            u32::from(row % 4 == 2) * 3
        )
        .unwrap();
    }
    for (name, text) in [
        (
            "two rows",
            "a,failures,requests\nx,1,10\ny,9,10\n".to_owned(),
        ),
        (
            "no failures",
            "a,failures,requests\nx,0,10\ny,0,10\n".to_owned(),
        ),
        (
            "all failures",
            "a,failures,requests\nx,10,10\ny,10,10\n".to_owned(),
        ),
        (
            "nothing forecast",
            "a,actual,forecast\nx,10,0\ny,0,0\n".to_owned(),
        ),
        (
            "zero totals",
            "a,failures,requests\nx,0,0\ny,3,10\n".to_owned(),
        ),
        (
            "missing values",
            "a,b,failures,requests\n,p,1,10\nx,,9,10\nx,p,1,10\n".to_owned(),
        ),
        (
            "semicolons",
            "a;failures;requests\nx;1;10\ny;9;10\n".to_owned(),
        ),
        (
            "byte order mark",
            "\u{feff}a\tfailures\trequests\nx\t1\t10\ny\t9\t10\n".to_owned(),
        ),
        (
            "huge numbers",
            "a,actual,forecast\nx,1e15,1\ny,1,1e15\n".to_owned(),
        ),
        ("as many values as rows", wide),
    ] {
        let table = read(text.as_bytes(), &Columns::default());
        let answer = localise(&table.unwrap(), Settings::default());
        let written = serde_json::to_string(&answer).unwrap();
        assert!(written.contains("localisation/v1"), "{name}");
        assert!(answer.causes.len() <= CAUSES_MAX, "{name}");
        if name == "as many values as rows" {
            assert_eq!(answer.causes[0].conditions.len(), 1);
        }
    }
}

#[test]
fn every_problem_has_its_code_and_place() {
    let named = |role: Role, name: &str| Columns {
        named: vec![(role, name.to_owned())],
        ignored: Vec::new(),
    };
    let plain = Columns::default();
    for (text, columns, codes) in [
        ("", &plain, vec![BAD_HEADER]),
        ("a,,x\n1,2,3\n", &plain, vec![BAD_HEADER]),
        ("a,a\n1,2\n", &plain, vec![BAD_HEADER]),
        ("a,b\n1,2\n", &plain, vec![AMBIGUOUS_COLUMNS]),
        (
            "a,value\n1,2\n",
            &named(Role::Value, "worth"),
            vec![AMBIGUOUS_COLUMNS],
        ),
        (
            "a,value,total\nx,1,2\ny,2,1\nz,-1,x\n",
            &plain,
            vec![ABOVE_TOTAL, BAD_NUMBER],
        ),
        ("a,value,total\nx,1\n", &plain, vec![NOT_CSV]),
        ("a,value,total\n\"x,1,2\n", &plain, vec![NOT_CSV]),
        ("a,value,total\n", &plain, vec![NOTHING_TO_LOCALISE]),
        (
            "a,value,total\nx,1,2\nx,1,2\n",
            &plain,
            vec![NOTHING_TO_LOCALISE],
        ),
        (
            "a,value,total\nx,0,0\ny,0,0\n",
            &plain,
            vec![NOTHING_TO_LOCALISE],
        ),
    ] {
        let problems = read(text.as_bytes(), columns).unwrap_err();
        let found: Vec<Code> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(found, codes, "{text:?}");
    }
    let latin = read(&b"a,value,total\nx\xE9,1,2\n"[..], &plain).unwrap_err();
    assert_eq!(latin[0].code, NOT_CSV);
    let text = "a,value,total\nx,1,2\ny,2,1\n";
    let problem = read(text.as_bytes(), &plain).unwrap_err().remove(0);
    let span = problem.place.span.unwrap();
    assert_eq!(text.get(span.start..span.end).unwrap().trim(), "y,2,1");
    let many = (0..40)
        .map(|i| format!("a{i}"))
        .collect::<Vec<_>>()
        .join(",");
    let text = format!("{many},value,total\n");
    let problem = read(text.as_bytes(), &plain).unwrap_err().remove(0);
    assert_eq!(problem.code, TOO_MUCH);
}
