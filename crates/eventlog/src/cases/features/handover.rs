//! Handovers up to the landmark. With the landmark at the start there are none: nothing has been
//! handed over by then, and what is handed over later can't be told from what a late case suffers.

use hashbrown::HashSet;

use super::attribute::category;
use super::{Sightings, Sink};
use crate::blameless::Groups;
use crate::cases::frame::{Frame, Row};
use crate::cases::landmark::Landmark;
use crate::cases::settings::{Known, Role};
use crate::cases::table::{Origin, Unit, Values};
use crate::handover::{Seam, seams_into};
use crate::model::{Code, Column, MISSING};

/// Adds how each case went from party to party up to the landmark.
pub(in crate::cases) fn handovers(frame: &Frame<'_>, sink: &mut Sink) {
    let party = frame.log.party();
    if frame.settings.landmark == Landmark::Start || party.dictionary.is_empty() {
        return;
    }
    let groups = Groups::of(frame.log, party, frame.settings.people);
    let mut seen = Seen::new(frame);
    let mut seams = Vec::new();
    for (row, at) in frame.rows.iter().zip(0_u32..) {
        seams_into(frame.log, row.events.clone(), &mut seams);
        seen.row((frame, &groups), (row, at), &seams);
    }
    seen.finish(&groups, sink);
}

struct Seen<'l> {
    edges: Sightings<(Code, Code)>,
    returns: Sightings<(Code, Code)>,
    /// Columns that are missing at some seams, and where.
    fields: Vec<&'l Column>,
    missing: Sightings<usize>,
    any: Sightings<Whole>,
    handovers: Vec<Option<i64>>,
    parties: Vec<Option<i64>>,
    waits: Vec<Option<i64>>,
    firsts: (Vec<Code>, Vec<Code>),
}

/// What is said of a whole case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Whole {
    PingPong,
    Revisit,
    WithoutPerson,
}

impl Whole {
    fn name(self) -> &'static str {
        match self {
            Self::PingPong => "ping-pong",
            Self::Revisit => "back to an earlier party",
            Self::WithoutPerson => "handover without a person",
        }
    }
}

impl<'l> Seen<'l> {
    fn new(frame: &Frame<'l>) -> Self {
        let rows = frame.rows.len();
        let is_open = |column: &&Column| {
            let rule = frame.settings.rule(&column.name);
            !column.person
                && matches!(rule.role, Role::Property | Role::Group)
                && rule.known == Known::Event
                && column.codes.contains(&MISSING)
        };
        Self {
            edges: Sightings::new(),
            returns: Sightings::new(),
            fields: frame.log.columns().iter().filter(is_open).collect(),
            missing: Sightings::new(),
            any: Sightings::new(),
            handovers: Vec::with_capacity(rows),
            parties: Vec::with_capacity(rows),
            waits: Vec::with_capacity(rows),
            firsts: (Vec::with_capacity(rows), Vec::with_capacity(rows)),
        }
    }

    fn row(
        &mut self,
        (frame, groups): (&Frame<'_>, &Groups),
        (row, at): (&Row, u32),
        seams: &[Seam],
    ) {
        let mut held: HashSet<Code> = HashSet::new();
        if let Some(seam) = seams.first() {
            held.insert(seam.from);
        }
        let mut wait = None;
        let names_persons = !frame.log.person().dictionary.is_empty();
        for seam in seams {
            let ends = (groups.shown(seam.from), groups.shown(seam.to));
            if seam.is_return {
                self.any.see(Whole::PingPong, at);
                self.returns.see((ends.1, ends.0), at);
            }
            if !held.insert(seam.to) {
                self.any.see(Whole::Revisit, at);
            }
            if !seam.is_direct {
                continue;
            }
            self.edges.see(ends, at);
            if names_persons && frame.log.person().code(seam.event).is_none() {
                self.any.see(Whole::WithoutPerson, at);
            }
            for (nth, field) in self.fields.iter().enumerate() {
                if field.code(seam.event).is_none() {
                    self.missing.see(nth, at);
                }
            }
            wait = wait.max(waited(frame, row, seam));
        }
        let direct = || seams.iter().filter(|seam| seam.is_direct);
        self.handovers.push(i64::try_from(direct().count()).ok());
        let parties = row
            .events
            .clone()
            .filter_map(|event| frame.log.party().code(event));
        let parties: HashSet<_> = parties.collect();
        self.parties.push(i64::try_from(parties.len()).ok());
        self.waits.push(wait);
        let first = direct().next();
        let end = |end: fn(&Seam) -> Code| first.map_or(MISSING, |seam| groups.shown(end(seam)));
        self.firsts.0.push(end(|seam| seam.from));
        self.firsts.1.push(end(|seam| seam.to));
    }

    fn finish(self, groups: &Groups, sink: &mut Sink) {
        let name = |code| groups.dictionary.text(code);
        sink.sightings(Origin::Handover, self.edges, |(from, to)| {
            Some(format!("handover: {} → {}", name(from)?, name(to)?))
        });
        sink.sightings(Origin::Handover, self.returns, |(a, b)| {
            let (a, b) = (name(a)?, name(b)?);
            Some(format!("ping-pong: {a} → {b} → {a}"))
        });
        sink.sightings(Origin::Handover, self.missing, |nth| {
            let field = self.fields.get(nth)?;
            Some(format!("missing at handover: {}", field.name))
        });
        sink.sightings(Origin::Handover, self.any, |what| {
            Some(what.name().to_owned())
        });
        let counts = [("handovers", self.handovers), ("parties", self.parties)];
        for (name, values) in counts {
            sink.numbers(name, Origin::Handover, (values, Unit::Count));
        }
        let waits = (self.waits, Unit::Seconds);
        sink.numbers("longest wait after a handover", Origin::Handover, waits);
        let firsts = [
            ("first handed over by", self.firsts.0),
            ("first handed over to", self.firsts.1),
        ];
        for (feature, codes) in firsts {
            sink.group(feature, Origin::Handover, category(&codes, name));
        }
    }
}

/// Returns the seconds from a handover to the next event, as far as the landmark.
fn waited(frame: &Frame<'_>, row: &Row, seam: &Seam) -> Option<i64> {
    let times = frame.log.times();
    let from = times.get(seam.event)?;
    let next = seam.event + 1;
    let to = if next < row.events.end {
        *times.get(next)?
    } else {
        row.time
    };
    Some((to - from).div_euclid(1_000_000)).filter(|&waited| waited >= 0)
}

/// A category is a type of its own only here: groups keep their mark.
impl Sink {
    fn group(&mut self, name: &str, origin: Origin, values: Values) {
        self.dense(name, origin, values);
        if let Some(feature) = self.features.last_mut() {
            feature.group = true;
        }
    }
}
