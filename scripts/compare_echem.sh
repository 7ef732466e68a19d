#!/usr/bin/env bash
# Compares what the analysis of cycling finds in real cells with published numbers, the instrument's, and an independent
# computation with NumPy and SciPy: GALVANOME_CORPUS=FOLDER scripts/compare_echem.sh. docs/validation.md has the outcome.
# Needs Python 3.11 or later with venv; everything goes below target/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

others=$PWD/target/bench_readers/venv
. scripts/environment.sh
environment scripts/bench_readers.requirements.txt "$others"

cargo build --locked --package galvanome_cli
exec "$others/bin/python" scripts/compare_echem.py --galvanome "${CARGO_TARGET_DIR:-target}/debug/galvanome" "$@"
