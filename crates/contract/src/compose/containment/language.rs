//! Whether every text that some patterns match is matched by another pattern.
//!
//! Both become deterministic automata over bytes, walked side by side. A text is matched once the
//! automaton has been in a matching state, at the latest after the end of the text.

use std::collections::BTreeSet;

use regex_automata::Anchored;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::start;

/// Bytes of one automaton, and of the work to build it.
const AUTOMATON_BYTES_MAX: usize = 1 << 18;
/// Pairs of states walked.
const PAIRS_MAX: usize = 4_096;

/// A state, or nothing once the text is matched.
type State = Option<StateID>;

/// Returns whether every text matching `narrow` matches `wide`; `false` when that cannot be shown.
pub(super) fn is_within(narrow: &str, wide: &str) -> bool {
    let (Some(narrow), Some(wide)) = (automaton(narrow), automaton(wide)) else {
        return false;
    };
    walk(&narrow, &wide).unwrap_or(false)
}

fn automaton(pattern: &str) -> Option<dense::DFA<Vec<u32>>> {
    let translated = jsonschema_regex::to_rust_regex(pattern).ok()?;
    let config = dense::Config::new()
        .start_kind(StartKind::Unanchored)
        .dfa_size_limit(Some(AUTOMATON_BYTES_MAX))
        .determinize_size_limit(Some(AUTOMATON_BYTES_MAX));
    dense::Builder::new()
        .configure(config)
        .thompson(thompson::Config::new().nfa_size_limit(Some(AUTOMATON_BYTES_MAX)))
        .build(&translated)
        .ok()
}

type Dfa = dense::DFA<Vec<u32>>;

fn walk(narrow: &Dfa, wide: &Dfa) -> Option<bool> {
    let start = |dfa: &Dfa| {
        let state = dfa.start_state(&start::Config::new().anchored(Anchored::No));
        state.ok().map(|state| matched(dfa, state))
    };
    let first = (start(narrow)?, start(wide)?);
    let mut seen = BTreeSet::from([first]);
    let mut open = vec![first];
    while let Some((left, right)) = open.pop() {
        // Whatever follows, the wide pattern has matched.
        let Some(right_state) = right else { continue };
        if is_quit(narrow, left) || wide.is_quit_state(right_state) || seen.len() > PAIRS_MAX {
            return None;
        }
        let left_at_end = left.and_then(|state| matched(narrow, narrow.next_eoi_state(state)));
        let right_at_end = matched(wide, wide.next_eoi_state(right_state));
        if left_at_end.is_none() && right_at_end.is_some() {
            return Some(false);
        }
        // A dead narrow automaton matches nothing any more.
        if left.is_some_and(|state| narrow.is_dead_state(state)) {
            continue;
        }
        for byte in 0..=u8::MAX {
            let next_left = left.and_then(|state| matched(narrow, narrow.next_state(state, byte)));
            let next = (next_left, matched(wide, wide.next_state(right_state, byte)));
            if seen.insert(next) {
                open.push(next);
            }
        }
    }
    Some(true)
}

fn matched(dfa: &Dfa, state: StateID) -> State {
    (!dfa.is_match_state(state)).then_some(state)
}

fn is_quit(dfa: &Dfa, state: State) -> bool {
    state.is_some_and(|state| dfa.is_quit_state(state))
}

#[cfg(test)]
mod tests {
    use super::*;

    // spec: COMPOSE-6
    #[test]
    fn inclusion_of_patterns_is_decided_or_left_open() {
        for (narrow, wide, expected) in [
            ("^[a-c]+$", "^[a-z]+$", true),
            ("^[a-z]+$", "^[a-c]+$", false),
            ("^ab$", "a", true),
            ("a", "^a", false),
            ("^\\d{4}$", "^[0-9]+$", true),
            ("^v1-", "^v[0-9]", true),
            ("x", "", true),
            ("", "x", false),
            ("^(a|b){2}$", "^(aa|ab|ba|bb)$", true),
            ("^é$", "^[é-ü]$", true),
            ("^.$", "^[^a]$", false),
        ] {
            assert_eq!(is_within(narrow, wide), expected, "{narrow} in {wide}");
        }
    }
}
