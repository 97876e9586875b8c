//! The visits of cases to teams. A visit begins when a team is named as holder and ends when another
//! is, or with the last event of the case. It waits until the next event, then it is in work until
//! it is closed or leaves. What is closed and stays, until a timer ends it, is nobody's work.

use baton_eventlog::blameless::{Groups, People};
use baton_eventlog::cases::Closing;
use baton_eventlog::model::{Code, Log};

const MICROSECONDS: i64 = 1_000_000;

/// One stay of a case at a team.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visit {
    /// Place of the case in the log.
    pub case: usize,
    /// Team that handed it over; `None` where the case begins.
    pub from: Option<u32>,
    /// Team that holds it.
    pub team: u32,
    /// What happened at the handover, as a code of the log.
    pub activity: u32,
    /// When it came.
    pub start: i64,
    /// When the next event of the case happened; `None` when there is none.
    pub touch: Option<i64>,
    /// When work on it was done, at the latest when it left.
    pub done: i64,
    /// When it left.
    pub end: i64,
    /// What came then.
    pub exit: Exit,
}

/// How a visit ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The case is over.
    Leave,
    /// It goes back to the team that it came from.
    Return {
        /// That team.
        team: u32,
        /// What happens at the handover.
        activity: u32,
    },
    /// It goes to a team.
    Pass {
        /// That team.
        team: u32,
        /// What happens at the handover.
        activity: u32,
    },
}

impl Visit {
    /// Returns the time between handover and first touch.
    pub fn wait(&self) -> Option<i64> {
        self.touch.map(|touch| touch - self.start)
    }
}

/// All visits of a log.
#[derive(Debug, Clone)]
pub struct History {
    /// Visits, case by case in the order of their ids, each case in its own order.
    pub visits: Vec<Visit>,
    /// Names of teams as they may be shown, by number.
    pub teams: Vec<String>,
    /// Teams behind the name for small groups.
    pub folded: u64,
    /// Cases of the log.
    pub cases: u64,
    /// Cases that name no team at all.
    pub without_team: u64,
    /// Visits with an event before the one it follows; their times count as 0.
    pub disordered: u64,
}

impl History {
    /// Reads the visits of a log; small groups and persons have no number of their own.
    pub fn of(log: &Log, people: People, closing: &Closing) -> Self {
        let groups = Groups::of(log, log.party(), people);
        let mut history = Self {
            visits: Vec::new(),
            teams: groups.dictionary.texts().map(str::to_owned).collect(),
            folded: groups.folded,
            cases: u64::try_from(log.cases()).unwrap_or(u64::MAX),
            without_team: 0,
            disordered: 0,
        };
        for case in 0..log.cases() {
            let before = history.visits.len();
            history.read_case((log, &groups), closing, case);
            history.without_team += u64::from(history.visits.len() == before);
        }
        history
    }

    fn read_case(&mut self, (log, groups): (&Log, &Groups), closing: &Closing, case: usize) {
        let seconds = |event: usize| {
            let time = log.times().get(event).copied();
            time.map(|time| time.div_euclid(MICROSECONDS))
        };
        let activity = |event| log.activity().code(event).unwrap_or(Code::MAX);
        let events = log.events_of(case);
        let (mut holder, mut open): (Option<Code>, Option<Visit>) = (None, None);
        // Since when the case has been closed, while it is.
        let mut closed = None;
        for event in events.clone() {
            let Some(at) = seconds(event) else { continue };
            let was_closed = closed;
            closed = closing.closes(log, event).then(|| was_closed.unwrap_or(at));
            let Some(party) = log
                .party()
                .code(event)
                .filter(|&party| holder != Some(party))
            else {
                continue;
            };
            let team = groups.shown(party);
            if let Some(visit) = open.take() {
                let activity = activity(event);
                let exit = if visit.from == Some(team) {
                    Exit::Return { team, activity }
                } else {
                    Exit::Pass { team, activity }
                };
                self.close(visit, (was_closed, at), exit);
            }
            let next = Some(event + 1).filter(|next| *next < events.end);
            open = Some(Visit {
                case,
                from: holder.map(|holder| groups.shown(holder)),
                team,
                activity: activity(event),
                start: at,
                touch: next.and_then(seconds),
                done: at,
                end: at,
                exit: Exit::Leave,
            });
            closed = closed.map(|_| at);
            holder = Some(party);
        }
        if let Some(visit) = open {
            let end = events.end.checked_sub(1).and_then(seconds);
            self.close(visit, (closed, end.unwrap_or(visit.start)), Exit::Leave);
        }
    }

    fn close(&mut self, mut visit: Visit, (closed, end): (Option<i64>, i64), exit: Exit) {
        let touch = visit.touch.map(|touch| touch.max(visit.start));
        let end = end.max(touch.unwrap_or(visit.start));
        self.disordered += u64::from(touch != visit.touch);
        visit.done = closed.unwrap_or(end).clamp(visit.start, end);
        (visit.touch, visit.end, visit.exit) = (touch, end, exit);
        self.visits.push(visit);
    }
}
