//! The fast pass over a trace: leaf hashes, chain, order of times and roots, without a copy.

use std::collections::BTreeMap;

use baton_terms::Digest;

use super::{
    Finding, genesis,
    lines::{self, Digits, Time},
};
use crate::merkle::{Frontier, leaf_hash};

/// What one pass over the lines found out.
pub(super) struct Walk {
    /// Lines passed while the chain held.
    pub(super) lines: u64,
    /// Whether every line links to the one before.
    pub(super) is_whole: bool,
    /// Roots at the sizes asked for, as far as the lines reach.
    pub(super) roots: BTreeMap<u64, Digest>,
    /// Leaf hash of the last line, or what a first entry links to.
    pub(super) last_leaf: Digest,
    /// The tree of all lines.
    pub(super) frontier: Frontier,
    /// Times that do not fit.
    pub(super) findings: Vec<Finding>,
}

/// Walks the lines and notes the roots at `sizes`, which are sorted; stops at the first broken link.
pub(super) fn walk(entries: &[u8], sizes: &[u64], as_of: &[u8]) -> Walk {
    let mut walk = Walk {
        lines: 0,
        is_whole: entries.is_empty() || entries.ends_with(b"\n"),
        roots: BTreeMap::new(),
        last_leaf: genesis(),
        frontier: Frontier::new(),
        findings: Vec::new(),
    };
    let mut wanted = sizes.iter().copied().peekable();
    let as_of = Time::split(as_of);
    let mut last_time = None;
    loop_lines(entries, &mut walk, |walk, tail_time| {
        let sequence = walk.lines;
        if last_time.is_some_and(|last| tail_time < last) {
            walk.findings.push(Finding::TimeBackwards { sequence });
        }
        if as_of.is_some_and(|as_of| tail_time > as_of) {
            walk.findings.push(Finding::TimeAhead { sequence });
        }
        last_time = Some(tail_time);
        while wanted
            .next_if(|size| *size <= sequence)
            .is_some_and(|size| {
                walk.roots.insert(size, walk.frontier.root());
                true
            })
        {}
    });
    for size in wanted.take_while(|size| *size <= walk.lines) {
        walk.roots.insert(size, walk.frontier.root());
    }
    walk
}

/// Calls `visit` for each line that links to the one before, before it is counted.
fn loop_lines<'a>(entries: &'a [u8], walk: &mut Walk, mut visit: impl FnMut(&mut Walk, Time<'a>)) {
    let mut sequence = Digits::zero();
    for line in lines::split(entries) {
        let Some(time) = lines::linked(line, &sequence, &walk.last_leaf) else {
            walk.is_whole = false;
            return;
        };
        sequence.increment();
        visit(walk, time);
        walk.last_leaf = leaf_hash(line);
        walk.frontier.push(walk.last_leaf);
        walk.lines += 1;
    }
}
