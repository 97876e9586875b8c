#!/usr/bin/env bash
# Whether the tests of the core would notice: first violations that are planted by hand, each of which some suite has
# to catch, then the mutants of cargo-mutants in crates/mission and crates/scoring.
#
# usage: core.sh planted [NAME...]        the planted violations, all or those named
#        core.sh FILE... [-- ARGS...]     mutants of these files; a shard by `-- --shard 1/8`
#        core.sh sample N SEED            about N mutants, evenly from all from one that the seed says, and what they say of all
#        core.sh again FILE               mutants named in the file, as `mutants.out/missed.txt` names them, with every test
#        core.sh                          planted violations, then every mutant (hours on two cores)
#
# It works on a copy of the tree under target/ci, at low priority; results stay in target/ci/mutants.out. Settings,
# and what is left out, are in .cargo/mutants.toml.
set -euo pipefail
cd "$(dirname "$0")/../.."
readonly ROOT="$PWD" VERSION=27.1.0
readonly TREE="$ROOT/target/ci/mutants-tree" TOOLS="$ROOT/target/ci/tools"
export PATH="$TOOLS/bin:$PATH" CARGO_PROFILE_DEV_DEBUG=0

# A copy of what git knows; what was built there before stays. Only what differs is written, for cargo goes by times.
copy_tree() {
  local file
  git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
    if [[ ! -f "$file" ]] || cmp --silent "$file" "$TREE/$file"; then continue; fi
    mkdir -p "$TREE/$(dirname "$file")"
    cp "$file" "$TREE/$file"
  done
}

# One planted violation: caught when its suite, which passes without it, fails with it.
planted() {
  local patch="$1" name suite
  name=$(basename "$patch" .patch)
  suite=$(sed -n 's/^suite: //p' "$patch")
  if ! patch --quiet --strip=1 --directory "$TREE" --input "$patch" --forward; then
    echo "$name: does not apply"
    return 1
  fi
  local answer=0
  # The suite's arguments are words.
  # shellcheck disable=SC2086
  if ! (cd "$TREE" && nice -n "${BATON_NICE:-19}" cargo test --quiet --no-run $suite) >"$TREE/planted.log" 2>&1 </dev/null; then
    echo "$name: does not compile"
    answer=1
  elif (cd "$TREE" && nice -n "${BATON_NICE:-19}" cargo test --quiet $suite) >"$TREE/planted.log" 2>&1 </dev/null; then
    echo "$name: MISSED by cargo test $suite"
    answer=1
  elif ! grep -q '^test result: FAILED' "$TREE/planted.log"; then
    # A full disk fails too, and catches nothing.
    echo "$name: no answer: $(tail -n 1 "$TREE/planted.log")"
    answer=1
  else
    echo "$name: caught by $(sed -n 's/^    \([a-z0-9_:]*\)$/\1/p' "$TREE/planted.log" | sort -u | head -n 3 | paste -sd ' ')"
  fi
  patch --quiet --strip=1 --directory "$TREE" --input "$patch" --reverse
  return "$answer"
}

