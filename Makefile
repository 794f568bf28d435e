# `make fuzz` and `make test` set everything up by themselves; a second call finds it done.
# Needed beforehand: Python 3.11 or newer, cargo, make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=
BASE   ?= origin/main
# The exit codes of a case that shows a difference, and of a run that saw known divergences and nothing else.
FOUND  := 1
KNOWN  := 4

RUST_FILES := $(shell find rust -name target -prune -o \( -name '*.rs' -o -name 'Cargo.*' \) -print)
export PYO3_PYTHON := $(CURDIR)/$(BIN)/python

.PHONY: help env fuzz quick nightly test check bench scripts canary coverage clean

help:            ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

env: .make/built .make/canary  ## .venv with the extension built and everything installed

fuzz: env        ## fuzz the two cores for a minute: make fuzz ARGS="--minutes 10 --seed 7"
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

scripts: env .make/nautilus  ## each difference in NautilusTrader as a script of its own, into nautilus_scripts/
	@mkdir -p nautilus_scripts
	@for case in corpus/nautilus/regressions/*.json; do \
	  $(BIN)/python -m cracktrader_fuzz repro $$case --target nautilus --emit script \
	    --output nautilus_scripts/$$(basename $$case .json).py || [ $$? -eq $(FOUND) ] || exit 1; \
	done

canary: .make/canary  ## the Rust test build with planted bugs

coverage: .make/coverage  ## the Rust build that counts its edges, for --front-end coverage

clean:           ## take away what was built
	rm -rf $(VENV) .make rust/target src/cracktrader/engine/_rust*.so

.make/venv: .ci/requirements.txt
	@mkdir -p .make
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement .ci/requirements.txt
	@touch $@

.make/nautilus: .make/venv .ci/requirements-nautilus.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement .ci/requirements-nautilus.txt
	@touch $@

.make/built: .make/venv pyproject.toml $(RUST_FILES)
	$(BIN)/maturin develop --release --quiet
	@touch $@

.make/canary: .make/venv $(RUST_FILES)
	cargo build --quiet --locked --manifest-path rust/Cargo.toml --package cracktrader_engine \
	  --profile canary --features python,canary
	@touch $@

.make/coverage: .make/venv $(RUST_FILES) rust/sancov-rustc.sh
	RUSTC_WORKSPACE_WRAPPER=$(CURDIR)/rust/sancov-rustc.sh cargo build --quiet --locked --manifest-path rust/Cargo.toml \
	  --package cracktrader_engine --target-dir rust/target/coverage --profile coverage --features python,canary,coverage
	@touch $@
