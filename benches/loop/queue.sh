#!/usr/bin/env bash
# Times one textbook queue in Baton's engine of events and in Python's simulators, in CPU seconds: `benches/loop/queue.sh`.
# QUEUE names the measuring program when it is built already.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=target/queue-venv
if [[ ! -x $venv/bin/python ]]; then
  python3 -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement benches/loop/queue-requirements.txt
if [[ -z ${QUEUE:-} ]]; then
  cargo build --quiet --release -p baton-benches --bin queue
  QUEUE=target/release/queue
fi
export PYTHONDONTWRITEBYTECODE=1
# A module beside the script must not stand for one of the standard library.
exec "$venv/bin/python" -P benches/loop/queue.py "$QUEUE"
