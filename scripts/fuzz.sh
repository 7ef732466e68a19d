#!/usr/bin/env bash
# Feeds every reader with bytes that nobody meant, led by coverage: scripts/fuzz.sh [SECONDS]
# What it begins with and what it found out is kept in FUZZ (a folder; target/fuzz/corpus unless it is set), crashes
# beside it. GALVANOME_CORPUS adds the small ones of real files to the seeds. Needs Rust and a C++ compiler, nothing else.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:-3600}
folder=${FUZZ:-$PWD/target/fuzz/corpus}
host=$(rustc -vV | sed -n 's/^host: //p')
built=$PWD/target/fuzz/$host/release

# What cargo-fuzz asks of the compiler, on the stable one: counters at every edge, and compared values told.
flags="--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table
    -Cllvm-args=-sanitizer-coverage-trace-compares -Cllvm-args=-simplifycfg-branch-fold-threshold=0"

cargo run --quiet --package galvanome_readers --example fuzz_seeds -- "$folder/seeds" ${GALVANOME_CORPUS:+"$GALVANOME_CORPUS/cycling"}
RUSTFLAGS=$(echo $flags) cargo build --manifest-path fuzz/Cargo.toml --target-dir target/fuzz --target "$host" --release

mkdir -p "$folder/found" "$folder/crashes"
# The target itself measures time on the processor and memory; the limits here are for what never comes back.
exec nice -n 19 "$built/formats" "$folder/found" "$folder/seeds" \
    -artifact_prefix="$folder/crashes/" -max_total_time="$seconds" -max_len=40000 -len_control=0 \
    -timeout=60 -rss_limit_mb=1536 -use_value_profile=0 -print_final_stats=1 ${FUZZ_FLAGS:-}
