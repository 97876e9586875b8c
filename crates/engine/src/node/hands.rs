//! A node with several hands: jobs of different handoffs side by side, those of one handoff in the order they were claimed.
//!
//! Jobs wait for the disk and for receivers more than they compute, and what several hands keep at once goes to disk together. Timers
//! of handoffs, messages, and timers of other streams have hands of their own, so that neither a receiver that hangs nor a mission that
//! takes minutes holds up the clocks of other handoffs. Which hand is first changes what happens first and nothing else: decisions are
//! appended by compare-and-set, as they are beside other nodes.

use std::num::NonZeroUsize;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use baton_terms::Instant;

use super::board::{Board, Claimed, Lane};
use super::turn::{Node, Work};
use crate::port::{Job, JobKind, StoreError};

/// Hands for timers of handoffs, and as many for messages: they wait for the disk and for receivers more than they compute.
pub const HANDS: NonZeroUsize = NonZeroUsize::MIN.saturating_add(7);

/// A kind of job that is claimed, for whose hands, and how many for each. Timers: enough to go on with while more are claimed, which waits
/// for the disk too. Messages: the second waits for the first no longer than a receiver may take, which is half a lease.
type Claiming = (JobKind, Lane, usize);
const CLAIMING: [Claiming; 2] = [
    (JobKind::Timer, Lane::Steps, 4),
    (JobKind::Message, Lane::Messages, 2),
];

/// The hands of a node, at work.
pub struct Hands<'n, 'a> {
    node: &'n Node<'a>,
    /// Of the lanes of steps and of messages, each.
    count: NonZeroUsize,
    board: Mutex<Board>,
    /// Rung for whoever leads when a job is done.
    done: Condvar,
    steps: Condvar,
    messages: Condvar,
    long: Condvar,
}

/// What a look for work came to.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// What hands did since the last look, in the order it was claimed.
    pub work: Work,
    /// What is to be done next.
    pub next: Next,
}

/// What whoever leads the hands does after a look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Look again: more may be due.
    Look,
    /// Wait for hands: for some kind of job all of them have enough to do.
    WaitForHands,
    /// Rest until something is due; hands are still at work.
    RestBesideHands,
    /// Rest until something is due; nobody has anything to do.
    Rest,
}

impl<'a> Node<'a> {
    /// Works with so many hands for timers of handoffs, as many for messages, and one for everything else, for as long as `lead` looks
    /// for work. Then what is in hand is finished, and what nobody took yet is given back. Beside what `lead` returns it returns what was
    /// done since the last look.
    ///
    /// # Panics
    /// With what a hand panicked with, as a node with one hand would.
    pub fn with_hands<T>(
        &self,
        count: NonZeroUsize,
        lead: impl FnOnce(&Hands<'_, 'a>) -> T,
    ) -> (T, Work) {
        let hands = Hands {
            node: self,
            count,
            board: Mutex::default(),
            done: Condvar::new(),
            steps: Condvar::new(),
            messages: Condvar::new(),
            long: Condvar::new(),
        };
        let answer = std::thread::scope(|scope| {
            let _closing = Closing(&hands);
            for lane in Lane::ALL {
                let among = if lane == Lane::Long { 1 } else { count.get() };
                for _ in 0..among {
                    let hands = &hands;
                    scope.spawn(move || hands.work(lane));
                }
            }
            let answer = lead(&hands);
            hands.give_back();
            answer
        });
        hands.go_down_with_a_hand();
        (answer, hands.board().report())
    }
}

impl Hands<'_, '_> {
    /// Claims what is due for hands that are free, timers first, and tells what was done meanwhile.
    ///
    /// # Errors
    /// When nothing can be claimed. What fails afterwards is told with its job, and does not hold up the others.
    ///
    /// # Panics
    /// With what a hand panicked with.
    pub fn look(&self) -> Result<Look, StoreError> {
        self.go_down_with_a_hand();
        // Asked before anything is claimed: what a hand sets and is done with later is found by the next look.
        let mut next = if self.board().is_quiet() {
            Next::Rest
        } else {
            Next::RestBesideHands
        };
        let mut claimed = 0;
        for claiming in CLAIMING {
            let room = self.room(&self.board(), claiming);
            if room == 0 {
                next = Next::WaitForHands;
                continue;
            }
            let (jobs, fresh_until) = self.node.claim(claiming.0, room)?;
            claimed += jobs.len();
            self.put(jobs, fresh_until);
        }
        if claimed > 0 {
            next = Next::Look;
        }
        let work = self.board().report();
        Ok(Look { work, next })
    }

