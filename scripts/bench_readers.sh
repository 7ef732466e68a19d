#!/usr/bin/env bash
# Times our readers beside others from PyPI, in one run: scripts/bench_readers.sh [--write] [--runs N] [--only WORD] [--all]
# GALVANOME_CORPUS names a folder of real files (its `cycling` is looked through); the large ones are made here.
# Needs Rust and Python 3.11 or later with venv; everything else goes below target/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=$PWD/target/bench_readers/venv
. scripts/environment.sh
environment scripts/bench_readers.requirements.txt "$venv"

cargo build --release --locked --package galvanome_cli
decoding=$(cargo bench --locked --package galvanome_readers --bench decoding --no-run --message-format json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*decoding-[^"]*\)".*/\1/p' | tail -1)
target=${CARGO_TARGET_DIR:-target}
made=$PWD/target/bench_readers/made
if [[ ! -e $made/done ]]; then
    "$decoding" --make "$made"
    touch "$made/done"
fi

exec python3 scripts/bench_readers.py --galvanome "$target/release/galvanome" --decoding "$decoding" \
    --python "$venv/bin/python" --made "$made" "$@"
