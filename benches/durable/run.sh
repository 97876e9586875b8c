#!/usr/bin/env bash
# The load table, measured in one run on one machine: durable transitions and whole handoffs beside their peers, checks, a trace of a
# million entries, and a million handoffs that wait while one more package asks "can I hand off?". It ends with one table of goals.
#
# usage: run.sh [--rounds N] [--seconds N] [--streams N] [--watch N] [--entries N] [--only PARTS]
#   --rounds   rounds in which contenders take turns (5)
#   --seconds  of each contender in each round (2)
#   --streams  handoffs that wait with a timer, each checked once (1000000)
#   --watch    seconds for which their timers are watched (30)
#   --entries  entries of the trace (1000000)
#   --only     of whole,sqlite,postgresql,check,verify,parked: those parts alone, "sqlite,whole"
set -euo pipefail
cd "$(dirname "$0")/../.."
readonly HERE="$PWD/benches/durable" TOOLS="$PWD/target/ci/durable"
readonly LOG="$TOOLS/log"

rounds=5 seconds=2 streams=1000000 watch=30 entries=1000000
only=whole,sqlite,postgresql,check,verify,parked
while (($# > 0)); do
  case "$1" in
    --rounds) rounds=$2 ;;
    --seconds) seconds=$2 ;;
    --streams) streams=$2 ;;
    --watch) watch=$2 ;;
    --entries) entries=$2 ;;
    --only) only=$2 ;;
    *)
      echo "run.sh: there is no option $1" >&2
      exit 2
      ;;
  esac
  shift 2
done

# Installs the peers: the same versions every time, without running what packages bring along.
install_peers() {
  if ! cmp --quiet "$HERE/package-lock.json" "$TOOLS/installed.json"; then
    cp "$HERE/package.json" "$HERE/package-lock.json" "$TOOLS"
    npm ci --prefix "$TOOLS" --loglevel=error --ignore-scripts --no-audit --no-fund
    cp "$HERE/package-lock.json" "$TOOLS/installed.json"
  fi
  if [[ ! -x $TOOLS/venv/bin/python ]]; then
    python3 -m venv "$TOOLS/venv"
  fi
  "$TOOLS/venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$HERE/requirements.txt"
}

# Whether a part was asked for: asked NAME.
asked() {
  [[ ,$only, == *",$1,"* ]]
}

# Runs one bench and keeps what it prints: bench NAME ARGUMENT...
bench() {
  local name=$1
  shift
  cargo bench --quiet -p baton-benches --bench "$name" -- "$@" 2>&1 </dev/null | tee --append "$LOG"
}

mkdir -p "$TOOLS"
if asked whole; then install_peers; fi
# Nothing is built while something is measured.
cargo bench --quiet -p baton-benches --bench durable --bench check_throughput --bench canonical_verify --no-run

# The peers leave nothing behind in the source tree, and find what was installed for them.
export PYTHONDONTWRITEBYTECODE=1 NODE_PATH="$TOOLS/node_modules"
{
  printf '%s, %s cores, load %s, scratch files on %s\n' "$(date -u +%FT%RZ)" "$(nproc)" "$(cut -d' ' -f1-3 /proc/loadavg)" \
    "$(df --output=fstype "${TMPDIR:-/tmp}" | tail -n 1)"
  printf 'rounds %s of %s s; %s handoffs wait, watched for %s s\n' "$rounds" "$seconds" "$streams" "$watch"
} | tee "$LOG"

if asked whole; then
  bench durable --only whole --rounds "$rounds" --seconds "$seconds" \
    --peer "Restate, a service in TypeScript=node $HERE/restate.mjs" \
    --peer "DBOS, TypeScript on PostgreSQL=node $HERE/dbos.mjs" \
    --peer "DBOS, Python on PostgreSQL=$TOOLS/venv/bin/python -P $HERE/dbos_python.py"
fi
for store in sqlite postgresql; do
  if asked "$store"; then bench durable --only "$store" --rounds "$rounds" --seconds "$seconds"; fi
done
if asked check; then bench check_throughput --rounds "$((rounds * 10))"; fi
# A long trace is verified in a tenth of the rounds.
if asked verify; then bench canonical_verify --rounds "$((rounds * 10))" --entries "$entries"; fi
if asked parked; then bench durable --only parked --streams "$streams" --seconds "$watch"; fi

python3 -P "$HERE/closing.py" "$LOG"
