#!/usr/bin/env bash
# Compares every dataset of HDF5 files with what h5py reads from it: scripts/compare_hdf5.sh [FOLDER OR FILE …]
# Files of every kind of storage are made for it; those below GALVANOME_CORPUS are compared too. docs/validation.md has the
# outcome. Needs Rust and Python 3.11 or later with venv; everything goes below target/.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=$PWD/target/compare_hdf5/venv
mkdir -p target/compare_hdf5
. scripts/environment.sh
environment scripts/compare_hdf5.requirements.txt "$venv"

export GALVANOME_HDF5_TRUTHS=$PWD/target/compare_hdf5/truths.json
"$venv/bin/python" scripts/compare_hdf5.py --made "$PWD/target/compare_hdf5/made" --truths "$GALVANOME_HDF5_TRUTHS" \
    ${GALVANOME_CORPUS:+"$GALVANOME_CORPUS"} "$@"
exec cargo test --locked --package galvanome_readers --test it hdf5_truths -- --nocapture
