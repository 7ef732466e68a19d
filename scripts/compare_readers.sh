#!/usr/bin/env bash
# Compares what our readers make of real files with what others from PyPI make of them, value by value:
# GALVANOME_CORPUS=FOLDER scripts/compare_readers.sh [--only WORD]. docs/validation.md says who is right where they differ.
# Needs Python 3.11 or later with venv; everything goes below target/, every column's difference to target/compare_readers/report.csv.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The environment of the readers that are timed, and one for cellpy, which asks for other versions.
. scripts/environment.sh
others=$PWD/target/bench_readers/venv
cellpy=$PWD/target/compare_readers/venv
environment scripts/bench_readers.requirements.txt "$others"
environment scripts/compare_readers.requirements.txt "$cellpy"

target=${CARGO_TARGET_DIR:-target}
[[ -x $target/release/galvanome ]] || cargo build --release --locked --package galvanome_cli

exec "$others/bin/python" scripts/compare_readers.py --galvanome "$target/release/galvanome" --python "$others/bin/python" \
    --cellpy "$cellpy/bin/python" --report target/compare_readers/report.csv "$@"
