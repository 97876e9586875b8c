//! The loop: the earliest event happens, and brings about later ones. Events of one second happen in
//! the order in which they were brought about, arrivals first.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use super::world::{Arrival, Case, Next, Phase, Station, Stay, World};
use crate::limits::EVENTS_MAX;

/// What a run went through.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Totals {
    /// Events.
    pub events: u64,
    /// Whether it stopped at [`EVENTS_MAX`].
    pub is_cut: bool,
    /// Most servers taken at once, by station.
    pub peaks: Vec<u32>,
}

/// Runs a world through its stations, from the first arrival until it is over or nothing is left to happen.
pub fn run<W: World>(stations: &[Station], world: &mut W) -> Totals {
    let mut run = Run::new(stations, world);
    let mut arrival = run.world.next_arrival();
    loop {
        let next = run.agenda.peek().map(|Reverse(event)| event.at);
        let now = match (arrival.as_ref().map(|arrival| arrival.at), next) {
            (None, None) => break,
            (Some(at), None) | (None, Some(at)) => at,
            (Some(first), Some(second)) => first.min(second),
        };
        if run.world.is_over(now) {
            break;
        }
        if run.totals.events >= EVENTS_MAX {
            run.totals.is_cut = true;
            break;
        }
        run.totals.events += 1;
        if let Some(due) = arrival.take_if(|arrival| arrival.at <= now) {
            run.arrive(due);
            arrival = run.world.next_arrival();
        } else if let Some(Reverse(event)) = run.agenda.pop() {
            match event.what {
                What::Passed => run.pass(event.place, now),
                What::Ready => run.ready(event.place, now),
                What::Done => run.done(event.place, now),
                What::Rested => run.go_on(event.place, now),
            }
        }
    }
    run.totals
}

/// What happens to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// It goes on without being touched.
    Passed,
    /// It could be taken into work.
    Ready,
    /// Work on it ends.
    Done,
    /// Its rest ends.
    Rested,
}

/// One event to come; ordered by time, then by when it was brought about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Event {
    at: i64,
    order: u64,
    place: usize,
    what: What,
}

/// A case and its stay.
#[derive(Debug, Clone, Copy)]
struct Under {
    case: Case,
    stay: Stay,
}

/// A station as it is now.
#[derive(Debug, Default)]
struct State {
    station: Station,
    /// Slots taken.
    busy: u32,
    /// Cases held.
    held: u32,
    /// Cases that are ready for a server.
    queue: VecDeque<usize>,
    /// Cases that found no room.
    door: VecDeque<usize>,
}

struct Run<'w, W> {
    world: &'w mut W,
    states: Vec<State>,
    agenda: BinaryHeap<Reverse<Event>>,
    order: u64,
    cases: Vec<Under>,
    free: Vec<usize>,
    totals: Totals,
}

/// What stands for a stay that is not known yet.
const NOT_YET: Stay = Stay {
    is_touched: true,
    delay: 0,
    work: 0,
    rest: 0,
    next: Next::Leave,
};

impl<'w, W: World> Run<'w, W> {
    fn new(stations: &[Station], world: &'w mut W) -> Self {
        let state = |station: &Station| State {
            station: *station,
            ..State::default()
        };
        Self {
            world,
            states: stations.iter().map(state).collect(),
            agenda: BinaryHeap::new(),
            order: 0,
            cases: Vec::new(),
            free: Vec::new(),
            totals: Totals {
                peaks: vec![0; stations.len()],
                ..Totals::default()
            },
        }
    }

    fn arrive(&mut self, arrival: Arrival) {
        let stay = arrival.stay.unwrap_or(NOT_YET);
        let under = Under {
            case: arrival.case,
            stay,
        };
        let place = self.free.pop().unwrap_or(self.cases.len());
        match self.cases.get_mut(place) {
            Some(slot) => *slot = under,
            None => self.cases.push(under),
        }
        if arrival.stay.is_none() {
            self.world.handed_over(&arrival.case);
            self.come(place, arrival.at);
        } else {
            // It is inside already, whatever the room.
            if let Some(state) = self.states.get_mut(arrival.case.station) {
                state.held += 1;
            }
            let (after, what) = match arrival.phase {
                Phase::Waiting => (stay.delay, What::Ready),
                Phase::InWork => (stay.work, What::Done),
                Phase::Resting => (stay.rest, What::Rested),
            };
            if arrival.phase == Phase::InWork {
                self.take_server(arrival.case.station);
            }
            self.plan(arrival.at.saturating_add(after), place, what);
        }
    }

    fn plan(&mut self, at: i64, place: usize, what: What) {
        let order = self.order;
        self.order += 1;
        self.agenda.push(Reverse(Event {
            at,
            order,
            place,
            what,
        }));
    }

