# `make fuzz` and `make test` set everything up by themselves; a second call finds it done.
# Needed beforehand: Python 3.11 or newer, cargo, make.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
ARGS   ?=

RUST_FILES := $(shell find rust -name target -prune -o \( -name '*.rs' -o -name 'Cargo.*' \) -print)
export PYO3_PYTHON := $(CURDIR)/$(BIN)/python

.PHONY: help env fuzz test check bench canary clean

help:            ## what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*##/\t/' | expand -t 12

env: .make/built .make/canary  ## .venv with the extension built and everything installed

fuzz: env        ## fuzz the two cores for a minute: make fuzz ARGS="--minutes 10 --seed 7"
	$(BIN)/python -m cracktrader_fuzz run $(ARGS)

test: env check  ## everything that CI runs
	cargo test --quiet --manifest-path rust/Cargo.toml
	$(BIN)/python -m pytest -n auto $(ARGS)
	$(BIN)/python -m cracktrader_fuzz corpus check

check: env       ## formatting, lints, types, stubs, layers; no tests
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m mypy.stubtest cracktrader.engine._rust
	$(BIN)/lint-imports
	cargo fmt --manifest-path rust/Cargo.toml --all --check
	cargo clippy --quiet --manifest-path rust/Cargo.toml --all-targets --all-features -- -D warnings

bench: env       ## the figures of docs/performance.md, side by side in one run
	PYTHONPATH=strategies $(BIN)/python -m benchmarks $(ARGS)

canary: .make/canary  ## the Rust test build with planted bugs

clean:           ## take away what was built
	rm -rf $(VENV) .make rust/target src/cracktrader/engine/_rust*.so

.make/venv: .ci/requirements.txt
	@mkdir -p .make
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement .ci/requirements.txt
	@touch $@

.make/built: .make/venv pyproject.toml $(RUST_FILES)
	$(BIN)/maturin develop --release --quiet
	@touch $@

.make/canary: .make/venv $(RUST_FILES)
	cargo build --quiet --locked --manifest-path rust/Cargo.toml --package cracktrader_engine \
	  --profile canary --features python,canary
	@touch $@
