#!/usr/bin/env bash
# Times Baton, bare schema validation and the peers in other languages alternately in one run.
# Arguments are handed on: `benches/check/run.sh --rounds 50 --stages`.
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=target/bench-venv
if [[ ! -x $venv/bin/python ]]; then
  python3 -m venv "$venv"
fi
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement benches/check/requirements.txt

python="$PWD/$venv/bin/python"
here="$PWD/benches/check"
# The peers leave nothing behind in the source tree.
export PYTHONDONTWRITEBYTECODE=1
exec cargo bench --quiet -p baton-benches --bench check_throughput -- \
  --peer "Python: jsonschema and a naive interpreter=$python $here/naive.py" \
  --peer "Python: jsonschema and cel-python=$python $here/cel_python.py" \
  "$@"
