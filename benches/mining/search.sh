#!/usr/bin/env bash
# Times the search for patterns beside its peers on one table with planted causes.
# Arguments are handed on: `benches/mining/search.sh --rounds 3 --only "pyfim apriori,DuckDB group by"`.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=target/search-venv
if [[ ! -x $venv/bin/python ]]; then
  python3 -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement benches/mining/search.txt
export PYTHONDONTWRITEBYTECODE=1
cargo bench --quiet -p baton-benches --bench mining_search --no-run
binary=$(ls -t target/release/deps/mining_search-* | grep -v '\.d$' | head -1)
exec "$venv/bin/python" -P benches/mining/search.py --baton "$binary" "$@"
