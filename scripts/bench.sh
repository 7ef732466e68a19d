#!/usr/bin/env bash
# Takes the figures of docs/performance.md on the release build. It needs Chromium, and a machine that does nothing else.
#
#     scripts/bench.sh             prints the table
#     scripts/bench.sh --write     and puts it into docs/performance.md
#     GALVANOME_BINARY=… names a binary that is there already; then nothing is built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [[ -z ${GALVANOME_BINARY:-} ]]; then
    cargo build --release --locked
    export GALVANOME_BINARY="${CARGO_TARGET_DIR:-$PWD/target}/release/galvanome"
fi
npm ci --ignore-scripts --loglevel=error --prefix tests/browser >/dev/null
exec node scripts/bench.mjs "$@"
