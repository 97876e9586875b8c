//! Names the tampering once the chain is known to be broken.
//!
//! Every line says twice which entry it is: by its `sequence`, and by linking to the leaf hash of
//! the entry before. Two independent statements per line, and each line's own bytes confirmed by
//! the line after it, are enough to tell a changed entry from a removed, repeated, inserted or
//! moved one.

use std::collections::{BTreeMap, BTreeSet};

use baton_terms::Digest;

use super::{
    Finding, genesis,
    lines::{self, Tail},
};
use crate::{
    checkpoint::Checkpoint,
    merkle::{Frontier, leaf_hash},
};

/// One line with what it says about itself.
struct Line<'a> {
    /// From 1.
    number: u64,
    bytes: &'a [u8],
    leaf: Digest,
    tail: Option<Tail<'a>>,
    previous: Option<Digest>,
}

/// The lines of a broken trace, each with the entry it was taken to be.
struct Broken<'a> {
    lines: Vec<Line<'a>>,
    /// Which line is taken to be an entry.
    kept: BTreeMap<u64, usize>,
    sealed: Option<&'a Checkpoint>,
    findings: BTreeSet<Finding>,
}

/// Returns what happened to a trace whose chain does not hold; never nothing.
pub(super) fn diagnose(entries: &[u8], sealed: Option<&Checkpoint>) -> BTreeSet<Finding> {
    let lines = read(entries);
    let identities = identify(&lines, sealed);
    let mut broken = Broken {
        lines,
        kept: BTreeMap::new(),
        sealed,
        findings: BTreeSet::new(),
    };
    broken.keep(&identities);
    broken.find_gaps();
    broken.find_changes();
    broken.find_moves();
    if broken.findings.is_empty() {
        let size = u64::try_from(broken.lines.len()).unwrap_or(u64::MAX);
        broken.findings.insert(Finding::Rewritten { size });
    }
    broken.findings
}

fn read(entries: &[u8]) -> Vec<Line<'_>> {
    let mut lines: Vec<Line<'_>> = lines::split(entries)
        .zip(1_u64..)
        .map(|(bytes, number)| {
            let tail = lines::tail(bytes);
            Line {
                number,
                bytes,
                leaf: leaf_hash(bytes),
                tail,
                previous: tail.and_then(|tail| lines::digest(tail.previous)),
            }
        })
        .collect();
    // A last line without its newline is the rest of an interrupted write.
    if let Some(last) = lines.last_mut().filter(|_| !entries.ends_with(b"\n")) {
        (last.tail, last.previous) = (None, None);
    }
    lines
}

/// Says which entry each line is: the one its link names, else the one it claims to be, else the
/// one that belongs in its place.
fn identify(lines: &[Line<'_>], sealed: Option<&Checkpoint>) -> Vec<Option<u64>> {
    let mut by_leaf: BTreeMap<Digest, u64> = BTreeMap::new();
    for line in lines {
        if let Some(tail) = line.tail {
            by_leaf.entry(line.leaf).or_insert(tail.sequence);
        }
    }
    let referenced: BTreeSet<Digest> = lines.iter().filter_map(|line| line.previous).collect();
    let by_link = |line: &Line<'_>| match line.previous {
        Some(previous) if previous == genesis() => Some(0),
        Some(previous) => by_leaf.get(&previous).and_then(|at| at.checked_add(1)),
        None => None,
    };
    let bound = sealed.map_or(u64::MAX, Checkpoint::size);
    let said: Vec<Option<u64>> = lines
        .iter()
        .map(|line| {
            let claim = line.tail.map(|tail| tail.sequence);
            let is_credible = referenced.contains(&line.leaf);
            by_link(line).or(claim.filter(|claim| is_credible || *claim < bound))
        })
        .collect();
    let mut taken: BTreeSet<u64> = said.iter().flatten().copied().collect();
    let mut expected = 0;
    said.into_iter()
        .map(|identity| {
            let identity = identity.or_else(|| taken.insert(expected).then_some(expected));
            expected = identity.map_or(expected, |at| at.saturating_add(1));
            identity
        })
        .collect()
}

