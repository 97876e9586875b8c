//! Any text as one of the small terms (ids, digests, times, spans, keys) or as a working calendar:
//! what is accepted prints as what it was read from, and calendar arithmetic ends.

#![no_main]

use std::{fmt::Display, str::FromStr};

use baton_contract::calendar::{
    Allowance, BusinessSpan, Calendar, CalendarDraft, DayHoursDraft, HolidayDraft,
};
use baton_evidence::{
    attestation::SignerPattern,
    json::number,
    keys::{KeyId, Keyring, PublicKey, SigningKey, VerifierKey},
};
use baton_terms::{Code, Digest, Elapsed, Id, Instant};

libfuzzer_sys::fuzz_target!(|text: &str| {
    reads_back::<Id>(text);
    reads_back::<Digest>(text);
    reads_back::<Instant>(text);
    reads_back::<Elapsed>(text);
    reads_back::<BusinessSpan>(text);
    reads_back::<Code>(text);
    reads_back::<KeyId>(text);
    reads_back::<VerifierKey>(text);
    let _ = SignerPattern::new(text).to_string();
    let _ = number(text);
    if let Ok(key) = PublicKey::from_pem(text) {
        assert_eq!(PublicKey::from_pem(&key.to_pem()).as_ref(), Ok(&key));
    }
    if let Ok(key) = SigningKey::from_pem(text) {
        assert!(SigningKey::from_pem(&key.to_secret_pem()).is_ok());
    }
    if let Ok(keyring) = Keyring::parse(text.as_bytes()) {
        assert_eq!(Keyring::parse(&keyring.to_bytes()).as_ref(), Ok(&keyring));
    }
    calendar(text);
});

fn reads_back<T: FromStr + Display + PartialEq>(text: &str) {
    if let Ok(term) = text.parse::<T>() {
        let again = term.to_string().parse::<T>();
        assert!(
            again.is_ok_and(|again| again == term),
            "{term} reads back as something else"
        );
    }
}

/// Lines: zone, day, intervals, holiday, start, allowance.
fn calendar(text: &str) {
    let mut lines = text.lines();
    let mut line = || lines.next().unwrap_or_default().to_owned();
    let draft = CalendarDraft {
        id: "office".to_owned(),
        zone: line(),
        hours: vec![DayHoursDraft {
            day: line(),
            intervals: line().split(' ').map(str::to_owned).collect(),
        }],
        holidays: vec![HolidayDraft {
            date: line(),
            name: "holiday".to_owned(),
        }],
        ..CalendarDraft::default()
    };
    let Ok(calendar) = Calendar::new(&draft) else {
        return;
    };
    let (Ok(start), Ok(allowance)) = (line().parse::<Instant>(), line().parse::<Allowance>())
    else {
        return;
    };
    if let Ok(due) = calendar.add(start, allowance) {
        assert!(due >= start, "{due} lies before {start}");
        let _ = calendar.between(start, due);
    }
}
