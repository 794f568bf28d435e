# `make fuzz` and `make test` set everything up by themselves; a second call finds it done.
# Needed beforehand: Python 3.11 or newer, cargo, make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
BASE   ?= origin/main
# The exit code of a run that saw known divergences and nothing else.
KNOWN  := 4

PIP        := $(BIN)/python -m pip --quiet --disable-pip-version-check
RUST_FILES := $(shell find rust -name target -prune -o \( -name '*.rs' -o -name 'Cargo.*' \) -print)
export PYO3_PYTHON := $(CURDIR)/$(BIN)/python
# Not a line for each crate that is fetched; warnings and errors are shown all the same.
export CARGO_TERM_QUIET := true

.PHONY: help env fuzz quick nightly test check bench canary coverage clean

help:            ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

env: .make/packages .make/engine .make/canary  ## .venv with both distributions and all packages, and the test build

# A run lets a canary loose that is written in Python: only who names one in Rust needs the test build.
fuzz: .make/engine $(if $(findstring rust-,$(ARGS)),.make/canary)  ## fuzz the two cores for a minute: make fuzz ARGS="--minutes 10 --seed 7"
	$(BIN)/python -m cracktrader_fuzz run $(ARGS)

quick: env       ## fuzz for what the base does not show: make quick BASE=origin/main
	$(BIN)/python -m cracktrader_fuzz run --base $(BASE) --seconds 120 $(ARGS) || [ $$? -eq $(KNOWN) ]

nightly: env coverage     ## all targets and front ends, into nightly/: make nightly ARGS="--minutes 10"
	$(BIN)/python -m cracktrader_fuzz nightly $(ARGS) || [ $$? -eq $(KNOWN) ]

test: env coverage .make/nautilus check  ## everything that CI runs
	cargo test --quiet --manifest-path rust/Cargo.toml
	cargo test --quiet --manifest-path rust/Cargo.toml --package cracktrader_engine --features canary --test canaries
	$(BIN)/python -m pytest -n auto $(ARGS)
	$(BIN)/python -m cracktrader_fuzz corpus check
	$(BIN)/python -m cracktrader_fuzz corpus check --target nautilus

check: env       ## formatting, lints, types, stubs, layers, workflows; no tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest cracktrader.engine._rust
	$(BIN)/lint-imports
	$(BIN)/check-jsonschema --builtin-schema vendor.github-workflows $(wildcard .github/workflows/*.yml)
	$(BIN)/zizmor --offline --quiet .github/workflows
	cargo fmt --manifest-path rust/Cargo.toml --all --check
	cargo clippy --quiet --manifest-path rust/Cargo.toml --all-targets --all-features -- -D warnings

bench: env       ## the figures of docs/performance.md, side by side in one run
	PYTHONPATH=strategies $(BIN)/python -m benchmarks $(ARGS)

canary: .make/canary  ## the Rust test build with planted bugs

coverage: .make/coverage  ## the Rust build that counts its edges, for --front-end coverage

clean:           ## take away what was built
	rm -rf $(VENV) .make dist rust/target src/cracktrader/engine/_rust.*.so

.make/harness: .ci/requirements-fuzz.txt pyproject.toml
	@echo "setting up: what a run needs, into $(VENV)"
	@mkdir -p .make
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --requirement .ci/requirements-fuzz.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

# An extension of an earlier build for one version of Python would be found before the one for all of them.
.make/engine: .make/harness src/pyproject.toml $(RUST_FILES)
	@echo "setting up: the Rust core"
	@rm -f src/cracktrader/engine/_rust.*.so
	@$(PIP) install --no-deps --no-build-isolation --editable ./src
	@touch $@

.make/packages: .make/harness .ci/requirements.txt
	@echo "setting up: what the tests and checks need, into $(VENV)"
	@$(PIP) install --requirement .ci/requirements.txt
	@touch $@

.make/nautilus: .make/packages .ci/requirements-nautilus.txt
	@echo "setting up: NautilusTrader"
	@$(PIP) install --requirement .ci/requirements-nautilus.txt
	@touch $@

.make/canary: .make/harness $(RUST_FILES)
	@echo "setting up: the Rust test build, with planted bugs"
	@cargo build --locked --manifest-path rust/Cargo.toml --package cracktrader_engine \
	  --profile canary --features abi3,canary
	@touch $@

.make/coverage: .make/harness $(RUST_FILES) rust/sancov-rustc.sh
	@echo "setting up: the Rust build that counts its edges"
	@RUSTC_WORKSPACE_WRAPPER=$(CURDIR)/rust/sancov-rustc.sh cargo build --locked --manifest-path rust/Cargo.toml \
	  --package cracktrader_engine --target-dir rust/target/coverage --profile coverage --features abi3,canary,coverage
	@touch $@
