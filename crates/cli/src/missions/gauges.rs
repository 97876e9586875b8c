//! What budgets are held against that no file tells: the memory of this process beside what it may take, and the open work of teams.

use std::path::{Path, PathBuf};

use baton_engine::handoff::open_work;
use baton_engine::missions::Gauges;
use baton_engine::port::Store;
use baton_terms::{BasisPoints, Id, limits};

use crate::files;

/// Control groups above one another that are looked at.
const GROUPS_MAX: usize = 64;

/// Gauges of this machine and a store.
#[derive(Clone, Copy)]
pub(crate) struct MachineGauges<'s> {
    pub(crate) store: &'s dyn Store,
}

impl Gauges for MachineGauges<'_> {
    fn memory_pressure(&self) -> Result<BasisPoints, String> {
        let taken = kibibytes("/proc/self/status", "VmRSS:")?.saturating_mul(1_024);
        let machine = kibibytes("/proc/meminfo", "MemTotal:")?.saturating_mul(1_024);
        let most = group_limits().into_iter().fold(machine, u64::min);
        Ok(pressure(taken, most))
    }

    fn open_work(&self, team: &Id) -> Result<u64, String> {
        open_work(self.store, team).map_err(|error| format!("failed to {error}"))
    }
}

/// Returns how many threads this machine runs at once.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

/// Returns the share that is taken, rounded up: what does not fit is never shown as if it did.
fn pressure(taken: u64, most: u64) -> BasisPoints {
    let full = u128::from(BasisPoints::FULL.get());
    let share = (u128::from(taken) * full).div_ceil(u128::from(most.max(1)));
    BasisPoints::saturating(u64::try_from(share).unwrap_or(u64::MAX))
}

/// Returns a number of kibibytes from a file of the kernel's.
fn kibibytes(path: &str, label: &str) -> Result<u64, String> {
    let why = || format!("this system does not tell it: `{path}` has no `{label}`");
    let text = text(Path::new(path)).ok_or_else(why)?;
    let line = text.lines().find_map(|line| line.strip_prefix(label));
    let number = line.and_then(|rest| rest.split_whitespace().next());
    number
        .and_then(|number| number.parse().ok())
        .ok_or_else(why)
}

/// Returns the limits of the control groups that this process is in (`memory.max` of version 2, `memory.limit_in_bytes` of
/// version 1); groups without a limit say `max`, or a number beyond any machine.
fn group_limits() -> Vec<u64> {
    let groups = text(Path::new("/proc/self/cgroup")).unwrap_or_default();
    let places = groups.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ':').skip(1);
        let (controllers, group) = (parts.next()?, parts.next()?);
        let (root, file) = match controllers {
            "" => ("/sys/fs/cgroup", "memory.max"),
            named if named.split(',').any(|one| one == "memory") => {
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes")
            }
            _ => return None,
        };
        Some((
            PathBuf::from(root),
            group.trim_start_matches('/').to_owned(),
            file,
        ))
    });
    places
        .flat_map(|(root, group, file)| {
            let inner = root.join(group);
            // A group is bounded by those above it too; what a container sees of itself is at the root.
            let chain = inner.ancestors().take(GROUPS_MAX);
            let chain = chain.take_while(|folder| folder.starts_with(&root));
            chain
                .filter_map(|folder| text(&folder.join(file))?.trim().parse().ok())
                .collect::<Vec<u64>>()
        })
        .collect()
}

fn text(path: &Path) -> Option<String> {
    let bytes = files::read(path, limits::CONTRACT_BYTES_MAX).ok()?;
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_rounded_up_and_never_beyond_the_whole() {
        for (taken, most, expected) in [
            (0, 100, 0),
            (1, 1_000_000, 1),
            (8_000, 10_000, 8_000),
            (8_001, 100_000_000, 1),
            (3, 2, 10_000),
            (1, 0, 10_000),
            (u64::MAX, u64::MAX, 10_000),
        ] {
            assert_eq!(pressure(taken, most).get(), expected, "{taken} of {most}");
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_takes_some_of_its_memory_and_not_all() {
        let taken = kibibytes("/proc/self/status", "VmRSS:").unwrap();
        let all = kibibytes("/proc/meminfo", "MemTotal:").unwrap();
        assert!(0 < taken && taken < all, "{taken} of {all}");
        assert!(
            kibibytes("/proc/meminfo", "MemFancied:")
                .unwrap_err()
                .contains("MemFancied")
        );
    }
}
