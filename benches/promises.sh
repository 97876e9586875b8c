#!/usr/bin/env bash
# Whether handoffs keep their promises whatever fails, in one command: the small world explored to its end, the lifecycle beside
# its naive twin, simulated seeds, every writing call broken on both stores, faults of real servers, and real processes that are
# killed, stopped and restarted. It ends with how much of each there was, and with what was lost or doubled.
#
# usage: promises.sh [SEEDS]     10000 seeds unless told
set -euo pipefail
cd "$(dirname "$0")/.."
readonly SEEDS="${1:-10000}" LOGS="$PWD/target/ci/promises"
mkdir -p "$LOGS"

failed=0

# Runs one part, keeps what it says, and shows the lines that are figures: part NAME FIGURES COMMAND...
part() {
  local name=$1 figures=$2 answer=0
  shift 2
  printf '== %s\n' "$name"
  "$@" >"$LOGS/$name" 2>&1 </dev/null || answer=$?
  grep -E "$figures" "$LOGS/$name" || true
  if ((answer != 0)); then
    failed=$((failed + 1))
    tail -n 40 "$LOGS/$name"
  fi
  # What was left out has shown nothing.
  if grep '^skipped' "$LOGS/$name"; then failed=$((failed + 1)); fi
}

# The tests of a package that are named, all where none is: tests PACKAGE SUITE [NAME...]
tests() {
  local package=$1 suite=$2
  shift 2
  cargo test --locked -p "$package" --test "$suite" -- --nocapture "$@"
}

# The sum of the numbers that follow or come before a word in a log: sum LOG EXPRESSION, with the number as its group.
sum() {
  sed -nE "s/$2/\\1/p" "$LOGS/$1" | awk '{ all += $1 } END { print all + 0 }'
}

part model 'small world: [0-9]+ states' tests baton-mission handoff small_world
part twin 'requests|commands' tests baton-mission handoff reference
part seeds . cargo run --quiet --release --locked -p baton-testkit --example simulate -- "$SEEDS"
BATON_BREAK=all part steps 'lost 0' tests baton-testkit handoff broken
part stores '^test .* ok$' tests baton-store suite crash faults nodes
part processes '^test .* ok$|lost 0' tests baton processes

printf '\n== in all\n'
printf '%s\n' \
  "states of the small world: $(sum model '.*small world: ([0-9]+) states, [0-9]+ steps, no violation')" \
  "seeds: $SEEDS, handoffs in them: $(sum seeds '^handoffs ([0-9]+),.*')" \
  "faults injected in seeds: $(sum seeds '^injected .*: ([0-9]+)$')" \
  "runs with a writing call broken, on SQLite and PostgreSQL: $(sum steps '.* at a time: ([0-9]+) runs.*')" \
  "faults of real servers, tests passed: $(grep -c '^test .* ok$' "$LOGS/stores")" \
  "real processes killed, stopped and restarted, tests passed: $(grep -c '^test .* ok$' "$LOGS/processes")"
if ((failed == 0)); then
  echo "lost 0, doubled 0"
else
  echo "$failed parts did not hold"
  exit 1
fi
