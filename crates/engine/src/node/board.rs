//! The board of a node with several hands: what was claimed and waits, what is in hand, and what was done.

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};

use baton_terms::Instant;

use super::turn::{HANDOFFS, Work};
use crate::port::{Job, JobKind, StreamId};

/// Jobs that wait for the one hand of the long lane; what is claimed beyond them is left to whoever claims it after the lease.
const LONG_WAITING_MAX: usize = 256;

/// Who does a job. Lanes don't wait for each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Lane {
    /// Timers of handoffs: a decision and its way to disk.
    Steps,
    /// Messages, of whatever stream: each waits for a receiver.
    Messages,
    /// Timers of other streams, such as missions: each may take minutes, and the whole machine.
    Long,
}

impl Lane {
    pub(super) const ALL: [Self; 3] = [Self::Steps, Self::Messages, Self::Long];

    fn of(job: &Job) -> Self {
        match job.kind {
            JobKind::Message => Self::Messages,
            JobKind::Timer if job.claim.stream.as_str().starts_with(HANDOFFS) => Self::Steps,
            JobKind::Timer => Self::Long,
        }
    }
}

/// A job with its place among all that were claimed.
#[derive(Debug)]
pub(super) struct Claimed {
    pub(super) place: u64,
    pub(super) job: Job,
    /// Until when the claim is good to begin with.
    pub(super) fresh_until: Instant,
    lane: Lane,
}

impl Claimed {
    /// Jobs of the same are done one after the other. What tells of a mission does not wait for the mission.
    fn whose(&self) -> (&StreamId, bool) {
        (&self.job.claim.stream, self.lane == Lane::Long)
    }
}

/// What is known of claimed jobs.
#[derive(Debug, Default)]
pub(super) struct Board {
    count: u64,
    // In the order they were claimed.
    waiting: VecDeque<Claimed>,
    in_hand: BTreeMap<u64, (StreamId, Lane)>,
    done: BTreeMap<u64, Work>,
    /// What a hand panicked with.
    pub(super) panic: Option<Box<dyn Any + Send>>,
    pub(super) is_closed: bool,
}

impl Board {
    /// Puts claimed jobs up. One that waits already was claimed anew: its first claim is worth nothing any more.
    pub(super) fn put(&mut self, jobs: Vec<Job>, fresh_until: Instant) {
        for job in jobs {
            let is_same = |waiting: &&mut Claimed| {
                let (old, new) = (&waiting.job.claim, &job.claim);
                old.stream == new.stream && old.job == new.job
            };
            if let Some(waiting) = self.waiting.iter_mut().find(is_same) {
                waiting.job = job;
                waiting.fresh_until = fresh_until;
                continue;
            }
            let lane = Lane::of(&job);
            if lane == Lane::Long && self.waiting_in(lane) >= LONG_WAITING_MAX {
                continue;
            }
            self.waiting.push_back(Claimed {
                place: self.count,
                job,
                fresh_until,
                lane,
            });
            self.count = self.count.saturating_add(1);
        }
    }

    /// Takes the first job of a lane whose handoff is in nobody's hand. A handoff's timers come before its messages, which they may
    /// make unnecessary.
    pub(super) fn take(&mut self, lane: Lane) -> Option<Claimed> {
        let at = self.waiting.iter().position(|claimed| {
            let (stream, is_long) = claimed.whose();
            let in_hand = |(other, its_lane): &(StreamId, Lane)| {
                other == stream && (*its_lane == Lane::Long) == is_long
            };
            let comes_first =
                |other: &Claimed| other.lane == Lane::Steps && other.whose() == claimed.whose();
            claimed.lane == lane
                && !self.in_hand.values().any(in_hand)
                && (lane != Lane::Messages || !self.waiting.iter().any(comes_first))
        })?;
        let claimed = self.waiting.remove(at)?;
        let stream = claimed.job.claim.stream.clone();
        self.in_hand.insert(claimed.place, (stream, lane));
        Some(claimed)
    }

    /// Notes what became of a job that was taken.
    pub(super) fn finish(&mut self, place: u64, work: Work) {
        self.in_hand.remove(&place);
        self.done.insert(place, work);
    }

    /// Returns what was done since this was asked last, in the order it was claimed.
    pub(super) fn report(&mut self) -> Work {
        let mut all = Work::default();
        for work in std::mem::take(&mut self.done).into_values() {
            all.add(work);
        }
        all
    }

    /// Returns whether something was done that was not reported.
    pub(super) fn has_news(&self) -> bool {
        !self.done.is_empty()
    }

    /// Returns how many jobs of a lane are claimed and not done.
    pub(super) fn held(&self, lane: Lane) -> usize {
        let in_hand = self.in_hand.values().filter(|(_, its)| *its == lane);
        self.waiting_in(lane) + in_hand.count()
    }

    /// Returns whether nothing that was claimed is left to be done.
    pub(super) fn is_quiet(&self) -> bool {
        self.waiting.is_empty() && self.in_hand.is_empty()
    }

    /// Has hands take nothing more, and returns what nobody took.
    pub(super) fn close(&mut self) -> Vec<Job> {
        self.is_closed = true;
        let left = std::mem::take(&mut self.waiting).into_iter();
        left.map(|claimed| claimed.job).collect()
    }

    /// Returns whether a job of a lane waits for a hand.
    pub(super) fn waits_in(&self, lane: Lane) -> bool {
        self.waiting.iter().any(|claimed| claimed.lane == lane)
    }