impl Broken<'_> {
    /// Chooses one line per entry and reports the others.
    fn keep(&mut self, identities: &[Option<u64>]) {
        let mut groups: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        for (at, (line, identity)) in self.lines.iter().zip(identities).enumerate() {
            match identity {
                Some(identity) => groups.entry(*identity).or_default().push(at),
                None => {
                    self.findings
                        .insert(Finding::UnreadableLine { line: line.number });
                }
            }
        }
        let followers: BTreeSet<(u64, Digest)> = self
            .lines
            .iter()
            .zip(identities)
            .filter_map(|(line, identity)| Some(((*identity)?, line.previous?)))
            .collect();
        for (identity, group) in groups {
            let is_confirmed =
                |line: &Line<'_>| followers.contains(&(identity.saturating_add(1), line.leaf));
            // Nothing links to the last entry; there the signed root decides.
            let is_sealed = |line: &Line<'_>| self.is_sealed_with(identity, line.leaf);
            let find = |is_right: &dyn Fn(&Line<'_>) -> bool| {
                let mut candidates = group.iter();
                candidates.find(|at| self.lines.get(**at).is_some_and(is_right))
            };
            let genuine = match group.as_slice() {
                [only] => Some(only),
                _ => find(&is_confirmed)
                    .or_else(|| find(&is_sealed))
                    .or(group.first()),
            };
            let Some(chosen) = genuine.copied() else {
                continue;
            };
            self.kept.insert(identity, chosen);
            self.report_others(identity, chosen, &group);
        }
    }

    fn report_others(&mut self, identity: u64, chosen: usize, group: &[usize]) {
        let Some(leaf) = self.lines.get(chosen).map(|line| line.leaf) else {
            return;
        };
        for line in group.iter().filter_map(|at| self.lines.get(*at)) {
            let is_chosen = self
                .lines
                .get(chosen)
                .is_some_and(|kept| kept.number == line.number);
            if is_chosen {
                continue;
            }
            self.findings.insert(if line.leaf == leaf {
                Finding::EntryRepeated {
                    sequence: identity,
                    line: line.number,
                }
            } else {
                Finding::LineInserted {
                    line: line.number,
                    claims: line.tail.map_or(identity, |tail| tail.sequence),
                }
            });
        }
    }

    /// Reports entries that are nowhere, and those beyond the checkpoint.
    fn find_gaps(&mut self) {
        let mut expected = 0;
        for sequence in self.kept.keys() {
            if *sequence > expected {
                self.findings.insert(Finding::EntriesRemoved {
                    first: expected,
                    last: sequence - 1,
                });
            }
            expected = sequence.saturating_add(1);
        }
        let Some(size) = self.sealed.map(Checkpoint::size) else {
            return;
        };
        if size > expected {
            self.findings.insert(Finding::Truncated {
                first: expected,
                last: size - 1,
            });
        }
        if size < expected {
            self.findings.insert(Finding::Unsealed {
                first: size,
                last: expected - 1,
            });
        }
    }

    /// Reports entries that are in their place and not what they were.
    fn find_changes(&mut self) {
        let mut changed = BTreeSet::new();
        for (sequence, at) in &self.kept {
            let Some(line) = self.lines.get(*at) else {
                continue;
            };
            let is_misnamed = line.tail.is_none_or(|tail| tail.sequence != *sequence);
            let is_misrooted = *sequence == 0 && line.previous != Some(genesis());
            if is_misnamed || is_misrooted {
                changed.insert(*sequence);
                continue;
            }
            let next = sequence.saturating_add(1);
            let Some(follower) = self.kept.get(&next).and_then(|at| self.lines.get(*at)) else {
                continue;
            };
            if follower.tail.is_some() && follower.previous != Some(line.leaf) {
                let is_follower = self.is_confirmed_once_linked(next, follower, &line.leaf);
                changed.insert(if is_follower { next } else { *sequence });
            }
        }
        self.findings.extend(
            changed
                .into_iter()
                .map(|sequence| Finding::EntryChanged { sequence }),
        );
    }

    /// Returns whether an entry would be the sealed one if its `previous` were `leaf`: then nothing
    /// but that field was changed, and the entry before it was not.
    fn is_confirmed_once_linked(&self, sequence: u64, line: &Line<'_>, leaf: &Digest) -> bool {
        let Some(mended) = relink(line, leaf).map(|bytes| leaf_hash(&bytes)) else {
            return false;
        };
        let next = self.kept.get(&sequence.saturating_add(1));
        match next.and_then(|at| self.lines.get(*at)) {
            Some(follower) => follower.previous == Some(mended),
            None => self.is_sealed_with(sequence, mended),
        }
    }

    /// Returns whether the checkpoint covers the kept entries with `leaf` as the last of them.
    fn is_sealed_with(&self, sequence: u64, leaf: Digest) -> bool {
        let Some(sealed) = self
            .sealed
            .filter(|at| at.size() == sequence.saturating_add(1))
        else {
            return false;
        };
        let mut tree = Frontier::new();
        let before = self.kept.range(..sequence);
        tree.extend(before.filter_map(|(_, at)| Some(self.lines.get(*at)?.leaf)));
        tree.push(leaf);
        tree.size() == sealed.size() && tree.root() == sealed.root()
    }

    /// Reports the fewest entries whose moving back restores the order.
    fn find_moves(&mut self) {
        let mut placed: Vec<(u64, u64)> = self
            .kept
            .iter()
            .filter_map(|(sequence, at)| Some((self.lines.get(*at)?.number, *sequence)))
            .collect();
        placed.sort_unstable();
        let order: Vec<u64> = placed.iter().map(|(_, sequence)| *sequence).collect();
        let in_order = longest_increasing(&order);
        for (line, sequence) in placed {
            if !in_order.contains(&sequence) {
                self.findings.insert(Finding::EntryMoved { sequence, line });
            }
        }
    }
}

/// Returns the line with another `previous`.
fn relink(line: &Line<'_>, leaf: &Digest) -> Option<Vec<u8>> {
    let written = line.tail?.previous;
    // The field stands near the end, so its last occurrence is the field itself.
    let at = memchr::memmem::rfind(line.bytes, written)?;
    let (head, rest) = line.bytes.split_at_checked(at)?;
    Some([head, leaf.hex().as_bytes(), rest.get(written.len()..)?].concat())
}

/// Returns the members of one longest increasing subsequence.
fn longest_increasing(values: &[u64]) -> BTreeSet<u64> {
    // `ends[n]` is the smallest value that ends an increasing run of n + 1 values.
    let mut ends: Vec<u64> = Vec::new();
    let mut before: BTreeMap<u64, u64> = BTreeMap::new();
    for value in values {
        let at = ends.partition_point(|end| end < value);
        if let Some(shorter) = at.checked_sub(1).and_then(|at| ends.get(at)) {
            before.insert(*value, *shorter);
        }
        match ends.get_mut(at) {
            Some(end) => *end = *value,
            None => ends.push(*value),
        }
    }
    std::iter::successors(ends.last().copied(), |value| before.get(value).copied()).collect()
}
