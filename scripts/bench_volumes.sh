#!/usr/bin/env bash
# Times what we find of volumes beside others from PyPI, in one run: scripts/bench_volumes.sh [--write] [--runs N] [--only WORD]
# Needs Rust, Python 3.11 or later with venv, 4 GB of memory and 8 GB of disk (torch); volumes and all else go below target/.
# GALVANOME_VOLUMES_VENV names an environment that is there already.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=${GALVANOME_VOLUMES_VENV:-$PWD/target/bench_volumes/venv}
requirements=scripts/bench_volumes.requirements.txt
if [[ -z ${GALVANOME_VOLUMES_VENV:-} ]] && ! cmp -s "$requirements" "$venv/requirements.txt"; then
    python3 -m venv --clear "$venv"
    # With what these need, as pip resolves it; porespy asks for an edt before 3.1, and runs with this one.
    "$venv/bin/pip" install --quiet --disable-pip-version-check $(grep -v -e '^#' -e '^porespy' "$requirements")
    "$venv/bin/pip" install --quiet --disable-pip-version-check --no-deps $(grep '^porespy' "$requirements")
    "$venv/bin/pip" install --quiet --disable-pip-version-check dask deprecated numba pandas pyevtk rich tomli tqdm
    cp "$requirements" "$venv/requirements.txt"
fi

cargo build --release --locked --package galvanome_numerics --example volumes
volumes=${CARGO_TARGET_DIR:-target}/release/examples/volumes
made=$PWD/target/bench_volumes/made
for side in 128 512; do
    if [[ ! -e $made/$side/done ]]; then
        "$volumes" make "$made/$side" "$side"
        touch "$made/$side/done"
    fi
done

exec python3 scripts/bench_volumes.py --volumes "$volumes" --python "$venv/bin/python" --made "$made" "$@"