    /// Waits until hands that had enough to do are free, or else until nobody has anything to do, and no longer than `patience`.
    pub fn wait(&self, patience: Duration) {
        let are_full = |board: &Board| {
            let mut rooms = CLAIMING
                .into_iter()
                .map(|claiming| self.room(board, claiming));
            rooms.any(|room| room == 0)
        };
        let board = self.board();
        let for_room = are_full(&board);
        let waits = |board: &mut Board| {
            let goes_on = if for_room {
                are_full(board)
            } else {
                !board.is_quiet()
            };
            goes_on && board.panic.is_none()
        };
        // How the wait ended shows in the next look.
        drop(self.done.wait_timeout_while(board, patience, waits));
    }

    /// Returns whether hands did something since the last look.
    pub fn have_news(&self) -> bool {
        let board = self.board();
        board.has_news() || board.panic.is_some()
    }

    /// Returns how many more jobs to claim; none where hands have half of what they may have, for asking costs as much as doing.
    fn room(&self, board: &Board, (_, lane, per_hand): Claiming) -> u32 {
        let most = self.count.get().saturating_mul(per_hand);
        let room = most.saturating_sub(board.held(lane));
        if room < most / 2 {
            return 0;
        }
        u32::try_from(room).unwrap_or(u32::MAX)
    }

    fn put(&self, jobs: Vec<Job>, fresh_until: Instant) {
        let count = jobs.len();
        let mut board = self.board();
        board.put(jobs, fresh_until);
        for _ in 0..count {
            self.call_for(&board);
        }
    }

    /// Wakes a hand of each lane where something waits.
    fn call_for(&self, board: &Board) {
        for lane in Lane::ALL {
            if board.waits_in(lane) {
                self.called(lane).notify_one();
            }
        }
    }

    fn called(&self, lane: Lane) -> &Condvar {
        match lane {
            Lane::Steps => &self.steps,
            Lane::Messages => &self.messages,
            Lane::Long => &self.long,
        }
    }

    /// What one hand does until the board is closed.
    fn work(&self, lane: Lane) {
        while let Some(claimed) = self.take(lane) {
            let (job, fresh_until) = (&claimed.job, claimed.fresh_until);
            // Whatever a panic left half done is in the store or nowhere, and this node ends with it.
            let worked = catch_unwind(AssertUnwindSafe(|| self.node.work_off(job, fresh_until)));
            let mut board = self.board();
            match worked {
                Ok(work) => board.finish(claimed.place, work),
                Err(panic) => {
                    board.panic.get_or_insert(panic);
                    board.close();
                }
            }
            self.call_for(&board);
            self.done.notify_all();
        }
    }

    fn take(&self, lane: Lane) -> Option<Claimed> {
        let mut board = self.board();
        loop {
            if board.is_closed {
                return None;
            }
            if let Some(claimed) = board.take(lane) {
                return Some(claimed);
            }
            let woken = self.called(lane).wait(board);
            board = woken.unwrap_or_else(PoisonError::into_inner);
        }
    }

    fn board(&self) -> MutexGuard<'_, Board> {
        // Nothing that may panic is done while it is held.
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) -> Vec<Job> {
        let left = self.board().close();
        for lane in Lane::ALL {
            self.called(lane).notify_all();
        }
        left
    }

    /// Leaves what nobody took to other nodes, or to this one when it comes back.
    fn give_back(&self) {
        let now = self.node.desk.now();
        for job in self.close() {
            // Where that fails it is theirs after the lease.
            let _ = self.node.desk.store().renew(&job.claim, now);
        }
    }

    fn go_down_with_a_hand(&self) {
        if let Some(panic) = self.board().panic.take() {
            resume_unwind(panic);
        }
    }
}

/// Sends the hands home, also when whoever leads them panics.
struct Closing<'h, 'n, 'a>(&'h Hands<'n, 'a>);

impl Drop for Closing<'_, '_, '_> {
    fn drop(&mut self) {
        self.0.close();
    }
}
