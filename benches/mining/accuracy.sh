#!/bin/sh
# Mines tables with planted causes and scores Baton beside its peers (see accuracy.py).
# With two arguments: the first and the last seed.
set -eu
cd "$(dirname "$0")/../.."
folder=target/accuracy
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --requirement benches/mining/accuracy.txt
cargo run --quiet --release -p baton-benches --bin mining_quality -- accuracy "$folder/tables" "$@"
"$folder/venv/bin/python" benches/mining/accuracy.py "$folder/tables"
