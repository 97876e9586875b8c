#!/usr/bin/env bash
# XES import beside process_mining (Rust) and PM4Py (Python), on one file made from a seed:
# benches/mining/import_xes.sh [CASES] [ROUNDS]. Installs the peers from their registries under target/.
# Processor seconds of whole processes, taken in turn, so that load on the machine falls on all alike.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
readonly CASES=${1:-20000} ROUNDS=${2:-3} PLACE="$PWD/target/bench-import-xes"
mkdir -p "$PLACE"
if [[ ! -x $PLACE/venv/bin/python ]]; then python3 -m venv --clear "$PLACE/venv"; fi
"$PLACE/venv/bin/python" -m pip install --quiet pm4py==2.7.23.11
cargo build --quiet --release --manifest-path benches/mining/import_xes/Cargo.toml --target-dir "$PLACE"
"$PLACE/release/import-xes" generate "$CASES" "$PLACE/log.xes"
for ((round = 1; round <= ROUNDS; round++)); do
  "$PLACE/release/import-xes" baton "$PLACE/log.xes"
  "$PLACE/release/import-xes" process_mining "$PLACE/log.xes"
  "$PLACE/venv/bin/python" -P benches/mining/import_xes.py "$PLACE/log.xes"
done
