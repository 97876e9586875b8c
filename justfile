# An index of the workshop's commands; the logic is Rust in crates/xtask and shell in .ci/run.

# List the commands.
default:
    @just --list

# What must hold before a change lands, without the long fuzz and interop sections.
check:
    BATON_CI_SKIP="fuzz interop readme" .ci/run

# Everything, as continuous integration runs it.
ci:
    .ci/run

# All tests.
test:
    cargo test --workspace

# The seeded simulation: `just sim 10000`, `just sim 1 SEED` to repeat one, `just sim 100 0 --condition pro-humanity-impact`.
sim seeds="200" first="0" *condition:
    cargo run --quiet --release -p baton-testkit --example simulate -- {{seeds}} {{first}} {{condition}}

# Every promise under every kind of fault, with counts: states, seeds, broken calls, real servers and processes.
promises seeds="10000":
    benches/promises.sh {{seeds}}

# Formatting and lints.
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings

# What the compiler cannot hold: direction, sizes, headers, codes, links.
tidy:
    cargo xtask tidy

# One fuzz target for a while: `just fuzz json_read 300`.
fuzz target seconds="60":
    RUSTC_BOOTSTRAP=1 cargo fuzz run --sanitizer none {{target}} -- -max_total_time={{seconds}} -timeout=10

# Benchmarks; results and their commands are in benches/RESULTS.md.
bench:
    cargo bench --workspace

# Checks per second beside schema validation, the `cel` crate and Python peers.
bench-check *arguments:
    benches/check/run.sh {{arguments}}

# Localisation beside the published methods, on seeded tables: F1 and exact answers.
localise *arguments:
    benches/mining/localise/run.sh {{arguments}}

# Canonical form, attestations, traces and bundles beside bare hashing.
bench-verify *arguments:
    cargo bench --quiet -p baton-benches --bench canonical_verify -- {{arguments}}

# The load table in one run: whole handoffs beside Restate and DBOS, transitions, checks, a long trace, a million that wait.
bench-durable *arguments:
    benches/durable/run.sh {{arguments}}

# Handoffs that wait with timers: lateness, lists, claims, room and memory. A soak: `just bench-parked --seconds 600`.
bench-parked *arguments:
    cargo bench --quiet -p baton-benches --bench durable -- --only parked {{arguments}}

# Every statistic beside SciPy, statsmodels and R.
statistics *arguments:
    benches/mining/statistics.sh {{arguments}}

# The picture of calibrated p-values in the guide, from its fixed key.
calibration:
    cargo run --quiet -p baton-benches --example calibration > docs/guide/calibration.svg

# The search for causes beside pattern miners, subgroup discovery and DuckDB.
bench-search *arguments:
    benches/mining/search.sh {{arguments}}

# Planted violations and mutants that the tests of mission and scoring have to catch: `just mutants-core planted`.
mutants-core *arguments:
    benches/mutants/core.sh {{arguments}}

# States and steps of the small world of a handoff, explored to its end.
explore:
    cargo test --quiet -p baton-mission --test handoff small_world -- --nocapture

# Share of runs on shuffled outcomes of three real logs that report any cause.
honesty *arguments:
    cargo run --release -p baton-benches --bin mining_quality -- honesty {{arguments}}

# Planted causes found again, beside peers.
accuracy *arguments:
    benches/mining/accuracy.sh {{arguments}}

# The digests of golden mining reports, after a change that is meant to change them.
bless-mining:
    BATON_BLESS=1 cargo test -p baton --test commands golden

# API documentation, and the generated reference pages.
docs:
    cargo xtask codegen
    RUSTDOCFLAGS="-D warnings" cargo doc --workspace --no-deps

# Licences, sources, duplicates and known advisories of the dependencies.
deny:
    cargo deny --locked check
