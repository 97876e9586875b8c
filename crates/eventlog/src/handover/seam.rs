//! Where a case goes from one party to another.
//!
//! A party holds a case from the event that names it until an event names another. Events that name
//! nobody leave the holder as it is, but what crosses them isn't a handover between two parties who
//! met: it is counted apart ([`Seam::is_direct`]).

use std::ops::Range;

use crate::model::{Code, Log};

/// One change of the holder of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seam {
    /// Place of the first event of the receiver.
    pub event: usize,
    /// Who held the case.
    pub from: Code,
    /// Who holds it now.
    pub to: Code,
    /// Whether the event before named the sender, so that nobody's time lies between.
    pub is_direct: bool,
    /// Whether the receiver is who the sender had the case from: the end of A → B → A.
    pub is_return: bool,
}

/// Puts the seams among `events` into `seams`, in their order, in place of what it holds.
pub fn seams_into(log: &Log, events: Range<usize>, seams: &mut Vec<Seam>) {
    seams.clear();
    let party = log.party();
    let (mut holder, mut before, mut is_direct) = (None, None, true);
    for event in events {
        let Some(to) = party.code(event) else {
            is_direct = false;
            continue;
        };
        if let Some(from) = holder.filter(|&from| from != to) {
            seams.push(Seam {
                event,
                from,
                to,
                is_direct,
                is_return: before == Some(to),
            });
            before = Some(from);
        }
        holder = Some(to);
        is_direct = true;
    }
}