all_planted() {
  local missed=0 count=0 patch
  copy_tree
  for patch in "$ROOT"/benches/mutants/planted/*.patch; do
    if (($# > 0)) && [[ " $* " != *" $(basename "$patch" .patch) "* ]]; then continue; fi
    count=$((count + 1))
    planted "$patch" || missed=$((missed + 1))
  done
  echo "planted violations: $count, not caught: $missed"
  ((missed == 0 && count > 0))
}

# The tool, and the tree it works on.
prepare_mutants() {
  command -v cargo-mutants >/dev/null ||
    cargo install --quiet --locked --debug --root "$TOOLS" --target-dir "$TOOLS/build" "cargo-mutants@$VERSION"
  copy_tree
}

# Searches over many seeds and whole worlds: as long as all other tests together. What those catch is not put to these.
readonly LONG=(both_do_refuse_and_stand_the_same the_small_world_is_safe_everywhere random_lives rollout::tests::promises
  conclusions_do_not_depend_on_how_often_one_looks agrees_ the_largest_contract_is_solved)

# Mutants tested under the folder $1 of target/ci, with what follows for cargo-mutants up to `--`, and for the tests after it.
test_mutants() {
  local out="$1" answer=0 ours=()
  shift
  while (($# > 0)) && [[ "$1" != -- ]]; do
    ours+=("$1")
    shift
  done
  (cd "$TREE" && nice -n "${BATON_NICE:-19}" cargo mutants --in-place --baseline=skip --timeout 900 --output "$out" \
    --package baton-mission --package baton-scoring "${ours[@]}" -- --lib --tests "$@" </dev/null) || answer=$?
  # 2: some were missed, 3: some ran out of time; the score says how many.
  ((answer == 0 || answer == 2 || answer == 3)) || return "$answer"
}

# The lines of mutants, read by name from stdin, as a diff that adds them: cargo-mutants keeps some kinds of mutants whatever
# names it is told, but none outside such a diff.
as_diff() {
  local file line last="" added=0
  while IFS=: read -r file line; do
    if [[ "$file" != "$last" ]]; then
      printf -- '--- a/%s\n+++ b/%s\n' "$file" "$file"
      last="$file" added=0
    fi
    printf '@@ -%d,0 +%d,1 @@\n+%s\n' $((line - 1 - added)) "$line" "$(sed -n "${line}p" "$TREE/$file")"
    added=$((added + 1))
  done < <(cut --delimiter=: --fields=1,2 | sort --unique --field-separator=: --key=1,1 --key=2,2n)
}

# Tests mutants again that were missed, by name in the file $1, this time with every test.
test_again() {
  local again="$ROOT/target/ci/again" name names=()
  rm -rf "$again"
  mkdir -p "$again"
  while IFS= read -r name; do names+=(--re "^$(sed 's/[][\.*^$+?(){}|]/\\&/g' <<<"$name")\$"); done <"$1"
  as_diff <"$1" >"$again/missed.diff"
  test_mutants "$again" --in-diff "$again/missed.diff" "${names[@]}"
}

# Runs mutants, first without the long tests and those that were missed then with all, and says how many were caught, with
# the 95% interval after Wilson when they are a sample.
run_mutants() {
  local first="$ROOT/target/ci" name skips=() missed
  for name in "${LONG[@]}"; do skips+=(--skip "$name"); done
  test_mutants "$first" "$@" -- "${skips[@]}"
  missed="$first/mutants.out/missed.txt"
  if [[ -s "$missed" ]]; then
    test_again "$missed"
    missed="$first/again/mutants.out/missed.txt"
  fi
  cat "$missed"
  cat "$first"/mutants.out/{caught,timeout,missed}.txt | wc -l | awk -v missed="$(wc -l <"$missed")" '{
    n = $1; caught = n - missed; p = caught / n; z = 1.96; d = 1 + z * z / n
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d; middle = (p + z * z / (2 * n)) / d
    printf "mutants: %d that compile, %d caught, %d missed: %.1f%%", n, caught, missed, 100 * p
    printf " (of a sample: 95%% interval %.1f%% to %.1f%%)\n", 100 * (middle - half), 100 * (middle + half)
    exit p < 0.9
  }'
}

mutants() {
  local files=()
  while (($# > 0)) && [[ "$1" != -- ]]; do
    files+=(--file "$1")
    shift
  done
  if (($# > 0)); then shift; fi
  prepare_mutants
  run_mutants "${files[@]}" "$@"
}

# Every k-th mutant of the tree, from one that the seed says, run in any order: whatever is cut off is left out by chance.
sample() {
  local count="$1" seed="$2" every
  prepare_mutants
  every=$(cd "$TREE" && cargo mutants --list --package baton-mission --package baton-scoring </dev/null | wc -l)
  every=$((every / count + 1))
  run_mutants --sharding round-robin --shard "$((seed % every))/$every" --shuffle
}

case "${1:-}" in
  planted)
    shift
    all_planted "$@"
    ;;
  sample)
    sample "${2:-100}" "${3:-1}"
    ;;
  again)
    prepare_mutants
    test_again "$(realpath "$2")"
    ;;
  "")
    all_planted
    mutants
    ;;
  *) mutants "$@" ;;
esac
