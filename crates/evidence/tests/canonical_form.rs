//! The canonical form against the vectors of RFC 8785, a second implementation, and its laws.
#![expect(clippy::unwrap_used, reason = "a test reports by panicking")]

use baton_evidence::{
    canonical,
    json::{self, Limits},
};
use baton_terms::Digest;
use proptest::prelude::*;
use serde_json::{Map, Number, Value, json};

fn text(value: &Value) -> String {
    String::from_utf8(canonical::to_bytes(value)).unwrap()
}

/// RFC 8785 appendix B: bits of a double and its canonical spelling.
const NUMBERS: [(u64, &str); 24] = [
    (0x0000_0000_0000_0000, "0"),
    (0x8000_0000_0000_0000, "0"),
    (0x0000_0000_0000_0001, "5e-324"),
    (0x8000_0000_0000_0001, "-5e-324"),
    (0x7fef_ffff_ffff_ffff, "1.7976931348623157e+308"),
    (0xffef_ffff_ffff_ffff, "-1.7976931348623157e+308"),
    (0x4340_0000_0000_0000, "9007199254740992"),
    (0xc340_0000_0000_0000, "-9007199254740992"),
    (0x4430_0000_0000_0000, "295147905179352830000"),
    (0x44b5_2d02_c7e1_4af5, "9.999999999999997e+22"),
    (0x44b5_2d02_c7e1_4af6, "1e+23"),
    (0x44b5_2d02_c7e1_4af7, "1.0000000000000001e+23"),
    (0x444b_1ae4_d6e2_ef4e, "999999999999999700000"),
    (0x444b_1ae4_d6e2_ef4f, "999999999999999900000"),
    (0x444b_1ae4_d6e2_ef50, "1e+21"),
    (0x3eb0_c6f7_a0b5_ed8c, "9.999999999999997e-7"),
    (0x3eb0_c6f7_a0b5_ed8d, "0.000001"),
    (0x41b3_de43_5555_5553, "333333333.3333332"),
    (0x41b3_de43_5555_5554, "333333333.33333325"),
    (0x41b3_de43_5555_5555, "333333333.3333333"),
    (0x41b3_de43_5555_5556, "333333333.3333334"),
    (0x41b3_de43_5555_5557, "333333333.33333343"),
    (0xbecb_f647_612f_3696, "-0.0000033333333333333333"),
    (0x4314_3ff3_c1cb_0959, "1424953923781206.2"),
];

// spec: EVIDENCE-8
#[test]
fn numbers_of_appendix_b() {
    for (bits, expected) in NUMBERS {
        let number = Number::from_f64(f64::from_bits(bits)).unwrap();
        let written = text(&Value::Number(number));
        assert_eq!(written, expected, "{bits:016x}");
    }
}

// spec: EVIDENCE-9
#[test]
fn keys_of_section_3_2_3_sort_by_utf16() {
    let value = json!({
        "\u{20ac}": "Euro Sign", "\r": "Carriage Return", "\u{fb33}": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "\u{1f600}": "Emoji: Grinning Face", "\u{80}": "Control", "\u{f6}": "Latin Small Letter O With Diaeresis",
    });
    let values: Vec<&str> = [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]
    .into();
    let written = text(&value);
    let places: Vec<usize> = values
        .iter()
        .map(|value| written.find(value).unwrap())
        .collect();
    assert!(places.is_sorted(), "{written}");
}

/// One step of the splitmix64 sequence: the same numbers in every run.
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut bits = *state;
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

// spec: EVIDENCE-8
#[test]
fn one_hundred_thousand_doubles_agree_with_a_second_implementation() {
    let mut state = 2026;
    let mut compared = 0;
    while compared < 100_000 {
        let Some(number) = Number::from_f64(f64::from_bits(next(&mut state))) else {
            continue;
        };
        let value = Value::Number(number);
        let other = serde_json_canonicalizer::to_vec(&value).unwrap();
        assert_eq!(canonical::to_bytes(&value), other, "{value}");
        compared += 1;
    }
}

