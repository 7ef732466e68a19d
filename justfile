# The few things one does here. `just` lists them.

default:
    @just --list

# The paper's campaign in a browser.
demo:
    cargo run --release -- demo

# What a commit must pass.
check:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets --locked -- -D warnings
    cargo test --workspace --locked

# Everything that continuous integration runs.
ci:
    bash .ci/run

# Long runs: simulations, benchmarks, features.
full:
    bash .ci/full

# Screenshots of every page into docs/screenshots.
screenshots:
    cargo build --locked
    npm ci --ignore-scripts --prefix tests/browser
    node tests/browser/screenshots.mjs

# Figures of docs/performance.md.
bench:
    bash scripts/bench.sh
