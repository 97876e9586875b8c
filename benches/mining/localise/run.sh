#!/usr/bin/env bash
# Localises seeded tables with Baton and with the published methods in one run.
# Arguments are handed on: `benches/mining/localise/run.sh --seeds 1000 1002 --jobs 2`.
set -euo pipefail
cd "$(dirname "$0")/../../.."

venv=target/localise-venv
if [[ ! -x $venv/bin/python ]]; then
  python3 -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check \
  --requirement benches/mining/localise/requirements.txt

cargo build --quiet --release --bin baton
# The peers leave nothing behind in the source tree.
export PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" benches/mining/localise/run.py --baton target/release/baton "$@"
