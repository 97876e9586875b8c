//! Any text as one of the documents a check reads beside contract and package: waivers, history,
//! context, an evidence index, a scorecard. What is accepted keeps its digest when written and read.

#![no_main]

use baton_evidence::json::{Limits, read};
use baton_scoring::{
    evidence::EvidenceIndex,
    facts::{Context, History},
    waivers::Waivers,
    wire::Scorecard,
};
use baton_terms::Source;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(waivers) = Waivers::read(&Source::new("waivers.yaml", text)) {
        let again = Waivers::from_value(&waivers.to_value()).expect("written waivers read back");
        assert_eq!(again.digest(), waivers.digest());
    }
    let Ok(document) = read(text.as_bytes(), Limits::PACKAGE) else {
        return;
    };
    if let Ok(history) = History::read(&document) {
        let again = History::read(&history.to_value()).expect("a written history reads back");
        assert_eq!(again, history);
    }
    if let Ok(context) = Context::read(&document) {
        let again = Context::read(&context.to_value()).expect("a written context reads back");
        assert_eq!(again, context);
    }
    if let Ok(index) = EvidenceIndex::read(&document) {
        let again = EvidenceIndex::read(&index.to_value()).expect("a written index reads back");
        assert_eq!(again, index);
    }
    if let Ok(scorecard) = serde_json::from_str::<Scorecard<'_>>(text) {
        let bytes = scorecard
            .to_bytes()
            .expect("a scorecard has a canonical form");
        let again: Scorecard<'_> = serde_json::from_slice(&bytes).expect("it reads back");
        assert_eq!(again, scorecard);
    }
});