    /// A case comes to where it stands now.
    fn come(&mut self, place: usize, now: i64) {
        let Some(station) = self.cases.get(place).map(|under| under.case.station) else {
            return;
        };
        let Some(state) = self.states.get_mut(station) else {
            return;
        };
        if state.station.room.is_some_and(|room| state.held >= room) {
            state.door.push_back(place);
        } else {
            self.enter(place, now);
        }
    }

    /// A case finds room.
    fn enter(&mut self, place: usize, now: i64) {
        let Some(under) = self.cases.get_mut(place) else {
            return;
        };
        under.stay = self.world.stay(&under.case, now);
        let Under { case, stay } = *under;
        if let Some(state) = self.states.get_mut(case.station) {
            state.held += 1;
        }
        if stay.is_touched {
            self.plan(now.saturating_add(stay.delay), place, What::Ready);
        } else {
            self.plan(now, place, What::Passed);
        }
    }

    fn pass(&mut self, place: usize, now: i64) {
        if let Some(under) = self.cases.get(place) {
            self.world.untouched(&under.case);
        }
        self.go_on(place, now);
    }

    /// A case could be taken into work.
    fn ready(&mut self, place: usize, now: i64) {
        let Some(under) = self.cases.get(place) else {
            return;
        };
        let Some(state) = self.states.get_mut(under.case.station) else {
            return;
        };
        if under.stay.work == 0 && under.stay.rest > 0 {
            self.world.started(&under.case, now);
            self.plan(now.saturating_add(under.stay.rest), place, What::Rested);
        } else if state
            .station
            .servers
            .is_none_or(|servers| state.busy < servers)
        {
            self.start(place, now);
        } else {
            state.queue.push_back(place);
        }
    }

    fn take_server(&mut self, station: usize) {
        if let (Some(state), Some(peak)) = (
            self.states.get_mut(station),
            self.totals.peaks.get_mut(station),
        ) {
            state.busy += 1;
            *peak = (*peak).max(state.busy);
        }
    }

    fn start(&mut self, place: usize, now: i64) {
        let Some(&Under { case, stay }) = self.cases.get(place) else {
            return;
        };
        self.take_server(case.station);
        let is_gate = self
            .states
            .get(case.station)
            .is_some_and(|state| state.station.is_gate);
        if !is_gate {
            self.world.started(&case, now);
        }
        self.plan(now.saturating_add(stay.work), place, What::Done);
    }

    /// Work on a case ends: its server goes to the next one.
    fn done(&mut self, place: usize, now: i64) {
        let Some(&Under { case, stay }) = self.cases.get(place) else {
            return;
        };
        let Some(state) = self.states.get_mut(case.station) else {
            return;
        };
        state.busy = state.busy.saturating_sub(1);
        let has_server = state
            .station
            .servers
            .is_none_or(|servers| state.busy < servers);
        let next = if has_server {
            state.queue.pop_front()
        } else {
            None
        };
        if let Some(next) = next {
            self.start(next, now);
        }
        if stay.rest > 0 {
            self.plan(now.saturating_add(stay.rest), place, What::Rested);
        } else {
            self.go_on(place, now);
        }
    }

    /// A case leaves a station: another may come in, and it goes where it goes.
    fn go_on(&mut self, place: usize, now: i64) {
        let Some(&Under { case, stay }) = self.cases.get(place) else {
            return;
        };
        let mut is_gate = false;
        let mut waiting = None;
        if let Some(state) = self.states.get_mut(case.station) {
            is_gate = state.station.is_gate;
            state.held = state.held.saturating_sub(1);
            if state.station.room.is_none_or(|room| state.held < room) {
                waiting = state.door.pop_front();
            }
        }
        if let Some(waiting) = waiting {
            self.enter(waiting, now);
        }
        if is_gate {
            self.change(place, |case| case.station = case.target);
            self.come(place, now);
            return;
        }
        match stay.next {
            Next::Leave => {
                self.world.left(&case, now);
                self.free.push(place);
            }
            Next::Go {
                station,
                tag,
                through,
            } => {
                self.change(place, |case| {
                    case.from = Some(case.station);
                    case.station = through.unwrap_or(station);
                    case.target = station;
                    case.tag = tag;
                    case.visit += 1;
                    case.since = now;
                });
                if let Some(under) = self.cases.get(place) {
                    self.world.handed_over(&under.case);
                }
                self.come(place, now);
            }
        }
    }

    fn change(&mut self, place: usize, change: impl FnOnce(&mut Case)) {
        if let Some(under) = self.cases.get_mut(place) {
            change(&mut under.case);
        }
    }
}
