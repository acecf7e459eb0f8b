# `make test` is the project's gate: what CI runs, on a clean clone, with a Rust toolchain,
# a C compiler and CPython 3.11 or later. Everything else it installs for itself.
# Benchmark instances are read from FIELDWRIGHT_DATA or ../shared/data; tests that need them say
# `skipped` where the folder is absent.

VENV := target/venv
PYTHON ?= python3
PROGRAM := $(abspath $(or $(CARGO_TARGET_DIR),target))/release/fieldwright
# Where PostgreSQL is installed, `unit` tests the journal on a server that it starts for itself.
POSTGRES := $(firstword $(wildcard /usr/lib/postgresql/*/bin/initdb) $(shell command -v initdb))
EXAMPLES := $(basename $(notdir $(wildcard examples/*.rs))) \
	$(notdir $(patsubst %/main.rs,%,$(wildcard examples/*/main.rs)))
COMMA := ,
FEATURES := cli$(if $(POSTGRES),$(COMMA)postgres)
export CARGO_TERM_COLOR ?= auto

.PHONY: test format lint unit docs features examples wheel sdist wheel-manylinux wheel-sdist wheel-extras wheel-bench fuzz bench program commands instructions instructions-update gaps nightly clean

test: format lint unit docs features commands instructions examples wheel fuzz bench
	@echo "make test: every step passed"

format:
	cargo fmt --all --check

# The client of PostgreSQL is all Rust: no server is needed to look at it.
lint:
	cargo clippy --workspace --all-targets --features cli,postgres -- -D warnings

unit:
	@$(if $(POSTGRES),,echo "skipped: the journal on PostgreSQL, no server is installed")
	cargo test --lib --bins --tests --features $(FEATURES) -- --quiet

docs:
	cargo test --doc --features $(FEATURES)
	RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --features cli

# The engine alone, as a team that embeds it would build it.
features:
	cargo check --lib --no-default-features

# What is measured, and what the README's commands run.
program:
	cargo build --release --features cli

# The commands of the README, as pasted, and its table of gaps.
commands: program
	$(PYTHON) tests/readme_commands.py
	$(PYTHON) benches/gaps.py --check

examples:
	cargo build --features $(FEATURES) --examples
	@for example in $(EXAMPLES); do \
		echo "--- example $$example"; \
		cargo run --quiet --features $(FEATURES) --example $$example > target/example-$$example.txt || exit 1; \
		tail -n 3 target/example-$$example.txt; \
	done

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --upgrade pip
	$(VENV)/bin/pip install --quiet -r python/requirements-dev.txt

# Builds the wheel, installs it into a fresh environment, tests it, proves its type stubs, and runs its
# notebooks. Tests of what the extras bring say `SKIPPED`; `make wheel-extras` installs the extras first.
# `make wheel-bench` measures what the bench promises, on a release. The others keep every assertion.
WHEEL_PROFILE := dev
wheel-bench: WHEEL_PROFILE := release

wheel: $(VENV)/bin/python
	rm -rf target/wheels
	$(VENV)/bin/maturin build --profile $(WHEEL_PROFILE) --quiet -m python/Cargo.toml --out target/wheels
	$(VENV)/bin/pip install --quiet --force-reinstall --no-deps target/wheels/*.whl
	$(VENV)/bin/python -m pytest -q -c python/pyproject.toml python/tests
	$(VENV)/bin/python -m mypy.stubtest fieldwright._core --mypy-config-file python/pyproject.toml
	$(VENV)/bin/python -m mypy --strict --config-file python/pyproject.toml -p fieldwright
	$(VENV)/bin/python -m mypy --strict --config-file python/pyproject.toml python/tests python/benches python/examples
	$(VENV)/bin/python python/examples/run.py

# Puts what was built into a fresh environment, and tests it there.
define tested
	rm -rf target/fresh
	$(PYTHON) -m venv target/fresh
	target/fresh/bin/pip install --quiet --upgrade pip
	target/fresh/bin/pip install --quiet -r python/requirements-dev.txt
	env -u CARGO_TARGET_DIR target/fresh/bin/pip install --quiet --no-deps --no-cache-dir $(1)
	target/fresh/bin/python -m pytest -q -c python/pyproject.toml python/tests
endef

# A wheel for every Linux with glibc 2.28 or later (2018); that of `make wheel` asks for the glibc of the
# machine that built it. zig links it, and comes from PyPI.
wheel-manylinux: $(VENV)/bin/python
	rm -rf target/manylinux
	$(VENV)/bin/pip install --quiet 'maturin[zig]>=1.9,<2'
	PATH=$(abspath $(VENV))/bin:$$PATH maturin build --release --quiet -m python/Cargo.toml \
		--zig --compatibility manylinux_2_28 --out target/manylinux
	$(call tested,target/manylinux/*-manylinux_2_28_*.whl)

# The source distribution has the crate in it, and compiles where there is no clone. `make wheel-sdist` has pip
# build it, and tests what comes out. Both take nothing that the clone has built: cargo would take it for the same.
sdist: $(VENV)/bin/python
	rm -rf target/sdist
	$(VENV)/bin/maturin sdist -m python/Cargo.toml --out target/sdist
	tar -xf target/sdist/*.tar.gz -C target/sdist
	cargo check --quiet --locked --manifest-path target/sdist/fieldwright-*/python/Cargo.toml \
		--target-dir target/sdist/target

wheel-sdist: sdist
	$(call tested,target/sdist/*.tar.gz)

wheel-extras: wheel
	$(VENV)/bin/pip install --quiet -r python/requirements-extras.txt
	$(VENV)/bin/python -m pytest -q -c python/pyproject.toml python/tests

wheel-bench: wheel
	$(VENV)/bin/pip install --quiet -c python/requirements-extras.txt ortools ray
	$(VENV)/bin/python -m pytest -q -c python/pyproject.toml --benchmark-only python/benches
	$(VENV)/bin/python python/benches/ray_against_one.py

# The fuzz targets compile; `tests/corpus.rs` replays their seeds, the fuzzing itself is `make fuzzing`.
fuzz:
	cargo check --manifest-path fuzz/Cargo.toml --target-dir target

# What it finds on the way stays in fuzz/target; what breaks something goes into fuzz/artifacts.
fuzzing:
	cd fuzz && for target in $$(cargo fuzz list); do \
		mkdir -p target/found/$$target; \
		cargo +stable fuzz run -s none $$target target/found/$$target corpus/$$target \
			-- -max_total_time=60 || exit 1; done

# One short pass over every bench, so that none is broken, on what the tests have built. `cargo bench` measures.
bench:
	cargo test --features $(FEATURES) $(addprefix --bench ,$(basename $(notdir $(wildcard benches/*.rs))))

# Fails where a fixed piece of work takes over 5 % more instructions than benches/instructions.txt says.
# Where that is the price of something better, `make instructions-update` and commit the file.
instructions: program
	$(PYTHON) benches/instructions.py $(PROGRAM)

instructions-update: program
	$(PYTHON) benches/instructions.py $(PROGRAM) --update

# Measures gaps to best known values and writes the README's table, in hours: GAPS="--sets crew25 --seeds 3".
gaps: program
	$(PYTHON) benches/gaps.py --program $(PROGRAM) $(GAPS)

# Ten thousand days of the desk on a journal that breaks; `make unit` simulates 200. A day that fails says
# its seed. The profile of tests is optimised and keeps every assertion, so there is no release build of it.
SEEDS ?= 10000
nightly:
	FIELDWRIGHT_SEEDS=$(SEEDS) cargo test --test live -- --nocapture

clean:
	cargo clean