    fn waiting_in(&self, lane: Lane) -> usize {
        let waiting = self.waiting.iter();
        waiting.filter(|claimed| claimed.lane == lane).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::port::{Claim, Fence, JobId};

    fn now() -> Instant {
        "2026-11-23T09:00:00Z".parse().unwrap()
    }

    /// A job said as `h-1/deadline!` for a message, `h-1/deadline` for a timer.
    fn job((said, fence): (&str, u64)) -> Job {
        let (stream, name) = said.rsplit_once('/').unwrap();
        let (name, kind) = match name.strip_suffix('!') {
            Some(name) => (name, JobKind::Message),
            None => (name, JobKind::Timer),
        };
        Job {
            claim: Claim {
                stream: StreamId::new(stream).unwrap(),
                job: JobId::new(name).unwrap(),
                fence: Fence(fence),
            },
            kind,
            due: now(),
            attempt: 0,
            body: Vec::new(),
        }
    }

    fn board(said: &[&str]) -> Board {
        let mut board = Board::default();
        board.put(
            said.iter()
                .zip(1..)
                .map(|(said, fence)| job((said, fence)))
                .collect(),
            now(),
        );
        board
    }

    fn taken(board: &mut Board, lane: Lane) -> Option<(u64, String)> {
        let claimed = board.take(lane)?;
        Some((claimed.place, claimed.job.claim.job.to_string()))
    }

    /// Takes from the lanes said by their first letters, finishing where `.` is said, the one that was taken first.
    #[track_caller]
    fn check(said: &[&str], steps: &str, expected: &[&str]) {
        let mut board = board(said);
        let (mut found, mut hands) = (Vec::new(), VecDeque::new());
        for step in steps.chars() {
            let lane = match step {
                's' => Lane::Steps,
                'm' => Lane::Messages,
                'l' => Lane::Long,
                _ => {
                    board.finish(hands.pop_front().unwrap(), Work::default());
                    continue;
                }
            };
            let taken = taken(&mut board, lane);
            hands.extend(taken.iter().map(|(place, _)| *place));
            found.push(taken.map_or("-".to_owned(), |(_, name)| name));
        }
        assert_eq!(found, expected, "{said:?} {steps}");
    }

    #[test]
    fn one_handoff_is_in_one_hand_and_in_the_order_it_was_claimed() {
        let two = ["handoff/a/1", "handoff/a/2", "handoff/b/3"];
        check(&two, "ssss", &["1", "3", "-", "-"]);
        check(&two, "ss.s", &["1", "3", "2"]);
        // Beside a message too, whichever came first.
        check(
            &["handoff/a/1!", "handoff/a/2"],
            "msm.m",
            &["-", "2", "-", "1"],
        );
        check(
            &["handoff/a/1!", "handoff/a/2!", "handoff/b/3!"],
            "mmm.m",
            &["1", "3", "-", "2"],
        );
    }

    #[test]
    fn a_mission_holds_up_neither_its_messages_nor_handoffs() {
        let said = ["mission/a/1", "mission/b/2", "mission/a/3!", "handoff/c/4"];
        check(&said, "lms", &["1", "3", "4"]);
    }

    #[test]
    fn what_is_claimed_anew_is_done_once_under_its_last_claim() {
        let mut board = board(&["mission/a/1", "mission/b/2"]);
        board.put(vec![job(("mission/a/1", 7))], now());
        let claimed = board.take(Lane::Long).unwrap();
        assert_eq!((claimed.place, claimed.job.claim.fence), (0, Fence(7)));
        assert_eq!(board.held(Lane::Long), 2);
    }

    #[test]
    fn more_long_jobs_than_may_wait_are_left() {
        let said: Vec<String> = (0..LONG_WAITING_MAX + 2)
            .map(|number| format!("mission/{number}/1"))
            .collect();
        let said: Vec<&str> = said.iter().map(String::as_str).collect();
        assert_eq!(board(&said).held(Lane::Long), LONG_WAITING_MAX);
    }

    #[test]
    fn what_was_done_is_told_once_in_the_order_it_was_claimed() {
        let mut board = board(&["handoff/a/1", "handoff/b/2", "handoff/c/3"]);
        let places: Vec<u64> = (0..3)
            .map(|_| board.take(Lane::Steps).unwrap().place)
            .collect();
        for place in places.iter().rev() {
            let failed = Work {
                failed: vec![(
                    job((&format!("handoff/{place}/x"), 1)).claim,
                    super::super::turn::unreadable(&job(("handoff/a/1", 1))),
                )],
                ..Work::default()
            };
            board.finish(*place, failed);
        }
        assert!(board.is_quiet() && board.has_news());
        let told: Vec<String> = board
            .report()
            .failed
            .iter()
            .map(|(claim, _)| claim.stream.to_string())
            .collect();
        assert_eq!(told, ["handoff/0", "handoff/1", "handoff/2"]);
        assert!(!board.has_news() && board.report().is_idle());
    }

    #[test]
    fn a_closed_board_gives_back_what_nobody_took() {
        let mut board = board(&["handoff/a/1", "handoff/b/2"]);
        board.take(Lane::Steps).unwrap();
        let left = board.close();
        assert_eq!(left.len(), 1);
        assert!(board.is_closed && board.take(Lane::Steps).is_none() && !board.is_quiet());
    }
}
