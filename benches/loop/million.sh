#!/usr/bin/env bash
# A backtest over a million made-up packages, its processor time and memory: `benches/loop/million.sh [PACKAGES]`.
# BATON names a binary that is built already.
set -euo pipefail
cd "$(dirname "$0")/../.."

if [[ -z ${BATON:-} ]]; then
  cargo build --quiet --release --bin baton
  BATON=target/release/baton
fi
work=target/loop-million
rm -rf "$work"
exec python3 -I benches/loop/million.py "$BATON" "$work" "$@"
