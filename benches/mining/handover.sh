#!/usr/bin/env bash
# Times the handover map of an incident log in Baton and PM4Py, in CPU seconds:
# `benches/mining/handover.sh ../shared/data/incident_event_log.csv.gz`.
set -euo pipefail
log=$(realpath "$1")
cd "$(dirname "$0")/../.."

venv=target/handover-venv
if [[ ! -x $venv/bin/python ]]; then
  python3 -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement benches/mining/handover.txt
cargo build --quiet --release -p baton-benches --bin handover-map
export PYTHONDONTWRITEBYTECODE=1
# `statistics.py` beside the script would stand for the standard library's.
exec "$venv/bin/python" -P benches/mining/handover.py target/release/handover-map "$log" examples/mappings/incidents.yaml sla-missed