// spec: EVIDENCE-10
#[test]
fn integers_that_a_double_does_not_keep_have_no_canonical_form() {
    assert_eq!(
        canonical::of(&9_007_199_254_740_991_u64).unwrap(),
        b"9007199254740991"
    );
    assert_eq!(
        canonical::of(&-9_007_199_254_740_991_i64).unwrap(),
        b"-9007199254740991"
    );
    assert!(canonical::of(&9_007_199_254_740_992_u64).is_err());
    assert!(canonical::of(&i64::MIN).is_err());
    assert!(canonical::of(&[u64::MAX]).is_err());
}

/// Values that a reader can give: I-JSON numbers in canonical representation.
fn values() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        "[a-z]{1,6}",
        "[é\u{e000}-\u{f8ff}\u{1f600}-\u{1f64f}\u{20ac}a-c]{1,3}"
    ];
    let fraction = (-1.0e15..1.0e15_f64).prop_filter("fractions", |value| value.fract() != 0.0);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-9_007_199_254_740_991_i64..=9_007_199_254_740_991).prop_map(Value::from),
        fraction.prop_map(Value::from),
        (-1.0..1.0_f64)
            .prop_filter("fractions", |value| value.fract() != 0.0)
            .prop_map(Value::from),
        "[\\x00-\\x7fé€😀]{0,20}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 64, 8, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..8).prop_map(Value::Array),
            prop::collection::vec((key.clone(), inner), 0..8)
                .prop_map(|entries| Value::Object(entries.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

/// Writes a document with the keys of every map in reverse, and loose spelling.
fn reversed(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let entries = map.iter().rev();
            let shown: Vec<String> = entries
                .map(|(key, value)| format!("{} : {}", Value::from(key.as_str()), reversed(value)))
                .collect();
            format!("{{ {} }}", shown.join(" ,\n"))
        }
        Value::Array(items) => format!(
            "[ {} ]",
            items.iter().map(reversed).collect::<Vec<_>>().join(", ")
        ),
        Value::Number(number) if number.is_i64() => format!("{number}.0"),
        other => other.to_string(),
    }
}

proptest! {
    #[test]
    fn a_digest_taken_part_by_part_is_that_of_the_whole(value in values(), text in "[a-z]{0,2000}") {
        let long = Value::Array(vec![value; 8].into_iter().chain([Value::from(text)]).collect());
        prop_assert_eq!(canonical::digest(&long), Digest::of(&canonical::to_bytes(&long)));
    }

    // spec: EVIDENCE-6
    // spec: EVIDENCE-7
    #[test]
    fn reading_what_was_written_gives_the_value_back(value in values()) {
        let bytes = canonical::to_bytes(&value);
        let back = json::read(&bytes, Limits::PACKAGE);
        prop_assert_eq!(back.as_ref(), Ok(&value));
        prop_assert_eq!(canonical::to_bytes(&back.unwrap()), bytes);
    }

    // spec: EVIDENCE-6
    #[test]
    fn order_of_keys_and_spelling_never_change_the_bytes(value in values()) {
        let loose = json::read(reversed(&value).as_bytes(), Limits::PACKAGE).unwrap();
        prop_assert_eq!(canonical::to_bytes(&loose), canonical::to_bytes(&value));
    }

    #[test]
    fn a_second_implementation_agrees(value in values()) {
        prop_assert_eq!(canonical::to_bytes(&value), serde_json_canonicalizer::to_vec(&value).unwrap());
    }

    // spec: EVIDENCE-2
    #[test]
    fn any_bytes_are_read_or_refused_with_a_place(bytes in prop::collection::vec(prop_oneof![Just(b'{'), Just(b'"'), Just(b'['), Just(b','), Just(b':'), Just(b'\\'), Just(b'}'), Just(b']'), Just(b'1'), Just(b'u'), any::<u8>()], 0..40)) {
        match json::read(&bytes, Limits::PACKAGE) {
            Ok(value) => {
                // What Baton reads, the common reader reads too, to the same value.
                let common: Value = serde_json::from_slice(&bytes).unwrap();
                prop_assert_eq!(canonical::to_bytes(&common), canonical::to_bytes(&value));
            }
            Err(problems) => prop_assert!(!problems.is_empty()),
        }
    }
}
