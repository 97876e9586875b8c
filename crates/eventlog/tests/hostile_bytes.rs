//! Files of the corpus, damaged from a seed: whatever the bytes, every reader gives records, refusals
//! with a reason, or one reason to stop. The fuzz targets go on where this ends.
#![expect(
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "tests read their own corpus and stop at the first surprise"
)]

use std::path::PathBuf;

use baton_eventlog::formats::{Broken, Collected, git, github, jira, ocel, parquet, xes};

/// Damages per file.
const ROUNDS: u64 = 40;
/// Larger files take too long to damage that often.
const BYTES_MAX: usize = 8 << 10;

struct Damage(u64);

impl Damage {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let bound = u64::try_from(bound.max(1)).unwrap();
        usize::try_from(self.0 % bound).unwrap()
    }

    fn range(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let start = self.below(bytes.len() + 1);
        let end = (start + self.below(40)).min(bytes.len());
        start..end
    }

    fn once(&mut self, bytes: &mut Vec<u8>, other: &[u8]) {
        match self.below(6) {
            0 => {
                let range = self.range(bytes);
                bytes.drain(range);
            }
            1 => {
                let range = self.range(bytes);
                let copy = bytes.get(range.clone()).unwrap().to_vec();
                bytes.splice(range.start..range.start, copy);
            }
            2 => bytes.truncate(self.below(bytes.len() + 1)),
            3 => {
                let from = self.range(other);
                let to = self.range(bytes);
                bytes.splice(to, other.get(from).unwrap().to_vec());
            }
            _ => {
                let places = bytes.len();
                if let Some(byte) = bytes.get_mut(self.below(places)) {
                    *byte = u8::try_from(self.0 >> 56).unwrap();
                }
            }
        }
    }
}

fn check(sink: &Collected, end: Result<(), Broken>) {
    for (_, values) in &sink.records {
        let mut fields: Vec<_> = values.iter().map(|(field, _)| *field).collect();
        fields.sort_unstable();
        fields.dedup();
        assert_eq!(fields.len(), values.len(), "two values in one column");
    }
    for refusal in &sink.refusals {
        assert!(!refusal.problem.message.is_empty());
    }
    if let Err(Broken::Format(problem)) = end {
        assert!(!problem.message.is_empty());
    }
}

fn read_all(bytes: &[u8]) {
    let mut sink = Collected::default();
    let end = xes::read(bytes, &mut sink);
    check(&sink, end);
    let mut sink = Collected::default();
    let end = ocel::read_json(bytes, Some("order"), &mut sink);
    check(&sink, end);
    let mut sink = Collected::default();
    let end = ocel::read_xml(bytes, Some("order"), &mut sink);
    check(&sink, end);
    let mut sink = Collected::default();
    let end = jira::read(bytes, &mut sink);
    check(&sink, end);
    let mut sink = Collected::default();
    let end = github::read(bytes, &mut sink);
    check(&sink, end);
    let mut sink = Collected::default();
    let end = git::read(bytes, &mut sink);
    check(&sink, end);
    let mut sink = Collected::default();
    let end = parquet::read(bytes, &mut sink);
    check(&sink, end);
}

#[test]
fn damaged_logs_are_answered() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../corpus/eventlogs");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_none_or(|extension| extension != "expected")
        })
        .collect();
    paths.sort();
    let mut files: Vec<Vec<u8>> = paths
        .iter()
        .map(|path| std::fs::read(path).unwrap())
        .collect();
    files.retain(|bytes| bytes.len() <= BYTES_MAX);
    assert!(files.len() >= 20);
    let mut damage = Damage(0x5eed);
    for bytes in &files {
        read_all(bytes);
        for _ in 0..ROUNDS {
            let mut damaged = bytes.clone();
            let other = files.get(damage.below(files.len())).unwrap();
            for _ in 0..=damage.below(3) {
                damage.once(&mut damaged, other);
            }
            read_all(&damaged);
        }
    }
}
