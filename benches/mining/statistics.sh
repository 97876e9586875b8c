#!/usr/bin/env bash
# Compares every statistic of Baton with SciPy and statsmodels, and with R where Rscript is found.
# `--seed N` draws other cases, `--cases N` another number of them.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=target/bench-venv
if [[ ! -x $venv/bin/python ]]; then
  python3 -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement benches/mining/statistics.txt
cargo build --quiet -p baton-benches --example statistics
export PYTHONDONTWRITEBYTECODE=1
exec "$venv/bin/python" benches/mining/statistics.py target/debug/examples/statistics "$@"
