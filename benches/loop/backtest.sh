#!/usr/bin/env bash
# Backtests of the incident contract on the public log, computed by Baton and anew from the CSV:
# `benches/loop/backtest.sh ../shared/data/incident_event_log.csv.gz`. BATON names a binary that is built already.
set -euo pipefail
log=$(realpath "$1")
cd "$(dirname "$0")/../.."

if [[ -z ${BATON:-} ]]; then
  cargo build --quiet --release --bin baton
  BATON=$PWD/target/release/baton
fi
work=target/loop
rm -rf "$work" && mkdir -p "$work" && cp -r examples "$work/"
read_log=("$log" --mapping "$work/examples/mappings/incidents.yaml")
contract=$work/examples/incident-handoffs
fields=(--fields "$contract/fields.yaml")

"$BATON" mine "${read_log[@]}" --outcome sla-missed --at first-handoff --depth 1 --resamples 0 --format json --out "$work/why.json"
"$BATON" propose "$work/why.json" --contract "$contract" "${fields[@]}" --clause priority-is-2-high --out "$contract/next.yaml" >"$work/proposals.txt"

compare() { # BEFORE AFTER and the names of their clauses in the script
  "$BATON" backtest "${read_log[@]}" "${fields[@]}" --outcome sla-missed --before "$1" --after "$2" --format json --out "$work/backtest.json"
  python3 -I benches/loop/backtest.py "$log" "$work/backtest.json" "$3" "$4"
}
compare "$contract/without-assignee.yaml" "$contract" without-assignee as-is
compare "$contract" "$contract/next.yaml" as-is proposed
