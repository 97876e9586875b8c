//! A scorecard with what a reader needs beside it.

use std::collections::BTreeMap;

use baton_contract::syntax;
use baton_report::scorecard::{Model, Start};
use baton_scoring::wire::Scorecard;

use crate::gather::Gathered;

/// Returns the model of a scorecard, with titles, starts of pending clauses, expiry of waivers and
/// the places of the package's fields in its file.
pub(crate) fn view<'a>(gathered: &'a Gathered, scorecard: &'a Scorecard<'a>) -> Model<'a> {
    let contract = gathered.contract.contract();
    let mut model = Model::new(scorecard, contract.thresholds);
    model.contract_title = Some(&contract.title);
    model.package = Some(gathered.package_source.name());
    model.regions = regions(gathered, scorecard);
    model.starts = contract
        .pending
        .iter()
        .map(|pending| (pending.clause.to_string(), Start::from(pending.until)))
        .collect();
    model.waivers = gathered
        .waivers
        .list()
        .iter()
        .map(|waiver| (waiver.id.to_string(), waiver.expires))
        .collect();
    model
}

/// Returns where the fields that findings point to stand in the package's file.
fn regions(gathered: &Gathered, scorecard: &Scorecard<'_>) -> BTreeMap<String, [usize; 4]> {
    let source = &gathered.package_source;
    let Some(root) = syntax::parse(source).node else {
        return BTreeMap::new();
    };
    let places = scorecard.findings.iter().flat_map(|finding| {
        finding
            .places
            .iter()
            .chain(finding.details.iter().map(|detail| &detail.place))
    });
    places
        .map(|pointer| {
            let span = root.nearest(pointer).span;
            let (start, end) = (source.line_column(span.start), source.line_column(span.end));
            (
                pointer.clone(),
                [start.line, start.column, end.line, end.column],
            )
        })
        .collect()
}
