//! Where parties and handovers stand in the drawing.
//!
//! Parties are rows of one column, so that their names can be read on a phone. Handovers are arcs:
//! those that go down on the right, those that go back up on the left. Rows are ordered so that
//! parties with many handovers between them stand close.

use std::collections::{BTreeMap, BTreeSet};

use baton_eventlog::handover::{Edge, Map};

/// Most parties that are drawn.
const PARTIES_MAX: usize = 18;
/// Most edges that are drawn.
const EDGES_MAX: usize = 48;

/// What is drawn of a map.
pub(super) struct Layout<'m> {
    /// Parties from top to bottom, with the handovers to each.
    pub(super) rows: Vec<(&'m str, u64)>,
    /// Edges with the rows they go from and to, the thinnest first, so that thick ones lie on top.
    pub(super) arcs: Vec<(usize, usize, &'m Edge)>,
}

impl<'m> Layout<'m> {
    pub(super) fn of(map: &'m Map) -> Self {
        let received: BTreeMap<&str, u64> = map
            .parties
            .iter()
            .map(|party| (party.name.as_str(), party.received))
            .collect();
        let mut busiest: Vec<_> = map.parties.iter().collect();
        busiest.sort_by(|a, b| {
            let traffic = |party: &baton_eventlog::handover::Party| party.received + party.sent;
            traffic(b).cmp(&traffic(a)).then(a.name.cmp(&b.name))
        });
        let parties: BTreeSet<&str> = busiest
            .iter()
            .filter(|party| party.received + party.sent > 0)
            .take(PARTIES_MAX)
            .map(|party| party.name.as_str())
            .collect();
        // An edge within the small groups has no direction to draw.
        let mut edges: Vec<&Edge> = map
            .edges
            .iter()
            .filter(|edge| edge.from != edge.to)
            .filter(|edge| {
                parties.contains(edge.from.as_str()) && parties.contains(edge.to.as_str())
            })
            .take(EDGES_MAX)
            .collect();
        let mut order = order(&edges);
        let downwards: i128 = edges
            .iter()
            .map(|edge| {
                let place = |name: &str| order.iter().position(|known| *known == name);
                let handovers = i128::from(edge.handovers);
                if place(&edge.from) <= place(&edge.to) {
                    handovers
                } else {
                    -handovers
                }
            })
            .sum();
        // Work is read from top to bottom, so most of it runs that way.
        if downwards < 0 {
            order.reverse();
        }
        let place = |name: &str| order.iter().position(|known| *known == name);
        edges.reverse();
        let arcs = edges
            .into_iter()
            .filter_map(|edge| Some((place(&edge.from)?, place(&edge.to)?, edge)))
            .collect();
        let rows = order
            .iter()
            .map(|&name| (name, received.get(name).copied().unwrap_or(0)))
            .collect();
        Self { rows, arcs }
    }
}

/// Returns the parties of the edges, each set beside the end of the row it has most to do with.
fn order<'m>(edges: &[&'m Edge]) -> Vec<&'m str> {
    let mut volume: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    let mut traffic: BTreeMap<&str, u64> = BTreeMap::new();
    for edge in edges {
        let (from, to) = (edge.from.as_str(), edge.to.as_str());
        for pair in [(from, to), (to, from)] {
            *volume.entry(pair).or_default() += edge.handovers;
        }
        *traffic.entry(from).or_default() += edge.handovers;
        *traffic.entry(to).or_default() += edge.handovers;
    }
    let between = |a: &str, b: &str| volume.get(&(a, b)).copied().unwrap_or(0);
    let mut left: Vec<&str> = traffic.keys().copied().collect();
    left.sort_by(|a, b| traffic.get(b).cmp(&traffic.get(a)).then(a.cmp(b)));
    let mut row: Vec<&'m str> = Vec::new();
    while !left.is_empty() {
        let ends = [row.last().copied(), row.first().copied()];
        let pull = |name: &str, end: Option<&str>| end.map_or(0, |end| between(end, name));
        // The strongest tie to either end goes there; among equals the busiest comes first.
        let best = left
            .iter()
            .enumerate()
            .flat_map(|(at, name)| {
                let [below, above] = ends;
                [
                    (pull(name, below), true, at),
                    (pull(name, above), false, at),
                ]
            })
            .max_by_key(|(pull, is_below, at)| (*pull, *is_below, std::cmp::Reverse(*at)));
        let Some((_, is_below, at)) = best else {
            break;
        };
        let name = left.remove(at);
        let place = if is_below { row.len() } else { 0 };
        row.insert(place, name);
    }
    row
}
