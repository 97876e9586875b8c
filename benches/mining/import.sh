#!/usr/bin/env bash
# Import of one generated CSV by Baton, pandas and polars, one after the other, several rounds, in processor seconds.
# Usage: benches/mining/import.sh [EVENTS] [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
events=${1:-1000000} rounds=${2:-5}
venv=target/import-peers file=target/import-$events.csv
if [[ ! -e $venv/bin/polars-ready ]]; then
  python3 -m venv "$venv"
  "$venv/bin/pip" install -q -r benches/mining/import-requirements.txt
  touch "$venv/bin/polars-ready"
fi
[[ -e $file ]] || python3 benches/mining/import_generate.py "$events" "$file"
cargo build -q --release -p baton-eventlog --example import_log
for ((round = 0; round < rounds; round++)); do
  for peer in pandas polars; do "$venv/bin/python" benches/mining/import_peer.py "$peer" "$file"; done
  "$venv/bin/python" - "$events" target/release/examples/import_log "$file" benches/mining/import.yaml <<'PYTHON'
import resource, subprocess, sys
said = subprocess.run(sys.argv[2:], check=True, capture_output=True, text=True).stdout.strip()
used = resource.getrusage(resource.RUSAGE_CHILDREN)
seconds = used.ru_utime + used.ru_stime
rate = int(sys.argv[1]) / seconds / 1e6
print(f"baton: {said}, {seconds:.2f} CPU s, {rate:.2f} million events per CPU s, peak {used.ru_maxrss // 1024} MiB")
PYTHON
done
